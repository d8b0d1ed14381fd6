//! Reads an emblem: a plain drawing that may stand inside every page.

use std::sync::Arc;

use super::checks::{missing_emblem, unsafe_emblem};
use crate::source::{At, Bundle, Diagnostics, Where, read};

const ELEMENTS: [&str; 5] = ["svg", "g", "path", "circle", "rect"];
const ATTRIBUTES: [&str; 25] = [
    "viewBox",
    "width",
    "height",
    "color",
    "fill",
    "fill-rule",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-opacity",
    "opacity",
    "transform",
    "d",
    "cx",
    "cy",
    "r",
    "x",
    "y",
    "rx",
    "ry",
    "role",
    "aria-hidden",
    "focusable",
];

/// The drawing `name` beside the tenant file in `dir`.
pub(super) fn load(bundle: &Bundle, dir: &str, name: &At<String>, out: &mut Diagnostics) -> Option<Arc<str>> {
    let path = format!("{dir}/{}", name.value);
    let Some(file) = bundle.path(&path).filter(|_| !name.contains('/')) else {
        let inside = |path: &'_ Arc<str>| {
            path.strip_prefix(dir)?
                .strip_prefix('/')?
                .strip_suffix(".svg")
                .filter(|name| !name.contains('/'))
                .map(|name| format!("{name}.svg"))
        };
        let beside: Vec<String> = bundle.under(dir).filter_map(inside).collect();
        let beside: Vec<&str> = beside.iter().map(String::as_str).collect();
        out.push(missing_emblem::diagnostic(name, &beside));
        return None;
    };
    let text = read::text(bundle, &path, out)?;
    if text.len() > unsafe_emblem::BYTES {
        out.push(unsafe_emblem::large(text.len(), &Where::file(file)));
        return None;
    }
    let before = out.0.len();
    check(text, &|start, end| Where { file: Arc::clone(file), start, end }, out);
    (out.0.len() == before).then(|| Arc::from(text.trim()))
}

fn check(text: &str, at: &dyn Fn(usize, usize) -> Where, out: &mut Diagnostics) {
    // The parser refuses document types, and with them entities.
    let drawing = match roxmltree::Document::parse(text) {
        Ok(drawing) => drawing,
        Err(error) => {
            return out.push(unsafe_emblem::diagnostic(format!("this is not well-formed: {error}"), &at(0, 0)));
        }
    };
    if drawing.root_element().tag_name().name() != "svg" {
        out.push(unsafe_emblem::diagnostic("this is not an SVG drawing", &at(0, 0)));
    }
    for node in drawing.descendants() {
        if node.is_pi() {
            let range = node.range();
            out.push(unsafe_emblem::diagnostic(
                "the drawing has a processing instruction",
                &at(range.start, range.end),
            ));
        }
        if !node.is_element() {
            continue;
        }
        let (name, start) = (node.tag_name().name(), node.range().start);
        let foreign = node.tag_name().namespace() != Some("http://www.w3.org/2000/svg");
        if foreign || !ELEMENTS.contains(&name) {
            out.push(unsafe_emblem::diagnostic(
                format!("the drawing has an element `{name}`"),
                &at(start, start + 1 + name.len()),
            ));
        }
        for attribute in node.attributes() {
            let range = attribute.range();
            let outside = attribute.namespace().is_some() || !ATTRIBUTES.contains(&attribute.name());
            if outside {
                out.push(unsafe_emblem::diagnostic(
                    format!("`{name}` has an attribute `{}`", attribute.name()),
                    &at(range.start, range.end),
                ));
            } else if attribute.value().contains([':', '&', '<', '\\'])
                || attribute.value().to_ascii_lowercase().contains("url(")
            {
                out.push(unsafe_emblem::diagnostic(
                    format!("`{}` refers to something else", attribute.name()),
                    &at(range.start, range.end),
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> usize {
        let mut out = Diagnostics::default();
        let file: Arc<str> = Arc::from("emblem.svg");
        check(text, &|start, end| Where { file: Arc::clone(&file), start, end }, &mut out);
        out.0.len()
    }

    #[test]
    fn drawings_that_follow_from_a_name_are_plain_and_differ() {
        let names = ["hilltop", "riverside", "old-bridge", "northgate", "millbrook", "lakeview", "sunfield"];
        let drawings: Vec<_> = names.iter().map(|name| crate::tenant::motif::emblem(name, "#1d5f8a")).collect();
        assert!(drawings.iter().all(|drawing| wrong(drawing) == 0));
        let different: std::collections::BTreeSet<_> = drawings.iter().collect();
        assert_eq!(different.len(), names.len());
        assert_eq!(crate::tenant::motif::emblem("hilltop", "#1d5f8a"), drawings[0]);
    }

    #[test]
    fn only_plain_drawings_pass() {
        let svg = |inside: &str| format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">{inside}</svg>"#);
        assert_eq!(wrong(&svg(r##"<g fill="#123456"><path d="M0 0h8"/></g><circle r="1"/>"##)), 0);
        for bad in [
            "<script>alert(1)</script>",
            r#"<a href="https://x"/>"#,
            r#"<g onclick="x"/>"#,
            r#"<g style="fill:red"/>"#,
            "<style/>",
            "<title>A hill</title>",
            r#"<path fill="URL(#a)"/>"#,
            "<image/>",
            "<use/>",
            "<foreignObject/>",
            r#"<x:g xmlns:x="http://x"/>"#,
            "<?php x?>",
            r#"<g xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="x"/>"#,
        ] {
            assert_eq!(wrong(&svg(bad)), 1 + usize::from(bad.starts_with("<a ")), "{bad}");
        }
        assert_eq!(wrong("<!DOCTYPE svg [<!ENTITY x 'y'>]><svg xmlns=\"http://www.w3.org/2000/svg\"/>"), 1);
        assert_eq!(wrong("<svg"), 1);
    }
}

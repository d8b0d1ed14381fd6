//! The markup of papers: a small, well-formed HTML, so that whatever passes here can be printed.

use std::ops::Range;

use roxmltree::{Document as Tree, Node};

use super::balance::{blocks, unbalanced};
use super::checks::broken_markup;
use crate::base::limits;
use crate::source::{Diagnostics, suggest};
use crate::template::{Source, scan};

/// Elements, and whether they may stand in a line of words.
const ELEMENTS: &[(&str, bool)] = &[
    ("h1", false),
    ("h2", false),
    ("h3", false),
    ("p", false),
    ("div", false),
    ("hr", false),
    ("ul", false),
    ("ol", false),
    ("li", false),
    ("table", false),
    ("thead", false),
    ("tbody", false),
    ("tfoot", false),
    ("tr", false),
    ("th", false),
    ("td", false),
    ("img", false),
    ("qr", false),
    ("strong", true),
    ("em", true),
    ("small", true),
    ("span", true),
    ("br", true),
];

/// Classes, and what they may stand on; empty for anything with text.
const CLASSES: &[(&str, &[&str])] = &[
    ("certificate", &["div"]),
    ("a5", &["div"]),
    ("box", &["div"]),
    ("columns", &["div"]),
    ("plain", &["table"]),
    ("total", &["tr"]),
    ("right", &[]),
    ("center", &[]),
    ("num", &[]),
];

/// Which elements may hold which, where not everything may.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("li", &["ul", "ol"]),
    ("thead", &["table"]),
    ("tbody", &["table"]),
    ("tfoot", &["table"]),
    ("tr", &["table", "thead", "tbody", "tfoot"]),
    ("th", &["tr"]),
    ("td", &["tr"]),
];

/// Says what is wrong with the markup around the tags of a template; true if nothing is.
///
/// The tags are blanked out, so that every place stays where it is. A block must therefore hold
/// whole elements: that is what makes every way through the template well-formed.
pub(super) fn check(source: &Source<'_>, out: &mut Diagnostics) -> bool {
    let before = out.0.len();
    let blank = blanked(source.text);
    if let Some(unbalanced) = unbalanced(&blank, 0..blank.len()) {
        out.push(unbalanced.diagnostic(source, None));
        return false;
    }
    for (block, range) in blocks(source.text) {
        if let Some(unbalanced) = unbalanced(&blank, range) {
            out.push(unbalanced.diagnostic(source, Some(block)));
            return false;
        }
    }
    let text = wrapped(&blank);
    match Tree::parse(&text) {
        Ok(tree) => {
            for node in tree.root_element().descendants().filter(|node| node.is_element() && !node.has_tag_name(ROOT)) {
                element(&node, source, out);
            }
        }
        Err(error) => {
            let byte = byte_of(&text, error.pos());
            let at = source.outside(&inside(byte..byte + 1, source.text));
            out.push(broken_markup::diagnostic(&at, "this is not well-formed", &plain_words(&error)));
        }
    }
    out.0.len() == before
}

/// Whether filled-in markup can be printed.
pub(super) fn well_formed(filled: &str) -> Result<(), String> {
    Tree::parse(&wrapped(filled)).map(|_| ()).map_err(|error| plain_words(&error))
}

const ROOT: &str = "paper";

fn wrapped(text: &str) -> String {
    format!("<{ROOT}>{text}</{ROOT}>")
}

/// The template with every tag replaced by as many spaces. What is inside a `qr` of a helper or
/// in an attribute becomes space too.
fn blanked(text: &str) -> String {
    let mut blank = text.to_owned();
    for tag in scan(text).unwrap_or_default() {
        blank.replace_range(tag.start..tag.end, &" ".repeat(tag.end - tag.start));
    }
    blank
}

/// Bytes of the wrapped text as bytes of the template.
fn inside(range: Range<usize>, text: &str) -> Range<usize> {
    let shift = |byte: usize| byte.saturating_sub(ROOT.len() + 2).min(text.len());
    shift(range.start)..shift(range.end)
}

fn byte_of(text: &str, position: roxmltree::TextPos) -> usize {
    let line = usize::try_from(position.row).unwrap_or(1).max(1);
    let column = usize::try_from(position.col).unwrap_or(1).max(1);
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let within = text[start..].char_indices().nth(column - 1).map_or(0, |(byte, _)| byte);
    start + within
}

fn plain_words(error: &roxmltree::Error) -> String {
    let text = error.to_string();
    text.split(" at ").next().unwrap_or(&text).replace('\'', "`")
}

fn element(node: &Node<'_, '_>, source: &Source<'_>, out: &mut Diagnostics) {
    let name = node.tag_name().name();
    let start = node.range().start;
    let at = source.outside(&inside(start..start + name.len() + 1, source.text));
    if !ELEMENTS.iter().any(|(known, _)| *known == name) {
        let help = suggest::help(name, ELEMENTS.iter().map(|(known, _)| *known));
        out.push(broken_markup::unknown(&at, &format!("no element is called `{name}`"), help));
        return;
    }
    let parent = node.parent().map_or(ROOT, |parent| parent.tag_name().name());
    if let Some((_, parents)) = ONLY_IN.iter().find(|(child, _)| *child == name)
        && !parents.contains(&parent)
    {
        out.push(broken_markup::diagnostic(
            &at,
            &format!("`{name}` stands in `{parent}`"),
            &format!("it belongs in `{}`", parents.join("` or `")),
        ));
    }
    let inline = |name: &str| ELEMENTS.iter().any(|(known, inline)| *known == name && *inline);
    if inline(parent) && !inline(name) {
        out.push(broken_markup::diagnostic(
            &at,
            &format!("`{name}` stands in a line of words"),
            "close the words before it begins",
        ));
    }
    if node.ancestors().count() > limits::TEMPLATE_DEPTH * 2 {
        out.push(broken_markup::diagnostic(&at, "elements stand too deep in each other", "no paper needs as many"));
    }
    attributes(node, name, source, out);
}

fn attributes(node: &Node<'_, '_>, name: &str, source: &Source<'_>, out: &mut Diagnostics) {
    for attribute in node.attributes() {
        let at = source.outside(&inside(attribute.range(), source.text));
        match attribute.name() {
            "class" => classes(attribute.value(), name, &at, out),
            "lang" => {}
            "colspan" if matches!(name, "td" | "th") => {}
            "src" if name == "img" && attribute.value() == "emblem" => {}
            "src" if name == "img" => {
                out.push(broken_markup::diagnostic(&at, "a paper has one picture", "write `src=\"emblem\"`"));
            }
            "alt" if name == "img" => {}
            other => out.push(broken_markup::unknown(&at, &format!("`{name}` has no attribute `{other}`"), None)),
        }
    }
}

fn classes(value: &str, name: &str, at: &crate::source::Where, out: &mut Diagnostics) {
    for class in value.split_ascii_whitespace() {
        match CLASSES.iter().find(|(known, _)| *known == class) {
            None => {
                let help = suggest::help(class, CLASSES.iter().map(|(known, _)| *known));
                out.push(broken_markup::unknown(at, &format!("no class is called `{class}`"), help));
            }
            Some((_, on)) if !on.is_empty() && !on.contains(&name) => {
                out.push(broken_markup::diagnostic(
                    at,
                    &format!("`{class}` is not for `{name}`"),
                    &format!("it is for `{}`", on.join("`, `")),
                ));
            }
            Some(_) => {}
        }
    }
}

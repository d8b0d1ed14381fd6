//! Reads an emblem: an SVG of simple shapes in plain colours.

mod shape;

use crate::style::Rgb;
use crate::{Error, MAX_DEPTH};
use kurbo::{Affine, BezPath};
use roxmltree::{Document, Node, ParsingOptions};
use shape::{numbers, outline, transform};

/// The longest emblem, in bytes.
const MAX_EMBLEM: usize = 256 << 10;

/// A drawing, scaled so that it is one unit high.
#[derive(Debug)]
pub(crate) struct Emblem {
    /// The width for a height of one.
    pub(crate) width: f32,
    pub(crate) shapes: Vec<Shape>,
}

/// One shape of a drawing.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) path: BezPath,
    pub(crate) fill: Option<Rgb>,
    pub(crate) even_odd: bool,
    /// Colour and width.
    pub(crate) stroke: Option<(Rgb, f32)>,
}

/// What a shape inherits from the groups around it.
#[derive(Debug, Clone, Copy)]
struct Pen {
    fill: Option<Rgb>,
    even_odd: bool,
    stroke: Option<Rgb>,
    width: f64,
    place: Affine,
}

/// Reads an emblem; `currentColor` is the accent.
pub(crate) fn parse(svg: &str, accent: Rgb) -> Result<Emblem, Error> {
    if svg.len() > MAX_EMBLEM {
        return bad(format!("it has {} bytes; the limit is {MAX_EMBLEM}", svg.len()));
    }
    let options = ParsingOptions { nodes_limit: 20_000, ..ParsingOptions::default() };
    let document = Document::parse_with_options(svg, options)
        .map_err(|e| Error::BadEmblem(format!("it is not well-formed: {e}")))?;
    let root = document.root_element();
    if !root.has_tag_name("svg") && root.tag_name().name() != "svg" {
        return bad("it does not begin with <svg>".to_owned());
    }
    let view = view(root)?;
    let scale = 1.0 / view[3];
    let pen = Pen {
        fill: Some(Rgb(0, 0, 0)),
        even_odd: false,
        stroke: None,
        width: 1.0,
        place: Affine::scale(scale) * Affine::translate((-view[0], -view[1])),
    };
    let mut drawing = Drawing { accent, shapes: Vec::new() };
    let pen = drawing.pen(root, pen)?;
    drawing.children(root, pen, 0)?;
    Ok(Emblem { width: (view[2] * scale) as f32, shapes: drawing.shapes })
}

fn bad<T>(why: String) -> Result<T, Error> {
    Err(Error::BadEmblem(why))
}

/// The `viewBox`, or one made of width and height.
fn view(root: Node) -> Result<[f64; 4], Error> {
    let side = |name| root.attribute(name).and_then(|text: &str| text.trim_end_matches("px").parse().ok());
    let numbers = match root.attribute("viewBox") {
        Some(text) => numbers(text)?,
        None => vec![0.0, 0.0, side("width").unwrap_or(0.0), side("height").unwrap_or(0.0)],
    };
    match numbers[..] {
        [x, y, w, h] if w > 0.0 && h > 0.0 && w / h < 20.0 => Ok([x, y, w, h]),
        _ => bad("it needs a viewBox with a width and a height".to_owned()),
    }
}

/// An attribute, wherever it is written: as one of its own or in `style`.
fn property<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let style = node.attribute("style").unwrap_or_default();
    let declared = style.split(';').find_map(|part| {
        let (key, value) = part.split_once(':')?;
        (key.trim() == name).then(|| value.trim())
    });
    declared.or_else(|| node.attribute(name).map(str::trim))
}

struct Drawing {
    accent: Rgb,
    shapes: Vec<Shape>,
}

impl Drawing {
    fn children(&mut self, node: Node, pen: Pen, depth: usize) -> Result<(), Error> {
        if depth > MAX_DEPTH {
            return bad(format!("its groups are nested more than {MAX_DEPTH} deep"));
        }
        for child in node.children().filter(Node::is_element) {
            match child.tag_name().name() {
                "title" | "desc" | "metadata" | "namedview" => {}
                "defs" if !child.has_children() => {}
                "g" => {
                    let pen = self.pen(child, pen)?;
                    self.children(child, pen, depth + 1)?;
                }
                _ => self.shape(child, pen)?,
            }
        }
        Ok(())
    }

    fn shape(&mut self, node: Node, pen: Pen) -> Result<(), Error> {
        let path = outline(node)?;
        let pen = self.pen(node, pen)?;
        let grown = pen.place.determinant().abs().sqrt();
        let stroke = pen.stroke.map(|colour| (colour, (pen.width * grown) as f32));
        let path = pen.place * path;
        let (fill, even_odd) = (pen.fill, pen.even_odd);
        self.shapes.push(Shape { path, fill, even_odd, stroke });
        Ok(())
    }

    fn pen(&self, node: Node, outer: Pen) -> Result<Pen, Error> {
        let mut pen = outer;
        if let Some(text) = property(node, "fill") {
            pen.fill = self.colour(text)?;
        }
        if let Some(text) = property(node, "stroke") {
            pen.stroke = self.colour(text)?;
        }
        if let Some(text) = property(node, "fill-rule") {
            pen.even_odd = text == "evenodd";
        }
        if let Some(text) = property(node, "stroke-width") {
            let width = text.trim_end_matches("px").parse().ok();
            let Some(width) = width.filter(|w: &f64| w.is_finite() && *w >= 0.0) else {
                return bad(format!("stroke-width `{text}` is not a length"));
            };
            pen.width = width;
        }
        if let Some(text) = node.attribute("transform") {
            pen.place *= transform(text)?;
        }
        Ok(pen)
    }

    fn colour(&self, text: &str) -> Result<Option<Rgb>, Error> {
        match text {
            "none" | "transparent" => Ok(None),
            "currentColor" => Ok(Some(self.accent)),
            "black" => Ok(Some(Rgb(0, 0, 0))),
            "white" => Ok(Some(Rgb(255, 255, 255))),
            _ => Rgb::hex(text)
                .map(Some)
                .ok_or_else(|| Error::BadEmblem(format!("the colour `{text}` is not of the form #rrggbb"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kurbo::Shape as _;

    const PAPER: Rgb = Rgb(1, 2, 3);

    #[test]
    fn shapes_inherit_from_their_groups_and_fit_a_height_of_one() {
        let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">
            <title>Hills</title>
            <g fill="currentColor" transform="translate(10 20) scale(2)">
              <path d="M0 0h10v10z"/>
              <circle cx="5" cy="5" r="5" style="fill: none; stroke: #fff; stroke-width: 3"/>
            </g></svg>"#;
        let emblem = parse(svg, PAPER).expect("a simple emblem");
        assert!((emblem.width - 2.0).abs() < 1e-6);
        assert_eq!(emblem.shapes[0].fill, Some(PAPER));
        let bounds = emblem.shapes[0].path.bounding_box();
        assert!((bounds.x0 - 0.1).abs() < 1e-9 && (bounds.y1 - 0.4).abs() < 1e-9, "{bounds:?}");
        let (colour, width) = emblem.shapes[1].stroke.expect("a stroke");
        assert_eq!((colour, emblem.shapes[1].fill), (Rgb(255, 255, 255), None));
        assert!((width - 0.06).abs() < 1e-6);
    }

    #[test]
    fn anything_else_is_refused_with_its_name() {
        let refuse = |inside: &str| {
            let svg = format!("<svg viewBox='0 0 1 1'>{inside}</svg>");
            parse(&svg, PAPER).expect_err("not simple").to_string()
        };
        assert!(refuse("<text>x</text>").contains("<text>"));
        assert!(refuse("<path d='M0 0 Q'/>").contains("path"));
        assert!(refuse("<path d='M0 0' fill='url(#a)'/>").contains("url(#a)"));
        assert!(refuse("<rect width='wide'/>").contains("wide"));
        assert!(refuse("<g transform='skew(1)'/>").contains("skew"));
        assert!(parse("<svg/>", PAPER).is_err());
        assert!(parse("<svg viewBox='0 0 nan 1'/>", PAPER).is_err());
    }
}

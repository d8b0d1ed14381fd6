//! The outline of one shape and the transform of a group.

use super::bad;
use crate::Error;
use kurbo::{Affine, BezPath, Circle, Ellipse, Line, Rect, Shape as _};
use roxmltree::Node;

/// How finely circles are followed, in the drawing's own units times the view.
const FLATNESS: f64 = 1e-3;

pub(super) fn numbers(text: &str) -> Result<Vec<f64>, Error> {
    text.split(|c: char| c == ',' || c.is_whitespace())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse::<f64>().ok().filter(|n| n.is_finite()))
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| Error::BadEmblem(format!("`{text}` is not a row of numbers")))
}

/// A length or coordinate of a shape; absent is zero.
fn length(node: Node, name: &str) -> Result<f64, Error> {
    let Some(text) = node.attribute(name) else {
        return Ok(0.0);
    };
    match text.trim().trim_end_matches("px").parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => bad(format!("{name}=\"{text}\" is not a length")),
    }
}

/// The outline of one shape in its own units.
pub(super) fn outline(node: Node) -> Result<BezPath, Error> {
    let at = |name| length(node, name);
    let path = match node.tag_name().name() {
        "path" => BezPath::from_svg(node.attribute("d").unwrap_or_default())
            .map_err(|e| Error::BadEmblem(format!("a path cannot be read: {e}")))?,
        "rect" => {
            let (x, y, w, h) = (at("x")?, at("y")?, at("width")?, at("height")?);
            let round = at("rx")?.max(at("ry")?);
            Rect::new(x, y, x + w, y + h).to_rounded_rect(round).to_path(FLATNESS)
        }
        "circle" => Circle::new((at("cx")?, at("cy")?), at("r")?).to_path(FLATNESS),
        "ellipse" => Ellipse::new((at("cx")?, at("cy")?), (at("rx")?, at("ry")?), 0.0).to_path(FLATNESS),
        "line" => Line::new((at("x1")?, at("y1")?), (at("x2")?, at("y2")?)).to_path(FLATNESS),
        name @ ("polygon" | "polyline") => {
            let points = numbers(node.attribute("points").unwrap_or_default())?;
            let mut path = BezPath::new();
            for (nth, point) in points.chunks_exact(2).enumerate() {
                match nth {
                    0 => path.move_to((point[0], point[1])),
                    _ => path.line_to((point[0], point[1])),
                }
            }
            if name == "polygon" && points.len() >= 2 {
                path.close_path();
            }
            path
        }
        name => return bad(format!("<{name}> is not one of the simple shapes")),
    };
    Ok(path)
}

/// `translate(…) scale(…) rotate(…) matrix(…)` in any order.
pub(super) fn transform(text: &str) -> Result<Affine, Error> {
    let mut place = Affine::IDENTITY;
    for part in text.split(')').map(|part| part.trim_matches([' ', ',', '\n', '\t'])) {
        if part.is_empty() {
            continue;
        }
        let Some((name, arguments)) = part.split_once('(') else {
            return bad(format!("transform `{text}` cannot be read"));
        };
        let numbers = numbers(arguments)?;
        if let ("matrix", Ok(six)) = (name.trim(), <[f64; 6]>::try_from(&numbers[..])) {
            place *= Affine::new(six);
            continue;
        }
        let one = match (name.trim(), &numbers[..]) {
            ("translate", [x]) => Affine::translate((*x, 0.0)),
            ("translate", [x, y]) => Affine::translate((*x, *y)),
            ("scale", [s]) => Affine::scale(*s),
            ("scale", [x, y]) => Affine::scale_non_uniform(*x, *y),
            ("rotate", [degrees]) => Affine::rotate(degrees.to_radians()),
            ("rotate", [degrees, x, y]) => Affine::rotate_about(degrees.to_radians(), (*x, *y)),
            _ => return bad(format!("transform `{part})` cannot be read")),
        };
        place *= one;
    }
    Ok(place)
}

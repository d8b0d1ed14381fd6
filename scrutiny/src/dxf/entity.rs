//! What each kind of entity draws.

use super::Unreadable;
use super::pairs::{Record, factor, length};
use super::place::{Place, mirror};
use crate::drawing::{Dimension, Label};
use crate::limits;
use crate::number::{Nm, ONE, divide, sine_cosine};
use crate::path::{Corner, Path, Point};

/// What was read of an entity.
pub(super) enum Read {
    /// It draws nothing that is measured.
    Nothing,
    /// It draws something that is not understood.
    Unknown,
    /// Straight lines.
    Path(Path),
    /// A path with arcs.
    Curve(Path),
    /// A dimension.
    Dimension(Written),
    /// A text.
    Label(Label),
}

/// A dimension as it is written.
pub(super) struct Written {
    from: Point,
    to: Point,
    /// The direction in which it is measured; from point to point if it has none.
    direction: Option<(i128, i128)>,
    /// What was typed over its measure.
    pub(super) overwritten: Option<String>,
}

/// Reads one entity; `vertices` are those of an old polyline.
pub(super) fn read(record: &Record<'_>, vertices: &[Record<'_>], unit: i128) -> Result<Read, Unreadable> {
    let read = match record.kind {
        "LINE" => {
            let corners = vec![corner(record, 10, unit)?, corner(record, 11, unit)?];
            return Ok(Read::Path(Path { corners, closed: false }));
        }
        "LWPOLYLINE" => path(light(record, unit)?, record.number(70).unwrap_or(0) & 1 == 1),
        "POLYLINE" => old(record, vertices, unit)?,
        "CIRCLE" => circle(record, unit)?,
        "ARC" => arc(record, unit)?,
        "DIMENSION" => return dimension(record, unit),
        "TEXT" | "MTEXT" => label(record, unit)?,
        // Points, hatches, leaders and pictures show something, and are no outline.
        "POINT" | "HATCH" | "LEADER" | "MULTILEADER" | "IMAGE" | "VIEWPORT" | "ATTDEF" | "ATTRIB" | "SEQEND"
        | "WIPEOUT" | "TOLERANCE" | "OLE2FRAME" | "XLINE" | "RAY" | "ACAD_TABLE" => Read::Nothing,
        _ => Read::Unknown,
    };
    let Some(mirror) = mirror(record) else { return Ok(read) };
    let bounds = Unreadable::Bounds { line: record.line() };
    Ok(match read {
        Read::Path(path) => Read::Path(mirror.path(&path).ok_or(bounds)?),
        Read::Curve(path) => Read::Curve(mirrored(&mirror, path).ok_or(bounds)?),
        Read::Label(label) => Read::Label(Label { at: mirror.point(label.at).ok_or(bounds)?, ..label }),
        other => other,
    })
}

fn mirrored(mirror: &Place, path: Path) -> Option<Path> {
    let corners =
        path.corners.into_iter().map(|corner| Some(Corner { at: mirror.point(corner.at)?, bulge: -corner.bulge }));
    Some(Path { corners: corners.collect::<Option<_>>()?, closed: path.closed })
}

fn point(record: &Record<'_>, code: i32, unit: i128) -> Result<Point, Unreadable> {
    Ok(Point { x: record.length(code, unit)?.unwrap_or(0), y: record.length(code + 10, unit)?.unwrap_or(0) })
}

fn corner(record: &Record<'_>, code: i32, unit: i128) -> Result<Corner, Unreadable> {
    Ok(Corner { at: point(record, code, unit)?, bulge: 0 })
}

fn path(corners: Vec<Corner>, closed: bool) -> Read {
    match corners.len() {
        0 | 1 => Read::Nothing,
        _ if corners.iter().any(|corner| corner.bulge != 0) => Read::Curve(Path { corners, closed }),
        _ => Read::Path(Path { corners, closed }),
    }
}

/// How far a bulge goes: more than this is nearly a whole circle from one point to itself.
const BULGE: i128 = 100 * ONE;

/// The corners of a light polyline: each begins with its 10.
fn light(record: &Record<'_>, unit: i128) -> Result<Vec<Corner>, Unreadable> {
    let mut corners: Vec<Corner> = Vec::new();
    for pair in record.pairs {
        match (pair.code, corners.last_mut()) {
            (10, _) => corners.push(Corner { at: Point { x: length(pair, unit)?, y: 0 }, bulge: 0 }),
            (20, Some(last)) => last.at.y = length(pair, unit)?,
            (42, Some(last)) => last.bulge = bulge(factor(pair)?, pair.line)?,
            _ => {}
        }
        if corners.len() > limits::CORNERS {
            return Err(Unreadable::TooMany);
        }
    }
    Ok(corners)
}

fn bulge(value: i128, line: usize) -> Result<i128, Unreadable> {
    if value.abs() > BULGE { Err(Unreadable::Bounds { line }) } else { Ok(value) }
}

/// An old polyline; meshes and curves that were fitted to it are not read.
fn old(record: &Record<'_>, vertices: &[Record<'_>], unit: i128) -> Result<Read, Unreadable> {
    let flags = record.number(70).unwrap_or(0);
    if flags & (8 | 16 | 64) != 0 {
        return Ok(Read::Unknown);
    }
    let mut corners = Vec::with_capacity(vertices.len());
    // Points of a frame that a spline was drawn by are no corners of it.
    for vertex in vertices.iter().filter(|vertex| vertex.number(70).unwrap_or(0) & 16 == 0) {
        let bend = vertex.factor(42)?.unwrap_or(0);
        corners.push(Corner { at: point(vertex, 10, unit)?, bulge: bulge(bend, vertex.line())? });
    }
    Ok(path(corners, flags & 1 == 1))
}

fn circle(record: &Record<'_>, unit: i128) -> Result<Read, Unreadable> {
    let centre = point(record, 10, unit)?;
    let radius = record.length(40, unit)?.unwrap_or(0);
    if radius <= 0 {
        return Ok(Read::Nothing);
    }
    let at = |x: Nm| Corner { at: Point { x, y: centre.y }, bulge: ONE };
    Ok(path(vec![at(centre.x - radius), at(centre.x + radius)], true))
}

fn arc(record: &Record<'_>, unit: i128) -> Result<Read, Unreadable> {
    let centre = point(record, 10, unit)?;
    let radius = record.length(40, unit)?.unwrap_or(0);
    let from = record.factor(50)?.unwrap_or(0);
    let turn = (record.factor(51)?.unwrap_or(0) - from).rem_euclid(360 * ONE);
    if radius <= 0 || turn == 0 {
        return Ok(Read::Nothing);
    }
    let at = |degrees: i128| {
        let (sine, cosine) = sine_cosine(degrees);
        Point { x: centre.x + divide(radius * cosine, ONE), y: centre.y + divide(radius * sine, ONE) }
    };
    // In two halves, so that no bulge is above one: the tangent of an eighth of the whole angle.
    let (sine, cosine) = sine_cosine(turn / 8);
    let bulge = divide(sine * ONE, cosine);
    let corners = [from, from + turn / 2, from + turn].map(|degrees| Corner { at: at(degrees), bulge });
    Ok(path(corners.to_vec(), false))
}

/// Linear and aligned dimensions are read; angles and radii measure nothing that is asked for.
fn dimension(record: &Record<'_>, unit: i128) -> Result<Read, Unreadable> {
    let direction = match record.number(70).unwrap_or(0) & 7 {
        0 => {
            let (sine, cosine) = sine_cosine(record.factor(50)?.unwrap_or(0));
            Some((cosine, sine))
        }
        1 => None,
        _ => return Ok(Read::Nothing),
    };
    let words = record.text(1).map(clean).filter(|words| !words.is_empty() && !words.contains("<>"));
    Ok(Read::Dimension(Written {
        from: point(record, 13, unit)?,
        to: point(record, 14, unit)?,
        direction,
        overwritten: words,
    }))
}

impl Written {
    /// The dimension where it comes to lie, measured there.
    pub(super) fn place(&self, place: &Place) -> Option<Dimension> {
        let (from, to) = (place.point(self.from)?, place.point(self.to)?);
        let way = to.from(from);
        let length = match self.direction {
            None => way.length(),
            Some(direction) => {
                let (x, y) = place.direction(direction);
                let long = Point { x, y }.length();
                if long == 0 {
                    0
                } else {
                    divide(way.x.checked_mul(x)?.checked_add(way.y.checked_mul(y)?)?, long).abs()
                }
            }
        };
        Some(Dimension { from, to, length })
    }
}

fn label(record: &Record<'_>, unit: i128) -> Result<Read, Unreadable> {
    // Long texts come in pieces: 3, and 1 for the last.
    let pieces = record.pairs.iter().filter(|pair| matches!(pair.code, 1 | 3)).map(|pair| pair.value);
    let text = clean(&pieces.collect::<String>());
    if text.is_empty() {
        return Ok(Read::Nothing);
    }
    Ok(Read::Label(Label { text, at: point(record, 10, unit)? }))
}

/// The words of a text without control characters and without the marks of its layout.
fn clean(text: &str) -> String {
    let plain = text.replace("\\P", " ").replace(['{', '}'], "");
    let kept = plain.chars().filter(|letter| !letter.is_control()).take(limits::TEXT);
    kept.collect::<String>().trim().to_owned()
}

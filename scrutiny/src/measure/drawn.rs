//! What lies on layers, measured.

use std::collections::BTreeMap;

use engine::base::money::parse_decimal;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{Mark, Measured, Member, Missing, combine};
use crate::distance::{self, Piece, Side, Way};
use crate::drawing::{Drawing, Fault, Layer};
use crate::laws::{Edition, Group, Measure, Pattern, Source, What};
use crate::limits::{self, Work};
use crate::number::{metres, square_metres};
use crate::path::Path;

/// What was measured on one layer: a value for each thing on it.
pub(super) struct OnLayer {
    numbers: Vec<u32>,
    each: Vec<Measured>,
    /// How many closed lines it has.
    shapes: usize,
}

/// Measures every layer of a measure.
pub(super) fn layers(drawing: &Drawing, laws: &Edition, measure: &Measure, work: &mut Work) -> Vec<OnLayer> {
    let pattern = match &measure.what {
        What::Area(layer)
        | What::Length(Source::Layers(layer))
        | What::Count(layer, _)
        | What::LeastWidth(layer)
        | What::Dimension(layer)
        | What::Text(layer, _)
        | What::Distance(_, layer)
        | What::Outside(_, layer) => layer,
        What::Length(Source::Side(name, side)) => {
            let each = match side_of(drawing, laws, name, *side, work) {
                Ok(pieces) => pieces
                    .into_iter()
                    .map(|(from, to)| found(metres(to.from(from).length()), vec![Mark::Way(from, to)]))
                    .collect(),
                Err(missing) => vec![lost(missing)],
            };
            return vec![OnLayer { numbers: Vec::new(), each, shapes: 1 }];
        }
        What::Value(_) | What::Total(_) | What::Members(_) => return Vec::new(),
    };
    let from = match &measure.what {
        What::Distance(Source::Side(name, side), _) => Some(side_of(drawing, laws, name, *side, work)),
        What::Distance(Source::Layers(layer), to) if layer != to => Some(pieces_on(drawing, layer)),
        _ => None,
    };
    let mut measured = Vec::new();
    for (name, layer) in &drawing.layers {
        let Some(numbers) = pattern.numbers(name) else { continue };
        let each = match &from {
            Some(Err(missing)) => vec![lost(missing.clone())],
            Some(Ok(pieces)) => distance_to(pieces, name, layer, work),
            None => on_layer(drawing, laws, measure, name, layer, work),
        };
        measured.push(OnLayer { numbers, each, shapes: layer.shapes().count() });
    }
    measured
}

/// What was measured is rounded at once, so that everybody can compute with it what the rules do, and so that a plot
/// which was drawn at an angle does not fall short of a row of a table by a millionth.
fn found(value: Decimal, marks: Vec<Mark>) -> Measured {
    let value = value.round_dp_with_strategy(limits::PLACES, RoundingStrategy::MidpointAwayFromZero);
    Measured { value: Ok(value), marks }
}

fn lost(missing: Missing) -> Measured {
    let marks = match &missing {
        Missing::Amiss(_, _, Some(at)) => vec![Mark::Spot(*at)],
        _ => Vec::new(),
    };
    Measured { value: Err(missing), marks }
}

/// What makes measures of a layer's closed lines doubtful.
fn amiss(name: &str, layer: &Layer, closed: bool) -> Option<Missing> {
    let noted = layer.amiss.iter().find(|amiss| !amiss.fault.is_harmless());
    if let Some(amiss) = noted {
        return Some(Missing::Amiss(name.to_owned(), amiss.fault.clone(), amiss.at));
    }
    let open = layer.paths.iter().find(|path| closed && !path.closed)?;
    Some(Missing::Amiss(name.to_owned(), Fault::Open, open.corners.first().map(|corner| corner.at)))
}

/// The closed lines of a layer, or why they cannot be relied on.
fn shapes<'a>(name: &str, layer: &'a Layer) -> Result<Vec<(usize, &'a Path)>, Missing> {
    match amiss(name, layer, true) {
        Some(missing) => Err(missing),
        None => Ok(layer.paths.iter().enumerate().filter(|(_, path)| path.closed).collect()),
    }
}

/// The closed lines of a layer where each counts: none may lie over another.
fn apart_from_each_other<'a>(
    laws: &Edition,
    measure: &Measure,
    name: &str,
    layer: &'a Layer,
    work: &mut Work,
) -> Result<Vec<(usize, &'a Path)>, Missing> {
    let all = shapes(name, layer)?;
    if measure.may_overlap {
        return Ok(all);
    }
    let paths: Vec<&Path> = all.iter().map(|(_, path)| *path).collect();
    match distance::overlap(&paths, laws.tolerance, work) {
        None => Err(Missing::TooComplex),
        Some(None) => Ok(all),
        Some(at) => Err(Missing::Amiss(name.to_owned(), Fault::Overlap, at)),
    }
}

fn on_layer(
    drawing: &Drawing,
    laws: &Edition,
    measure: &Measure,
    name: &str,
    layer: &Layer,
    work: &mut Work,
) -> Vec<Measured> {
    let mark = |place: usize| vec![Mark::Path(name.to_owned(), place)];
    match &measure.what {
        What::Area(_) => match apart_from_each_other(laws, measure, name, layer, work) {
            Err(missing) => vec![lost(missing)],
            Ok(all) => all.into_iter().map(|(place, path)| found(square_metres(path.area()), mark(place))).collect(),
        },
        What::Count(_, size) => match apart_from_each_other(laws, measure, name, layer, work) {
            Err(missing) => vec![lost(missing)],
            Ok(all) => all.into_iter().map(|(place, path)| count(path, *size, mark(place), work)).collect(),
        },
        What::LeastWidth(_) => match shapes(name, layer) {
            Err(missing) => vec![lost(missing)],
            Ok(all) => {
                let width = |(place, path): (usize, &Path)| match path.width_and_length(work) {
                    Some((width, _)) => found(metres(width), mark(place)),
                    None => lost(Missing::TooComplex),
                };
                all.into_iter().map(width).collect()
            }
        },
        What::Length(_) => {
            if let Some(missing) = amiss(name, layer, false) {
                return vec![lost(missing)];
            }
            let lines = layer.paths.iter().enumerate();
            lines.map(|(place, path)| found(metres(path.length()), mark(place))).collect()
        }
        What::Dimension(_) => {
            let each = layer.dimensions.iter();
            each.map(|one| found(metres(one.length), vec![Mark::Way(one.from, one.to)])).collect()
        }
        What::Text(_, after) => {
            let numbers = layer.texts.iter().filter_map(|label| {
                let (_, behind) = label.text.split_once(after.as_str())?;
                let behind = behind.trim_start();
                let end = behind.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(behind.len());
                let number = parse_decimal(behind.get(..end)?.trim_end_matches('.'))?;
                Some(found(number, vec![Mark::Spot(label.at)]))
            });
            numbers.collect()
        }
        What::Outside(..) => outside(drawing, &measure.what, name, layer, work),
        // Between two of the same: from each closed line to those behind it, on this layer and on others.
        What::Distance(Source::Layers(pattern), _) => apart(drawing, pattern, name, layer, work),
        What::Distance(Source::Side(..), _) | What::Value(_) | What::Total(_) | What::Members(_) => Vec::new(),
    }
}

fn count(path: &Path, size: Option<(i128, i128)>, marks: Vec<Mark>, work: &mut Work) -> Measured {
    let Some((width, length)) = size else { return found(Decimal::ONE, marks) };
    match path.width_and_length(work) {
        // A millimetre less is no less: lines are drawn that exactly.
        Some((wide, long)) if wide + 1_000_000 > width && long + 1_000_000 > length => found(Decimal::ONE, marks),
        Some(_) => found(Decimal::ZERO, Vec::new()),
        None => lost(Missing::TooComplex),
    }
}

/// The closed lines that those of the layer `name` may be outside of: of the same block and floor, where both
/// patterns have those names.
fn shapes_around<'a>(
    drawing: &'a Drawing,
    within: &Pattern,
    pattern: &Pattern,
    name: &str,
) -> Result<Vec<&'a Path>, Missing> {
    let own = pattern.named(name).unwrap_or_default();
    let belongs = |other: &str| {
        let numbers = within.named(other)?;
        let agree = numbers.iter().all(|(name, number)| own.get(name).is_none_or(|own| own == number));
        agree.then_some(())
    };
    let mut all = Vec::new();
    for (name, layer) in drawing.layers.iter().filter(|(other, _)| belongs(other).is_some()) {
        all.extend(shapes(name, layer)?.into_iter().map(|(_, path)| path));
    }
    if all.is_empty() { Err(Missing::Without(within.written().to_owned())) } else { Ok(all) }
}

/// Every straight piece on the layers of a pattern.
fn pieces_on(drawing: &Drawing, pattern: &Pattern) -> Result<Vec<Piece>, Missing> {
    let mut all = Vec::new();
    for (name, layer) in drawing.layers.iter().filter(|(name, _)| pattern.numbers(name).is_some()) {
        if let Some(missing) = amiss(name, layer, false) {
            return Err(missing);
        }
        all.extend(layer.paths.iter().flat_map(|path| path.pieces().map(|(from, to, _)| (from, to))));
    }
    if all.is_empty() { Err(Missing::Without(pattern.written().to_owned())) } else { Ok(all) }
}

fn side_of(drawing: &Drawing, laws: &Edition, name: &str, side: Side, work: &mut Work) -> Result<Vec<Piece>, Missing> {
    let nothing = |layer: &str| Missing::Without(layer.to_owned());
    let sides = laws.sides.get(name).ok_or_else(|| nothing(name))?;
    let layer = drawing.layer(&sides.layer).ok_or_else(|| nothing(&sides.layer))?;
    let all = shapes(&sides.layer, layer)?;
    let [(_, shape)] = all.as_slice() else {
        return Err(Missing::Shapes { layer: sides.layer.clone(), wanted: 1, found: all.len() });
    };
    let faced = drawing.layer(&sides.faces).ok_or_else(|| nothing(&sides.faces))?;
    let faced: Vec<&Path> = faced.paths.iter().collect();
    if faced.is_empty() {
        return Err(nothing(&sides.faces));
    }
    let edges = distance::sides(shape, &faced, laws.tolerance, work).ok_or(Missing::TooComplex)?;
    let edges: Vec<Piece> = edges.into_iter().filter(|(of, _)| *of == side).map(|(_, edge)| edge).collect();
    // A shape may have no edge on a side, as a triangle may have no rear.
    if edges.is_empty() { Err(Missing::None(format!("{name}.{}", side.word()))) } else { Ok(edges) }
}

fn way(way: Option<Way>) -> Measured {
    match way {
        Some(way) => found(metres(way.length), vec![Mark::Way(way.from, way.to)]),
        None => lost(Missing::TooComplex),
    }
}

fn distance_to(pieces: &[Piece], name: &str, layer: &Layer, work: &mut Work) -> Vec<Measured> {
    if let Some(missing) = amiss(name, layer, false) {
        return vec![lost(missing)];
    }
    layer.paths.iter().map(|path| way(distance::between(pieces, &[path], work))).collect()
}

fn apart(drawing: &Drawing, pattern: &Pattern, name: &str, layer: &Layer, work: &mut Work) -> Vec<Measured> {
    let own = match shapes(name, layer) {
        Ok(own) => own,
        Err(missing) => return vec![lost(missing)],
    };
    let mut measured = Vec::new();
    for (place, path) in &own {
        let pieces: Vec<Piece> = path.pieces().map(|(from, to, _)| (from, to)).collect();
        let others = drawing.layers.iter().filter(|(other, _)| pattern.numbers(other).is_some());
        let others =
            others.flat_map(|(other, layer)| layer.shapes().enumerate().map(move |(at, path)| (other, at, path)));
        for (_, _, other) in others.filter(|(other, at, _)| (other.as_str(), *at) > (name, *place)) {
            measured.push(way(distance::between(&pieces, &[other], work)));
        }
    }
    measured
}

fn outside(drawing: &Drawing, what: &What, name: &str, layer: &Layer, work: &mut Work) -> Vec<Measured> {
    let What::Outside(within, pattern) = what else { return Vec::new() };
    let around = match shapes_around(drawing, within, pattern, name) {
        Ok(around) => around,
        Err(missing) => return vec![lost(missing)],
    };
    let own = match shapes(name, layer) {
        Ok(own) => own,
        Err(missing) => return vec![lost(missing)],
    };
    let mut measured = Vec::new();
    for (place, path) in own {
        // Ten millimetres are no more than the breadth of a line.
        measured.push(match distance::outside(&[path], &around, 10_000_000, work) {
            None => lost(Missing::TooComplex),
            Some(places) if places.is_empty() => found(Decimal::ZERO, vec![Mark::Path(name.to_owned(), place)]),
            Some(places) => found(Decimal::from(places.len()), places.into_iter().take(20).map(Mark::Spot).collect()),
        });
    }
    measured
}

/// The measure of one member of its group, or of the drawing as a whole.
pub(super) fn of_member(
    drawing: &Drawing,
    layers: &[OnLayer],
    laws: &Edition,
    measure: &Measure,
    member: &Member,
    work: &mut Work,
) -> Measured {
    let pattern = measure.what.patterns().last().map(|pattern| (*pattern).clone());
    let written = pattern.as_ref().map_or_else(String::new, |pattern| pattern.written().to_owned());
    let group = measure.per.as_ref().and_then(|group| laws.groups.get(group));
    let (mut each, mut shapes) = (Vec::new(), 0);
    for on in layers {
        match (group, &pattern) {
            (Some(group), Some(pattern)) if group.shapes && pattern != &group.layer => {
                match inside(drawing, group, pattern, on, member, work) {
                    Some(found) => each.extend(found),
                    None => return lost(Missing::TooComplex),
                }
            }
            (Some(group), Some(_)) if group.shapes => {
                // One thing of the layer is the member: the last of its numbers says which.
                let Some((number, layer)) = member.split_last() else { continue };
                if layer == on.numbers.as_slice() {
                    let place = usize::try_from(*number).unwrap_or(0).wrapping_sub(1);
                    each.extend(on.each.get(place).or(on.each.first()).cloned());
                    shapes += 1;
                }
            }
            (Some(group), Some(pattern)) => {
                let by_name: BTreeMap<&str, u32> =
                    pattern.names().into_iter().zip(on.numbers.iter().copied()).collect();
                let own = group.layer.names().into_iter().map(|name| by_name.get(name).copied());
                if own.eq(member.iter().map(|number| Some(*number))) {
                    each.extend(on.each.iter().cloned());
                    shapes += on.shapes;
                }
            }
            _ => {
                each.extend(on.each.iter().cloned());
                shapes += on.shapes;
            }
        }
    }
    if let Some(wanted) = measure.shapes
        && wanted != shapes
        && !each.iter().any(|one| one.value.is_err())
        && shapes > 0
    {
        let marks = each.into_iter().flat_map(|one| one.marks).collect();
        return Measured { value: Err(Missing::Shapes { layer: written, wanted, found: shapes }), marks };
    }
    combine(each, measure.take, || Missing::NothingOn(written))
}

/// What of a layer lies inside of the closed line that is a member; `None` where no work is left.
fn inside(
    drawing: &Drawing,
    group: &Group,
    pattern: &Pattern,
    on: &OnLayer,
    member: &Member,
    work: &mut Work,
) -> Option<Vec<Measured>> {
    let (number, numbers) = member.split_last()?;
    let own: BTreeMap<&str, u32> = pattern.names().into_iter().zip(on.numbers.iter().copied()).collect();
    let names = group.layer.names();
    if !names.iter().zip(numbers).all(|(name, number)| own.get(name) == Some(number)) {
        return Some(Vec::new());
    }
    let layer = drawing.layers.iter().find(|(name, _)| group.layer.numbers(name).as_deref() == Some(numbers));
    let place = usize::try_from(*number).unwrap_or(0).wrapping_sub(1);
    let Some(shape) = layer.and_then(|(_, layer)| layer.shapes().nth(place)) else { return Some(Vec::new()) };
    let mut found = Vec::new();
    for one in &on.each {
        if !work.take(shape.corners.len()) {
            return None;
        }
        let at = one.marks.first().and_then(|mark| match mark {
            Mark::Path(name, place) => drawing.layer(name)?.paths.get(*place).map(Path::middle),
            Mark::Way(from, to) => Some(Way { length: 0, from: *from, to: *to }.middle()),
            Mark::Spot(at) => Some(*at),
        });
        // What cannot be measured may be inside: it makes every member of the floor unclear.
        if one.value.is_err() || at.is_some_and(|at| shape.holds(at)) {
            found.push(one.clone());
        }
    }
    Some(found)
}

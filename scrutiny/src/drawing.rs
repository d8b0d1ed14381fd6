//! A drawing as it is measured: by layer, its paths, dimensions and texts, and what is amiss with them.

use std::collections::{BTreeMap, BTreeSet};

use crate::limits::{self, Work};
use crate::number::Nm;
use crate::path::{Corner, Path, Point};

/// What was read of a drawing.
#[derive(Clone, Debug, Default)]
pub struct Drawing {
    /// By the name of the layer, in capitals.
    pub layers: BTreeMap<String, Layer>,
    /// Nanometres of one unit, if the drawing states its unit.
    pub unit: Option<i128>,
    /// How many entities were read.
    pub entities: usize,
}

/// What lies on one layer.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// Lines, polylines, arcs and circles.
    pub paths: Vec<Path>,
    /// Dimensions.
    pub dimensions: Vec<Dimension>,
    /// Texts.
    pub texts: Vec<Label>,
    /// What cannot be measured, or not be trusted.
    pub amiss: Vec<Amiss>,
}

/// A dimension, measured anew between its two points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// The one point.
    pub from: Point,
    /// The other.
    pub to: Point,
    /// What lies between them in the direction of the dimension.
    pub length: Nm,
}

/// A text and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its words.
    pub text: String,
    /// Where it begins.
    pub at: Point,
}

/// Something amiss on a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amiss {
    /// What.
    pub fault: Fault,
    /// Where, if that is known.
    pub at: Option<Point>,
}

/// What can be amiss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A line that does not close where an area is asked for.
    Open,
    /// An outline that crosses itself.
    CrossesItself,
    /// The same outline drawn twice; it is counted once.
    Twice,
    /// Two outlines that lie over each other, where each is counted.
    Overlap,
    /// A kind of entity that is not read.
    NotRead(String),
    /// A curve in a block that is stretched in one direction.
    Stretched,
    /// A dimension whose words were typed over what it measures.
    Overwritten(String),
}

impl Fault {
    /// Whether measures of the layer still hold.
    pub fn is_harmless(&self) -> bool {
        matches!(self, Self::Twice | Self::Overwritten(_))
    }
}

impl Drawing {
    /// A layer by its name; capitals and small letters are the same.
    pub fn layer(&self, name: &str) -> Option<&Layer> {
        self.layers.get(&name.to_uppercase())
    }

    /// The layers that are `wanted`, moved to the origin; `None` if what is on them is too far apart to be measured.
    pub fn only(&self, wanted: impl Fn(&str) -> bool, tolerance: Nm, work: &mut Work) -> Option<Self> {
        let layers = self.layers.iter().filter(|(name, _)| wanted(name));
        let mut kept = Self { layers: layers.map(|(name, layer)| (name.clone(), layer.clone())).collect(), ..*self };
        if let Some((least, most)) = kept.bounds() {
            if most.x - least.x > limits::EXTENT || most.y - least.y > limits::EXTENT {
                return None;
            }
            kept.move_by(least);
        }
        for layer in kept.layers.values_mut() {
            layer.settle(tolerance, work)?;
        }
        Some(kept)
    }

    /// The corners between which everything lies.
    pub fn bounds(&self) -> Option<(Point, Point)> {
        let points = self.layers.values().flat_map(Layer::points);
        points.fold(None, |bounds, point| {
            let (least, most) = bounds.unwrap_or((point, point));
            Some((
                Point { x: least.x.min(point.x), y: least.y.min(point.y) },
                Point { x: most.x.max(point.x), y: most.y.max(point.y) },
            ))
        })
    }

    fn move_by(&mut self, origin: Point) {
        for layer in self.layers.values_mut() {
            let corners = layer.paths.iter_mut().flat_map(|path| path.corners.iter_mut().map(|corner| &mut corner.at));
            let ends = layer.dimensions.iter_mut().flat_map(|dimension| [&mut dimension.from, &mut dimension.to]);
            let labels = layer.texts.iter_mut().map(|label| &mut label.at);
            let amiss = layer.amiss.iter_mut().filter_map(|amiss| amiss.at.as_mut());
            for point in corners.chain(ends).chain(labels).chain(amiss) {
                *point = point.from(origin);
            }
        }
    }
}

impl Layer {
    fn points(&self) -> impl Iterator<Item = Point> + '_ {
        let corners = self.paths.iter().flat_map(|path| path.corners.iter().map(|corner| corner.at));
        let ends = self.dimensions.iter().flat_map(|dimension| [dimension.from, dimension.to]);
        let amiss = self.amiss.iter().filter_map(|amiss| amiss.at);
        corners.chain(ends).chain(self.texts.iter().map(|label| label.at)).chain(amiss)
    }

    /// The closed paths.
    pub fn shapes(&self) -> impl Iterator<Item = &Path> {
        self.paths.iter().filter(|path| path.closed)
    }

    /// Notes something amiss, as long as there is not far too much of it. What spoils measures is not crowded out by
    /// what is harmless.
    pub fn note(&mut self, fault: Fault, at: Option<Point>) {
        let first = !fault.is_harmless() && self.amiss.iter().all(|amiss| amiss.fault.is_harmless());
        if first || self.amiss.len() < limits::AMISS {
            self.amiss.push(Amiss { fault, at });
        }
    }

    /// Joins lines whose ends meet, closes what ends where it began, and drops what was drawn twice.
    fn settle(&mut self, tolerance: Nm, work: &mut Work) -> Option<()> {
        let paths = std::mem::take(&mut self.paths);
        let (mut closed, open): (Vec<Path>, Vec<Path>) =
            paths.into_iter().map(|path| close(path, tolerance)).partition(|path| path.closed);
        let mut open = join(open, tolerance, work)?;
        closed.extend(open.extract_if(.., |path| path.closed));
        let mut seen = BTreeSet::new();
        for path in closed {
            if path.corners.len() < 3 {
                continue;
            }
            if !work.take(path.corners.len()) {
                return None;
            }
            let mut outline = path.corners.clone();
            for corner in &mut outline {
                corner.bulge = corner.bulge.abs();
            }
            outline.sort_unstable();
            let at = path.corners.first().map(|corner| corner.at);
            if !seen.insert(outline) {
                self.note(Fault::Twice, at);
                continue;
            }
            if let Some(at) = path.crosses_itself(work) {
                self.note(Fault::CrossesItself, Some(at));
            }
            self.paths.push(path);
        }
        // A line from a point to itself draws nothing.
        self.paths.extend(open.into_iter().filter(|path| path.corners.len() > 1));
        work.take(1).then_some(())
    }
}

/// A path that ends where it began is closed, and has no corner twice in a row.
fn close(mut path: Path, tolerance: Nm) -> Path {
    let meet = |one: Option<&Corner>, other: Option<&Corner>| match (one, other) {
        (Some(one), Some(other)) => near(one.at, other.at, tolerance),
        _ => false,
    };
    if path.corners.len() > 3 && meet(path.corners.first(), path.corners.last()) {
        path.corners.pop();
        path.closed = true;
    }
    let mut kept: Vec<Corner> = Vec::with_capacity(path.corners.len());
    for corner in path.corners {
        match kept.last_mut() {
            // Of two corners in the same place, the second says how it goes on.
            Some(last) if last.at == corner.at => *last = corner,
            _ => kept.push(corner),
        }
    }
    path.corners = kept;
    path
}

fn near(one: Point, other: Point, tolerance: Nm) -> bool {
    (one.x - other.x).abs() <= tolerance && (one.y - other.y).abs() <= tolerance
}

/// Joins open paths end to end, nearest first come; a path that has come round is closed.
fn join(paths: Vec<Path>, tolerance: Nm, work: &mut Work) -> Option<Vec<Path>> {
    let cell = |point: Point| (point.x.div_euclid(tolerance.max(1)), point.y.div_euclid(tolerance.max(1)));
    let mut ends: BTreeMap<(Nm, Nm), BTreeSet<usize>> = BTreeMap::new();
    for (number, path) in paths.iter().enumerate() {
        for end in [path.corners.first(), path.corners.last()].into_iter().flatten() {
            ends.entry(cell(end.at)).or_default().insert(number);
        }
    }
    let mut left: Vec<Option<Path>> = paths.into_iter().map(Some).collect();
    let mut joined = Vec::new();
    for number in 0..left.len() {
        let Some(mut chain) = left.get_mut(number).and_then(Option::take) else { continue };
        while let Some(end) = chain.corners.last().map(|corner| corner.at) {
            let (x, y) = cell(end);
            let cells = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (x + dx, y + dy)));
            let near_by: Vec<usize> = cells.filter_map(|at| ends.get(&at)).flatten().copied().collect();
            if !work.take(9 + near_by.len()) {
                return None;
            }
            let fits = |other: &usize| {
                left.get(*other).and_then(Option::as_ref).is_some_and(|path| meets(path, end, tolerance))
            };
            let Some(next) = near_by.into_iter().find(fits) else { break };
            let Some(next) = left.get_mut(next).and_then(Option::take) else { break };
            append(&mut chain, next, tolerance);
        }
        joined.push(close(chain, tolerance));
    }
    Some(joined)
}

fn meets(path: &Path, end: Point, tolerance: Nm) -> bool {
    [path.corners.first(), path.corners.last()].into_iter().flatten().any(|corner| near(corner.at, end, tolerance))
}

/// Puts `next` behind `chain`, turned round if it is its end that meets.
fn append(chain: &mut Path, mut next: Path, tolerance: Nm) {
    let Some(end) = chain.corners.pop() else { return };
    if !next.corners.first().is_some_and(|corner| near(corner.at, end.at, tolerance)) {
        next = reversed(&next);
    }
    // The corner where they meet stays where the chain ended, and goes on as the next path says.
    if let Some(first) = next.corners.first_mut() {
        first.at = end.at;
    }
    chain.corners.append(&mut next.corners);
}

/// The same path from its end to its beginning: bends change sides.
fn reversed(path: &Path) -> Path {
    let bulges: Vec<i128> = path.corners.iter().rev().skip(1).map(|corner| -corner.bulge).chain([0]).collect();
    let corners = path.corners.iter().rev().zip(bulges).map(|(corner, bulge)| Corner { at: corner.at, bulge });
    Path { corners: corners.collect(), closed: path.closed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(from: (Nm, Nm), to: (Nm, Nm)) -> Path {
        let corner = |(x, y): (Nm, Nm)| Corner { at: Point { x, y }, bulge: 0 };
        Path { corners: vec![corner(from), corner(to)], closed: false }
    }

    #[test]
    fn lines_whose_ends_meet_are_a_shape_in_any_order_and_direction() {
        let lines =
            [line((0, 0), (100, 0)), line((0, 100), (100, 100)), line((101, 1), (100, 99)), line((0, 0), (0, 100))];
        let mut layer = Layer { paths: lines.to_vec(), ..Layer::default() };
        layer.settle(2, &mut Work::default()).unwrap();
        assert_eq!(layer.shapes().count(), 1);
        assert_eq!(layer.paths.len(), 1);
        let mut apart = Layer { paths: lines.to_vec(), ..Layer::default() };
        apart.settle(0, &mut Work::default()).unwrap();
        assert_eq!(apart.shapes().count(), 0);
    }

    #[test]
    fn what_is_drawn_twice_counts_once() {
        let square = [(0, 0), (9, 0), (9, 9), (0, 9)].map(|(x, y)| Corner { at: Point { x, y }, bulge: 0 });
        let mut turned = square;
        turned.reverse();
        let path = |corners: &[Corner]| Path { corners: corners.to_vec(), closed: true };
        let mut layer = Layer { paths: vec![path(&square), path(&turned)], ..Layer::default() };
        layer.settle(1, &mut Work::default()).unwrap();
        assert_eq!(layer.shapes().count(), 1);
        assert_eq!(layer.amiss, [Amiss { fault: Fault::Twice, at: Some(Point { x: 0, y: 9 }) }]);
    }
}

//! How far paths are apart, and what sticks out.

use crate::limits::Work;
use crate::number::{Nm, divide, root};
use crate::path::{Path, Point, crossing};

/// The shortest way between two things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    /// How long it is.
    pub length: Nm,
    /// Where it begins.
    pub from: Point,
    /// Where it ends.
    pub to: Point,
}

impl Way {
    /// The point halfway.
    #[must_use]
    pub fn middle(self) -> Point {
        Point { x: divide(self.from.x + self.to.x, 2), y: divide(self.from.y + self.to.y, 2) }
    }
}

/// A straight piece.
pub type Piece = (Point, Point);

/// The shortest way from one of `pieces` to a path; `None` if there is none, or no work left.
pub fn between(pieces: &[Piece], paths: &[&Path], work: &mut Work) -> Option<Way> {
    let mut least: Option<Way> = None;
    for path in paths {
        for (from, to, _) in path.pieces() {
            if !work.take(pieces.len()) {
                return None;
            }
            let ways = pieces.iter().map(|piece| of_pieces(*piece, (from, to)));
            least = least.into_iter().chain(ways).min();
        }
    }
    least
}

/// The shortest way between two pieces: none if they cross, else from an end of one to the other.
fn of_pieces((a, b): Piece, (c, d): Piece) -> Way {
    if crossing(a, b, c, d) {
        return Way { length: 0, from: c, to: c };
    }
    let turned = |way: Way| Way { from: way.to, to: way.from, ..way };
    let ways = [of_point(a, (c, d)), of_point(b, (c, d)), turned(of_point(c, (a, b))), turned(of_point(d, (a, b)))];
    ways.into_iter().min().unwrap_or(Way { length: 0, from: a, to: a })
}

/// The shortest way from a point to a piece.
fn of_point(point: Point, (from, to): Piece) -> Way {
    let (along, aside) = (to.from(from), point.from(from));
    let square = along.dot(along);
    let reach = along.dot(aside);
    let end = if reach <= 0 || square == 0 {
        from
    } else if reach >= square {
        to
    } else {
        // The length of the piece is taken to a thousandth of a nanometre: it may be short, and far away.
        let long = root(square * 1_000_000).max(1);
        let length = divide(along.cross(aside).abs() * 1_000, long);
        let part = reach * 1_000_000_000 / square;
        let foot = |start: Nm, way: Nm| start + divide(way * part, 1_000_000_000);
        return Way { length, from: point, to: Point { x: foot(from.x, along.x), y: foot(from.y, along.y) } };
    };
    Way { length: point.from(end).length(), from: point, to: end }
}

/// Places where one of `paths` is outside of all `shapes` by more than `tolerance`.
/// The result is `None` where no work is left.
pub fn outside(paths: &[&Path], shapes: &[&Path], tolerance: Nm, work: &mut Work) -> Option<Vec<Point>> {
    let edges: Vec<Piece> = shapes.iter().flat_map(|shape| shape.pieces().map(|(from, to, _)| (from, to))).collect();
    let mut found = Vec::new();
    for path in paths {
        for (from, to, _) in path.pieces() {
            if !work.take(8 * edges.len()) {
                return None;
            }
            let sticks_out = |point: Point| {
                let inside = shapes.iter().any(|shape| shape.holds(point));
                !inside && edges.iter().all(|edge| of_point(point, *edge).length > tolerance)
            };
            // A piece may leave and come back between its ends.
            let way = to.from(from);
            let eighth = |part: Nm| Point { x: from.x + divide(way.x * part, 8), y: from.y + divide(way.y * part, 8) };
            found.extend((0..8).map(eighth).find(|point| sticks_out(*point)));
        }
        // Where the shapes are cut out, a corner of theirs lies inside of the path.
        let own: Vec<Piece> = path.pieces().map(|(from, to, _)| (from, to)).collect();
        for (corner, _) in &edges {
            if !work.take(2 * own.len()) {
                return None;
            }
            if path.holds(*corner) && own.iter().all(|piece| of_point(*corner, *piece).length > tolerance) {
                found.push(*corner);
            }
        }
    }
    Some(found)
}

/// Where two of `shapes` lie over each other by more than `tolerance`; the outer `None` where no work is left.
#[allow(clippy::option_option, reason = "whether it was looked at, and what was seen, are two things")]
pub fn overlap(shapes: &[&Path], tolerance: Nm, work: &mut Work) -> Option<Option<Point>> {
    let mut boxes: Vec<(Point, Point, &Path)> = Vec::with_capacity(shapes.len());
    for shape in shapes {
        let points = || shape.corners.iter().map(|corner| corner.at);
        let least = Point { x: points().map(|at| at.x).min()?, y: points().map(|at| at.y).min()? };
        let most = Point { x: points().map(|at| at.x).max()?, y: points().map(|at| at.y).max()? };
        boxes.push((least, most, shape));
    }
    boxes.sort_by_key(|(least, ..)| least.x);
    for (place, (least, most, one)) in boxes.iter().enumerate() {
        let after = boxes.get(place + 1..).unwrap_or_default();
        for (start, end, other) in after.iter().take_while(|(start, ..)| start.x < most.x) {
            if !work.take(1) {
                return None;
            }
            if start.y < most.y && least.y < end.y {
                let found = inside(one, other, tolerance, work)?.or(inside(other, one, tolerance, work)?);
                if found.is_some() {
                    return Some(found);
                }
            }
        }
    }
    Some(None)
}

/// A point of `path`, on its line or in its middle, that is inside of `shape` by more than `tolerance`.
#[allow(clippy::option_option, reason = "whether it was looked at, and what was seen, are two things")]
fn inside(path: &Path, shape: &Path, tolerance: Nm, work: &mut Work) -> Option<Option<Point>> {
    let edges: Vec<Piece> = shape.pieces().map(|(from, to, _)| (from, to)).collect();
    let deep =
        |point: &Point| shape.holds(*point) && edges.iter().all(|edge| of_point(*point, *edge).length > tolerance);
    let middle = path.middle();
    if path.holds(middle) && deep(&middle) {
        return Some(Some(middle));
    }
    for (from, to, _) in path.pieces() {
        if !work.take(16 * edges.len()) {
            return None;
        }
        let way = to.from(from);
        let eighth = |part: Nm| Point { x: from.x + divide(way.x * part, 8), y: from.y + divide(way.y * part, 8) };
        if let Some(point) = (0..8).map(eighth).find(deep) {
            return Some(Some(point));
        }
    }
    Some(None)
}

/// On which side of a shape an edge lies, as one looks at it from what it faces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Towards what it faces.
    Front,
    /// Away from it.
    Rear,
    /// To the left.
    Left,
    /// To the right.
    Right,
}

impl Side {
    /// As by-laws write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::Rear => "rear",
            Self::Left => "left",
            Self::Right => "right",
        }
    }
}

/// The edges of a shape by the side they lie on. The front is the edge whose middle is nearest to what it faces, of
/// several the longest, and every edge that looks the same way within half of a right angle.
pub fn sides(shape: &Path, faced: &[&Path], tolerance: Nm, work: &mut Work) -> Option<Vec<(Side, Piece)>> {
    let around = shape.pieces().fold(0, |sum, (from, to, _)| sum + from.cross(to));
    let edges: Vec<Piece> = shape
        .pieces()
        .map(|(from, to, _)| if around < 0 { (to, from) } else { (from, to) })
        .filter(|(from, to)| from != to)
        .collect();
    let mut ways = Vec::with_capacity(edges.len());
    for (from, to) in &edges {
        let middle = Point { x: divide(from.x + to.x, 2), y: divide(from.y + to.y, 2) };
        ways.push(between(&[(middle, middle)], faced, work)?.length);
    }
    let nearest = *ways.iter().min()?;
    let near = edges.iter().zip(&ways).filter(|(_, way)| **way <= nearest + tolerance);
    let (front, _) = near.max_by_key(|((from, to), _)| to.from(*from).length())?;
    let ahead = front.1.from(front.0);
    let side = |(from, to): &Piece| {
        let way = to.from(*from);
        let (same, turned) = (ahead.dot(way), ahead.cross(way));
        if turned.abs() <= same {
            Side::Front
        } else if turned.abs() <= -same {
            Side::Rear
        } else if turned > 0 {
            // Against the clock, what comes after the front lies to the right of who looks from there.
            Side::Right
        } else {
            Side::Left
        }
    };
    Some(edges.iter().map(|edge| (side(edge), *edge)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Corner;

    fn shape(points: &[(Nm, Nm)]) -> Path {
        let corners = points.iter().map(|(x, y)| Corner { at: Point { x: *x, y: *y }, bulge: 0 }).collect();
        Path { corners, closed: true }
    }

    #[test]
    fn the_shortest_way_ends_at_an_edge_or_a_corner() {
        let plot = shape(&[(0, 0), (1000, 0), (1000, 1000), (0, 1000)]);
        let way = |points: &[(Nm, Nm)]| {
            let edges: Vec<Piece> = plot.pieces().map(|(from, to, _)| (from, to)).collect();
            between(&edges, &[&shape(points)], &mut Work::default()).unwrap().length
        };
        assert_eq!(way(&[(300, 200), (600, 250), (500, 600)]), 200);
        assert_eq!(way(&[(1003, 1004), (1100, 1100), (1200, 1004)]), 5);
        assert_eq!(way(&[(900, 100), (1100, 200), (900, 300)]), 0);
    }

    #[test]
    fn sides_are_told_from_what_is_faced() {
        let plot = shape(&[(0, 0), (1000, 0), (1000, 2000), (0, 2000)]);
        let road = shape(&[(-500, -300), (1500, -300), (1500, -10), (-500, -10)]);
        let found = sides(&plot, &[&road], 1, &mut Work::default()).unwrap();
        assert_eq!(
            found.iter().map(|(side, _)| *side).collect::<Vec<_>>(),
            [Side::Front, Side::Right, Side::Rear, Side::Left]
        );
        let mut turned = plot;
        turned.corners.reverse();
        let again = sides(&turned, &[&road], 1, &mut Work::default()).unwrap();
        assert_eq!(again.iter().filter(|(side, _)| *side == Side::Right).count(), 1);
        assert!(again.contains(&(Side::Right, (Point { x: 1000, y: 0 }, Point { x: 1000, y: 2000 }))));
    }

    #[test]
    fn what_lies_over_another_is_found_and_what_touches_is_not() {
        let one = shape(&[(0, 0), (1000, 0), (1000, 1000), (0, 1000)]);
        let over = |points: &[(Nm, Nm)]| overlap(&[&one, &shape(points)], 10, &mut Work::default()).unwrap().is_some();
        assert!(!over(&[(1000, 0), (2000, 0), (2000, 1000), (1000, 1000)]));
        assert!(!over(&[(995, 0), (2000, 0), (2000, 1000), (995, 1000)]));
        assert!(over(&[(900, 0), (2000, 0), (2000, 1000), (900, 1000)]));
        assert!(over(&[(1, 1), (1001, 1), (1001, 1001), (1, 1001)]));
        assert!(over(&[(400, -500), (600, -500), (600, 1500), (400, 1500)]));
        assert!(over(&[(400, 400), (600, 400), (600, 600), (400, 600)]));
    }

    #[test]
    fn what_sticks_out_is_found() {
        let plot = shape(&[(0, 0), (1000, 0), (1000, 1000), (0, 1000)]);
        let out = |points: &[(Nm, Nm)]| outside(&[&shape(points)], &[&plot], 10, &mut Work::default()).unwrap().len();
        assert_eq!(out(&[(0, 0), (500, 0), (500, 500)]), 0);
        assert_eq!(out(&[(500, 500), (1200, 500), (1200, 700)]), 3);
        assert_eq!(out(&[(500, 500), (1005, 500), (1005, 700)]), 0);
    }
}

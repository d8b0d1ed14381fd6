//! Paths: corners that are joined by lines and by flat pieces of curves.

use crate::limits::Work;
use crate::number::{Nm, ONE, divide, root};

/// A place in the drawing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// To the right.
    pub x: Nm,
    /// Upwards.
    pub y: Nm,
}

impl Point {
    /// The way from `other` to here.
    #[must_use]
    pub fn from(self, other: Self) -> Self {
        Self { x: self.x - other.x, y: self.y - other.y }
    }

    /// Twice the area between two ways, positive if `other` turns to the left.
    pub fn cross(self, other: Self) -> Nm {
        self.x * other.y - self.y * other.x
    }

    /// The product of two ways: positive if they go the same way.
    pub fn dot(self, other: Self) -> Nm {
        self.x * other.x + self.y * other.y
    }

    /// How long a way is.
    pub fn length(self) -> Nm {
        root(self.dot(self))
    }
}

/// Corners in their order. From each a piece leads to the next, and from the last of a closed path to the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The corners.
    pub corners: Vec<Corner>,
    /// Whether it ends where it began.
    pub closed: bool,
}

/// A corner, and how what follows it is bent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Corner {
    /// Where it is.
    pub at: Point,
    /// The tangent of a quarter of the angle of the arc that follows, times [`ONE`]; 0 for a line.
    pub bulge: i128,
}

/// A bulge below which the series of an arc are exact to the last place.
const FLAT: i128 = ONE / 20;
/// How far the chord of a flat piece may be from its arc, in nanometres: a tenth of a millimetre.
const SAGITTA: Nm = 100_000;
/// How often an arc is halved at most.
const HALVINGS: u32 = 12;

impl Path {
    /// The pieces: where each begins, where it ends, how it is bent.
    pub fn pieces(&self) -> impl Iterator<Item = (Point, Point, i128)> + '_ {
        let next = self.corners.iter().cycle().skip(1);
        let count = if self.closed { self.corners.len() } else { self.corners.len().saturating_sub(1) };
        self.corners.iter().zip(next).take(count).map(|(one, other)| (one.at, other.at, one.bulge))
    }

    /// The area inside of a closed path.
    pub fn area(&self) -> Nm {
        let Some(first) = self.corners.first() else { return 0 };
        let mut twice: Nm = 0;
        for (from, to, bulge) in self.pieces() {
            twice += from.from(first.at).cross(to.from(first.at)) + 2 * beside(from, to, bulge);
        }
        divide(twice.abs(), 2)
    }

    /// How long the path is.
    pub fn length(&self) -> Nm {
        self.pieces().map(|(from, to, bulge)| along(to.from(from).length(), bulge)).sum()
    }

    /// The corners of the smallest convex shape around the path, against the clock.
    pub fn hull(&self) -> Vec<Point> {
        let mut points: Vec<Point> = self.corners.iter().map(|corner| corner.at).collect();
        points.sort_unstable();
        points.dedup();
        if points.len() < 3 {
            return points;
        }
        let mut hull = half(points.iter().copied());
        let upper = half(points.iter().rev().copied());
        hull.pop();
        hull.extend(upper);
        hull.pop();
        hull
    }

    /// The least width between two parallel lines, and how far the shape reaches along them.
    pub fn width_and_length(&self, work: &mut Work) -> Option<(Nm, Nm)> {
        let hull = self.hull();
        if hull.len() < 3 || !work.take(hull.len() * hull.len()) {
            return None;
        }
        let edges = hull.iter().zip(hull.iter().cycle().skip(1));
        edges
            .map(|(one, other)| {
                let way = other.from(*one);
                let long = way.length().max(1);
                let across = hull.iter().map(|point| way.cross(point.from(*one)).abs()).max().unwrap_or(0);
                let reach = hull.iter().map(|point| way.dot(point.from(*one)));
                let (least, most) = reach.fold((0, 0), |(least, most): (Nm, Nm), at| (least.min(at), most.max(at)));
                (divide(across, long), divide(most - least, long))
            })
            .min()
    }

    /// Whether `point` is inside of a closed path; on its edge is inside or not, as it falls.
    pub fn holds(&self, point: Point) -> bool {
        let mut inside = false;
        for (from, to, _) in self.pieces() {
            if (from.y > point.y) != (to.y > point.y) {
                let side = to.from(from).cross(point.from(from));
                if (side > 0) == (to.y > from.y) {
                    inside = !inside;
                }
            }
        }
        inside
    }

    /// Where two pieces of the path that are no neighbours cross, if any do.
    pub fn crosses_itself(&self, work: &mut Work) -> Option<Point> {
        let pieces: Vec<(Point, Point, i128)> = self.pieces().collect();
        let mut order: Vec<usize> = (0..pieces.len()).collect();
        let left = |at: usize| pieces.get(at).map_or(0, |(from, to, _)| from.x.min(to.x));
        order.sort_by_key(|at| left(*at));
        for (place, one) in order.iter().enumerate() {
            let (from, to, _) = *pieces.get(*one)?;
            let right = from.x.max(to.x);
            let after = order.get(place + 1..).unwrap_or_default();
            for other in after.iter().take_while(|other| left(**other) <= right) {
                if !work.take(1) {
                    return None;
                }
                let apart = one.abs_diff(*other);
                let neighbours = apart == 1 || (self.closed && apart + 1 == pieces.len());
                let (start, end, _) = *pieces.get(*other)?;
                if !neighbours && crossing(from, to, start, end) {
                    return Some(start);
                }
            }
        }
        None
    }

    /// The middle of the corners: where a mark may stand.
    pub fn middle(&self) -> Point {
        let count = Nm::try_from(self.corners.len()).unwrap_or(1).max(1);
        let sum = self
            .corners
            .iter()
            .fold(Point::default(), |sum, corner| Point { x: sum.x + corner.at.x, y: sum.y + corner.at.y });
        Point { x: sum.x / count, y: sum.y / count }
    }
}

/// One side of a hull, of points in the order of one axis.
fn half(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for point in points {
        while let [.., one, other] = kept.as_slice() {
            if other.from(*one).cross(point.from(*other)) > 0 {
                break;
            }
            kept.pop();
        }
        kept.push(point);
    }
    kept
}

/// Whether two pieces cross or overlap; touching with an end is no crossing.
pub fn crossing(a: Point, b: Point, c: Point, d: Point) -> bool {
    let side = |from: Point, to: Point, point: Point| to.from(from).cross(point.from(from)).signum();
    let (one, two) = (side(a, b, c), side(a, b, d));
    let (three, four) = (side(c, d, a), side(c, d, b));
    one * two < 0 && three * four < 0
}

/// The area between a chord and its arc, which bends outwards if the path goes against the clock and `bulge` is
/// positive. Exact for flat pieces: with the chord c and the bulge b it is c² (b/3 + b³/15 − b⁵/105 + …).
fn beside(from: Point, to: Point, bulge: i128) -> Nm {
    if bulge == 0 {
        return 0;
    }
    let way = to.from(from);
    let square = divide(bulge * bulge, ONE);
    let third = divide(bulge * square, ONE);
    let fifth = divide(third * square, ONE);
    let factor = divide(bulge, 3) + divide(third, 15) - divide(fifth, 105);
    divide(divide(way.dot(way), 1_000_000) * factor, ONE / 1_000_000)
}

/// The length of a flat arc over a chord: 1 + 2b²/3 − 2b⁴/15 + … times as long.
fn along(chord: Nm, bulge: i128) -> Nm {
    let square = divide(bulge * bulge, ONE);
    let fourth = divide(square * square, ONE);
    chord + divide(chord * (divide(2 * square, 3) - divide(2 * fourth, 15)), ONE)
}

/// Adds the corners of a piece without its end: itself, or the flat pieces that its arc is divided into.
pub fn flatten(corners: &mut Vec<Corner>, from: Point, to: Point, bulge: i128) {
    divided(corners, from, to, bulge, HALVINGS);
}

fn divided(corners: &mut Vec<Corner>, from: Point, to: Point, bulge: i128, left: u32) {
    let way = to.from(from);
    let flat = bulge.abs() <= FLAT && divide(way.length() * bulge.abs(), 2 * ONE) <= SAGITTA;
    if flat || left == 0 {
        corners.push(Corner { at: from, bulge });
        return;
    }
    // The top of the arc stands over the middle of the chord, to the right of a positive bulge.
    let middle = Point {
        x: divide(from.x + to.x, 2) + divide(way.y * bulge, 2 * ONE),
        y: divide(from.y + to.y, 2) - divide(way.x * bulge, 2 * ONE),
    };
    // tan(a / 2) = (√(1 + tan² a) − 1) / tan a
    let half = divide((root(ONE * ONE + bulge * bulge) - ONE) * ONE, bulge);
    divided(corners, from, middle, half, left - 1);
    divided(corners, middle, to, half, left - 1);
}

#[cfg(test)]
mod tests {
    use super::*;

    const METRE: Nm = 1_000_000_000;

    fn circle(radius: Nm) -> Path {
        let (left, right) = (Point { x: -radius, y: 0 }, Point { x: radius, y: 0 });
        let mut corners = Vec::new();
        flatten(&mut corners, left, right, ONE);
        flatten(&mut corners, right, left, ONE);
        Path { corners, closed: true }
    }

    fn square(side: Nm) -> Path {
        let at = |x, y| Corner { at: Point { x, y }, bulge: 0 };
        Path { corners: vec![at(0, 0), at(side, 0), at(side, side), at(0, side)], closed: true }
    }

    #[test]
    fn a_circle_has_the_area_and_the_length_of_a_circle() {
        let circle = circle(10 * METRE);
        // 100 π and 20 π, in metres.
        let area = crate::number::square_metres(circle.area()).round_dp(6);
        assert_eq!(area.to_string(), "314.159265");
        let length = crate::number::metres(circle.length()).round_dp(5);
        assert_eq!(length.to_string(), "62.83185");
    }

    #[test]
    fn an_arc_that_bends_inwards_takes_away() {
        let mut corners = Vec::new();
        let at = |x: Nm, y: Nm| Point { x: x * METRE, y: y * METRE };
        flatten(&mut corners, at(0, 0), at(4, 0), -ONE);
        for (from, to) in [(at(4, 0), at(4, 4)), (at(4, 4), at(0, 4)), (at(0, 4), at(0, 0))] {
            flatten(&mut corners, from, to, 0);
        }
        let path = Path { corners, closed: true };
        // 16 less half of a circle of radius 2: 16 − 2 π.
        assert_eq!(crate::number::square_metres(path.area()).round_dp(6).to_string(), "9.716815");
    }

    #[test]
    fn width_and_length_of_what_is_turned() {
        let at = |x: Nm, y: Nm| Corner { at: Point { x: x * METRE, y: y * METRE }, bulge: 0 };
        // 5 by 10, turned by the angle of 3, 4 and 5.
        let path = Path { corners: vec![at(0, 0), at(8, 6), at(5, 10), at(-3, 4)], closed: true };
        assert_eq!(path.width_and_length(&mut Work::default()), Some((5 * METRE, 10 * METRE)));
        assert_eq!(path.area(), 50 * METRE * METRE);
    }

    #[test]
    fn what_crosses_itself_is_seen_and_what_holds_a_point() {
        let mut bow = square(METRE);
        bow.corners.swap(1, 2);
        assert!(bow.crosses_itself(&mut Work::default()).is_some());
        assert_eq!(square(METRE).crosses_itself(&mut Work::default()), None);
        assert!(square(METRE).holds(Point { x: METRE / 2, y: 1 }));
        assert!(!square(METRE).holds(Point { x: METRE + 1, y: 1 }));
    }
}

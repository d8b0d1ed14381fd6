//! Where a block is put: enlarged, turned, moved.

use super::Unreadable;
use super::pairs::Record;
use crate::limits;
use crate::number::{Nm, ONE, divide, sine_cosine};
use crate::path::{Corner, Path, Point, flatten};

/// How what is drawn in a block comes to lie in the drawing: a matrix times [`ONE`], and a shift.
#[derive(Clone, Debug)]
pub(super) struct Place {
    a: i128,
    b: i128,
    c: i128,
    d: i128,
    x: Nm,
    y: Nm,
}

impl Default for Place {
    fn default() -> Self {
        Self { a: ONE, b: 0, c: 0, d: ONE, x: 0, y: 0 }
    }
}

impl Place {
    /// The place that an INSERT gives to a block; `shift` is that of a row and column of it.
    pub(super) fn of_insert(
        record: &Record<'_>,
        unit: i128,
        base: (Nm, Nm),
        shift: (Nm, Nm),
    ) -> Result<Self, Unreadable> {
        let bounds = Unreadable::Bounds { line: record.line() };
        let x = record.length(10, unit)?.unwrap_or(0);
        let y = record.length(20, unit)?.unwrap_or(0);
        let across = record.factor(41)?.unwrap_or(ONE);
        let up = record.factor(42)?.unwrap_or(ONE);
        let most = limits::ENLARGED * ONE;
        if across == 0 || up == 0 || across.abs() > most || up.abs() > most {
            return Err(bounds);
        }
        let (sine, cosine) = sine_cosine(record.factor(50)?.unwrap_or(0));
        let turned = Self { a: cosine, b: -sine, c: sine, d: cosine, x, y };
        let enlarged = Self { a: across, b: 0, c: 0, d: up, x: shift.0, y: shift.1 };
        let moved = Self { x: -base.0, y: -base.1, ..Self::default() };
        let inner = turned.then(&enlarged).and_then(|place| place.then(&moved));
        let inner = inner.ok_or(bounds.clone())?;
        mirror(record).map_or(Ok(inner.clone()), |mirror| mirror.then(&inner).ok_or(bounds))
    }

    /// First `inner`, then this.
    pub(super) fn then(&self, inner: &Self) -> Option<Self> {
        let sum = |one: i128, two: i128, three: i128, four: i128| {
            let value = divide(one.checked_mul(two)?.checked_add(three.checked_mul(four)?)?, ONE);
            (value.abs() <= limits::ENLARGED * ONE).then_some(value)
        };
        let at = self.point(Point { x: inner.x, y: inner.y })?;
        Some(Self {
            a: sum(self.a, inner.a, self.b, inner.c)?,
            b: sum(self.a, inner.b, self.b, inner.d)?,
            c: sum(self.c, inner.a, self.d, inner.c)?,
            d: sum(self.c, inner.b, self.d, inner.d)?,
            x: at.x,
            y: at.y,
        })
    }

    /// Where a point comes to lie; `None` if that is out of all bounds.
    pub(super) fn point(&self, point: Point) -> Option<Point> {
        let sum = |one: i128, two: i128, shift: Nm| {
            let value = one.checked_mul(point.x)?.checked_add(two.checked_mul(point.y)?)?;
            let value = divide(value, ONE) + shift;
            (value.abs() <= limits::COORDINATE).then_some(value)
        };
        Some(Point { x: sum(self.a, self.b, self.x)?, y: sum(self.c, self.d, self.y)? })
    }

    /// A path of straight lines.
    pub(super) fn path(&self, path: &Path) -> Option<Path> {
        let corners = path.corners.iter().map(|corner| Some(Corner { at: self.point(corner.at)?, bulge: 0 }));
        Some(Path { corners: corners.collect::<Option<_>>()?, closed: path.closed })
    }

    /// A path with arcs, divided into flat pieces where it comes to lie; they bend the other way in a mirror.
    pub(super) fn curve(&self, path: &Path) -> Option<Path> {
        let mirrored = self.a * self.d - self.b * self.c < 0;
        let placed: Option<Vec<Corner>> = path
            .corners
            .iter()
            .map(|corner| {
                let bulge = if mirrored { -corner.bulge } else { corner.bulge };
                Some(Corner { at: self.point(corner.at)?, bulge })
            })
            .collect();
        let placed = Path { corners: placed?, closed: path.closed };
        let mut corners = Vec::with_capacity(placed.corners.len());
        for (from, to, bulge) in placed.pieces() {
            flatten(&mut corners, from, to, bulge);
        }
        if !placed.closed {
            corners.extend(placed.corners.last().map(|corner| Corner { at: corner.at, bulge: 0 }));
        }
        Some(Path { corners, closed: placed.closed })
    }

    /// Whether a circle stays a circle.
    pub(super) fn keeps_angles(&self) -> bool {
        let same = |one: i128, other: i128| (one - other).abs() <= one.abs() / 1_000_000 + 10;
        (same(self.a, self.d) && same(self.b, -self.c)) || (same(self.a, -self.d) && same(self.b, self.c))
    }

    /// Where a direction comes to point.
    pub(super) fn direction(&self, (x, y): (i128, i128)) -> (i128, i128) {
        (divide(self.a * x + self.b * y, ONE), divide(self.c * x + self.d * y, ONE))
    }
}

/// What was drawn from behind (its third axis points away) lies mirrored in the drawing.
pub(super) fn mirror(record: &Record<'_>) -> Option<Place> {
    let behind = record.text(230).is_some_and(|axis| axis.starts_with('-'));
    behind.then(|| Place { a: -ONE, ..Place::default() })
}

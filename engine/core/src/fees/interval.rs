//! Intervals of a number line: the three kinds that tables may use.

use rust_decimal::Decimal;

use crate::source::scalar::Scalar;

crate::source::scalar::words! {
    /// Which ends of an interval belong to it. A table states it, because `1 to 20` and `20 to 30`
    /// overlap in one kind and not in another.
    pub enum Ends {
        /// The lower end belongs to it, the upper to the next.
        FromIn = "from <= x < to",
        /// The upper end belongs to it, the lower to the one before.
        ToIn = "from < x <= to",
        /// Both ends belong to it; whole numbers only.
        BothIn = "from <= x <= to",
    }
}

/// An interval as written: `0 to 20`, `20 to open`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The lower end.
    pub from: Decimal,
    /// The upper end; `None` if it is open.
    pub to: Option<Decimal>,
}

impl Interval {
    /// Reads `0 to 20` or `20 to open`.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once(" to ")?;
        let number = |text: &str| Decimal::parse(text.trim(), false);
        Some(Self { from: number(from)?, to: if to.trim() == "open" { None } else { Some(number(to)?) } })
    }

    /// The cut before which it begins and the cut before which it ends, in an order in which
    /// intervals that touch share a cut and intervals that overlap do not. Both kinds with one
    /// open end use the ends themselves; with both ends in, the end moves past the last number.
    pub(crate) fn cuts(self, ends: Ends) -> (Decimal, Option<Decimal>) {
        let past = |to: Decimal| if ends == Ends::BothIn { to + Decimal::ONE } else { to };
        (self.from, self.to.map(past))
    }

    /// Whether it holds nothing.
    pub(crate) fn is_empty(self, ends: Ends) -> bool {
        let (start, end) = self.cuts(ends);
        end.is_some_and(|end| end <= start)
    }

    /// The part of the line that holds everything from `min` to `max`, of numbers `step` apart.
    pub(crate) fn holding(min: Decimal, max: Option<Decimal>, step: Decimal, ends: Ends) -> Self {
        match ends {
            Ends::FromIn => Self { from: min, to: max.map(|max| max + step) },
            Ends::ToIn => Self { from: min - step, to: max },
            Ends::BothIn => Self { from: min, to: max },
        }
    }

    /// Whether it holds all of `other`.
    pub(crate) fn holds(self, other: Self) -> bool {
        self.from <= other.from && self.to.is_none_or(|to| other.to.is_some_and(|other| other <= to))
    }

    /// Whether its ends are whole numbers.
    pub(crate) fn is_whole(self) -> bool {
        self.from.fract().is_zero() && self.to.is_none_or(|to| to.fract().is_zero())
    }

    /// As it is written.
    pub fn written(self) -> String {
        let to = self.to.map_or_else(|| "open".to_owned(), |to| to.normalize().to_string());
        format!("{} to {to}", self.from.normalize())
    }
}

impl Ends {
    /// How many of the ascending `cuts` lie at or before `x`: the number of the stretch that `x`
    /// is in, from one; 0 if it is before all.
    pub(crate) fn stretch(self, cuts: &[Decimal], x: Decimal) -> usize {
        match self {
            Self::FromIn | Self::BothIn => cuts.partition_point(|cut| *cut <= x),
            Self::ToIn => cuts.partition_point(|cut| *cut < x),
        }
    }

    /// A number just inside of the stretch that begins at `at`, not beyond `x`: whose row is its row.
    pub(crate) fn just_inside(self, at: Decimal, x: Decimal) -> Decimal {
        match self {
            Self::FromIn => at,
            Self::ToIn => (at + Decimal::new(1, 9)).min(x),
            Self::BothIn => (at + Decimal::ONE).floor(),
        }
    }

    /// The smallest whole number in the stretch from `start` to `end`; a number in between if there is none.
    pub(crate) fn smallest(self, start: Decimal, end: Option<Decimal>) -> Decimal {
        let whole = match self {
            Self::FromIn | Self::BothIn => start.ceil(),
            Self::ToIn => start.floor() + Decimal::ONE,
        };
        let inside = match (self, end) {
            (_, None) => true,
            (Self::ToIn, Some(end)) => whole <= end,
            (_, Some(end)) => whole < end,
        };
        if inside {
            whole
        } else if self == Self::ToIn {
            end.unwrap_or(start)
        } else {
            start
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_number_of_a_stretch() {
        let number = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(Ends::FromIn.smallest(number("20"), None), number("20"));
        assert_eq!(Ends::ToIn.smallest(number("20"), None), number("21"));
        assert_eq!(Ends::ToIn.smallest(number("0.5"), Some(number("0.75"))), number("0.75"));
        assert_eq!(Ends::FromIn.smallest(number("0.5"), Some(number("0.75"))), number("0.5"));
        assert_eq!(Interval::parse("0 to 20").unwrap().written(), "0 to 20");
        assert_eq!(Interval::parse("0 till 20"), None);
    }
}

//! Money: whole paise, or the hundredth of whatever the currency is.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::limits::MONEY_PAISE;

/// An amount in whole hundredths (paise). Never a fraction of a paisa, never a float.
///
/// Sums cannot wrap: every amount that enters is at most [`MONEY_PAISE`], and arithmetic is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

impl Money {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// An amount of `paise`, or `None` past the largest amount the engine computes.
    pub fn from_paise(paise: i64) -> Option<Self> {
        (paise.unsigned_abs() <= MONEY_PAISE.unsigned_abs()).then_some(Self(paise))
    }

    /// The amount in whole paise.
    pub fn paise(self) -> i64 {
        self.0
    }

    /// Rounds exact rupees to whole paise; the caller states how.
    pub fn from_rupees(rupees: Decimal, rounding: Rounding) -> Option<Self> {
        let paise = rupees.checked_mul(Decimal::ONE_HUNDRED)?;
        Self::from_paise(rounding.whole(paise)?.to_i64()?)
    }

    /// The amount in rupees, exactly.
    pub fn rupees(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// Reads rupees as people and files write them: `1200`, `1200.5`, `1,00,000.00`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| *c != ',').collect();
        let exact = parse_decimal(&digits)?;
        (exact.scale() <= 2).then_some(())?;
        Self::from_rupees(exact, Rounding::HalfUp)
    }

    /// Whether nothing is owed either way.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether this is less than nothing.
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The smaller of two amounts.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }

    /// The sum, or `None` past the largest amount the engine computes.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Self::from_paise(self.0.checked_add(other.0)?)
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.checked_add(other.0).expect("amounts are far below the limit of i64"))
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.checked_sub(other.0).expect("amounts are far below the limit of i64"))
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

/// Plain digits with two decimals, for files and journals: `-1200.50`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:02}", self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100)
    }
}

/// How an exact amount becomes a whole number of units. Always written, never implied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearest; a half goes away from zero.
    HalfUp,
    /// To the nearest; a half goes to the even neighbour.
    HalfEven,
    /// Towards plus infinity.
    Up,
    /// Towards minus infinity.
    Down,
    /// To the nearest; exactly a half is left as it is, so the result may not be whole.
    HalfStays,
}

impl Rounding {
    /// The names authors write.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("half_up", Self::HalfUp),
        ("half_even", Self::HalfEven),
        ("up", Self::Up),
        ("down", Self::Down),
        ("half_stays", Self::HalfStays),
    ];

    /// `value` as a whole number of units.
    pub fn whole(self, value: Decimal) -> Option<Decimal> {
        Some(match self {
            Self::HalfUp => value.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero),
            Self::HalfEven => value.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven),
            Self::Up => value.ceil(),
            Self::Down => value.floor(),
            Self::HalfStays => {
                let doubled = value.checked_mul(Decimal::TWO)?;
                if doubled.fract().is_zero() { value } else { Self::HalfUp.whole(value)? }
            }
        })
    }

    /// `amount` as a multiple of `unit` (which is positive). With [`Rounding::HalfStays`] an exact
    /// half of the unit is left untouched.
    pub fn to_multiple(self, amount: Money, unit: Money) -> Money {
        let units = Decimal::from(amount.0) / Decimal::from(unit.0.max(1));
        let whole = self.whole(units).expect("an amount divided by a unit stays in range");
        let paise = (whole * Decimal::from(unit.0.max(1))).round().to_i64().expect("in range");
        Money(paise)
    }
}

/// Reads a plain decimal number: digits, one point, a leading minus; no exponent, no underscore.
pub fn parse_decimal(text: &str) -> Option<Decimal> {
    let body = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = body.split_once('.').unwrap_or((body, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (digits(whole) && digits(fraction) && body.len() <= 28).then_some(())?;
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints_exactly() {
        for (text, paise) in [("0", 0), ("1200", 120_000), ("150.5", 15_050), ("1,00,000.05", 10_000_005), ("-2", -200)]
        {
            assert_eq!(Money::parse(text).map(Money::paise), Some(paise), "{text}");
        }
        for text in ["", "1e3", "1_000", "NaN", "1.005", "99999999999999999999", "--1", "1."] {
            assert_eq!(Money::parse(text), None, "{text}");
        }
        assert_eq!(Money(-15_050).to_string(), "-150.50");
    }

    #[test]
    fn rounds_as_stated() {
        let half = "1000.50".parse::<Decimal>().unwrap();
        assert_eq!(Rounding::HalfUp.whole(half), Some(Decimal::from(1001)));
        assert_eq!(Rounding::HalfEven.whole(half), Some(Decimal::from(1000)));
        assert_eq!(Rounding::HalfStays.whole(half), Some(half));
        let rupee = Money(100);
        assert_eq!(Rounding::HalfStays.to_multiple(Money(100_050), rupee), Money(100_050));
        assert_eq!(Rounding::HalfUp.to_multiple(Money(10_040), rupee), Money(10_000));
    }
}

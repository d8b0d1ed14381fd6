//! Whether less than the whole may be paid at once, and how little.

use rust_decimal::Decimal;

use crate::base::Money;
use crate::base::money::Rounding;

/// Whether less than the whole may be paid at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartPayment {
    /// It may not.
    No,
    /// Any part of it may.
    Any,
    /// A part that is no less than this amount, above zero.
    Amount(Money),
    /// A part that is no less than so many per cent of what is owed on the day, above 0 and up to 100.
    Share(Decimal),
}

impl PartPayment {
    /// The least that is asked for where `owed` is owed: never more than that, and a share in whole `unit`s.
    /// Nothing where only the whole is taken.
    pub(super) fn least(self, owed: Money, unit: Money) -> Option<Money> {
        let least = match self {
            Self::No => return None,
            Self::Any => Money::ZERO,
            Self::Amount(amount) => amount,
            Self::Share(share) => {
                let exact = owed.rupees() * share / Decimal::ONE_HUNDRED;
                let amount = Money::from_rupees(exact, Rounding::Up).unwrap_or(owed);
                Rounding::Up.to_multiple(amount, unit)
            }
        };
        Some(least.min(owed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paise(paise: i64) -> Money {
        Money::from_paise(paise).unwrap()
    }

    fn least(part: PartPayment, owed: i64) -> Option<i64> {
        part.least(paise(owed), paise(100)).map(Money::paise)
    }

    #[test]
    fn what_is_smaller_than_the_least_amount_is_paid_whole() {
        let part = PartPayment::Amount(paise(50_000));
        for (owed, expected) in [(100_000, 50_000), (50_001, 50_000), (50_000, 50_000), (49_999, 49_999), (0, 0)] {
            assert_eq!(least(part, owed), Some(expected), "of {owed}");
        }
    }

    #[test]
    fn a_share_is_in_whole_units_and_never_more_than_is_owed() {
        let quarter = PartPayment::Share(Decimal::from(25));
        for (owed, expected) in [(100_000, 25_000), (100_001, 25_100), (99_999, 25_000), (150, 100), (99, 99), (0, 0)] {
            assert_eq!(least(quarter, owed), Some(expected), "of {owed}");
        }
        assert_eq!(least(PartPayment::Share(Decimal::ONE_HUNDRED), 12_345), Some(12_345));
        assert_eq!(quarter.least(paise(12_345), paise(1)), Some(paise(3_087)), "in paise where bills are");
    }

    #[test]
    fn any_part_has_no_least_and_the_whole_has_no_part() {
        assert_eq!((least(PartPayment::Any, 100_000), least(PartPayment::No, 100_000)), (Some(0), None));
    }
}

//! Numbers of which scale and range are proven before anything runs.

use rust_decimal::Decimal;

use super::super::program::{Constant, Rounding, Sign};
use super::operation::{Operand, Operation, Pair, Register};
use super::plan::Plan;

/// What an exact decimal can hold: less than 2⁹⁶ of its last digit.
const MOST: i128 = 1 << 96;
/// Decimals of an exact decimal.
const PLACES: u32 = 28;

/// A number: whole, in units of its last digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) value: Operand,
    pub(super) scale: u32,
    pub(super) low: i128,
    pub(super) high: i128,
}

impl Number {
    /// A number that is written.
    pub(super) fn of(constant: Constant) -> Option<Self> {
        let number = match constant {
            Constant::Whole(whole) => Decimal::from(whole),
            Constant::Number(number) => number.normalize(),
            _ => return None,
        };
        let value = number.mantissa();
        Some(Self { value: Operand::Same(value), scale: number.scale(), low: value, high: value })
    }

    fn fits(self) -> Option<Self> {
        (self.low > -MOST && self.high < MOST && self.scale <= PLACES).then_some(self)
    }

    fn is_narrow(self) -> bool {
        let narrow = |operand| !matches!(operand, Operand::Column(Register::Wide(_)));
        narrow(self.value) && i64::try_from(self.low).is_ok() && i64::try_from(self.high).is_ok()
    }

    /// A number that holds everything that either holds.
    pub(super) fn or(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high), ..self }
    }
}

/// 10 to the power of `digits`.
pub(super) fn power(digits: u32) -> Option<i128> {
    10_i128.checked_pow(digits)
}

impl Plan<'_> {
    /// The same number with more decimals.
    pub(super) fn rescaled(&mut self, number: Number, scale: u32) -> Option<Number> {
        if number.scale == scale {
            return Some(number);
        }
        let factor = power(scale.checked_sub(number.scale)?)?;
        let by = Number { value: Operand::Same(factor), scale: 0, low: factor, high: factor };
        let scaled = self.pair(Pair::Multiply, number, by)?;
        Number { scale, ..scaled }.fits()
    }

    /// Both with the same scale.
    pub(super) fn aligned(&mut self, x: Number, y: Number) -> Option<(Number, Number)> {
        let scale = x.scale.max(y.scale);
        Some((self.rescaled(x, scale)?, self.rescaled(y, scale)?))
    }

    /// An operator between numbers that gives a number.
    pub(super) fn computed(&mut self, sign: Sign, x: Number, y: Number) -> Option<Number> {
        match sign {
            Sign::Add | Sign::Subtract => {
                let (x, y) = self.aligned(x, y)?;
                self.pair(if sign == Sign::Add { Pair::Add } else { Pair::Subtract }, x, y)
            }
            Sign::Multiply => {
                let product = self.pair(Pair::Multiply, x, y)?;
                Number { scale: x.scale + y.scale, ..product }.fits()
            }
            Sign::Divide => {
                // Only by what has an exact reciprocal.
                let Operand::Same(divisor) = y.value else { return None };
                let digits = (0..=9).find(|digits| power(*digits).is_some_and(|p| divisor != 0 && p % divisor == 0))?;
                let by = power(digits)? / divisor;
                let reciprocal = Number { value: Operand::Same(by), scale: 0, low: by, high: by };
                let product = self.pair(Pair::Multiply, x, reciprocal)?;
                let scaled = Number { scale: x.scale + digits, ..product };
                // Dividing by 0.5 is dividing by 5 and multiplying by 10.
                if y.scale > scaled.scale {
                    return None;
                }
                Number { scale: scaled.scale - y.scale, ..scaled }.fits()
            }
            _ => None,
        }
    }

    /// The larger or the smaller.
    pub(super) fn better(&mut self, pair: Pair, x: Number, y: Number) -> Option<Number> {
        let (x, y) = self.aligned(x, y)?;
        self.pair(pair, x, y)
    }

    /// `rate` per cent of `amount`.
    pub(super) fn percent(&mut self, amount: Number, rate: Number) -> Option<Number> {
        let product = self.computed(Sign::Multiply, amount, rate)?;
        Number { scale: product.scale + 2, ..product }.fits()
    }

    /// Rounded to so many places.
    pub(super) fn rounded(&mut self, rounding: Rounding, number: Number, places: u32) -> Option<Number> {
        if places > 9 {
            return None;
        }
        if number.scale <= places {
            return Some(number);
        }
        let digits = number.scale - places;
        let by = i128::from(i64::try_from(power(digits)?).ok()?);
        let (low, high) = (round(rounding, number.low, by), round(rounding, number.high, by));
        if let Operand::Same(value) = number.value {
            let value = round(rounding, value, by);
            return Some(Number { value: Operand::Same(value), scale: places, low: value, high: value });
        }
        let to = self.register(low, high);
        self.say(Operation::Round { rounding, of: number.value, digits, to });
        Some(Number { value: Operand::Column(to), scale: places, low, high })
    }

    /// The year of today.
    pub(super) fn year(&mut self) -> Number {
        let to = self.narrow();
        self.say(Operation::Year { to });
        Number { value: Operand::Column(Register::Narrow(to)), scale: 0, low: 1, high: 9_999 }
    }

    /// One or the other, by a flag.
    pub(super) fn selected(&mut self, flag: usize, then: Number, otherwise: Number) -> Option<Number> {
        let (then, otherwise) = self.aligned(then, otherwise)?;
        let (low, high) = (then.low.min(otherwise.low), then.high.max(otherwise.high));
        let to = if then.is_narrow() && otherwise.is_narrow() { self.register(low, high) } else { self.wide() };
        self.say(Operation::Select { flag, then: then.value, otherwise: otherwise.value, to });
        Some(Number { value: Operand::Column(to), scale: then.scale, low, high })
    }

    fn pair(&mut self, pair: Pair, x: Number, y: Number) -> Option<Number> {
        let (low, high) = match pair {
            Pair::Add => (x.low.checked_add(y.low)?, x.high.checked_add(y.high)?),
            Pair::Subtract => (x.low.checked_sub(y.high)?, x.high.checked_sub(y.low)?),
            Pair::Multiply => {
                let ends = [(x.low, y.low), (x.low, y.high), (x.high, y.low), (x.high, y.high)];
                let mut products = [0; 4];
                for (product, (x, y)) in products.iter_mut().zip(ends) {
                    *product = x.checked_mul(y)?;
                }
                (products.into_iter().min()?, products.into_iter().max()?)
            }
            Pair::Larger => (x.low.max(y.low), x.high.max(y.high)),
            Pair::Smaller => (x.low.min(y.low), x.high.min(y.high)),
        };
        let bounds = Number { value: x.value, scale: x.scale, low, high }.fits()?;
        if let (Operand::Same(left), Operand::Same(right)) = (x.value, y.value) {
            let value = match pair {
                Pair::Add => left + right,
                Pair::Subtract => left - right,
                Pair::Multiply => left * right,
                Pair::Larger => left.max(right),
                Pair::Smaller => left.min(right),
            };
            return Some(Number { value: Operand::Same(value), ..bounds });
        }
        let to = if x.is_narrow() && y.is_narrow() { self.register(low, high) } else { self.wide() };
        self.say(Operation::Pair { pair, left: x.value, right: y.value, to });
        Some(Number { value: Operand::Column(to), ..bounds })
    }
}

/// A whole number without its last digits.
#[inline]
pub(super) fn round(rounding: Rounding, x: i128, by: i128) -> i128 {
    let (whole, rest) = (x / by, x % by);
    match rounding {
        Rounding::Up => whole + i128::from(rest > 0),
        Rounding::Down => whole - i128::from(rest < 0),
        Rounding::HalfUp if rest.abs() * 2 >= by => whole + rest.signum(),
        Rounding::HalfUp => whole,
    }
}

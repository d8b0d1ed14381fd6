//! Whole numbers in the place of fractions: lengths in nanometres, factors in billionths of a thousandth.

use rust_decimal::Decimal;

/// A length or coordinate in nanometres; an area in square nanometres.
pub type Nm = i128;

/// One, as factors are written: sines, bulges, scales.
pub const ONE: i128 = 1_000_000_000_000;

/// Half of a full turn, to twelve places.
const PI: i128 = 3_141_592_653_590;

/// `a / b` to the nearest whole number, halves away from zero. `b` is not zero.
pub fn divide(a: i128, b: i128) -> i128 {
    let (quotient, rest) = (a / b, a % b);
    if rest.unsigned_abs() >= b.unsigned_abs().div_ceil(2) {
        quotient + if (a < 0) == (b < 0) { 1 } else { -1 }
    } else {
        quotient
    }
}

/// The nearest whole number to the square root; 0 of what is negative.
pub fn root(square: i128) -> i128 {
    if square <= 0 {
        return 0;
    }
    let root = square.isqrt();
    if square - root * root > root { root + 1 } else { root }
}

/// Reads a number as drawings have it (`12.5`, `-1.25E+02`) times `unit`; `None` if it is none or out of all bounds.
pub fn scaled(text: &str, unit: i128) -> Option<i128> {
    let text = text.trim();
    let (body, exponent) = match text.split_once(['e', 'E']) {
        Some((body, exponent)) => (body, exponent.strip_prefix('+').unwrap_or(exponent).parse::<i32>().ok()?),
        None => (text, 0),
    };
    let negative = body.starts_with('-');
    let digits = body.strip_prefix(['-', '+']).unwrap_or(body);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let fraction = fraction.get(..fraction.len().min(18))?;
    let mut value: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes()) {
        if !digit.is_ascii_digit() || value > 10_i128.pow(25) {
            return None;
        }
        value = value * 10 + i128::from(digit - b'0');
    }
    if value == 0 {
        return Some(0);
    }
    let places = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let value = value.checked_mul(unit)?;
    let Some(power) = 10_i128.checked_pow(places.unsigned_abs()) else {
        // Programs write what is nearly nothing as 1E-60.
        return (places < 0).then_some(0);
    };
    let value = if places >= 0 { value.checked_mul(power)? } else { divide(value, power) };
    Some(if negative { -value } else { value })
}

/// Sine and cosine of an angle in degrees times [`ONE`], times [`ONE`]. Quarters of a turn are exact.
pub fn sine_cosine(degrees: i128) -> (i128, i128) {
    let turned = degrees.rem_euclid(360 * ONE);
    let quarter = turned / (90 * ONE);
    let rest = turned % (90 * ONE);
    // Above half of a quarter the two change places, so that the series stay short.
    let (sine, cosine) = if rest > 45 * ONE {
        let (sine, cosine) = small(90 * ONE - rest);
        (cosine, sine)
    } else {
        small(rest)
    };
    match quarter {
        0 => (sine, cosine),
        1 => (cosine, -sine),
        2 => (-sine, -cosine),
        _ => (-cosine, sine),
    }
}

/// The same of at most 45 degrees.
fn small(degrees: i128) -> (i128, i128) {
    let angle = divide(degrees * PI, 180 * ONE);
    let square = divide(angle * angle, ONE);
    let (mut sine, mut cosine) = (0, 0);
    let (mut odd, mut even) = (angle, ONE);
    for step in 0..10_i128 {
        sine += odd;
        cosine += even;
        odd = -divide(divide(odd * square, ONE), (2 * step + 2) * (2 * step + 3));
        even = -divide(divide(even * square, ONE), (2 * step + 1) * (2 * step + 2));
    }
    (sine, cosine)
}

/// Metres of a length in nanometres.
pub fn metres(length: Nm) -> Decimal {
    Decimal::try_from_i128_with_scale(length, 9).unwrap_or(Decimal::MAX)
}

/// Square metres of an area in square nanometres, to a millionth of a square millimetre.
pub fn square_metres(area: Nm) -> Decimal {
    Decimal::try_from_i128_with_scale(divide(area, 1_000_000), 12).unwrap_or(Decimal::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_drawings_are_read_exactly() {
        for (text, value) in [
            ("12.5", 12_500),
            (" -0.0005 ", -1),
            ("1.25E+01", 12_500),
            ("1e-3", 1),
            ("7", 7000),
            (".5", 500),
            ("0e999", 0),
            ("1.5E-60", 0),
        ] {
            assert_eq!(scaled(text, 1000), Some(value), "{text}");
        }
        for text in ["", "-", ".", "1e99", "nan", "1.2.3", "99999999999999999999999999999", "1é"] {
            assert_eq!(scaled(text, 1000), None, "{text}");
        }
    }

    #[test]
    fn sines_are_known_where_they_are_known() {
        assert_eq!(sine_cosine(0), (0, ONE));
        assert_eq!(sine_cosine(90 * ONE), (ONE, 0));
        assert_eq!(sine_cosine(-90 * ONE), (-ONE, 0));
        assert_eq!(sine_cosine(180 * ONE), (0, -ONE));
        let (sine, cosine) = sine_cosine(30 * ONE);
        assert!((sine - ONE / 2).abs() <= 2 && (cosine - 866_025_403_784).abs() <= 2, "{sine} {cosine}");
        for degrees in -720..720_i128 {
            let (sine, cosine) = sine_cosine(degrees * ONE);
            assert!((sine * sine + cosine * cosine - ONE * ONE).abs() < 10 * ONE, "{degrees}");
        }
    }

    #[test]
    fn roots_and_quotients_are_the_nearest() {
        assert_eq!((root(0), root(-4), root(6), root(7), root(25)), (0, 0, 2, 3, 5));
        assert_eq!((divide(5, 2), divide(-5, 2), divide(4, 3), divide(5, -2), divide(1, 3)), (3, -3, 1, -3, 0));
        assert_eq!(metres(2_500_000_000).to_string(), "2.500000000");
        assert_eq!(square_metres(1_500_000_000_000_000_000).normalize().to_string(), "1.5");
    }
}

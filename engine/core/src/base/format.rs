//! How amounts and days are written for people.

use chrono::Datelike;

use super::date::{Day, Moment};
use super::money::Money;

/// Digits of a whole number in groups: `12,34,567` if `indian`, else `1,234,567`.
pub fn grouped(digits: &str, indian: bool) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 2);
    out.push_str(sign);
    for (index, digit) in digits.char_indices() {
        let left = digits.len() - index;
        let comma = if indian && left > 3 { left % 2 == 1 } else { left % 3 == 0 };
        if index > 0 && comma {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// An amount with its sign: `₹1,00,000.00`, `-₹50.00`.
pub fn money(amount: Money, symbol: &str, indian: bool) -> String {
    let paise = amount.paise().unsigned_abs();
    let sign = if amount.is_negative() { "-" } else { "" };
    format!("{sign}{symbol}{}.{:02}", grouped(&(paise / 100).to_string(), indian), paise % 100)
}

/// A day as Indian forms write it: `31/03/2027`.
pub fn date(day: Day) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

/// The time of day, on a clock of twelve hours: hours (1 to 12), minutes, and whether it is after noon.
pub fn clock(moment: Moment) -> (i64, i64, bool) {
    let (hours, minutes) = (moment.minute() / 60, moment.minute() % 60);
    ((hours + 11) % 12 + 1, minutes, hours >= 12)
}

#[cfg(test)]
mod tests {
    use super::super::date::parse_day;
    use super::*;

    #[test]
    fn digits_are_grouped_as_the_country_does() {
        for (digits, indian, western) in [
            ("0", "0", "0"),
            ("999", "999", "999"),
            ("1000", "1,000", "1,000"),
            ("100000", "1,00,000", "100,000"),
            ("1234567", "12,34,567", "1,234,567"),
            ("10000000", "1,00,00,000", "10,000,000"),
            ("-100000", "-1,00,000", "-100,000"),
        ] {
            assert_eq!(grouped(digits, true), indian);
            assert_eq!(grouped(digits, false), western);
        }
    }

    #[test]
    fn amounts_and_days() {
        let amount = |text| Money::parse(text).unwrap();
        assert_eq!(money(amount("100000"), "₹", true), "₹1,00,000.00");
        assert_eq!(money(amount("-2150.5"), "₹", true), "-₹2,150.50");
        assert_eq!(money(amount("1234567.05"), "$", false), "$1,234,567.05");
        assert_eq!(date(parse_day("2027-03-31").unwrap()), "31/03/2027");
    }

    #[test]
    fn clocks_have_no_zero_hour() {
        let day = parse_day("2026-04-01").unwrap();
        for (minute, shown) in [(0, (12, 0, false)), (61, (1, 1, false)), (720, (12, 0, true)), (1439, (11, 59, true))]
        {
            assert_eq!(clock(Moment::at(day, minute, 330)), shown);
        }
    }
}

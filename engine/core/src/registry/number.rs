//! Numbers: reading their format, and writing the next of a series.

use super::{NumberFormat, NumberPart, Serials};
use crate::base::{Calendar, Day};

/// The letters before the numbers of vouchers, in every town.
pub const VOUCHERS: &str = "V";
/// The letters before the numbers of tills, in every town.
pub const TILLS: &str = "TILL";

/// What a number depends on besides its series.
#[derive(Clone, Copy, Debug)]
pub struct NumberFacts<'a> {
    /// The tenant's capital letters.
    pub tenant: &'a str,
    /// The day it is given.
    pub day: Day,
    /// The tenant's calendar.
    pub calendar: &'a Calendar,
}

impl NumberFormat {
    /// Numbers that are alike in every town and begin anew each financial year: `V/RVT/2026-27/0000001`, of
    /// the `prefix` and a serial of this `width`.
    pub fn by_year(prefix: &str, width: usize) -> Self {
        let slash = || NumberPart::Text("/".to_owned());
        Self {
            parts: vec![
                NumberPart::Text(format!("{prefix}/")),
                NumberPart::Tenant,
                slash(),
                NumberPart::FinancialYear,
                slash(),
                NumberPart::Serial(width),
            ],
        }
    }

    /// Reads `TL/{tenant}/{fy}/{serial:6}`; the error is the hole that means nothing, or why the
    /// format would give the same number twice.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some(open) = rest.find('{') {
            if open > 0 {
                parts.push(NumberPart::Text(rest[..open].to_owned()));
            }
            let close = rest[open..].find('}').ok_or("a `{` is not closed")? + open;
            parts.push(match &rest[open + 1..close] {
                "tenant" => NumberPart::Tenant,
                "fy" => NumberPart::FinancialYear,
                "year" => NumberPart::Year,
                hole => match hole.strip_prefix("serial:").and_then(|width| width.parse().ok()) {
                    Some(width @ 1..=12) => NumberPart::Serial(width),
                    _ => {
                        return Err(format!(
                            "`{{{hole}}}` means nothing: use {{tenant}}, {{fy}}, {{year}} or {{serial:6}}"
                        ));
                    }
                },
            });
            rest = &rest[close + 1..];
        }
        if !rest.is_empty() {
            parts.push(NumberPart::Text(rest.to_owned()));
        }
        let serials = parts.iter().filter(|part| matches!(part, NumberPart::Serial(_))).count();
        let fits = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_{}:".contains(&b));
        match (serials, fits) {
            (1, true) => Ok(Self { parts }),
            (_, false) => Err("only letters, digits, `/`, `-` and `_` may stand in a number".to_owned()),
            (0, _) => Err("without {serial:6} every number would be the same".to_owned()),
            _ => Err("{serial:…} may stand once".to_owned()),
        }
    }

    /// The series this number belongs to on a day: the number with its serial left open.
    pub fn series(&self, facts: NumberFacts<'_>) -> String {
        self.write(facts, None)
    }

    /// The next number; the series remembers that it was given.
    pub fn draw(&self, facts: NumberFacts<'_>, serials: &mut Serials) -> String {
        let last = serials.last.entry(self.series(facts)).or_insert(0);
        *last += 1;
        let serial = *last;
        self.write(facts, Some(serial))
    }

    /// Whether it could give this number, to any tenant on any day.
    pub fn may_write(&self, number: &str) -> bool {
        fits(&self.parts, number)
    }

    /// Whether its numbers are of the same series as those of `other`, in any town on any day; how many digits are
    /// written makes no difference.
    pub fn same_series(&self, other: &Self) -> bool {
        let alike = |(one, two): (&NumberPart, &NumberPart)| {
            one == two || matches!((one, two), (NumberPart::Serial(_), NumberPart::Serial(_)))
        };
        self.parts.len() == other.parts.len() && self.parts.iter().zip(&other.parts).all(alike)
    }

    fn write(&self, facts: NumberFacts<'_>, serial: Option<u64>) -> String {
        use std::fmt::Write as _;
        let mut number = String::new();
        for part in &self.parts {
            match (part, serial) {
                (NumberPart::Text(text), _) => number.push_str(text),
                (NumberPart::Tenant, _) => number.push_str(facts.tenant),
                (NumberPart::FinancialYear, _) => number.push_str(&facts.calendar.financial_year(facts.day)),
                (NumberPart::Year, _) => {
                    let _ = write!(number, "{}", chrono::Datelike::year(&facts.day));
                }
                (NumberPart::Serial(width), Some(serial)) => {
                    let _ = write!(number, "{serial:0width$}");
                }
                (NumberPart::Serial(_), None) => number.push('#'),
            }
        }
        number
    }
}

/// Whether `text` is what these parts may become. Years are digits and a hyphen, serials digits, and
/// the letters of a tenant anything but a `/`.
fn fits(parts: &[NumberPart], text: &str) -> bool {
    let Some((part, rest)) = parts.split_first() else { return text.is_empty() };
    let allowed: fn(u8) -> bool = match part {
        NumberPart::Text(fixed) => return text.strip_prefix(fixed.as_str()).is_some_and(|after| fits(rest, after)),
        NumberPart::Tenant => |byte| byte != b'/',
        NumberPart::FinancialYear => |byte| byte.is_ascii_digit() || byte == b'-',
        NumberPart::Year | NumberPart::Serial(_) => |byte| byte.is_ascii_digit(),
    };
    let most = text.bytes().take(40).take_while(|byte| allowed(*byte)).count();
    (1..=most).any(|end| text.is_char_boundary(end) && fits(rest, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::date::parse_day;

    #[test]
    fn writes_the_financial_year_and_six_digits() {
        let calendar = Calendar::default();
        let facts = NumberFacts { tenant: "041", day: parse_day("2023-01-05").unwrap(), calendar: &calendar };
        let format = NumberFormat::parse("PT/{tenant}/{fy}/{serial:6}").unwrap();
        let mut serials = Serials::default();
        // Figure X7 of the worked cases of other installations: the 42nd number of a town with the code 041.
        serials.last.insert(format.series(facts), 41);
        assert_eq!(format.draw(facts, &mut serials), "PT/041/2022-23/000042");
        assert_eq!(serials.last["PT/041/2022-23/#"], 42);
    }

    #[test]
    fn knows_the_numbers_it_may_give() {
        let format = NumberFormat::parse("PT/{tenant}/{fy}/{serial:6}").unwrap();
        for number in ["PT/DDN/2022-23/000042", "PT/041/2030-31/1234567"] {
            assert!(format.may_write(number), "{number}");
        }
        for number in ["PT/DDN/000042", "PT/DDN/2022-23/", "1044520000001D", "PT/DDN/2022-23/42a", "PT/\u{926}/x", ""] {
            assert!(!format.may_write(number), "{number}");
        }
    }

    #[test]
    fn knows_formats_that_share_a_series() {
        let format = |text: &str| NumberFormat::parse(text).unwrap();
        let applications = format("SP/{tenant}/{fy}/{serial:6}");
        assert!(applications.same_series(&format("SP/{tenant}/{fy}/{serial:4}")), "digits make no difference");
        assert!(NumberFormat::by_year(VOUCHERS, 1).same_series(&format("V/{tenant}/{fy}/{serial:7}")));
        for other in ["SP/{tenant}/{year}/{serial:6}", "SPR/{tenant}/{fy}/{serial:6}", "SP/{tenant}/{serial:6}"] {
            assert!(!applications.same_series(&format(other)), "{other}");
        }
    }

    #[test]
    fn refuses_formats_that_repeat_themselves() {
        // The last is figure X9: a year alone would begin anew in the middle of a financial year.
        for text in [
            "PT/{tenant}",
            "{serial}",
            "{serial:6}{serial:6}",
            "A{b}",
            "A B{serial:3}",
            "{serial:3",
            "BR/{fy:yyyy}/{serial:6}",
        ] {
            assert!(NumberFormat::parse(text).is_err(), "{text}");
        }
    }
}

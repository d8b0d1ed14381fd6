//! Numbers by which a state knows a person, which may stand nowhere whole in words that are accepted.
//!
//! Which numbers those are is said by the state; here is only how they are recognised. Whoever writes one is told to
//! leave it out, or to write its last digits.

mod digit;

pub use digit::CheckDigit;

use crate::base::Text;

/// Characters that may part two groups of digits of one number: as in `1234 - 5678`.
const GAP: usize = 3;

/// A number by which a person is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityNumber {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: Text,
    /// How many digits it has.
    pub digits: usize,
    /// The digits that it may begin with; any if there are none.
    pub first: String,
    /// How its last digit follows from the others.
    pub check: CheckDigit,
    /// How many digits at its end may be written.
    pub keep: usize,
}

/// A number that stands whole where it may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// What people call it.
    pub title: Text,
    /// How it may be written: `XXXX XXXX 1234`.
    pub example: String,
}

impl IdentityNumber {
    /// Whether `digits` are such a number.
    fn is(&self, digits: &str) -> bool {
        let begins = |first: char| self.first.is_empty() || self.first.contains(first);
        digits.len() == self.digits && digits.starts_with(begins) && self.check.holds(digits)
    }

    /// Whether groups of digits that follow each other make such a number.
    fn is_in(&self, groups: &[String]) -> bool {
        (0..groups.len()).any(|start| {
            let mut digits = String::new();
            for group in &groups[start..] {
                digits.push_str(group);
                if digits.len() >= self.digits {
                    break;
                }
            }
            self.is(&digits)
        })
    }

    /// How it may be written: `XXXX XXXX 1234`.
    pub fn example(&self) -> String {
        let hidden = std::iter::repeat_n('X', self.digits.saturating_sub(self.keep));
        let mut example = String::new();
        for (at, sign) in hidden.chain("1234567890".chars().cycle().take(self.keep)).enumerate() {
            if at > 0 && at % 4 == 0 {
                example.push(' ');
            }
            example.push(sign);
        }
        example
    }
}

/// The first of `numbers` that stands whole in `text`, whatever script its digits are of and however they are parted by
/// spaces and dashes. A longer number has none in it: digits that are written together belong together.
pub fn find(text: &str, numbers: &[IdentityNumber]) -> Option<Whole> {
    let least = numbers.iter().map(|number| number.digits).min()?;
    if text.chars().filter(|c| digit(*c).is_some()).count() < least {
        return None;
    }
    let rows = rows(text);
    let found = numbers.iter().find(|number| rows.iter().any(|groups| number.is_in(groups)))?;
    Some(Whole { title: found.title.clone(), example: found.example() })
}

/// Groups of digits, in rows within which nothing but a few spaces and dashes parts them.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut group, mut gap) = (Vec::new(), Vec::new(), String::new(), 0);
    for c in text.chars().filter(|c| !is_unseen(*c)).chain(std::iter::once('.')) {
        if let Some(digit) = digit(c) {
            group.push(digit);
            gap = 0;
            continue;
        }
        if !group.is_empty() {
            row.push(std::mem::take(&mut group));
        }
        gap += 1;
        if (gap > GAP || !is_gap(c)) && !row.is_empty() {
            rows.push(std::mem::take(&mut row));
        }
    }
    rows
}

/// Spaces and dashes.
fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '-' | '\u{2010}'..='\u{2015}')
}

/// Characters that take no room.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// A digit of an Indian or some other script as that of ASCII.
pub fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 13] =
        [0x30, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0660, 0x06f0, 0xff10];
    let value = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(*zero).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers() -> [IdentityNumber; 1] {
        [IdentityNumber {
            name: "person".to_owned(),
            title: Text::new("Number of a person"),
            digits: 12,
            first: "23456789".to_owned(),
            check: CheckDigit::Verhoeff,
            keep: 4,
        }]
    }

    #[test]
    fn priv_01_a_whole_number_is_found_however_it_is_written() {
        for text in [
            "234123412346",
            "2341 2341 2346",
            "2341-2341-2346",
            "Known as 2341 - 2341 – 2346, of this town.",
            "2 3 4 1 2 3 4 1 2 3 4 6",
            "ward 7 2341 2341 2346",
            "संख्या २३४१ २३४१ २३४६ है",
            "2341\u{200b}2341\u{a0}2346",
            "no234123412346x",
        ] {
            let whole = find(text, &numbers()).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(whole.example, "XXXX XXXX 1234", "{text}");
            assert_eq!(whole.title.written, "Number of a person");
        }
    }

    #[test]
    fn priv_01_other_numbers_may_be_written() {
        for text in [
            "",
            "XXXX XXXX 2346",
            "2346",
            // Another last digit, and a first digit that none begins with.
            "234123412347",
            "123456789010",
            // Longer numbers, parts of which are such numbers.
            "2341234123467",
            "9234123412346",
            // Two amounts and two numbers of telephones.
            "2341.2341, 2346",
            "9876543210, 9876501234",
            "234123\n412346",
        ] {
            assert_eq!(find(text, &numbers()), None, "{text}");
        }
        assert_eq!(find("234123412346", &[]), None);
    }
}

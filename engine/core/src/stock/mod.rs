//! Stocks of numbered things: certificate paper, metal tags, seals, plates. A town receives them in ranges and hands
//! them on to those who use them; an action of a case uses up one or several, and no number is used twice.
//!
//! Who holds what is the shell's to keep. A decision is told what whoever acts holds, and says which number goes.

pub(crate) mod check;
pub(crate) mod yaml;

use std::collections::BTreeMap;
use std::fmt;

use crate::base::{Name, Text, limits};
use crate::source::{At, Where};

/// A stock, as a service knows it. Services of a town that give one the same name share it.
#[derive(Clone, Debug)]
pub struct Stock {
    /// Its name.
    pub name: Name,
    /// What people call what is in it, in the plural.
    pub title: Text,
    /// The roles that receive it, hand it out and see who holds what.
    pub kept_by: Vec<At<Name>>,
    /// The roles that agree when a number is written off.
    pub written_off_by: Vec<At<Name>>,
    /// Where it is written.
    pub at: Where,
}

/// One thing that an action uses up.
#[derive(Clone, Debug)]
pub struct Uses {
    /// The stock.
    pub stock: At<Name>,
    /// The question into which the number is put.
    pub question: At<Name>,
    /// Whether the action is taken all the same where whoever acts holds none.
    pub optional: bool,
}

/// The number of one thing, as it is printed on it: what stands before the digits, and the digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Numbered {
    /// What stands before the digits; may be empty.
    pub prefix: String,
    /// How many digits are printed at the least.
    pub width: usize,
    /// What the digits say.
    pub serial: i64,
}

impl Numbered {
    /// The number that is written so; `None` if that is no number of a stock.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let width = text.chars().rev().take_while(char::is_ascii_digit).count();
        let (prefix, digits) = text.split_at(text.len() - width);
        let plain = |c: char| c.is_alphanumeric() || "-/. ".contains(c);
        if width > limits::STOCK_DIGITS || prefix.chars().count() > limits::STOCK_PREFIX || !prefix.chars().all(plain) {
            return None;
        }
        Some(Self { prefix: prefix.to_owned(), width, serial: digits.parse().ok()? })
    }

    /// Whether both are the same thing, however many zeros were written.
    pub fn is(&self, other: &Self) -> bool {
        self.prefix == other.prefix && self.serial == other.serial
    }
}

impl fmt::Display for Numbered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:0width$}", self.prefix, self.serial, width = self.width)
    }
}

/// Numbers that follow each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// What stands before the digits of each.
    pub prefix: String,
    /// How many digits are printed at the least.
    pub width: usize,
    /// The first.
    pub first: i64,
    /// The last.
    pub last: i64,
}

impl Range {
    /// From one number to another as they are printed; one alone where the last is empty.
    pub fn parse(first: &str, last: &str) -> Result<Self, RangeWrong> {
        let first = Numbered::parse(first).ok_or(RangeWrong::NoNumber)?;
        let last =
            if last.trim().is_empty() { first.clone() } else { Numbered::parse(last).ok_or(RangeWrong::NoNumber)? };
        let (end, written) = (Numbered { serial: last.serial, ..first.clone() }, last.to_string());
        if end.to_string() != written {
            return Err(RangeWrong::Unlike);
        }
        let Numbered { prefix, width, serial } = first;
        let range = Self { prefix, width, first: serial, last: last.serial };
        match range.count() {
            ..=0 => Err(RangeWrong::Backwards),
            1..=limits::STOCK_RANGE => Ok(range),
            _ => Err(RangeWrong::TooMany),
        }
    }

    /// How many they are.
    pub fn count(&self) -> i64 {
        self.last - self.first + 1
    }

    /// One of them, by what its digits say.
    pub fn number(&self, serial: i64) -> Numbered {
        Numbered { prefix: self.prefix.clone(), width: self.width, serial }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            return self.number(self.first).fmt(f);
        }
        write!(f, "{} – {}", self.number(self.first), self.number(self.last))
    }
}

/// Why two numbers are no range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeWrong {
    /// One of them is no number of a stock.
    NoNumber,
    /// They do not begin alike, or have not as many digits.
    Unlike,
    /// The last is before the first.
    Backwards,
    /// They are more than are moved at once.
    TooMany,
}

impl RangeWrong {
    /// The word by which the pages' words call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoNumber => "no_number",
            Self::Unlike => "unlike",
            Self::Backwards => "backwards",
            Self::TooMany => "too_many",
        }
    }
}

/// How a number that was named stands to whoever named it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// It is held by that person.
    Yours,
    /// Somebody else holds it, or it is on its way, or asked to be written off.
    OfAnother,
    /// It was used or written off.
    Gone,
}

/// What whoever acts holds of a stock, as far as a decision asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    /// Whether the town has ever received any of it.
    pub kept: bool,
    /// The first numbers that the person holds: as many as are asked for.
    pub next: Vec<Numbered>,
    /// Those of the numbers that were named that there are, as they are printed.
    pub named: Vec<(Numbered, Stands)>,
}

/// The same of every stock that is asked for.
pub type Holdings = BTreeMap<Name, Holding>;

#[cfg(test)]
mod tests {
    use super::*;

    fn range(first: &str, last: &str) -> Result<(String, i64), RangeWrong> {
        Range::parse(first, last).map(|range| (range.to_string(), range.count()))
    }

    #[test]
    fn numbers_are_read_and_printed_alike() {
        for text in ["T-00042", "000001", "KL 1/26/7", "अ-07"] {
            assert_eq!(Numbered::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "T-", "T-42b", "T_42", "1234567890123", "much too long-1"] {
            assert_eq!(Numbered::parse(text), None, "{text}");
        }
        let (one, other) = (Numbered::parse("T-042").unwrap(), Numbered::parse("T-42").unwrap());
        assert!(one.is(&other));
        assert!(!one.is(&Numbered::parse("S-42").unwrap()));
    }

    #[test]
    fn a_range_has_one_prefix_and_one_way_to_be_printed() {
        assert_eq!(range("T-0009", "T-0011"), Ok(("T-0009 – T-0011".to_owned(), 3)));
        assert_eq!(range("9", "11"), Ok(("9 – 11".to_owned(), 3)));
        assert_eq!(range("T-0009", ""), Ok(("T-0009".to_owned(), 1)));
        for (first, last, wrong) in [
            ("T-09", "T-011", RangeWrong::Unlike),
            ("T-9", "S-11", RangeWrong::Unlike),
            ("09", "9", RangeWrong::Unlike),
            ("T-00010", "T-00005", RangeWrong::Backwards),
            ("1", "20000", RangeWrong::TooMany),
            ("T-", "T-9", RangeWrong::NoNumber),
        ] {
            assert_eq!(range(first, last), Err(wrong), "{first} {last}");
        }
    }
}

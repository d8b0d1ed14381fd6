//! `counter`: money handed over in the office. There is no gateway; the clerk is the evidence.

/// A way to pay at the counter, and what the clerk must write down with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mode {
    /// The word by which the books know it.
    pub name: &'static str,
    /// What must be written down, each under its own word.
    pub particulars: &'static [Particular],
    /// Whether the money may still fail to come, as a cheque may be dishonoured.
    pub may_bounce: bool,
}

/// One thing to write down about a payment at the counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Particular {
    /// Its word.
    pub name: &'static str,
    /// What it must look like.
    pub shape: Shape,
}

/// What a particular must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Exactly so many digits.
    Digits(usize),
    /// A calendar date, ISO 8601 (`2027-03-31`).
    Date,
    /// Words of at most so many characters.
    Text(usize),
}

/// The ways to pay at the counter.
///
/// A cheque of the Indian clearing system has a number of six digits (RBI's CTS-2010 standard).
/// Of a card only what the terminal prints is kept: its approval code and the last four digits.
pub const MODES: [Mode; 3] = [
    Mode { name: "cash", particulars: &[], may_bounce: false },
    Mode {
        name: "cheque",
        particulars: &[
            Particular { name: "cheque_number", shape: Shape::Digits(6) },
            Particular { name: "cheque_date", shape: Shape::Date },
            Particular { name: "bank", shape: Shape::Text(80) },
        ],
        may_bounce: true,
    },
    Mode {
        name: "card",
        particulars: &[
            Particular { name: "approval_code", shape: Shape::Text(20) },
            Particular { name: "last_four_digits", shape: Shape::Digits(4) },
        ],
        may_bounce: false,
    },
];

/// The mode of that name.
pub fn mode(name: &str) -> Option<&'static Mode> {
    MODES.iter().find(|mode| mode.name == name)
}

impl Shape {
    /// Whether `text` looks so.
    pub fn fits(self, text: &str) -> bool {
        match self {
            Self::Digits(count) => text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit()),
            Self::Date => is_date(text),
            Self::Text(limit) => {
                !text.trim().is_empty() && text.chars().count() <= limit && !text.chars().any(char::is_control)
            }
        }
    }
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else {
        return false;
    };
    let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return false;
    }
    let number = |part: &str| part.parse::<u32>().expect("up to four digits");
    let year = number(year);
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match number(month) {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&number(day))
}

#[cfg(test)]
mod tests {
    use super::{Shape, mode};

    #[test]
    fn the_modes_say_what_is_written_down() {
        assert_eq!(mode("cash").map(|mode| mode.particulars.len()), Some(0));
        assert_eq!(mode("cheque").map(|mode| mode.may_bounce), Some(true));
        assert_eq!(mode("barter"), None);
    }

    #[test]
    fn particulars_have_shapes() {
        assert!(Shape::Digits(6).fits("012345"));
        assert!(!Shape::Digits(6).fits("12345"));
        assert!(Shape::Date.fits("2028-02-29"));
        for wrong in ["2027-02-29", "2027-13-01", "2027-1-1", "31/03/2027", "2027-04-31", ""] {
            assert!(!Shape::Date.fits(wrong), "{wrong}");
        }
        assert!(Shape::Text(5).fits("बैंक"));
        assert!(!Shape::Text(5).fits("  "));
    }
}

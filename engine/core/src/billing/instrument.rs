//! Cheques and drafts: what must be known of them before they are taken.

use crate::base::date::days_between;
use crate::base::{Day, limits};

/// A cheque or a demand draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// The number printed on it.
    pub number: String,
    /// The bank's branch on which it is drawn: its IFSC.
    pub bank: String,
    /// The day written on it.
    pub dated: Day,
}

/// What is wrong with an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstrumentWrong {
    /// Its number, of at most [`limits::INSTRUMENT_DIGITS`] digits, is missing.
    Number,
    /// This is no IFSC: four letters, a zero, six letters or digits.
    Bank,
    /// It is dated later than today.
    Future,
    /// It is older than [`limits::INSTRUMENT_DAYS`]: no bank would pay it.
    Stale,
}

impl Instrument {
    /// Whether both are the same piece of paper, on which one may have misread the day.
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.number, &self.bank) == (&other.number, &other.bank)
    }

    /// Everything that is wrong with it on a day; nothing, if it may be taken.
    pub fn wrong_on(&self, today: Day) -> Vec<InstrumentWrong> {
        let digits = self.number.bytes().all(|byte| byte.is_ascii_digit());
        let number = !self.number.is_empty() && self.number.len() <= limits::INSTRUMENT_DIGITS && digits;
        [
            (!number, InstrumentWrong::Number),
            (!is_ifsc(&self.bank), InstrumentWrong::Bank),
            (self.dated > today, InstrumentWrong::Future),
            (days_between(self.dated, today) > limits::INSTRUMENT_DAYS, InstrumentWrong::Stale),
        ]
        .into_iter()
        .filter_map(|(wrong, what)| wrong.then_some(what))
        .collect()
    }
}

/// Whether money of this mode comes by an instrument: by a cheque or a demand draft.
pub fn is_instrument(mode: &str) -> bool {
    matches!(mode, "cheque" | "dd")
}

/// Whether money of this mode is found again by a number that the clerk must write down.
pub fn needs_reference(mode: &str) -> bool {
    matches!(mode, "card" | "upi" | "neft" | "rtgs")
}

/// Four letters of the bank, a zero, six letters or digits of the branch (Reserve Bank of India).
fn is_ifsc(code: &str) -> bool {
    let bytes = code.as_bytes();
    bytes.len() == 11
        && bytes[..4].iter().all(u8::is_ascii_uppercase)
        && bytes[4] == b'0'
        && bytes[5..].iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::date::parse_day;

    fn judged(number: &str, bank: &str, dated: &str) -> Vec<InstrumentWrong> {
        let dated = parse_day(dated).unwrap();
        Instrument { number: number.to_owned(), bank: bank.to_owned(), dated }
            .wrong_on(parse_day("2026-06-30").unwrap())
    }

    #[test]
    fn a_cheque_is_taken_for_ninety_days() {
        assert_eq!(judged("004512", "SBIN0001234", "2026-06-30"), Vec::new());
        assert_eq!(judged("004512", "SBIN0001234", "2026-04-01"), Vec::new());
        assert_eq!(judged("004512", "SBIN0001234", "2026-03-31"), [InstrumentWrong::Stale]);
        assert_eq!(judged("004512", "SBIN0001234", "2026-07-01"), [InstrumentWrong::Future]);
    }

    #[test]
    fn a_cheque_is_the_same_whatever_day_is_read_on_it() {
        let of = |number: &str, bank: &str, dated: &str| {
            let dated = parse_day(dated).unwrap();
            Instrument { number: number.to_owned(), bank: bank.to_owned(), dated }
        };
        let cheque = of("004512", "SBIN0001234", "2026-06-30");
        assert!(cheque.is_same(&of("004512", "SBIN0001234", "2026-06-03")));
        assert!(!cheque.is_same(&of("004513", "SBIN0001234", "2026-06-30")));
        assert!(!cheque.is_same(&of("004512", "SBIN0001235", "2026-06-30")));
    }

    #[test]
    fn a_cheque_has_a_number_and_a_bank() {
        assert_eq!(judged("", "SBIN0001234", "2026-06-30"), [InstrumentWrong::Number]);
        assert_eq!(judged("45x", "SBIN0001234", "2026-06-30"), [InstrumentWrong::Number]);
        assert_eq!(judged("004512", "SBIN1001234", "2026-06-30"), [InstrumentWrong::Bank]);
        assert_eq!(
            judged("", "", "2026-07-01"),
            [InstrumentWrong::Number, InstrumentWrong::Bank, InstrumentWrong::Future]
        );
    }
}

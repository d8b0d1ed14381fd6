//! Money that arrived, and the modes by which it came.

use super::{Instrument, Receipt, is_instrument};
use crate::base::{Money, limits};

/// Money that arrived, before anybody asks what for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The sender's own id of this payment: the same key twice is the same money.
    pub key: String,
    /// How much in all; more than nothing.
    pub amount: Money,
    /// When it was begun: charges that depend on the day look at this.
    pub begun_ms: i64,
    /// What came by each mode, in the order in which it was handed over: one at least, together the amount.
    pub parts: Vec<Part>,
}

/// What of a payment came by one mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// How much; more than nothing.
    pub amount: Money,
    /// `cash`, `cheque`, `online` …: a mode of `accounts.yaml`.
    pub mode: String,
    /// Cheque number, card slip, gateway reference.
    pub reference: String,
    /// The cheque or draft, if the money came by one.
    pub instrument: Option<Instrument>,
}

impl Payment {
    /// A payment that came by one mode.
    pub fn of_one(key: String, begun_ms: i64, part: Part) -> Self {
        Self { key, amount: part.amount, begun_ms, parts: vec![part] }
    }

    /// A payment of these parts; `None` if their sum is more than money can be.
    pub fn of(key: String, begun_ms: i64, parts: Vec<Part>) -> Option<Self> {
        let amount = sum(&parts)?;
        Some(Self { key, amount, begun_ms, parts })
    }

    /// Whether it can be taken: it has some parts and not too many, none of nothing, together its amount, and no
    /// cheque or draft is given twice.
    pub fn adds_up(&self) -> bool {
        let instruments: Vec<&Instrument> = self.parts.iter().filter_map(|part| part.instrument.as_ref()).collect();
        let twice = |(at, one): (usize, &&Instrument)| instruments.iter().skip(at + 1).any(|other| one.is_same(other));
        !self.parts.is_empty()
            && self.parts.len() <= limits::PAYMENT_PARTS
            && self.parts.iter().all(|part| part.amount.paise() > 0)
            && sum(&self.parts) == Some(self.amount)
            && !instruments.iter().enumerate().any(twice)
    }

    /// Each mode once, in the order of the parts.
    pub fn modes(&self) -> Vec<&str> {
        by_mode(&self.parts).into_iter().map(|(mode, _)| mode).collect()
    }

    /// By what the money is found again: the references of all parts.
    pub fn reference(&self) -> String {
        references(&self.parts)
    }
}

/// What parts make; `None` if that is more than money can be.
fn sum(parts: &[Part]) -> Option<Money> {
    parts.iter().try_fold(Money::ZERO, |sum, part| sum.checked_add(part.amount))
}

fn references<'a>(parts: impl IntoIterator<Item = &'a Part>) -> String {
    let told = parts.into_iter().map(|part| part.reference.as_str()).filter(|reference| !reference.is_empty());
    told.collect::<Vec<_>>().join("; ")
}

/// Each mode of these parts once, in their order, with all that came by it.
pub fn by_mode<'a>(parts: impl IntoIterator<Item = &'a Part>) -> Vec<(&'a str, Money)> {
    let mut sums: Vec<(&str, Money)> = Vec::new();
    for part in parts {
        match sums.iter_mut().find(|(mode, _)| *mode == part.mode) {
            Some((_, sum)) => *sum = *sum + part.amount,
            None => sums.push((part.mode.as_str(), part.amount)),
        }
    }
    sums
}

impl Receipt {
    /// The parts of its money that the bank did not send back, each with its place.
    pub fn standing(&self) -> impl Iterator<Item = (usize, &Part)> {
        self.payment.parts.iter().enumerate().filter(|(at, _)| !self.returned.contains(at))
    }

    /// What those parts make: all that came, where none was sent back.
    pub fn stands(&self) -> Money {
        self.standing().map(|(_, part)| part.amount).sum()
    }

    /// The places of its cheques and drafts that the bank may still send back.
    pub fn may_return(&self) -> Vec<usize> {
        self.standing().filter(|(_, part)| is_instrument(&part.mode)).map(|(at, _)| at).collect()
    }

    /// Each mode of what stands, once, with all that came by it.
    pub fn by_mode(&self) -> Vec<(&str, Money)> {
        by_mode(self.standing().map(|(_, part)| part))
    }

    /// Each mode of what stands, once.
    pub fn modes(&self) -> Vec<&str> {
        self.by_mode().into_iter().map(|(mode, _)| mode).collect()
    }

    /// By what the money that stands is found again.
    pub fn reference(&self) -> String {
        references(self.standing().map(|(_, part)| part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::date::parse_day;

    fn part(paise: i64, mode: &str, number: &str) -> Part {
        let instrument = Instrument {
            number: number.to_owned(),
            bank: "SBIN0000001".to_owned(),
            dated: parse_day("2026-06-30").unwrap(),
        };
        Part {
            amount: Money::from_paise(paise).unwrap(),
            mode: mode.to_owned(),
            reference: number.to_owned(),
            instrument: is_instrument(mode).then_some(instrument),
        }
    }

    fn payment(parts: &[Part]) -> Payment {
        Payment::of("k".to_owned(), 0, parts.to_vec()).unwrap()
    }

    #[test]
    fn its_parts_are_its_amount_to_the_paisa() {
        let two = payment(&[part(400_000, "dd", "100001"), part(100_001, "cash", "")]);
        assert_eq!(two.amount.paise(), 500_001);
        assert!(two.adds_up());
        let less = Payment { amount: Money::from_paise(500_000).unwrap(), ..two.clone() };
        assert!(!less.adds_up(), "a paisa would be lost");
        assert!(!payment(&[]).adds_up(), "nothing came");
        assert!(!payment(&[part(100, "cash", ""), part(0, "upi", "7")]).adds_up(), "a part of nothing");
        assert!(!payment(&[part(300, "cash", ""), part(-100, "upi", "7")]).adds_up(), "less than nothing");
        let many = vec![part(100, "upi", "7"); limits::PAYMENT_PARTS];
        assert!(payment(&many).adds_up());
        assert!(!payment(&[many, vec![part(1, "cash", "")]].concat()).adds_up(), "more than a counter asks");
        let most = part(limits::MONEY_PAISE, "cash", "");
        assert_eq!(Payment::of("k".to_owned(), 0, vec![most.clone(), most]), None);
    }

    #[test]
    fn a_cheque_is_not_given_twice_and_two_are_one_mode() {
        let twice = payment(&[part(100, "cheque", "100001"), part(200, "cheque", "100001")]);
        assert!(!twice.adds_up());
        let two = payment(&[part(100, "cheque", "100001"), part(5, "cash", ""), part(200, "cheque", "100002")]);
        assert!(two.adds_up());
        let sums: Vec<(&str, i64)> = by_mode(&two.parts).into_iter().map(|(mode, sum)| (mode, sum.paise())).collect();
        assert_eq!(sums, [("cheque", 300), ("cash", 5)]);
        assert_eq!((two.modes(), two.reference()), (vec!["cheque", "cash"], "100001; 100002".to_owned()));
    }

    #[test]
    fn what_the_bank_sent_back_does_not_stand() {
        let payment = payment(&[part(100, "cheque", "100001"), part(5, "cash", ""), part(200, "dd", "100002")]);
        let mut receipt = Receipt {
            number: "R/1".to_owned(),
            payment,
            on: parse_day("2026-06-30").unwrap(),
            till: None,
            charged: Vec::new(),
            applied: Vec::new(),
            unapplied: Money::ZERO,
            refunded: Money::ZERO,
            returned: Vec::new(),
            cancelled: false,
        };
        assert_eq!((receipt.stands().paise(), receipt.may_return()), (305, vec![0, 2]));
        receipt.returned.push(2);
        assert_eq!((receipt.stands().paise(), receipt.may_return()), (105, vec![0]));
        let sums: Vec<(&str, i64)> = receipt.by_mode().into_iter().map(|(mode, sum)| (mode, sum.paise())).collect();
        assert_eq!(sums, [("cheque", 100), ("cash", 5)]);
        assert_eq!((receipt.modes(), receipt.reference()), (vec!["cheque", "cash"], "100001".to_owned()));
    }
}

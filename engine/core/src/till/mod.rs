//! Tills: what ought to be in the drawer of whoever takes money over a counter, what was counted in it,
//! and what is missing or there beyond it.

use std::collections::BTreeMap;

use crate::base::{Day, Money};
use crate::billing::CASH;
use crate::ledger::{Chart, Line, Voucher, VoucherKind};
use crate::registry::{NumberFormat, TILLS};

/// Notes of one worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pieces {
    /// What one of them is worth.
    pub worth: Money,
    /// How many there are.
    pub number: u32,
}

impl Pieces {
    /// What they are worth together; `None` if that is more than money can be.
    pub fn amount(&self) -> Option<Money> {
        Money::from_paise(self.worth.paise().checked_mul(i64::from(self.number))?)
    }
}

/// What somebody counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Notes, by what they are worth.
    pub pieces: Vec<Pieces>,
    /// Coins, and whatever is not counted piece by piece, as one sum.
    pub coins: Money,
    /// By every other mode in which money came, the sum of cheques, slips and messages.
    pub others: BTreeMap<String, Money>,
}

impl Count {
    /// Notes and coins together; `None` if that is more than money can be.
    pub fn cash(&self) -> Option<Money> {
        self.pieces.iter().try_fold(self.coins, |sum, pieces| sum.checked_add(pieces.amount()?))
    }

    /// What was counted of a mode; nothing of one that was not counted.
    fn of(&self, mode: &str) -> Option<Money> {
        if mode == CASH { self.cash() } else { Some(self.others.get(mode).copied().unwrap_or_default()) }
    }
}

/// One mode of a till: what came by it, what ought to be there, what is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModeSum {
    /// `cash`, `cheque` …
    pub mode: String,
    /// How many receipts it has that stand.
    pub receipts: u32,
    /// What ought to be there: those receipts; of cash, with what the till was opened with.
    pub expected: Money,
    /// What was counted; nothing before it was.
    pub counted: Money,
}

impl ModeSum {
    /// What is there beyond what ought to be; less than nothing if some is missing.
    pub fn difference(&self) -> Money {
        self.counted - self.expected
    }
}

/// What ought to be in a till: its `float` and what stands of its receipts, by mode, cash first. Cash is
/// always among them. A receipt tells each of its modes once. `None` if the sums are more than money can be.
pub fn expected<'a>(float: Money, taken: impl IntoIterator<Item = (&'a str, Money)>) -> Option<Vec<ModeSum>> {
    let sum = |mode: &str, expected| ModeSum { mode: mode.to_owned(), receipts: 0, expected, counted: Money::ZERO };
    let mut sums = vec![sum(CASH, float)];
    for (mode, amount) in taken {
        let at = sums.iter().position(|known| known.mode == mode).unwrap_or_else(|| {
            sums.push(sum(mode, Money::ZERO));
            sums.len() - 1
        });
        sums[at].receipts += 1;
        sums[at].expected = sums[at].expected.checked_add(amount)?;
    }
    sums[1..].sort_by(|one, other| one.mode.cmp(&other.mode));
    Some(sums)
}

/// The same sums with what was counted of each. `None` if that is more than money can be.
pub fn counted(mut sums: Vec<ModeSum>, count: &Count) -> Option<Vec<ModeSum>> {
    for sum in &mut sums {
        sum.counted = count.of(&sum.mode)?;
    }
    Some(sums)
}

/// The voucher of what is missing in a till, or there beyond what ought to be; `None` if nothing is, or if
/// the chart says nowhere to book it.
pub fn voucher(chart: &Chart, difference: Money, number: String, on: Day) -> Option<Voucher> {
    let accounts = chart.cash_difference.as_ref()?;
    let other = if difference.is_negative() { &accounts.short } else { &accounts.over };
    let lines = [
        Line { account: chart.collection(CASH)?.to_owned(), amount: difference },
        Line { account: other.clone(), amount: -difference },
    ];
    Voucher::new(number, on, accounts.fund.clone(), VoucherKind::CashDifference, &lines)
}

/// Tills are numbered alike in every town, year by year.
pub fn number() -> NumberFormat {
    NumberFormat::by_year(TILLS, 6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::date::parse_day;
    use crate::base::{Name, limits};
    use crate::ledger::CashDifference;

    fn rupees(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    fn chart() -> Chart {
        let difference = CashDifference { fund: Name::new("general"), short: "46".to_owned(), over: "35".to_owned() };
        Chart {
            collection: BTreeMap::from([(CASH.to_owned(), "45".to_owned())]),
            cash_difference: Some(difference),
            ..Chart::default()
        }
    }

    #[test]
    fn what_ought_to_be_there_is_the_float_and_what_came_by_each_mode() {
        let taken = [("upi", "10"), ("cash", "1150.50"), ("cheque", "200"), ("cash", "0.25")];
        let sums = expected(rupees("500"), taken.map(|(mode, amount)| (mode, rupees(amount)))).unwrap();
        let told: Vec<(&str, u32, String)> =
            sums.iter().map(|sum| (sum.mode.as_str(), sum.receipts, sum.expected.to_string())).collect();
        let whole = [("cash", 2, "1650.75"), ("cheque", 1, "200.00"), ("upi", 1, "10.00")];
        assert_eq!(told, whole.map(|(mode, receipts, sum)| (mode, receipts, sum.to_owned())));
        assert_eq!(expected(rupees("0"), []).unwrap().len(), 1, "cash is counted though none came");
    }

    #[test]
    fn notes_and_coins_are_added_to_the_paisa() {
        let count = Count {
            pieces: vec![Pieces { worth: rupees("500"), number: 3 }, Pieces { worth: rupees("20"), number: 7 }],
            coins: rupees("11"),
            others: BTreeMap::from([("cheque".to_owned(), rupees("190"))]),
        };
        assert_eq!(count.cash(), Some(rupees("1651")));
        let sums = expected(rupees("500"), [("cash", rupees("1150.50")), ("cheque", rupees("200"))]).unwrap();
        let sums = counted(sums, &count).unwrap();
        assert_eq!((sums[0].difference(), sums[1].difference()), (rupees("0.50"), -rupees("10")));
        let most = Money::from_paise(limits::MONEY_PAISE).unwrap();
        let too_many = Count { pieces: vec![Pieces { worth: most, number: 2 }], ..Count::default() };
        assert_eq!(too_many.cash(), None);
    }

    #[test]
    fn what_is_missing_and_what_is_left_over_are_booked_and_balance() {
        let on = parse_day("2026-04-06").unwrap();
        let lines = |difference: Money| {
            let voucher = voucher(&chart(), difference, "V/1".to_owned(), on)?;
            Some(voucher.lines().iter().map(|line| (line.account.clone(), line.amount.paise())).collect::<Vec<_>>())
        };
        assert_eq!(lines(-rupees("0.50")), Some(vec![("45".to_owned(), -50), ("46".to_owned(), 50)]));
        assert_eq!(lines(rupees("3")), Some(vec![("35".to_owned(), -300), ("45".to_owned(), 300)]));
        assert_eq!(lines(Money::ZERO), None, "nothing moves");
        assert_eq!(voucher(&Chart::default(), rupees("3"), "V/1".to_owned(), on), None, "nobody said where to");
    }
}

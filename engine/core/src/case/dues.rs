//! What is owed on a record: the bills of all cases that it is billed by, as one bill of a day.

use super::refusal::Refusal;
use super::{Case, charge};
use crate::base::date::add_days;
use crate::base::{Day, Money};
use crate::billing::{Bill, BillPart};
use crate::service::Service;
use chrono::{Datelike as _, Months};

/// Months in which a rise of what is owed is looked for: a year of rebates and interest, and the first
/// month of the next.
const MONTHS: u32 = 13;

/// A case that a record is billed by, with the definition that it is reckoned by.
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    /// The definition.
    pub service: &'a Service,
    /// The case.
    pub case: &'a Case,
}

/// What is due on a day on a record. A view, never stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordBill {
    /// The day.
    pub day: Day,
    /// The bill of each case, in the order in which the cases were given.
    pub bills: Vec<Bill>,
    /// The sum.
    pub total: Money,
    /// What was paid before anything was owed, and waits.
    pub credit: Money,
    /// The earliest due day.
    pub due_on: Option<Day>,
}

/// When what is owed rises, if nothing is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rise {
    /// The last day on which no more is owed than today.
    pub until: Day,
    /// How much more it is on the day after.
    pub more: Money,
}

/// What is due on `day` in all of `accounts`.
pub fn bill_of_all(accounts: &[Account<'_>], day: Day) -> Result<RecordBill, Refusal> {
    let mut bills = Vec::with_capacity(accounts.len());
    for account in accounts {
        bills.push(charge::bill(account.service, account.case, day)?);
    }
    let receipts = accounts.iter().flat_map(|account| &account.case.receipts);
    Ok(RecordBill {
        day,
        total: bills.iter().map(|bill| bill.total).sum(),
        credit: receipts.filter(|receipt| !receipt.cancelled).map(|receipt| receipt.unapplied).sum(),
        due_on: bills.iter().filter_map(|bill| bill.due_on).min(),
        bills,
    })
}

/// When what is owed on `accounts` rises above what it is on `from`; nothing where it does not within
/// [`MONTHS`], or where the rules do not know such days yet.
pub fn rise(accounts: &[Account<'_>], from: Day) -> Option<Rise> {
    rise_of(from, |day| bill_of_all(accounts, day).ok().map(|bill| bill.total))
}

/// Looks at the end of each month, since what changes with the day changes with months, quarters and
/// years; then halves the month in which more is owed down to the day. On the day that is found more is
/// owed than on the day before it, whatever the rule: both were asked.
fn rise_of(from: Day, total: impl Fn(Day) -> Option<Money>) -> Option<Rise> {
    let now = total(from)?;
    if now.paise() <= 0 {
        return None;
    }
    let mut until = from;
    for month in 0..MONTHS {
        let end = month_end(from, month)?;
        if total(end)? <= now {
            until = end;
            continue;
        }
        let mut dearer = end;
        while (dearer - until).num_days() > 1 {
            let middle = add_days(until, (dearer - until).num_days() / 2);
            if total(middle)? > now { dearer = middle } else { until = middle }
        }
        return Some(Rise { until, more: total(dearer)? - now });
    }
    None
}

/// The last day of the month that lies `months` after that of `day`.
fn month_end(day: Day, months: u32) -> Option<Day> {
    let next = day.with_day(1)?.checked_add_months(Months::new(months + 1))?;
    Some(add_days(next, -1))
}

impl RecordBill {
    /// The parts of all bills, each with the place of its account, the oldest first.
    pub fn parts(&self) -> Vec<(usize, &BillPart)> {
        let all = self.bills.iter().enumerate();
        let mut parts: Vec<(usize, &BillPart)> =
            all.flat_map(|(at, bill)| bill.parts.iter().map(move |part| (at, part))).collect();
        // A case settles its own demands in this order too.
        parts.sort_by_key(|(at, part)| (part.since, *at));
        parts
    }

    /// How an amount is divided over the accounts, the oldest demand first: place of the account, amount.
    /// What is beyond everything that is owed is the last one's, where it waits.
    pub fn shares(&self, amount: Money) -> Vec<(usize, Money)> {
        let mut shares: Vec<(usize, Money)> = Vec::new();
        let mut left = amount;
        let mut give = |at: usize, part: Money| match shares.iter_mut().find(|(known, _)| *known == at) {
            Some((_, sum)) => *sum = *sum + part,
            None => shares.push((at, part)),
        };
        let parts = self.parts();
        for (at, part) in parts.iter().filter(|(_, part)| part.total.paise() > 0) {
            if left.is_zero() {
                break;
            }
            let share = part.total.min(left);
            give(*at, share);
            left = left - share;
        }
        if let Some((at, _)) = parts.last().filter(|_| !left.is_zero()) {
            give(*at, left);
        }
        shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::date::parse_day;
    use crate::fees::Steps;

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    fn rupees(rupees: i64) -> Money {
        Money::from_paise(rupees * 100).unwrap()
    }

    fn found(from: &str, total: impl Fn(Day) -> Option<Money>) -> Option<(String, i64)> {
        rise_of(day(from), total).map(|rise| (rise.until.to_string(), rise.more.paise() / 100))
    }

    #[test]
    fn the_last_day_of_a_rebate_is_found_wherever_it_lies() {
        for last in ["2026-06-15", "2026-06-16", "2026-06-30", "2026-07-01", "2026-10-31", "2027-03-31", "2027-06-30"] {
            let ends = day(last);
            let total = |on: Day| Some(if on <= ends { rupees(900) } else { rupees(1_000) });
            let expected = (last != "2027-06-30").then(|| (last.to_owned(), 100));
            assert_eq!(found("2026-06-15", total), expected, "{last}");
        }
    }

    #[test]
    fn interest_of_each_day_rises_tomorrow() {
        let begun = day("2026-06-15");
        let total = |on: Day| Some(rupees(1_000 + (on - begun).num_days()));
        assert_eq!(found("2026-06-15", total), Some(("2026-06-15".to_owned(), 1)));
        assert_eq!(found("2026-06-30", total), Some(("2026-06-30".to_owned(), 1)), "also at the end of a month");
    }

    #[test]
    fn what_becomes_cheaper_first_is_compared_with_today() {
        let total = |on: Day| {
            Some(match on {
                on if on < day("2026-08-10") => rupees(1_000),
                on if on < day("2026-09-10") => rupees(800),
                on if on < day("2027-04-01") => rupees(1_000),
                _ => rupees(1_120),
            })
        };
        assert_eq!(found("2026-06-15", total), Some(("2027-03-31".to_owned(), 120)));
    }

    #[test]
    fn nothing_is_said_of_days_that_the_rules_do_not_know() {
        let total = |on: Day| (on < day("2027-04-01")).then(|| rupees(1_000));
        assert_eq!(found("2026-06-15", total), None);
        assert_eq!(found("2026-06-15", |_| Some(rupees(1_000))), None);
        assert_eq!(found("2026-06-15", |_| Some(Money::ZERO)), None, "nothing is owed");
    }

    fn bill(parts: &[(&str, i64)]) -> Bill {
        let part = |(from, total): &(&str, i64)| BillPart {
            demand: 1,
            period: None,
            since: day(from),
            due_on: add_days(day(from), 30),
            lines: Vec::new(),
            of_day: Vec::new(),
            total: rupees(*total),
            steps: Steps::default(),
        };
        let parts: Vec<BillPart> = parts.iter().map(part).collect();
        let total = parts.iter().map(|part| part.total).sum();
        Bill { day: day("2026-06-15"), parts, lines: Vec::new(), total, steps: Steps::default(), due_on: None }
    }

    fn shared(bills: Vec<Bill>, amount: i64) -> Vec<(usize, i64)> {
        let total = bills.iter().map(|bill| bill.total).sum();
        let bill = RecordBill { day: day("2026-06-15"), bills, total, credit: Money::ZERO, due_on: None };
        let shares = bill.shares(rupees(amount));
        assert_eq!(shares.iter().map(|(_, share)| *share).sum::<Money>(), rupees(amount), "nothing is lost");
        shares.into_iter().map(|(at, share)| (at, share.paise() / 100)).collect()
    }

    #[test]
    fn money_goes_to_the_oldest_year_first_whichever_case_it_is_of() {
        let two = || {
            vec![bill(&[("2025-04-01", 300), ("2026-04-01", 400)]), bill(&[("2024-04-01", 100), ("2026-04-01", 200)])]
        };
        assert_eq!(shared(two(), 1_000), [(1, 300), (0, 700)]);
        assert_eq!(shared(two(), 100), [(1, 100)]);
        assert_eq!(shared(two(), 450), [(1, 100), (0, 350)]);
        assert_eq!(shared(two(), 850), [(1, 150), (0, 700)]);
        assert_eq!(shared(two(), 1_250), [(1, 550), (0, 700)], "what is beyond waits with the newest");
    }
}

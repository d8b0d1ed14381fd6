//! From events of money to vouchers. The checker has proved that every head has an account and
//! that the sides fit, so this cannot fail for a checked service.

use super::{Chart, Line, Pair, Postings, Side};
use crate::base::{Money, Name};
use crate::billing::Demand;

/// The lines by which money that waited leaves.
fn leaving(pair: Option<&Pair>, amount: Money) -> Vec<Line> {
    let Some(pair) = pair else { return Vec::new() };
    vec![
        Line { account: account(&pair.debit.value), amount },
        Line { account: account(&pair.credit.value), amount: -amount },
    ]
}

impl Postings {
    /// The lines of a demand: the receivable, and every head.
    pub fn demand_lines(&self, heads: &[(Name, Money)]) -> Vec<Line> {
        let total: Money = heads.iter().map(|(_, amount)| *amount).sum();
        let mut lines = vec![Line { account: account(&self.demand.debit.value), amount: total }];
        lines.extend(heads.iter().map(|(head, amount)| Line { account: self.head(head), amount: -*amount }));
        lines
    }

    /// The lines of everything that a demand holds: what it was raised or taken over with, and what
    /// was `added` to it since, which is booked by its heads in any case. Without an account of balances
    /// brought forward, what was taken over is booked like any other demand.
    pub fn demand_lines_of(&self, demand: &Demand, added: &[(Name, Money)]) -> Vec<Line> {
        let Some(opening) = self.opening.as_ref().filter(|_| demand.opening) else {
            let heads: Vec<(Name, Money)> = demand.lines.iter().map(|line| (line.head.clone(), line.amount)).collect();
            return self.demand_lines(&heads);
        };
        let taken_over = demand.total() - added.iter().map(|(_, amount)| *amount).sum::<Money>();
        let mut lines = vec![
            Line { account: account(&opening.debit.value), amount: taken_over },
            Line { account: account(&opening.credit.value), amount: -taken_over },
        ];
        lines.extend(self.demand_lines(added));
        lines
    }

    /// The lines of a receipt: where the money came in — by account what came of each mode —, what it settled,
    /// what of it is owed back.
    pub fn receipt_lines(&self, came: &[(String, Money)], unapplied: Money) -> Vec<Line> {
        let of_one = |(account, settled, waits): (&str, Money, Money)| {
            [collected(&self.receipt, account, settled), collected(&self.unapplied, account, waits)]
        };
        divided(came, unapplied).into_iter().flat_map(of_one).flatten().collect()
    }

    /// Money that had settled a demand waits for another: off the receivable, on to what is owed
    /// to people.
    pub fn waiting_lines(&self, amount: Money) -> Vec<Line> {
        vec![
            Line { account: self.receivable(), amount },
            Line { account: account(&self.unapplied.credit.value), amount: -amount },
        ]
    }

    /// A cheque is taken back: what it settled is owed again, and the bank has less.
    pub fn dishonour_lines(&self, came: &[(String, Money)], unapplied: Money) -> Vec<Line> {
        let Some(pair) = &self.dishonour else { return reversed(&self.receipt_lines(came, unapplied)) };
        let mut lines = Vec::new();
        for (account, settled, waits) in divided(came, unapplied) {
            lines.extend(collected(pair, account, settled));
            lines.extend(reversed(&collected(&self.unapplied, account, waits)));
        }
        lines
    }

    /// Money that waited is paid back. Nothing moves where the definition names no account for it.
    pub fn refund_lines(&self, amount: Money) -> Vec<Line> {
        leaving(self.refund.as_ref(), amount)
    }

    /// Money that waited is taken to another account of the same payer; the same holds.
    pub fn set_off_lines(&self, amount: Money) -> Vec<Line> {
        leaving(self.set_off.as_ref(), amount)
    }

    /// Money that settles nothing came in on the account `on` and goes back: the lines of both. In between it is owed
    /// to whoever paid it, as money that no demand was waiting for.
    pub fn passing_lines(&self, on: &str, amount: Money) -> [Vec<Line>; 2] {
        let came = self.receipt_lines(&[(on.to_owned(), amount)], amount);
        let back = if self.refund.is_some() { self.refund_lines(amount) } else { reversed(&came) };
        [came, back]
    }

    /// The account of what people owe.
    pub fn receivable(&self) -> String {
        account(&self.demand.debit.value)
    }

    fn head(&self, head: &Name) -> String {
        self.heads.get(head).expect("every head has an account: checked by unposted-head").value.clone()
    }
}

impl Chart {
    /// The account where money of this mode comes in.
    pub fn collection(&self, mode: &str) -> Option<&str> {
        self.collection.get(mode).map(String::as_str)
    }
}

/// What moves by `pair` where money comes in on the account of its mode.
fn collected(pair: &Pair, mode_account: &str, amount: Money) -> [Line; 2] {
    [
        Line { account: side(&pair.debit.value, mode_account), amount },
        Line { account: side(&pair.credit.value, mode_account), amount: -amount },
    ]
}

/// By account, what of the money that came there settled something, and what waits: the first that came settles.
fn divided(came: &[(String, Money)], unapplied: Money) -> Vec<(&str, Money, Money)> {
    let mut left = came.iter().map(|(_, amount)| *amount).sum::<Money>() - unapplied;
    let mut parts = Vec::with_capacity(came.len());
    for (account, amount) in came {
        let settled = left.min(*amount);
        left = left - settled;
        parts.push((account.as_str(), settled, *amount - settled));
    }
    parts
}

/// The same lines, the other way round.
pub fn reversed(lines: &[Line]) -> Vec<Line> {
    lines.iter().map(|line| Line { account: line.account.clone(), amount: -line.amount }).collect()
}

fn account(side: &Side) -> String {
    match side {
        Side::Account(code) => code.clone(),
        Side::Heads | Side::Collection => unreachable!("checked by cannot-balance"),
    }
}

fn side(side: &Side, mode_account: &str) -> String {
    match side {
        Side::Collection => mode_account.to_owned(),
        other => account(other),
    }
}

//! `verify`: reads everything of a tenant again, and names what does not fit.
//!
//! - The chain: events are numbered without gaps, and each carries the hash of the one before. A tail
//!   that was cut off shows if the end of the chain was published elsewhere: the anchor.
//! - The rows: what an event vouched for last is what is there, and nothing is there that no event
//!   vouched for. Cases and their search terms, demands, receipts, vouchers, lines, records, serials,
//!   files, papers, people, appointments, definitions, cancellations, tills, closings of the books,
//!   closed days, moves of stocks, requests to erase, money that is not what was asked.
//! - The fold: a case stands where its events brought it, and its demands are as its events left them.
//! - The clocks: a case came to where it stands when an event says so, and is due and promised for when the last says;
//!   nothing sets these times but what moves the case or acts on it.
//! - The posts: whoever acted in a role held a post that gives it, by what was told of posts until then; whoever acted
//!   as the applicant is the applicant, or was until the case may have become somebody else's.
//! - The books: vouchers balance, and none was recorded of a day that was closed by then; receipts and demands agree
//!   with each other and with the ledger, case by case, and the register of demand, collection and balance does so
//!   service by service. What is kept of the money that came in, for figures, is what the events say.
//! - The tills: what ought to be in each is what its receipts say that stood when it was counted, mode by
//!   mode; what was counted adds up; and what was missing or left over is what was booked.
//! - The slots: a place in a calendar is had by the case that says so, for as long as that says, and by nobody else.
//! - The stocks: every number that was received is in one state, which its moves brought it to; none is used twice,
//!   and each that was used names the event of the case that used it.
//! - The numbers: every series runs from one to its last, without gaps.
//! - The jobs: for every message, paper and program that was promised there is one.
//!
//! Not vouched for are rows that end by themselves or only tell what a machine is doing: sessions,
//! one-time codes, throttles, kept answers, how far a job or a message has come, and how often a
//! receipt was printed.

mod books;
mod chain;
mod clocks;
mod fold;
mod jobs;
mod numbers;
mod posts;
mod rows;
mod slots;
mod stocks;
mod tills;

#[doc(hidden)]
pub use numbers::splits;

use super::error::{Error, Result};
use super::events::Head;
use super::tx::Tx;

/// Something that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which check found it: `chain`, `rows`, `fold`, `clocks`, `posts`, `books`, `tills`, `slots`, `stocks`, `numbers`,
    /// `jobs`.
    pub check: &'static str,
    /// The table.
    pub table: &'static str,
    /// The key of the first bad row.
    pub row: String,
    /// What is wrong with it, and with how many more.
    pub what: String,
}

/// Checks everything of the transaction's tenant; no findings, if all is well. `anchor` is an end of
/// the chain that was published earlier.
pub async fn verify(tx: &mut Tx, anchor: Option<&Head>) -> Result<Vec<Finding>> {
    tx.patient().await?;
    let mut findings = Vec::new();
    let told = chain::check(tx, anchor, &mut findings).await?;
    let checked = fold::check(tx, &told, &mut findings).await;
    as_far_as_read("fold", checked, &mut findings)?;
    let checked = clocks::check(tx, &told, &mut findings).await;
    as_far_as_read("clocks", checked, &mut findings)?;
    let checked = posts::check(tx, &told, &mut findings).await;
    as_far_as_read("posts", checked, &mut findings)?;
    let checked = jobs::check(tx, &told, &mut findings).await;
    as_far_as_read("jobs", checked, &mut findings)?;
    let checked = numbers::check(tx, &told, &mut findings).await;
    as_far_as_read("numbers", checked, &mut findings)?;
    let checked = tills::check(tx, &told, &mut findings).await;
    as_far_as_read("tills", checked, &mut findings)?;
    let checked = rows::check(tx, told, &mut findings).await;
    as_far_as_read("rows", checked, &mut findings)?;
    let checked = slots::check(tx, &mut findings).await;
    as_far_as_read("slots", checked, &mut findings)?;
    let checked = stocks::check(tx, &mut findings).await;
    as_far_as_read("stocks", checked, &mut findings)?;
    let checked = books::check(tx, &mut findings).await;
    as_far_as_read("books", checked, &mut findings)?;
    Ok(findings)
}

/// A document that was broken is named by the check that found it; others that need it cannot go on, and say so
/// instead of hiding what was found.
fn as_far_as_read(check: &'static str, checked: Result<()>, findings: &mut Vec<Finding>) -> Result<()> {
    match checked {
        Err(Error::Corrupt(what)) if !findings.is_empty() => {
            let what = format!("not checked to its end: {what}");
            findings.push(Finding { check, table: "events", row: String::new(), what });
            Ok(())
        }
        checked => checked,
    }
}

/// Gathers what one check finds in one table: the first bad row, and how many there are.
struct Gather {
    check: &'static str,
    table: &'static str,
    first: Option<(String, String)>,
    count: usize,
}

impl Gather {
    fn new(check: &'static str, table: &'static str) -> Self {
        Self { check, table, first: None, count: 0 }
    }

    fn add(&mut self, row: impl Into<String>, what: impl Into<String>) {
        self.count += 1;
        if self.first.is_none() {
            self.first = Some((row.into(), what.into()));
        }
    }

    fn end(self, findings: &mut Vec<Finding>) {
        let Some((row, what)) = self.first else { return };
        let what = if self.count > 1 { format!("{what}; and {} more", self.count - 1) } else { what };
        findings.push(Finding { check: self.check, table: self.table, row, what });
    }
}

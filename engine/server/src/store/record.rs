//! `record`: everything a command led to, in one transaction.

use engine::billing::{Demand, Receipt};
use engine::case::{Case, Outcome};
use serde_json::{Value as Json, json};

use super::cases::{self, Finding};
use super::db::{Val, Writes, vals};
use super::digest::Marks;
use super::error::{Error, Result};
use super::events::{self, By, NewEvent, RecordedEvent};
use super::tx::Tx;
use super::{
    cancellations, demands, jobs, json, papers, receipts, records, serials, slots, stocks, terms, vault, vouchers,
    written,
};

/// An outcome on its way into the store.
#[derive(Clone, Copy, Debug)]
pub struct Recording<'a> {
    /// The case as it was loaded.
    pub before: &'a Case,
    /// What the engine decided.
    pub outcome: &'a Outcome,
    /// What was asked: [`json::command`].
    pub command: &'a Json,
    /// Who asked, and when.
    pub by: By<'a>,
    /// The key under which it was asked: the same key is never recorded twice.
    pub key: Option<&'a str>,
    /// How the case is found.
    pub finding: Finding<'a>,
    /// Whether the case is opened by this: then its row is written once, as it is in the end.
    pub opens: bool,
}

/// Writes the case, the event, demands, receipts, vouchers, the record, the numbers that were
/// drawn, the places in calendars that it takes and gives back, what it uses up of stocks, and a job for each notice and paper: all of it with
/// the transaction, or nothing. With a receipt that is taken back go its papers, and the request for it is agreed to.
///
/// Numbers must have been loaded through this transaction ([`serials::load`]).
/// Fails with [`Error::Stale`] if the case is no longer at the version it was loaded with, and with
/// [`Error::Taken`] if the key, a number or the payment was recorded before, somebody else has a
/// place, or whoever acts holds a number no more that is used up.
pub async fn record(tx: &mut Tx, recording: Recording<'_>) -> Result<RecordedEvent> {
    let Recording { before, outcome, command, by, key, finding, opens } = recording;
    let after = &outcome.case;
    assert_eq!(
        (&after.id, after.version),
        (&before.id, before.version + 1),
        "an outcome is the next version of its case"
    );
    vault::hold_key(tx, &after.id, opens).await?;
    let terms = finding.terms.map(|found| terms::all_kept(tx, found));
    let finding = Finding { terms: terms.as_deref(), ..finding };
    if opens {
        cases::tell_opening(tx, before, by, finding.place).await?;
    }
    let seq = events::hold_head(tx).await?.seq + 1;

    let (mut writes, mut marks) = (Writes::default(), Marks::default());
    if finding.terms.is_some() && !opens {
        writes.add("delete from index_terms where tenant = $1 and case_id = $2", vals![&after.id]);
    }
    let found_before = writes.statements.len();
    let row = cases::values(tx, after, finding.place)?;
    let case_at = write_case(&mut writes, &mut marks, (before, opens), (after, row), finding);
    for demand in changed(&before.demands, &after.demands, |a: &Demand, b| a.seq == b.seq) {
        demands::write(&mut writes, &mut marks, &after.id, demand);
    }
    for receipt in changed(&before.receipts, &after.receipts, |a: &Receipt, b| a.number == b.number) {
        let place = after.receipts.iter().position(|one| one.number == receipt.number).unwrap_or_default();
        receipts::write(&mut writes, &mut marks, &after.id, place, receipt);
    }
    for voucher in &outcome.vouchers {
        vouchers::write(&mut writes, &mut marks, (seq, &after.id), voucher);
    }
    for change in &outcome.records {
        records::write(tx, &mut writes, &mut marks, (&change.record, by.at_ms))?;
    }
    stocks::use_up(&mut writes, &mut marks, (seq, by), (&after.id, &outcome.uses));
    let before_given = writes.statements.len();
    slots::give_back(&mut writes, &before.reserved, after);
    let after_given = writes.statements.len();
    let taken = slots::take(&mut writes, &before.reserved, after, by.at_ms);
    serials::write(tx, &mut writes, &mut marks, &outcome.serials)?;
    let before_jobs = writes.statements.len();
    write_jobs(&mut writes, outcome, (seq, by.at_ms));
    let after_jobs = writes.statements.len();

    let told = written::outcome(before, outcome, &marks, vault::seals_case(tx, Some(&after.id)));
    let event = NewEvent { case: Some(&after.id), version: Some(after.version), by, command, outcome: told, key };
    let recorded = events::append_to(tx, &mut writes, event)?;
    let written = tx.write(writes).await?;
    if written[case_at] != 1 {
        return Err(tx.spoil(Error::Stale));
    }
    // Every statement changes one row, or one for each place that is taken; only a job may be queued already,
    // what is given back be somebody else's, and the case have been found by any number of terms.
    let may_miss = |at: &usize| {
        *at < found_before || (before_jobs..after_jobs).contains(at) || (before_given..after_given).contains(at)
    };
    let wanted = |at: usize| taken.filter(|(statement, _)| *statement == at).map_or(1, |(_, rows)| rows);
    let missed = written.iter().enumerate().find(|(at, rows)| **rows != wanted(*at) && !may_miss(at));
    if let Some((at, rows)) = missed {
        return Err(tx.spoil(Error::Taken(format!("statement {at} of a recording changed {rows} rows"))));
    }
    // What is told of a receipt that was there before is that it is taken back, or a part of it.
    let was_there = |receipt: &&Receipt| before.receipts.iter().any(|known| known.number == receipt.number);
    if let Some(receipt) = outcome.event.receipt.as_ref().filter(was_there) {
        papers::cancel_receipt(tx, by, &after.id, &receipt.number).await?;
        cancellations::decide(tx, by, &receipt.number, true, "").await?;
    }
    Ok(recorded)
}

fn write_case<'a>(
    writes: &mut Writes<'a>,
    marks: &mut Marks,
    (before, opens): (&Case, bool),
    (after, mut row): (&'a Case, Vec<Val<'a>>),
    finding: Finding<'a>,
) -> usize {
    marks.add(&cases::SHEET, &row);
    let at = if opens {
        writes.add(cases::INSERT, row)
    } else if stands_still(before, after) {
        let body = row.pop().expect("a case has a body");
        // What a database looks cases up by is left alone: each such column costs as much as the row.
        writes.add(
            "update cases set definition = $3, version = $4, wake_ms = $5, place = $6, body = $7 \
             where tenant = $1 and id = $2 and version = $8",
            vec![
                (&after.id).into(),
                (&after.definition).into(),
                after.version.into(),
                after.wake_ms.into(),
                finding.place.into(),
                body,
                before.version.into(),
            ],
        )
    } else {
        row.push(before.version.into());
        writes.add(
            "update cases set number = $3, service = $4, definition = $5, state = $6, version = $7, applicant = $8, language = $9, \
             opened_ms = $10, submitted_ms = $11, entered_ms = $12, due_ms = $13, promised_ms = $14, wake_ms = $15, assignee = $16, \
             record_registry = $17, record_number = $18, place = $19, body = $20 where tenant = $1 and id = $2 and version = $21",
            row,
        )
    };
    if let Some(terms) = finding.terms {
        cases::write_terms(writes, marks, &after.id, terms);
    }
    at
}

/// Whether a case is still where it was, with whom, and about what. Where it is in the town follows from its
/// answers by its definition, which may be another by now.
fn stands_still(before: &Case, after: &Case) -> bool {
    let place = |case: &Case| (case.opened_ms, case.submitted_ms, case.entered_ms, case.due_ms, case.promised_ms);
    place(before) == place(after)
        && before.number == after.number
        && before.service == after.service
        && before.state == after.state
        && before.applicant == after.applicant
        && before.language == after.language
        && before.assignee == after.assignee
        && before.record == after.record
        && before.answers == after.answers
}

/// Those of `after` that are new or not as they were.
fn changed<'a, T: PartialEq>(before: &[T], after: &'a [T], same: impl Fn(&T, &T) -> bool) -> Vec<&'a T> {
    after.iter().filter(|new| before.iter().find(|old| same(old, new)) != Some(new)).collect()
}

/// Outside work waits in the same transaction: one job for each message, each paper and each program.
fn write_jobs(writes: &mut Writes<'_>, outcome: &Outcome, (event, at_ms): (i64, i64)) {
    let (case, version) = (&outcome.case.id, outcome.case.version);
    let notices = outcome.notices.iter().map(|order| {
        let to = json::recipient(&order.to);
        let name = format!("{}:{to}", order.notice);
        (
            jobs::Kind::Notice,
            name,
            json!({ "v": 1, "case": case, "event": event, "notice": order.notice.as_str(), "to": to }),
        )
    });
    let papers = outcome.papers.iter().map(|order| {
        let document = order.document.as_str();
        (jobs::Kind::Paper, document.to_owned(), json!({ "v": 1, "case": case, "event": event, "document": document }))
    });
    let programs = outcome.asks.iter().map(|order| {
        let (page, program) = (order.page.as_str(), order.program.as_str());
        let body = json!({ "v": 1, "case": case, "event": event, "page": page, "program": program, "asked": version });
        (jobs::Kind::Program, page.to_owned(), body)
    });
    for (kind, name, body) in notices.chain(papers).chain(programs) {
        let key = jobs::key_of(case, version, &name);
        jobs::write(
            writes,
            &jobs::NewJob { id: &format!("{}:{key}", kind.word()), kind, key: &key, body: &body, due_ms: at_ms },
        );
    }
}

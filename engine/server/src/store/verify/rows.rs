//! Rows are what events vouched for.

use std::collections::BTreeMap;

use super::super::digest::{Ink, Sheet};
use super::super::error::Result;
use super::super::tx::Tx;
use super::super::{
    appointments, cancellations, cases, closings, consents, definitions, demands, erasure_requests, files, mismatches,
    papers, people, receipts, records, serials, slots, stocks, tills, vouchers,
};
use super::chain::Told;
use super::{Finding, Gather};

/// Every table that is vouched for.
const SHEETS: [&Sheet; 22] = [
    &cases::SHEET,
    &cases::TERMS,
    &demands::SHEET,
    &receipts::SHEET,
    &cancellations::SHEET,
    &mismatches::SHEET,
    &tills::SHEET,
    &slots::SHEET,
    &stocks::SHEET,
    &vouchers::SHEET,
    &vouchers::LINES,
    &closings::SHEET,
    &records::SHEET,
    &serials::SHEET,
    &files::SHEET,
    &papers::SHEET,
    &people::SHEET,
    &erasure_requests::SHEET,
    &consents::SHEET,
    &appointments::SHEET,
    &definitions::SHEET,
    &definitions::PUBLISHED,
];

pub(super) async fn check(tx: &mut Tx, mut told: Told, findings: &mut Vec<Finding>) -> Result<()> {
    for sheet in SHEETS {
        let expected = told.rows.remove(sheet.table).unwrap_or_default();
        check_sheet(tx, sheet, expected, findings).await?;
    }
    for (table, rows) in told.rows {
        let mut bad = Gather::new("rows", "events");
        for key in rows.keys() {
            bad.add(key, format!("an event vouches for a row of `{table}`, which is no such table"));
        }
        bad.end(findings);
    }
    Ok(())
}

async fn check_sheet(
    tx: &mut Tx,
    sheet: &'static Sheet,
    mut expected: BTreeMap<String, String>,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let mut bad = Gather::new("rows", sheet.table);
    let (mut present, mut ink): (Option<String>, Ink) = (None, Ink::default());
    let mut settle = |key: Option<String>, ink: &Ink, bad: &mut Gather| {
        let Some(key) = key else { return };
        match expected.remove(&key) {
            None => bad.add(&key, "no event vouches for this row"),
            Some(digest) if digest != ink.dry() && connectors::control::holds("aud_02_rows") => {
                bad.add(&key, "is not what the last event about it vouched for");
            }
            Some(_) => {}
        }
    };
    // A series that was held but from which nothing was drawn has no event.
    let filter = if sheet.table == "serials" { " and last <> 0" } else { "" };
    // Rows of one key follow each other in the order in which they were digested.
    let sql =
        format!("select {} from {} where tenant = $1{filter} order by {}", sheet.columns, sheet.table, sheet.columns);
    tx.each(sql, Vec::new(), |row| {
        let cells = row.cells()?;
        let key = sheet.key_of(&cells);
        if present.as_ref() != Some(&key) {
            settle(present.replace(key), &std::mem::take(&mut ink), &mut bad);
        }
        ink.row(sheet.told(&cells));
        Ok(())
    })
    .await?;
    settle(present, &ink, &mut bad);
    for (key, _) in expected.into_iter().filter(|(_, digest)| !digest.is_empty()) {
        bad.add(&key, "an event vouches for this row, but it is not there");
    }
    bad.end(findings);
    Ok(())
}

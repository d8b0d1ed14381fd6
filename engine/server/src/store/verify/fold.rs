//! Cases stand where their events brought them.

use std::collections::BTreeSet;

use super::super::error::Result;
use super::super::tx::Tx;
use super::chain::Told;
use super::{Finding, Gather};

pub(super) async fn check(tx: &mut Tx, told: &Told, findings: &mut Vec<Finding>) -> Result<()> {
    let mut bad = Gather::new("fold", "cases");
    for (case, what) in &told.breaks {
        bad.add(case, what);
    }
    let mut there = BTreeSet::new();
    let sql = "select c.id, c.version, c.state, c.assignee, c.number, (select cast(coalesce(sum(d.paid_paise), 0) as bigint) from demands d \
               where d.tenant = c.tenant and d.case_id = c.id) from cases c where c.tenant = $1 order by c.id";
    tx.each(sql.to_owned(), Vec::new(), |row| {
        let id = row.text(0)?;
        let Some(stand) = told.cases.get(&id) else {
            bad.add(&id, "was opened by no event");
            return Ok(());
        };
        let (version, state, assignee, number) = (row.int(1)?, row.text(2)?, row.maybe_text(3)?, row.maybe_text(4)?);
        if version != stand.version {
            bad.add(&id, format!("is at version {version}, its events lead to {}", stand.version));
        } else if state != stand.state {
            bad.add(&id, format!("stands in `{state}`, its events lead to `{}`", stand.state));
        } else if assignee != stand.assignee {
            bad.add(&id, format!("is with {assignee:?}, by its events with {:?}", stand.assignee));
        } else if number != stand.number {
            bad.add(&id, format!("has the number {number:?}, by its events {:?}", stand.number));
        } else if row.int(5)? != stand.paid.values().sum::<i64>() {
            bad.add(&id, format!("has {} paise paid, by its events {}", row.int(5)?, stand.paid.values().sum::<i64>()));
        }
        there.insert(id);
        Ok(())
    })
    .await?;
    for case in told.cases.keys().filter(|case| !there.contains(*case)) {
        bad.add(case, "has events, but is not there");
    }
    bad.end(findings);
    Ok(())
}

//! The clocks of a case are those that its events set: when it came to where it stands, until when that is to be done,
//! and what was promised. How long that is, the definition says and the calendar of its day, of which no row tells.

use super::super::error::Result;
use super::super::tx::Tx;
use super::chain::Told;
use super::{Finding, Gather};

pub(super) async fn check(tx: &mut Tx, told: &Told, findings: &mut Vec<Finding>) -> Result<()> {
    let mut bad = Gather::new("clocks", "cases");
    for (case, what) in &told.clocks {
        bad.add(case, what);
    }
    let sql = "select id, entered_ms, due_ms, promised_ms from cases where tenant = $1 order by id";
    tx.each(sql.to_owned(), Vec::new(), |row| {
        let id = row.text(0)?;
        // A case that no event opened is named by the fold.
        let Some(stand) = told.cases.get(&id) else { return Ok(()) };
        let (came, due, promised) = (row.int(1)?, row.maybe_int(2)?, row.maybe_int(3)?);
        if !stand.entered.contains(&came) {
            bad.add(&id, format!("came to where it stands at {came}, when no event brought it there"));
        } else if due != stand.due_ms {
            bad.add(&id, format!("is due at {due:?}, by its events at {:?}", stand.due_ms));
        } else if promised != stand.promised_ms {
            bad.add(&id, format!("is promised for {promised:?}, by its events for {:?}", stand.promised_ms));
        }
        Ok(())
    })
    .await?;
    bad.end(findings);
    Ok(())
}

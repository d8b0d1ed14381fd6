//! Places in calendars are had by the cases that say so, and by nobody else.

use std::collections::BTreeMap;

use super::super::error::Result;
use super::super::kept;
use super::super::tx::Tx;
use super::{Finding, Gather};

/// Who has a place, until when, since when.
type Had = (String, Option<i64>, i64);

pub(super) async fn check(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let mut had: BTreeMap<String, Had> = BTreeMap::new();
    let sql = "select calendar, resource, day, part, place, case_id, until_ms, at_ms from slots where tenant = $1";
    tx.each(sql.to_owned(), Vec::new(), |row| {
        let key = format!("{} {} {} {} {}", row.text(0)?, row.text(1)?, row.text(2)?, row.text(3)?, row.int(4)?);
        had.insert(key, (row.text(5)?, row.maybe_int(6)?, row.int(7)?));
        Ok(())
    })
    .await?;
    let mut bad = Gather::new("slots", "slots");
    let sql = "select id, body from cases where tenant = $1 and body like '%\"reserved\":%' order by id";
    tx.each(sql.to_owned(), Vec::new(), |row| {
        let id = row.text(0)?;
        for reserved in kept::read_reserved(&row.text(1)?)? {
            for slot in &reserved.slots {
                let key = format!("{} {} {} {} {}", slot.calendar, slot.resource, slot.day, slot.part, slot.place);
                match had.get(&key) {
                    Some((case, until_ms, _)) if *case == id => {
                        if *until_ms != reserved.until_ms {
                            bad.add(&key, format!("is of `{id}` for another time than that says"));
                        }
                        had.remove(&key);
                    }
                    // Somebody took it once the time was over.
                    Some((_, _, at_ms)) if reserved.until_ms.is_some_and(|until| until <= *at_ms) => {}
                    Some((case, ..)) => bad.add(&key, format!("is of `{case}`, and `{id}` has it")),
                    // Whoever took it once the time was over gave it back.
                    None if reserved.until_ms.is_some() => {}
                    None => bad.add(&key, format!("is not there, and `{id}` has it")),
                }
            }
        }
        Ok(())
    })
    .await?;
    for (key, (case, ..)) in had {
        bad.add(key, format!("is of `{case}`, which does not have it"));
    }
    bad.end(findings);
    Ok(())
}

//! For every message, paper and program that an event promised there is a job, done or not.

use super::super::error::Result;
use super::super::tx::Tx;
use super::chain::Told;
use super::{Finding, Gather};

pub(super) async fn check(tx: &mut Tx, told: &Told, findings: &mut Vec<Finding>) -> Result<()> {
    let mut missing = told.jobs.clone();
    tx.each("select kind, key from jobs where tenant = $1".to_owned(), Vec::new(), |row| {
        let kind = row.text(0)?;
        for word in ["notice", "paper", "program"] {
            if kind == word {
                missing.remove(&(word, row.text(1)?));
            }
        }
        Ok(())
    })
    .await?;
    let mut bad = Gather::new("jobs", "jobs");
    for (kind, key) in missing {
        bad.add(&key, format!("a {kind} was promised by the event, but its job is not there"));
    }
    bad.end(findings);
    Ok(())
}

//! Serials: the last number of each series. Numbers have no gaps, because they are drawn in the
//! transaction that uses them.

use engine::registry::Serials;

use super::db::{Val, Writes, vals};
use super::digest::{Marks, Sheet};
use super::error::{Error, Result};
use super::events;
use super::tx::Tx;

pub(super) const SHEET: Sheet = Sheet { table: "serials", key: "series", added: 0, columns: "series, last" };

/// The last number of each of `series`, held until the transaction ends: whoever else draws from
/// one of them waits. The end of the chain of events is held as well, which an act always needs.
pub async fn load(tx: &mut Tx, series: &[String]) -> Result<Serials> {
    let mut series: Vec<&str> = series.iter().map(String::as_str).collect();
    // Everybody takes them in the same order, or two would wait for each other.
    series.sort_unstable();
    series.dedup();
    if tx.head.is_none() {
        tx.first_in_line().await;
    }
    let mut found = read(tx, &series).await?;
    let missing: Vec<&str> = series.iter().copied().filter(|one| !found.last.contains_key(*one)).collect();
    if !missing.is_empty() {
        let mut writes = Writes::default();
        for one in missing {
            writes.add(
                "insert into serials (tenant, series, last) values ($1, $2, 0) on conflict (tenant, series) do nothing",
                vals![one],
            );
        }
        tx.write(writes).await?;
        found = read(tx, &series).await?;
    }
    tx.serials.clone_from(&found.last);
    Ok(found)
}

async fn read(tx: &mut Tx, series: &[&str]) -> Result<Serials> {
    use std::fmt::Write as _;
    let mut holes = String::new();
    for at in 0..series.len() {
        let _ = write!(holes, "{}${}", if at == 0 { "" } else { ", " }, at + 2);
    }
    let mut statements = Vec::new();
    if !series.is_empty() {
        let sql = format!(
            "select series, last from serials where tenant = $1 and series in ({holes}) order by series{}",
            tx.lock()
        );
        statements.push((sql.into(), series.iter().map(|one| Val::from(*one)).collect()));
    }
    let wants_head = tx.head.is_none();
    if wants_head {
        statements.push((events::select_head(tx).into(), Vec::new()));
    }
    let mut sets = tx.fetch_each(statements).await?;
    if wants_head && let Some(row) = sets.pop().expect("one set for each statement").first() {
        tx.head = Some(events::read_head(row)?);
    }
    let mut serials = Serials::default();
    for row in sets.iter().flatten() {
        let last = u64::try_from(row.int(1)?).map_err(|_| Error::Corrupt("a series below zero".to_owned()))?;
        serials.last.insert(row.text(0)?, last);
    }
    Ok(serials)
}

/// Writes back the series from which numbers were drawn, outside an outcome.
pub async fn save(tx: &mut Tx, by: events::By<'_>, drawn: &Serials) -> Result<()> {
    let (mut writes, mut marks) = (Writes::default(), Marks::default());
    write(tx, &mut writes, &mut marks, drawn)?;
    let word = ("draw", serde_json::Value::Null);
    tx.write(writes).await?;
    events::append(tx, by, None, word, &marks).await?;
    Ok(())
}

/// Adds the statements that write back series from which numbers were drawn.
pub(super) fn write(tx: &mut Tx, writes: &mut Writes<'_>, marks: &mut Marks, drawn: &Serials) -> Result<()> {
    for (series, last) in &drawn.last {
        let held = tx.serials.get(series).copied();
        if held == Some(*last) {
            continue;
        }
        tx.serials.insert(series.clone(), *last);
        if held.is_none() && *last == 0 {
            continue;
        }
        if held.is_none_or(|held| held > *last) {
            return Err(tx.spoil(Error::Corrupt(format!("`{series}` was not held when a number was drawn from it"))));
        }
        let last = i64::try_from(*last).map_err(|_| Error::Corrupt(format!("`{series}` is used up")))?;
        let row = vals![series.clone(), last];
        marks.add(&SHEET, &row);
        writes.add("update serials set last = $3 where tenant = $1 and series = $2", row);
    }
    Ok(())
}

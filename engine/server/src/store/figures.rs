//! Figures of the cases of a town: how many were received in a span of time, and how many wait.
//!
//! Nothing here reads a document. What was received is found by `cases_by_submission`, the cases of the span alone;
//! what waits is counted in `cases_by_state`, in the states that are asked for alone.

use super::db::{Val, vals};
use super::error::Result;
use super::tx::Tx;

/// How many cases of a service stand in one state and concern one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The service.
    pub service: String,
    /// Where they stand now.
    pub state: String,
    /// The place, as a code; empty for none.
    pub place: String,
    /// How many.
    pub count: i64,
}

/// The cases that were handed in from the instant `from_ms` on and before `until_ms`, by where they stand now.
///
/// # Errors
/// When the store fails.
pub async fn received(tx: &mut Tx, from_ms: i64, until_ms: i64) -> Result<Vec<Received>> {
    let sql = "select service, state, place, count(*) from cases where tenant = $1 and submitted_ms >= $2 \
               and submitted_ms < $3 group by service, state, place order by service, state, place";
    let rows = tx.fetch(sql, vals![from_ms, until_ms]).await?;
    rows.iter()
        .map(|row| Ok(Received { service: row.text(0)?, state: row.text(1)?, place: row.text(2)?, count: row.int(3)? }))
        .collect()
}

/// How many cases wait that concern one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The place, as a code; empty for none.
    pub place: String,
    /// How many.
    pub count: i64,
    /// How many of them are late.
    pub late: i64,
}

/// The cases of a service that were handed in and stand in one of `states`, by place.
///
/// # Errors
/// When the store fails.
pub async fn waiting(tx: &mut Tx, service: &str, states: &[String], now_ms: i64) -> Result<Vec<Waiting>> {
    if states.is_empty() {
        return Ok(Vec::new());
    }
    let holes: Vec<String> = (0..states.len()).map(|at| format!("${}", at + 4)).collect();
    let sql = format!(
        "select place, count(*), cast(sum(case when due_ms < $3 then 1 else 0 end) as bigint) from cases \
         where tenant = $1 and service = $2 and state in ({}) and number is not null group by place order by place",
        holes.join(", ")
    );
    let mut values = vals![service, now_ms];
    values.extend(states.iter().map(Val::from));
    let rows = tx.fetch(sql, values).await?;
    rows.iter().map(|row| Ok(Waiting { place: row.text(0)?, count: row.int(1)?, late: row.int(2)? })).collect()
}

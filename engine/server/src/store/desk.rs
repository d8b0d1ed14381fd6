//! What the desk asks of several tables at once: figures for lists, for counters and for one's own
//! work.

use serde::Deserialize;

use super::db::{Row, Val, vals};
use super::error::{Error, Result};
use super::tx::Tx;

/// What a case owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fee {
    /// The case.
    pub case: String,
    /// How much is open, in paise.
    pub owed_paise: i64,
    /// How much was paid, in paise.
    pub paid_paise: i64,
}

/// The fees of these cases; a case that was never charged is left out.
pub async fn fees(tx: &mut Tx, cases: &[String]) -> Result<Vec<Fee>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let holes: Vec<String> = (0..cases.len()).map(|at| format!("${}", at + 2)).collect();
    let sql = format!(
        "select case_id, cast(sum(case when status = 'open' then total_paise - paid_paise else 0 end) as bigint), \
         cast(sum(case when status = 'settled' then paid_paise else 0 end) as bigint) from demands \
         where tenant = $1 and status <> 'cancelled' and case_id in ({}) group by case_id order by case_id",
        holes.join(", ")
    );
    let read = |row: &Row| Ok(Fee { case: row.text(0)?, owed_paise: row.int(1)?, paid_paise: row.int(2)? });
    tx.fetch(sql, cases.iter().map(Val::from).collect()).await?.iter().map(read).collect()
}

/// When a person last did what `word` names and is about no case: the instant of that event.
pub async fn last_time(tx: &mut Tx, person: &str, word: &str) -> Result<Option<i64>> {
    let sql = "select at_ms from events where tenant = $1 and case_id is null and actor = $2 and command like $3 order by seq desc limit 1";
    // The word stands first in every command, after the version.
    let begins = format!("{{\"v\":1,\"word\":\"{word}\"%");
    tx.first(sql, vals![person, begins]).await?.map(|row| row.int(0)).transpose()
}

/// How many cases somebody has, by where they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// The person's key; `None` for nobody.
    pub assignee: Option<String>,
    /// The service.
    pub service: String,
    /// Where they stand.
    pub state: String,
    /// How many.
    pub count: i64,
    /// How many of them are late.
    pub late: i64,
}

/// Who has how many cases that were handed in.
pub async fn loads(tx: &mut Tx, now_ms: i64) -> Result<Vec<Load>> {
    let sql = "select assignee, service, state, count(*), cast(sum(case when due_ms < $2 then 1 else 0 end) as bigint) from cases \
               where tenant = $1 and number is not null group by assignee, service, state order by assignee, service, state";
    let read = |row: &Row| {
        Ok(Load {
            assignee: row.maybe_text(0)?,
            service: row.text(1)?,
            state: row.text(2)?,
            count: row.int(3)?,
            late: row.int(4)?,
        })
    };
    tx.fetch(sql, vals![now_ms]).await?.iter().map(read).collect()
}

/// A step that an employee took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The service.
    pub service: String,
    /// The state that the case was brought out of.
    pub state: String,
    /// Who took it.
    pub person: String,
    /// How long the case had been there, in milliseconds.
    pub took_ms: i64,
    /// Whether it was in time; `None` where no time was set.
    pub in_time: Option<bool>,
}

#[derive(Deserialize)]
struct Moved {
    from: Option<String>,
    to: String,
    case: Facts,
}

#[derive(Deserialize)]
struct Facts {
    due_ms: Option<i64>,
}

/// The steps that employees took from the instant `from_ms` on and before `until_ms`.
pub async fn steps(tx: &mut Tx, from_ms: i64, until_ms: i64) -> Result<Vec<Step>> {
    let sql = "select e.case_id, c.service, e.at_ms, e.actor, e.actor_kind, e.outcome from events e \
               join cases c on c.tenant = e.tenant and c.id = e.case_id where e.tenant = $1 and e.case_version is not null and e.case_id in \
               (select case_id from events where tenant = $1 and actor_kind = 'employee' and at_ms >= $2 and at_ms < $3) \
               order by e.case_id, e.seq";
    let mut steps = Vec::new();
    let mut here: Option<(String, i64, Option<i64>)> = None;
    tx.each(sql.to_owned(), vals![from_ms, until_ms], |row| {
        let (case, at_ms) = (row.text(0)?, row.int(2)?);
        let moved: Moved = serde_json::from_str(&row.text(5)?)
            .map_err(|error| Error::Corrupt(format!("an event's outcome: {error}")))?;
        let stays = moved.from.as_ref() == Some(&moved.to);
        if let (Some((known, since, due)), Some(from), false) = (&here, &moved.from, stays)
            && *known == case
            && row.text(4)? == "employee"
            && (from_ms..until_ms).contains(&at_ms)
        {
            let in_time = due.map(|due| at_ms <= due);
            steps.push(Step {
                service: row.text(1)?,
                state: from.clone(),
                person: row.text(3)?,
                took_ms: at_ms - since,
                in_time,
            });
        }
        if !stays || here.as_ref().is_none_or(|(known, ..)| *known != case) {
            here = Some((case, at_ms, moved.case.due_ms));
        }
        Ok(())
    })
    .await?;
    Ok(steps)
}

/// How many records of a register stand how on a day: in force, expired, ended before their time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// In force, or their first day is yet to come.
    pub active: i64,
    /// Their last day is past.
    pub expired: i64,
    /// They do not count for a while.
    pub suspended: i64,
    /// Ended before their time.
    pub revoked: i64,
}

/// How the records of a register stand on `day`.
pub async fn standing(tx: &mut Tx, registry: &str, day: engine::base::Day) -> Result<Standing> {
    let sql = "select cast(sum(case when standing = 'suspended' or revoked = 'yes' then 0 when valid_until < $3 then 0 else 1 end) as bigint), \
               cast(sum(case when standing = 'suspended' or revoked = 'yes' then 0 when valid_until < $3 then 1 else 0 end) as bigint), \
               cast(sum(case when revoked = 'yes' then 1 else 0 end) as bigint), \
               cast(sum(case when standing = 'suspended' then 1 else 0 end) as bigint) from records r where tenant = $1 and registry = $2 \
               and not exists (select 1 from records n where n.tenant = r.tenant and n.registry = r.registry and n.number = r.number \
               and n.version > r.version)";
    let Some(row) = tx.first(sql, vals![registry, day]).await? else { return Ok(Standing::default()) };
    let count = |column: usize| -> Result<i64> { Ok(row.maybe_int(column)?.unwrap_or_default()) };
    Ok(Standing { active: count(0)?, expired: count(1)?, revoked: count(2)?, suspended: count(3)? })
}

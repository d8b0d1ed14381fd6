//! Leave: until when an employee is away, and who stands in.

use engine::base::Day;
use serde_json::json;

use super::db::{Row, vals};
use super::digest::Marks;
use super::error::Result;
use super::events::{self, By};
use super::tx::Tx;

/// An employee's leave. Everybody has one at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    /// Who is away.
    pub person: String,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub until: Day,
    /// Who stands in; empty for nobody.
    pub stand_in: String,
}

/// States a leave in place of the one before, and writes that down.
pub async fn save(tx: &mut Tx, by: By<'_>, leave: &Leave) -> Result<()> {
    let Leave { person, from, until, stand_in } = leave;
    let sql = "insert into leaves (tenant, person, from_day, until_day, stand_in) values ($1, $2, $3, $4, $5) \
               on conflict (tenant, person) do update set from_day = excluded.from_day, until_day = excluded.until_day, \
               stand_in = excluded.stand_in";
    tx.execute(sql, vals![person, *from, *until, stand_in]).await?;
    let facts = json!({ "from": from.to_string(), "until": until.to_string(), "stand_in": stand_in });
    events::append(tx, by, None, ("leave", facts), &Marks::default()).await?;
    Ok(())
}

/// Takes a leave back, and writes that down.
pub async fn remove(tx: &mut Tx, by: By<'_>, person: &str) -> Result<()> {
    tx.execute("delete from leaves where tenant = $1 and person = $2", vals![person]).await?;
    events::append(tx, by, None, ("leave", json!({ "taken_back": true })), &Marks::default()).await?;
    Ok(())
}

/// The leaves that are not over on `day`, whether they have begun or not.
pub async fn from_day(tx: &mut Tx, day: Day) -> Result<Vec<Leave>> {
    let sql = "select person, from_day, until_day, stand_in from leaves where tenant = $1 and until_day >= $2 order by person";
    let read =
        |row: &Row| Ok(Leave { person: row.text(0)?, from: row.day(1)?, until: row.day(2)?, stand_in: row.text(3)? });
    tx.fetch(sql, vals![day]).await?.iter().map(read).collect()
}

//! Lists that an employee keeps under a name: the address of a list is the list.

use super::db::{Row, vals};
use super::error::Result;
use super::tx::Tx;

/// A list under its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The name.
    pub name: String,
    /// The query of its address, with its `?`; empty for the plain list.
    pub query: String,
}

/// Keeps a list under a name, in place of what the person kept under it before.
pub async fn keep(tx: &mut Tx, person: &str, view: &View, at_ms: i64) -> Result<()> {
    let sql = "insert into saved_views (tenant, person, name, query, at_ms) values ($1, $2, $3, $4, $5) \
               on conflict (tenant, person, name) do update set query = excluded.query, at_ms = excluded.at_ms";
    tx.execute(sql, vals![person, &view.name, &view.query, at_ms]).await?;
    Ok(())
}

/// Forgets a list.
pub async fn remove(tx: &mut Tx, person: &str, name: &str) -> Result<()> {
    tx.execute("delete from saved_views where tenant = $1 and person = $2 and name = $3", vals![person, name]).await?;
    Ok(())
}

/// What a person keeps, by name.
pub async fn of(tx: &mut Tx, person: &str) -> Result<Vec<View>> {
    let sql = "select name, query from saved_views where tenant = $1 and person = $2 order by name";
    let read = |row: &Row| Ok(View { name: row.text(0)?, query: row.text(1)? });
    tx.fetch(sql, vals![person]).await?.iter().map(read).collect()
}

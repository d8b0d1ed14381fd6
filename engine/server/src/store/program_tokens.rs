//! Tokens of programs: each belongs to somebody who works for the town. Only a hash of it is kept.

use serde_json::json;

use super::db::{Row, vals};
use super::error::Result;
use super::events::{self, By};
use super::tx::Tx;

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramToken {
    /// Its key, by which pages name it.
    pub id: String,
    /// The hash of what the program sends.
    pub hash: String,
    /// Whose it is.
    pub person: String,
    /// What it is for, as people call the program.
    pub name: String,
    /// What it may be used for: words with spaces between them.
    pub uses: String,
    /// When it was made.
    pub made_ms: i64,
    /// When it ends.
    pub expires_ms: i64,
    /// When it was last used; `None` while it never was.
    pub seen_ms: Option<i64>,
    /// When it was taken back.
    pub revoked_ms: Option<i64>,
}

impl ProgramToken {
    /// Whether it holds at `now_ms`.
    pub fn holds(&self, now_ms: i64) -> bool {
        let revoked = self.revoked_ms.is_some() && connectors::control::holds("az_15_revoked");
        !revoked && now_ms < self.expires_ms
    }
}

const SELECT: &str = "select id, hash, person, name, uses, made_ms, expires_ms, seen_ms, revoked_ms from program_tokens where tenant = $1";

fn read(row: &Row) -> Result<ProgramToken> {
    Ok(ProgramToken {
        id: row.text(0)?,
        hash: row.text(1)?,
        person: row.text(2)?,
        name: row.text(3)?,
        uses: row.text(4)?,
        made_ms: row.int(5)?,
        expires_ms: row.int(6)?,
        seen_ms: row.maybe_int(7)?,
        revoked_ms: row.maybe_int(8)?,
    })
}

/// Keeps a new token, and writes that down.
pub async fn insert(tx: &mut Tx, by: By<'_>, token: &ProgramToken) -> Result<()> {
    let ProgramToken { id, hash, person, name, uses, made_ms, expires_ms, seen_ms: _, revoked_ms: _ } = token;
    let sql = "insert into program_tokens (tenant, id, hash, person, name, uses, made_ms, expires_ms) \
               values ($1, $2, $3, $4, $5, $6, $7, $8)";
    tx.execute(sql, vals![id, hash, person, name, uses, *made_ms, *expires_ms]).await?;
    let facts = json!({ "person": person, "token": id, "name": name, "uses": uses, "until_ms": expires_ms });
    events::note(tx, by, None, "program_token", facts).await?;
    Ok(())
}

/// The token of this hash that holds at `now_ms`.
pub async fn find(tx: &mut Tx, hash: &str, now_ms: i64) -> Result<Option<ProgramToken>> {
    let found = tx.first(format!("{SELECT} and hash = $2"), vals![hash]).await?.as_ref().map(read).transpose()?;
    Ok(found.filter(|token| token.holds(now_ms)))
}

/// Every token that a person has or had, the latest first.
pub async fn of_person(tx: &mut Tx, person: &str) -> Result<Vec<ProgramToken>> {
    let sql = format!("{SELECT} and person = $2 order by made_ms desc, id");
    tx.fetch(sql, vals![person]).await?.iter().map(read).collect()
}

/// Notes that a token was used.
pub async fn seen(tx: &mut Tx, id: &str, now_ms: i64) -> Result<()> {
    tx.execute("update program_tokens set seen_ms = $3 where tenant = $1 and id = $2", vals![id, now_ms]).await?;
    Ok(())
}

/// Takes a token back, and writes that down; false if it was taken back before.
pub async fn revoke(tx: &mut Tx, by: By<'_>, token: &ProgramToken) -> Result<bool> {
    let sql = "update program_tokens set revoked_ms = $3 where tenant = $1 and id = $2 and revoked_ms is null";
    if tx.execute(sql, vals![&token.id, by.at_ms]).await? == 0 {
        return Ok(false);
    }
    let facts = json!({ "person": token.person, "token": token.id, "name": token.name });
    events::note(tx, by, None, "program_token_revoked", facts).await?;
    Ok(true)
}

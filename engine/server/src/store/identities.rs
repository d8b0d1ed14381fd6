//! How those who work for a town are known at identity providers. Nobody is entered by signing in there.

use serde_json::json;

use super::db::{Row, vals};
use super::error::Result;
use super::events::{self, By};
use super::tx::Tx;

/// Who somebody is at an identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Who it is here.
    pub person: String,
    /// The provider, as it calls itself.
    pub issuer: String,
    /// The provider's own name for the person; `None` until it is entered or a first sign-in has told it.
    pub subject: Option<String>,
    /// The mail address by which the first sign-in is known, in small letters.
    pub email: Option<String>,
    /// When this was entered.
    pub entered_ms: i64,
    /// When a first sign-in tied the person to the provider's name.
    pub bound_ms: Option<i64>,
}

const SELECT: &str = "select person, issuer, subject, email, entered_ms, bound_ms from identities where tenant = $1";

fn read(row: &Row) -> Result<Identity> {
    Ok(Identity {
        person: row.text(0)?,
        issuer: row.text(1)?,
        subject: row.maybe_text(2)?,
        email: row.maybe_text(3)?,
        entered_ms: row.int(4)?,
        bound_ms: row.maybe_int(5)?,
    })
}

/// Enters how somebody is known at a provider, in place of what was entered before, and writes that down.
/// [`super::Error::Taken`] if somebody else is known so.
pub async fn enter(tx: &mut Tx, by: By<'_>, identity: &Identity) -> Result<()> {
    let Identity { person, issuer, subject, email, entered_ms, bound_ms: _ } = identity;
    let sql = "insert into identities (tenant, person, issuer, subject, email, entered_ms, bound_ms) \
               values ($1, $2, $3, $4, $5, $6, null) on conflict (tenant, person, issuer) do update set \
               subject = excluded.subject, email = excluded.email, entered_ms = excluded.entered_ms, bound_ms = null";
    tx.execute(sql, vals![person, issuer, subject, email, *entered_ms]).await?;
    told(tx, by, person, issuer, "entered").await
}

/// Takes away how somebody is known at a provider, and writes that down.
pub async fn remove(tx: &mut Tx, by: By<'_>, person: &str, issuer: &str) -> Result<()> {
    let sql = "delete from identities where tenant = $1 and person = $2 and issuer = $3";
    if tx.execute(sql, vals![person, issuer]).await? == 0 {
        return Ok(());
    }
    told(tx, by, person, issuer, "removed").await
}

/// Ties whoever was entered by a mail address to the provider's name of who has proved it, and writes that down;
/// false if that was done before.
pub async fn bind(tx: &mut Tx, by: By<'_>, identity: &Identity, subject: &str) -> Result<bool> {
    let Identity { person, issuer, .. } = identity;
    let sql = "update identities set subject = $4, bound_ms = $5 \
               where tenant = $1 and person = $2 and issuer = $3 and subject is null";
    if tx.execute(sql, vals![person, issuer, subject, by.at_ms]).await? == 0 {
        return Ok(false);
    }
    told(tx, by, person, issuer, "bound").await?;
    Ok(true)
}

/// Neither the provider's name for somebody nor the address is in the event.
async fn told(tx: &mut Tx, by: By<'_>, person: &str, issuer: &str, what: &str) -> Result<()> {
    events::note(tx, by, None, "identity", json!({ "person": person, "issuer": issuer, "what": what })).await?;
    Ok(())
}

/// How a person is known, by provider.
pub async fn of_person(tx: &mut Tx, person: &str) -> Result<Vec<Identity>> {
    let sql = format!("{SELECT} and person = $2 order by issuer");
    tx.fetch(sql, vals![person]).await?.iter().map(read).collect()
}

/// Whoever is known to a provider by this name.
pub async fn by_subject(tx: &mut Tx, issuer: &str, subject: &str) -> Result<Option<Identity>> {
    let sql = format!("{SELECT} and issuer = $2 and subject = $3");
    tx.first(sql, vals![issuer, subject]).await?.as_ref().map(read).transpose()
}

/// Whoever was entered by this mail address, and has never signed in by it.
pub async fn by_email(tx: &mut Tx, issuer: &str, email: &str) -> Result<Option<Identity>> {
    let sql = format!("{SELECT} and issuer = $2 and email = $3 and subject is null");
    tx.first(sql, vals![issuer, email]).await?.as_ref().map(read).transpose()
}

//! Second factors: the secret that an authenticator of an employee, or of a citizen who wants one, shares with us, the
//! recovery codes in its place, and the passwords of the staff that are to be changed.

use serde_json::json;

use super::db::{Row, Val, vals};
use super::digest::Marks;
use super::error::Result;
use super::events::{self, By};
use super::tx::Tx;

/// An authenticator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    /// Whose.
    pub person: String,
    /// The secret, closed with the installation's own key.
    pub secret: String,
    /// When it was shown to be set up.
    pub begun_ms: i64,
    /// When a first code proved that it was; `None` while none did.
    pub confirmed_ms: Option<i64>,
    /// The latest step whose code was used: neither it nor one before it works again.
    pub last_step: i64,
}

/// Begins to set one up, in place of one that was begun and never confirmed. One that is confirmed stays.
pub async fn begin(tx: &mut Tx, person: &str, secret: &str, now_ms: i64) -> Result<()> {
    let sql = "insert into second_factors (tenant, person, secret, begun_ms, confirmed_ms, last_step) values ($1, $2, $3, $4, null, 0) \
               on conflict (tenant, person) do update set secret = excluded.secret, begun_ms = excluded.begun_ms, last_step = 0 \
               where second_factors.confirmed_ms is null";
    tx.execute(sql, vals![person, secret, now_ms]).await?;
    Ok(())
}

/// The authenticator of a person, confirmed or not.
pub async fn find(tx: &mut Tx, person: &str) -> Result<Option<Factor>> {
    let sql = "select person, secret, begun_ms, confirmed_ms, last_step from second_factors where tenant = $1 and person = $2";
    let read = |row: Row| {
        Ok(Factor {
            person: row.text(0)?,
            secret: row.text(1)?,
            begun_ms: row.int(2)?,
            confirmed_ms: row.maybe_int(3)?,
            last_step: row.int(4)?,
        })
    };
    tx.first(sql, vals![person]).await?.map(read).transpose()
}

/// Notes that the code of `step` was used; false if it, or a later one, was used meanwhile.
pub async fn used(tx: &mut Tx, person: &str, step: i64) -> Result<bool> {
    let sql = "update second_factors set last_step = $3 where tenant = $1 and person = $2 and last_step < $3";
    Ok(tx.execute(sql, vals![person, step]).await? == 1)
}

/// Confirms the one that was begun, gives it these recovery codes (keyed hashes), and writes that down.
pub async fn confirm(tx: &mut Tx, by: By<'_>, person: &str, codes: &[String]) -> Result<()> {
    let sql = "update second_factors set confirmed_ms = $3 where tenant = $1 and person = $2 and confirmed_ms is null";
    tx.execute(sql, vals![person, by.at_ms]).await?;
    put_codes(tx, person, codes).await?;
    told(tx, by, person, "on").await
}

/// Puts recovery codes in the place of those before, and writes that down.
pub async fn renew_codes(tx: &mut Tx, by: By<'_>, person: &str, codes: &[String]) -> Result<()> {
    put_codes(tx, person, codes).await?;
    told(tx, by, person, "new codes").await
}

async fn put_codes(tx: &mut Tx, person: &str, codes: &[String]) -> Result<()> {
    tx.execute("delete from recovery_codes where tenant = $1 and person = $2", vals![person]).await?;
    for code in codes {
        tx.execute(
            "insert into recovery_codes (tenant, person, code, used_ms) values ($1, $2, $3, null)",
            vals![person, code],
        )
        .await?;
    }
    Ok(())
}

/// Uses up a recovery code; false if it is none, or was used before.
pub async fn use_code(tx: &mut Tx, person: &str, code: &str, now_ms: i64) -> Result<bool> {
    let sql =
        "update recovery_codes set used_ms = $4 where tenant = $1 and person = $2 and code = $3 and used_ms is null";
    Ok(tx.execute(sql, vals![person, code, now_ms]).await? == 1)
}

/// How many recovery codes are left.
pub async fn codes_left(tx: &mut Tx, person: &str) -> Result<i64> {
    let sql = "select count(*) from recovery_codes where tenant = $1 and person = $2 and used_ms is null";
    tx.first(sql, vals![person]).await?.map_or(Ok(0), |row| row.int(0))
}

/// Takes an authenticator and its codes away, and writes that down.
pub async fn remove(tx: &mut Tx, by: By<'_>, person: &str) -> Result<()> {
    tx.execute("delete from second_factors where tenant = $1 and person = $2", vals![person]).await?;
    tx.execute("delete from recovery_codes where tenant = $1 and person = $2", vals![person]).await?;
    told(tx, by, person, "off").await
}

async fn told(tx: &mut Tx, by: By<'_>, person: &str, what: &str) -> Result<()> {
    let facts = json!({ "person": person, "what": what });
    events::append(tx, by, None, ("second_factor", facts), &Marks::default()).await?;
    Ok(())
}

/// Marks a password as one that somebody else has seen: it is changed at the next sign-in.
pub async fn to_be_changed(tx: &mut Tx, person: &str, now_ms: i64) -> Result<()> {
    let sql = "insert into first_passwords (tenant, person, at_ms) values ($1, $2, $3) \
               on conflict (tenant, person) do update set at_ms = excluded.at_ms";
    tx.execute(sql, vals![person, now_ms]).await?;
    Ok(())
}

/// The mark is taken away: the password is the person's own.
pub async fn changed(tx: &mut Tx, person: &str) -> Result<()> {
    tx.execute("delete from first_passwords where tenant = $1 and person = $2", vals![person]).await?;
    Ok(())
}

/// When somebody else gave the person the present password; `None` if it is the person's own.
pub async fn given_ms(tx: &mut Tx, person: &str) -> Result<Option<i64>> {
    let sql = "select at_ms from first_passwords where tenant = $1 and person = $2";
    tx.first(sql, vals![person]).await?.map(|row| row.int(0)).transpose()
}

/// Those among these people who have an authenticator.
pub async fn among(tx: &mut Tx, people: &[String]) -> Result<Vec<String>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let holes: Vec<String> = (0..people.len()).map(|at| format!("${}", at + 2)).collect();
    let sql = format!(
        "select person from second_factors where tenant = $1 and confirmed_ms is not null and person in ({}) order by person",
        holes.join(", ")
    );
    tx.fetch(sql, people.iter().map(Val::from).collect()).await?.iter().map(|row| row.text(0)).collect()
}

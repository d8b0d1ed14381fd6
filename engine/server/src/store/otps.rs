//! One-time codes, as keyed hashes; one at a time for each mobile and purpose.
//!
//! The number is blind, and so is the purpose, which may name another number: a keyed hash stands in their places. A
//! code that an earlier version sent stands there in the clear and is found as well, for the minutes that it holds.

use connectors::control::holds;

use super::db::{Row, vals};
use super::error::Result;
use super::tx::Tx;
use super::vault;

/// A code that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Otp {
    /// Where it was sent.
    pub mobile: String,
    /// What it opens: `sign_in`, …
    pub purpose: String,
    /// The hash of the browser that asked for it.
    pub browser_hash: String,
    /// The keyed hash of the code.
    pub code_hmac: String,
    /// When it ends.
    pub expires_ms: i64,
    /// How often it was guessed.
    pub tries: i64,
}

/// What stands in the places of a number and a purpose; themselves in a store without keys.
fn blind(tx: &Tx, mobile: &str, purpose: &str) -> (String, String) {
    let hidden = |column: &str, text: &str| {
        let hidden = vault::index(tx, column, text).filter(|_| holds("priv_01_codes"));
        hidden.unwrap_or_else(|| text.to_owned())
    };
    (hidden("otps.mobile", mobile), hidden("otps.purpose", purpose))
}

/// Puts a new code in place of an earlier one.
pub async fn put(tx: &mut Tx, otp: &Otp) -> Result<()> {
    let (mobile, purpose) = blind(tx, &otp.mobile, &otp.purpose);
    if mobile != otp.mobile {
        let sql = "delete from otps where tenant = $1 and mobile = $2 and purpose = $3";
        tx.execute(sql, vals![&otp.mobile, &otp.purpose]).await?;
    }
    let sql = "insert into otps (tenant, mobile, purpose, browser_hash, code_hmac, expires_ms, tries) values ($1, $2, $3, $4, $5, $6, $7) \
               on conflict (tenant, mobile, purpose) do update set browser_hash = excluded.browser_hash, code_hmac = excluded.code_hmac, \
               expires_ms = excluded.expires_ms, tries = excluded.tries";
    tx.execute(sql, vals![mobile, purpose, &otp.browser_hash, &otp.code_hmac, otp.expires_ms, otp.tries]).await?;
    Ok(())
}

/// Counts a guess and gives the code to compare it with; `None` if there is none that lasts at
/// `now_ms`. Guesses made at the same time are all counted.
pub async fn guess(tx: &mut Tx, mobile: &str, purpose: &str, now_ms: i64) -> Result<Option<Otp>> {
    let sql = "update otps set tries = tries + 1 where tenant = $1 and mobile in ($2, $5) and purpose in ($3, $6) and expires_ms > $4 \
               returning browser_hash, code_hmac, expires_ms, tries";
    let (hidden, hidden_purpose) = blind(tx, mobile, purpose);
    let rows = tx.fetch(sql, vals![hidden, hidden_purpose, now_ms, mobile, purpose]).await?;
    let read = |row: &Row| -> Result<Otp> {
        Ok(Otp {
            mobile: mobile.to_owned(),
            purpose: purpose.to_owned(),
            browser_hash: row.text(0)?,
            code_hmac: row.text(1)?,
            expires_ms: row.int(2)?,
            tries: row.int(3)?,
        })
    };
    let found: Vec<Otp> = rows.iter().map(read).collect::<Result<_>>()?;
    // While nodes are renewed one by one, one of the version before may have put a code beside that of another.
    Ok(found.into_iter().max_by_key(|otp| otp.expires_ms))
}

/// Takes a code away: it was used, or guessed too often.
pub async fn remove(tx: &mut Tx, mobile: &str, purpose: &str) -> Result<()> {
    let sql = "delete from otps where tenant = $1 and mobile in ($2, $4) and purpose in ($3, $5)";
    let (hidden, hidden_purpose) = blind(tx, mobile, purpose);
    tx.execute(sql, vals![hidden, hidden_purpose, mobile, purpose]).await?;
    Ok(())
}

/// Takes away what ended before `now_ms`; how many.
pub async fn sweep(tx: &mut Tx, now_ms: i64) -> Result<u64> {
    tx.execute("delete from otps where ($1 = '' or tenant = $1) and expires_ms <= $2", vals![now_ms]).await
}

//! One-time codes, as keyed hashes; one at a time for each mobile and purpose.

use super::db::vals;
use super::error::Result;
use super::tx::Tx;

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

/// Puts a new code in place of an earlier one.
pub async fn put(tx: &mut Tx, otp: &Otp) -> Result<()> {
    let sql = "insert into otps (tenant, mobile, purpose, browser_hash, code_hmac, expires_ms, tries) values ($1, $2, $3, $4, $5, $6, $7) \
               on conflict (tenant, mobile, purpose) do update set browser_hash = excluded.browser_hash, code_hmac = excluded.code_hmac, \
               expires_ms = excluded.expires_ms, tries = excluded.tries";
    tx.execute(sql, vals![&otp.mobile, &otp.purpose, &otp.browser_hash, &otp.code_hmac, otp.expires_ms, otp.tries])
        .await?;
    Ok(())
}

/// Counts a guess and gives the code to compare it with; `None` if there is none that lasts at
/// `now_ms`. Guesses made at the same time are all counted.
pub async fn guess(tx: &mut Tx, mobile: &str, purpose: &str, now_ms: i64) -> Result<Option<Otp>> {
    let sql = "update otps set tries = tries + 1 where tenant = $1 and mobile = $2 and purpose = $3 and expires_ms > $4 \
               returning mobile, purpose, browser_hash, code_hmac, expires_ms, tries";
    let found = tx.first(sql, vals![mobile, purpose, now_ms]).await?;
    found
        .map(|row| {
            Ok(Otp {
                mobile: row.text(0)?,
                purpose: row.text(1)?,
                browser_hash: row.text(2)?,
                code_hmac: row.text(3)?,
                expires_ms: row.int(4)?,
                tries: row.int(5)?,
            })
        })
        .transpose()
}

/// Takes a code away: it was used, or guessed too often.
pub async fn remove(tx: &mut Tx, mobile: &str, purpose: &str) -> Result<()> {
    tx.execute("delete from otps where tenant = $1 and mobile = $2 and purpose = $3", vals![mobile, purpose]).await?;
    Ok(())
}

/// Takes away what ended before `now_ms`; how many.
pub async fn sweep(tx: &mut Tx, now_ms: i64) -> Result<u64> {
    tx.execute("delete from otps where ($1 = '' or tenant = $1) and expires_ms <= $2", vals![now_ms]).await
}

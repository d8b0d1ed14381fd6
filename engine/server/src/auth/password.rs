//! Passwords of the staff: Argon2id, in turns so that guessing cannot exhaust the machine.

use std::cell::Cell;
use std::sync::LazyLock;

use argon2::password_hash::PasswordHasher as _;
use argon2::{Argon2, PasswordHash, PasswordVerifier as _};

use super::password_rules::normal;
use super::turns::Turns;
use crate::chance::Chance;
use crate::http::limits;
use crate::problem::Problem;

/// Most octets of a password that is looked at at all.
pub const LONGEST: usize = 512;

/// Passwords are looked at in turns; each takes 19 MiB and some 20 ms.
static TURNS: LazyLock<Turns> = LazyLock::new(|| Turns::on_half_of_the_machine(limits::PASSWORDS_WAITING));

tokio::task_local! {
    /// How many passwords were held against a hash since somebody began to count.
    static COMPARED: Cell<usize>;
}

/// Counts how many passwords are held against a hash while something is done. That is what takes time, and it does
/// not depend on how busy a machine is.
#[doc(hidden)]
pub async fn counted<T>(work: impl Future<Output = T>) -> (T, usize) {
    let counting = async {
        let done = work.await;
        (done, COMPARED.with(Cell::get))
    };
    COMPARED.scope(Cell::new(0), counting).await
}

/// What is stored of a password. The parameters are those of `Argon2::default()`: Argon2id with
/// 19 MiB and two passes, the least that OWASP recommends.
///
/// # Errors
/// When it is too long to be one.
pub fn hash(password: &str, chance: &Chance) -> anyhow::Result<String> {
    anyhow::ensure!(password.len() <= LONGEST, "a password has at most {LONGEST} octets");
    let hash = Argon2::default()
        .hash_password_with_salt(normal(password).as_bytes(), &chance.bytes::<16>())
        .map_err(|error| anyhow::anyhow!("hashing a password: {error}"))?;
    Ok(hash.to_string())
}

/// The same, once it is its turn.
///
/// # Errors
/// When it is too long to be one, or too many wait already.
pub async fn hash_in_turn(password: &str, chance: &Chance) -> Result<String, Problem> {
    let (password, chance) = (password.to_owned(), chance.clone());
    Ok(TURNS.work(move || hash(&password, &chance)).await??)
}

/// Whether `password` is the one that `stored` was made of. Without a stored one the same work is
/// done, so that nobody learns from the time it takes whether a name exists.
///
/// # Errors
/// When too many wait already: it was not looked at.
pub async fn is_right(password: &str, stored: Option<&str>) -> Result<bool, Problem> {
    if password.len() > LONGEST {
        return Ok(false);
    }
    let (password, known) = (normal(password), stored.is_some());
    let stored = stored.unwrap_or(NOBODYS).to_owned();
    let fits = TURNS.work(move || {
        let stored = PasswordHash::new(&stored).ok()?;
        Some(Argon2::default().verify_password(password.as_bytes(), &stored).is_ok())
    });
    let fits = fits.await?;
    if fits.is_some() {
        // Outside of a count there is nothing to add to.
        let _ = COMPARED.try_with(|compared| compared.set(compared.get() + 1));
    }
    Ok(known && fits == Some(true))
}

/// Under which wrong passwords for a name are counted, wherever they come from.
pub fn counted_in_all(user: &str) -> String {
    format!("password-of:{user}")
}

/// A hash that no password is compared with in earnest.
pub const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

//! What can go wrong in the store.

use std::fmt;

/// What the store's functions return.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the store did not do what it was asked.
#[derive(Debug)]
pub enum Error {
    /// The case changed since it was loaded; nothing was written.
    Stale,
    /// Another row has this key already: a number, a payment, an idempotency key, a login.
    Taken(String),
    /// The writer did not come free in time; the caller may try again.
    Busy,
    /// Whoever writes this was thought dead, and somebody else does the work by now.
    Lost,
    /// What is stored cannot be read: a bug, or somebody changed the database by hand.
    Corrupt(String),
    /// The database itself failed.
    Database(sqlx::Error),
}

impl Error {
    /// Whether the same work, begun again from the start, may well succeed: another transaction
    /// was in the way (SQLSTATE 40001, 40P01), took the same key first, or held the writer.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Stale | Self::Taken(_) | Self::Busy => true,
            Self::Corrupt(_) | Self::Lost => false,
            Self::Database(error) => error
                .as_database_error()
                .and_then(sqlx::error::DatabaseError::code)
                .is_some_and(|code| matches!(&*code, "40001" | "40P01" | "5" | "517")),
        }
    }

    /// Whether the database cannot be reached yet, or does not take anybody in yet: it is being started, or
    /// restarted (SQLSTATE 57P03, 57P01), or has no connection left (53300).
    pub fn is_away(&self) -> bool {
        match self {
            Self::Database(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut) => true,
            Self::Database(error) => error
                .as_database_error()
                .and_then(sqlx::error::DatabaseError::code)
                .is_some_and(|code| matches!(&*code, "57P01" | "57P03" | "53300")),
            _ => false,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error() {
            Some(inner) if inner.is_unique_violation() => Self::Taken(inner.message().to_owned()),
            _ => Self::Database(error),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale => f.write_str("the case changed meanwhile"),
            Self::Taken(key) => write!(f, "this key is taken: {key}"),
            Self::Busy => f.write_str("the store is busy"),
            Self::Lost => f.write_str("somebody else has this work by now"),
            Self::Corrupt(what) => write!(f, "the store holds what it should not: {what}"),
            Self::Database(error) => write!(f, "the database failed: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

/// Does `attempt` again, at most five times, as long as it fails with what `passing` says will pass.
/// Each attempt must begin its own transaction.
pub async fn retry<T, E, Fut>(
    passing: impl Fn(&E) -> bool,
    mut attempt: impl FnMut() -> Fut,
) -> std::result::Result<T, E>
where
    Fut: Future<Output = std::result::Result<T, E>>,
{
    let mut wait = std::time::Duration::from_millis(2);
    for _ in 0..4 {
        match attempt().await {
            Err(error) if passing(&error) => tokio::time::sleep(wait).await,
            settled => return settled,
        }
        wait *= 3;
    }
    attempt().await
}

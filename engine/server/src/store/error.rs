//! What can go wrong in the store.

use std::borrow::Cow;
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
    /// A voucher was to be written of a day on which the books are closed.
    Closed,
    /// A transaction of another town was asked for by whoever works for one.
    Elsewhere,
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
            Self::Corrupt(_) | Self::Lost | Self::Closed | Self::Elsewhere => false,
            Self::Database(error) => code(error).is_some_and(|code| matches!(&*code, "40001" | "40P01" | "5" | "517")),
        }
    }

    /// Whether the database cannot be reached yet, or does not take anybody in yet: it is being started, or
    /// restarted (SQLSTATE 57P03, 57P01), or has no connection left (53300).
    pub fn is_away(&self) -> bool {
        match self {
            Self::Database(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut) => true,
            Self::Database(error) => code(error).is_some_and(|code| matches!(&*code, "57P01" | "57P03" | "53300")),
            _ => false,
        }
    }

    /// Whether nothing is wrong with what was asked nor with the program, and whoever asked is to come again: the
    /// database is away, was cut off or ended the connection, takes no writes at the moment, kept somebody waiting
    /// for too long, or has no room left. Whether a commit that failed so was made nobody knows.
    pub fn is_trouble(&self) -> bool {
        match self {
            Self::Busy | Self::Database(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed) => {
                true
            }
            Self::Database(error) => code(error).is_some_and(|code| is_of_trouble(&code)),
            _ => false,
        }
    }
}

/// What the database calls its error: an SQLSTATE of PostgreSQL, or a number of SQLite.
fn code(error: &sqlx::Error) -> Option<Cow<'_, str>> {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code)
}

fn is_of_trouble(code: &str) -> bool {
    // SQLite's low octet says the kind: busy, a disk that fails, a disk that is full, a file that cannot be opened.
    if code.len() < 5
        && let Ok(number) = code.parse::<u32>()
    {
        return matches!(number & 0xff, 5 | 10 | 13 | 14);
    }
    // Connections, others in the way, resources and the system itself; then a server that stops, a
    // connection or a transaction that was silent for too long, a transaction, a statement or a lock that took too
    // long, and a standby that does not write yet.
    ["08", "40", "53", "58"].iter().any(|class| code.starts_with(*class))
        || matches!(code, "57P01" | "57P02" | "57P03" | "57P05" | "57014" | "55P03" | "25P03" | "25P04" | "25006")
}

/// What the guard of the vouchers says, in the database itself.
const BOOKS_CLOSED: &str = "the books are closed";

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error() {
            Some(inner) if inner.is_unique_violation() => Self::Taken(inner.message().to_owned()),
            Some(inner) if inner.message() == BOOKS_CLOSED => Self::Closed,
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
            Self::Closed => f.write_str(BOOKS_CLOSED),
            Self::Lost => f.write_str("somebody else has this work by now"),
            Self::Elsewhere => f.write_str("rows of another town were asked for"),
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

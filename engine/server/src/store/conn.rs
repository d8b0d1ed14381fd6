//! A connection in a transaction, of either database.
//!
//! Futures are boxed here, where they touch the driver, and borrow no values: the driver's generic
//! futures are too much for the compiler's proof that ours may move between threads.

use std::borrow::Cow;
use std::pin::Pin;

use futures_util::TryStreamExt as _;
use sqlx::query::Query;
use sqlx::{
    Arguments, AssertSqlSafe, Database, Either, Executor as _, PgConnection, Postgres, Sqlite, SqliteConnection,
    Transaction,
};

use super::db::{self, Row, Statement, Val, Writes};
use super::error::Result;
use super::lite::Turn;

/// A future that may move between threads.
pub(super) type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

pub(super) enum Conn {
    /// Reads, on SQLite.
    LiteRead(Transaction<'static, Sqlite>),
    /// Writes, on SQLite.
    LiteWrite(Turn),
    /// Reads, on PostgreSQL.
    PgRead(Transaction<'static, Postgres>),
    /// Writes, on PostgreSQL.
    Pg(Transaction<'static, Postgres>),
}

/// The connection of either driver.
pub(super) enum Driver<'a> {
    /// With what must be sent in front of the next statement, if anything.
    Lite(&'a mut SqliteConnection, &'static str),
    Pg(&'a mut PgConnection),
}

/// `sql` with the tenant as `$1` and `values` from `$2` on, kept prepared by the driver. The values are gathered by
/// themselves: a query is moved as a whole for each value that it is given.
macro_rules! bound {
    ($db:ty, $sql:expr, $tenant:expr, $values:expr) => {{
        let sql = AssertSqlSafe($sql);
        let mut arguments = <$db as Database>::Arguments::default();
        let mut added = Arguments::add(&mut arguments, $tenant.to_owned());
        for value in $values {
            added = added.and_then(|()| match value {
                Val::Text(text) => Arguments::add(&mut arguments, text.map(Cow::into_owned)),
                Val::Shared(text) => Arguments::add(&mut arguments, text),
                Val::Int(number) => Arguments::add(&mut arguments, number),
            });
        }
        added.expect("text and numbers are values in both databases");
        let query: Query<'static, $db, <$db as Database>::Arguments> = sqlx::query_with(sql, arguments);
        query
    }};
}

/// How many statements begin a transaction.
fn begun(begin: &str) -> usize {
    begin.matches(';').count()
}

impl Conn {
    pub(super) fn driver(&mut self) -> Driver<'_> {
        match self {
            Self::LiteRead(tx) => Driver::Lite(&mut *tx, ""),
            Self::LiteWrite(turn) => {
                let (conn, begin) = turn.conn();
                Driver::Lite(conn, begin)
            }
            Self::PgRead(tx) | Self::Pg(tx) => Driver::Pg(&mut *tx),
        }
    }

    /// Lets statements take as long as they need: PostgreSQL gives up after a while.
    pub(super) fn patient(&mut self) -> Boxed<'_, ()> {
        match self {
            Self::PgRead(tx) | Self::Pg(tx) => Box::pin(async move {
                tx.execute("set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0")
                    .await?;
                Ok(())
            }),
            Self::LiteRead(_) | Self::LiteWrite(_) => Box::pin(std::future::ready(Ok(()))),
        }
    }

    pub(super) fn commit(self) -> Boxed<'static, ()> {
        Box::pin(async move {
            match self {
                Self::LiteRead(tx) => tx.commit().await?,
                Self::LiteWrite(turn) => turn.commit().await?,
                Self::PgRead(tx) | Self::Pg(tx) => tx.commit().await?,
            }
            Ok(())
        })
    }

    pub(super) fn rollback(self) -> Boxed<'static, ()> {
        Box::pin(async move {
            match self {
                Self::LiteRead(tx) => tx.rollback().await?,
                Self::LiteWrite(turn) => turn.rollback().await,
                Self::PgRead(tx) | Self::Pg(tx) => tx.rollback().await?,
            }
            Ok(())
        })
    }

    /// The rows of each statement; one round trip on SQLite.
    pub(super) fn fetch_each<'a>(
        &'a mut self,
        tenant: &str,
        statements: Vec<Statement<'_>>,
    ) -> Boxed<'a, Vec<Vec<Row>>> {
        match self.driver() {
            Driver::Lite(conn, begin) => {
                let sql = db::joined(begin, &statements);
                let query = bound!(Sqlite, sql, tenant, db::values(statements));
                Box::pin(async move {
                    let (mut sets, mut set) = (Vec::new(), Vec::new());
                    let mut steps = conn.fetch_many(query);
                    while let Some(step) = steps.try_next().await? {
                        match step {
                            Either::Left(_) => sets.push(std::mem::take(&mut set)),
                            Either::Right(row) => set.push(Row::lite(row)),
                        }
                    }
                    sets.drain(..begun(begin));
                    Ok(sets)
                })
            }
            Driver::Pg(conn) => {
                let queries: Vec<_> =
                    statements.into_iter().map(|(sql, values)| bound!(Postgres, sql, tenant, values)).collect();
                Box::pin(async move {
                    let mut sets = Vec::with_capacity(queries.len());
                    for query in queries {
                        sets.push(conn.fetch_all(query).await?.into_iter().map(Row::pg).collect());
                    }
                    Ok(sets)
                })
            }
        }
    }

    /// Shows every row to `look`, as it comes.
    pub(super) fn each<'a>(
        &'a mut self,
        tenant: &str,
        sql: String,
        values: Vec<Val<'_>>,
        look: &'a mut (dyn FnMut(&Row) -> Result<()> + Send),
    ) -> Boxed<'a, ()> {
        match self.driver() {
            Driver::Lite(conn, begin) => {
                let query = bound!(Sqlite, format!("{begin}{sql}"), tenant, values);
                Box::pin(async move {
                    let mut rows = conn.fetch(query);
                    while let Some(row) = rows.try_next().await? {
                        look(&Row::lite(row))?;
                    }
                    Ok(())
                })
            }
            Driver::Pg(conn) => {
                let query = bound!(Postgres, sql, tenant, values);
                Box::pin(async move {
                    let mut rows = conn.fetch(query);
                    while let Some(row) = rows.try_next().await? {
                        look(&Row::pg(row))?;
                    }
                    Ok(())
                })
            }
        }
    }

    /// How many rows each of the statements changed; one round trip.
    pub(super) fn write<'a>(&'a mut self, tenant: &str, writes: Writes<'_>) -> Boxed<'a, Vec<u64>> {
        let mut statements = writes.statements;
        let count = statements.len();
        if count == 0 {
            return Box::pin(std::future::ready(Ok(Vec::new())));
        }
        match self.driver() {
            Driver::Lite(conn, begin) => {
                let query = bound!(Sqlite, db::joined(begin, &statements), tenant, db::values(statements));
                Box::pin(async move {
                    let mut changed = Vec::with_capacity(count);
                    let mut steps = conn.fetch_many(query);
                    while let Some(step) = steps.try_next().await? {
                        if let Either::Left(done) = step {
                            changed.push(done.rows_affected());
                        }
                    }
                    changed.drain(..begun(begin));
                    Ok(changed)
                })
            }
            Driver::Pg(conn) if count == 1 => {
                let sql = std::mem::take(&mut statements[0].0);
                let query = bound!(Postgres, sql, tenant, db::values(statements));
                Box::pin(async move { Ok(vec![conn.execute(query).await?.rows_affected()]) })
            }
            Driver::Pg(conn) => {
                let query = bound!(Postgres, db::nested(&statements), tenant, db::values(statements));
                Box::pin(async move {
                    let row = Row::pg(conn.fetch_one(query).await?);
                    (0..count).map(|at| Ok(row.int(at)?.unsigned_abs())).collect()
                })
            }
        }
    }
}

//! A transaction, bound to its tenant.

use std::collections::BTreeMap;

use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Either, Executor as _, Postgres, Sqlite, Transaction};

use super::db::{self, Row, Statement, Val, Writes};
use super::error::{Error, Result};
use super::events::Head;
use super::lite::Turn;

/// A transaction of one tenant. Every statement that goes through it has the tenant as `$1`.
///
/// Dropped without [`Tx::commit`], it leaves nothing behind. After a statement failed nothing more
/// can be committed, on either database.
pub struct Tx {
    tenant: String,
    conn: Conn,
    broken: bool,
    /// The end of the tenant's chain of events, once this transaction holds it.
    pub(super) head: Option<Head>,
    /// The last number of each series that this transaction holds.
    pub(super) serials: BTreeMap<String, u64>,
}

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

macro_rules! bound {
    ($db:ty, $sql:expr, $tenant:expr, $values:expr) => {{
        let mut query = sqlx::query::<$db>(AssertSqlSafe($sql)).bind($tenant);
        for value in $values {
            query = match value {
                Val::Text(text) => query.bind(text.as_deref()),
                Val::Int(number) => query.bind(*number),
            };
        }
        query
    }};
}

impl Tx {
    pub(super) fn new(tenant: &str, conn: Conn) -> Self {
        Self { tenant: tenant.to_owned(), conn, broken: false, head: None, serials: BTreeMap::new() }
    }

    /// Whose rows it sees.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// Makes everything it wrote durable, and visible to others.
    pub async fn commit(self) -> Result<()> {
        if self.broken {
            self.rollback().await?;
            return Err(Error::Corrupt("a transaction was to be committed after a statement of it had failed".to_owned()));
        }
        match self.conn {
            Conn::LiteRead(tx) => tx.commit().await?,
            Conn::LiteWrite(turn) => turn.commit().await?,
            Conn::Pg(tx) | Conn::PgRead(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Undoes everything it wrote.
    pub async fn rollback(self) -> Result<()> {
        match self.conn {
            Conn::LiteRead(tx) => tx.rollback().await?,
            Conn::LiteWrite(turn) => turn.rollback().await,
            Conn::Pg(tx) | Conn::PgRead(tx) => tx.rollback().await?,
        }
        Ok(())
    }

    /// Makes sure that nothing of this transaction is committed, because of `error`.
    pub(super) fn spoil(&mut self, error: Error) -> Error {
        self.broken = true;
        error
    }

    /// What makes a `select` hold the rows it finds until the end: SQLite has one writer anyway.
    pub(super) fn lock(&self) -> &'static str {
        match self.conn {
            Conn::Pg(_) => " for update",
            _ => "",
        }
    }

    /// The same, passing over rows that others hold.
    pub(super) fn lock_free(&self) -> &'static str {
        match self.conn {
            Conn::Pg(_) => " for update skip locked",
            _ => "",
        }
    }

    /// The rows that a statement finds.
    pub(super) async fn fetch(&mut self, sql: impl Into<std::borrow::Cow<'static, str>>, values: Vec<Val<'_>>) -> Result<Vec<Row>> {
        let mut sets = self.fetch_each(vec![(sql.into(), values)]).await?;
        Ok(sets.pop().expect("one set of rows for each statement"))
    }

    /// The first row that a statement finds.
    pub(super) async fn first(&mut self, sql: impl Into<std::borrow::Cow<'static, str>>, values: Vec<Val<'_>>) -> Result<Option<Row>> {
        Ok(self.fetch(sql, values).await?.into_iter().next())
    }

    /// The rows of several statements; one round trip on SQLite.
    pub(super) async fn fetch_each(&mut self, statements: Vec<Statement<'_>>) -> Result<Vec<Vec<Row>>> {
        let found = self.conn.fetch_each(&self.tenant, statements).await;
        self.broken |= found.is_err();
        found
    }

    /// Shows every row that a statement finds to `look`, one at a time.
    pub(super) async fn each(&mut self, sql: String, values: Vec<Val<'_>>, look: impl FnMut(&Row) -> Result<()>) -> Result<()> {
        let seen = self.conn.each(&self.tenant, sql, values, look).await;
        self.broken |= seen.is_err();
        seen
    }

    /// Runs one statement; how many rows it changed.
    pub(super) async fn execute(&mut self, sql: &'static str, values: Vec<Val<'_>>) -> Result<u64> {
        let mut writes = Writes::default();
        writes.add(sql, values);
        Ok(self.write(writes).await?[0])
    }

    /// Runs statements that write; how many rows each of them changed. One round trip.
    pub(super) async fn write(&mut self, writes: Writes<'_>) -> Result<Vec<u64>> {
        let written = self.conn.write(&self.tenant, writes).await;
        self.broken |= written.is_err();
        written
    }
}

/// Futures are boxed where they touch the driver: its generic futures are too much for the compiler's
/// proof that ours may move between threads.
type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

impl Conn {
    fn fetch_each<'a>(&'a mut self, tenant: &'a str, statements: Vec<Statement<'a>>) -> Boxed<'a, Vec<Vec<Row>>> {
        Box::pin(async move {
        let lite = match self {
            Self::LiteRead(tx) => &mut **tx,
            Self::LiteWrite(turn) => turn.conn(),
            Self::Pg(tx) | Self::PgRead(tx) => {
                let mut sets = Vec::with_capacity(statements.len());
                for (sql, values) in statements {
                    let rows = tx.fetch_all(bound!(Postgres, sql, tenant, &values)).await?;
                    sets.push(rows.into_iter().map(Row::Pg).collect());
                }
                return Ok(sets);
            }
        };
        let mut sets = vec![Vec::new()];
        let sql = if statements.len() == 1 { statements[0].0.clone() } else { db::joined(&statements).into() };
        let values = statements.iter().flat_map(|(_, values)| values);
        let mut stream = lite.fetch_many(bound!(Sqlite, sql, tenant, values));
        while let Some(step) = stream.try_next().await? {
            match step {
                Either::Left(_) => sets.push(Vec::new()),
                Either::Right(row) => sets.last_mut().expect("never empty").push(Row::Lite(row)),
            }
        }
        sets.pop();
        Ok(sets)
    }

    async fn each(&mut self, tenant: &str, sql: String, values: Vec<Val<'_>>, mut look: impl FnMut(&Row) -> Result<()>) -> Result<()> {
        let lite = match self {
            Self::LiteRead(tx) => &mut **tx,
            Self::LiteWrite(turn) => turn.conn(),
            Self::Pg(tx) | Self::PgRead(tx) => {
                let mut rows = tx.fetch(bound!(Postgres, sql, tenant, &values));
                while let Some(row) = rows.try_next().await? {
                    look(&Row::Pg(row))?;
                }
                return Ok(());
            }
        };
        let mut rows = lite.fetch(bound!(Sqlite, sql, tenant, &values));
        while let Some(row) = rows.try_next().await? {
            look(&Row::Lite(row))?;
        }
        Ok(())
    }

    async fn write(&mut self, tenant: &str, writes: Writes<'_>) -> Result<Vec<u64>> {
        let statements = writes.statements;
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        let values = statements.iter().flat_map(|(_, values)| values);
        let lite = match self {
            Self::LiteRead(tx) => &mut **tx,
            Self::LiteWrite(turn) => turn.conn(),
            Self::Pg(tx) | Self::PgRead(tx) => {
                if statements.len() == 1 {
                    let done = tx.execute(bound!(Postgres, statements[0].0.clone(), tenant, values)).await?;
                    return Ok(vec![done.rows_affected()]);
                }
                let row = Row::Pg(tx.fetch_one(bound!(Postgres, db::nested(&statements), tenant, values)).await?);
                return (0..statements.len()).map(|at| Ok(row.int(at)?.unsigned_abs())).collect();
            }
        };
        let mut changed = Vec::with_capacity(statements.len());
        let mut stream = lite.fetch_many(bound!(Sqlite, db::joined(&statements), tenant, values));
        while let Some(step) = stream.try_next().await? {
            if let Either::Left(done) = step {
                changed.push(done.rows_affected());
            }
        }
        Ok(changed)
    }
}

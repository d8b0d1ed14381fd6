//! A transaction, bound to its tenant.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::conn::Conn;
use super::db::{Row, Statement, Val, Writes};
use super::error::{Error, Result};
use super::events::Head;
use super::held;

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
    /// What is written when the transaction commits, if it writes many records.
    held: Option<Vec<Statement<'static>>>,
}

impl Tx {
    pub(super) fn new(tenant: &str, conn: Conn) -> Self {
        Self { tenant: tenant.to_owned(), conn, broken: false, head: None, serials: BTreeMap::new(), held: None }
    }

    /// Whose rows it sees.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// Makes everything it wrote durable, and visible to others.
    pub async fn commit(mut self) -> Result<()> {
        if !self.broken {
            self.send_held().await?;
        }
        if self.broken {
            self.rollback().await?;
            return Err(Error::Corrupt(
                "a transaction was to be committed after a statement of it had failed".to_owned(),
            ));
        }
        self.conn.commit().await
    }

    /// From now on what is written is held back until [`Tx::commit`], and sent together: for many records,
    /// each of which is written once. What is held is not seen by what this transaction reads.
    pub fn hold(&mut self) {
        self.held.get_or_insert_default();
    }

    async fn send_held(&mut self) -> Result<()> {
        let numbered = matches!(self.conn, Conn::LiteRead(_) | Conn::LiteWrite(_));
        for sent in held::gathered(self.held.take().unwrap_or_default(), numbered) {
            let writes = Writes { statements: sent.statements };
            let changed: u64 = self.write(writes).await?.into_iter().sum();
            if sent.rows.is_some_and(|rows| rows != changed) {
                return Err(self.spoil(Error::Stale));
            }
        }
        Ok(())
    }

    /// Undoes everything it wrote.
    pub async fn rollback(self) -> Result<()> {
        self.conn.rollback().await
    }

    /// The connection beneath, for tests that look at statements.
    #[cfg(test)]
    pub(super) fn driver(&mut self) -> super::conn::Driver<'_> {
        self.conn.driver()
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
    pub(super) async fn fetch(&mut self, sql: impl Into<Cow<'static, str>>, values: Vec<Val<'_>>) -> Result<Vec<Row>> {
        let mut sets = self.fetch_each(vec![(sql.into(), values)]).await?;
        Ok(sets.pop().expect("one set of rows for each statement"))
    }

    /// The first row that a statement finds.
    pub(super) async fn first(
        &mut self,
        sql: impl Into<Cow<'static, str>>,
        values: Vec<Val<'_>>,
    ) -> Result<Option<Row>> {
        Ok(self.fetch(sql, values).await?.into_iter().next())
    }

    /// The rows of several statements; one round trip on SQLite.
    pub(super) async fn fetch_each(&mut self, statements: Vec<Statement<'_>>) -> Result<Vec<Vec<Row>>> {
        let found = self.conn.fetch_each(&self.tenant, &statements).await;
        self.broken |= found.is_err();
        found
    }

    /// Shows every row that a statement finds to `look`, one at a time.
    pub(super) async fn each(
        &mut self,
        sql: String,
        values: Vec<Val<'_>>,
        mut look: impl FnMut(&Row) -> Result<()> + Send,
    ) -> Result<()> {
        let seen = self.conn.each(&self.tenant, sql, &values, &mut look).await;
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
        if let Some(held) = &mut self.held {
            // Whether each changed its row is seen when they are sent.
            let changed = vec![1; writes.statements.len()];
            held.extend(writes.statements.into_iter().map(held::owned));
            return Ok(changed);
        }
        let written = self.conn.write(&self.tenant, &writes).await;
        self.broken |= written.is_err();
        written
    }
}

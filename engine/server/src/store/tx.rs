//! A transaction, bound to its tenant.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _};

use super::cipher::Key;
use super::conn::{Conn, Driver};
use super::db::{Row, Statement, Val, Writes};
use super::error::{Error, Result};
use super::events::Head;
use super::held::{self, Holes, Sent};
use super::line::{Line, Place};
use super::ready::{Looked, Ready, Stand};
use super::seam::Seat;
use super::vault::{self, Cells, Vault};

/// A transaction of one tenant. Every statement that goes through it has the tenant as `$1`.
///
/// Dropped without [`Tx::commit`], it leaves nothing behind. After a statement failed nothing more
/// can be committed, on either database.
pub struct Tx {
    tenant: String,
    /// None where it is made ready ahead of its turn.
    conn: Option<Conn>,
    broken: bool,
    /// Whether the end of the chain is where somebody saw it who looked ahead, and nothing has shown yet that it still is.
    assumed: bool,
    /// The end of the tenant's chain of events, once this transaction holds it.
    pub(super) head: Option<Head>,
    /// The last number of each series that this transaction holds.
    pub(super) serials: BTreeMap<String, u64>,
    /// What is written when the transaction commits, if it writes many records.
    held: Option<Vec<Statement<'static>>>,
    /// How values are written in what is held.
    holes: Holes,
    /// What seals and opens; nothing in a store that was given no keys.
    pub(super) vault: Option<Arc<Vault>>,
    /// The keys of the cases that it has read or written.
    pub(super) case_keys: BTreeMap<String, Key>,
    /// Where those of this node stand who wait for the end of the chain; nothing where nobody need wait.
    line: Option<Line>,
    /// Its place in front of them, behind the connection, which must be done when the next one asks.
    place: Option<Place>,
    /// Behind the connection, which must be gone when the place is free. Only in a simulation.
    seat: Option<Seat>,
}

impl Tx {
    pub(super) fn new(tenant: &str, conn: Conn, seat: Option<Seat>) -> Self {
        let holes = if matches!(conn, Conn::Pg(_)) { Holes::Numbered } else { Holes::InOrder };
        let (tenant, conn) = (tenant.to_owned(), Some(conn));
        Self {
            tenant,
            conn,
            broken: false,
            assumed: false,
            head: None,
            serials: BTreeMap::new(),
            held: None,
            holes,
            vault: None,
            case_keys: BTreeMap::new(),
            line: None,
            place: None,
            seat,
        }
    }

    /// The same, with what seals and opens.
    pub(super) fn sealing(self, vault: Option<Arc<Vault>>) -> Self {
        Self { vault, ..self }
    }

    /// The same, with the line in which it waits to write.
    pub(super) fn in_line(self, line: Option<Line>) -> Self {
        Self { line, ..self }
    }

    /// Waits until it is the first of its line. Whatever holds the end of the chain does so before.
    pub(super) async fn first_in_line(&mut self) {
        if let (Some(line), None) = (&self.line, &self.place) {
            self.place = line.wait().await;
        }
    }

    /// A transaction that is made ready ahead of its turn: it begins where `stand` is, reads nothing, and
    /// holds back all that it writes until it is [`Tx::ready`].
    pub fn ahead(tenant: &str, stand: Stand, holes: Holes) -> Self {
        let Stand { head, serials } = stand;
        let (tenant, held) = (tenant.to_owned(), Some(Vec::new()));
        Self {
            tenant,
            conn: None,
            broken: false,
            assumed: false,
            head: Some(head),
            serials,
            held,
            holes,
            vault: None,
            case_keys: BTreeMap::new(),
            line: None,
            place: None,
            seat: None,
        }
    }

    /// Where the chain of events and the series stand that it holds; nothing if it does not hold the chain.
    pub fn stand(&self) -> Option<Stand> {
        self.head.clone().map(|head| Stand { head, serials: self.serials.clone() })
    }

    /// What a transaction that was made ahead will write, put together as it is sent, so that whoever sends it
    /// does nothing else meanwhile; `from` is where it began.
    ///
    /// # Errors
    /// When something of it failed.
    pub fn ready(mut self, from: Stand) -> Result<Ready> {
        match (self.broken, self.stand()) {
            (false, Some(to)) => {
                let held = held::gathered(self.held.take().unwrap_or_default(), self.holes);
                Ok(Ready { from, to, held })
            }
            _ => Err(Error::Corrupt("a transaction was to be ready after a statement of it had failed".to_owned())),
        }
    }

    /// Writes what was made ready, if chain and series, which it must hold, stand where that began;
    /// `false`, and nothing is written, if somebody else has written meanwhile.
    pub async fn write_ready(&mut self, ready: Ready) -> Result<bool> {
        if self.stand().as_ref() != Some(&ready.from) {
            return Ok(false);
        }
        let Stand { head, serials } = ready.to;
        self.send(ready.held).await?;
        (self.head, self.serials) = (Some(head), serials);
        Ok(true)
    }

    /// Where the tenant stood when this transaction looked; nothing if it did not look at the chain.
    pub fn looked(&mut self) -> Option<Looked> {
        let stand = self.stand()?;
        Some(Looked { stand, case_keys: std::mem::take(&mut self.case_keys) })
    }

    /// Goes on from where somebody looked ahead of the turn: whatever an act looks at changes with an event of the
    /// tenant, so what was seen holds if the chain of events still ends there. That is not asked: if something has
    /// happened meanwhile, the event that is appended next has the number of another, the write fails with
    /// [`Error::Taken`] or [`Error::Stale`], and nothing of this transaction is kept.
    pub fn go_on_from(&mut self, looked: Looked) {
        let Looked { stand, case_keys } = looked;
        (self.head, self.serials, self.case_keys) = (Some(stand.head), stand.serials, case_keys);
        self.assumed = true;
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
        match (self.conn, &self.seat) {
            (Some(conn), None) => conn.commit().await,
            (Some(conn), Some(seat)) => seat.commit(conn).await,
            (None, _) => Err(Error::Corrupt("a transaction that was made ahead was to be committed".to_owned())),
        }
    }

    /// From now on what is written is held back until [`Tx::commit`], and sent together: for many records,
    /// each of which is written once. What is held is not seen by what this transaction reads.
    pub fn hold(&mut self) {
        self.held.get_or_insert_default();
    }

    async fn send_held(&mut self) -> Result<()> {
        let held = self.held.take().unwrap_or_default();
        self.send(held::gathered(held, self.holes)).await
    }

    async fn send(&mut self, held: Vec<Sent>) -> Result<()> {
        for Sent { statements, rows } in held {
            let changed: u64 = self.write(Writes { statements }).await?.into_iter().sum();
            if rows.is_some_and(|rows| rows != changed) {
                return Err(self.spoil(Error::Stale));
            }
        }
        Ok(())
    }

    /// Undoes everything it wrote.
    pub async fn rollback(self) -> Result<()> {
        match self.conn {
            Some(conn) => conn.rollback().await,
            None => Ok(()),
        }
    }

    /// Has the database look at a statement without running it.
    pub async fn prepare(&mut self, sql: &str) -> Result<()> {
        let sql = AssertSqlSafe(sql.to_owned()).into_sql_str();
        match self.conn()?.driver() {
            Driver::Lite(conn, _) => conn.prepare(sql).await.map(drop)?,
            Driver::Pg(conn) => conn.prepare(sql).await.map(drop)?,
        }
        Ok(())
    }

    /// Lets its statements take as long as they need.
    pub(super) async fn patient(&mut self) -> Result<()> {
        self.conn()?.patient().await
    }

    /// Whether it is made ready ahead of its turn, and cannot ask the database.
    pub(super) fn is_ahead(&self) -> bool {
        self.conn.is_none()
    }

    /// Opens the sealed documents in rows that it found.
    pub(super) async fn open(&mut self, cells: &Cells, rows: Vec<Row>) -> Result<Vec<Row>> {
        vault::opened(self, cells, rows).await
    }

    /// Whether it is one of PostgreSQL.
    pub(super) fn is_pg(&self) -> bool {
        matches!(self.conn, Some(Conn::Pg(_) | Conn::PgRead(_)))
    }

    /// Makes it another tenant's; the chain and the series of the one before are let go of.
    pub(super) fn turn(&mut self, tenant: &str) {
        tenant.clone_into(&mut self.tenant);
        (self.head, self.serials) = (None, BTreeMap::new());
        self.case_keys.clear();
        (self.line, self.place) = (None, None);
    }

    /// The connection; there is none where a transaction is made ready ahead.
    fn conn(&mut self) -> Result<&mut Conn> {
        self.broken |= self.conn.is_none();
        self.conn
            .as_mut()
            .ok_or_else(|| Error::Corrupt("a transaction that is made ahead asked the database".to_owned()))
    }

    /// Makes sure that nothing of this transaction is committed, because of `error`.
    pub(super) fn spoil(&mut self, error: Error) -> Error {
        self.broken = true;
        error
    }

    /// What makes a `select` hold the rows it finds until the end: SQLite has one writer anyway.
    pub(super) fn lock(&self) -> &'static str {
        match self.conn {
            Some(Conn::Pg(_)) => " for update",
            _ => "",
        }
    }

    /// The same, passing over rows that others hold.
    pub(super) fn lock_free(&self) -> &'static str {
        match self.conn {
            Some(Conn::Pg(_)) => " for update skip locked",
            _ => "",
        }
    }

    /// Lets a simulation say something else.
    fn say(&self, statements: &mut [Statement<'_>]) {
        if let Some(seat) = &self.seat {
            for (sql, _) in statements {
                *sql = seat.seam.said(std::mem::take(sql));
            }
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
    pub(super) async fn fetch_each(&mut self, mut statements: Vec<Statement<'_>>) -> Result<Vec<Vec<Row>>> {
        self.say(&mut statements);
        let tenant = self.tenant.clone();
        let found = self.conn()?.fetch_each(&tenant, statements).await;
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
        let tenant = self.tenant.clone();
        let seen = self.conn()?.each(&tenant, sql, values, &mut look).await;
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
    pub(super) async fn write(&mut self, mut writes: Writes<'_>) -> Result<Vec<u64>> {
        self.say(&mut writes.statements);
        if let Some(held) = &mut self.held {
            // Whether each changed its row is seen when they are sent.
            let changed = vec![1; writes.statements.len()];
            held.extend(writes.statements.into_iter().map(held::owned));
            return Ok(changed);
        }
        let tenant = self.tenant.clone();
        let written = self.conn()?.write(&tenant, writes).await;
        self.broken |= written.is_err();
        match written {
            // What was seen may be gone, and rows belong to something that is no longer there.
            Err(error @ Error::Database(_)) if self.assumed && !error.is_trouble() => Err(Error::Stale),
            written => written,
        }
    }
}

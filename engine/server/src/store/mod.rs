//! What is kept: one store over SQLite and PostgreSQL, with one set of SQL, by hand, beside the
//! function that runs it.
//!
//! - [`Store::begin`] and [`Store::read`] give a [`Tx`] bound to a tenant; every function of this
//!   module takes one, and every statement has the tenant as its first value.
//! - The clock and chance are the caller's: instants and ids are arguments.
//! - A row that matters is written together with an event of the tenant's hash chain that carries
//!   the row's digest; [`verify`] reads everything again and names what does not fit.
//!
//! What differs between the databases: how a transaction begins and the pragmas (here and in
//! `lite.rs`), the lock suffix and how several statements travel together (`tx.rs`), five
//! migrations, and the second wall between tenants, which PostgreSQL has (`roles.rs`).

mod bound;
mod cipher;
mod conn;
mod db;
mod digest;
mod error;
mod kept;
mod line;
mod lite;
mod looking;
#[doc(hidden)]
pub mod migrate;
mod ready;
mod roles;
mod seam;
mod terms;
mod tx;
mod vault;
mod written;

pub mod appointments;
pub mod cancellations;
pub mod carry;
pub mod cases;
pub mod closings;
pub mod collected;
pub mod consents;
pub mod dcb;
pub mod definitions;
pub mod demands;
pub mod desk;
pub mod devices;
pub mod drafts;
pub mod erasure_requests;
pub mod erasures;
pub mod events;
pub mod factors;
pub mod feedback;
pub mod figures;
pub mod files;
pub mod found;
mod held;
pub mod idempotency;
pub mod identities;
pub mod inbox;
mod inbox_sql;
pub mod jobs;
pub mod json;
pub mod known;
pub mod leaves;
pub mod links;
pub mod mismatches;
pub mod mobiles;
pub mod notices;
pub mod octets;
pub mod orders;
pub mod otps;
pub mod own;
pub mod paired;
pub mod papers;
pub mod people;
pub mod program_tokens;
pub mod publications;
pub mod receipts;
pub mod record;
pub mod records;
pub mod rounds;
pub mod serials;
pub mod sessions;
pub mod slots;
pub mod staff_requests;
pub mod stocks;
pub mod surveys;
pub mod throttles;
pub mod through;
pub mod tills;
pub mod verify;
pub mod views;
pub mod vouchers;
pub mod way;

use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

pub use bound::{Bound, everywhere, within};
#[doc(hidden)]
pub use cipher::{open as open_octets, seal as seal_octets};
#[doc(hidden)]
pub use db::{Val, Writes, joined, nested};
pub use error::{Error, Result, retry};
pub use events::By;
#[doc(hidden)]
pub use held::{Holes, Sent, gathered};
#[doc(hidden)]
pub use kept::Given;
pub use looking::Looking;
pub use ready::{Looked, Ready, Stand};
pub use seam::{Fate, Point, Seam};
pub use tx::Tx;
pub use vault::{Draw, Vault, rewrap};

use conn::{Boxed, Conn};
use line::Lines;
use looking::Acting;
use seam::Seat;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};

/// Instead of a tenant, for the few functions that look at all of them.
pub const EVERYBODY: &str = "";

/// Statements kept prepared on each connection: more than there are.
const STATEMENTS: usize = 1024;
/// Pages after which SQLite brings its log into the database: 64 MB. What was written several times until
/// then is brought in once, and whoever writes a whole register writes the same pages over and over.
const PAGES_IN_LOG: &str = "16000";
/// Pages of SQLite at hand for the connection that writes: 64 MB.
const WRITER_PAGES: &str = "-65536";
/// The same for each that reads: 8 MB. Whatever it has at hand is let go of as soon as somebody has written, which
/// takes the longer the more pages it ever had; the system has them at hand as well.
const READER_PAGES: &str = "-8192";
/// Connections that read SQLite beside the one that writes.
const READERS: u32 = 4;
/// Connections to PostgreSQL.
const CONNECTIONS: u32 = 24;
/// A connection to PostgreSQL that was of use within this time is taken to be alive still: asking would be a round
/// trip for each transaction. One that is not after all ends in the trouble that a cut line always does.
const ALIVE: Duration = Duration::from_secs(1);
/// What begins a transaction of PostgreSQL that writes.
const BEGIN: &str = "begin";
/// The same, if all its statements find rows by keys: with policies on every table, planning one of them takes
/// PostgreSQL longer than running it.
const BEGIN_PLANNED: &str = "begin; set local plan_cache_mode = force_generic_plan";
/// The clock of PostgreSQL, in milliseconds.
const CLOCK_MS: &str = "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)";

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pool: Pool,
    /// What seals and opens; nothing where no keys were given.
    vault: Option<Arc<Vault>>,
    /// Only in a simulation.
    seam: Option<Arc<dyn Seam>>,
    acting: Acting,
    lines: Lines,
}

#[derive(Clone)]
enum Pool {
    Lite { writer: lite::Writer, readers: SqlitePool },
    Pg(PgPool),
}

impl Store {
    /// Opens `sqlite:path/to/file` (made if it is not there) or `postgres://…`, and brings its
    /// tables up to date. Refuses a database that could lose what it acknowledged.
    ///
    /// On PostgreSQL a login that may not make tables finds them as their owner left them, and is
    /// refused if they are older than this program.
    pub async fn open(url: &str) -> Result<Self> {
        Self::open_owned(url, None).await
    }

    /// The same, but the tables are brought up to date by another login, their `owner`: what serves then
    /// cannot change tables, nor what is only added to.
    pub async fn open_owned(url: &str, owner: Option<&str>) -> Result<Self> {
        let pool = open_pool(url, owner).await?;
        Ok(Self { pool, vault: None, seam: None, acting: Acting::default(), lines: Lines::default() })
    }

    /// Opens a SQLite database to fill it with what could be made again: nothing waits for the
    /// disk. Close it and [`Store::open`] it before it is served.
    pub async fn open_to_fill(url: &str) -> Result<Self> {
        let store = Self::open(url).await?;
        if let Pool::Lite { writer, .. } = &store.pool {
            writer.stop_waiting_for_the_disk().await?;
        }
        Ok(store)
    }

    /// Makes room for whoever takes over a whole register: on SQLite the connection that writes keeps 384 MB of pages
    /// at hand, and brings its log in when that has 750 MB.
    pub async fn make_room(&self) -> Result<()> {
        match &self.pool {
            Pool::Lite { writer, .. } => writer.make_room().await,
            Pool::Pg(_) => Ok(()),
        }
    }

    /// The same database, used through `seam`: for simulations.
    #[must_use]
    pub fn through(&self, seam: Arc<dyn Seam>) -> Self {
        Self { seam: Some(seam), acting: Acting::default(), ..self.clone() }
    }

    /// The same database, in which what people say is sealed from now on.
    #[must_use]
    pub fn sealing(self, vault: Arc<Vault>) -> Self {
        Self { vault: Some(vault), ..self }
    }

    /// The same database with the keys of another store.
    #[must_use]
    pub fn sealed_as(self, other: &Self) -> Self {
        Self { vault: other.vault.clone(), ..self }
    }

    /// Opens the key of a tenant, and makes it if there is none yet. Whoever begins a transaction does so by
    /// itself; done for all tenants beforehand, it tells whether the keys are the right ones.
    pub async fn ensure_key(&self, tenant: &str) -> Result<()> {
        let Some(vault) = self.vault.as_ref().filter(|vault| vault.wants(tenant)) else { return Ok(()) };
        let mut tx = Tx::new(tenant, self.pool.begin(BEGIN, tenant).await?, None);
        let key = vault::tenant_key(&mut tx, vault).await?;
        tx.commit().await?;
        vault.know(tenant, key);
        Ok(())
    }

    /// The tenants that have a key, in the alphabet's order.
    pub async fn sealed_tenants(&self) -> Result<Vec<String>> {
        let mut tx = self.read(EVERYBODY).await?;
        let sql = "select tenant from seal_keys where tenant > $1 and id = '' order by tenant";
        tx.fetch(sql, Vec::new()).await?.iter().map(|row| row.text(0)).collect()
    }

    /// A transaction that is made ready ahead of its turn: see [`Tx::ahead`].
    pub fn ahead(&self, tenant: &str, stand: Stand) -> Tx {
        let holes = if matches!(self.pool, Pool::Pg(_)) { Holes::Numbered } else { Holes::InOrder };
        Tx::ahead(tenant, stand, holes).sealing(self.vault.clone())
    }

    /// Somebody begins to act in the town `tenant`, and asks whether to look ahead of the turn: on SQLite alone, where
    /// all towns share one. In a simulation, in which one at a time goes on, whoever is alone in a town does.
    pub fn look_ahead(&self, tenant: &str) -> Looking {
        let useful = match &self.pool {
            Pool::Lite { writer, .. } => self.seam.is_some() || writer.is_busy(),
            Pool::Pg(_) => false,
        };
        self.acting.begin(tenant, useful)
    }

    async fn seat(&self, point: Point) -> Result<Option<Seat>> {
        match &self.seam {
            Some(seam) => Seat::take(seam, point).await.map(Some),
            None => Ok(None),
        }
    }

    /// A transaction that writes. On SQLite writers take turns. [`within`] a bound it is one of the own town, or none.
    pub async fn begin(&self, tenant: &str) -> Result<Tx> {
        self.begin_by(BEGIN, tenant).await
    }

    /// A transaction that writes, of which every statement finds its rows by their keys: PostgreSQL need not plan them
    /// anew for the values of each.
    pub async fn begin_to_act(&self, tenant: &str) -> Result<Tx> {
        self.begin_by(BEGIN_PLANNED, tenant).await
    }

    async fn begin_by(&self, begin: &'static str, tenant: &str) -> Result<Tx> {
        bound::hold(tenant)?;
        self.ensure_key(tenant).await?;
        let seat = self.seat(Point::Begin).await?;
        let line = matches!(self.pool, Pool::Pg(_)).then(|| self.lines.of(tenant));
        Ok(Tx::new(tenant, self.pool.begin(begin, tenant).await?, seat).sealing(self.vault.clone()).in_line(line))
    }

    /// A transaction that only reads: it sees one state of the database, waits for no writer and
    /// holds none up.
    pub async fn read(&self, tenant: &str) -> Result<Tx> {
        bound::hold(tenant)?;
        self.ensure_key(tenant).await?;
        let seat = self.seat(Point::Read).await?;
        Ok(Tx::new(tenant, self.pool.read(tenant).await?, seat).sealing(self.vault.clone()))
    }

    /// Whether the database answers.
    pub async fn ready(&self) -> Result<()> {
        let mut tx = self.read(EVERYBODY).await?;
        tx.fetch("select count(*) from chains where tenant = $1", Vec::new()).await?;
        Ok(())
    }

    /// What the clock of the database says, in milliseconds; nothing where that is this machine's.
    pub async fn clock_ms(&self) -> Result<Option<i64>> {
        if matches!(self.pool, Pool::Lite { .. }) {
            return Ok(None);
        }
        let mut tx = self.read(EVERYBODY).await?;
        let sql = format!("select {CLOCK_MS} where $1 = ''");
        tx.first(sql, Vec::new()).await?.map(|row| row.int(0)).transpose()
    }

    /// Connections that are open, and those of them that nobody uses. On SQLite they are those that read.
    pub fn connections(&self) -> (u32, usize) {
        match &self.pool {
            Pool::Lite { readers, .. } => (readers.size(), readers.num_idle()),
            Pool::Pg(pool) => (pool.size(), pool.num_idle()),
        }
    }

    /// The tenants that have anything in the store, in the alphabet's order.
    pub async fn tenants(&self) -> Result<Vec<String>> {
        let mut tx = self.read(EVERYBODY).await?;
        let sql = "select tenant from chains where tenant > $1 union select tenant from cases where tenant > $1 order by tenant";
        tx.fetch(sql, Vec::new()).await?.iter().map(|row| row.text(0)).collect()
    }

    /// Closes the connections, once those who use them are done.
    pub async fn close(self) {
        match self.pool {
            Pool::Lite { readers, .. } => readers.close().await,
            Pool::Pg(pool) => pool.close().await,
        }
    }
}

impl Pool {
    fn begin(&self, begin: &str, tenant: &str) -> Boxed<'_, Conn> {
        match self {
            Self::Lite { writer, .. } => Box::pin(async { Ok(Conn::LiteWrite(writer.begin().await?)) }),
            Self::Pg(pool) => {
                let begin = roles::beginning(begin, tenant);
                Box::pin(async move { Ok(Conn::Pg(pool.begin_with(begin).await?)) })
            }
        }
    }

    fn read(&self, tenant: &str) -> Boxed<'_, Conn> {
        match self {
            Self::Lite { readers, .. } => Box::pin(async { Ok(Conn::LiteRead(readers.begin().await?)) }),
            Self::Pg(pool) => {
                let begin = roles::beginning("begin isolation level repeatable read, read only", tenant);
                Box::pin(async move { Ok(Conn::PgRead(pool.begin_with(begin).await?)) })
            }
        }
    }
}

fn open_pool<'a>(url: &'a str, owner: Option<&'a str>) -> Boxed<'a, Pool> {
    if url.starts_with("postgres") { Box::pin(open_pg(url, owner)) } else { Box::pin(open_lite(url)) }
}

async fn open_lite(url: &str) -> Result<Pool> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(STATEMENTS)
        .pragma("cache_size", WRITER_PAGES)
        .pragma("temp_store", "memory")
        .pragma("wal_autocheckpoint", PAGES_IN_LOG)
        .disable_statement_logging();
    let mut conn = options.connect().await?;
    // `run` would do, but for a lifetime that the compiler cannot see through.
    migrate::migrator(false).run_direct(None, &mut conn, false).await.map_err(sqlx::Error::from)?;
    let (found,): (i64,) = sqlx::query_as(migrate::FOUND).fetch_one(&mut conn).await?;
    migrate::tell_if_newer(found);
    let (synchronous, journal, keys): (i64, String, i64) =
        sqlx::query_as("select synchronous, journal_mode, foreign_keys from pragma_synchronous, pragma_journal_mode, pragma_foreign_keys")
            .fetch_one(&mut conn)
            .await?;
    if (synchronous, journal.as_str(), keys) != (2, "wal", 1) {
        conn.close().await?;
        return Err(Error::Corrupt(format!(
            "SQLite runs with synchronous {synchronous}, journal {journal}, foreign keys {keys}"
        )));
    }
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(1)
        // A file does not go away; asking whether it is there would be a call for each page of the browser.
        .test_before_acquire(false)
        .connect_with(options.read_only(true).pragma("cache_size", READER_PAGES))
        .await?;
    Ok(Pool::Lite { writer: lite::Writer::new(conn), readers })
}

async fn open_pg(url: &str, owner: Option<&str>) -> Result<Pool> {
    roles::migrate(owner.unwrap_or(url)).await?;
    let options = way::options(url)?;
    if way::is_in_the_clear(&options) {
        let host = options.get_host();
        tracing::warn!(host, "PostgreSQL is on another machine, and is spoken to in the clear, as its address says");
    }
    let options = options
        .options([
            ("role", roles::TENANT),
            ("statement_timeout", "30s"),
            // A node that goes silent in the middle of a transaction holds its town up no longer than this, and
            // whoever waits for it gets through.
            ("idle_in_transaction_session_timeout", "10s"),
            ("lock_timeout", "15s"),
        ])
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging();
    // A pool waits by itself for a database that is away; whoever opens it is to be told at once.
    options.connect().await?.close().await?;
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .test_before_acquire(false)
        .before_acquire(|conn, meta| {
            Box::pin(async move {
                if meta.idle_for >= ALIVE {
                    conn.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await?;
    let (synchronous,): (String,) =
        sqlx::query_as("select current_setting('synchronous_commit')").fetch_one(&pool).await?;
    if !way::waits_for_disks(&synchronous) {
        return Err(Error::Corrupt(format!(
            "PostgreSQL runs with synchronous_commit {synchronous}: what people are told is done would not be on the disk \
             of the server and of its standby; set it to on or to remote_apply"
        )));
    }
    roles::check(&pool).await?;
    Ok(Pool::Pg(pool))
}

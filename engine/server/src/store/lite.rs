//! The one writer of SQLite, and its group commit.
//!
//! A commit with `synchronous = full` waits for the disk, and SQLite takes one writer at a time.
//! So a transaction that finds others waiting behind it does not commit: it hands the open
//! transaction to the next, as a savepoint, and the last one commits for all. Nobody is told that
//! he committed before the disk has it; if the shared commit fails, everybody is told so.
//!
//! A savepoint is let go of with the first statement of whoever comes next, to save a call: what a turn says there
//! is most of the time that the others wait for. Whoever goes away before the database came to set his own has the
//! shared transaction undone: that is told to all who wait for it, and they begin again.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use sqlx::Executor as _;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard};

use super::conn::Boxed;
use super::error::{Error, Result};

/// How many transactions one commit may carry.
const GROUP: usize = 64;
/// How long to wait for one's turn to write.
const PATIENCE: Duration = Duration::from_secs(15);

/// The writing connection, shared in turns; turns are taken in the order of asking.
#[derive(Clone)]
pub(super) struct Writer {
    slot: Arc<Mutex<Slot>>,
    waiting: Arc<AtomicUsize>,
}

struct Slot {
    conn: SqliteConnection,
    /// Set while transactions that ended are still waiting for the shared commit.
    group: Option<Arc<Group>>,
    members: usize,
    /// Set while somebody's statements are neither handed on nor undone.
    dirty: bool,
    /// The savepoint of whoever ended last, which is still there.
    open: Option<Point>,
    /// The savepoint of whoever has the turn.
    mine: Option<Point>,
}

/// A savepoint. Two names take turns: were there one, whoever never came to set his own would undo that of the one
/// before, who waits for the shared commit.
#[derive(Clone, Copy)]
enum Point {
    A,
    B,
}

impl Point {
    /// The savepoint that is set after the one that is `open`, and what lets go of that and sets it.
    fn after(open: Option<Self>) -> (Self, &'static str) {
        match open {
            None => (Self::A, "savepoint a;\n"),
            Some(Self::A) => (Self::B, "release a;\nsavepoint b;\n"),
            Some(Self::B) => (Self::A, "release b;\nsavepoint a;\n"),
        }
    }

    /// What undoes everything since it was set, and lets go of it.
    fn undone(self) -> [&'static str; 2] {
        match self {
            Self::A => ["rollback to a", "release a"],
            Self::B => ["rollback to b", "release b"],
        }
    }
}

/// How a shared commit ended.
#[derive(Default)]
struct Group {
    done: OnceLock<bool>,
    told: Notify,
}

impl Group {
    fn end(&self, committed: bool) {
        let _ = self.done.set(committed);
        self.told.notify_waiters();
    }
}

/// A turn at the writer: a transaction of its own, or a savepoint in a shared one.
pub(super) struct Turn {
    slot: Option<OwnedMutexGuard<Slot>>,
    writer: Writer,
    /// What begins the transaction; sent along with the first statement, to save a round trip.
    begin: &'static str,
}

/// Counts a waiting transaction for as long as it waits, even if it gives up.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Writer {
    pub(super) fn new(conn: SqliteConnection) -> Self {
        let slot = Slot { conn, group: None, members: 0, dirty: false, open: None, mine: None };
        Self { slot: Arc::new(Mutex::new(slot)), waiting: Arc::default() }
    }

    /// From now on a commit returns before the disk has it: only to fill a database from nothing.
    pub(super) async fn stop_waiting_for_the_disk(&self) -> Result<()> {
        let mut slot = self.slot.lock().await;
        slot.exec("pragma synchronous = off").await?;
        slot.exec("pragma wal_autocheckpoint = 20000").await
    }

    /// From now on more pages are kept at hand, and the log is brought in less often: for whoever writes a whole
    /// register, and comes to most pages of an index with every transaction.
    pub(super) async fn make_room(&self) -> Result<()> {
        let mut slot = self.slot.lock().await;
        slot.exec("pragma cache_size = -393216").await?;
        slot.exec("pragma wal_autocheckpoint = 192000").await
    }

    /// Whether somebody has the turn just now.
    pub(super) fn is_busy(&self) -> bool {
        self.slot.try_lock().is_err()
    }

    /// Waits for a turn and begins a transaction.
    pub(super) async fn begin(&self) -> Result<Turn> {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        let waiting = Waiting(&self.waiting);
        let slot =
            tokio::time::timeout(PATIENCE, Arc::clone(&self.slot).lock_owned()).await.map_err(|_| Error::Busy)?;
        drop(waiting);
        let mut turn = Turn { slot: Some(slot), writer: self.clone(), begin: "begin immediate;\n" };
        let slot = turn.slot();
        slot.clean().await;
        slot.mine = None;
        if slot.group.is_some() {
            let (mine, begin) = Point::after(slot.open);
            slot.mine = Some(mine);
            turn.begin = begin;
        }
        Ok(turn)
    }
}

impl Slot {
    fn exec(&mut self, sql: &'static str) -> Boxed<'_, ()> {
        // As a query rather than as text, so that the driver keeps it prepared.
        Box::pin(async move {
            self.conn.execute(sqlx::query(sql)).await?;
            Ok(())
        })
    }

    /// Undoes what somebody left behind who never came back to end his turn.
    async fn clean(&mut self) {
        if !self.dirty {
            return;
        }
        // Whose savepoint it is stays known until it is done: whoever goes away in the middle is cleaned up after
        // again, and without the savepoint that would undo what the others wrote, behind their backs.
        let undone = match self.mine {
            Some(mine) => {
                let [back, release] = mine.undone();
                self.exec(back).await.is_ok() && self.exec(release).await.is_ok()
            }
            None => self.exec("rollback").await.is_ok(),
        };
        // If even that fails, SQLite has undone the whole transaction itself, the others' part too.
        if !undone && self.group.is_some() {
            let _ = self.exec("rollback").await;
            self.members = 0;
            if let Some(group) = self.group.take() {
                group.end(false);
            }
        }
        self.mine = None;
        // What was still there of the one before was let go of with the first statement.
        self.open = None;
        self.dirty = false;
    }

    /// Commits for everybody who shares the transaction.
    async fn finish(&mut self) -> Result<()> {
        let committed = self.exec("commit").await;
        if committed.is_err() {
            let _ = self.exec("rollback").await;
        }
        if let Some(group) = self.group.take() {
            group.end(committed.is_ok());
        }
        self.members = 0;
        self.open = None;
        committed
    }
}

impl Turn {
    fn slot(&mut self) -> &mut Slot {
        self.slot.as_mut().expect("held until the turn is ended, and ending takes the turn")
    }

    /// The connection, and what must be sent in front of the next statement.
    pub(super) fn conn(&mut self) -> (&mut SqliteConnection, &'static str) {
        let begin = std::mem::take(&mut self.begin);
        let slot = self.slot();
        slot.dirty = true;
        (&mut slot.conn, begin)
    }

    /// Ends the turn; returns once what it wrote is on the disk. The work is a task of its own, so
    /// that a caller who goes away in the middle leaves nothing half done.
    pub(super) async fn commit(mut self) -> Result<()> {
        if !self.begin.is_empty() {
            self.rollback().await;
            return Ok(());
        }
        let slot = self.slot.take().expect("held until the turn is ended");
        let task = tokio::spawn(commit(slot, self.writer.clone()));
        task.await.map_err(|_| Error::Corrupt("the task that commits died".to_owned()))?
    }

    /// Undoes what the turn wrote; a task of its own, as for a commit.
    pub(super) async fn rollback(mut self) {
        let slot = self.slot.take().expect("held until the turn is ended");
        let _ = tokio::spawn(undo(slot, self.writer.clone())).await;
    }
}

/// Commits, or leaves that to those who wait and returns when one of them has done it.
async fn commit(mut slot: OwnedMutexGuard<Slot>, writer: Writer) -> Result<()> {
    slot.dirty = false;
    slot.members += 1;
    slot.open = slot.mine.take();
    if writer.waiting.load(Ordering::Acquire) == 0 || slot.members >= GROUP {
        return slot.finish().await;
    }
    let group = Arc::clone(slot.group.get_or_insert_default());
    drop(slot);
    await_group(&group, &writer).await
}

/// Waits until the group is committed; if the writer comes free first, commits it.
async fn await_group(group: &Group, writer: &Writer) -> Result<()> {
    let told = group.told.notified();
    if group.done.get().is_none() {
        tokio::select! {
            biased;
            () = told => {}
            mut slot = Arc::clone(&writer.slot).lock_owned() => {
                if group.done.get().is_none() {
                    slot.clean().await;
                    if group.done.get().is_none() {
                        return slot.finish().await;
                    }
                }
            }
        }
    }
    match group.done.get() {
        Some(true) => Ok(()),
        _ => Err(Error::Busy),
    }
}

/// Undoes what the turn wrote, and then lets the group go on waiting for the next turn, or commits it.
async fn undo(mut slot: OwnedMutexGuard<Slot>, writer: Writer) {
    slot.clean().await;
    if slot.group.is_some() && writer.waiting.load(Ordering::Acquire) == 0 {
        let _ = slot.finish().await;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(slot) = self.slot.take() else { return };
        // Outside a runtime the next turn cleans up.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(undo(slot, self.writer.clone()));
        }
    }
}

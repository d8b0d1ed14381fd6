//! The gateway's orders, in a file that is only added to, and what may happen to them.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::memory::{Entry, Known, Late, Memory, Owed, Payment};
use super::tell::Errand;
use crate::fault::Fault;
use crate::hex;
use crate::limits::{DEMO_ORDERS, DEMO_REPEAT};
use crate::lines::{Keep, Lines};
use crate::payment::OrderRequest;

/// The file and what it comes to.
pub(super) struct Book {
    lines: Lines,
    memory: Memory,
}

impl Book {
    /// Reads the orders kept at `path`.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut book = Self { lines: Lines::open(path)?, memory: Memory::default() };
        book.exchange(|_| None)?;
        Ok(book)
    }

    /// What a stop left undone: callbacks to send, and late successes to come.
    pub(super) fn unfinished(&self) -> Vec<Errand> {
        let owed = self.memory.owed.values().cloned().map(|owed| Errand::Tell { owed, tried: None });
        let late = self.memory.orders.values().filter_map(|order| {
            let late = order.late.as_ref()?;
            Some(Errand::Settle { order: order.id.clone(), due_ms: late.due_ms })
        });
        owed.chain(late).collect()
    }

    /// The order of that name.
    pub(super) fn order(&self, id: &str) -> Option<&Known> {
        self.memory.orders.get(id)
    }

    /// Makes an order, or finds the one that the same request made before.
    pub(super) fn create(&mut self, key_id: &str, request: &OrderRequest, now_ms: i64) -> Result<String, Refused> {
        let reference = (key_id.to_owned(), request.tenant.clone(), request.reference.clone());
        if let Some(id) = self.memory.by_reference.get(&reference) {
            let known = &self.memory.orders[id].request;
            let same = known.amount_paise == request.amount_paise && known.currency == request.currency;
            return if same { Ok(id.clone()) } else { Err(Refused::OtherAmount) };
        }
        if self.memory.orders.len() >= DEMO_ORDERS {
            return Err(Refused::Full);
        }
        let id = hex::random_id("order");
        let (key_id, request) = (key_id.to_owned(), request.clone());
        self.add(Entry::Ordered { id: id.clone(), key_id, request, at_ms: now_ms })?;
        Ok(id)
    }

    /// Leaves an order pending, for ever or until a late success is due.
    /// A final order stays as it is, and a promised success is not taken back.
    pub(super) fn leave(&mut self, id: &str, late: Option<Late>, now_ms: i64) -> Result<bool, Refused> {
        let order = self.memory.orders.get(id).ok_or(Refused::Unknown)?;
        if order.state.is_final() || order.late.is_some() {
            return Ok(false);
        }
        self.add(Entry::Left { id: id.to_owned(), late, at_ms: now_ms })?;
        Ok(true)
    }

    /// Ends an order: paid if there is a mode, failed if not. Returns the callback that is now owed;
    /// none if the order had ended before, because an end is final.
    pub(super) fn end(
        &mut self,
        id: &str,
        mode: Option<&str>,
        repeat: u8,
        now_ms: i64,
    ) -> Result<Option<Owed>, Refused> {
        let order = self.memory.orders.get(id).ok_or(Refused::Unknown)?;
        if order.state.is_final() {
            return Ok(None);
        }
        let payment = mode.map(|mode| Payment { id: hex::random_id("pay"), mode: mode.to_owned() });
        let event = hex::random_id("event");
        let repeat = repeat.clamp(1, DEMO_REPEAT);
        self.add(Entry::Ended { id: id.to_owned(), payment, event: event.clone(), repeat, at_ms: now_ms })?;
        Ok(self.memory.owed.get(&event).cloned())
    }

    /// Brings about the late success that an order was promised.
    pub(super) fn settle(&mut self, id: &str, now_ms: i64) -> Result<Option<Owed>, Refused> {
        let late = self.memory.orders.get(id).and_then(|order| order.late.clone());
        match late {
            Some(Late { mode, repeat, .. }) => self.end(id, Some(&mode), repeat, now_ms),
            None => Ok(None),
        }
    }

    /// Notes that a callback needs no more telling.
    pub(super) fn told(&mut self, event: &str, acknowledged: bool, now_ms: i64) -> Result<(), Refused> {
        self.add(Entry::Told { event: event.to_owned(), acknowledged, at_ms: now_ms })
    }

    fn add(&mut self, entry: Entry) -> Result<(), Refused> {
        let line = serde_json::to_string(&entry).expect("an entry has only words and numbers");
        self.exchange(|_| Some(line))?;
        self.memory.apply(entry);
        Ok(())
    }

    fn exchange(&mut self, next: impl FnOnce(&mut Memory) -> Option<String>) -> io::Result<()> {
        let read = |memory: &mut Memory, line: &str| {
            let entry = serde_json::from_str(line).map_err(io::Error::other)?;
            memory.apply(entry);
            Ok(())
        };
        let forget = |memory: &mut Memory| *memory = Memory::default();
        self.lines.catch_up_and_add(Keep::ThroughPowerFailure, &mut self.memory, forget, read, next)
    }
}

/// Why the book does not do what is asked.
#[derive(Debug)]
pub(super) enum Refused {
    /// There is no such order.
    Unknown,
    /// The reference was used for another amount or currency.
    OtherAmount,
    /// There are as many orders as there may be.
    Full,
    /// The file cannot be written.
    Broken(io::Error),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

/// The book, for use by many requests at once.
#[derive(Clone)]
pub(super) struct Desk(Arc<Mutex<Book>>);

impl Desk {
    pub(super) fn new(book: Book) -> Self {
        Self(Arc::new(Mutex::new(book)))
    }

    /// Works on the book away from the threads that serve, because it waits for the disk.
    pub(super) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Book) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let book = Arc::clone(&self.0);
        let work = move || work(&mut book.lock().expect("no holder of the book panics"));
        tokio::task::spawn_blocking(work).await.map_err(Fault::temporary)
    }
}

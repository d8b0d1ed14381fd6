//! The gate at which everybody in a simulation waits: before a transaction, before a commit, before a call
//! to the outside. Whoever directs lets one go at a time and says what becomes of it, so that nothing
//! depends on which thread is quicker.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use server::store::{Fate, Point, Seam};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

/// Where somebody waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Store(Point),
    /// Before a call to the outside.
    Outside(&'static str),
}

/// What the director hears.
pub(super) enum Heard {
    /// Somebody waits to go on.
    Waits { run: usize, stop: Stop, go: oneshot::Sender<Fate> },
    /// Somebody is done.
    Ended { run: usize, told: super::deeds::Told },
}

/// A mistake that is planted, to see that it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plant {
    /// Whether a key was recorded before is not looked up.
    KeysNotLookedUp,
    /// A series forgets the last number it gave.
    NumbersForgotten,
    /// What became of an order, and of a message, is not kept.
    EndsForgotten,
    /// A paisa is added to every line of the books.
    BooksUnbalanced,
    /// Work that was ordered is thought to be done.
    WorkForgotten,
}

/// Which run has begun to write and not ended.
pub(super) type Writer = Arc<Mutex<Option<usize>>>;

/// The gate, as one run sees it.
pub(super) struct Gate {
    pub(super) run: usize,
    pub(super) tell: UnboundedSender<Heard>,
    pub(super) writer: Writer,
    pub(super) plant: Option<Plant>,
}

impl Gate {
    /// Waits until the director lets this run go on.
    pub(super) async fn pass(&self, stop: Stop) -> Fate {
        let (go, gone) = oneshot::channel();
        let told = self.tell.send(Heard::Waits { run: self.run, stop, go });
        if told.is_err() {
            // Nobody directs any more: the seed is over, and this run with it.
            return std::future::pending().await;
        }
        match gone.await {
            Ok(fate) => fate,
            Err(_) => std::future::pending().await,
        }
    }
}

impl Seam for Gate {
    fn at(&self, point: Point) -> Pin<Box<dyn Future<Output = Fate> + Send + '_>> {
        Box::pin(self.pass(Stop::Store(point)))
    }

    fn left(&self) {
        let mut writer = self.writer.lock().unwrap();
        assert_eq!(*writer, Some(self.run), "who writes is who was let in");
        *writer = None;
    }

    fn said(&self, sql: Cow<'static, str>) -> Cow<'static, str> {
        match self.plant {
            Some(plant) => plant.says(sql),
            None => sql,
        }
    }
}

impl Plant {
    /// A statement, as the program would say it with this mistake.
    fn says(self, sql: Cow<'static, str>) -> Cow<'static, str> {
        let (of, old, new) = match self {
            Self::KeysNotLookedUp => ("from events", "and idempotency_key = $2", "and idempotency_key = $2 and 1 = 0"),
            Self::NumbersForgotten => ("update serials", "last = $3", "last = $3 - 1"),
            Self::EndsForgotten => {
                ("update ", "set state = $3", "set state = case when $3 = '' then $3 else state end")
            }
            Self::BooksUnbalanced => ("insert into lines", "$4)", "$4 + 1)"),
            Self::WorkForgotten => ("insert into jobs", "'waiting'", "'done'"),
        };
        if sql.contains(of) && sql.contains(old) { sql.replace(old, new).into() } else { sql }
    }
}

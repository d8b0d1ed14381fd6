//! Turns at work that takes a processor for a while, and that anybody can ask for: so little of it runs at once that the
//! rest of the machine is left to everybody else, and so few wait for it that whoever waits is answered soon.

use std::sync::Arc;

use connectors::control::holds;
use tokio::sync::Semaphore;

use crate::http::limits;
use crate::problem::Problem;

/// Work that is done in turns, each on a thread beside those that answer requests.
#[derive(Debug)]
pub struct Turns {
    running: Arc<Semaphore>,
    /// Those that run, and those that wait.
    all: Arc<Semaphore>,
}

impl Turns {
    /// So many run at once, and so many more wait.
    pub fn new(running: usize, waiting: usize) -> Self {
        Self {
            running: Arc::new(Semaphore::new(running)),
            all: Arc::new(Semaphore::new(running.saturating_add(waiting))),
        }
    }

    /// Half of the processors, but at least one; the others are for everything else.
    pub fn on_half_of_the_machine(waiting: usize) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::new((processors / 2).max(1), waiting)
    }

    /// Does the work once it is its turn. Who no longer waits for the answer gives the turn to nobody else before the
    /// work has ended.
    ///
    /// # Errors
    /// [`Problem::TooMany`] when too many wait already: nothing was done. A fault when the work broke down.
    pub async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let held = if holds("auth_13_turns") {
            let place = Arc::clone(&self.all).try_acquire_owned();
            let place = place.map_err(|_| Problem::TooMany(limits::PASSWORDS_PAUSE))?;
            let turn = Arc::clone(&self.running).acquire_owned().await.expect("the semaphore is never closed");
            Some((turn, place))
        } else {
            None
        };
        let work = move || {
            let done = work();
            drop(held);
            done
        };
        Ok(tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)?)
    }
}

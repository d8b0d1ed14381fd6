//! Who is next to write in a town, among those of this node; on PostgreSQL, where towns have no one writer.
//!
//! Whatever writes an event holds the end of its town's chain until it commits. Where many wait for that row in the
//! database, each handing over takes it longer than what is written: they stand in line here, and one at a time asks
//! for the row. It is a courtesy and no lock. The database alone decides, also between nodes, and whoever has waited
//! for [`PATIENCE`] asks it all the same, so that nobody waits here for somebody who waits for him there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;

/// How long anybody stands in line.
const PATIENCE: Duration = Duration::from_millis(300);

/// The line of one town.
#[derive(Clone, Default)]
pub(super) struct Line(Arc<tokio::sync::Mutex<()>>);

/// Being the first of a line, until this is dropped.
pub(super) type Place = OwnedMutexGuard<()>;

impl Line {
    /// Waits to be the first; nothing if that takes too long.
    pub(super) async fn wait(&self) -> Option<Place> {
        tokio::time::timeout(PATIENCE, Arc::clone(&self.0).lock_owned()).await.ok()
    }
}

/// The lines of all towns. Towns are few, and none is forgotten.
#[derive(Clone, Default)]
pub(super) struct Lines(Arc<Mutex<HashMap<String, Line>>>);

impl Lines {
    /// The line of a town.
    pub(super) fn of(&self, tenant: &str) -> Line {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = lines.get(tenant) {
            return line.clone();
        }
        lines.entry(tenant.to_owned()).or_default().clone()
    }
}

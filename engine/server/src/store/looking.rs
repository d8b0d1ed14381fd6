//! Whether an act looks ahead of its turn.
//!
//! SQLite takes one writer at a time. What an act reads and decides takes longer than what it writes, and can be done
//! while another town has the turn: it holds if nothing has happened in the town when the turn comes
//! ([`super::Tx::go_on_from`]). Where the turn is free, or somebody else acts in the same town, looking ahead would
//! only be more work: then everything is done in the turn.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many act in which town just now, through this store.
#[derive(Clone, Default)]
pub(super) struct Acting {
    towns: Arc<Mutex<BTreeMap<String, usize>>>,
}

/// Somebody who acts in a town, from before the turn until what was done is on the disk.
pub struct Looking {
    acting: Acting,
    town: String,
    worth_it: bool,
}

impl Acting {
    /// Somebody begins to act in `town`; looking ahead is `useful` if nobody else acts there.
    pub(super) fn begin(&self, town: &str, useful: bool) -> Looking {
        let mut towns = self.towns.lock().unwrap_or_else(PoisonError::into_inner);
        let here = towns.entry(town.to_owned()).or_default();
        *here += 1;
        Looking { acting: self.clone(), town: town.to_owned(), worth_it: useful && *here == 1 }
    }
}

impl Looking {
    /// Whether to look ahead.
    pub fn is_worth_it(&self) -> bool {
        self.worth_it
    }
}

impl Drop for Looking {
    fn drop(&mut self) {
        let mut towns = self.acting.towns.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(here) = towns.get_mut(&self.town) {
            *here -= 1;
            if *here == 0 {
                towns.remove(&self.town);
            }
        }
    }
}

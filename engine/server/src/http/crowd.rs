//! How many requests a node works at at a time. Whoever comes beyond that is told at once to come again, so that those
//! before are answered in good time; some places are kept for money that is on its way. Whoever looks after the node and
//! asks whether it is well needs none: a node that is only busy is not to be started anew.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::limits;

/// The requests that a node works at.
#[derive(Debug, Default)]
pub struct Crowd(AtomicUsize);

/// A place among them, given back with the answer.
#[derive(Debug)]
pub struct Place(Arc<Crowd>);

impl Crowd {
    /// A place, if there is one; the last ones are for those who come `first`.
    pub fn enter(self: &Arc<Self>, first: bool) -> Option<Place> {
        let most = if first { limits::AT_WORK + limits::AT_WORK_FIRST } else { limits::AT_WORK };
        let at_work = self.0.fetch_add(1, Ordering::AcqRel);
        // Where there is none, it is given back at once.
        let place = Place(Arc::clone(self));
        (at_work < most).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Whether what has this path needs no place: it asks whether the node is well.
pub fn needs_none(path: &str) -> bool {
    ["/live", "/ready"].contains(&path)
}

/// Whether what has this path comes first: pages of paying, and what gateways call.
pub fn comes_first(path: &str) -> bool {
    path.starts_with("/hooks/") || path.split('/').any(|part| part == "pay")
}

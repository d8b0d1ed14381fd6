//! What a transaction will write, made ready while another one is being written.
//!
//! Whoever writes a whole register decides on the next records meanwhile. What was decided ahead may be
//! written only if the tenant's chain of events, to which every act is added, ends where it was expected to:
//! then nobody else has changed anything.

use std::collections::BTreeMap;

use super::cipher::Key;
use super::events::Head;
use super::held::Sent;

/// Where a tenant's chain of events ends, and which numbers were drawn last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    pub(super) head: Head,
    pub(super) serials: BTreeMap<String, u64>,
}

impl Stand {
    /// The series, to draw numbers from.
    pub fn serials(&self) -> engine::registry::Serials {
        engine::registry::Serials { last: self.serials.clone() }
    }
}

/// The writes of a transaction that was made ready with [`super::Tx::ahead`].
#[derive(Debug)]
pub struct Ready {
    /// Where chain and series must stand for it to be written.
    pub(super) from: Stand,
    /// Where they stand then.
    pub(super) to: Stand,
    pub(super) held: Vec<Sent>,
}

impl Ready {
    /// Where chain and series will stand once it is written.
    pub fn stand(&self) -> &Stand {
        &self.to
    }
}

/// Where a tenant stood when somebody looked ahead of the turn, and the keys of the cases that were seen.
pub struct Looked {
    pub(super) stand: Stand,
    pub(super) case_keys: BTreeMap<String, Key>,
}

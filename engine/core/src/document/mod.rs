//! The papers we issue, as templates.

use std::collections::BTreeMap;

use crate::base::{Name, Text};
use crate::source::Where;

pub mod checks;

mod balance;
mod check;
mod compose;
mod markup;

pub use check::Paper;
pub(crate) use check::check;
pub use compose::compose;

/// A paper: one template of `documents/`.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file's name.
    pub name: Name,
    /// What people call it.
    pub title: Text,
    /// Templates by language; the service's own language under `""`.
    pub templates: BTreeMap<String, String>,
    /// Where it is written.
    pub at: Where,
}

/// The paper about money that came: every service that bills has one.
pub const RECEIPT: &str = "receipt";
/// The paper about what is owed on a record: every service that bills has one.
pub const BILL: &str = "bill";
/// The paper about a till that is closed: what came in on the day, what was counted, who confirmed it. Every
/// service that bills has one, and it is about no case.
pub const DAY_SHEET: &str = "day_sheet";
/// The paper about an application that was handed in: every service has one.
pub const ACKNOWLEDGEMENT: &str = "acknowledgement";

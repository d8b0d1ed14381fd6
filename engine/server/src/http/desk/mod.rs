//! The desk: where the staff of a town find, decide and keep cases.
//!
//! A handler loads what its page needs, a `view_*` module turns it into the page's values, and the
//! page is rendered. [`scope`] says which cases a person may see, [`filter`] how a list is written in
//! its address, [`reader`] and [`names`] how values become words.

mod csv;
mod filter;
mod names;
mod reader;
mod rows;
mod scope;

mod inbox;
mod view_inbox;

use super::routes::{Route, routes};
use crate::auth::Policy;

/// An employee of the town in the address, in whichever role; handlers ask of each case what may be
/// done with it.
const STAFF: Policy = Policy::Employee(&[]);

/// The pages of the desk.
pub static ROUTES: &[Route] = routes! {
    GET_MANY  "/{tenant}/desk/inbox"        STAFF => inbox::page;
    GET_MANY  "/{tenant}/desk/inbox.csv"    STAFF => inbox::file;
};

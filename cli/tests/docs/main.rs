//! The documents for authors, held to the code: the finished example passes every check, every
//! snippet stands in it, every mistake that is shown gives the words that are shown, and the
//! tables of the reference are generated.
//!
//! `UPDATE=1` writes the tables and the outputs anew; the difference is read like code.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

mod document;
mod example;
mod keys;
mod snippets;
mod tables;

use std::path::{Path, PathBuf};

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the workspace").to_owned()
}

/// One test for everything that is generated into the one file, so that no two write it at once.
#[test]
fn what_is_generated_is_fresh() {
    keys::tables();
    tables::field_types();
    tables::fieldsets();
    tables::functions();
    tables::refusals();
    tables::variables();
    snippets::mistakes();
}

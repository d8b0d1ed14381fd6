//! The commands, one file each.

pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod draw;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod new;
pub(crate) mod schema;
pub(crate) mod serve;
pub(crate) mod test;
pub(crate) mod verify;
pub(crate) mod verify_document;

use std::path::PathBuf;

/// Where the definitions are.
#[derive(clap::Args, Clone)]
pub(crate) struct Definitions {
    /// The folder of definitions.
    #[arg(long, default_value = "definitions", env = "NAGAR_DEFINITIONS")]
    pub(crate) definitions: PathBuf,
}

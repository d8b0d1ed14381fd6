//! The commands, one file each.

pub(crate) mod anchor;
pub(crate) mod appoint;
pub(crate) mod authenticator;
pub(crate) mod backup;
pub(crate) mod bills;
pub(crate) mod check;
pub(crate) mod dcb;
pub(crate) mod demo;
pub(crate) mod demo_gateway;
pub(crate) mod draw;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod incident;
pub(crate) mod keys;
pub(crate) mod migrate_cases;
pub(crate) mod move_towns;
pub(crate) mod new;
pub(crate) mod place;
pub(crate) mod publish;
pub(crate) mod raise;
pub(crate) mod reconcile;
pub(crate) mod reindex;
pub(crate) mod restore;
pub(crate) mod retention;
pub(crate) mod schema;
pub(crate) mod scrutinise;
pub(crate) mod serve;
pub(crate) mod sign_ins;
pub(crate) mod stamp;
pub(crate) mod test;
pub(crate) mod verify;
pub(crate) mod verify_document;
pub(crate) mod when;
pub(crate) mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use engine::source::{Bundle, Diagnostics};
use serde_json::json;

use crate::output;

/// Where the definitions are.
#[derive(clap::Args, Clone)]
pub(crate) struct Definitions {
    /// The folder of definitions. Given again, the later folder is laid over the earlier ones:
    /// its files take the place of those of the same path.
    #[arg(
        long = "definitions",
        value_name = "FOLDER",
        default_value = "definitions",
        env = "NAGAR_DEFINITIONS",
        value_delimiter = ','
    )]
    pub(crate) folders: Vec<PathBuf>,
}

impl Definitions {
    /// All files of the folders.
    pub(crate) fn read(&self) -> Result<Bundle> {
        server::library::read_folders(&self.folders)
    }

    /// The folder that is laid over the others.
    pub(crate) fn top(&self) -> &PathBuf {
        self.folders.last().expect("there is a default")
    }
}

/// Says what is wrong with definitions of which nothing can be made therefore; 1.
pub(crate) fn broken(found: Diagnostics, bundle: &Bundle, json: bool) -> ExitCode {
    tell(found, bundle, json, "");
    ExitCode::from(1)
}

/// Says what is wrong with definitions; `well` where nothing is.
fn tell(found: Diagnostics, bundle: &Bundle, json: bool, well: &str) {
    let found = found.sorted();
    if json {
        let list: Vec<_> = found.0.iter().map(|diagnostic| diagnostic.to_json(bundle)).collect();
        output::say(&json!({ "diagnostics": list }).to_string());
    } else if found.0.is_empty() {
        output::say(well);
    } else {
        output::say(&found.render(bundle, ""));
    }
}

//! `nagar schema`: the JSON Schemas of all kinds of files, for editors.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::output;

/// What `nagar schema` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder to write them to.
    #[arg(default_value = "schemas")]
    folder: PathBuf,
}

/// The schemas of definitions, and of how an installation is run.
fn all() -> Vec<(&'static str, String)> {
    let config = serde_json::to_string_pretty(&server::config_schema::schema()).expect("a schema is plain JSON");
    let mut schemas = engine::reference::schemas();
    schemas.push(("by-laws", scrutiny::laws::schema()));
    schemas.push(("nagar", format!("{config}\n")));
    schemas
}

/// Writes one file a kind.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    std::fs::create_dir_all(&args.folder)?;
    let mut files = Vec::new();
    for (name, text) in all() {
        let path = args.folder.join(format!("{name}.json"));
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        files.push(path.display().to_string());
    }
    output::say(&if json { json!({ "files": files }).to_string() } else { files.join("\n") });
    Ok(ExitCode::SUCCESS)
}

//! `nagar schema`: the JSON Schemas of all kinds of files, for editors.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::output;

/// What `nagar schema` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder to write them to.
    #[arg(default_value = "schemas")]
    folder: PathBuf,
}

/// Writes one file a kind.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    std::fs::create_dir_all(&args.folder)?;
    for (name, text) in engine::reference::schemas() {
        let path = args.folder.join(format!("{name}.json"));
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        output::say(&path.display().to_string());
    }
    Ok(ExitCode::SUCCESS)
}

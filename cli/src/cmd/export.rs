//! `nagar export`: the journal as beancount text.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use serde_json::json;
use server::app::{App, Given};
use server::config::Config;
use server::journal;

use super::{Definitions, serve};
use crate::output;

/// What `nagar export` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    definitions: Definitions,
    /// The folder of the data.
    #[arg(long, default_value = "data/demo")]
    data: PathBuf,
    /// The database, in place of the one in the folder: `postgres://…` or `sqlite:…`.
    #[arg(long, env = "NAGAR_DATABASE")]
    database: Option<String>,
    /// Only this town.
    #[arg(long)]
    tenant: Option<String>,
    /// The file to write; printed when silent.
    #[arg(long, short)]
    output: Option<PathBuf>,
}

/// Writes every voucher, and the balances as we have them.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    serve::runtime()?.block_on(async {
        let file = args.data.join("nagar.db");
        if args.database.is_none() && !file.exists() {
            anyhow::bail!("there is no database at {}: give one with --data or --database", file.display());
        }
        let config = Config {
            definitions: args.definitions.folders.clone(),
            data_dir: args.data.clone(),
            database: args.database.clone(),
            ..Config::default()
        };
        let app = App::open(config, Given::default()).await?;
        let mut tenants = app.store.tenants().await?;
        tenants.retain(|tenant| args.tenant.as_ref().is_none_or(|id| tenant == id));
        anyhow::ensure!(!tenants.is_empty(), "the database knows no such town");
        let bar = output::progress(json, tenants.len() as u64, "Exporting")?;
        let journal = journal::beancount(&app, &tenants, &mut || bar.inc(1)).await?;
        bar.finish_and_clear();
        tell(args, json, &journal)?;
        Ok(ExitCode::SUCCESS)
    })
}

fn tell(args: &Args, json: bool, journal: &journal::Journal) -> Result<()> {
    if let Some(path) = &args.output {
        std::fs::write(path, &journal.text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    output::say(&match (&args.output, json) {
        (Some(path), true) => {
            json!({ "file": path.display().to_string(), "towns": journal.towns, "vouchers": journal.vouchers })
                .to_string()
        }
        (None, true) => {
            json!({ "journal": journal.text, "towns": journal.towns, "vouchers": journal.vouchers }).to_string()
        }
        (Some(path), false) => {
            format!("{} vouchers of {} towns in {}", journal.vouchers, journal.towns, path.display())
        }
        (None, false) => journal.text.clone(),
    });
    Ok(())
}

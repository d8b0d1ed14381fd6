//! `nagar export`: the journal as beancount text.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
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
    /// Only this town.
    #[arg(long)]
    tenant: Option<String>,
    /// The file to write; printed when silent.
    #[arg(long, short)]
    output: Option<PathBuf>,
}

/// Writes every voucher, and the balances as we have them.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    serve::runtime()?.block_on(async {
        let config =
            Config { definitions: args.definitions.folders.clone(), data_dir: args.data.clone(), ..Config::default() };
        let app = App::open(config, Given::default()).await?;
        let loaded = app.library.now();
        let tenants: Vec<_> = loaded
            .catalogue
            .tenants
            .values()
            .filter(|tenant| args.tenant.as_ref().is_none_or(|id| tenant.id == *id))
            .map(|tenant| &**tenant)
            .collect();
        anyhow::ensure!(!tenants.is_empty(), "no such town");
        let (text, count) = journal::beancount(&app, &tenants).await?;
        match &args.output {
            Some(path) => {
                std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
                output::say(&format!("{count} vouchers in {}", path.display()));
            }
            None => output::say(&text),
        }
        Ok(ExitCode::SUCCESS)
    })
}

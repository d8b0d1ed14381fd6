//! `nagar reindex`: what records are found by, made anew.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;
use server::config::Config;
use server::{raise, reindex};

use super::serve;
use crate::output;

/// What `nagar reindex` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    installation: serve::Installation,
    /// Only this town.
    #[arg(long)]
    tenant: Option<String>,
    /// Only this register.
    #[arg(long)]
    registry: Option<String>,
}

/// Makes it and prints.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let config = args.installation.config()?;
    serve::runtime()?.block_on(all(args, config, json))
}

async fn all(args: &Args, config: Config, json: bool) -> Result<ExitCode> {
    let app = serve::open(config, args.tenant.as_deref()).await?;
    let library = app.library.now();
    let wanted = |name: &str, only: &Option<String>| only.as_deref().is_none_or(|only| only == name);
    let mut runs = Vec::new();
    for tenant in library.catalogue.tenants.values().filter(|tenant| wanted(&tenant.id, &args.tenant)) {
        let registers = reindex::registers(&app, tenant).into_iter();
        for registry in registers.filter(|registry| wanted(registry, &args.registry)) {
            let size =
                raise::records(&app, tenant, &registry).await.map_err(|problem| anyhow::anyhow!("{problem:?}"))?;
            if size == 0 {
                continue;
            }
            let bar = output::progress(json, size, &format!("Indexing {registry} of {}", tenant.id))?;
            reindex::register(&app, tenant, &registry, |seen| bar.inc(seen)).await?;
            bar.finish_and_clear();
            if !json {
                output::say(&format!("{} {registry}: {size} records", tenant.id));
            }
            runs.push(json!({ "tenant": tenant.id, "registry": registry.as_str(), "records": size }));
        }
    }
    if json {
        output::say(&json!({ "runs": runs }).to_string());
    }
    Ok(ExitCode::SUCCESS)
}

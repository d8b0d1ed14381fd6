//! `nagar retention`: erases what people said in cases whose time is over.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;
use server::config::Config;
use server::retain;

use super::serve;
use crate::output;

/// What `nagar retention` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    installation: serve::Installation,
    /// Only this town.
    #[arg(long)]
    tenant: Option<String>,
    /// Only this service.
    #[arg(long)]
    service: Option<String>,
    /// Say of which cases something would be erased, and write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Erases and prints.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let config = args.installation.config()?;
    serve::runtime()?.block_on(all(args, config, json))
}

async fn all(args: &Args, config: Config, json: bool) -> Result<ExitCode> {
    let app = serve::open(config, args.tenant.as_deref()).await?;
    let library = app.library.now();
    let wanted = |name: &str, only: &Option<String>| only.as_deref().is_none_or(|only| only == name);
    let mut report = Vec::new();
    for tenant in library.catalogue.tenants.values().filter(|tenant| wanted(&tenant.id, &args.tenant)) {
        for service in library.catalogue.services(tenant).filter(|service| wanted(&service.id, &args.service)) {
            let retained = retain::service(&app, tenant, service, args.dry_run).await;
            let retained = retained.map_err(|problem| failed(&problem))?;
            if retained == retain::Retained::default() {
                continue;
            }
            if json {
                report.push(json!({
                    "tenant": tenant.id, "service": service.id, "erased": retained.erased, "waiting": retained.waiting,
                }));
                continue;
            }
            let done = if args.dry_run { "would be erased" } else { "erased" };
            output::say(&format!(
                "{} {}: {} cases {done}, {} wait for money to be settled",
                tenant.id,
                service.id,
                retained.erased.len(),
                retained.waiting.len()
            ));
            for number in &retained.erased {
                output::say(&format!("  {number}"));
            }
        }
        if !args.dry_run {
            retain::files(&app, tenant).await.map_err(|problem| failed(&problem))?;
        }
    }
    if json {
        output::say(&json!({ "dry_run": args.dry_run, "runs": report }).to_string());
    }
    Ok(ExitCode::SUCCESS)
}

fn failed(problem: &server::problem::Problem) -> anyhow::Error {
    anyhow::anyhow!("{problem:?}").context("erasing stopped; run the command again to go on")
}

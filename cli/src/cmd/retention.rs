//! `nagar retention`: erases what people said in cases whose time is over.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use serde_json::json;
use server::app::App;
use server::config::Config;
use server::retain;
use server::store::{By, cases, erasures};

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
    /// Keep what was said in the case of this number beyond its term, for a court or an audit.
    #[arg(long, value_name = "NUMBER", requires_all = ["because", "tenant"], conflicts_with = "dry_run")]
    hold: Option<String>,
    /// Why it is kept.
    #[arg(long, value_name = "WORDS", requires = "hold")]
    because: Option<String>,
    /// Let the term of the case of this number have its way again.
    #[arg(long, value_name = "NUMBER", requires = "tenant", conflicts_with_all = ["hold", "dry_run"])]
    release: Option<String>,
}

/// Erases and prints.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let config = args.installation.config()?;
    serve::runtime()?.block_on(all(args, config, json))
}

async fn all(args: &Args, config: Config, json: bool) -> Result<ExitCode> {
    let app = serve::open(config, args.tenant.as_deref()).await?;
    if let (Some(number), Some(tenant)) = (args.hold.as_ref().or(args.release.as_ref()), &args.tenant) {
        hold(&app, tenant, number, args.because.as_deref(), json).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let library = app.library.now();
    let wanted = |name: &str, only: &Option<String>| only.as_deref().is_none_or(|only| only == name);
    let mut report = Vec::new();
    let tenants: Vec<_> =
        library.catalogue.tenants.values().filter(|tenant| wanted(&tenant.id, &args.tenant)).collect();
    let bar = output::progress(json, tenants.len() as u64, "Looking through towns")?;
    for tenant in tenants {
        for service in library.catalogue.services(tenant).filter(|service| wanted(&service.id, &args.service)) {
            let retained = retain::service(&app, tenant, service, args.dry_run).await;
            let retained = retained.map_err(|problem| failed(&problem))?;
            if retained == retain::Retained::default() {
                continue;
            }
            if json {
                report.push(json!({
                    "tenant": tenant.id, "service": service.id, "erased": retained.erased, "waiting": retained.waiting,
                    "files": retained.files,
                }));
                continue;
            }
            let done = if args.dry_run { "would be erased" } else { "erased" };
            bar.suspend(|| {
                output::say(&format!(
                    "{} {}: {} cases {done}, {} wait for money to be settled, files of {} questions {done}",
                    tenant.id,
                    service.id,
                    retained.erased.len(),
                    retained.waiting.len(),
                    retained.files.len()
                ));
                for number in retained.erased.iter().chain(&retained.files) {
                    output::say(&format!("  {number}"));
                }
            });
        }
        if !args.dry_run {
            retain::files(&app, tenant).await.map_err(|problem| failed(&problem))?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    if json {
        output::say(&json!({ "dry_run": args.dry_run, "runs": report }).to_string());
    }
    Ok(ExitCode::SUCCESS)
}

/// Holds a case, because of something, or lets it go.
async fn hold(app: &App, tenant: &str, number: &str, because: Option<&str>, json: bool) -> Result<()> {
    let mut tx = app.store.begin(tenant).await?;
    let case = cases::id_of(&mut tx, number).await?.with_context(|| format!("{tenant} has no case {number}"))?;
    let by = By::system(app.clock.now_ms());
    let done = if let Some(reason) = because {
        erasures::hold(&mut tx, by, &case, reason).await?;
        "is kept beyond its term"
    } else if erasures::release(&mut tx, by, &case).await? {
        "is kept for its term again"
    } else {
        "was not held"
    };
    tx.commit().await?;
    output::say(&if json {
        json!({ "number": number, "held": because.is_some() }).to_string()
    } else {
        format!("{number} {done}")
    });
    Ok(())
}

fn failed(problem: &server::problem::Problem) -> anyhow::Error {
    anyhow::anyhow!("{problem:?}").context("erasing stopped; run the command again to go on")
}

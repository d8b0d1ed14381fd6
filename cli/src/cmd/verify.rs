//! `nagar verify`: whether chain, books, numbers and cases are whole.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;
use server::store::{Store, verify};

use super::serve;
use crate::output;

/// What `nagar verify` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of the data.
    #[arg(long, default_value = "data/demo")]
    data: PathBuf,
    /// The database, in place of the one in the folder: `postgres://…` or `sqlite:…`.
    #[arg(long, env = "NAGAR_DATABASE")]
    database: Option<String>,
    /// Only this town.
    #[arg(long)]
    tenant: Option<String>,
}

/// Verifies and prints; 1 if anything does not fit, naming the first bad row of each kind.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    serve::runtime()?.block_on(all(args, json))
}

async fn all(args: &Args, json: bool) -> Result<ExitCode> {
    let file = args.data.join("nagar.db");
    if args.database.is_none() && !file.exists() {
        anyhow::bail!("there is no database at {}: give one with --data or --database", file.display());
    }
    let store = Store::open(&args.database.clone().unwrap_or_else(|| format!("sqlite:{}", file.display()))).await?;
    let tenants = match &args.tenant {
        Some(tenant) => vec![tenant.clone()],
        None => store.tenants().await?,
    };
    let bar = output::progress(json, tenants.len() as u64, "Verifying")?;
    let mut report = Vec::new();
    let mut bad = 0;
    for tenant in tenants {
        let mut tx = store.read(&tenant).await?;
        let findings = verify::verify(&mut tx, None).await?;
        bad += findings.len();
        bar.inc(1);
        if !json {
            bar.suspend(|| told(&tenant, &findings));
        }
        let list: Vec<_> = findings
            .iter()
            .map(|f| json!({ "check": f.check, "table": f.table, "row": f.row, "what": f.what }))
            .collect();
        report.push(json!({ "tenant": tenant, "findings": list }));
    }
    bar.finish_and_clear();
    if json {
        output::say(&json!({ "tenants": report, "findings": bad }).to_string());
    }
    Ok(if bad == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn told(tenant: &str, findings: &[verify::Finding]) {
    let sum = if findings.is_empty() { "whole".to_owned() } else { format!("{} findings", findings.len()) };
    output::say(&format!("{tenant:<24} {sum}"));
    for finding in findings {
        output::say(&format!("  {}: {} {}: {}", finding.check, finding.table, finding.row, finding.what));
    }
}

//! `nagar verify`: whether chain, books, tills, numbers and cases are whole, and the files that rows name.
//!
//! It prints the end of each town's chain. Kept elsewhere and given back with `--anchor`, it shows
//! whether a tail was cut off meanwhile, which nothing inside the database could.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use serde_json::json;
use server::store::events;
use server::store::verify;
use server::store::vouchers::{self, AccountSum};

use super::anchor::anchors;
use super::place::{self, Place};
use super::serve;
use crate::output;

/// What `nagar verify` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    /// Only this town.
    #[arg(long)]
    tenant: Option<String>,
    /// What this command printed earlier, kept elsewhere: the ends of the chains that must still be there.
    #[arg(long, value_name = "FILE")]
    anchor: Option<PathBuf>,
}

/// Verifies and prints; 1 if anything does not fit, naming the first bad row of each kind.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    serve::runtime()?.block_on(all(args, json))
}

async fn all(args: &Args, json: bool) -> Result<ExitCode> {
    let anchors = match &args.anchor {
        Some(file) => anchors(&std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?)?,
        None => BTreeMap::new(),
    };
    let (store, files) = (args.place.store().await?, args.place.known_files()?);
    // A town of which only the anchor knows was lost with all that it had: that is a finding.
    let mut tenants: BTreeSet<String> = store.tenants().await?.into_iter().chain(anchors.keys().cloned()).collect();
    if let Some(tenant) = &args.tenant {
        anyhow::ensure!(tenants.contains(tenant), "the database knows no such town");
        tenants.retain(|known| known == tenant);
    }
    let bar = output::progress(json, tenants.len() as u64, "Verifying")?;
    let mut report = Vec::new();
    let mut bad = 0;
    for tenant in tenants {
        let mut tx = store.read(&tenant).await?;
        let mut findings = verify::verify(&mut tx, anchors.get(&tenant)).await?;
        findings.extend(place::file_findings(&mut tx, files.as_deref()).await?);
        let head = events::head(&mut tx).await?;
        let sums = vouchers::trial_balance(&mut tx, None, None, None).await?;
        let sum = |of: fn(&AccountSum) -> i64| sums.iter().map(of).sum::<i64>();
        let (debit, credit) = (sum(|account| account.debit_paise), sum(|account| account.credit_paise));
        let head = format!("{}:{}", head.seq, head.hash);
        bad += findings.len();
        bar.inc(1);
        if !json {
            bar.suspend(|| told(&tenant, &findings, (debit, credit), &head));
        }
        let list = place::findings_json(&findings);
        report.push(
            json!({ "tenant": tenant, "head": head, "debit_paise": debit, "credit_paise": credit, "findings": list }),
        );
    }
    bar.finish_and_clear();
    if json {
        output::say(&json!({ "tenants": report, "findings": bad }).to_string());
    }
    Ok(if bad == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// One line for each town: what was found, all debits and all credits of its books, the end of its chain.
fn told(tenant: &str, findings: &[verify::Finding], (debit, credit): (i64, i64), head: &str) {
    let found = if findings.is_empty() { "whole".to_owned() } else { format!("{} findings", findings.len()) };
    let (debit, credit) = (place::rupees(debit), place::rupees(credit));
    output::say(&format!("{tenant:<24} {found:<12} {debit:>16} debit {credit:>16} credit   {head}"));
    place::tell_findings(findings);
}

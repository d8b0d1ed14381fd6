//! `nagar verify`: whether chain, books, tills, numbers and cases are whole, and the files that rows name.
//!
//! It prints the end of each town's chain. Kept elsewhere and given back with `--anchor`, it shows
//! whether a tail was cut off meanwhile, which nothing inside the database could.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use serde_json::json;
use server::store::events::{self, Head};
use server::store::verify;
use server::store::vouchers::{self, AccountSum};

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

/// The ends of chains that were printed earlier: the first word of a line is the town, the last its
/// `number:hash`. Lines that tell of findings are indented.
fn anchors(text: &str) -> Result<BTreeMap<String, Head>> {
    let mut anchors = BTreeMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with([' ', '#'])) {
        let mut words = line.split_whitespace();
        let (tenant, end) = (words.next(), words.next_back());
        let head = end.and_then(|end| end.split_once(':')).and_then(|(seq, hash)| {
            let whole = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            Some(Head { seq: seq.parse().ok()?, hash: hash.to_owned() }).filter(|head| whole || head.seq == 0)
        });
        let (Some(tenant), Some(head)) = (tenant, head) else {
            anyhow::bail!("this line of the anchor names no end of a chain: {line}")
        };
        anchors.insert(tenant.to_owned(), head);
    }
    Ok(anchors)
}

/// One line for each town: what was found, all debits and all credits of its books, the end of its chain.
fn told(tenant: &str, findings: &[verify::Finding], (debit, credit): (i64, i64), head: &str) {
    let found = if findings.is_empty() { "whole".to_owned() } else { format!("{} findings", findings.len()) };
    let (debit, credit) = (place::rupees(debit), place::rupees(credit));
    output::say(&format!("{tenant:<24} {found:<12} {debit:>16} debit {credit:>16} credit   {head}"));
    place::tell_findings(findings);
}

#[cfg(test)]
mod tests {
    use super::anchors;

    #[test]
    fn what_was_printed_is_read_back() {
        let hash = "0123456789abcdef".repeat(4);
        let read =
            anchors(&format!("hilltop                  whole        12:{hash}\n  chain: events 3: x\n\ntown 0:\n"));
        let read = read.expect("these are lines of this command");
        assert_eq!((read["hilltop"].seq, read["hilltop"].hash.as_str()), (12, hash.as_str()));
        assert_eq!((read.len(), read["town"].seq), (2, 0));
        for wrong in ["hilltop 12", "hilltop 12:abc", "hilltop", "hilltop x:00"] {
            assert!(anchors(wrong).is_err(), "{wrong}");
        }
    }
}

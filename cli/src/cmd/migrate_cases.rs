//! `nagar migrate-cases`: open cases go on under the definition that is served now.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail, ensure};
use engine::service::Service;
use engine::tenant::Tenant;
use serde_json::json;
use server::app::App;
use server::migrate_cases::{self, Asked, Looked};
use server::store::definitions;

use super::serve;
use crate::output;

/// What `nagar migrate-cases` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    installation: serve::Installation,
    /// The service, by the name of its folder.
    service: String,
    /// The digest of the definition that the cases have, or its first digits.
    #[arg(long)]
    from: String,
    /// The digest of the definition that they move to, or its first digits: the one that is served now.
    #[arg(long)]
    to: String,
    /// Only this town.
    #[arg(long)]
    tenant: Option<String>,
    /// Say what would move and what stands in the way, and write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Digits that tell definitions apart.
const DIGITS: usize = 8;

/// Looks, moves and prints; 1 if a case stays where it is.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    ensure!(args.from.len() >= DIGITS && args.to.len() >= DIGITS, "a digest is told by {DIGITS} digits at least");
    serve::runtime()?.block_on(all(args, json))
}

async fn all(args: &Args, json: bool) -> Result<ExitCode> {
    let app = serve::open(args.installation.config()?, args.tenant.as_deref()).await?;
    let library = app.library.now();
    let wanted = |tenant: &&Arc<Tenant>| args.tenant.as_ref().is_none_or(|only| *only == tenant.id);
    let (mut report, mut looked_at, mut stay) = (Vec::new(), false, 0);
    for tenant in library.catalogue.tenants.values().filter(wanted) {
        let Some(to) = library.catalogue.service(&tenant.id, &args.service) else { continue };
        if !to.digest.starts_with(&args.to) {
            continue;
        }
        looked_at = true;
        for from in kept(&app, tenant, to, &args.from).await? {
            let mut cases = Vec::new();
            let asked = Asked { from: &from, dry: args.dry_run };
            let working = output::Working::begin(json, "Looking at cases");
            migrate_cases::migrate(&app, tenant, to, asked, |looked| cases.push(looked))
                .await
                .map_err(|problem| anyhow::anyhow!("{problem:?}").context("run the command again to go on"))?;
            drop(working);
            stay += cases.iter().filter(|looked| !looked.hindrances.is_empty()).count();
            if json {
                report.push(as_json(tenant, (&from, &to.digest), &cases));
            } else if !cases.is_empty() {
                tell(tenant, &cases, args.dry_run);
            }
        }
    }
    if !looked_at {
        bail!("no town is served `{}` by a definition that begins with {}", args.service, args.to);
    }
    if json {
        output::say(&json!({ "dry_run": args.dry_run, "towns": report }).to_string());
    }
    Ok(if stay == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// The definitions of the service that cases of the town began with and that begin with these digits, but for the
/// one they move to.
async fn kept(app: &App, tenant: &Tenant, to: &Service, from: &str) -> Result<Vec<String>> {
    let mut tx = app.store.read(&tenant.id).await?;
    let kept = definitions::digests(&mut tx, &to.id).await?;
    Ok(kept.into_iter().filter(|digest| digest.starts_with(from) && *digest != to.digest).collect())
}

fn tell(tenant: &Tenant, cases: &[Looked], dry: bool) {
    let moved = cases.iter().filter(|looked| looked.hindrances.is_empty()).count();
    let done = if dry { "would move" } else { "moved" };
    output::say(&format!("{}: {moved} cases {done}, {} stay", tenant.id, cases.len() - moved));
    for looked in cases.iter().filter(|looked| !looked.hindrances.is_empty()) {
        output::say(&format!("  {}", looked.number.as_ref().unwrap_or(&looked.case)));
        for hindrance in &looked.hindrances {
            output::say(&format!("    {} {}", hindrance.word(), hindrance.about()));
        }
    }
}

fn as_json(tenant: &Tenant, (from, to): (&str, &str), cases: &[Looked]) -> serde_json::Value {
    let one = |looked: &Looked| {
        let why = looked.hindrances.iter().map(|why| json!([why.word(), why.about()]));
        json!({ "case": looked.case, "number": looked.number, "stays": why.collect::<Vec<_>>() })
    };
    json!({ "tenant": tenant.id, "from": from, "to": to, "cases": cases.iter().map(one).collect::<Vec<_>>() })
}

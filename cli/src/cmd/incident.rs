//! `nagar incident`: what was done in a span of days, and whom it concerned.

use std::process::ExitCode;

use anyhow::Result;
use engine::base::date::MS_PER_DAY;
use engine::base::{Day, Moment};
use serde_json::json;
use server::config::Config;
use server::incident::{self, Incident};

use super::serve;
use super::when::day;
use crate::output;

/// What `nagar incident` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    installation: serve::Installation,
    /// Only this town.
    #[arg(long)]
    tenant: Option<String>,
    /// The first day, as 2027-04-01.
    #[arg(long, value_parser = day)]
    from: Day,
    /// The last day, which is included; the first when silent.
    #[arg(long, value_parser = day)]
    until: Option<Day>,
}

/// Gathers and prints.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let config = args.installation.config()?;
    serve::runtime()?.block_on(all(args, config, json))
}

async fn all(args: &Args, config: Config, json: bool) -> Result<ExitCode> {
    let app = serve::open(config, args.tenant.as_deref()).await?;
    let library = app.library.now();
    let mut report = Vec::new();
    for tenant in library.catalogue.tenants.values() {
        if args.tenant.as_deref().is_some_and(|only| only != tenant.id) {
            continue;
        }
        let midnight = |day: Day| Moment::at(day, 0, tenant.calendar.offset_minutes).ms;
        let span = (midnight(args.from), midnight(args.until.unwrap_or(args.from)) + MS_PER_DAY);
        let found = incident::in_town(&app, tenant, span).await;
        let found = found.map_err(|problem| anyhow::anyhow!("{problem:?}"))?;
        if json {
            report.push(as_json(&tenant.id, &found));
        } else {
            tell(&tenant.id, &found);
        }
    }
    if json {
        output::say(&json!({ "towns": report }).to_string());
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(tenant: &str, found: &Incident) {
    output::say(&format!("{tenant}: {} deeds, which concerned {} people", found.deeds.len(), found.people.len()));
    for person in &found.people {
        let looked = if person.looked { ", looked at" } else { "" };
        output::say(&format!("  {} {} {}{looked}", person.mobile, person.name, person.cases.join(" ")));
    }
}

fn as_json(tenant: &str, found: &Incident) -> serde_json::Value {
    let deeds = found.deeds.iter().map(|deed| {
        json!({
            "seq": deed.seq, "at_ms": deed.at_ms, "who": deed.actor, "kind": deed.kind, "what": deed.word, "case": deed.case,
        })
    });
    let people = found.people.iter().map(|one| {
        json!({ "person": one.id, "name": one.name, "mobile": one.mobile, "cases": one.cases, "looked": one.looked })
    });
    json!({ "tenant": tenant, "deeds": deeds.collect::<Vec<_>>(), "people": people.collect::<Vec<_>>() })
}

//! `nagar raise`: bills for a whole register, for the period that began.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail};
use engine::base::{Day, Money, Name};
use engine::service::Service;
use engine::tenant::Tenant;
use serde_json::json;
use server::config::Config;
use server::raise::{self, Asked, Raised};

use super::serve;
use super::when::day;
use crate::output;

/// What `nagar raise` is told.
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
    /// A day of the period that is billed, as 2027-04-01; today when silent.
    #[arg(long, value_parser = day)]
    day: Option<Day>,
    /// Say what would be billed, by ward and head, and write nothing; also of a period that has not begun.
    #[arg(long)]
    dry_run: bool,
}

/// Bills and prints; 1 if a record could not be billed.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let config = args.installation.config()?;
    serve::runtime()?.block_on(all(args, config, json))
}

async fn all(args: &Args, config: Config, json: bool) -> Result<ExitCode> {
    let app = serve::open(config, args.tenant.as_deref()).await?;
    let library = app.library.now();
    let wanted = |name: &str, only: &Option<String>| only.as_deref().is_none_or(|only| only == name);
    let mut runs: Vec<(Arc<Tenant>, Arc<Service>)> = Vec::new();
    for tenant in library.catalogue.tenants.values().filter(|tenant| wanted(&tenant.id, &args.tenant)) {
        let services = library.catalogue.services(tenant);
        let services = services.filter(|service| service.opens.is_some() && wanted(&service.id, &args.service));
        runs.extend(services.map(|service| (Arc::clone(tenant), Arc::clone(service))));
    }
    if runs.is_empty() {
        bail!("nothing here is billed period by period: no service of such a town has `opens`");
    }
    let (mut report, mut not) = (Vec::new(), 0);
    for (tenant, service) in runs {
        let opens = service.opens.as_ref().expect("only such services were taken");
        let size = raise::size(&app, &tenant, opens).await.map_err(|problem| failed(&problem))?;
        if size == 0 {
            continue;
        }
        let asked = Asked { day: args.day.unwrap_or_else(|| app.clock.now(&tenant).day()), dry: args.dry_run };
        let bar = output::progress(json, size, &format!("Billing {} of {}", service.id, tenant.id))?;
        let raised = raise::raise(&app, &tenant, &service, asked, |seen| bar.inc(seen))
            .await
            .map_err(|problem| failed(&problem))?;
        bar.finish_and_clear();
        not += raised.not.len();
        if json {
            report.push(as_json(&tenant, &service, &raised));
        } else {
            tell(&tenant, &service, &raised, args.dry_run);
        }
    }
    if json {
        output::say(&json!({ "dry_run": args.dry_run, "runs": report }).to_string());
    }
    Ok(if not == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn failed(problem: &server::problem::Problem) -> anyhow::Error {
    anyhow::anyhow!("{problem:?}").context("billing stopped; run the command again to go on")
}

fn tell(tenant: &Tenant, service: &Service, raised: &Raised, dry: bool) {
    let done = if dry { "would be billed" } else { "billed" };
    output::say(&format!(
        "{} {}: {} records {done}, {}; {} had been before, {} could not be",
        tenant.id,
        service.id,
        raised.billed,
        raised.total(),
        raised.before,
        raised.not.len()
    ));
    if dry {
        tell_sums(tenant, service, raised);
    }
    for (number, why) in &raised.not {
        output::say(&format!("  {number}: {}", why.word()));
    }
}

/// What would be billed: by head within each ward, each ward, and each head in all.
fn tell_sums(tenant: &Tenant, service: &Service, raised: &Raised) {
    let language = tenant.languages.first().map_or("en", String::as_str);
    let heads = service.billing.iter().flat_map(|billing| &billing.heads);
    let label = |name: &Name| {
        let head = heads.clone().find(|head| head.name == *name);
        head.map_or_else(|| name.to_string(), |head| head.label.in_language(language).to_owned())
    };
    let line =
        |what: &str, amount: Money| output::say(&format!("  {what:<44} {amount:>18}", amount = amount.to_string()));
    let mut in_all: BTreeMap<&Name, Money> = BTreeMap::new();
    let mut wards: BTreeMap<&str, Vec<(&Name, Money)>> = BTreeMap::new();
    let by_ward = raised.by_ward(tenant);
    for ((ward, head), amount) in &by_ward {
        let sum = in_all.entry(head).or_default();
        *sum = *sum + *amount;
        wards.entry(ward).or_default().push((head, *amount));
    }
    for (ward, amounts) in wards {
        let called = tenant.places.get(ward).map_or("", |entry| entry.label.in_language(language));
        line(&format!("{ward} {called}"), amounts.iter().map(|(_, amount)| *amount).sum());
        for (head, amount) in amounts {
            line(&format!("  {}", label(head)), amount);
        }
    }
    line(&tenant.id, raised.total());
    for (head, amount) in in_all {
        line(&format!("  {}", label(head)), amount);
    }
}

fn as_json(tenant: &Tenant, service: &Service, raised: &Raised) -> serde_json::Value {
    let by_ward = raised.by_ward(tenant);
    let sums = by_ward.iter().map(|((ward, head), amount)| json!([ward, head.as_str(), amount.paise()]));
    let not = raised.not.iter().map(|(number, why)| json!({ "record": number, "why": why.word() }));
    json!({
        "tenant": tenant.id, "service": service.id, "billed": raised.billed, "before": raised.before,
        "total_paise": raised.total().paise(), "sums": sums.collect::<Vec<_>>(), "not": not.collect::<Vec<_>>(),
    })
}

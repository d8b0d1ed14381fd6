//! `nagar dcb`: the register of demand, collection and balance, by ward and head.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use engine::base::Day;
use engine::tenant::Tenant;
use serde_json::json;
use server::app::{App, Given};
use server::finding;
use server::store::dcb::{self, Register, Span, Sums};

use super::serve;
use super::when::day;
use crate::output;

/// What `nagar dcb` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    installation: serve::Installation,
    /// The town.
    #[arg(long)]
    tenant: String,
    /// Only this service.
    #[arg(long)]
    service: Option<String>,
    /// A day of the financial year, as 2027-04-01; today when silent.
    #[arg(long, value_parser = day)]
    year: Option<Day>,
    /// The last day that is looked at; the end of the year when silent.
    #[arg(long, value_parser = day)]
    until: Option<Day>,
    /// By locality, instead of by ward.
    #[arg(long)]
    localities: bool,
    /// Print a table for spreadsheets.
    #[arg(long)]
    csv: bool,
}

/// Prints the register. That it agrees with the ledger is proved by `nagar verify`.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let config = args.installation.config()?;
    serve::runtime()?.block_on(print(args, config, json))
}

async fn print(args: &Args, config: server::config::Config, json: bool) -> Result<ExitCode> {
    let app = App::open(config, Given::default()).await?;
    let library = app.library.now();
    let tenant = library.tenant(&args.tenant).with_context(|| format!("there is no town `{}`", args.tenant))?;
    if let Some(wanted) = &args.service
        && library.catalogue.services(tenant).all(|service| service.id != *wanted)
    {
        bail!("`{}` has no service `{wanted}`", args.tenant);
    }
    let day = args.year.unwrap_or_else(|| app.clock.now(tenant).day());
    let from = tenant.calendar.financial_year_start(day);
    let until = args.until.unwrap_or_else(|| tenant.calendar.financial_year_end(day));
    if until < from {
        bail!("the year begins on {from}, after {until}");
    }
    let span = Span { from, until, offset_minutes: tenant.calendar.offset_minutes };
    let mut tx = app.store.read(&tenant.id).await?;
    let mut register = dcb::register(&mut tx, args.service.as_deref(), span).await?;
    if !args.localities {
        register = by_ward(tenant, register);
    }
    if json {
        output::say(&as_json(tenant, span, &register).to_string());
    } else if args.csv {
        output::say(&csv(&register));
    } else {
        tell(tenant, span, &register);
    }
    Ok(ExitCode::SUCCESS)
}

/// The same register with its places gathered into wards.
fn by_ward(tenant: &Tenant, register: Register) -> Register {
    let mut wards = Register::new();
    for ((service, place, head), sums) in register {
        wards.entry((service, finding::ward(tenant, &place).to_owned(), head)).or_default().add(&sums);
    }
    wards
}

/// The columns, in order.
const COLUMNS: [&str; 8] = [
    "arrears",
    "on_arrears",
    "current",
    "demand",
    "collected_of_arrears",
    "collected_of_current",
    "collection",
    "balance",
];

fn cells(sums: &Sums) -> [engine::base::Money; 8] {
    [
        sums.arrears,
        sums.on_arrears,
        sums.current,
        sums.demand(),
        sums.collected_of_arrears,
        sums.collected_of_current,
        sums.collection(),
        sums.balance(),
    ]
}

fn as_json(tenant: &Tenant, span: Span, register: &Register) -> serde_json::Value {
    let line = |((service, place, head), sums): (&(String, String, engine::base::Name), &Sums)| {
        let mut line = json!({ "service": service, "place": place, "head": head.as_str() });
        for (column, amount) in COLUMNS.iter().zip(cells(sums)) {
            line[format!("{column}_paise")] = json!(amount.paise());
        }
        line
    };
    json!({
        "tenant": tenant.id, "from": span.from.to_string(), "until": span.until.to_string(),
        "lines": register.iter().map(line).collect::<Vec<_>>(),
    })
}

fn csv(register: &Register) -> String {
    let mut lines = vec![format!("service,place,head,{}", COLUMNS.join(","))];
    for ((service, place, head), sums) in register {
        let amounts = cells(sums).map(|amount| amount.to_string());
        lines.push(format!("{service},{place},{head},{}", amounts.join(",")));
    }
    lines.join("\n")
}

fn tell(tenant: &Tenant, span: Span, register: &Register) {
    output::say(&format!("{} from {} to {}", tenant.id, span.from, span.until));
    let mut by_service: BTreeMap<&str, Sums> = BTreeMap::new();
    let line = |name: &str, sums: &Sums| {
        let [arrears, on_arrears, current, .., collection, balance] = cells(sums).map(|amount| amount.to_string());
        output::say(&format!("{name:<44} {arrears:>14} {on_arrears:>14} {current:>14} {collection:>14} {balance:>14}"));
    };
    output::say(&format!(
        "{:<44} {:>14} {:>14} {:>14} {:>14} {:>14}",
        "", "arrears", "on arrears", "current", "collection", "balance"
    ));
    for ((service, place, head), sums) in register {
        line(&format!("{service} {place} {head}"), sums);
        by_service.entry(service).or_default().add(sums);
    }
    for (service, sums) in &by_service {
        line(&format!("{service}, in all"), sums);
    }
}

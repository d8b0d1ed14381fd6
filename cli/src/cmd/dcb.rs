//! `nagar dcb`: the register of demand, collection and balance, by ward and head.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::{Result, bail};
use engine::base::{Day, Name};
use engine::service::{Catalogue, Service};
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
    of: serve::OfTown,
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
    let config = args.of.config()?;
    serve::runtime()?.block_on(print(args, config, json))
}

async fn print(args: &Args, config: server::config::Config, json: bool) -> Result<ExitCode> {
    let app = App::open(config, Given::default()).await?;
    let library = app.library.now();
    let tenant = args.of.town(&library)?;
    if let Some(wanted) = &args.service
        && library.catalogue.services(tenant).all(|service| service.id != *wanted)
    {
        bail!("`{}` has no service `{wanted}`", args.of.tenant);
    }
    let day = args.year.unwrap_or_else(|| app.clock.now(tenant).day());
    let from = tenant.calendar.financial_year_start(day);
    let until = args.until.unwrap_or_else(|| tenant.calendar.financial_year_end(day));
    if until < from {
        bail!("the year begins on {from}, after {until}");
    }
    let span = Span { from, until, offset_minutes: tenant.calendar.offset_minutes };
    let mut tx = app.store.read(&tenant.id).await?;
    let working = output::Working::begin(json, "Reckoning");
    let mut register = dcb::register(&mut tx, args.service.as_deref(), span).await?;
    drop(working);
    if !args.localities {
        register = by_ward(tenant, register);
    }
    if json {
        output::say(&as_json(tenant, span, &register).to_string());
    } else if args.csv {
        output::say(&csv(&register));
    } else {
        tell(&library.catalogue, tenant, span, &register);
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

/// The language in which words of the definitions are printed, as are those of the program.
const LANGUAGE: &str = "en";

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
    let line = |((service, place, head), sums): (&(String, String, Name), &Sums)| {
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

/// A line for people: how far it is set in, its words, its amounts if it has any.
type Told = (usize, String, Option<Sums>);

/// The heads of a place.
type Heads<'a> = Vec<(&'a Name, &'a Sums)>;

fn tell(catalogue: &Catalogue, tenant: &Tenant, span: Span, register: &Register) {
    output::say(&format!("{} from {} to {}", tenant.title.in_language(LANGUAGE), span.from, span.until));
    let lines = told(catalogue, tenant, register);
    let width = lines.iter().map(|(depth, words, _)| depth * 2 + words.chars().count()).max().unwrap_or_default();
    let row = |words: &str, cells: [&str; 6]| {
        let [arrears, on_arrears, current, demand, collection, balance] = cells;
        output::say(&format!(
            "{words:<width$} {arrears:>14} {on_arrears:>14} {current:>14} {demand:>14} {collection:>14} {balance:>14}"
        ));
    };
    row("", ["arrears", "on arrears", "current", "demand", "collection", "balance"]);
    for (depth, words, sums) in &lines {
        let words = format!("{:indent$}{words}", "", indent = depth * 2);
        let Some(sums) = sums else {
            output::say(&words);
            continue;
        };
        let amounts = [sums.arrears, sums.on_arrears, sums.current, sums.demand(), sums.collection(), sums.balance()];
        let amounts = amounts.map(|amount| amount.to_string());
        row(&words, amounts.each_ref().map(String::as_str));
    }
}

/// The register by service, place and head in words, with the sum of each place, each service, and all.
fn told(catalogue: &Catalogue, tenant: &Tenant, register: &Register) -> Vec<Told> {
    let mut by_service: BTreeMap<&str, BTreeMap<&str, Heads<'_>>> = BTreeMap::new();
    for ((service, place, head), sums) in register {
        by_service.entry(service).or_default().entry(place).or_default().push((head, sums));
    }
    let (mut lines, mut all) = (Vec::new(), Sums::default());
    for (id, places) in by_service {
        let service = catalogue.service(&tenant.id, id);
        let title = service.map_or(id, |service| service.title.in_language(LANGUAGE));
        let mut of_service = Sums::default();
        lines.push((0, title.to_owned(), None));
        for (place, heads) in places {
            let mut of_place = Sums::default();
            lines.push((1, place_words(tenant, place), None));
            for (head, sums) in heads {
                let head = head_words(service.map(AsRef::as_ref), head);
                lines.push((2, head.to_owned(), Some(*sums)));
                of_place.add(sums);
            }
            lines.push((2, "this place in all".to_owned(), Some(of_place)));
            of_service.add(&of_place);
        }
        lines.push((0, format!("{title}, in all"), Some(of_service)));
        all.add(&of_service);
    }
    lines.push((0, "in all".to_owned(), Some(all)));
    lines
}

/// The words for a place, with its code: two wards may be called alike. What a register names that the
/// definitions no longer know keeps its code.
fn place_words(tenant: &Tenant, place: &str) -> String {
    match tenant.places.get(place) {
        Some(entry) => format!("{} ({place})", entry.label.in_language(LANGUAGE)),
        None if place.is_empty() => "no place".to_owned(),
        None => place.to_owned(),
    }
}

fn head_words<'a>(service: Option<&'a Service>, head: &'a Name) -> &'a str {
    let heads = service.and_then(|service| service.billing.as_ref()).map_or(&[][..], |billing| &billing.heads);
    heads.iter().find(|known| known.name == *head).map_or(head, |known| known.label.in_language(LANGUAGE))
}

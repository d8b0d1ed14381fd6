//! `nagar reconcile FILES`: what a bank says came in, held against the receipts.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use engine::base::{Day, Money};
use engine::tenant::Tenant;
use serde_json::{Value as Json, json};
use server::app::{App, Given};
use server::config::Config;
use server::library::Loaded;
use server::statement::{self, Bank, Compared, Line, Statement};

use super::serve;
use crate::output;

/// What `nagar reconcile` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The statements, all of one account: .csv in UTF-8, .xlsx, .xls or .ods.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The description of the account and of the columns; docs/cli.md has one.
    #[arg(long, value_name = "FILE")]
    by: PathBuf,
    #[command(flatten)]
    of: serve::OfTown,
}

/// Prints what fits and what is left over; 1 if something is. Nothing is written.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let config = args.of.config()?;
    let bank = Bank::read(&args.by)?;
    let statement = output::while_working(json, "Reading the statements", || Statement::read(&args.files, &bank))?;
    serve::runtime()?.block_on(print(args, config, &bank, statement, json))
}

async fn print(args: &Args, config: Config, bank: &Bank, statement: Statement, json: bool) -> Result<ExitCode> {
    let days = statement.days().context("no line of the statements moves money")?;
    let app = App::open(config, Given::default()).await?;
    let library = app.library.now();
    let tenant = args.of.town(&library)?;
    known(&library, tenant, bank)?;
    let mut tx = app.store.read(&tenant.id).await?;
    let working = output::Working::begin(json, "Comparing");
    let given = statement::receipts_around(&mut tx, bank, days).await?;
    let Statement { lines, debited, repeated, .. } = statement;
    let compared = statement::compare(lines, days, given);
    drop(working);
    if json {
        let (from, until) = (days.0.to_string(), days.1.to_string());
        let mut told = json!({ "tenant": tenant.id, "account": bank.account, "from": from, "until": until });
        write(&mut told, &compared);
        told["repeated"] = json!(repeated);
        told["debited"] = json!(debited);
        output::say(&told.to_string());
    } else {
        output::say(&heading(tenant, bank, days));
        tell(&compared);
        output::say(&format!(
            "{} there before, and {} of money that went out",
            output::counted(repeated, "line"),
            output::counted(debited, "line")
        ));
    }
    let whole = compared.without_receipt.is_empty() && compared.without_money.is_empty();
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// A mode that no service of the town takes is a slip in the description: its receipts would never be found.
fn known(library: &Loaded, tenant: &Tenant, bank: &Bank) -> Result<()> {
    let taken = |mode: &str| library.catalogue.services(tenant).any(|service| service.chart.collection(mode).is_some());
    if let Some(strange) = bank.modes.iter().find(|mode| !taken(mode)) {
        bail!("`modes` names `{strange}`, which is no mode of payment of `{}`", tenant.id);
    }
    Ok(())
}

fn heading(tenant: &Tenant, bank: &Bank, (first, last): (Day, Day)) -> String {
    format!("{}, account {}, from {first} to {last}", tenant.title.in_language("en"), bank.account)
}

fn tell(compared: &Compared) {
    let Compared { matched, without_receipt, without_money } = compared;
    let sum = |lines: &[&Line]| lines.iter().map(|line| line.amount).sum::<Money>();
    let fitting: Vec<&Line> = matched.iter().map(|(line, _)| line).collect();
    let strange: Vec<&Line> = without_receipt.iter().collect();
    output::say(&format!("money with receipts: {}, {}", output::counted(fitting.len(), "line"), sum(&fitting)));
    output::say(&format!("money without a receipt: {}, {}", output::counted(strange.len(), "line"), sum(&strange)));
    for Line { file, line, day, amount, words } in without_receipt {
        output::say(&format!("  {file} line {line}  {day} {amount:>16}  {words}", amount = amount.to_string()));
    }
    let missing: Money = without_money.iter().map(|receipt| receipt.amount).sum();
    let count = output::counted(without_money.len(), "receipt");
    output::say(&format!("receipts without money: {count}, {missing}"));
    for receipt in without_money {
        let amount = receipt.amount.to_string();
        let (number, on, mode, reference) = (&receipt.number, receipt.on, &receipt.mode, &receipt.reference);
        output::say(&format!("  {number}  {on} {amount:>16}  {mode} {reference}"));
    }
}

/// Adds to a document what became of the statement.
fn write(told: &mut Json, compared: &Compared) {
    let line = |line: &Line| {
        json!({
            "file": line.file, "line": line.line, "day": line.day.to_string(),
            "amount_paise": line.amount.paise(), "words": line.words,
        })
    };
    let matched = compared.matched.iter().map(|(money, receipts)| {
        let mut told = line(money);
        told["receipts"] = receipts.iter().map(|receipt| receipt.number.as_str()).collect();
        told
    });
    let missing = compared.without_money.iter().map(|receipt| {
        json!({
            "receipt": receipt.number, "day": receipt.on.to_string(), "mode": receipt.mode,
            "reference": receipt.reference, "amount_paise": receipt.amount.paise(),
        })
    });
    told["matched"] = matched.collect();
    told["without_receipt"] = compared.without_receipt.iter().map(line).collect();
    told["without_money"] = missing.collect();
}

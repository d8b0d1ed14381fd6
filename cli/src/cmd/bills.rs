//! `nagar bills`: the bills of a register on paper, a file for each ward.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result};
use engine::base::Day;
use serde_json::json;
use server::app::{App, Given};
use server::bill_run::{self, Asked, Printed};
use server::raise;

use super::serve;
use super::when::{Until, day, until};
use crate::output;

/// What `nagar bills` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    installation: serve::Installation,
    /// The town.
    #[arg(long)]
    town: String,
    /// The service that bills the register.
    #[arg(long)]
    service: String,
    /// The day of the bills, as 2027-04-01; today when silent.
    #[arg(long, value_parser = day)]
    on: Option<Day>,
    /// What was known when: the end of a day, or of a minute of it as 2027-04-01T10:30. A bill of long ago
    /// comes out as it did then; as now known when silent.
    #[arg(long, value_name = "DAY", value_parser = until)]
    as_known_on: Option<Until>,
    /// Only the bill of the record with this number.
    #[arg(long, value_name = "NUMBER")]
    record: Option<String>,
    /// The language; the first of the town when silent.
    #[arg(long)]
    language: Option<String>,
    /// The folder to write to.
    #[arg(long, short)]
    output: PathBuf,
}

/// Prints every bill; 1 if one could not be printed.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let config = args.installation.config()?;
    serve::runtime()?.block_on(async {
        let app = App::open(config, Given::default()).await?;
        let library = app.library.now();
        let tenant = library.tenant(&args.town).map(Arc::clone);
        let tenant = tenant.with_context(|| format!("there is no town `{}`", args.town))?;
        let service = library.catalogue.services(&tenant).find(|service| service.id == args.service);
        let service = service.filter(|service| service.is_paid_by_anybody());
        let service = service.with_context(|| {
            format!("`{}` has no service `{}` whose billing.yaml says `pay: public`", args.town, args.service)
        })?;
        let size = match service.charges_on() {
            Some(registry) => raise::records(&app, &tenant, registry).await.map_err(|problem| failed(&problem))?,
            None => 0,
        };
        std::fs::create_dir_all(&args.output).with_context(|| format!("making {}", args.output.display()))?;
        let language = args.language.as_deref().or_else(|| tenant.languages.first().map(String::as_str));
        let asked = Asked {
            day: args.on.unwrap_or_else(|| app.clock.now(&tenant).day()),
            known_ms: args.as_known_on.map(|until| until.ms(&tenant)),
            record: args.record.as_deref(),
            language: language.unwrap_or("en"),
        };
        let bar = output::progress(json, size, &format!("Printing bills of {}", tenant.id))?;
        let begun = Instant::now();
        let keep = |name: &str, bytes: &[u8]| {
            let path = args.output.join(name);
            std::fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))
        };
        let printed = bill_run::print(&app, &tenant, service, asked, |seen| bar.inc(seen), keep)
            .await
            .map_err(|problem| failed(&problem))?;
        bar.finish_and_clear();
        tell(&printed, begun.elapsed().as_secs_f64(), json);
        Ok(if printed.not.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    })
}

fn failed(problem: &server::problem::Problem) -> anyhow::Error {
    anyhow::anyhow!("{problem:?}").context("printing stopped")
}

fn tell(printed: &Printed, seconds: f64, json: bool) {
    if json {
        let report = json!({ "bills": printed.bills, "files": printed.files, "not": printed.not });
        output::say(&report.to_string());
        return;
    }
    output::say(&format!("{} bills in {} files, {seconds:.1} s", printed.bills, printed.files));
    for (number, why) in &printed.not {
        output::say(&format!("  {number}: {why}"));
    }
}

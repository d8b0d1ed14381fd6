//! `nagar import NAME FILE`: a register that was kept elsewhere, from a table.

use std::fmt::Write as _;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

use anyhow::{Context as _, Result, bail};
use engine::import::{self as description, Import};
use engine::service::{Folders, Service};
use engine::source::Diagnostics;
use engine::tenant::Tenant;
use serde_json::json;
use server::app::App;
use server::import::table::Table;
use server::import::{self, Asked, Judged};
use server::library::Loaded;

use crate::cmd::serve;
use crate::output;

/// How many lines people are shown; all of them are in the report.
const SHOWN: usize = 20;

/// What `nagar import` is told of a table. What must be there may be missing where another platform is read.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The description of the table: the name of a file of `imports/` beside a service.
    #[arg(required = true)]
    name: Option<String>,
    /// The table: .csv in UTF-8, .xlsx, .xls or .ods.
    #[arg(required = true)]
    file: Option<PathBuf>,
    #[command(flatten)]
    installation: serve::Installation,
    /// The town.
    #[arg(long, required = true)]
    tenant: Option<String>,
    /// The sheet of a workbook; the first when silent.
    #[arg(long)]
    sheet: Option<String>,
    /// Judge every row, and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Take over the rows that are in order, although others are not.
    #[arg(long)]
    without_bad: bool,
    /// Write what is wrong to this file, as a table: line, number, column, value, why.
    #[arg(long)]
    report: Option<PathBuf>,
}

/// Judges and takes over; 1 if a row is not in order.
pub(super) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let (Some(name), Some(file), Some(town)) = (&args.name, &args.file, &args.tenant) else {
        bail!("say which table is imported, and for which town: `nagar import --help`");
    };
    let config = args.installation.config()?;
    let runtime = serve::runtime()?;
    // Neither needs the other, and a large table takes about as long to read as the definitions.
    let (table, app) = output::while_working(json, "Reading the table", || {
        thread::scope(|scope| {
            let table = scope.spawn(|| Table::read(file, args.sheet.as_deref()));
            let app = runtime.block_on(serve::open(config, Some(town.as_str())));
            (table.join().unwrap_or_else(|panic| resume_unwind(panic)), app)
        })
    });
    let (table, app) = (table?, app?);
    runtime.block_on(all(args, (name, town), app, table, json))
}

async fn all(args: &Args, (name, town): (&str, &str), app: Arc<App>, table: Table, json: bool) -> Result<ExitCode> {
    let library = app.library.now();
    let tenant = library.tenant(town).with_context(|| format!("there is no town `{town}`"))?;
    let (service, import) = described(&library, tenant, name)?;
    let asked = Asked { tenant, service: &service, import: &import };
    let judged = import::judge(&app, asked, table).await?;
    let words = library.words("en");
    let mut report = String::from("line,number,column,value,why\r\n");
    for bad in &judged.bad {
        let why = import::in_words(words, &service, bad);
        let cells = [bad.line.to_string(), bad.number.clone(), bad.column.clone(), bad.value.clone(), why];
        let _ = write!(report, "{}\r\n", cells.map(|cell| quoted(&cell)).join(","));
    }
    if let Some(path) = &args.report {
        std::fs::write(path, format!("\u{feff}{report}")).with_context(|| format!("writing {}", path.display()))?;
    }
    let writes = !args.dry_run && (judged.bad.is_empty() || args.without_bad);
    if writes {
        let bar = output::progress(json, judged.good.len() as u64, "Taking over")?;
        import::take_over(&app, asked, &judged, |seen| bar.inc(seen))
            .await
            .map_err(|problem| anyhow::anyhow!("{problem:?}"))
            .context("the import stopped; give the same table again to go on")?;
        bar.finish_and_clear();
    }
    if json {
        output::say(&as_json(&judged, writes).to_string());
    } else {
        tell(&judged, writes, &report, args);
    }
    Ok(if judged.bad.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// The service of the town beside which a description of this name lies.
fn described(library: &Loaded, tenant: &Arc<Tenant>, name: &str) -> Result<(Arc<Service>, Import)> {
    let folders = Folders::of_tenant(&library.bundle, &tenant.state, &tenant.id);
    for service in library.catalogue.services(tenant) {
        let mut found = Diagnostics::default();
        if let Some(import) = description::find(&folders, service, name, &mut found) {
            return Ok((Arc::clone(service), import));
        }
        if !found.0.is_empty() {
            bail!("{}", found.render(&library.bundle, ""));
        }
    }
    let known = library.catalogue.services(tenant).flat_map(|service| {
        let files = folders.list(&format!("{}/imports", service.id)).into_keys();
        files.map(|file| file.trim_end_matches(".yaml").to_owned()).collect::<Vec<_>>()
    });
    let known: Vec<String> = known.collect();
    if known.is_empty() {
        bail!("no service of `{}` has a folder `imports` with descriptions of tables", tenant.id);
    }
    bail!("`{}` has no description `{name}`; it has: {}", tenant.id, known.join(", "))
}

/// A cell of a CSV file; what a spreadsheet would take for a formula is kept from being one.
fn quoted(cell: &str) -> String {
    let safe = if cell.starts_with(['=', '+', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() };
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

fn tell(judged: &Judged, writes: bool, report: &str, args: &Args) {
    let bad: std::collections::BTreeSet<usize> = judged.bad.iter().map(|bad| bad.line).collect();
    let done = if writes { "taken over" } else { "could be taken over" };
    output::say(&format!(
        "{} rows: {} records {done}, {} had been before, {} rows are not in order",
        judged.rows,
        judged.good.len(),
        judged.before,
        bad.len()
    ));
    for ((day, head), amount) in judged.owed() {
        output::say(&format!("  owed from {day} {head:<24} {amount:>18}", amount = amount.to_string()));
    }
    for line in report.lines().skip(1).take(SHOWN) {
        output::say(&format!("  line {line}"));
    }
    let more = judged.bad.len().saturating_sub(SHOWN);
    if more > 0 {
        output::say(&format!("  and {more} more: --report FILE writes all of them"));
    }
    if !judged.bad.is_empty() && !writes && !args.dry_run {
        output::say("Nothing was written. Mend these rows, or add --without-bad to take over the others.");
    }
}

fn as_json(judged: &Judged, writes: bool) -> serde_json::Value {
    let owed =
        judged.owed().into_iter().map(|((day, head), amount)| json!([day.to_string(), head.as_str(), amount.paise()]));
    let bad = judged
        .bad
        .iter()
        .map(|bad| json!({ "line": bad.line, "number": bad.number, "column": bad.column, "value": bad.value }));
    json!({
        "rows": judged.rows, "records": judged.good.len(), "before": judged.before, "written": writes,
        "owed": owed.collect::<Vec<_>>(), "bad": bad.collect::<Vec<_>>(),
    })
}

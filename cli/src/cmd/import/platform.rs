//! `nagar import digit` and `nagar import digit-studio`: definitions from what another platform was run with.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail, ensure};
use engine::source::{Bundle, Diagnostics, NodeKind, read};
use exchange::digit::{Accounts, Imported, Options};
use exchange::limits;
use exchange::report::{Kind, Report};
use serde_json::json;

use crate::cmd::Definitions;
use crate::output;

/// The report, beside the definitions.
const REPORT: &str = "GAPS.md";

/// What is told of a platform.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Folders and files (.json) of the installation.
    #[arg(required = true)]
    sources: Vec<PathBuf>,
    /// The folder to write, to be laid over the definitions; it must not be there.
    #[arg(long, short)]
    output: PathBuf,
    /// The name of the state's folder; that of the source when silent.
    #[arg(long)]
    state: Option<String>,
    /// Write the whole report to this file too, as JSON.
    #[arg(long)]
    report: Option<PathBuf>,
    #[command(flatten)]
    definitions: Definitions,
    /// The fund in which money is booked.
    #[arg(long, default_value = "general")]
    fund: String,
    /// The account of what is charged, where the source names none.
    #[arg(long, default_value = "1404009")]
    income: String,
    /// The account of what is owed.
    #[arg(long, default_value = "4313001")]
    receivable: String,
    /// The account of money that nothing waited for.
    #[arg(long, default_value = "3501101")]
    unapplied: String,
}

/// How a platform is read.
type Import = fn(&BTreeMap<String, String>, &Options) -> Imported;

/// Reads, makes and writes; 1 if the source has defects.
pub(super) fn run(args: &Args, import: Import, json: bool) -> Result<ExitCode> {
    ensure!(!args.output.exists(), "`{}` is there already", args.output.display());
    let files = output::while_working(json, "Reading", || sources(&args.sources))?;
    let options = options(args)?;
    let imported = output::while_working(json, "Making definitions", || import(&files, &options));
    write(&args.output, &imported)?;
    let report = &imported.report;
    if let Some(path) = &args.report {
        let text = format!("{:#}\n", report.to_json());
        std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    if json {
        let mut told = report.to_json();
        told["files"] = json!(imported.files.keys().collect::<Vec<_>>());
        output::say(&told.to_string());
    } else {
        tell(args, report);
    }
    Ok(if report.count(Kind::Defect) == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn tell(args: &Args, report: &Report) {
    let counts: Vec<String> = report.counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
    output::say(&counts.join(", "));
    output::say(&format!(
        "{} defects of the source, {} left out, {} made otherwise, {} to be supplied: {}",
        report.count(Kind::Defect),
        report.count(Kind::Dropped),
        report.count(Kind::Changed),
        report.count(Kind::Supply),
        args.output.join(REPORT).display(),
    ));
    let folders: Vec<String> = args.definitions.folders.iter().map(|folder| folder.display().to_string()).collect();
    output::say(&format!("Try it: `nagar check --definitions {},{}`", folders.join(","), args.output.display()));
}

/// What is there already: names of services, and the chart of accounts. Without the definitions over which the
/// import is to be laid its services would get names that others have, and be mixed with them.
fn options(args: &Args) -> Result<Options> {
    let bundle = args.definitions.read().context("an import is laid over other definitions")?;
    let taken = bundle.paths().filter_map(|path| path.strip_suffix("/service.yaml")?.rsplit('/').next());
    Ok(Options {
        state: args.state.clone(),
        taken: taken.map(str::to_owned).collect(),
        codes: codes(&bundle),
        accounts: Accounts {
            fund: args.fund.clone(),
            income: args.income.clone(),
            receivable: args.receivable.clone(),
            unapplied: args.unapplied.clone(),
            known: accounts(&bundle),
        },
    })
}

/// The letters that stand in the numbers of the towns that are there.
fn codes(bundle: &Bundle) -> BTreeSet<String> {
    let files = bundle.paths().filter(|path| path.starts_with("tenants/") && path.ends_with("/tenant.yaml"));
    let code = |path: &std::sync::Arc<str>| {
        let node = read::yaml(bundle, path, &mut Diagnostics::default())?;
        node.get("code").and_then(|code| code.scalar().map(str::to_owned))
    };
    files.filter_map(code).collect()
}

/// The codes of the shared chart of accounts; none if there is no chart that can be read.
fn accounts(bundle: &Bundle) -> BTreeSet<String> {
    let node = read::yaml(bundle, "accounts.yaml", &mut Diagnostics::default());
    let accounts = node.as_ref().and_then(|node| node.get("accounts"));
    match accounts.map(|accounts| &accounts.kind) {
        Some(NodeKind::Map(entries)) => entries.iter().map(|(code, _)| code.value.clone()).collect(),
        _ => BTreeSet::new(),
    }
}

/// All JSON files of folders and files, by the paths under which they were given.
fn sources(given: &[PathBuf]) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    let mut bytes = 0;
    for path in given {
        ensure!(path.exists(), "there is no `{}`", path.display());
        source(path, 0, &mut bytes, &mut files)?;
    }
    if files.is_empty() {
        bail!("no file ends in .json");
    }
    Ok(files)
}

fn source(path: &Path, depth: usize, bytes: &mut u64, files: &mut BTreeMap<String, String>) -> Result<()> {
    if path.is_dir() {
        ensure!(depth <= limits::DEPTH, "{} lies too deep", path.display());
        let entries = std::fs::read_dir(path).with_context(|| format!("reading {}", path.display()))?;
        let mut inside = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
        inside.sort();
        for path in inside {
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if !hidden {
                source(&path, depth + 1, bytes, files)?;
            }
        }
        return Ok(());
    }
    if !path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) {
        return Ok(());
    }
    let size = std::fs::metadata(path).with_context(|| format!("reading {}", path.display()))?.len();
    *bytes += size;
    ensure!(size <= limits::FILE_BYTES, "{} is larger than what is taken in", path.display());
    ensure!(*bytes <= limits::BYTES && files.len() < limits::FILES, "there is more than what is taken in at once");
    let text = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    files.insert(path.to_string_lossy().replace('\\', "/"), String::from_utf8_lossy(&text).into_owned());
    Ok(())
}

fn write(folder: &Path, imported: &Imported) -> Result<()> {
    let report = (REPORT.to_owned(), imported.report.to_text());
    for (path, text) in imported.files.iter().chain(std::iter::once((&report.0, &report.1))) {
        let path = folder.join(path);
        if let Some(above) = path.parent() {
            std::fs::create_dir_all(above).with_context(|| format!("making {}", above.display()))?;
        }
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

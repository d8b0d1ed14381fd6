//! `nagar test`: the scenarios that lie beside the definitions, and what they leave untried.

use std::process::ExitCode;

use anyhow::{Result, bail};
use engine::scenario::{self, Coverage, Report, Trial, Tried};
use engine::source::{Bundle, Severity};
use serde_json::json;

use super::Definitions;
use crate::output;

/// So many things of a kind are named without being asked.
const FEW: usize = 5;

/// What `nagar test` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    definitions: Definitions,
    /// Only services whose name contains this.
    #[arg(default_value = "")]
    filter: String,
    /// Name everything that no scenario tries, however much it is: states, actions, conditions that
    /// refuse none, branches of rules, rates and rows of tables of every schedule.
    #[arg(long)]
    coverage: bool,
}

/// Runs and prints; 1 if a scenario fails.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let bundle = args.definitions.read()?;
    let run = || scenario::run_all(&bundle, &args.filter);
    let (reports, found) = output::while_working(json, "Running scenarios", run);
    if reports.is_empty() && found.is_clean() && !args.filter.is_empty() {
        bail!("no service is called like `{}`: nothing was tried", args.filter);
    }
    let broken = found.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let failed: usize = reports.iter().map(|report| report.failures.0.len()).sum();
    if json {
        let list: Vec<_> = reports.iter().map(|report| in_json(report, &bundle)).collect();
        output::say(&json!({ "services": list, "failed": failed, "broken": broken }).to_string());
    } else {
        if broken {
            output::say(&found.render(&bundle, ""));
        }
        for report in &reports {
            for_people(report, &bundle, args.coverage);
        }
        let passed: usize = reports.iter().map(|report| report.passed).sum();
        output::say(&format!("{passed} passed, {failed} failed"));
    }
    Ok(if broken || failed > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The kinds of things that scenarios can try, with what was tried of each.
fn kinds(coverage: &Coverage) -> [(&'static str, &Tried); 5] {
    let Coverage { states, actions, conditions, branches, rates } = coverage;
    [("state", states), ("action", actions), ("condition", conditions), ("branch", branches), ("rate", rates)]
}

fn for_people(report: &Report, bundle: &Bundle, all: bool) {
    let share = |(tried, untried): (usize, usize)| format!("{tried} of {}", tried + untried);
    let shares: Vec<String> = kinds(&report.coverage)
        .iter()
        .map(|(what, tried)| format!("{what}{} {}", if *what == "branch" { "es" } else { "s" }, share(tried.counts())))
        .collect();
    output::say(&format!(
        "{:<40} {:>3} scenarios   {}",
        report.folder,
        report.passed + report.failures.0.len(),
        shares.join("   ")
    ));
    if !report.failures.0.is_empty() {
        output::say(&report.failures.render(bundle, ""));
    }
    for (what, tried) in kinds(&report.coverage) {
        if !all && tried.counts().1 > FEW {
            output::say(&format!("    {} untried ({what}): `--coverage` names them", tried.counts().1));
            continue;
        }
        for trial in tried.untried() {
            output::say(&format!("    {}: {} {}", place(bundle, trial), untried(what), trial.name));
        }
    }
}

/// What is said of a thing of this kind that no scenario tries.
fn untried(what: &str) -> String {
    // Conditions that hold are met by every action that is taken: those are meant that do not.
    if what == "condition" {
        return "no scenario is refused by the condition".to_owned();
    }
    format!("no scenario tries the {what}")
}

/// File and line.
fn place(bundle: &Bundle, trial: &Trial) -> String {
    let text = bundle.text(&trial.at.file).unwrap_or_default();
    let line = text.bytes().take(trial.at.start).filter(|byte| *byte == b'\n').count() + 1;
    format!("{}:{line}", bundle.shown(&trial.at.file))
}

fn in_json(report: &Report, bundle: &Bundle) -> serde_json::Value {
    let named = |trial: &Trial| json!({ "name": trial.name, "at": place(bundle, trial) });
    let coverage: serde_json::Map<String, serde_json::Value> = kinds(&report.coverage)
        .into_iter()
        .map(|(what, tried)| {
            let (count, untried) = tried.counts();
            let list: Vec<_> = tried.untried().map(named).collect();
            (what.to_owned(), json!({ "tried": count, "of": count + untried, "untried": list }))
        })
        .collect();
    json!({
        "service": report.folder, "passed": report.passed,
        "failures": report.failures.0.iter().map(|failure| failure.to_json(bundle)).collect::<Vec<_>>(),
        "coverage": coverage,
    })
}

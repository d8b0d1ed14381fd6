//! `nagar test`: the scenarios that lie beside the definitions, and what they leave untried.

use std::process::ExitCode;

use anyhow::Result;
use engine::scenario::{self, Coverage, Report};
use engine::source::Severity;
use serde_json::json;

use super::Definitions;
use crate::output;

/// What `nagar test` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    definitions: Definitions,
    /// Only services whose name contains this.
    #[arg(default_value = "")]
    filter: String,
    /// Name everything that no scenario tries: states, actions, rows of tables.
    #[arg(long)]
    coverage: bool,
}

/// Runs and prints; 1 if a scenario fails.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let bundle = args.definitions.read()?;
    let (reports, found) = scenario::run_all(&bundle, &args.filter);
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

fn for_people(report: &Report, bundle: &engine::source::Bundle, all: bool) {
    let Coverage { states, actions, rates } = &report.coverage;
    let share = |(tried, untried): (usize, usize)| format!("{tried} of {}", tried + untried);
    output::say(&format!(
        "{:<40} {:>3} scenarios   states {}   actions {}   rates {}",
        report.folder,
        report.passed + report.failures.0.len(),
        share(states.counts()),
        share(actions.counts()),
        share(rates.counts()),
    ));
    if !report.failures.0.is_empty() {
        output::say(&report.failures.render(bundle, ""));
    }
    if all {
        for (what, tried) in [("state", states), ("action", actions), ("rate", rates)] {
            for name in tried.untried() {
                output::say(&format!("    no scenario tries {what} {name}"));
            }
        }
    }
}

fn in_json(report: &Report, bundle: &engine::source::Bundle) -> serde_json::Value {
    let untried = |tried: &scenario::Tried| tried.untried().map(str::to_owned).collect::<Vec<_>>();
    json!({
        "service": report.folder, "passed": report.passed,
        "failures": report.failures.0.iter().map(|failure| failure.to_json(bundle)).collect::<Vec<_>>(),
        "untried": { "states": untried(&report.coverage.states), "actions": untried(&report.coverage.actions), "rates": untried(&report.coverage.rates) },
    })
}

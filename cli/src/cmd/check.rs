//! `nagar check`: everything that is wrong with the definitions.

use std::process::ExitCode;

use anyhow::Result;
use engine::service;
use engine::source::{Bundle, Diagnostics, Severity};
use serde_json::json;

use super::Definitions;
use crate::output;

/// What `nagar check` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    definitions: Definitions,
    /// Print which file each part of a town's services comes from.
    #[arg(long)]
    tenant: Option<String>,
}

/// Checks and prints; 1 if there are errors.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let bundle = args.definitions.read()?;
    let (catalogue, found) = service::load(&bundle);
    let (errors, warnings) = counts(&found);
    if json {
        let list: Vec<_> = found.0.iter().map(|diagnostic| diagnostic.to_json(&bundle)).collect();
        output::say(&json!({ "errors": errors, "warnings": warnings, "diagnostics": list }).to_string());
    } else {
        if !found.0.is_empty() {
            output::say(&found.render(&bundle, ""));
            output::say("");
        }
        if let Some(id) = &args.tenant {
            origins(&catalogue, &bundle, id)?;
        }
        output::say(&format!(
            "{} tenants, {} distinct services: {errors} errors, {warnings} warnings",
            catalogue.tenants.len(),
            catalogue.definitions().count()
        ));
        if let Some(first) = found.0.first() {
            output::say(&format!("`nagar explain {}` tells more about the first", first.code));
        }
    }
    Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn counts(found: &Diagnostics) -> (usize, usize) {
    let errors = found.0.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    (errors, found.0.len() - errors)
}

fn origins(catalogue: &service::Catalogue, bundle: &Bundle, id: &str) -> Result<()> {
    let tenant = catalogue.tenants.get(id).ok_or_else(|| anyhow::anyhow!("no tenant is called `{id}`"))?;
    for service in catalogue.services(tenant) {
        output::say(&format!("{}  ({})", service.id, &service.digest[..12]));
        for (role, path) in &service.files {
            output::say(&format!("  {role:<32} {}", bundle.shown(path)));
        }
    }
    Ok(())
}

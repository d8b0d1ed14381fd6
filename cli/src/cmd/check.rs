//! `nagar check`: everything that is wrong with the definitions.

use std::process::ExitCode;

use anyhow::Result;
use engine::source::{Bundle, Diagnostics, Severity};
use engine::{scenario, service};
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
    let (catalogue, mut found) = service::load(&bundle);
    let idle = idle(&bundle, &catalogue, &mut found);
    let found = found.sorted();
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
        for id in idle {
            output::say(&format!("`{id}` is offered by no town yet: add it to `services:` of a tenant.yaml"));
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

/// The shared services that no town offers, checked as a town of no particular place would.
fn idle(bundle: &Bundle, catalogue: &service::Catalogue, found: &mut Diagnostics) -> Vec<String> {
    let offered =
        |id: &str| catalogue.tenants.values().any(|tenant| tenant.services.iter().any(|service| service == id));
    let folders =
        bundle.paths().filter_map(|path| path.strip_suffix("/service.yaml")).filter(|folder| !folder.contains('/'));
    let idle: Vec<String> = folders.filter(|id| !offered(id)).map(str::to_owned).collect();
    let tenant = scenario::neutral_tenant(bundle);
    for id in &idle {
        service::compile(&service::Folders::shared(bundle), &tenant, id, found);
    }
    idle
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

//! `nagar check`: everything that is wrong with the definitions, and with the names in their scenarios.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Mutex;

use anyhow::Result;
use engine::source::{Bundle, Diagnostics, Severity};
use engine::{scenario, service};
use serde_json::json;
use server::library;

use super::Definitions;
use crate::output;

/// What `nagar check` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    definitions: Definitions,
    /// Print which file each part of a town comes from: what it is, lists, fieldsets, accounts,
    /// and everything of its services.
    #[arg(long)]
    tenant: Option<String>,
}

/// Checks and prints; 1 if there are errors.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let bundle = args.definitions.read()?;
    let (catalogue, mut found) = output::while_working(json, "Checking", || library::check(&bundle));
    shared(&bundle, &catalogue, &mut found);
    let idle = idle(&bundle, &catalogue);
    scenario::check(&bundle, &catalogue, &library::on_all_cores, &mut found);
    scenario::history::check(&bundle, &mut found);
    let found = found.sorted();
    let (errors, warnings) = counts(&found);
    let origins = args.tenant.as_ref().map(|id| origins(&catalogue, &bundle, id)).transpose()?;
    if json {
        let list: Vec<_> = found.0.iter().map(|diagnostic| diagnostic.to_json(&bundle)).collect();
        let mut told = json!({ "errors": errors, "warnings": warnings, "diagnostics": list });
        if let Some(parts) = origins {
            told["origins"] = parts.iter().map(Part::to_json).collect();
        }
        output::say(&told.to_string());
    } else {
        if !found.0.is_empty() {
            output::say(&found.render(&bundle, ""));
            output::say("");
        }
        for part in origins.iter().flatten() {
            output::say(&part.to_text());
        }
        for id in idle {
            output::say(&format!("`{id}` is offered by no town yet: add it to `services:` of a tenant.yaml"));
        }
        output::say(&format!(
            "{}, {}: {}, {}",
            output::counted(catalogue.tenants.len(), "tenant"),
            output::counted(catalogue.definitions().count(), "distinct service"),
            output::counted(errors, "error"),
            output::counted(warnings, "warning")
        ));
        if let Some(first) = found.0.first() {
            output::say(&format!("`nagar explain {}` tells more about the first", first.code));
        }
    }
    // The process ends here: taking apart what it read, piece by piece, would only keep people waiting.
    std::mem::forget((catalogue, bundle));
    Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// How many errors there are, and how many warnings.
pub(crate) fn counts(found: &Diagnostics) -> (usize, usize) {
    let errors = found.0.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    (errors, found.0.len() - errors)
}

/// The shared services.
fn services(bundle: &Bundle) -> Vec<&str> {
    let folders = bundle.paths().filter_map(|path| path.strip_suffix("/service.yaml"));
    folders.filter(|folder| !folder.contains('/')).collect()
}

/// The shared services that no town offers.
fn idle(bundle: &Bundle, catalogue: &service::Catalogue) -> Vec<String> {
    let offered =
        |id: &str| catalogue.tenants.values().any(|tenant| tenant.services.iter().any(|service| service == id));
    services(bundle).into_iter().filter(|id| !offered(id)).map(str::to_owned).collect()
}

/// Whether a shared service has a file that is part of no town's service: every town has one of its own in
/// the place of it, or no town offers the service, or it is broken wherever it is offered.
fn is_unread(id: &str, bundle: &Bundle, read: &BTreeSet<&str>) -> bool {
    let tried =
        |path: &str| path.contains("/tests/") || path.ends_with("/demo.yaml") || path.rsplit('.').next() == Some("md");
    bundle.under(id).any(|path| !tried(path) && !read.contains(&**path))
}

/// Checks shared files that no town reads as a town of no particular place would read them: the next town
/// would be built on what nobody looked at.
fn shared(bundle: &Bundle, catalogue: &service::Catalogue, found: &mut Diagnostics) {
    let read = catalogue.definitions().flat_map(|service| &service.files).map(|(_, path)| &**path).collect();
    let tenant = scenario::neutral_tenant(bundle);
    let services: Vec<&str> = services(bundle).into_iter().filter(|id| is_unread(id, bundle, &read)).collect();
    let parts: Vec<(&str, Mutex<Diagnostics>)> = services.into_iter().map(|id| (id, Mutex::default())).collect();
    library::on_all_cores(parts.len(), &|part| {
        let (id, own) = &parts[part];
        let mut found = own.lock().expect("checking does not panic");
        service::compile(&service::Folders::shared(bundle), &tenant, id, &mut found);
    });
    let own = parts.into_iter().flat_map(|(_, own)| own.into_inner().expect("checking does not panic").0);
    for diagnostic in own {
        if !found.0.contains(&diagnostic) {
            found.push(diagnostic);
        }
    }
}

/// Something that a town uses, with the files it comes from.
struct Part {
    name: String,
    /// Of a service, the name of this version.
    digest: Option<String>,
    /// What the file is, and where.
    files: Vec<(String, String)>,
}

impl Part {
    fn to_text(&self) -> String {
        let digest = self.digest.as_ref().map(|digest| format!("  ({})", &digest[..12])).unwrap_or_default();
        let name = format!("{}{digest}", self.name);
        let files = self.files.iter().map(|(role, path)| format!("  {role:<32} {path}"));
        std::iter::once(name).chain(files).collect::<Vec<_>>().join("\n")
    }

    fn to_json(&self) -> serde_json::Value {
        let files: Vec<_> = self.files.iter().map(|(role, path)| json!({ "is": role, "path": path })).collect();
        json!({ "name": self.name, "digest": self.digest, "files": files })
    }
}

/// Which file each part of a town comes from: what the town is, what its services share, and the
/// services.
fn origins(catalogue: &service::Catalogue, bundle: &Bundle, id: &str) -> Result<Vec<Part>> {
    let tenant = catalogue.tenants.get(id).ok_or_else(|| anyhow::anyhow!("no tenant is called `{id}`"))?;
    let folders = service::Folders::of_tenant(bundle, &tenant.state, &tenant.id);
    let part = |name: &str, files: Vec<(String, String)>| Part { name: name.to_owned(), digest: None, files };
    let shown = |role: &str, path: &str| (role.to_owned(), bundle.shown(path));
    // What a town says of itself is laid over what its state says; it takes the place of nothing else.
    let mut own: Vec<_> = folders.all("tenant.yaml").iter().rev().map(|path| shown("tenant.yaml", path)).collect();
    own.extend(["accounts.yaml", "places.csv"].iter().filter_map(|name| Some(shown(name, &folders.find(name)?))));
    let mut parts = vec![part(id, own)];
    for folder in ["lists", "fieldsets", "fieldsets/locales", "papers", "surveys", "words"] {
        let files = folders.list(folder);
        if !files.is_empty() {
            parts.push(part(folder, files.iter().map(|(name, path)| shown(name, path)).collect()));
        }
    }
    parts.extend(catalogue.services(tenant).map(|service| Part {
        name: service.id.clone(),
        digest: Some(service.digest.clone()),
        files: service.files.iter().map(|(role, path)| shown(role, path)).collect(),
    }));
    Ok(parts)
}

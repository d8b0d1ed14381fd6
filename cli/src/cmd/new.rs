//! `nagar new`: the smallest service that passes every check, to begin from.

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use engine::registry::{TILLS, VOUCHERS};
use serde_json::json;

use super::Definitions;
use crate::output;

/// What `nagar new` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The service's folder name: lower-case letters, digits and dashes.
    name: String,
    /// What people call it; the name made readable when silent.
    #[arg(long)]
    title: Option<String>,
    #[command(flatten)]
    definitions: Definitions,
}

/// The files of a new service, with `{title}` and `{code}` left open.
const FILES: [(&str, &str); 6] = [
    ("service.yaml", include_str!("../../templates/new/service.yaml")),
    ("form.yaml", include_str!("../../templates/new/form.yaml")),
    ("workflow.yaml", include_str!("../../templates/new/workflow.yaml")),
    ("notifications/received.yaml", include_str!("../../templates/new/received.yaml")),
    ("locales/hi.yaml", include_str!("../../templates/new/hi.yaml")),
    ("tests/done.yaml", include_str!("../../templates/new/done.yaml")),
];

/// Writes the folder; refuses to touch one that is there.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let fits = args.name.starts_with(|c: char| c.is_ascii_lowercase())
        && args.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !fits {
        bail!("`{}` cannot be a service's name: use lower-case letters, digits and dashes", args.name);
    }
    let folder = args.definitions.top().join(&args.name);
    if folder.exists() {
        bail!("`{}` is there already", folder.display());
    }
    let title = quotable(&args.title.clone().unwrap_or_else(|| readable(&args.name)));
    let code = free_letters(&args.name, &letters_taken(&args.definitions)?);
    let mut files = Vec::new();
    for (file, template) in FILES {
        let path = folder.join(file);
        std::fs::create_dir_all(path.parent().expect("files lie in folders"))?;
        let text = template.replace("{{title}}", &title).replace("{{code}}", &code);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        files.push(path.display().to_string());
    }
    if json {
        output::say(&json!({ "service": args.name, "files": files }).to_string());
        return Ok(ExitCode::SUCCESS);
    }
    output::say(&files.join("\n"));
    output::say(&format!(
        "\nAdd `{}` to `services:` of a tenant, then try `nagar check`, `nagar test {}` and `nagar serve --watch`.",
        args.name, args.name
    ));
    Ok(ExitCode::SUCCESS)
}

/// The letters with which numbers begin already: those of every service, its receipts and its records.
fn letters_taken(definitions: &Definitions) -> Result<BTreeSet<String>> {
    // The folder laid on top may be one that is only now begun.
    let there: Vec<_> = definitions.folders.iter().filter(|folder| folder.exists()).cloned().collect();
    let bundle = Definitions { folders: there }.read()?;
    let mut taken = BTreeSet::from([VOUCHERS, TILLS].map(ToOwned::to_owned));
    for path in bundle.paths().filter(|path| path.ends_with("/service.yaml") || path.ends_with("/billing.yaml")) {
        let formats = bundle.text(path).into_iter().flat_map(str::lines).map(str::trim_start);
        let formats = formats.filter_map(|line| line.strip_prefix("number:").or_else(|| line.strip_prefix("receipt:")));
        taken.extend(formats.filter_map(|format| Some(format.trim().split_once('/')?.0.to_owned())));
    }
    Ok(taken)
}

/// The initials of a name, with a figure if something else is numbered so.
fn free_letters(name: &str, taken: &BTreeSet<String>) -> String {
    let initials = name.split('-').filter_map(|word| word.chars().next()).collect::<String>().to_uppercase();
    let counted = (2..).map(|count: u32| format!("{initials}{count}"));
    let mut all = std::iter::once(initials.clone()).chain(counted);
    all.find(|letters| !taken.contains(letters)).unwrap_or_default()
}

/// What may stand between the quotes of the templates.
fn quotable(title: &str) -> String {
    title.trim().replace('\\', "\\\\").replace('"', "\\\"")
}

fn readable(name: &str) -> String {
    let words = name.replace('-', " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

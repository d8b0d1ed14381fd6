//! `nagar draw`: a workflow as a picture, or as a text that other programs draw.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use engine::{scenario, service};

use super::Definitions;
use crate::output;

/// What `nagar draw` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The service's folder name.
    service: String,
    #[command(flatten)]
    definitions: Definitions,
    /// What is written: a picture, BPMN 2.0 for modellers of processes, or Mermaid for wikis and editors.
    #[arg(long = "as", value_enum, default_value = "svg")]
    form: Form,
    /// The language of the words.
    #[arg(long, default_value = "en")]
    language: String,
    /// The file to write; printed when silent.
    #[arg(long, short)]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Form {
    Svg,
    Bpmn,
    Mermaid,
}

/// Draws the service as the shared folder shows it.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let bundle = args.definitions.read()?;
    let mut found = engine::source::Diagnostics::default();
    let folders = service::Folders::shared(&bundle);
    let tenant = scenario::neutral_tenant(&bundle);
    let Some(service) = service::compile(&folders, &tenant, &args.service, &mut found) else {
        if folders.list(&args.service).is_empty() {
            bail!("no service is called `{}`", args.service);
        }
        return Ok(super::broken(found, &bundle, json));
    };
    let drawn = match args.form {
        Form::Svg => ui_gen::diagram::standalone(&service, &args.language),
        Form::Bpmn => exchange::bpmn::document(&service, &args.language),
        Form::Mermaid => exchange::mermaid::diagram(&service, &args.language),
    };
    match &args.output {
        Some(path) => std::fs::write(path, drawn).with_context(|| format!("cannot write {}", path.display()))?,
        None => output::say(&drawn),
    }
    Ok(ExitCode::SUCCESS)
}

//! `nagar words`: a file of words in another language to begin from.

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use engine::source::Diagnostics;
use engine::{scenario, service};
use serde_json::json;

use super::Definitions;
use crate::output;

/// What `nagar words` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The service's folder name.
    service: String,
    /// The language: two lower-case letters, `hi`.
    language: String,
    #[command(flatten)]
    definitions: Definitions,
}

/// Writes the words of the service as they are, under the keys of another language; refuses to touch a file that is
/// there.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let Args { service: id, language, definitions } = args;
    if language.len() != 2 || !language.bytes().all(|byte| byte.is_ascii_lowercase()) {
        bail!("`{language}` cannot be a language: write two lower-case letters, for example `hi`");
    }
    let bundle = definitions.read()?;
    let folders = service::Folders::shared(&bundle);
    let relative = |language: &str| format!("{id}/locales/{language}.yaml");
    if folders.find(&relative(language)).is_some() {
        bail!("`{}` is there already", relative(language));
    }
    // Languages of which there is nothing yet are not asked for, or none could be the first.
    let mut tenant = scenario::neutral_tenant(&bundle);
    tenant.languages.retain(|spoken| folders.find(&relative(spoken)).is_some());
    let mut found = Diagnostics::default();
    let Some(service) = service::compile(&folders, &tenant, id, &mut found) else {
        if folders.list(id).is_empty() {
            bail!("no service is called `{id}`");
        }
        return Ok(super::broken(found, &bundle, json));
    };
    let path = definitions.top().join(relative(language));
    std::fs::create_dir_all(path.parent().expect("files lie in folders"))?;
    let schema = "# yaml-language-server: $schema=../../../schemas/locale.json\n";
    let text = format!("{schema}# To be translated.\n{}", service::to_translate(&service, language));
    std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    let path = path.display().to_string();
    output::say(&if json { json!({ "service": id, "language": language, "file": path }).to_string() } else { path });
    Ok(ExitCode::SUCCESS)
}

//! `nagar explain CODE`: the manual of a check.

use std::process::ExitCode;

use anyhow::Result;

use serde_json::json;

use crate::output;

/// What `nagar explain` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The code that a diagnostic printed; all codes when silent.
    code: Option<String>,
}

/// Prints the manual, or the list of codes.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let mut manuals = engine::reference::manuals();
    manuals.extend(scrutiny::laws::manuals());
    manuals.sort_by_key(|manual| manual.code);
    let Some(code) = &args.code else {
        let codes: Vec<&str> = manuals.iter().map(|manual| manual.code).collect();
        output::say(&if json { json!(codes).to_string() } else { codes.join("\n") });
        return Ok(ExitCode::SUCCESS);
    };
    if let Some(manual) = manuals.iter().find(|manual| manual.code == code) {
        output::say(&if json {
            json!({ "code": manual.code, "manual": manual.text() }).to_string()
        } else {
            manual.text()
        });
        return Ok(ExitCode::SUCCESS);
    }
    let near = engine::source::suggest(code, manuals.iter().map(|manual| manual.code));
    let hint = near.map_or_else(|| "`nagar explain` lists all".to_owned(), |near| format!("did you mean `{near}`?"));
    anyhow::bail!("no check is called `{code}`: {hint}")
}

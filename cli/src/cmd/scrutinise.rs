//! `nagar scrutinise`: a drawing held to by-laws, before anybody applies with it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow, bail};
use engine::base::Day;
use engine::base::money::parse_decimal;
use engine::source::{Bundle, Diagnostics};
use scrutiny::expression::Value;
use scrutiny::report::{Outcome, refusal};
use scrutiny::{ByLaws, Edition};
use serde_json::json;

use super::when;
use crate::output;

/// What `nagar scrutinise` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The drawing, as DXF in its text form; without one, the by-laws are checked and nothing more.
    drawing: Option<PathBuf>,
    /// The by-laws.
    #[arg(long, value_name = "FILE")]
    by_laws: PathBuf,
    /// What the by-laws ask besides the drawing, as `use=A_1`; once for each answer.
    #[arg(long = "answer", value_name = "NAME=VALUE")]
    answers: Vec<String>,
    /// The day whose by-laws apply, as 2027-04-01; the latest when silent.
    #[arg(long, value_name = "DAY", value_parser = when::day)]
    on: Option<Day>,
    /// The language of the report and of the picture.
    #[arg(long, default_value = "en")]
    language: String,
    /// Where the picture is written; beside the drawing, as `NAME.scrutiny.svg`, when silent.
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
}

/// Prints the report and writes the picture; 1 if the drawing does not fit or cannot be measured, or the by-laws have
/// errors.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let path = args.by_laws.display().to_string();
    let mut bundle = Bundle::default();
    bundle.add(&path, std::fs::read(&args.by_laws).with_context(|| format!("cannot read {path}"))?);
    let mut found = Diagnostics::default();
    let laws = ByLaws::read(&bundle, &path, &mut found);
    let Some(laws) = laws else { return Ok(super::broken(found, &bundle, json)) };
    let Some(drawing) = &args.drawing else {
        super::tell(found, &bundle, json, "The by-laws have no errors");
        return Ok(ExitCode::SUCCESS);
    };
    let edition = match args.on {
        Some(day) => laws.on(day).ok_or_else(|| anyhow!("no by-laws were in force on {day}"))?,
        None => laws.editions.first().ok_or_else(|| anyhow!("there are no by-laws in {path}"))?,
    };
    let answers = answers(edition, &args.answers)?;
    let bytes = std::fs::read(drawing).with_context(|| format!("cannot read {}", drawing.display()))?;
    let scrutiny = match scrutiny::scrutinise(&bytes, edition, &answers) {
        Ok(scrutiny) => scrutiny,
        Err(why) => {
            let why = refusal(&why, &args.language);
            output::say(&if json { json!({ "result": "unreadable", "why": why }).to_string() } else { why });
            return Ok(ExitCode::from(1));
        }
    };
    let picture = args.picture.clone().unwrap_or_else(|| beside(drawing));
    std::fs::write(&picture, scrutiny::picture::svg(&scrutiny, &args.language))
        .with_context(|| format!("cannot write {}", picture.display()))?;
    let picture = picture.display().to_string();
    if json {
        let mut told = scrutiny.report.json();
        told["picture"] = json!(picture);
        output::say(&told.to_string());
    } else {
        output::say(&format!("{}\n{picture}", scrutiny.report.text(&args.language)));
    }
    let fails = matches!(scrutiny.report.result, Outcome::Differs | Outcome::Unclear);
    Ok(if fails { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// `plan.dxf` has its picture in `plan.scrutiny.svg`.
fn beside(drawing: &Path) -> PathBuf {
    drawing.with_extension("scrutiny.svg")
}

/// The answers as the by-laws know them: a code of theirs, or a number.
fn answers(laws: &Edition, told: &[String]) -> Result<BTreeMap<String, Value>> {
    let mut answers = BTreeMap::new();
    for pair in told {
        let (name, value) =
            pair.split_once('=').ok_or_else(|| anyhow!("`{pair}` is no answer: write it as use=A_1"))?;
        let Some(asked) = laws.answers.get(name) else {
            let known: Vec<&str> = laws.answers.keys().map(String::as_str).collect();
            bail!("the by-laws ask nothing called `{name}`: they ask {}", known.join(", "));
        };
        let value = if asked.options.is_empty() {
            Value::Number(parse_decimal(value).ok_or_else(|| anyhow!("`{value}` is no number: `{name}` needs one"))?)
        } else if asked.options.iter().any(|option| option == value) {
            Value::Word(value.to_owned())
        } else {
            bail!("`{name}` cannot be `{value}`: it is one of {}", asked.options.join(", "));
        };
        answers.insert(name.to_owned(), value);
    }
    Ok(answers)
}

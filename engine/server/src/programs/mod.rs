//! Programs that answer pages by themselves. A page says which one, what it is told and what it calls otherwise; a
//! program is told nothing else, and knows neither case nor store.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::base::money::parse_decimal;
use engine::base::{Day, Value};
use engine::form::{Field, Kind, Page, Program};
use engine::service::{Catalogue, Service};
use engine::source::Diagnostics;
use scrutiny::laws::checks::scrutiny_unknown_name as unknown;
use serde_json::{Map, Value as Json};

mod agrees;
mod drawing;

/// The version of the programs: they come with the rest.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The program that measures a drawing and holds it to by-laws.
const SCRUTINY: &str = "scrutiny";
/// The file of a service that it goes by.
const LAWS: &str = "by-laws.yaml";

/// What a program is told.
#[derive(Debug)]
pub struct Told {
    /// Answers, by the names that the program has for them.
    pub answers: BTreeMap<String, Value>,
    /// The content of files, in the same way.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Path and text of `by-laws.yaml` of the service, if it has one.
    pub laws: Option<(Arc<str>, Arc<[u8]>)>,
    /// The day on which the case was submitted: what was in force then counts.
    pub on: Day,
    /// The applicant's language.
    pub language: String,
}

/// What a program says.
#[derive(Debug)]
pub struct Said {
    /// Answers, by its own names: numbers as texts.
    pub answers: Map<String, Json>,
    /// Pictures that it drew, as SVG, by its own names.
    pub pictures: Vec<(&'static str, String)>,
    /// The SHA-256 of what it went by.
    pub digest: String,
}

/// Runs the program of this name.
///
/// # Errors
/// Why it cannot come to an answer, now or ever.
pub fn run(name: &str, told: &Told) -> Result<Said, String> {
    match name {
        SCRUTINY => drawing::answer(told),
        other => Err(format!("there is no program `{other}`")),
    }
}

/// Path and text of the by-laws of a service.
pub fn laws_of(service: &Service) -> Option<(Arc<str>, Arc<[u8]>)> {
    let (_, path) = service.files.iter().find(|(name, _)| *name == LAWS)?;
    Some((Arc::clone(path), Arc::clone(service.sources.get(path)?)))
}

/// What the program of a page calls one of its questions.
fn called<'a>(page: &'a Page, field: &'a Field) -> &'a str {
    let mut pairs = page.program.iter().flat_map(|program| &program.gives);
    let found = pairs.find(|(question, _)| question.value == field.name);
    found.map_or(field.name.as_str(), |(_, name)| name.value.as_str())
}

/// Whether the page has a question for what the program calls so.
pub fn is_asked(page: &Page, name: &str) -> bool {
    page.fields.iter().any(|field| called(page, field) == name)
}

/// What a program said, as answers to the questions of its page; what nobody asks is left out.
pub fn on_page(page: &Page, said: &Map<String, Json>) -> Json {
    let answer = |field: &Field| Some((field.name.to_string(), shaped(&field.kind, said.get(called(page, field))?)?));
    Json::Object(page.fields.iter().filter_map(answer).collect())
}

/// What was said, as a question of this kind takes it; of long texts and lists as much as it takes.
fn shaped(kind: &Kind, said: &Json) -> Option<Json> {
    match kind {
        Kind::Text { max_length, .. } => {
            said.as_str().map(|text| text.chars().take(*max_length).collect::<String>().into())
        }
        Kind::Number { .. } => {
            let whole = parse_decimal(said.as_str()?)?.normalize().to_string();
            whole.parse::<i64>().ok().map(Json::from)
        }
        Kind::List { max, fields, .. } => {
            let items = said.as_array()?.iter().take(*max);
            let inner = |item: &Json| {
                let answer = |field: &Field| {
                    Some((field.name.to_string(), shaped(&field.kind, item.get(field.name.as_str())?)?))
                };
                Json::Object(fields.iter().filter_map(answer).collect())
            };
            Some(items.map(inner).collect())
        }
        _ => Some(said.clone()),
    }
}

/// Says where a page does not fit the program that answers it, and what is wrong with what the program goes by. It
/// stands here, where both the definitions and the programs are known.
pub fn check(catalogue: &Catalogue, out: &mut Diagnostics) {
    let (mut read, mut looked_at) = (BTreeSet::new(), BTreeSet::new());
    for service in catalogue.definitions() {
        let asked: Vec<(&Page, &Program)> =
            service.form.all_pages().filter_map(|page| Some((page, page.program.as_ref()?))).collect();
        let laws = laws_of(service);
        if asked.is_empty() && laws.is_none() {
            continue;
        }
        // Towns that have the same files are told once; of lists that differ, the first town's are looked at.
        let form = service.files.iter().find(|(name, _)| name == "form.yaml").map(|(_, path)| Arc::clone(path));
        if !looked_at.insert((form, laws.as_ref().map(|(path, _)| Arc::clone(path)))) {
            continue;
        }
        let laws = laws.as_ref().and_then(|laws| {
            let mut found = Diagnostics::default();
            let read_now = drawing::laws(laws, &mut found);
            if read.insert(Arc::clone(&laws.0)) {
                out.extend(found);
            }
            read_now
        });
        for (page, program) in asked {
            if program.name.value != *SCRUTINY {
                let known = [SCRUTINY.to_owned()];
                out.push(unknown::diagnostic(&program.name.at, "program", &program.name.value, &known));
            } else if let Some(laws) = &laws {
                agrees::check(service, (page, program), laws, out);
            } else if laws_of(service).is_none() {
                out.push(unknown::diagnostic(&program.name.at, "file", LAWS, &[]));
            }
        }
    }
}

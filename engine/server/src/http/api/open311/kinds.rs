//! The kinds of reports: services that take part, and the options of the question that tells them apart.

use std::sync::Arc;

use engine::base::Answers;
use engine::form::{Field, Kind, Options};
use engine::service::{Open311, Service};
use serde_json::{Value as Json, json};

use crate::http::ask::Ask;
use crate::http::limits;

/// One kind of report.
pub(super) struct Reported<'a> {
    pub(super) service: &'a Arc<Service>,
    pub(super) open311: &'a Open311,
    pub(super) code: String,
    name: String,
    group: String,
    description: String,
}

/// The services of the town that take part.
pub(super) fn services(ask: &Ask) -> impl Iterator<Item = &Arc<Service>> {
    ask.library.catalogue.services(ask.tenant()).filter(|service| service.open311.is_some())
}

/// A service of the town, if it takes part.
pub(super) fn of_service<'a>(ask: &'a Ask, id: &str) -> Option<(&'a Service, &'a Open311)> {
    let service = services(ask).find(|service| service.id == id)?;
    Some((service, service.open311.as_ref()?))
}

/// All kinds, in the order of the catalogue. A code that two services have is that of the first.
pub(super) fn all(ask: &Ask) -> Vec<Reported<'_>> {
    let lang = ask.lang.as_str();
    let mut all: Vec<Reported<'_>> = Vec::new();
    for service in services(ask) {
        let Some(open311) = &service.open311 else { continue };
        let title = service.title.in_language(lang).to_owned();
        let group = service.group.in_language(lang).to_owned();
        let about = service.about.as_ref().map(|about| about.in_language(lang).to_owned()).unwrap_or_default();
        let one = |code: &str, name: &str, group: &str| Reported {
            service,
            open311,
            code: code.to_owned(),
            name: name.to_owned(),
            group: group.to_owned(),
            description: about.clone(),
        };
        let found: Vec<Reported<'_>> = match codes(service, open311) {
            None => vec![one(&service.id, &title, &group)],
            Some(Options::Here(options)) => {
                options.iter().map(|(code, words)| one(code, words.in_language(lang), &title)).collect()
            }
            Some(Options::List(list)) => {
                let above = |parent: Option<usize>| {
                    parent.and_then(|parent| list.entries.get(parent)).map(|entry| entry.label.in_language(lang))
                };
                list.choices()
                    .map(|entry| one(&entry.code, entry.label.in_language(lang), above(entry.parent).unwrap_or(&title)))
                    .collect()
            }
        };
        all.extend(found);
    }
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|kind| seen.insert(kind.code.clone()));
    all
}

/// The options that tell kinds apart, where a question does.
fn codes<'a>(service: &'a Service, open311: &Open311) -> Option<&'a Options> {
    let name = &open311.codes.as_ref()?.value;
    match &service.form.fields().find(|field| field.name == *name)?.kind {
        Kind::Choice { options } => Some(options),
        _ => None,
    }
}

/// The code of a report by its answers.
pub(super) fn code_of(service: &Service, open311: &Open311, answers: &Answers) -> String {
    let answered = open311.codes.as_ref().and_then(|name| answers.get(&name.value)).map(engine::base::Value::to_json);
    answered.and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_else(|| service.id.clone())
}

/// What people call a code; a code that is no option any more stands for itself.
pub(super) fn name_of(ask: &Ask, service: &Service, open311: &Open311, code: &str) -> String {
    let lang = ask.lang.as_str();
    let found = match codes(service, open311) {
        None => Some(service.title.in_language(lang)),
        Some(Options::Here(options)) => {
            options.iter().find(|(known, _)| known == code).map(|(_, words)| words.in_language(lang))
        }
        Some(Options::List(list)) => list.get(code).map(|entry| entry.label.in_language(lang)),
    };
    found.unwrap_or(code).to_owned()
}

impl Reported<'_> {
    /// As the list of kinds has it.
    pub(super) fn told(&self) -> Json {
        json!({
            "service_code": self.code,
            "service_name": self.name,
            "description": self.description,
            "metadata": !self.service.attributes().is_empty(),
            "type": "realtime",
            "keywords": "",
            "group": self.group,
        })
    }

    /// What is asked besides what has a parameter of its own.
    pub(super) fn attributes(&self, ask: &Ask) -> Vec<Json> {
        let attributes = self.service.attributes().into_iter().enumerate();
        attributes.map(|(at, field)| attribute(ask, self.service, field, at + 1)).collect()
    }
}

fn attribute(ask: &Ask, service: &Service, field: &Field, order: usize) -> Json {
    let lang = ask.lang.as_str();
    let page = service.form.pages_by(None).find(|page| page.fields.iter().any(|known| known.name == field.name));
    let always = field.when.is_none() && page.is_some_and(|page| page.when.is_none());
    let mut told = json!({
        "variable": true,
        "code": field.name.as_str(),
        "datatype": datatype(&field.kind),
        "required": !field.optional && always,
        "datatype_description": field.hint.as_ref().map(|hint| hint.in_language(lang)),
        "order": order,
        "description": field.label.in_language(lang),
    });
    let values = values(ask, &field.kind);
    if !values.is_empty() {
        told["values"] = values.into();
    }
    told
}

fn datatype(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text { lines, .. } if *lines > 1 => "text",
        Kind::Number { .. } | Kind::Decimal { .. } | Kind::Money { .. } | Kind::Rating => "number",
        Kind::Date { .. } => "datetime",
        Kind::YesNo | Kind::Declaration | Kind::Choice { .. } | Kind::Place { .. } => "singlevaluelist",
        Kind::Choices { .. } => "multivaluelist",
        _ => "string",
    }
}

/// What may be chosen: at most so many that an answer stays one.
fn values(ask: &Ask, kind: &Kind) -> Vec<Json> {
    let lang = ask.lang.as_str();
    let one = |key: &str, name: &str| json!({ "key": key, "name": name });
    match kind {
        Kind::YesNo => vec![one("yes", &ask.words().get("field.yes")), one("no", &ask.words().get("field.no"))],
        Kind::Declaration => vec![one("yes", &ask.words().get("field.yes"))],
        Kind::Choice { options } | Kind::Choices { options, .. } => match options {
            Options::Here(options) => options.iter().map(|(code, words)| one(code, words.in_language(lang))).collect(),
            Options::List(list) => list
                .choices()
                .take(limits::REPORT_VALUES)
                .map(|entry| one(&entry.code, entry.label.in_language(lang)))
                .collect(),
        },
        Kind::Place { level } => {
            let places = ask.tenant().places.entries.iter().filter(|place| place.level() == Some(level.as_str()));
            places.take(limits::REPORT_VALUES).map(|place| one(&place.code, place.label.in_language(lang))).collect()
        }
        _ => Vec::new(),
    }
}

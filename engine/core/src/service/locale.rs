//! The same words in other languages: put beside the words they translate, or found missing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Service;
use super::checks::{missing_words, unknown_words};
use super::yaml::LocaleYaml;
use crate::base::{Name, Text};
use crate::list::checks::missing_translation;
use crate::source::{At, Diagnostics, Map, Where};
use crate::workflow::Action;

/// Puts the words of `yaml` beside those of the service. `papers` are the names of its papers, which
/// get their titles when they are made.
pub(super) fn apply(service: &mut Service, language: &str, yaml: LocaleYaml, papers: &[Name], out: &mut Diagnostics) {
    let put = |text: &mut Text, words: Option<At<String>>| {
        if let Some(words) = words {
            text.translations.insert(language.to_owned(), words.value);
        }
    };
    put(&mut service.title, yaml.title);
    put(&mut service.department, yaml.department.clone());
    put(&mut service.group, yaml.group.or(yaml.department));
    if let Some(about) = &mut service.about {
        put(about, yaml.about);
    }
    if let Some(start) = yaml.start {
        put_optional(&mut service.start.who, start.who, language);
        put_optional(&mut service.start.otherwise, start.otherwise, language);
        for (text, words) in service.start.bring.iter_mut().zip(start.bring.map_or_else(Vec::new, |words| words.0)) {
            text.translations.insert(language.to_owned(), words.value);
        }
    }
    named(
        yaml.roles,
        service.roles.iter_mut().map(|role| (role.name.clone(), &mut role.label)).collect(),
        "role",
        language,
        out,
    );
    named(
        yaml.grants,
        service.grants.iter_mut().map(|grant| (grant.name.clone(), &mut grant.title)).collect(),
        "grant",
        language,
        out,
    );
    for (name, _) in
        yaml.documents.iter().flat_map(|titles| &titles.0).filter(|(name, _)| !papers.contains(&name.value))
    {
        out.push(unknown_words::diagnostic(name, "paper", papers.iter().map(Name::as_str)));
    }
    if let Some(billing) = &mut service.billing {
        named(
            yaml.heads,
            billing.heads.iter_mut().map(|head| (head.name.clone(), &mut head.label)).collect(),
            "head",
            language,
            out,
        );
    }
    if let Some(fees) = &mut service.fees {
        named(
            yaml.steps,
            fees.steps.iter_mut().map(|(name, text)| (Name::new(name), text)).collect(),
            "step",
            language,
            out,
        );
    }
    if let Some(otherwise) = service.on_record.as_mut().and_then(|on_record| on_record.otherwise.as_mut()) {
        let texts = BTreeMap::from([(Name::new("otherwise"), otherwise)]);
        named(yaml.on_record, texts, "word of `on_record`", language, out);
    }
    statute(service, yaml.statute, language, out);
    states(service, yaml.states, language, out);
    actions(service, yaml.actions, ("action", |action| Some(&mut action.label)), language, out);
    actions(service, yaml.done, ("action with `done`", |action| action.done.as_mut()), language, out);
    templates(service, yaml.templates, language, out);
}

fn put_optional(text: &mut Option<Text>, words: Option<At<String>>, language: &str) {
    if let (Some(text), Some(words)) = (text, words) {
        text.translations.insert(language.to_owned(), words.value);
    }
}

fn named(
    words: Option<Map<At<String>>>,
    mut texts: BTreeMap<Name, &mut Text>,
    what: &str,
    language: &str,
    out: &mut Diagnostics,
) {
    for (name, words) in words.unwrap_or_default().0 {
        if let Some(text) = texts.get_mut(&name.value) {
            text.translations.insert(language.to_owned(), words.value);
        } else {
            out.push(unknown_words::diagnostic(&name, what, texts.keys().map(Name::as_str)));
        }
    }
}

fn statute(service: &mut Service, words: Option<Map<At<String>>>, language: &str, out: &mut Diagnostics) {
    let Some(statute) = &mut service.statute else { return };
    let mut texts = BTreeMap::from([
        (Name::new("law"), &mut statute.law),
        (Name::new("officer"), &mut statute.officer),
        (Name::new("first_appeal"), &mut statute.first_appeal),
    ]);
    if let Some(second) = &mut statute.second_appeal {
        texts.insert(Name::new("second_appeal"), second);
    }
    named(words, texts, "word of the statute", language, out);
}

fn states(service: &mut Service, words: Option<Map<super::yaml::StateWords>>, language: &str, out: &mut Diagnostics) {
    let workflow = Arc::make_mut(&mut service.workflow);
    let names: Vec<Name> = workflow.states.iter().map(|state| state.name.clone()).collect();
    for (name, words) in words.unwrap_or_default().0 {
        let Some(state) = workflow.states.iter_mut().find(|state| state.name == name.value) else {
            out.push(unknown_words::diagnostic(&name, "state", names.iter().map(Name::as_str)));
            continue;
        };
        if let Some(label) = words.label {
            state.label.translations.insert(language.to_owned(), label.value);
        }
        put_optional(&mut state.public, words.public, language);
    }
}

/// Words of actions, wherever they stand: their labels, or what the history says of them.
fn actions(
    service: &mut Service,
    words: Option<Map<At<String>>>,
    (what, text): (&str, fn(&mut Action) -> Option<&mut Text>),
    language: &str,
    out: &mut Diagnostics,
) {
    let mut texts: BTreeMap<Name, Vec<&mut Text>> = BTreeMap::new();
    for action in Arc::make_mut(&mut service.workflow).states.iter_mut().flat_map(|state| &mut state.actions) {
        let name = action.name.clone();
        texts.entry(name).or_default().extend(text(action));
    }
    texts.retain(|_, texts| !texts.is_empty());
    for (name, words) in words.unwrap_or_default().0 {
        match texts.get_mut(&name.value) {
            Some(texts) => {
                for text in texts {
                    text.translations.insert(language.to_owned(), words.value.clone());
                }
            }
            None => out.push(unknown_words::diagnostic(&name, what, texts.keys().map(Name::as_str))),
        }
    }
}

/// Sentences for comments: one that stands in several actions is said once.
fn templates(service: &mut Service, words: Option<Map<At<String>>>, language: &str, out: &mut Diagnostics) {
    let actions = Arc::make_mut(&mut service.workflow).states.iter_mut().flat_map(|state| &mut state.actions);
    let mut ready: Vec<&mut (Name, Text)> = actions.flat_map(|action| &mut action.templates).collect();
    for (name, words) in words.unwrap_or_default().0 {
        let known = ready.iter().any(|(known, _)| *known == name.value);
        for (_, text) in ready.iter_mut().map(|one| &mut **one).filter(|(known, _)| *known == name.value) {
            text.translations.insert(language.to_owned(), words.value.clone());
        }
        if !known {
            let names: Vec<&str> = ready.iter().map(|(known, _)| known.as_str()).collect();
            out.push(unknown_words::diagnostic(&name, "template", names));
        }
    }
}

/// Says which schedules of rates do not name their authority in each of `languages`: it stands beside
/// every fee.
pub(super) fn missing_authorities(service: &Service, languages: &[String], out: &mut Diagnostics) {
    for schedule in service.fees.iter().flat_map(|fees| &fees.schedules) {
        let text = &schedule.authority;
        let written = |language: &String| text.translations.is_empty() && *language == service.language;
        for language in languages.iter().filter(|one| !text.translations.contains_key(*one) && !written(one)) {
            let missing =
                missing_translation::diagnostic("the authority of the rates", language, &schedule.authority_at);
            out.push(missing.help("write it as `{ en: …, hi: … }`"));
        }
    }
}

/// Says which words that people see have no translation into `language`. Fields, notices and
/// papers have checks of their own.
pub(super) fn missing(service: &Service, language: &str, at: &Where, out: &mut Diagnostics) {
    let mut look = |what: String, text: &Text, at: &Where| {
        if !text.translations.contains_key(language) {
            out.push(missing_words::diagnostic(&what, &text.written, language, at));
        }
    };
    look("title".into(), &service.title, at);
    look("department".into(), &service.department, at);
    look("group".into(), &service.group, at);
    let start =
        [("about", &service.about), ("start.who", &service.start.who), ("start.otherwise", &service.start.otherwise)];
    for (what, text) in start {
        if let Some(text) = text {
            look(what.into(), text, at);
        }
    }
    for text in &service.start.bring {
        look("start.bring".into(), text, at);
    }
    for role in &service.roles {
        look(format!("roles.{}", role.name), &role.label, &role.at);
    }
    for grant in &service.grants {
        look(format!("grants.{}", grant.name), &grant.title, &grant.at);
    }
    if let Some(otherwise) = service.on_record.as_ref().and_then(|on_record| on_record.otherwise.as_ref()) {
        look("on_record.otherwise".into(), otherwise, at);
    }
    if let Some(statute) = &service.statute {
        look("statute.law".into(), &statute.law, at);
        look("statute.officer".into(), &statute.officer, at);
        look("statute.first_appeal".into(), &statute.first_appeal, at);
    }
    for state in &service.workflow.states {
        look(format!("states.{}", state.name), &state.label, &state.at);
        if let Some(public) = &state.public {
            look(format!("states.{}.public", state.name), public, &state.at);
        }
        for action in state.actions.iter().filter(|action| !action.roles().is_empty()) {
            look(format!("actions.{}", action.name), &action.label, &action.at);
        }
        for action in &state.actions {
            if let Some(done) = &action.done {
                look(format!("done.{}", action.name), done, &action.at);
            }
            for (name, text) in &action.templates {
                look(format!("templates.{name}"), text, &action.at);
            }
        }
    }
    for head in service.billing.iter().flat_map(|billing| &billing.heads) {
        look(format!("heads.{}", head.name), &head.label, &head.at);
    }
    for (name, text) in service.fees.iter().flat_map(|fees| &fees.steps) {
        look(format!("steps.{name}"), text, at);
    }
}

//! The same words in other languages: put beside the words they translate, or found missing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Service;
use super::assemble::values;
use super::checks::{missing_words, unknown_words};
use super::yaml::{LocaleYaml, OtherwiseWords, StartYaml};
use crate::base::{Name, Text};
use crate::list::checks::{left_untranslated, missing_translation};
use crate::source::{At, Diagnostics, Map, Where};
use crate::workflow::Action;

/// Puts the words of `yaml` beside those of the service. `papers` are the names of its papers, which
/// get their titles when they are made.
pub(super) fn apply(service: &mut Service, language: &str, yaml: LocaleYaml, papers: &[Name], out: &mut Diagnostics) {
    let group = yaml.group.or_else(|| yaml.department.clone());
    let department = (&mut service.department, yaml.department);
    for (text, words) in [(&mut service.title, yaml.title), department, (&mut service.group, group)] {
        if let Some(words) = words {
            put(text, words, language, out);
        }
    }
    put_optional(&mut service.about, yaml.about, ("`about`", language), out);
    put_optional(&mut service.purpose, yaml.purpose, ("`purpose`", language), out);
    service.also_called.extend(yaml.also_called.map(values).unwrap_or_default());
    if let Some(words) = yaml.start {
        start(service, words, language, out);
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
    let stocks = service.stocks.iter_mut().map(|stock| (stock.name.clone(), &mut stock.title)).collect();
    named(yaml.stocks, stocks, "stock", language, out);
    let lists =
        service.grants.iter_mut().filter_map(|grant| Some((grant.name.clone(), &mut grant.public.as_mut()?.title)));
    named(yaml.public, lists.collect(), "public list", language, out);
    for (name, _) in
        yaml.documents.iter().flat_map(|titles| &titles.0).filter(|(name, _)| !papers.contains(&name.value))
    {
        out.push(unknown_words::diagnostic(name, "paper", papers.iter().map(Name::as_str)));
    }
    let heads = service.billing.iter_mut().flat_map(|billing| &mut billing.heads);
    let heads = heads.map(|head| (head.name.clone(), &mut head.label)).collect();
    named(yaml.heads, heads, "head", language, out);
    let refusals = service.billing.iter_mut().flat_map(|billing| &mut billing.refusals);
    let refusals = refusals.map(|words| (words.code.clone(), &mut words.text)).collect();
    named(yaml.refusals, refusals, "refusal", language, out);
    let steps = service.fees.iter_mut().flat_map(|fees| &mut fees.steps);
    named(yaml.steps, steps.map(|(name, text)| (Name::new(name), text)).collect(), "step", language, out);
    let otherwise = service.on_record.as_mut().and_then(|on_record| on_record.otherwise.as_mut());
    let otherwise = otherwise.map(|text| (Name::new("otherwise"), text)).into_iter().collect();
    named(yaml.on_record, otherwise, "word of `on_record`", language, out);
    statute(service, yaml.statute, language, out);
    states(service, yaml.states, language, out);
    actions(service, yaml.actions, ("action", |action| Some(&mut action.label)), language, out);
    actions(service, yaml.done, ("action with `done`", |action| action.done.as_mut()), language, out);
    otherwise_words(service, yaml.otherwise, language, out);
    templates(service, yaml.templates, language, out);
}

/// Puts words beside those they translate.
fn put(text: &mut Text, words: At<String>, language: &str, out: &mut Diagnostics) {
    left_untranslated::check(&text.written, &words, language, out);
    text.translations.insert(language.to_owned(), words.value);
}

fn put_optional(
    text: &mut Option<Text>,
    words: Option<At<String>>,
    (what, language): (&str, &str),
    out: &mut Diagnostics,
) {
    match (text, words) {
        (Some(text), Some(words)) => put(text, words, language, out),
        (None, Some(words)) => out.push(unknown_words::nothing_said(what, &words.at)),
        (_, None) => {}
    }
}

fn start(service: &mut Service, words: StartYaml, language: &str, out: &mut Diagnostics) {
    let page = &mut service.start;
    put_optional(&mut page.who, words.who, ("`start.who`", language), out);
    put_optional(&mut page.otherwise, words.otherwise, ("`start.otherwise`", language), out);
    let bring = words.bring.map_or_else(Vec::new, |words| words.0);
    for words in bring.iter().skip(page.bring.len()) {
        out.push(unknown_words::nothing_said("such line in `start.bring`", &words.at));
    }
    for (text, words) in page.bring.iter_mut().zip(bring) {
        put(text, words, language, out);
    }
    if let Some(example) = words.example {
        out.push(unknown_words::nothing_said("example of its own for each language", &example.at));
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
            put(text, words, language, out);
        } else {
            out.push(unknown_words::diagnostic(&name, what, texts.keys().map(Name::as_str)));
        }
    }
}

fn statute(service: &mut Service, words: Option<Map<At<String>>>, language: &str, out: &mut Diagnostics) {
    let mut texts = BTreeMap::new();
    if let Some(statute) = &mut service.statute {
        texts.insert(Name::new("law"), &mut statute.law);
        texts.insert(Name::new("officer"), &mut statute.officer);
        texts.insert(Name::new("first_appeal"), &mut statute.first_appeal);
        if let Some(second) = &mut statute.second_appeal {
            texts.insert(Name::new("second_appeal"), second);
        }
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
            put(&mut state.label, label, language, out);
        }
        let what = format!("`public` in the state `{}`", state.name);
        put_optional(&mut state.public, words.public, (&what, language), out);
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
    put_to_all(words.unwrap_or_default(), texts, what, language, out);
}

/// Puts words beside all that go by a name.
fn put_to_all(
    words: Map<At<String>>,
    mut texts: BTreeMap<Name, Vec<&mut Text>>,
    what: &str,
    language: &str,
    out: &mut Diagnostics,
) {
    for (name, words) in words.0 {
        match texts.get_mut(&name.value) {
            Some(texts) => {
                for text in texts {
                    put(text, words.clone(), language, out);
                }
            }
            None => out.push(unknown_words::diagnostic(&name, what, texts.keys().map(Name::as_str))),
        }
    }
}

/// Why actions are not offered, wherever they stand: in one wording, or in one for each of several conditions.
fn otherwise_words(service: &mut Service, words: Option<Map<OtherwiseWords>>, language: &str, out: &mut Diagnostics) {
    let mut whole = Vec::new();
    for (name, words) in words.unwrap_or_default().0 {
        match words {
            OtherwiseWords::One(words) => whole.push((name, words)),
            OtherwiseWords::Each(words) => of_conditions(service, &name, words, language, out),
        }
    }
    actions(service, Some(Map(whole)), ("action with `otherwise`", words_of_one), language, out);
}

/// The words of an action that depends on one condition.
fn words_of_one(action: &mut Action) -> Option<&mut Text> {
    let one = action.when.iter_mut().find(|requirement| requirement.name.is_none());
    one.and_then(|requirement| requirement.otherwise.as_mut())
}

/// The words of several conditions, wherever an action of this name stands.
fn of_conditions(
    service: &mut Service,
    name: &At<Name>,
    words: Map<At<String>>,
    language: &str,
    out: &mut Diagnostics,
) {
    let mut texts: BTreeMap<Name, Vec<&mut Text>> = BTreeMap::new();
    let mut several: Vec<Name> = Vec::new();
    for action in Arc::make_mut(&mut service.workflow).states.iter_mut().flat_map(|state| &mut state.actions) {
        for requirement in &mut action.when {
            let (Some(condition), Some(text)) = (&requirement.name, &mut requirement.otherwise) else { continue };
            several.push(action.name.clone());
            if action.name == name.value {
                texts.entry(condition.value.clone()).or_default().push(text);
            }
        }
    }
    if texts.is_empty() {
        out.push(unknown_words::diagnostic(name, "action with several conditions", several.iter().map(Name::as_str)));
        return;
    }
    put_to_all(words, texts, &format!("condition of `{}`", name.value), language, out);
}

/// Sentences for comments: one that stands in several actions is said once.
fn templates(service: &mut Service, words: Option<Map<At<String>>>, language: &str, out: &mut Diagnostics) {
    let actions = Arc::make_mut(&mut service.workflow).states.iter_mut().flat_map(|state| &mut state.actions);
    let mut ready: Vec<&mut (Name, Text)> = actions.flat_map(|action| &mut action.templates).collect();
    for (name, words) in words.unwrap_or_default().0 {
        let known = ready.iter().any(|(known, _)| *known == name.value);
        for (_, text) in ready.iter_mut().map(|one| &mut **one).filter(|(known, _)| *known == name.value) {
            put(text, words.clone(), language, out);
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

/// Says which words that people see have no translation into `language`. Fields, notices and the
/// templates of papers have checks of their own.
pub(super) fn missing(service: &Service, language: &str, at: &Where, out: &mut Diagnostics) {
    each(service, at, &mut |what, text, at| {
        if !text.translations.contains_key(language) {
            out.push(missing_words::diagnostic(&what, &text.written, language, at));
        }
    });
}

/// Everything that a file of `locales/` says besides questions and notices: the key, the words, and where they are
/// written, which is `at` where they have no place of their own.
pub(super) fn each(service: &Service, at: &Where, look: &mut dyn FnMut(String, &Text, &Where)) {
    look("title".into(), &service.title, at);
    look("department".into(), &service.department, at);
    look("group".into(), &service.group, at);
    let start = [
        ("about", &service.about),
        ("purpose", &service.purpose),
        ("start.who", &service.start.who),
        ("start.otherwise", &service.start.otherwise),
    ];
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
        if let Some(public) = &grant.public {
            look(format!("public.{}", grant.name), &public.title, &public.at);
        }
    }
    for stock in &service.stocks {
        look(format!("stocks.{}", stock.name), &stock.title, &stock.at);
    }
    if let Some(otherwise) = service.on_record.as_ref().and_then(|on_record| on_record.otherwise.as_ref()) {
        look("on_record.otherwise".into(), otherwise, at);
    }
    if let Some(statute) = &service.statute {
        look("statute.law".into(), &statute.law, at);
        look("statute.officer".into(), &statute.officer, at);
        look("statute.first_appeal".into(), &statute.first_appeal, at);
        if let Some(second) = &statute.second_appeal {
            look("statute.second_appeal".into(), second, at);
        }
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
            why_not(action, look);
            for (name, text) in &action.templates {
                look(format!("templates.{name}"), text, &action.at);
            }
        }
    }
    for paper in &*service.documents {
        look(format!("documents.{}", paper.name), &paper.title, at);
    }
    of_money(service, at, look);
}

/// Why an action is not offered.
fn why_not(action: &Action, look: &mut dyn FnMut(String, &Text, &Where)) {
    for requirement in &action.when {
        match (&requirement.name, &requirement.otherwise) {
            (Some(name), Some(words)) => look(format!("otherwise.{}.{}", action.name, name.value), words, &name.at),
            (None, Some(words)) => look(format!("otherwise.{}", action.name), words, &action.at),
            (_, None) => {}
        }
    }
}

/// The words of bills and of what they are made of.
fn of_money(service: &Service, at: &Where, look: &mut dyn FnMut(String, &Text, &Where)) {
    for head in service.billing.iter().flat_map(|billing| &billing.heads) {
        look(format!("heads.{}", head.name), &head.label, &head.at);
    }
    for words in service.billing.iter().flat_map(|billing| &billing.refusals) {
        look(format!("refusals.{}", words.code), &words.text, &words.at);
    }
    for (name, text) in service.fees.iter().flat_map(|fees| &fees.steps) {
        look(format!("steps.{name}"), text, at);
    }
}

//! Whether a page fits the scrutiny that answers it: what the by-laws ask is handed on, and every word that the program
//! may say can be said.

use std::collections::BTreeSet;

use engine::base::Name;
use engine::form::{Field, Kind, Options, Page, Program};
use engine::service::Service;
use engine::source::{At, Diagnostics, Where};
use scrutiny::ByLaws;
use scrutiny::laws::checks::scrutiny_unknown_name as unknown;

use super::called;
use super::drawing::{DRAWING, GIVES, UNREADABLE};

/// What becomes of a rule, in the words of the report.
const OUTCOMES: [&str; 5] = ["fits", "note", "refer", "differs", "unclear"];
/// How what was found is held to what is asked for.
const RELATIONS: [&str; 4] = ["at_most", "at_least", "equal", "within"];

/// Says where they do not fit each other.
pub(super) fn check(service: &Service, (page, program): (&Page, &Program), laws: &ByLaws, out: &mut Diagnostics) {
    takes(service, (page, program), laws, out);
    gives(page, laws, out);
}

fn takes(service: &Service, (page, program): (&Page, &Program), laws: &ByLaws, out: &mut Diagnostics) {
    let taken: Vec<String> = program.takes.iter().map(|(own, _)| own.value.to_string()).collect();
    let asked: BTreeSet<&String> = laws.editions.iter().flat_map(|edition| edition.answers.keys()).collect();
    let known: Vec<String> = asked.iter().map(|name| (*name).clone()).chain([DRAWING.to_owned()]).collect();
    for name in known.iter().filter(|name| !taken.contains(name)) {
        out.push(unknown::diagnostic(&page.at, "key of `takes` for what the by-laws go by:", name, &taken));
    }
    for (own, question) in &program.takes {
        if !known.iter().any(|name| own.value == *name.as_str()) {
            out.push(unknown::diagnostic(&own.at, "answer of the by-laws called", &own.value, &known));
        }
        let Some(field) = service.form.field(&question.value) else { continue };
        if own.value == *DRAWING {
            drawn(field, question, out);
        } else {
            options(field, (own, question), laws, out);
        }
    }
}

/// What is measured is a drawing.
fn drawn(field: &Field, question: &At<Name>, out: &mut Diagnostics) {
    let fits = matches!(&field.kind, Kind::File { kinds, .. } if *kinds == ["dxf"]);
    if !fits {
        out.push(unknown::diagnostic(&question.at, "drawing, `kinds: dxf` and nothing else, in", &question.value, &[]));
    }
}

/// The by-laws know every code that can be chosen.
fn options(field: &Field, (own, question): (&At<Name>, &At<Name>), laws: &ByLaws, out: &mut Diagnostics) {
    let Kind::Choice { options } = &field.kind else { return };
    for edition in &laws.editions {
        let Some(answer) = edition.answers.get(own.value.as_str()) else { continue };
        for code in codes(options).into_iter().filter(|code| !answer.options.contains(code)) {
            let what = format!("option of `{}` in the by-laws called", own.value);
            out.push(unknown::diagnostic(&question.at, &what, &code, &answer.options));
        }
    }
}

fn codes(options: &Options) -> Vec<String> {
    match options {
        Options::Here(options) => options.iter().map(|(code, _)| code.clone()).collect(),
        Options::List(list) => list.choices().map(|entry| entry.code.clone()).collect(),
    }
}

/// Every question of the page is one that the program answers, and has an option for every word of it.
fn gives(page: &Page, laws: &ByLaws, out: &mut Diagnostics) {
    let measures = laws.editions.iter().flat_map(|edition| &edition.measures).filter(|measure| measure.per.is_none());
    let measures: BTreeSet<String> = measures.map(|measure| measure.name.clone()).collect();
    let known: Vec<String> = GIVES.iter().map(|name| (*name).to_owned()).chain(measures).collect();
    for field in &page.fields {
        let name = called(page, field);
        if known.iter().all(|known| known != name) {
            out.push(unknown::diagnostic(&field.at, "result of the program called", name, &known));
        }
        if name != "result" && !field.optional {
            let what = "answer, where a drawing cannot be read and nothing says `optional`, to";
            out.push(unknown::diagnostic(&field.at, what, name, &[]));
        }
        match (&field.kind, name) {
            (kind, "result") => says(kind, &field.at, OUTCOMES.iter().chain([&UNREADABLE]).copied(), out),
            (Kind::List { fields, .. }, "rows") => rows(fields, laws, out),
            _ => {}
        }
    }
}

fn rows(fields: &[Field], laws: &ByLaws, out: &mut Diagnostics) {
    let rules = laws.editions.iter().flat_map(|edition| &edition.rules).map(|rule| rule.name.as_str());
    let rules: BTreeSet<&str> = rules.collect();
    let known: Vec<String> =
        ["rule", "place", "relation", "asked", "found", "why", "law", "outcome", "number"].map(str::to_owned).to_vec();
    for field in fields {
        match field.name.as_str() {
            "rule" => says(&field.kind, &field.at, rules.iter().copied(), out),
            "outcome" => says(&field.kind, &field.at, OUTCOMES.into_iter(), out),
            "relation" => says(&field.kind, &field.at, RELATIONS.into_iter(), out),
            name if known.iter().all(|known| known != name) => {
                out.push(unknown::diagnostic(&field.at, "part of a row called", name, &known));
            }
            name if !field.optional => {
                out.push(unknown::diagnostic(&field.at, "such part of every row, so say `optional` of", name, &[]));
            }
            _ => {}
        }
    }
}

/// A choice has an option for each of these words; a text takes them all.
fn says<'a>(kind: &Kind, at: &Where, words: impl Iterator<Item = &'a str>, out: &mut Diagnostics) {
    let Kind::Choice { options } = kind else { return };
    let known = codes(options);
    for word in words.filter(|word| !options.has(word)) {
        out.push(unknown::diagnostic(at, "option for the answer", word, &known));
    }
}

//! The citizens' charter of the town: every service in a few lines, and each with all that is promised of it.

use engine::template::format;
use ui_gen::view::charter::{Charter, CharterGroup, CharterLine, CharterRow};
use ui_gen::view::common::Row as Line;
use ui_gen::{Page, Words};

use super::statement;
use crate::http::ask::{Answer, Ask};
use crate::http::charter::{self, Reader, Row};
use crate::http::chrome;
use crate::problem::Problem;

/// Digits of a digest that tell one definition from another at a glance.
const DIGITS: usize = 12;

/// `GET /{tenant}/charter`
pub async fn page(ask: &Ask) -> Answer {
    let reader = Reader::of(ask);
    let mut groups: Vec<CharterGroup> = Vec::new();
    for row in charter::rows(&reader) {
        let line = CharterLine {
            href: ask.at(&format!("/charter/{}", row.service)),
            title: row.title.clone(),
            rows: short(&row, ask.words()),
        };
        match groups.iter_mut().find(|group| group.title == row.group) {
            Some(group) => group.lines.push(line),
            None => groups.push(CharterGroup { title: row.group, lines: vec![line] }),
        }
    }
    let view =
        Charter { town: chrome::town(ask).name, groups, office: statement::office(ask), day: format::day(reader.day) };
    ask.page(Page::Charter(view)).back(ask.at("")).answer()
}

/// `GET /{tenant}/charter/{service}`
pub async fn service(ask: &Ask) -> Answer {
    let service = ask.service()?;
    if !service.charter {
        return Err(Problem::NotFound);
    }
    let reader = Reader::of(ask);
    let row = charter::row(service, &reader);
    let view = CharterRow {
        rows: full(ask, &row),
        sooner: row.sooner.iter().map(|(kind, within)| Line::new(kind, within)).collect(),
        costs: costs(&row, ask.words()),
        start: ask.at(&format!("/services/{}", row.service)),
        day: format::day(reader.day),
        definition: row.definition.chars().take(DIGITS).collect(),
        title: row.title,
        about: row.about,
        charged: row.charged,
        fee: row.fee,
        model: row.model,
    };
    ask.page(Page::CharterRow(view)).back(ask.at("/charter")).answer()
}

/// What hangs at the office: time, fee, officer and appeals.
fn short(row: &Row, words: &Words) -> Vec<Line> {
    let mut lines = vec![time(row, words), Line::new(words.get("start.fee"), fee(row, words))];
    lines.extend(posts(row, words));
    lines
}

/// All that is promised, save the fee, which has a part of its own.
fn full(ask: &Ask, row: &Row) -> Vec<Line> {
    let words = ask.words();
    let several = |key: &str, lines: Vec<String>| Line { key: words.get(key), lines, ..Line::default() };
    let documents = row.documents.iter().map(|document| match document.note.as_str() {
        "" => document.title.clone(),
        note => format!("{} ({note})", document.title),
    });
    let mut lines = vec![
        several("start.who", row.who.clone()),
        several("start.documents", documents.collect()),
        time(row, words),
        several("charter.gives", row.gives.clone()),
        several("charter.papers", row.papers.clone()),
    ];
    if !row.officer.is_empty() {
        lines.push(Line::new(words.get("start.department"), &row.department));
    }
    lines.extend(posts(row, words));
    lines.push(Line::new(words.get("charter.law"), &row.law));
    lines.retain(|line| !line.lines.is_empty());
    let mut apply = several("charter.apply", vec![words.get("charter.online")]);
    apply.lines.extend(row.otherwise.iter().cloned().chain(statement::counter(ask)));
    lines.push(apply);
    lines
}

fn time(row: &Row, words: &Words) -> Line {
    let within = if row.within.is_empty() { words.get("charter.no_time") } else { row.within.clone() };
    Line::new(words.get("start.time"), within)
}

/// What it costs in one line.
fn fee(row: &Row, words: &Words) -> String {
    match &row.fee {
        Some(fee) => words.say("charter.for_example", &[("amount", &fee.total)]),
        None if row.charged => words.get("start.depends"),
        None => words.get("start.free"),
    }
}

/// What a bill is made of; whose rates, where no example says it.
fn costs(row: &Row, words: &Words) -> Vec<Line> {
    let mut lines = Vec::new();
    if row.charged && !row.heads.is_empty() {
        lines.push(Line { key: words.get("charter.heads"), lines: row.heads.clone(), ..Line::default() });
    }
    if row.fee.is_none() && !row.rates.is_empty() {
        lines.push(Line::new(words.get("charter.rates"), &row.rates));
    }
    lines
}

/// Who answers and who hears appeals: the department where the law names no post.
fn posts(row: &Row, words: &Words) -> Vec<Line> {
    if row.officer.is_empty() {
        return vec![Line::new(words.get("start.department"), &row.department)];
    }
    let posts = [
        ("start.officer", &row.officer),
        ("start.first_appeal", &row.first_appeal),
        ("start.second_appeal", &row.second_appeal),
    ];
    let named = posts.into_iter().filter(|(_, post)| !post.is_empty());
    named.map(|(key, post)| Line::new(words.get(key), post)).collect()
}

//! From by-laws as they are written to the model, or to diagnostics.

use std::collections::{BTreeMap, BTreeSet};

use engine::source::checks::{missing_key, unknown_key, wrong_shape};
use engine::source::{At, Diagnostics, Map, Node, NodeKind, Shape, Words};
use rust_decimal::Decimal;

use super::checks::{scrutiny_measure, scrutiny_missing_words, scrutiny_table, scrutiny_table_cover, scrutiny_unused};
use super::formula::Known;
use super::table::{Asked, Cover, Interval, Key, Row, Table};
use super::yaml::{AnswerYaml, DrawnIn, EditionYaml, FileYaml, GroupYaml, KeyIs, SidesYaml, TableYaml};
use super::{Answer, ByLaws, Edition, Figure, Group, Pattern, Sides, rule};

/// Checks a file of by-laws; `None` if something stops it from being used.
pub(super) fn check(file: &FileYaml, node: &Node, out: &mut Diagnostics) -> Option<ByLaws> {
    if file.0.is_empty() {
        out.push(wrong_shape::diagnostic(node, "a list of editions", "- from: 2027-04-01"));
        return None;
    }
    for (place, edition) in file.0.iter().enumerate() {
        if file.0.iter().take(place).any(|other| other.from.value == edition.from.value) {
            let title = "another edition begins on this day";
            out.push(wrong_shape::at_place(&edition.from.at, title, "a day of its own", "2027-04-01"));
        }
    }
    let read: Vec<Option<Edition>> = file.0.iter().map(|edition| one(edition, out)).collect();
    let mut editions = read.into_iter().collect::<Option<Vec<_>>>()?;
    editions.sort_by_key(|edition| std::cmp::Reverse(edition.from));
    out.is_clean().then_some(ByLaws { editions })
}

fn one(written: &EditionYaml, out: &mut Diagnostics) -> Option<Edition> {
    let languages: Vec<String> = match &written.languages {
        Some(languages) => languages.iter().map(|language| language.value.clone()).collect(),
        None => vec!["en".to_owned()],
    };
    let text = |words: &Words, out: &mut Diagnostics| {
        for language in words.missing(&languages, languages.first().map_or("en", String::as_str)) {
            out.push(scrutiny_missing_words::diagnostic(words, language));
        }
        words.in_every_language()
    };
    let tolerance = nanometres(&written.tolerance, out);
    let places = u32::try_from(written.places.value).ok().filter(|places| *places <= 6);
    if places.is_none() {
        out.push(wrong_shape::at_place(&written.places.at, "this is no number of places", "a number from 0 to 6", "2"));
    }
    let mut used = BTreeSet::new();
    let answers = answers(written.answers.as_ref(), &text, out);
    let groups = groups(written.groups.as_ref(), &text, out);
    let sides = sides(written.sides.as_ref());
    let measures = super::rule::measures(&written.measures, &answers, &groups, &sides, &mut used, &text, out);
    let mut figures = BTreeMap::new();
    for (name, figure) in written.figures.iter().flat_map(|figures| &figures.0) {
        figures.insert(name.value.to_string(), Figure { value: figure.value.value, law: text(&figure.law, out) });
    }
    let mut tables = BTreeMap::new();
    for (name, table) in written.tables.iter().flat_map(|tables| &tables.0) {
        let numbers: Vec<&str> = measures.iter().map(|measure| measure.name.as_str()).collect();
        if let Some(read) = read_table(name.at.clone(), table, &answers, &numbers, &text, out) {
            tables.insert(name.value.to_string(), read);
        }
    }
    let mut known = Known {
        answers: &answers,
        groups: &groups,
        measures: &measures,
        tables: &tables,
        figures: &figures,
        used: &mut used,
    };
    let rules = rule::rules(&written.rules, &mut known, &text, out);
    unused(written, &used, out);
    Some(Edition {
        from: written.from.value,
        authority: text(&written.authority, out),
        model: written.model.as_ref().is_some_and(|model| model.value),
        languages: languages.clone(),
        places: places?,
        tolerance: tolerance?,
        unit: written.drawn_in.as_ref().map(|unit| unit.value.nanometres()),
        answers,
        groups,
        sides,
        measures,
        tables,
        figures,
        rules,
    })
}

/// Nanometres of a length in metres that is not negative.
pub(super) fn nanometres(metres: &At<Decimal>, out: &mut Diagnostics) -> Option<i128> {
    let length = metres.value.checked_mul(Decimal::from(1_000_000_000)).map(|length| length.round());
    let length = length
        .and_then(|length| i128::try_from(length).ok())
        .filter(|length| (0..=1_000_000_000_000_000).contains(length));
    if length.is_none() {
        out.push(wrong_shape::at_place(&metres.at, "this is no length", "a number of metres", "0.01"));
    }
    length
}

impl DrawnIn {
    fn nanometres(self) -> i128 {
        match self {
            Self::Millimetre => 1_000_000,
            Self::Centimetre => 10_000_000,
            Self::Metre => 1_000_000_000,
            Self::Inch => 25_400_000,
            Self::Foot => 304_800_000,
        }
    }
}

/// Words that are read once they are known to be in every language.
pub(super) type Reads<'a> = dyn Fn(&Words, &mut Diagnostics) -> engine::base::Text + 'a;

fn answers(written: Option<&Map<AnswerYaml>>, text: &Reads<'_>, out: &mut Diagnostics) -> BTreeMap<String, Answer> {
    let mut answers = BTreeMap::new();
    for (name, answer) in written.iter().flat_map(|answers| &answers.0) {
        let options = answer.options.iter().flatten().map(|code| code.value.0.clone()).collect();
        answers.insert(name.value.to_string(), Answer { label: text(&answer.label, out), options });
    }
    answers
}

fn groups(written: Option<&Map<GroupYaml>>, text: &Reads<'_>, out: &mut Diagnostics) -> BTreeMap<String, Group> {
    let mut groups = BTreeMap::new();
    for (name, group) in written.iter().flat_map(|groups| &groups.0) {
        let label = text(&group.label, out);
        if let Some(layer) = pattern(&group.layer, out) {
            let shapes = group.shapes.as_ref().is_some_and(|shapes| shapes.value);
            groups.insert(name.value.to_string(), Group { label, layer, shapes });
        }
    }
    groups
}

fn sides(written: Option<&Map<SidesYaml>>) -> BTreeMap<String, Sides> {
    let each = written.iter().flat_map(|sides| &sides.0);
    each.map(|(name, sides)| {
        (name.value.to_string(), Sides { layer: sides.layer.value.clone(), faces: sides.faces.value.clone() })
    })
    .collect()
}

/// Reads the name of a layer.
pub(super) fn pattern(written: &At<String>, out: &mut Diagnostics) -> Option<Pattern> {
    let read = Pattern::read(&written.value);
    if read.is_none() {
        out.push(scrutiny_measure::layer(&written.at, &written.value));
    }
    read
}

fn read_table(
    at: engine::source::Where,
    written: &TableYaml,
    answers: &BTreeMap<String, Answer>,
    measures: &[&str],
    text: &Reads<'_>,
    out: &mut Diagnostics,
) -> Option<Table> {
    let law = text(&written.law, out);
    let mut keys = Vec::new();
    let over = |name: &str| written.over.iter().flat_map(|over| &over.0).find(|(key, _)| key.value == *name);
    for (name, is) in &written.keys.0 {
        let answer = answers.get(name.value.as_str());
        let codes = answer.map(|answer| answer.options.clone()).unwrap_or_default();
        let fits = match is.value {
            KeyIs::Codes => !codes.is_empty(),
            KeyIs::FromIn | KeyIs::ToIn => {
                codes.is_empty() && (answer.is_some() || measures.contains(&name.value.as_str()))
            }
        };
        if !fits {
            out.push(scrutiny_table::key(&name.at, &name.value, is.value == KeyIs::Codes));
            return None;
        }
        let zero = Interval { from: Decimal::ZERO, to: None };
        let over = over(&name.value).map_or(zero, |(_, over)| over.value);
        keys.push(Key { name: name.value.to_string(), is: is.value, codes, over });
    }
    let gives: Vec<String> = written.gives.iter().map(|name| name.value.to_string()).collect();
    let rows: Vec<Option<Row>> = written.rows.iter().map(|row| read_row(row, &keys, &gives, text, out)).collect();
    let table = Table { law, keys, gives, rows: rows.into_iter().collect::<Option<_>>()?, at };
    match table.cover() {
        Cover::Whole => {}
        Cover::Gap(input) => out.push(scrutiny_table_cover::gap(&table.at, &input)),
        Cover::Twice(input, one, other) => {
            if let (Some(one), Some(other)) = (table.rows.get(one), table.rows.get(other)) {
                out.push(scrutiny_table_cover::twice(&one.at, &other.at, &input));
            }
        }
        Cover::TooLarge => out.push(scrutiny_table::too_large(&table.at)),
    }
    Some(table)
}

fn read_row(node: &Node, keys: &[Key], gives: &[String], text: &Reads<'_>, out: &mut Diagnostics) -> Option<Row> {
    let NodeKind::Map(entries) = &node.kind else {
        out.push(wrong_shape::diagnostic(node, "a map of keys", "{ use: A, cover: 60 }"));
        return None;
    };
    let known: Vec<&str> =
        keys.iter().map(|key| key.name.as_str()).chain(gives.iter().map(String::as_str)).chain(["law"]).collect();
    if let Some((key, _)) = entries.iter().find(|(key, _)| !known.contains(&key.value.as_str())) {
        out.push(unknown_key::diagnostic(key, &known));
        return None;
    }
    let mut asks = Vec::new();
    for key in keys {
        asks.push(match node.get(&key.name) {
            None => None,
            Some(node) => Some(read_asked(node, key, out)?),
        });
    }
    let mut figures = Vec::new();
    for name in gives {
        let Some(node) = node.get(name) else {
            out.push(missing_key::diagnostic(name, "a figure that the table gives", &node.head));
            return None;
        };
        figures.push(At::<Decimal>::read(node, out)?.value);
    }
    let law = node.get("law").and_then(|node| Words::read(node, out)).map(|words| text(&words, out));
    Some(Row { asks, gives: figures, law, at: node.at.clone() })
}

fn read_asked(node: &Node, key: &Key, out: &mut Diagnostics) -> Option<Asked> {
    if key.is != KeyIs::Codes {
        return At::<Interval>::read(node, out).map(|stretch| Asked::In(stretch.value));
    }
    let codes = engine::source::OneOrMany::<At<engine::source::scalar::Code>>::read(node, out)?.0;
    if let Some(code) = codes.iter().find(|code| !key.codes.contains(&code.value.0)) {
        out.push(scrutiny_table::code(&code.at, &code.value.0, &key.codes));
        return None;
    }
    Some(Asked::Codes(codes.into_iter().map(|code| code.value.0).collect()))
}

/// Warns of what no rule uses.
fn unused(written: &EditionYaml, used: &BTreeSet<String>, out: &mut Diagnostics) {
    for (name, measure) in &written.measures.0 {
        // What is computed for people to see, such as a ratio, need not be in a rule.
        if !used.contains(name.value.as_str()) && !measure.is_shown() {
            out.push(scrutiny_unused::diagnostic(&name.at, "measure", &name.value));
        }
    }
    for (name, _) in written.figures.iter().flat_map(|figures| &figures.0) {
        if !used.contains(&format!("figure {}", name.value)) {
            out.push(scrutiny_unused::diagnostic(&name.at, "figure", &name.value));
        }
    }
    for (name, _) in written.tables.iter().flat_map(|tables| &tables.0) {
        if !used.contains(&format!("table {}", name.value)) {
            out.push(scrutiny_unused::diagnostic(&name.at, "table", &name.value));
        }
    }
}

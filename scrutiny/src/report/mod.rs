//! What a scrutiny found: a row for each rule, for people in their language and for programs.

use std::fmt::Write as _;

use engine::base::format::date;
use engine::base::{Day, Text};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use crate::drawing::{Amiss, Fault};
use crate::expression::Lack;
use crate::laws::{Relation, Unit};
use crate::measure::{Mark, Missing};

mod words;

pub use words::say;
pub use words::{lengths, refusal};
use words::{number, outcome_word, relation_word, result_word};

/// The report on one drawing.
#[derive(Clone, Debug)]
pub struct Report {
    /// Whether the drawing fits.
    pub result: Outcome,
    /// The first day of the by-laws it was held to.
    pub from: Day,
    /// Who notified them.
    pub authority: Text,
    /// Whether their figures are a model.
    pub model: bool,
    /// Decimal places of what was compared.
    pub places: u32,
    /// The languages that it can be read in.
    pub languages: Vec<String>,
    /// A row for each rule, and for each member that it was held to.
    pub rows: Vec<Row>,
    /// What was measured of the drawing as a whole.
    pub figures: Vec<Figure>,
    /// What else was noticed: the layer, and what is amiss on it.
    pub noticed: Vec<(String, Amiss)>,
    /// What is numbered in the picture: the first is number one.
    pub marks: Vec<Vec<Mark>>,
}

/// What was found of one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The name of the rule.
    pub rule: String,
    /// Its name for people.
    pub label: Text,
    /// The member that it was held to: what it is called, and its numbers.
    pub place: Option<(Text, Vec<u32>)>,
    /// How the two are compared.
    pub is: Relation,
    /// What is asked for, rounded.
    pub asked: Option<Decimal>,
    /// What was found, rounded.
    pub found: Option<Decimal>,
    /// The per cent by which they may differ.
    pub by: Option<Decimal>,
    /// Their unit.
    pub unit: Option<Unit>,
    /// What becomes of it.
    pub outcome: Outcome,
    /// Its laws: its own, or those of the tables and figures that it is held to.
    pub laws: Vec<Text>,
    /// Why it is not clear.
    pub why: Option<Missing>,
    /// Its number in the picture.
    pub number: Option<usize>,
}

/// What becomes of a rule, and of a drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It fits.
    Fits,
    /// It does not fit, which is said and nothing more.
    Note,
    /// It does not fit, and an officer decides.
    Refer,
    /// It does not fit.
    Differs,
    /// It cannot be told, because the drawing cannot be measured.
    Unclear,
}

/// Something that was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The name of the measure.
    pub name: String,
    /// Its name for people.
    pub label: Text,
    /// Its unit.
    pub unit: Unit,
    /// Its value, rounded; `None` if it has none.
    pub value: Option<Decimal>,
}

impl Outcome {
    /// As programs read it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::Note => "note",
            Self::Refer => "refer",
            Self::Differs => "differs",
            Self::Unclear => "unclear",
        }
    }
}

impl Row {
    /// The rule in `language`, and of which member it is.
    pub fn title(&self, language: &str) -> String {
        let label = self.label.in_language(language);
        match self.place_in_words(language) {
            None => label.to_owned(),
            Some(place) => format!("{label}, {place}"),
        }
    }

    /// The member that it was held to, in `language`; `None` of a rule that holds for the whole.
    pub fn place_in_words(&self, language: &str) -> Option<String> {
        let (group, numbers) = self.place.as_ref()?;
        let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
        Some(format!("{} {}", group.in_language(language), numbers.join("/")))
    }

    /// What was found, with its unit.
    pub fn found_in_words(&self, places: u32) -> Option<String> {
        self.found.map(|found| number(Some(found), self.unit, places))
    }

    /// What is asked for, with its unit.
    pub fn asked_in_words(&self, places: u32) -> Option<String> {
        self.asked.map(|asked| number(Some(asked), self.unit, places))
    }

    /// What was found and what is asked for, or why that is not clear.
    pub fn said(&self, language: &str, places: u32) -> String {
        if let Some(why) = &self.why {
            return missing(why, language);
        }
        let value = |value: Option<Decimal>| number(value, self.unit, places);
        let (found, asked) = (value(self.found), value(self.asked));
        let relation = relation_word(self.is, language);
        let by = self.by.map_or_else(String::new, |by| format!(" (± {} %)", by.normalize()));
        format!("{} {found}; {} {relation} {asked}{by}", say("found", language), say("asked", language))
    }
}

impl Report {
    /// The report as people read it.
    pub fn text(&self, language: &str) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "{}", result_word(self.result, language));
        let _ = writeln!(
            out,
            "{}: {} ({} {}){}",
            say("laws", language),
            self.authority.in_language(language),
            say("from", language),
            date(self.from),
            if self.model { format!("\n{}", say("model", language)) } else { String::new() }
        );
        let _ = writeln!(out, "\n{}", say("measured", language));
        for figure in &self.figures {
            let value = number(figure.value, Some(figure.unit), self.places);
            let _ = writeln!(out, "  {}: {value}", figure.label.in_language(language));
        }
        let _ = writeln!(out, "\n{}", say("rules", language));
        for row in &self.rows {
            let mark = row.number.map_or_else(String::new, |number| format!(" [{number}]"));
            let _ = writeln!(out, "  {}{mark} {}", outcome_word(row.outcome, language), row.title(language));
            let _ = writeln!(out, "      {}", row.said(language, self.places));
            for law in &row.laws {
                let _ = writeln!(out, "      {}", law.in_language(language));
            }
        }
        if !self.noticed.is_empty() {
            let _ = writeln!(out, "\n{}", say("noticed", language));
        }
        for (layer, amiss) in &self.noticed {
            let _ = writeln!(out, "  {layer}: {}", fault(&amiss.fault, language));
        }
        out
    }

    /// The report as programs read it.
    pub fn json(&self) -> Json {
        let text = |text: &Text| {
            let each = self.languages.iter().map(|language| (language.clone(), json!(text.in_language(language))));
            Json::Object(each.collect())
        };
        let decimal = |value: Option<Decimal>| value.map(|value| value.to_string());
        let rows: Vec<Json> = self
            .rows
            .iter()
            .map(|row| {
                let place =
                    row.place.as_ref().map(|(group, numbers)| json!({ "label": text(group), "numbers": numbers }));
                let why = row.why.as_ref().map(|why| {
                    let each = self.languages.iter().map(|language| (language.clone(), json!(missing(why, language))));
                    Json::Object(each.collect())
                });
                json!({
                    "rule": row.rule, "label": text(&row.label), "place": place, "is": row.is.word(),
                    "asked": decimal(row.asked), "found": decimal(row.found), "by": decimal(row.by),
                    "unit": row.unit.map(Unit::word), "outcome": row.outcome.word(),
                    "laws": row.laws.iter().map(text).collect::<Vec<_>>(), "why": why, "number": row.number,
                })
            })
            .collect();
        let figures: Vec<Json> = self
            .figures
            .iter()
            .map(|figure| {
                json!({
                    "name": figure.name, "label": text(&figure.label), "unit": figure.unit.word(),
                    "value": decimal(figure.value),
                })
            })
            .collect();
        let noticed = self.noticed.iter().map(|(layer, amiss)| {
            json!({ "layer": layer, "fault": fault(&amiss.fault, self.languages.first().map_or("en", String::as_str)) })
        });
        json!({
            "result": self.result.word(),
            "by_laws": { "from": self.from.to_string(), "authority": text(&self.authority), "model": self.model },
            "rows": rows, "measures": figures, "noticed": noticed.collect::<Vec<_>>(),
        })
    }
}

/// Why there is no value, in words.
pub fn missing(missing: &Missing, language: &str) -> String {
    match missing {
        Missing::NothingOn(layer) | Missing::Without(layer) => format!("{}: {layer}", say("nothing", language)),
        Missing::Amiss(layer, amiss, _) => format!("{layer}: {}", fault(amiss, language)),
        Missing::Shapes { layer, wanted, found } => {
            format!("{layer}: {} {found}; {} {wanted}", say("shapes", language), say("wanted", language))
        }
        Missing::None(group) => format!("{}: {group}", say("none", language)),
        Missing::Unstated(label) => format!("{}: {}", say("unanswered", language), label.in_language(language)),
        Missing::Lack(Lack::Nothing) => say("divides", language).to_owned(),
        Missing::Lack(Lack::Large) => say("large", language).to_owned(),
        Missing::Lack(Lack::Kinds) => say("kinds", language).to_owned(),
        Missing::Lack(Lack::Name(name)) => format!("{}: {name}", say("none", language)),
        Missing::Lack(Lack::Row(table)) => format!("{}: {table}", say("row", language)),
        Missing::TooComplex => say("complex", language).to_owned(),
    }
}

/// What is amiss, in words.
pub fn fault(fault: &Fault, language: &str) -> String {
    match fault {
        Fault::Open => say("open", language).to_owned(),
        Fault::CrossesItself => say("crosses", language).to_owned(),
        Fault::Twice => say("twice", language).to_owned(),
        Fault::Overlap => say("overlap", language).to_owned(),
        Fault::NotRead(kind) => format!("{}: {kind}", say("not_read", language)),
        Fault::Stretched => say("stretched", language).to_owned(),
        Fault::Overwritten(words) => format!("{}: {words}", say("overwritten", language)),
    }
}

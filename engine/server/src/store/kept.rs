//! Reads stored documents that are read often, without a tree of JSON in between: cases and records.

use std::fmt;

use engine::base::{Answers, Name, Value};
use engine::case::Case;
use engine::reserve::Reserved;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;

use super::error::{Error, Result};
use super::json;

/// Puts back what [`super::written::case_body`] wrote.
pub(super) fn read_case_body(case: &mut Case, text: &str) -> Result<()> {
    #[derive(serde::Deserialize)]
    struct Body {
        v: u32,
        #[serde(default)]
        answers: Given,
        clock_ms: Option<i64>,
        acted: Vec<(String, String)>,
        fired: Vec<String>,
        #[serde(default)]
        flags: Json,
        #[serde(default)]
        waiting: Json,
        parent: Option<String>,
        #[serde(default)]
        children: Json,
        #[serde(default)]
        reserved: Json,
        #[serde(default)]
        programs: Json,
        offered: Option<String>,
    }
    let body: Body = parse(text, "a case", |body: &Body| body.v)?;
    case.answers = body.answers.0;
    case.clock_ms = body.clock_ms;
    case.acted = body.acted.into_iter().map(|(role, person)| (Name::new(&role), person)).collect();
    case.fired = body.fired.iter().map(|name| Name::new(name)).collect();
    case.flags = json::read_flags(&body.flags)?;
    case.waiting = json::read_notes(&body.waiting)?;
    case.parent = body.parent;
    case.children = json::read_children(&body.children)?;
    case.reserved = json::read_reserved(&body.reserved)?;
    case.programs = json::read_programs(&body.programs)?;
    case.offered = body.offered;
    Ok(())
}

/// What a case has of the places in calendars, of what [`super::written::case_body`] wrote.
pub(super) fn read_reserved(text: &str) -> Result<Vec<Reserved>> {
    #[derive(serde::Deserialize)]
    struct Body {
        v: u32,
        #[serde(default)]
        reserved: Json,
    }
    json::read_reserved(&parse(text, "a case", |body: &Body| body.v)?.reserved)
}

/// What of a record is not in columns of its own.
#[derive(serde::Deserialize)]
pub(super) struct RecordBody {
    v: u32,
    #[serde(default)]
    answers: Given,
    pub(super) validity_by: Option<String>,
    #[serde(default)]
    pub(super) came_of: Vec<String>,
    #[serde(default)]
    pub(super) became: Vec<String>,
}

impl RecordBody {
    /// Reads what [`super::written::record`] wrote.
    pub(super) fn read(text: &str) -> Result<Self> {
        parse(text, "a record", |body: &Self| body.v)
    }

    /// What is known of the record.
    pub(super) fn answers(&mut self) -> Answers {
        std::mem::take(&mut self.answers.0)
    }
}

fn parse<'t, T: Deserialize<'t>>(text: &'t str, what: &str, version: impl Fn(&T) -> u32) -> Result<T> {
    let body: T = serde_json::from_str(text).map_err(|error| Error::Corrupt(format!("{what}: {error}")))?;
    match version(&body) {
        1 => Ok(body),
        other => Err(Error::Corrupt(format!("{what}: version {other} is unknown"))),
    }
}

/// Answers: what is no text, whole number, truth, list or object is dropped, as [`Answers::from_json`] does.
#[derive(Default)]
pub struct Given(pub Answers);

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        match Answer::deserialize(from)?.0 {
            Some(Value::Map(answers)) => Ok(Self(answers)),
            _ => Ok(Self::default()),
        }
    }
}

/// One answer.
struct Answer(Option<Value>);

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        from.deserialize_any(AnyAnswer)
    }
}

struct AnyAnswer;

type Read<E> = std::result::Result<Answer, E>;

impl<'de> Visitor<'de> for AnyAnswer {
    type Value = Answer;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an answer")
    }

    fn visit_unit<E>(self) -> Read<E> {
        Ok(Answer(None))
    }

    fn visit_bool<E>(self, flag: bool) -> Read<E> {
        Ok(Answer(Some(Value::Flag(flag))))
    }

    fn visit_i64<E>(self, number: i64) -> Read<E> {
        Ok(Answer(Some(Value::Int(number))))
    }

    fn visit_u64<E>(self, number: u64) -> Read<E> {
        Ok(Answer(i64::try_from(number).ok().map(Value::Int)))
    }

    fn visit_f64<E>(self, _: f64) -> Read<E> {
        Ok(Answer(None))
    }

    fn visit_str<E>(self, text: &str) -> Read<E> {
        Ok(Answer(Some(Value::Text(text.to_owned()))))
    }

    fn visit_string<E>(self, text: String) -> Read<E> {
        Ok(Answer(Some(Value::Text(text))))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Read<A::Error> {
        let mut list = Vec::new();
        while let Some(Answer(item)) = items.next_element()? {
            list.extend(item);
        }
        Ok(Answer(Some(Value::List(list))))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Read<A::Error> {
        let mut answers = Answers::default();
        while let Some((name, Answer(value))) = entries.next_entry::<String, Answer>()? {
            answers.0.extend(value.map(|value| (name, value)));
        }
        Ok(Answer(Some(Value::Map(answers))))
    }
}

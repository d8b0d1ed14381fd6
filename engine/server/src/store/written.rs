//! Stored documents that are written often, as text at once: cases, demands, records, and what came of a
//! command. What reads them is in [`super::json`].
//!
//! A register of a million records writes millions of them. Made as [`serde_json::Value`] first, they cost
//! several times as much.

use engine::base::{Answers, Name, Value};
use engine::billing::{Demand, DemandLine, DemandNote};
use engine::case::{Case, Outcome, RecordChange};
use engine::fees::{RateUsed, Step};
use engine::registry::Record;
use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::Value as Json;

use super::digest::Marks;
use super::json;

/// The version of every document that is written here.
const VERSION: u32 = 1;

/// Octets that most documents have room in.
const WHOLE: usize = 1024;

fn text(document: &impl Serialize) -> String {
    let mut octets = Vec::with_capacity(WHOLE);
    serde_json::to_writer(&mut octets, document).expect("a document has names for keys, and nothing in it fails");
    String::from_utf8(octets).expect("JSON is UTF-8")
}

/// Answers alone.
pub(super) fn answers(answers: &Answers) -> String {
    text(&Given(answers))
}

/// What of a case is not in columns of its own; where it is `sealed`, what was said stands in a document of its
/// own, if anything was.
pub(super) fn case_body(case: &Case, sealed: bool) -> (String, Option<String>) {
    #[derive(serde::Serialize)]
    struct Said<'a> {
        answers: Given<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        flags: Option<Json>,
    }
    #[derive(serde::Serialize)]
    struct Body<'a> {
        v: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        answers: Option<Given<'a>>,
        // Most clocks begin with the state: those are said by the column.
        #[serde(skip_serializing_if = "Option::is_none")]
        clock_ms: Option<i64>,
        acted: Vec<(&'a str, &'a str)>,
        fired: Vec<&'a str>,
        // Most cases have none, and their rows stay as they were written before there were any.
        #[serde(skip_serializing_if = "Option::is_none")]
        flags: Option<Json>,
        /// That something is marked to be corrected, where what is sealed says what.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        flagged: bool,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        waiting: Vec<Noted<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        parent: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        children: Option<Json>,
        #[serde(skip_serializing_if = "Option::is_none")]
        reserved: Option<Json>,
        #[serde(skip_serializing_if = "Option::is_none")]
        programs: Option<Json>,
        #[serde(skip_serializing_if = "Option::is_none")]
        offered: Option<&'a str>,
    }
    let apart = sealed && !(case.answers.0.is_empty() && case.flags.is_empty());
    let flags = (!case.flags.is_empty()).then(|| json::flags(&case.flags));
    let (said, answers, flags) = if apart {
        (Some(text(&Said { answers: Given(&case.answers), flags })), None, None)
    } else {
        (None, Some(Given(&case.answers)), flags)
    };
    let body = Body {
        v: VERSION,
        answers,
        clock_ms: case.clock_ms,
        acted: case.acted.iter().map(|(role, person)| (role.as_str(), person.as_str())).collect(),
        fired: case.fired.iter().map(Name::as_str).collect(),
        flags,
        flagged: apart && !case.flags.is_empty(),
        waiting: case.waiting.iter().map(noted).collect(),
        parent: case.parent.as_deref(),
        children: (!case.children.is_empty()).then(|| json::children(&case.children)),
        reserved: (!case.reserved.is_empty()).then(|| json::reserved(&case.reserved)),
        programs: (!case.programs.is_empty()).then(|| json::programs(&case.programs)),
        offered: case.offered.as_deref(),
    };
    (text(&body), said)
}

/// What of a record is not in columns of its own; where it is `sealed`, what is known of it stands in a document
/// of its own.
pub(super) fn record(record: &Record, sealed: bool) -> (String, Option<String>) {
    #[derive(serde::Serialize)]
    struct Said<'a> {
        answers: Given<'a>,
    }
    #[derive(serde::Serialize)]
    struct Body<'a> {
        v: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        answers: Option<Given<'a>>,
        validity_by: &'a str,
        came_of: &'a [String],
        became: &'a [String],
    }
    let Record { answers, validity_by, came_of, became, .. } = record;
    let said = sealed.then(|| text(&Said { answers: Given(answers) }));
    let answers = said.is_none().then_some(Given(answers));
    (text(&Body { v: VERSION, answers, validity_by, came_of, became }), said)
}

/// The stored form of a demand.
pub(super) fn demand(demand: &Demand) -> String {
    text(&Charged { steps: Some(steps(&demand.steps, &demand.authority)), ..charged(demand) })
}

#[derive(serde::Serialize)]
struct Charged<'a> {
    v: u32,
    seq: u32,
    raised_on: String,
    due_on: String,
    status: &'static str,
    lines: Vec<(&'a str, i64, i64)>,
    // They stand in the row of the demand, for which the event vouches: an event does not repeat them.
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<Stepped<'a>>>,
    rates_from: String,
    authority: &'a str,
    // Most demands come once, and their rows stay as they were written before some came round.
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<(String, String)>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    opening: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<Noted<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answers: Option<Given<'a>>,
}

/// A demand without the steps by which it came about.
fn charged(demand: &Demand) -> Charged<'_> {
    Charged {
        v: VERSION,
        seq: demand.seq,
        raised_on: demand.raised_on.to_string(),
        due_on: demand.due_on.to_string(),
        status: json::status_word(demand.status),
        lines: demand.lines.iter().map(line).collect(),
        steps: None,
        rates_from: demand.rates_from.to_string(),
        authority: &demand.authority,
        period: demand.period.map(|period| (period.from.to_string(), period.until.to_string())),
        opening: demand.opening,
        notes: demand.notes.iter().map(noted).collect(),
        answers: demand.answers.as_ref().map(Given),
    }
}

fn line(line: &DemandLine) -> (&str, i64, i64) {
    (&line.head, line.amount.paise(), line.paid.paise())
}

/// The stored form of what was added to a demand.
#[derive(serde::Serialize)]
struct Noted<'a> {
    kind: &'static str,
    on: String,
    heads: Vec<(&'a str, i64)>,
    steps: Vec<Stepped<'a>>,
}

fn noted(note: &DemandNote) -> Noted<'_> {
    Noted {
        kind: json::note_word(note.kind),
        on: note.on.to_string(),
        heads: note.heads.iter().map(|(head, amount)| (head.as_str(), amount.paise())).collect(),
        steps: steps(&note.steps, ""),
    }
}

/// The stored form of a step of an assessment. A bill has some thirty, of which most looked nothing up and
/// rounded nothing.
#[derive(serde::Serialize)]
pub(super) struct Stepped<'a> {
    name: &'a str,
    value: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rates: Vec<Rated<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rounded: Option<(&'a str, &'a str)>,
}

/// A rate: its name, its value, and who set it where that is not the authority of the whole.
#[derive(serde::Serialize)]
#[serde(untagged)]
enum Rated<'a> {
    AsTheWhole(&'a str, &'a str),
    Of(&'a str, &'a str, &'a str),
}

/// The steps of an assessment with the rates of `authority`.
pub(super) fn steps<'a>(steps: &'a [Step], authority: &str) -> Vec<Stepped<'a>> {
    let rated = |rate: &'a RateUsed| {
        let RateUsed { name, value, authority: set_by } = rate;
        if set_by == authority { Rated::AsTheWhole(name, value) } else { Rated::Of(name, value, set_by) }
    };
    let step = |step: &'a Step| {
        let Step { name, value, rates, rounded } = step;
        let rounded = rounded.as_ref().map(|(before, after)| (&**before, &**after));
        Stepped { name, value, rates: rates.iter().map(rated).collect(), rounded }
    };
    steps.iter().map(step).collect()
}

/// What an event says about the case as it is afterwards.
#[derive(serde::Serialize)]
struct Facts<'a> {
    number: Option<&'a str>,
    state: &'a str,
    version: i64,
    assignee: Option<&'a str>,
    due_ms: Option<i64>,
    promised_ms: Option<i64>,
}

fn facts(case: &Case) -> Facts<'_> {
    Facts {
        number: case.number.as_deref(),
        state: &case.state,
        version: case.version,
        assignee: case.assignee.as_deref(),
        due_ms: case.due_ms,
        promised_ms: case.promised_ms,
    }
}

/// What came of opening a case, as an event keeps it; `rows` are the digests of the rows that were written.
pub(super) fn opening(case: &Case, rows: &Marks) -> String {
    #[derive(serde::Serialize)]
    struct Opened<'a> {
        v: u32,
        to: &'a str,
        definition: &'a str,
        case: Facts<'a>,
        rows: &'a Marks,
    }
    text(&Opened { v: VERSION, to: &case.state, definition: &case.definition, case: facts(case), rows })
}

/// What was said with a command.
#[derive(serde::Serialize)]
struct Remarks<'a> {
    comment: &'a str,
    changed: &'a [(String, Json, Json)],
}

/// A record that a command changed.
#[derive(serde::Serialize)]
struct Changed<'a> {
    grant: &'a str,
    registry: &'a str,
    number: &'a str,
    version: i64,
}

/// What came of a command to the case `before`, as an event keeps it; `rows` are the digests of the rows that
/// were written. Where it is `sealed`, what was said stands in a document of its own, if anything was.
pub(super) fn outcome(before: &Case, outcome: &Outcome, rows: &Marks, sealed: bool) -> (String, Option<String>) {
    #[derive(serde::Serialize)]
    struct Led<'a> {
        v: u32,
        action: Option<&'a str>,
        role: Option<&'a str>,
        from: &'a str,
        to: &'a str,
        comment: &'a str,
        public: bool,
        changed: &'a [(String, Json, Json)],
        demands: Vec<Charged<'a>>,
        receipt: Option<Json>,
        case: Facts<'a>,
        vouchers: Vec<&'a str>,
        record: Option<Changed<'a>>,
        other_records: Vec<Changed<'a>>,
        notices: Vec<(&'a str, String)>,
        papers: Vec<&'a str>,
        // Few acts ask a program.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        asks: Vec<(&'a str, &'a str)>,
        rows: &'a Marks,
        // Most acts leave both alone.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        other_receipts: Vec<Json>,
        #[serde(skip_serializing_if = "Option::is_none")]
        definition: Option<&'a str>,
    }
    let event = &outcome.event;
    let own = event.receipt.as_ref().map(|receipt| &receipt.number);
    let was = |number: &String| before.receipts.iter().find(|receipt| receipt.number == *number);
    let others = outcome.case.receipts.iter().filter(|receipt| Some(&receipt.number) != own);
    let others = others.filter(|now| was(&now.number) != Some(now));
    let mut records = outcome.records.iter().map(|RecordChange { grant, record }| Changed {
        grant,
        registry: &record.registry,
        number: &record.number,
        version: record.version,
    });
    let apart = sealed && !(event.comment.is_empty() && event.changed.is_empty());
    let said = Remarks { comment: &event.comment, changed: &event.changed };
    let (comment, changed) = if apart { ("", &[][..]) } else { (said.comment, said.changed) };
    let led = Led {
        v: VERSION,
        action: event.action.as_deref(),
        role: event.role.as_deref(),
        from: &event.from,
        to: &event.to,
        comment,
        public: event.public,
        changed,
        demands: event.demands.iter().map(charged).collect(),
        receipt: event.receipt.as_ref().map(json::receipt),
        case: facts(&outcome.case),
        vouchers: outcome.vouchers.iter().map(engine::ledger::Voucher::number).collect(),
        record: records.next(),
        other_records: records.collect(),
        notices: outcome.notices.iter().map(|order| (&*order.notice, json::recipient(&order.to))).collect(),
        papers: outcome.papers.iter().map(|order| &*order.document).collect(),
        asks: outcome.asks.iter().map(|order| (&*order.page, &*order.program)).collect(),
        rows,
        other_receipts: others.map(json::receipt).collect(),
        definition: (outcome.case.definition != before.definition).then_some(&*outcome.case.definition),
    };
    (text(&led), apart.then(|| text(&said)))
}

/// Answers, in the order of the alphabet.
struct Given<'a>(&'a Answers);

impl Serialize for Given<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.0.len()))?;
        for (name, value) in &self.0.0 {
            map.serialize_entry(name, &Answer(value))?;
        }
        map.end()
    }
}

/// One answer.
struct Answer<'a>(&'a Value);

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Text(text) => to.serialize_str(text),
            Value::Int(number) => to.serialize_i64(*number),
            Value::Flag(flag) => to.serialize_bool(*flag),
            Value::Map(answers) => Given(answers).serialize(to),
            Value::List(items) => {
                let mut list = to.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Answer(item))?;
                }
                list.end()
            }
        }
    }
}

//! The chain of events, and what the events say.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::super::error::Result;
use super::super::events::{self, Event, Head};
use super::super::jobs::{self, Kind};
use super::super::tx::Tx;
use super::posts::Posts;
use super::{Finding, Gather};

/// What the events say ought to be there.
#[derive(Default)]
pub(super) struct Told {
    /// By table and key, the digest of the row.
    pub(super) rows: BTreeMap<String, BTreeMap<String, String>>,
    /// By case, where it ought to stand.
    pub(super) cases: BTreeMap<String, Stand>,
    /// Kind and key of every job that was promised.
    pub(super) jobs: BTreeSet<(&'static str, String)>,
    /// Numbers that records had before they were taken over.
    pub(super) taken: BTreeSet<String>,
    /// By receipt, the till it was put in and who put it there.
    pub(super) tilled: BTreeMap<String, (String, String)>,
    /// By receipt, the event that took it back.
    pub(super) taken_back: BTreeMap<String, i64>,
    /// By receipt and place, the event with which the bank sent one part of it back.
    pub(super) returned: BTreeMap<(String, usize), i64>,
    /// By till, the event that counted it last, and who did.
    pub(super) counted: BTreeMap<String, (i64, String)>,
    /// What is wrong with the story the events tell of a case: case, what.
    pub(super) breaks: Vec<(String, String)>,
    /// What is wrong with the times that they set: case, what.
    pub(super) clocks: Vec<(String, String)>,
    /// Who held which post, and who acted without one.
    pub(super) posts: Posts,
}

/// Where a case stands, by its events.
#[derive(Default)]
pub(super) struct Stand {
    pub(super) version: i64,
    pub(super) state: String,
    pub(super) assignee: Option<String>,
    pub(super) number: Option<String>,
    /// By demand, what was paid of it, in paise.
    pub(super) paid: BTreeMap<i64, i64>,
    /// The service that opened it.
    pub(super) service: String,
    /// The citizen who acted as its applicant, since it may last have become somebody else's.
    pub(super) applied: Option<String>,
    /// When it may have come to where it stands: an action may let a case begin anew where it is.
    pub(super) entered: Vec<i64>,
    pub(super) due_ms: Option<i64>,
    pub(super) promised_ms: Option<i64>,
}

/// Walks the chain from its beginning to its end.
pub(super) async fn check(tx: &mut Tx, anchor: Option<&Head>, findings: &mut Vec<Finding>) -> Result<Told> {
    let end = events::head(tx).await?;
    let tenant = tx.tenant().to_owned();
    let (mut told, mut bad, mut last) =
        (Told::default(), Gather::new("chain", "events"), Head { seq: 0, hash: String::new() });
    let mut anchored = anchor.is_none_or(|anchor| anchor.seq == 0);
    tx.each(events::select_all(), Vec::new(), |row| {
        let seq = row.int(0)?;
        match events::read(row) {
            Ok(event) => {
                if seq != last.seq + 1 {
                    bad.add(seq.to_string(), format!("follows event {}: {} are missing", last.seq, seq - last.seq - 1));
                } else if event.previous_hash != last.hash {
                    bad.add(seq.to_string(), "does not carry the hash of the event before it");
                } else if events::expected_hash(&tenant, row)? != event.hash {
                    bad.add(seq.to_string(), "is not what was hashed");
                }
                anchored |= anchor.is_some_and(|anchor| (anchor.seq, &anchor.hash) == (seq, &event.hash));
                told.hear(&event);
                last = Head { seq, hash: event.hash };
            }
            Err(error) => {
                bad.add(seq.to_string(), format!("cannot be read: {error}"));
                last = Head { seq, hash: row.text(10)? };
            }
        }
        Ok(())
    })
    .await?;
    if last != end {
        bad.add(end.seq.to_string(), format!("ought to be the last event, but the last is {}", last.seq));
    }
    if let (false, Some(anchor)) = (anchored || !connectors::control::holds("aud_02_anchor"), anchor) {
        bad.add(anchor.seq.to_string(), "is not the event that was published with this number");
    }
    bad.end(findings);
    Ok(told)
}

impl Told {
    fn hear(&mut self, event: &Event) {
        for mark in event.outcome["rows"].as_array().into_iter().flatten() {
            if let (Some(table), Some(key), Some(digest)) = (mark[0].as_str(), mark[1].as_str(), mark[2].as_str()) {
                self.rows.entry(table.to_owned()).or_default().insert(key.to_owned(), digest.to_owned());
            }
        }
        if event.command["word"] == "take_over" {
            self.taken.extend(event.command["number"].as_str().map(str::to_owned));
        }
        self.hear_of_tills(event);
        if let (Some(case), Some(version)) = (&event.case, event.version) {
            self.hear_of_case(event, case, version);
            self.hear_of_clock(event, case);
            if let Some(stand) = self.cases.get_mut(case) {
                self.posts.hear_of_applicant(event, &mut stand.applied);
            }
        }
        let case = event.case.as_ref().and_then(|case| self.cases.get(case));
        self.posts.hear(event, case.map(|stand| stand.service.as_str()));
    }

    fn hear_of_tills(&mut self, event: &Event) {
        let receipt = &event.outcome["receipt"];
        if let Some(number) = receipt["number"].as_str() {
            if receipt["cancelled"] == true {
                self.taken_back.insert(number.to_owned(), event.seq);
            } else if event.command["word"] == "cancel_receipt" {
                let part = event.command["part"].as_u64().and_then(|part| usize::try_from(part).ok()).unwrap_or(0);
                self.returned.insert((number.to_owned(), part), event.seq);
            } else if let Some(till) = receipt["till"].as_str() {
                self.tilled.insert(number.to_owned(), (till.to_owned(), event.actor.clone()));
            }
        }
        if event.command["word"] == "count_till"
            && let Some(till) = event.command["facts"]["till"].as_str()
        {
            self.counted.insert(till.to_owned(), (event.seq, event.actor.clone()));
        }
    }

    fn hear_of_case(&mut self, event: &Event, case: &str, version: i64) {
        let outcome = &event.outcome;
        let new = !self.cases.contains_key(case);
        let stand = self.cases.entry(case.to_owned()).or_default();
        if new != outcome["from"].is_null() {
            self.breaks.push((case.to_owned(), format!("event {} does not follow the one that opened it", event.seq)));
        } else if !new && version != stand.version + 1 {
            self.breaks.push((
                case.to_owned(),
                format!("event {} leads from version {} to {version}", event.seq, stand.version),
            ));
        } else if !new && outcome["from"].as_str() != Some(&stand.state) {
            self.breaks.push((
                case.to_owned(),
                format!("event {} begins in {}, not in `{}`", event.seq, outcome["from"], stand.state),
            ));
        }
        let text = |json: &Json| json.as_str().map(str::to_owned);
        if new {
            stand.service = text(&event.command["service"]).unwrap_or_default();
        }
        stand.version = version;
        stand.state = text(&outcome["to"]).unwrap_or_default();
        stand.assignee = text(&outcome["case"]["assignee"]);
        stand.number = text(&outcome["case"]["number"]);
        for demand in outcome["demands"].as_array().into_iter().flatten() {
            let paid = demand["lines"].as_array().into_iter().flatten().filter_map(|line| line[2].as_i64()).sum();
            stand.paid.insert(demand["seq"].as_i64().unwrap_or_default(), paid);
        }
        for order in outcome["notices"].as_array().into_iter().flatten() {
            let name = format!("{}:{}", order[0].as_str().unwrap_or_default(), order[1].as_str().unwrap_or_default());
            self.jobs.insert((Kind::Notice.word(), jobs::key_of(case, version, &name)));
        }
        for document in outcome["papers"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            self.jobs.insert((Kind::Paper.word(), jobs::key_of(case, version, document)));
        }
        for page in outcome["asks"].as_array().into_iter().flatten().filter_map(|order| order[0].as_str()) {
            self.jobs.insert((Kind::Program.word(), jobs::key_of(case, version, page)));
        }
    }

    /// The times of a case are set when it comes to where it stands, or by an action; by nothing else.
    fn hear_of_clock(&mut self, event: &Event, case: &str) {
        let Some(stand) = self.cases.get_mut(case) else { return };
        let outcome = &event.outcome;
        let (due_ms, promised_ms) = (outcome["case"]["due_ms"].as_i64(), outcome["case"]["promised_ms"].as_i64());
        let moves = outcome["from"] != outcome["to"];
        if moves {
            stand.entered.clear();
        }
        if moves || !outcome["action"].is_null() {
            stand.entered.push(event.at_ms);
        } else if (due_ms, promised_ms) != (stand.due_ms, stand.promised_ms) {
            self.clocks.push((case.to_owned(), format!("event {} sets other times, and moves nothing", event.seq)));
        }
        (stand.due_ms, stand.promised_ms) = (due_ms, promised_ms);
    }
}

//! The stored form of the engine's types: JSON documents that carry their version as `"v": 1`.
//!
//! The engine's own types are not serialised as they stand, so that they may change while stored
//! documents stay readable: a new form gets a new version here, and its reader beside the old one.

use engine::base::date::parse_day;
use engine::base::{Answers, Day, Money, Name};
use engine::billing::{
    Charged, Demand, DemandLine, DemandNote, DemandStatus, Instrument, NoteKind, Part, Payment, Period, Receipt,
};
use engine::case::{Answering, Asked, Child, Command, Flag};
use engine::fees::{RateUsed, Step, Steps};
use engine::notice::Recipient;
use engine::reserve::{Reserved, Slot};
use engine::workflow::End;
use serde_json::{Value as Json, json};

use super::error::{Error, Result};
use super::kept::Given;
use super::written;

/// Answers as one text, for those who wait: the tree of them takes several times the memory.
pub fn packed(answers: &Answers) -> Box<str> {
    written::answers(answers).into()
}

/// Reads what [`packed`] wrote.
pub fn unpacked(text: &str) -> Result<Answers> {
    let given: Given = serde_json::from_str(text).map_err(|error| Error::Corrupt(format!("answers: {error}")))?;
    Ok(given.0)
}

/// What was marked, each as page, question and remark.
pub(super) fn flags(flags: &[Flag]) -> Json {
    flags.iter().map(|flag| json!([flag.page.as_str(), flag.field.as_ref().map(Name::as_str), flag.remark])).collect()
}

/// Reads what [`flags`] wrote.
pub fn read_flags(body: &Json) -> Result<Vec<Flag>> {
    let flag = |flag: &Json| -> Result<Flag> {
        let field = if flag[1].is_null() { None } else { Some(name(&flag[1])?) };
        Ok(Flag { page: name(&flag[0])?, field, remark: string(&flag[2])? })
    };
    body.as_array().into_iter().flatten().map(flag).collect()
}

/// The cases that a case opened, each as name, key, service, end and the number of its record.
pub(super) fn children(children: &[Child]) -> Json {
    let child =
        |child: &Child| json!([child.name.as_str(), child.case, child.service, child.end.map(End::word), child.record]);
    children.iter().map(child).collect()
}

/// Reads what [`children`] wrote.
pub fn read_children(body: &Json) -> Result<Vec<Child>> {
    let child = |child: &Json| -> Result<Child> {
        let end = match child[3].as_str() {
            None => None,
            Some(word) => {
                Some(End::of_word(word).ok_or_else(|| Error::Corrupt(format!("a case that ended `{word}`")))?)
            }
        };
        let record = child[4].as_str().map(str::to_owned);
        Ok(Child { name: name(&child[0])?, case: string(&child[1])?, service: string(&child[2])?, end, record })
    };
    body.as_array().into_iter().flatten().map(child).collect()
}

/// The pages that programs were asked to answer, each as name, version and what became of it.
pub(super) fn programs(programs: &[Asked]) -> Json {
    programs.iter().map(|asked| json!([asked.page.as_str(), asked.version, asked.stands.word()])).collect()
}

/// Reads what [`programs`] wrote.
pub fn read_programs(body: &Json) -> Result<Vec<Asked>> {
    let asked = |asked: &Json| -> Result<Asked> {
        let word = string(&asked[2])?;
        let stands = Answering::of_word(&word).ok_or_else(|| Error::Corrupt(format!("a program that `{word}`")))?;
        let version = asked[1].as_i64().ok_or_else(|| Error::Corrupt("a program that no version asked".to_owned()))?;
        Ok(Asked { page: name(&asked[0])?, version, stands })
    };
    body.as_array().into_iter().flatten().map(asked).collect()
}

/// What a case has of the places in calendars: name, until when, and each place.
pub(super) fn reserved(reserved: &[Reserved]) -> Json {
    let slot =
        |slot: &Slot| json!([slot.calendar.as_str(), slot.resource, slot.day.to_string(), slot.part, slot.place]);
    let one = |one: &Reserved| json!([one.name.as_str(), one.until_ms, one.slots.iter().map(slot).collect::<Vec<_>>()]);
    reserved.iter().map(one).collect()
}

/// Reads what [`reserved`] wrote.
pub(super) fn read_reserved(body: &Json) -> Result<Vec<Reserved>> {
    let slot = |slot: &Json| -> Result<Slot> {
        Ok(Slot {
            calendar: name(&slot[0])?,
            resource: string(&slot[1])?,
            day: day(&slot[2])?,
            part: string(&slot[3])?,
            place: whole(&slot[4])?,
        })
    };
    let one = |one: &Json| -> Result<Reserved> {
        let until_ms = if one[1].is_null() { None } else { Some(whole(&one[1])?) };
        let slots = one[2].as_array().into_iter().flatten().map(slot).collect::<Result<_>>()?;
        Ok(Reserved { name: name(&one[0])?, until_ms, slots })
    };
    body.as_array().into_iter().flatten().map(one).collect()
}

/// The word for why a demand was changed.
pub fn note_word(kind: NoteKind) -> &'static str {
    match kind {
        NoteKind::Revision => "revision",
        NoteKind::Amendment => "amendment",
        NoteKind::Dishonour => "dishonour",
    }
}

pub(super) fn read_notes(body: &Json) -> Result<Vec<DemandNote>> {
    let note = |body: &Json| -> Result<DemandNote> {
        Ok(DemandNote {
            kind: match body["kind"].as_str() {
                Some("revision") => NoteKind::Revision,
                Some("amendment") => NoteKind::Amendment,
                Some("dishonour") => NoteKind::Dishonour,
                _ => return Err(Error::Corrupt("a note of no kind".to_owned())),
            },
            on: day(&body["on"])?,
            heads: read_heads(body)?,
            steps: read_steps(body, "")?,
        })
    };
    body.as_array().into_iter().flatten().map(note).collect()
}

/// Heads and amounts, in order.
fn heads(heads: &[(Name, Money)]) -> Vec<Json> {
    heads.iter().map(|(head, amount)| json!([head.as_str(), amount.paise()])).collect()
}

fn read_heads(body: &Json) -> Result<Vec<(Name, Money)>> {
    let head = |part: &Json| -> Result<(Name, Money)> { Ok((name(&part[0])?, money(&part[1])?)) };
    list(body, "heads")?.iter().map(head).collect()
}

/// The word for where a demand stands.
pub fn status_word(status: DemandStatus) -> &'static str {
    match status {
        DemandStatus::Open => "open",
        DemandStatus::Settled => "settled",
        DemandStatus::Cancelled => "cancelled",
    }
}

/// Reads what [`super::written::demand`] wrote.
pub fn read_demand(body: &Json) -> Result<Demand> {
    let line = |line: &Json| -> Result<DemandLine> {
        Ok(DemandLine { head: name(&line[0])?, amount: money(&line[1])?, paid: money(&line[2])? })
    };
    let authority = string(&body["authority"])?;
    Ok(Demand {
        seq: counter(&body["seq"])?,
        raised_on: day(&body["raised_on"])?,
        due_on: day(&body["due_on"])?,
        period: match &body["period"] {
            Json::Null => None,
            ends => Some(Period { from: day(&ends[0])?, until: day(&ends[1])? }),
        },
        opening: body["opening"] == true,
        lines: list(body, "lines")?.iter().map(line).collect::<Result<_>>()?,
        status: match body["status"].as_str() {
            Some("open") => DemandStatus::Open,
            Some("settled") => DemandStatus::Settled,
            Some("cancelled") => DemandStatus::Cancelled,
            _ => return Err(Error::Corrupt("a demand without a status".to_owned())),
        },
        steps: read_steps(body, &authority)?,
        rates_from: day(&body["rates_from"])?,
        authority,
        notes: read_notes(&body["notes"])?,
        answers: (!body["answers"].is_null()).then(|| Answers::from_json(&body["answers"])),
    })
}

/// The steps of an assessment with the rates of `authority`; an event tells of a demand without them.
fn read_steps(body: &Json, authority: &str) -> Result<Steps> {
    let steps = body["steps"].as_array().into_iter().flatten().map(|step| read_step(step, authority));
    Ok(steps.collect::<Result<Vec<Step>>>()?.into())
}

/// A step; what looked nothing up and rounded nothing does not say so, and a rate without an authority is of
/// that of the whole.
fn read_step(body: &Json, authority: &str) -> Result<Step> {
    let rate = |rate: &Json| -> Result<RateUsed> {
        let authority = if rate[2].is_null() { authority.to_owned() } else { string(&rate[2])? };
        Ok(RateUsed { name: string(&rate[0])?, value: string(&rate[1])?, authority })
    };
    let rounded = match &body["rounded"] {
        Json::Null => None,
        pair => Some((string(&pair[0])?, string(&pair[1])?)),
    };
    let rates = body["rates"].as_array().into_iter().flatten().map(rate).collect::<Result<_>>()?;
    Ok(Step { name: string(&body["name"])?, value: string(&body["value"])?, rates, rounded })
}

/// The stored form of a receipt.
pub fn receipt(receipt: &Receipt) -> Json {
    let applied: Vec<Json> =
        receipt.applied.iter().map(|(demand, head, amount)| json!([demand, head.as_str(), amount.paise()])).collect();
    let mut body = json!({
        "v": 1,
        "number": receipt.number,
        "payment": payment(&receipt.payment),
        "on": receipt.on.to_string(),
        "charged": charges(&receipt.charged),
        "applied": applied,
        "unapplied": receipt.unapplied.paise(),
        "cancelled": receipt.cancelled,
    });
    if !receipt.refunded.is_zero() {
        body["refunded"] = json!(receipt.refunded.paise());
    }
    if let Some(till) = &receipt.till {
        body["till"] = json!(till);
    }
    if !receipt.returned.is_empty() {
        body["returned"] = json!(receipt.returned);
    }
    body
}

/// Reads what [`receipt`] wrote.
pub fn read_receipt(body: &Json) -> Result<Receipt> {
    let applied =
        |part: &Json| -> Result<(u32, Name, Money)> { Ok((counter(&part[0])?, name(&part[1])?, money(&part[2])?)) };
    Ok(Receipt {
        number: string(&body["number"])?,
        payment: read_payment(&body["payment"])?,
        on: day(&body["on"])?,
        till: body["till"].as_str().map(str::to_owned),
        charged: match &body["charged"] {
            Json::Null => Vec::new(),
            Json::Array(all) => all.iter().map(read_charged).collect::<Result<_>>()?,
            one => vec![read_charged(one)?],
        },
        applied: list(body, "applied")?.iter().map(applied).collect::<Result<_>>()?,
        unapplied: money(&body["unapplied"])?,
        refunded: if body["refunded"].is_null() { Money::ZERO } else { money(&body["refunded"])? },
        returned: body["returned"].as_array().into_iter().flatten().map(place).collect::<Result<_>>()?,
        cancelled: body["cancelled"]
            .as_bool()
            .ok_or_else(|| Error::Corrupt("a receipt without `cancelled`".to_owned()))?,
    })
}

/// What a receipt fixed: nothing, what it fixed of the one demand, or all of it by demand.
fn charges(all: &[Charged]) -> Json {
    match all {
        [] => Json::Null,
        [one] => charged(one),
        several => several.iter().map(charged).collect(),
    }
}

fn charged(charged: &Charged) -> Json {
    json!({
        "demand": charged.demand,
        "on": charged.on.to_string(),
        "heads": heads(&charged.heads),
        "steps": written::steps(&charged.steps, ""),
    })
}

fn read_charged(body: &Json) -> Result<Charged> {
    Ok(Charged {
        demand: counter(&body["demand"])?,
        on: day(&body["on"])?,
        heads: read_heads(body)?,
        steps: read_steps(body, "")?,
    })
}

/// Money that came by one mode is written as it was when there was no other, key by key: history that is vouched
/// for stays as it is. What came by several has no mode of its own.
fn payment(payment: &Payment) -> Json {
    let mut body = json!({ "key": payment.key, "amount": payment.amount.paise() });
    if let [one] = payment.parts.as_slice() {
        body["mode"] = json!(one.mode);
        body["reference"] = json!(one.reference);
        body["begun_ms"] = json!(payment.begun_ms);
        if let Some(written) = &one.instrument {
            body["instrument"] = instrument(written);
        }
    } else {
        body["begun_ms"] = json!(payment.begun_ms);
        body["parts"] = payment.parts.iter().map(part).collect();
    }
    body
}

fn part(part: &Part) -> Json {
    let mut body = json!({ "amount": part.amount.paise(), "mode": part.mode, "reference": part.reference });
    if let Some(written) = &part.instrument {
        body["instrument"] = instrument(written);
    }
    body
}

fn instrument(instrument: &Instrument) -> Json {
    json!([instrument.number, instrument.bank, instrument.dated.to_string()])
}

/// Reads what [`payment`] wrote.
fn read_payment(body: &Json) -> Result<Payment> {
    let parts = match &body["parts"] {
        Json::Null => vec![read_part(body)?],
        _ => list(body, "parts")?.iter().map(read_part).collect::<Result<_>>()?,
    };
    let (key, begun_ms) = (string(&body["key"])?, whole(&body["begun_ms"])?);
    let payment = Payment { key, amount: money(&body["amount"])?, begun_ms, parts };
    let sum = payment.parts.iter().map(|part| i128::from(part.amount.paise())).sum::<i128>();
    if sum == i128::from(payment.amount.paise()) {
        return Ok(payment);
    }
    Err(Error::Corrupt(format!("a payment of {} whose parts are {sum} paise", payment.amount)))
}

fn read_part(body: &Json) -> Result<Part> {
    Ok(Part {
        amount: money(&body["amount"])?,
        mode: string(&body["mode"])?,
        reference: string(&body["reference"])?,
        instrument: read_instrument(&body["instrument"])?,
    })
}

fn read_instrument(body: &Json) -> Result<Option<Instrument>> {
    if body.is_null() {
        return Ok(None);
    }
    Ok(Some(Instrument { number: string(&body[0])?, bank: string(&body[1])?, dated: day(&body[2])? }))
}

/// What was asked, as an event keeps it.
pub fn command(command: &Command) -> Json {
    let word = command.word();
    match command {
        Command::Save { page, answers } => json!({ "v": 1, "word": word, "page": page.as_str(), "answers": answers }),
        Command::Correct { page, answers, reason } => {
            json!({ "v": 1, "word": word, "page": page.as_str(), "answers": answers, "reason": reason })
        }
        Command::Act { action, comment, answers, assignee, seen, flags } => {
            let mut body = json!({
                "v": 1, "word": word, "action": action.as_str(), "comment": comment, "answers": answers, "assignee": assignee.as_ref().map(assigned), "seen": seen,
            });
            if !flags.is_empty() {
                body["flags"] = self::flags(flags);
            }
            body
        }
        Command::Receive(paid) => json!({ "v": 1, "word": word, "payment": payment(paid) }),
        Command::Fill { answers } => json!({ "v": 1, "word": word, "answers": answers }),
        Command::Elapse => json!({ "v": 1, "word": word }),
        Command::Period { day } | Command::Turn { day } => json!({ "v": 1, "word": word, "day": day.to_string() }),
        Command::Migrate { from } => json!({ "v": 1, "word": word, "from": from }),
        Command::TakeOver(taken) => {
            json!({ "v": 1, "word": word, "source": taken.source, "number": taken.number })
        }
        Command::Child { case, end, record } => {
            json!({ "v": 1, "word": word, "case": case, "end": end.word(), "record": record })
        }
        Command::Void { to } => json!({ "v": 1, "word": word, "to": to.as_str() }),
        Command::Answered { page, asked, answers, by } => json!({
            "v": 1, "word": word, "page": page.as_str(), "asked": asked, "answers": answers,
            "by": { "program": by.name, "version": by.version, "digest": by.digest },
        }),
        Command::Failed { page, asked, why } => {
            json!({ "v": 1, "word": word, "page": page.as_str(), "asked": asked, "why": why })
        }
        Command::Offer { to } => json!({ "v": 1, "word": word, "to": to }),
        Command::TakeUp { mine, language } => json!({ "v": 1, "word": word, "mine": mine, "language": language }),
        Command::Assign { to } => json!({ "v": 1, "word": word, "to": to.as_ref().map(assigned) }),
        Command::Note { text, to_applicant } => {
            json!({ "v": 1, "word": word, "text": text, "to_applicant": to_applicant })
        }
        Command::Examine { file, fits, reason } => {
            json!({ "v": 1, "word": word, "file": file, "fits": fits, "reason": reason })
        }
        Command::CancelReceipt { receipt, reason, asked_by, dishonoured } => {
            let mut body = json!({ "v": 1, "word": word, "receipt": receipt, "reason": reason, "asked_by": asked_by });
            if let Some(part) = dishonoured {
                body["dishonoured"] = json!(true);
                if *part > 0 {
                    body["part"] = json!(part);
                }
            }
            body
        }
    }
}

/// Who was named, and by which roles.
fn assigned(assignee: &engine::case::Assignee) -> Json {
    json!({ "person": assignee.person, "roles": assignee.roles.iter().map(Name::as_str).collect::<Vec<_>>() })
}

/// The word for who is told: `applicant`, `assignee`, `offered`, `role:verifier`.
pub fn recipient(to: &Recipient) -> String {
    match to {
        Recipient::Applicant => "applicant".to_owned(),
        Recipient::Assignee => "assignee".to_owned(),
        Recipient::Offered => "offered".to_owned(),
        Recipient::Role(role) => format!("role:{role}"),
    }
}

/// Reads what [`recipient`] wrote.
pub fn read_recipient(word: &str) -> Option<Recipient> {
    match word {
        "applicant" => Some(Recipient::Applicant),
        "assignee" => Some(Recipient::Assignee),
        "offered" => Some(Recipient::Offered),
        _ => word.strip_prefix("role:").map(|role| Recipient::Role(Name::new(role))),
    }
}

/// Parses a stored document of version 1; `what` names it if it is broken.
pub(super) fn parse(text: &str, what: &str) -> Result<Json> {
    let body: Json = serde_json::from_str(text).map_err(|error| Error::Corrupt(format!("{what}: {error}")))?;
    if body["v"] == 1 { Ok(body) } else { Err(Error::Corrupt(format!("{what}: version {} is unknown", body["v"]))) }
}

fn list<'a>(body: &'a Json, key: &str) -> Result<&'a Vec<Json>> {
    body[key].as_array().ok_or_else(|| Error::Corrupt(format!("`{key}` is no list")))
}

fn string(json: &Json) -> Result<String> {
    json.as_str().map(str::to_owned).ok_or_else(|| Error::Corrupt(format!("`{json}` is no text")))
}

fn name(json: &Json) -> Result<Name> {
    json.as_str().map(Name::new).ok_or_else(|| Error::Corrupt(format!("`{json}` is no name")))
}

fn whole(json: &Json) -> Result<i64> {
    json.as_i64().ok_or_else(|| Error::Corrupt(format!("`{json}` is no whole number")))
}

fn counter(json: &Json) -> Result<u32> {
    whole(json)?.try_into().map_err(|_| Error::Corrupt(format!("`{json}` is no counter")))
}

fn place(json: &Json) -> Result<usize> {
    whole(json)?.try_into().map_err(|_| Error::Corrupt(format!("`{json}` is no place")))
}

fn money(json: &Json) -> Result<Money> {
    Money::from_paise(whole(json)?).ok_or_else(|| Error::Corrupt(format!("`{json}` is no amount")))
}

fn day(json: &Json) -> Result<Day> {
    json.as_str().and_then(parse_day).ok_or_else(|| Error::Corrupt(format!("`{json}` is no day")))
}

//! `/{tenant}/desk/receipts/{receipt}`: a receipt, its print, and taking it back by two people.

use std::sync::Arc;

use engine::base::Money;
use engine::billing::Receipt;
use engine::case::{Actor, ActorKind, Case, Command, Context, Outcome, Refusal, decide, owed_on};
use engine::registry::Record;
use engine::service::Service;
use engine::workflow::{Once, Trigger};
use ui_gen::Page;
use ui_gen::view::common::{ErrorLink, Link, Row, Tag, Tone};
use ui_gen::view::counter::{CancelReceipt, DeskReceipt};
use ui_gen::view::field::{FieldView, Input, Text};

use super::names::Names;
use super::reader::Reader;
use super::rows::href;
use super::view_case::state_of;
use super::{cancel_why, preview, scope, view_money};
use crate::act;
use crate::around::known_as;
use crate::finding;
use crate::http::ask::{Answer, Ask};
use crate::http::taken_back;
use crate::problem::Problem;
use crate::store::cancellations::{self, Cancellation};
use crate::store::events::{self, Event};
use crate::store::receipts::{self, Kept};
use crate::store::tills::{self, Till, TillState};
use crate::store::{By, Tx, cases, vouchers};

/// A receipt with the case it belongs to.
pub(crate) struct Found {
    pub(crate) kept: Kept,
    pub(crate) case: Case,
    pub(crate) service: Arc<Service>,
    pub(crate) record: Option<Record>,
    pub(crate) actor: Actor,
    /// Whether whoever asks applied.
    own: bool,
    asked: Option<Cancellation>,
    /// The till that the money was put in.
    till: Option<Till>,
    /// The places of cheques and drafts that pay for other receipts as well, with the numbers of those.
    others: Vec<(usize, Vec<String>)>,
    history: Vec<Event>,
    names: Names,
}

impl Found {
    /// The receipt in the address; for whoever holds no role for its case there is none.
    pub(crate) async fn load(ask: &Ask) -> Result<Self, Problem> {
        let (tenant, employee) = (ask.tenant(), ask.employee()?);
        let mut tx = ask.app.store.read(&tenant.id).await?;
        let kept = receipts::find(&mut tx, ask.param("receipt")).await?.ok_or(Problem::NotFound)?;
        let case = cases::load(&mut tx, &kept.case).await?.ok_or(Problem::NotFound)?;
        let record = act::subject(&mut tx, &case).await?;
        let asked = cancellations::find(&mut tx, &kept.receipt.number).await?;
        let till = match &kept.receipt.till {
            Some(number) => tills::find(&mut tx, number).await?,
            None => None,
        };
        let others = others(&mut tx, &kept.receipt).await?;
        let history = events::history(&mut tx, &case.id).await?;
        drop(tx);
        let service = ask.app.service_of(tenant, &case.definition).await?;
        let actor = scope::actor(tenant, employee, &case.service, finding::place(&service.form, &case.answers));
        if actor.roles.is_empty() && !employee.audits() {
            return Err(Problem::NotFound);
        }
        let mut tx = ask.app.store.read(&tenant.id).await?;
        let own = known_as(&mut tx, tenant, &actor).await?.as_deref() == Some(case.applicant.as_str());
        drop(tx);
        let mut people: Vec<String> = history.iter().map(|event| event.actor.clone()).collect();
        people.push(case.applicant.clone());
        people
            .extend(asked.iter().flat_map(|asked| [Some(asked.asked_by.clone()), asked.decided_by.clone()]).flatten());
        let names = Names::load(&ask.app, tenant, people).await?;
        Ok(Self { kept, case, service, record, actor, own, asked, till, others, history, names })
    }

    /// The request that nobody has decided yet.
    fn waiting(&self) -> Option<&Cancellation> {
        self.asked.as_ref().filter(|asked| asked.state == "asked" && !self.kept.receipt.cancelled)
    }

    /// The event that took the money.
    fn taken(&self) -> Option<&Event> {
        self.history
            .iter()
            .find(|event| event.command["payment"]["key"].as_str() == Some(&self.kept.receipt.payment.key))
    }

    /// Whether the actor may decide on a cancellation: nobody does on an own application.
    fn may_decide(&self) -> bool {
        !self.own && self.service.billing.as_ref().is_some_and(|billing| billing.cancelled_by(&self.actor.roles))
    }

    /// Whether the actor may ask for one: whoever takes money, or may decide.
    fn may_ask(&self) -> bool {
        let collects = || self.service.billing.as_ref().is_some_and(|billing| billing.collected_by(&self.actor.roles));
        self.may_decide() || (!self.own && collects())
    }

    /// Whether the bank sent back what lies at this place.
    fn came_back(&self, place: usize) -> bool {
        let receipt = &self.kept.receipt;
        let agreed = |asked: &Cancellation| asked.state == "agreed" && asked.dishonoured == Some(place);
        receipt.returned.contains(&place) || (receipt.cancelled && self.asked.as_ref().is_some_and(agreed))
    }

    fn cancel_href(&self, reader: &Reader<'_>) -> String {
        format!("{}/cancel", view_money::receipt_href(reader, &self.kept.receipt.number))
    }
}

/// The places of cheques and drafts of a receipt that pay for other receipts as well, with the numbers of those.
async fn others(tx: &mut Tx, receipt: &Receipt) -> Result<Vec<(usize, Vec<String>)>, Problem> {
    let mut others = Vec::new();
    for (place, part) in receipt.payment.parts.iter().enumerate() {
        let Some(instrument) = &part.instrument else { continue };
        let numbers = receipts::by_same_instrument(tx, instrument, receipt.on, &receipt.number).await?;
        if !numbers.is_empty() {
            others.push((place, numbers));
        }
    }
    Ok(others)
}

/// What is to be known of cheques and drafts that pay for other receipts as well. Of a receipt that was taken back only
/// what of it was not honoured matters: the rest may have been taken anew.
fn shared(reader: &Reader<'_>, found: &Found) -> Vec<String> {
    let receipt = &found.kept.receipt;
    let of = |(place, numbers): &(usize, Vec<String>)| {
        let key = match (found.came_back(*place), receipt.cancelled) {
            (true, _) => "receipt.came_back_too",
            (false, false) => "receipt.pays_too",
            (false, true) => return None,
        };
        let cheque = &receipt.payment.parts.get(*place)?.reference;
        Some(reader.say(key, &[("cheque", cheque), ("receipts", &numbers.join(", "))]))
    };
    found.others.iter().filter_map(of).collect()
}

/// `GET /{tenant}/desk/receipts/{receipt}`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let found = Found::load(ask).await?;
    let (reader, receipt) = (Reader::of(ask), &found.kept.receipt);
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let posted = vouchers::by_case(&mut tx, &found.case.id).await?;
    drop(tx);
    let of_receipt: Vec<i64> = found
        .history
        .iter()
        .filter(|event| event.outcome["receipt"]["number"].as_str() == Some(&receipt.number))
        .map(|event| event.seq)
        .collect();
    let (cancel, cancel_text, cancel_why) = cancelling(&reader, &found);
    let view = DeskReceipt {
        number: receipt.number.clone(),
        state: state(&reader, &found),
        rows: rows(&reader, &found),
        lines: view_money::settled(&reader, &found.service, receipt),
        total: reader.money(receipt.stands()),
        in_words: reader.in_words(receipt.stands()),
        vouchers: posted
            .iter()
            .filter(|voucher| of_receipt.contains(&voucher.event))
            .map(|voucher| view_money::posted(&reader, &found.service, voucher))
            .collect(),
        print: print(&reader, &found),
        print_detail: "PDF, A5".to_owned(),
        printed: printed(&reader, found.kept.printed),
        cancel,
        cancel_text,
        cancel_why,
    };
    let mut shown = ask.page(Page::DeskReceipt(view)).back(href(&reader, &found.case.id));
    let change = ask.query("change")?.parse().ok().and_then(Money::from_paise).filter(|change| change.paise() > 0);
    if let Some(change) = change {
        shown = shown.notice(Tone::Info, reader.say("collect.change", &[("amount", &reader.money(change))]));
    }
    for text in shared(&reader, &found) {
        shown = shown.notice(Tone::Warn, text);
    }
    shown.answer()
}

fn state(reader: &Reader<'_>, found: &Found) -> Tag {
    match found.waiting() {
        Some(_) => Tag::new(reader.get("receipt.waiting"), Tone::Warn),
        None => view_money::receipt_state(reader, &found.kept.receipt),
    }
}

/// Where the receipt is printed; one that was taken back is not printed any more. Prints are counted, so
/// whoever only reads makes none.
fn print(reader: &Reader<'_>, found: &Found) -> String {
    if found.actor.roles.is_empty()
        || found.kept.receipt.cancelled
        || found.service.document(engine::document::RECEIPT).is_none()
    {
        return String::new();
    }
    format!("{}/print", view_money::receipt_href(reader, &found.kept.receipt.number))
}

fn printed(reader: &Reader<'_>, times: i64) -> String {
    if times == 0 { String::new() } else { reader.say("receipt.printed", &[("n", &times.to_string())]) }
}

fn rows(reader: &Reader<'_>, found: &Found) -> Vec<Row> {
    let (receipt, case) = (&found.kept.receipt, &found.case);
    let number = Row {
        key: reader.get("receipt.for"),
        links: vec![Link::new(
            href(reader, &case.id),
            format!("{}, {}", case.number.clone().unwrap_or_default(), reader.text(&found.service.title)),
        )],
        ..Row::default()
    };
    let taken = found.taken();
    let by = taken.map(|event| found.names.actor(reader, &event.actor_kind, &event.actor)).unwrap_or_default();
    let mut rows = vec![
        Row::new(reader.get("receipt.payer"), found.names.applicant(&case.applicant, found.actor.roles.is_empty())),
        number,
        Row::new(
            reader.get("money.when"),
            taken.map_or_else(|| reader.day(receipt.on), |event| reader.moment(event.at_ms)),
        ),
    ];
    rows.extend(paid_by(reader, receipt));
    rows.push(Row::new(reader.get("receipt.taken_by"), by));
    let owed = owed_on(&found.service, case, reader.now.day());
    if !owed.is_zero() && !receipt.cancelled {
        let address = format!("{}/collect", href(reader, &case.id));
        let links = vec![Link::new(address, reader.say("receipt.take_rest", &[("amount", &reader.money(owed))]))];
        rows.push(Row { key: reader.get("receipt.still_owed"), links, ..Row::default() });
    }
    if let Some(number) = &receipt.till {
        rows.push(Row::new(reader.get("till.one"), number.clone()));
    }
    if let Some(asked) = &found.asked {
        rows.extend(asked_rows(reader, found, asked));
    }
    rows.retain(|row| !row.lines.is_empty() || !row.links.is_empty());
    rows
}

/// How it was paid: one mode with its reference, or a line for each part.
fn paid_by(reader: &Reader<'_>, receipt: &Receipt) -> [Row; 2] {
    let (key, parts) = (reader.get("money.mode"), reader.parts(receipt));
    if parts.is_empty() {
        let reference = Row::new(reader.get("receipt.reference"), receipt.reference());
        return [Row::new(key, reader.modes(receipt)), reference];
    }
    [Row { key, lines: parts, ..Row::default() }, Row::default()]
}

fn asked_rows(reader: &Reader<'_>, found: &Found, asked: &Cancellation) -> Vec<Row> {
    let by = format!("{}, {}", found.names.officer(&asked.asked_by), reader.moment(asked.at_ms));
    let mut rows = vec![
        Row::new(reader.get("receipt.asked_by"), by),
        Row::new(reader.get("receipt.reason"), taken_back::shown(reader.words, &asked.reason)),
    ];
    if let Some(decided) = &asked.decided_by {
        let key = if asked.state == "agreed" { "receipt.agreed_by" } else { "receipt.refused_by" };
        rows.push(Row::new(reader.get(key), found.names.officer(decided)));
        rows.push(Row::new(reader.get("receipt.answer"), asked.answer.clone().unwrap_or_default()));
    }
    rows
}

/// The link to the cancellation, or why there is none.
fn cancelling(reader: &Reader<'_>, found: &Found) -> (Option<String>, String, String) {
    if found.kept.receipt.cancelled {
        return (None, String::new(), String::new());
    }
    match found.waiting() {
        Some(asked) if asked.asked_by == found.actor.person => {
            (None, String::new(), reader.get("receipt.second_person"))
        }
        Some(_) if found.may_decide() => (Some(found.cancel_href(reader)), reader.get("receipt.decide"), String::new()),
        None if found.may_ask() => (Some(found.cancel_href(reader)), reader.get("receipt.ask"), String::new()),
        _ => (None, String::new(), String::new()),
    }
}

/// `GET /{tenant}/desk/receipts/{receipt}/cancel`
pub(crate) async fn cancel_page(ask: &Ask) -> Answer {
    let found = Found::load(ask).await?;
    draw(ask, &found, "", "", 200).await
}

async fn draw(ask: &Ask, found: &Found, typed: &str, wrong: &str, status: u16) -> Answer {
    let reader = Reader::of(ask);
    if found.kept.receipt.cancelled {
        return Err(Refusal::NoSuchReceipt.into());
    }
    if found.own {
        return Err(Refusal::OwnCase.into());
    }
    let waiting = found.waiting();
    let deciding = waiting.is_some();
    if waiting.is_some_and(|asked| asked.asked_by == found.actor.person) {
        return Err(Refusal::SamePersonAsked.into());
    }
    if !deciding && !found.may_ask() {
        return Err(Refusal::NotYourRole.into());
    }
    let (command, outcome) = tried(ask, found, waiting)?;
    let beyond = if deciding {
        preview::beyond(ask, &found.actor, (&*found.service, &command), (&found.case, &outcome)).await?
    } else {
        None
    };
    let mut rows = vec![Row::new(reader.get("collect.amount"), reader.money(found.kept.receipt.stands()))];
    rows.extend(self::rows(&reader, found));
    let text = Text { rows: 3, max_length: 500, ..Text::new(typed) };
    let answer = FieldView::new("reason", reader.get("receipt.answer"), Input::Textarea(text)).error(wrong);
    let answer = vec![answer.hint(reader.get("receipt.answer_hint")).optional()];
    let fields = if deciding { answer } else { cancel_why::fields(ask, &reader, &found.kept.receipt, wrong)? };
    let view = CancelReceipt {
        number: found.kept.receipt.number.clone(),
        deciding,
        rows,
        vouchers: outcome
            .vouchers
            .iter()
            .map(|voucher| view_money::planned(&reader, &found.service, voucher))
            .collect(),
        text: leads(&reader, found, &outcome),
        fields,
        errors: beyond.into_iter().map(|text| ErrorLink { target: String::new(), text }).collect(),
        action: match waiting {
            Some(asked) => format!("{}?asked={}", found.cancel_href(&reader), asked.at_ms),
            None => found.cancel_href(&reader),
        },
        receipt: view_money::receipt_href(&reader, &found.kept.receipt.number),
    };
    ask.page(Page::CancelReceipt(view))
        .back(view_money::receipt_href(&reader, &found.kept.receipt.number))
        .status(status)
        .answer()
}

/// The cancellation and what it leads to, tried on a copy: by who decides, or by whoever will.
fn tried(ask: &Ask, found: &Found, waiting: Option<&Cancellation>) -> Result<(Command, Outcome), Problem> {
    let reason = Reader::of(ask).get("lead.your_words");
    let asked_by = waiting.map_or(&found.actor.person, |asked| &asked.asked_by).clone();
    let dishonoured = match waiting {
        Some(asked) => asked.dishonoured,
        None => cancel_why::dishonoured(ask, &found.kept.receipt)?,
    };
    let receipt = found.kept.receipt.number.clone();
    let command = Command::CancelReceipt { receipt, reason, asked_by, dishonoured };
    let may = found.service.billing.iter().flat_map(|billing| &billing.cancels).map(|role| role.value.clone());
    let another = Actor { person: String::new(), kind: ActorKind::Employee, roles: may.collect() };
    let actor = if waiting.is_some() { &found.actor } else { &another };
    let context = Context::new(ask.now(), ask.tenant()).about(found.record.as_ref(), Money::ZERO);
    let outcome = decide(&found.service, &found.case, actor, &command, context)?;
    Ok((command, outcome))
}

/// What else it leads to, a sentence each.
fn leads(reader: &Reader<'_>, found: &Found, outcome: &Outcome) -> Vec<String> {
    let owed = owed_on(&found.service, &outcome.case, reader.now.day());
    let parts = reader.parts(&found.kept.receipt);
    let stands = outcome.event.receipt.as_ref().filter(|receipt| !receipt.cancelled).map(Receipt::stands);
    let mut text = match stands {
        Some(stands) => vec![reader.say("receipt.part_falls", &[("amount", &reader.money(stands))])],
        None => vec![reader.get("receipt.number_stays"), of_which_day(reader, found)],
    };
    if stands.is_none() && !parts.is_empty() {
        text.push(reader.say("receipt.all_modes", &[("modes", &parts.join("; "))]));
    }
    if !owed.is_zero() {
        text.push(reader.say("receipt.owed_again", &[("amount", &reader.money(owed))]));
    }
    let state = state_of(&found.service, &outcome.case);
    let about_money = |once: &Once| matches!(once, Once::Paid | Once::Owing);
    let waits_for_money =
        state.actions.iter().any(|action| matches!(&action.trigger, Trigger::Once(once, _) if about_money(once)));
    if !waits_for_money {
        text.push(reader.say("receipt.state_stays", &[("state", reader.text(&state.label))]));
    }
    text.extend(shared(reader, found));
    text.push(reader.get("receipt.applicant_sees"));
    text
}

/// Whether the money is still in the drawer of today, or in the books of a day that is over.
fn of_which_day(reader: &Reader<'_>, found: &Found) -> String {
    let on = found.kept.receipt.on;
    if found.till.as_ref().is_some_and(|till| till.state != TillState::Open) {
        return reader.get("receipt.till_counted");
    }
    let key = if on == reader.now.day() { "receipt.same_day" } else { "receipt.other_day" };
    reader.say(key, &[("day", &reader.day(on))])
}

/// `POST /{tenant}/desk/receipts/{receipt}/cancel`: asks for it, or decides on what somebody else asked.
pub(crate) async fn cancel(ask: &Ask) -> Answer {
    let found = Found::load(ask).await?;
    let to = view_money::receipt_href(&Reader::of(ask), &found.kept.receipt.number);
    if found.kept.receipt.cancelled {
        return ask.redirect(&to);
    }
    if ask.only_shows() {
        return draw(ask, &found, ask.field("reason")?, "", 200).await;
    }
    if found.own {
        return Err(Refusal::OwnCase.into());
    }
    match found.waiting() {
        None if !found.may_ask() => Err(Refusal::NotYourRole.into()),
        // The same button, pressed twice: what was decided took back a part.
        None if !ask.field("decision")?.is_empty() => ask.redirect(&to),
        None => {
            let reason = match cancel_why::chosen(ask, &Reader::of(ask), &found.kept.receipt)? {
                Ok(reason) => reason,
                Err(wrong) => return draw(ask, &found, "", &wrong, 422).await,
            };
            let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
            let (by, number) = (By::new(&found.actor, ask.now().ms), &found.kept.receipt.number);
            let dishonoured = cancel_why::dishonoured(ask, &found.kept.receipt)?;
            cancellations::ask(&mut tx, by, number, &reason, dishonoured).await?;
            tx.commit().await?;
            ask.redirect(&to)
        }
        Some(asked) if asked.asked_by == found.actor.person => Err(Refusal::SamePersonAsked.into()),
        // Another request than the one that was looked at: it is shown first.
        Some(asked) if ask.query("asked")? != asked.at_ms.to_string() => draw(ask, &found, "", "", 200).await,
        Some(asked) => match ask.field("decision")? {
            "approve" => {
                agree(ask, &found, asked).await?;
                ask.redirect(&to)
            }
            "refuse" => {
                let answer = ask.said("reason")?.trim();
                if answer.is_empty() || answer.chars().count() > 500 {
                    return draw(ask, &found, answer, &ask.words().get("receipt.answer_missing"), 422).await;
                }
                refuse(ask, &found, answer).await?;
                ask.redirect(&to)
            }
            _ => Err(Problem::BadRequest("a decision that is none")),
        },
    }
}

/// Takes the receipt back, with its papers, and agrees to the request: all of it or nothing.
async fn agree(ask: &Ask, found: &Found, asked: &Cancellation) -> Result<(), Problem> {
    let receipt = &found.kept.receipt.number;
    let command = Command::CancelReceipt {
        receipt: receipt.clone(),
        reason: asked.reason.clone(),
        asked_by: asked.asked_by.clone(),
        dishonoured: asked.dishonoured,
    };
    let key = format!("cancel:{receipt}:{}", asked.at_ms);
    act::act(&ask.app, ask.tenant(), &found.case.id, &found.actor, &command, Some(&key)).await?;
    Ok(())
}

/// Keeps the receipt.
async fn refuse(ask: &Ask, found: &Found, answer: &str) -> Result<(), Problem> {
    if !found.may_decide() {
        return Err(Refusal::NotYourRole.into());
    }
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let by = By::new(&found.actor, ask.now().ms);
    cancellations::decide(&mut tx, by, &found.kept.receipt.number, false, answer).await?;
    Ok(tx.commit().await?)
}

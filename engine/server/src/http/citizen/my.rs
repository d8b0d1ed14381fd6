//! My applications, and what was issued to me.

use engine::base::{Moment, Money};
use engine::case::Case;
use engine::registry::{Record, RecordStatus};
use engine::service::Service;
use engine::workflow::{Action, State};
use ui_gen::Page;
use ui_gen::view::common::{ActionLink, NavLink, Paper, Tag, Tone};
use ui_gen::view::dues::{DuesHit, Owed};
use ui_gen::view::follow::{CaseCard, MyApplications, RecordCard};

use super::next::ToPay;
use super::{holder, next, tell};
use crate::http::ask::{Answer, Ask};
use crate::http::dues::known;
use crate::http::when;
use crate::problem::Problem;
use crate::store::inbox::CaseRow;
use crate::store::{cases, erasures, papers, records};
use crate::{dues, finding};

/// `GET /{tenant}/my`
pub async fn page(ask: &Ask) -> Answer {
    let citizen = ask.citizen()?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let rows = cases::by_applicant(&mut tx, &citizen.id).await?;
    let erased = erasures::of_applicant(&mut tx, &citizen.id).await?;
    let held = records::by_holder(&mut tx, &citizen.id).await?;
    let mut cards = Vec::new();
    // Of what was never sent and was erased nothing is left to go on with.
    for row in rows.into_iter().filter(|row| row.number.is_some() || !erased.contains(&row.id)) {
        let Some(service) = ask.app.service_among(ask.tenant(), &row.definition).await? else {
            cards.push(bare(ask, &row));
            continue;
        };
        let owed = next::owed(ask, &mut tx, &service, &row).await?;
        let case = cases::load(&mut tx, &row.id).await?;
        let called = case.as_ref().map(|case| finding::called(&service.form, &case.answers)).unwrap_or_default();
        let began = ask.now().with_ms(case.as_ref().map_or(row.entered_ms, Case::clock_began_ms));
        if let Some(card) = card(ask, &service, (&row, called, began), owed) {
            cards.push(card);
        }
    }
    cards.extend(holder::cards(ask, &mut tx, &held).await?);
    let mut issued = Vec::new();
    for record in &held {
        let papers = papers::by_case(&mut tx, &record.case).await?;
        issued.push(record_card(ask, record, &papers));
    }
    drop(tx);
    let owed = owed(ask, held).await?;
    let filter = ask.query("show")?;
    let filters = filters(ask, filter, &cards);
    cards.retain(|(kind, _)| filter.is_empty() || kind.word() == filter);
    let cases = cards.into_iter().map(|(_, card)| card).collect();
    let (profile, account) = (ask.at("/my/profile"), ask.at("/my/account"));
    let view = MyApplications { filters, cases, records: issued, owed, catalogue: ask.at(""), profile, account };
    let shown = ask.page(Page::MyApplications(view));
    match ask.query("done")? {
        "declined" => shown.notice(Tone::Good, ask.words().get("offer.declined")).answer(),
        _ => shown.answer(),
    }
}

/// What is owed on the records that the reader holds, with the way to each bill.
async fn owed(ask: &Ask, held: Vec<Record>) -> Result<Option<Owed>, Problem> {
    let registries = dues::registries(&ask.library, ask.tenant());
    let (mut total, mut records) = (Money::ZERO, Vec::new());
    for record in held.into_iter().filter(|record| registries.iter().any(|name| *record.registry == **name)) {
        let mut tx = ask.app.store.read(&ask.tenant().id).await?;
        let dues = dues::of(&ask.app, &ask.library, ask.tenant(), &mut tx, record).await?;
        drop(tx);
        let owed = dues.bill(ask.now().day())?.total;
        if owed.paise() <= 0 {
            continue;
        }
        total = total + owed;
        records.push(DuesHit {
            href: known::href(ask, &dues.record),
            number: dues.record.number.clone(),
            what: dues::called(&ask.library, ask.tenant(), &dues.record, &ask.lang),
            holder: String::new(),
            place: dues::place(&ask.library, ask.tenant(), &dues.record, &ask.lang),
            amount: tell::money(ask, owed),
        });
    }
    Ok((!records.is_empty()).then(|| Owed { total: tell::money(ask, total), records }))
}

/// How a case stands towards its applicant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    ForMe,
    Open,
    Closed,
}

impl Stand {
    fn word(self) -> &'static str {
        match self {
            Self::ForMe => "me",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

fn filters(ask: &Ask, chosen: &str, cards: &[(Stand, CaseCard)]) -> Vec<NavLink> {
    let count = |stand: Stand| cards.iter().filter(|(kind, _)| *kind == stand).count();
    let link = |word: &str, count: usize| NavLink {
        href: if word.is_empty() { ask.at("/my") } else { ask.at(&format!("/my?show={word}")) },
        text: ask.words().get(&format!("my.{}", if word.is_empty() { "all" } else { word })),
        count: count.to_string(),
        current: chosen == word,
    };
    let stands = [Stand::ForMe, Stand::Open, Stand::Closed].map(|stand| link(stand.word(), count(stand)));
    std::iter::once(link("", cards.len())).chain(stands).collect()
}

/// A case as its applicant finds it in the list; its clock `began` then.
fn card(
    ask: &Ask,
    service: &Service,
    (row, called, began): (&CaseRow, &str, Moment),
    owed: Option<ToPay>,
) -> Option<(Stand, CaseCard)> {
    let (lang, words, now) = (ask.lang.as_str(), ask.words(), ask.now());
    let state = service.workflow.state(&row.state)?;
    let draft = row.number.is_none();
    let href = ask.at(&format!("/cases/{}{}", row.id, if draft { "/check" } else { "" }));
    let acts = acts(ask, (service, state), (row, began), &href, owed);
    let waits = state.waits_for_applicant && !service.is_with_holder(state);
    let stand = match (state.end.is_some(), draft || waits || !acts.is_empty()) {
        (_, true) => Stand::ForMe,
        (true, false) => Stand::Closed,
        (false, false) => Stand::Open,
    };
    let by = match stand {
        Stand::Open => row.promised_ms,
        Stand::ForMe if state.end.is_none() => {
            let clock = next::clock(ask, state, began).map(|(at, _)| at.ms);
            let pay_by = owed.and_then(|(_, by)| by).map(|day| when::end_of_day(day, now).ms);
            clock.into_iter().chain(pay_by).min()
        }
        _ => None,
    };
    // A draft has no number: it is known by its service.
    let title = service.title.in_language(lang);
    let about = [title, called].into_iter().filter(|part| !part.is_empty());
    let tag = tell::state_tag(state, lang);
    let card = CaseCard {
        href,
        number: row.number.clone().unwrap_or_else(|| title.to_owned()),
        service: if draft { called.to_owned() } else { about.collect::<Vec<_>>().join(" · ") },
        state: if draft { Tag::new(words.get("my.draft"), tag.tone) } else { tag },
        text: tell::meaning(state, lang),
        due: by.map(|ms| when::due(words, ms, now)),
        updated: when::moment(words, now.with_ms(row.entered_ms)),
        acts,
    };
    Some((stand, card))
}

/// A case whose definition cannot be made any more: it is there, in the words that its service has now.
fn bare(ask: &Ask, row: &CaseRow) -> (Stand, CaseCard) {
    let lang = ask.lang.as_str();
    let present = ask.library.catalogue.service(&ask.tenant().id, &row.service);
    let title = present.map_or(row.service.as_str(), |service| service.title.in_language(lang));
    let state = present.and_then(|service| service.workflow.state(&row.state));
    let card = CaseCard {
        href: ask.at(&format!("/cases/{}", row.id)),
        number: row.number.clone().unwrap_or_else(|| title.to_owned()),
        service: title.to_owned(),
        state: state.map_or_else(|| Tag::new(row.state.as_str(), Tone::Neutral), |state| tell::state_tag(state, lang)),
        updated: when::moment(ask.words(), ask.now().with_ms(row.entered_ms)),
        ..CaseCard::default()
    };
    (Stand::Open, card)
}

/// What the applicant should do next: go on, pay, correct, or what is open to him for a time after the
/// case has ended.
fn acts(
    ask: &Ask,
    (service, state): (&Service, &State),
    (row, began): (&CaseRow, Moment),
    case: &str,
    owed: Option<ToPay>,
) -> Vec<ActionLink> {
    let words = ask.words();
    let link = |href: String, text: String, hint: String| ActionLink { href, text, hint, ..ActionLink::default() };
    if row.number.is_none() {
        let go_on = link(case.to_owned(), words.get("my.go_on"), String::new());
        return vec![ActionLink { primary: true, ..go_on }];
    }
    let mut acts = Vec::new();
    if let Some((amount, by)) = owed {
        let text = words.say("pay.button", &[("amount", &tell::money(ask, amount))]);
        acts.push(link(format!("{case}/pay"), text, next::pay_by_words(ask, by)));
    }
    let open = next::open(ask, state, began);
    let until = |action: &Action| next::until_words(ask, state, began, action);
    if state.waits_for_applicant && !service.is_with_holder(state) && acts.is_empty() {
        // What is to be corrected stands on the page of the case.
        let (text, hint) = match open.first() {
            Some(action) => (action.label.in_language(&ask.lang).to_owned(), until(action)),
            None => (words.get("my.do"), String::new()),
        };
        acts.push(link(case.to_owned(), text, hint));
    }
    if state.end.is_some() {
        let timed = open.into_iter().map(|action| (action, until(action))).filter(|(_, until)| !until.is_empty());
        acts.extend(timed.map(|(action, until)| {
            link(format!("{case}/act/{}", action.name), action.label.in_language(&ask.lang).to_owned(), until)
        }));
    }
    if let Some(first) = acts.first_mut() {
        first.primary = true;
    }
    acts
}

fn record_card(ask: &Ask, record: &Record, issued: &[papers::Paper]) -> RecordCard {
    let (lang, words, today) = (ask.lang.as_str(), ask.words(), ask.now().day());
    let made_by = ask.library.catalogue.service(&ask.tenant().id, &record.service);
    let grant = made_by.and_then(|service| service.grants.iter().find(|grant| grant.registry.value == record.registry));
    let (key, tone) = match record.status(today) {
        RecordStatus::Active => ("active", Tone::Good),
        RecordStatus::NotYet => ("not_yet", Tone::Info),
        RecordStatus::Expired => ("expired", Tone::Warn),
        RecordStatus::Suspended => ("suspended", Tone::Warn),
        RecordStatus::Revoked => ("revoked", Tone::Bad),
        RecordStatus::Split => ("split", Tone::Bad),
        RecordStatus::Merged => ("merged", Tone::Bad),
    };
    let base = ask.at(&format!("/cases/{}/papers", record.case));
    let papers: Vec<Paper> = made_by
        .map(|service| {
            let document = grant.and_then(|grant| grant.document.as_ref()).map(|document| document.value.to_string());
            let own: Vec<papers::Paper> =
                issued.iter().filter(|paper| Some(&paper.document) == document.as_ref()).cloned().collect();
            tell::papers(ask, service, &base, &own)
        })
        .unwrap_or_default();
    RecordCard {
        title: grant.map(|grant| grant.title.in_language(lang).to_owned()).unwrap_or_default(),
        number: record.number.clone(),
        state: Tag::new(words.get(&format!("record.{key}")), tone),
        valid: tell::valid(ask, record),
        papers,
        actions: on_record(ask, record),
    }
}

/// Services that begin with such a record.
fn on_record(ask: &Ask, record: &Record) -> Vec<ActionLink> {
    let about = |service: &&std::sync::Arc<Service>| {
        service.on_record.as_ref().is_some_and(|on| on.registry == record.registry)
    };
    let services = ask.library.catalogue.services(ask.tenant()).filter(about).filter(|_| !record.has_ended());
    let link = |service: &std::sync::Arc<Service>| ActionLink {
        href: ask.at(&format!(
            "/services/{}?record={}",
            service.id,
            form_urlencoded::byte_serialize(record.number.as_bytes()).collect::<String>()
        )),
        text: service.title.in_language(&ask.lang).to_owned(),
        ..ActionLink::default()
    };
    services.map(link).collect()
}

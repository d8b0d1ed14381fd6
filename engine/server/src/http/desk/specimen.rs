//! `/{tenant}/desk/cases/{case}/act/{action}/specimen/{document}`: a paper as it would be issued,
//! looked at before anything is decided. Nothing is recorded, and the paper says what it is.

use engine::base::{Money, Name};
use engine::billing::{Part, Payment};
use engine::case::{Actor, Case, Command, Outcome, bill, command, decide};
use engine::document;
use engine::registry::{Mode, NumberFacts};
use engine::template::Look;
use engine::workflow::{Action, Once, Trigger};
use ui_gen::view::common::Paper;

use super::opened::Opened;
use super::preview::{self, Given};
use super::reader::Reader;
use super::rows::href;
use super::{action, collect};
use crate::http::ask::{Answer, Ask};
use crate::http::citizen::files;
use crate::http::citizen::fill::Filling;
use crate::problem::Problem;
use crate::work::papers::NO_EMBLEM;
use crate::work::story::{Gathered, Links};

/// A paper that follows from an action, with what it would be made of.
pub(crate) struct Specimen {
    /// The document.
    pub(crate) document: Name,
    outcome: Outcome,
}

/// The papers that an action issues at once, and those that follow as soon as what it charges is paid.
pub(crate) fn all(reader: &Reader<'_>, opened: &Opened, outcome: &Outcome) -> Vec<Specimen> {
    let later = paid(reader, opened, &outcome.case);
    let orders = std::iter::once(outcome).chain(&later).flat_map(|outcome| {
        outcome.papers.iter().map(|order| Specimen { document: order.document.clone(), outcome: outcome.clone() })
    });
    let mut found: Vec<Specimen> = Vec::new();
    for specimen in orders.filter(|specimen| *specimen.document != *document::RECEIPT) {
        if found.iter().all(|known| known.document != specimen.document) {
            found.push(specimen);
        }
    }
    found
}

/// What becomes of the case when all that it owes is paid, if something waits for that.
fn paid(reader: &Reader<'_>, opened: &Opened, case: &Case) -> Option<Outcome> {
    let service = &*opened.service;
    let state = service.workflow.state(&case.state)?;
    let waits = state.actions.iter().any(|action| matches!(action.trigger, Trigger::Once(Once::Paid, _)));
    let owed: Money = bill(service, case, reader.now.day()).ok().filter(|_| waits)?.total;
    let mode = collect::modes(service).first().copied()?;
    let part = Part { amount: owed, mode: mode.to_owned(), reference: String::new(), instrument: None };
    let payment = Payment::of_one("specimen".to_owned(), reader.now.ms, part);
    decide(service, case, &Actor::system(), &Command::Receive(payment), opened.context(reader)).ok()
}

/// Links to the specimens of an action.
pub(crate) fn links(
    reader: &Reader<'_>,
    opened: &Opened,
    (case, action): (&Case, &Action),
    outcome: &Outcome,
) -> Vec<Paper> {
    let link = |specimen: Specimen| Paper {
        title: opened
            .service
            .document(&specimen.document)
            .map_or_else(|| specimen.document.to_string(), |document| reader.text(&document.title).to_owned()),
        href: format!("{}/act/{}/specimen/{}", href(reader, &case.id), action.name, specimen.document),
        detail: "PDF".to_owned(),
        ..Paper::default()
    };
    all(reader, opened, outcome).into_iter().map(link).collect()
}

/// `GET /{tenant}/desk/cases/{case}/act/{action}/specimen/{document}`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let opened = Opened::load(ask).await?;
    let (reader, case) = (Reader::of(ask), ask.case());
    let action = action::action(ask, &opened)?.ok_or(Problem::NotFound)?;
    action::allowed(ask, &opened, action)?;
    let answers = match action.asks.as_ref().and_then(|page| opened.service.form.page(&page.value)) {
        Some(page) => Filling::load(ask, &opened.service, page).await?.answers(),
        None => command::no_answers(),
    };
    let given = Given { answers, ..Given::default() };
    let tried = preview::tried(&reader, &opened, case, action, &given, None)?;
    let outcome = tried.outcome.ok_or(Problem::NotFound)?;
    let wanted = ask.param("document");
    let mut specimen = all(&reader, &opened, &outcome)
        .into_iter()
        .find(|specimen| *specimen.document == *wanted)
        .ok_or(Problem::NotFound)?;
    without_number(&reader, &opened, &mut specimen.outcome);
    let told = preview::gathered(ask, &opened, &specimen.outcome, None);
    print(ask, &told, &specimen.document)
}

/// A record that is not made yet has no number, only the series that it will have one of.
fn without_number(reader: &Reader<'_>, opened: &Opened, outcome: &mut Outcome) {
    let facts = NumberFacts { tenant: &reader.tenant.code, day: reader.now.day(), calendar: &reader.tenant.calendar };
    let Some(change) = outcome.records.first_mut() else { return };
    let grant = opened.service.grant(&change.grant).filter(|grant| grant.mode == Mode::Create);
    if let Some(number) = grant.and_then(|grant| grant.number.as_ref()) {
        change.record.number = number.series(facts).replace('#', "…");
    }
}

fn print(ask: &Ask, told: &Gathered, document: &Name) -> Answer {
    let document = told.service.document(document).ok_or(Problem::NotFound)?;
    let spoken = &told.tenant.languages;
    let known = spoken.contains(&told.case.language);
    let lang = if known { &told.case.language } else { spoken.first().unwrap_or(&ask.lang) };
    let words = Gathered::words(&ask.library, lang);
    let look = Look::new(&told.tenant, lang, &words);
    let link = ask.app.link(&ask.at(&format!("/cases/{}", told.case.id)));
    let verify = ask.app.link(&ask.at("/verify"));
    let pay = told.pay_link(&ask.app);
    let links = Links { case: &link, verify: &verify, pay: pay.as_deref() };
    let data = told.story(&ask.app, look, links).for_paper();
    let mark = ask.library.words(lang).get("paper.specimen");
    let html = document::compose(document, &told.service.form, &look, &data);
    let html = marked(&html, &mark);
    let options = paper::Options {
        title: &format!("{} – {mark}", document.title.in_language(lang)),
        language: lang,
        page: paper::Page::A4,
        footer: Some(&mark),
        emblem: Some(told.tenant.emblem.as_deref().unwrap_or(NO_EMBLEM)),
        accent: Some(&told.tenant.accent),
        created: &ask.now().day().to_string(),
    };
    let pdf =
        paper::pdf(&html, &options).map_err(|error| anyhow::anyhow!("a specimen of {}: {error}", document.name))?;
    Ok(files::served("application/pdf", &format!("specimen-{}.pdf", document.name), pdf))
}

/// A paper with a mark on top; within what may stand around all of it, which has to stay the only one.
pub(super) fn marked(html: &str, mark: &str) -> String {
    let around = |end: &usize| {
        let first = html[..*end].trim_start();
        first.starts_with("<div") && ["certificate", "a5"].iter().any(|class| first.contains(class))
    };
    let top = html.find('>').filter(around).map_or(0, |end| end + 1);
    format!("{}<p class=\"center\"><strong>{mark}</strong></p>\n{}", &html[..top], &html[top..])
}

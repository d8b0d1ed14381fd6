//! Telling people about a case: where it stands, what happened, what it costs, what was issued.

use engine::base::{Answers, Moment, Money, Name, Text};
use engine::billing::{Bill, Billing, Receipt};
use engine::case::Case;
use engine::fees::Step;
use engine::form::Page;
use engine::registry::Record;
use engine::service::Service;
use engine::template::{Look, format};
use engine::tenant::Tenant;
use engine::workflow::{End, State};
use ui_gen::Words;
use ui_gen::from_engine::rows::{self, Reading};
use ui_gen::from_engine::say;
use ui_gen::view::common::{Happening, Paper, Section, Tag, Tone};
use ui_gen::view::money::{Bill as BillView, BillLine, Step as StepView};

use crate::http::ask::Ask;
use crate::http::{copies, reckoned, taken_back, when};
use crate::store::events::Event;
use crate::store::papers;

/// The state of a case as a word on a coloured ground.
pub fn state_tag(state: &State, lang: &str) -> Tag {
    let tone = match state.end {
        Some(End::Granted) => Tone::Good,
        Some(End::Refused) => Tone::Bad,
        Some(End::Closed) => Tone::Neutral,
        None if state.waits_for_applicant => Tone::Warn,
        None => Tone::Info,
    };
    Tag::new(state.label.in_language(lang), tone)
}

/// The state that a case stands in.
pub fn state_of<'a>(service: &'a Service, case: &Case) -> &'a State {
    service.workflow.state(&case.state).expect("a case stands in a state of its own definition")
}

/// An amount as people of the town write it.
pub fn money(ask: &Ask, amount: Money) -> String {
    format::money(amount, &ask.tenant().currency)
}

/// The words for a head of a bill.
pub fn head(billing: &Billing, name: &Name, lang: &str) -> String {
    billing
        .heads
        .iter()
        .find(|head| head.name == *name)
        .map_or_else(|| name.to_string(), |head| head.label.in_language(lang).to_owned())
}

/// A bill, with why it is what it is.
pub fn bill(ask: &Ask, service: &Service, bill: &Bill) -> BillView {
    let Some(billing) = &service.billing else { return BillView::default() };
    let lines =
        bill.lines.iter().map(|(name, amount)| BillLine::new(head(billing, name, &ask.lang), money(ask, *amount)));
    BillView {
        number: String::new(),
        lines: lines.collect(),
        total: money(ask, bill.total),
        steps: steps(ask, service, &bill.steps),
    }
}

/// A receipt: what the money settled, and what nothing was waiting for.
pub fn receipt(ask: &Ask, service: &Service, receipt: &Receipt) -> BillView {
    let Some(billing) = &service.billing else { return BillView::default() };
    let line = |label: String, amount: Money| BillLine::new(label, money(ask, amount));
    let settled = receipt.applied.iter().map(|(_, name, amount)| line(head(billing, name, &ask.lang), *amount));
    let unapplied = Some(receipt.unapplied).filter(|amount| !amount.is_zero());
    let unapplied = unapplied.map(|amount| line(ask.words().get("money.unapplied"), amount));
    BillView {
        number: receipt.number.clone(),
        lines: settled.chain(unapplied).collect(),
        total: money(ask, receipt.stands()),
        steps: Vec::new(),
    }
}

/// The steps of a reckoning in words.
pub fn steps(ask: &Ask, service: &Service, steps: &[Step]) -> Vec<StepView> {
    reckoned::steps(service, ask.tenant(), ask.words(), steps)
}

/// What was answered, page by page; `change` gives the address at which a question of a page can be
/// changed, or nothing.
pub fn sections(
    ask: &Ask,
    service: &Service,
    case: &Case,
    all: bool,
    change: &dyn Fn(&Page, &str) -> String,
) -> Vec<Section> {
    let pages = super::asked::pages(service, ask.tenant(), case, ask.now().day());
    sections_of(ask, &pages, case, all, change)
}

/// What officers answered and the applicant may read.
pub fn findings(ask: &Ask, service: &Service, case: &Case) -> Vec<Section> {
    let public: Vec<&Page> = service.form.all_pages().filter(|page| page.is_shown()).collect();
    sections_of(ask, &public, case, false, &|_, _| String::new())
}

fn sections_of(
    ask: &Ask,
    pages: &[&Page],
    case: &Case,
    all: bool,
    change: &dyn Fn(&Page, &str) -> String,
) -> Vec<Section> {
    let words = rows::yes_and_no(ask.words());
    let base = ask.at_case("/files/");
    let file_href = |id: &str| if id.is_empty() { String::new() } else { format!("{base}{id}") };
    let shown = pages.iter().map(|page| {
        let change_href = |path: &str| {
            let to = change(page, path);
            if to.is_empty() { to } else { format!("{to}#{path}") }
        };
        let reading = Reading {
            look: Look::new(ask.tenant(), &ask.lang, &words),
            file_href: &file_href,
            change_href: &change_href,
        };
        let rows = rows::of_answers(&page.fields, &case.answers, all, &reading);
        Section { title: page.title.in_language(&ask.lang).to_owned(), rows }
    });
    shown.filter(|section| !section.rows.is_empty()).collect()
}

/// What the applicant may know of what happened, the latest first.
pub fn happenings(ask: &Ask, service: &Service, history: &[Event]) -> Vec<Happening> {
    let mut told: Vec<Happening> = history.iter().filter_map(|event| happening(ask, service, event)).collect();
    told.reverse();
    told
}

fn happening(ask: &Ask, service: &Service, event: &Event) -> Option<Happening> {
    let word = event.command["word"].as_str().unwrap_or_default();
    let public = event.outcome["public"].as_bool().unwrap_or(false);
    let at = ask.now().with_ms(event.at_ms);
    let title = title(ask, service, event, word)?;
    (public || matches!(word, "open" | "issue" | "erase" | "erase_files")).then(|| Happening {
        title,
        when: when::moment(ask.words(), at),
        iso: when::iso(at),
        who: who(ask, service, event),
        text: text(ask, service, event),
        internal: false,
        papers: Vec::new(),
    })
}

/// What was answered with it, what was said, and what was marked.
fn text(ask: &Ask, service: &Service, event: &Event) -> String {
    let mut lines = answered_with(ask.words(), ask.tenant(), service, event);
    lines.push(taken_back::comment(ask.words(), event));
    lines.extend(super::sent_back::said(service, event, &ask.lang));
    lines.join("\n").trim().to_owned()
}

/// What an officer answered with an action on a page that the applicant may read, a line each: why a
/// case was sent back or refused.
pub fn answered_with(words: &Words, tenant: &Tenant, service: &Service, event: &Event) -> Vec<String> {
    let action = event.outcome["action"].as_str().zip(event.outcome["from"].as_str());
    let action = action.and_then(|(action, from)| service.workflow.state(from)?.action(action));
    let page = action.and_then(|action| service.form.page(&action.asks.as_ref()?.value));
    let Some(page) = page.filter(|page| page.is_shown()) else { return Vec::new() };
    let yes_and_no = rows::yes_and_no(words);
    let reading = Reading {
        look: Look::new(tenant, words.lang(), &yes_and_no),
        file_href: &|_: &str| String::new(),
        change_href: &|_: &str| String::new(),
    };
    let answers = Answers::from_json(&event.command["answers"]);
    let said = rows::of_answers(&page.fields, &answers, false, &reading).into_iter();
    said.filter(|row| !row.lines.is_empty()).map(|row| format!("{}: {}", row.key, row.lines.join(", "))).collect()
}

fn title(ask: &Ask, service: &Service, event: &Event, word: &str) -> Option<String> {
    let words = ask.words();
    let action = event.outcome["action"].as_str().zip(event.outcome["from"].as_str());
    if let Some(action) = action.and_then(|(action, from)| service.workflow.state(from)?.action(action)) {
        return Some(action.done.as_ref().unwrap_or(&action.label).in_language(&ask.lang).to_owned());
    }
    Some(match word {
        "open" => words.get("event.open"),
        "receive" => words.get("event.receive"),
        "cancel_receipt" if event.outcome["receipt"]["cancelled"] == false => words.get("event.part_returned"),
        "cancel_receipt" => words.get("event.cancel_receipt"),
        "note" => words.get("event.note"),
        "erase" => words.get("event.erase"),
        "erase_files" => words.get("event.erase_files"),
        "void" => words.get("event.void"),
        "take_up" if event.command["mine"] == true => words.get("event.taken_up"),
        "take_up" => words.get("event.not_mine"),
        "answered" => {
            let page = service.form.page(event.command["page"].as_str().unwrap_or_default());
            let title = page.map_or("", |page| page.title.in_language(&ask.lang));
            let by = |name: &str| event.command["by"][name].as_str().unwrap_or_default();
            let program = format!("{} {}", by("program"), by("version"));
            words.say("event.answered", &[("page", title), ("program", &program)])
        }
        "issue" => {
            let document = event.command["facts"]["document"].as_str().unwrap_or_default();
            words.say("event.issue", &[("paper", &document_title(service, document, &ask.lang))])
        }
        _ => return None,
    })
}

/// Who it was, by post; the applicant as such, nobody for what happened by itself.
fn who(ask: &Ask, service: &Service, event: &Event) -> String {
    match event.actor_kind.as_str() {
        // Whoever it was offered to and does not know of it is nobody to the reader.
        "citizen" if event.command["word"] == "take_up" && event.command["mine"] != true => String::new(),
        "citizen" => match event.outcome["role"].as_str().and_then(|role| service.role(role)) {
            Some(role) => role.label.in_language(&ask.lang).to_owned(),
            // To whoever has a role by a record, the applicant is somebody else.
            None if !ask.held.is_empty() && !ask.applies() => ask.words().get("event.applicant"),
            None if event.actor != ask.case().applicant => written_by(service, &ask.lang),
            None => ask.words().get("event.you"),
        },
        "counter" => ask.words().get("event.for_you"),
        "employee" => {
            let role = event.outcome["role"].as_str().and_then(|role| service.role(role));
            role.map_or_else(|| service.department.in_language(&ask.lang), |role| role.label.in_language(&ask.lang))
                .to_owned()
        }
        _ => String::new(),
    }
}

/// The post of whoever wrote the application before the applicant took it over.
fn written_by(service: &Service, lang: &str) -> String {
    let role = service.on_behalf.as_ref().and_then(|role| service.role(&role.value));
    role.map(|role| role.label.in_language(lang).to_owned()).unwrap_or_default()
}

/// What was said when the case came to its present state by somebody else's doing. That whoever holds a record handed
/// it back meanwhile does not answer what the office asked.
pub fn remark(service: &Service, case: &Case, history: &[Event]) -> String {
    let handed_back = |event: &Event| {
        let from = event.outcome["from"].as_str().and_then(|from| service.workflow.state(from));
        from.is_some_and(|from| service.is_with_holder(from))
    };
    let arrived = history.iter().rev().find(|event| {
        let to = event.outcome["to"].as_str();
        to == Some(&case.state) && event.outcome["from"].as_str() != to && !handed_back(event)
    });
    let by_holder = |event: &Event| event.outcome["role"].as_str().is_some_and(|role| service.is_held(role));
    let by_another = |event: &&Event| event.actor_kind == "employee" || by_holder(event);
    let said = arrived.filter(by_another).filter(|event| event.outcome["public"] == true);
    said.and_then(|event| event.outcome["comment"].as_str()).unwrap_or_default().to_owned()
}

/// The title of a document of a service.
pub fn document_title(service: &Service, document: &str, lang: &str) -> String {
    service
        .document(document)
        .map_or_else(|| document.replace('_', " "), |document| document.title.in_language(lang).to_owned())
}

/// Papers that were issued, the latest first.
pub fn papers(ask: &Ask, service: &Service, base: &str, issued: &[papers::Paper]) -> Vec<Paper> {
    holding(issued).map(|paper| view_of_paper(ask, service, base, paper)).collect()
}

fn view_of_paper(ask: &Ask, service: &Service, base: &str, paper: &papers::Paper) -> Paper {
    let number = paper.body["number"].as_str().unwrap_or_default();
    let size = paper.body["size"].as_u64().map(|size| format!("PDF, {}", say::size(size)));
    Paper {
        title: format!("{} {number}", document_title(service, &paper.document, &ask.lang)).trim().to_owned(),
        href: format!("{base}/{}.pdf", paper.id),
        detail: size.unwrap_or_else(|| "PDF".to_owned()),
        thumb: None,
        signed: signed(ask, paper),
        fetched: String::new(),
        verify: ask.at(&format!("/verify/{}", paper.code)),
    }
}

/// Those that hold, the latest first.
fn holding(issued: &[papers::Paper]) -> impl Iterator<Item = &papers::Paper> {
    issued.iter().rev().filter(|paper| paper.status == "valid")
}

/// The same, each with who was given a copy so far: the applicant, and the office.
pub fn papers_with_copies(
    ask: &Ask,
    service: &Service,
    (base, issued): (&str, &[papers::Paper]),
    history: &[Event],
) -> Vec<Paper> {
    let view = |paper: &papers::Paper| {
        let (own, office): (Vec<&Event>, Vec<&Event>) =
            copies::of(history, &paper.id).into_iter().partition(|event| event.actor_kind == "citizen");
        let told = [copied(ask, "paper.fetched_own", &own), copied(ask, "paper.fetched_office", &office)];
        let fetched = told.into_iter().flatten().collect::<Vec<_>>().join(" ");
        Paper { fetched, ..view_of_paper(ask, service, base, paper) }
    };
    holding(issued).map(view).collect()
}

/// On how many days a copy was given, and on which the last.
fn copied(ask: &Ask, key: &str, given: &[&Event]) -> Option<String> {
    let (days, last) = copies::days(ask.now(), given)?;
    let day = format::day(ask.now().with_ms(last.at_ms).day());
    Some(ask.words().say(key, &[("n", &days.to_string()), ("day", &day)]))
}

/// Who signed a paper, with which key and when. Empty where it is not known any more which key it was.
pub fn signed(ask: &Ask, paper: &papers::Paper) -> String {
    let known = ask.app.keys.verifying();
    // Papers of earlier versions do not say it: then it is only known where there never was another.
    let only = known.keys().next().filter(|_| known.len() == 1);
    let Some(key) = paper.body["key"].as_str().or(only.map(String::as_str)) else { return String::new() };
    let when = when::moment(ask.words(), ask.now().with_ms(paper.at_ms));
    let who = ask.tenant().title.in_language(&ask.lang);
    ask.words().say("paper.signed", &[("who", who), ("when", &when), ("key", key)])
}

/// From when to when a record is valid.
pub fn valid(ask: &Ask, record: &Record) -> String {
    let from = format::day(record.valid_from);
    match record.valid_until {
        Some(until) => ask.words().say("record.from_to", &[("from", &from), ("to", &format::day(until))]),
        None => ask.words().say("record.from", &[("from", &from)]),
    }
}

/// A sentence for what a state means, or the state's name.
pub fn meaning(state: &State, lang: &str) -> String {
    let text: &Text = state.public.as_ref().unwrap_or(&state.label);
    text.in_language(lang).to_owned()
}

/// By when the case must be decided; nothing while the applicant has it or after its end.
pub fn promised(case: &Case, state: &State, now: Moment) -> Option<Moment> {
    let waits = state.waits_for_applicant || state.end.is_some();
    case.promised_ms.filter(|_| !waits).map(|ms| now.with_ms(ms))
}

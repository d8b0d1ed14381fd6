//! What is kept about a person, to be read: the person, what was granted, and every application with its answers,
//! payments, messages and papers, and with who dealt with it and who looked at what is personal, and why.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::case::Case;
use engine::registry::Record;
use engine::service::Service;
use engine::template::format;
use engine::tenant::Tenant;
use ui_gen::view::account::{MyData, MyDataPart};
use ui_gen::view::common::{ActionLink, Row, Section};

use super::{sign_in, tell};
use crate::http::ask::Ask;
use crate::http::{looks, sessions, when};
use crate::problem::Problem;
use crate::store::events::Event;
use crate::store::people::Person;
use crate::store::{cases, consents, events, files, notices, papers, people, records};

/// The page.
pub(super) async fn view(ask: &Ask) -> Result<MyData, Problem> {
    let (words, state) = (ask.words(), ask.citizen()?.state.as_str());
    let mut parts = vec![own(ask).await?];
    for tenant in ask.library.catalogue.tenants.values().filter(|tenant| tenant.state == state) {
        parts.extend(in_town(ask, tenant).await?);
    }
    let now = when::moment(words, ask.now());
    let file = ActionLink {
        href: ask.at("/my/data/file"),
        text: words.get("my_data.file"),
        primary: true,
        ..ActionLink::default()
    };
    Ok(MyData {
        text: vec![
            words.say("my_data.lead", &[("when", &now)]),
            words.get("my_data.left_out"),
            words.say("my_data.open_for", &[("minutes", &sign_in::minutes())]),
        ],
        actions: vec![file],
        parts,
    })
}

/// What is known of the person, whichever the town.
async fn own(ask: &Ask) -> Result<MyDataPart, Problem> {
    let (words, citizen) = (ask.words(), ask.citizen()?);
    let mut tx = ask.app.store.read(&citizen.state).await?;
    let person = people::find(&mut tx, &citizen.id).await?.ok_or(Problem::NotFound)?;
    let read = consents::latest(&mut tx, &citizen.id).await?;
    let mut signed_in = sessions::mine(ask, &mut tx, &citizen.id).await?;
    signed_in.extend(sessions::known(ask, &mut tx, &citizen.id).await?);
    drop(tx);
    let Person { name, mobile, email, language, .. } = person;
    let read = read.map(|read| moment(ask, read.at_ms)).unwrap_or_default();
    let rows = vec![
        Row::new(words.get("profile.name"), name),
        Row::new(words.get("mobile.now"), mobile.unwrap_or_default()),
        Row::new(words.get("profile.email"), email.unwrap_or_default()),
        Row::new(words.get("my_data.language"), language),
        Row::new(words.get("my_data.notice"), read),
    ];
    let where_from = signed_in.into_iter().map(|one| {
        let since = format!("{}: {}", words.get("account.since"), one.since);
        lines(one.agent, vec![since, format!("{}: {}", words.get("account.seen"), one.seen)])
    });
    let sections = vec![section(String::new(), rows), section(words.get("account.sessions"), where_from.collect())];
    Ok(MyDataPart { title: words.get("my_data.you"), sections })
}

/// What a town knows: what was granted there, and every application.
async fn in_town(ask: &Ask, tenant: &Arc<Tenant>) -> Result<Vec<MyDataPart>, Problem> {
    let citizen = ask.citizen()?;
    let town = tenant.short.in_language(&ask.lang);
    let mut tx = ask.app.store.read(&tenant.id).await?;
    let held = records::by_holder(&mut tx, &citizen.id).await?;
    let applied = cases::by_applicant(&mut tx, &citizen.id).await?;
    drop(tx);
    let mut parts = Vec::new();
    if !held.is_empty() {
        let rows = held.iter().map(|record| record_row(ask, tenant, record)).collect();
        let title = format!("{town}: {}", ask.words().get("my_data.records"));
        parts.push(MyDataPart { title, sections: vec![section(String::new(), rows)] });
    }
    for row in applied {
        let service = ask.app.service_of(tenant, &row.definition).await?;
        let mut tx = ask.app.store.read(&tenant.id).await?;
        let Some(case) = cases::load(&mut tx, &row.id).await? else { continue };
        drop(tx);
        let called = format!("{town}: {}", service.title.in_language(&ask.lang));
        let number = case.number.clone().unwrap_or_default();
        let title = format!("{called} {number}").trim().to_owned();
        let mut about = ask.about(case);
        about.tenant = Some(Arc::clone(tenant));
        parts.push(MyDataPart { title, sections: of_case(&about, &service).await? });
    }
    Ok(parts)
}

fn record_row(ask: &Ask, tenant: &Tenant, record: &Record) -> Row {
    let made_by = ask.library.catalogue.service(&tenant.id, &record.service);
    let grant = made_by.and_then(|service| service.grants.iter().find(|grant| grant.registry.value == record.registry));
    let title = grant.map(|grant| grant.title.in_language(&ask.lang).to_owned()).unwrap_or_default();
    lines(record.number.clone(), vec![title, tell::valid(ask, record)])
}

/// An application: the request is about it, in its town.
async fn of_case(ask: &Ask, service: &Service) -> Result<Vec<Section>, Problem> {
    let (words, case) = (ask.words(), ask.case());
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let history = events::history(&mut tx, &case.id).await?;
    let sent = notices::for_applicant(&mut tx, &case.id).await?;
    let kept = files::by_case(&mut tx, &case.id).await?;
    let issued = papers::by_case(&mut tx, &case.id).await?;
    let readers: Vec<String> = of_looks(&history).map(|event| event.actor.clone()).collect();
    let readers = people::among(&mut tx, &readers).await?;
    drop(tx);
    let names: BTreeMap<String, String> = readers.into_iter().map(|person| (person.id, person.name)).collect();
    let messages = sent.iter().map(|notice| {
        let to = format!("{} {}", notice.channel, notice.to_masked);
        lines(moment(ask, notice.at_ms), vec![to, notice.text.clone()])
    });
    let uploads = kept.iter().map(|file| lines(moment(ask, file.at_ms), vec![file.name.clone()]));
    let issued = issued.iter().map(|paper| {
        let title = tell::document_title(service, &paper.document, &ask.lang);
        let number = paper.body["number"].as_str().unwrap_or_default();
        Row::new(moment(ask, paper.at_ms), format!("{title} {number}").trim())
    });
    let mut sections = vec![section(String::new(), stand(ask, service, case))];
    sections.extend(tell::sections(ask, service, case, false, &|_, _| String::new()));
    sections.extend(tell::findings(ask, service, case));
    sections.push(section(words.get("my_data.payments"), payments(ask, case)));
    sections.push(section(words.get("my_data.messages"), messages.collect()));
    sections.push(section(words.get("my_data.files"), uploads.collect()));
    sections.push(section(words.get("my_data.papers"), issued.collect()));
    sections.push(section(words.get("my_data.happened"), happened(ask, service, &history)));
    sections.push(section(words.get("my_data.looked"), looked(ask, &history, &names)));
    sections.retain(|section| !section.rows.is_empty());
    Ok(sections)
}

fn stand(ask: &Ask, service: &Service, case: &Case) -> Vec<Row> {
    let words = ask.words();
    let state = service.workflow.state(&case.state);
    let state = state.map(|state| state.label.in_language(&ask.lang)).unwrap_or_default();
    let sent = case.submitted_ms.map(|ms| moment(ask, ms)).unwrap_or_default();
    vec![
        Row::new(words.get("my_data.begun"), moment(ask, case.opened_ms)),
        Row::new(words.get("my_data.sent_on"), sent),
        Row::new(words.get("my_data.stands"), state),
    ]
}

fn payments(ask: &Ask, case: &Case) -> Vec<Row> {
    let words = ask.words();
    let row = |receipt: &engine::billing::Receipt| {
        let named = |mode: &str| words.find(&format!("mode.{mode}")).unwrap_or(mode).to_owned();
        let mut told = vec![tell::money(ask, receipt.stands())];
        match receipt.payment.parts.as_slice() {
            [one] => told.push(named(&one.mode)),
            _ => told.extend(
                receipt.by_mode().into_iter().map(|(mode, sum)| format!("{}: {}", named(mode), tell::money(ask, sum))),
            ),
        }
        told.push(format::day(receipt.on));
        lines(receipt.number.clone(), told)
    };
    case.receipts.iter().map(row).collect()
}

/// What the applicant may know of who dealt with it, and when.
fn happened(ask: &Ask, service: &Service, history: &[Event]) -> Vec<Row> {
    let told = tell::happenings(ask, service, history).into_iter();
    told.map(|one| lines(one.when, vec![one.title, one.who, one.text])).collect()
}

/// Looks at what is personal: where it was not masked, and where somebody said why it is needed.
fn of_looks(history: &[Event]) -> impl Iterator<Item = &Event> {
    history.iter().filter(|event| event.command["word"] == "unmask" || looks::is_look(event))
}

/// Who looked at what is personal, when, and to what purpose or for what reason.
fn looked(ask: &Ask, history: &[Event], names: &BTreeMap<String, String>) -> Vec<Row> {
    let row = |event: &Event| {
        let who = names.get(&event.actor).cloned().unwrap_or_else(|| event.actor.clone());
        let why = event.command["facts"]["reason"].as_str().unwrap_or_default().to_owned();
        lines(moment(ask, event.at_ms), vec![who, why, looks::purpose(ask.words(), event)])
    };
    of_looks(history).map(row).collect()
}

fn section(title: String, rows: Vec<Row>) -> Section {
    Section { title, rows }
}

/// A term with several lines, of which empty ones are left out.
fn lines(key: String, mut lines: Vec<String>) -> Row {
    lines.retain(|line| !line.is_empty());
    Row { key, lines, ..Row::default() }
}

fn moment(ask: &Ask, ms: i64) -> String {
    when::moment(ask.words(), ask.now().with_ms(ms))
}

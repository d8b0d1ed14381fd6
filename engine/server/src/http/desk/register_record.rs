//! `/{tenant}/desk/registers/{registry}/{record}`: one record, as it is or as it was on a day; how it
//! came to be so, what is owed on it, and what belongs to it.

use std::sync::Arc;

use engine::base::{Day, Money, Name};
use engine::form;
use engine::registry::{Record, Standing};
use engine::service::Service;
use ui_gen::Page;
use ui_gen::view::common::{Link, Paper, Row, Tag};
use ui_gen::view::registers::{RegisterRecord, Version};

use super::names::Names;
use super::reader::Reader;
use super::register::{definition, registries, title, wanted};
use super::rows::{Around, href};
use super::view_money::segment;
use super::view_tabs::record_state;
use super::{scope, view_answers};
use crate::auth::Employee;
use crate::dues;
use crate::finding;
use crate::http::ask::{Answer, Ask};
use crate::http::dues::known::Known as Owed;
use crate::http::dues::paper as dues_paper;
use crate::http::when;
use crate::problem::Problem;
use crate::store::inbox::CaseRow;
use crate::store::{cases, found, papers, records};

/// Everything the store knows of a record.
struct Known {
    /// Every version with the instant at which it was made, the first first.
    history: Vec<(Record, i64)>,
    /// The cases that made the versions.
    made_by: Vec<CaseRow>,
    /// Cases about it.
    about: Vec<CaseRow>,
    /// Cases whose answers name it.
    naming: Vec<CaseRow>,
    /// Records of those cases.
    named_by: Vec<Record>,
    /// What is taken for its cases today: case, amount.
    owing: Vec<(String, Money)>,
    /// Papers of its cases.
    issued: Vec<papers::Paper>,
}

impl Known {
    async fn load(ask: &Ask, registry: &str, number: &str) -> Result<Self, Problem> {
        let mut tx = ask.app.store.read(&ask.tenant().id).await?;
        let history = records::history(&mut tx, registry, number).await?;
        let mut ids: Vec<String> = history.iter().map(|(version, _)| version.case.clone()).collect();
        ids.sort();
        ids.dedup();
        ids.truncate(500);
        let about = cases::about_record(&mut tx, registry, number).await?;
        let mut issued = Vec::new();
        for row in &about {
            issued.extend(papers::by_case(&mut tx, &row.id).await?);
        }
        let made_by = cases::among(&mut tx, &ids).await?;
        let naming = found::cases_naming(&mut tx, registry, number).await?;
        let named_by = found::records_naming(&mut tx, registry, number).await?;
        let mut owing = records::owing(&mut tx, registry, number).await?;
        owing.truncate(500);
        let owing = cases::among(&mut tx, &owing).await?;
        drop(tx);
        let around = Around::load(ask, &owing).await?;
        let owed = |row: &CaseRow| Some((row.id.clone(), around.owed(&row.id)?));
        let owing = owing.iter().filter_map(owed).collect();
        Ok(Self { history, made_by, about, naming, named_by, owing, issued })
    }
}

/// `GET /{tenant}/desk/registers/{registry}/{record}`: one record, now or as it was on a day.
pub(crate) async fn page(ask: &Ask) -> Answer {
    let (reader, employee) = (Reader::of(ask), ask.employee()?);
    let services = scope::services(&ask.library, ask.tenant(), employee);
    let registry = wanted(ask, &services)?;
    let number = ask.param("record");
    let known = Known::load(ask, &registry, number).await?;
    let latest = known.history.last().map(|(record, _)| record.clone()).ok_or(Problem::NotFound)?;
    let typed = ask.query("on")?;
    let on = when::typed_day(typed);
    let error = match on {
        None if !typed.is_empty() => reader.say("inbox.no_day", &[("text", typed)]),
        _ => String::new(),
    };
    let status = if error.is_empty() { 200 } else { 422 };
    let versions: Vec<Record> = known.history.iter().map(|(version, _)| version.clone()).collect();
    // What takes effect later is not yet what holds.
    let holds = Record::as_on(&versions, on.unwrap_or_else(|| reader.now.day())).cloned();
    let shown = if on.is_some() { holds.ok_or(Problem::NotFound)? } else { holds.unwrap_or(latest) };
    let people = versions.iter().flat_map(|version| [version.actor.clone(), version.holder.clone()]).collect();
    let names = Names::load(&ask.app, ask.tenant(), people).await?;
    let service = definition(&services, &shown);
    let place = service.map(|service| finding::place(&service.form, &shown.answers)).unwrap_or_default().to_owned();
    if !may_see(ask, employee, &services, &registry, &place) {
        return Err(Problem::NotFound);
    }
    let mut rows = head(&reader, &names, &shown, on.map(|day| reader.day(day)));
    rows.extend(service.map(|service| answers(&reader, service, &shown)).unwrap_or_default());
    rows.extend(belongs(ask, &reader, &services, &known, &shown));
    let issued = known.issued.iter().rev().filter(|paper| paper.status == "valid");
    let mut papers: Vec<Paper> = issued.map(|paper| self::paper(&reader, service, paper)).collect();
    let owing = match on {
        None => !known.owing.is_empty(),
        Some(day) => owed_on(ask, &registry, day).await?,
    };
    if owing && is_payable(ask, &registry) {
        let day = on.map(|day| format!("?on={day}")).unwrap_or_default();
        let href = ask.at(&format!("/desk/registers/{registry}/{}/bill{day}", segment(number)));
        papers.push(Paper { title: reader.get("dues.paper"), href, detail: "PDF".to_owned(), ..Paper::default() });
    }
    let view = RegisterRecord {
        register: title(&reader, &services, &registry),
        number: shown.number.clone(),
        state: state(&reader, &shown, on),
        rows,
        action: ask.at(&format!("/desk/registers/{registry}/{}", segment(number))),
        on: on.map(|day| day.to_string()).unwrap_or_default(),
        error,
        papers,
        versions: History { reader: &reader, names: &names, services: &services, known: &known }.lines(),
        actions: Vec::new(),
    };
    let back = ask.at(&format!("/desk/registers/{registry}"));
    ask.page(Page::RegisterRecord(view)).back(back).status(status).answer()
}

/// Whether anybody may pay what is owed on records of the registry.
fn is_payable(ask: &Ask, registry: &str) -> bool {
    dues::registries(&ask.library, ask.tenant()).iter().any(|name| name == registry)
}

/// Whether something was owed on a day, as it was known when that day was over.
async fn owed_on(ask: &Ask, registry: &str, day: Day) -> Result<bool, Problem> {
    if !is_payable(ask, registry) {
        return Ok(false);
    }
    match Owed::at(ask, Some(when::end_of(day, ask.now()))).await {
        Ok(known) => Ok(known.dues.bill(day)?.total.paise() > 0),
        Err(Problem::NotFound) => Ok(false),
        Err(other) => Err(other),
    }
}

/// `GET /{tenant}/desk/registers/{registry}/{record}/bill`: what is owed today, on paper, with the name of
/// the holder; with `?on=` what was owed on another day, as it was known when that day was over.
pub(crate) async fn bill(ask: &Ask) -> Answer {
    let employee = ask.employee()?;
    let services = scope::services(&ask.library, ask.tenant(), employee);
    let registry = wanted(ask, &services)?;
    let day = match ask.query("on")? {
        "" => None,
        typed => Some(when::typed_day(typed).ok_or(Problem::BadRequest("`on` is no day"))?),
    };
    let mut known = Owed::at(ask, day.map(|day| when::end_of(day, ask.now()))).await?;
    let place = dues::place_code(&ask.library, ask.tenant(), &known.dues.record).to_owned();
    if !may_see(ask, employee, &services, &registry, &place) {
        return Err(Problem::NotFound);
    }
    let holder = known.dues.record.holder.clone();
    let names = Names::load(&ask.app, ask.tenant(), vec![holder.clone()]).await?;
    known.holder = names.applicant(&holder, employee.audits());
    dues_paper::printed(ask, &known, day.unwrap_or_else(|| ask.now().day())).await
}

/// Whether the reader holds a role for the place of the record, in a service that keeps this registry.
fn may_see(ask: &Ask, employee: &Employee, services: &[&Arc<Service>], registry: &str, place: &str) -> bool {
    let keeps = |service: &&&Arc<Service>| service.grants.iter().any(|grant| grant.registry.value == *registry);
    services.iter().filter(keeps).any(|service| scope::reads(ask.tenant(), employee, &service.id, place))
}

fn state(reader: &Reader<'_>, record: &Record, on: Option<Day>) -> Tag {
    record_state(reader, record.status(on.unwrap_or_else(|| reader.now.day())))
}

fn head(reader: &Reader<'_>, names: &Names, record: &Record, on: Option<String>) -> Vec<Row> {
    let until = record.valid_until.map_or_else(|| reader.get("record.open"), |day| reader.day(day));
    let mut rows = vec![
        Row::new(reader.get("register.holder"), names.applicant(&record.holder, true)),
        Row::new(reader.get("register.from"), reader.day(record.valid_from)),
        Row::new(reader.get("register.until"), until),
    ];
    if let Some(day) = on {
        rows.insert(0, Row::new(reader.get("register.as_on"), day));
    }
    rows
}

fn answers(reader: &Reader<'_>, service: &Service, record: &Record) -> Vec<Row> {
    let files = format!("{}/files/", href(reader, &record.case));
    let sections = view_answers::sections(reader, &service.form, &[None], &record.answers, true, &files);
    sections.into_iter().flat_map(|section| section.rows).filter(|row| !row.lines.is_empty()).collect()
}

/// What is owed on the record, and the records and cases that belong to it.
fn belongs(ask: &Ask, reader: &Reader<'_>, services: &[&Arc<Service>], known: &Known, shown: &Record) -> Vec<Row> {
    let mine = registries(services);
    let to_record = |registry: &str, number: &str| {
        let address = ask.at(&format!("/desk/registers/{registry}/{}", segment(number)));
        // A register of other services has no page for this reader.
        if mine.iter().any(|name| name == registry) { Link::new(address, number) } else { Link::new("", number) }
    };
    let row = |key: &str, links: Vec<Link>| {
        let (open, plain): (Vec<Link>, Vec<Link>) = links.into_iter().partition(|link| !link.href.is_empty());
        let lines = plain.into_iter().map(|link| link.text).collect();
        Row { key: reader.get(key), links: open, lines, ..Row::default() }
    };
    let cases = |rows: &[CaseRow]| -> Vec<Link> {
        let link = |row: &CaseRow| Some(Link::new(href(reader, &row.id), row.number.clone()?));
        rows.iter().filter_map(link).collect()
    };
    let total: Money = known.owing.iter().map(|(_, amount)| *amount).sum();
    let owing = known.owing.iter().map(|(case, amount)| {
        let text = reader.say("register.collect", &[("amount", &reader.money(*amount))]);
        Link::new(format!("{}/collect", href(reader, case)), text)
    });
    let dues = if total.is_zero() { reader.get("register.no_dues") } else { reader.money(total) };
    let mut rows =
        vec![Row { key: reader.get("register.dues"), lines: vec![dues], links: owing.collect(), ..Row::default() }];
    let own = |numbers: &[String]| numbers.iter().map(|number| to_record(&shown.registry, number)).collect();
    let service = definition(services, shown);
    let names = service.map(|service| form::links(&service.form, &shown.answers)).unwrap_or_default();
    let mut linked: Vec<Link> = names.iter().map(|(registry, number)| to_record(registry, number)).collect();
    linked.extend(known.named_by.iter().map(|record| to_record(&record.registry, &record.number)));
    for (key, links) in [
        ("register.came_of", own(&shown.came_of)),
        ("register.became", own(&shown.became)),
        ("register.linked", linked),
        ("register.cases", cases(&known.about)),
        ("register.naming", cases(&known.naming)),
    ] {
        if !links.is_empty() {
            rows.push(row(key, links));
        }
    }
    rows
}

fn paper(reader: &Reader<'_>, service: Option<&Arc<Service>>, paper: &papers::Paper) -> Paper {
    let document = service.and_then(|service| service.document(&paper.document));
    let title =
        document.map_or_else(|| paper.document.replace('_', " "), |document| reader.text(&document.title).to_owned());
    Paper {
        title: format!("{title}, {}", reader.day_of(paper.at_ms)),
        href: format!("{}/papers/{}.pdf", href(reader, &paper.case), paper.id),
        detail: "PDF".to_owned(),
        ..Paper::default()
    }
}

/// How a record came to be as it is.
struct History<'a> {
    reader: &'a Reader<'a>,
    names: &'a Names,
    services: &'a [&'a Arc<Service>],
    known: &'a Known,
}

impl History<'_> {
    /// Every version, the latest first.
    fn lines(&self) -> Vec<Version> {
        let versions = self.known.history.iter().enumerate().rev();
        versions
            .map(|(at, (version, _))| self.line(version, at.checked_sub(1).map(|before| &self.known.history[before].0)))
            .collect()
    }

    fn line(&self, version: &Record, before: Option<&Record>) -> Version {
        let made_by = self.known.made_by.iter().find(|row| row.id == version.case);
        let number = made_by.and_then(|row| row.number.clone()).unwrap_or_default();
        Version {
            from: self.reader.day(version.from),
            until: version.valid_until.map(|day| self.reader.day(day)).unwrap_or_default(),
            what: self.reader.get(did(version, before)),
            who: self.who(version, made_by),
            changed: before.map(|before| self.changed(before, version)).unwrap_or_default(),
            case: Link::new(href(self.reader, &version.case), number),
        }
    }

    /// Who made the version, and in which role.
    fn who(&self, version: &Record, made_by: Option<&CaseRow>) -> String {
        if version.actor.is_empty() {
            return String::new();
        }
        if version.actor == super::names::SYSTEM {
            return self.reader.get("event.system");
        }
        let name = self.names.officer(&version.actor);
        let service = made_by.and_then(|row| self.services.iter().find(|service| service.id == row.service));
        let role = version.role.as_ref().and_then(|role: &Name| service?.role(role));
        role.map_or_else(|| name.clone(), |role| format!("{name}, {}", self.reader.text(&role.label)))
    }

    /// What is known of the record otherwise than before, by question; masked as on the rest of the page.
    fn changed(&self, before: &Record, after: &Record) -> Vec<String> {
        let mut lines = Vec::new();
        let mut say = |what: &str, was: &str, is: &str| {
            if was != is {
                let none = self.reader.get("register.nothing");
                let or_none = |text: &str| if text.is_empty() { none.clone() } else { text.to_owned() };
                let values = [("what", what), ("was", &or_none(was)), ("is", &or_none(is))];
                lines.push(self.reader.say("register.changed", &values));
            }
        };
        let holder = |record: &Record| self.names.applicant(&record.holder, true);
        say(&self.reader.get("register.holder"), &holder(before), &holder(after));
        let until = |record: &Record| record.valid_until.map(|day| self.reader.day(day)).unwrap_or_default();
        say(&self.reader.get("register.until"), &until(before), &until(after));
        if let Some(service) = definition(self.services, after) {
            let shown = |record: &Record| answers(self.reader, service, record);
            let (was, is) = (shown(before), shown(after));
            let text = |rows: &[Row], key: &str| -> String {
                rows.iter().find(|row| row.key == key).map(|row| row.lines.join(", ")).unwrap_or_default()
            };
            let mut keys: Vec<&str> = was.iter().chain(&is).map(|row| row.key.as_str()).collect();
            keys.dedup();
            let mut said = Vec::new();
            for key in keys {
                if !said.contains(&key) {
                    said.push(key);
                    say(key, &text(&was, key), &text(&is, key));
                }
            }
        }
        lines
    }
}

/// The key of the word for what made a version.
fn did(version: &Record, before: Option<&Record>) -> &'static str {
    let Some(before) = before else { return "record.did_create" };
    match version.standing {
        Standing::Revoked => "record.did_revoke",
        Standing::Split => "record.did_split",
        Standing::Merged => "record.did_merge",
        Standing::Suspended if before.standing != Standing::Suspended => "record.did_suspend",
        Standing::Active if before.standing == Standing::Suspended => "record.did_resume",
        _ if version.holder != before.holder => "record.did_transfer",
        _ if version.validity_by != before.validity_by || version.valid_until != before.valid_until => {
            "record.did_renew"
        }
        _ if version.came_of != before.came_of => "record.did_merge",
        _ => "record.did_amend",
    }
}

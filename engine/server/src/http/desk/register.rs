//! `/{tenant}/desk/registers/{registry}`: the records that approvals leave behind.

use std::sync::Arc;

use engine::base::{Answers, Value};
use engine::form::{Field, Kind};
use engine::registry::{Mode, Record, RecordStatus};
use engine::service::Service;
use ui_gen::Page;
use ui_gen::view::common::{Link, NavLink, Pager, Paper, Row, Tag};
use ui_gen::view::registers::{Register, RegisterRecord, RegisterRow, Version};

use super::names::Names;
use super::reader::Reader;
use super::rows::href;
use super::view_money::segment;
use super::view_tabs::record_state;
use super::{scope, view_answers};
use crate::auth::Employee;
use crate::finding;
use crate::http::ask::{Answer, Ask};
use crate::http::{dispatch, limits, when};
use crate::problem::Problem;
use crate::store::inbox::PAGE;
use crate::store::{cases, desk, papers, records};

/// The registries in which services keep records, in the order of the services.
pub(crate) fn registries(services: &[&Arc<Service>]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for grant in services.iter().flat_map(|service| &service.grants) {
        let name = grant.registry.value.to_string();
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// What people call a registry: what its new records are called.
fn title(reader: &Reader<'_>, services: &[&Arc<Service>], registry: &str) -> String {
    let of = |mode: Mode| {
        let grants = services.iter().flat_map(|service| &service.grants);
        grants.into_iter().find(|grant| grant.registry.value == *registry && grant.mode == mode)
    };
    let grant = of(Mode::Create).or_else(|| of(Mode::Renew));
    let name = grant.map_or_else(|| registry.replace('_', " "), |grant| reader.text(&grant.title).to_owned());
    reader.say("register.of", &[("what", &name)])
}

/// The registry in the address, if one of the reader's services keeps it.
fn wanted(ask: &Ask, services: &[&Arc<Service>]) -> Result<String, Problem> {
    let name = dispatch::name(ask.param("registry"))?.to_string();
    if registries(services).contains(&name) { Ok(name) } else { Err(Problem::NotFound) }
}

fn word(status: RecordStatus) -> &'static str {
    match status {
        RecordStatus::Active | RecordStatus::NotYet => "active",
        RecordStatus::Expired => "expired",
        RecordStatus::Suspended => "suspended",
        RecordStatus::Revoked | RecordStatus::Split | RecordStatus::Merged => "revoked",
    }
}

/// `GET /{tenant}/desk/registers/{registry}`
pub(crate) async fn list(ask: &Ask) -> Answer {
    let (reader, employee, today) = (Reader::of(ask), ask.employee()?, ask.now().day());
    let services = scope::services(&ask.library, ask.tenant(), employee);
    let registry = wanted(ask, &services)?;
    let text = ask.query("q")?.trim();
    if text.chars().count() > limits::SEARCH {
        return Err(Problem::BadRequest("a search that is too long"));
    }
    let page = ask.query("page")?.parse::<i64>().map_or(0, |page| (page - 1).clamp(0, 100_000));
    let standings = [RecordStatus::Active, RecordStatus::Expired, RecordStatus::Suspended, RecordStatus::Revoked];
    let chosen = standings.into_iter().find(|status| ask.query("state").is_ok_and(|state| state == word(*status)));
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let search = records::Search { registry: &registry, text, standing: chosen.map(|status| (status, today)), page };
    let (found, more) = records::search(&mut tx, &search).await?;
    let counts = desk::standing(&mut tx, &registry, today).await?;
    drop(tx);
    let names = Names::load(&ask.app, ask.tenant(), found.iter().map(|record| record.holder.clone()).collect()).await?;
    let base = ask.at(&format!("/desk/registers/{registry}"));
    let address = |state: &str, page: i64| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let page = if page > 0 { (page + 1).to_string() } else { String::new() };
        for (name, value) in [("q", text), ("state", state), ("page", &page)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { base.clone() } else { format!("{base}?{query}") }
    };
    let state = chosen.map_or("", word);
    let figure = [
        ("", counts.active + counts.expired + counts.suspended + counts.revoked),
        ("active", counts.active),
        ("expired", counts.expired),
        ("suspended", counts.suspended),
        ("revoked", counts.revoked),
    ];
    let filters = figure.into_iter().map(|(name, count)| NavLink {
        href: address(name, 0),
        text: reader.get(&format!("record.{}", if name.is_empty() { "all" } else { name })),
        count: reader.count(count),
        current: name == state,
    });
    let others = registries(&services).into_iter().map(|name| NavLink {
        href: ask.at(&format!("/desk/registers/{name}")),
        text: title(&reader, &services, &name),
        count: String::new(),
        current: name == registry,
    });
    let total = figure.iter().find(|(name, _)| *name == state).map_or(0, |(_, count)| *count);
    let shown = i64::try_from(found.len()).unwrap_or(PAGE);
    let view = Register {
        title: title(&reader, &services, &registry),
        others: others.collect(),
        action: base.clone(),
        query: text.to_owned(),
        filters: filters.collect(),
        rows: found.iter().map(|record| row(&reader, &services, &names, record, &base)).collect(),
        pager: Pager {
            // With words looked for, only what is shown is counted.
            total: reader.count(if text.is_empty() { total } else { page * PAGE + shown + i64::from(more) }),
            from: reader.count(page * PAGE + i64::from(shown > 0)),
            to: reader.count(page * PAGE + shown),
            prev: (page > 0).then(|| address(state, page - 1)),
            next: more.then(|| address(state, page + 1)),
        },
        csv: None,
    };
    ask.page(Page::Register(view)).answer()
}

fn definition<'a>(services: &[&'a Arc<Service>], record: &Record) -> Option<&'a Arc<Service>> {
    services.iter().find(|service| service.id == record.service).copied()
}

fn row(reader: &Reader<'_>, services: &[&Arc<Service>], names: &Names, record: &Record, base: &str) -> RegisterRow {
    let service = definition(services, record);
    let place = service.map(|service| finding::place(&service.form, &record.answers)).unwrap_or_default();
    RegisterRow {
        href: format!("{base}/{}", segment(&record.number)),
        number: record.number.clone(),
        holder: names.applicant(&record.holder, true),
        about: service.map(|service| about(reader, service, &record.answers)).unwrap_or_default(),
        place: if place.is_empty() { String::new() } else { reader.place(place) },
        from: reader.day(record.valid_from),
        until: record.valid_until.map(|day| reader.day(day)).unwrap_or_default(),
        state: record_state(reader, record.status(reader.now.day())),
    }
}

/// What a record is about: the first answer that can be searched and tells nothing about a person.
fn about(reader: &Reader<'_>, service: &Service, answers: &Answers) -> String {
    fn first<'a>(fields: &'a [Field], answers: &'a Answers) -> Option<(&'a Field, &'a Value)> {
        fields.iter().find_map(|field| match (&field.kind, answers.get(&field.name)?) {
            (Kind::Group { fields }, Value::Map(group)) => first(fields, group),
            (_, value) if field.searchable && !field.personal => Some((field, value)),
            _ => None,
        })
    }
    let found = service.form.pages.iter().find_map(|page| first(&page.fields, answers));
    found.map(|(field, value)| engine::form::show(field, value, &reader.style(true))).unwrap_or_default()
}

/// `GET /{tenant}/desk/registers/{registry}/{record}`: one record, now or as it was on a day.
pub(crate) async fn record(ask: &Ask) -> Answer {
    let (reader, employee) = (Reader::of(ask), ask.employee()?);
    let services = scope::services(&ask.library, ask.tenant(), employee);
    let registry = wanted(ask, &services)?;
    let number = ask.param("record");
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let history = records::history(&mut tx, &registry, number).await?;
    let latest = history.last().map(|(record, _)| record.clone()).ok_or(Problem::NotFound)?;
    let typed = ask.query("on")?;
    let on = when::typed_day(typed);
    let error = match on {
        None if !typed.is_empty() => reader.say("inbox.no_day", &[("text", typed)]),
        _ => String::new(),
    };
    let status = if error.is_empty() { 200 } else { 422 };
    let shown = match on {
        Some(day) => records::as_on(&mut tx, &registry, number, day, ask.now().ms).await?.ok_or(Problem::NotFound)?,
        None => latest,
    };
    let about = cases::about_record(&mut tx, &registry, number).await?;
    let mut issued = Vec::new();
    for row in &about {
        issued.extend(papers::by_case(&mut tx, &row.id).await?);
    }
    let mut numbers = Vec::new();
    for (version, _) in &history {
        let case = cases::load(&mut tx, &version.case).await?;
        numbers.push((version.case.clone(), case.and_then(|case| case.number).unwrap_or_default()));
    }
    drop(tx);
    let names = Names::load(&ask.app, ask.tenant(), vec![shown.holder.clone()]).await?;
    let service = definition(&services, &shown);
    let place = service.map(|service| finding::place(&service.form, &shown.answers)).unwrap_or_default().to_owned();
    if !may_see(ask, employee, &services, &registry, &place) {
        return Err(Problem::NotFound);
    }
    let mut rows = head(&reader, &names, &shown, on.map(|day| reader.day(day)));
    rows.extend(service.map(|service| answers(&reader, service, &shown)).unwrap_or_default());
    let known = |row: &&crate::store::inbox::CaseRow| row.number.is_some();
    let links = about
        .iter()
        .filter(known)
        .map(|row| Link::new(href(&reader, &row.id), row.number.clone().unwrap_or_default()))
        .collect();
    rows.push(Row { key: reader.get("register.cases"), links, ..Row::default() });
    let view = RegisterRecord {
        register: title(&reader, &services, &registry),
        number: shown.number.clone(),
        state: state(&reader, &shown, on),
        rows,
        action: ask.at(&format!("/desk/registers/{registry}/{}", segment(number))),
        on: on.map(|day| day.to_string()).unwrap_or_default(),
        error,
        papers: issued
            .iter()
            .rev()
            .filter(|paper| paper.status == "valid")
            .map(|paper| self::paper(&reader, service, paper))
            .collect(),
        versions: history
            .iter()
            .zip(&numbers)
            .rev()
            .map(|((version, _), (case, number))| self::version(&reader, version, case, number))
            .collect(),
        actions: Vec::new(),
    };
    let back = ask.at(&format!("/desk/registers/{registry}"));
    ask.page(Page::RegisterRecord(view)).back(back).status(status).answer()
}

/// Whether the reader holds a role for the place of the record, in a service that keeps this registry.
fn may_see(ask: &Ask, employee: &Employee, services: &[&Arc<Service>], registry: &str, place: &str) -> bool {
    let keeps = |service: &&&Arc<Service>| service.grants.iter().any(|grant| grant.registry.value == *registry);
    services
        .iter()
        .filter(keeps)
        .any(|service| !scope::actor(ask.tenant(), employee, &service.id, place).roles.is_empty())
}

fn state(reader: &Reader<'_>, record: &Record, on: Option<engine::base::Day>) -> Tag {
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

fn paper(reader: &Reader<'_>, service: Option<&Arc<Service>>, paper: &papers::Paper) -> Paper {
    let document = service.and_then(|service| service.document(&paper.document));
    let title =
        document.map_or_else(|| paper.document.replace('_', " "), |document| reader.text(&document.title).to_owned());
    Paper {
        title: format!("{title}, {}", reader.day_of(paper.at_ms)),
        href: format!("{}/papers/{}.pdf", href(reader, &paper.case), paper.id),
        detail: "PDF".to_owned(),
        thumb: None,
    }
}

fn version(reader: &Reader<'_>, version: &Record, case: &str, number: &str) -> Version {
    let key = match (version.version, version.has_ended()) {
        (_, true) => "record.did_revoke",
        (1, _) => "record.did_create",
        _ => "record.did_renew",
    };
    Version {
        from: reader.day(version.valid_from),
        until: version.valid_until.map(|day| reader.day(day)).unwrap_or_default(),
        what: reader.get(key),
        case: Link::new(href(reader, case), number),
    }
}

//! `/{tenant}/desk/registers/{registry}`: the records that approvals leave behind.

use std::sync::Arc;

use engine::base::{Answers, Value};
use engine::form::{Field, Kind};
use engine::registry::{Mode, Record, RecordStatus};
use engine::service::Service;
use ui_gen::Page;
use ui_gen::view::common::{NavLink, Pager};
use ui_gen::view::registers::{Register, RegisterRow};

use super::names::Names;
use super::reader::Reader;
use super::scope;
use super::view_money::segment;
use super::view_tabs::record_state;
use crate::finding;
use crate::http::ask::{Answer, Ask};
use crate::http::sought::{self, Sought};
use crate::http::{dispatch, limits};
use crate::problem::Problem;
use crate::store::inbox::PAGE;
use crate::store::{desk, records};

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
pub(super) fn title(reader: &Reader<'_>, services: &[&Arc<Service>], registry: &str) -> String {
    let of = |mode: Mode| {
        let grants = services.iter().flat_map(|service| &service.grants);
        grants.into_iter().find(|grant| grant.registry.value == *registry && grant.mode == mode)
    };
    let grant = of(Mode::Create).or_else(|| of(Mode::Renew));
    let name = grant.map_or_else(|| registry.replace('_', " "), |grant| reader.text(&grant.title).to_owned());
    reader.say("register.of", &[("what", &name)])
}

/// The registry in the address, if one of the reader's services keeps it.
pub(super) fn wanted(ask: &Ask, services: &[&Arc<Service>]) -> Result<String, Problem> {
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
    if let Some(sealed) = sought::sealed_address(ask, "q")? {
        return ask.redirect(&sealed);
    }
    let sought = Sought::read(ask, "q")?;
    let text = sought.words.as_str();
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
        let page = if page > 0 { (page + 1).to_string() } else { String::new() };
        sought::address(&base, &[("q", sought.sealed.as_str()), ("state", state), ("page", page.as_str())])
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
    sought.told(ask, ask.page(Page::Register(view))).answer()
}

pub(super) fn definition<'a>(services: &[&'a Arc<Service>], record: &Record) -> Option<&'a Arc<Service>> {
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
            (_, value) if field.searchable.alone() && !field.personal => Some((field, value)),
            _ => None,
        })
    }
    let found = service.form.all_pages().find_map(|page| first(&page.fields, answers));
    found.map(|(field, value)| engine::form::show(field, value, &reader.style(true))).unwrap_or_default()
}

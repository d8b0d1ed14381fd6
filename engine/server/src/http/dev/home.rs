//! `/dev`: every service, and the towns that run it by the same files.

use std::collections::BTreeMap;

use engine::source::Severity;
use engine::tenant::Tenant;
use ui_gen::Page;
use ui_gen::view::common::{Link, Tag, Tone};
use ui_gen::view::dev::{DevHome, DevServiceLink};

use crate::http::ask::{Answer, Ask};

/// Definitions of one service that are listed beside those of others: a rate of every town's own
/// makes a definition of every town's own.
const TOLD: usize = 3;
/// Towns that are told by name rather than counted.
const NAMED: usize = 3;

/// The towns that run one definition of a service; by digest, which is empty for what is not served.
type Definitions<'a> = BTreeMap<&'a str, Vec<&'a Tenant>>;

/// `GET /dev`: all services, or every definition of the one that `service` names.
pub(super) async fn page(ask: &Ask) -> Answer {
    let library = &ask.library;
    let errors = library.diagnostics.0.iter().filter(|one| one.severity == Severity::Error).count();
    let wanted = ask.query("service")?;
    let services = services(ask);
    let rows = match services.get_key_value(wanted) {
        Some((id, definitions)) => rows(ask, id, definitions, usize::MAX),
        None => services.iter().flat_map(|(id, definitions)| rows(ask, id, definitions, TOLD)).collect(),
    };
    let view = DevHome {
        services: rows,
        one: services.contains_key(wanted),
        problems: if errors > 0 { errors.to_string() } else { String::new() },
        watching: ask.app.library.is_watched(),
        loaded: super::loaded(ask),
    };
    ask.page(Page::DevHome(view)).answer()
}

/// Every service that a town lists, with its definitions.
fn services(ask: &Ask) -> BTreeMap<&str, Definitions<'_>> {
    let catalogue = &ask.library.catalogue;
    let mut services: BTreeMap<&str, Definitions> = BTreeMap::new();
    for tenant in catalogue.tenants.values() {
        for id in &tenant.services {
            let digest = catalogue.service(&tenant.id, id).map_or("", |service| service.digest.as_str());
            let towns = services.entry(id.as_str()).or_default().entry(digest).or_default();
            // A town that lists a service twice runs it once.
            if towns.last().is_none_or(|last| last.id != tenant.id) {
                towns.push(tenant);
            }
        }
    }
    services
}

/// The definitions of a service, at most so many: what is wrong first, then those of the most towns.
fn rows(ask: &Ask, id: &str, definitions: &Definitions<'_>, most: usize) -> Vec<DevServiceLink> {
    let mut all: Vec<_> = definitions.iter().collect();
    all.sort_by_key(|(digest, towns)| (!digest.is_empty(), usize::MAX - towns.len()));
    let left = all.len().saturating_sub(most);
    all.truncate(most);
    let mut rows: Vec<_> = all.iter().map(|(_, towns)| link(ask, id, towns)).collect();
    if let Some(last) = rows.last_mut().filter(|_| left > 0) {
        let text = ask.words().say("dev.more", &[("n", &left.to_string())]);
        last.more = Some(Link { href: format!("/dev?service={id}"), text });
    }
    rows
}

/// A definition, served or not because of errors, as its first town has it.
fn link(ask: &Ask, id: &str, towns: &[&Tenant]) -> DevServiceLink {
    let words = ask.words();
    let tenant = towns[0];
    let here = format!("/dev/{}/{id}", tenant.id);
    let told = if towns.len() > NAMED {
        words.say("dev.n_towns", &[("n", &towns.len().to_string())])
    } else {
        towns.iter().map(|town| town.title.in_language(&ask.lang)).collect::<Vec<_>>().join(", ")
    };
    let row = DevServiceLink { name: id.to_owned(), towns: told, ..DevServiceLink::default() };
    match ask.library.catalogue.service(&tenant.id, id) {
        Some(service) => DevServiceLink {
            title: service.title.in_language(&ask.lang).to_owned(),
            form: format!("{here}/form"),
            href: here,
            digest: service.digest.chars().take(8).collect(),
            state: Tag::new(words.get("dev.served"), Tone::Good),
            ..row
        },
        None => DevServiceLink {
            title: id.to_owned(),
            form: super::PROBLEMS.to_owned(),
            href: here,
            state: Tag::new(words.get("dev.not_served"), Tone::Bad),
            ..row
        },
    }
}

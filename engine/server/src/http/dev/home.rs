//! `/dev`: every town with its services.

use std::collections::BTreeSet;

use engine::source::Severity;
use engine::tenant::Tenant;
use ui_gen::Page;
use ui_gen::view::common::{Tag, Tone};
use ui_gen::view::dev::{DevHome, DevServiceLink, DevTown};

use crate::http::ask::{Answer, Ask};

/// `GET /dev`
pub(super) async fn page(ask: &Ask) -> Answer {
    let library = &ask.library;
    let errors = library.diagnostics.0.iter().filter(|one| one.severity == Severity::Error).count();
    let towns = library.catalogue.tenants.values().map(|tenant| town(ask, tenant)).collect();
    let view = DevHome {
        towns,
        problems: if errors > 0 { errors.to_string() } else { String::new() },
        watching: ask.app.library.is_watched(),
        loaded: super::loaded(ask),
    };
    ask.page(Page::DevHome(view)).answer()
}

fn town(ask: &Ask, tenant: &Tenant) -> DevTown {
    let mut seen = BTreeSet::new();
    let services =
        tenant.services.iter().filter(|id| seen.insert(id.as_str())).map(|id| link(ask, tenant, id)).collect();
    DevTown { title: tenant.title.in_language(&ask.lang).to_owned(), services }
}

/// A service that the town lists: served, or not because of errors.
fn link(ask: &Ask, tenant: &Tenant, id: &str) -> DevServiceLink {
    let words = ask.words();
    let here = format!("/dev/{}/{id}", tenant.id);
    match ask.library.catalogue.service(&tenant.id, id) {
        Some(service) => DevServiceLink {
            title: service.title.in_language(&ask.lang).to_owned(),
            name: id.to_owned(),
            form: format!("{here}/form"),
            href: here,
            digest: service.digest.chars().take(8).collect(),
            state: Tag::new(words.get("dev.served"), Tone::Good),
        },
        None => DevServiceLink {
            title: id.to_owned(),
            name: id.to_owned(),
            form: super::PROBLEMS.to_owned(),
            href: here,
            digest: String::new(),
            state: Tag::new(words.get("dev.not_served"), Tone::Bad),
        },
    }
}

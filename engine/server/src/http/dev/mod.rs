//! Pages for those who write definitions: what is loaded and from which files, how a service goes,
//! its form as it will be asked, what is wrong, and what rules and templates may use.

mod form;
mod home;
mod problems;
mod reference;
mod service;

use engine::tenant::Tenant;
use std::sync::Arc;
use ui_gen::view::common::NavLink;

use super::ask::Ask;
use super::routes::{Route, routes};
use crate::auth::Policy::Implementer;
use crate::problem::Problem;

/// The pages of implementers.
pub static ROUTES: &[Route] = routes! {
    GET       "/dev"                                            Implementer => home::page;
    GET       "/dev/problems"                                   Implementer => problems::page;
    GET       "/dev/reference"                                  Implementer => reference::page;
    GET       "/dev/{tenant}/{service}"                         Implementer => service::page;
    GET       "/dev/{tenant}/{service}/form"                    Implementer => form::page;
    POST_MANY "/dev/{tenant}/{service}/form"                    Implementer => form::tried;
};

/// Where everything that is wrong is told.
pub(super) const PROBLEMS: &str = "/dev/problems";

/// How much is wrong: what the definitions say, and folders that cannot be read.
pub(super) fn count(ask: &Ask) -> usize {
    ask.library.diagnostics.0.len() + usize::from(ask.app.library.unread().is_some())
}

/// The menu of these pages.
pub(super) fn menu(ask: &Ask) -> Vec<NavLink> {
    let links =
        [("/dev", "dev.title", 0), (PROBLEMS, "dev.problems", count(ask)), ("/dev/reference", "dev.reference", 0)];
    let link = |(path, key, count): (&str, &str, usize)| NavLink {
        href: path.to_owned(),
        text: ask.words().get(key),
        count: if count > 0 { count.to_string() } else { String::new() },
        current: ask.path == path,
    };
    links.into_iter().map(link).collect()
}

/// When the definitions were read, where some town is.
fn loaded(ask: &Ask) -> String {
    let offset = ask.library.catalogue.tenants.values().next().map_or(0, |tenant| tenant.calendar.offset_minutes);
    let at = engine::base::Moment::new(ask.library.read_ms, offset);
    let second = ask.library.read_ms.div_euclid(1_000).rem_euclid(60);
    format!("{}, {:02}:{:02}:{second:02}", engine::template::format::day(at.day()), at.minute() / 60, at.minute() % 60)
}

/// The served service in the address.
fn wanted(ask: &Ask) -> Result<(&Arc<Tenant>, &Arc<engine::service::Service>), Problem> {
    let service = ask.library.catalogue.service(&ask.tenant().id, ask.param("service")).ok_or(Problem::NotFound)?;
    Ok((ask.tenant(), service))
}

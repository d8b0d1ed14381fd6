//! Which record an application is about: one that the applicant holds, or one that is named by its
//! number where the service allows that of somebody else's.

use engine::base::{Name, Text};
use engine::registry::{Mode, Record};
use engine::service::{OnRecord, Service};
use engine::tenant::Tenant;

use super::ask::Ask;
use super::limits;
use crate::auth::otp;
use crate::library::Loaded;
use crate::problem::Problem;
use crate::store::records;

/// The record that was found, or why none was.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Picked {
    /// This one: registry and number.
    One(Name, String),
    /// The applicant holds several, and named none.
    Several,
    /// The applicant holds none, and named none.
    Unnamed,
    /// No record that counts has the number that was named, or it is nobody else's to name.
    Wrong,
}

/// Finds the record for an application of `applicant`, if it is known who that is. What is named and
/// not the applicant's own is counted for `who` names it, so that numbers cannot be tried out.
pub(crate) async fn pick(
    ask: &Ask,
    on_record: &OnRecord,
    applicant: Option<&str>,
    (typed, who): (&str, &str),
) -> Result<Picked, Problem> {
    let typed = typed.trim();
    if typed.chars().count() > limits::SEARCH {
        return Ok(Picked::Wrong);
    }
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let held = match applicant {
        Some(person) => records::by_holder(&mut tx, person).await?,
        None => Vec::new(),
    };
    let fits = |record: &Record| {
        record.registry == on_record.registry && (typed.is_empty() || record.number.eq_ignore_ascii_case(typed))
    };
    let mut fitting = held.into_iter().filter(fits);
    match (fitting.next(), fitting.next()) {
        (Some(record), None) => return Ok(Picked::One(record.registry, record.number)),
        (Some(_), Some(_)) => return Ok(Picked::Several),
        (None, _) if typed.is_empty() => return Ok(Picked::Unnamed),
        (None, _) if on_record.holder_only => return Ok(Picked::Wrong),
        (None, _) => {}
    }
    let found = records::load_typed(&mut tx, &on_record.registry, typed).await?.filter(|record| !record.has_ended());
    drop(tx);
    count(ask, who).await?;
    Ok(found.map_or(Picked::Wrong, |record| Picked::One(record.registry, record.number)))
}

/// Counts a number that was named.
async fn count(ask: &Ask, who: &str) -> Result<(), Problem> {
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    otp::throttle(&mut tx, &format!("named:{who}"), ask.app.clock.now_ms(), limits::NAMED).await?;
    Ok(tx.commit().await?)
}

/// What people of this town call a record of the registry; the words of `service` where nothing here
/// makes such records.
pub(crate) fn called(ask: &Ask, service: &Service, registry: &str) -> String {
    called_in(&ask.library, ask.tenant(), service, registry).in_language(&ask.lang).to_owned()
}

/// The same in every language.
pub(crate) fn called_in<'a>(library: &'a Loaded, tenant: &'a Tenant, service: &'a Service, registry: &str) -> &'a Text {
    let makes = library
        .catalogue
        .services(tenant)
        .flat_map(|service| &service.grants)
        .find(|grant| grant.mode == Mode::Create && grant.registry.value == *registry);
    makes.map_or(&service.title, |grant| &grant.title)
}

//! Which cases an employee may see, and in which roles.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::case::{Actor, ActorKind, Case};
use engine::list::List;
use engine::service::Service;
use engine::tenant::Tenant;

use crate::auth::Employee;
use crate::auth::policy::roles_of;
use crate::library::Loaded;
use crate::store::appointments::{Appointment, EVERY_SERVICE};
use crate::store::inbox::{CaseRow, Scope};

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Where there is something to do for one of the person's roles.
    MyWork,
    /// Everything of the person's services.
    MyServices,
}

/// The services in which a person holds a role, in the order of the town; of whoever audits, all of them.
pub(crate) fn services<'a>(library: &'a Loaded, tenant: &'a Tenant, employee: &Employee) -> Vec<&'a Arc<Service>> {
    let holds = |service: &&Arc<Service>| {
        let held = |held: &Appointment| held.service == service.id || held.service == EVERY_SERVICE;
        employee.audits() || employee.held.iter().any(held)
    };
    library.catalogue.services(tenant).filter(holds).collect()
}

/// What a person may see: one scope for the whole town, and one for each place that an appointment
/// is limited to.
pub(crate) fn scopes(library: &Loaded, tenant: &Tenant, employee: &Employee, reach: Reach) -> Vec<Scope> {
    if employee.audits() {
        return audited(library, tenant);
    }
    let mut by_place: BTreeMap<&str, Vec<Appointment>> = BTreeMap::new();
    for held in &employee.held {
        by_place.entry(&held.place).or_default().push(held.clone());
    }
    let scope = |(place, held): (&str, Vec<Appointment>)| {
        let states = services(library, tenant, employee)
            .into_iter()
            .map(|service| (service.id.clone(), states(library, &service.id, &held, reach)));
        let places = (!place.is_empty()).then(|| below(&tenant.places, place));
        Scope { states: states.filter(|(_, states)| !states.is_empty()).collect(), places }
    };
    by_place.into_iter().map(scope).filter(|scope| !scope.states.is_empty()).collect()
}

/// What whoever audits sees: every case of the town, in whichever state.
fn audited(library: &Loaded, tenant: &Tenant) -> Vec<Scope> {
    let every = |service: &Arc<Service>| {
        let definitions = library.catalogue.definitions().filter(|definition| definition.id == service.id);
        let states = definitions.flat_map(|definition| &definition.workflow.states);
        let states: BTreeSet<String> = states.map(|state| state.name.to_string()).collect();
        (service.id.clone(), states.into_iter().collect::<Vec<String>>())
    };
    vec![Scope { states: library.catalogue.services(tenant).map(every).collect(), places: None }]
}

/// The states of a service that are shown to the holder of `held`, in every definition that cases may
/// have begun with.
fn states(library: &Loaded, service: &str, held: &[Appointment], reach: Reach) -> Vec<String> {
    let places: Vec<&str> = held.iter().map(|held| held.place.as_str()).collect();
    let roles = roles_of(held, service, &places);
    let definitions = library.catalogue.definitions().filter(|definition| definition.id == service);
    let all = definitions.flat_map(|definition| &definition.workflow.states);
    let shown = all.filter(|state| match reach {
        // What may still be done once a case has ended, such as cancelling, is not work that waits.
        // Nor is what is with the applicant, though an officer could do something there.
        Reach::MyWork => {
            state.end.is_none() && !state.waits_for_applicant && state.officers().any(|role| roles.contains(role))
        }
        Reach::MyServices => !roles.is_empty(),
    });
    shown.map(|state| state.name.to_string()).collect::<BTreeSet<String>>().into_iter().collect()
}

/// A place and everything that lies in it.
pub(crate) fn below(places: &List, code: &str) -> Vec<String> {
    let lies_in = |entry: &&engine::list::Entry| places.ancestry(&entry.code).any(|above| above.code == code);
    let mut found: Vec<String> = places.entries.iter().filter(lies_in).map(|entry| entry.code.clone()).collect();
    if found.is_empty() {
        found.push(code.to_owned());
    }
    found
}

/// A place and everything above it, nearest first.
pub(crate) fn above<'a>(places: &'a List, code: &str) -> Vec<&'a str> {
    places.ancestry(code).map(|entry| entry.code.as_str()).collect()
}

/// The person as the engine knows actors: the roles held for this service and place.
pub(crate) fn actor(tenant: &Tenant, employee: &Employee, service: &str, place: &str) -> Actor {
    let roles = employee.roles(service, &above(&tenant.places, place));
    Actor { person: employee.id.clone(), kind: ActorKind::Employee, roles }
}

/// The person at the counter: with every role held for the service, wherever it holds, since it is
/// not known yet which place the application will be about.
pub(crate) fn clerk(employee: &Employee, service: &str) -> Actor {
    let fits = |held: &&Appointment| !employee.audits() && (held.service == service || held.service == EVERY_SERVICE);
    let roles: BTreeSet<_> = employee.held.iter().filter(fits).map(|held| held.role.clone()).collect();
    Actor { person: employee.id.clone(), kind: ActorKind::Counter, roles: roles.into_iter().collect() }
}

/// Whether a person may read what belongs to a service and a place: with a role for it, or as an auditor.
pub(crate) fn reads(tenant: &Tenant, employee: &Employee, service: &str, place: &str) -> bool {
    employee.audits() || !actor(tenant, employee, service, place).roles.is_empty()
}

/// The same of a case in a list, which whoever has it may open as well.
pub(crate) fn may_list(tenant: &Tenant, employee: &Employee, row: &CaseRow) -> bool {
    let reads = reads(tenant, employee, &row.service, &row.place);
    row.number.is_some() && (reads || row.assignee.as_deref() == Some(&employee.id))
}

/// Whether a person may look at a case at all: it was handed in, and the person holds a role in its
/// service for its place, has it, or audits.
pub(crate) fn may_see(case: &Case, employee: &Employee, actor: &Actor) -> bool {
    let reads = employee.audits() || !actor.roles.is_empty();
    case.number.is_some() && (reads || case.assignee.as_deref() == Some(&actor.person))
}

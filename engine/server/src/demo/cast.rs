//! Who plays: citizens of the state, and the staff of every town.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Result;
use engine::base::Name;
use engine::base::date::parse_day;
use engine::scenario::history::{Cast, pick};
use engine::scenario::walk::{Chance as _, Seeded};
use engine::tenant::Tenant;
use engine::workflow::Assign;

use crate::app::App;
use crate::auth::password;
use crate::auth::policy::{ADMINISTRATOR, AUDITOR};
use crate::store::appointments::{Appointment, THE_TOWN};
use crate::store::{By, Tx, appointments, people};

/// The password of all invented employees. It is printed when a demonstration begins, and a
/// server that is none refuses to start with them.
pub const PASSWORD: &str = "nagar-demo-2026";

/// Who holds an office of the town itself, the office, and the name. Of administrators there are two: what one asks for,
/// another has to agree to.
const OFFICES: [(&str, &str, &str); 3] = [
    (ADMINISTRATOR, ADMINISTRATOR, "Administrator"),
    (AUDITOR, AUDITOR, "Auditor"),
    ("administrator_2", ADMINISTRATOR, "Second administrator"),
];

/// How an invented employee signs in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The town.
    pub tenant: String,
    /// What is typed as name.
    pub login: String,
    /// The roles, as people call them.
    pub roles: String,
}

/// Appoints one person to every role of every service of each town, and one more for each department where
/// cases are the work of departments. Only those of the first kind, in the offices named in the cast, get a
/// password.
pub(super) async fn appoint(app: &App, towns: &[(Arc<Tenant>, u64)], cast: &Cast) -> Result<Vec<SignIn>> {
    let hash = password::hash(PASSWORD, &app.chance)?;
    let mut sign_ins = Vec::new();
    for (order, (tenant, _)) in towns.iter().enumerate() {
        let open = cast.offices.contains(&tenant.id);
        let mut tx = app.store.begin(&tenant.id).await?;
        let by = By::system(app.clock.now_ms());
        let named = |index: usize, otherwise: &str| {
            let name = cast.staff.get((order * 7 + index) % cast.staff.len().max(1));
            name.cloned().unwrap_or_else(|| otherwise.to_owned())
        };
        let posts = posts(app, tenant);
        for (index, (role, label, services)) in posts.iter().enumerate() {
            let person = people::Person {
                login: open.then(|| login(role)),
                password_hash: open.then(|| hash.clone()),
                ..employee(staff(role), named(index, label), tenant, by.at_ms)
            };
            people::save(&mut tx, by, &person).await?;
            for service in services {
                appointments::save(&mut tx, by, &appointment(&person.id, service, role, Vec::new())).await?;
            }
            if open {
                sign_ins.push(SignIn { tenant: tenant.id.clone(), login: login(role), roles: label.clone() });
            }
        }
        for office in OFFICES {
            sign_ins.extend(of_the_town(&mut tx, by, tenant, open.then_some(hash.as_str()), office).await?);
        }
        for (index, (service, role, department)) in sections(app, tenant).into_iter().enumerate() {
            let id = format!("{}-{department}", staff(&role));
            let person = employee(id, named(posts.len() + index, &department), tenant, by.at_ms);
            people::save(&mut tx, by, &person).await?;
            appointments::save(&mut tx, by, &appointment(&person.id, &service, &role, vec![department])).await?;
        }
        tx.commit().await?;
    }
    Ok(sign_ins)
}

/// Appoints somebody to an office of the town itself, who signs in where the others do.
async fn of_the_town(
    tx: &mut Tx,
    by: By<'_>,
    tenant: &Tenant,
    hash: Option<&str>,
    (who, role, called): (&str, &str, &str),
) -> Result<Option<SignIn>> {
    let login = login(who);
    let person = people::Person {
        login: hash.map(|_| login.clone()),
        password_hash: hash.map(str::to_owned),
        ..employee(staff(who), called.to_owned(), tenant, by.at_ms)
    };
    people::save(tx, by, &person).await?;
    appointments::save(tx, by, &appointment(&person.id, THE_TOWN, role, Vec::new())).await?;
    Ok(hash.map(|_| SignIn { tenant: tenant.id.clone(), login, roles: called.to_owned() }))
}

/// An employee who cannot sign in.
fn employee(id: String, name: String, tenant: &Tenant, at_ms: i64) -> people::Person {
    people::Person {
        id,
        kind: "employee".to_owned(),
        mobile: None,
        login: None,
        name,
        email: None,
        password_hash: None,
        language: tenant.languages.first().cloned().unwrap_or_default(),
        disabled: false,
        at_ms,
    }
}

fn appointment(person: &str, service: &str, role: &str, departments: Vec<String>) -> Appointment {
    Appointment {
        person: person.to_owned(),
        service: service.to_owned(),
        role: Name::new(role),
        place: String::new(),
        from: parse_day("2020-01-01").expect("a day"),
        until: None,
        departments,
        most: None,
        held_for: None,
    }
}

/// Where cases are the work of departments: the service, each role to which somebody gives them, and each
/// department at the top of the list.
fn sections(app: &App, tenant: &Tenant) -> Vec<(String, String, String)> {
    let loaded = app.library.now();
    let mut sections = Vec::new();
    for service in loaded.catalogue.services(tenant) {
        let Some(departments) = service.department_list() else { continue };
        let actions = service.workflow.states.iter().flat_map(|state| &state.actions);
        let given = actions.filter(|action| action.assign == Assign::Required);
        let states = given.filter_map(|action| service.workflow.state(&action.to));
        let to = states.filter_map(|state| state.officers().find(|role| !service.is_held(role)));
        for role in to.map(ToString::to_string).collect::<BTreeSet<String>>() {
            let top = departments.entries.iter().filter(|entry| entry.parent.is_none());
            sections.extend(top.map(|entry| (service.id.clone(), role.clone(), entry.code.clone())));
        }
    }
    sections
}

/// Every role of the town with what people call it and the services it works for.
fn posts(app: &App, tenant: &Tenant) -> Vec<(String, String, Vec<String>)> {
    let loaded = app.library.now();
    let mut posts: Vec<(String, String, Vec<String>)> = Vec::new();
    for service in loaded.catalogue.services(tenant) {
        for role in service.offices() {
            match posts.iter_mut().find(|(name, ..)| *name == *role.name) {
                Some((_, _, services)) => services.push(service.id.clone()),
                None => posts.push((
                    role.name.to_string(),
                    role.label.in_language("en").to_owned(),
                    vec![service.id.clone()],
                )),
            }
        }
    }
    posts
}

/// How whoever holds a role signs in.
pub fn login(role: &str) -> String {
    role.replace('_', ".")
}

/// The key of the person who holds a role.
pub(super) fn staff(role: &str) -> String {
    format!("staff-{role}")
}

/// Somebody who applies.
#[derive(Clone, Debug)]
pub(super) struct Citizen {
    /// The person's key.
    pub(super) id: String,
    /// The name.
    pub(super) name: String,
    /// The mobile number: such numbers are nobody's.
    pub(super) mobile: String,
}

/// A citizen of the town's state; most cases are somebody's further one. `known` are those
/// that are there already; `tx` is the state's.
pub(super) async fn citizen(
    tx: &mut Tx,
    known: &mut BTreeMap<i64, Citizen>,
    tenant: &Tenant,
    cast: &Cast,
    chance: &mut Seeded,
    at_ms: i64,
) -> Result<Citizen> {
    let number = chance.between(0, 2_499);
    if let Some(citizen) = known.get(&number) {
        return Ok(citizen.clone());
    }
    let citizen = Citizen {
        id: format!("citizen-{number:04}"),
        name: pick(&cast.people, chance).unwrap_or("Citizen").to_owned(),
        mobile: format!("90000{number:05}"),
    };
    let person = people::Person {
        id: citizen.id.clone(),
        kind: "citizen".to_owned(),
        mobile: Some(citizen.mobile.clone()),
        login: None,
        name: citizen.name.clone(),
        email: None,
        password_hash: None,
        language: tenant.languages.first().cloned().unwrap_or_default(),
        disabled: false,
        at_ms,
    };
    people::save(tx, By::system(at_ms), &person).await?;
    known.insert(number, citizen.clone());
    Ok(citizen)
}

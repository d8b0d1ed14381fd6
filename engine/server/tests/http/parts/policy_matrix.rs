//! Every policy against everybody who may ask, reading and writing: no cell is left to be thought of.

use std::collections::BTreeSet;

use engine::base::Name;
use engine::base::date::parse_day;
use server::auth::policy::{ADMINISTRATOR, AUDITOR, Citizen, Denied, Employee, Object, Part, Policy, Who, authorize};
use server::auth::program::Use;
use server::http::routes::table;
use server::store::appointments::{Appointment, THE_TOWN};

use crate::apply::begun;
use crate::browser::Browser;
use crate::town::{TOWN, Town};

/// Who asks: an employee's town, service and role; the uses of a program's token.
fn employee(tenant: &str, service: &str, role: &str) -> Who {
    let held = Appointment {
        person: "e".into(),
        service: service.into(),
        role: Name::new(role),
        place: String::new(),
        from: parse_day("2026-01-01").unwrap(),
        until: None,
        departments: Vec::new(),
        most: None,
        held_for: None,
    };
    Who::Employee(Employee { id: "e".into(), tenant: tenant.into(), name: "E".into(), held: vec![held] })
}

fn citizen(id: &str) -> Who {
    Who::Citizen(Citizen { id: id.into(), state: "aland".into(), mobile: "9876543210".into(), name: String::new() })
}

/// The columns of [`CELLS`].
const ASKERS: [&str; 13] = [
    "nobody",
    "the applicant",
    "another citizen",
    "who holds a record that the case names",
    "a clerk",
    "a guard",
    "a clerk elsewhere",
    "the administrator",
    "the administrator elsewhere",
    "the auditor",
    "the auditor elsewhere",
    "a program that reads",
    "a program that does everything",
];

/// For each policy and each asker what reading and writing gives: A allowed, S sign in first, H there is nothing
/// here, F not for this person; one letter where it is the same.
#[rustfmt::skip]
const CELLS: [(Policy, [&str; 13]); 18] = [
    (Policy::Public,               ["A", "A", "A", "A", "A", "A", "A", "A", "A", "A",  "A", "A", "A"]),
    (Policy::Hook,                 ["A", "A", "A", "A", "A", "A", "A", "A", "A", "A",  "A", "A", "A"]),
    (Policy::Citizen,              ["S", "A", "A", "A", "S", "S", "S", "S", "S", "S",  "S", "S", "S"]),
    (Policy::CaseOwner,            ["S", "A", "H", "H", "S", "S", "S", "S", "S", "S",  "S", "S", "S"]),
    (Policy::CaseParty,            ["S", "A", "H", "A", "S", "S", "S", "S", "S", "S",  "S", "S", "S"]),
    (Policy::CaseOffered,          ["S", "H", "H", "H", "S", "S", "S", "S", "S", "S",  "S", "S", "S"]),
    (Policy::Employee(&[]),        ["S", "S", "S", "S", "A", "A", "H", "A", "H", "AF", "H", "A", "A"]),
    (Policy::Employee(&["clerk"]), ["S", "S", "S", "S", "A", "F", "H", "F", "H", "AF", "H", "A", "A"]),
    (Policy::Own,                  ["S", "S", "S", "S", "A", "A", "H", "A", "H", "A",  "H", "A", "A"]),
    (Policy::Administrator,        ["S", "S", "S", "S", "F", "F", "H", "A", "H", "F",  "H", "F", "F"]),
    (Policy::Oversight,            ["S", "S", "S", "S", "F", "F", "H", "A", "H", "AF", "H", "F", "F"]),
    (Policy::Implementer,          ["H", "H", "H", "H", "H", "H", "H", "H", "H", "H",  "H", "H", "H"]),
    (Policy::Token,                ["S", "A", "A", "A", "S", "S", "S", "S", "S", "S",  "S", "S", "S"]),
    (Policy::Program(Use::Read),   ["S", "A", "H", "H", "S", "S", "S", "S", "S", "S",  "S", "A", "A"]),
    (Policy::Program(Use::Open),   ["S", "A", "A", "A", "S", "S", "S", "S", "S", "S",  "S", "F", "A"]),
    (Policy::Program(Use::Act),    ["S", "A", "H", "H", "S", "S", "S", "S", "S", "S",  "S", "F", "A"]),
    (Policy::Office(Use::Read),    ["S", "S", "S", "S", "S", "S", "S", "S", "S", "S",  "S", "A", "A"]),
    (Policy::Office(Use::Act),     ["S", "S", "S", "S", "S", "S", "S", "S", "S", "S",  "S", "F", "A"]),
];

/// The row of a policy. A policy that is made later has none here, and this does not compile without it.
fn row(policy: Policy) -> String {
    match policy {
        Policy::Employee([]) => "any employee".to_owned(),
        Policy::Employee(_) => "an employee with a role".to_owned(),
        Policy::Public
        | Policy::Hook
        | Policy::Citizen
        | Policy::CaseOwner
        | Policy::CaseParty
        | Policy::CaseOffered
        | Policy::Own
        | Policy::Administrator
        | Policy::Oversight
        | Policy::Implementer
        | Policy::Token
        | Policy::Program(Use::Read | Use::Open | Use::Act)
        | Policy::Office(Use::Read | Use::Open | Use::Act) => format!("{policy:?}"),
    }
}

fn letter(answer: Result<(), Denied>) -> char {
    match answer {
        Ok(()) => 'A',
        Err(Denied::SignIn) => 'S',
        Err(Denied::Hidden) => 'H',
        Err(Denied::Forbidden) => 'F',
    }
}

#[tokio::test]
async fn az_01_every_cell_of_policies_and_askers_is_as_it_is_written_here() {
    let town = Town::open().await;
    let id = begun(&mut Browser::new(&town), "9876543210").await;
    let case = town.case(&id).await;
    let (applicant, other) = (citizen(&case.applicant), citizen("somebody"));
    let whole: &[Use] = &Use::ALL;
    let clerk = |tenant: &str| employee(tenant, "report", "clerk");
    let office = |tenant: &str, role: &str| employee(tenant, THE_TOWN, role);
    let askers: [(Who, bool, Option<&[Use]>); 13] = [
        (Who::Nobody, false, None),
        (applicant, false, None),
        (other.clone(), false, None),
        (other, true, None),
        (clerk(TOWN), false, None),
        (employee(TOWN, "report", "guard"), false, None),
        (clerk("hilltop"), false, None),
        (office(TOWN, ADMINISTRATOR), false, None),
        (office("hilltop", ADMINISTRATOR), false, None),
        (office(TOWN, AUDITOR), false, None),
        (office("hilltop", AUDITOR), false, None),
        (clerk(TOWN), false, Some(&[Use::Read])),
        (clerk(TOWN), false, Some(whole)),
    ];
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for (policy, cells) in CELLS {
        for ((cell, name), (who, holds, program)) in cells.iter().zip(ASKERS).zip(&askers) {
            for (writes, expected) in [(false, cell.chars().next()), (true, cell.chars().next_back())] {
                let object = Object {
                    tenant: Some(TOWN),
                    case: Some(&case),
                    implementer: false,
                    writes,
                    program: *program,
                    part: holds.then_some(Part::Holder),
                };
                let given = letter(authorize(who, policy, object));
                if Some(given) != expected {
                    wrong.push(format!("{policy:?} for {name}, writing {writes}: {given}, not {expected:?}"));
                }
                tried += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(tried, CELLS.len() * ASKERS.len() * 2);
    let rows: BTreeSet<String> = CELLS.iter().map(|(policy, _)| row(*policy)).collect();
    assert_eq!(rows.len(), CELLS.len(), "a policy is there once");
    for route in table() {
        assert!(rows.contains(&row(route.policy)), "{}: {:?} is in no row", route.path, route.policy);
    }
}

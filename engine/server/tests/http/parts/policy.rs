//! Who may do what.

use engine::base::Name;
use server::auth::policy::{ADMINISTRATOR, AUDITOR, Citizen, Denied, Employee, Object, Policy, Who, authorize};
use server::auth::program::Use;
use server::store::appointments::{Appointment, THE_TOWN};

fn citizen(id: &str) -> Who {
    Who::Citizen(Citizen { id: id.into(), state: "state".into(), mobile: "9876543210".into(), name: String::new() })
}

fn employee(tenant: &str, role: &str, place: &str) -> Who {
    let held = Appointment {
        person: "e".into(),
        service: "permit".into(),
        role: Name::new(role),
        place: place.into(),
        from: engine::base::date::parse_day("2026-01-01").unwrap(),
        until: None,
        departments: Vec::new(),
        most: None,
        held_for: None,
    };
    Who::Employee(Employee { id: "e".into(), tenant: tenant.into(), name: "E".into(), held: vec![held] })
}

fn administrator(tenant: &str) -> Who {
    let Who::Employee(mut employee) = employee(tenant, ADMINISTRATOR, "") else { unreachable!() };
    employee.held[0].service = THE_TOWN.into();
    Who::Employee(employee)
}

fn auditor(tenant: &str) -> Who {
    let Who::Employee(mut employee) = employee(tenant, AUDITOR, "") else { unreachable!() };
    employee.held[0].service = THE_TOWN.into();
    Who::Employee(employee)
}

#[test]
fn the_office_of_the_town_opens_no_case() {
    assert!(administrator("town").actor("permit", &[]).unwrap().roles.is_empty());
}

#[test]
fn az_01_every_policy_and_every_kind_of_person() {
    let town =
        Object { tenant: Some("town"), case: None, implementer: false, writes: false, program: None, part: None };
    let (any, clerk) = (Policy::Employee(&[]), Policy::Employee(&["clerk"]));
    let expected = [
        (Who::Nobody, Policy::Public, Ok(())),
        (Who::Nobody, Policy::Citizen, Err(Denied::SignIn)),
        (Who::Nobody, Policy::CaseOwner, Err(Denied::SignIn)),
        (Who::Nobody, Policy::CaseParty, Err(Denied::SignIn)),
        (Who::Nobody, any, Err(Denied::SignIn)),
        (Who::Nobody, Policy::Implementer, Err(Denied::Hidden)),
        (citizen("a"), Policy::Citizen, Ok(())),
        (citizen("a"), Policy::CaseOwner, Err(Denied::Hidden)),
        (citizen("a"), Policy::CaseParty, Err(Denied::Hidden)),
        (citizen("a"), any, Err(Denied::SignIn)),
        (employee("town", "clerk", ""), any, Ok(())),
        (employee("town", "clerk", ""), clerk, Ok(())),
        (employee("town", "guard", ""), clerk, Err(Denied::Forbidden)),
        (employee("other", "clerk", ""), any, Err(Denied::Hidden)),
        (employee("town", "clerk", ""), Policy::Citizen, Err(Denied::SignIn)),
        (employee("town", "clerk", ""), Policy::CaseOwner, Err(Denied::SignIn)),
        (employee("town", "clerk", ""), Policy::CaseParty, Err(Denied::SignIn)),
        (employee("town", "clerk", ""), Policy::Implementer, Err(Denied::Hidden)),
        (Who::Nobody, Policy::Administrator, Err(Denied::SignIn)),
        (citizen("a"), Policy::Administrator, Err(Denied::SignIn)),
        (employee("town", "clerk", ""), Policy::Administrator, Err(Denied::Forbidden)),
        // A role of a service, whatever it is called.
        (employee("town", ADMINISTRATOR, ""), Policy::Administrator, Err(Denied::Forbidden)),
        (administrator("town"), Policy::Administrator, Ok(())),
        (administrator("town"), Policy::Oversight, Ok(())),
        (employee("town", "clerk", ""), Policy::Oversight, Err(Denied::Forbidden)),
        (employee("town", "clerk", ""), Policy::Own, Ok(())),
        (employee("other", "clerk", ""), Policy::Own, Err(Denied::Hidden)),
        (Who::Nobody, Policy::Own, Err(Denied::SignIn)),
        (citizen("a"), Policy::Own, Err(Denied::SignIn)),
        (citizen("a"), Policy::Oversight, Err(Denied::SignIn)),
        (administrator("other"), Policy::Administrator, Err(Denied::Hidden)),
    ];
    for (who, policy, answer) in expected {
        assert_eq!(authorize(&who, policy, town), answer, "{who:?} {policy:?}");
        // What is written asks for no more and no less, unless an auditor would write it.
        assert_eq!(authorize(&who, policy, Object { writes: true, ..town }), answer, "{who:?} writes {policy:?}");
    }
}

#[test]
fn az_13_an_auditor_reads_everything_and_writes_nothing() {
    let town =
        Object { tenant: Some("town"), case: None, implementer: false, writes: false, program: None, part: None };
    let mut all = auditor("town");
    // Whatever else is held, whoever audits changes nothing.
    if let (Who::Employee(auditor), Who::Employee(administrator), Who::Employee(clerk)) =
        (&mut all, administrator("town"), employee("town", "clerk", ""))
    {
        auditor.held.extend(administrator.held.into_iter().chain(clerk.held));
    }
    let (any, clerk) = (Policy::Employee(&[]), Policy::Employee(&["clerk"]));
    for who in [auditor("town"), all] {
        for (policy, reads, writes) in [
            (any, Ok(()), Err(Denied::Forbidden)),
            (clerk, Ok(()), Err(Denied::Forbidden)),
            (Policy::Own, Ok(()), Ok(())),
            (Policy::Oversight, Ok(()), Err(Denied::Forbidden)),
            (Policy::Administrator, Err(Denied::Forbidden), Err(Denied::Forbidden)),
            (Policy::Citizen, Err(Denied::SignIn), Err(Denied::SignIn)),
            (Policy::CaseOwner, Err(Denied::SignIn), Err(Denied::SignIn)),
            (Policy::CaseParty, Err(Denied::SignIn), Err(Denied::SignIn)),
            (Policy::Implementer, Err(Denied::Hidden), Err(Denied::Hidden)),
        ] {
            assert_eq!(authorize(&who, policy, town), reads, "reads {policy:?}");
            assert_eq!(authorize(&who, policy, Object { writes: true, ..town }), writes, "writes {policy:?}");
        }
        assert!(who.actor("permit", &[]).unwrap().roles.is_empty(), "no action is open to an auditor");
    }
    for policy in [any, Policy::Own, Policy::Oversight] {
        assert_eq!(authorize(&auditor("other"), policy, town), Err(Denied::Hidden), "{policy:?}");
    }
    // A role of a service, whatever it is called.
    let named = employee("town", AUDITOR, "");
    assert_eq!(authorize(&named, Policy::Oversight, town), Err(Denied::Forbidden));
    assert_eq!(authorize(&named, any, Object { writes: true, ..town }), Ok(()));
}

#[test]
fn a_role_holds_for_its_place_and_those_below() {
    let actor = |who: Who, places: &[&str]| who.actor("permit", places).unwrap().roles.len();
    assert_eq!(actor(employee("town", "clerk", "W1"), &["M7", "W1", "Z1"]), 1);
    assert_eq!(actor(employee("town", "clerk", "W2"), &["M7", "W1", "Z1"]), 0);
    assert_eq!(actor(employee("town", "clerk", ""), &[]), 1);
}

#[test]
fn az_15_a_program_does_what_its_token_is_for_and_its_person_may() {
    let town = Object { tenant: Some("town"), case: None, implementer: false, writes: true, program: None, part: None };
    let reads = Object { program: Some(&[Use::Read]), ..town };
    let acts = Object { program: Some(&[Use::Read, Use::Act]), ..town };
    let clerk = employee("town", "clerk", "");
    let (read, act, open) = (Policy::Program(Use::Read), Policy::Program(Use::Act), Policy::Program(Use::Open));
    assert_eq!(authorize(&clerk, read, town), Err(Denied::SignIn), "a session of the desk opens nothing here");
    assert_eq!(authorize(&clerk, read, reads), Ok(()));
    assert_eq!(authorize(&clerk, act, reads), Err(Denied::Forbidden));
    assert_eq!(authorize(&clerk, act, acts), Ok(()));
    assert_eq!(authorize(&clerk, open, acts), Err(Denied::Forbidden));
    assert_eq!(authorize(&clerk, Policy::Token, acts), Err(Denied::SignIn), "nor what is a citizen's own");
    assert_eq!(authorize(&employee("other", "clerk", ""), read, reads), Err(Denied::Hidden));
    assert_eq!(authorize(&auditor("town"), act, acts), Err(Denied::Forbidden), "whoever audits writes nothing");
    assert_eq!(authorize(&auditor("town"), read, Object { writes: false, ..acts }), Ok(()));
    // What only programs of the office do is asked the same of them, and of nobody else.
    let (reads_there, acts_there) = (Policy::Office(Use::Read), Policy::Office(Use::Act));
    assert_eq!(authorize(&clerk, reads_there, town), Err(Denied::SignIn));
    assert_eq!(authorize(&clerk, reads_there, reads), Ok(()));
    assert_eq!(authorize(&clerk, acts_there, reads), Err(Denied::Forbidden));
    assert_eq!(authorize(&auditor("town"), acts_there, acts), Err(Denied::Forbidden));
    assert_eq!(authorize(&citizen("a"), reads_there, town), Err(Denied::SignIn));
    // A citizen signs in and has no such token.
    assert_eq!(authorize(&citizen("a"), open, town), Ok(()));
    assert_eq!(authorize(&citizen("a"), read, town), Err(Denied::Hidden));
}

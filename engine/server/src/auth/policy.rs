//! Who may do what: one function, asked before anything else.

#![allow(clippy::match_same_arms, reason = "one row, one policy")]

use connectors::control;
use engine::base::Name;
use engine::case::{Actor, ActorKind, Case};

use super::program::Use;
use crate::store::appointments::{Appointment, EVERY_SERVICE, THE_TOWN};

/// The role of those who appoint others. It is held for the town itself, and opens no case.
pub const ADMINISTRATOR: &str = "administrator";

/// The role of those who look at everything and change nothing. It is held for the town itself.
pub const AUDITOR: &str = "auditor";

/// Who is asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Nobody we know.
    Nobody,
    /// Somebody who proved to have a mobile number.
    Citizen(Citizen),
    /// Somebody who works for the town in the address.
    Employee(Employee),
}

/// A citizen, signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citizen {
    /// The person's key.
    pub id: String,
    /// The state whose towns the sign-in holds for.
    pub state: String,
    /// The mobile number.
    pub mobile: String,
    /// The name; empty while it is not known.
    pub name: String,
}

/// An employee, signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    /// The person's key.
    pub id: String,
    /// The town.
    pub tenant: String,
    /// The name.
    pub name: String,
    /// What the person holds today.
    pub held: Vec<Appointment>,
}

/// Who may use a route. What may be done there with a case is asked once more, of the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Anybody.
    Public,
    /// A citizen.
    Citizen,
    /// The applicant of the case in the address; for everybody else there is no such case.
    CaseOwner,
    /// The same, or a citizen who has a role on the case by holding a record that it names.
    CaseParty,
    /// The citizen to whom the draft in the address is offered, or who has answered that offer; for everybody else
    /// there is no such case.
    CaseOffered,
    /// An employee of the town in the address who holds one of these roles, or any if none is named. An auditor
    /// reads what others read with a role, and writes nothing.
    Employee(&'static [&'static str]),
    /// Any employee of the town in the address, auditors too: what is about the own way in, saying why
    /// something must be seen, and words to look for, which are posted and write nothing.
    Own,
    /// Whoever appoints others in the town in the address. A role of the same name in a service is another one.
    Administrator,
    /// Whoever appoints others, and whoever looks at that as an auditor.
    Oversight,
    /// Writers of definitions, where the installation serves them pages.
    Implementer,
    /// A citizen by a token in the header, which no browser sends unasked.
    Token,
    /// A citizen by a token in the header, of the own case where one is in the address; or a program that works for
    /// an employee of the town, with a token of its own that may be used for this. Which cases the employee may see
    /// is asked once more, of the case.
    Program(Use),
    /// A program that works for an employee of the town, with a token of its own that may be used for this, and nobody
    /// else. What the employee may do there is asked once more.
    Office(Use),
    /// A machine that signs what it says; the handler proves it.
    Hook,
}

/// What it is about.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    /// The town in the address; none for pages above the towns.
    pub tenant: Option<&'a str>,
    /// The case in the address, if it is there.
    pub case: Option<&'a Case>,
    /// Whether writers of definitions are served here.
    pub implementer: bool,
    /// Whether something is written, as far as the route says.
    pub writes: bool,
    /// What the token of a program may be used for, where one came with the request.
    pub program: Option<&'a [Use]>,
    /// What whoever asks has to do with the case besides; nothing for most.
    pub part: Option<Part>,
}

/// What somebody has to do with a case without being its applicant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Has a role on it by holding a record that it names.
    Holder,
    /// Was offered it, and said that it is none of theirs.
    Declined,
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// Sign in first.
    SignIn,
    /// As far as this person can tell, there is nothing here.
    Hidden,
    /// Known, and not for this person.
    Forbidden,
}

/// Whether `who` may use a route of `policy` on `object`.
pub fn authorize(who: &Who, policy: Policy, object: Object<'_>) -> Result<(), Denied> {
    match (policy, who) {
        (Policy::Public | Policy::Hook, _) | (Policy::Citizen | Policy::Token, Who::Citizen(_)) => Ok(()),
        (Policy::Program(Use::Open), Who::Citizen(_)) => Ok(()),
        (Policy::CaseOwner | Policy::CaseParty | Policy::Program(_), Who::Citizen(citizen)) => {
            let own = |case: &Case| case.applicant == citizen.id || !control::holds("az_02_owner");
            let by_record = policy == Policy::CaseParty && object.case.is_some() && object.part == Some(Part::Holder);
            if by_record || object.case.is_some_and(own) { Ok(()) } else { Err(Denied::Hidden) }
        }
        (Policy::CaseOffered, Who::Citizen(citizen)) => {
            let may = |case: &Case| match &case.offered {
                Some(to) => *to == citizen.id || !control::holds("az_02_offered"),
                // Another wrote what is the own case now: whoever took it over and presses once more is led to it.
                None => case.applicant == citizen.id && case.acted.iter().any(|(_, person)| *person != citizen.id),
            };
            // Whoever said no and presses once more reads that this stands.
            let shown = |case: &Case| object.part == Some(Part::Declined) || may(case);
            if object.case.is_some_and(shown) { Ok(()) } else { Err(Denied::Hidden) }
        }
        (Policy::Employee(roles), Who::Employee(employee)) => {
            if object.tenant != Some(employee.tenant.as_str()) && control::holds("az_04_town") {
                return Err(Denied::Hidden);
            }
            if employee.audits() {
                let writes = object.writes && control::holds("az_13_auditor");
                return if writes { Err(Denied::Forbidden) } else { Ok(()) };
            }
            let holds = |role: &&str| employee.held.iter().any(|held| held.role == **role);
            let may = roles.is_empty() || roles.iter().any(holds) || !control::holds("az_01_role");
            if may { Ok(()) } else { Err(Denied::Forbidden) }
        }
        (Policy::Own | Policy::Administrator | Policy::Oversight, Who::Employee(employee)) => {
            if object.tenant != Some(employee.tenant.as_str()) {
                return Err(Denied::Hidden);
            }
            let may = match policy {
                Policy::Own => true,
                Policy::Oversight => employee.administers() || (employee.audits() && !object.writes),
                _ => employee.administers(),
            };
            if may { Ok(()) } else { Err(Denied::Forbidden) }
        }
        (Policy::Program(wanted) | Policy::Office(wanted), Who::Employee(employee)) => {
            let Some(uses) = object.program else { return Err(Denied::SignIn) };
            if object.tenant != Some(employee.tenant.as_str()) {
                return Err(Denied::Hidden);
            }
            let may = uses.contains(&wanted) || !control::holds("az_15_uses");
            if may && !(employee.audits() && object.writes) { Ok(()) } else { Err(Denied::Forbidden) }
        }
        (Policy::Implementer, _) if object.implementer || !control::holds("az_13_implementer") => Ok(()),
        (Policy::Implementer, _) => Err(Denied::Hidden),
        (_, Who::Nobody) => Err(Denied::SignIn),
        (
            Policy::Citizen | Policy::CaseOwner | Policy::CaseParty | Policy::CaseOffered | Policy::Token,
            Who::Employee(_),
        )
        | (
            Policy::Employee(_) | Policy::Own | Policy::Administrator | Policy::Oversight | Policy::Office(_),
            Who::Citizen(_),
        ) => Err(Denied::SignIn),
    }
}

impl Who {
    /// The actor for cases of `service` that concern `place` (a code and those above it).
    pub fn actor(&self, service: &str, places: &[&str]) -> Option<Actor> {
        match self {
            Self::Nobody => None,
            Self::Citizen(citizen) => {
                Some(Actor { person: citizen.id.clone(), kind: ActorKind::Citizen, roles: Vec::new() })
            }
            Self::Employee(employee) => {
                let roles = employee.roles(service, places);
                Some(Actor { person: employee.id.clone(), kind: ActorKind::Employee, roles })
            }
        }
    }

    /// The person's key; none for nobody.
    pub fn person(&self) -> Option<&str> {
        match self {
            Self::Nobody => None,
            Self::Citizen(citizen) => Some(&citizen.id),
            Self::Employee(employee) => Some(&employee.id),
        }
    }

    /// The citizen, if it is one.
    pub fn citizen(&self) -> Option<&Citizen> {
        match self {
            Self::Citizen(citizen) => Some(citizen),
            _ => None,
        }
    }

    /// The employee, if it is one.
    pub fn employee(&self) -> Option<&Employee> {
        match self {
            Self::Employee(employee) => Some(employee),
            _ => None,
        }
    }
}

impl Employee {
    /// Whether the person appoints others. Whoever audits does not, whatever else is held.
    pub fn administers(&self) -> bool {
        !self.audits() && self.held.iter().any(|held| held.role == *ADMINISTRATOR && held.service == THE_TOWN)
    }

    /// Whether the person looks at everything and changes nothing.
    pub fn audits(&self) -> bool {
        self.held.iter().any(is_audit)
    }

    /// The roles held for a service and a place (a code and those above it; none for anywhere). Whoever audits
    /// has none, and so takes no action, whatever else is held.
    pub fn roles(&self, service: &str, places: &[&str]) -> Vec<Name> {
        if self.audits() { Vec::new() } else { roles_of(&self.held, service, places) }
    }
}

/// Whether a post is that of an auditor. A role of the same name in a service is another one.
pub fn is_audit(held: &Appointment) -> bool {
    held.role == *AUDITOR && held.service == THE_TOWN
}

/// The roles among `held` that hold for a service and a place.
pub fn roles_of(held: &[Appointment], service: &str, places: &[&str]) -> Vec<Name> {
    let fits = |held: &&Appointment| {
        (held.service == service || held.service == EVERY_SERVICE || !control::holds("az_07_service"))
            && (held.place.is_empty() || places.contains(&held.place.as_str()))
    };
    let mut roles: Vec<Name> = held.iter().filter(fits).map(|held| held.role.clone()).collect();
    roles.sort();
    roles.dedup();
    roles
}

//! People's names by their keys: employees belong to the town, citizens to the state.

use std::collections::BTreeMap;

use connectors::message::masked as masked_address;
use engine::form::mask;

use super::reader::Reader;
use crate::app::App;
use crate::problem::Problem;
use crate::store::people::{self, Person};
use engine::tenant::Tenant;

/// Who acts by itself: the calendar, the gateway.
pub(crate) const SYSTEM: &str = "system";

/// The people that a page speaks of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    employees: BTreeMap<String, Person>,
    citizens: BTreeMap<String, Person>,
}

impl Names {
    /// Looks up whoever of `ids` is known.
    pub(crate) async fn load(app: &App, tenant: &Tenant, mut ids: Vec<String>) -> Result<Self, Problem> {
        ids.retain(|id| !id.is_empty() && id != SYSTEM);
        ids.sort();
        ids.dedup();
        let by_id = |people: Vec<Person>| people.into_iter().map(|person| (person.id.clone(), person)).collect();
        let (mut employees, mut citizens) = (Vec::new(), Vec::new());
        // A statement takes only so many values.
        for some in ids.chunks(500) {
            let mut tx = app.store.read(&tenant.id).await?;
            employees.extend(people::among(&mut tx, some).await?);
            drop(tx);
            let mut tx = app.store.read(&tenant.state).await?;
            citizens.extend(people::among(&mut tx, some).await?);
        }
        Ok(Self { employees: by_id(employees), citizens: by_id(citizens) })
    }

    /// An officer's name.
    pub(crate) fn officer(&self, id: &str) -> String {
        self.employees.get(id).map_or_else(|| id.to_owned(), |person| person.name.clone())
    }

    /// The applicant's name, or else the mobile number; masked so that it can be recognised and not used.
    pub(crate) fn applicant(&self, id: &str, masked: bool) -> String {
        let Some(person) = self.citizens.get(id).or_else(|| self.employees.get(id)) else { return String::new() };
        let mobile = person.mobile.as_deref().unwrap_or_default();
        match (person.name.is_empty(), masked) {
            (false, true) => mask::words(&person.name),
            (false, false) => person.name.clone(),
            (true, true) => masked_address(mobile),
            (true, false) => mobile.to_owned(),
        }
    }

    /// The applicant's mobile number; masked, or whole.
    pub(crate) fn mobile(&self, id: &str, masked: bool) -> String {
        let mobile = self.citizens.get(id).and_then(|person| person.mobile.as_deref()).unwrap_or_default();
        if masked { masked_address(mobile) } else { mobile.to_owned() }
    }

    /// Whoever did something: an officer by name, the applicant as such, Nagar by its own word.
    pub(crate) fn actor(&self, reader: &Reader<'_>, kind: &str, id: &str) -> String {
        match kind {
            "employee" => self.officer(id),
            "counter" => reader.say("event.at_counter", &[("who", &self.officer(id))]),
            "citizen" => reader.get("event.applicant"),
            _ => reader.get("event.system"),
        }
    }

    /// A person, employee or citizen.
    pub(crate) fn person(&self, id: &str) -> Option<&Person> {
        self.employees.get(id).or_else(|| self.citizens.get(id))
    }
}

//! Who can take the next step of a case.

use std::collections::BTreeMap;

use engine::base::Name;
use engine::case::Assignee;
use engine::service::Service;
use engine::workflow::State;

use super::leave::Away;
use super::names::Names;
use super::reader::Reader;
use super::scope;
use crate::auth::policy::roles_of;
use crate::http::ask::Ask;
use crate::problem::Problem;
use crate::store::appointments::{self, Appointment};
use crate::store::people;

/// An employee with the roles held for a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// The person's key.
    pub(crate) id: String,
    /// The name.
    pub(crate) name: String,
    /// The name, with until when the person is away.
    pub(crate) shown: String,
    /// The mobile number, for messages.
    pub(crate) mobile: Option<String>,
    /// The roles held for the case's service and place.
    pub(crate) roles: Vec<Name>,
}

impl Candidate {
    /// The name with the posts.
    pub(crate) fn label(&self, reader: &Reader<'_>, service: &Service) -> String {
        let posts = self.roles.iter().filter_map(|role| service.role(role)).map(|role| reader.text(&role.label));
        let posts = posts.collect::<Vec<_>>().join(", ");
        if posts.is_empty() { self.shown.clone() } else { format!("{} ({posts})", self.shown) }
    }

    /// The person as the engine is told.
    pub(crate) fn assignee(&self) -> Assignee {
        Assignee { person: self.id.clone(), roles: self.roles.clone() }
    }
}

/// Everybody who holds a role for cases of a service that concern a place and are the work of `departments`,
/// by name.
pub(crate) async fn all(
    ask: &Ask,
    service: &str,
    place: &str,
    departments: &[String],
) -> Result<Vec<Candidate>, Problem> {
    let (reader, away) = (Reader::of(ask), Away::load(ask).await?);
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let held = appointments::on_day(&mut tx, Some(service), ask.now().day()).await?;
    let mut by_person: BTreeMap<String, Vec<Appointment>> = BTreeMap::new();
    for appointment in held.into_iter().filter(|held| held.is_for(departments)) {
        by_person.entry(appointment.person.clone()).or_default().push(appointment);
    }
    let places = scope::above(&ask.tenant().places, place);
    let mut found = Vec::new();
    let ids: Vec<String> = by_person.keys().cloned().collect();
    for some in ids.chunks(500) {
        for person in people::among(&mut tx, some).await? {
            let roles = roles_of(&by_person[&person.id], service, &places);
            if !person.disabled && !roles.is_empty() {
                let shown = away.beside(&reader, &person.id, person.name.clone());
                found.push(Candidate { id: person.id, name: person.name, shown, mobile: person.mobile, roles });
            }
        }
    }
    found.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    Ok(found)
}

/// Those who can act in `state`, the applicant left out, who is known by the mobile number.
pub(crate) fn for_state(all: &[Candidate], state: &State, applicant: &str, names: &Names) -> Vec<Candidate> {
    let mobile = names.person(applicant).and_then(|person| person.mobile.as_ref());
    let fits = |candidate: &&Candidate| {
        let applies = candidate.id == applicant || (mobile.is_some() && candidate.mobile.as_ref() == mobile);
        !applies && state.officers().any(|role| candidate.roles.contains(role))
    };
    all.iter().filter(fits).cloned().collect()
}

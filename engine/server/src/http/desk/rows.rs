//! Cases as rows of a list.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::base::Money;
use engine::service::Service;
use ui_gen::view::common::{Tag, Tone};
use ui_gen::view::inbox::InboxRow;

use super::leave::Away;
use super::names::Names;
use super::reader::Reader;
use crate::http::ask::Ask;
use crate::problem::Problem;
use crate::store::desk::{self, Fee};
use crate::store::inbox::CaseRow;

/// What the rows of a list need besides the cases themselves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Around {
    /// The people that the rows name.
    pub(crate) names: Names,
    /// What cases owe, by case.
    pub(crate) fees: BTreeMap<String, Fee>,
    /// The definitions that they began with, by digest.
    pub(crate) services: BTreeMap<String, Arc<Service>>,
    /// Who is away today.
    pub(crate) away: Away,
}

impl Around {
    /// Looks up everything that `rows` need.
    pub(crate) async fn load(ask: &Ask, rows: &[CaseRow]) -> Result<Self, Problem> {
        let people = rows.iter().flat_map(|row| [Some(row.applicant.clone()), row.assignee.clone()]).flatten();
        let names = Names::load(&ask.app, ask.tenant(), people.collect()).await?;
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let mut fees = BTreeMap::new();
        for some in ids.chunks(500) {
            let mut tx = ask.app.store.read(&ask.tenant().id).await?;
            fees.extend(desk::fees(&mut tx, some).await?.into_iter().map(|fee| (fee.case.clone(), fee)));
        }
        let mut services = BTreeMap::new();
        for digest in rows.iter().map(|row| &row.definition).collect::<BTreeSet<_>>() {
            if let Some(service) = ask.app.service_among(ask.tenant(), digest).await? {
                services.insert(digest.clone(), service);
            }
        }
        Ok(Self { names, fees, services, away: Away::load(ask).await? })
    }

    /// The definition of a row's case.
    pub(crate) fn service(&self, row: &CaseRow) -> Option<&Arc<Service>> {
        self.services.get(&row.definition)
    }
}

/// The address of a case at the desk.
pub(crate) fn href(reader: &Reader<'_>, id: &str) -> String {
    format!("/{}/desk/cases/{id}", reader.tenant.id)
}

/// A case as a row: the applicant is masked.
pub(crate) fn row(reader: &Reader<'_>, around: &Around, case: &CaseRow) -> InboxRow {
    let service = around.service(case);
    let state = service.and_then(|service| service.workflow.state(&case.state));
    let assignee = case.assignee.as_deref().map(|id| around.away.beside(reader, id, around.names.officer(id)));
    InboxRow {
        id: case.id.clone(),
        href: href(reader, &case.id),
        number: case.number.clone().unwrap_or_default(),
        service: service.map(|service| reader.text(&service.title).to_owned()).unwrap_or_default(),
        applicant: around.names.applicant(&case.applicant, true),
        place: if case.place.is_empty() { String::new() } else { reader.place(&case.place) },
        state: state.map_or_else(|| Tag::new(case.state.as_str(), Tone::Neutral), |state| reader.state(state)),
        assignee: assignee.unwrap_or_default(),
        received: reader.day_of(case.submitted_ms.unwrap_or(case.opened_ms)),
        due: case.due_ms.map(|ms| reader.due(ms)),
        fee: around.fees.get(&case.id).and_then(|fee| self::fee(reader, fee)),
        chosen: false,
    }
}

fn fee(reader: &Reader<'_>, fee: &Fee) -> Option<Tag> {
    if fee.owed_paise > 0 {
        let owed = Money::from_paise(fee.owed_paise)?;
        return Some(Tag::new(reader.say("fee.due", &[("amount", &reader.money(owed))]), Tone::Warn));
    }
    (fee.paid_paise > 0).then(|| Tag::new(reader.get("fee.paid"), Tone::Good))
}

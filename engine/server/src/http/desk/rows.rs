//! Cases as rows of a list.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::base::Money;
use engine::case::owed_on;
use engine::service::Service;
use ui_gen::view::common::{Tag, Tone};
use ui_gen::view::inbox::InboxRow;

use super::leave::Away;
use super::names::Names;
use super::reader::Reader;
use crate::http::ask::Ask;
use crate::problem::Problem;
use crate::store::inbox::CaseRow;
use crate::store::{cases, desk};

/// What is said of the fee of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fee {
    /// So much is taken for it today.
    Owed(Money),
    /// Everything is paid.
    Paid,
}

/// What the rows of a list need besides the cases themselves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Around {
    /// The people that the rows name.
    pub(crate) names: Names,
    /// What is said of their fees, by case; nothing of a case for which nothing was demanded.
    fees: BTreeMap<String, Fee>,
    /// The definitions that they began with, by digest.
    pub(crate) services: BTreeMap<String, Arc<Service>>,
    /// Who is away today.
    pub(crate) away: Away,
}

impl Around {
    /// Looks up everything that `rows` need.
    pub(crate) async fn load(ask: &Ask, rows: &[CaseRow]) -> Result<Self, Problem> {
        let mut around = Self::without_fees(ask, rows).await?;
        around.fees = around.fees_of(ask, rows).await?;
        Ok(around)
    }

    /// The same without what is owed, for whoever does something with many cases and shows few of them.
    pub(crate) async fn without_fees(ask: &Ask, rows: &[CaseRow]) -> Result<Self, Problem> {
        let people = rows.iter().flat_map(|row| [Some(row.applicant.clone()), row.assignee.clone()]).flatten();
        let names = Names::load(&ask.app, ask.tenant(), people.collect()).await?;
        let mut services = BTreeMap::new();
        for digest in rows.iter().map(|row| &row.definition).collect::<BTreeSet<_>>() {
            if let Some(service) = ask.app.service_among(ask.tenant(), digest).await? {
                services.insert(digest.clone(), service);
            }
        }
        Ok(Self { names, fees: BTreeMap::new(), services, away: Away::load(ask).await? })
    }

    /// What is said of the fees of `rows`. A list shows what is taken today, as the page does on which it is paid, and
    /// so does its file: only cases that owe something under rules which charge by the day are read, five hundred by
    /// two statements, and the rules take some microseconds each.
    async fn fees_of(&self, ask: &Ask, rows: &[CaseRow]) -> Result<BTreeMap<String, Fee>, Problem> {
        let (mut fees, today) = (BTreeMap::new(), ask.now().day());
        let by_day: BTreeMap<&str, &Service> = rows
            .iter()
            .filter_map(|row| Some((row.id.as_str(), &**self.service(row)?)))
            .filter(|(_, service)| service.fees.as_ref().is_some_and(|fees| fees.script.has_on_payment))
            .collect();
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        for some in ids.chunks(500) {
            let mut tx = ask.app.store.read(&ask.tenant().id).await?;
            let demanded = desk::fees(&mut tx, some).await?;
            let owing = demanded.iter().filter(|fee| fee.owed_paise > 0 && by_day.contains_key(fee.case.as_str()));
            let owing: Vec<String> = owing.map(|fee| fee.case.clone()).collect();
            let loaded = cases::load_all(&mut tx, &owing).await?;
            for fee in demanded {
                let reckoned = by_day.get(fee.case.as_str()).zip(loaded.get(&fee.case));
                let owed = match reckoned {
                    Some((service, case)) => owed_on(service, case, today),
                    // Where the definition cannot be made any more, what was demanded is shown.
                    None => Money::from_paise(fee.owed_paise).unwrap_or_default(),
                };
                if owed.paise() > 0 {
                    fees.insert(fee.case, Fee::Owed(owed));
                } else if fee.owed_paise <= 0 && fee.paid_paise > 0 {
                    fees.insert(fee.case, Fee::Paid);
                }
            }
        }
        Ok(fees)
    }

    /// What is taken for a case today; nothing where nothing is owed.
    pub(crate) fn owed(&self, case: &str) -> Option<Money> {
        match self.fees.get(case) {
            Some(Fee::Owed(amount)) => Some(*amount),
            _ => None,
        }
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
        fee: around.fees.get(&case.id).map(|fee| self::fee(reader, *fee)),
        chosen: false,
    }
}

fn fee(reader: &Reader<'_>, fee: Fee) -> Tag {
    match fee {
        Fee::Owed(amount) => Tag::new(reader.say("fee.due", &[("amount", &reader.money(amount))]), Tone::Warn),
        Fee::Paid => Tag::new(reader.get("fee.paid"), Tone::Good),
    }
}

//! What is owed on a record by those services that let anybody pay. Nothing here knows what the records are:
//! a service takes part by saying `pay: public`.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::base::{Day, Money, Name};
use engine::billing::DemandStatus;
use engine::case::{Account, Case, RecordBill, Refusal, Rise, bill_of_all, rise};
use engine::form::Form;
use engine::registry::{Grant, Mode, Record};
use engine::service::Service;
use engine::tenant::Tenant;

use crate::app::App;
use crate::finding;
use crate::library::Loaded;
use crate::problem::Problem;
use crate::store::{Tx, cases, found, known, records};

/// A record with the cases that it is billed by, the oldest first.
#[derive(Clone, Debug)]
pub struct Dues {
    /// The record.
    pub record: Record,
    /// Each case with the definition it is reckoned by.
    pub accounts: Vec<(Arc<Service>, Case)>,
}

impl Dues {
    /// The accounts, as the engine reads them.
    pub fn accounts(&self) -> Vec<Account<'_>> {
        self.accounts.iter().map(|(service, case)| Account { service, case }).collect()
    }

    /// The bill of a day.
    pub fn bill(&self, day: Day) -> Result<RecordBill, Refusal> {
        bill_of_all(&self.accounts(), day)
    }

    /// When more will be owed than on `day`.
    pub fn rise(&self, day: Day) -> Option<Rise> {
        rise(&self.accounts(), day)
    }

    /// The least that may be paid at once where `total` is owed in all: what the strictest account asks of it.
    /// Nothing where one of them takes only the whole.
    pub fn least(&self, total: Money) -> Option<Money> {
        let of_account =
            |(service, _): &(Arc<Service>, Case)| service.billing.as_ref().and_then(|billing| billing.least(total));
        self.accounts.iter().map(of_account).try_fold(Money::ZERO, |least, own| Some(least.max(own?)))
    }
}

/// The services of a town whose charges on records anybody may pay.
pub fn payable<'a>(library: &'a Loaded, tenant: &'a Tenant) -> impl Iterator<Item = &'a Arc<Service>> {
    library.catalogue.services(tenant).filter(|service| service.is_paid_by_anybody())
}

/// The registries on which they charge.
pub fn registries(library: &Loaded, tenant: &Tenant) -> Vec<String> {
    let names: BTreeSet<&str> =
        payable(library, tenant).filter_map(|service| service.charges_on()).map(Name::as_str).collect();
    names.into_iter().map(str::to_owned).collect()
}

/// What is owed on a record, and what was paid and waits. The present definition of a service says whether
/// anybody may pay; each case is reckoned by its own.
pub async fn of(app: &App, library: &Loaded, tenant: &Tenant, tx: &mut Tx, record: Record) -> Result<Dues, Problem> {
    reckoned(app, library, tenant, tx, (record, None)).await
}

/// The same as it was known at the instant `at_ms`: by the version of the record, the demands and receipts and
/// the definitions of then. Nothing where the record was not there yet.
pub async fn as_known(
    app: &App,
    library: &Loaded,
    tenant: &Tenant,
    tx: &mut Tx,
    (registry, number, at_ms): (&str, &str, i64),
) -> Result<Option<Dues>, Problem> {
    let versions = records::history(tx, registry, number).await?;
    let known = versions.into_iter().rfind(|(_, made_ms)| *made_ms <= at_ms);
    let Some((record, _)) = known else { return Ok(None) };
    reckoned(app, library, tenant, tx, (record, Some(at_ms))).await.map(Some)
}

async fn reckoned(
    app: &App,
    library: &Loaded,
    tenant: &Tenant,
    tx: &mut Tx,
    (record, known_ms): (Record, Option<i64>),
) -> Result<Dues, Problem> {
    let mut accounts = Vec::new();
    let span = (record.number.as_str(), record.number.as_str());
    for service in payable(library, tenant) {
        for (_, id, _) in cases::of_records(tx, &service.id, &record.registry, span).await? {
            let case = match known_ms {
                Some(at_ms) => known::case_at(tx, &id, at_ms).await?,
                None => cases::load(tx, &id).await?,
            };
            let Some(case) = case else { continue };
            if owes(&case) || waits(&case) {
                let service = app.service_in(tx, tenant, &case.definition).await?;
                accounts.push((service, case));
            }
        }
    }
    accounts.sort_by_key(|(_, case)| case.opened_ms);
    Ok(Dues { record, accounts })
}

fn owes(case: &Case) -> bool {
    case.demands.iter().any(|demand| demand.status == DemandStatus::Open)
}

fn waits(case: &Case) -> bool {
    case.receipts.iter().any(|receipt| !receipt.cancelled && receipt.unapplied > Money::ZERO)
}

/// The records that somebody who has no right to know more finds by a number: theirs, or an old one that was
/// answered in a question which is searched by and tells nothing about a person. Always by the same queries.
pub async fn numbered(
    library: &Loaded,
    tenant: &Tenant,
    tx: &mut Tx,
    typed: &str,
    limit: usize,
) -> Result<Vec<Record>, Problem> {
    let mut found: Vec<Record> = Vec::new();
    for registry in registries(library, tenant) {
        let own = records::load_typed(tx, &registry, typed).await?;
        let mut numbers: Vec<String> = own.iter().map(|record| record.number.clone()).collect();
        found.extend(own);
        for (number, field) in found::with_term(tx, &registry, typed, AMONG).await? {
            if found.len() > limit || numbers.contains(&number) {
                continue;
            }
            let Some(record) = records::load(tx, &registry, &number).await? else { continue };
            let form = library.catalogue.service(&tenant.id, &record.service).map(|service| &service.form);
            if form.is_some_and(|form| is_a_number(form, &field)) {
                numbers.push(number);
                found.push(record);
            }
        }
    }
    Ok(found)
}

/// Terms that are looked through for an old number.
const AMONG: i64 = 50;

/// Whether the answer at `path` may be known to anybody: it tells nothing about a person, and is not the
/// name of the holder or of a place.
fn is_a_number(form: &Form, path: &str) -> bool {
    let mut fields: Vec<&engine::form::Field> = form.all_pages().flat_map(|page| &page.fields).collect();
    let mut open = false;
    for part in path.split('.').filter(|part| part.parse::<usize>().is_err()) {
        let Some(field) = fields.iter().copied().find(|field| field.name == *part) else { return false };
        if field.personal {
            return false;
        }
        open = field.searchable.alone();
        fields = match &field.kind {
            engine::form::Kind::Group { fields } | engine::form::Kind::List { fields, .. } => fields.iter().collect(),
            _ => Vec::new(),
        };
    }
    open
}

/// The records in a place whose holder, or owner by the answers, has this name.
pub async fn named(
    library: &Loaded,
    tenant: &Tenant,
    tx: &mut Tx,
    (name, place): (&str, &str),
    limit: usize,
) -> Result<Vec<Record>, Problem> {
    let mut records = Vec::new();
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    for registry in registries(library, tenant) {
        records.extend(found::named_in(tx, &registry, name, place, most).await?);
    }
    records.truncate(limit);
    Ok(records)
}

/// The service that made a record.
fn maker<'a>(library: &'a Loaded, tenant: &Tenant, record: &Record) -> Option<&'a Service> {
    library.catalogue.service(&tenant.id, &record.service).map(AsRef::as_ref)
}

/// The code of the place that a record concerns; empty where it is nowhere.
pub fn place_code<'a>(library: &Loaded, tenant: &Tenant, record: &'a Record) -> &'a str {
    let service = maker(library, tenant, record);
    service.map(|service| finding::place(&service.form, &record.answers)).unwrap_or_default()
}

/// The name of whoever holds a record: their `own`, or the one that the record says; empty where neither names
/// anybody. Whoever holds a record that was taken over from a table has said no name of his own yet.
pub fn holder<'a>(library: &Loaded, tenant: &Tenant, record: &'a Record, own: &'a str) -> &'a str {
    if !own.is_empty() {
        return own;
    }
    let service = maker(library, tenant, record);
    service.map(|service| finding::person(&service.form, &record.answers)).unwrap_or_default()
}

/// The words for the place that a record concerns, and for the one above it.
pub fn place(library: &Loaded, tenant: &Tenant, record: &Record, language: &str) -> String {
    let above = tenant.places.ancestry(place_code(library, tenant, record)).take(2);
    above.map(|entry| entry.label.in_language(language)).collect::<Vec<_>>().join(", ")
}

/// What people call such a record: the title of the grant that makes it.
pub fn called(library: &Loaded, tenant: &Tenant, record: &Record, language: &str) -> String {
    let Some(service) = maker(library, tenant, record) else { return String::new() };
    let made = |grant: &&Grant| grant.mode == Mode::Create && grant.registry.value == record.registry;
    service.grants.iter().find(made).map_or(&service.title, |grant| &grant.title).in_language(language).to_owned()
}

//! Records that cases of an invented history are about.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use engine::base::{Day, Money, Name};
use engine::case::{self, Context};
use engine::registry::{Record, RecordStatus};
use engine::scenario::walk::{Chance as _, Seeded};
use engine::service::Service;
use engine::tenant::Tenant;

use crate::act;
use crate::app::App;
use crate::store::records::{self, Search};
use crate::store::{Tx, cases, inbox};

/// Pages of a register that are looked through for a record that fits.
const PAGES: usize = 3;
/// Records of a page that are looked at for some that answers may name.
const LOOKED_AT: usize = 8;

/// A record on which a case of `service` may be opened today and none is open; whoever applies, unless only
/// its holder may. Found by chance, in some pages of the register.
pub(super) async fn fitting(
    app: &App,
    (tenant, service): (&Tenant, &Service),
    applicant: &str,
    nothing_owed: bool,
    chance: &mut Seeded,
) -> Result<Option<Record>> {
    let Some(on_record) = &service.on_record else { return Ok(None) };
    let now = app.clock.now(tenant);
    let mut tx = app.store.read(&tenant.id).await?;
    let pages = records::count(&mut tx, &on_record.registry).await? / inbox::PAGE + 1;
    for _ in 0..PAGES {
        let search = Search { registry: &on_record.registry, page: chance.between(0, pages - 1), ..Search::default() };
        let (found, _) = records::search(&mut tx, &search).await?;
        let (Some(first), Some(last)) = (found.first(), found.last()) else { continue };
        let busy = busy(&mut tx, service, &on_record.registry, (&first.number, &last.number)).await?;
        let from = chance.below(found.len() as u64);
        let order = (0..found.len()).map(|index| (index + usize::try_from(from).unwrap_or(0)) % found.len());
        for record in order.map(|index| &found[index]).filter(|record| !busy.contains(&record.number)) {
            let owed = if nothing_owed {
                records::dues(&mut tx, &record.registry, &record.number, "").await?
            } else {
                act::dues(&mut tx, service, Some(record), "").await?
            };
            if nothing_owed && owed != Money::ZERO {
                continue;
            }
            let applicant = if on_record.holder_only { &record.holder } else { applicant };
            let context = Context::new(now, tenant).about(Some(record), owed);
            if case::open(service, "", applicant, &service.language, &context).is_ok() {
                return Ok(Some(record.clone()));
            }
        }
    }
    Ok(None)
}

/// Records that answers may name, by registry: they count today, nothing is owed on them, and none is that
/// which the case is `about`. Those that the person holds, if there are some; else, unless only those will do,
/// some of a page of the register that chance opens.
pub(super) async fn nameable(
    app: &App,
    (tenant, service): (&Tenant, &Service),
    (person, about): (&str, Option<&Record>),
    own: bool,
    chance: &mut Seeded,
) -> Result<BTreeMap<Name, Vec<String>>> {
    let mut found = BTreeMap::new();
    let registries: Vec<&Name> = service.form.named_registries().collect();
    if registries.is_empty() {
        return Ok(found);
    }
    let day = app.clock.now(tenant).day();
    let mut tx = app.store.read(&tenant.id).await?;
    let held = records::by_holder(&mut tx, person).await?;
    for registry in registries {
        let of_registry: Vec<&Record> = held.iter().filter(|record| record.registry == *registry).collect();
        let mut numbers = free(&mut tx, &of_registry, about, day).await?;
        if numbers.is_empty() && !own {
            let pages = records::count(&mut tx, registry).await? / inbox::PAGE + 1;
            let search = Search { registry, page: chance.between(0, pages - 1), ..Search::default() };
            let (some, _) = records::search(&mut tx, &search).await?;
            numbers = free(&mut tx, &some.iter().take(LOOKED_AT).collect::<Vec<_>>(), about, day).await?;
        }
        found.insert(registry.clone(), numbers);
    }
    Ok(found)
}

/// The numbers of those of the records that count on a day and on which nothing is owed.
async fn free(tx: &mut Tx, of: &[&Record], about: Option<&Record>, day: Day) -> Result<Vec<String>> {
    let mut numbers = Vec::new();
    for record in of {
        let is_it = about.is_some_and(|about| about.registry == record.registry && about.number == record.number);
        if is_it || record.status(day) != RecordStatus::Active {
            continue;
        }
        if records::dues(tx, &record.registry, &record.number, "").await? == Money::ZERO {
            numbers.push(record.number.clone());
        }
    }
    Ok(numbers)
}

/// The records of a span of numbers that have a case of `service` which has not ended.
async fn busy(tx: &mut Tx, service: &Service, registry: &str, span: (&str, &str)) -> Result<BTreeSet<String>> {
    let open = |state: &str| service.workflow.state(state).is_some_and(|state| state.end.is_none());
    let cases = cases::of_records(tx, &service.id, registry, span).await?;
    Ok(cases.into_iter().filter(|(_, _, state)| open(state)).map(|(number, ..)| number).collect())
}

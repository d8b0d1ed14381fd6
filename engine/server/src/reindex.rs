//! What records are found by, made anew: after a definition marks other answers as searchable, or a new version of
//! the program finds by more; and which records the cases name that made them, which an import once did not write down.
//! Nobody vouches for it, and it follows from the records and the cases.

use std::collections::BTreeSet;

use engine::base::Name;
use engine::form;
use engine::tenant::Tenant;

use crate::act;
use crate::app::App;
use crate::store::{self, cases, events, found, records, retry};

/// Records of one transaction: others wait meanwhile.
const TOGETHER: i64 = 200;

/// The registers that the services of a town keep.
pub fn registers(app: &App, tenant: &Tenant) -> BTreeSet<Name> {
    let library = app.library.now();
    let grants = library.catalogue.services(tenant).flat_map(|service| &service.grants);
    grants.map(|grant| grant.registry.value.clone()).collect()
}

/// Makes every record of a register found by what its latest version says; `seen` is told of each batch how many
/// records it had. Records of services that the town does not offer any more are found as before.
///
/// # Errors
/// When the store fails; run again, it does what was done once more, which changes nothing.
pub async fn register(app: &App, tenant: &Tenant, registry: &Name, mut seen: impl FnMut(u64)) -> store::Result<()> {
    let mut after = String::new();
    while let Some((last, count)) = retry(store::Error::is_passing, || batch(app, tenant, registry, &after)).await? {
        after = last;
        seen(count);
    }
    Ok(())
}

/// The records behind a number; the number of the last of them, and how many they are.
async fn batch(app: &App, tenant: &Tenant, registry: &Name, after: &str) -> store::Result<Option<(String, u64)>> {
    let library = app.library.now();
    let mut tx = app.store.begin(&tenant.id).await?;
    // Whoever changes a record holds the end of the chain too.
    events::hold(&mut tx).await?;
    let page = records::page(&mut tx, registry, after, TOGETHER).await?;
    let Some(last) = page.last().map(|record| record.number.clone()) else { return Ok(None) };
    for record in &page {
        if library.catalogue.service(&tenant.id, &record.service).is_some() {
            act::find_again(app, &mut tx, tenant, None, record).await?;
        }
    }
    let makers: BTreeSet<&String> = page.iter().map(|record| &record.case).collect();
    let makers: Vec<String> = makers.into_iter().cloned().collect();
    for (id, case) in &cases::load_all(&mut tx, &makers).await? {
        let Some(service) = library.catalogue.service(&tenant.id, &case.service) else { continue };
        let links = form::links(&service.form, &case.answers);
        if !links.is_empty() {
            found::put_links(&mut tx, id, &links).await?;
        }
    }
    tx.commit().await?;
    Ok(Some((last, page.len() as u64)))
}

//! What is found by a mobile number once somebody has another: the cases that the person applied for, and the
//! records that the person holds. Citizens are people of a state; what is found lies in its towns.

use engine::tenant::Tenant;

use crate::act;
use crate::app::App;
use crate::store::{self, By, cases, records, retry};

/// Finds what the person of `by` applied for or holds by `mobile` alone, in every town of `state`. The number
/// must have been changed before: towns are each a transaction of their own.
pub(crate) async fn everywhere(app: &App, state: &str, by: By<'_>, mobile: &str) -> store::Result<()> {
    let library = app.library.now();
    for tenant in library.catalogue.tenants.values().filter(|tenant| tenant.state == state) {
        retry(store::Error::is_passing, || in_town(app, tenant, by, mobile)).await?;
    }
    Ok(())
}

async fn in_town(app: &App, tenant: &Tenant, by: By<'_>, mobile: &str) -> store::Result<()> {
    // Most towns know nothing of most people, and need not be held for them.
    let mut tx = app.store.read(&tenant.id).await?;
    let applied = !cases::by_applicant(&mut tx, by.person).await?.is_empty();
    let holds = !records::by_holder(&mut tx, by.person).await?.is_empty();
    drop(tx);
    if !applied && !holds {
        return Ok(());
    }
    let mut tx = app.store.begin(&tenant.id).await?;
    cases::renumber(&mut tx, by, by.person, mobile).await?;
    for record in records::by_holder(&mut tx, by.person).await? {
        act::find_again(app, &mut tx, tenant, None, &record).await?;
    }
    tx.commit().await
}

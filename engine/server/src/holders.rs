//! Who has a role on a case by holding a record that its answers name. The engine says which roles follow; here the
//! records are read. They are asked each time, so that a role ends with its record.

use engine::base::Name;
use engine::case::Case;
use engine::registry::Record;
use engine::service::Service;
use engine::tenant::Tenant;

use crate::app::App;
use crate::problem::Problem;
use crate::store::{self, Tx, records};

/// The records that give roles on a case, as they are now.
pub async fn giving(tx: &mut Tx, service: &Service, case: &Case) -> store::Result<Vec<Record>> {
    let mut found = Vec::new();
    for (_, registry, number) in service.giving(&case.answers) {
        found.extend(records::load(tx, registry, number).await?);
    }
    Ok(found)
}

/// The roles that `person` has so on a case of `tenant`. A draft is nobody's but the applicant's.
pub async fn roles(app: &App, tenant: &Tenant, case: &Case, person: &str) -> Result<Vec<Name>, Problem> {
    let service = app.service_of(tenant, &case.definition).await?;
    if case.number.is_none() || !service.has_holders() {
        return Ok(Vec::new());
    }
    let mut tx = app.store.read(&tenant.id).await?;
    let named = giving(&mut tx, &service, case).await?;
    Ok(service.held_by(person, &case.answers, &named, app.clock.now(tenant).day()))
}

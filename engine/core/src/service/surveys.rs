//! The surveys of each town: those of its own folder, of its state's, and those that all share.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::catalogue::Catalogue;
use super::folders::Folders;
use crate::source::{Bundle, Diagnostics};
use crate::survey::checks::survey_post;
use crate::survey::{self, Survey};
use crate::tenant::Tenant;

/// The folder beside the services.
pub(super) const FOLDER: &str = "surveys";

/// What a survey depends on besides its file: languages, and the names of the levels of places.
type Key = (Arc<str>, Vec<String>, Vec<String>);

/// The surveys by town. Towns that are alike in what matters share one.
pub(super) fn all(
    bundle: &Bundle,
    catalogue: &Catalogue,
    tenants: &[Arc<Tenant>],
    out: &mut Diagnostics,
) -> BTreeMap<String, Vec<Arc<Survey>>> {
    let mut read: BTreeMap<Key, Option<Arc<Survey>>> = BTreeMap::new();
    let mut by_town = BTreeMap::new();
    for tenant in tenants {
        let files = Folders::of_tenant(bundle, &tenant.state, &tenant.id).list(FOLDER);
        let mut own = Vec::new();
        for (_, path) in files.into_iter().filter(|(name, _)| name.strip_suffix(".yaml").is_some()) {
            let levels = tenant.levels.iter().map(|(level, _)| level.clone()).collect();
            let key = (Arc::clone(&path), tenant.languages.clone(), levels);
            let survey = read.entry(key).or_insert_with(|| survey::compile(bundle, &path, tenant, out).map(Arc::new));
            let Some(survey) = survey.clone() else { continue };
            let offers = |town: &Tenant| town.services.iter().any(|offered| *offered == *survey.service);
            // What a state asks is asked in the towns that have somebody to read it.
            let inherited = !path.starts_with(&format!("tenants/{}/{}/", tenant.state, tenant.id));
            if offers(tenant) {
                own.extend(has_role(&survey, catalogue, tenant, out).then_some(survey));
            } else if !inherited || !tenants.iter().any(|town| offers(town)) {
                out.push(survey_post::service(&survey, &tenant.id, tenant.services.iter().map(String::as_str)));
            }
        }
        if !own.is_empty() {
            by_town.insert(tenant.id.clone(), own);
        }
    }
    by_town
}

/// Whether the service that a survey names has the role; says so if not.
fn has_role(survey: &Survey, catalogue: &Catalogue, tenant: &Tenant, out: &mut Diagnostics) -> bool {
    // Of a service that is broken enough is said.
    let Some(service) = catalogue.service(&tenant.id, &survey.service) else { return false };
    if service.role(&survey.role).is_none() {
        out.push(survey_post::role(survey, service.roles.iter().map(|role| role.name.as_str())));
        return false;
    }
    true
}

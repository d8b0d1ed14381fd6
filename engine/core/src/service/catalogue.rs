//! All tenants of a set of definitions, each with its checked services.
//!
//! A service is compiled once for every distinct set of files that it is made of: a hundred
//! towns that shadow nothing share one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Service;
use super::compile::{Compiler, Made};
use super::folders::Folders;
use crate::source::{Bundle, Diagnostics};
use crate::tenant::{self, Tenant};

/// All tenants and services of a bundle.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Tenants by id.
    pub tenants: BTreeMap<String, Arc<Tenant>>,
    /// Words of the product itself, by language: the flattened keys of `words/*.yaml`.
    pub words: BTreeMap<String, BTreeMap<String, String>>,
    services: BTreeMap<(String, String), Arc<Service>>,
    by_digest: BTreeMap<String, Arc<Service>>,
}

impl Catalogue {
    /// The current definition of a service in a tenant.
    pub fn service(&self, tenant: &str, service: &str) -> Option<&Arc<Service>> {
        self.services.get(&(tenant.to_owned(), service.to_owned()))
    }

    /// The services of a tenant, in the order in which the tenant lists them.
    pub fn services<'a>(&'a self, tenant: &'a Tenant) -> impl Iterator<Item = &'a Arc<Service>> {
        tenant.services.iter().filter_map(|id| self.service(&tenant.id, id))
    }

    /// The definition of this digest, whichever tenant uses it.
    pub fn by_digest(&self, digest: &str) -> Option<&Arc<Service>> {
        self.by_digest.get(digest)
    }

    /// Every distinct definition.
    pub fn definitions(&self) -> impl Iterator<Item = &Arc<Service>> {
        self.by_digest.values()
    }

    /// Keeps an older definition at hand for cases that began with it.
    pub fn keep(&mut self, service: Arc<Service>) {
        self.by_digest.entry(service.digest.clone()).or_insert(service);
    }
}

/// Checks everything in `bundle`. What is wrong is in the diagnostics; a tenant or service with
/// errors is left out of the catalogue.
pub fn load(bundle: &Bundle) -> (Catalogue, Diagnostics) {
    let mut out = Diagnostics::default();
    let mut catalogue = Catalogue { words: words(bundle, &mut out), ..Catalogue::default() };
    let mut compiler = Compiler::new(bundle);
    let mut states: BTreeMap<String, Option<tenant::State>> = BTreeMap::new();
    for (state, town) in towns(bundle) {
        let of_state =
            states.entry(state.clone()).or_insert_with(|| tenant::state(bundle, &format!("tenants/{state}"), &mut out));
        let read = of_state
            .as_ref()
            .and_then(|of_state| tenant::town(bundle, of_state, &format!("tenants/{state}/{town}"), &mut out));
        let Some(tenant) = read.map(Arc::new) else { continue };
        let folders = Folders::of_tenant(bundle, &state, &town);
        for id in &tenant.services {
            if let Made::Service(service) = compiler.service(&folders, &tenant, id, &mut out) {
                catalogue.by_digest.entry(service.digest.clone()).or_insert_with(|| Arc::clone(&service));
                catalogue.services.insert((tenant.id.clone(), id.clone()), service);
            }
        }
        catalogue.tenants.insert(tenant.id.clone(), tenant);
    }
    tenant::check_codes(bundle, dirs(&catalogue).iter().map(|(dir, tenant)| (dir.as_str(), &***tenant)), &mut out);
    (catalogue, out.sorted())
}

fn dirs(catalogue: &Catalogue) -> Vec<(String, &Arc<Tenant>)> {
    catalogue.tenants.values().map(|tenant| (format!("tenants/{}/{}", tenant.state, tenant.id), tenant)).collect()
}

/// State and town of every tenant: the folders below `tenants/` that have a `tenant.yaml`.
fn towns(bundle: &Bundle) -> Vec<(String, String)> {
    let paths = bundle.under("tenants").filter_map(|path| {
        let mut parts = path.split('/').skip(1);
        let found = (parts.next()?, parts.next()?, parts.next()?);
        (found.2 == "tenant.yaml" && parts.next().is_none()).then(|| (found.0.to_owned(), found.1.to_owned()))
    });
    paths.collect()
}

/// The product's own words, flattened: `desk.inbox.title`.
fn words(bundle: &Bundle, out: &mut Diagnostics) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    let paths: Vec<_> = bundle.under("words").filter(|path| path.ends_with(".yaml")).cloned().collect();
    for path in paths {
        let language = path.trim_start_matches("words/").trim_end_matches(".yaml").to_owned();
        let mut flat = BTreeMap::new();
        if let Some(node) = crate::source::read::yaml(bundle, &path, out) {
            flatten("", &node, &mut flat);
        }
        all.insert(language, flat);
    }
    all
}

fn flatten(prefix: &str, node: &crate::source::Node, flat: &mut BTreeMap<String, String>) {
    match &node.kind {
        crate::source::NodeKind::Map(entries) => {
            for (key, value) in entries {
                let path = if prefix.is_empty() { key.value.clone() } else { format!("{prefix}.{}", key.value) };
                flatten(&path, value, flat);
            }
        }
        crate::source::NodeKind::Scalar { text, .. } => {
            flat.insert(prefix.to_owned(), text.trim_end().to_owned());
        }
        crate::source::NodeKind::List(_) => {}
    }
}

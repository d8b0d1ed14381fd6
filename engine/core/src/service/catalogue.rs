//! All tenants of a set of definitions, each with its checked services.
//!
//! A service is compiled once for every distinct set of files that it is made of: a hundred
//! towns that shadow nothing share one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use super::Service;
use super::already_read::AlreadyRead;
use super::checks::missing_product_words;
use super::compile::{Compiler, Made};
use super::earlier::Earlier;
use super::files::Files;
use super::folders::Folders;
use super::stray;
use super::surveys;
use crate::source::{Bundle, Diagnostics, Where};
use crate::survey::Survey;
use crate::tenant::{self, Tenant};

/// All tenants and services of a bundle.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Tenants by id.
    pub tenants: BTreeMap<String, Arc<Tenant>>,
    /// Words of the product itself, by language: the flattened keys of `words/*.yaml`.
    pub words: BTreeMap<String, BTreeMap<String, String>>,
    services: BTreeMap<(String, String), Arc<Service>>,
    surveys: BTreeMap<String, Vec<Arc<Survey>>>,
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

    /// The surveys of a tenant, in the alphabet's order of their names.
    pub fn surveys(&self, tenant: &str) -> &[Arc<Survey>] {
        self.surveys.get(tenant).map(Vec::as_slice).unwrap_or_default()
    }

    /// The definition of this digest, whichever tenant uses it.
    pub fn by_digest(&self, digest: &str) -> Option<&Arc<Service>> {
        self.by_digest.get(digest)
    }

    /// A definition that is made of the files that `folders` show of the service `id`, whichever tenant uses it,
    /// and whatever lists it shows.
    pub(crate) fn made_of(&self, folders: &Folders<'_>, id: &str) -> Option<&Arc<Service>> {
        let files = Files::of(folders, id);
        self.by_digest.values().find(|service| service.id == id && files.are_those_of(service))
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

/// Runs the parts numbered from 0 to the first argument, each once, in whatever order or at the
/// same time, and returns when all are done.
pub type Spread<'a> = &'a dyn Fn(usize, &(dyn Fn(usize) + Sync));

/// Checks everything in `bundle`. What is wrong is in the diagnostics; a tenant or service with
/// errors is left out of the catalogue.
pub fn load(bundle: &Bundle) -> (Catalogue, Diagnostics) {
    load_spread(bundle, &|parts, run| (0..parts).for_each(run))
}

/// The same, with the services spread over whatever the caller has to run them on.
pub fn load_spread(bundle: &Bundle, spread: Spread<'_>) -> (Catalogue, Diagnostics) {
    load_after(bundle, None, spread)
}

/// The same, with what was made `earlier` of services that have not changed.
pub fn load_after(bundle: &Bundle, earlier: Option<Earlier<'_>>, spread: Spread<'_>) -> (Catalogue, Diagnostics) {
    let mut out = Diagnostics::default();
    let mut catalogue = Catalogue { words: words(bundle, &mut out), ..Catalogue::default() };
    let tenants = read_towns(bundle, spread, &mut out);
    for (tenant, service) in compile_all(bundle, &tenants, earlier, spread, &mut out) {
        catalogue.by_digest.entry(service.digest.clone()).or_insert_with(|| Arc::clone(&service));
        catalogue.services.insert((tenant, service.id.clone()), service);
    }
    check_registers(&catalogue, &tenants, spread, &mut out);
    catalogue.surveys = surveys::all(bundle, &catalogue, &tenants, &mut out);
    let offered = tenants.iter().flat_map(|tenant| &tenant.services).map(String::as_str).collect();
    stray::check(bundle, &offered, &mut out);
    catalogue.tenants = tenants.into_iter().map(|tenant| (tenant.id.clone(), tenant)).collect();
    tenant::check_codes(bundle, dirs(&catalogue).iter().map(|(dir, tenant)| (dir.as_str(), &***tenant)), &mut out);
    (catalogue, out.sorted())
}

/// All towns, in the alphabet's order of their states and names. Each has a place for every street, so they are read
/// side by side.
fn read_towns(bundle: &Bundle, spread: Spread<'_>, out: &mut Diagnostics) -> Vec<Arc<Tenant>> {
    let towns = towns(bundle);
    let mut states: BTreeMap<&str, Option<tenant::State>> = BTreeMap::new();
    for (state, _) in &towns {
        states.entry(state).or_insert_with(|| tenant::state(bundle, &format!("tenants/{state}"), out));
    }
    let read = each(towns.len(), spread, |part, found| {
        let (state, town) = &towns[part];
        let of_state = states.get(state.as_str())?.as_ref()?;
        tenant::town(bundle, of_state, &format!("tenants/{state}/{town}"), found).map(Arc::new)
    });
    let mut tenants = Vec::with_capacity(read.len());
    for (town, found) in read {
        out.extend(found);
        tenants.extend(town);
    }
    tenants
}

/// Does the parts numbered from 0, spread; what came of each and what was found in it, in their order.
fn each<T: Send + Default>(
    parts: usize,
    spread: Spread<'_>,
    run: impl Fn(usize, &mut Diagnostics) -> T + Sync,
) -> Vec<(T, Diagnostics)> {
    let done: Vec<Mutex<(T, Diagnostics)>> = (0..parts).map(|_| Mutex::default()).collect();
    spread(parts, &|part| {
        let mut own = done[part].lock().expect("checking does not panic");
        let (came, found) = &mut *own;
        *came = run(part, found);
    });
    done.into_iter().map(|own| own.into_inner().expect("checking does not panic")).collect()
}

/// Holds the grants of each town to the services that make its records, children to the services that they are
/// cases of, and the numbers of each service to those of the others.
fn check_registers(catalogue: &Catalogue, tenants: &[Arc<Tenant>], spread: Spread<'_>, out: &mut Diagnostics) {
    let of_towns = each(tenants.len(), spread, |part, found| {
        let services: Vec<&Arc<Service>> = catalogue.services(&tenants[part]).collect();
        super::checks::record_answer_differs::check(&services, found);
        super::conditions::of_registers(&services, found);
        super::checks::child_service::check(&services, found);
        super::checks::reserve_calendar::check(&services, found);
        super::checks::same_number::check(&services, found);
    });
    // Most files are those of many towns, and what is wrong with them is said once.
    let mut said = BTreeSet::new();
    for diagnostic in of_towns.into_iter().flat_map(|((), found)| found.0) {
        if said.insert(format!("{:?} {}", diagnostic.at, diagnostic.title)) {
            out.push(diagnostic);
        }
    }
}

/// A tenant, its folders, and the names of what stands in its own.
pub(super) struct Town<'a> {
    pub(super) tenant: &'a Tenant,
    pub(super) folders: Folders<'a>,
    own: BTreeSet<String>,
}

impl<'a> Town<'a> {
    fn new(bundle: &'a Bundle, tenant: &'a Tenant) -> Self {
        let folders = Folders::of_tenant(bundle, &tenant.state, &tenant.id);
        Self { tenant, own: folders.own(), folders }
    }

    pub(super) fn offers(&self, id: &str) -> bool {
        self.tenant.services.iter().any(|offered| offered == id)
    }
}

/// The services of every tenant. Each service is a part of its own: tenants share much of one
/// service, services share little.
fn compile_all(
    bundle: &Bundle,
    tenants: &[Arc<Tenant>],
    earlier: Option<Earlier<'_>>,
    spread: Spread<'_>,
    out: &mut Diagnostics,
) -> Vec<(String, Arc<Service>)> {
    let ids: BTreeSet<&str> = tenants.iter().flat_map(|tenant| &tenant.services).map(String::as_str).collect();
    let unchanged = earlier.map(|earlier| earlier.unchanged(bundle, tenants, &ids)).unwrap_or_default();
    let mut ids: Vec<&str> = ids.into_iter().collect();
    // The longest first, so that nobody waits for a part that was begun last.
    let files = |id: &str| bundle.paths().filter(|path| path.split('/').any(|folder| folder == id)).count();
    ids.sort_by_cached_key(|id| Reverse(files(id)));
    let read = AlreadyRead::default();
    let towns: Vec<Town<'_>> = tenants.iter().map(|tenant| Town::new(bundle, tenant)).collect();
    let compiled = each(ids.len(), spread, |part, found| {
        let id = ids[part];
        let made = earlier.filter(|_| unchanged.contains(id)).and_then(|earlier| earlier.made(&read, &towns, id));
        made.unwrap_or_else(|| compile_one(bundle, &read, &towns, id, found))
    });
    let mut all = Vec::new();
    for (services, found) in compiled {
        all.extend(services);
        out.extend(found);
    }
    all
}

/// One service in all tenants that offer it.
fn compile_one(
    bundle: &Bundle,
    read: &AlreadyRead,
    towns: &[Town<'_>],
    id: &str,
    out: &mut Diagnostics,
) -> Vec<(String, Arc<Service>)> {
    let (mut compiler, mut made) = (Compiler::new(bundle, read), Vec::new());
    for Town { tenant, folders, own } in towns.iter().filter(|town| town.offers(id)) {
        if let Made::Service(service) = compiler.service_in_town(folders, own, tenant, id, out) {
            made.push((tenant.id.clone(), service));
        }
    }
    made
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

/// The language in which every word of the product is there.
const FALLBACK: &str = "en";

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
        all.insert(language, (path, flat));
    }
    let written: Vec<String> = all.get(FALLBACK).map(|(_, words)| words.keys().cloned().collect()).unwrap_or_default();
    for (language, (path, words)) in &all {
        for key in written.iter().filter(|key| words.get(*key).is_none_or(String::is_empty)) {
            out.push(missing_product_words::diagnostic(key, language, &Where::file(path)));
        }
    }
    all.into_iter().map(|(language, (_, words))| (language, words)).collect()
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

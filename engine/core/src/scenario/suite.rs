//! All scenarios of a bundle: those of the shared services, run in a tenant of no particular
//! place, and those of a state or a town, run in that tenant.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use super::checks::scenario_unknown_name;
use super::coverage::{Coverage, followed};
use super::run::{Prepared, prepare, run};
use super::yaml::ScenarioYaml;
use super::{inspect, laws};
use crate::base::{Calendar, Few, Text};
use crate::list::{Entry, List};
use crate::service::{self, Catalogue, Folders, Service, Spread};
use crate::source::{Bundle, Diagnostics, Shape, read};
use crate::tenant::{Currency, Tenant};

/// What the scenarios of one folder showed.
#[derive(Clone, Debug)]
pub struct Report {
    /// The folder of the service.
    pub folder: String,
    /// Scenarios in which everything was as expected.
    pub passed: usize,
    /// What was not as expected.
    pub failures: Diagnostics,
    /// What was tried.
    pub coverage: Coverage,
}

/// Runs every scenario of the services whose folder contains `filter`. The diagnostics are those
/// of definitions that could not be compiled.
pub fn run_all(bundle: &Bundle, filter: &str) -> (Vec<Report>, Diagnostics) {
    let mut out = Diagnostics::default();
    let mut reports = Vec::new();
    for suite in suites(bundle, &mut out).into_iter().filter(|suite| suite.folder.contains(filter)) {
        let Some(service) = suite.service(bundle, &mut out) else { continue };
        reports.push(run_folder(bundle, &suite.folder, &service, &suite.tenant));
    }
    (reports, out.sorted())
}

/// Says what is wrong with scenarios without running them, folder by folder on whatever the caller has to
/// run them on. Those of a service that cannot be compiled wait until it can: what is wrong with it, others
/// say. Names are held against what `catalogue` has, where that is made of the same files.
pub fn check(bundle: &Bundle, catalogue: &Catalogue, spread: Spread<'_>, out: &mut Diagnostics) {
    let mut of_services = Diagnostics::default();
    let mut suites = suites(bundle, &mut of_services);
    // The longest first, so that nobody waits for a part that was begun last.
    suites.sort_by_cached_key(|suite| Reverse(bundle.under(&suite.folder).count()));
    let parts: Vec<(Suite, Mutex<Diagnostics>)> = suites.into_iter().map(|suite| (suite, Mutex::default())).collect();
    spread(parts.len(), &|part| {
        let (suite, found) = &parts[part];
        let mut own = Diagnostics::default();
        if let Some(service) = suite.names(bundle, catalogue) {
            scenarios(bundle, &suite.folder, &service, &mut own);
        }
        *found.lock().expect("checking does not panic") = own;
    });
    for (_, found) in parts {
        out.extend(found.into_inner().expect("checking does not panic"));
    }
}

/// A folder with scenarios: the service, and the tenant they are run in.
struct Suite {
    folder: String,
    id: String,
    tenant: Tenant,
}

impl Suite {
    fn folders<'a>(&self, bundle: &'a Bundle) -> Folders<'a> {
        let shared = self.folder == self.id;
        if shared { Folders::shared(bundle) } else { tenant_folders(bundle, &self.folder, &self.id) }
    }

    fn service(&self, bundle: &Bundle, out: &mut Diagnostics) -> Option<Service> {
        service::compile(&self.folders(bundle), &self.tenant, &self.id, out)
    }

    /// A service that has the same names of everything: they are in the files, not in what a town adds to them.
    fn names(&self, bundle: &Bundle, catalogue: &Catalogue) -> Option<Arc<Service>> {
        let known = catalogue.made_of(&self.folders(bundle), &self.id).cloned();
        known.or_else(|| self.service(bundle, &mut Diagnostics::default()).map(Arc::new))
    }
}

/// All folders with scenarios.
fn suites(bundle: &Bundle, out: &mut Diagnostics) -> Vec<Suite> {
    let mut found = BTreeMap::new();
    for path in bundle.paths().filter(|path| path.ends_with(".yaml")) {
        let Some((folder, rest)) = path.split_once("/tests/") else { continue };
        if !rest.contains('/') {
            let id = folder.rsplit('/').next().unwrap_or(folder).to_owned();
            found.insert(folder.to_owned(), id);
        }
    }
    let (neutral, mut suites) = (neutral_tenant(bundle), Vec::new());
    for (folder, id) in found {
        let tenant = match folder.split('/').collect::<Vec<_>>()[..] {
            [_] => Some(neutral.clone()),
            ["tenants", state, _] => first_town(bundle, state, out),
            ["tenants", state, town, _] => {
                crate::tenant::compile(bundle, &format!("tenants/{state}"), &format!("tenants/{state}/{town}"), out)
            }
            _ => None,
        };
        suites.extend(tenant.map(|tenant| Suite { folder, id, tenant }));
    }
    suites
}

fn first_town(bundle: &Bundle, state: &str, out: &mut Diagnostics) -> Option<Tenant> {
    let prefix = format!("tenants/{state}");
    let town = bundle.under(&prefix).find_map(|path| {
        let rest = path.strip_prefix(&prefix)?.strip_prefix('/')?;
        let (town, file) = rest.split_once('/')?;
        (file == "tenant.yaml").then(|| town.to_owned())
    })?;
    crate::tenant::compile(bundle, &prefix, &format!("{prefix}/{town}"), out)
}

/// A state's scenarios see the state's files, not those of the town whose calendar they borrow.
fn tenant_folders<'a>(bundle: &'a Bundle, folder: &str, id: &str) -> Folders<'a> {
    let nearest = folder.trim_end_matches(id).trim_end_matches('/').to_owned();
    let mut chain = vec![nearest.clone()];
    if nearest.split('/').count() == 3 {
        chain.push(nearest.rsplit_once('/').map_or_else(String::new, |(state, _)| state.to_owned()));
    }
    chain.push(String::new());
    Folders { bundle, chain }
}

fn run_folder(bundle: &Bundle, folder: &str, service: &Service, tenant: &Tenant) -> Report {
    let (plain, service) = (service, &followed(service));
    let mut report = Report {
        folder: folder.to_owned(),
        passed: 0,
        failures: Diagnostics::default(),
        coverage: Coverage::of(service),
    };
    for scenario in scenarios(bundle, folder, service, &mut report.failures) {
        let mut found = Diagnostics::default();
        run(&scenario, service, tenant, &mut report.coverage, &mut found);
        report.passed += usize::from(found.0.is_empty());
        report.failures.extend(found);
    }
    if let Some(fees) = &service.fees {
        report.coverage.note_rules(fees);
        let charged = fees.script.followed.as_ref().map(|followed| followed.charged());
        laws::check(plain, charged.unwrap_or_default(), &mut report.failures);
    }
    if folder != service.id {
        report.coverage.keep_below(folder);
    }
    report
}

/// The scenarios of a folder that can be run; what is wrong with the others is in `out`.
fn scenarios(bundle: &Bundle, folder: &str, service: &Service, out: &mut Diagnostics) -> Vec<Prepared> {
    let prefix = format!("{folder}/tests");
    let mut names: Vec<String> = Vec::new();
    let mut waiting: Vec<(String, ScenarioYaml, bool)> = Vec::new();
    for path in bundle.under(&prefix).filter(|path| path.ends_with(".yaml")) {
        let name = path.rsplit('/').next().unwrap_or(path).to_owned();
        names.push(name.clone());
        let read = read::yaml(bundle, path, out).and_then(|node| ScenarioYaml::read(&node, out));
        waiting.extend(read.map(|yaml| {
            let mut found = Diagnostics::default();
            inspect::scenario(&yaml, service, &mut found);
            let fit = found.is_clean();
            out.extend(found);
            (name, yaml, fit)
        }));
    }
    example_is_there(service, folder, &names, out);
    let mut prepared: BTreeMap<String, (Prepared, bool)> = BTreeMap::new();
    while !waiting.is_empty() {
        let ready = waiting
            .iter()
            .position(|(_, yaml, _)| yaml.like.as_ref().is_none_or(|like| prepared.contains_key(&like.value)));
        let Some(index) = ready else { break };
        let (name, yaml, fit) = waiting.remove(index);
        let like = yaml.like.as_ref().and_then(|like| prepared.get(&like.value));
        let fit = fit && like.is_none_or(|(_, fit)| *fit);
        let scenario = prepare(yaml, service, like.map(|(like, _)| like));
        prepared.insert(name, (scenario, fit));
    }
    without_beginning(&waiting, &names, out);
    prepared.into_values().filter(|(_, fit)| *fit).map(|(scenario, _)| scenario).collect()
}

/// Says of scenarios that begin like another one what is wrong with that.
fn without_beginning(waiting: &[(String, ScenarioYaml, bool)], names: &[String], out: &mut Diagnostics) {
    for like in waiting.iter().filter_map(|(_, yaml, _)| yaml.like.as_ref()) {
        let known = || names.iter().map(String::as_str);
        if known().all(|name| name != like.value) {
            let label = "this scenario has no beginning";
            out.push(scenario_unknown_name::diagnostic(
                "scenario",
                &like.value,
                &like.at,
                label,
                known().collect::<Vec<_>>(),
            ));
        } else if waiting.iter().any(|(name, ..)| *name == like.value) && in_a_circle(waiting, &like.value) {
            out.push(scenario_unknown_name::circle(&like.value, &like.at));
        }
    }
}

/// Whether whoever follows `like` from a scenario comes back to it.
fn in_a_circle(waiting: &[(String, ScenarioYaml, bool)], start: &str) -> bool {
    let next = |name: &str| {
        let found = waiting.iter().find(|(known, ..)| known == name);
        found.and_then(|(_, yaml, _)| yaml.like.as_ref()).map(|like| like.value.as_str())
    };
    let mut at = next(start);
    for _ in waiting {
        match at {
            Some(name) if name == start => return true,
            Some(name) => at = next(name),
            None => return false,
        }
    }
    false
}

/// Says if the scenario that the start page shows as an example is not there.
fn example_is_there(service: &Service, folder: &str, names: &[String], out: &mut Diagnostics) {
    let Some(example) = service.start.example.as_ref().filter(|_| folder == service.id) else { return };
    let known: Vec<&str> = names.iter().filter_map(|name| name.strip_suffix(".yaml")).collect();
    if !known.contains(&example.value.as_str()) {
        let label = "the start page would show no example";
        out.push(scenario_unknown_name::diagnostic("scenario", &example.value, &example.at, label, known));
    }
}

/// Every service that lies in the shared folder.
fn services(bundle: &Bundle) -> Vec<String> {
    let ids = bundle.paths().filter_map(|path| path.strip_suffix("/service.yaml"));
    ids.filter(|id| !id.contains('/')).map(str::to_owned).collect()
}

/// A tenant of no particular place, in which shared services are tried out: Indian calendar and
/// money, one zone with one ward and two localities, English and the languages they share.
pub fn neutral_tenant(bundle: &Bundle) -> Tenant {
    let languages: Vec<String> = std::iter::once("en".to_owned()).chain(shared_languages(bundle)).collect();
    let place = |code: &str, parent: Option<usize>, depth: usize, level: &str, label: &str| Entry {
        code: code.to_owned(),
        parent,
        depth,
        has_children: depth < 2,
        label: Text::new(label),
        attributes: Few::from_iter([("level".to_owned(), vec![level.to_owned()])]),
    };
    let places = vec![
        place("Z1", None, 0, "zone", "Zone 1"),
        place("W1", Some(0), 1, "ward", "Ward 1"),
        place("L1", Some(1), 2, "locality", "Upper Bazaar"),
        place("L2", Some(1), 2, "locality", "Lower Bazaar"),
    ];
    let level = |name: &str, label: &str| (name.to_owned(), Text::new(label));
    let everywhere = |words: &str| {
        let translations = languages.iter().map(|language: &String| (language.clone(), words.to_owned())).collect();
        Text { written: words.to_owned(), translations }
    };
    let right_to_service = Some(everywhere("Right to Service Act"));
    Tenant {
        id: "demo".to_owned(),
        state: "demo".to_owned(),
        title: Text::new("Demo Town"),
        short: Text::new("Demo"),
        state_title: Text::new("Demo State"),
        code: "DEMO".to_owned(),
        district: Text::new("Demo"),
        right_to_service,
        languages,
        currency: Currency {
            code: "INR".to_owned(),
            symbol: "₹".to_owned(),
            indian_grouping: true,
            ..Currency::default()
        },
        calendar: Calendar::default(),
        office: Text::new("10 am to 5 pm"),
        emblem: None,
        accent: "#1d5f8a".to_owned(),
        levels: vec![level("zone", "Zone"), level("ward", "Ward"), level("locality", "Locality")],
        places: Arc::new(List::new("places", places)),
        services: services(bundle),
        ..Tenant::default()
    }
}

/// The languages of `words/` that shared services speak; a state that has a language of its own
/// brings the words for it, and they need not know it.
fn shared_languages(bundle: &Bundle) -> BTreeSet<String> {
    let word_of = |path: &str, folder: &str| Some(path.strip_prefix(folder)?.strip_suffix(".yaml")?.to_owned());
    let product: BTreeSet<String> = bundle.under("words").filter_map(|path| word_of(path, "words/")).collect();
    let services = bundle.paths().filter_map(|path| {
        let (service, rest) = path.split_once('/')?;
        if service == "tenants" { None } else { word_of(rest, "locales/") }
    });
    services.filter(|language| *language != "en" && product.contains(language)).collect()
}

//! The finished example: a service of its own folder, laid over the definitions.

use engine::scenario;
use engine::service;
use engine::source::Bundle;
use server::library::read_folders;

use crate::document::read;
use crate::root;

/// The folder of the example.
pub(crate) const EXAMPLE: &str = "examples/dog-license";
/// The service in it.
pub(crate) const SERVICE: &str = "dog-license";
/// The town that offers it, and its state.
const TOWN: &str = "tenants/uttarakhand/dehradun/";
const STATE: &str = "tenants/uttarakhand/";

/// The definitions with the example laid over them; of the towns only the one that offers it.
pub(crate) fn bundle() -> Bundle {
    let root = root();
    let whole = read_folders([root.join("definitions"), root.join(EXAMPLE)]).unwrap();
    let mut bundle = Bundle::default();
    for path in whole.paths() {
        if path.starts_with(TOWN) || !is_of_a_town(&whole, path) {
            bundle.add(path, whole.bytes(path).unwrap().clone());
        }
    }
    bundle
}

/// Whether a file lies in a town's folder: one below a state that has a `tenant.yaml` of its own.
fn is_of_a_town(bundle: &Bundle, path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    parts.len() > 3 && parts[0] == "tenants" && bundle.path(&format!("{}/tenant.yaml", parts[..3].join("/"))).is_some()
}

#[test]
fn the_example_passes_every_check() {
    let bundle = bundle();
    let (catalogue, found) = service::load(&bundle);
    assert_eq!(found.render(&bundle, ""), "");
    let offered = catalogue.definitions().filter(|definition| definition.id == SERVICE).count();
    assert_eq!(offered, 1, "the town of the example offers it");
}

#[test]
fn the_scenarios_of_the_example_try_everything() {
    let bundle = bundle();
    let (reports, found) = scenario::run_all(&bundle, SERVICE);
    assert_eq!(found.render(&bundle, ""), "");
    let [report] = &reports[..] else { panic!("one folder of scenarios") };
    assert_eq!(report.failures.render(&bundle, ""), "");
    let coverage = &report.coverage;
    let all = [&coverage.states, &coverage.actions, &coverage.conditions, &coverage.branches, &coverage.rates];
    let untried = all.into_iter().flat_map(engine::scenario::Tried::untried);
    let untried: Vec<&str> = untried.map(|trial| trial.name.as_str()).collect();
    assert_eq!(untried, Vec::<&str>::new());
}

/// The names in the list `services` of a `tenant.yaml`.
fn services(text: &str) -> Vec<&str> {
    let list = text.split_once("services: [").and_then(|(_, list)| list.split_once(']')).expect("a list of services").0;
    let words = list.lines().map(|line| line.split('#').next().unwrap_or_default());
    words.flat_map(|line| line.split(',')).map(str::trim).filter(|name| !name.is_empty()).collect()
}

#[test]
fn the_town_of_the_example_is_the_towns_own_file_with_the_states_list_and_one_line_more() {
    let without_schema = |text: String| text.split_once('\n').unwrap().1.to_owned();
    let own = without_schema(read(&format!("definitions/{TOWN}tenant.yaml")));
    let laid_over = without_schema(read(&format!("{EXAMPLE}/{TOWN}tenant.yaml")));
    let more = laid_over.strip_prefix(&own).expect("everything the town says stands in the example");
    let of_state = read(&format!("definitions/{STATE}tenant.yaml"));
    let offered: Vec<&str> = services(&of_state).into_iter().chain([SERVICE]).collect();
    assert_eq!(services(more), offered, "what the state offers, copied, and what the town offers besides");
    assert!(more.trim_start().starts_with("services: [") && more.trim_end().ends_with(']'), "{more}");
}

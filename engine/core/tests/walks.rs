//! Every service, led by chance through thousands of lives, with the books held to the case after
//! every step: the shared services, those that states and towns make of them, and the examples'.
//!
//! `WALKS=100000` walks further, `WALKS=200` less far; a failing seed can be walked again.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test reads the shipped definitions")]

mod folder;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use engine::base::{Calendar, Moment, Name};
use engine::case::{Actor, ActorKind, Case, Command, Context, decide, open};
use engine::scenario::{neutral_tenant, path, run_all, walk};
use engine::service::{self, Folders, Service};
use engine::source::{Bundle, Diagnostics};
use engine::tenant::Tenant;

use folder::{lay, root};

/// As in the program: a fifth of the time of walking goes into it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Walks of each service where nobody asks for more.
const WALKS: u64 = 10_000;
/// So many come to every state of a service; some states are so rare that fewer do not.
const ENOUGH: u64 = WALKS;
/// Walks that a thread takes on at a time.
const SHARE: u64 = 250;

/// The shipped definitions, with other folders laid over them.
fn bundle(over: &[PathBuf]) -> Bundle {
    let mut bundle = Bundle::default();
    let shipped = root().join("definitions");
    for folder in std::iter::once(&shipped).chain(over) {
        lay(&mut bundle, folder);
    }
    bundle
}

/// The folders of the examples.
fn examples() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("examples")).unwrap();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// A service and the tenant in which it is walked.
struct Stage {
    name: String,
    service: Arc<Service>,
    tenant: Arc<Tenant>,
    states: Mutex<BTreeSet<Name>>,
}

impl Stage {
    fn new(of: &str, service: Arc<Service>, tenant: Arc<Tenant>) -> Self {
        Self { name: format!("{of}/{}", service.id), service, tenant, states: Mutex::default() }
    }
}

/// The folders of shared services.
fn shared(bundle: &Bundle) -> BTreeSet<String> {
    let folders = bundle.paths().filter_map(|path| path.strip_suffix("/service.yaml"));
    folders.filter(|id| !id.contains('/')).map(str::to_owned).collect()
}

/// The shared services in a town of no particular place.
fn in_no_place(bundle: &Bundle, ids: &BTreeSet<String>, stages: &mut Vec<Stage>) {
    let tenant = Arc::new(neutral_tenant(bundle));
    for id in ids {
        let mut found = Diagnostics::default();
        let service = service::compile(&Folders::shared(bundle), &tenant, id, &mut found);
        let service = service.unwrap_or_else(|| panic!("{}", found.render(bundle, "definitions/")));
        stages.push(Stage::new("shared", Arc::new(service), Arc::clone(&tenant)));
    }
}

/// The services of the first town of each state that is not among `known`, with its own rates,
/// places and calendar.
fn in_states(bundle: &Bundle, known: &mut BTreeSet<String>, stages: &mut Vec<Stage>) {
    let (catalogue, _) = service::load(bundle);
    let mut first: BTreeMap<&str, &Arc<Tenant>> = BTreeMap::new();
    for tenant in catalogue.tenants.values().filter(|tenant| !known.contains(&tenant.state)) {
        first.entry(&tenant.state).or_insert(tenant);
    }
    for (state, tenant) in &first {
        for service in catalogue.services(tenant) {
            stages.push(Stage::new(state, Arc::clone(service), Arc::clone(tenant)));
        }
    }
    known.extend(first.into_keys().map(str::to_owned).collect::<Vec<_>>());
}

fn stages() -> Vec<Stage> {
    let shipped = bundle(&[]);
    let (ids, mut known, mut stages) = (shared(&shipped), BTreeSet::new(), Vec::new());
    in_no_place(&shipped, &ids, &mut stages);
    in_states(&shipped, &mut known, &mut stages);
    for example in examples() {
        let laid_over = bundle(&[example]);
        let new = shared(&laid_over).difference(&ids).cloned().collect();
        in_no_place(&laid_over, &new, &mut stages);
        in_states(&laid_over, &mut known, &mut stages);
    }
    assert!(ids.len() >= 2 && known.len() >= 2, "shared services, a state and an invented one are there");
    assert!(stages.len() > ids.len() * 2, "an example has a service of its own");
    stages
}

/// The states of a service to which chance does not lead.
fn far_states(service: &str) -> Vec<&'static str> {
    let lines = include_str!("far_states.txt").lines().filter(|line| !line.starts_with('#'));
    let of_service = lines.filter_map(|line| line.split_once(": ")).find(|(name, _)| *name == service);
    of_service.map(|(_, states)| states.split(' ').collect()).unwrap_or_default()
}

#[test]
fn led_03_every_service_keeps_its_books_in_every_walk() {
    let walks = std::env::var("WALKS").ok().and_then(|text| text.parse().ok()).unwrap_or(WALKS);
    let stages = stages();
    let shares: Vec<(&Stage, u64)> = stages
        .iter()
        .flat_map(|stage| (0..walks).step_by(usize::try_from(SHARE).unwrap()).map(move |seed| (stage, seed)))
        .collect();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(BTreeMap::<&str, Vec<String>>::new()));
    std::thread::scope(|threads| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            threads.spawn(|| {
                while let Some((stage, from)) = shares.get(next.fetch_add(1, Ordering::Relaxed)) {
                    for seed in *from..(from + SHARE).min(walks) {
                        match walk::walk(&stage.service, &stage.tenant, seed) {
                            Ok(walked) => stage.states.lock().unwrap().extend(walked.states),
                            Err(why) => wrong.lock().unwrap().entry(&stage.name).or_default().push(why),
                        }
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    let told =
        wrong.iter().map(|(stage, why)| format!("{stage}: {} walks went wrong, one of them {}", why.len(), why[0]));
    assert!(wrong.is_empty(), "{}", told.collect::<Vec<_>>().join("\n"));
    if walks < ENOUGH {
        return;
    }
    let mut unmet = Vec::new();
    for stage in &stages {
        let (met, far) = (stage.states.lock().unwrap(), far_states(&stage.service.id));
        let all = stage.service.workflow.states.iter().map(|state| &state.name);
        let never: Vec<_> = all.filter(|state| !met.contains(*state) && !far.contains(&state.as_str())).collect();
        unmet.extend((!never.is_empty()).then(|| format!("{}: {walks} walks never came to {never:?}", stage.name)));
    }
    assert!(unmet.is_empty(), "{}", unmet.join("\n"));
}

/// A service with a promise of 48 hours, whose two officers have a day each.
const CLOCKS: [(&str, &str); 3] = [
    (
        "permit/service.yaml",
        "format: 1\ntitle: Permit\ndepartment: Office\nnumber: P/{tenant}/{fy}/{serial:6}\n\
         roles: { verifier: Verifier, inspector: Inspector }\n\
         statute: { law: The law, within: 48 hours, officer: Officer, first_appeal: Commissioner }\n",
    ),
    (
        "permit/workflow.yaml",
        "start: draft\nstates:\n\
         \x20 draft: { label: Draft, edit: applicant, actions: { submit: { by: applicant, to: applied } } }\n\
         \x20 applied: { label: Applied, sla: 24 hours, actions: { forward: { by: verifier, to: inspection } } }\n\
         \x20 inspection: { label: Inspection, sla: 24 hours, actions: { close: { by: inspector, to: closed } } }\n\
         \x20 closed: { label: Closed, end: closed }\n",
    ),
    (
        "permit/tests/forwarded.yaml",
        "name: It is forwarded\ntoday: 2026-04-01\nsteps: [{ by: applicant, do: submit, state: applied }]\n",
    ),
];

/// A service that takes few records, and a state that answers by chance alone never lead to.
const GUARDED: [(&str, &str); 4] = [
    (
        "renewal/service.yaml",
        "format: 1\ntitle: Renewal\ndepartment: Office\nnumber: R/{tenant}/{fy}/{serial:6}\n\
         roles: { verifier: Verifier }\n\
         on_record:\n\
         \x20 registry: permits\n\
         \x20 holder_only: true\n\
         \x20 when: record.standing == \"suspended\" && days_between(today, record.valid_until) <= 60\n\
         \x20 prefill: false\n",
    ),
    (
        "renewal/form.yaml",
        "pages:\n\
         \x20 house:\n\
         \x20   title: The house\n\
         \x20   fields:\n\
         \x20     kind: { label: Kind, type: choice, options: { a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H } }\n\
         \x20     area: { label: Area, type: decimal, min: 1, max: 100000 }\n\
         \x20     height: { label: Height, type: number, min: 1, max: 300 }\n\
         \x20     river: { label: Is there a river?, type: yes_no }\n\
         \x20     built_on: { label: Built on, type: date, min: 1900-01-01, max: today }\n",
    ),
    (
        "renewal/workflow.yaml",
        "start: draft\nstates:\n\
         \x20 draft:\n\
         \x20   label: Draft\n\
         \x20   edit: applicant\n\
         \x20   actions:\n\
         \x20     submit: { by: applicant, to: applied, when: 'same(kind, record.answers.kind)' }\n\
         \x20 applied:\n\
         \x20   label: Applied\n\
         \x20   actions:\n\
         \x20     refuse: { by: verifier, to: refused }\n\
         \x20     permit:\n\
         \x20       by: verifier\n\
         \x20       to: permitted\n\
         \x20       when: area <= 300 && height < 10 && river == false && days_between(built_on, today) <= 365\n\
         \x20 permitted: { label: Permitted, end: granted }\n\
         \x20 refused: { label: Refused, end: refused }\n",
    ),
    (
        "renewal/tests/refused.yaml",
        "name: It is refused\ntoday: 2026-04-01\n\
         on_record:\n\
         \x20 { number: P/1, valid_from: 2025-04-01, valid_until: 2026-03-31, standing: suspended, answers: { kind: a } }\n\
         answers: { kind: a, area: \"20\", height: 3, river: true, built_on: 2020-01-01 }\n\
         steps:\n\
         \x20 - { by: applicant, do: submit, state: applied }\n\
         \x20 - { by: verifier, do: refuse, state: refused }\n",
    ),
];

/// Walks find records that a service takes, repeat what the register says, and answer what conditions ask for.
#[test]
fn walks_come_to_what_is_guarded_by_a_record_and_by_answers_that_fit_each_other() {
    let mut bundle = Bundle::default();
    for (path, text) in GUARDED {
        bundle.add(path, text.as_bytes());
    }
    let tenant = Tenant { languages: vec!["en".to_owned()], ..neutral_tenant(&bundle) };
    let mut found = Diagnostics::default();
    let service = service::compile(&Folders::shared(&bundle), &tenant, "renewal", &mut found);
    let service = service.unwrap_or_else(|| panic!("{}", found.render(&bundle, "")));
    let walk = |seed| walk::walk(&service, &tenant, seed).unwrap();
    let walks: Vec<_> = (0..1_000).map(walk).collect();
    let opened = walks.iter().filter(|walked| !walked.states.is_empty()).count();
    assert!(opened > 900, "{opened} of 1000 walks found a record");
    let met: BTreeSet<_> = walks.iter().flat_map(|walked| &walked.states).map(Name::as_str).collect();
    assert_eq!(met, BTreeSet::from(["applied", "draft", "permitted", "refused"]));
    let again = |seed: usize| walk::walk(&service, &tenant, u64::try_from(seed).unwrap()).unwrap().states;
    assert!((0..50).all(|seed| again(seed) == walks[seed].states), "the same seed is the same walk");
    let led = |seed: u64| {
        let path = path::path(&service, &tenant, seed).unwrap();
        path.map_or(0, |path| path.steps.iter().filter(|step| step.led).count())
    };
    assert!((0..50).zip(&walks).all(|(seed, walked)| led(seed) == walked.steps), "a path is the walk of its seed");
}

/// X15: the time of the case runs on, that of a state begins anew.
#[test]
fn after_six_hours_42_of_48_are_left_for_the_case_and_a_whole_day_for_the_next_state() {
    const HOUR: i64 = 3_600_000;
    let mut bundle = Bundle::default();
    for (path, text) in CLOCKS {
        bundle.add(path, text.as_bytes());
    }
    let tenant = Tenant { languages: vec!["en".to_owned()], ..neutral_tenant(&bundle) };
    let mut found = Diagnostics::default();
    let service = service::compile(&Folders::shared(&bundle), &tenant, "permit", &mut found);
    let service = service.unwrap_or_else(|| panic!("{}", found.render(&bundle, "")));
    let start = Moment::at("2026-04-01".parse().unwrap(), 600, Calendar::default().offset_minutes);
    let context = |now: Moment| Context::new(now, &tenant);
    let act = |case: &Case, role: &str, action: &str, now: Moment| {
        let kind = if role == "applicant" { ActorKind::Citizen } else { ActorKind::Employee };
        let actor = Actor { person: role.to_owned(), kind, roles: vec![Name::new(role)] };
        let command = Command::Act {
            action: Name::new(action),
            comment: String::new(),
            answers: serde_json::Value::Null,
            assignee: None,
            seen: None,
            flags: Vec::new(),
        };
        decide(&service, case, &actor, &command, context(now)).unwrap().case
    };
    let draft = open(&service, "case", "applicant", "en", &context(start)).unwrap();
    let applied = act(&draft, "applicant", "submit", start);
    assert_eq!(applied.promised_ms.map(|promised| promised - start.ms), Some(172_800_000));
    assert_eq!(applied.due_ms.map(|due| due - start.ms), Some(86_400_000));
    let later = start.with_ms(start.ms + 6 * HOUR);
    let inspection = act(&applied, "verifier", "forward", later);
    assert_eq!(inspection.promised_ms.map(|promised| promised - later.ms), Some(151_200_000));
    assert_eq!(inspection.due_ms.map(|due| due - later.ms), Some(86_400_000));
}

/// Nine centuries of months are more than a wait goes on for: a scenario that asks for them does not pass.
#[test]
fn a_wait_in_which_more_falls_due_than_is_tried_is_said() {
    let mut bundle = bundle(&[]);
    let whole = bundle.text("street-vending/tests/to_the_end.yaml").unwrap().trim_end().to_owned();
    let longer = format!("{whole}\n  - {{ wait: 900 years, state: draft }}\n");
    bundle.add("street-vending/tests/for_ages.yaml", longer.into_bytes());
    let (reports, _) = run_all(&bundle, "street-vending");
    let report = reports.iter().find(|report| report.folder == "street-vending").unwrap();
    let said = report.failures.render(&bundle, "");
    assert_eq!(report.failures.0.len(), 1, "nothing is compared after it: {said}");
    assert!(said.contains("more falls due here than is tried"), "{said}");
    assert!(said.contains("wait for less"), "{said}");
}

#[test]
fn the_scenarios_of_every_shipped_service_try_every_state_action_and_condition() {
    let mut untried = Vec::new();
    let over = std::iter::once(Vec::new()).chain(examples().into_iter().map(|example| vec![example]));
    for folders in over {
        let bundle = bundle(&folders);
        let (reports, _) = run_all(&bundle, "");
        // What a state shadows has scenarios for what differs.
        for report in reports.iter().filter(|report| !report.folder.contains('/')) {
            assert!(report.failures.0.is_empty(), "{}", report.failures.render(&bundle, ""));
            let coverage = &report.coverage;
            let trials = coverage.states.untried().chain(coverage.actions.untried());
            let trials = trials.chain(coverage.conditions.untried());
            untried.extend(trials.map(|trial| format!("{}: {}", report.folder, trial.name)));
        }
    }
    assert!(untried.is_empty(), "no scenario tries\n{}", untried.join("\n"));
}

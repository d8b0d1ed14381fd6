//! Every shipped service, led by chance through thousands of lives, with the books held to the
//! case after every step. `WALKS=100000` walks further; a failing seed can be walked again.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test reads the shipped definitions")]

use std::collections::BTreeSet;
use std::path::Path;

use engine::base::{Calendar, Moment, Name};
use engine::case::{Actor, ActorKind, Case, Command, Context, decide, open};
use engine::registry::Serials;
use engine::scenario::{neutral_tenant, walk};
use engine::service::{self, Folders};
use engine::source::{Bundle, Diagnostics};
use engine::tenant::Tenant;

/// Walks of each service where nobody asks for more.
const WALKS: u64 = 10_000;

fn bundle() -> Bundle {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../definitions");
    let mut bundle = Bundle::default();
    read(&root, &root, &mut bundle);
    bundle
}

fn read(root: &Path, folder: &Path, bundle: &mut Bundle) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, bundle);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            bundle.add(&name, std::fs::read(&path).unwrap());
        }
    }
}

#[test]
fn every_service_keeps_its_books_in_every_walk() {
    let walks = std::env::var("WALKS").ok().and_then(|text| text.parse().ok()).unwrap_or(WALKS);
    let bundle = bundle();
    let tenant = neutral_tenant(&bundle);
    let services: BTreeSet<String> = bundle
        .paths()
        .filter_map(|path| path.strip_suffix("/service.yaml"))
        .filter(|id| !id.contains('/'))
        .map(str::to_owned)
        .collect();
    assert!(services.len() >= 2, "the shipped services are there");
    for id in services {
        let mut found = Diagnostics::default();
        let service = service::compile(&Folders::shared(&bundle), &tenant, &id, &mut found);
        let service = service.unwrap_or_else(|| panic!("{}", found.render(&bundle, "definitions/")));
        let mut states = BTreeSet::new();
        for seed in 0..walks {
            let walked = walk::walk(&service, &tenant, seed).unwrap_or_else(|wrong| panic!("{id}: {wrong}"));
            states.extend(walked.states);
        }
        let never: Vec<_> = service
            .workflow
            .states
            .iter()
            .filter(|state| !states.contains(&state.name))
            .map(|state| &state.name)
            .collect();
        assert!(never.is_empty(), "{id}: {walks} walks never came to {never:?}");
    }
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
    let context = |now: Moment| Context { now, tenant: &tenant, record: None, serials: Serials::default() };
    let act = |case: &Case, role: &str, action: &str, now: Moment| {
        let kind = if role == "applicant" { ActorKind::Citizen } else { ActorKind::Employee };
        let actor = Actor { person: role.to_owned(), kind, roles: vec![Name::new(role)] };
        let command = Command::Act {
            action: Name::new(action),
            comment: String::new(),
            answers: serde_json::Value::Null,
            assignee: None,
            seen: None,
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

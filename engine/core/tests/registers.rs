//! Registers: what each kind of grant makes of a record, told by scenarios of two small services.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test reads its own files")]

mod folder;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use engine::base::{Answers, Moment, Money, Value};
use engine::case::{Context, open};
use engine::form::Kind;
use engine::registry::{Record, Standing};
use engine::scenario::run_all;
use engine::service::{self, Catalogue, Earlier, Spread};
use engine::source::{Bundle, Diagnostics};

fn lay(bundle: &mut Bundle, root: &Path, folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            lay(bundle, root, &path);
        } else {
            let relative = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            bundle.add(&relative, fs::read(&path).unwrap());
        }
    }
}

#[test]
fn records_go_through_every_mode() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/registers");
    let mut bundle = Bundle::default();
    lay(&mut bundle, &root, &root);
    let (reports, broken) = run_all(&bundle, "");
    let mut said = broken.render(&bundle, "");
    assert_eq!(reports.len(), 2, "{said}");
    for report in reports {
        said.push_str(&report.failures.render(&bundle, ""));
    }
    assert_eq!(said, "");
}

#[test]
fn what_was_declared_for_a_record_is_declared_anew() {
    let shipped = folder::shipped();
    let mut asked = 0;
    for id in shipped.paths().filter_map(|path| path.strip_suffix("/service.yaml")).filter(|id| !id.contains('/')) {
        let (service, tenant) = folder::compiled(&shipped, id);
        let now = Moment { ms: 1_781_500_000_000, offset_minutes: tenant.calendar.offset_minutes };
        let Some(on_record) = service.on_record.as_ref().filter(|on_record| on_record.prefill != Some(false)) else {
            continue;
        };
        let flags = service.form.pages_by(None).flat_map(|page| &page.fields);
        let (declared, others): (Vec<_>, Vec<_>) = flags
            .filter(|field| matches!(field.kind, Kind::Declaration | Kind::YesNo))
            .partition(|field| matches!(field.kind, Kind::Declaration));
        let said = |name: &str| (name.to_owned(), Value::Flag(true));
        let answers = declared.iter().chain(&others).map(|field| said(field.name.as_str()));
        let record = Record {
            registry: on_record.registry.clone(),
            number: "R/1".to_owned(),
            version: 1,
            service: service.id.clone(),
            case: "before".to_owned(),
            validity_by: "before".to_owned(),
            actor: "system".to_owned(),
            role: None,
            from: now.day(),
            holder: "meera".to_owned(),
            answers: Answers(answers.collect()),
            valid_from: now.day(),
            valid_until: None,
            standing: Standing::Active,
            came_of: Vec::new(),
            became: Vec::new(),
        };
        let about = Context::new(now, &tenant).about(Some(&record), Money::ZERO);
        // What else the record would have to be is no matter here.
        let Ok(case) = open(&service, "case", "meera", "en", &about) else { continue };
        asked += declared.len();
        let known: Vec<&String> = case.answers.0.keys().collect();
        assert!(declared.iter().all(|field| !known.contains(&&field.name.to_string())), "{id} took over {known:?}");
        assert!(others.iter().all(|field| known.contains(&&field.name.to_string())), "{id} knows only {known:?}");
    }
    assert!(asked > 5, "few services ask for a declaration on a record: {asked}");
}

/// The definitions that ship, with one town.
fn of_one_town() -> Bundle {
    let shipped = folder::shipped();
    let towns = shipped.paths().filter(|path| path.starts_with("tenants/") && path.split('/').count() == 4);
    let towns: Vec<&str> = towns.filter_map(|path| path.strip_suffix("tenant.yaml")).collect();
    shipped.only(|path| !towns[1..].iter().any(|town| path.starts_with(town)))
}

/// Every service of every town, by its digest, and what was found.
fn told(bundle: &Bundle, (catalogue, found): &(Catalogue, Diagnostics)) -> (Vec<String>, String) {
    let mut all = Vec::new();
    for tenant in catalogue.tenants.values() {
        all.extend(
            catalogue.services(tenant).map(|service| format!("{} {} {}", tenant.id, service.id, service.digest)),
        );
    }
    (all, found.render(bundle, ""))
}

/// What becomes of a file, by its path and its text; nothing if it is gone.
type Change<'a> = &'a dyn Fn(&str, &str) -> Option<String>;

/// What is made after other definitions is what would be made of these alone, and what has not changed is not made again.
#[test]
fn what_has_not_changed_is_made_once_and_what_has_is_made_anew() {
    let before = of_one_town();
    let (catalogue, found) = service::load(&before);
    assert_eq!(found.render(&before, ""), "");
    let one_by_one: Spread<'_> = &|parts, run| (0..parts).for_each(run);
    let waits = catalogue.definitions().find(|service| !service.setting.registers.is_empty()).unwrap();
    let register = &waits.setting.registers[0];
    let said = format!("registry: {register}");
    let changes: [(&str, Change<'_>); 4] = [
        ("one service", &|path, text| {
            let own = path.strip_prefix(&waits.id) == Some("/service.yaml");
            Some(if own { format!("{text}\n# Later.\n") } else { text.to_owned() })
        }),
        ("what all are made of", &|path, text| {
            Some(if path == "accounts.yaml" { format!("{text}\n# Later.\n") } else { text.to_owned() })
        }),
        ("those who keep a register for which others wait", &|path, text| {
            let keeps = path.ends_with("/service.yaml");
            Some(if keeps { text.replace(&said, &format!("{said}_elsewhere")) } else { text.to_owned() })
        }),
        ("a file that is gone", &|path, text| {
            let gone = path.strip_prefix(&waits.id).is_some_and(|rest| rest.starts_with("/locales/"));
            (!gone).then(|| text.to_owned())
        }),
    ];
    for (what, change) in changes {
        let mut after = Bundle::default();
        for path in before.paths() {
            let bytes = before.bytes(path).unwrap();
            match std::str::from_utf8(bytes) {
                Ok(text) => change(path, text).into_iter().for_each(|text| after.add(path, text.into_bytes())),
                Err(_) => after.add(path, Arc::clone(bytes)),
            }
        }
        assert!(after.differing(&before).next().is_some(), "{what} has changed");
        let earlier = Earlier { bundle: &before, catalogue: &catalogue };
        let made = service::load_after(&after, Some(earlier), one_by_one);
        assert_eq!(told(&after, &made), told(&after, &service::load(&after)), "{what}");
        if what == "one service" {
            let anew = |service: &&Arc<service::Service>| {
                catalogue.by_digest(&service.digest).is_none_or(|known| !Arc::ptr_eq(known, service))
            };
            let anew: Vec<&str> = made.0.definitions().filter(anew).map(|service| service.id.as_str()).collect();
            assert_eq!(anew, [waits.id.as_str()], "the others are what they were");
        }
    }
}

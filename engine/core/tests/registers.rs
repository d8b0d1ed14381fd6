//! Registers: what each kind of grant makes of a record, told by scenarios of two small services.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test reads its own files")]

mod folder;

use std::fs;
use std::path::Path;

use engine::base::{Answers, Moment, Money, Value};
use engine::case::{Context, open};
use engine::form::Kind;
use engine::registry::{Record, Standing};
use engine::scenario::run_all;
use engine::source::Bundle;

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

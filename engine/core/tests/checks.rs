//! Every check, at its smallest: a folder of files that are laid over a small valid service, and
//! the exact words that are printed. `UPDATE=1` writes them anew; the difference is read like code.
//!
//! A folder is called after its check, `unknown-state`, or `unknown-state.start` for a second
//! example. A file `remove.txt` lists files of the base that are not there. A folder `base.…` is right:
//! nothing is said about it.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test reads its own files")]

use std::fs;
use std::path::{Path, PathBuf};

use engine::base::date::parse_day;
use engine::base::{Moment, Name, Value};
use engine::case::{Actor, ActorKind, Context, Refusal, choices, open};
use engine::source::{Bundle, Diagnostics, Severity, Where};
use engine::{import, reference, scenario, service};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks")
}

/// Files that are about the folder, not in it.
const ABOUT: [&str; 2] = ["expected.txt", "remove.txt"];

fn lay(bundle: &mut Bundle, root: &Path, folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            lay(bundle, root, &path);
            continue;
        }
        let relative = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        if !ABOUT.contains(&relative.as_str()) {
            bundle.add(&relative, fs::read(&path).unwrap());
        }
    }
}

fn bundle(name: &str) -> Bundle {
    let (base, own) = (folder().join("base"), folder().join(name));
    let mut all = Bundle::default();
    lay(&mut all, &base, &base);
    if name == "base" {
        return all;
    }
    let removed = fs::read_to_string(own.join("remove.txt")).unwrap_or_default();
    let mut bundle = Bundle::default();
    for path in all.paths().filter(|path| !removed.lines().any(|line| line == &***path)) {
        bundle.add(path, std::sync::Arc::clone(all.bytes(path).unwrap()));
    }
    lay(&mut bundle, &own, &own);
    bundle
}

/// Everything that is said about a bundle: by the checks, and if they are content by the scenarios.
fn found(bundle: &Bundle) -> Diagnostics {
    let (catalogue, mut found) = service::load(bundle);
    import::check_all(bundle, &catalogue, &mut found);
    if found.0.is_empty() {
        let (reports, _) = scenario::run_all(bundle, "");
        for report in reports {
            found.extend(report.failures);
        }
    }
    found
}

/// The folders of examples: those that are right, or those that are not.
fn folders(right: bool) -> Vec<String> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap());
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| (name.split('.').next() == Some("base")) == right)
        .collect();
    names.sort();
    names
}

fn names() -> Vec<String> {
    folders(false)
}

/// Names in scenarios are held against the services of a catalogue where it has them, and against services that are
/// compiled for nothing else where it has none.
#[test]
fn names_in_scenarios_are_wrong_alike_whoever_compiled_the_service() {
    let mut said = 0;
    for name in names().into_iter().filter(|name| name.starts_with("scenario-unknown-name")) {
        let bundle = bundle(&name);
        let wrong = |catalogue: &service::Catalogue| {
            let mut found = Diagnostics::default();
            scenario::check(&bundle, catalogue, &|parts, run| (0..parts).for_each(run), &mut found);
            found.sorted()
        };
        let (catalogue, _) = service::load(&bundle);
        assert!(catalogue.definitions().next().is_some(), "{name}: no service was compiled");
        let known = wrong(&catalogue);
        assert_eq!(known.0, wrong(&service::Catalogue::default()).0, "{name}");
        said += known.0.len();
    }
    assert!(said > 0, "no name was wrong");
}

/// What a town offers decides what is asked: a register that nobody keeps has no numbers.
#[test]
fn a_question_waits_for_a_register_that_the_town_keeps() {
    let mut bundle = bundle("base");
    let without = service::load(&bundle).0.service("uphill", "stall-permit").unwrap().digest.clone();
    let mut change = |path: &str, old: &str, new: &str| {
        let text = bundle.text(path).unwrap();
        assert!(text.contains(old), "{path}");
        let text = text.replace(old, new);
        bundle.add(path, text.into_bytes());
    };
    let record = |name: &str, registry: &str| {
        format!(
            "      {name}: {{ label: Which?, type: record, registry: {registry}, where_kept: true, optional: true }}\n"
        )
    };
    let asked = [record("stall", "stall_permits"), record("pond", "ponds")].concat();
    change("stall-permit/form.yaml", "      note:", &format!("{asked}      note:"));
    change("stall-permit/locales/hi.yaml", "  note:", "  stall: कौन सा?\n  pond: कौन सा?\n  note:");
    let (catalogue, found) = service::load(&bundle);
    assert_eq!(found.render(&bundle, ""), "");
    let service = catalogue.service("uphill", "stall-permit").unwrap();
    assert!(service.form.field("stall").unwrap().when.is_none(), "the town keeps it by this very service");
    assert!(service.form.field("pond").unwrap().when.is_some(), "nobody keeps it: it is never asked");
    assert_eq!(service.setting.registers, ["stall_permits"]);
    assert_ne!(service.digest, without);
    let again = service::remake(
        &bundle,
        &catalogue.tenants["uphill"],
        &service.setting,
        "stall-permit",
        &mut Diagnostics::default(),
    );
    assert_eq!(again.unwrap().digest, service.digest, "it is known again by what it was made of");
}

/// What was published is not held up by what is found wrong later, as long as it can be made.
#[test]
fn what_only_judges_does_not_keep_a_service_from_being_made_again() {
    let (catalogue, _) = service::load(&bundle("base"));
    let base = catalogue.service("uphill", "stall-permit").unwrap();
    let made = |name: &str| {
        let (bundle, mut found) = (bundle(name), Diagnostics::default());
        let made = service::remake(&bundle, &catalogue.tenants["uphill"], &base.setting, "stall-permit", &mut found);
        assert!(!found.is_clean(), "{name}: it is said all the same");
        made
    };
    for judged in ["unreachable-state", "sms-too-long", "unknown-variable", "holder-in-office", "wrong-kind.file"] {
        assert!(made(judged).is_some(), "{judged}");
    }
    let lowered = |service: &service::Service| {
        let fees = service.fees.as_ref().unwrap();
        fees.is_lowered(fees.schedules[0].from)
    };
    assert!(lowered(base) && !lowered(&made("rule-divides-by-zero").unwrap()), "what is found wrong is interpreted");
    for nowhere in ["broken-yaml", "unknown-state", "unknown-role", "unknown-recipient", "rule-forbidden"] {
        assert!(made(nowhere).is_none(), "{nowhere}");
    }
}

#[test]
fn the_base_is_without_fault() {
    let right = folders(true);
    assert!(right.len() > 1, "the base, and what is laid over it");
    for name in right {
        let bundle = bundle(&name);
        assert_eq!(found(&bundle).render(&bundle, ""), "", "{name}");
    }
}

/// Employees and citizens have keys of their own: whoever works for the town and applies is told by the shell.
#[test]
fn az_08_an_employee_decides_nothing_on_the_own_application() {
    let (catalogue, _) = service::load(&bundle("base.conditions"));
    let (service, tenant) = (catalogue.service("uphill", "stall-permit").unwrap(), &catalogue.tenants["uphill"]);
    let now = Moment::at(parse_day("2026-06-01").unwrap(), 600, 330);
    let inspector = Actor { person: "ravi".to_owned(), kind: ActorKind::Employee, roles: vec![Name::new("inspector")] };
    let refusal = |citizen: Option<&str>| {
        let context = Context::new(now, tenant).known_as(citizen);
        let mut case = open(service, "case", "asha", "en", &context).unwrap();
        case.state = Name::new("checking");
        let all = choices(service, &case, &inspector, context);
        all.into_iter().find(|choice| choice.action.name == *"approve").unwrap().refused
    };
    assert_eq!(refusal(Some("asha")), Some(Refusal::OwnCase));
    assert_ne!(refusal(Some("bina")), Some(Refusal::OwnCase));
    assert_ne!(refusal(None), Some(Refusal::OwnCase));
}

/// Each condition of an action that does not hold says so, and no other; one that cannot be reckoned is of no matter
/// behind one that does not hold.
#[test]
fn every_condition_that_does_not_hold_is_told() {
    let (catalogue, _) = service::load(&bundle("base.conditions"));
    let (service, tenant) = (catalogue.service("uphill", "stall-permit").unwrap(), &catalogue.tenants["uphill"]);
    let now = Moment::at(parse_day("2026-06-01").unwrap(), 600, 330);
    let inspector = Actor { person: "ravi".to_owned(), kind: ActorKind::Employee, roles: vec![Name::new("inspector")] };
    let refusal = |area: i64, since: Option<&str>| {
        let context = Context::new(now, tenant);
        let mut case = open(service, "case", "asha", "en", &context).unwrap();
        case.state = Name::new("checking");
        case.answers.0.insert("area".to_owned(), Value::Int(area));
        case.answers.0.extend(since.map(|day| ("since".to_owned(), Value::Text(day.to_owned()))));
        let all = choices(service, &case, &inspector, context);
        all.into_iter().find(|choice| choice.action.name == *"approve").unwrap().refused
    };
    let said = |refusal: Option<Refusal>, language: &str| refusal.and_then(|why| why.said_by_author(language)).unwrap();
    let (large, new) = ("The stall is larger than twenty square metres.", "It has stood for less than thirty days.");
    let both = refusal(30, Some("2026-05-20"));
    assert_eq!(both.as_ref().map(Refusal::word), Some("not_in_this_case"));
    assert_eq!(said(both.clone(), "en"), format!("{large} {new}"));
    assert_eq!(said(both, "hi"), "स्टॉल बीस वर्ग मीटर से बड़ा है। स्टॉल लगे तीस दिन नहीं हुए हैं।");
    assert_eq!(said(refusal(30, Some("2026-05-01")), "en"), large);
    assert_eq!(said(refusal(12, Some("2026-05-20")), "en"), new);
    assert_eq!(refusal(12, Some("2026-05-01")), None);
    assert_eq!(said(refusal(30, None), "en"), large);
    assert!(matches!(refusal(12, None), Some(Refusal::FeeNotComputed(_))));
}

/// A condition is tried where it refuses, not where it holds.
#[test]
fn conditions_that_refuse_in_no_scenario_are_named_with_their_place() {
    let mut bundle = bundle("base.conditions");
    let untried = |bundle: &Bundle| {
        let (reports, _) = scenario::run_all(bundle, "");
        let [report] = &reports[..] else { panic!("one folder of scenarios") };
        assert_eq!(report.failures.render(bundle, ""), "");
        let coverage = &report.coverage.conditions;
        let written = |at: &Where| bundle.text(&at.file).unwrap()[at.start..at.end].to_owned();
        let untried: Vec<(String, String)> =
            coverage.untried().map(|trial| (trial.name.clone(), written(&trial.at))).collect();
        (coverage.counts(), untried)
    };
    assert_eq!(untried(&bundle), ((2, 0), Vec::new()));
    let path = "stall-permit/tests/too_new.yaml";
    let refused = bundle.text(path).unwrap().to_owned();
    let approved = refused.replace("2026-05-20", "2026-05-01").replace("refused: not_in_this_case", "state: payment");
    bundle.add(path, approved.into_bytes());
    let settled = ("checking.approve.settled".to_owned(), "settled".to_owned());
    assert_eq!(untried(&bundle), ((1, 1), vec![settled]));
}

/// What `counts-on-idle` says is so: the clocks begin anew, whatever the action says.
#[test]
fn time_that_the_applicant_has_is_not_counted_on() {
    let bundle = bundle("counts-on-idle");
    let (reports, _) = scenario::run_all(&bundle, "");
    assert!(!reports.is_empty());
    for report in reports {
        assert_eq!(report.failures.render(&bundle, ""), "");
    }
}

#[test]
fn every_check_says_what_it_should() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    for name in names() {
        let code = name.split('.').next().unwrap();
        let bundle = bundle(&name);
        let found = found(&bundle);
        let text = found.render(&bundle, "") + "\n";
        if !found.0.iter().any(|diagnostic| diagnostic.code == code) {
            wrong.push(format!("{name}: does not say [{code}]\n{text}"));
            continue;
        }
        let others: Vec<&str> = found
            .0
            .iter()
            .filter(|other| other.code != code && other.severity == Severity::Error)
            .map(|other| other.code)
            .collect();
        if !others.is_empty() {
            wrong.push(format!("{name}: says {others:?} as well\n{text}"));
            continue;
        }
        let path = folder().join(&name).join("expected.txt");
        if update {
            fs::write(&path, &text).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != text {
            wrong.push(format!("{name}: expected.txt says something else than\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{} wrong", wrong.join("\n"), wrong.len());
}

#[test]
fn every_check_has_a_golden() {
    let names = names();
    let has = |code: &str| names.iter().any(|name| name.split('.').next() == Some(code));
    let missing: Vec<&str> = reference::manuals().iter().map(|manual| manual.code).filter(|code| !has(code)).collect();
    assert!(missing.is_empty(), "no golden for {missing:?}");
    assert!(reference::manuals().len() >= 45);
}

/// Whether a definition is refused because of this, and not only reproached.
fn refused(bundle: &Bundle, code: &str) -> bool {
    found(bundle).0.iter().any(|said| said.code == code && said.severity == Severity::Error)
}

#[test]
fn def_08_a_template_includes_no_other_and_is_refused_where_it_is_too_deep() {
    for code in ["template-include", "template-too-deep"] {
        assert!(refused(&bundle(code), code), "{code}");
    }
    let path = "stall-permit/documents/permit.hbs";
    let written = |text: String| {
        let mut bundle = bundle("base");
        bundle.add(path, text.into_bytes());
        bundle
    };
    // One that would include itself has no end, and eight hundred conditions in each other would end the program.
    assert!(refused(&written("{{> permit}}".to_owned()), "template-include"));
    let deep = format!("{}x{}", "{{#if number}}".repeat(800), "{{/if}}".repeat(800));
    assert!(refused(&written(deep), "template-too-deep"));
}

#[test]
fn def_10_a_definition_lowers_no_floor_and_gives_no_role_of_the_engine_s() {
    for code in ["personal-floor", "public-personal", "survey-personal", "reserved-role", "on-behalf-role"] {
        assert!(refused(&bundle(code), code), "{code}");
    }
}

#[test]
fn def_11_what_is_personal_goes_into_no_notice_without_a_purpose() {
    let (code, path) = ("personal-in-notice", "stall-permit/notifications/received.yaml");
    let mut bundle = bundle(code);
    assert!(refused(&bundle, code));
    let notice = bundle.text(path).unwrap().to_owned();
    bundle.add(path, format!("{notice}purpose: So that the inspector can call before the visit\n").into_bytes());
    assert!(!refused(&bundle, code), "{}", found(&bundle).render(&bundle, ""));
}

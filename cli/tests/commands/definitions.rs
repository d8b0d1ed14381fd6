//! Commands for writers of definitions.

use std::fs;
use std::process::{Command, Stdio};

use crate::program::{nagar, word};
use crate::town;

#[test]
fn what_cannot_be_done_ends_with_two() {
    let nowhere = "no/such/folder";
    nagar(&["check", "--definitions", nowhere]).expect(2, "there is no folder");
    nagar(&["test", "--definitions", nowhere]).expect(2, "there is no folder");
    nagar(&["explain", "no-such-code"]).expect(2, "no check is called");
    nagar(&["explain", "unknown-stat"]).expect(2, "did you mean `unknown-state`?");
    nagar(&["verify", "--data", nowhere]).expect(2, "there is no database");
    nagar(&["export", "--data", nowhere]).expect(2, "there is no database");
    nagar(&["check", "--no-such-flag"]).expect(2, "unexpected argument");
    nagar(&["no-such-command"]).expect(2, "unrecognized subcommand");
}

#[test]
fn what_is_found_ends_with_one_and_nothing_with_zero() {
    let definitions = town::definitions();
    let at = word(definitions.path());
    nagar(&["check", "--definitions", at]).expect(0, "0 errors");
    let whole = nagar(&["check", "--json", "--definitions", at]);
    assert_eq!((whole.code, &whole.json()["errors"]), (0, &serde_json::json!(0)));

    let service = first_service(definitions.path());
    let path = definitions.path().join(&service).join("workflow.yaml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("to: ", "to: nowhere_", 1)).unwrap();
    let broken = nagar(&["check", "--definitions", at]);
    broken.expect(1, "unknown-state").expect(1, &format!("{service}/workflow.yaml"));
    let told = nagar(&["check", "--json", "--definitions", at]);
    let told = (told.code, told.json());
    let first = &told.1["diagnostics"][0];
    assert_eq!(told.0, 1);
    assert!(told.1["errors"].as_u64().unwrap() > 0, "{told:?}");
    for key in ["code", "severity", "file", "line", "column", "title"] {
        assert!(!first[key].is_null(), "a diagnostic has `{key}`: {first}");
    }
    nagar(&["test", &service, "--definitions", at]).expect(1, "unknown-state");
    nagar(&["draw", &service, "--definitions", at]).expect(1, "unknown-state");
    let told = nagar(&["draw", &service, "--json", "--definitions", at]);
    let told = (told.code, told.json());
    let found = told.1["diagnostics"].as_array().unwrap();
    assert!(told.0 == 1 && found.iter().any(|one| one["code"] == "unknown-state"), "{told:?}");
}

/// The folder of the first shared service.
fn first_service(definitions: &std::path::Path) -> String {
    let mut folders: Vec<String> = fs::read_dir(definitions)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("service.yaml").exists())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    folders.sort();
    folders.remove(0)
}

#[test]
fn a_new_service_passes_every_check_and_its_tests() {
    let definitions = town::definitions();
    let at = word(definitions.path());
    let new = nagar(&["new", "kite-festival", "--json", "--definitions", at]);
    let told = new.json();
    assert_eq!((new.code, told["service"].as_str()), (0, Some("kite-festival")));
    assert!(told["files"].as_array().unwrap().len() >= 5, "{told}");
    nagar(&["new", "kite-festival", "--definitions", at]).expect(2, "is there already");
    nagar(&["new", "Kite", "--definitions", at]).expect(2, "cannot be a service's name");
    nagar(&["check", "--definitions", at]).expect(0, "0 errors").expect(0, "`kite-festival` is offered by no town yet");
    nagar(&["test", "kite-festival", "--definitions", at]).expect(0, "1 passed, 0 failed");
    nagar(&["draw", "kite-festival", "--definitions", at]).expect(0, "<svg");

    let scenario = definitions.path().join("kite-festival/tests/done.yaml");
    let text = fs::read_to_string(&scenario).unwrap();
    fs::write(&scenario, text.replace("state: done", "state: doen")).unwrap();
    let slip = nagar(&["check", "--definitions", at]);
    slip.expect(1, "scenario-unknown-name").expect(1, "did you mean `done`?");
    fs::write(&scenario, text.replace("state: done", "state: rejected")).unwrap();
    nagar(&["test", "kite-festival", "--definitions", at]).expect(1, "0 passed, 1 failed");
    let failed = nagar(&["test", "kite-festival", "--json", "--definitions", at]);
    let told = failed.json();
    assert_eq!((failed.code, told["failed"].as_u64(), &told["broken"]), (1, Some(1), &serde_json::json!(false)));
    let service = &told["services"][0];
    assert_eq!(service["service"], "kite-festival");
    assert_eq!(service["failures"][0]["code"], "scenario-differs");
}

#[test]
fn a_new_service_is_called_as_it_was_written() {
    let definitions = town::definitions();
    let at = word(definitions.path());
    nagar(&["new", "kite-loan", "--title", r#"Loan of a "kite" \ string"#, "--definitions", at]).expect(0, "");
    nagar(&["check", "--definitions", at]).expect(0, "0 errors");
    fs::remove_file(definitions.path().join("kite-loan/locales/hi.yaml")).unwrap();
    nagar(&["words", "kite-loan", "hi", "--definitions", at]).expect(0, "hi.yaml");
    let words = fs::read_to_string(definitions.path().join("kite-loan/locales/hi.yaml")).unwrap();
    assert!(words.contains(r#"title: "Loan of a \"kite\" \\ string""#), "{words}");
}

#[test]
fn a_new_service_gets_letters_that_nothing_is_numbered_with_yet() {
    let definitions = town::definitions();
    let at = word(definitions.path());
    let number = |name: &str| {
        nagar(&["new", name, "--definitions", at]).expect(0, "service.yaml");
        let text = fs::read_to_string(definitions.path().join(name).join("service.yaml")).unwrap();
        text.lines().find_map(|line| Some(line.strip_prefix("number: ")?.split_once('/')?.0.to_owned())).unwrap()
    };
    assert_eq!(number("kite-quay-zoo"), "KQZ");
    assert_eq!(number("kiosk-quota-zone"), "KQZ2");
    assert_eq!(number("keeping-quiet-zones"), "KQZ3");
    assert_eq!(number("vigil"), "V2", "vouchers are numbered with `V`");
}

#[test]
fn words_to_be_translated_are_written_once() {
    let definitions = town::definitions();
    let at = word(definitions.path());
    nagar(&["new", "kite-festival", "--definitions", at]).expect(0, "");
    let hindi = definitions.path().join("kite-festival/locales/hi.yaml");
    nagar(&["words", "kite-festival", "hi", "--definitions", at]).expect(2, "is there already");
    fs::remove_file(&hindi).unwrap();
    nagar(&["test", "kite-festival", "--definitions", at]).expect(1, "nagar words kite-festival hi");
    let written = nagar(&["words", "kite-festival", "hi", "--json", "--definitions", at]);
    assert_eq!((written.code, written.json()["language"].as_str()), (0, Some("hi")));
    let text = fs::read_to_string(&hindi).unwrap();
    for line in [
        "title: \"Kite festival\"",
        "  officer: \"Officer\"",
        "  applicant_name: \"What is your name?\"",
        "    label: \"With the office\"",
        "    public: \"Your request is with the office.\"",
        "    sms: \"We have your request {{number}}. Follow it at {{link}}\"",
    ] {
        assert!(text.lines().any(|written| written == line), "{line}\n{text}");
    }
    nagar(&["check", "--definitions", at]).expect(0, "0 errors").expect(0, "[left-untranslated]: `Kite festival`");
    nagar(&["test", "kite-festival", "--definitions", at]).expect(0, "1 passed, 0 failed");
    nagar(&["words", "kite-festival", "Hindi", "--definitions", at]).expect(2, "cannot be a language");
    nagar(&["words", "no-such-service", "hi", "--definitions", at]).expect(2, "no service is called");
}

#[test]
fn what_no_scenario_tries_is_named_with_its_place() {
    let definitions = town::definitions();
    let at = word(definitions.path());
    nagar(&["new", "kite-festival", "--definitions", at]).expect(0, "");
    let all = nagar(&["test", "kite-festival", "--coverage", "--definitions", at]);
    all.expect(0, "no scenario tries the action received.reject");
    let named = all.out.lines().find(|line| line.contains("received.reject")).unwrap();
    let place = named.split_whitespace().next().unwrap().trim_end_matches(':');
    let (file, line) = place.rsplit_once(':').unwrap();
    let text = fs::read_to_string(file).unwrap();
    assert!(text.lines().nth(line.parse::<usize>().unwrap() - 1).unwrap().contains("reject"), "{place}");
    let told = nagar(&["test", "kite-festival", "--json", "--definitions", at]).json();
    let coverage = &told["services"][0]["coverage"];
    let untried: Vec<&str> =
        coverage["action"]["untried"].as_array().unwrap().iter().map(|trial| trial["name"].as_str().unwrap()).collect();
    assert_eq!(untried, ["received.reject"]);
    assert_eq!(coverage["action"]["untried"][0]["at"], place);
    assert_eq!(coverage["state"]["of"].as_u64().unwrap() - coverage["state"]["tried"].as_u64().unwrap(), 1);
}

#[test]
fn conditions_by_which_no_scenario_is_refused_are_named() {
    let definitions = town::definitions();
    let at = word(definitions.path());
    nagar(&["new", "kite-festival", "--definitions", at]).expect(0, "");
    let change = |file: &str, old: &str, new: &str| {
        let path = definitions.path().join("kite-festival").join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{file}: {text}");
        fs::write(&path, text.replacen(old, new, 1)).unwrap();
    };
    let when = "{ asked: { that: \"!is_empty(request)\", otherwise: Nothing is asked for. } }";
    let approve = format!("approve: {{ by: officer, when: {when}, to: done");
    change("workflow.yaml", "approve: { by: officer, to: done", &approve);
    change("locales/hi.yaml", "done: {", "otherwise: { approve: { asked: कुछ माँगा नहीं गया है। } }\ndone: {");
    nagar(&["test", "kite-festival", "--definitions", at])
        .expect(0, "conditions 0 of 1")
        .expect(0, "no scenario is refused by the condition received.approve.asked");
    let told = nagar(&["test", "kite-festival", "--json", "--definitions", at]).json();
    let conditions = &told["services"][0]["coverage"]["condition"];
    assert_eq!((conditions["tried"].as_u64(), conditions["of"].as_u64()), (Some(0), Some(1)));
    assert_eq!(conditions["untried"][0]["name"], "received.approve.asked");
}

/// What a town takes from the shared service, the shared scenarios try.
#[test]
fn of_a_town_only_what_it_says_itself_counts_as_untried() {
    let definitions = town::definitions();
    let told = nagar(&["test", "--json", "--definitions", word(definitions.path())]).json();
    let of_towns = |one: &&serde_json::Value| one["service"].as_str().unwrap().contains('/');
    let mut counted = 0;
    for service in told["services"].as_array().unwrap().iter().filter(of_towns) {
        let own = format!("{}/", service["service"].as_str().unwrap());
        for kind in ["state", "action", "condition", "branch", "rate"] {
            let tried = &service["coverage"][kind];
            counted += tried["of"].as_u64().unwrap();
            for trial in tried["untried"].as_array().unwrap() {
                assert!(trial["at"].as_str().unwrap().contains(&own), "{own} {trial}");
            }
        }
    }
    assert!(counted > 0, "a town or a state says something itself");
}

#[test]
fn branches_of_rules_that_no_scenario_takes_are_named() {
    let definitions = town::definitions();
    let at = word(definitions.path());
    let told = nagar(&["test", "--json", "--definitions", at]);
    assert_eq!(told.code, 0, "{}", told.err);
    let told = told.json();
    let charged = told["services"].as_array().unwrap().iter().find(|service| {
        service["coverage"]["branch"]["of"] != 0 && !service["service"].as_str().unwrap().contains('/')
    });
    let (service, branches) = (&charged.unwrap()["service"], &charged.unwrap()["coverage"]["branch"]);
    let before = branches["tried"].as_u64().unwrap();
    assert!(before > 0, "some branches are taken: {branches}");
    let rules = definitions.path().join(service.as_str().unwrap()).join("fees.rhai");
    let text = fs::read_to_string(&rules).unwrap();
    let body = text.find("fn fees(answers, rates) {").unwrap() + "fn fees(answers, rates) {".len();
    let never = "\n    if 1 > 2 { refuse(\"This never is.\") }";
    fs::write(&rules, format!("{}{never}{}", &text[..body], &text[body..])).unwrap();
    let told = nagar(&["test", service.as_str().unwrap(), "--json", "--definitions", at]).json();
    let list = told["services"].as_array().unwrap();
    let branches = &list.iter().find(|one| one["service"] == *service).unwrap()["coverage"]["branch"];
    let names: Vec<&str> =
        branches["untried"].as_array().unwrap().iter().map(|trial| trial["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"if 1 > 2"), "{names:?}");
    assert_eq!(branches["tried"].as_u64().unwrap(), before + 1, "and passing it by is a branch that is taken");
}

#[test]
fn a_town_is_told_where_everything_comes_from() {
    let definitions = town::definitions();
    let at = word(definitions.path());
    let state = first_folder(&definitions.path().join("tenants"));
    let town = first_town(&definitions.path().join("tenants").join(&state));
    let told = nagar(&["check", "--tenant", &town, "--definitions", at]);
    for path in ["tenant.yaml", "accounts.yaml", "lists", "fieldsets", "workflow.yaml"] {
        told.expect(0, path);
    }
    told.expect(0, &format!("tenants/{state}/tenant.yaml")).expect(0, &format!("tenants/{state}/{town}/tenant.yaml"));
    // A file of the town takes the place of the shared one.
    let own = definitions.path().join("tenants").join(&state).join(&town).join("accounts.yaml");
    fs::copy(definitions.path().join("accounts.yaml"), &own).unwrap();
    let told = nagar(&["check", "--tenant", &town, "--json", "--definitions", at]).json();
    let parts = told["origins"].as_array().unwrap();
    let of = |name: &str, is: &str| {
        let part = parts.iter().find(|part| part["name"] == name).unwrap();
        let files = part["files"].as_array().unwrap().iter().filter(|file| file["is"] == is);
        files.map(|file| file["path"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of(&town, "accounts.yaml"), [format!("{at}/tenants/{state}/{town}/accounts.yaml")]);
    assert_eq!(of(&town, "tenant.yaml").len(), 2, "the state's and the town's");
    nagar(&["check", "--tenant", "no-such-town", "--definitions", at]).expect(2, "no tenant is called");
}

fn first_folder(folder: &std::path::Path) -> String {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> = entries
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names.remove(0)
}

fn first_town(state: &std::path::Path) -> String {
    let entries = fs::read_dir(state).unwrap().map(|entry| entry.unwrap().path());
    let town = entries.filter(|path| path.join("tenant.yaml").exists()).min().unwrap();
    town.file_name().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn checks_are_explained() {
    let codes = nagar(&["explain", "--json"]).json();
    assert!(codes.as_array().unwrap().len() >= 45);
    nagar(&["explain", "unknown-state"]).expect(0, "# ");
    let told = nagar(&["explain", "unknown-state", "--json"]).json();
    assert_eq!(told["code"], "unknown-state");
    assert!(told["manual"].as_str().unwrap().len() > 100);
}

#[test]
fn schemas_are_written_where_asked() {
    let folder = tempfile::tempdir().unwrap();
    let told = nagar(&["schema", word(folder.path()), "--json"]).json();
    let files = told["files"].as_array().unwrap();
    assert_eq!(files.len(), fs::read_dir(folder.path()).unwrap().count());
    for file in files {
        let schema: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(file.as_str().unwrap()).unwrap()).unwrap();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{file}");
    }
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        nagar(&["completions", shell]).expect(0, "verify-document").expect(0, "coverage");
    }
    nagar(&["completions", "no-such-shell"]).expect(2, "invalid value");
    // As with `nagar completions zsh | head -1`.
    let words = ["completions", "zsh"];
    let mut run = Command::new(env!("CARGO_BIN_EXE_nagar"))
        .args(words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(run.stdout.take());
    let ended = run.wait_with_output().unwrap();
    assert!(ended.status.success(), "a reader who goes away: {}", String::from_utf8_lossy(&ended.stderr));
    nagar(&["--help"]).expect(0, "Exit codes: 0 all is well, 1 something was found");
}

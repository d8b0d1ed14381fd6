//! Every security case is held by a test that is called after it, or says why not; docs/security.md shows which.

#![allow(clippy::format_push_string, reason = "readable beats fast in a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value as Json;

use crate::tree;

const CASES: &str = "docs/security/cases.yaml";
const PAGE: &str = "docs/security.md";
const MUTANTS: &str = "tests/mutants.txt";
const ASVS: &str = "docs/security/asvs.md";
/// What stands between these is made here.
const MARKS: (&str, &str) = ("<!-- cases -->\n", "<!-- end of cases -->\n");
/// The groups of cases, in their order on the page.
const GROUPS: [(&str, &str); 12] = [
    ("AUTH", "Signing in"),
    ("SES", "Sessions, forms, headers"),
    ("AZ", "Who may do what"),
    ("IN", "What comes in"),
    ("FILE", "Files"),
    ("DEF", "Definitions, rules, templates"),
    ("PAY", "Payments and receipts"),
    ("LED", "The books"),
    ("CON", "Two at once"),
    ("PRIV", "Personal data"),
    ("AUD", "What happened"),
    ("OPS", "Running it"),
];
/// How many cases there are; one that is taken away is taken away on purpose.
const NUMBER: usize = 131;
/// The fewest controls that are taken away one by one.
const FEWEST_MUTANTS: usize = 40;

/// How many requirements of OWASP ASVS 5.0 are of level 1, and of level 2.
const REQUIREMENTS: (usize, usize) = (70, 183);

/// A case as it is written down.
struct Case {
    id: String,
    what: String,
    also: Vec<String>,
    open: String,
}

fn cases() -> Vec<Case> {
    let read: Json = serde_yaml::from_str(&tree::text(CASES)).unwrap();
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    let case = |(id, case): (&String, &Json)| {
        let keys = case.as_object().unwrap_or_else(|| panic!("{id} has keys")).keys();
        let strange: Vec<&String> = keys.filter(|key| !["what", "also", "open"].contains(&key.as_str())).collect();
        assert!(strange.is_empty(), "{CASES}: {id} has {strange:?}");
        let also = case["also"].as_array().into_iter().flatten().map(text).collect();
        Case { id: id.clone(), what: text(&case["what"]), also, open: text(&case["open"]) }
    };
    read.as_object().unwrap().iter().map(case).collect()
}

/// Every test of the workspace: its name, and the files that have one called so.
fn tests() -> BTreeMap<String, Vec<String>> {
    let mut tests: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in tree::files("", &[".rs"]) {
        let mut begun = false;
        for line in tree::text(&path).lines().map(str::trim) {
            begun |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
            let Some(name) = line.split("fn ").nth(1).filter(|_| begun && !line.starts_with("//")) else { continue };
            let name: String = name.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            tests.entry(name).or_default().push(path.clone());
            begun = false;
        }
    }
    tests
}

/// The ids that a name begins with: `pay_12_az_08_…` has two.
fn ids(name: &str) -> Vec<String> {
    let mut words = name.split('_');
    let mut ids = Vec::new();
    while let (Some(group), Some(number)) = (words.next(), words.next()) {
        let group = group.to_ascii_uppercase();
        if number.len() != 2 || number.parse::<u8>().is_err() || !GROUPS.iter().any(|(known, _)| *known == group) {
            break;
        }
        ids.push(format!("{group}-{number}"));
    }
    ids
}

/// The controls that are taken away: control, package, and the test that must fail without it.
fn mutants() -> Vec<(String, String, String)> {
    let lines = tree::text(MUTANTS);
    let lines = lines.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let [control, package, test] = words.as_slice() else { panic!("{MUTANTS}: `{line}` has three words") };
            ((*control).to_owned(), (*package).to_owned(), (*test).to_owned())
        })
        .collect()
}

/// The names of controls that the source asks for: `holds("…")`. The core has none: it knows no switches.
fn asked() -> BTreeSet<String> {
    let mut asked = BTreeSet::new();
    let may_ask = |path: &String| path.contains("/src/") && !path.starts_with("engine/core/");
    for path in tree::files("", &[".rs"]).into_iter().filter(may_ask) {
        let text = tree::text(&path);
        let after = text.split("holds(\"").skip(1).filter_map(|rest| rest.split('"').next());
        asked.extend(after.map(str::to_owned));
    }
    asked
}

#[test]
fn every_case_is_held_by_a_test_or_says_why_not() {
    let (cases, tests) = (cases(), tests());
    assert_eq!(cases.len(), NUMBER, "cases in {CASES}");
    let mut wrong = Vec::new();
    for case in &cases {
        let named = case.also.iter().filter(|name| !tests.contains_key(*name));
        wrong.extend(named.map(|name| format!("{}: there is no test called {name}", case.id)));
        let held = !case.also.is_empty() || tests.keys().any(|name| ids(name).contains(&case.id));
        if !held && case.open.is_empty() {
            wrong.push(format!("{}: no test is called after it, and nothing says why", case.id));
        }
    }
    let known: BTreeSet<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    for name in tests.keys() {
        let strange = ids(name).into_iter().filter(|id| !known.contains(id.as_str()));
        wrong.extend(strange.map(|id| format!("{name} is called after {id}, which is no case")));
    }
    tree::none(&wrong, &format!("cases are held ({CASES})"));
}

/// The cases that a text names, as `AUTH-01`.
fn named(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    let known = |word: &&str| word.split_once('-').is_some_and(|(group, _)| GROUPS.iter().any(|(id, _)| *id == group));
    words.filter(known).map(str::to_owned).collect()
}

#[test]
fn every_requirement_of_the_standard_is_held_by_cases_or_says_why_not() {
    let known: BTreeSet<String> = cases().into_iter().map(|case| case.id).collect();
    let text = tree::text(ASVS);
    let (mut seen, mut wrong, mut levels) = (BTreeSet::new(), Vec::new(), (0, 0));
    for line in text.lines().filter(|line| line.starts_with("| V")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [requirement, level, held] = cells.as_slice() else { panic!("{ASVS}: `{line}` has three cells") };
        match *level {
            "1" => levels.0 += 1,
            "2" => levels.1 += 1,
            other => wrong.push(format!("{requirement} is of level {other}")),
        }
        if !seen.insert((*requirement).to_owned()) {
            wrong.push(format!("{requirement} is there twice"));
        }
        let told = ["Review: ", "Does not apply: ", "Open: "].iter().any(|word| held.starts_with(word));
        let cases = named(held);
        if cases.is_empty() && !told {
            wrong.push(format!("{requirement} names no case, and nothing says why"));
        }
        let strange = cases.into_iter().filter(|case| !known.contains(case));
        wrong.extend(strange.map(|case| format!("{requirement} names {case}, which is no case")));
    }
    assert_eq!(levels, REQUIREMENTS, "requirements of level 1 and 2");
    tree::none(&wrong, &format!("requirements are held ({ASVS})"));
}

#[test]
fn every_control_that_can_be_taken_away_has_a_test_that_misses_it() {
    let (mutants, tests, asked) = (mutants(), tests(), asked());
    assert!(mutants.len() >= FEWEST_MUTANTS, "{} controls are taken away", mutants.len());
    let mut wrong = Vec::new();
    let mut listed = BTreeSet::new();
    for (control, package, test) in &mutants {
        if !listed.insert(control.clone()) {
            wrong.push(format!("{control} is listed twice"));
        }
        if !asked.contains(control) {
            wrong.push(format!("{control}: no code asks whether it holds"));
        }
        let folder = if package == "server" { "engine/server/" } else { "connectors/" };
        if !tests.get(test).is_some_and(|paths| paths.iter().any(|path| path.starts_with(folder))) {
            wrong.push(format!("{control}: {package} has no test called {test}"));
        }
        if ids(control).is_empty() {
            wrong.push(format!("{control} is called after no case"));
        }
    }
    wrong.extend(asked.difference(&listed).map(|control| format!("{control} is not listed in {MUTANTS}")));
    tree::none(&wrong, "a control that can be taken away is missed by a test");
}

#[test]
fn the_table_of_cases_is_fresh() {
    let page = tree::text(PAGE);
    let (before, rest) = page.split_once(MARKS.0).expect("the page has a place for the table");
    let (_, after) = rest.split_once(MARKS.1).expect("the table has an end");
    let whole = format!("{before}{}{}{}{after}", MARKS.0, table(), MARKS.1);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(tree::root().join(PAGE), whole).unwrap();
        return;
    }
    assert!(page == whole, "{PAGE} is not what would be generated: run `UPDATE=1 cargo test -p cli --test tidy`");
}

fn table() -> String {
    let (cases, tests) = (cases(), tests());
    let mutants: Vec<String> = mutants().into_iter().map(|(control, ..)| control).collect();
    let held = |case: &Case| -> Vec<String> {
        let own = tests.keys().filter(|name| ids(name).contains(&case.id)).cloned();
        let mut held: Vec<String> = own.chain(case.also.iter().cloned()).collect();
        held.sort();
        held.dedup();
        held
    };
    let (mut whole, mut part, mut open) = (0, 0, 0);
    for case in &cases {
        match (held(case).is_empty(), case.open.is_empty()) {
            (false, true) => whole += 1,
            (false, false) => part += 1,
            (true, _) => open += 1,
        }
    }
    let mut table = format!(
        "\nOf {} cases {whole} are held by tests, {part} in part, and {open} are open. {} controls are taken away one by one.\n",
        cases.len(),
        mutants.len()
    );
    for (group, title) in GROUPS {
        table.push_str(&format!("\n### {title}\n\n| Case | What must hold | Tests | Controls taken away | Still open |\n|---|---|---|--:|---|\n"));
        for case in cases.iter().filter(|case| case.id.rsplit_once('-').is_some_and(|(of, _)| of == group)) {
            let names: Vec<String> = held(case).iter().map(|name| format!("`{name}`")).collect();
            let taken = mutants.iter().filter(|control| ids(control).contains(&case.id)).count();
            let taken = if taken == 0 { String::new() } else { taken.to_string() };
            table.push_str(&format!(
                "| {} | {} | {} | {taken} | {} |\n",
                case.id,
                case.what,
                names.join(", "),
                case.open
            ));
        }
    }
    table.push('\n');
    table
}

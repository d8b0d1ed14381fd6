//! No service, town or state is named in the Rust: what they are is in the definitions alone.

#![allow(clippy::similar_names, reason = "the names differ in what they hold")]

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::tree;

/// Letters that a title has at least: shorter ones are words of every sentence.
const LETTERS: usize = 5;

/// What says what a service, a state or a town is called, in the definitions and in the examples.
fn told() -> Vec<String> {
    let mut roots = vec!["definitions".to_owned()];
    roots.extend(tree::folders("examples").into_iter().map(|example| format!("examples/{example}")));
    roots.iter().flat_map(|root| tree::files(root, &["/service.yaml", "/tenant.yaml"])).collect()
}

/// The names of services, states and towns: those of their folders, and more than one of each.
fn names() -> BTreeSet<String> {
    let folders = told().into_iter().filter_map(|path| path.rsplit('/').nth(1).map(plain));
    folders.flat_map(|name| [several(&name), name]).collect()
}

/// What services, states and towns are called in English, and more than one of each. What stands in no
/// map of languages is English.
fn titles() -> BTreeSet<String> {
    let mut titles = BTreeSet::new();
    for path in told() {
        let told: Json = serde_yaml::from_str(&tree::text(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        for key in ["title", "short"] {
            let words = told[key].as_str().or_else(|| told[key]["en"].as_str());
            titles.extend(words.filter(|words| words.chars().count() >= LETTERS).map(str::to_owned));
        }
    }
    titles.iter().flat_map(|title| [several(title), title.clone()]).collect()
}

/// More than one of what has this name.
fn several(name: &str) -> String {
    match name.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{name}s"),
    }
}

/// Names as they may be written: `trade-license`, `trade_license`, `trade license`.
fn plain(text: &str) -> String {
    text.to_lowercase().replace(['_', '-'], " ")
}

/// Whether `line` has `name` as a word of its own.
fn has_word(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + name.len()..].chars().next();
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

/// Tests tell stories about towns; what runs must not.
fn is_a_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs") || path.contains("/benches/") || path.contains("/examples/")
}

/// The names that are in a text, by where they are.
fn named(path: &str, text: &str, names: &[String], read: fn(&str) -> String) -> Vec<String> {
    let text = read(text);
    // Few names are anywhere in a file: only these are looked for line by line.
    let there: Vec<&String> = names.iter().filter(|name| text.contains(name.as_str())).collect();
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let named = there.iter().filter(|name| has_word(line, name));
        found.extend(named.map(|name| format!("{path}:{}: {name}", number + 1)));
    }
    found
}

#[test]
fn no_service_town_or_state_is_named_in_the_rust() {
    let (names, titles): (Vec<String>, Vec<String>) = (names().into_iter().collect(), titles().into_iter().collect());
    assert!(names.len() > 200 && titles.len() > 400, "the definitions have more than a hundred towns");
    let mut found = Vec::new();
    for path in tree::files("", &[".rs"]).iter().filter(|path| !is_a_test(path)) {
        let text = tree::text(path);
        found.extend(named(path, &text, &names, plain));
        // A title has the capitals of a title; the same words in a sentence are words.
        found.extend(named(path, &text, &titles, str::to_owned));
    }
    tree::none(&found, "no service, town or state is named in code");
}

#[test]
fn titles_and_more_than_one_are_found() {
    let titles: Vec<String> = titles().into_iter().collect();
    let told = |line: &str| named("x", line, &titles, str::to_owned).len();
    assert_eq!(["two Grievances", "a Fire NOC", "in Dehradun,"].map(told), [1, 1, 1]);
    assert_eq!(["a fire or a noc", "the leave and charge", "Dehraduni"].map(told), [0, 0, 0]);
    assert_eq!(["dog license", "policy", "survey"].map(several), ["dog licenses", "policies", "surveys"]);
}

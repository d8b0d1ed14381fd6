//! No service, town or state is named in the Rust: what they are is in the definitions alone.

#![allow(clippy::similar_names, reason = "the names differ in what they hold")]

use std::collections::BTreeSet;

use crate::tree;

/// The names of services, states and towns: the folders of the definitions and of the examples.
fn names() -> BTreeSet<String> {
    let mut roots = vec!["definitions".to_owned()];
    roots.extend(tree::folders("examples").into_iter().map(|example| format!("examples/{example}")));
    let mut names = BTreeSet::new();
    for path in roots.iter().flat_map(|root| tree::files(root, &["/service.yaml", "/tenant.yaml"])) {
        let mut above = path.rsplit('/').skip(1);
        names.extend(above.next().map(str::to_owned));
    }
    names
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

#[test]
fn no_service_town_or_state_is_named_in_the_rust() {
    let names: Vec<String> = names().iter().map(|name| plain(name)).collect();
    assert!(names.len() > 100, "the definitions have more than a hundred towns");
    let mut found = Vec::new();
    for path in tree::files("", &[".rs"]).iter().filter(|path| !is_a_test(path)) {
        for (number, line) in tree::text(path).lines().enumerate() {
            let line = plain(line);
            let named = names.iter().filter(|name| has_word(&line, name));
            found.extend(named.map(|name| format!("{path}:{}: {name}", number + 1)));
        }
    }
    tree::none(&found, "no service, town or state is named in code");
}

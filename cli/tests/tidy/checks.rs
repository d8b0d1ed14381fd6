//! One check, one file: its manual above, its golden beside, its place in the list of all.

use std::collections::{BTreeMap, BTreeSet};

use engine::reference;

use crate::tree;

const SOURCES: &str = "engine/core/src";
const GOLDENS: &str = "engine/core/tests/checks";

/// Files of `checks/` by the code that they say is theirs, read from the source.
fn by_code() -> BTreeMap<String, String> {
    let files = tree::files(SOURCES, &[".rs"])
        .into_iter()
        .filter(|path| path.contains("/checks/") && !path.ends_with("/mod.rs"));
    let code = |path: String| {
        let text = tree::text(&path);
        let after = text.split("manual!(\"").nth(1).unwrap_or_else(|| panic!("{path} has no `manual!`"));
        (after.split('"').next().unwrap().to_owned(), path)
    };
    let mut by_code = BTreeMap::new();
    for (code, path) in files.map(code) {
        if let Some(other) = by_code.insert(code.clone(), path.clone()) {
            panic!("{path} and {other} are both called {code}");
        }
    }
    by_code
}

#[test]
fn a_check_is_called_like_its_file_and_begins_with_its_manual() {
    let mut wrong = Vec::new();
    for (code, path) in by_code() {
        let text = tree::text(&path);
        let file = path.rsplit('/').next().unwrap().trim_end_matches(".rs");
        if code != file.replace('_', "-") {
            wrong.push(format!("{path} is called {code}"));
        }
        if !text.starts_with(&format!("//! # {code}\n//!\n")) {
            wrong.push(format!("{path} does not begin with `//! # {code}`"));
        }
        for part in ["**Why it matters.**", "**Remedy.**"] {
            if !text.contains(&format!("//! {part}")) {
                wrong.push(format!("{path} has no paragraph {part}"));
            }
        }
    }
    tree::none(&wrong, "a check's file is its manual");
}

#[test]
fn every_check_can_be_explained() {
    let explained: BTreeSet<&str> = reference::manuals().iter().map(|manual| manual.code).collect();
    let missing: Vec<String> =
        by_code().into_iter().filter(|(code, _)| !explained.contains(code.as_str())).map(|(_, path)| path).collect();
    tree::none(&missing, "`ALL` of the folder, and `reference::manuals`, name every check");
}

#[test]
fn every_check_has_a_golden_and_every_golden_a_check() {
    let codes = by_code();
    let missing = codes.keys().filter(|code| !tree::root().join(GOLDENS).join(code).join("expected.txt").is_file());
    let mut wrong: Vec<String> = missing.map(|code| format!("{GOLDENS}/{code}/expected.txt is missing")).collect();
    // A second golden of a check is called `code.what-it-shows`; `base.what-it-shows` is right.
    let of = |name: &str| name.split('.').next().unwrap().to_owned();
    let known = |name: &str| of(name) == "base" || codes.contains_key(&of(name));
    wrong.extend(
        tree::folders(GOLDENS)
            .into_iter()
            .filter(|name| !known(name))
            .map(|name| format!("{GOLDENS}/{name}: no such check")),
    );
    tree::none(&wrong, "every diagnostic has its smallest bad file and its exact words");
}

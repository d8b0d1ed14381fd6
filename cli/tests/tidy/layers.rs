//! A module of the engine uses only modules listed above it in `lib.rs`; packages know only the
//! packages below them.

use std::collections::BTreeSet;

use crate::tree;

const CORE: &str = "engine/core/src";

/// The modules of the engine in the order of `lib.rs`.
fn modules() -> Vec<String> {
    let lib = tree::text("engine/core/src/lib.rs");
    let name = |line: &str| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned);
    lib.lines().filter_map(name).collect()
}

/// The modules of the engine that the file at `path` (below `src`) names: every `crate::x`,
/// wherever it stands, `crate::{x, y::z}`, and the same by way of `super::`, as often as leads to
/// the root. Comments may point anywhere.
fn used(path: &str, text: &str) -> BTreeSet<String> {
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let mut found = BTreeSet::new();
    // A module inside of the file is one deeper: a climb that goes on from there reaches the root as well.
    for climbs in depth(path)..depth(path) + 3 {
        found.extend(named_after(&code.join("\n"), &"super::".repeat(climbs)));
    }
    found.extend(named_after(&code.join("\n"), "crate::"));
    found
}

/// How many modules a file is below the root.
fn depth(path: &str) -> usize {
    let folders = path.matches('/').count();
    if path.ends_with("mod.rs") { folders } else { folders + 1 }
}

/// What follows `root` in paths: `root::x`, `root::{x, y::z}`.
fn named_after(code: &str, root: &str) -> BTreeSet<String> {
    let word =
        |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices(root) {
        let after = &code[at + root.len()..];
        match after.strip_prefix('{') {
            Some(group) => found.extend(group[..closed(group)].split(',').map(word)),
            None => drop(found.insert(word(after))),
        }
    }
    found
}

/// Where the group that `text` is inside of ends.
fn closed(text: &str) -> usize {
    let mut open = 1_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return at;
        }
    }
    text.len()
}

#[test]
fn every_way_to_name_a_module_is_seen() {
    let of = |path: &str, text: &str| used(path, text).into_iter().filter(|word| word != "super").collect::<Vec<_>>();
    assert_eq!(of("form/check.rs", "use crate::base::{Name, Money};"), ["base"]);
    assert_eq!(of("form/check.rs", "use crate::{base::Day, list};"), ["base", "list"]);
    assert_eq!(of("form/check.rs", "let x = super::super::service::load(b);"), ["service"]);
    assert_eq!(of("form/mod.rs", "use super::{case::Case, fees};"), ["case", "fees"]);
    assert_eq!(of("rule/inspect/kind.rs", "use super::super::super::case::Case;"), ["case"]);
    assert_eq!(of("reference.rs", "mod inner { use super::super::case::Case; }"), ["case"]);
    assert_eq!(of("form/check.rs", "// see crate::case\nuse super::yaml;"), Vec::<String>::new());
}

#[test]
fn a_module_uses_only_modules_listed_above_it() {
    let modules = modules();
    assert!(modules.len() > 10, "lib.rs lists the modules, one a line");
    let mut wrong = Vec::new();
    for path in tree::files(CORE, &[".rs"]).into_iter().filter(|path| !path.ends_with("/tests.rs")) {
        let inside = path.strip_prefix(&format!("{CORE}/")).unwrap();
        let own = inside.split('/').next().unwrap().trim_end_matches(".rs");
        let Some(place) = modules.iter().position(|module| module == own) else { continue };
        let text = tree::text(&path);
        for module in used(inside, &text) {
            if modules.iter().position(|known| *known == module).is_some_and(|at| at > place) {
                wrong.push(format!("{path} uses the module {module}, which is listed below `{own}`"));
            }
        }
    }
    tree::none(&wrong, "a module may use only modules listed above it in lib.rs");
}

#[test]
fn every_module_of_the_engine_is_on_the_map() {
    let modules = modules();
    let missing: Vec<String> = tree::folders(CORE).into_iter().filter(|folder| !modules.contains(folder)).collect();
    tree::none(&missing, "these folders are not listed in lib.rs");
}

/// What each package may depend on among ours. The engine knows none of them.
const BELOW: [(&str, &[&str]); 8] = [
    ("engine/core", &[]),
    ("engine/paper", &[]),
    ("ui-gen", &["engine"]),
    ("connectors", &["engine"]),
    ("exchange", &["engine"]),
    ("scrutiny", &["engine"]),
    ("engine/server", &["engine", "paper", "ui-gen", "connectors", "exchange", "scrutiny"]),
    ("cli", &["engine", "paper", "ui-gen", "connectors", "exchange", "scrutiny", "server"]),
];

#[test]
fn packages_know_only_the_packages_below_them() {
    let ours: BTreeSet<&str> = BELOW.iter().flat_map(|(_, below)| below.iter().copied()).collect();
    let mut wrong = Vec::new();
    for (package, below) in BELOW {
        let manifest = tree::text(&format!("{package}/Cargo.toml"));
        let kept = manifest.split("[dev-dependencies]").next().unwrap();
        let named = kept.lines().filter_map(|line| line.split(['.', ' ', '=']).next());
        wrong.extend(
            named
                .filter(|name| ours.contains(name) && !below.contains(name))
                .map(|name| format!("{package} depends on {name}")),
        );
    }
    tree::none(&wrong, "the arrows between packages point one way");
}

/// What would let the engine reach the world.
const WORLD: [&str; 12] = [
    "tokio",
    "sqlx",
    "axum",
    "reqwest",
    "hyper",
    "tower",
    "getrandom",
    "rand",
    "tempfile",
    "tracing",
    "async-std",
    "mio",
];

#[test]
fn the_engine_cannot_reach_the_world() {
    let manifest = tree::text("engine/core/Cargo.toml");
    let kept = manifest.split("[dev-dependencies]").next().unwrap();
    let wrong: Vec<String> = kept
        .lines()
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| WORLD.contains(name))
        .map(str::to_owned)
        .collect();
    tree::none(&wrong, "engine/core must not depend on these");
}

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

/// Every `crate::x` of a file, wherever it stands, and those of `crate::{x, y::z}`; comments may
/// point anywhere.
fn used(text: &str) -> BTreeSet<String> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = lines.join("\n");
    let word =
        |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        match after.strip_prefix('{') {
            Some(group) => found.extend(group[..group.find("};").unwrap_or(0)].split(',').map(word)),
            None => drop(found.insert(word(after))),
        }
    }
    found
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
        for module in used(&text) {
            if modules.iter().position(|known| *known == module).is_some_and(|at| at > place) {
                wrong.push(format!("{path} uses crate::{module}, which is listed below `{own}`"));
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
const BELOW: [(&str, &[&str]); 6] = [
    ("engine/core", &[]),
    ("engine/paper", &[]),
    ("ui-gen", &["engine"]),
    ("connectors", &["engine"]),
    ("engine/server", &["engine", "paper", "ui-gen", "connectors"]),
    ("cli", &["engine", "paper", "ui-gen", "connectors", "server"]),
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

//! What we build on is of licenses that we take, and nothing of ours steps around the compiler.

use std::process::Command;

use serde_json::Value as Json;

use crate::tree;

/// The strings of a list in deny.toml that begins with `key = [`.
fn listed(key: &str) -> Vec<String> {
    let text = tree::text("deny.toml");
    let after = text.split(&format!("\n{key} = [")).nth(1).unwrap_or_else(|| panic!("deny.toml has no {key}"));
    after.split("\n]").next().unwrap_or_default().split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether an expression (SPDX 2.3, annex D, and the older `/`) can be met with what `takes` takes.
fn is_met(expression: &str, takes: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words: Vec<&str> = spaced.split_whitespace().rev().collect();
    any_of(&mut words, takes) && words.is_empty()
}

fn any_of(words: &mut Vec<&str>, takes: &dyn Fn(&str) -> bool) -> bool {
    let mut met = all_of(words, takes);
    while words.last() == Some(&"OR") {
        words.pop();
        met |= all_of(words, takes);
    }
    met
}

fn all_of(words: &mut Vec<&str>, takes: &dyn Fn(&str) -> bool) -> bool {
    let mut met = one(words, takes);
    while words.last() == Some(&"AND") {
        words.pop();
        met &= one(words, takes);
    }
    met
}

fn one(words: &mut Vec<&str>, takes: &dyn Fn(&str) -> bool) -> bool {
    match words.pop() {
        Some("(") => {
            let met = any_of(words, takes);
            words.pop() == Some(")") && met
        }
        Some(license) if words.last() == Some(&"WITH") => {
            words.pop();
            let exception = words.pop().unwrap_or_default();
            takes(&format!("{license} WITH {exception}"))
        }
        Some(license) => takes(license),
        None => false,
    }
}

#[test]
fn expressions_of_licenses_are_understood() {
    let takes = |license: &str| ["MIT", "Zlib", "A WITH B"].contains(&license);
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("(GPL-3.0 OR Zlib) AND MIT", true),
        ("MIT AND (GPL-3.0 OR X)", false),
        ("A WITH B", true),
        ("A", false),
        ("GPL-3.0 OR A WITH B", true),
        ("", false),
        ("MIT MIT", false),
    ] {
        assert_eq!(is_met(expression, &takes), met, "{expression}");
    }
}

#[test]
fn ops_05_what_we_build_on_has_a_license_that_we_take() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let told = Command::new(cargo)
        .current_dir(tree::root())
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .output()
        .unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let told: Json = serde_json::from_slice(&told.stdout).unwrap();
    let packages = told["packages"].as_array().unwrap();
    assert!(packages.len() > 100, "{} packages", packages.len());
    let (allowed, excepted) = (listed("allow"), tree::text("deny.toml"));
    let mut wrong = Vec::new();
    for package in packages {
        let (name, license) = (package["name"].as_str().unwrap(), package["license"].as_str().unwrap_or_default());
        let taken = is_met(license, &|one| allowed.iter().any(|allowed| allowed == one));
        let exception = excepted.contains(&format!("{{ crate = \"{name}\", allow = ["));
        if !taken && !exception {
            wrong.push(format!("{name}: {license}"));
        }
    }
    tree::none(&wrong, "deny.toml takes the license of everything");
}

#[test]
fn ops_05_nothing_of_ours_steps_around_the_compiler() {
    let workspace = tree::text("Cargo.toml");
    assert!(workspace.contains("\nunsafe_code = \"forbid\"\n"), "the workspace forbids unsafe code");
    let release = workspace.split("[profile.release]").nth(1).unwrap().split("\n[").next().unwrap();
    assert!(release.contains("overflow-checks = true"), "sums that do not fit are found in what is shipped");
    let denied = listed("deny");
    assert!(denied.iter().any(|name| name == "openssl-sys"), "{denied:?}");
    let lock = tree::text("Cargo.lock");
    let there = denied.iter().filter(|name| lock.contains(&format!("\nname = \"{name}\"\n")));
    let there: Vec<String> = there.cloned().collect();
    tree::none(&there, "Cargo.lock has none of what deny.toml bans");
}

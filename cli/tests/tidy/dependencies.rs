//! Every crate that we chose says what it saves.

use std::collections::BTreeSet;

use crate::tree;

const LIST: &str = "docs/decisions/dependencies.md";

/// The crates of other people that `Cargo.toml` names.
fn chosen() -> BTreeSet<String> {
    let text = tree::text("Cargo.toml");
    let part = text.split("[workspace.dependencies]").nth(1).expect("the workspace states its dependencies once");
    let part = part.split("\n[").next().unwrap_or_default();
    part.lines()
        .filter(|line| !line.contains("{ path = "))
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// The crates that the list gives a line.
fn listed() -> Vec<String> {
    let rows = tree::text(LIST);
    let cells = rows.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next().map(str::to_owned));
    cells.filter(|name| name != "Crate").collect()
}

#[test]
fn every_dependency_says_what_it_saves() {
    let (chosen, listed) = (chosen(), listed());
    assert!(chosen.len() > 20, "{} dependencies were found", chosen.len());
    let mut wrong: Vec<String> = chosen
        .iter()
        .filter(|name| !listed.contains(name))
        .map(|name| format!("{name} has no line in {LIST}"))
        .collect();
    wrong.extend(
        listed.iter().filter(|name| !chosen.contains(*name)).map(|name| format!("{name} is not used any more")),
    );
    wrong.extend(
        listed.windows(2).filter(|pair| pair[0] > pair[1]).map(|pair| format!("{} stands before {}", pair[0], pair[1])),
    );
    tree::none(&wrong, "a dependency is chosen for a reason");
}

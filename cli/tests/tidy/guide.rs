//! The guide of those who run it knows every table: where a state is spread over several databases, each needs a place.

use std::collections::BTreeSet;

use crate::tree;

const GUIDE: &str = "docs/operations.md";
const CHAPTER: &str = "## Towns spread over several databases";

/// The word after `before` in every line that has it.
fn words_after<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    let after = text.lines().filter_map(|line| line.split_once(before)).map(|(_, after)| after);
    after.filter_map(|after| after.split([' ', '(', ';']).find(|word| !word.is_empty())).collect()
}

#[test]
fn every_table_has_its_place_where_towns_are_spread_over_several_databases() {
    let mut tables = BTreeSet::new();
    for path in tree::files("engine/server/src/store/migrations", &[".sql"]) {
        let text = tree::text(&path);
        for table in words_after(&text, "create table ") {
            tables.insert(table.to_owned());
        }
        // What was made under a name for a moment.
        for table in text.lines().filter(|line| line.contains(" rename to ")) {
            tables.remove(words_after(table, "alter table ")[0]);
        }
    }
    assert!(tables.len() > 40, "{tables:?}");
    let guide = tree::text(GUIDE);
    let chapter = guide.split_once(CHAPTER).expect("the guide has this chapter").1;
    let chapter = chapter.split("\n## ").next().unwrap_or_default();
    let rows: Vec<&str> = chapter.lines().filter(|line| line.starts_with("| `")).collect();
    let mut wrong = Vec::new();
    for table in tables {
        let named = rows.iter().filter(|row| row.contains(&format!("`{table}`"))).count();
        if named != 1 {
            wrong.push(format!("`{table}` is in {named} rows"));
        }
    }
    tree::none(&wrong, &format!("every table is in one row of {GUIDE}, {CHAPTER}"));
}

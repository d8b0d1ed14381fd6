//! The other tables of the reference: types of fields, functions of rules, reasons of refusal,
//! variables and helpers of templates.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use engine::case::Refusal;
use engine::fees::TABLE_FUNCTIONS;
use engine::form::FIELD_TYPES;
use engine::rule::Standard;
use engine::rule::standard::STANDARD;
use engine::source::{Diagnostics, Node, NodeKind, read};
use engine::template::HELPERS;
use engine::template::variables::{VARIABLES, Variable, VariableKind};

use crate::document::{DEFINITIONS, hold};
use crate::example::bundle;

/// Types of fields.
pub(crate) fn field_types() {
    let mut text = "| `type` | Asks | Keys of its own | Rules see |\n|---|---|---|---|\n".to_owned();
    for one in FIELD_TYPES {
        let keys: Vec<String> = one.keys.iter().map(|key| format!("`{key}`")).collect();
        let _ = writeln!(text, "| `{}` | {} | {} | {} |", one.name, one.sentence, keys.join(", "), one.answer);
    }
    hold(DEFINITIONS, "field types", &text);
}

/// Fieldsets that ship, with their questions.
pub(crate) fn fieldsets() {
    let (bundle, mut found) = (bundle(), Diagnostics::default());
    let mut text = "| `type` | Asks |\n|---|---|\n".to_owned();
    for path in bundle.under("fieldsets").filter(|path| path.matches('/').count() == 1) {
        let name = path.trim_start_matches("fieldsets/").trim_end_matches(".yaml");
        let file = read::yaml(&bundle, path, &mut found).unwrap_or_else(|| panic!("{path} cannot be read"));
        let Some(NodeKind::Map(fields)) = file.get("fields").map(|fields| &fields.kind) else {
            panic!("{path} has no questions")
        };
        let questions = fields.iter().map(|(question, node)| {
            let said = |key: &str| node.get(key).and_then(Node::scalar);
            let left = if said("optional") == Some("true") { ", may be left empty" } else { "" };
            format!("`{}` {} (`{}`{left})", question.value, said("label").unwrap(), said("type").unwrap())
        });
        let _ = writeln!(text, "| `{name}` | {} |", questions.collect::<Vec<_>>().join("; "));
    }
    hold(DEFINITIONS, "fieldsets", &text);
}

/// Functions of rules.
pub(crate) fn functions() {
    let mut text = "| Function | Gives |\n|---|---|\n".to_owned();
    let row = |one: &Standard| format!("| `{}` | {} |\n", one.signature(), one.sentence);
    text.extend(STANDARD.iter().map(row));
    text.push_str("\nIn `fees.rhai` only, over tables of `rates.yaml`:\n\n| Function | Gives |\n|---|---|\n");
    text.extend(TABLE_FUNCTIONS.iter().map(row));
    hold(DEFINITIONS, "functions", &text);
}

/// Reasons of refusal; what are several reasons inside is one name for authors.
pub(crate) fn refusals() {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (word, about) in Refusal::words() {
        reasons.entry(word).or_default().push(about);
    }
    let mut text = "| `refused` | Because |\n|---|---|\n".to_owned();
    for (word, about) in reasons {
        let _ = writeln!(text, "| `{word}` | {} |", about.join(" "));
    }
    hold(DEFINITIONS, "refusals", &text);
}

fn rows(text: &mut String, variables: impl Iterator<Item = &'static Variable>, prefix: &str) {
    for one in variables {
        let kind = match one.kind {
            VariableKind::Words => "words",
            VariableKind::Link => "a link",
            VariableKind::Day => "a day",
            VariableKind::Money => "an amount",
            VariableKind::Rows(_) => "rows",
        };
        let when = one.needs.map_or("always", engine::template::variables::Need::present);
        let _ = writeln!(text, "| `{prefix}{}` | {} | {kind} | {when} |", one.name, one.meaning);
        if let VariableKind::Rows(inside) = one.kind {
            rows(text, inside.iter(), &format!("{prefix}… "));
        }
    }
}

/// Variables and helpers of templates.
pub(crate) fn variables() {
    let head = "| Variable | Is | Kind | Is there |\n|---|---|---|---|\n";
    let mut text = format!("In messages and papers:\n\n{head}");
    rows(&mut text, VARIABLES.iter().filter(|one| !one.papers_only), "");
    let _ = write!(text, "\nIn papers only:\n\n{head}");
    rows(&mut text, VARIABLES.iter().filter(|one| one.papers_only), "");
    text.push_str("\nHelpers of papers:\n\n| Helper | Takes | Prints |\n|---|---|---|\n");
    for (name, takes, prints) in HELPERS {
        let _ = writeln!(text, "| `{{{{{name} …}}}}` | {takes} | {prints} |");
    }
    hold(DEFINITIONS, "variables", &text);
}

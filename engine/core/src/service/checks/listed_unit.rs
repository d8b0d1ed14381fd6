//! # listed-unit
//!
//! A unit that is to come from a list cannot be found there: the question is no choice from a list
//! beside the number, or no row says anything in that column, or a row says what the list of units
//! does not know.
//!
//! **Why it matters.** Whoever answers would not know what to count, and the fee follows from it.
//!
//! **Remedy.** Name a choice from a list that stands on the same page or in the same group, and write
//! codes of the list of units in the column; an empty cell says that nothing is counted.

use crate::form::{Field, Kind, ListedUnit, Unit};
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};

manual!("listed-unit", "listed_unit.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for page in &service.form.pages {
        fields(&page.fields, out);
    }
}

fn fields(siblings: &[Field], out: &mut Diagnostics) {
    for field in siblings {
        if let Some(Unit::Listed(listed)) = &field.unit {
            listed_unit(listed, siblings, out);
        }
        if let Kind::List { fields, .. } | Kind::Group { fields } = &field.kind {
            self::fields(fields, out);
        }
    }
}

fn listed_unit(listed: &ListedUnit, siblings: &[Field], out: &mut Diagnostics) {
    let of = &listed.of;
    let Some(list) = listed.list(siblings) else {
        let title = format!("`{}` is no choice from a list beside this question", of.value);
        let label = "nothing says what is counted";
        out.push(
            Diagnostic::error(MANUAL, &of.at, title, label)
                .help("name a question that stands beside it and takes its `options` from a list"),
        );
        return;
    };
    let cells: Vec<(&str, &str)> =
        list.choices().filter_map(|entry| Some((entry.code.as_str(), listed.cell(list, &entry.code)?))).collect();
    if cells.is_empty() {
        let title = format!("the list `{}` says nothing in `{}`", list.name, listed.column);
        let label = "nothing says what is counted";
        out.push(
            Diagnostic::error(MANUAL, &of.at, title, label).help("name a column of the list that has codes of units"),
        );
    }
    if let Some((code, unit)) = cells.iter().find(|(_, unit)| listed.words.get(unit).is_none()) {
        let title = format!("the list `{}` has no unit `{unit}`, which `{code}` is counted in", listed.words.name);
        out.push(
            Diagnostic::error(MANUAL, &of.at, title, "there would be no words for it")
                .help(format!("add `{unit}` to the list `{}`", listed.words.name)),
        );
    }
}

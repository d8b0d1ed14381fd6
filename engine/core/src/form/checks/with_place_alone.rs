//! # with-place-alone
//!
//! A question says `searchable: with_place` and is no text; or its form asks for no place, and for nothing else beside
//! it that is found so.
//!
//! **Why it matters.** Such an answer is found together with other words of an address alone. Without them nobody
//! would ever find it.
//!
//! **Remedy.** Ask for the place (`type: place`), or write `searchable: true` if the answer says enough by itself.

use crate::form::{Field, Form, Kind};
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};

manual!("with-place-alone", "with_place_alone.rs");

/// Whether every question of the form that is found with others has others.
pub(crate) fn check(form: &Form, out: &mut Diagnostics) -> bool {
    let before = out.0.len();
    let fields: Vec<&Field> = form.fields().collect();
    let has_place = any(&fields, &|field: &Field| matches!(field.kind, Kind::Place { .. }));
    level(&fields, has_place, out);
    out.0.len() == before
}

fn any(fields: &[&Field], is: &dyn Fn(&Field) -> bool) -> bool {
    fields.iter().any(|field| is(field) || any(&inside(field), is))
}

fn level(fields: &[&Field], has_place: bool, out: &mut Diagnostics) {
    let beside = fields.iter().filter(|field| field.searchable.with_place()).count();
    for field in fields.iter().filter(|field| field.searchable.with_place()) {
        let found = if !matches!(field.kind, Kind::Text { .. }) {
            Some((format!("`{}` is no text", field.name), "its answer has no words that could stand beside others"))
        } else if !has_place && beside < 2 {
            Some((format!("nothing stands beside `{}`", field.name), "it could never be found"))
        } else {
            None
        };
        if let Some((title, label)) = found {
            out.push(
                Diagnostic::error(MANUAL, &field.at, title, label)
                    .help("ask for the place too, or write `searchable: true`"),
            );
        }
    }
    for field in fields {
        level(&inside(field), has_place, out);
    }
}

/// The questions inside of a group.
fn inside(field: &Field) -> Vec<&Field> {
    match &field.kind {
        Kind::Group { fields } | Kind::List { fields, .. } => fields.iter().collect(),
        _ => Vec::new(),
    }
}

//! In what numbers are counted: beside the number, and with the options on which it depends, so that
//! it can be read before one of them is chosen.

use engine::base::{Answers, Text};
use engine::form::{Field, Unit, counted_in};
use serde_json::Value as Json;

use super::Asking;
use super::typed::Typed;
use crate::view::choice::Choice;
use crate::view::field::{FieldView, Input};

/// What an answer was counted in.
pub(super) fn answered<'a>(field: &'a Field, siblings: &[Field], answers: &Answers) -> Option<&'a Text> {
    counted_in(field, siblings, |name| answers.text(name).map(str::to_owned))
}

/// Says units in the view of a question that stands among others.
pub(super) fn say(view: &mut FieldView, (field, siblings): (&Field, &[Field]), typed: &Typed, asking: &Asking<'_>) {
    match &mut view.input {
        Input::Number(text) | Input::Decimal(text) => {
            let chosen = |name: &str| typed.get(name).and_then(Json::as_str).map(str::to_owned);
            let unit = counted_in(field, siblings, chosen);
            text.unit = unit.map(|unit| unit.in_language(asking.lang()).to_owned()).unwrap_or_default();
        }
        Input::Choice(choice) => with_options(choice, field, siblings, asking),
        _ => {}
    }
}

/// Says with each option in what the question is counted that depends on it.
fn with_options(choice: &mut Choice, field: &Field, siblings: &[Field], asking: &Asking<'_>) {
    let listed = siblings.iter().find_map(|other| match &other.unit {
        Some(Unit::Listed(listed)) if listed.of.value == field.name => Some(listed),
        _ => None,
    });
    let Some(listed) = listed else { return };
    for option in choice.groups.iter_mut().flat_map(|group| &mut group.options) {
        if let Some(unit) = listed.of_code(siblings, &option.value) {
            option.hint = asking.words.say("field.unit", &[("unit", unit.in_language(asking.lang()))]);
        }
    }
}

//! Answers that outlived their questions: what changed since is what decided that they were asked.

use super::known::{Known, Others};
use crate::base::{Answers, Day, Money};
use crate::service::Service;

/// Drops each answer to a question whose `when` does not hold of `answers` any more. A condition that speaks
/// of what is not answered here, or of a record, says nothing about them.
pub(super) fn drop_unasked(service: &Service, answers: &mut Answers, today: Day) {
    for field in service.form.fields() {
        let Some(when) = &field.when else { continue };
        let speaks_of_them = !when.fields.is_empty() && when.fields.iter().all(|name| answers.get(name).is_some());
        if answers.get(&field.name).is_none() || !speaks_of_them || when.source.contains("record") {
            continue;
        }
        let named = Others::default();
        let known = Known { service, answers, record: None, dues: Money::ZERO, named, reserved: None, children: &[] };
        if matches!(known.holds(when, today), Ok(false)) {
            answers.0.remove(field.name.as_str());
        }
    }
}

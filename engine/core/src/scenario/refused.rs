//! Whether a step is refused as it should be, and a refusal in a few words.

use std::collections::BTreeSet;

use super::checks::scenario_differs;
use super::yaml::{RefusalYaml, RefusedYaml, StepYaml};
use crate::base::Name;
use crate::case::Refusal;
use crate::form::FieldError;
use crate::source::Diagnostics;

/// Compares a refusal with what the step expects. `false` if the scenario cannot go on.
pub(super) fn compare(step: &StepYaml, refusal: &Refusal, out: &mut Diagnostics) -> bool {
    match &step.refused {
        Some(RefusedYaml::Reason(reason)) => {
            if reason.value != *refusal.word() {
                let (expected, found) = (format!("`{}`", reason.value), by(refusal.word(), refusal.conditions()));
                out.push(scenario_differs::diagnostic("the refusal", &reason.at, &expected, &found));
            }
            true
        }
        Some(RefusedYaml::Conditions(expected)) => {
            conditions(expected, refusal, out);
            true
        }
        None => {
            let at = step.r#do.as_ref().map_or(&step.at, |action| &action.at);
            let title = format!("it is refused: {}", in_words(refusal));
            out.push(scenario_differs::plain(at, title, "this was expected to happen"));
            false
        }
    }
}

/// The conditions that do not hold are those that are named, all of them and no others.
fn conditions(expected: &RefusalYaml, refusal: &Refusal, out: &mut Diagnostics) {
    let named: Vec<Name> = expected.when.0.iter().map(|name| name.value.clone()).collect();
    let unmet = refusal.conditions();
    if unmet.is_empty() {
        let (word, found) = (Refusal::NotInThisCase.word(), by(refusal.word(), unmet));
        out.push(scenario_differs::diagnostic("the refusal", expected.first(), &by(word, &named), &found));
    } else if unmet.iter().collect::<BTreeSet<_>>() != named.iter().collect::<BTreeSet<_>>() {
        let holds = expected.when.0.iter().find(|name| !unmet.contains(&name.value));
        let at = holds.map_or_else(|| expected.first(), |name| &name.at);
        out.push(scenario_differs::diagnostic("what refuses it", at, &quoted(&named), &quoted(unmet)));
    }
}

/// A reason, with the conditions that do not hold.
fn by(reason: &str, conditions: &[Name]) -> String {
    if conditions.is_empty() { format!("`{reason}`") } else { format!("`{reason}` by {}", quoted(conditions)) }
}

fn quoted(names: &[Name]) -> String {
    and(&names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>())
}

/// All of them in a row.
fn and(all: &[String]) -> String {
    match all {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// A refusal in a few words, with what it carries.
pub(super) fn in_words(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Answers(errors) => {
            // What the author of the form says to it is told as it was written.
            let told = |error: &FieldError| match error.problem.words() {
                Some(words) => format!("{} disagrees: {}", error.path, words.written),
                None => format!("{} {:?}", error.path, error.problem),
            };
            let list: Vec<String> = errors.iter().map(told).collect();
            format!("answers: {}", list.join("; "))
        }
        Refusal::FeeNotComputed(failed) if failed.line > 0 => {
            format!("fee_not_computed: {} (line {})", failed.reason, failed.line)
        }
        Refusal::FeeNotComputed(failed) => format!("fee_not_computed: {}", failed.reason),
        Refusal::Declined(text) => format!("fee_not_computed: {}", text.written),
        Refusal::NotOffered(unmet) if unmet.names.is_empty() => {
            let said: Vec<&str> = unmet.words.iter().map(|text| text.written.as_str()).collect();
            format!("not_in_this_case: {}", said.join(" "))
        }
        Refusal::NotOffered(unmet) => {
            let each = unmet.names.iter().zip(&unmet.words);
            let said: Vec<String> = each.map(|(name, text)| format!("`{name}` ({})", text.written)).collect();
            format!("not_in_this_case: {}", and(&said))
        }
        Refusal::NotTheWholeAmount(owed) => format!("not_the_whole_amount: {owed} is owed"),
        Refusal::LessThanTheLeast(least) => format!("less_than_the_least: {least} is asked for"),
        Refusal::SlotTaken(taken) => format!("slot_taken: {}, {}", taken.day, taken.part),
        other => other.word().to_owned(),
    }
}

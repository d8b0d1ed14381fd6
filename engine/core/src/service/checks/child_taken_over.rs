//! # child-taken-over
//!
//! A record that another service takes over is not described as that service needs it: a question or a repeated group
//! that this form does not ask, or asks in another way; a grant, a state or a head that the other service does not
//! have, or a grant that makes no new records; arrears that could be booked nowhere; a question inside of a group that
//! it does not ask. Or nothing is taken over, and `void` does not say where the case ends if it is not needed any more.
//!
//! **Why it matters.** The last act on an application would be refused every time, by a service whose words nobody
//! there knows; or what somebody owes would be missing.
//!
//! **Remedy.** Name what the other service has, and ask the number as `type: text`, the day as `type: date`, the arrears
//! in a group that is repeated, with a year or a day and amounts of `type: money`. What is owed from periods that are
//! over needs `opening: { debit: …, credit: … }` in postings.yaml of the other service.

use std::mem::discriminant;

use crate::form::{Field, Form, Kind};
use crate::registry::Mode;
use crate::service::{Arrears, ChildService, Service, TakesOver};
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{At, Diagnostic, Diagnostics};

manual!("child-taken-over", "child_taken_over.rs");

/// What can be said by the files of the service that asks.
pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for child in &service.children {
        match &child.takes_over {
            Some(takes_over) => {
                superfluous(child, out);
                asked(&service.form, takes_over, out);
            }
            None if child.void.is_none() => {
                let title = format!("it is not said where `{}` ends if it is not needed any more", child.name);
                let label = "its cases could not be given up";
                out.push(
                    Diagnostic::error(MANUAL, &child.at, title, label)
                        .help("name one of its last states: `void: withdrawn`"),
                );
            }
            None => {}
        }
    }
}

/// What means nothing where a record is taken over: it is there at once, under a number that is known.
fn superfluous(child: &ChildService, out: &mut Diagnostics) {
    for (key, written) in [("sends", &child.sends), ("void", &child.void), ("grants", &child.grants)] {
        if let Some(written) = written {
            let title = format!("`{key}` means nothing beside `takes_over`");
            let label = "the record is there at once, and its case is not given up";
            out.push(Diagnostic::error(MANUAL, &written.at, title, label).help("leave it out"));
        }
    }
}

fn asked(form: &Form, takes_over: &TakesOver, out: &mut Diagnostics) {
    let fields: Vec<&Field> = form.fields().collect();
    question(&fields, &takes_over.number, "the number as `type: text`", |kind| matches!(kind, Kind::Text { .. }), out);
    if let Some(since) = &takes_over.since {
        question(&fields, since, "the day as `type: date`", |kind| matches!(kind, Kind::Date { .. }), out);
    }
    let Some(Arrears { each, period, heads }) = &takes_over.arrears else { return };
    let is_list = |kind: &Kind| matches!(kind, Kind::List { .. });
    let Some(group) = question(&fields, each, "the arrears as `type: list`", is_list, out) else { return };
    let inner: Vec<&Field> = inside(group).iter().collect();
    let is_period =
        |kind: &Kind| matches!(kind, Kind::Number { .. } | Kind::Date { .. } | Kind::Choice { .. } | Kind::Text { .. });
    question(&inner, period, "the period as a year, a day, or a financial year", is_period, out);
    for (_, amount) in heads {
        question(&inner, amount, "amounts as `type: money`", |kind| matches!(kind, Kind::Money { .. }), out);
    }
}

/// The question of this name, if it is one of those that are wanted; else that is said.
fn question<'a>(
    fields: &[&'a Field],
    name: &At<crate::base::Name>,
    wanted: &str,
    fits: impl Fn(&Kind) -> bool,
    out: &mut Diagnostics,
) -> Option<&'a Field> {
    let Some(field) = fields.iter().find(|field| field.name == name.value) else {
        let known: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        let title = format!("no question here is called `{}`", name.value);
        out.push(
            Diagnostic::error(MANUAL, &name.at, title, "there is no such answer").maybe_help(help(&name.value, known)),
        );
        return None;
    };
    if fits(&field.kind) {
        return Some(*field);
    }
    let title = format!("`{}` is asked in another way", name.value);
    out.push(
        Diagnostic::error(MANUAL, &name.at, title, "the answer would not be understood").help(format!("ask {wanted}")),
    );
    None
}

/// What does not fit the service that takes over.
pub(super) fn against(service: &Service, child: &ChildService, of: &Service) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let Some(takes_over) = &child.takes_over else { return found };
    let mut unknown = |name: &At<crate::base::Name>, what: &str, known: Vec<&str>| {
        let title = format!("`{}` has no {what} `{}`", of.id, name.value);
        found.push(
            Diagnostic::error(MANUAL, &name.at, title, "nothing could be taken over")
                .maybe_help(help(&name.value, known)),
        );
    };
    let grant = of.grants.iter().find(|grant| grant.name == takes_over.grant.value);
    if grant.is_none_or(|grant| grant.mode != Mode::Create) {
        let makes = of.grants.iter().filter(|grant| grant.mode == Mode::Create);
        let known = makes.map(|grant| grant.name.as_str()).collect();
        unknown(&takes_over.grant, "grant that makes records and is called", known);
    }
    for state in [&takes_over.owing, &takes_over.settled] {
        if of.workflow.state(&state.value).is_none() {
            unknown(state, "state", of.workflow.states.iter().map(|state| state.name.as_str()).collect());
        }
    }
    let heads: Vec<&str> =
        of.billing.iter().flat_map(|billing| &billing.heads).map(|head| head.name.as_str()).collect();
    for (head, _) in takes_over.arrears.iter().flat_map(|arrears| &arrears.heads) {
        if !heads.contains(&head.value.as_str()) {
            unknown(head, "head", heads.clone());
        }
    }
    let books = of.postings.as_ref().is_some_and(|postings| postings.opening.is_some());
    if let Some(arrears) = takes_over.arrears.as_ref().filter(|_| !books) {
        let title = format!("`{}` cannot book what is owed from earlier periods", of.id);
        found.push(
            Diagnostic::error(MANUAL, &arrears.each.at, title, "its postings.yaml has no `opening`")
                .help("add `opening: { debit: …, credit: … }` there: what people owe, and balances brought forward"),
        );
    }
    for (asked, given) in &child.answers {
        if let (Some(from), Some(to)) = (service.form.field(&given.value), of.form.field(&asked.value))
            && let Some(path) = strange(from, to)
        {
            let title = format!("`{}` does not ask `{path}` so inside of `{}`", of.id, asked.value);
            found.push(Diagnostic::error(MANUAL, &asked.at, title, "the answer would not fit it"));
        }
    }
    found
}

/// The first question inside of `from` that `to` does not ask in the same way.
fn strange(from: &Field, to: &Field) -> Option<String> {
    inside(from).iter().find_map(|field| match inside(to).iter().find(|other| other.name == field.name) {
        Some(other) if discriminant(&other.kind) == discriminant(&field.kind) => {
            strange(field, other).map(|path| format!("{}.{path}", field.name))
        }
        _ => Some(field.name.to_string()),
    })
}

/// The questions inside of a group.
fn inside(field: &Field) -> &[Field] {
    match &field.kind {
        Kind::Group { fields } | Kind::List { fields, .. } => fields,
        _ => &[],
    }
}

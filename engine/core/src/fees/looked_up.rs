//! A table held against what a rule looks it up by: its keys, and the answers that are given for them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::checks::{maybe_empty_key, table_gap, wrong_table_key};
use super::coverage;
use super::interval::{Ends, Interval};
use super::table::{KeyKind, Table, TableKey};
use crate::rule::domain::Range;
use crate::rule::inspect::{Answered, Called, Kind};
use crate::source::{Diagnostics, Where};

/// What one key is looked up by.
struct Given<'a> {
    key: &'a TableKey,
    kind: &'a Kind,
    at: &'a Where,
    /// Whether everything from 0 up to it is looked up.
    telescopic: bool,
}

/// Says what is wrong with a call of `lookup` or `telescopic`.
pub(super) fn check(table: &Table, call: &Called<'_>, out: &mut Diagnostics) {
    let keys = call.arguments.get(1).filter(|_| call.name == "lookup" || call.arguments.len() == 3);
    let empty = BTreeMap::new();
    let (written, map_at) = match keys {
        Some((Kind::Map(written), at)) => (written, at),
        Some(_) => return,
        None => (&empty, call.at),
    };
    let at = |name: &str| call.parts.get(name).unwrap_or(map_at);
    for name in written.keys().filter(|name| !table.keys.iter().any(|key| *key.name == ***name)) {
        out.push(wrong_table_key::unknown(name, table, at(name)));
    }
    let along = call.arguments.last().filter(|_| call.name == "telescopic");
    let mut given: Vec<Given<'_>> = Vec::new();
    for key in &table.keys {
        let is_number = matches!(key.kind, KeyKind::Number { .. });
        let told = match (written.get(key.name.as_str()), along) {
            (Some(kind), _) => Some((kind, at(&key.name), false)),
            (None, Some((kind, at))) if is_number && !given.iter().any(|given| given.telescopic) => {
                Some((kind, at, true))
            }
            (None, _) => None,
        };
        match told {
            Some((kind, at, telescopic)) => given.push(Given { key, kind, at, telescopic }),
            None => out.push(wrong_table_key::missing(call.name, &key.name, table, map_at)),
        }
    }
    let before = out.0.len();
    for given in &given {
        fits(given, table, out);
    }
    if given.len() == table.keys.len() && out.0.len() == before {
        every_answer_has_a_row(table, &given, out);
    }
}

/// Whether a key can be given what it is given.
fn fits(given: &Given<'_>, table: &Table, out: &mut Diagnostics) {
    let Given { key, kind, at, telescopic } = given;
    let bare = kind.bare();
    let is_number = matches!(key.kind, KeyKind::Number { .. });
    let fits = if is_number { *bare == Kind::Number } else { bare.is_text() || *bare == Kind::Flag };
    if !bare.is_open() && !fits {
        // What `telescopic` runs along was held to be a number before.
        if !telescopic {
            out.push(wrong_table_key::kind(&key.name, table, kind, at));
        }
        return;
    }
    if let (KeyKind::Codes(known), Kind::Code(codes)) = (&key.kind, bare)
        && let Some(code) = codes.iter().find(|code| !known.contains(code))
    {
        out.push(wrong_table_key::other_codes(&key.name, table, code, at));
    }
    let Kind::Answer(answered) = kind else { return };
    if answered.may_be_absent() {
        out.push(maybe_empty_key::diagnostic(&key.name, table, answered, at));
    }
    if let (KeyKind::Number { ends: Ends::BothIn, .. }, Some(range), false) =
        (&key.kind, &answered.asked.range, telescopic)
        && range.step < Decimal::ONE
    {
        out.push(wrong_table_key::fractions(&key.name, table, &answered.name, at));
    }
}

/// Whether every number that the form accepts has its row.
fn every_answer_has_a_row(table: &Table, given: &[Given<'_>], out: &mut Diagnostics) {
    let over: Vec<Option<Interval>> = given.iter().map(occurs).collect();
    let proven = |(given, over): (&Given<'_>, &Option<Interval>)| match (&given.key.kind, over) {
        (KeyKind::Number { ends, over: known, stated }, Some(over)) => line(*known, *ends, *stated).holds(*over),
        _ => true,
    };
    if table.gap.is_none() && given.iter().zip(&over).all(proven) {
        return;
    }
    let Some(input) = coverage::gap(table, &over) else { return };
    let gap = table_gap::diagnostic(table, &input);
    let answers = given.iter().filter_map(|given| Some((answered(given)?, given.at)));
    out.push(answers.fold(gap, |gap, ((answered, range), at)| table_gap::looked_up(gap, &answered.name, range, at)));
}

/// The answer that a key is given, if the form limits it.
fn answered<'a>(given: &Given<'a>) -> Option<(&'a Answered, &'a Range)> {
    let Kind::Answer(answered) = given.kind else { return None };
    Some((answered, answered.asked.range.as_ref()?))
}

/// The part of the line that is looked up; `None` if the answer says nothing about it. Where the form
/// sets no limit, the table does.
fn occurs(given: &Given<'_>) -> Option<Interval> {
    let (_, range) = answered(given)?;
    let KeyKind::Number { ends, over, stated } = &given.key.kind else { return None };
    let known = line(*over, *ends, *stated);
    let asked = Interval::holding(range.min.unwrap_or_default(), range.max, range.step, *ends);
    let from = if range.min.is_none() || given.telescopic { known.from } else { asked.from };
    Some(Interval { from, to: if range.max.is_none() { known.to } else { asked.to } })
}

/// The part of the line that a table is proven over.
fn line(over: Interval, ends: Ends, stated: bool) -> Interval {
    if ends == Ends::ToIn && !stated { Interval { from: over.from - Decimal::ONE, ..over } } else { over }
}

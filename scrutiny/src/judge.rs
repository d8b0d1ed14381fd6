//! Holds what was measured against the rules.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::drawing::Drawing;
use crate::dxf::{self, Unreadable};
use crate::expression::{Expression, Value};
use crate::laws::{Edition, Otherwise, Relation, Rule, Unit};
use crate::limits::{self, Work};
use crate::measure::{Mark, Measured, Measures, Member, Missing, View, measure};
use crate::report::{Figure, Outcome, Report, Row, lengths};

/// A report, and the part of the drawing that it is about.
#[derive(Clone, Debug)]
pub struct Scrutiny {
    /// What was found.
    pub report: Report,
    /// What is drawn on the layers that the by-laws name.
    pub drawing: Drawing,
}

/// Reads a drawing, measures it and holds it to by-laws. `answers` are what is known besides it.
///
/// # Errors
/// Why the drawing cannot be read at all; whatever else is amiss is told in the report.
pub fn scrutinise(bytes: &[u8], laws: &Edition, answers: &BTreeMap<String, Value>) -> Result<Scrutiny, Unreadable> {
    let mut work = Work::default();
    let whole = dxf::read(bytes, laws.unit)?;
    let drawing = whole.only(|layer| laws.uses(layer), laws.tolerance, &mut work);
    let drawing = match drawing {
        Some(drawing) => drawing,
        None if work.take(1) => return Err(Unreadable::Spread),
        None => return Err(Unreadable::TooComplex),
    };
    let measures = measure(&drawing, laws, answers, &mut work);
    // Rows are never left out: what was not looked at would seem to fit.
    let report = judge(&drawing, laws, answers, &measures).ok_or(Unreadable::TooMany)?;
    Ok(Scrutiny { report, drawing })
}

fn judge(drawing: &Drawing, laws: &Edition, answers: &BTreeMap<String, Value>, measures: &Measures) -> Option<Report> {
    let mut report = Report {
        result: Outcome::Fits,
        from: laws.from,
        authority: laws.authority.clone(),
        model: laws.model,
        places: laws.places,
        languages: laws.languages.clone(),
        rows: Vec::new(),
        figures: Vec::new(),
        noticed: Vec::new(),
        marks: Vec::new(),
    };
    for rule in &laws.rules {
        let members: Vec<Option<&Member>> = match &rule.each {
            None => vec![None],
            Some(group) => measures.members.get(group).into_iter().flatten().map(Some).collect(),
        };
        for member in members {
            let Some((mut row, marks)) = hold(laws, answers, measures, rule, member) else { continue };
            if report.rows.len() >= limits::ROWS {
                return None;
            }
            // What was not stated, or cannot be computed, is nowhere in the drawing.
            let nowhere = matches!(row.why, Some(Missing::Unstated(_) | Missing::Lack(_)));
            if row.outcome != Outcome::Fits && !nowhere && !marks.is_empty() && report.marks.len() < limits::MARKS {
                report.marks.push(marks);
                row.number = Some(report.marks.len());
            }
            report.result = report.result.max(row.outcome);
            report.rows.push(row);
        }
    }
    for measure in laws.measures.iter().filter(|measure| measure.per.is_none()) {
        let taken = measures.taken.get(&measure.name).and_then(|taken| taken.get(&Member::new()));
        let value = taken.and_then(|taken| taken.value.clone().ok()).map(|value| lengths(value, laws.places));
        let (name, label) = (measure.name.clone(), measure.label.clone());
        report.figures.push(Figure { name, label, unit: measure.unit, value });
    }
    for (name, layer) in &drawing.layers {
        let room = limits::AMISS.saturating_sub(report.noticed.len());
        report.noticed.extend(layer.amiss.iter().take(room).map(|amiss| (name.clone(), amiss.clone())));
    }
    Some(report)
}

/// Holds one rule to the drawing or to one member; `None` if it does not apply.
fn hold(
    laws: &Edition,
    answers: &BTreeMap<String, Value>,
    measures: &Measures,
    rule: &Rule,
    member: Option<&Member>,
) -> Option<(Row, Vec<Mark>)> {
    let about = rule.each.as_deref().zip(member.map(Vec::as_slice));
    let view = || View::new(laws, answers, measures, about);
    let group = rule.each.as_ref().and_then(|each| laws.groups.get(each));
    let mut row = Row {
        rule: rule.name.clone(),
        label: rule.label.clone(),
        place: group.zip(member).map(|(group, member)| (group.label.clone(), member.clone())),
        is: rule.is,
        asked: None,
        found: None,
        by: None,
        unit: rule.unit.or_else(|| unit_of(laws, &rule.found)),
        outcome: Outcome::Unclear,
        laws: rule.law.iter().cloned().collect(),
        why: None,
        number: None,
    };
    if let Some(when) = &rule.when {
        let mut view = view();
        match view.holds(when) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(_) if view.lacks_what_is_optional() => return None,
            Err(why) => {
                row.why = Some(why);
                return Some((row, view.marks));
            }
        }
    }
    let mut seen = view();
    let found = seen.number(&rule.found);
    let asked = seen.number(&rule.asked);
    let by = rule.by.as_ref().map(|by| seen.number(by));
    if seen.lacks_what_is_optional() {
        return None;
    }
    if row.laws.is_empty() {
        row.laws = std::mem::take(&mut seen.laws_used);
    }
    let Measured { value: found, marks } = found;
    let value = |value: &Decimal| lengths(*value, laws.places);
    row.found = found.as_ref().ok().map(value);
    row.asked = asked.value.as_ref().ok().map(value);
    row.by = by.as_ref().and_then(|by| by.value.as_ref().ok()).copied();
    let by = by.map(|by| by.value).transpose();
    match (found, asked.value, by) {
        (Ok(_), Ok(_), Ok(_)) => {
            row.outcome = if fits(&row) { Outcome::Fits } else { otherwise(rule.otherwise) };
        }
        (Err(why), _, _) | (_, Err(why), _) | (_, _, Err(why)) => row.why = Some(why),
    }
    Some((row, marks))
}

fn otherwise(otherwise: Otherwise) -> Outcome {
    match otherwise {
        Otherwise::Differs => Outcome::Differs,
        Otherwise::Refer => Outcome::Refer,
        Otherwise::Note => Outcome::Note,
    }
}

/// Compares what was rounded: exactly the limit fits.
fn fits(row: &Row) -> bool {
    let (Some(found), Some(asked)) = (row.found, row.asked) else { return false };
    match row.is {
        Relation::AtMost => found <= asked,
        Relation::AtLeast => found >= asked,
        Relation::Equal => found == asked,
        Relation::Within => {
            let apart = found.checked_sub(asked).and_then(|apart| apart.abs().checked_mul(Decimal::ONE_HUNDRED));
            let may = row.by.and_then(|by| asked.abs().checked_mul(by));
            apart.zip(may).is_some_and(|(apart, may)| apart <= may)
        }
    }
}

/// The unit of a measure that stands by itself, or of the first of several that are added or compared.
fn unit_of(laws: &Edition, expression: &Expression) -> Option<Unit> {
    match expression {
        Expression::Name(name) => laws.measure(name).map(|measure| measure.unit),
        Expression::Call(_, values) => values.first().and_then(|value| unit_of(laws, value)),
        _ => None,
    }
}

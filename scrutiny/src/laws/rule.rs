//! Measures and rules, from what is written to the model.

use std::collections::{BTreeMap, BTreeSet};

use engine::source::{At, Diagnostics, Map, Words};

use super::check::{Reads, nanometres, pattern};
use super::checks::{scrutiny_expression, scrutiny_measure, scrutiny_measured_twice, scrutiny_unknown_name};
use super::formula::Known;
use super::yaml::{Is, MeasureYaml, Relation, RuleYaml, Take};
use super::{Answer, Group, Measure, Rule, Sides, Source, What};
use crate::distance::Side;
use crate::expression::Kind;

/// The keys that a kind of measure needs, and those that it may have besides `per`, `take` and `else`.
fn keys(is: Is) -> (&'static [&'static str], &'static [&'static str]) {
    match is {
        Is::Area => (&["layer"], &["shapes", "may_overlap"]),
        Is::Length | Is::LeastWidth | Is::Dimension => (&["layer"], &[]),
        Is::Count => (&["layer"], &["at_least", "shapes", "may_overlap"]),
        Is::Distance | Is::Outside => (&["from", "to"], &[]),
        Is::Text => (&["layer", "after"], &[]),
        Is::Value => (&["value"], &[]),
        Is::Total | Is::Members => (&["of"], &[]),
    }
}

impl MeasureYaml {
    fn has(&self, key: &str) -> bool {
        match key {
            "layer" => self.layer.is_some(),
            "from" => self.from.is_some(),
            "to" => self.to.is_some(),
            "of" => self.of.is_some(),
            "value" => self.value.is_some(),
            "shapes" => self.shapes.is_some(),
            "may_overlap" => self.may_overlap.is_some(),
            "at_least" => self.at_least.is_some(),
            "after" => self.after.is_some(),
            _ => false,
        }
    }

    /// Whether it is computed for people to see.
    pub(super) fn is_shown(&self) -> bool {
        matches!(self.is.value, Is::Value | Is::Total | Is::Members)
    }
}

/// Reads all measures in their order.
pub(super) fn measures(
    written: &Map<MeasureYaml>,
    answers: &BTreeMap<String, Answer>,
    groups: &BTreeMap<String, Group>,
    sides: &BTreeMap<String, Sides>,
    used: &mut BTreeSet<String>,
    text: &Reads<'_>,
    out: &mut Diagnostics,
) -> Vec<Measure> {
    let mut read: Vec<Measure> = Vec::new();
    let (tables, figures) = (BTreeMap::new(), BTreeMap::new());
    for (name, measure) in &written.0 {
        if answers.contains_key(name.value.as_str()) {
            out.push(scrutiny_measure::like_an_answer(&name.at, &name.value));
        }
        let label = text(&measure.label, out);
        let per = measure.per.as_ref().map(|per| per.value.to_string());
        if let Some(per) = measure.per.as_ref().filter(|per| !groups.contains_key(per.value.as_str())) {
            let known: Vec<String> = groups.keys().cloned().collect();
            out.push(scrutiny_unknown_name::diagnostic(&per.at, "group", &per.value, &known));
            continue;
        }
        let mut known =
            Known { answers, groups, measures: &read, tables: &tables, figures: &figures, used: &mut *used };
        let Some(what) = what(measure, per.as_deref(), sides, &mut known, out) else { continue };
        if let Some(group) = per.as_ref().and_then(|per| groups.get(per))
            && !is_of(&what, group)
        {
            out.push(scrutiny_measure::not_of_group(&measure.is.at, &name.value, group.layer.written()));
        }
        let take = measure.take.as_ref().map_or_else(|| usual(measure.is.value), |take| take.value);
        if let Some(other) = read.iter().find(|other| other.what == what && other.per == per && other.take == take) {
            out.push(scrutiny_measured_twice::diagnostic(&name.at, &name.value, &other.name));
        }
        read.push(Measure {
            name: name.value.to_string(),
            label,
            what,
            per,
            take,
            unit: measure.unit.value,
            otherwise: measure.otherwise.as_ref().map(|value| value.value),
            optional: measure.optional.as_ref().is_some_and(|optional| optional.value),
            shapes: measure.shapes.as_ref().and_then(|shapes| usize::try_from(shapes.value).ok()),
            may_overlap: measure.may_overlap.as_ref().is_some_and(|may| may.value),
        });
    }
    read
}

fn usual(is: Is) -> Take {
    match is {
        Is::LeastWidth | Is::Distance => Take::Least,
        Is::Dimension | Is::Text => Take::Most,
        Is::Area | Is::Length | Is::Count | Is::Outside | Is::Value | Is::Total | Is::Members => Take::Sum,
    }
}

/// Whether a measure can be taken of each member of a group: its layers have the names of the group's.
fn is_of(what: &What, group: &Group) -> bool {
    let layer = match what {
        // A way or an edge is in no closed line.
        What::Distance(..) | What::Outside(..) if group.shapes => return false,
        What::Distance(_, layer) | What::Outside(_, layer) => layer,
        What::Value(_) => return true,
        other => match other.patterns().first() {
            Some(layer) => layer,
            None => return false,
        },
    };
    let names = layer.names();
    group.layer.names().iter().all(|name| names.contains(name))
}

fn what(
    measure: &MeasureYaml,
    per: Option<&str>,
    sides: &BTreeMap<String, Sides>,
    known: &mut Known<'_>,
    out: &mut Diagnostics,
) -> Option<What> {
    let is = measure.is.value;
    let (needs, may) = keys(is);
    let mut clean = true;
    for key in ["layer", "from", "to", "of", "value", "shapes", "may_overlap", "at_least", "after"] {
        let expected = needs.contains(&key);
        if measure.has(key) != expected && !(measure.has(key) && may.contains(&key)) {
            out.push(scrutiny_measure::key(&measure.is.at, is.word(), key, expected));
            clean = false;
        }
    }
    if !clean {
        return None;
    }
    let layer = |written: &Option<At<String>>, out: &mut Diagnostics| pattern(written.as_ref()?, out);
    Some(match is {
        Is::Area => What::Area(layer(&measure.layer, out)?),
        Is::Length => What::Length(source(measure.layer.as_ref()?, sides, out)?),
        Is::LeastWidth => What::LeastWidth(layer(&measure.layer, out)?),
        Is::Dimension => What::Dimension(layer(&measure.layer, out)?),
        Is::Count => {
            let size = match &measure.at_least {
                Some(size) => Some((nanometres(&size.width, out)?, nanometres(&size.length, out)?)),
                None => None,
            };
            What::Count(layer(&measure.layer, out)?, size)
        }
        Is::Distance => What::Distance(source(measure.from.as_ref()?, sides, out)?, layer(&measure.to, out)?),
        Is::Outside => What::Outside(layer(&measure.from, out)?, layer(&measure.to, out)?),
        Is::Text => What::Text(layer(&measure.layer, out)?, measure.after.as_ref()?.value.clone()),
        Is::Value => What::Value(known.read(measure.value.as_ref()?, Kind::Number, per, out)?),
        Is::Total => {
            let of = measure.of.as_ref()?;
            known.used.insert(of.value.to_string());
            let found = known.measures.iter().find(|other| other.name == *of.value && other.per.is_some());
            if found.is_none() {
                let each = known.measures.iter().filter(|other| other.per.is_some());
                let each: Vec<String> = each.map(|other| other.name.clone()).collect();
                out.push(scrutiny_unknown_name::diagnostic(
                    &of.at,
                    "measure of each member of a group",
                    &of.value,
                    &each,
                ));
            }
            What::Total(found?.name.clone())
        }
        Is::Members => {
            let of = measure.of.as_ref()?;
            if !known.groups.contains_key(of.value.as_str()) {
                let groups: Vec<String> = known.groups.keys().cloned().collect();
                out.push(scrutiny_unknown_name::diagnostic(&of.at, "group", &of.value, &groups));
                return None;
            }
            What::Members(of.value.to_string())
        }
    })
}

/// Layers, or `NAME.front` of sides.
fn source(written: &At<String>, sides: &BTreeMap<String, Sides>, out: &mut Diagnostics) -> Option<Source> {
    let Some((name, side)) = written.value.split_once('.').filter(|(name, _)| sides.contains_key(*name)) else {
        return pattern(written, out).map(Source::Layers);
    };
    let side = match side {
        "front" => Side::Front,
        "rear" => Side::Rear,
        "left" => Side::Left,
        "right" => Side::Right,
        _ => {
            let known = ["front", "rear", "left", "right"].map(str::to_owned);
            out.push(scrutiny_unknown_name::diagnostic(&written.at, "side", side, &known));
            return None;
        }
    };
    Some(Source::Side(name.to_owned(), side))
}

/// Reads all rules in their order.
pub(super) fn rules(
    written: &Map<RuleYaml>,
    known: &mut Known<'_>,
    text: &dyn Fn(&Words, &mut Diagnostics) -> engine::base::Text,
    out: &mut Diagnostics,
) -> Vec<Rule> {
    let mut rules = Vec::new();
    for (name, rule) in &written.0 {
        let label = text(&rule.label, out);
        let law = rule.law.as_ref().map(|law| text(law, out));
        let each = rule.each.as_ref().map(|each| each.value.to_string());
        if let Some(each) = rule.each.as_ref().filter(|each| !known.groups.contains_key(each.value.as_str())) {
            let groups: Vec<String> = known.groups.keys().cloned().collect();
            out.push(scrutiny_unknown_name::diagnostic(&each.at, "group", &each.value, &groups));
            continue;
        }
        if (rule.is.value == Relation::Within) != rule.by.is_some() {
            out.push(scrutiny_expression::by(&rule.is.at));
        }
        let found = known.read(&rule.found, Kind::Number, each.as_deref(), out);
        let asked = known.read(&rule.asked, Kind::Number, each.as_deref(), out);
        let mut maybe = |formula: Option<&At<_>>, kind, out: &mut Diagnostics| match formula {
            Some(formula) => known.read(formula, kind, each.as_deref(), out).map(Some),
            None => Some(None),
        };
        let by = maybe(rule.by.as_ref(), Kind::Number, out);
        let when = maybe(rule.when.as_ref(), Kind::Truth, out);
        let (Some(found), Some(asked), Some(by), Some(when)) = (found, asked, by, when) else { continue };
        rules.push(Rule {
            name: name.value.to_string(),
            label,
            each,
            found,
            is: rule.is.value,
            asked,
            by,
            when,
            otherwise: rule.otherwise.value,
            unit: rule.unit.as_ref().map(|unit| unit.value),
            law,
        });
    }
    rules
}

//! Answers that must fit each other: what a page asks of several together, and items of a list that must differ.

use std::collections::BTreeSet;

use super::check::{Checker, Scope, nested};
use super::checks::{misplaced_check, unlike_question};
use super::yaml::{FieldYaml, FitYaml, PageYaml};
use super::{Field, FieldError, Kind, Problem};
use crate::base::{Name, Text, Value};
use crate::rule::Condition;
use crate::source::{At, Where};

/// Something that the answers of a page must meet together.
#[derive(Clone, Debug)]
pub struct Fit {
    /// Its name, by which translations find it.
    pub name: Name,
    /// What must hold; passed over while an answer that it reads is not there.
    pub that: Condition,
    /// The question beside which the words stand.
    pub beside: Name,
    /// What is said if it does not hold.
    pub otherwise: Text,
    /// Where it is written.
    pub at: Where,
}

impl Checker<'_, '_> {
    /// What the answers of a page must meet together: of questions that were asked until its end.
    pub(super) fn fits(&mut self, yaml: &PageYaml, scope: &Scope) -> Option<Vec<Fit>> {
        let written = yaml.checks.as_ref().map_or(&[][..], |checks| &checks.0[..]);
        let here: BTreeSet<&str> = yaml.fields.0.iter().map(|(name, _)| name.as_str()).collect();
        let fits: Vec<Option<Fit>> = written.iter().map(|(name, fit)| self.fit(name, fit, &here, scope)).collect();
        fits.into_iter().collect()
    }

    fn fit(&mut self, name: &At<Name>, yaml: &FitYaml, here: &BTreeSet<&str>, scope: &Scope) -> Option<Fit> {
        let that = self.condition(Some(&yaml.that), scope)??;
        if !here.contains(yaml.beside.as_str()) {
            self.out.push(misplaced_check::beside(&yaml.beside, here.iter().copied()));
            return None;
        }
        if !that.fields.iter().any(|field| here.contains(field.as_str())) {
            self.out.push(misplaced_check::elsewhere(name, &yaml.that.at));
            return None;
        }
        Some(Fit {
            name: name.value.clone(),
            that,
            beside: yaml.beside.value.clone(),
            otherwise: Text::new(&yaml.otherwise.value),
            at: name.at.clone(),
        })
    }

    /// The questions that no two items of a list may answer alike.
    pub(super) fn differ(&mut self, yaml: &FieldYaml, kind: Option<&Kind>) -> Vec<Name> {
        let Some(Kind::List { fields, .. }) = kind else { return Vec::new() };
        let written = yaml.differ.as_ref().map_or(&[][..], |names| &names.0[..]);
        for name in written.iter().filter(|name| !fields.iter().any(|field| field.name == name.value)) {
            self.out.push(unlike_question::diagnostic(name, fields.iter().map(|field| field.name.as_str())));
        }
        written.iter().map(|name| name.value.clone()).collect()
    }
}

/// What is wrong with the items of a list of which no two may be alike. `path` is the path of the list.
pub(super) fn alike(field: &Field, items: &[Value], path: &str) -> Vec<FieldError> {
    let asked = nested(&field.kind).unwrap_or_default();
    let Some(first) = field.differ.first() else { return Vec::new() };
    let mut seen: Vec<(usize, Vec<String>)> = Vec::new();
    let mut errors = Vec::new();
    for (index, item) in items.iter().enumerate() {
        // An item that leaves one of them open is like no other.
        let Some(told) = field.differ.iter().map(|name| told(asked, item, name)).collect::<Option<Vec<_>>>() else {
            continue;
        };
        match seen.iter().find(|(_, known)| *known == told) {
            Some((same, _)) => errors
                .push(FieldError { path: format!("{path}.{index}.{first}"), problem: Problem::Repeated(same + 1) }),
            None => seen.push((index, told)),
        }
    }
    errors
}

/// An answer of an item as it is compared: words alike in large and small letters and in spaces are the same.
fn told(asked: &[Field], item: &Value, name: &Name) -> Option<String> {
    let Value::Map(answers) = item else { return None };
    let kind = asked.iter().find(|field| field.name == *name).map(|field| &field.kind)?;
    match (kind, answers.get(name)?) {
        (Kind::Text { .. } | Kind::Record { .. } | Kind::Email, Value::Text(text)) => {
            let words: Vec<&str> = text.split_whitespace().collect();
            Some(words.join(" ").to_lowercase())
        }
        (_, value) => Some(value.to_json().to_string()),
    }
}

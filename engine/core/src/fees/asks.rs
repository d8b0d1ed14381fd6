//! Which questions the rules of fees read, so that nobody need answer more to learn what it costs.

use std::collections::BTreeSet;

use super::Fees;
use crate::base::{Name, Text};
use crate::form::{Field, Form, Kind, Page};
use crate::source::Where;

/// The applicant's questions whose answers the rules read, and those on which the asking of these
/// depends, as a page of their own. Of groups and lists only what the rules name.
pub fn asks(fees: &Fees, form: &Form, at: &Where) -> Page {
    let fields: Vec<&Field> = form.pages_by(None).flat_map(|page| &page.fields).collect();
    let mut wanted = fees.script.reads.clone();
    // A condition reads only what was asked before it, so going backwards finds everything.
    for field in fields.iter().rev().filter(|field| field.when.is_some()) {
        if wanted.contains(field.name.as_str()) {
            wanted.extend(field.when.iter().flat_map(|when| when.fields.iter().cloned()));
        }
    }
    // What the answers that are asked here must meet together, they must meet here too.
    let fits = form.pages_by(None).flat_map(|page| &page.checks);
    let is_asked = |name: &str| wanted.contains(name);
    let fits = fits.filter(|fit| is_asked(&fit.beside) && fit.that.fields.iter().all(|name| is_asked(name)));
    let checks = fits.cloned().collect();
    let chosen = fields.into_iter().filter(|field| wanted.contains(field.name.as_str()));
    Page {
        name: Name::new("fee"),
        title: Text::new(""),
        hint: None,
        by: None,
        program: None,
        public: false,
        purpose: None,
        with: Vec::new(),
        when: None,
        fields: chosen.map(|field| named(field, &fees.script.words)).collect(),
        checks,
        at: at.clone(),
    }
}

/// The field without those inside it that the rules never name.
fn named(field: &Field, words: &BTreeSet<String>) -> Field {
    let mut field = field.clone();
    if let Kind::List { fields, .. } | Kind::Group { fields } = &mut field.kind {
        let mut wanted = words.clone();
        for inner in fields.iter().rev().filter(|inner| words.contains(inner.name.as_str())) {
            wanted.extend(inner.when.iter().flat_map(|when| when.fields.iter().cloned()));
        }
        fields.retain(|inner| wanted.contains(inner.name.as_str()));
        *fields = fields.iter().map(|inner| named(inner, words)).collect();
    }
    field
}

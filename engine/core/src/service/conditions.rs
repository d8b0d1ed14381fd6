//! Conditions, held once more to everything that is known of the answers: their options and kinds.
//!
//! A condition is compiled while the form is still being read, when only names are known.

use std::collections::BTreeMap;

use super::Service;
use crate::form::Kind;
use crate::registry;
use crate::reserve::{self, RESERVED};
use crate::rule::domain::FieldDomain;
use crate::rule::{Condition, Domain};
use crate::source::{At, Diagnostics};

/// Says where a condition of the form or of the workflow compares what can never be the same.
pub(super) fn check(service: &Service, out: &mut Diagnostics) {
    let mut domain = super::domain::of_form(&service.form);
    domain.lists.clone_from(&service.lists);
    domain.record = Some(FieldDomain::Any);
    if !service.reserves.is_empty() {
        domain.fields.insert(RESERVED.to_owned(), reserve::fact_domain(&service.reserves));
    }
    let mut look = |condition: &Condition| {
        let source = At::new(condition.source.clone(), condition.at.clone());
        let _ = Condition::compile_in(&source, &domain, out);
    };
    for page in &service.form.pages {
        let asked = page.fields.iter().flat_map(|field| [&field.when, &field.one_when, &field.several_when]);
        page.when.iter().chain(asked.flatten()).for_each(&mut look);
    }
    for action in service.workflow.states.iter().flat_map(|state| &state.actions) {
        action.when.iter().for_each(&mut look);
    }
    service.anonymous.iter().map(|anonymous| &anonymous.when).for_each(&mut look);
    domain_of_items(service, &domain, out);
    of_record(service, &domain, out);
}

/// The condition on which a case is opened on a record sees no answers but the record's, and of those the
/// ones that this form asks for too.
fn of_record(service: &Service, whole: &Domain, out: &mut Diagnostics) {
    let Some(when) = service.on_record.as_ref().and_then(|on_record| on_record.when.as_ref()) else { return };
    let domain =
        Domain { fields: BTreeMap::new(), record: Some(registry::fact_domain(whole.fields.clone())), ..whole.clone() };
    let _ = Condition::compile_in(&At::new(when.source.clone(), when.at.clone()), &domain, out);
}

/// Conditions inside repeated groups also see the answers of their own item.
fn domain_of_items(service: &Service, whole: &Domain, out: &mut Diagnostics) {
    for field in service.form.all_pages().flat_map(|page| &page.fields) {
        let (Kind::List { fields, .. } | Kind::Group { fields }) = &field.kind else { continue };
        let Some(FieldDomain::Items(inner) | FieldDomain::Group(inner)) = whole.fields.get(field.name.as_str()) else {
            continue;
        };
        let mut domain = whole.clone();
        domain.fields.extend(inner.clone());
        for condition in fields.iter().filter_map(|field| field.when.as_ref()) {
            let source = At::new(condition.source.clone(), condition.at.clone());
            let _ = Condition::compile_in(&source, &domain, out);
        }
    }
}

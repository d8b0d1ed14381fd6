//! Conditions, held once more to everything that is known of the answers: their options and kinds.
//!
//! A condition is compiled while the form is still being read, when only names are known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Service;
use crate::base::Name;
use crate::fees;
use crate::form::Kind;
use crate::registry::{self, Grant, Mode};
use crate::reserve::{self, RESERVED};
use crate::rule::domain::{FieldDomain, NAMED};
use crate::rule::{Condition, Domain};
use crate::source::{At, Diagnostics};
use crate::workflow::Action;

/// Says where a condition of the form or of the workflow compares what can never be the same, or asks a record for
/// what no record knows.
pub(super) fn check(service: &Service, out: &mut Diagnostics) {
    let domain = of_actions(service);
    let mut look = |condition: &Condition| {
        let source = At::new(condition.source.clone(), condition.at.clone());
        let _ = Condition::compile_in(&source, &domain, out);
    };
    for page in &service.form.pages {
        let asked = page.fields.iter().flat_map(|field| [&field.when, &field.one_when, &field.several_when]);
        let fits = page.checks.iter().map(|check| &check.that);
        page.when.iter().chain(asked.flatten()).chain(fits).for_each(&mut look);
    }
    for action in service.workflow.states.iter().flat_map(|state| &state.actions) {
        action.conditions().for_each(&mut look);
    }
    service.children.iter().filter_map(|child| child.when.as_ref()).for_each(&mut look);
    service.anonymous.iter().map(|anonymous| &anonymous.when).for_each(&mut look);
    for when in service.billing.iter().flat_map(|billing| &billing.laws).filter_map(|law| law.when.as_ref()) {
        let _ = Condition::compile_in(when, &domain, out);
    }
    domain_of_items(service, &domain, out);
    of_record(service, &domain, out);
}

/// What conditions of actions know. The answers of records are whatever other services ask.
fn of_actions(service: &Service) -> Domain {
    let mut domain = super::domain::of_form(&service.form);
    domain.lists.clone_from(&service.lists);
    domain.record = Some(registry::record_domain(FieldDomain::Any));
    domain.fields.extend(reserved(service));
    domain.fields.extend(super::children::domain(service));
    domain
}

/// What is known of the places in calendars, if the service reserves any.
fn reserved(service: &Service) -> Option<(String, FieldDomain)> {
    (!service.reserves.is_empty()).then(|| (RESERVED.to_owned(), reserve::fact_domain(&service.reserves)))
}

/// Holds what conditions and rules know of the record of a case, and of the records that answers name, to the services
/// of the town that make such records.
pub(super) fn of_registers(services: &[&Arc<Service>], out: &mut Diagnostics) {
    for service in services {
        let (record, named) = (answers_of_record(services, service), named(services, service));
        if record.is_none() && named.is_none() {
            continue;
        }
        let mut domain = of_actions(service);
        domain.record = Some(registry::record_domain(record.unwrap_or(FieldDomain::Any)));
        domain.fields.extend(named.iter().map(|named| (NAMED.to_owned(), named.clone())));
        let actions = service.workflow.states.iter().flat_map(|state| &state.actions);
        for condition in actions.flat_map(Action::conditions) {
            let source = At::new(condition.source.clone(), condition.at.clone());
            let _ = Condition::compile_in(&source, &domain, out);
        }
        if let Some(named) = named {
            rules_with(service, named, out);
        }
    }
}

/// What is known of the answers of the record that a case is about, by the services of the town that make or change
/// such records. Nothing where no condition of an action looks at them, or nobody there makes such records.
fn answers_of_record(services: &[&Arc<Service>], service: &Service) -> Option<FieldDomain> {
    let about = service.on_record.as_ref().filter(|_| service.conditions_say("record.answers"))?;
    // What an application made itself is its record from then on.
    let own = service.grants.iter().map(|grant| &grant.registry.value);
    let registries: BTreeSet<&Name> = own.chain([&about.registry]).collect();
    let grants = || services.iter().flat_map(|maker| maker.grants.iter().map(move |grant| (maker, grant)));
    let made =
        |registry: &&Name| grants().any(|(_, grant)| grant.mode == Mode::Create && grant.registry.value == **registry);
    if !registries.iter().all(made) {
        return None;
    }
    let among = grants().filter(|(_, grant)| registries.contains(&grant.registry.value));
    Some(super::domain::names_of_records(&service.form, among.map(|(maker, grant)| (&maker.form, grant))))
}

/// What is known of the records that answers name; nothing where neither conditions nor rules look at them.
fn named(services: &[&Arc<Service>], service: &Service) -> Option<FieldDomain> {
    let of_registry = |registry: &Name| {
        let creates = |grant: &Grant| grant.mode == Mode::Create && grant.registry.value == *registry;
        let makers = services.iter().filter(|maker| maker.grants.iter().any(creates));
        super::domain::of_records(&makers.map(|maker| &maker.form).collect::<Vec<_>>(), &service.form)
    };
    service.looks_at_named().then(|| super::domain::named(&service.form, &of_registry)).flatten()
}

/// Holds rules of fees to what is known of the records that answers name.
fn rules_with(service: &Service, named: FieldDomain, out: &mut Diagnostics) {
    let (Some(fees), Some(billing)) = (&service.fees, &service.billing) else { return };
    let mut asked = super::domain::asked(&service.form);
    asked.lists.clone_from(&service.lists);
    asked.heads = billing.heads.iter().map(|head| head.name.clone()).collect();
    asked.calendar = Arc::clone(&fees.calendar);
    asked.record = service.on_record.as_ref().map(|_| registry::fact_domain(asked.fields.clone()));
    asked.fields.insert(NAMED.to_owned(), named);
    asked.fields.extend(reserved(service));
    fees::check_again(fees, &asked, out);
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

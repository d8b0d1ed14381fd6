//! What rules may speak of: the answers that a form can give, by kind.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::base::Name;
use crate::form::{Field, Form, Kind, Options};
use crate::registry::{self, Grant};
use crate::rule::Condition;
use crate::rule::domain::{Asked, Domain, FieldDomain, NAMED, Range};

/// The answers of `form`, and what is known of the records that they name; lists, heads, record and calendar
/// are for the caller to add.
pub(super) fn of_form(form: &Form) -> Domain {
    let mut domain = Domain { fields: fields(form.fields()), ..Domain::default() };
    name_any(form, &mut domain);
    domain
}

/// Adds what is known of records that answers name, whatever they are: what makes them stands in other services.
fn name_any(form: &Form, domain: &mut Domain) {
    domain.fields.extend(named(form, &|_| FieldDomain::Any).map(|named| (NAMED.to_owned(), named)));
}

/// What rules know of the records that the answers to `form` name, by question: of a question in a repeated
/// group a list. `answers` tells of what kind the answers of a registry's records are. Nothing where no
/// answer names a record, or where the form itself asks something of that name.
pub(super) fn named(form: &Form, answers: &dyn Fn(&Name) -> FieldDomain) -> Option<FieldDomain> {
    let mut named = BTreeMap::new();
    name_records(form.fields(), answers, &mut named);
    (!named.is_empty() && form.field(NAMED).is_none()).then_some(FieldDomain::Group(named))
}

fn name_records<'a>(
    fields: impl Iterator<Item = &'a Field>,
    answers: &dyn Fn(&Name) -> FieldDomain,
    named: &mut BTreeMap<String, FieldDomain>,
) {
    for field in fields {
        match &field.kind {
            Kind::Record { registry, .. } => {
                let known = registry::named_domain(answers(registry));
                named.insert(field.name.to_string(), FieldDomain::Group(known));
            }
            Kind::Group { fields } => name_records(fields.iter(), answers, named),
            Kind::List { fields, .. } => {
                let mut of_item = BTreeMap::new();
                name_records(fields.iter(), answers, &mut of_item);
                let several = of_item.into_iter().map(|(name, known)| match known {
                    FieldDomain::Group(known) => (name, FieldDomain::Items(known)),
                    _ => (name, FieldDomain::Any),
                });
                named.extend(several);
            }
            _ => {}
        }
    }
}

/// Of what kind the answers of records are that `makers` make, for a form that asks some of it itself: what it
/// does not ask it knows as it is kept, decimals, amounts and days as texts.
pub(super) fn of_records(makers: &[&Form], own: &Form) -> FieldDomain {
    if makers.is_empty() {
        return FieldDomain::Any;
    }
    let mut known = BTreeMap::new();
    for field in makers.iter().flat_map(|maker| maker.fields()) {
        let of = own.field(&field.name).map_or_else(|| as_kept(&field.kind), |own| kind(&own.kind));
        known.insert(field.name.to_string(), of);
    }
    FieldDomain::Group(known)
}

/// How the answers of records are called, those in groups too, of which `own` and the forms beside `grants` ask some.
/// Of what kind they are is not known: each form asks in its own way what it calls alike.
pub(super) fn names_of_records<'a>(own: &'a Form, grants: impl Iterator<Item = (&'a Form, &'a Grant)>) -> FieldDomain {
    let mut known = BTreeMap::new();
    name_all(own.fields(), &mut known);
    for (form, grant) in grants {
        name_all(form.fields(), &mut known);
        let question = |name: &Name| form.field(name).map(|field| &field.kind);
        for (answer, from) in grant.set.iter().flatten() {
            add(&mut known, answer.value.to_string(), question(&from.value).map_or(FieldDomain::Any, names_alone));
        }
        // Each item of the group makes a record of its own.
        if let Some(Kind::List { fields, .. }) = grant.parts.as_ref().and_then(|parts| question(&parts.value)) {
            name_all(fields.iter(), &mut known);
        }
    }
    FieldDomain::Group(known)
}

fn name_all<'a>(fields: impl Iterator<Item = &'a Field>, known: &mut BTreeMap<String, FieldDomain>) {
    for field in fields {
        add(known, field.name.to_string(), names_alone(&field.kind));
    }
}

fn names_alone(of: &Kind) -> FieldDomain {
    let inner = |fields: &[Field]| {
        let mut known = BTreeMap::new();
        name_all(fields.iter(), &mut known);
        known
    };
    match of {
        Kind::List { fields, .. } => FieldDomain::Items(inner(fields)),
        Kind::Group { fields } => FieldDomain::Group(inner(fields)),
        _ => FieldDomain::Any,
    }
}

/// Adds an answer. Groups that are called alike have what either has; nothing is known of what is a group in one form
/// and none in another.
fn add(known: &mut BTreeMap<String, FieldDomain>, name: String, of: FieldDomain) {
    let both = |mut one: BTreeMap<String, FieldDomain>, other: BTreeMap<String, FieldDomain>| {
        for (name, of) in other {
            add(&mut one, name, of);
        }
        one
    };
    let joined = match (known.remove(&name), of) {
        (None, of) => of,
        (Some(FieldDomain::Items(one)), FieldDomain::Items(other)) => FieldDomain::Items(both(one, other)),
        (Some(FieldDomain::Group(one)), FieldDomain::Group(other)) => FieldDomain::Group(both(one, other)),
        _ => FieldDomain::Any,
    };
    known.insert(name, joined);
}

fn as_kept(of: &Kind) -> FieldDomain {
    let inner = |fields: &[Field]| fields.iter().map(|field| (field.name.to_string(), as_kept(&field.kind))).collect();
    match of {
        Kind::Decimal { .. } | Kind::Money { .. } | Kind::Date { .. } => FieldDomain::Text,
        Kind::List { fields, .. } => FieldDomain::Items(inner(fields)),
        Kind::Group { fields } => FieldDomain::Group(inner(fields)),
        other => kind(other),
    }
}

/// The same, with what else is known of the answers: the numbers that the form accepts, and whether an
/// answer need be there.
pub(super) fn asked(form: &Form) -> Domain {
    let fields = form.all_pages().flat_map(|page| page.fields.iter().map(|field| (page.when.as_ref(), field)));
    let mut domain = Domain {
        fields: fields.map(|(when, field)| (field.name.to_string(), one(field, when))).collect(),
        ..Domain::default()
    };
    name_any(form, &mut domain);
    domain
}

fn one(field: &Field, page_when: Option<&Condition>) -> FieldDomain {
    let inner = |fields: &[Field]| fields.iter().map(|field| (field.name.to_string(), one(field, None))).collect();
    let kind = match &field.kind {
        Kind::List { fields, .. } => FieldDomain::Items(inner(fields)),
        Kind::Group { fields } => FieldDomain::Group(inner(fields)),
        other => kind(other),
    };
    let conditions = page_when.into_iter().chain(&field.when);
    let asked = Asked {
        range: range(&field.kind),
        optional: field.optional,
        depends_on: conditions.flat_map(|condition| condition.fields.iter().cloned()).collect(),
    };
    if asked == Asked::default() { kind } else { FieldDomain::Asked(Box::new(kind), asked) }
}

/// The numbers that are accepted as an answer of this kind.
fn range(kind: &Kind) -> Option<Range> {
    let (min, max, places) = match kind {
        Kind::Number { min, max, .. } => (min.map(Decimal::from), max.map(Decimal::from), 0),
        Kind::Rating => (Some(Decimal::ONE), Some(Decimal::from(5)), 0),
        Kind::Decimal { min, max, places } => (*min, *max, *places),
        Kind::Money { min, max } => (Some(min.unwrap_or_default().rupees()), max.map(crate::base::Money::rupees), 2),
        _ => return None,
    };
    Some(Range { min, max, step: Decimal::new(1, places) })
}

fn fields<'a>(of: impl IntoIterator<Item = &'a Field>) -> BTreeMap<String, FieldDomain> {
    of.into_iter().map(|field| (field.name.to_string(), kind(&field.kind))).collect()
}

fn kind(kind: &Kind) -> FieldDomain {
    match kind {
        Kind::Text { .. } | Kind::Phone | Kind::Email | Kind::Place { .. } | Kind::Record { .. } => FieldDomain::Text,
        Kind::Number { .. } | Kind::Rating => FieldDomain::Number,
        Kind::Decimal { .. } => FieldDomain::Decimal,
        Kind::Money { .. } => FieldDomain::Money,
        Kind::Date { .. } => FieldDomain::Date,
        Kind::YesNo | Kind::Declaration => FieldDomain::Flag,
        Kind::Choice { options: Options::Here(options) } => FieldDomain::Choice(codes(options)),
        Kind::Choice { options: Options::List(list) } => FieldDomain::ListCode(list.name.clone()),
        Kind::Choices { options: Options::Here(options), .. } => FieldDomain::Choices(codes(options)),
        Kind::Choices { options: Options::List(list), .. } => FieldDomain::ListCodes(list.name.clone()),
        Kind::List { fields: inner, .. } => FieldDomain::Items(fields(inner)),
        Kind::Group { fields: inner } => FieldDomain::Group(fields(inner)),
        Kind::File { .. } | Kind::Photo { .. } => FieldDomain::File,
        Kind::Point => FieldDomain::Any,
    }
}

fn codes(options: &[(String, crate::base::Text)]) -> Vec<String> {
    options.iter().map(|(code, _)| code.clone()).collect()
}

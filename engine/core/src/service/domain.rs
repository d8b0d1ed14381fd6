//! What rules may speak of: the answers that a form can give, by kind.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::form::{Field, Form, Kind, Options};
use crate::rule::Condition;
use crate::rule::domain::{Asked, Domain, FieldDomain, Range};

/// The answers of `form`; lists, heads, record and calendar are for the caller to add.
pub(super) fn of_form(form: &Form) -> Domain {
    Domain { fields: fields(form.fields()), ..Domain::default() }
}

/// The same, with what else is known of the answers: the numbers that the form accepts, and whether an
/// answer need be there.
pub(super) fn asked(form: &Form) -> Domain {
    let fields = form.all_pages().flat_map(|page| page.fields.iter().map(|field| (page.when.as_ref(), field)));
    Domain {
        fields: fields.map(|(when, field)| (field.name.to_string(), one(field, when))).collect(),
        ..Domain::default()
    }
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
        Kind::Number { min, max } => (min.map(Decimal::from), max.map(Decimal::from), 0),
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

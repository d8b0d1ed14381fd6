//! What rules may speak of: the answers that a form can give, by kind.

use std::collections::BTreeMap;

use crate::form::{Field, Form, Kind, Options};
use crate::rule::domain::{Domain, FieldDomain};

/// The answers of `form`; lists, heads, record and calendar are for the caller to add.
pub(super) fn of_form(form: &Form) -> Domain {
    Domain { fields: fields(form.fields()), ..Domain::default() }
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
        Kind::File { .. } | Kind::Photo { .. } | Kind::Point => FieldDomain::Any,
    }
}

fn codes(options: &[(String, crate::base::Text)]) -> Vec<String> {
    options.iter().map(|(code, _)| code.clone()).collect()
}

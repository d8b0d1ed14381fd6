//! # validity-field
//!
//! The validity of a grant depends on an answer that the form does not ask, or that is no date (for
//! `field`), no number (for `days` and `financial_years`) or no financial year (for
//! `financial_year_of`).
//!
//! **Why it matters.** Nobody could say until when the record is valid, and the grant would be
//! refused.
//!
//! **Remedy.** Name a date question of the form that is always asked.

use crate::base::Name;
use crate::form::Kind;
use crate::registry::Validity;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::suggest::help;
use crate::source::{Diagnostic, Diagnostics};

manual!("validity-field", "validity_field.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for grant in &service.grants {
        for validity in std::iter::once(&grant.valid_from).chain(&grant.valid_until).chain(&grant.effective) {
            let (name, fits): (&Name, fn(&Kind) -> bool) = match validity.bare() {
                Validity::Field(name) => (name, |kind| matches!(kind, Kind::Date { .. })),
                Validity::FinancialYears(name) | Validity::Days(name) => {
                    (name, |kind| matches!(kind, Kind::Number { .. } | Kind::Choice { .. }))
                }
                Validity::FinancialYearOf(name) => {
                    (name, |kind| matches!(kind, Kind::Text { .. } | Kind::Choice { .. }))
                }
                _ => continue,
            };
            let field = service.form.all_pages().flat_map(|page| &page.fields).find(|field| field.name == *name);
            if !field.is_some_and(|field| fits(&field.kind)) {
                let title = format!("validity depends on `{name}`, which is no such question");
                let names: Vec<&str> = service
                    .form
                    .pages
                    .iter()
                    .flat_map(|page| &page.fields)
                    .filter(|field| fits(&field.kind))
                    .map(|field| field.name.as_str())
                    .collect();
                out.push(
                    Diagnostic::error(MANUAL, &grant.at, title, "nobody could say how long it is valid")
                        .maybe_help(help(name, names)),
                );
            }
        }
    }
}

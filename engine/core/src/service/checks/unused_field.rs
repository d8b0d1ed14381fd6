//! # unused-field
//!
//! A number or an amount is asked and nothing computes with it; or, in a service that no officer
//! reads, any question that no condition, rule, template or validity uses.
//!
//! **Why it matters.** Every question costs a citizen time; data that nobody needs must not be
//! collected at all.
//!
//! **Remedy.** Use it in a rule, a condition or a template, or remove the question.

use crate::form::Kind;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use std::collections::BTreeSet;

manual!("unused-field", "unused_field.rs");

pub(crate) fn check(service: &Service, uses: &BTreeSet<String>, out: &mut Diagnostics) {
    let has_officers = service.workflow.states.iter().any(|state| state.officers().next().is_some());
    for page in &service.form.pages {
        for field in page.fields.iter().filter(|field| !uses.contains(field.name.as_str())) {
            let read =
                has_officers && !matches!(field.kind, Kind::Number { .. } | Kind::Decimal { .. } | Kind::Money { .. });
            if !read {
                let title = format!("nothing uses the answer to `{}`", field.name);
                out.push(
                    Diagnostic::warning(MANUAL, &field.at, title, "people would be asked for nothing")
                        .help("use it in a rule or a template, or remove it"),
                );
            }
        }
    }
}

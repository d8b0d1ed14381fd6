//! # same-number
//!
//! Two things that a town gives numbers to have the same format: the applications of two services, an application and
//! a receipt, a receipt and a record of a register.
//!
//! **Why it matters.** They would share one series. Each of them would have gaps, and nobody could tell by its number
//! whether a paper is an application, a receipt or a permit.
//!
//! **Remedy.** Choose other letters for one of them: `WTR/{tenant}/{fy}/{serial:6}` for the applications,
//! `WTRR/{tenant}/{fy}/{serial:6}` for the receipts. Grants that make records of the same register may share a format,
//! and so may the receipts of several services: a town may have one book of them.

use std::sync::Arc;

use crate::registry::{NumberFormat, TILLS, VOUCHERS};
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{At, Diagnostic, Diagnostics};

manual!("same-number", "same_number.rs");

const RECEIPTS: &str = "receipts";

/// What gets a number.
struct Numbered<'a> {
    service: &'a str,
    what: &'static str,
    /// The register, if it is a record.
    registry: Option<&'a str>,
    format: &'a At<NumberFormat>,
}

/// Compares the numbers that the services of one town give.
pub(crate) fn check(services: &[&Arc<Service>], out: &mut Diagnostics) {
    let of_the_town =
        [("vouchers", VOUCHERS), ("tills", TILLS)].map(|(of, prefix)| (of, NumberFormat::by_year(prefix, 1)));
    let mut first: Vec<Numbered<'_>> = Vec::new();
    for numbered in services.iter().flat_map(|service| given_by(service)) {
        let (service, what, format) = (numbered.service, numbered.what, numbered.format);
        let title = |of: &str| format!("{what} of `{service}` are numbered as {of} are");
        let (title, other) = if let Some((of, _)) = of_the_town.iter().find(|(_, taken)| taken.same_series(format)) {
            (title(&format!("the {of} of the town")), None)
        } else if let Some(other) = first.iter().find(|other| other.format.same_series(format)) {
            // A register may be filled by several grants, and a town may have one book of receipts.
            let one_book = what == RECEIPTS && other.what == RECEIPTS;
            if one_book || (numbered.registry.is_some() && numbered.registry == other.registry) {
                continue;
            }
            (title(&format!("{} of `{}`", other.what, other.service)), Some(&other.format.at))
        } else {
            first.push(numbered);
            continue;
        };
        let found = Diagnostic::error(MANUAL, &format.at, title, "both would be of one series");
        let found = match other {
            Some(at) => found.other(at, "the same format"),
            None => found,
        };
        out.push(found.help("choose other letters for one of them"));
    }
}

/// Everything that a service numbers.
fn given_by(service: &Arc<Service>) -> Vec<Numbered<'_>> {
    let id = service.id.as_str();
    let numbered = |what, registry, format| Numbered { service: id, what, registry, format };
    let mut all = vec![numbered("applications", None, &service.number)];
    all.extend(service.billing.iter().map(|billing| numbered(RECEIPTS, None, &billing.receipt_number)));
    for grant in &service.grants {
        let registry = Some(grant.registry.value.as_str());
        all.extend(grant.number.iter().map(|format| numbered("records", registry, format)));
    }
    all
}

//! # public-without-record
//!
//! `billing.yaml` says `pay: public`, and the service neither makes records nor is about any.
//!
//! **Why it matters.** Anybody may pay by the number of a record; without records there is no number,
//! and nobody would ever find what is owed.
//!
//! **Remedy.** Leave `pay` out, or write `pay: public` in the service that bills the record: the one with
//! `opens:`, `on_record:` or a grant.

use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};

manual!("public-without-record", "public_without_record.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let Some(pay) =
        service.billing.as_ref().filter(|billing| billing.is_public()).and_then(|billing| billing.pay.as_ref())
    else {
        return;
    };
    if service.charges_on().is_none() {
        out.push(
            Diagnostic::error(MANUAL, &pay.at, "this service charges on no record", "nobody would find what is owed")
                .help("leave `pay` out, or add a grant, `on_record` or `opens` to service.yaml"),
        );
    }
}

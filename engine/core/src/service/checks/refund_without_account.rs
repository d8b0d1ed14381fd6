//! # refund-without-account
//!
//! An action says `excess: refund`, and postings.yaml does not say which account the money leaves; or it
//! does, and no action pays anything back.
//!
//! **Why it matters.** The money would leave the town without an entry in its books.
//!
//! **Remedy.** Add `refund:` to postings.yaml: it debits the account that `unapplied` credits, and credits
//! the account of the bank.

use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};

manual!("refund-without-account", "refund_without_account.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let actions = service.workflow.states.iter().flat_map(|state| &state.actions);
    let mut refunds = actions.filter(|action| action.excess.is_some()).peekable();
    if let Some(refund) = service.postings.as_ref().and_then(|postings| postings.refund.as_ref()) {
        if refunds.peek().is_none() {
            out.push(
                Diagnostic::error(MANUAL, &refund.debit.at, "no action pays anything back", "this is never booked")
                    .help("add `excess: refund` to an action, or remove `refund`"),
            );
        }
        return;
    }
    for action in refunds {
        let title = format!("`{}` pays money back, and no account says from where", action.name);
        out.push(
            Diagnostic::error(MANUAL, &action.at, title, "it would leave without an entry in the books")
                .help("add `refund: { debit: \u{2026}, credit: \u{2026} }` to postings.yaml"),
        );
    }
}

//! # refund-without-account
//!
//! An action says `excess: refund` or `excess: set_off`, and postings.yaml does not say which accounts the money
//! moves between; or it does, and no action moves any.
//!
//! **Why it matters.** The money would leave the town, or the account of its payer, without an entry in the books.
//!
//! **Remedy.** Add `refund:` or `set_off:` to postings.yaml: it debits the account that `unapplied` credits. A refund
//! credits the account of the bank; a set-off credits an account on which the money waits for the other bill.

use crate::ledger::Pair;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::ExcessEffect;

manual!("refund-without-account", "refund_without_account.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    let postings = service.postings.as_ref();
    one(service, ExcessEffect::Refund, postings.and_then(|postings| postings.refund.as_ref()), out);
    one(service, ExcessEffect::SetOff, postings.and_then(|postings| postings.set_off.as_ref()), out);
}

fn one(service: &Service, effect: ExcessEffect, pair: Option<&Pair>, out: &mut Diagnostics) {
    let actions = service.workflow.states.iter().flat_map(|state| &state.actions);
    let mut moving = actions.filter(|action| action.excess == Some(effect)).peekable();
    let word = effect.word();
    let (idle, unsaid) = match effect {
        ExcessEffect::Refund => ("no action pays anything back", "pays money back, and no account says from where"),
        ExcessEffect::SetOff => ("no action sets anything off", "sets money off, and no account says where it waits"),
    };
    if let Some(pair) = pair {
        if moving.peek().is_none() {
            out.push(
                Diagnostic::error(MANUAL, &pair.debit.at, idle, "this is never booked")
                    .help(format!("add `excess: {word}` to an action, or remove `{word}`")),
            );
        }
        return;
    }
    for action in moving {
        let title = format!("`{}` {unsaid}", action.name);
        out.push(
            Diagnostic::error(MANUAL, &action.at, title, "it would leave without an entry in the books")
                .help(format!("add `{word}: {{ debit: \u{2026}, credit: \u{2026} }}` to postings.yaml")),
        );
    }
}

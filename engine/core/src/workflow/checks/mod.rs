//! What can be wrong with a workflow by itself. One check, one file.

pub mod clock_in_end;
pub mod counts_on_idle;
pub mod dead_end;
pub mod edge_without_trigger;
pub mod endless_clock;
pub mod missing_done;
pub mod same_trigger_twice;
pub mod unknown_state;
pub mod unreachable_state;

use super::Workflow;
use crate::base::Name;
use crate::source::{Diagnostics, Manual};

/// Every check of this folder.
pub const ALL: &[Manual] = &[
    clock_in_end::MANUAL,
    counts_on_idle::MANUAL,
    dead_end::MANUAL,
    edge_without_trigger::MANUAL,
    endless_clock::MANUAL,
    missing_done::MANUAL,
    same_trigger_twice::MANUAL,
    unknown_state::MANUAL,
    unreachable_state::MANUAL,
];

/// The checks that need the whole graph; they run once every name is known to be right.
/// `entered` is a state besides the first in which cases begin, if there is one.
pub(crate) fn graph(workflow: &Workflow, entered: Option<&Name>, out: &mut Diagnostics) {
    unreachable_state::check(workflow, entered, out);
    dead_end::check(workflow, out);
    clock_in_end::check(workflow, out);
    counts_on_idle::check(workflow, out);
    endless_clock::check(workflow, out);
    missing_done::check(workflow, out);
    same_trigger_twice::check(workflow, out);
}

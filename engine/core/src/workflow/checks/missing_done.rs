//! # missing-done
//!
//! An action does not say what the history reads once it was taken.
//!
//! **Why it matters.** A case shows its applicant and its officers what was done, step by step. Without
//! `done` stands there what the button says, "Approve": an order, as if it were still to be followed.
//! What the clock does needs words as well: it stands in the history like every other step.
//!
//! **Remedy.** Write `done` beside the action, as something that is past, and the same under `done:` in
//! `locales/<language>.yaml`:
//!
//! ```yaml
//! approve: { by: officer, to: payment, done: Approved }
//! ```

use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};
use crate::workflow::Workflow;

manual!("missing-done", "missing_done.rs");

pub(super) fn check(workflow: &Workflow, out: &mut Diagnostics) {
    let actions = workflow.states.iter().flat_map(|state| &state.actions);
    for action in actions.filter(|action| action.done.is_none()) {
        let title = format!("`{}` does not say what the history reads afterwards", action.name);
        let label = format!("it would read \"{}\", as if that were still to be done", action.label.written);
        out.push(
            Diagnostic::warning(MANUAL, &action.at, title, label)
                .help("add `done: …`, as in `done: Approved`, and the same in each of locales/"),
        );
    }
}

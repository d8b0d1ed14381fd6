//! # holder-alone
//!
//! A state is left to somebody who has a role by a record: it is edited in that role, or the role acts in it, and
//! nobody else and no clock leads out of it. Or such a role is to edit, or to act, where a case begins.
//!
//! **Why it matters.** Whoever holds the record may do nothing, and a record is suspended, expires or goes to somebody
//! else: the case would stay there, and the applicant could not even name another. And where a case begins nobody but
//! the applicant has to do with it: it is handed in first.
//!
//! **Remedy.** Let the applicant take the case back with an action, or a clock go on with `after:`. Let what is drawn
//! together begin in a state behind the first one.

use crate::base::Name;
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{At, Diagnostic, Diagnostics};
use crate::workflow::{Action, Once, State, Trigger};

manual!("holder-alone", "holder_alone.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for state in &service.workflow.states {
        let Some(role) = first_held(service, state) else { continue };
        if state.name == service.workflow.start.value {
            let title = format!("nobody is `{}` where a case begins", role.value);
            out.push(
                Diagnostic::error(MANUAL, &role.at, title, "this could never be done")
                    .help("let the applicant hand the case in first, to a state of its own"),
            );
        } else if state.end.is_none() && !state.actions.iter().any(|action| leads_out(service, state, action)) {
            let title = format!("only `{}` leads out of `{}`", role.value, state.name);
            out.push(
                Diagnostic::error(MANUAL, &role.at, title, "the case stays here if the record is suspended or ends")
                    .help("let the applicant take it back, or add an action with `after:`"),
            );
        }
    }
}

/// The first place in a state at which a role stands that follows from a record.
fn first_held<'a>(service: &Service, state: &'a State) -> Option<&'a At<Name>> {
    let acting = state.actions.iter().flat_map(Action::roles);
    state.edit.iter().chain(acting).find(|role| service.is_held(&role.value))
}

/// Whether an action leads to another state without anybody who has a role by a record.
fn leads_out(service: &Service, state: &State, action: &Action) -> bool {
    let others = match &action.trigger {
        Trigger::By(roles) => action.within.is_none() && roles.iter().any(|role| !service.is_held(&role.value)),
        // What becomes of a record, of money or of other cases may never come.
        Trigger::Once(once, _) => *once == Once::Overdue && state.sla.is_some(),
        Trigger::After(..) => true,
    };
    others && action.when.is_empty() && action.to.value != state.name
}

//! Which action a command takes.

use super::{APPLICANT, Action, State, Trigger};
use crate::base::{Calendar, Moment, Name};

impl Action {
    /// When an action of the clock is due in a state that was entered at `entered`.
    pub fn due(&self, entered: Moment, calendar: &Calendar) -> Option<Moment> {
        match &self.trigger {
            Trigger::After(span, _) => Some(span.after(entered, calendar)),
            _ => None,
        }
    }

    /// Whether the time in which it may be taken is over.
    pub fn is_too_late(&self, entered: Moment, now: Moment, calendar: &Calendar) -> bool {
        self.within.is_some_and(|span| span.after(entered, calendar).ms < now.ms)
    }

    /// The first of `held` that lets somebody take this action.
    pub fn role_of<'a>(&'a self, held: &'a [Name]) -> Option<&'a Name> {
        self.roles().iter().map(|role| &role.value).find(|role| held.contains(role))
    }
}

impl State {
    /// The roles that can act here, the applicant left out.
    pub fn officers(&self) -> impl Iterator<Item = &Name> {
        let acting = self.actions.iter().flat_map(Action::roles).map(|role| &role.value);
        let editing = self.edit.iter().map(|role| &role.value);
        acting.chain(editing).filter(|role| **role != *APPLICANT)
    }

    /// Whether the applicant is asked to do something here.
    pub fn asks_applicant(&self) -> bool {
        self.waits_for_applicant || self.edit.as_ref().is_some_and(|role| role.value == *APPLICANT)
    }
}

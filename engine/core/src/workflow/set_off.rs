//! What sets actions off, in a few words: for drawings of a workflow and for what others read of it.

use super::{Action, Once, Trigger};

impl Action {
    /// What sets it off, in the words of the definition: the roles, `once paid`, `after 15 working days`.
    #[must_use]
    pub fn set_off_by(&self) -> String {
        match &self.trigger {
            Trigger::By(roles) => roles.iter().map(|role| role.value.to_string()).collect::<Vec<_>>().join(", "),
            Trigger::Once(once, _) => self.waited_for(*once),
            Trigger::After(span, _) => format!("after {}", span.written()),
        }
    }

    /// What it waits for. No more than there is room for in a drawing, where names do not make it longer.
    fn waited_for(&self, once: Once) -> String {
        match once {
            Once::Paid => "once paid".to_owned(),
            Once::Owing => "once owing".to_owned(),
            Once::Overdue => "once overdue".to_owned(),
            Once::Expired => "once expired".to_owned(),
            Once::Revoked => "once revoked".to_owned(),
            Once::Renewed => "once renewed".to_owned(),
            Once::Amended => "once amended".to_owned(),
            Once::Children(how) => format!("once children {}", how.word()),
            Once::ChildrenNamed => {
                let each = self.children.iter().map(|(name, how)| format!("{} {}", name.value, how.word()));
                format!("once {}", each.collect::<Vec<_>>().join(", "))
            }
            Once::Period => "each period".to_owned(),
            Once::Due => "once due".to_owned(),
            Once::Answered => "once a program answered".to_owned(),
            Once::Failed => "once a program failed".to_owned(),
            Once::Over => "once its time is over".to_owned(),
            Once::Expiring(span) => format!("{} before expiry", span.written()),
        }
    }
}

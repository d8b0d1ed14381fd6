//! What sets actions off, in words that stand in drawings.

use engine::base::Span;
use engine::workflow::{Action, Once, Trigger};

/// What sets an action off, in the words of the definition.
pub(crate) fn trigger(action: &Action) -> String {
    match &action.trigger {
        Trigger::By(roles) => roles.iter().map(|role| role.value.to_string()).collect::<Vec<_>>().join(", "),
        Trigger::Once(once, _) => waits_for(*once),
        Trigger::After(span, _) => format!("after {}", length(*span)),
    }
}

/// What is waited for.
pub(crate) fn waits_for(once: Once) -> String {
    match once {
        Once::Paid => "once paid".to_owned(),
        Once::Owing => "once owing".to_owned(),
        Once::Overdue => "once overdue".to_owned(),
        Once::Expired => "once expired".to_owned(),
        Once::Revoked => "once revoked".to_owned(),
        Once::Renewed => "once renewed".to_owned(),
        Once::Amended => "once amended".to_owned(),
        Once::Children(how) => format!("once children {}", how.word()),
        Once::ChildrenNamed => "once certain of its cases have ended".to_owned(),
        Once::Period => "each period".to_owned(),
        Once::Answered => "once a program has answered".to_owned(),
        Once::Failed => "once a program could not answer".to_owned(),
        Once::Over => "once its time is over".to_owned(),
        Once::Expiring(span) => format!("{} before expiry", length(span)),
    }
}

/// A length of time: `15 working days`.
pub(crate) fn length(span: Span) -> String {
    let (count, unit) = span.count_and_unit();
    format!("{count} {}", unit.replace('_', " "))
}

/// A length of time as ISO 8601 writes it. It knows no working days: they are counted as days there.
pub(crate) fn iso(span: Span) -> String {
    let (count, unit) = span.count_and_unit();
    match unit.trim_end_matches('s') {
        "minute" => format!("PT{count}M"),
        "hour" => format!("PT{count}H"),
        "month" => format!("P{count}M"),
        "year" => format!("P{count}Y"),
        _ => format!("P{count}D"),
    }
}

/// The condition under which an action is offered, as it is written.
pub(crate) fn when(action: &Action) -> Option<&str> {
    action.when.as_ref().map(|condition| condition.source.as_str())
}

//! Lengths of time and conditions, in words that stand in documents.

use engine::base::Span;
use engine::workflow::Action;

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

/// The condition under which an action is offered, as it is written; of several, all in one.
pub(crate) fn when(action: &Action) -> Option<String> {
    let mut written: Vec<String> = action.conditions().map(|condition| condition.source.clone()).collect();
    if written.len() < 2 {
        return written.pop();
    }
    Some(written.iter().map(|source| format!("({source})")).collect::<Vec<_>>().join(" && "))
}

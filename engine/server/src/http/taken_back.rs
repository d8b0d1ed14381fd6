//! Why a receipt is taken back. The reason that was chosen is kept by its name, so that everybody reads it in the own
//! language; what was said besides stands behind it, as it was typed.

use ui_gen::Words;

use crate::store::events::Event;

/// The words of the reasons.
pub(super) const REASONS: &str = "cancel_why.";
/// The reason that says nothing by itself.
pub(super) const OTHER: &str = "other";
/// What stands between the name of a reason and what was said besides.
const BESIDES: &str = ": ";

/// A reason as it is kept: its name, and what was said besides.
pub(super) fn kept(name: &str, besides: &[&str]) -> String {
    let parts = [name].into_iter().chain(besides.iter().copied()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(BESIDES)
}

/// A reason as it is read. What is no name of one, as all that was kept before they had names, is shown as it is.
pub(super) fn shown(words: &Words, kept: &str) -> String {
    let (name, besides) = kept.split_once(BESIDES).unwrap_or((kept, ""));
    match words.find(&format!("{REASONS}{name}")) {
        None => kept.to_owned(),
        Some(_) if name == OTHER && !besides.is_empty() => besides.to_owned(),
        Some(label) if besides.is_empty() => label.to_owned(),
        Some(label) => format!("{label}{BESIDES}{besides}"),
    }
}

/// What was said with an event, where that may be why a receipt was taken back.
pub(super) fn comment(words: &Words, event: &Event) -> String {
    let said = event.outcome["comment"].as_str().unwrap_or_default();
    if event.command["word"] == "cancel_receipt" { shown(words, said) } else { said.to_owned() }
}

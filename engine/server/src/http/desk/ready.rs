//! Sentences that a definition has ready for the comment of an action, in the applicant's language: who
//! works with scripts has one at once, who does not presses a button.

use engine::case::Case;
use engine::workflow::Action;
use ui_gen::view::choice::Opt;

use crate::http::ask::Ask;
use crate::problem::Problem;

/// The sentences.
pub(super) fn offered(action: &Action, case: &Case) -> Vec<Opt> {
    let option = |(name, text): &(engine::base::Name, engine::base::Text)| {
        Opt::new(name.as_str(), text.in_language(&case.language))
    };
    action.templates.iter().map(option).collect()
}

/// Whether the button was pressed that puts a sentence into the comment.
pub(super) fn is_pressed(ask: &Ask) -> Result<bool, Problem> {
    Ok(!ask.field("_fill")?.is_empty())
}

/// The comment with the sentence that was chosen.
pub(super) fn filled(ask: &Ask, action: &Action, comment: &str) -> Result<String, Problem> {
    let chosen = ask.field("ready")?;
    let sentence = offered(action, ask.case()).into_iter().find(|option| option.value == chosen);
    let parts = [comment.trim().to_owned(), sentence.map(|option| option.label).unwrap_or_default()];
    Ok(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n"))
}

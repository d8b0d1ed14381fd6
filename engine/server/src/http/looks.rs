//! Who read at the desk what is personal about somebody, and to what purpose. It is an event of the case, one a day for
//! each person: whoever opens a case again and again fills no chain.

use connectors::control::holds;
use engine::base::Moment;
use engine::case::Actor;
use serde_json::json;
use ui_gen::Words;

use super::ask::Ask;
use crate::problem::Problem;
use crate::store::events::{self, Event};
use crate::store::{By, Error, retry};

/// The word that names such an event.
const WORD: &str = "look";

/// Why somebody may read what is personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The case is that person's to work on.
    HasIt,
    /// The person may take the next step.
    CanAct,
    /// The person said why, not long ago.
    SaidWhy,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Self::HasIt => "has_it",
            Self::CanAct => "can_act",
            Self::SaidWhy => "said_why",
        }
    }
}

/// Writes down that `actor` reads what is personal in a case, unless that was written down today already, which what
/// happened to the case so far tells.
pub(crate) async fn note(
    ask: &Ask,
    (case, history): (&str, &[Event]),
    actor: &Actor,
    purpose: Purpose,
) -> Result<(), Problem> {
    let now = ask.now();
    let midnight = Moment::at(now.day(), 0, now.offset_minutes);
    let of_today = |event: &Event| is_look(event) && event.actor == actor.person && event.at_ms >= midnight.ms;
    if history.iter().any(of_today) || !holds("priv_02_looks") {
        return Ok(());
    }
    let write = || async {
        let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
        // Of two pages that are opened at once the second finds what the first wrote.
        events::hold(&mut tx).await?;
        if !events::has_looked(&mut tx, case, &actor.person, midnight.ms).await? {
            let facts = json!({ "purpose": purpose.word() });
            events::note(&mut tx, By::new(actor, now.ms), Some(case), WORD, facts).await?;
        }
        tx.commit().await
    };
    Ok(retry(Error::is_passing, write).await?)
}

/// Whether an event says that somebody read what is personal.
pub(crate) fn is_look(event: &Event) -> bool {
    event.command["word"] == WORD
}

/// To what purpose somebody read it, in words; nothing for other events.
pub(crate) fn purpose(words: &Words, event: &Event) -> String {
    match event.command["facts"]["purpose"].as_str().filter(|_| is_look(event)) {
        Some("has_it") => words.get("look.has_it"),
        Some("can_act") => words.get("look.can_act"),
        Some("said_why") => words.get("look.said_why"),
        _ => String::new(),
    }
}

//! Who was given a copy of a paper, and when. It is an event of the case, one a day for each person and paper: whoever
//! opens a paper again and again fills no chain.

use engine::base::{Day, Moment};
use serde_json::json;

use super::ask::Ask;
use crate::problem::Problem;
use crate::store::events::{self, Event};
use crate::store::papers::Paper;
use crate::store::{By, Error, retry};

/// The word that names such an event.
pub(crate) const WORD: &str = "fetch";

/// Writes down that whoever asks is given a copy of a paper, unless that was written down today already.
pub(crate) async fn note(ask: &Ask, paper: &Paper) -> Result<(), Problem> {
    let Some(actor) = ask.who.actor("", &[]) else { return Ok(()) };
    let now = ask.now();
    let midnight = Moment::at(now.day(), 0, now.offset_minutes);
    let (done, of) = ((actor.person.as_str(), WORD), ("paper", paper.id.as_str()));
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let noted = events::is_noted(&mut tx, &paper.case, done, of, midnight.ms).await?;
    drop(tx);
    if noted {
        return Ok(());
    }
    let write = || async {
        let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
        let facts = json!({ "paper": paper.id, "document": paper.document });
        events::note(&mut tx, By::new(&actor, now.ms), Some(&paper.case), WORD, facts).await?;
        tx.commit().await
    };
    Ok(retry(Error::is_passing, write).await?)
}

/// The events by which copies of a paper were given, in order.
pub(crate) fn of<'a>(history: &'a [Event], paper: &str) -> Vec<&'a Event> {
    let given = |event: &&Event| event.command["word"] == WORD && event.command["facts"]["paper"] == paper;
    history.iter().filter(given).collect()
}

/// On how many days these events happened, which are in order, and the last of them; nothing where there are none.
pub(crate) fn days<'a>(now: Moment, events: &[&'a Event]) -> Option<(usize, &'a Event)> {
    let mut days: Vec<Day> = events.iter().map(|event| now.with_ms(event.at_ms).day()).collect();
    days.dedup();
    events.last().map(|last| (days.len(), *last))
}

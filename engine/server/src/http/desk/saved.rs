//! `POST /{tenant}/desk/views`: keeps the list in the address under a name, or forgets one.

use super::filter::Filters;
use super::inbox;
use crate::http::ask::{Answer, Ask};
use crate::problem::Problem;
use crate::store::views::{self, View};

/// Letters of a name.
const NAME: usize = 40;
/// Lists that one person keeps.
const MOST: usize = 20;

/// `POST /{tenant}/desk/views`
pub(crate) async fn take(ask: &Ask) -> Answer {
    let filters = Filters::of(ask)?.with("sort", "").with("page", "");
    let (name, forget) = (ask.said("name")?.trim(), ask.field("forget")?);
    let person = &ask.employee()?.id;
    // Without its words it is another list than the one that is to be kept.
    let lost = filters.lost() && forget.is_empty();
    if ask.only_shows() || lost {
        let status = if lost { 422 } else { 200 };
        return inbox::shown(ask, filters, inbox::Wrong { name, ..inbox::Wrong::default() }, status).await;
    }
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    if !forget.is_empty() {
        views::remove(&mut tx, person, forget).await?;
    } else if let Some(wrong) = judged(name, &views::of(&mut tx, person).await?) {
        drop(tx);
        let n = if wrong == "view.many" { MOST } else { NAME };
        let error = ask.words().say(wrong, &[("n", &n.to_string())]);
        return inbox::shown(ask, filters, inbox::Wrong { name, name_error: &error, ..Default::default() }, 422).await;
    } else {
        let view = View { name: name.to_owned(), query: filters.query() };
        views::keep(&mut tx, person, &view, ask.now().ms).await?;
    }
    tx.commit().await.map_err(Problem::from)?;
    ask.redirect(&format!("{}{}", ask.at("/desk/inbox"), filters.query()))
}

/// What is wrong with a name, if something is.
fn judged(name: &str, kept: &[View]) -> Option<&'static str> {
    if name.is_empty() || name.chars().count() > NAME {
        return Some("view.name_missing");
    }
    (kept.len() >= MOST && kept.iter().all(|view| view.name != name)).then_some("view.many")
}

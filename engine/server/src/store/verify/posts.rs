//! Whoever acted on a case was allowed to at that time: an officer held a post that gives the role, by what was told
//! of posts until then, and whoever acted as the applicant was the applicant.
//!
//! A town in which nobody was appointed yet has no desk, and is not judged. Places and departments are not looked at:
//! where a case lies follows from its answers, which may have been others then. Days are those of UTC, and the one
//! before and after: no row tells the hour of the town.

use std::collections::BTreeMap;

use engine::base::date::{add_days, parse_day};
use engine::base::{Day, Moment};
use engine::workflow::APPLICANT;
use serde_json::Value as Json;

use super::super::appointments::EVERY_SERVICE;
use super::super::error::Result;
use super::super::events::Event;
use super::super::tx::Tx;
use super::chain::Told;
use super::{Finding, Gather};

/// A role that somebody was given.
struct Post {
    service: String,
    role: String,
    place: String,
    from: Option<Day>,
    until: Option<Day>,
}

impl Post {
    /// Whether it is the same post, whenever it ends.
    fn is_same(&self, other: &Self) -> bool {
        self.service == other.service && self.role == other.role && self.place == other.place && self.from == other.from
    }
}

/// The posts that were given so far, and who acted without one.
#[derive(Default)]
pub(super) struct Posts {
    held: BTreeMap<String, Vec<Post>>,
    /// The number of the event, and what is wrong with it.
    without: Vec<(i64, String)>,
}

impl Posts {
    /// Hears of an event; `service` is that of its case, if it is about one.
    pub(super) fn hear(&mut self, event: &Event, service: Option<&str>) {
        if event.command["word"] == "appoint" {
            self.appoint(&event.command["facts"]);
        }
        let at_a_desk = ["employee", "counter"].contains(&event.actor_kind.as_str());
        let role = event.outcome["role"].as_str().filter(|role| *role != APPLICANT);
        let (Some(service), Some(role), true) = (service, role, at_a_desk) else { return };
        if !self.held.is_empty() && !self.holds((&event.actor, role), service, event.at_ms) {
            let what = format!("`{}` acted as `{role}` of `{service}`, and held no such post then", event.actor);
            self.without.push((event.seq, what));
        }
    }

    /// Somebody is given a post, or one that is there gets another last day.
    fn appoint(&mut self, facts: &Json) {
        let text = |key: &str| facts[key].as_str().unwrap_or_default().to_owned();
        let day = |key: &str| facts[key].as_str().and_then(parse_day);
        let (service, role, place) = (text("service"), text("role"), text("place"));
        let post = Post { service, role, place, from: day("from"), until: day("until") };
        let held = self.held.entry(text("person")).or_default();
        held.retain(|known| !known.is_same(&post));
        held.push(post);
    }

    fn holds(&self, (person, role): (&str, &str), service: &str, at_ms: i64) -> bool {
        let day = Moment::new(at_ms, 0).day();
        let (before, after) = (add_days(day, -1), add_days(day, 1));
        let fits = |post: &Post| {
            post.role == role
                && (post.service == service || post.service == EVERY_SERVICE)
                && post.from.is_some_and(|from| from <= after)
                && post.until.is_none_or(|until| until >= before)
        };
        self.held.get(person).is_some_and(|posts| posts.iter().any(fits))
    }

    /// Hears of an event of a case; `applied` is the citizen who acted as its applicant last, for as long as it cannot
    /// have become somebody else's.
    pub(super) fn hear_of_applicant(&mut self, event: &Event, applied: &mut Option<String>) {
        if may_change_hands(event) {
            *applied = None;
        }
        if event.actor_kind != "citizen" || event.outcome["role"] != APPLICANT {
            return;
        }
        match applied {
            Some(known) if *known != event.actor => {
                let what = format!("`{}` acted as the applicant, who was `{known}`", event.actor);
                self.without.push((event.seq, what));
            }
            Some(_) => {}
            None => *applied = Some(event.actor.clone()),
        }
    }
}

/// Whether a case may be somebody else's after an event: a draft that was written for another is taken over, and an
/// account follows its record to whoever holds that by now. The clock and the calendar do the latter, of which their
/// events tell no more than that they came.
fn may_change_hands(event: &Event) -> bool {
    match event.command["word"].as_str() {
        Some("take_up") => true,
        Some("elapse" | "period") => event.actor_kind == "system",
        _ => false,
    }
}

pub(super) async fn check(tx: &mut Tx, told: &Told, findings: &mut Vec<Finding>) -> Result<()> {
    let mut bad = Gather::new("posts", "events");
    for (seq, what) in &told.posts.without {
        bad.add(seq.to_string(), what);
    }
    bad.end(findings);
    let mut bad = Gather::new("posts", "cases");
    tx.each("select id, applicant from cases where tenant = $1 order by id".to_owned(), Vec::new(), |row| {
        let (id, applicant) = (row.text(0)?, row.text(1)?);
        let applied = told.cases.get(&id).and_then(|stand| stand.applied.as_ref());
        if let Some(applied) = applied.filter(|applied| **applied != applicant) {
            bad.add(&id, format!("is of `{applicant}`, and `{applied}` acted as its applicant"));
        }
        Ok(())
    })
    .await?;
    bad.end(findings);
    Ok(())
}

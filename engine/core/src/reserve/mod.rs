//! Places in a calendar that two cases may not have at once: a hall on a day, one of four tankers, a desk in
//! the morning.
//!
//! What a case has follows from where it stands and from what it answered; nothing is taken or given back by
//! an action. Who takes a place for a time has it until then: afterwards it is free for everybody, whether
//! anybody has looked or not.

pub(crate) mod check;
mod choose;
mod days;
pub(crate) mod yaml;

pub use choose::Choosing;
pub(crate) use days::is_word_of_closed;
pub use days::{Asked, is_closed};

use rhai::Dynamic;

use crate::base::{Day, Name, Span};
use crate::rule::{Facts, FieldDomain};
use crate::source::{At, Where};

/// The name under which conditions and rules know what a case has.
pub const RESERVED: &str = "reserved";
/// It is not asked for, or was given back.
pub const FREE: &str = "free";
/// The case has it for a time.
pub const HELD: &str = "held";
/// The case has it for as long as it stays where it is.
pub const KEPT: &str = "kept";
/// The time was over, and somebody else has it now.
pub const LOST: &str = "lost";
/// The part of a day where nothing says of which parts a day consists.
pub const WHOLE_DAY: &str = "day";
/// The column of a list that says of which parts a day consists.
pub const PARTS: &str = "parts";
/// The column of a list that says when something is closed.
pub const CLOSED: &str = "closed";
/// The list that has words for the parts of a day.
pub const DAY_PARTS: &str = "day_parts";

/// What cases of a service have for themselves in some of its states.
#[derive(Clone, Debug)]
pub struct Reserve {
    /// Its name.
    pub name: Name,
    /// The calendar: services of a town that name the same one share it.
    pub calendar: At<Name>,
    /// The question that says what is had: a choice from a list.
    pub resource: At<Name>,
    /// How many cases may have it at once.
    pub places: Places,
    /// How many places a case takes.
    pub takes: Takes,
    /// The question that says the first day.
    pub from: At<Name>,
    /// The question that says the last day.
    pub until: Option<At<Name>>,
    /// The question that says for how many days.
    pub days: Option<At<Name>>,
    /// The question that says which parts of the days.
    pub parts: Option<At<Name>>,
    /// How long before a day it can be taken at the latest, and at the earliest.
    pub ahead: Option<(Span, Span)>,
    /// The states in which a case has it, and for how long.
    pub holds: Vec<(At<Name>, Hold)>,
    /// The roles that may close days.
    pub blocked_by: Vec<At<Name>>,
    /// Where it is written.
    pub at: Where,
}

/// How many cases may have something at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Places {
    /// So many.
    Count(i64),
    /// As this column of the list says.
    Listed(At<Name>),
}

/// How many places a case takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Takes {
    /// So many.
    Count(i64),
    /// As many as this question says.
    Field(At<Name>),
}

/// For how long a case has something in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// So long after it came there.
    For(Span),
    /// As long as it is there.
    Kept,
}

/// One place in a calendar.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// The calendar.
    pub calendar: Name,
    /// The code of what is had.
    pub resource: String,
    /// The day.
    pub day: Day,
    /// The part of the day.
    pub part: String,
    /// Which of the places there are, from 1.
    pub place: i64,
}

/// A place that somebody has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The place.
    pub slot: Slot,
    /// The key of the case.
    pub case: String,
    /// Until when; `None` for as long as the case stays where it is.
    pub until_ms: Option<i64>,
}

impl Taken {
    /// Whether it is still had at this instant.
    pub fn is_live(&self, now_ms: i64) -> bool {
        self.until_ms.is_none_or(|until| until > now_ms)
    }
}

/// Days that the office has closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The calendar.
    pub calendar: Name,
    /// The code of what is closed.
    pub resource: String,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub until: Day,
    /// Why.
    pub reason: String,
}

/// What is taken and what is closed, of everything that a decision asks about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// Places that somebody has, or had until some time ago.
    pub taken: Vec<Taken>,
    /// Days that the office has closed.
    pub blocks: Vec<Block>,
}

/// What a case has under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserved {
    /// The name.
    pub name: Name,
    /// Until when; `None` for as long as it stays where it is.
    pub until_ms: Option<i64>,
    /// The places.
    pub slots: Vec<Slot>,
}

/// Why places cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Another case has one of them.
    Taken(Occupied),
    /// It is closed on this day.
    Closed(Day),
    /// The office has closed it.
    Blocked(Blocked),
    /// It is too late to take it; the first day for which it is not.
    TooEarly(Day),
    /// It cannot be taken yet; the last day for which it can.
    TooFar(Day),
    /// The answers do not say what is asked for, or ask for too much.
    Unknown,
}

/// What is taken of that which was asked for, and what is free nearby.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occupied {
    /// The first day that is taken.
    pub day: Day,
    /// The part of it.
    pub part: String,
    /// The first days of the nearest stretches of the same length that are free.
    pub free: Vec<Day>,
}

/// A day that the office has closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// The day.
    pub day: Day,
    /// Why.
    pub reason: String,
}

impl Reserve {
    /// For how long a case has it in this state; `None` if it does not.
    pub fn hold_in(&self, state: &str) -> Option<Hold> {
        self.holds.iter().find(|(name, _)| name.value == *state).map(|(_, hold)| *hold)
    }
}

/// What conditions and rules may know of what is reserved: a word for each name.
pub fn fact_domain(reserves: &[Reserve]) -> FieldDomain {
    let words = || [FREE, HELD, KEPT, LOST].map(str::to_owned).to_vec();
    let one = |reserve: &Reserve| (reserve.name.to_string(), FieldDomain::Choice(words()));
    FieldDomain::Group(reserves.iter().map(one).collect())
}

/// The same of a case that has nothing yet.
pub fn free(reserves: &[Reserve]) -> Dynamic {
    let one = |reserve: &Reserve| (reserve.name.as_str().into(), FREE.into());
    let all: Facts = reserves.iter().map(one).collect();
    Dynamic::from_map(all)
}

/// What changes in the calendars between two states of a case: what it gives back, and what it takes or has
/// for another time than before.
pub fn changes<'a>(before: &'a [Reserved], after: &'a [Reserved]) -> (Vec<&'a Slot>, Vec<(&'a Slot, Option<i64>)>) {
    let all = |reserved: &'a [Reserved]| {
        reserved.iter().flat_map(|one| one.slots.iter().map(move |slot| (slot, one.until_ms))).collect::<Vec<_>>()
    };
    let (before, after) = (all(before), all(after));
    let given = before.iter().map(|(slot, _)| *slot).filter(|slot| !after.iter().any(|(kept, _)| kept == slot));
    let taken = after.iter().copied().filter(|now| !before.contains(now));
    (given.collect(), taken.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::date::parse_day;

    fn slot(day: &str) -> Slot {
        Slot {
            calendar: Name::new("halls"),
            resource: "HALL".to_owned(),
            day: parse_day(day).unwrap(),
            part: WHOLE_DAY.to_owned(),
            place: 1,
        }
    }

    #[test]
    fn what_changes_is_given_back_or_taken_and_what_stays_is_left_alone() {
        let has = |until_ms, days: &[&str]| {
            vec![Reserved { name: Name::new("hall"), until_ms, slots: days.iter().map(|day| slot(day)).collect() }]
        };
        let before = has(Some(1), &["2026-07-10", "2026-07-11"]);
        let after = has(Some(1), &["2026-07-11", "2026-07-12"]);
        let (given, taken) = changes(&before, &after);
        assert_eq!((given, taken), (vec![&slot("2026-07-10")], vec![(&slot("2026-07-12"), Some(1))]));
        let kept = has(None, &["2026-07-10", "2026-07-11"]);
        let (given, taken) = changes(&before, &kept);
        assert!(given.is_empty());
        assert_eq!(taken.len(), 2, "both are had for another time");
    }
}

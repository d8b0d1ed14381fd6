//! Which places a case gets, or why it gets none.

use super::{Asked, Blocked, Occupied, Reserve, Slot, Slots, Taken, Wrong, is_closed};
use crate::base::date::add_days;
use crate::base::limits::NEAREST_DAYS;
use crate::base::{Calendar, Day, Moment};
use crate::list::List;

/// How many stretches nearby are named.
const NEAREST: usize = 3;

/// Everything that a choice of places is made by.
#[derive(Clone, Copy, Debug)]
pub struct Choosing<'a> {
    /// What is reserved.
    pub reserve: &'a Reserve,
    /// The list that its resources stand in.
    pub list: Option<&'a List>,
    /// What is taken and closed.
    pub slots: &'a Slots,
    /// The key of the case.
    pub case: &'a str,
    /// The places that the case has, or had.
    pub has: &'a [Slot],
    /// Places that the case gets under other names.
    pub also: &'a [Slot],
    /// What time it is.
    pub now: Moment,
    /// The town's calendar.
    pub calendar: &'a Calendar,
}

impl Choosing<'_> {
    /// The places that the case gets: those that it has stay, and of the others the first that are free.
    pub fn choose(&self, asked: &Asked) -> Result<Vec<Slot>, Wrong> {
        self.on_these_days(asked).map_err(|wrong| match wrong {
            Wrong::Taken(occupied) => Wrong::Taken(Occupied { free: self.nearest(asked), ..occupied }),
            other => other,
        })
    }

    /// Whether it could have all that is asked for.
    pub fn fits(&self, asked: &Asked) -> Result<(), Wrong> {
        self.on_these_days(asked).map(drop)
    }

    fn on_these_days(&self, asked: &Asked) -> Result<Vec<Slot>, Wrong> {
        let places = self.reserve.places_of(self.list, &asked.resource);
        let mut chosen = Vec::new();
        let mut day = asked.from;
        while day <= asked.until {
            for part in &asked.parts {
                chosen.extend(self.on(asked, (day, places), part)?);
            }
            day = add_days(day, 1);
        }
        Ok(chosen)
    }

    /// The places on a part of a day.
    fn on(&self, asked: &Asked, (day, places): (Day, i64), part: &str) -> Result<Vec<Slot>, Wrong> {
        let slot = |place| Slot {
            calendar: self.reserve.calendar.value.clone(),
            resource: asked.resource.clone(),
            day,
            part: part.to_owned(),
            place,
        };
        let also = self.also.iter().filter(|also| **also == slot(also.place)).map(|also| also.place);
        let others: Vec<i64> = self.others(&asked.resource, day, part).chain(also).collect();
        let mut own: Vec<Slot> = self.has.iter().filter(|has| **has == slot(has.place)).cloned().collect();
        own.retain(|slot| !others.contains(&slot.place));
        let needed = usize::try_from(asked.takes).unwrap_or(usize::MAX);
        if own.len() >= needed {
            own.truncate(needed);
            return Ok(own);
        }
        self.may_be_taken(&asked.resource, day, part)?;
        let free = (1..=places).filter(|place| !others.contains(place) && own.iter().all(|slot| slot.place != *place));
        let more: Vec<Slot> = free.take(needed - own.len()).map(slot).collect();
        own.extend(more);
        if own.len() < needed {
            return Err(Wrong::Taken(Occupied { day, part: part.to_owned(), free: Vec::new() }));
        }
        Ok(own)
    }

    /// The places that other cases have on a part of a day.
    fn others<'b>(&'b self, resource: &'b str, day: Day, part: &'b str) -> impl Iterator<Item = i64> + 'b {
        let there = move |taken: &&Taken| {
            taken.slot.day == day
                && taken.slot.resource == resource
                && taken.slot.part == part
                && taken.slot.calendar == self.reserve.calendar.value
        };
        let live = move |taken: &&Taken| taken.case != self.case && taken.is_live(self.now.ms);
        self.slots.taken.iter().filter(there).filter(live).map(|taken| taken.slot.place)
    }

    /// Whether anybody may take a part of a day at all.
    fn may_be_taken(&self, resource: &str, day: Day, part: &str) -> Result<(), Wrong> {
        if let Some((soon, far)) = self.reserve.ahead {
            let today = self.now.day();
            let (first, last) = (soon.after_day(today, self.calendar), far.after_day(today, self.calendar));
            if day < first {
                return Err(Wrong::TooEarly(first));
            }
            if day > last {
                return Err(Wrong::TooFar(last));
            }
        }
        let closed = self.reserve.closed_of(self.list, resource);
        let parts = self.reserve.parts_of(self.list, resource);
        if is_closed(&closed, day, self.calendar) || parts.iter().all(|known| known != part) {
            return Err(Wrong::Closed(day));
        }
        let blocks = self.slots.blocks.iter().filter(|block| block.resource == resource);
        let mut blocks = blocks.filter(|block| block.calendar == self.reserve.calendar.value);
        match blocks.find(|block| block.from <= day && day <= block.until) {
            Some(block) => Err(Wrong::Blocked(Blocked { day, reason: block.reason.clone() })),
            None => Ok(()),
        }
    }

    /// The first days of the nearest stretches of the same length that are free, in order.
    pub fn nearest(&self, asked: &Asked) -> Vec<Day> {
        let length = (asked.until - asked.from).num_days();
        let is_free = |from: &Day| {
            let moved = Asked { from: *from, until: add_days(*from, length), ..asked.clone() };
            self.on_these_days(&moved).is_ok()
        };
        let today = self.now.day();
        let days = (1..=NEAREST_DAYS).flat_map(|far| [add_days(asked.from, far), add_days(asked.from, -far)]);
        let mut free: Vec<Day> = days.filter(|day| *day >= today).filter(is_free).take(NEAREST).collect();
        free.sort();
        free
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Block, Hold, Places, Takes, WHOLE_DAY};
    use super::*;
    use crate::base::date::parse_day;
    use crate::base::{Name, Span};
    use crate::source::{At, Where};

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    fn vans(places: i64) -> Reserve {
        let place = Where::file(&Arc::from("service.yaml"));
        let at = |name: &str| At::new(Name::new(name), place.clone());
        Reserve {
            name: Name::new("vans"),
            calendar: at("vans"),
            resource: at("van"),
            places: Places::Count(places),
            takes: Takes::Field(at("many")),
            from: at("from_day"),
            until: None,
            days: None,
            parts: None,
            ahead: Some((Span::Days(1), Span::Days(30))),
            holds: vec![(at("booked"), Hold::Kept)],
            blocked_by: Vec::new(),
            at: place,
        }
    }

    fn row(on: &str, place: i64, case: &str, until_ms: Option<i64>) -> Taken {
        let slot = Slot {
            calendar: Name::new("vans"),
            resource: "BIG".to_owned(),
            day: day(on),
            part: WHOLE_DAY.to_owned(),
            place,
        };
        Taken { slot, case: case.to_owned(), until_ms }
    }

    fn chosen(
        places: i64,
        slots: &Slots,
        has: &[Slot],
        (from, until, takes): (&str, &str, i64),
    ) -> Result<Vec<i64>, Wrong> {
        let calendar = Calendar::default();
        let choosing = Choosing {
            reserve: &vans(places),
            list: None,
            slots,
            case: "mine",
            has,
            also: &[],
            now: Moment::at(day("2026-07-01"), 600, 330),
            calendar: &calendar,
        };
        let parts = vec![WHOLE_DAY.to_owned()];
        let asked = Asked { resource: "BIG".to_owned(), from: day(from), until: day(until), parts, takes };
        choosing.choose(&asked).map(|slots| slots.into_iter().map(|slot| slot.place).collect())
    }

    #[test]
    fn what_is_free_is_taken_from_the_first_place_on_and_what_a_case_has_stays() {
        let others = Slots { taken: vec![row("2026-07-10", 1, "other", None)], blocks: Vec::new() };
        assert_eq!(chosen(4, &others, &[], ("2026-07-10", "2026-07-11", 2)), Ok(vec![2, 3, 1, 2]));
        let mine = row("2026-07-10", 4, "mine", None);
        let has = [mine.slot.clone()];
        let both = Slots { taken: vec![row("2026-07-10", 1, "other", None), mine], blocks: Vec::new() };
        assert_eq!(chosen(4, &both, &has, ("2026-07-10", "2026-07-10", 2)), Ok(vec![4, 2]));
    }

    #[test]
    fn a_place_whose_time_is_over_is_free_for_everybody() {
        let now_ms = Moment::at(day("2026-07-01"), 600, 330).ms;
        let until = |ms| Slots { taken: vec![row("2026-07-10", 1, "other", Some(ms))], blocks: Vec::new() };
        assert_eq!(chosen(1, &until(now_ms), &[], ("2026-07-10", "2026-07-10", 1)), Ok(vec![1]));
        let Err(Wrong::Taken(occupied)) = chosen(1, &until(now_ms + 1), &[], ("2026-07-10", "2026-07-10", 1)) else {
            panic!("somebody has it for a millisecond more");
        };
        assert_eq!(occupied.day, day("2026-07-10"));
        assert_eq!(occupied.free, ["2026-07-09", "2026-07-11", "2026-07-12"].map(day));
    }

    #[test]
    fn days_too_near_too_far_and_closed_are_refused() {
        let nothing = Slots::default();
        let on = |text| chosen(1, &nothing, &[], (text, text, 1));
        assert_eq!(on("2026-07-01"), Err(Wrong::TooEarly(day("2026-07-02"))));
        assert_eq!(on("2026-08-01"), Err(Wrong::TooFar(day("2026-07-31"))));
        let closed = Block {
            calendar: Name::new("vans"),
            resource: "BIG".to_owned(),
            from: day("2026-07-05"),
            until: day("2026-07-06"),
            reason: "Repair".to_owned(),
        };
        let blocked = Slots { taken: Vec::new(), blocks: vec![closed] };
        let reason = Blocked { day: day("2026-07-06"), reason: "Repair".to_owned() };
        assert_eq!(chosen(1, &blocked, &[], ("2026-07-06", "2026-07-07", 1)), Err(Wrong::Blocked(reason)));
    }
}

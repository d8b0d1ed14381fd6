//! What the calendar brings to the record of a case while time passes, as the work of the night does in a register:
//! periods that are billed, and turns for which a case of its own is opened.

use std::mem;

use super::checks::scenario_differs;
use super::world::{Done, World};
use super::yaml::StepYaml;
use crate::base::date::add_days;
use crate::base::{Day, Moment, Money, Name};
use crate::case::{Actor, Command, turn};
use crate::registry::Record;
use crate::service::Turns;
use crate::source::Diagnostics;

/// What comes by the calendar.
#[derive(Clone, Copy, Debug)]
pub(super) enum Brought {
    /// A period began.
    Period,
    /// Something falls due on this day.
    Turn(Day),
}

impl World<'_> {
    /// What comes next by `until`, and when.
    pub(super) fn brought(&self, until: i64) -> Option<(Moment, Brought)> {
        let period = self.next_period().filter(|begins| begins.ms <= until).map(|begins| (begins, Brought::Period));
        period.or_else(|| self.next_turn(until))
    }

    /// Moves the clock to what comes, and does it.
    pub(super) fn bring(&mut self, (at, what): (Moment, Brought)) -> Option<Done> {
        self.now = at;
        match what {
            // A case that is not in a state to be billed is passed over, as in a register.
            Brought::Period => self.apply(&Actor::system(), &Command::Period { day: at.day() }).ok(),
            Brought::Turn(day) => self.open_turn(day),
        }
    }

    /// When the next period begins that the record of the case is billed for.
    fn next_period(&self) -> Option<Moment> {
        let opens = self.service.opens.as_ref().filter(|_| self.record.is_some())?;
        let calendar = &self.tenant.calendar;
        let this = opens.every.period(self.now.day(), calendar);
        let begins = |period| Moment::at(opens.billed_on(period), 0, self.now.offset_minutes);
        [this, opens.every.after(this, calendar)].map(begins).into_iter().find(|begins| begins.ms > self.now.ms)
    }

    /// The first night by `until` in which a case is opened for the record, and its turn.
    fn next_turn(&self, until: i64) -> Option<(Moment, Brought)> {
        let turns = self.service.turns.as_ref()?;
        let record = self.record.as_ref().filter(|record| !self.is_open_on(record))?;
        let (mut night, last) = (self.now.day(), self.now.with_ms(until).day());
        while night < last {
            night = add_days(night, 1);
            if let Some(day) = self.turn_on(turns, record, night) {
                return Some((Moment::at(night, 0, self.now.offset_minutes), Brought::Turn(day)));
            }
        }
        None
    }

    /// The turn of the record for which a case is opened in this night, if none was opened for it before.
    fn turn_on(&self, turns: &Turns, record: &Record, night: Day) -> Option<Day> {
        let day = turns.due(record, night, &self.tenant.calendar)?;
        let was_opened = self.turned.iter().any(|(number, turn)| *number == record.number && *turn == day);
        (!was_opened).then_some(day)
    }

    /// Whether the case is about this record and has not ended; a draft that nobody sent stands in nobody's way.
    fn is_open_on(&self, record: &Record) -> bool {
        let about = |(registry, number): &(Name, String)| *registry == record.registry && *number == record.number;
        let state = self.service.workflow.state(&self.case.state);
        let is_open = self.case.number.is_some() && state.is_none_or(|state| state.end.is_none());
        is_open && self.case.record.as_ref().is_some_and(about)
    }

    /// A case for a turn of the record takes the place of the case there was, whose books are closed. Nothing changes
    /// where none is opened.
    pub(super) fn open_turn(&mut self, day: Day) -> Option<Done> {
        let number = self.record.as_ref()?.number.clone();
        let id = format!("turn_{}", self.turned.len() + 1);
        let (case, _) = turn(self.service, &id, &self.service.language, &self.context()).ok()?;
        let before = mem::replace(&mut self.case, case);
        let books = mem::take(&mut self.books);
        let raised = mem::take(&mut self.raised);
        let paid_out = mem::replace(&mut self.paid_out, Money::ZERO);
        let Ok(done) = self.apply(&Actor::system(), &Command::Turn { day }) else {
            (self.case, self.books, self.raised, self.paid_out) = (before, books, raised, paid_out);
            return None;
        };
        self.turned.push((number, day));
        Some(done)
    }
}

/// Compares the turn for which a case was opened in a step, after `before` of them, with what was expected.
pub(super) fn compare(step: &StepYaml, world: &World<'_>, before: usize, out: &mut Diagnostics) {
    let opened = world.turned.get(before..).and_then(<[_]>::last).map(|(_, day)| *day);
    if let Some(expected) = step.turn.as_ref().filter(|expected| Some(expected.value) != opened) {
        let found = opened.map_or_else(|| "nothing".to_owned(), |day| format!("`{day}`"));
        out.push(scenario_differs::diagnostic("the turn", &expected.at, &format!("`{}`", expected.value), &found));
    }
}

//! When the cases of an invented history go on.

use engine::base::Moment;
use engine::base::date::MS_PER_DAY;
use engine::case::Case;
use engine::scenario::walk::Chance as _;

use super::play::Player;
use crate::app::App;

/// When an office is open that does not say when: from and to, in minutes after midnight.
const HOURS: (i64, i64) = (10 * 60, 17 * 60);

impl Player {
    /// When the case goes on: people take their time, and the clock is on time. What has just ended
    /// is looked at once more, within some days; after that it is left to the clock.
    pub(super) fn schedule(&mut self, case: &Case, now_ms: i64, moved: bool) {
        self.next_ms = now_ms;
        let Some(state) = self.service.workflow.state(&case.state) else { return };
        let for_people = state.actions.iter().any(|action| !action.roles().is_empty());
        let wake_ms = case.wake_ms.map_or(i64::MAX, |wake_ms| wake_ms.max(now_ms + 1));
        let for_officers = state.officers().next().is_some();
        let over = state.end.is_some();
        if (over && !(moved && for_people)) || (!for_people && wake_ms < i64::MAX) {
            self.next_ms = wake_ms;
            return;
        }
        if let Some(pays_ms) = self.pays_ms {
            self.next_ms = pays_ms.max(now_ms + 1).min(wake_ms);
            return;
        }
        if self.waits(case) && self.arrived {
            self.next_ms = wake_ms;
            return;
        }
        let most = if over { 9 * 24 * 60 } else { 4 * 24 * 60 };
        self.later(60, most);
        if for_officers && !over {
            self.keep_office_hours(self.next_ms);
        }
        self.next_ms = self.next_ms.min(wake_ms);
    }

    /// Puts the next step so many minutes off, at a time of day at which people are awake.
    pub(super) fn later(&mut self, least: i64, most: i64) {
        let minutes = self.chance.between(least, most);
        let at_ms = self.next_ms + minutes * 60_000;
        let now = Moment::new(at_ms, self.tenant.calendar.offset_minutes);
        let night = if now.minute() < 8 * 60 { 8 * 60 - now.minute() + self.chance.between(60, 300) } else { 0 };
        let late = if now.minute() > 20 * 60 { MS_PER_DAY / 2 } else { 0 };
        self.next_ms = at_ms + night * 60_000 + late;
    }

    /// Whether the office is closed now. If so the next step is put off until it has been open for a while.
    pub(super) fn office_is_closed(&mut self, app: &App) -> bool {
        self.keep_office_hours(app.clock.now_ms())
    }

    /// Puts the next step off until the office is open, if it is closed at that instant; whether it is.
    fn keep_office_hours(&mut self, at_ms: i64) -> bool {
        let calendar = &self.tenant.calendar;
        let at = Moment::new(at_ms, calendar.offset_minutes);
        let (from, to) = self.tenant.hours.unwrap_or(HOURS);
        let works = calendar.is_working_day(at.day());
        if works && (from..to).contains(&at.minute()) {
            return false;
        }
        let day = if works && at.minute() < from { at.day() } else { calendar.working_day_after(at.day(), 1) };
        let minute = self.chance.between(from, to - 1);
        self.next_ms = Moment::at(day, minute, calendar.offset_minutes).ms;
        true
    }
}

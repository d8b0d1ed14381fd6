//! Cases that come round: what is to be done again and again to what stands in a register.

use super::yaml::{IntervalYaml, TurnsYaml};
use crate::base::{Calendar, Day, Name, Span, Value};
use crate::registry::{self, Record, RecordStatus};
use crate::source::At;

/// The longest that a record may say from one turn to the next, in months: ten years.
pub(crate) const MOST_MONTHS: i64 = 120;

/// A case of its own for each turn of a record of a registry.
#[derive(Clone, Debug)]
pub struct Turns {
    /// How long it is from one turn to the next.
    pub every: At<Interval>,
    /// The answer of the record with the day that they are counted from; its beginning if it is not said or not known.
    pub from: Option<At<Name>>,
    /// How long before its day a case is opened; on the day itself if it is not said.
    pub ahead: Option<At<Span>>,
    /// The registry.
    pub for_each: At<Name>,
    /// The state in which a case begins.
    pub state: At<Name>,
}

/// How long it is from one turn to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interval {
    /// For every record as long.
    Span(Span),
    /// So many months as this answer of the record says; never where it says none, or 0.
    Months(Name),
}

impl Turns {
    /// As an author wrote it; cases begin in `start` where nothing else is said.
    pub(super) fn of(yaml: TurnsYaml, start: &At<Name>) -> Self {
        let every = match yaml.every {
            IntervalYaml::Span(span) => At::new(Interval::Span(span.value), span.at),
            IntervalYaml::Months(months) => At::new(Interval::Months(months.months.value), months.months.at),
        };
        Self {
            every,
            from: yaml.from,
            ahead: yaml.ahead,
            for_each: yaml.for_each,
            state: yaml.state.unwrap_or_else(|| start.clone()),
        }
    }

    /// The turn for which a case is opened on `today` for a record as it is then: the day on which it falls due.
    /// `None` of a record that has ended, is paused, has run out, has not begun or belongs to nobody.
    pub fn due(&self, record: &Record, today: Day, calendar: &Calendar) -> Option<Day> {
        if record.registry != self.for_each.value || record.status(today) != RecordStatus::Active {
            return None;
        }
        let by = self.ahead.as_ref().map_or(today, |ahead| ahead.value.after_day(today, calendar));
        let from = self.from.as_ref().map(|from| &from.value);
        registry::turn(record, (self.span(record)?, from), by, calendar)
    }

    /// How long it is for this record from one turn to the next; `None` if there is none.
    fn span(&self, record: &Record) -> Option<Span> {
        match &self.every.value {
            Interval::Span(span) => Some(*span),
            Interval::Months(name) => match record.answers.get(name)? {
                Value::Int(months) if (1..=MOST_MONTHS).contains(months) => Some(Span::Months(*months)),
                _ => None,
            },
        }
    }

    /// The key under which a case is opened for a turn of a record: the same is never opened twice.
    pub fn key(service: &str, record: &Record, day: Day) -> String {
        format!("turn/{service}/{}/{}/{day}", record.registry, record.number)
    }
}

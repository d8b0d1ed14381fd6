//! Calendars: what is free of that which can be reserved.

use serde::Serialize;

use super::common::{ActionLink, Link, Tag};
use super::field::FieldView;

/// `/{tenant}/calendar/{calendar}`, and the same at the desk
#[derive(Debug, Clone, Default, Serialize)]
pub struct Calendar {
    /// The heading.
    pub title: String,
    /// What is to be known about it.
    pub lead: String,
    /// Where the choice leads (GET).
    pub action: String,
    /// What is looked at, and the month.
    pub fields: Vec<FieldView>,
    /// What is shown: the hall and the month.
    pub heading: String,
    /// The parts of a day.
    pub parts: Vec<String>,
    /// The days.
    pub rows: Vec<CalendarDay>,
    /// The months before and after, and where one applies.
    pub links: Vec<Link>,
    /// What can be done.
    pub actions: Vec<ActionLink>,
    /// Days that the office has closed; only at the desk.
    pub closed: Vec<ClosedDays>,
    /// Where the button posts that opens them again; empty where the reader may not.
    pub open: String,
}

/// A day, and how it stands.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CalendarDay {
    /// The day.
    pub day: String,
    /// Each of its parts.
    pub cells: Vec<CalendarCell>,
}

/// A part of a day.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CalendarCell {
    /// The part.
    pub part: String,
    /// Whether it is free.
    pub state: Tag,
    /// Who has it, by the numbers of cases; only at the desk.
    pub cases: Vec<Link>,
}

/// Days that the office has closed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ClosedDays {
    /// By what they are named when they are opened again.
    pub id: String,
    /// The first and the last.
    pub days: String,
    /// Why.
    pub reason: String,
    /// Who closed them.
    pub by: String,
}

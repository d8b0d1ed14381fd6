//! Surveys: what a town asks everybody, and what it shows of the answers. Who said what is known to nobody.

mod by_place;
mod check;
pub mod checks;
mod tally;
pub(crate) mod yaml;

pub use by_place::{InPlace, by_place};
pub use check::compile;
pub use tally::{Cell, Counted, Shown, Tally, tally};
pub use yaml::{ShownTo, Who};

use crate::base::{Day, Name, Text};
use crate::form::{Form, Page};
use crate::source::At;

/// A survey that passed every check.
#[derive(Clone, Debug)]
pub struct Survey {
    /// The file's name without `.yaml`.
    pub name: Name,
    /// What it is called.
    pub title: Text,
    /// What it is about, and what becomes of the answers.
    pub about: Text,
    /// The first day on which it can be answered.
    pub from: Day,
    /// The last day.
    pub until: Day,
    /// Who can answer.
    pub who: Who,
    /// To whom the results are shown, and when.
    pub results: ShownTo,
    /// No smaller number of people is shown.
    pub least: i64,
    /// The question by whose places the results are shown as well, once the survey has ended.
    pub by_place: Option<Name>,
    /// The service in which those hold a post who read it at the desk.
    pub service: At<String>,
    /// Their post.
    pub role: At<Name>,
    /// The questions, on one page.
    pub form: Form,
}

/// How a survey stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// It has not begun.
    Coming,
    /// It can be answered.
    Open,
    /// It is over.
    Over,
}

impl Survey {
    /// How it stands on a day.
    pub fn stand(&self, day: Day) -> Stand {
        match day {
            day if day < self.from => Stand::Coming,
            day if day > self.until => Stand::Over,
            _ => Stand::Open,
        }
    }

    /// Whether anybody may see on this day what came of it.
    pub fn is_public(&self, day: Day) -> bool {
        match self.results {
            ShownTo::Always => self.stand(day) != Stand::Coming,
            ShownTo::After => self.stand(day) == Stand::Over,
            ShownTo::Office => false,
        }
    }

    /// The page of questions.
    pub fn page(&self) -> Option<&Page> {
        self.form.all_pages().next()
    }
}

#[cfg(test)]
mod tests;

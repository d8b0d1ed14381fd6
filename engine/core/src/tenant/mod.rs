//! Tenants: a town or a department with its own staff, rates and books.

mod announce;
mod calendar;
mod check;
pub mod checks;
mod contrast;
mod emblem;
mod identity;
mod motif;
mod tills;
mod yaml;

use std::sync::Arc;

pub use calendar::day_of_year;
pub use check::{State, check_codes, compile, state, town};

use crate::base::{Calendar, Day, Money, Text};
use crate::identity::IdentityNumber;
use crate::list::List;

/// Everything about a tenant that services and pages need.
#[derive(Clone, Debug, Default)]
pub struct Tenant {
    /// The folder's name, used in addresses and as the first key of every row: `some-town`.
    pub id: String,
    /// The folder above: the state.
    pub state: String,
    /// The full name of the body.
    pub title: Text,
    /// The short name of the place.
    pub short: Text,
    /// The name of the state.
    pub state_title: Text,
    /// Capital letters used in numbers.
    pub code: String,
    /// The district.
    pub district: Text,
    /// What kind of body it is: a code of the list `town_grades`.
    pub grade: String,
    /// Language codes; the first is what a newcomer sees.
    pub languages: Vec<String>,
    /// How money is written.
    pub currency: Currency,
    /// What is asked of those who take money over a counter.
    pub tills: Tills,
    /// Time zone, working days and financial year.
    pub calendar: Calendar,
    /// The office, for people: its name and address.
    pub office: Text,
    /// When it is open, in minutes after midnight: from and to.
    pub hours: Option<(i64, i64)>,
    /// Its telephone number.
    pub phone: Option<String>,
    /// Its mail address.
    pub email: Option<String>,
    /// A drawing (SVG) of the tenant's own.
    pub emblem: Option<Arc<str>>,
    /// The drawing of the state, for pages above the towns.
    pub state_emblem: Option<Arc<str>>,
    /// The accent colour, `#rrggbb`, at least 4.5:1 on white.
    pub accent: String,
    /// Names of the levels of places, from the top: zone, ward, locality.
    pub levels: Vec<(String, Text)>,
    /// The places of the town.
    pub places: Arc<List>,
    /// The numbers by which a person is known, and which nobody writes whole.
    pub identity_numbers: Vec<IdentityNumber>,
    /// The law of the state that promises decisions in time, if it is named.
    pub right_to_service: Option<Text>,
    /// The services offered, in order.
    pub services: Vec<String>,
    /// What is told to everybody on the front page, in order.
    pub announcements: Vec<Announcement>,
}

impl Tenant {
    /// The language in which somebody is written to who chose `language`: the first of the tenant's where that is none
    /// of them.
    pub fn spoken<'a>(&'a self, language: &'a str) -> &'a str {
        let own = self.languages.iter().find(|own| *own == language);
        own.or(self.languages.first()).map_or(language, String::as_str)
    }
}

/// Something that everybody should know, for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// The words.
    pub text: Text,
    /// The first day on which it is shown; from the beginning if there is none.
    pub from: Option<Day>,
    /// The last day; without an end if there is none.
    pub until: Option<Day>,
}

/// How money is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Currency {
    /// ISO 4217.
    pub code: String,
    /// `₹`.
    pub symbol: String,
    /// Whether digits are grouped as 12,34,567 rather than 1,234,567.
    pub indian_grouping: bool,
    /// What its notes are worth, in the order in which they are counted; what is less is counted as one sum.
    pub denominations: Vec<Money>,
}

/// What a town asks of those who take money over a counter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tills {
    /// Whether money is taken only into a till that was opened on the same day.
    pub needed: bool,
    /// The counters at which tills are opened: name and words; none where the town does not tell them apart.
    pub counters: Vec<(String, Text)>,
}

/// The JSON Schema of `tenant.yaml`.
pub fn schema() -> serde_json::Value {
    crate::source::shape::document::<yaml::TenantYaml>("A state, or a town of it")
}

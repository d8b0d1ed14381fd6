//! Appointments: who holds which role, for which service and place, from when until when.

use engine::base::{Day, Money, Name};
use serde_json::json;

use super::db::{Row, vals};
use super::digest::{Marks, Sheet};
use super::error::{Error, Result};
use super::events::{self, By};
use super::tx::Tx;

pub(super) const SHEET: Sheet = Sheet {
    table: "appointments",
    key: "person, service, role, place, from_day",
    added: 3,
    columns: "person, service, role, place, from_day, until_day, departments, most_paise, held_for",
};

/// For every service.
pub const EVERY_SERVICE: &str = "*";

/// For no service, but for the town itself: such a post opens no case.
pub const THE_TOWN: &str = "-";

/// A role that a person holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// Who.
    pub person: String,
    /// For which service, or [`EVERY_SERVICE`], or [`THE_TOWN`].
    pub service: String,
    /// The role.
    pub role: Name,
    /// For which place and those below it; empty for the whole town.
    pub place: String,
    /// The first day.
    pub from: Day,
    /// The last day; `None` until further notice.
    pub until: Option<Day>,
    /// The departments of whose cases the person is given some, by code; empty for all.
    pub departments: Vec<String>,
    /// Up to which amount the person may decide; `None` for any.
    pub most: Option<Money>,
    /// Whose post it is, if the person looks after another's for a while.
    pub held_for: Option<String>,
}

impl Appointment {
    /// Whether it is held on `day`.
    pub fn holds_on(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Whether it is for cases of one of `departments`: the department of a case and those above it; none
    /// for a case that is anybody's.
    pub fn is_for(&self, departments: &[String]) -> bool {
        let either = self.departments.is_empty() || departments.is_empty();
        either || self.departments.iter().any(|own| departments.contains(own))
    }
}

/// Appoints a person, or changes the last day, the departments or the powers of an appointment, and writes
/// that down. Nothing is ever taken away: what ended stays with its last day.
pub async fn save(tx: &mut Tx, by: By<'_>, appointment: &Appointment) -> Result<()> {
    let Appointment { person, service, role, place, from, until, departments, most, held_for } = appointment;
    let departments = (!departments.is_empty()).then(|| departments.join(" "));
    let most = most.map(Money::paise);
    let row = vals![person, service, role, place, *from, *until, departments.clone(), most, held_for];
    let mut marks = Marks::default();
    marks.add(&SHEET, &row);
    let sql = "insert into appointments (tenant, person, service, role, place, from_day, until_day, departments, most_paise, held_for) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
               on conflict (tenant, person, service, role, place, from_day) do update set until_day = excluded.until_day, \
               departments = excluded.departments, most_paise = excluded.most_paise, held_for = excluded.held_for";
    tx.execute(sql, row).await?;
    let facts = json!({
        "person": person, "service": service, "role": role.as_str(), "place": place,
        "from": from.to_string(), "until": until.map(|day| day.to_string()), "departments": departments,
        "most_paise": most, "held_for": held_for,
    });
    events::append(tx, by, None, ("appoint", facts), &marks).await?;
    Ok(())
}

/// What a person holds on `day`.
pub async fn of_person(tx: &mut Tx, person: &str, day: Day) -> Result<Vec<Appointment>> {
    let lasting =
        if connectors::control::holds("az_11_last_day") { " and (until_day is null or until_day >= $3)" } else { "" };
    let sql = format!(
        "select {} from appointments where tenant = $1 and person = $2 and from_day <= $3{lasting} \
         order by service, role, place, from_day",
        SHEET.columns
    );
    tx.fetch(sql, vals![person, day]).await?.iter().map(read).collect()
}

/// What a person ever held or will hold, the latest first.
pub async fn ever(tx: &mut Tx, person: &str) -> Result<Vec<Appointment>> {
    let sql = format!(
        "select {} from appointments where tenant = $1 and person = $2 order by from_day desc, service, role, place",
        SHEET.columns
    );
    tx.fetch(sql, vals![person]).await?.iter().map(read).collect()
}

/// Everybody who holds something on `day`: of one service (appointments for every service included),
/// or of all.
pub async fn on_day(tx: &mut Tx, service: Option<&str>, day: Day) -> Result<Vec<Appointment>> {
    let sql = format!(
        "select {} from appointments where tenant = $1 and ($2 = '' or service = $2 or service = '*') and from_day <= $3 \
         and (until_day is null or until_day >= $3) order by person, service, role, place, from_day",
        SHEET.columns
    );
    tx.fetch(sql, vals![service.unwrap_or(""), day]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Appointment> {
    Ok(Appointment {
        person: row.text(0)?,
        service: row.text(1)?,
        role: Name::new(&row.text(2)?),
        place: row.text(3)?,
        from: row.day(4)?,
        until: row.maybe_day(5)?,
        departments: row.maybe_text(6)?.unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        most: row.maybe_int(7)?.map(amount).transpose()?,
        held_for: row.maybe_text(8)?,
    })
}

fn amount(paise: i64) -> Result<Money> {
    Money::from_paise(paise).ok_or_else(|| Error::Corrupt("a power beyond every amount".to_owned()))
}

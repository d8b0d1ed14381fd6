//! The standing pages: help, accessibility, privacy, terms, contact.

use engine::tenant::Tenant;
use ui_gen::view::common::Row;
use ui_gen::view::other::{Statement, StatementKind};
use ui_gen::{Page, Words};

use crate::http::ask::{Answer, Ask};
use crate::http::chrome;

/// `GET /{tenant}/help`; above the towns also `GET /help`, and so with the next three.
pub async fn help(ask: &Ask) -> Answer {
    show(ask, StatementKind::Help)
}

/// `GET /{tenant}/accessibility`
pub async fn accessibility(ask: &Ask) -> Answer {
    show(ask, StatementKind::Accessibility)
}

/// `GET /{tenant}/privacy`
pub async fn privacy(ask: &Ask) -> Answer {
    show(ask, StatementKind::Privacy)
}

/// `GET /{tenant}/terms`
pub async fn terms(ask: &Ask) -> Answer {
    show(ask, StatementKind::Terms)
}

/// `GET /{tenant}/contact`
pub async fn contact(ask: &Ask) -> Answer {
    show(ask, StatementKind::Contact)
}

fn show(ask: &Ask, kind: StatementKind) -> Answer {
    let town = chrome::town(ask).name;
    let rows = if kind == StatementKind::Contact { office(ask) } else { Vec::new() };
    ask.page(Page::Statement(Statement { kind, town, rows, updated: chrome::updated(ask) })).back(ask.home()).answer()
}

/// How the office can be reached, as far as the town states it.
pub(super) fn office(ask: &Ask) -> Vec<Row> {
    office_in(ask, &ask.lang)
}

/// The same in a language.
pub(super) fn office_in(ask: &Ask, lang: &str) -> Vec<Row> {
    let (tenant, words) = (ask.tenant(), ask.library.words(lang));
    let mut rows = vec![Row::new(words.get("contact.office"), tenant.office.in_language(lang))];
    if let Some((from, to)) = tenant.hours {
        let mut row = Row::new(words.get("contact.hours"), hours(from, to));
        row.lines.push(words.say("contact.closed", &[("days", &closed(words, tenant))]));
        rows.push(row);
    }
    rows.extend(tenant.phone.as_ref().map(|phone| Row::new(words.get("contact.phone"), phone)));
    rows.extend(tenant.email.as_ref().map(|email| Row::new(words.get("contact.email"), email)));
    rows
}

/// The same as lines.
pub fn counter(ask: &Ask) -> Vec<String> {
    office(ask).into_iter().flat_map(|row| row.lines).collect()
}

/// The days on which the office is closed, in words.
fn closed(words: &Words, tenant: &Tenant) -> String {
    let calendar = &tenant.calendar;
    let weekly =
        calendar.weekly_off.iter().map(|day| words.get(&format!("weekday.{}", day.to_string().to_lowercase())));
    let second = calendar.second_saturday_off.then(|| words.get("contact.second_saturday"));
    let holidays = (!calendar.holidays.is_empty()).then(|| words.get("contact.holidays"));
    weekly.chain(second).chain(holidays).collect::<Vec<String>>().join(", ")
}

fn hours(from: i64, to: i64) -> String {
    let time = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    format!("{} – {}", time(from), time(to))
}

//! `/{tenant}/calendar/{calendar}/days.ics`: the days that are taken, for calendar programs (RFC 5545). Who has
//! them is not told.

use axum::http::StatusCode;
use chrono::DateTime;
use engine::base::date::add_days;

use super::calendar::{self, part_in_words};
use crate::http::ask::{self, Answer, Ask};
use crate::http::limits;
use crate::problem::Problem;
use crate::store::slots;

/// Octets of a line, at the most.
const LINE: usize = 75;

/// `GET /{tenant}/calendar/{calendar}/days.ics?resource=…`
pub async fn file(ask: &Ask) -> Answer {
    let (words, now) = (ask.words(), ask.now());
    let found = calendar::find(ask.library.catalogue.services(ask.tenant()), ask.param("calendar"))?;
    let code = ask.query("resource")?;
    let entry = found.list.get(code).filter(|_| found.list.is_choice(code)).ok_or(Problem::NotFound)?;
    let what = entry.label.in_language(&ask.lang);
    let (today, name) = (now.day(), found.reserve.calendar.value.as_str());
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let slots = slots::between(&mut tx, (name, code), today, add_days(today, limits::CALENDAR_MOST)).await?;
    drop(tx);
    let stamp = DateTime::from_timestamp_millis(now.ms).map(|at| at.format("%Y%m%dT%H%M%SZ").to_string());
    let stamp = stamp.unwrap_or_default();
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Nagar//Calendar//EN".to_owned(),
        format!("X-WR-CALNAME:{}", escaped(what)),
    ];
    for taken in slots.taken.iter().filter(|taken| taken.is_live(now.ms)) {
        let slot = &taken.slot;
        let part = part_in_words(words, found.service, &slot.part, &ask.lang);
        let said = format!("{what}: {}, {part}", words.get("calendar.taken"));
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}-{}-{}-{code}-{name}@{}", slot.day, slot.part, slot.place, ask.tenant().id),
            format!("DTSTAMP:{stamp}"),
            format!("DTSTART;VALUE=DATE:{}", slot.day.format("%Y%m%d")),
            format!("DTEND;VALUE=DATE:{}", add_days(slot.day, 1).format("%Y%m%d")),
            format!("SUMMARY:{}", escaped(&said)),
            "END:VEVENT".to_owned(),
        ]);
    }
    lines.push("END:VCALENDAR".to_owned());
    let text: String = lines.iter().map(|line| folded(line)).collect();
    Ok(ask::text(StatusCode::OK, "text/calendar; charset=utf-8", text))
}

/// A text as it stands in a line.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace(['\r', '\n'], " ")
}

/// A line with its end, broken where it is too long; what follows begins with a blank.
fn folded(line: &str) -> String {
    let mut text = String::with_capacity(line.len() + 2);
    let mut octets = 0;
    for letter in line.chars() {
        if octets + letter.len_utf8() > LINE {
            text.push_str("\r\n ");
            octets = 1;
        }
        text.push(letter);
        octets += letter.len_utf8();
    }
    text.push_str("\r\n");
    text
}

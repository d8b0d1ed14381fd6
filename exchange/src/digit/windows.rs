//! Windows in which something holds: rebates, penalties, interest. Each is of a financial year, and has a first
//! and a last day.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::days;
use super::source::{Found, Master};
use crate::report::{Place, Report};

/// Masters whose rows hold in a window of a financial year.
const MASTERS: [&str; 7] = [
    "Rebate",
    "PromotionalRebate",
    "Penalty",
    "Interest",
    "MutationRebate",
    "MutationPenalty",
    "LateAssessmentPenalty",
];
/// The names of the first day, as the platform reads them.
const FIRST: [&str; 4] = ["startingDay", "startingDate", "fromDate", "startDate"];
const LAST: [&str; 4] = ["endingDay", "endingDate", "toDate", "endDate"];

/// Says what is wrong with windows.
pub(super) fn check(found: &Found, report: &mut Report) {
    for name in MASTERS {
        for master in found.masters(name) {
            let usual = usual(found, name);
            let mut seen = BTreeSet::new();
            for (place, row) in &master.rows {
                one(master, place, row, usual, report);
                let year = row["fromFY"].as_str().unwrap_or_default().to_owned();
                let rate = row["rate"].to_string();
                let (from, to) = (first(row).map(|(_, day)| day), last(row).map(|(_, day)| day));
                if !year.is_empty() && !seen.insert((year.clone(), rate, from, to)) {
                    report.defect("window-twice", place, format!("`{name}` of {} has {year} twice", master.tenant));
                }
            }
        }
    }
    years(found, report);
    reminders(found, report);
}

/// The name of the first day that most rows of a master use.
fn usual<'a>(found: &Found, name: &str) -> Option<&'a str> {
    let count = |key: &str| found.rows(name).filter(|(_, row)| !row[key].is_null()).count();
    FIRST.into_iter().filter(|key| count(key) > 0).max_by_key(|key| count(key))
}

fn named<'a>(row: &'a Json, keys: &[&'static str]) -> Option<(&'static str, &'a Json)> {
    keys.iter().map(|key| (*key, &row[*key])).find(|(_, value)| !value.is_null())
}

/// The first day of a row, in its year if it says none.
fn first(row: &Json) -> Option<(&'static str, String)> {
    let (key, value) = named(row, &FIRST)?;
    Some((key, day(row, value)?))
}

fn last(row: &Json) -> Option<(&'static str, String)> {
    let (key, value) = named(row, &LAST)?;
    Some((key, day(row, value)?))
}

fn day(row: &Json, value: &Json) -> Option<String> {
    let begins = row["fromFY"].as_str().and_then(days::year);
    let without_year = value.as_str().filter(|text| text.split('/').count() == 2);
    match (without_year, begins) {
        (Some(text), Some(year)) => {
            // A day of January to March is one of the second calendar year.
            let month: u32 = text.split('/').nth(1).and_then(|month| month.trim().parse().ok()).unwrap_or(4);
            days::of_text(text, Some(if month < 4 { year + 1 } else { year }))
        }
        _ => days::of_value(value),
    }
}

fn one(master: &Master, place: &Place, row: &Json, usual: Option<&str>, report: &mut Report) {
    let (name, tenant) = (&master.name, &master.tenant);
    let year = row["fromFY"].as_str().unwrap_or_default();
    if year.is_empty() {
        return;
    }
    let Some(begins) = days::year(year) else {
        report.defect("year", &place.at("fromFY"), format!("`{year}` of `{name}` of {tenant} is no financial year"));
        return;
    };
    if let (Some((key, _)), Some(usual)) = (named(row, &FIRST), usual)
        && key != usual
    {
        let what = format!("`{name}` of {tenant} says `{key}` where others say `{usual}`: nobody reads it");
        report.defect("key-of-window", &place.at(key), what);
    }
    for (key, value) in [named(row, &FIRST), named(row, &LAST)].into_iter().flatten() {
        if day(row, value).is_none() {
            report.defect("day-of-window", &place.at(key), format!("`{value}` of `{name}` of {tenant} is no day"));
        }
    }
    let (from, to) = (first(row), last(row));
    // A rebate may begin some weeks before its year, for those who pay ahead.
    let earliest = format!("{begins:04}-01-01");
    if let Some((key, from)) = &from
        && *from < earliest
    {
        let what = format!("the window of `{name}` of {tenant} for {year} begins on {from}, before its year");
        report.defect("window-before-year", &place.at(key), what);
    }
    if let (Some((_, from)), Some((key, to))) = (&from, &to)
        && to < from
    {
        let what = format!("the window of `{name}` of {tenant} for {year} ends on {to}, before it begins on {from}");
        report.defect("window-backwards", &place.at(key), what);
    }
}

/// Years of whatever other master, where they are none.
fn years(found: &Found, report: &mut Report) {
    for master in found.masters.iter().filter(|master| !MASTERS.contains(&master.name.as_str())) {
        for (place, row) in &master.rows {
            for key in ["fromFY", "toFY"] {
                if let Some(year) = row[key].as_str().filter(|year| !year.is_empty() && days::year(year).is_none()) {
                    let what = format!("`{year}` of `{}` of {} is no financial year", master.name, master.tenant);
                    report.defect("year", &place.at(key), what);
                }
            }
        }
    }
}

/// Intervals of reminders that say no unit.
fn reminders(found: &Found, report: &mut Report) {
    for master in &found.masters {
        for (place, row) in &master.rows {
            let Some(row) = row.as_object() else { continue };
            for (key, value) in row {
                let named = key.to_lowercase();
                let interval = named.contains("reminder") && (named.contains("interval") || named.contains("period"));
                let ms = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok());
                if interval && ms.is_some_and(|ms| ms > 366 && ms % 3_600_000 != 0) {
                    let what = format!("`{key}` of `{}` is {value}, and says no unit", master.name);
                    report.defect("time-without-unit", &place.at(key), what);
                }
            }
        }
    }
}

//! # reserve-calendar
//!
//! Two services of a town name the same calendar and take what they reserve from different lists, or count
//! its places in different ways.
//!
//! **Why it matters.** What one of them calls free, the other could have given away; codes of two lists would
//! stand in one calendar.
//!
//! **Remedy.** Give the calendars different names, or use the same list and the same `places` in both.

use std::sync::Arc;

use crate::reserve::{Places, Reserve};
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::{Diagnostic, Diagnostics};

manual!("reserve-calendar", "reserve_calendar.rs");

/// Compares the calendars of the services of one town.
pub(crate) fn check(services: &[&Arc<Service>], out: &mut Diagnostics) {
    let all = services.iter().flat_map(|service| service.reserves.iter().map(move |reserve| (*service, reserve)));
    let mut first: Vec<(&Arc<Service>, &Reserve)> = Vec::new();
    for (service, reserve) in all {
        let same = |(_, known): &&(&Arc<Service>, &Reserve)| known.calendar.value == reserve.calendar.value;
        let Some((other, known)) = first.iter().find(same) else {
            first.push((service, reserve));
            continue;
        };
        if list(service, reserve) == list(other, known) && places(reserve) == places(known) {
            continue;
        }
        let title = format!("`{}` has the calendar `{}` in another way", other.id, reserve.calendar.value);
        out.push(
            Diagnostic::error(MANUAL, &reserve.calendar.at, title, "what is free here may be taken there")
                .help("name another calendar, or use the same list and the same `places` in both"),
        );
    }
}

fn list<'a>(service: &'a Service, reserve: &Reserve) -> Option<&'a str> {
    reserve.list(&service.form).map(|list| list.name.as_str())
}

/// How places are counted, wherever that is written.
fn places(reserve: &Reserve) -> (i64, Option<&str>) {
    match &reserve.places {
        Places::Count(count) => (*count, None),
        Places::Listed(column) => (0, Some(column.as_str())),
    }
}

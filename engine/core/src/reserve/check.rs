//! From `reserves` to the model: what can be said without looking at other parts.

use super::yaml::{PlacesYaml, ReserveYaml, TakesYaml};
use super::{Places, Reserve, Takes};
use crate::base::{Name, Span, limits};
use crate::source::checks::wrong_shape;
use crate::source::{At, Diagnostics, Where};

/// What `yaml` reserves under `name`.
pub(crate) fn reserve(name: &At<Name>, yaml: ReserveYaml, out: &mut Diagnostics) -> Option<Reserve> {
    let before = out.0.len();
    if let (Some(_), Some(days)) = (&yaml.until, &yaml.days) {
        let title = "the last day and the number of days are two ways to say the same";
        out.push(wrong_shape::at_place(&days.at, title, "one of `until` and `days`", "until: until_day"));
    }
    let ahead = match &yaml.ahead {
        None => None,
        Some(written) => Some(ahead(written, out)?),
    };
    let places = match yaml.places {
        None => Places::Count(1),
        Some(PlacesYaml::Count(count)) => Places::Count(positive(&count, out)),
        Some(PlacesYaml::Listed(column)) => Places::Listed(column),
    };
    let takes = match yaml.takes {
        None => Takes::Count(1),
        Some(TakesYaml::Count(count)) => Takes::Count(positive(&count, out)),
        Some(TakesYaml::Field(field)) => Takes::Field(field),
    };
    if out.0.len() > before {
        return None;
    }
    Some(Reserve {
        name: name.value.clone(),
        calendar: yaml.calendar,
        resource: yaml.resource,
        places,
        takes,
        from: yaml.from,
        until: yaml.until,
        days: yaml.days,
        parts: yaml.parts,
        ahead,
        holds: yaml.r#while.0.into_iter().map(|(state, hold)| (state, hold.0)).collect(),
        blocked_by: yaml.blocked_by.map_or_else(Vec::new, |roles| roles.0),
        at: name.at.clone(),
    })
}

/// `1 day to 180 days`
fn ahead(written: &At<String>, out: &mut Diagnostics) -> Option<(Span, Span)> {
    let read = written.value.split_once(" to ").and_then(|(soon, far)| Some((Span::parse(soon)?, Span::parse(far)?)));
    if read.is_none() {
        say(&written.at, "this is no stretch of time", "two lengths of time", "ahead: 1 day to 180 days", out);
    }
    read
}

fn positive(count: &At<i64>, out: &mut Diagnostics) -> i64 {
    if !(1..=limits::SLOTS).contains(&count.value) {
        let title = format!("{} is no number of places", count.value);
        say(&count.at, title, "a number from 1 to 2000", "places: 4", out);
    }
    count.value
}

fn say(at: &Where, title: impl Into<String>, expected: &str, example: &str, out: &mut Diagnostics) {
    out.push(wrong_shape::at_place(at, title, expected, example));
}

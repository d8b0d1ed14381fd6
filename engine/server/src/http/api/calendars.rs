//! Calendars, for programs: what is free. Who has what is not told.

use engine::base::date::parse_day;
use serde_json::{Value as Json, json};

use super::given;
use crate::http::ask::{self, Answer, Ask};
use crate::http::citizen::calendar::{self, Shown, Stands};
use crate::problem::Problem;

/// `GET /api/{tenant}/calendars/{calendar}?resource=…&month=…`: the days of a month from today on, part by part. A
/// page shows the first of the list to whoever names another; a program would take its days for those it asked for.
pub async fn days(ask: &Ask) -> Answer {
    let found = calendar::find(ask.library.catalogue.services(ask.tenant()), ask.param("calendar"))?;
    if given(ask, "resource")?.is_some_and(|resource| !found.list.is_choice(resource)) {
        return Err(Problem::NotFound);
    }
    if given(ask, "month")?.is_some_and(|month| parse_day(&format!("{month}-01")).is_none()) {
        return Err(Problem::BadRequest("`month` is no month"));
    }
    let shown = Shown::load(ask, found).await?;
    let parts = shown.parts();
    let days = shown.days();
    let told = days.iter().flat_map(|day| parts.iter().map(move |part| (*day, part))).map(|(day, part)| {
        let (state, free) = match shown.stands(ask, day, part) {
            Stands::Free(free, _) => ("free", free),
            Stands::Taken => ("taken", 0),
            Stands::Closed => ("closed", 0),
            Stands::TooLate => ("too_early", 0),
            Stands::TooFar => ("too_far", 0),
        };
        json!({ "day": day.to_string(), "part": part, "state": state, "free": free })
    });
    let choices: Vec<&str> = found.list.choices().map(|entry| entry.code.as_str()).collect();
    Ok(ask::json(
        200,
        &json!({
            "calendar": found.reserve.calendar.value.as_str(),
            "resource": shown.code,
            "what": shown.what(&ask.lang),
            "resources": choices,
            "month": shown.month.format("%Y-%m").to_string(),
            "days": told.collect::<Vec<Json>>(),
        }),
    ))
}

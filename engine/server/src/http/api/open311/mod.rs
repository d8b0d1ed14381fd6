//! Open311 GeoReport v2: what can be reported, reports sent by programs, and where reports stand.
//!
//! Which services take part, their definitions say (`open311:` of service.yaml); `jurisdiction_id` is the town.
//! What anybody may read tells of no person: not who reported, not in which words, and no answer that is
//! personal. Reports are sent for the person whose token comes as `api_key`, or as a bearer token.

mod kinds;
mod report;
mod write;

use engine::base::{Answers, Moment, Name};
use engine::case::Case;
use engine::form::Kind;
use engine::service::{Open311, Service};
use engine::source::At;
use serde_json::{Value as Json, json};

use self::kinds::Reported;
pub(in crate::http) use self::write::problem;
use crate::auth::otp;
use crate::http::ask::{Answer, Ask};
use crate::http::citizen::tell;
use crate::http::{limits, when};
use crate::problem::Problem;
use crate::store::cases;

pub use report::send;
#[doc(hidden)]
pub use report::{content, degrees};
#[doc(hidden)]
pub use write::{Format, element};

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// Whether an address is one of these.
pub(in crate::http) fn is_here(path: &str) -> bool {
    path.starts_with("/api/") && path.split('/').nth(3) == Some("open311")
}

/// `GET …/open311/discovery.json`: where this is, and in which formats.
pub async fn discovery(ask: &Ask) -> Answer {
    let (format, _) = begin(ask, "")?;
    let formats = ["text/xml", "application/json"];
    let endpoint = json!({
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": ask.app.link(&format!("/api/{}/open311", ask.tenant().id)),
        "changeset": "2011-04-20T15:00:00Z",
        "type": "production",
        "formats": formats,
    });
    let contact = ask.tenant().title.in_language(&ask.lang);
    let told = json!({
        "changeset": "2011-04-20T15:00:00Z", "contact": contact, "key_service": ask.app.link(&ask.at("/sign-in")),
        "endpoints": [endpoint],
    });
    Ok(write::one(format, "discovery", &told))
}

/// `GET …/open311/services.json`: the kinds of reports.
pub async fn services(ask: &Ask) -> Answer {
    let (format, _) = begin(ask, "")?;
    let told: Vec<Json> = kinds::all(ask).iter().map(Reported::told).collect();
    Ok(write::list(format, "services", "service", &told))
}

/// `GET …/open311/services/{code}`: what is asked of one kind, with `.json` or `.xml` behind the code.
pub async fn service(ask: &Ask) -> Answer {
    let (format, code) = begin(ask, ask.param("code"))?;
    let kinds = kinds::all(ask);
    let kind = kinds.iter().find(|kind| kind.code == code).ok_or(Problem::NotFound)?;
    let told = json!({ "service_code": kind.code, "attributes": kind.attributes(ask) });
    Ok(write::one(format, "service_definition", &told))
}

/// `GET …/open311/requests/{*request}`: one report, with `.json` or `.xml` behind its number. Programs put the number
/// into the address as they were told it, so its slashes come encoded or not.
pub async fn request(ask: &Ask) -> Answer {
    let (format, number) = begin(ask, ask.param("request"))?;
    count(ask).await?;
    let found = numbered(ask, &[number]).await?;
    let told = told(ask, &found).await?;
    if told.is_empty() { Err(Problem::NotFound) } else { Ok(write::list(format, "service_requests", "request", &told)) }
}

/// `GET …/open311/tokens/{code}`: the number of a report by its token. Reports have their number at once; the
/// token is the key of the case.
pub async fn token(ask: &Ask) -> Answer {
    let (format, token) = begin(ask, ask.param("code"))?;
    count(ask).await?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let case = cases::load(&mut tx, &token).await?;
    let case = case.filter(|case| kinds::of_service(ask, &case.service).is_some());
    let number = case.and_then(|case| case.number).ok_or(Problem::NotFound)?;
    let told = json!({ "service_request_id": number, "token": token });
    Ok(write::list(format, "service_requests", "request", &[told]))
}

/// `GET …/open311/requests.json`: reports, the latest first: those of ninety days, or those that are named.
pub async fn requests(ask: &Ask) -> Answer {
    let (format, _) = begin(ask, "")?;
    count(ask).await?;
    let wanted = Wanted::read(ask)?;
    let found = if wanted.numbers.is_empty() {
        let services: Vec<String> = kinds::services(ask).map(|service| service.id.clone()).collect();
        let mut tx = ask.app.store.read(&ask.tenant().id).await?;
        let ids = cases::sent_between(&mut tx, &services, (wanted.from_ms, wanted.until_ms), limits::REPORTS).await?;
        let mut found = cases::load_all(&mut tx, &ids).await?;
        ids.iter().filter_map(|id| found.remove(id)).collect()
    } else {
        numbered(ask, &wanted.numbers).await?
    };
    let told = told(ask, &found).await?;
    // What is named overrides all other arguments, as the specification says.
    let named = !wanted.numbers.is_empty();
    let fits = |report: &&Json| {
        let of = |key: &str| report[key].as_str().unwrap_or_default().to_owned();
        named
            || (wanted.codes.is_empty() || wanted.codes.contains(&of("service_code")))
                && (wanted.statuses.is_empty() || wanted.statuses.contains(&of("status")))
    };
    let told: Vec<Json> = told.iter().filter(fits).cloned().collect();
    Ok(write::list(format, "service_requests", "request", &told))
}

/// The format that is asked for, and what stands before it; the town that is named must be this one.
fn begin(ask: &Ask, typed: &str) -> Result<(Format, String), Problem> {
    let format = Format::of(&ask.path).ok_or(Problem::NotFound)?;
    let town = match ask.query("jurisdiction_id")? {
        "" => ask.field("jurisdiction_id")?,
        town => town,
    };
    if !town.is_empty() && town != ask.tenant().id {
        return Err(Problem::NotFound);
    }
    if kinds::services(ask).next().is_none() {
        return Err(Problem::NotFound);
    }
    Ok((format, format.before(typed).to_owned()))
}

/// Counts a look at reports, of the network it comes from.
async fn count(ask: &Ask) -> Result<(), Problem> {
    let from = format!("open311-from:{}", otp::network(ask.remote));
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    otp::throttle(&mut tx, &from, ask.app.clock.now_ms(), limits::REPORTS_READ).await?;
    Ok(tx.commit().await?)
}

/// Which reports are asked for.
struct Wanted {
    numbers: Vec<String>,
    codes: Vec<String>,
    statuses: Vec<String>,
    from_ms: i64,
    until_ms: i64,
}

impl Wanted {
    fn read(ask: &Ask) -> Result<Self, Problem> {
        let list = |name: &str| -> Result<Vec<String>, Problem> {
            let named = ask.query(name)?.split(',').map(|word| word.trim().to_owned());
            let named: Vec<String> = named.filter(|word| !word.is_empty()).collect();
            if named.len() > limits::REPORTS_NAMED { Err(Problem::TooLarge) } else { Ok(named) }
        };
        let statuses = list("status")?;
        if statuses.iter().any(|status| status != "open" && status != "closed") {
            return Err(Problem::BadRequest("`status` is `open` or `closed`"));
        }
        let moment = |name: &'static str, wrong: &'static str| match ask.query(name)? {
            "" => Ok(None),
            typed => instant(typed, ask.now()).map(Some).ok_or(Problem::BadRequest(wrong)),
        };
        let from = moment("start_date", "`start_date` is no instant as ISO 8601 writes it")?;
        let until = moment("end_date", "`end_date` is no instant as ISO 8601 writes it")?;
        if from.zip(until).is_some_and(|(from, until)| from > until) {
            return Err(Problem::BadRequest("`start_date` lies after `end_date`"));
        }
        // Without an end: ninety days from the start, or up to now.
        let most = limits::REPORT_DAYS * DAY_MS;
        let until_ms = until.unwrap_or_else(|| from.map_or(ask.now().ms + 1, |from| from.saturating_add(most)));
        let from_ms = from.unwrap_or(until_ms - most).max(until_ms.saturating_sub(most));
        let (numbers, codes) = (list("service_request_id")?, list("service_code")?);
        Ok(Self { numbers, codes, statuses, from_ms, until_ms })
    }
}

/// An instant of ISO 8601, `2026-04-06T10:00:00Z` or with an offset; a day alone is its midnight here.
fn instant(text: &str, now: Moment) -> Option<i64> {
    // A `+` of an address that was not encoded arrives as a blank.
    let text = text.trim().replace(' ', "+");
    if let Some(day) = when::typed_day(&text) {
        return Some(Moment::at(day, 0, now.offset_minutes).ms);
    }
    chrono::DateTime::parse_from_rfc3339(&text).ok().map(|instant| instant.timestamp_millis())
}

/// The cases of these numbers, in their order.
async fn numbered(ask: &Ask, numbers: &[String]) -> Result<Vec<Case>, Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let mut found = Vec::new();
    for number in numbers {
        if let Some(id) = cases::id_of(&mut tx, number).await? {
            found.extend(cases::load(&mut tx, &id).await?);
        }
    }
    Ok(found)
}

/// What anybody may know of cases; of those whose service does not take part, nothing.
async fn told(ask: &Ask, found: &[Case]) -> Result<Vec<Json>, Problem> {
    let mut all = Vec::new();
    for case in found {
        let Some((present, open311)) = kinds::of_service(ask, &case.service) else { continue };
        let Some(number) = &case.number else { continue };
        let service = ask.app.service_of(ask.tenant(), &case.definition).await?;
        let state = tell::state_of(&service, case);
        let moment = |ms: Option<i64>| ms.map(|ms| when::iso_to_the_second(ask.now().with_ms(ms)));
        let code = kinds::code_of(present, open311, &case.answers);
        let public = state.public.as_ref().unwrap_or(&state.label);
        let mut report = json!({
            "service_request_id": number,
            "status": if state.end.is_some() { "closed" } else { "open" },
            "status_notes": public.in_language(&ask.lang),
            "service_name": kinds::name_of(ask, present, open311, &code),
            "service_code": code,
            "agency_responsible": service.department.in_language(&ask.lang),
            "service_notice": "",
            "requested_datetime": moment(case.submitted_ms),
            "updated_datetime": moment(Some(case.entered_ms)),
            "expected_datetime": moment(case.promised_ms),
        });
        place(ask, present, open311, &case.answers, &mut report);
        all.push(report);
    }
    Ok(all)
}

/// Where it is, of answers that are not personal.
fn place(ask: &Ask, service: &Service, open311: &Open311, answers: &Answers, report: &mut Json) {
    let answer = |name: Option<&At<Name>>| {
        let name = &name?.value;
        let field = service.form.fields().find(|field| field.name == *name)?;
        if field.personal { None } else { Some((field, answers.get(&field.name)?.to_json())) }
    };
    if let Some((field, Json::String(code))) = answer(open311.place.as_ref())
        && matches!(field.kind, Kind::Place { .. })
    {
        let above = ask.tenant().places.ancestry(&code);
        let names: Vec<&str> = above.map(|place| place.label.in_language(&ask.lang)).collect();
        report["address"] = names.join(", ").into();
        report["address_id"] = code.into();
    }
    if let Some((_, point)) = answer(open311.point.as_ref()) {
        report["lat"] = point["lat"].clone();
        report["long"] = point["long"].clone();
    }
}

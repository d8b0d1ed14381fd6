//! `/{tenant}/desk/inbox`: the list of cases, and the same as a file.

use axum::http::{HeaderValue, StatusCode, header};
use engine::base::Moment;
use engine::base::date::{MS_PER_DAY, add_days};
use serde_json::json;
use ui_gen::Page;

use super::csv::{self, Csv};
use super::filter::Filters;
use super::reader::Reader;
use super::rows::{self, Around};
use super::scope::{self, Reach};
use super::view_inbox::{self, Listed};
use crate::auth::Employee;
use crate::http::ask::{self, Answer, Ask};
use crate::http::when;
use crate::problem::Problem;
use crate::store::inbox::{self, Band, CaseRow, Holder, Query, Sort};
use crate::store::{By, events};

/// What is due within so many days is nearly due.
const SOON_DAYS: i64 = 2;
/// Rows of a file.
const EXPORT: i64 = 50_000;

/// `GET /{tenant}/desk/inbox`
pub(crate) async fn page(ask: &Ask) -> Answer {
    shown(ask, Filters::read(&ask.query)?, "", 200).await
}

/// The list, with what is wrong about the choice of rows, if something is.
pub(crate) async fn shown(ask: &Ask, filters: Filters, error: &str, status: u16) -> Answer {
    let (reader, employee) = (Reader::of(ask), ask.employee()?);
    // A day that is none narrows nothing; it is said beside its box.
    let no_days: Vec<&str> = filters.no_days().collect();
    let usable = filters.no_days().fold(filters.clone(), |usable, name| usable.with(name, ""));
    let query = query(ask, employee, &usable)?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let (cases, more) = inbox::list(&mut tx, &query).await?;
    let counts = inbox::counts(&mut tx, &query).await?;
    drop(tx);
    let around = Around::load(ask, &cases).await?;
    let services = scope::services(&ask.library, ask.tenant(), employee);
    let person = match filters.one("person") {
        "" => String::new(),
        id => super::names::Names::load(&ask.app, ask.tenant(), vec![id.to_owned()]).await?.officer(id),
    };
    let bulk = view_inbox::bulk(&reader, &around, &cases, |service, place| {
        scope::actor(ask.tenant(), employee, service, place).roles
    });
    let listed = Listed {
        cases: &cases,
        more,
        counts: &counts,
        around: &around,
        services: &services,
        filters: &filters,
        person: &person,
    };
    let mut view = view_inbox::view(&reader, &listed);
    view.bulk = bulk;
    error.clone_into(&mut view.error);
    let wrong = |name: &str| {
        let text = no_days.contains(&name).then(|| reader.say("inbox.no_day", &[("text", filters.one(name))]));
        text.unwrap_or_default()
    };
    (view.from_error, view.until_error) = (wrong("from"), wrong("until"));
    let status = if no_days.is_empty() { status } else { 422 };
    ask.page(Page::Inbox(view)).status(status).answer()
}

/// `GET /{tenant}/desk/inbox.csv`: everything that fits, and a note of who took it.
pub(crate) async fn file(ask: &Ask) -> Answer {
    let (reader, employee) = (Reader::of(ask), ask.employee()?);
    let filters = Filters::read(&ask.query)?;
    if filters.no_days().next().is_some() {
        return shown(ask, filters, "", 422).await;
    }
    let mut cases = matching(ask, employee, &filters, EXPORT + 1).await?;
    let cut = csv::cut(&mut cases, EXPORT);
    let around = Around::load(ask, &cases).await?;
    let mut file = Csv::new();
    let heads = [
        "inbox.number",
        "collect.service",
        "inbox.applicant",
        "inbox.place",
        "inbox.state",
        "inbox.assignee",
        "inbox.received",
        "inbox.due",
    ];
    let heads = heads.map(|key| reader.get(key));
    file.row(heads.iter().map(String::as_str));
    for case in &cases {
        let row = rows::row(&reader, &around, case);
        let due = row.due.map(|due| due.date).unwrap_or_default();
        file.row([
            &*row.number,
            &row.service,
            &row.applicant,
            &row.place,
            &row.state.text,
            &row.assignee,
            &row.received,
            &due,
        ]);
    }
    if cut {
        file.row([&*reader.say("inbox.csv_cut", &[("n", &reader.count(EXPORT))])]);
    }
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let by = By { person: &employee.id, kind: engine::case::ActorKind::Employee, at_ms: ask.now().ms };
    events::note(
        &mut tx,
        by,
        None,
        "export",
        json!({ "list": "inbox", "query": filters.query(), "rows": cases.len(), "cut": cut }),
    )
    .await?;
    tx.commit().await?;
    let mut response = ask::text(StatusCode::OK, "text/csv; charset=utf-8", file.finish());
    let name = format!("attachment; filename=\"cases-{}.csv\"", ask.now().day());
    response
        .headers_mut()
        .insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).expect("a day is plain ASCII"));
    Ok(response)
}

/// At most `limit` cases that fit.
pub(crate) async fn matching(
    ask: &Ask,
    employee: &Employee,
    filters: &Filters,
    limit: i64,
) -> Result<Vec<CaseRow>, Problem> {
    let query = query(ask, employee, filters)?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    Ok(inbox::export(&mut tx, &query, limit).await?)
}

/// The filters as the store asks them.
pub(crate) fn query<'a>(ask: &Ask, employee: &'a Employee, filters: &'a Filters) -> Result<Query<'a>, Problem> {
    let (tenant, now) = (ask.tenant(), ask.now());
    let reach = if filters.one("scope") == "all" { Reach::MyServices } else { Reach::MyWork };
    let mut scopes = scope::scopes(&ask.library, tenant, employee, reach);
    let first = scopes.pop().unwrap_or_default();
    let places = filters.many("place").iter().flat_map(|code| scope::below(&tenant.places, code)).collect();
    Ok(Query {
        scope: first,
        more: scopes,
        own: true,
        handed_in: true,
        me: &employee.id,
        now_ms: now.ms,
        soon_ms: soon(now),
        text: filters.one("q"),
        states: filters.many("state").to_vec(),
        services: filters.many("service").to_vec(),
        holders: filters.many("with").iter().filter_map(|word| holder(word)).collect(),
        assignee: Some(filters.one("person")).filter(|person| !person.is_empty()),
        places,
        bands: filters.many("due").iter().filter_map(|word| band(word)).collect(),
        received: (day(filters.one("from"), now, 0)?, day(filters.one("until"), now, 1)?),
        sort: match filters.one("sort") {
            "received" => Sort::Received,
            "newest" => Sort::Newest,
            "number" => Sort::Number,
            _ => Sort::Due,
        },
        page: filters.page(),
    })
}

/// Until when what is due is nearly due.
pub(crate) fn soon(now: Moment) -> i64 {
    now.ms + SOON_DAYS * MS_PER_DAY
}

fn day(text: &str, now: Moment, later: i64) -> Result<Option<i64>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    let day = when::typed_day(text).ok_or(Problem::BadRequest("a day that is none"))?;
    Ok(Some(Moment::at(add_days(day, later), 0, now.offset_minutes).ms))
}

fn holder(word: &str) -> Option<Holder> {
    Some(match word {
        "me" => Holder::Me,
        "nobody" => Holder::Nobody,
        "others" => Holder::Other,
        _ => return None,
    })
}

fn band(word: &str) -> Option<Band> {
    Some(match word {
        "late" => Band::Late,
        "soon" => Band::Soon,
        "later" => Band::Later,
        "never" => Band::Never,
        _ => return None,
    })
}

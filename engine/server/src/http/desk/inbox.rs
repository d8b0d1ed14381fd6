//! `/{tenant}/desk/inbox`: the list of cases, and the same as a file.

use engine::base::Moment;
use engine::base::date::{MS_PER_DAY, add_days};
use engine::service::Service;
use engine::workflow::State;
use serde_json::json;
use ui_gen::Page;
use ui_gen::view::common::Tone;
use ui_gen::view::inbox::SaveView;

use super::csv::{self, Csv};
use super::filter::Filters;
use super::names::Names;
use super::reader::Reader;
use super::rows::{self, Around};
use super::scan::{Scanned, Wanted};
use super::scope::{self, Reach};
use super::view_inbox::{self, Listed};
use super::view_money;
use crate::auth::Employee;
use crate::http::ask::{Answer, Ask};
use crate::http::{sought, when};
use crate::problem::Problem;
use crate::store::inbox::{self, Band, COUNTED, CaseRow, Holder, Query, Sort};
use crate::store::views::View;
use crate::store::{By, cases, events, views};

/// What is due within so many days is nearly due.
const SOON_DAYS: i64 = 2;
/// What cases may be marked as: with the applicant, and with something to correct.
pub(crate) const MARKS: [&str; 2] = ["back", "flagged"];
/// Rows of a file.
const EXPORT: i64 = 50_000;

/// `GET /{tenant}/desk/inbox`
pub(crate) async fn page(ask: &Ask) -> Answer {
    if let Some(sealed) = sought::sealed_address(ask, "q")? {
        return ask.redirect(&sealed);
    }
    let filters = Filters::of(ask)?;
    match scanned(ask, filters.words()).await? {
        Some(there) => ask.redirect(&there),
        None => shown(ask, filters, Wrong::default(), 200).await,
    }
}

/// `POST /{tenant}/desk/inbox`: the same list, with what the form beside it says in its address.
pub(crate) async fn search(ask: &Ask) -> Answer {
    ask.redirect(&format!("{}{}", ask.at("/desk/inbox"), Filters::sent(ask)?.query()))
}

/// Where the paper leads that was scanned into the box for searching, if the reader may go there.
async fn scanned(ask: &Ask, text: &str) -> Result<Option<String>, Problem> {
    let wanted = Wanted::read(ask, text).await?;
    Ok(match &wanted.paper {
        Some(Scanned::Record(registry, number)) => {
            Some(ask.at(&format!("/desk/registers/{registry}/{}", view_money::segment(number))))
        }
        Some(Scanned::Case(id)) => {
            let mut tx = ask.app.store.read(&ask.tenant().id).await?;
            let row = cases::among(&mut tx, std::slice::from_ref(id)).await?.pop();
            let employee = ask.employee()?;
            let row = row.filter(|row| scope::may_list(ask.tenant(), employee, row));
            row.map(|row| rows::href(&Reader::of(ask), &row.id))
        }
        None => None,
    })
}

/// What is wrong beside a list, and what was typed there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wrong<'a> {
    /// About the choice of rows.
    pub(crate) rows: &'a str,
    /// The name under which the list was to be kept.
    pub(crate) name: &'a str,
    /// About that name.
    pub(crate) name_error: &'a str,
}

/// The list, with what is wrong about the choice of rows or the name, if something is.
pub(crate) async fn shown(ask: &Ask, mut filters: Filters, beside: Wrong<'_>, status: u16) -> Answer {
    let (reader, employee) = (Reader::of(ask), ask.employee()?);
    // A day that is none narrows nothing; it is said beside its box.
    let no_days: Vec<&str> = filters.no_days().collect();
    let usable = filters.no_days().fold(filters.clone(), |usable, name| usable.with(name, ""));
    // What is marked is looked for beyond one's own work, and counted as it would be found.
    let marks = MARKS.map(|mark| usable.with("marked", mark));
    let marks: Vec<Query<'_>> = marks.iter().map(|only| query(ask, employee, only)).collect::<Result<_, _>>()?;
    let mut query = query(ask, employee, &usable)?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let (mut cases, mut more) = inbox::list(&mut tx, &query).await?;
    // A page that is not there any more, as when everything on the last one was done, is the first.
    if cases.is_empty() && query.page > 0 {
        query.page = 0;
        filters = filters.at_page(0);
        (cases, more) = inbox::list(&mut tx, &query).await?;
    }
    let counts = inbox::counts(&mut tx, &query, COUNTED).await?;
    let marks = inbox::each_many(&mut tx, &marks, COUNTED).await?;
    let saved = views::of(&mut tx, &employee.id).await?;
    drop(tx);
    let saved = known(ask, saved, &filters);
    let around = Around::load(ask, &cases).await?;
    let services = scope::services(&ask.library, ask.tenant(), employee);
    let people = counts.people.iter().map(|(id, _)| id).chain(filters.many("person")).cloned().collect();
    let people = Names::load(&ask.app, ask.tenant(), people).await?;
    let bulk = view_inbox::bulk(&reader, &around, &cases, |service, place| {
        scope::actor(ask.tenant(), employee, service, place).roles
    });
    let listed = Listed {
        cases: &cases,
        more,
        counts: &counts,
        marks: &marks,
        around: &around,
        services: &services,
        filters: &filters,
        people: &people,
        saved: &saved,
    };
    let mut view = view_inbox::view(&reader, &listed);
    if employee.audits() {
        // Neither is given anything to do, nor keeps lists.
        view.save = SaveView::default();
    } else {
        view.bulk = bulk;
    }
    beside.rows.clone_into(&mut view.error);
    beside.name.clone_into(&mut view.save.name);
    beside.name_error.clone_into(&mut view.save.error);
    let wrong = |name: &str| {
        let text = no_days.contains(&name).then(|| reader.say("inbox.no_day", &[("text", filters.one(name))]));
        text.unwrap_or_default()
    };
    (view.from_error, view.until_error) = (wrong("from"), wrong("until"));
    let status = if no_days.is_empty() { status } else { 422 };
    let page = ask.page(Page::Inbox(view)).status(status);
    if filters.lost() { page.notice(Tone::Warn, reader.get("search.lost")).answer() } else { page.answer() }
}

/// The lists that the reader keeps. The one that shows what is shown here has its very address; of the others none has
/// words in its address that anybody could read.
fn known(ask: &Ask, saved: Vec<View>, filters: &Filters) -> Vec<View> {
    let here = filters.with("sort", "").with("page", "");
    let own = |view: View| match Filters::kept(ask, &view.query) {
        Ok(kept) if kept.says_as(&here) => View { query: here.query(), ..view },
        Ok(kept) if !kept.lost() => View { query: kept.query(), ..view },
        _ => view,
    };
    saved.into_iter().map(own).collect()
}

/// `GET /{tenant}/desk/inbox.csv`: everything that fits, and a note of who took it.
pub(crate) async fn file(ask: &Ask) -> Answer {
    let (reader, employee) = (Reader::of(ask), ask.employee()?);
    let filters = Filters::of(ask)?;
    // Without its words the list is another one, which is not taken for it.
    if filters.no_days().next().is_some() || filters.lost() {
        return shown(ask, filters, Wrong::default(), 422).await;
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
        "inbox.fee",
        "inbox.assignee",
        "inbox.received",
        "inbox.due",
    ];
    let heads = heads.map(|key| reader.get(key));
    file.row(heads.iter().map(String::as_str));
    for case in &cases {
        let row = rows::row(&reader, &around, case);
        let due = row.due.map(|due| due.date).unwrap_or_default();
        let fee = row.fee.map(|fee| fee.text).unwrap_or_default();
        file.row([
            &*row.number,
            &row.service,
            &row.applicant,
            &row.place,
            &row.state.text,
            &fee,
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
    file.sent(&format!("cases-{}.csv", ask.now().day()))
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
    // What was sent back is nobody's work at the desk, and is looked for all the same.
    let everything = filters.one("scope") == "all" || !filters.many("marked").is_empty();
    let reach = if everything { Reach::MyServices } else { Reach::MyWork };
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
        text: filters.words(),
        states: filters.many("state").to_vec(),
        services: filters.many("service").to_vec(),
        holders: filters.many("with").iter().filter_map(|word| holder(word)).collect(),
        people: filters.many("person").to_vec(),
        marked: filters.has("marked", "flagged"),
        back: if filters.has("marked", "back") { waiting(ask, employee) } else { Vec::new() },
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

/// The states in which cases of the person's services wait for their applicants.
fn waiting(ask: &Ask, employee: &Employee) -> Vec<String> {
    let services = scope::services(&ask.library, ask.tenant(), employee);
    let start = |service: &Service, state: &State| service.workflow.start.value == state.name;
    let waits = services.iter().flat_map(|service| {
        let states =
            service.workflow.states.iter().filter(move |state| state.waits_for_applicant && !start(service, state));
        states.map(|state| state.name.to_string())
    });
    let found: std::collections::BTreeSet<String> = waits.collect();
    // A filter that fits no state fits no case.
    if found.is_empty() { vec![String::new()] } else { found.into_iter().collect() }
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

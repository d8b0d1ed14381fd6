//! `/{tenant}/desk/my-work`: what I and my office have done, and what waits.

use std::sync::Arc;

use chrono::Datelike as _;
use engine::base::date::{MS_PER_DAY, add_days, days_between, months_until, parse_day};
use engine::base::{Day, Moment};
use engine::service::Service;
use engine::tenant::Tenant;
use ui_gen::Page;
use ui_gen::view::common::NavLink;
use ui_gen::view::work::{Measure, MyWork, WorkLoad, WorkStep};

use super::names::Names;
use super::reader::Reader;
use super::scope;
use crate::http::ask::{Answer, Ask};
use crate::problem::Problem;
use crate::store::desk::{self, Load, Step};

/// The spans of time that can be looked at, the first one unasked.
const SPANS: [(&str, &str); 4] = [
    ("month", "work.span_month"),
    ("week", "work.span_week"),
    ("quarter", "work.span_quarter"),
    ("year", "work.span_year"),
];

/// `GET /{tenant}/desk/my-work`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let (reader, employee, now) = (Reader::of(ask), ask.employee()?, ask.now());
    let wanted = ask.query("span")?;
    let span = SPANS.into_iter().map(|(span, _)| span).find(|span| *span == wanted).unwrap_or(SPANS[0].0);
    let from = first_day(span, now.day(), ask.tenant());
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let from_ms = Moment::at(from, 0, now.offset_minutes).ms;
    let services = scope::services(&ask.library, ask.tenant(), employee);
    let offered = |service: &str| services.iter().any(|offered| offered.id == service);
    let steps: Vec<Step> =
        desk::steps(&mut tx, from_ms, now.ms + 1).await?.into_iter().filter(|step| offered(&step.service)).collect();
    let loads: Vec<Load> = desk::loads(&mut tx, now.ms)
        .await?
        .into_iter()
        .filter(|load| offered(&load.service) && is_open(&services, load))
        .collect();
    drop(tx);
    let periods = SPANS.into_iter().map(|(other, key)| NavLink {
        href: format!("{}?span={other}", ask.at("/desk/my-work")),
        text: reader.get(key),
        count: String::new(),
        current: other == span,
    });
    let view = MyWork {
        period: format!("{} – {}", reader.day(from), reader.day(now.day())),
        periods: periods.collect(),
        measures: measures(&reader, &steps, &loads, &employee.id),
        steps: by_step(&reader, &services, &steps, &loads, &employee.id),
        team: team(ask, &reader, &steps, &loads).await?,
    };
    ask.page(Page::MyWork(view)).answer()
}

/// The first day of the span that today lies in.
fn first_day(span: &str, today: Day, tenant: &Tenant) -> Day {
    let first = |months: u32| months_until(today, months.into()).first().copied().unwrap_or(today);
    match span {
        // The first day of 1970 was a Thursday.
        "week" => add_days(today, -((days_between(parse_day("1970-01-01").expect("a day"), today) + 3) % 7)),
        "quarter" => first(today.month0() % 3 + 1),
        "year" => tenant.calendar.financial_year_start(today),
        _ => first(1),
    }
}

/// Whether a case in this state waits for an officer.
fn is_open(services: &[&Arc<Service>], load: &Load) -> bool {
    let service = services.iter().find(|service| service.id == load.service);
    service
        .and_then(|service| service.workflow.state(&load.state))
        .is_some_and(|state| state.end.is_none() && !state.waits_for_applicant)
}

fn measures(reader: &Reader<'_>, steps: &[Step], loads: &[Load], me: &str) -> Vec<Measure> {
    let mine: Vec<&Step> = steps.iter().filter(|step| step.person == me).collect();
    let all: Vec<&Step> = steps.iter().collect();
    let open: i64 = loads.iter().filter(|load| load.assignee.as_deref() == Some(me)).map(|load| load.count).sum();
    let late: i64 = loads.iter().filter(|load| load.assignee.as_deref() == Some(me)).map(|load| load.late).sum();
    let measure = |key: &str, value: String, note: String| Measure { label: reader.get(key), value, note };
    let town = |value: String| if value.is_empty() { value } else { reader.say("work.office", &[("value", &value)]) };
    let dash = |value: String| if value.is_empty() { "–".to_owned() } else { value };
    vec![
        measure("work.done", reader.count(count(mine.len())), town(reader.count(count(all.len())))),
        measure("work.in_time", dash(in_time(&mine)), town(in_time(&all))),
        measure("work.median", dash(median(reader, &mine)), town(median(reader, &all))),
        measure(
            "work.open",
            reader.count(open),
            if late > 0 { reader.say("work.late", &[("n", &reader.count(late))]) } else { String::new() },
        ),
    ]
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// The share of steps in time, of those that had one; empty for none.
fn in_time(steps: &[&Step]) -> String {
    let judged: Vec<bool> = steps.iter().filter_map(|step| step.in_time).collect();
    if judged.is_empty() {
        return String::new();
    }
    let good = judged.iter().filter(|good| **good).count();
    format!("{} %", (good * 100 + judged.len() / 2) / judged.len())
}

/// The time that half of the steps took at most; empty for none.
fn median(reader: &Reader<'_>, steps: &[&Step]) -> String {
    let mut took: Vec<i64> = steps.iter().map(|step| step.took_ms).collect();
    if took.is_empty() {
        return String::new();
    }
    took.sort_unstable();
    let middle = took.len() / 2;
    let median =
        if took.len().is_multiple_of(2) { i64::midpoint(took[middle - 1], took[middle]) } else { took[middle] };
    length(reader, median)
}

/// A length of time in hours below two days, in days with one decimal above.
fn length(reader: &Reader<'_>, ms: i64) -> String {
    if ms < 2 * MS_PER_DAY {
        return reader.say("work.hours", &[("n", &((ms + 1_800_000) / 3_600_000).to_string())]);
    }
    let tenths = (ms * 10 + MS_PER_DAY / 2) / MS_PER_DAY;
    reader.say("work.days", &[("n", &format!("{}.{}", tenths / 10, tenths % 10))])
}

fn by_step(reader: &Reader<'_>, services: &[&Arc<Service>], steps: &[Step], loads: &[Load], me: &str) -> Vec<WorkStep> {
    let mut rows = Vec::new();
    for service in services {
        for state in service.workflow.states.iter().filter(|state| state.officers().next().is_some()) {
            let here: Vec<&Step> = steps
                .iter()
                .filter(|step| step.service == service.id && step.state == *state.name && step.person == me)
                .collect();
            let mine = |load: &&Load| {
                load.service == service.id && load.state == *state.name && load.assignee.as_deref() == Some(me)
            };
            let open: i64 = loads.iter().filter(mine).map(|load| load.count).sum();
            if here.is_empty() && open == 0 {
                continue;
            }
            let dash = |value: String| if value.is_empty() { "–".to_owned() } else { value };
            rows.push(WorkStep {
                service: reader.text(&service.title).to_owned(),
                step: reader.text(&state.label).to_owned(),
                done: reader.count(count(here.len())),
                in_time: dash(in_time(&here)),
                median: dash(median(reader, &here)),
                open: reader.count(open),
            });
        }
    }
    rows
}

/// Everybody who did something or has something, by name.
async fn team(ask: &Ask, reader: &Reader<'_>, steps: &[Step], loads: &[Load]) -> Result<Vec<WorkLoad>, Problem> {
    let mut ids: Vec<String> = steps
        .iter()
        .map(|step| step.person.clone())
        .chain(loads.iter().filter_map(|load| load.assignee.clone()))
        .collect();
    ids.sort();
    ids.dedup();
    let names = Names::load(&ask.app, ask.tenant(), ids.clone()).await?;
    let row = |id: &String| {
        let held = || loads.iter().filter(|load| load.assignee.as_deref() == Some(id));
        WorkLoad {
            name: names.officer(id),
            open: reader.count(held().map(|load| load.count).sum()),
            overdue: reader.count(held().map(|load| load.late).sum()),
            done: reader.count(count(steps.iter().filter(|step| step.person == *id).count())),
        }
    };
    let mut rows: Vec<WorkLoad> = ids.iter().map(row).collect();
    let nobody = || loads.iter().filter(|load| load.assignee.is_none());
    let open: i64 = nobody().map(|load| load.count).sum();
    if open > 0 {
        let overdue = nobody().map(|load| load.late).sum();
        rows.push(WorkLoad {
            name: reader.get("inbox.with_nobody"),
            open: reader.count(open),
            overdue: reader.count(overdue),
            done: String::new(),
        });
    }
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(rows)
}

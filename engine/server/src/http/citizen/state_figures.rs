//! `/figures`: of every town of a state, how many applications were received in the last twelve months, and how many of
//! those are decided. It is for whoever oversees a state, and open to everybody, since it shows sums alone: it names
//! nobody and leads to no case, and where so few are counted that somebody might be known by it, no number is said.

use std::collections::{BTreeMap, BTreeSet};

use connectors::control::holds;
use engine::base::Moment;
use engine::base::date::months_until;
use engine::service::Catalogue;
use engine::template::format;
use engine::tenant::Tenant;
use ui_gen::view::figures::{Chart, ChartRow, Counted, Figures};
use ui_gen::{Page, Words, chart};

use crate::auth::otp;
use crate::http::ask::{Answer, Ask};
use crate::http::desk::csv::Csv;
use crate::http::limits;
use crate::problem::Problem;
use crate::store::figures;

/// Months that are looked at; the last one is the present one.
const MONTHS: i64 = 12;

/// The states in which a case of a service is not decided, in every definition.
type Open<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// `GET /figures`
pub async fn page(ask: &Ask) -> Answer {
    let mut view = reckon(ask).await?;
    for drawn in &mut view.charts {
        drawn.svg = chart::bars(drawn);
    }
    ask.page(Page::Figures(view)).back(ask.home()).answer()
}

/// `GET /figures.csv`
pub async fn file(ask: &Ask) -> Answer {
    let view = reckon(ask).await?;
    let mut file = Csv::new();
    for shown in &view.charts {
        file.row([shown.title.as_str()]);
        file.row(std::iter::once(&shown.of).chain(&shown.series).map(String::as_str));
        for row in &shown.rows {
            let counts = row.counts.iter().map(|counted| counted.text.as_str());
            file.row(std::iter::once(row.label.as_str()).chain(counts));
        }
    }
    file.sent("figures.csv")
}

fn open_states(catalogue: &Catalogue) -> Open<'_> {
    let mut open = Open::new();
    for definition in catalogue.definitions() {
        let states = definition.workflow.states.iter().filter(|state| state.end.is_none());
        open.entry(definition.id.as_str()).or_default().extend(states.map(|state| state.name.as_str()));
    }
    open
}

/// Counts that the figures are reckoned for a network.
async fn count(ask: &Ask, first: &Tenant) -> Result<(), Problem> {
    let key = format!("figures-from:{}", otp::network(ask.remote));
    let mut tx = ask.app.store.begin(&first.state).await?;
    otp::throttle(&mut tx, &key, ask.app.clock.now_ms(), limits::FIGURES).await?;
    Ok(tx.commit().await?)
}

async fn reckon(ask: &Ask) -> Result<Figures, Problem> {
    let (catalogue, words) = (&ask.library.catalogue, ask.words());
    let mut view = Figures { csv: "/figures.csv".to_owned(), ..Figures::default() };
    let Some(first) = catalogue.tenants.values().next() else { return Ok(view) };
    count(ask, first).await?;
    let open = open_states(catalogue);
    let mut charts: BTreeMap<&str, Chart> = BTreeMap::new();
    for tenant in catalogue.tenants.values() {
        let now = ask.app.clock.now(tenant);
        let Some(from) = months_until(now.day(), MONTHS).first().copied() else { continue };
        if view.from.is_empty() {
            (view.from, view.until) = (format::day(from), format::day(now.day()));
        }
        let begins = Moment::at(from, 0, now.offset_minutes);
        let counts = counts(ask, tenant, &open, (begins.ms, now.ms + 1)).await?;
        let chart = charts.entry(&tenant.state).or_insert_with(|| empty(words, tenant));
        chart.rows.push(row(words, tenant, counts));
    }
    for chart in charts.values_mut().filter(|chart| chart.rows.len() > chart::MOST) {
        chart.note = words.say("figures.cut_towns", &[("n", &chart::MOST.to_string())]);
    }
    view.charts = charts.into_values().collect();
    Ok(view)
}

/// How many applications a town received between two instants, how many of those are decided, and how many are not.
async fn counts(
    ask: &Ask,
    tenant: &Tenant,
    open: &Open<'_>,
    (from_ms, until_ms): (i64, i64),
) -> Result<[i64; 3], Problem> {
    let mut tx = ask.app.store.read(&tenant.id).await?;
    let (mut received, mut waiting) = (0, 0);
    for row in figures::received(&mut tx, from_ms, until_ms).await? {
        received += row.count;
        if open.get(row.service.as_str()).is_some_and(|states| states.contains(row.state.as_str())) {
            waiting += row.count;
        }
    }
    Ok([received, received - waiting, waiting])
}

fn empty(words: &Words, tenant: &Tenant) -> Chart {
    Chart {
        id: tenant.state.clone(),
        title: tenant.state_title.in_language(words.lang()).to_owned(),
        about: words.say("figures.towns_about", &[("n", &limits::FEWEST.to_string())]),
        of: words.get("figures.town"),
        series: ["figures.received", "figures.decided", "figures.open"].map(|key| words.get(key)).to_vec(),
        ..Chart::default()
    }
}

/// The numbers of a town; none of them, if one is so small that it might tell of somebody: the others would say it.
fn row(words: &Words, tenant: &Tenant, counts: [i64; 3]) -> ChartRow {
    let hides = counts.iter().any(|count| (1..limits::FEWEST).contains(count)) && holds("az_12_few");
    let counted = |count: i64| Counted { count, text: count.to_string() };
    let hidden = || Counted { count: 0, text: words.get("figures.few") };
    let counts = counts.map(|count| if hides { hidden() } else { counted(count) });
    ChartRow { label: tenant.short.in_language(words.lang()).to_owned(), counts: counts.to_vec() }
}

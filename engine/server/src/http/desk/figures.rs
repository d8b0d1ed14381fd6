//! `/{tenant}/desk/figures`: what was received and decided in the last twelve months, and what is open, by ward; and
//! what was to be paid in the financial year, what came in of it and what is owed, as `nagar dcb` reckons it. The
//! charts, the tables and the file for spreadsheets are written from the same values. They are reckoned each time, over
//! all the cases of a year, so how often somebody may have that done is limited.

use std::collections::{BTreeMap, BTreeSet};

use engine::base::date::months_until;
use engine::base::{Day, Moment, Money, Name};
use ui_gen::view::figures::{Chart, ChartRow, Counted, Figures};
use ui_gen::{Page, chart};

use super::csv::Csv;
use super::reader::Reader;
use crate::auth::otp;
use crate::finding;
use crate::http::ask::{Answer, Ask};
use crate::http::limits;
use crate::problem::Problem;
use crate::store::collected::{self, Sums};
use crate::store::figures::{self, Received};

/// Months that are looked at; the last one is the present one.
const MONTHS: i64 = 12;

/// `GET /{tenant}/desk/figures`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let mut view = reckon(ask).await?;
    for drawn in &mut view.charts {
        drawn.svg = chart::bars(drawn);
    }
    ask.page(Page::Figures(view)).answer()
}

/// `GET /{tenant}/desk/figures.csv`
pub(crate) async fn file(ask: &Ask) -> Answer {
    let view = reckon(ask).await?;
    let mut file = Csv::new();
    for shown in &view.charts {
        file.row([shown.title.as_str()]);
        file.row(std::iter::once(&shown.of).chain(&shown.series).map(String::as_str));
        for row in &shown.rows {
            // As plain numbers, with which a spreadsheet can reckon.
            let plain = |counted: &Counted| {
                if shown.money { money(counted.count).to_string() } else { counted.count.to_string() }
            };
            let counts: Vec<String> = row.counts.iter().map(plain).collect();
            file.row(std::iter::once(row.label.as_str()).chain(counts.iter().map(String::as_str)));
        }
        if shown.rows.is_empty() {
            // Sums that are still being gathered are not nothing.
            file.row([shown.about.as_str()]);
        }
    }
    file.sent("figures.csv")
}

/// The states of each service in which a case is not decided, in every definition that cases may have begun with.
fn open_states(ask: &Ask) -> BTreeMap<String, Vec<String>> {
    let catalogue = &ask.library.catalogue;
    let of = |id: &String| {
        let definitions = catalogue.definitions().filter(|definition| definition.id == *id);
        let open = definitions.flat_map(|definition| &definition.workflow.states).filter(|state| state.end.is_none());
        let names: BTreeSet<String> = open.map(|state| state.name.to_string()).collect();
        (id.clone(), names.into_iter().collect())
    };
    catalogue.services(ask.tenant()).map(|service| of(&service.id)).collect()
}

/// Figures of one ward.
#[derive(Clone, Copy, Default)]
struct Ward {
    open: i64,
    late: i64,
    decided: i64,
}

/// Counts that the figures are reckoned for whoever asks.
async fn count(ask: &Ask) -> Result<(), Problem> {
    let key = format!("figures:{}", ask.employee()?.id);
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    otp::throttle(&mut tx, &key, ask.app.clock.now_ms(), limits::FIGURES).await?;
    Ok(tx.commit().await?)
}

async fn reckon(ask: &Ask) -> Result<Figures, Problem> {
    count(ask).await?;
    let (reader, tenant, now) = (Reader::of(ask), ask.tenant(), ask.now());
    let open = open_states(ask);
    let is_open = |row: &Received| open.get(&row.service).is_some_and(|states| states.contains(&row.state));
    let firsts = months_until(now.day(), MONTHS);
    let mut begins: Vec<i64> = firsts.iter().map(|day| Moment::at(*day, 0, now.offset_minutes).ms).collect();
    begins.push(now.ms + 1);
    let mut rows = Vec::new();
    // By the place of the ward among the places of the town; what is nowhere comes last.
    let mut wards: BTreeMap<(usize, String), Ward> = BTreeMap::new();
    let key = |place: &str| {
        let ward = finding::ward(tenant, place);
        (tenant.places.index(ward).unwrap_or(usize::MAX), ward.to_owned())
    };
    let mut tx = ask.app.store.read(&tenant.id).await?;
    for (first, span) in firsts.iter().zip(begins.windows(2)) {
        let (mut received, mut decided) = (0, 0);
        for row in figures::received(&mut tx, span[0], span[1]).await? {
            received += row.count;
            if !is_open(&row) {
                decided += row.count;
                wards.entry(key(&row.place)).or_default().decided += row.count;
            }
        }
        rows.push(row(&reader, month(*first), &[received, decided]));
    }
    for (service, states) in &open {
        // What came round to the holder of a record has a number, and waits for nobody here before it is sent.
        let present = ask.library.catalogue.service(&tenant.id, service);
        let is_sent = |state: &&String| present.is_none_or(|service| !service.is_turn_of_holder(&Name::new(state)));
        let states: Vec<String> = states.iter().filter(is_sent).cloned().collect();
        for waiting in figures::waiting(&mut tx, service, &states, now.ms).await? {
            let ward = wards.entry(key(&waiting.place)).or_default();
            ward.open += waiting.count;
            ward.late += waiting.late;
        }
    }
    let year = tenant.calendar.financial_year_start(now.day());
    let since = Moment::at(year, 0, now.offset_minutes).ms;
    let places = collected::by_place(&mut tx, since).await?;
    drop(tx);
    let dues = places.map(|places| {
        let mut dues: BTreeMap<(usize, String), Sums> = BTreeMap::new();
        for (place, sums) in &places {
            dues.entry(key(place)).or_default().add(sums);
        }
        dues
    });
    Ok(Figures {
        from: firsts.first().map(|day| reader.day(*day)).unwrap_or_default(),
        until: reader.day(now.day()),
        csv: ask.at("/desk/figures.csv"),
        charts: vec![by_month(&reader, rows), by_ward(&reader, &wards), of_money(&reader, year, dues.as_ref())],
    })
}

/// A month: as days are written, without the day.
fn month(first: Day) -> String {
    first.format("%m/%Y").to_string()
}

fn row(reader: &Reader<'_>, label: String, counts: &[i64]) -> ChartRow {
    let counted = |count: &i64| Counted { count: *count, text: reader.count(*count) };
    ChartRow { label, counts: counts.iter().map(counted).collect() }
}

/// What a ward is called; what is nowhere has words of its own.
fn ward_label(reader: &Reader<'_>, code: &str) -> String {
    match reader.tenant.places.get(code) {
        Some(entry) => reader.text(&entry.label).to_owned(),
        None if code.is_empty() => reader.get("figures.nowhere"),
        None => code.to_owned(),
    }
}

fn by_month(reader: &Reader<'_>, rows: Vec<ChartRow>) -> Chart {
    Chart {
        id: "months".to_owned(),
        title: reader.get("figures.months"),
        about: reader.get("figures.months_about"),
        of: reader.get("figures.month"),
        series: vec![reader.get("figures.received"), reader.get("figures.decided")],
        rows,
        ..Chart::default()
    }
}

fn by_ward(reader: &Reader<'_>, wards: &BTreeMap<(usize, String), Ward>) -> Chart {
    let rows: Vec<ChartRow> = wards
        .iter()
        .map(|((_, code), ward)| row(reader, ward_label(reader, code), &[ward.open, ward.late, ward.decided]))
        .collect();
    let cut = rows.len() > chart::MOST;
    Chart {
        id: "wards".to_owned(),
        title: reader.get("figures.wards"),
        about: reader.get("figures.wards_about"),
        note: if cut { reader.say("figures.cut", &[("n", &chart::MOST.to_string())]) } else { String::new() },
        of: reader.get("figures.ward"),
        series: ["figures.open", "figures.late", "figures.decided"].map(|key| reader.get(key)).to_vec(),
        rows,
        ..Chart::default()
    }
}

fn money(paise: i64) -> Money {
    Money::from_paise(paise).unwrap_or_default()
}

/// Demand, collection and balance of the year, by ward; what there is to say while they are being gathered.
fn of_money(reader: &Reader<'_>, year: Day, wards: Option<&BTreeMap<(usize, String), Sums>>) -> Chart {
    let row = |((_, code), sums): (&(usize, String), &Sums)| {
        let counted = |paise: i64| Counted { count: paise, text: reader.money(money(paise)) };
        let counts = [sums.demand_paise(), sums.collected_paise, sums.owed_paise].map(counted).to_vec();
        ChartRow { label: ward_label(reader, code), counts }
    };
    let some = wards.into_iter().flatten().filter(|(_, sums)| **sums != Sums::default());
    let rows: Vec<ChartRow> = some.map(row).collect();
    let cut = rows.len() > chart::MOST;
    Chart {
        id: "money".to_owned(),
        title: reader.get("figures.money"),
        about: match wards {
            Some(_) => reader.say("figures.money_about", &[("day", &reader.day(year))]),
            None => reader.get("figures.money_later"),
        },
        note: if cut { reader.say("figures.money_cut", &[("n", &chart::MOST.to_string())]) } else { String::new() },
        of: reader.get("figures.ward"),
        series: ["figures.demand", "figures.collection", "figures.balance"].map(|key| reader.get(key)).to_vec(),
        rows,
        money: true,
        ..Chart::default()
    }
}

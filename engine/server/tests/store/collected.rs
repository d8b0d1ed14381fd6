//! What came in of demands is gathered after the events, and comes to what the register of demand, collection and
//! balance reckons from all of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::base::{Day, Moment, Money};
use engine::billing::{Demand, DemandStatus};
use engine::case::{Case, Command, Outcome};
use engine::registry::Serials;
use engine::scenario::walk::{Chance as _, Seeded};
use server::store::cases::{self, Finding};
use server::store::record::{Recording, record};
use server::store::verify::verify;
use server::store::{By, Seam, Store, collected, dcb, json, serials};

use crate::database::on_each;
use crate::people::Heard;
use crate::town::{NOW, TOWN, approved, by, day, licensed, moved, new_case, officer};

const OFFSET: i32 = 330;
const DAY_MS: i64 = 86_400_000;
const PLACES: [&str; 4] = ["", "ward-1", "ward-2", "ward-3"];

/// Demand, collection and balance of places in which there is anything, in paise.
type Sums = BTreeMap<String, (i64, i64, i64)>;

/// As every event says.
async fn by_events(store: &Store, from: Day) -> Sums {
    let mut tx = store.read(TOWN).await.unwrap();
    let span = dcb::Span { from, until: Day::MAX, offset_minutes: OFFSET };
    let mut places: BTreeMap<String, dcb::Sums> = BTreeMap::new();
    for ((_, place, _), sums) in dcb::register(&mut tx, None, span).await.unwrap() {
        places.entry(place).or_default().add(&sums);
    }
    let told = |sums: dcb::Sums| (sums.demand().paise(), sums.collection().paise(), sums.balance().paise());
    places.into_iter().map(|(place, sums)| (place, told(sums))).filter(|(_, sums)| *sums != (0, 0, 0)).collect()
}

/// As the figures of the desk say.
async fn by_figures(store: &Store, from: Day) -> Sums {
    let mut tx = store.read(TOWN).await.unwrap();
    let places = collected::by_place(&mut tx, Moment::at(from, 0, OFFSET).ms).await.unwrap().unwrap();
    let told = |sums: collected::Sums| (sums.demand_paise(), sums.collected_paise, sums.owed_paise);
    places.into_iter().map(|(place, sums)| (place, told(sums))).filter(|(_, sums)| *sums != (0, 0, 0)).collect()
}

/// Brings a case to what `decide` makes of it, at an instant, and to a place.
async fn act(store: &Store, id: &str, (at_ms, place): (i64, &str), decide: impl FnOnce(&Case, Serials) -> Outcome) {
    let mut tx = store.begin(TOWN).await.unwrap();
    let before = cases::load(&mut tx, id).await.unwrap().unwrap();
    let held = serials::load(&mut tx, &["APP/#", "VR/#"].map(str::to_owned)).await.unwrap();
    let outcome = decide(&before, held);
    let (command, actor) = (json::command(&Command::Elapse), officer());
    let finding = Finding { place, terms: None };
    let by = By::new(&actor, at_ms);
    let recording =
        Recording { before: &before, outcome: &outcome, command: &command, by, key: None, finding, opens: false };
    record(&mut tx, recording).await.unwrap();
    tx.commit().await.unwrap();
}

/// The case with its demands changed.
fn changed(before: &Case, serials: Serials, change: impl FnOnce(&mut Vec<Demand>)) -> Outcome {
    let mut outcome = moved(before, before.state.as_str(), serials);
    change(&mut outcome.case.demands);
    let news = outcome.case.demands.iter().filter(|demand| !before.demands.contains(demand));
    outcome.event.demands = news.cloned().collect();
    outcome
}

/// Pays a part of a demand or all of it, takes that back, cancels it, or charges more.
fn stir(demand: &mut Demand, chance: &mut Seeded) {
    match chance.below(5) {
        0 => demand.lines.iter_mut().for_each(|line| line.paid = line.amount),
        1 => demand.lines[0].paid = Money::from_paise(chance.between(1, 40_000)).unwrap(),
        2 => demand.lines.iter_mut().for_each(|line| line.paid = Money::ZERO),
        3 => demand.lines[0].amount = demand.lines[0].amount + Money::from_paise(chance.between(1, 9_000)).unwrap(),
        _ => {
            demand.lines.iter_mut().for_each(|line| line.paid = Money::ZERO);
            demand.status = DemandStatus::Cancelled;
            return;
        }
    }
    let is_paid = demand.total() == demand.paid();
    demand.status = if is_paid { DemandStatus::Settled } else { DemandStatus::Open };
}

/// One thing that happens to a case: a further demand, of this year or an older one, or something with one of them.
async fn step(store: &Store, id: &str, at: (i64, &str), chance: &mut Seeded) {
    let (more, opening, back) = (chance.below(3) == 0, chance.below(4) == 0, chance.between(0, 500));
    act(store, id, at, |case, serials| {
        if case.demands.is_empty() {
            return approved(case, serials);
        }
        changed(case, serials, |demands| {
            let at = usize::try_from(chance.below(u64::try_from(demands.len()).unwrap())).unwrap();
            if more {
                let seq = u32::try_from(demands.len()).unwrap() + 1;
                let raised_on = engine::base::date::add_days(day("2026-06-01"), -back);
                let mut new = Demand { seq, raised_on, opening, status: DemandStatus::Open, ..demands[at].clone() };
                new.lines.iter_mut().for_each(|line| line.paid = Money::ZERO);
                demands.push(new);
            } else if demands[at].status != DemandStatus::Cancelled {
                stir(&mut demands[at], chance);
            }
        })
    })
    .await;
}

#[test]
fn what_is_gathered_comes_to_what_every_event_says_wherever_a_case_goes() {
    on_each(|database| async move {
        let store = database.open().await;
        for seed in [3, 11] {
            walk(&store, seed, &format!("s{seed}-")).await;
        }
    });
}

async fn walk(store: &Store, seed: u64, prefix: &str) {
    let mut chance = Seeded(seed);
    let (mut at_ms, year) = (NOW, day("2026-04-01"));
    let ids: Vec<String> = (0..5).map(|at| format!("{prefix}{at}")).collect();
    for id in &ids {
        let mut tx = store.begin(TOWN).await.unwrap();
        let finding = Finding { place: "ward-1", terms: None };
        cases::insert_open(&mut tx, &new_case(id), by(&officer()), None, finding).await.unwrap();
        tx.commit().await.unwrap();
    }
    for turn in 0..60 {
        at_ms += chance.between(0, 4) * DAY_MS + chance.between(1, 60_000);
        let id = &ids[usize::try_from(chance.below(5)).unwrap()];
        let place = PLACES[usize::try_from(chance.below(4)).unwrap()];
        step(store, id, (at_ms, place), &mut chance).await;
        assert_eq!(by_figures(store, year).await, by_events(store, year).await, "seed {seed}, turn {turn}");
        if chance.below(6) == 0 {
            // Case by case, or all of them at once.
            let many = if chance.below(2) == 0 { 0 } else { collected::MANY };
            collected::keep(store, TOWN, many).await.unwrap();
            assert_eq!(by_figures(store, year).await, by_events(store, year).await, "seed {seed}, gathered at {turn}");
        }
    }
    let found = by_figures(store, year).await;
    assert!(found.values().any(|(_, collection, _)| *collection != 0), "nothing came in: {found:?}");
    collected::keep(store, TOWN, collected::MANY).await.unwrap();
    assert_eq!(collected::keep(store, TOWN, collected::MANY).await.unwrap(), 0, "nothing has happened since");
}

#[test]
fn what_is_gathered_otherwise_than_the_events_say_is_found() {
    on_each(|database| async move {
        let store = database.open().await;
        licensed(&store, "c1").await;
        assert_eq!(collected::keep(&store, TOWN, collected::MANY).await.unwrap(), 1);
        let whole = by_figures(&store, day("2026-01-01")).await;
        assert_eq!(whole, Sums::from([("ward-1".to_owned(), (45_000, 45_000, 0))]));
        for deed in [
            "update collected set paise = paise + 1",
            "update collected set at_ms = at_ms + 1",
            "update collected set case_id = 'c2'",
            "delete from collected",
        ] {
            database.sql(deed).await;
            let mut tx = store.read(TOWN).await.unwrap();
            let findings = verify(&mut tx, None).await.unwrap();
            drop(tx);
            let told: Vec<_> = findings.iter().map(|finding| (finding.check, finding.table)).collect();
            assert_eq!(told, [("books", "collected")], "{deed}: {findings:?}");
            // Of another chain, as after a restore: then it is gathered from the beginning.
            database.sql("update collected_until set hash = 'x'").await;
            assert_eq!(by_figures(&store, day("2026-01-01")).await, whole, "{deed}");
            assert_eq!(collected::keep(&store, TOWN, collected::MANY).await.unwrap(), 1, "{deed}");
            let mut tx = store.read(TOWN).await.unwrap();
            assert_eq!(verify(&mut tx, None).await.unwrap(), [], "{deed}");
            drop(tx);
            assert_eq!(by_figures(&store, day("2026-01-01")).await, whole, "{deed}");
        }
        let mut tx = store.read("elsewhere").await.unwrap();
        assert_eq!(collected::by_place(&mut tx, 0).await.unwrap(), Some(BTreeMap::new()), "another town has nothing");
    });
}

#[test]
fn whoever_gathers_takes_away_nothing_that_another_brings_at_the_same_time() {
    on_each(|database| async move {
        let store = database.open().await;
        licensed(&store, "c1").await;
        assert_eq!(collected::keep(&store, TOWN, collected::MANY).await.unwrap(), 1);
        // As when another node gathers for the first time and is not at its end; its row is marked.
        database.sql("delete from collected_until").await;
        database.sql("update collected set paise = 7").await;
        assert_eq!(collected::keep(&store, TOWN, collected::MANY).await.unwrap(), 1);
        let found = by_figures(&store, day("2026-01-01")).await;
        assert_eq!(found, Sums::from([("ward-1".to_owned(), (7, 7, 0))]), "the row of the other is there");
    });
}

#[test]
fn whoever_waits_for_figures_waits_for_as_many_statements_however_many_cases_moved() {
    on_each(|database| async move {
        let (open, heard) = (database.open().await, Arc::new(Heard::default()));
        let seam: Arc<dyn Seam> = heard.clone();
        let (store, mut asked) = (open.through(seam), Vec::new());
        for (more, paise) in [(&["c1"][..], 45_000), (&["c2", "c3", "c4"][..], 180_000)] {
            for id in more {
                licensed(&open, id).await;
            }
            heard.0.lock().unwrap().clear();
            let mut tx = store.read(TOWN).await.unwrap();
            let places = collected::by_place(&mut tx, 0).await.unwrap().unwrap();
            drop(tx);
            assert_eq!(places["ward-1"].collected_paise, paise);
            asked.push(heard.0.lock().unwrap().len());
        }
        assert_eq!(asked[0], asked[1], "{:?}", heard.0.lock().unwrap());
    });
}

//! Registers: versions as on a day, what is owed, who names whom, and how records are found.

use std::collections::BTreeMap;

use engine::base::{Money, Name};
use engine::case::{Outcome, RecordChange};
use engine::registry::{Record, RecordStatus, Serials, Standing};
use server::store::verify::verify;
use server::store::{found, paired, records};

use crate::database::on_each;
use crate::town::{NOW, TOWN, act, approved, day, licensed, moved, open};

const NUMBER: &str = "DOG/000001";

/// A case decides of a record what `change` says, from a day on.
fn decided(before: &engine::case::Case, record: &Record, from: &str, change: impl FnOnce(&mut Record)) -> Outcome {
    let mut next = Record { version: record.version + 1, case: before.id.clone(), from: day(from), ..record.clone() };
    change(&mut next);
    let mut outcome = moved(before, "changed", Serials::default());
    outcome.case.record = Some((next.registry.clone(), next.number.clone()));
    outcome.records = vec![RecordChange { grant: Name::new("change"), record: next }];
    outcome
}

#[test]
fn a_record_is_what_it_was_on_every_day() {
    on_each(|database| async move {
        let store = database.open().await;
        licensed(&store, "c1").await;
        let first = records::load(&mut store.read(TOWN).await.unwrap(), "dogs", NUMBER).await.unwrap().unwrap();
        open(&store, "c2").await;
        let second = act(&store, "c2", None, |case, _| {
            decided(case, &first, "2026-02-01", |record| record.holder = "meera".to_owned())
        });
        second.await.unwrap();
        let held = records::load(&mut store.read(TOWN).await.unwrap(), "dogs", NUMBER).await.unwrap().unwrap();
        open(&store, "c3").await;
        let third = act(&store, "c3", None, |case, _| {
            decided(case, &held, "2026-03-01", |record| {
                record.standing = Standing::Split;
                record.became = vec!["DOG/000002".to_owned()];
            })
        });
        third.await.unwrap();
        let mut tx = store.read(TOWN).await.unwrap();
        for (on, holder, status) in [
            ("2026-01-02", "asha", RecordStatus::Active),
            ("2026-01-31", "asha", RecordStatus::Active),
            ("2026-02-01", "meera", RecordStatus::Active),
            ("2026-02-28", "meera", RecordStatus::Active),
            ("2026-03-01", "meera", RecordStatus::Split),
        ] {
            let found = records::as_on(&mut tx, "dogs", NUMBER, day(on), NOW).await.unwrap().unwrap();
            assert_eq!((found.holder.as_str(), found.status(day(on))), (holder, status), "{on}");
        }
        assert_eq!(records::as_on(&mut tx, "dogs", NUMBER, day("2026-01-01"), NOW).await.unwrap(), None);
        assert_eq!(records::as_on(&mut tx, "dogs", NUMBER, day("2026-03-01"), NOW - 1).await.unwrap(), None);
        let last = records::load_typed(&mut tx, "dogs", " dog/000001 ").await.unwrap().unwrap();
        assert_eq!((last.version, last.became.as_slice()), (3, ["DOG/000002".to_owned()].as_slice()));
        assert_eq!(records::by_holder(&mut tx, "asha").await.unwrap(), []);
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
    });
}

#[test]
fn what_is_owed_is_owed_on_every_case_of_the_record() {
    on_each(|database| async move {
        let store = database.open().await;
        licensed(&store, "c1").await;
        let record = records::load(&mut store.read(TOWN).await.unwrap(), "dogs", NUMBER).await.unwrap().unwrap();
        open(&store, "c2").await;
        act(&store, "c2", None, |case, serials| {
            let mut outcome = approved(case, serials);
            outcome.case.record = Some((record.registry.clone(), record.number.clone()));
            outcome
        })
        .await
        .unwrap();
        let mut tx = store.read(TOWN).await.unwrap();
        let owed = Money::from_paise(45_000).unwrap();
        assert_eq!(records::dues(&mut tx, "dogs", NUMBER, "c9").await.unwrap(), owed);
        assert_eq!(records::dues(&mut tx, "dogs", NUMBER, "c2").await.unwrap(), Money::ZERO);
        assert_eq!(records::owing(&mut tx, "dogs", NUMBER).await.unwrap(), ["c2"]);
        assert_eq!(records::dues(&mut tx, "cats", NUMBER, "").await.unwrap(), Money::ZERO);
        let numbers = [NUMBER.to_owned(), "DOG/999999".to_owned()];
        let of_many = records::dues_of_many(&mut tx, "dogs", &numbers).await.unwrap();
        assert_eq!(of_many, BTreeMap::from([(NUMBER.to_owned(), owed)]), "what owes nothing is not among them");
        assert_eq!(records::dues_of_many(&mut tx, "cats", &numbers).await.unwrap(), BTreeMap::new());
        assert_eq!(records::dues_of_many(&mut tx, "dogs", &[]).await.unwrap(), BTreeMap::new());
    });
}

#[test]
fn records_are_found_however_a_name_is_written() {
    on_each(|database| async move {
        let store = database.open().await;
        licensed(&store, "c1").await;
        open(&store, "c2").await;
        let mut tx = store.begin(TOWN).await.unwrap();
        let record = records::load(&mut tx, "dogs", NUMBER).await.unwrap().unwrap();
        let terms = [("holder", "सुनीता शर्मा"), ("holder", "9811122233"), ("old_number", "D-77/2009"), ("door", "12 B")];
        let mut terms: Vec<_> = terms.map(|(field, text)| (field.to_owned(), text.to_owned())).into();
        let house = paired::terms("44/2", ["Fort Road", "मिल गली"]);
        terms.extend(house.into_iter().map(|term| ("house".to_owned(), term)));
        found::put_terms(&mut tx, &record, &terms).await.unwrap();
        found::put_links(&mut tx, "c2", &[(Name::new("dogs"), NUMBER.to_owned())]).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = store.read(TOWN).await.unwrap();
        for (text, hits) in [
            ("sharma", 1),
            ("Sunita Sarma", 1),
            ("शर्मा सुनीता", 1),
            ("Sunita Verma", 0),
            ("98111", 1),
            ("d-77", 1),
            ("12 b", 1),
            ("dog/0", 1),
            ("77", 0),
            ("44/2 Fort Road", 1),
            ("Mill, 44-2", 1),
            ("44/2", 0),
            ("44 Fort Road", 0),
            ("44/2 Court Road", 0),
            ("Fort Road", 0),
        ] {
            let search = records::Search { registry: "dogs", text, ..records::Search::default() };
            assert_eq!(records::search(&mut tx, &search).await.unwrap().0.len(), hits, "{text}");
        }
        let naming = found::cases_naming(&mut tx, "dogs", NUMBER).await.unwrap();
        assert_eq!(naming.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["c2"]);
        assert_eq!(found::records_naming(&mut tx, "dogs", NUMBER).await.unwrap(), []);
    });
}

#[test]
fn cases_concern_a_record_that_they_are_about_or_name_and_one_on_which_what_they_are_about_hangs() {
    on_each(|database| async move {
        let store = database.open().await;
        licensed(&store, "c1").await;
        for id in ["c2", "c3", "c5", "c6"] {
            open(&store, id).await;
        }
        act(&store, "c2", None, approved).await.unwrap();
        let second = licensed(&store, "c4").await.record.unwrap();
        act(&store, "c5", None, |case, serials| {
            let mut outcome = approved(case, serials);
            outcome.case.record = Some(second.clone());
            outcome
        })
        .await
        .unwrap();
        act(&store, "c6", None, approved).await.unwrap();
        let mut tx = store.begin(TOWN).await.unwrap();
        // `c3` was never handed in, and `c6` names another record.
        for (case, number) in [("c2", NUMBER), ("c3", NUMBER), ("c4", NUMBER), ("c6", "DOG/000099")] {
            found::put_links(&mut tx, case, &[(Name::new("dogs"), number.to_owned())]).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut tx = store.read(TOWN).await.unwrap();
        for (number, but, cases) in [
            (NUMBER, "", 4),
            (NUMBER, "c2", 3),
            (NUMBER, "c5", 3),
            (second.1.as_str(), "", 2),
            ("DOG/000099", "", 1),
            ("DOG/000098", "", 0),
        ] {
            let rows = found::standing_on(&mut tx, ("dogs", number), but).await.unwrap();
            assert_eq!(rows.iter().map(|(.., count)| count).sum::<i64>(), cases, "{number} but {but}");
        }
    });
}

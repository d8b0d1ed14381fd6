//! What one act leaves behind.

#![allow(clippy::cloned_ref_to_slice_refs, reason = "readable beats fast in a test")]

use server::store::events::{self, Head};
use server::store::inbox::term;
use server::store::verify::verify;
use server::store::{By, EVERYBODY, Error, cases, demands, idempotency, jobs, receipts, records, serials, vouchers};

use crate::database::on_each;
use crate::town::{
    self, NOW, TOWN, act, act_in, approved, by, day, licensed, moved, new_case, officer, open, paid, payment,
};

#[test]
fn a_case_comes_back_as_it_was() {
    on_each(|database| async move {
        let store = database.open().await;
        let case = licensed(&store, "c1").await;
        let mut tx = store.read(TOWN).await.unwrap();
        assert_eq!(cases::load(&mut tx, "c1").await.unwrap().unwrap(), case);
        assert_eq!(cases::id_of(&mut tx, "APP/000001").await.unwrap().as_deref(), Some("c1"));
        assert_eq!(cases::load(&mut tx, "c2").await.unwrap(), None);
        assert_eq!(demands::by_case(&mut tx, "c1").await.unwrap(), case.demands);
        assert_eq!(demands::open(&mut tx, 9).await.unwrap(), []);
        let kept = receipts::by_case(&mut tx, "c1").await.unwrap();
        assert_eq!((&kept[0].receipt, kept[0].printed), (&case.receipts[0], 0));
        assert_eq!(receipts::by_payment(&mut tx, "pay-c1").await.unwrap().unwrap(), kept[0]);
        assert_eq!(receipts::find(&mut tx, "RC/000001").await.unwrap().unwrap().case, "c1");
        assert_eq!(receipts::of_days(&mut tx, day("2026-01-02"), day("2026-01-02")).await.unwrap().len(), 1);
        assert_eq!(receipts::of_days(&mut tx, day("2026-01-03"), day("2026-01-09")).await.unwrap().len(), 0);

        let history = events::history(&mut tx, "c1").await.unwrap();
        let words: Vec<_> =
            history.iter().map(|event| (event.seq, event.version, event.outcome["to"].as_str().unwrap())).collect();
        assert_eq!(words, [(1, Some(1), "draft"), (2, Some(2), "payment"), (3, Some(3), "licensed")]);
        assert_eq!(history[2].outcome["vouchers"][0], "VR/000002");
        assert_eq!(events::all(&mut tx, 1, 1).await.unwrap(), history[1..2]);
        assert_eq!(events::head(&mut tx).await.unwrap(), Head { seq: 3, hash: history[2].hash.clone() });
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
        // Another tenant sees nothing of it.
        let mut other = store.read("elsewhere").await.unwrap();
        assert_eq!(cases::load(&mut other, "c1").await.unwrap(), None);
        assert_eq!(events::all(&mut other, 0, 9).await.unwrap(), []);
        assert_eq!(store.tenants().await.unwrap(), [TOWN]);
        store.ready().await.unwrap();
    });
}

/// Figure B26 of the worked cases of other installations: what another system has written down as collected of
/// lines that lower a bill is read as it was written, whatever its sign.
#[test]
fn b26_what_was_collected_of_lines_below_zero_is_read_as_it_was_written() {
    on_each(|database| async move {
        let store = database.open().await;
        open(&store, "c1").await;
        let lines = [(-10_000, 10_000), (-5_000, 5_000)];
        act(&store, "c1", None, |before, serials| {
            let mut outcome = approved(before, serials);
            for (line, (amount, collected)) in outcome.case.demands[0].lines.iter_mut().zip(lines) {
                (line.amount, line.paid) = (town::money(amount), town::money(collected));
            }
            outcome.event.demands.clone_from(&outcome.case.demands);
            outcome
        })
        .await
        .unwrap();
        let mut tx = store.read(TOWN).await.unwrap();
        let case = cases::load(&mut tx, "c1").await.unwrap().unwrap();
        let read: Vec<_> = case.demands[0].lines.iter().map(|line| (line.amount.paise(), line.paid.paise())).collect();
        assert_eq!(read, lines);
        assert_eq!(demands::by_case(&mut tx, "c1").await.unwrap(), case.demands);
    });
}

#[test]
fn the_books_balance_and_the_register_remembers() {
    on_each(|database| async move {
        let store = database.open().await;
        licensed(&store, "c1").await;
        open(&store, "c2").await;
        act(&store, "c2", None, approved).await.unwrap();
        let mut tx = store.read(TOWN).await.unwrap();
        let sums = vouchers::trial_balance(&mut tx, None, None, None).await.unwrap();
        let sums: Vec<_> = sums.iter().map(|sum| (sum.account.as_str(), sum.debit_paise, sum.credit_paise)).collect();
        assert_eq!(
            sums,
            [("1401101", 0, 100_000), ("1401199", 10_000, 0), ("4313001", 90_000, 45_000), ("4502101", 45_000, 0)]
        );
        assert_eq!(
            vouchers::trial_balance(&mut tx, Some(day("2026-01-02")), None, Some("general")).await.unwrap().len(),
            2
        );
        assert_eq!(vouchers::trial_balance(&mut tx, None, Some(day("2025-12-31")), None).await.unwrap(), []);
        let first = vouchers::journal(&mut tx, None, 2).await.unwrap();
        let rest = vouchers::journal(&mut tx, first.last(), 9).await.unwrap();
        assert_eq!(
            first.iter().chain(&rest).map(|voucher| voucher.number.as_str()).collect::<Vec<_>>(),
            ["VR/000001", "VR/000002", "VR/000003"]
        );
        assert_eq!(vouchers::by_case(&mut tx, "c1").await.unwrap(), first);
        assert_eq!(vouchers::find(&mut tx, "VR/000002").await.unwrap().as_ref(), Some(&first[1]));
        assert_eq!(first[1].lines, [("4313001".to_owned(), -45_000), ("4502101".to_owned(), 45_000)]);
        let owing = demands::open(&mut tx, 9).await.unwrap();
        assert_eq!(
            (owing[0].case.as_str(), owing[0].due_on.as_str(), owing[0].owed_paise),
            ("c2", "2026-01-31", 45_000)
        );

        let record = records::load(&mut tx, "dogs", "DOG/000001").await.unwrap().unwrap();
        assert_eq!(record.answers, new_case("c1").answers);
        assert_eq!(records::as_on(&mut tx, "dogs", "DOG/000001", day("2026-01-01"), NOW).await.unwrap(), None);
        assert_eq!(records::as_on(&mut tx, "dogs", "DOG/000001", day("2026-01-02"), NOW - 1).await.unwrap(), None);
        assert_eq!(
            records::as_on(&mut tx, "dogs", "DOG/000001", day("2026-01-02"), NOW).await.unwrap().as_ref(),
            Some(&record)
        );
        assert_eq!(records::history(&mut tx, "dogs", "DOG/000001").await.unwrap(), [(record.clone(), NOW)]);
        assert_eq!(records::by_holder(&mut tx, "asha").await.unwrap(), [record.clone()]);
        for (text, hits) in [("", 1), ("dog/0", 1), ("ASHA", 1), ("spitz", 1), ("cat", 0)] {
            let search = records::Search { registry: "dogs", text, ..records::Search::default() };
            assert_eq!(records::search(&mut tx, &search).await.unwrap().0.len(), hits, "{text}");
        }
        assert_eq!(cases::about_record(&mut tx, "dogs", "DOG/000001").await.unwrap()[0].id, "c1");
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
    });
}

#[test]
fn con_03_an_act_on_an_old_version_writes_nothing() {
    on_each(|database| async move {
        let store = database.open().await;
        let before = open(&store, "c1").await;
        act(&store, "c1", None, approved).await.unwrap();
        let mut tx = store.begin(TOWN).await.unwrap();
        let outcome = moved(&before, "rejected", serials::load(&mut tx, &[]).await.unwrap());
        let actor = officer();
        let recording = server::store::record::Recording {
            before: &before,
            outcome: &outcome,
            command: &serde_json::json!({ "v": 1, "word": "act" }),
            by: by(&actor),
            key: None,
            finding: cases::Finding::default(),
            opens: false,
        };
        assert!(matches!(server::store::record::record(&mut tx, recording).await, Err(Error::Stale)));
        assert!(tx.commit().await.is_err(), "what failed cannot be committed");
        let mut tx = store.read(TOWN).await.unwrap();
        assert_eq!(events::history(&mut tx, "c1").await.unwrap().len(), 2);
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
    });
}

#[test]
fn the_same_key_is_recorded_once() {
    on_each(|database| async move {
        let store = database.open().await;
        open(&store, "c1").await;
        act(&store, "c1", Some("k1"), approved).await.unwrap();
        let again = act(&store, "c1", Some("k1"), |case, serials| moved(case, "rejected", serials)).await;
        assert!(matches!(again, Err(Error::Taken(_))), "{again:?}");
        let mut tx = store.begin(TOWN).await.unwrap();
        assert_eq!(events::by_key(&mut tx, "k1").await.unwrap().unwrap().version, Some(2));
        assert_eq!(events::by_key(&mut tx, "k2").await.unwrap(), None);

        let kept = idempotency::Kept { body_hash: "h".to_owned(), answer: "{}".to_owned(), at_ms: NOW };
        idempotency::keep(&mut tx, "k1", &kept).await.unwrap();
        assert_eq!(idempotency::find(&mut tx, "k1").await.unwrap(), Some(kept.clone()));
        tx.commit().await.unwrap();
        let mut tx = store.begin(TOWN).await.unwrap();
        assert!(matches!(idempotency::keep(&mut tx, "k1", &kept).await, Err(Error::Taken(_))));
        tx.rollback().await.unwrap();
        let mut tx = store.begin(EVERYBODY).await.unwrap();
        assert_eq!(idempotency::forget(&mut tx, NOW).await.unwrap(), 0);
        assert_eq!(idempotency::forget(&mut tx, NOW + 1).await.unwrap(), 1);
    });
}

#[test]
fn pay_02_the_same_payment_never_makes_two_receipts() {
    on_each(|database| async move {
        let store = database.open().await;
        for id in ["c1", "c2"] {
            open(&store, id).await;
            act(&store, id, None, approved).await.unwrap();
        }
        act(&store, "c1", None, |case, serials| paid(case, payment("p"), serials)).await.unwrap();
        let again = act(&store, "c2", None, |case, serials| paid(case, payment("p"), serials)).await;
        assert!(matches!(again, Err(Error::Taken(_))), "{again:?}");
        let mut tx = store.begin(TOWN).await.unwrap();
        assert_eq!(receipts::printed(&mut tx, "RC/000001").await.unwrap(), Some(1));
        assert_eq!(receipts::printed(&mut tx, "RC/000001").await.unwrap(), Some(2));
        assert_eq!(receipts::printed(&mut tx, "RC/000002").await.unwrap(), None);
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
    });
}

#[test]
fn pay_13_numbers_are_only_drawn_from_series_that_are_held() {
    on_each(|database| async move {
        let store = database.open().await;
        let before = open(&store, "c1").await;
        let mut tx = store.begin(TOWN).await.unwrap();
        let outcome = approved(&before, engine::registry::Serials::default());
        let actor = officer();
        let recording = server::store::record::Recording {
            before: &before,
            outcome: &outcome,
            command: &serde_json::Value::Null,
            by: by(&actor),
            key: None,
            finding: cases::Finding::default(),
            opens: false,
        };
        assert!(matches!(server::store::record::record(&mut tx, recording).await, Err(Error::Corrupt(_))));
    });
}

#[test]
fn several_acts_fit_in_one_transaction_and_terms_follow_the_answers() {
    on_each(|database| async move {
        let store = database.open().await;
        open(&store, "c1").await;
        let mut tx = store.begin(TOWN).await.unwrap();
        act_in(&mut tx, "c1", None, approved).await.unwrap();
        act_in(&mut tx, "c1", None, |case, serials| paid(case, payment("p"), serials)).await.unwrap();
        let before = cases::load(&mut tx, "c1").await.unwrap().unwrap();
        let outcome = moved(&before, "licensed", serials::load(&mut tx, &[]).await.unwrap());
        let actor = officer();
        let terms = [("owner_name".to_owned(), " Meera\tNegi ".to_owned()), ("empty".to_owned(), " ".to_owned())];
        let recording = server::store::record::Recording {
            before: &before,
            outcome: &outcome,
            command: &serde_json::json!({}),
            by: by(&actor),
            key: None,
            finding: cases::Finding { place: "ward-2", terms: Some(&terms) },
            opens: false,
        };
        server::store::record::record(&mut tx, recording).await.unwrap();
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
        let search = records::Search { registry: "dogs", text: "meera n", ..records::Search::default() };
        assert_eq!(records::search(&mut tx, &search).await.unwrap().0.len(), 1);
        let search = records::Search { registry: "dogs", text: "asha", ..records::Search::default() };
        assert_eq!(records::search(&mut tx, &search).await.unwrap().0.len(), 0);
        tx.commit().await.unwrap();
        assert_eq!(term(" Meera\tNegi "), "meera negi");
    });
}

#[test]
fn the_clock_finds_what_it_must_look_at() {
    on_each(|database| async move {
        let store = database.open().await;
        open(&store, "c1").await;
        act(&store, "c1", None, approved).await.unwrap();
        let mut tx = store.read(EVERYBODY).await.unwrap();
        assert_eq!(cases::due_to_wake(&mut tx, NOW + 8_999, 9).await.unwrap(), []);
        let due = cases::due_to_wake(&mut tx, NOW + 9_000, 9).await.unwrap().remove(0);
        assert_eq!((due.tenant.as_str(), due.case.as_str(), due.wake_ms), (TOWN, "c1", Some(NOW + 9_000)));
        assert_eq!(cases::next_wake(&mut tx).await.unwrap(), Some(NOW + 9_000));
    });
}

#[test]
fn led_01_what_is_written_once_stays() {
    on_each(|database| async move {
        let store = database.open().await;
        licensed(&store, "c1").await;
        drop(store);
        for table in ["events", "vouchers", "lines", "records"] {
            let column = if table == "lines" { "account" } else { "case_id" };
            assert!(database.refuses(&format!("update {table} set {column} = 'x'")).await, "{table}");
            assert!(database.refuses(&format!("delete from {table}")).await, "{table}");
            if database.is_pg() {
                assert!(database.refuses(&format!("truncate {table} cascade")).await, "{table}");
            }
        }
    });
}

#[test]
fn a_reading_transaction_cannot_write() {
    on_each(|database| async move {
        let store = database.open().await;
        let mut tx = store.read(TOWN).await.unwrap();
        let job = jobs::NewJob { id: "j", kind: jobs::Kind::Notice, key: "k", body: &serde_json::json!({}), due_ms: 0 };
        assert!(jobs::enqueue(&mut tx, &job).await.is_err());
    });
}

#[test]
fn a_series_can_be_drawn_from_outside_a_case() {
    on_each(|database| async move {
        let store = database.open().await;
        let mut tx = store.begin(TOWN).await.unwrap();
        let mut held = serials::load(&mut tx, &["X/#".to_owned()]).await.unwrap();
        town::draw(&mut held, "X/#");
        serials::save(&mut tx, By::system(NOW), &held).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = store.begin(TOWN).await.unwrap();
        assert_eq!(serials::load(&mut tx, &["X/#".to_owned()]).await.unwrap().last["X/#"], 1);
        // The number is nowhere in use: that is a gap.
        let findings = verify(&mut tx, None).await.unwrap();
        assert_eq!((findings.len(), findings[0].check, findings[0].row.as_str()), (1, "numbers", "X/#"));
    });
}

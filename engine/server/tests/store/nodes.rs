//! Several nodes on one database: what a worker that was thought dead writes, what comes round, what is published,
//! and many clients on one case and one series.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::source::Bundle;
use server::chance::Chance;
use server::published::{Proposed, confirm, pack, propose, proposed, publish, read, read_proved};
use server::publishers::{Publishing, Signer, make_key};
use server::store::jobs::{self, Job, Kind, NewJob};
use server::store::record::{Recording, record};
use server::store::rounds::{self, Round};
use server::store::verify::verify;
use server::store::{EVERYBODY, Error, Store, Tx, cases, events, publications, retry, serials, throttles};
use tokio::task::JoinSet;

use crate::database::on_each;
use crate::town::{NOW, TOWN, by, draw, moved, officer, open};

const LEASE: i64 = 1_000;

async fn queue(store: &Store, name: &str) {
    let mut tx = store.begin(TOWN).await.unwrap();
    let body = serde_json::json!({});
    jobs::enqueue(&mut tx, &NewJob { id: name, kind: Kind::Notice, key: name, body: &body, due_ms: NOW })
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn claim(store: &Store, now_ms: i64) -> Vec<Job> {
    let mut tx = store.begin(EVERYBODY).await.unwrap();
    let claimed = jobs::claim(&mut tx, now_ms, LEASE, 9).await.unwrap();
    tx.commit().await.unwrap();
    claimed
}

/// Writes something for a job, as its worker does.
async fn write_for(store: &Store, job: &Job, what: &str) -> Result<(), Error> {
    let mut tx = store.begin(TOWN).await?;
    jobs::hold(&mut tx, job).await?;
    throttles::hit(&mut tx, what, NOW, 1).await?;
    tx.commit().await
}

#[test]
fn what_a_worker_writes_that_was_thought_dead_is_refused() {
    on_each(|database| async move {
        let store = database.open().await;
        queue(&store, "j").await;
        let slow = claim(&store, NOW).await.remove(0);
        write_for(&store, &slow, "slow").await.unwrap();
        let quick = claim(&store, NOW + LEASE).await.remove(0);
        assert!(matches!(write_for(&store, &slow, "slow").await, Err(Error::Lost)));
        let mut tx = store.begin(TOWN).await.unwrap();
        assert!(matches!(jobs::hold(&mut tx, &slow).await, Err(Error::Lost)));
        throttles::hit(&mut tx, "slow", NOW, 1).await.unwrap();
        assert!(tx.commit().await.is_err(), "not even who passes over the refusal writes anything");
        write_for(&store, &quick, "quick").await.unwrap();
        let mut tx = store.begin(EVERYBODY).await.unwrap();
        assert!(jobs::done(&mut tx, &quick).await.unwrap());
        tx.commit().await.unwrap();
        assert!(matches!(write_for(&store, &quick, "quick").await, Err(Error::Lost)), "what is done is done");
        let mut tx = store.begin(TOWN).await.unwrap();
        assert_eq!(throttles::hit(&mut tx, "slow", NOW, 1).await.unwrap().count, 2, "written once, before");
        assert_eq!(throttles::hit(&mut tx, "quick", NOW, 1).await.unwrap().count, 2);
    });
}

#[test]
fn who_goes_on_working_keeps_the_claim_and_who_stops_gives_it_back() {
    on_each(|database| async move {
        let store = database.open().await;
        queue(&store, "j").await;
        let claimed = claim(&store, NOW).await;
        let mut tx = store.begin(EVERYBODY).await.unwrap();
        jobs::renew(&mut tx, &claimed, NOW + LEASE - 1, LEASE).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(claim(&store, NOW + 2 * LEASE - 2).await, []);
        let mut tx = store.begin(EVERYBODY).await.unwrap();
        jobs::give_back(&mut tx, &claimed).await.unwrap();
        tx.commit().await.unwrap();
        let next = claim(&store, NOW).await.remove(0);
        assert_eq!((next.epoch, next.tries), (2, 1), "what was not begun was not tried");
        let mut tx = store.begin(EVERYBODY).await.unwrap();
        jobs::renew(&mut tx, &claimed, NOW + 9 * LEASE, LEASE).await.unwrap();
        jobs::give_back(&mut tx, &claimed).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(claim(&store, NOW + LEASE - 1).await, [], "an old claim neither renews nor gives back");
        assert_eq!(claim(&store, NOW + LEASE).await.len(), 1);
    });
}

async fn claim_round(tx: &mut Tx, period_ms: i64, now_ms: i64) -> Option<Round> {
    rounds::claim(tx, "bill", period_ms, (now_ms, LEASE)).await.unwrap()
}

#[test]
fn a_round_is_claimed_by_one_taken_over_and_ended_once() {
    on_each(|database| async move {
        let store = database.open().await;
        let mut tx = store.begin(EVERYBODY).await.unwrap();
        assert_eq!(rounds::last(&mut tx, "bill").await.unwrap(), None);
        rounds::pass(&mut tx, "bill", NOW).await.unwrap();
        assert_eq!(rounds::last(&mut tx, "bill").await.unwrap(), Some((NOW, true)));
        assert_eq!(claim_round(&mut tx, NOW, NOW + 9 * LEASE).await, None, "what is over is over");
        tx.commit().await.unwrap();

        let (gate, mut tasks) = (Arc::new(tokio::sync::Barrier::new(16)), JoinSet::new());
        for _ in 0..16 {
            let (store, gate) = (store.clone(), gate.clone());
            tasks.spawn(async move {
                gate.wait().await;
                let mut tx = store.begin(EVERYBODY).await.unwrap();
                let claimed = claim_round(&mut tx, NOW + 1, NOW + 1).await;
                tx.commit().await.unwrap();
                claimed
            });
        }
        let claimed: Vec<Round> = tasks.join_all().await.into_iter().flatten().collect();
        assert_eq!(claimed.len(), 1, "of many nodes one has it");
        let slow = &claimed[0];
        let mut tx = store.begin(EVERYBODY).await.unwrap();
        assert!(rounds::renew(&mut tx, slow, NOW + LEASE).await.unwrap());
        assert_eq!(rounds::abandoned(&mut tx, NOW + LEASE - 1).await.unwrap(), []);
        assert_eq!(rounds::abandoned(&mut tx, NOW + LEASE).await.unwrap(), [("bill".to_owned(), NOW + 1)]);
        let quick = claim_round(&mut tx, NOW + 1, NOW + LEASE).await.unwrap();
        assert_eq!((slow.epoch, quick.epoch), (1, 2));
        assert!(!rounds::renew(&mut tx, slow, NOW + 9 * LEASE).await.unwrap());
        assert!(!rounds::end(&mut tx, slow, true).await.unwrap(), "who lost it does not end it");
        assert!(rounds::end(&mut tx, &quick, true).await.unwrap());
        assert!(!rounds::end(&mut tx, &quick, true).await.unwrap());
        assert_eq!(rounds::forget(&mut tx, NOW + 1).await.unwrap(), 1);
        assert_eq!(rounds::last(&mut tx, "bill").await.unwrap(), Some((NOW + 1, true)));
    });
}

fn definitions(text: &str) -> Bundle {
    let mut bundle = Bundle::default();
    bundle.add("words/en.yaml", text.as_bytes());
    bundle
}

#[test]
fn what_is_published_last_is_the_present_one() {
    on_each(|database| async move {
        let store = database.open().await;
        assert!(format!("{:#}", read(&store).await.unwrap_err()).contains("nagar publish"));
        let mut tasks = JoinSet::new();
        for at in 0..8 {
            let store = store.clone();
            tasks.spawn(async move {
                let packed = pack(&definitions(&format!("a: {at}\n"))).unwrap();
                publish(&store, &packed, "asha", NOW).await.unwrap()
            });
        }
        let made = tasks.join_all().await;
        assert!(made.iter().all(|(_, new)| *new));
        assert_eq!(made.iter().map(|(one, _)| one.seq).collect::<BTreeSet<_>>(), (1..=8).collect());
        let (present, bundle) = read(&store).await.unwrap();
        assert_eq!(present.seq, 8);
        let same = publish(&store, &pack(&bundle).unwrap(), "asha", NOW).await.unwrap();
        assert_eq!(same, (present, false), "what is served already is not published again");
        // What was published before may come back: its files are there once.
        let first = made.iter().find(|(one, _)| one.seq == 1).unwrap().0.clone();
        let mut tx = store.begin(EVERYBODY).await.unwrap();
        let files = publications::files(&mut tx, &first.digest).await.unwrap().unwrap();
        let again = publications::publish(&mut tx, &first.digest, &files, "asha", NOW).await.unwrap();
        assert_eq!((again.seq, again.digest), (9, first.digest));
        tx.commit().await.unwrap();
        assert_eq!(read(&store).await.unwrap().0.seq, 9);
        // Changed past the program, it is not served.
        database.sql("update bundles set files = '{}'").await;
        assert!(format!("{:#}", read(&store).await.unwrap_err()).contains("digest"));
    });
}

#[test]
fn def_12_two_people_publish_and_what_came_in_between_is_proposed_again() {
    on_each(|database| async move {
        let store = database.open().await;
        let folder = tempfile::tempdir().unwrap();
        let mut rules = Publishing { two_people: true, ..Publishing::default() };
        for name in ["asha", "omar"] {
            let public = make_key(&folder.path().join(name), &Chance::System).unwrap();
            rules.publishers.insert(name.to_owned(), public);
        }
        let signer = |name: &str| Signer::open(&rules, name, &folder.path().join(name)).unwrap();
        let (asha, omar) = (signer("asha"), signer("omar"));
        let (one, other) = (pack(&definitions("a: 1\n")).unwrap(), pack(&definitions("a: 2\n")).unwrap());
        for packed in [&one, &one, &other] {
            assert!(
                matches!(propose(&store, &rules, packed, &asha, NOW).await.unwrap(), Proposed::Waits(it) if it.seq == 1)
            );
        }
        let (first, _) = proposed(&store, &rules, &one.digest, &omar).await.unwrap();
        let (second, _) = proposed(&store, &rules, &other.digest, &omar).await.unwrap();
        assert!(proposed(&store, &rules, &one.digest, &asha).await.is_err(), "not by the same person");
        confirm(&store, &rules, &first, &asha, NOW).await.unwrap_err();
        let made = confirm(&store, &rules, &first, &omar, NOW).await.unwrap();
        assert_eq!(read_proved(&store, &rules).await.unwrap().0, made);
        assert!(matches!(propose(&store, &rules, &one, &asha, NOW).await.unwrap(), Proposed::Served(it) if it == made));
        let late = confirm(&store, &rules, &second, &omar, NOW).await.unwrap_err();
        assert!(format!("{late:#}").contains("published meanwhile"), "{late:#}");
        // What got into the database past two people is not served.
        publish(&store, &other, "mallory", NOW).await.unwrap();
        assert!(format!("{:#}", read_proved(&store, &rules).await.unwrap_err()).contains("is not signed"));
        database
            .sql("update publications set proposed_by = 'asha', proposal = 'aa', signature = 'aa' where seq = 2")
            .await;
        assert!(format!("{:#}", read_proved(&store, &rules).await.unwrap_err()).contains("does not carry"));
    });
}

/// One act: the case at its next version, and a number of its own.
async fn numbered(store: &Store) -> Result<String, Error> {
    let mut tx = store.begin(TOWN).await?;
    let before = cases::load(&mut tx, "c1").await?.unwrap();
    let mut held = serials::load(&mut tx, &["TOKEN/#".to_owned()]).await?;
    let number = draw(&mut held, "TOKEN/#");
    let outcome = moved(&before, "draft", held);
    let (actor, command) = (officer(), serde_json::json!({ "v": 1, "word": "act" }));
    let finding = cases::Finding { place: "ward-1", terms: None };
    let recording = Recording {
        before: &before,
        outcome: &outcome,
        command: &command,
        by: by(&actor),
        key: None,
        finding,
        opens: false,
    };
    record(&mut tx, recording).await?;
    tx.commit().await?;
    Ok(number)
}

#[test]
fn con_06_sixty_four_clients_on_one_case_and_one_series_lose_nothing() {
    const CLIENTS: usize = 64;
    // Of each; `ACTS=1000` tries more.
    const ACTS: usize = 10;
    let acts = std::env::var("ACTS").ok().and_then(|acts| acts.parse().ok()).unwrap_or(ACTS);
    on_each(move |database| async move {
        let store = database.open().await;
        open(&store, "c1").await;
        let (gate, mut tasks) = (Arc::new(tokio::sync::Barrier::new(CLIENTS)), JoinSet::new());
        for _ in 0..CLIENTS {
            let (store, gate) = (store.clone(), gate.clone());
            tasks.spawn(async move {
                gate.wait().await;
                let mut drawn = Vec::new();
                for _ in 0..acts {
                    drawn.push(retry(Error::is_passing, || numbered(&store)).await.unwrap());
                }
                drawn
            });
        }
        let drawn: Vec<String> = tasks.join_all().await.into_iter().flatten().collect();
        let expected: BTreeSet<String> = (1..=CLIENTS * acts).map(|at| format!("TOKEN/{at:06}")).collect();
        assert_eq!(drawn.len(), expected.len());
        assert_eq!(drawn.into_iter().collect::<BTreeSet<_>>(), expected, "no number twice, and none left out");
        let mut tx = store.read(TOWN).await.unwrap();
        let case = cases::load(&mut tx, "c1").await.unwrap().unwrap();
        assert_eq!(case.version, 1 + i64::try_from(CLIENTS * acts).unwrap());
        assert_eq!(events::history(&mut tx, "c1").await.unwrap().len(), 1 + CLIENTS * acts);
        // These numbers are on nothing that the store keeps, which is all that there is to say.
        let found = verify(&mut tx, None).await.unwrap();
        assert!(found.iter().all(|finding| finding.check == "numbers"), "{found:?}");
    });
}

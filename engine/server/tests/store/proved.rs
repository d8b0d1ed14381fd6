//! What no row tells by itself is proved from all events together: that whoever acted was allowed to then, and that
//! times were set by what moved the case. What is wrong here is written by the store, so that chain and rows fit.

use engine::base::Name;
use engine::case::{Actor, ActorKind, Case, Command, Outcome};
use engine::registry::Serials;
use server::store::appointments::{self, Appointment};
use server::store::cases::{self, Finding};
use server::store::record::{Recording, record};
use server::store::verify::verify;
use server::store::{By, Store, json};

use crate::database::on_each;
use crate::people::appointment;
use crate::town::{NOW, TOWN, by, day, moved, officer, open};

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// Gives somebody a post.
async fn appoint(store: &Store, post: &Appointment) {
    let mut tx = store.begin(TOWN).await.unwrap();
    appointments::save(&mut tx, by(&officer()), post).await.unwrap();
    tx.commit().await.unwrap();
}

/// Records what `decide` makes of the case, as if `actor` had brought it about; the number of the event.
async fn record_as(store: &Store, id: &str, by: By<'_>, decide: impl FnOnce(&Case) -> Outcome) -> String {
    let mut tx = store.begin(TOWN).await.unwrap();
    let before = cases::load(&mut tx, id).await.unwrap().unwrap();
    let (outcome, command) = (decide(&before), json::command(&Command::Elapse));
    let finding = Finding { place: "ward-1", terms: None };
    let recording =
        Recording { before: &before, outcome: &outcome, command: &command, by, key: None, finding, opens: false };
    let event = record(&mut tx, recording).await.unwrap();
    tx.commit().await.unwrap();
    event.seq.to_string()
}

/// The case goes on to `state` at an instant, and stands there from then on.
fn moved_at(before: &Case, state: &str, at_ms: i64) -> Outcome {
    let mut outcome = moved(before, state, Serials::default());
    outcome.case.entered_ms = at_ms;
    outcome
}

/// What `verify` finds: which check, in which table, which row.
async fn found(store: &Store) -> Vec<(&'static str, &'static str, String)> {
    let mut tx = store.read(TOWN).await.unwrap();
    let findings = verify(&mut tx, None).await.unwrap();
    findings.into_iter().map(|one| (one.check, one.table, one.row)).collect()
}

fn wrong(check: &'static str, table: &'static str, row: &str) -> Vec<(&'static str, &'static str, String)> {
    vec![(check, table, row.to_owned())]
}

#[test]
fn i_07_whoever_acted_in_a_role_held_a_post_that_gives_it_at_that_time() {
    on_each(|database| async move {
        let store = database.open().await;
        open(&store, "c1").await;
        // The post ends in the middle of the month, which is told only then.
        let post = appointment("officer-1");
        appoint(&store, &post).await;
        let (own, later) = (officer(), NOW + 40 * DAY);
        record_as(&store, "c1", By::new(&own, NOW), |case| moved_at(case, "looked_at", NOW)).await;
        record_as(&store, "c1", By::new(&own, later), |case| moved_at(case, "seen", later)).await;
        appoint(&store, &Appointment { until: Some(day("2026-01-15")), ..post }).await;
        assert_eq!(found(&store).await, [], "it was held until further notice when they acted");
        let after = record_as(&store, "c1", By::new(&own, later), |case| moved_at(case, "passed", later)).await;
        assert_eq!(found(&store).await, wrong("posts", "events", &after), "its last day is over");
        store.close().await;
    });
}

#[test]
fn i_07_a_post_of_another_role_service_or_person_is_none() {
    on_each(|database| async move {
        let others = [
            Appointment { role: Name::new("approver"), ..appointment("officer-1") },
            Appointment { service: "cat-license".to_owned(), ..appointment("officer-1") },
            Appointment { from: day("2026-01-04"), ..appointment("officer-1") },
            appointment("officer-2"),
        ];
        let store = database.open().await;
        open(&store, "c1").await;
        let own = officer();
        record_as(&store, "c1", By::new(&own, NOW), |case| moved_at(case, "looked_at", NOW)).await;
        assert_eq!(found(&store).await, [], "a town that has appointed nobody has no desk yet");
        for other in others {
            appoint(&store, &other).await;
        }
        let first = record_as(&store, "c1", By::new(&own, NOW), |case| moved_at(case, "seen", NOW)).await;
        appoint(&store, &Appointment { service: "*".to_owned(), ..appointment("officer-1") }).await;
        record_as(&store, "c1", By::new(&own, NOW), |case| moved_at(case, "passed", NOW)).await;
        assert_eq!(found(&store).await, wrong("posts", "events", &first), "a post that came after makes nothing right");
        store.close().await;
    });
}

#[test]
fn i_07_whoever_acted_as_the_applicant_was_the_applicant() {
    on_each(|database| async move {
        let store = database.open().await;
        for id in ["c1", "c2"] {
            open(&store, id).await;
        }
        let citizen = |person: &str| Actor { person: person.to_owned(), kind: ActorKind::Citizen, roles: Vec::new() };
        let as_applicant = |case: &Case| {
            let mut outcome = moved_at(case, "sent", NOW);
            outcome.event.role = Some(Name::new("applicant"));
            outcome
        };
        let (asha, thief) = (citizen("asha"), citizen("thief"));
        record_as(&store, "c1", By::new(&asha, NOW), as_applicant).await;
        assert_eq!(found(&store).await, []);
        let second = record_as(&store, "c1", By::new(&thief, NOW), as_applicant).await;
        assert_eq!(found(&store).await, wrong("posts", "events", &second));
        record_as(&store, "c2", By::new(&thief, NOW), as_applicant).await;
        assert_eq!(found(&store).await, [wrong("posts", "events", &second), wrong("posts", "cases", "c2")].concat());
        store.close().await;
    });
}

/// An account goes with its record: when the calendar or the clock comes, it is of whoever holds that by now, and who
/// applied for it years ago has nothing to do with it any more.
#[test]
fn i_07_an_account_that_followed_its_record_to_another_holder_is_as_it_should_be() {
    on_each(|database| async move {
        let store = database.open().await;
        let citizen = |person: &str| Actor { person: person.to_owned(), kind: ActorKind::Citizen, roles: Vec::new() };
        let as_applicant = |case: &Case| {
            let mut outcome = moved_at(case, "sent", NOW);
            outcome.event.role = Some(Name::new("applicant"));
            outcome
        };
        let sold = |case: &Case| {
            let mut outcome = moved_at(case, "owing", NOW);
            outcome.event.role = None;
            "ravi".clone_into(&mut outcome.case.applicant);
            outcome
        };
        let (asha, ravi) = (citizen("asha"), citizen("ravi"));
        for id in ["c1", "c2"] {
            open(&store, id).await;
            record_as(&store, id, By::new(&asha, NOW), as_applicant).await;
            record_as(&store, id, By::system(NOW), sold).await;
        }
        assert_eq!(found(&store).await, [], "nobody has acted for the one who holds it now");
        record_as(&store, "c1", By::new(&ravi, NOW), as_applicant).await;
        assert_eq!(found(&store).await, [], "and when the new one acts");
        let before = record_as(&store, "c1", By::new(&asha, NOW), as_applicant).await;
        assert_eq!(found(&store).await, wrong("posts", "events", &before), "the one before no more");
        store.close().await;
    });
}

#[test]
fn i_14_times_are_set_by_what_moves_a_case_and_are_those_that_its_last_event_told() {
    on_each(|database| async move {
        let store = database.open().await;
        for id in ["c1", "c2"] {
            open(&store, id).await;
        }
        let own = officer();
        let (at, due) = (NOW + 5, NOW + 7 * DAY);
        record_as(&store, "c1", By::new(&own, at), |case| {
            let mut outcome = moved_at(case, "looked_at", at);
            (outcome.case.due_ms, outcome.case.promised_ms) = (Some(due), Some(due + DAY));
            outcome
        })
        .await;
        assert_eq!(found(&store).await, []);
        // Somebody gives the office more time, and nothing has happened.
        record_as(&store, "c1", By::system(at + 1), |case| {
            let mut outcome = moved(case, "looked_at", Serials::default());
            (outcome.event.action, outcome.event.role) = (None, None);
            outcome.case.promised_ms = Some(due + 30 * DAY);
            outcome
        })
        .await;
        assert_eq!(found(&store).await, wrong("clocks", "cases", "c1"));
        // A case is said to have come where it stands when nobody moved it.
        record_as(&store, "c2", By::new(&own, at), |case| moved_at(case, "looked_at", at + DAY)).await;
        let mut tx = store.read(TOWN).await.unwrap();
        let findings = verify(&mut tx, None).await.unwrap();
        drop(tx);
        assert_eq!(findings.len(), 1, "{findings:#?}");
        assert_eq!((findings[0].check, findings[0].row.as_str()), ("clocks", "c1"));
        assert!(findings[0].what.ends_with("; and 1 more"), "{}", findings[0].what);
        store.close().await;
    });
}

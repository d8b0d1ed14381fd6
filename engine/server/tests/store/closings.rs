//! Books that are closed: nothing is recorded of a day that is closed, whoever writes it, until two people open it.

use engine::case::ActorKind;
use server::store::closings::{self, ASKED, CLOSED, OPENED};
use server::store::verify::verify;
use server::store::{By, Error, Store, events};

use crate::database::{Database, on_each};
use crate::town::{NOW, TOWN, act, approved, by, day, licensed, officer, open, paid, payment};

fn second() -> By<'static> {
    By { person: "second", kind: ActorKind::Employee, at_ms: NOW + 9 }
}

/// Closes the books; whether that changed anything.
async fn close(store: &Store, until: &str) -> bool {
    let actor = officer();
    let mut tx = store.begin(TOWN).await.unwrap();
    let closed = closings::close(&mut tx, by(&actor), day(until), "The accounts are checked.").await.unwrap();
    tx.commit().await.unwrap();
    closed
}

/// Writes a voucher past the store, and takes it back.
fn voucher_of(on: &str) -> String {
    format!(
        "begin; insert into vouchers (tenant, number, on_day, fund, kind, event_seq, case_id) \
         values ('{TOWN}', 'X/1', '{on}', 'general', 'demand', 1, 'c1'); rollback"
    )
}

#[test]
fn led_02_a_period_that_is_closed_takes_no_voucher_whoever_writes_it() {
    on_each(|database| async move {
        let store = database.open().await;
        licensed(&store, "c1").await;
        open(&store, "c2").await;
        act(&store, "c2", None, approved).await.unwrap();
        open(&store, "c3").await;
        assert!(!database.refuses(&voucher_of("2026-01-01")).await, "while nothing is closed");
        assert!(close(&store, "2026-01-01").await);
        assert!(!close(&store, "2026-01-01").await && !close(&store, "2025-12-31").await, "it is closed already");
        let refused = act(&store, "c3", None, approved).await.unwrap_err();
        assert!(matches!(refused, Error::Closed), "{refused}");
        assert!(database.refuses(&voucher_of("2026-01-01")).await && database.refuses(&voucher_of("2025-03-31")).await);
        // What comes later is booked on the day on which it comes, whatever it is for.
        assert!(!database.refuses(&voucher_of("2026-01-02")).await);
        act(&store, "c2", None, |case, serials| paid(case, payment("pay-c2"), serials)).await.unwrap();
        for deed in ["update closings set closed_until = '2000-01-01'", "delete from closings"] {
            assert!(database.refuses(deed).await, "{deed}");
        }
        let mut tx = store.read(TOWN).await.unwrap();
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
    });
}

#[test]
fn led_02_books_are_opened_again_by_two_people_and_leave_a_trace() {
    on_each(|database| async move {
        let (store, actor) = (database.open().await, officer());
        open(&store, "c1").await;
        assert!(close(&store, "2026-01-31").await);
        assert!(act(&store, "c1", None, approved).await.is_err());
        let mut tx = store.begin(TOWN).await.unwrap();
        let closed = closings::last(&mut tx).await.unwrap().unwrap().seq;
        assert!(!closings::agree(&mut tx, second(), closed, "Yes.").await.unwrap(), "nobody has asked");
        assert!(
            !closings::ask(&mut tx, by(&actor), day("2026-01-31"), "A mistake.").await.unwrap(),
            "that is closed last"
        );
        assert!(closings::ask(&mut tx, by(&actor), day("2025-11-30"), "A mistake.").await.unwrap());
        let before = closings::last(&mut tx).await.unwrap().unwrap().seq;
        assert!(closings::ask(&mut tx, by(&actor), day("2025-12-31"), "A mistake.").await.unwrap());
        tx.commit().await.unwrap();
        assert!(act(&store, "c1", None, approved).await.is_err(), "asking opens nothing");
        let mut tx = store.begin(TOWN).await.unwrap();
        let asked = closings::last(&mut tx).await.unwrap().unwrap().seq;
        assert!(!closings::agree(&mut tx, by(&actor), asked, "Yes.").await.unwrap(), "the same person");
        assert!(!closings::agree(&mut tx, second(), before, "Yes.").await.unwrap(), "something else was asked since");
        assert!(closings::agree(&mut tx, second(), asked, "Yes.").await.unwrap());
        assert!(!closings::agree(&mut tx, second(), asked, "Yes.").await.unwrap(), "it is open already");
        tx.commit().await.unwrap();
        act(&store, "c1", None, approved).await.unwrap();
        assert!(close(&store, "2026-01-01").await, "and is closed once more");
        let mut tx = store.read(TOWN).await.unwrap();
        let done = closings::latest(&mut tx, 10).await.unwrap();
        let told: Vec<_> = done.iter().map(|one| (one.kind.as_str(), one.until, one.person.as_str())).collect();
        let expected = [
            (CLOSED, day("2026-01-01"), "officer-1"),
            (OPENED, day("2025-12-31"), "second"),
            (ASKED, day("2026-01-31"), "officer-1"),
            (ASKED, day("2026-01-31"), "officer-1"),
            (CLOSED, day("2026-01-31"), "officer-1"),
        ];
        assert_eq!(told, expected);
        let chain = events::all(&mut tx, 0, 100).await.unwrap();
        let words: Vec<_> = chain.iter().filter_map(|event| event.command["word"].as_str()).collect();
        for word in ["close_books", "ask_books", "open_books"] {
            assert!(words.contains(&word), "{words:?}");
        }
        assert_eq!(verify(&mut tx, None).await.unwrap(), [], "what was booked while it was open stays");
    });
}

/// Takes away what keeps vouchers out of what is closed, as only the owner of the database can.
async fn disarm(database: &Database) {
    let on = if database.is_pg() { " on vouchers" } else { "" };
    database.sql(&format!("drop trigger vouchers_open{on}")).await;
}

#[test]
fn led_02_a_voucher_that_came_into_a_closed_period_is_found() {
    on_each(|database| async move {
        let store = database.open().await;
        licensed(&store, "c1").await;
        assert!(close(&store, "2026-01-01").await);
        open(&store, "c2").await;
        disarm(&database).await;
        act(&store, "c2", None, approved).await.unwrap();
        let mut tx = store.read(TOWN).await.unwrap();
        let found = verify(&mut tx, None).await.unwrap();
        let told: Vec<_> = found.iter().map(|one| (one.check, one.table, one.row.as_str())).collect();
        assert_eq!(told, [("books", "vouchers", "VR/000003")], "{found:?}");
    });
}

//! Tills: one open for each person, counted by its owner, confirmed by another; and `verify` reckons again.

use std::collections::BTreeMap;

use engine::base::Name;
use engine::billing::{Instrument, Part, Payment};
use engine::case::{Case, Command, Outcome};
use engine::ledger::{Line, Voucher, VoucherKind};
use engine::registry::Serials;
use engine::till::{Count, Pieces, counted, expected};
use server::store::tills::{self, Counted, Instead, NewTill, TillState};
use server::store::verify::verify;
use server::store::{By, Error, Store, json, receipts, retry, serials, vouchers};

use crate::database::{Database, on_each};
use crate::town::{NOW, TOWN, VOUCHERS, act, approved, by, day, draw, money, officer, open, paid, payment};

const TILLS: &str = "TILL/#";
const FIRST: &str = "TILL/000001";

fn second() -> By<'static> {
    By { person: "second", kind: engine::case::ActorKind::Employee, at_ms: NOW + 9 }
}

/// Opens a till with ₹100.00; whether it could be. The desk does so too: again, if the database had to
/// choose whom to put off.
async fn opened(store: &Store, by: By<'_>) -> bool {
    let once = || async {
        let mut tx = store.begin(TOWN).await?;
        let mut drawn = serials::load(&mut tx, &[TILLS.to_owned()]).await?;
        let number = draw(&mut drawn, TILLS);
        let new = NewTill { number: &number, counter: "hall", on: day("2026-01-02"), float: money(10_000) };
        let opened = tills::open(&mut tx, by, new, &drawn).await?;
        if opened {
            tx.commit().await?;
        } else {
            tx.rollback().await?;
        }
        Ok(opened)
    };
    retry(Error::is_passing, once).await.unwrap()
}

/// Money in cash, which is put into the first till.
fn paid_in_cash(case: &Case, serials: Serials) -> Outcome {
    let mut money = payment(&format!("pay-{}", case.id));
    "cash".clone_into(&mut money.parts[0].mode);
    put_in(case, money, serials)
}

/// The same money, most of it by a draft and the rest in cash.
fn paid_in_parts(case: &Case, serials: Serials) -> Outcome {
    put_in(case, in_parts(&format!("pay-{}", case.id)), serials)
}

fn in_parts(key: &str) -> Payment {
    let whole = payment(key);
    let instrument = Instrument { number: "004211".into(), bank: "RVTB0000123".into(), dated: day("2026-01-02") };
    let draft = Part {
        amount: money(40_000),
        mode: "dd".to_owned(),
        reference: "004211".to_owned(),
        instrument: Some(instrument),
    };
    let cash = Part { amount: money(5_000), mode: "cash".to_owned(), reference: String::new(), instrument: None };
    Payment::of(whole.key, whole.begun_ms, vec![draft, cash]).unwrap()
}

fn put_in(case: &Case, money: Payment, serials: Serials) -> Outcome {
    let mut outcome = paid(case, money, serials);
    for receipt in outcome.event.receipt.iter_mut().chain(outcome.case.receipts.last_mut()) {
        receipt.till = Some(FIRST.to_owned());
    }
    outcome
}

/// A till of the officer with one receipt of ₹450.00 in it.
async fn filled(store: &Store) {
    let actor = officer();
    assert!(opened(store, by(&actor)).await);
    open(store, "c1").await;
    act(store, "c1", None, approved).await.unwrap();
    act(store, "c1", None, paid_in_cash).await.unwrap();
}

/// What is counted: one note of ₹500.00 and these coins, where ₹550.00 ought to be.
fn found(coins: i64) -> Counted {
    let sums = expected(money(10_000), [("cash", money(45_000))]).unwrap();
    let count = Count {
        pieces: vec![Pieces { worth: money(50_000), number: 1 }],
        coins: money(coins),
        others: BTreeMap::new(),
    };
    let sums = counted(sums, &count).unwrap();
    Counted { at_ms: NOW + 5, count, sums, reason: "a coin fell down".to_owned(), instead: None }
}

async fn counts(store: &Store, by: By<'_>, coins: i64) -> bool {
    hands_in(store, by, &found(coins)).await
}

async fn hands_in(store: &Store, by: By<'_>, count: &Counted) -> bool {
    let mut tx = store.begin(TOWN).await.unwrap();
    let counted = tills::count(&mut tx, by, FIRST, count).await.unwrap();
    tx.commit().await.unwrap();
    counted
}

/// What somebody counts in the place of the owner, who is ill.
fn found_instead(person: &str) -> Counted {
    Counted { instead: Some(Instead { person: person.to_owned(), why: "ill".to_owned() }), ..found(4_950) }
}

fn third() -> By<'static> {
    By { person: "third", ..second() }
}

/// Confirms with a voucher of what is missing; whether it could be.
async fn closes(store: &Store, by: By<'_>, missing: i64) -> bool {
    let mut tx = store.begin(TOWN).await.unwrap();
    let mut drawn = serials::load(&mut tx, &[VOUCHERS.to_owned()]).await.unwrap();
    let number = draw(&mut drawn, VOUCHERS);
    let lines = [("4501001", -missing), ("4601001", missing)]
        .map(|(account, paise)| Line { account: account.to_owned(), amount: money(paise) });
    let general = Name::new("general");
    let voucher = Voucher::new(number, day("2026-01-02"), general, VoucherKind::CashDifference, &lines).unwrap();
    let closed = tills::close(&mut tx, by, FIRST, "seen", Some((&voucher, &drawn))).await;
    if closed.is_ok() {
        tx.commit().await.unwrap();
    } else {
        tx.rollback().await.unwrap();
    }
    closed.unwrap_or(false)
}

#[test]
fn a_till_goes_from_its_owner_to_a_second_person() {
    on_each(|database| async move {
        let store = database.open().await;
        let actor = officer();
        filled(&store).await;
        assert!(!opened(&store, by(&actor)).await, "nobody has two drawers");
        assert!(!counts(&store, second(), 4_950).await, "another's till");
        assert!(!closes(&store, second(), 50).await, "not counted yet");
        assert!(counts(&store, by(&actor), 4_950).await);
        assert!(!counts(&store, by(&actor), 4_950).await, "it waits");
        assert!(!closes(&store, by(&actor), 50).await, "nobody confirms an own count");
        let mut tx = store.begin(TOWN).await.unwrap();
        assert_eq!(tills::open_of(&mut tx, "officer-1").await.unwrap(), None);
        assert!(!tills::send_back(&mut tx, by(&actor), FIRST, "no").await.unwrap());
        assert!(tills::send_back(&mut tx, second(), FIRST, "count again").await.unwrap());
        tx.commit().await.unwrap();
        assert!(counts(&store, by(&actor), 4_950).await);
        let mut tx = store.read(TOWN).await.unwrap();
        assert_eq!(tills::standing(&mut tx, TillState::Counted, 9).await.unwrap().len(), 1);
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
        drop(tx);
        assert!(closes(&store, second(), 50).await);
        assert!(!closes(&store, second(), 50).await, "closed once");
        assert!(opened(&store, by(&actor)).await, "the next till");

        let mut tx = store.read(TOWN).await.unwrap();
        let till = tills::find(&mut tx, FIRST).await.unwrap().unwrap();
        assert_eq!((till.state, till.counted.clone()), (TillState::Closed, Some(found(4_950))));
        assert_eq!(till.counted.as_ref().unwrap().cash_difference(), money(-50));
        let voucher = vouchers::find(&mut tx, &till.voucher.unwrap()).await.unwrap().unwrap();
        assert_eq!((voucher.kind.as_str(), voucher.case.as_str()), ("cash_difference", ""));
        assert_eq!(receipts::of_till(&mut tx, FIRST).await.unwrap().len(), 1);
        let latest = tills::latest(&mut tx, Some("officer-1"), 9).await.unwrap();
        assert_eq!(latest.len(), 2);
        assert_eq!(tills::latest(&mut tx, None, 1).await.unwrap().len(), 1);
        assert_eq!(tills::latest(&mut tx, Some("second"), 9).await.unwrap(), []);
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
        let mut other = store.read("elsewhere").await.unwrap();
        assert_eq!(tills::find(&mut other, FIRST).await.unwrap(), None);
    });
}

#[test]
fn money_by_two_modes_is_one_receipt_and_is_counted_under_each() {
    on_each(|database| async move {
        let store = database.open().await;
        let actor = officer();
        assert!(opened(&store, by(&actor)).await);
        open(&store, "c1").await;
        act(&store, "c1", None, approved).await.unwrap();
        act(&store, "c1", None, paid_in_parts).await.unwrap();
        let mut tx = store.read(TOWN).await.unwrap();
        let kept = receipts::of_till(&mut tx, FIRST).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].receipt.payment, in_parts("pay-c1"), "it is read as it was written");
        let banked = receipts::banked(&mut tx, day("2026-01-01"), day("2026-01-31")).await.unwrap();
        let told: Vec<_> =
            banked.iter().map(|part| (part.mode.as_str(), part.reference.as_str(), part.amount)).collect();
        assert_eq!(told, [("dd", "004211", money(40_000)), ("cash", "", money(5_000))], "a bank has a line for each");
        let draft = kept[0].receipt.payment.parts[0].instrument.clone().unwrap();
        let (near, late, own) = (day("2026-02-28"), day("2026-08-28"), &kept[0].receipt.number);
        let elsewhere = Instrument { bank: "RVTB0000124".to_owned(), ..draft.clone() };
        let misread = Instrument { dated: day("2026-01-20"), ..draft.clone() };
        let none: &[&str] = &[];
        for (instrument, on, but, expected) in [
            (&draft, near, "", &[own.as_str()][..]),
            (&misread, near, "", &[own.as_str()][..]),
            (&elsewhere, near, "", none),
            (&draft, late, "", none),
            (&draft, near, own.as_str(), none),
        ] {
            let found = receipts::by_same_instrument(&mut tx, instrument, on, but).await.unwrap();
            assert_eq!(found, expected, "{instrument:?} on {on}, but {but}");
        }
        drop(tx);

        let sums = expected(money(10_000), kept[0].receipt.by_mode()).unwrap();
        let others = BTreeMap::from([("dd".to_owned(), money(40_000))]);
        let count = Count { pieces: Vec::new(), coins: money(15_000), others };
        let sums = counted(sums, &count).unwrap();
        assert!(sums.iter().all(|sum| sum.difference() == money(0) && sum.receipts == 1));
        let count = Counted { at_ms: NOW + 5, count, sums, reason: String::new(), instead: None };
        assert!(hands_in(&store, by(&actor), &count).await);
        let mut tx = store.read(TOWN).await.unwrap();
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
        drop(tx);
        store.close().await;
        database.sql("update receipts set body = replace(body, '40000', '40100')").await;
        assert!(!is_sound(&database, "tills").await, "the parts make the receipt");
    });
}

#[test]
fn what_came_by_one_mode_is_written_as_it_always_was() {
    let written = |parts: Vec<Part>| {
        let payment = Payment::of("k".to_owned(), 7, parts).unwrap();
        json::command(&Command::Receive(payment))["payment"].to_string()
    };
    let online = r#"{"key":"k","amount":45000,"mode":"online","reference":"REF","begun_ms":7}"#;
    assert_eq!(written(payment("k").parts), online);
    let [draft, cash]: [Part; 2] = in_parts("k").parts.try_into().unwrap();
    let by_draft = r#"{"key":"k","amount":40000,"mode":"dd","reference":"004211","begun_ms":7,"instrument":["004211","RVTB0000123","2026-01-02"]}"#;
    assert_eq!(written(vec![draft.clone()]), by_draft);
    let by_both = r#"{"key":"k","amount":45000,"begun_ms":7,"parts":[{"amount":40000,"mode":"dd","reference":"004211","instrument":["004211","RVTB0000123","2026-01-02"]},{"amount":5000,"mode":"cash","reference":""}]}"#;
    assert_eq!(written(vec![draft, cash]), by_both);
}

#[test]
fn a_till_of_somebody_absent_is_counted_by_a_second_and_confirmed_by_a_third_person() {
    on_each(|database| async move {
        let store = database.open().await;
        filled(&store).await;
        assert!(!hands_in(&store, by(&officer()), &found_instead("officer-1")).await, "nobody is absent and counts");
        assert!(!hands_in(&store, second(), &found_instead("third")).await, "nobody counts in another's name");
        assert!(hands_in(&store, second(), &found_instead("second")).await);
        assert!(!closes(&store, second(), 50).await, "nobody confirms an own count");
        assert!(!closes(&store, by(&officer()), 50).await, "nor the count of an own till");
        let mut tx = store.begin(TOWN).await.unwrap();
        assert!(!tills::send_back(&mut tx, second(), FIRST, "no").await.unwrap());
        tx.commit().await.unwrap();
        assert!(closes(&store, third(), 50).await);
        let mut tx = store.read(TOWN).await.unwrap();
        let till = tills::find(&mut tx, FIRST).await.unwrap().unwrap();
        assert_eq!((till.state, till.counted.clone()), (TillState::Closed, Some(found_instead("second"))));
        assert_eq!(till.stood_in().map(|instead| instead.why.as_str()), Some("ill"));
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
        drop(tx);
        store.close().await;
        database.sql("update tills set count = replace(count, 'second', 'friend')").await;
        assert!(!is_sound(&database, "tills").await, "who counted is in the chain");
    });
}

/// What somebody with the keys of the machine does to a till, and which check finds it, whatever the digests say.
const DEEDS: [(&str, &str); 6] = [
    ("update tills set float_paise = 5000", "tills"),
    ("update tills set person = 'friend'", "tills"),
    ("update tills set count = replace(count, '4950', '4900')", "tills"),
    ("update tills set voucher = null", "tills"),
    ("update receipts set till = null", "tills"),
    ("update receipts set amount_paise = amount_paise - 100", "books"),
];

async fn is_sound(database: &Database, check: &str) -> bool {
    let store = database.open().await;
    let mut tx = store.read(TOWN).await.unwrap();
    let findings = verify(&mut tx, None).await.unwrap();
    drop(tx);
    store.close().await;
    !findings.iter().any(|finding| finding.check == check)
}

#[test]
fn whoever_changes_a_till_past_the_store_is_found_out_by_its_sums() {
    on_each(|database| async move {
        let store = database.open().await;
        filled(&store).await;
        assert!(counts(&store, by(&officer()), 4_950).await);
        assert!(closes(&store, second(), 50).await);
        store.close().await;
        for (deed, check) in DEEDS {
            assert!(is_sound(&database, check).await, "before {deed}");
            for table in ["tills", "receipts"] {
                database.sql(&format!("create table saved_{table} as select * from {table}")).await;
            }
            database.sql(deed).await;
            assert!(!is_sound(&database, check).await, "{deed}");
            for table in ["tills", "receipts"] {
                database
                    .sql(&format!(
                        "delete from {table}; insert into {table} select * from saved_{table}; drop table saved_{table}"
                    ))
                    .await;
            }
            assert!(is_sound(&database, check).await, "put back after {deed}");
        }
    });
}

#[test]
fn of_two_who_open_at_once_one_has_a_till() {
    on_each(|database| async move {
        let store = database.open().await;
        let each = (0..6).map(|_| {
            let store = store.clone();
            tokio::spawn(async move { opened(&store, by(&officer())).await })
        });
        let mut open = 0;
        for one in each.collect::<Vec<_>>() {
            open += usize::from(one.await.unwrap());
        }
        assert_eq!(open, 1);
        let mut tx = store.read(TOWN).await.unwrap();
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
    });
}

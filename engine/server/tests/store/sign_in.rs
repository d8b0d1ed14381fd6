//! What proves who signs in, and with what powers somebody holds a post; the same on both databases.

use server::store::appointments::{self, Appointment};
use server::store::devices::{self, Device};
use server::store::identities::{self, Identity};
use server::store::verify::verify;
use server::store::{EVERYBODY, Error, factors, mobiles};

use crate::database::on_each;
use crate::people::appointment;
use crate::town::{NOW, TOWN, by, day, money, officer};

#[test]
fn auth_09_a_code_and_a_recovery_code_are_used_once() {
    on_each(|database| async move {
        let store = database.open().await;
        let actor = officer();
        let mut tx = store.begin(TOWN).await.unwrap();
        assert_eq!(factors::find(&mut tx, "asha").await.unwrap(), None);
        factors::begin(&mut tx, "asha", "one", NOW).await.unwrap();
        factors::begin(&mut tx, "asha", "two", NOW + 1).await.unwrap();
        let found = factors::find(&mut tx, "asha").await.unwrap().unwrap();
        assert_eq!((found.secret.as_str(), found.confirmed_ms, found.last_step), ("two", None, 0));
        assert!(factors::used(&mut tx, "asha", 7).await.unwrap());
        assert!(!factors::used(&mut tx, "asha", 7).await.unwrap(), "a code is used once");
        assert!(!factors::used(&mut tx, "asha", 6).await.unwrap(), "and none before it");
        assert_eq!(factors::among(&mut tx, &["asha".to_owned()]).await.unwrap(), [""; 0]);
        let codes = ["h1".to_owned(), "h2".to_owned()];
        factors::confirm(&mut tx, by(&actor), "asha", &codes).await.unwrap();
        factors::begin(&mut tx, "asha", "three", NOW + 2).await.unwrap();
        let found = factors::find(&mut tx, "asha").await.unwrap().unwrap();
        assert_eq!((found.secret.as_str(), found.confirmed_ms), ("two", Some(NOW)), "what is confirmed stays");
        assert_eq!(factors::among(&mut tx, &["asha".to_owned(), "bina".to_owned()]).await.unwrap(), ["asha"]);

        assert!(factors::use_code(&mut tx, "asha", "h1", NOW).await.unwrap());
        assert!(!factors::use_code(&mut tx, "asha", "h1", NOW).await.unwrap());
        assert!(!factors::use_code(&mut tx, "bina", "h2", NOW).await.unwrap());
        assert_eq!(factors::codes_left(&mut tx, "asha").await.unwrap(), 1);
        factors::renew_codes(&mut tx, by(&actor), "asha", &["h3".to_owned()]).await.unwrap();
        assert!(!factors::use_code(&mut tx, "asha", "h2", NOW).await.unwrap());
        factors::remove(&mut tx, by(&actor), "asha").await.unwrap();
        assert_eq!(factors::find(&mut tx, "asha").await.unwrap(), None);
        assert_eq!(factors::codes_left(&mut tx, "asha").await.unwrap(), 0);

        factors::to_be_changed(&mut tx, "asha", NOW).await.unwrap();
        factors::to_be_changed(&mut tx, "asha", NOW + 5).await.unwrap();
        assert_eq!(factors::given_ms(&mut tx, "asha").await.unwrap(), Some(NOW + 5));
        factors::changed(&mut tx, "asha").await.unwrap();
        assert_eq!(factors::given_ms(&mut tx, "asha").await.unwrap(), None);
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
        tx.commit().await.unwrap();
    });
}

#[test]
fn auth_14_an_account_elsewhere_is_one_persons_and_is_tied_once() {
    on_each(|database| async move {
        let store = database.open().await;
        let actor = officer();
        let known = |person: &str, subject: Option<&str>, email: Option<&str>| Identity {
            person: person.to_owned(),
            issuer: "https://id.example".to_owned(),
            subject: subject.map(str::to_owned),
            email: email.map(str::to_owned),
            entered_ms: NOW,
            bound_ms: None,
        };
        let mut tx = store.begin(TOWN).await.unwrap();
        let asha = known("asha", None, Some("asha@town.example"));
        identities::enter(&mut tx, by(&actor), &asha).await.unwrap();
        identities::enter(&mut tx, by(&actor), &known("bina", Some("b"), None)).await.unwrap();
        let found = identities::by_email(&mut tx, &asha.issuer, "asha@town.example").await.unwrap();
        assert_eq!(found.as_ref(), Some(&asha));
        assert_eq!(identities::by_email(&mut tx, "https://other.example", "asha@town.example").await.unwrap(), None);
        assert!(identities::bind(&mut tx, by(&actor), &asha, "a").await.unwrap());
        assert!(!identities::bind(&mut tx, by(&actor), &asha, "c").await.unwrap(), "a person is tied once");
        assert_eq!(identities::by_email(&mut tx, &asha.issuer, "asha@town.example").await.unwrap(), None);
        let found = identities::by_subject(&mut tx, &asha.issuer, "a").await.unwrap().unwrap();
        assert_eq!((found.person.as_str(), found.bound_ms), ("asha", Some(NOW)));
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
        tx.commit().await.unwrap();
        // Nobody is two people.
        for taken in [known("chitra", Some("a"), None), known("chitra", None, Some("asha@town.example"))] {
            let mut tx = store.begin(TOWN).await.unwrap();
            let refused = identities::enter(&mut tx, by(&actor), &taken).await;
            assert!(matches!(refused, Err(Error::Taken(_))), "{refused:?}");
        }
        // Another town knows nothing of it.
        let mut tx = store.begin("elsewhere").await.unwrap();
        assert_eq!(identities::by_subject(&mut tx, &asha.issuer, "a").await.unwrap(), None);
        drop(tx);
        let mut tx = store.begin(TOWN).await.unwrap();
        identities::remove(&mut tx, by(&actor), "asha", &asha.issuer).await.unwrap();
        assert_eq!(identities::of_person(&mut tx, "asha").await.unwrap(), []);
        assert_eq!(identities::of_person(&mut tx, "bina").await.unwrap().len(), 1);
        tx.commit().await.unwrap();
    });
}

#[test]
fn devices_are_taken_once_and_swept_away() {
    on_each(|database| async move {
        let store = database.open().await;
        let device = |hash: &str, person: &str| Device {
            hash: hash.to_owned(),
            person: person.to_owned(),
            agent: "Firefox, Android".to_owned(),
            trusted_ms: NOW,
            seen_ms: NOW,
            expires_ms: NOW + 100,
        };
        let mut tx = store.begin(TOWN).await.unwrap();
        for (hash, person) in [("d1", "asha"), ("d2", "asha"), ("d3", "bina"), ("d4", "bina")] {
            devices::insert(&mut tx, &device(hash, person)).await.unwrap();
        }
        assert_eq!(devices::of_person(&mut tx, "asha", NOW).await.unwrap().len(), 2);
        assert_eq!(devices::take(&mut tx, "d1", NOW + 100).await.unwrap(), None, "it is over");
        assert_eq!(devices::take(&mut tx, "d1", NOW).await.unwrap(), Some(device("d1", "asha")));
        assert_eq!(devices::take(&mut tx, "d1", NOW).await.unwrap(), None);
        assert_eq!(devices::forget(&mut tx, "asha").await.unwrap(), 1);
        tx.commit().await.unwrap();
        let mut tx = store.begin("elsewhere").await.unwrap();
        assert_eq!(devices::take(&mut tx, "d3", NOW).await.unwrap(), None, "another tenant's");
        drop(tx);
        let mut tx = store.begin(EVERYBODY).await.unwrap();
        assert_eq!(devices::sweep(&mut tx, NOW + 99).await.unwrap(), 0);
        assert_eq!(devices::sweep(&mut tx, NOW + 100).await.unwrap(), 2);
        tx.commit().await.unwrap();
    });
}

#[test]
fn auth_12_changes_of_numbers_are_only_added_to() {
    on_each(|database| async move {
        let store = database.open().await;
        let actor = officer();
        let mut tx = store.begin(TOWN).await.unwrap();
        assert_eq!(mobiles::latest_ms(&mut tx, "asha").await.unwrap(), None);
        mobiles::left(&mut tx, by(&actor), "asha", "9876543210").await.unwrap();
        assert_eq!(mobiles::latest_ms(&mut tx, "asha").await.unwrap(), Some(NOW));
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
        tx.commit().await.unwrap();
    });
}

#[test]
fn az_11_a_post_has_powers_and_days_and_nothing_of_it_is_lost() {
    on_each(|database| async move {
        let store = database.open().await;
        let actor = officer();
        let mut tx = store.begin(TOWN).await.unwrap();
        let plain = appointment("asha");
        let limited = Appointment {
            from: day("2026-04-01"),
            until: Some(day("2026-04-30")),
            most: Some(money(5_000_000)),
            held_for: Some("bina".to_owned()),
            ..appointment("asha")
        };
        for one in [&plain, &limited] {
            appointments::save(&mut tx, by(&actor), one).await.unwrap();
        }
        assert_eq!(appointments::ever(&mut tx, "asha").await.unwrap(), [limited.clone(), plain.clone()]);
        assert_eq!(
            appointments::of_person(&mut tx, "asha", day("2026-05-01")).await.unwrap(),
            std::slice::from_ref(&plain)
        );
        let ended = Appointment { until: Some(day("2026-03-31")), ..plain };
        appointments::save(&mut tx, by(&actor), &ended).await.unwrap();
        assert_eq!(
            appointments::of_person(&mut tx, "asha", day("2026-04-30")).await.unwrap(),
            std::slice::from_ref(&limited)
        );
        assert_eq!(appointments::ever(&mut tx, "asha").await.unwrap(), [limited, ended]);
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
        tx.commit().await.unwrap();
    });
}

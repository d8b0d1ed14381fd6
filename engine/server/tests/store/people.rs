//! People, what they hold, and what comes and goes with them.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use engine::base::Name;
use server::store::appointments::{self, Appointment};
use server::store::cancellations;
use server::store::definitions::{self, Definition};
use server::store::files::{self, File};
use server::store::idempotency::{self, Kept};
use server::store::notices::{self, Notice};
use server::store::otps::{self, Otp};
use server::store::papers::{self, Paper};
use server::store::people::{self, Person};
use server::store::sessions::{self, Session};
use server::store::verify::verify;
use server::store::{By, EVERYBODY, Error, Fate, Point, Seam, Vault, events, throttles};
use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};

use crate::database::on_each;
use crate::town::{NOW, TOWN, by, day, licensed, officer};

pub(crate) fn person(id: &str) -> Person {
    Person {
        id: id.to_owned(),
        kind: "employee".to_owned(),
        mobile: Some(format!("98{id}")),
        login: Some(id.to_owned()),
        name: format!("Officer {id}"),
        email: None,
        password_hash: Some("$argon2id$".to_owned()),
        language: "hi".to_owned(),
        disabled: false,
        at_ms: NOW,
    }
}

pub(crate) fn appointment(id: &str) -> Appointment {
    Appointment {
        person: id.to_owned(),
        service: "dog-license".to_owned(),
        role: Name::new("verifier"),
        place: String::new(),
        from: day("2026-01-01"),
        until: None,
        departments: Vec::new(),
        most: None,
        held_for: None,
    }
}

pub(crate) fn paper(id: &str, case: &str) -> Paper {
    Paper {
        id: id.to_owned(),
        case: case.to_owned(),
        document: "license".to_owned(),
        language: "hi".to_owned(),
        sha256: "aa".to_owned(),
        code: format!("CODE-{id}"),
        status: "valid".to_owned(),
        at_ms: NOW,
        body: serde_json::json!({ "v": 1, "number": "DOG/000001" }),
    }
}

pub(crate) fn file(id: &str, case: &str) -> File {
    File {
        id: id.to_owned(),
        sha256: "bb".to_owned(),
        size: 7,
        kind: "application/pdf".to_owned(),
        name: "किराया.pdf".to_owned(),
        case: Some(case.to_owned()),
        field: "owners.0.id_proof".to_owned(),
        person: "asha".to_owned(),
        at_ms: NOW,
    }
}

pub(crate) fn definition(digest: &str) -> Definition {
    Definition { digest: digest.to_owned(), service: "dog-license".to_owned(), files: "{}".to_owned(), at_ms: NOW }
}

#[test]
fn people_and_what_they_hold() {
    on_each(|database| async move {
        let store = database.open().await;
        let (actor, mut asha) = (officer(), person("asha"));
        let mut tx = store.begin(TOWN).await.unwrap();
        people::save(&mut tx, by(&actor), &asha).await.unwrap();
        people::save(&mut tx, by(&actor), &person("bina")).await.unwrap();
        asha.disabled = true;
        asha.email = Some("a@example.org".to_owned());
        people::save(&mut tx, by(&actor), &asha).await.unwrap();
        assert_eq!(people::find(&mut tx, "asha").await.unwrap().as_ref(), Some(&asha));
        assert_eq!(people::by_mobile(&mut tx, "98asha").await.unwrap().as_ref(), Some(&asha));
        assert_eq!(people::by_login(&mut tx, "bina").await.unwrap(), Some(person("bina")));
        assert_eq!(people::employees(&mut tx).await.unwrap().len(), 2);
        assert_eq!(people::among(&mut tx, &["bina".to_owned(), "nobody".to_owned()]).await.unwrap(), [person("bina")]);
        assert_eq!(people::among(&mut tx, &[]).await.unwrap(), []);

        let mut held = appointment("asha");
        appointments::save(&mut tx, by(&actor), &held).await.unwrap();
        assert_eq!(appointments::of_person(&mut tx, "asha", day("2025-12-31")).await.unwrap(), []);
        assert_eq!(appointments::of_person(&mut tx, "asha", day("2030-01-01")).await.unwrap(), [held.clone()]);
        held.until = Some(day("2026-06-30"));
        appointments::save(&mut tx, by(&actor), &held).await.unwrap();
        assert_eq!(
            appointments::on_day(&mut tx, Some("dog-license"), day("2026-06-30")).await.unwrap(),
            [held.clone()]
        );
        assert_eq!(appointments::on_day(&mut tx, Some("cat-license"), day("2026-06-30")).await.unwrap(), []);
        assert_eq!(appointments::on_day(&mut tx, None, day("2026-07-01")).await.unwrap(), []);
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
        tx.commit().await.unwrap();

        let mut tx = store.begin(TOWN).await.unwrap();
        let thief = Person { id: "thief".to_owned(), ..person("bina") };
        assert!(matches!(people::save(&mut tx, by(&actor), &thief).await, Err(Error::Taken(_))));
    });
}

/// Hears every statement.
#[derive(Default)]
pub(crate) struct Heard(pub(crate) Mutex<Vec<String>>);

impl Seam for Heard {
    fn at(&self, _: Point) -> Pin<Box<dyn Future<Output = Fate> + Send + '_>> {
        Box::pin(async { Fate::Done })
    }

    fn left(&self) {}

    fn said(&self, sql: Cow<'static, str>) -> Cow<'static, str> {
        self.0.lock().unwrap().push(sql.to_string());
        sql
    }
}

#[test]
fn people_are_found_by_many_numbers_without_a_look_at_anybody_else() {
    on_each(|database| async move {
        let (open, actor, heard) = (database.open().await, officer(), Arc::new(Heard::default()));
        let mut tx = open.begin(TOWN).await.unwrap();
        people::save(&mut tx, by(&actor), &person("old")).await.unwrap();
        tx.commit().await.unwrap();
        // From now on numbers are sealed, and found by what stands beside them.
        let seam: Arc<dyn Seam> = heard.clone();
        let vault = Vault::new(vec![[7; 32]], Arc::new(|_: &[&str]| [9; 32]));
        let store = open.sealing(Arc::new(vault)).through(seam);
        let mut tx = store.begin(TOWN).await.unwrap();
        people::save(&mut tx, by(&actor), &person("new")).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = store.read(TOWN).await.unwrap();
        let found = people::with_mobiles(&mut tx, &["98old", "98new", "98nobody"].map(str::to_owned)).await.unwrap();
        assert_eq!(found.keys().collect::<Vec<_>>(), ["98new", "98old"]);
        assert_eq!(found["98new"], ("new".to_owned(), "Officer new".to_owned()));
        drop(tx);
        if database.is_pg() {
            return;
        }
        let heard: Vec<String> = std::mem::take(&mut *heard.0.lock().unwrap());
        let asked = heard.into_iter().filter(|sql| sql.starts_with("select mobile, id, name from people"));
        let mut conn = SqliteConnection::connect(&database.url()).await.unwrap();
        let mut plans = Vec::new();
        for sql in asked {
            let plan = sqlx::query(AssertSqlSafe(format!("explain query plan {sql}")));
            plans.extend(plan.fetch_all(&mut conn).await.unwrap().iter().map(|row| row.get::<String, _>("detail")));
        }
        conn.close().await.unwrap();
        assert_eq!(
            plans,
            [
                "SEARCH people USING INDEX people_by_mobile (tenant=? AND mobile=?)",
                "SEARCH people USING INDEX people_by_mobile_key (tenant=? AND mobile_key=?)",
            ]
        );
    });
}

#[test]
fn az_08_an_employee_is_known_as_the_citizen_with_the_same_number() {
    on_each(|database| async move {
        let (store, actor, state) = (database.open().await, officer(), "the-state");
        let citizen = |id: &str| Person { kind: "citizen".to_owned(), login: None, password_hash: None, ..person(id) };
        let mut tx = store.begin(state).await.unwrap();
        for id in ["asha", "bina"] {
            people::save(&mut tx, by(&actor), &citizen(id)).await.unwrap();
        }
        tx.commit().await.unwrap();
        // Asha applies in the town, Bina elsewhere.
        crate::town::open(&store, "c1").await;
        let mut tx = store.begin(TOWN).await.unwrap();
        for (id, mobile) in [("same", Some("98asha")), ("other", Some("98bina")), ("without", None)] {
            let employee = Person { mobile: mobile.map(str::to_owned), ..person(id) };
            people::save(&mut tx, by(&actor), &employee).await.unwrap();
        }
        for (id, expected) in [("same", Some("asha")), ("other", None), ("without", None), ("nobody", None)] {
            let known = people::citizen_of(&mut tx, state, id).await.unwrap();
            assert_eq!(known.as_deref(), expected, "{id}");
        }
        // Of another state nobody is known.
        assert_eq!(people::citizen_of(&mut tx, "elsewhere", "same").await.unwrap(), None);
        tx.commit().await.unwrap();
    });
}

#[test]
fn sessions_codes_and_throttles_come_and_go() {
    on_each(|database| async move {
        let store = database.open().await;
        let session = |hash: &str| Session {
            hash: hash.to_owned(),
            tenant: TOWN.to_owned(),
            person: "asha".to_owned(),
            kind: "citizen".to_owned(),
            created_ms: NOW,
            seen_ms: NOW,
            expires_ms: NOW + 100,
            csrf: "x".to_owned(),
            data: "{\"lang\":\"hi\"}".to_owned(),
        };
        let mut tx = store.begin(TOWN).await.unwrap();
        sessions::insert(&mut tx, &session("h1")).await.unwrap();
        sessions::insert(&mut tx, &session("h2")).await.unwrap();
        sessions::seen(&mut tx, "h1", NOW + 50, NOW + 150).await.unwrap();
        let found = sessions::find(&mut tx, "h1", NOW + 149).await.unwrap().unwrap();
        assert_eq!((found.seen_ms, found.data.as_str()), (NOW + 50, "{\"lang\":\"hi\"}"));
        assert_eq!(sessions::find(&mut tx, "h1", NOW + 150).await.unwrap(), None);
        assert_eq!(sessions::by_person(&mut tx, "asha", NOW).await.unwrap().len(), 2);
        assert_eq!(sessions::end_others(&mut tx, "asha", "h1").await.unwrap(), 1);
        tx.commit().await.unwrap();
        let mut tx = store.begin(EVERYBODY).await.unwrap();
        assert_eq!(sessions::find(&mut tx, "h1", NOW).await.unwrap().unwrap().tenant, TOWN);
        assert_eq!(sessions::sweep(&mut tx, NOW + 149).await.unwrap(), 0);
        sessions::end(&mut tx, "h1").await.unwrap();
        assert_eq!(sessions::find(&mut tx, "h1", NOW).await.unwrap(), None);
        tx.commit().await.unwrap();

        let mut tx = store.begin(TOWN).await.unwrap();
        let mut otp = Otp {
            mobile: "98".to_owned(),
            purpose: "sign_in".to_owned(),
            browser_hash: "b".to_owned(),
            code_hmac: "c".to_owned(),
            expires_ms: NOW + 100,
            tries: 0,
        };
        otps::put(&mut tx, &otp).await.unwrap();
        assert_eq!(otps::guess(&mut tx, "98", "sign_in", NOW).await.unwrap().unwrap().tries, 1);
        assert_eq!(otps::guess(&mut tx, "98", "sign_in", NOW).await.unwrap().unwrap().tries, 2);
        assert_eq!(otps::guess(&mut tx, "98", "sign_in", NOW + 100).await.unwrap(), None);
        otp.code_hmac = "d".to_owned();
        otps::put(&mut tx, &otp).await.unwrap();
        assert_eq!(otps::guess(&mut tx, "98", "sign_in", NOW).await.unwrap().unwrap().code_hmac, "d");
        otps::remove(&mut tx, "98", "sign_in").await.unwrap();
        assert_eq!(otps::guess(&mut tx, "98", "sign_in", NOW).await.unwrap(), None);
        assert_eq!(otps::sweep(&mut tx, NOW).await.unwrap(), 0);

        let mut counts = Vec::new();
        for at in [0, 10, 100, 111, 112] {
            counts.push(throttles::hit(&mut tx, "sms:98", NOW + at, 100).await.unwrap().count);
        }
        assert_eq!(counts, [1, 2, 3, 1, 2]);
        throttles::clear(&mut tx, "sms:98").await.unwrap();
        assert_eq!(throttles::hit(&mut tx, "sms:98", NOW, 100).await.unwrap().count, 1);
        assert_eq!(throttles::sweep(&mut tx, NOW + 1).await.unwrap(), 1);
        tx.commit().await.unwrap();
    });
}

/// What is remembered of a browser in which nobody has signed in yet.
fn remembered(hash: &str) -> Session {
    Session {
        hash: hash.to_owned(),
        tenant: TOWN.to_owned(),
        person: String::new(),
        kind: "browser".to_owned(),
        created_ms: NOW,
        seen_ms: NOW,
        expires_ms: NOW + 100,
        csrf: String::new(),
        data: "{\"mobile\":\"98\"}".to_owned(),
    }
}

fn code(mobile: &str, code_hmac: &str) -> Otp {
    Otp {
        mobile: mobile.to_owned(),
        purpose: "sign_in".to_owned(),
        browser_hash: "b".to_owned(),
        code_hmac: code_hmac.to_owned(),
        expires_ms: NOW + 100,
        tries: 0,
    }
}

#[test]
fn what_was_kept_in_the_clear_is_known_after_an_upgrade() {
    on_each(|database| async move {
        let open = database.open().await;
        let kept = Kept { body_hash: "h".to_owned(), answer: "{\"name\":\"Asha\"}".to_owned(), at_ms: NOW };
        let mut tx = open.begin(TOWN).await.unwrap();
        sessions::insert(&mut tx, &remembered("h1")).await.unwrap();
        idempotency::keep(&mut tx, "k1", &kept).await.unwrap();
        for mobile in ["98", "99"] {
            otps::put(&mut tx, &code(mobile, "old")).await.unwrap();
            assert_eq!(otps::guess(&mut tx, mobile, "sign_in", NOW).await.unwrap().unwrap().tries, 1);
        }
        for key in ["sms:98", "sms:99"] {
            throttles::hit(&mut tx, key, NOW, 100).await.unwrap();
            throttles::hit(&mut tx, key, NOW + 1, 100).await.unwrap();
        }
        tx.commit().await.unwrap();

        // From now on all of it is sealed or blind.
        let vault = Vault::new(vec![[7; 32]], Arc::new(|_: &[&str]| [9; 32]));
        let store = open.sealing(Arc::new(vault));
        let mut tx = store.begin(TOWN).await.unwrap();
        assert_eq!(sessions::find(&mut tx, "h1", NOW).await.unwrap(), Some(remembered("h1")));
        assert_eq!(idempotency::find(&mut tx, "k1").await.unwrap(), Some(kept));

        // A code still opens, and a new one takes its place.
        let guessed = otps::guess(&mut tx, "98", "sign_in", NOW).await.unwrap();
        assert_eq!(guessed, Some(Otp { tries: 2, ..code("98", "old") }));
        otps::put(&mut tx, &code("98", "new")).await.unwrap();
        let guessed = otps::guess(&mut tx, "98", "sign_in", NOW).await.unwrap();
        assert_eq!(guessed, Some(Otp { tries: 1, ..code("98", "new") }));
        for mobile in ["98", "99"] {
            otps::remove(&mut tx, mobile, "sign_in").await.unwrap();
            assert_eq!(otps::guess(&mut tx, mobile, "sign_in", NOW).await.unwrap(), None);
        }

        // Counting goes on from where it was.
        assert_eq!(throttles::count(&mut tx, "sms:98", NOW + 2, 100).await.unwrap(), 2);
        let tries = throttles::hit(&mut tx, "sms:98", NOW + 2, 100).await.unwrap();
        assert_eq!((tries.count, tries.from_ms), (3, NOW));
        assert_eq!(throttles::hit(&mut tx, "sms:98", NOW + 3, 100).await.unwrap().count, 4);
        throttles::take_back(&mut tx, "sms:98").await.unwrap();
        assert_eq!(throttles::count(&mut tx, "sms:98", NOW + 3, 100).await.unwrap(), 3);
        throttles::clear(&mut tx, "sms:98").await.unwrap();
        assert_eq!(throttles::hit(&mut tx, "sms:98", NOW + 4, 100).await.unwrap().count, 1);
        let tries = throttles::hit(&mut tx, "sms:99", NOW + 101, 100).await.unwrap();
        assert_eq!((tries.count, tries.from_ms), (1, NOW + 101), "what is over is not counted");
        tx.commit().await.unwrap();
    });
}

#[test]
fn priv_03_what_ends_by_itself_opens_in_its_own_place_alone() {
    on_each(|database| async move {
        let vault = Vault::new(vec![[7; 32]], Arc::new(|_: &[&str]| [9; 32]));
        let store = database.open().await.sealing(Arc::new(vault));
        let kept = Kept { body_hash: "h".to_owned(), answer: "{\"name\":\"Asha\"}".to_owned(), at_ms: NOW };
        let mut tx = store.begin(TOWN).await.unwrap();
        sessions::insert(&mut tx, &remembered("h1")).await.unwrap();
        idempotency::keep(&mut tx, "k1", &kept).await.unwrap();
        assert_eq!(sessions::find(&mut tx, "h1", NOW).await.unwrap(), Some(remembered("h1")));
        assert_eq!(idempotency::find(&mut tx, "k1").await.unwrap(), Some(kept));
        tx.commit().await.unwrap();
        database.sql("update sessions set hash = 'h2'; update idempotency set key = 'k2'").await;
        let mut tx = store.begin(TOWN).await.unwrap();
        let moved = sessions::find(&mut tx, "h2", NOW).await.unwrap_err();
        assert!(moved.to_string().contains("does not open"), "{moved}");
        let moved = idempotency::find(&mut tx, "k2").await.unwrap_err();
        assert!(moved.to_string().contains("does not open"), "{moved}");
    });
}

#[test]
fn papers_files_messages_and_definitions() {
    on_each(|database| async move {
        let store = database.open().await;
        licensed(&store, "c1").await;
        let actor = officer();
        let mut tx = store.begin(TOWN).await.unwrap();
        papers::insert(&mut tx, by(&actor), &paper("p1", "c1")).await.unwrap();
        assert_eq!(papers::by_code(&mut tx, "CODE-p1").await.unwrap(), Some(paper("p1", "c1")));
        assert!(papers::set_status(&mut tx, by(&actor), "p1", "cancelled").await.unwrap());
        assert!(!papers::set_status(&mut tx, by(&actor), "p2", "cancelled").await.unwrap());
        assert_eq!(papers::find(&mut tx, "p1").await.unwrap().unwrap().status, "cancelled");
        assert_eq!(papers::by_case(&mut tx, "c1").await.unwrap().len(), 1);

        files::insert(&mut tx, by(&actor), &file("f1", "c1")).await.unwrap();
        assert_eq!(files::find(&mut tx, "f1").await.unwrap(), Some(file("f1", "c1")));
        assert_eq!(files::by_case(&mut tx, "c1").await.unwrap().len(), 1);

        let notice = Notice {
            id: "n1".to_owned(),
            case: "c1".to_owned(),
            notice: "payment_due".to_owned(),
            channel: "sms".to_owned(),
            to_masked: "******3210".to_owned(),
            language: "hi".to_owned(),
            text: "भुगतान करें".to_owned(),
            template_digest: "t".to_owned(),
            state: "queued".to_owned(),
            at_ms: NOW,
        };
        assert!(notices::insert(&mut tx, &notice).await.unwrap());
        assert!(!notices::insert(&mut tx, &notice).await.unwrap());
        notices::set_state(&mut tx, "n1", "sent", NOW + 1).await.unwrap();
        assert_eq!(notices::by_case(&mut tx, "c1").await.unwrap()[0].state, "sent");
        assert_eq!(notices::find(&mut tx, "n1").await.unwrap().unwrap().at_ms, NOW + 1);

        assert!(definitions::publish(&mut tx, By::system(NOW), &definition("d1")).await.unwrap());
        assert!(!definitions::publish(&mut tx, By::system(NOW + 1), &definition("d1")).await.unwrap());
        assert!(definitions::publish(&mut tx, By::system(NOW + 2), &definition("d2")).await.unwrap());
        assert!(
            definitions::publish(&mut tx, By::system(NOW + 3), &definition("d1")).await.unwrap(),
            "back to the earlier one"
        );
        assert_eq!(definitions::current(&mut tx, "dog-license").await.unwrap().as_deref(), Some("d1"));
        assert_eq!(definitions::find(&mut tx, "d2").await.unwrap(), Some(definition("d2")));

        events::note(&mut tx, by(&actor), None, "export", serde_json::json!({ "rows": 12 })).await.unwrap();
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
        tx.commit().await.unwrap();
    });
}

#[test]
fn az_08_a_cancellation_needs_two_people() {
    on_each(|database| async move {
        let store = database.open().await;
        licensed(&store, "c1").await;
        let (one, two) = (officer(), engine::case::Actor { person: "officer-2".to_owned(), ..officer() });
        let mut tx = store.begin(TOWN).await.unwrap();
        assert!(cancellations::ask(&mut tx, by(&one), "RC/000001", "bounced", None).await.unwrap());
        assert!(!cancellations::ask(&mut tx, by(&two), "RC/000001", "again", None).await.unwrap());
        assert!(!cancellations::decide(&mut tx, by(&one), "RC/000001", true, "seen").await.unwrap(), "not who asked");
        assert_eq!(cancellations::waiting(&mut tx).await.unwrap().len(), 1);
        assert!(cancellations::decide(&mut tx, by(&two), "RC/000001", false, "seen").await.unwrap());
        assert!(cancellations::ask(&mut tx, by(&two), "RC/000001", "it did bounce", None).await.unwrap());
        assert!(cancellations::decide(&mut tx, by(&one), "RC/000001", true, "seen").await.unwrap());
        assert!(!cancellations::ask(&mut tx, by(&two), "RC/000001", "once more", None).await.unwrap());
        let found = cancellations::find(&mut tx, "RC/000001").await.unwrap().unwrap();
        assert_eq!((found.state.as_str(), found.decided_by.as_deref()), ("agreed", Some("officer-1")));
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
        tx.commit().await.unwrap();
    });
}

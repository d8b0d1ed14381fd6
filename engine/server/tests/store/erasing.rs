//! What people ask to have erased: asked once, decided once, carried out once, on every database.

use std::sync::Arc;

use engine::base::date::{MS_PER_DAY, parse_day};
use engine::base::{Moment, Name};
use engine::case::{Actor, ActorKind, Command, command};
use engine::source::Bundle;
use engine::tenant::Tenant;
use serde_json::json;
use server::act::{self, Opening};
use server::app::{App, Given};
use server::chance::{Chance, Clock};
use server::config::Config;
use server::erasing::{self, Fate};
use server::octets;
use server::problem::Problem;
use server::retain::{self, Retained};
use server::store::carry::{self, Table};
use server::store::erasure_requests::{self, ASKED, GRANTED, REFUSED, Request};
use server::store::files::{self, File};
use server::store::notices::{self, Notice};
use server::store::octets::Of;
use server::store::people::{self, Person};
use server::store::sessions::{self, Session};
use server::store::verify::verify;
use server::store::{By, Error, cases, erasures, events};

use crate::database::{Database, on_each};
use crate::people::file;
use crate::same::bundle;

const TOWN: &str = "riverton";
const STATE: &str = "aland";
const ELSEWHERE: &str = "hilltop";
const ASHA: &str = "asha";
const MOBILE: &str = "9876543210";

/// A town in which somebody applies.
struct Town {
    app: Arc<App>,
    tenant: Arc<Tenant>,
    _data: tempfile::TempDir,
}

impl Town {
    async fn open(database: &Database) -> Self {
        Self::defined(database, |_| ()).await
    }

    /// The same with other definitions.
    async fn defined(database: &Database, change: impl FnOnce(&mut Bundle)) -> Self {
        let mut definitions = bundle();
        change(&mut definitions);
        let data = tempfile::tempdir().unwrap();
        let config = Config {
            data_dir: data.path().to_owned(),
            database: Some(database.url()),
            demo: true,
            filling: !database.is_pg(),
            ..Config::default()
        };
        let morning = Moment::at(parse_day("2026-04-06").unwrap(), 10 * 60, 330);
        let given = Given { clock: Clock::at(morning.ms), chance: Chance::seeded(7), bundle: Some(definitions) };
        let app = App::open(config, given).await.unwrap();
        let tenant = Arc::clone(app.library.now().tenant(TOWN).unwrap());
        let town = Self { app, tenant, _data: data };
        let person = Person::newcomer(ASHA.to_owned(), MOBILE.to_owned(), "en".to_owned(), morning.ms);
        let mut tx = town.app.store.begin(STATE).await.unwrap();
        people::save(&mut tx, town.by(), &person).await.unwrap();
        tx.commit().await.unwrap();
        town
    }

    fn by(&self) -> By<'static> {
        By { person: ASHA, kind: ActorKind::Citizen, at_ms: self.app.clock.now_ms() }
    }

    /// A report that is being written; its key.
    async fn begun(&self) -> String {
        let library = self.app.library.now();
        let service = library.catalogue.service(TOWN, "report").unwrap();
        let opening = Opening { applicant: ASHA, language: "en", record: None, key: None };
        let case = act::open(&self.app, &self.tenant, service, opening).await.unwrap();
        let save = Command::Save { page: Name::new("problem"), answers: json!({ "text": "The lamp is broken." }) };
        self.act(&case.id, save).await;
        case.id
    }

    async fn act(&self, case: &str, command: Command) {
        let actor = Actor { person: ASHA.to_owned(), kind: ActorKind::Citizen, roles: Vec::new() };
        act::act(&self.app, &self.tenant, case, &actor, &command, None).await.unwrap();
    }

    /// Something is asked, granted and carried out.
    async fn granted(&self, id: &str) {
        let mut tx = self.app.store.begin(TOWN).await.unwrap();
        erasure_requests::ask(&mut tx, self.by(), &request(id, ASHA, self.app.clock.now_ms())).await.unwrap();
        assert!(erasure_requests::decide(&mut tx, self.by(), id, (GRANTED, "Not needed.")).await.unwrap());
        tx.commit().await.unwrap();
        erasing::carry_out(&self.app, &self.tenant).await.unwrap();
    }

    async fn asha(&self) -> Person {
        let mut tx = self.app.store.read(STATE).await.unwrap();
        people::find(&mut tx, ASHA).await.unwrap().unwrap()
    }

    async fn fates(&self) -> Vec<(String, Fate)> {
        let found = erasing::found(&self.app, &self.tenant, ASHA).await.unwrap();
        found.into_iter().map(|one| (one.case.id, one.fate)).collect()
    }

    async fn is_whole(&self) {
        for tenant in [TOWN, STATE] {
            let mut tx = self.app.store.read(tenant).await.unwrap();
            assert_eq!(verify(&mut tx, None).await.unwrap(), [], "{tenant}");
        }
    }
}

/// What somebody sends.
const OCTETS: &[u8] = b"%PDF-1.7 and what follows";

#[test]
fn priv_03_priv_04_octets_messages_and_numbers_are_sealed_and_go_with_the_case() {
    on_each(|database| async move {
        let town = Town::open(&database).await;
        let (case, at_ms) = (town.begun().await, town.app.clock.now_ms());
        let of = Of::File { id: "f1", case: Some(&case) };
        let digest = octets::keep(&town.app, TOWN, of, OCTETS.to_vec().into()).await.unwrap();
        let again = octets::keep(&town.app, TOWN, of, OCTETS.to_vec().into()).await.unwrap();
        assert_eq!(digest, again, "who keeps it once more keeps the same");
        let sent = File { sha256: digest.to_string(), ..file("f1", &case) };
        let told = Notice { case: case.clone(), ..message("n1") };
        let mut tx = town.app.store.begin(TOWN).await.unwrap();
        files::insert(&mut tx, town.by(), &sent).await.unwrap();
        assert!(notices::insert(&mut tx, &told).await.unwrap());
        tx.commit().await.unwrap();
        let mut tx = town.app.store.read(TOWN).await.unwrap();
        assert_eq!(files::by_case(&mut tx, &case).await.unwrap(), std::slice::from_ref(&sent));
        assert_eq!(notices::by_case(&mut tx, &case).await.unwrap(), std::slice::from_ref(&told));
        carry::turn_to(&mut tx, TOWN).await.unwrap();
        for (table, clear) in [("notices", &told.text), ("files", &sent.name), ("index_terms", &MOBILE.to_owned())] {
            let look = |line: &str| {
                assert!(!line.contains(clear.as_str()), "{table}: {line}");
                Ok(())
            };
            carry::rows(&mut tx, Table::named(table).unwrap(), look).await.unwrap();
        }
        drop(tx);
        assert_eq!(octets::of_file(&town.app, TOWN, &sent).await.unwrap(), OCTETS);

        let mut tx = town.app.store.begin(TOWN).await.unwrap();
        erasure_requests::ask(&mut tx, town.by(), &request("r1", ASHA, at_ms)).await.unwrap();
        assert!(erasure_requests::decide(&mut tx, town.by(), "r1", (GRANTED, "Not needed.")).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(erasing::carry_out(&town.app, &town.tenant).await.unwrap(), 1);
        let gone = octets::of_file(&town.app, TOWN, &sent).await.unwrap_err();
        assert!(matches!(gone, Problem::NotFound), "{gone:?}");
        let mut tx = town.app.store.read(TOWN).await.unwrap();
        assert_eq!(files::by_case(&mut tx, &case).await.unwrap(), []);
        assert!(notices::by_case(&mut tx, &case).await.unwrap().iter().all(|notice| notice.text.is_empty()));
        drop(tx);
        town.is_whole().await;
        town.app.store.clone().close().await;
    });
}

/// The photo of a report is kept for thirty days once its case has ended.
fn with_a_term(bundle: &mut Bundle) {
    let path = "report/form.yaml";
    let form = String::from_utf8(bundle.bytes(path).unwrap().to_vec()).unwrap();
    let changed = form.replace("type: photo, place: true,", "type: photo, place: true, keep_for: 30 days,");
    assert_ne!(form, changed);
    bundle.add(path, changed.into_bytes());
}

#[test]
fn priv_05_a_file_with_a_time_of_its_own_goes_before_the_rest_of_its_case() {
    on_each(|database| async move {
        let town = Town::defined(&database, with_a_term).await;
        let (case, morning_ms) = (town.begun().await, town.app.clock.now_ms());
        let of = Of::File { id: "f1", case: Some(&case) };
        let digest = octets::keep_apart(&town.app, TOWN, of, OCTETS.to_vec().into()).await.unwrap().to_string();
        let sent = File { sha256: digest.clone(), field: "photo".to_owned(), ..file("f1", &case) };
        let mut tx = town.app.store.begin(TOWN).await.unwrap();
        files::insert(&mut tx, town.by(), &sent).await.unwrap();
        tx.commit().await.unwrap();
        let photo = json!({ "id": "f1", "name": "lamp.jpg", "kind": "jpeg", "size": 7, "sha256": digest });
        let answers = json!({ "text": "The lamp is broken.", "photo": photo });
        town.act(&case, Command::Save { page: Name::new("problem"), answers }).await;
        town.act(&case, submit()).await;
        let foreman = Actor { person: "fatima".into(), kind: ActorKind::Employee, roles: vec![Name::new("foreman")] };
        let Command::Act { answers, assignee, seen, flags, .. } = submit() else { panic!("it is an action") };
        let resolve = Command::Act {
            action: Name::new("resolve"),
            comment: "Mended.".to_owned(),
            answers,
            assignee,
            seen,
            flags,
        };
        act::act(&town.app, &town.tenant, &case, &foreman, &resolve, None).await.unwrap();

        assert_eq!(octets::of_file(&town.app, TOWN, &sent).await.unwrap(), OCTETS);
        let library = town.app.library.now();
        let service = library.catalogue.service(TOWN, "report").unwrap();
        let retained = async |dry| retain::service(&town.app, &town.tenant, service, dry).await.unwrap();
        town.app.clock.set(morning_ms + 29 * MS_PER_DAY);
        assert_eq!(retained(false).await, Retained::default(), "its time is not over");
        town.app.clock.set(morning_ms + 30 * MS_PER_DAY);
        let mut tx = town.app.store.begin(TOWN).await.unwrap();
        erasures::hold(&mut tx, town.by(), &case, "Order 12").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(retained(false).await, Retained::default(), "a court needs it");
        let mut tx = town.app.store.begin(TOWN).await.unwrap();
        assert!(erasures::release(&mut tx, town.by(), &case).await.unwrap());
        tx.commit().await.unwrap();
        let due = retained(true).await;
        assert_eq!((due.erased.len(), due.files.len()), (0, 1), "{due:?}");
        assert!(due.files[0].ends_with(" photo"), "{due:?}");
        assert_eq!(retained(false).await, due, "that was a dry run");
        assert_eq!(retained(false).await, Retained::default(), "once");

        assert!(octets::of_file(&town.app, TOWN, &sent).await.is_err(), "its key is gone, and a copy opens nowhere");
        let mut tx = town.app.store.read(TOWN).await.unwrap();
        assert_eq!(files::by_case(&mut tx, &case).await.unwrap(), []);
        let kept = cases::load(&mut tx, &case).await.unwrap().unwrap();
        assert_eq!((kept.answers.text("text"), kept.answers.get("photo")), (Some("The lamp is broken."), None));
        assert_eq!(erasures::leftovers(&mut tx).await.unwrap(), [(case.clone(), "photo".to_owned(), vec![digest])]);
        let last = events::history(&mut tx, &case).await.unwrap().pop().unwrap();
        assert_eq!((&last.command["word"], &last.command["facts"]["field"]), (&json!("erase_files"), &json!("photo")));
        drop(tx);
        town.is_whole().await;
        town.app.store.clone().close().await;
    });
}

fn message(id: &str) -> Notice {
    Notice {
        id: id.to_owned(),
        case: String::new(),
        notice: "received".to_owned(),
        channel: "sms".to_owned(),
        to_masked: "******3210".to_owned(),
        language: "en".to_owned(),
        text: "Your report about the lamp is received.".to_owned(),
        template_digest: "dd".to_owned(),
        state: "sent".to_owned(),
        at_ms: 1,
    }
}

pub(crate) fn request(id: &str, person: &str, at_ms: i64) -> Request {
    Request {
        id: id.to_owned(),
        person: person.to_owned(),
        language: "en".to_owned(),
        words: "Please.".to_owned(),
        asked_ms: at_ms,
        state: ASKED.to_owned(),
        decided_by: None,
        decided_ms: None,
        reason: String::new(),
        done_ms: None,
    }
}

fn submit() -> Command {
    Command::Act {
        action: Name::new("submit"),
        comment: String::new(),
        answers: command::no_answers(),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    }
}

#[test]
fn priv_05_name_and_number_go_with_the_last_of_what_was_kept_and_not_before() {
    on_each(|database| async move {
        let town = Town::open(&database).await;
        let (draft, sent) = (town.begun().await, town.begun().await);
        town.act(&sent, submit()).await;
        let at_ms = town.app.clock.now_ms();
        let session = Session {
            hash: "hh".to_owned(),
            tenant: STATE.to_owned(),
            person: ASHA.to_owned(),
            kind: "citizen".to_owned(),
            created_ms: at_ms,
            seen_ms: at_ms,
            expires_ms: at_ms + 60_000,
            csrf: "cc".to_owned(),
            data: "{}".to_owned(),
        };
        let mut tx = town.app.store.begin(STATE).await.unwrap();
        sessions::insert(&mut tx, &session).await.unwrap();
        tx.commit().await.unwrap();

        town.granted("r1").await;
        let mut tx = town.app.store.read(TOWN).await.unwrap();
        assert!(erasures::stand(&mut tx, &draft).await.unwrap().erased);
        drop(tx);
        assert_eq!(town.asha().await.mobile.as_deref(), Some(MOBILE), "an application is under way");

        // Nothing is left in this town, and another one has yet to answer.
        let mut tx = town.app.store.begin(TOWN).await.unwrap();
        assert!(erasures::erase(&mut tx, town.by(), &sent, json!({ "service": "report" })).await.unwrap());
        tx.commit().await.unwrap();
        let mut tx = town.app.store.begin(ELSEWHERE).await.unwrap();
        erasure_requests::ask(&mut tx, town.by(), &request("e1", ASHA, at_ms)).await.unwrap();
        tx.commit().await.unwrap();
        town.granted("r2").await;
        assert_eq!(town.asha().await.mobile.as_deref(), Some(MOBILE), "another town has yet to answer");
        let mut tx = town.app.store.begin(ELSEWHERE).await.unwrap();
        assert!(erasure_requests::finish(&mut tx, town.by(), "e1").await.unwrap());
        tx.commit().await.unwrap();
        town.granted("r3").await;

        let gone = town.asha().await;
        assert_eq!((gone.name.as_str(), gone.mobile, gone.email), ("", None, None));
        let mut tx = town.app.store.begin(STATE).await.unwrap();
        assert_eq!(sessions::by_person(&mut tx, ASHA, at_ms).await.unwrap(), []);
        assert_eq!(people::by_mobile(&mut tx, MOBILE).await.unwrap(), None);
        // Whoever comes back with the number is somebody new.
        let newcomer = Person::newcomer("new".to_owned(), MOBILE.to_owned(), "en".to_owned(), at_ms);
        people::save(&mut tx, town.by(), &newcomer).await.unwrap();
        tx.commit().await.unwrap();
        town.is_whole().await;
        town.app.store.clone().close().await;
    });
}

#[test]
fn priv_05_a_request_is_asked_decided_and_carried_out_once() {
    on_each(|database| async move {
        let town = Town::open(&database).await;
        let (draft, sent) = (town.begun().await, town.begun().await);
        town.act(&sent, submit()).await;
        let mut fates = town.fates().await;
        fates.sort_by_key(|(id, _)| *id != draft);
        assert_eq!(fates, [(draft.clone(), Fate::Goes), (sent.clone(), Fate::UnderWay)]);

        let (by, at_ms) = (town.by(), town.app.clock.now_ms());
        let mut tx = town.app.store.begin(TOWN).await.unwrap();
        erasure_requests::ask(&mut tx, by, &request("r1", ASHA, at_ms)).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = town.app.store.begin(TOWN).await.unwrap();
        let again = erasure_requests::ask(&mut tx, by, &request("r2", ASHA, at_ms)).await.unwrap_err();
        assert!(matches!(again, Error::Taken(_)), "{again}");
        drop(tx);
        assert_eq!(erasing::carry_out(&town.app, &town.tenant).await.unwrap(), 0, "nobody has granted it");

        let mut tx = town.app.store.begin(TOWN).await.unwrap();
        let asked = erasure_requests::find(&mut tx, "r1").await.unwrap();
        assert_eq!(asked, Some(request("r1", ASHA, at_ms)));
        assert!(erasure_requests::decide(&mut tx, by, "r1", (GRANTED, "Not needed.")).await.unwrap());
        assert!(!erasure_requests::decide(&mut tx, by, "r1", (REFUSED, "Needed.")).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(erasing::carry_out(&town.app, &town.tenant).await.unwrap(), 1);
        assert_eq!(erasing::carry_out(&town.app, &town.tenant).await.unwrap(), 0);

        let mut tx = town.app.store.read(TOWN).await.unwrap();
        let done = erasure_requests::of_person(&mut tx, ASHA, 10).await.unwrap().remove(0);
        assert_eq!((done.state.as_str(), done.reason.as_str(), done.done_ms), (GRANTED, "Not needed.", Some(at_ms)));
        assert_eq!(erasure_requests::waiting(&mut tx, 10).await.unwrap(), []);
        assert_eq!(erasure_requests::decided(&mut tx, 10).await.unwrap(), [done]);
        assert!(erasures::of_applicant(&mut tx, ASHA).await.unwrap().contains(&draft));
        assert!(cases::load(&mut tx, &draft).await.unwrap().unwrap().answers.0.is_empty());
        let kept = cases::load(&mut tx, &sent).await.unwrap().unwrap();
        assert_eq!(kept.answers.text("text"), Some("The lamp is broken."));
        drop(tx);
        town.is_whole().await;
        // Whoever was answered may ask again.
        let mut tx = town.app.store.begin(TOWN).await.unwrap();
        erasure_requests::ask(&mut tx, by, &request("r3", ASHA, at_ms)).await.unwrap();
        tx.commit().await.unwrap();
        town.is_whole().await;
        town.app.store.clone().close().await;
    });
}

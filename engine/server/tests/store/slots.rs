//! Places in calendars: whoever takes one has it alone, for as long as is said.

use std::path::Path;
use std::sync::Arc;

use engine::base::date::parse_day;
use engine::base::{Moment, Name};
use engine::case::{Actor, ActorKind, Command, Refusal, command};
use engine::reserve::Block;
use engine::source::Bundle;
use engine::tenant::Tenant;
use serde_json::json;
use server::act::{self, Acted, Opening};
use server::app::{App, Given};
use server::chance::{Chance, Clock};
use server::config::Config;
use server::library;
use server::problem::Problem;
use server::store::verify::verify;
use server::store::{By, slots};

use crate::database::{Database, on_each};

const TOWN: &str = "riverton";
const MINUTE: i64 = 60_000;

/// A service whose cases have a room for a day: for half an hour, and once the keeper has booked it.
const ROOM: [(&str, &str); 6] = [
    ("lists/rooms.csv", "code,parent,label,hi\nBLUE,,Blue room,नीला कक्ष\nGREEN,,Green room,हरा कक्ष\n"),
    (
        "room/service.yaml",
        "format: 1\ntitle: Room\nabout: A room for a day.\ndepartment: Estate\ngroup: Rooms\nnumber: RM/{tenant}/{fy}/{serial:6}\n\
         roles: { keeper: Keeper }\nreserves:\n  room:\n    calendar: rooms\n    resource: room\n    from: on_day\n\
         \x20   while: { held: 30 minutes, booked: kept }\n    blocked_by: keeper\n",
    ),
    (
        "room/form.yaml",
        "pages:\n  wish:\n    title: Your wish\n    fields:\n      room: { label: Which room?, type: choice, options: rooms }\n\
         \x20     on_day: { label: On which day?, type: date, min: today, max: today + 30 days }\n",
    ),
    (
        "room/workflow.yaml",
        "start: draft\nstates:\n  draft:\n    label: Not yet sent\n    public: You have not yet sent this.\n    edit: applicant\n    actions:\n\
         \x20     ask: { by: applicant, to: held, done: Asked }\n  held:\n    label: Held\n    public: The room is held for you.\n    actions:\n\
         \x20     book: { by: keeper, to: booked, done: Booked }\n      run_out: { once: { over: room }, to: lapsed, done: Over }\n\
         \x20 booked:\n    label: Booked\n    public: The room is yours.\n    end: granted\n    actions:\n\
         \x20     give_up: { by: applicant, to: lapsed, done: Given up }\n  lapsed: { label: Lapsed, public: The room is free again., end: closed }\n",
    ),
    (
        "room/locales/hi.yaml",
        "title: कक्ष\nabout: एक दिन के लिए कक्ष।\ndepartment: सम्पदा\ngroup: कक्ष\nroles: { keeper: रखवाला }\npages: { wish: आपकी इच्छा }\n\
         fields: { room: कौन-सा कक्ष?, on_day: किस दिन? }\nstates:\n  draft: { label: अभी नहीं भेजा, public: आपने इसे अभी नहीं भेजा है। }\n\
         \x20 held: { label: रखा गया, public: कक्ष आपके लिए रखा है। }\n  booked: { label: आरक्षित, public: कक्ष आपका है। }\n\
         \x20 lapsed: { label: समाप्त, public: कक्ष फिर उपलब्ध है। }\nactions: { ask: माँगें, book: आरक्षित करें, give_up: छोड़ें }\n\
         done: { ask: माँगा गया, book: आरक्षित किया गया, give_up: छोड़ा गया, run_out: समय समाप्त }\ndocuments: { acknowledgement: पावती }\n",
    ),
    (
        "room/tests/booked.yaml",
        "name: A room is booked\ntoday: 2026-04-06\nanswers: { room: BLUE, on_day: 2026-04-10 }\n\
         steps:\n  - { by: applicant, do: ask, state: held, slots: held }\n  - { by: keeper, do: book, state: booked, slots: kept }\n",
    ),
];

/// A town that offers rooms.
struct Town {
    app: Arc<App>,
    tenant: Arc<Tenant>,
    _data: tempfile::TempDir,
}

fn bundle() -> Bundle {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shipped = library::read_folder(&here.join("../../definitions")).unwrap();
    let own = library::read_folder(&here.join("tests/http/definitions")).unwrap();
    let mut bundle = Bundle::default();
    for path in shipped.paths().filter(|path| path.starts_with("words/") || &***path == "accounts.yaml") {
        bundle.add(path, Arc::clone(shipped.bytes(path).unwrap()));
    }
    for path in own.paths().filter(|path| path.starts_with("tenants/")) {
        let text = own.text(path).unwrap().replace("services: [stall-permit, report, fair]", "services: [room]");
        bundle.add(path, text.into_bytes());
    }
    for (path, text) in ROOM {
        bundle.add(path, text.as_bytes());
    }
    bundle
}

impl Town {
    async fn open(database: &Database) -> Self {
        let data = tempfile::tempdir().unwrap();
        let config = Config {
            data_dir: data.path().to_owned(),
            database: Some(database.url()),
            demo: true,
            filling: !database.is_pg(),
            ..Config::default()
        };
        let morning = Moment::at(parse_day("2026-04-06").unwrap(), 10 * 60, 330);
        let given = Given { clock: Clock::at(morning.ms), chance: Chance::seeded(7), bundle: Some(bundle()) };
        let app = App::open(config, given).await.unwrap();
        let tenant = Arc::clone(app.library.now().tenant(TOWN).unwrap());
        Self { app, tenant, _data: data }
    }

    fn later(&self, minutes: i64) {
        self.app.clock.set(self.app.clock.now_ms() + minutes * MINUTE);
    }

    async fn act(&self, id: &str, actor: &Actor, command: &Command) -> Result<Acted, Problem> {
        act::act(&self.app, &self.tenant, id, actor, command, None).await
    }

    /// A case of somebody who wants a room on a day, and has not asked yet.
    async fn wish(&self, person: &str, on: &str) -> String {
        let loaded = self.app.library.now();
        let service = loaded.catalogue.service(TOWN, "room").expect("the town offers rooms");
        let opening = Opening { applicant: person, language: "en", record: None, key: None };
        let case = act::open(&self.app, &self.tenant, service, opening).await.unwrap();
        let answers = json!({ "room": "BLUE", "on_day": on });
        self.act(&case.id, &citizen(person), &Command::Save { page: Name::new("wish"), answers }).await.unwrap();
        case.id
    }

    async fn ask(&self, id: &str, person: &str) -> Result<Acted, Problem> {
        self.act(id, &citizen(person), &taken("ask")).await
    }

    async fn is_whole(&self) {
        let mut tx = self.app.store.read(TOWN).await.unwrap();
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
    }
}

fn citizen(person: &str) -> Actor {
    Actor { person: person.to_owned(), kind: ActorKind::Citizen, roles: Vec::new() }
}

fn keeper() -> Actor {
    Actor { person: "keeper".to_owned(), kind: ActorKind::Employee, roles: vec![Name::new("keeper")] }
}

fn taken(action: &str) -> Command {
    Command::Act {
        action: Name::new(action),
        comment: String::new(),
        answers: command::no_answers(),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    }
}

/// What was refused.
fn refused(answer: Result<Acted, Problem>) -> Refusal {
    match answer {
        Err(Problem::Refused(refusal)) => refusal,
        other => panic!("this was to be refused: {other:?}"),
    }
}

#[test]
fn con_07_of_two_who_take_a_day_at_once_one_has_it() {
    on_each(|database| async move {
        let town = Town::open(&database).await;
        let (one, other) = (town.wish("asha", "2026-04-10").await, town.wish("ravi", "2026-04-10").await);
        let (first, second) = tokio::join!(town.ask(&one, "asha"), town.ask(&other, "ravi"));
        let (has, lost) =
            if first.is_ok() { ((&one, "asha"), (&other, "ravi")) } else { ((&other, "ravi"), (&one, "asha")) };
        let (won, refusal) = if first.is_ok() { (first, second) } else { (second, first) };
        assert_eq!(won.unwrap().case.reserved.len(), 1);
        let Refusal::SlotTaken(occupied) = refused(refusal) else { panic!("the other is told that it is taken") };
        assert_eq!(occupied.day, parse_day("2026-04-10").unwrap());
        let near = ["2026-04-09", "2026-04-11", "2026-04-12"].map(|day| parse_day(day).unwrap());
        assert_eq!(occupied.free, near);
        town.is_whole().await;

        // The time is over, and the clock has not looked: whoever asks now has it.
        town.later(31);
        assert_eq!(town.ask(lost.0, lost.1).await.unwrap().case.state, *"held");
        let late = refused(town.act(has.0, &keeper(), &taken("book")).await);
        assert!(matches!(late, Refusal::SlotTaken(_)), "{late:?}");
        town.is_whole().await;
        let lapsed = town.act(has.0, &Actor::system(), &Command::Elapse).await.unwrap();
        assert_eq!((lapsed.case.state.as_str(), lapsed.case.reserved.len()), ("lapsed", 0));
        let booked = town.act(lost.0, &keeper(), &taken("book")).await.unwrap();
        assert_eq!(booked.case.reserved[0].until_ms, None);
        town.is_whole().await;

        // What is given back is free at once.
        town.act(lost.0, &citizen(lost.1), &taken("give_up")).await.unwrap();
        let third = town.wish("meera", "2026-04-10").await;
        town.ask(&third, "meera").await.unwrap();
        town.is_whole().await;
        town.app.store.clone().close().await;
    });
}

#[test]
fn days_that_the_office_has_closed_are_not_taken_and_the_reason_is_told() {
    on_each(|database| async move {
        let town = Town::open(&database).await;
        let keeper = keeper();
        let by = By::new(&keeper, town.app.clock.now_ms());
        let (from, until) = (parse_day("2026-04-20").unwrap(), parse_day("2026-04-22").unwrap());
        let block = Block {
            calendar: Name::new("rooms"),
            resource: "BLUE".to_owned(),
            from,
            until,
            reason: "Repair of the roof".to_owned(),
        };
        let mut tx = town.app.store.begin(TOWN).await.unwrap();
        slots::close(&mut tx, by, "block-1", &block).await.unwrap();
        tx.commit().await.unwrap();
        let wish = town.wish("asha", "2026-04-21").await;
        let Refusal::SlotBlocked(blocked) = refused(town.ask(&wish, "asha").await) else { panic!("it is closed") };
        assert_eq!((blocked.day, blocked.reason.as_str()), (parse_day("2026-04-21").unwrap(), "Repair of the roof"));
        let mut tx = town.app.store.begin(TOWN).await.unwrap();
        assert!(slots::lift(&mut tx, by, "block-1").await.unwrap());
        assert!(!slots::lift(&mut tx, by, "block-1").await.unwrap(), "it is open already");
        tx.commit().await.unwrap();
        town.ask(&wish, "asha").await.unwrap();
        town.is_whole().await;

        // Whoever changes a row past the store is found out.
        for (deed, table) in [
            ("update slots set day = '2026-04-25'", "slots"),
            ("update slots set until_ms = null", "slots"),
            (
                "insert into slots select tenant, calendar, 'GREEN', day, part, place, case_id, until_ms, at_ms from slots",
                "slots",
            ),
            ("update blocks set reason = 'none'", "blocks"),
        ] {
            database.sql(deed).await;
            let mut tx = town.app.store.read(TOWN).await.unwrap();
            let found = verify(&mut tx, None).await.unwrap();
            assert!(found.iter().any(|one| one.table == table), "{deed}: {found:?}");
        }
        town.app.store.clone().close().await;
    });
}

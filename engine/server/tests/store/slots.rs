//! Places in calendars: whoever takes one has it alone, for as long as is said.

use std::sync::Arc;

use engine::base::Name;
use engine::base::date::parse_day;
use engine::case::{Actor, ActorKind, Command, Refusal, command};
use engine::reserve::Block;
use engine::tenant::Tenant;
use serde_json::json;
use server::act::{self, Acted, Opening};
use server::app::App;
use server::problem::Problem;
use server::store::verify::verify;
use server::store::{By, slots};

use crate::database::{Database, on_each};
use crate::one_service::{self, TOWN};

const MINUTE: i64 = 60_000;

/// A town that offers rooms: for half an hour, and for good once the keeper has booked them.
struct Town {
    app: Arc<App>,
    tenant: Arc<Tenant>,
    _data: tempfile::TempDir,
}

impl Town {
    async fn open(database: &Database) -> Self {
        let (app, tenant, data) = one_service::open(database, "tests/rooms", "room").await;
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

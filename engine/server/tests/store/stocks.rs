//! Stocks of numbered things: each number is received once, held by one, and used by one case.

use std::sync::Arc;

use engine::base::Name;
use engine::case::{Actor, ActorKind, Command, Refusal, command};
use engine::stock::Range;
use engine::tenant::Tenant;
use serde_json::{Value as Json, json};
use server::act::{self, Acted, Opening};
use server::app::App;
use server::problem::Problem;
use server::store::stocks::{self, Account, Kind, NewMove, STORE, State};
use server::store::verify::verify;
use server::store::{By, events};

use crate::database::{Database, on_each};
use crate::one_service::{self, TOWN};

const PLATES: &str = "plates";

/// A town that gives out plates.
struct Town {
    app: Arc<App>,
    tenant: Arc<Tenant>,
    _data: tempfile::TempDir,
}

impl Town {
    async fn open(database: &Database) -> Self {
        let (app, tenant, data) = one_service::open(database, "tests/plates", "plate").await;
        Self { app, tenant, _data: data }
    }

    async fn act(&self, id: &str, actor: &Actor, command: &Command) -> Result<Acted, Problem> {
        act::act(&self.app, &self.tenant, id, actor, command, None).await
    }

    /// A case of somebody who asks for a plate.
    async fn asked(&self, person: &str) -> String {
        let loaded = self.app.library.now();
        let service = loaded.catalogue.service(TOWN, "plate").expect("the town gives out plates");
        let opening = Opening { applicant: person, language: "en", record: None, key: None };
        let case = act::open(&self.app, &self.tenant, service, opening).await.unwrap();
        let citizen = Actor { person: person.to_owned(), kind: ActorKind::Citizen, roles: Vec::new() };
        let save = Command::Save { page: Name::new("wish"), answers: json!({ "wanted": "A cart" }) };
        self.act(&case.id, &citizen, &save).await.unwrap();
        self.act(&case.id, &citizen, &taken("ask", command::no_answers())).await.unwrap();
        case.id
    }

    /// Gita gives a plate: the next, or the one that is named.
    async fn gives(&self, id: &str, named: &str) -> Result<String, Refusal> {
        let gita = Actor { person: "gita".to_owned(), kind: ActorKind::Employee, roles: vec![Name::new("giver")] };
        let answers = if named.is_empty() { command::no_answers() } else { json!({ "plate_number": named }) };
        match self.act(id, &gita, &taken("give", answers)).await {
            Ok(acted) => Ok(acted.case.answers.text("plate_number").unwrap().to_owned()),
            Err(Problem::Refused(refusal)) => Err(refusal),
            Err(problem) => panic!("{problem:?}"),
        }
    }

    /// Gita gives two plates at once; the spare one, if there was one, and the first.
    async fn gives_two(&self, id: &str, spare: &str, first: &str) -> Result<(Option<String>, String), Refusal> {
        let gita = Actor { person: "gita".to_owned(), kind: ActorKind::Employee, roles: vec![Name::new("giver")] };
        let named = [("spare_plate", spare), ("first_plate", first)].into_iter().filter(|(_, named)| !named.is_empty());
        let answers = named.map(|(question, named)| (question.to_owned(), json!(named))).collect();
        match self.act(id, &gita, &taken("give_two", Json::Object(answers))).await {
            Ok(acted) => {
                let given = |question: &str| acted.case.answers.text(question).map(str::to_owned);
                Ok((given("spare_plate"), given("first_plate").unwrap()))
            }
            Err(Problem::Refused(refusal)) => Err(refusal),
            Err(problem) => panic!("{problem:?}"),
        }
    }

    fn by<'a>(&self, person: &'a str) -> By<'a> {
        By { person, kind: ActorKind::Employee, at_ms: self.app.clock.now_ms() }
    }

    async fn receives(&self, range: &Range) -> bool {
        let mut tx = self.app.store.begin(TOWN).await.unwrap();
        let received = stocks::receive(&mut tx, self.by("kamal"), PLATES, range, "Order 7").await.unwrap();
        tx.commit().await.unwrap();
        received
    }

    /// A move; its number, if it was possible.
    async fn moves(&self, person: &str, new: NewMove<'_>) -> Option<i64> {
        let mut tx = self.app.store.begin(TOWN).await.unwrap();
        let moved = stocks::step(&mut tx, self.by(person), &new).await.unwrap();
        let seq = events::head(&mut tx).await.unwrap().seq;
        tx.commit().await.unwrap();
        moved.then_some(seq)
    }

    /// Hands numbers of the store to a person, who confirms that they came.
    async fn hands(&self, range: &Range, person: &str) {
        let sent = sent(range, Some(person));
        let of = self.moves("kamal", sent).await.expect("the store has them");
        self.moves(person, NewMove { kind: Kind::Taken, of: Some(of), ..sent }).await.expect("they are on their way");
    }

    async fn found(&self) -> Vec<server::store::verify::Finding> {
        let mut tx = self.app.store.read(TOWN).await.unwrap();
        verify(&mut tx, None).await.unwrap()
    }
}

fn taken(action: &str, answers: Json) -> Command {
    Command::Act {
        action: Name::new(action),
        comment: String::new(),
        answers,
        assignee: None,
        seen: None,
        flags: Vec::new(),
    }
}

fn range(first: &str, last: &str) -> Range {
    Range::parse(first, last).unwrap()
}

/// Out of the store.
fn sent<'a>(range: &'a Range, taker: Option<&'a str>) -> NewMove<'a> {
    NewMove { stock: PLATES, kind: Kind::Sent, range, holder: STORE, taker, of: None, reason: "" }
}

#[test]
fn of_two_cases_that_take_the_last_number_at_once_one_has_it() {
    on_each(|database| async move {
        let town = Town::open(&database).await;
        assert!(town.receives(&range("P-001", "P-005")).await);
        assert!(!town.receives(&range("P-005", "P-009")).await, "a number is received once");
        town.hands(&range("P-001", ""), "gita").await;
        let (one, other) = (town.asked("asha").await, town.asked("ravi").await);
        let (first, second) = tokio::join!(town.gives(&one, ""), town.gives(&other, ""));
        let (won, lost, late) = if first.is_ok() { (first, second, other) } else { (second, first, one) };
        assert_eq!(won.unwrap(), "P-001");
        assert_eq!(lost.unwrap_err(), Refusal::StockEmpty);
        assert_eq!(town.found().await, []);

        // What is on its way is nobody's to use.
        let rest = range("P-002", "P-004");
        let of = town.moves("kamal", sent(&rest, Some("gita"))).await.unwrap();
        assert_eq!(town.gives(&late, "P-003").await.unwrap_err(), Refusal::NotYours);
        let confirmed = NewMove { kind: Kind::Taken, of: Some(of), ..sent(&rest, Some("gita")) };
        town.moves("gita", confirmed).await.unwrap();
        assert_eq!(town.moves("gita", confirmed).await, None, "it is confirmed once");
        for (named, refusal) in [
            ("P-005", Refusal::NotYours),
            ("P-001", Refusal::NumberNotInStock),
            ("P-900", Refusal::NumberNotInStock),
            ("brass", Refusal::NumberNotInStock),
        ] {
            assert_eq!(town.gives(&late, named).await.unwrap_err(), refusal, "{named}");
        }
        assert_eq!(town.gives(&late, "P-3").await.unwrap(), "P-003", "as it is printed");
        let third = town.asked("meera").await;
        assert_eq!(town.gives(&third, "").await.unwrap(), "P-002");
        assert_eq!(town.found().await, []);
        town.app.store.clone().close().await;
    });
}

#[test]
fn an_action_uses_up_several_numbers_at_once_or_none() {
    on_each(|database| async move {
        let town = Town::open(&database).await;
        assert!(town.receives(&range("P-001", "P-005")).await);
        town.hands(&range("P-001", "P-003"), "gita").await;
        let (one, other, late) = (town.asked("asha").await, town.asked("ravi").await, town.asked("meera").await);
        // What is named is not given as the next, though it would be the next.
        let both = town.gives_two(&one, "", "P-1").await.unwrap();
        assert_eq!(both, (Some("P-002".to_owned()), "P-001".to_owned()));
        assert_eq!(town.found().await, []);

        // One number is not two; and of two that are not both there, none is used up.
        for (spare, refusal) in
            [("P-003", Refusal::NumberNotInStock), ("P-004", Refusal::NotYours), ("P-001", Refusal::NumberNotInStock)]
        {
            assert_eq!(town.gives_two(&other, spare, "P-3").await.unwrap_err(), refusal, "{spare}");
        }
        // Of too few, those come first without which it is not done.
        assert_eq!(town.gives_two(&other, "", "").await.unwrap(), (None, "P-003".to_owned()));
        assert_eq!(town.gives_two(&late, "", "").await.unwrap_err(), Refusal::StockEmpty);
        assert_eq!(town.found().await, []);
        let mut tx = town.app.store.read(TOWN).await.unwrap();
        let now = town.app.clock.now_ms();
        let accounts = stocks::accounts(&mut tx, PLATES, (now, now + 1)).await.unwrap();
        assert_eq!(accounts["gita"], Account { came: 3, used: 3, ..Account::default() });
        drop(tx);

        // An event vouches for all that it used up: who takes one of them away is found out, and who adds one too.
        for deed in [
            "update stock_moves set from_serial = 4, to_serial = 4 where from_serial = 2 and kind = 'used'",
            "update stock_moves set from_serial = 2, to_serial = 2 where from_serial = 4 and kind = 'used'",
            "delete from stock_moves where from_serial = 2 and kind = 'used'",
        ] {
            database.sql(deed).await;
            let told: Vec<&str> = town.found().await.iter().map(|one| one.check).collect();
            let is_whole = deed.contains("where from_serial = 4");
            assert_eq!(told.contains(&"rows") && told.contains(&"stocks"), !is_whole, "{deed}: {told:?}");
        }
        town.app.store.clone().close().await;
    });
}

#[test]
fn the_register_of_a_stock_adds_up_and_whoever_changes_it_is_found_out() {
    on_each(|database| async move {
        let town = Town::open(&database).await;
        let begun = town.app.clock.now_ms();
        assert!(town.receives(&range("P-001", "P-100")).await);
        town.hands(&range("P-011", "P-020"), "gita").await;
        town.app.clock.set(begun + 1_000);
        let case = town.asked("asha").await;
        town.gives(&case, "").await.unwrap();
        let spoiled = range("P-015", "P-016");
        let asks = NewMove { kind: Kind::Asked, holder: "gita", reason: "Bent", ..sent(&spoiled, None) };
        let of = town.moves("gita", asks).await.unwrap();
        assert_eq!(town.moves("gita", asks).await, None, "it is asked already");
        let agrees = NewMove { kind: Kind::WrittenOff, of: Some(of), reason: "", ..asks };
        town.moves("kamal", agrees).await.unwrap();

        let mut tx = town.app.store.read(TOWN).await.unwrap();
        let accounts = stocks::accounts(&mut tx, PLATES, (begun + 1_000, begun + 2_000)).await.unwrap();
        let gita = Account { opening: 10, came: 0, went: 0, used: 1, written_off: 2 };
        assert_eq!((accounts["gita"], accounts["gita"].closing()), (gita, 7));
        assert_eq!(accounts[STORE], Account { opening: 90, ..Account::default() });
        let accounts = stocks::accounts(&mut tx, PLATES, (begun, begun + 1_000)).await.unwrap();
        assert_eq!(accounts[STORE], Account { came: 100, went: 10, ..Account::default() });
        let runs = stocks::runs(&mut tx, PLATES, None, 100).await.unwrap();
        let told: Vec<(String, State, &str)> =
            runs.iter().map(|run| (run.range.to_string(), run.state, run.holder.as_str())).collect();
        let held = |range: &str, holder: &'static str| (range.to_owned(), State::Held, holder);
        assert_eq!(
            told,
            [
                held("P-001 – P-010", STORE),
                ("P-011".to_owned(), State::Used, "gita"),
                held("P-012 – P-014", "gita"),
                ("P-015 – P-016".to_owned(), State::WrittenOff, "gita"),
                held("P-017 – P-020", "gita"),
                held("P-021 – P-100", STORE),
            ]
        );
        let mine = stocks::runs(&mut tx, PLATES, Some("gita"), 100).await.unwrap();
        assert_eq!(mine.iter().map(|run| run.range.count()).sum::<i64>(), 7);
        drop(tx);
        assert_eq!(town.found().await, []);

        for (deed, table) in [
            ("update stock_numbers set state = 'held' where state = 'used'", "stock_numbers"),
            ("delete from stock_numbers where state = 'written_off'", "stock_numbers"),
            ("update stock_numbers set holder = 'friend' where serial = 50", "stock_numbers"),
            ("update stock_moves set reason = 'Stolen' where kind = 'asked'", "stock_moves"),
            ("update stock_moves set case_id = 'another' where kind = 'used'", "stock_moves"),
            ("delete from stock_moves where kind = 'taken'", "stock_moves"),
        ] {
            database.sql(deed).await;
            let found = town.found().await;
            assert!(found.iter().any(|one| one.table == table), "{deed}: {found:?}");
        }
        town.app.store.clone().close().await;
    });
}

#[test]
fn whoever_agrees_to_the_own_request_is_found_out() {
    on_each(|database| async move {
        let town = Town::open(&database).await;
        assert!(town.receives(&range("7", "9")).await);
        let bent = range("8", "");
        let asks = NewMove { kind: Kind::Asked, reason: "Bent", ..sent(&bent, None) };
        let of = town.moves("kamal", asks).await.unwrap();
        town.moves("kamal", NewMove { kind: Kind::WrittenOff, of: Some(of), ..asks }).await.unwrap();
        let found = town.found().await;
        let told: Vec<(&str, &str)> = found.iter().map(|one| (one.check, one.table)).collect();
        // Nobody was allowed to write it off, and it is written off all the same.
        assert_eq!(told, [("stocks", "stock_moves"), ("stocks", "stock_numbers")], "{found:?}");
        town.app.store.clone().close().await;
    });
}

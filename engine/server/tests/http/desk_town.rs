//! A town with a desk: staff in their posts, applicants, and cases on their way.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use connectors::message::MessageConfig;
use connectors::message::file::FileConfig;
use engine::base::date::parse_day;
use engine::base::{Moment, Name};
use engine::case::{Actor, ActorKind, Case, Command, command};
use engine::source::Bundle;
use serde_json::json;
use server::act::{self, Opening};
use server::app::{App, Given};
use server::auth::password;
use server::chance::{Chance, Clock};
use server::config::Config;
use server::http;
use server::library::read_folder;
use server::store::By;
use server::store::appointments::{self, Appointment};
use server::store::people::{self, Person};

use crate::browser::Browser;
use crate::town::{STATE, TOWN, Town};

/// Everybody's password.
pub(crate) const PASSWORD: &str = "quiet-river-42";

/// Login, name, service, role, place.
const STAFF: [(&str, &str, &str, &str, &str); 6] = [
    ("meera", "Meera Joshi", "kiosk", "clerk", ""),
    ("ravi", "Ravi Negi", "kiosk", "clerk", "W1"),
    ("inder", "Inder Rawat", "kiosk", "inspector", ""),
    ("omar", "Omar Khan", "kiosk", "officer", ""),
    ("olga", "Olga Bisht", "kiosk", "officer", ""),
    ("fatima", "Fatima Ali", "report", "foreman", ""),
];

/// The town on a Monday morning, 6 April 2026, with its staff at work.
pub(crate) async fn open() -> Town {
    open_with(|_| ()).await
}

/// The same, run in another way.
pub(crate) async fn open_with(change: impl FnOnce(&mut Config)) -> Town {
    open_of(change, |_| ()).await
}

/// The same, with other definitions.
pub(crate) async fn open_of(change: impl FnOnce(&mut Config), defined: impl FnOnce(&mut Bundle)) -> Town {
    let data = tempfile::tempdir().unwrap();
    let outbox = FileConfig { path: "outbox.jsonl".into() };
    let mut config = Config {
        data_dir: data.path().to_owned(),
        demo: true,
        // Nothing of it outlives the test, and nothing here is about what a disk keeps.
        filling: true,
        implementer: true,
        message: MessageConfig::File(outbox),
        ..Config::default()
    };
    change(&mut config);
    if config.database.is_none() {
        config.database = crate::nodes::wanted(data.path()).await;
    }
    let morning = Moment::at(parse_day("2026-04-06").unwrap(), 10 * 60, 330);
    let mut bundle = bundle();
    defined(&mut bundle);
    let given = Given { clock: Clock::at(morning.ms), chance: Chance::seeded(7), bundle: Some(bundle) };
    let app = App::open(config, given).await.unwrap();
    let wrong = app.library.now().diagnostics.clone();
    assert!(wrong.is_clean(), "the definitions of the tests are wrong: {wrong:#?}");
    let town = Town { router: http::router(&app), app, data };
    for (login, name, service, role, place) in STAFF {
        employ(&town, TOWN, (login, name), (service, role, place)).await;
    }
    employ(&town, "hilltop", ("nina", "Nina Pal"), ("kiosk", "officer", "")).await;
    town
}

fn bundle() -> Bundle {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shipped = read_folder(&here.join("../../definitions")).unwrap();
    let services: Vec<String> =
        shipped.paths().filter_map(|path| path.strip_suffix("/service.yaml").map(str::to_owned)).collect();
    let mut bundle = Bundle::default();
    for path in shipped.paths() {
        let of_service = services.iter().any(|folder| path.starts_with(&format!("{folder}/")));
        if !of_service && !path.starts_with("tenants/") {
            bundle.add(path, Arc::clone(shipped.bytes(path).unwrap()));
        }
    }
    for folder in ["tests/http/definitions", "tests/http/desk_definitions"] {
        let own = read_folder(&here.join(folder)).unwrap();
        for path in own.paths().filter(|path| !path.starts_with("stall-permit/")) {
            bundle.add(path, Arc::clone(own.bytes(path).unwrap()));
        }
    }
    bundle
}

/// The number of an employee: another for each way to sign in.
pub(crate) fn mobile_of(login: &str) -> String {
    format!("98100{:05}", login.bytes().fold(0, |sum, byte| (sum * 31 + u32::from(byte)) % 100_000))
}

/// Appoints somebody from the first of the month on.
pub(crate) async fn employ(town: &Town, tenant: &str, person: (&str, &str), post: (&str, &str, &str)) {
    employ_for(town, tenant, person, post, &[]).await;
}

/// The same for some departments only.
pub(crate) async fn employ_for(
    town: &Town,
    tenant: &str,
    (login, name): (&str, &str),
    (service, role, place): (&str, &str, &str),
    departments: &[&str],
) {
    static HASH: OnceLock<String> = OnceLock::new();
    let hash = HASH.get_or_init(|| password::hash(PASSWORD, &Chance::System).unwrap());
    let at_ms = town.app.clock.now_ms();
    let person = Person {
        id: login.to_owned(),
        kind: "employee".to_owned(),
        mobile: Some(mobile_of(login)),
        login: Some(login.to_owned()),
        name: name.to_owned(),
        email: None,
        password_hash: Some(hash.clone()),
        language: "en".to_owned(),
        disabled: false,
        at_ms,
    };
    let from = parse_day("2026-04-01").unwrap();
    let appointment = Appointment {
        person: login.to_owned(),
        service: service.to_owned(),
        role: Name::new(role),
        place: place.to_owned(),
        from,
        until: None,
        departments: departments.iter().map(|&code| code.to_owned()).collect(),
        most: None,
        held_for: None,
    };
    let mut tx = town.app.store.begin(tenant).await.unwrap();
    people::save(&mut tx, By::system(at_ms), &person).await.unwrap();
    appointments::save(&mut tx, By::system(at_ms), &appointment).await.unwrap();
    tx.commit().await.unwrap();
}

/// An employee's browser, signed in.
pub(crate) async fn staff<'a>(town: &'a Town, login: &str) -> Browser<'a> {
    staff_of(town, TOWN, login).await
}

/// The same in another town.
pub(crate) async fn staff_of<'a>(town: &'a Town, tenant: &str, login: &str) -> Browser<'a> {
    let mut browser = Browser::new(town);
    browser.get(&format!("/{tenant}/desk/sign-in")).await.expect(200, "Staff sign-in");
    browser.submit(&[("user", login), ("password", PASSWORD)]).await.expect(200, "My desk");
    browser
}

/// A citizen with this mobile number and name; gives the key.
pub(crate) async fn citizen(town: &Town, mobile: &str, name: &str) -> String {
    let at_ms = town.app.clock.now_ms();
    let person = Person {
        id: format!("citizen-{mobile}"),
        kind: "citizen".to_owned(),
        mobile: Some(mobile.to_owned()),
        login: None,
        name: name.to_owned(),
        email: None,
        password_hash: None,
        language: "en".to_owned(),
        disabled: false,
        at_ms,
    };
    let mut tx = town.app.store.begin(STATE).await.unwrap();
    people::save(&mut tx, By::system(at_ms), &person).await.unwrap();
    tx.commit().await.unwrap();
    person.id
}

/// What is known about a kiosk.
#[derive(Clone, Copy)]
pub(crate) struct Kiosk<'a> {
    pub(crate) mobile: &'a str,
    pub(crate) applicant: &'a str,
    pub(crate) name: &'a str,
    pub(crate) place: &'a str,
}

/// Asha's kiosk on the upper bank.
pub(crate) const ASHA: Kiosk<'static> =
    Kiosk { mobile: "9876543210", applicant: "Asha Rao", name: "Asha Snacks", place: "L1" };

/// An application for a kiosk, handed in; gives its key.
pub(crate) async fn applied(town: &Town, kiosk: Kiosk<'_>) -> String {
    applied_in(town, TOWN, kiosk).await
}

/// The same in another town.
pub(crate) async fn applied_in(town: &Town, tenant: &str, kiosk: Kiosk<'_>) -> String {
    let answers = json!({ "kiosk_name": kiosk.name, "owner": kiosk.applicant, "size": 4, "place": kiosk.place });
    handed_in(town, tenant, (kiosk.mobile, kiosk.applicant), "kiosk", &[("kiosk", answers)]).await
}

/// A report of Asha's that the foreman has.
pub(crate) async fn reported(town: &Town) -> String {
    let answers = json!({ "text": "The lamp is broken." });
    handed_in(town, TOWN, (ASHA.mobile, ASHA.applicant), "report", &[("problem", answers)]).await
}

/// An application of a service, page by page, handed in.
pub(crate) async fn handed_in(
    town: &Town,
    tenant: &str,
    (mobile, applicant): (&str, &str),
    service: &str,
    pages: &[(&str, serde_json::Value)],
) -> String {
    let id = citizen(town, mobile, applicant).await;
    let library = town.app.library.now();
    let tenant = library.tenant(tenant).unwrap();
    let service = library.catalogue.service(&tenant.id, service).unwrap();
    let opening = Opening { applicant: &id, language: "en", record: None, key: None };
    let case = act::open(&town.app, tenant, service, opening).await.unwrap();
    let actor = Actor { person: id, kind: ActorKind::Citizen, roles: Vec::new() };
    let save =
        |(page, answers): &(&str, serde_json::Value)| Command::Save { page: Name::new(page), answers: answers.clone() };
    for command in pages.iter().map(save).chain([acting("submit", "", command::no_answers())]) {
        act::act(&town.app, tenant, &case.id, &actor, &command, None).await.unwrap();
    }
    case.id
}

fn acting(action: &str, comment: &str, answers: serde_json::Value) -> Command {
    Command::Act {
        action: Name::new(action),
        comment: comment.to_owned(),
        answers,
        assignee: None,
        seen: None,
        flags: Vec::new(),
    }
}

/// An officer acts outside the pages, to bring a case where a test begins.
pub(crate) async fn step(
    town: &Town,
    case: &str,
    (person, role): (&str, &str),
    action: &str,
    answers: serde_json::Value,
) -> Case {
    let actor = Actor { person: person.to_owned(), kind: ActorKind::Employee, roles: vec![Name::new(role)] };
    act::act(&town.app, &town.tenant(), case, &actor, &acting(action, "Seen.", answers), None).await.unwrap().case
}

/// An application that waits for the officer's decision.
pub(crate) async fn to_be_decided(town: &Town, kiosk: Kiosk<'_>) -> String {
    let case = applied(town, kiosk).await;
    step(town, &case, ("meera", "clerk"), "forward", command::no_answers()).await;
    step(town, &case, ("inder", "inspector"), "visited", json!({ "measured": 6 })).await;
    case
}

/// An application whose fee of ₹1,150 is to be paid.
pub(crate) async fn to_be_paid(town: &Town, kiosk: Kiosk<'_>) -> String {
    let case = to_be_decided(town, kiosk).await;
    step(town, &case, ("omar", "officer"), "approve", command::no_answers()).await;
    case
}

/// The address of a case at the desk.
pub(crate) fn at(case: &str) -> String {
    format!("/{TOWN}/desk/cases/{case}")
}

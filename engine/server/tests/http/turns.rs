//! What falls due to the records of a register has a case each time, once and no more.

use engine::base::date::parse_day;
use engine::base::{Moment, Name};
use engine::case::{Actor, ActorKind, Case, Command, command};
use engine::source::Bundle;
use server::act;
use server::store::appointments::THE_TOWN;
use server::store::{cases, events, records, verify};
use server::turn::{self, Opened};
use server::work::upkeep;

use crate::desk_town::{employ, staff};
use crate::raise::permitted;
use crate::restart::change;
use crate::town::{TOWN, Town};

const SERVICE: &str = "stall-permit";
const REGISTRY: &str = "stall_permits";

/// The permit is for many years, and every stall is looked at each half year. Whoever needs nothing ends in `no_need`.
fn half_yearly(bundle: &mut Bundle) {
    let file = |name: &str| format!("{SERVICE}/{name}");
    change(bundle, &file("service.yaml"), "valid_until: financial_year_end", "valid_for: 10 years");
    change(
        bundle,
        &file("service.yaml"),
        "statute:",
        "opens: { cases: true, every: 6 months, for_each: stall_permits, ahead: 30 days, state: due }\nstatute:",
    );
    change(
        bundle,
        &file("workflow.yaml"),
        "  rejected:",
        "  due:\n    label: Inspection due\n    public: Your stall is to be looked at again.\n    waits_for: applicant\n    edit: applicant\n    actions:\n\
         \x20     fall_due: { once: due, to: due, notify: received, done: Inspection due }\n\
         \x20     send: { label: Send, by: applicant, to: checking, done: Sent }\n\
         \x20     not_needed: { label: Not needed, by: applicant, to: no_need, done: Not needed }\n\
         \x20 no_need: { label: Not needed, public: You need nothing., end: closed }\n  rejected:",
    );
    change(
        bundle,
        &file("locales/hi.yaml"),
        "  rejected: {",
        "  due: { label: निरीक्षण का समय, public: आपकी दुकान फिर देखी जाएगी। }\n  no_need: { label: आवश्यकता नहीं, public: आपको कुछ नहीं चाहिए। }\n  rejected: {",
    );
    change(bundle, &file("locales/hi.yaml"), "actions:\n", "actions:\n  send: भेजें\n  not_needed: आवश्यकता नहीं\n");
    change(
        bundle,
        &file("locales/hi.yaml"),
        "done: {",
        "done: { fall_due: निरीक्षण का समय आया, send: भेजा गया, not_needed: आवश्यकता नहीं,",
    );
}

/// A town in which three permits were granted on 6 April 2026, that are looked at again from 6 October on.
async fn three_permits() -> Town {
    let town = Town::open().await.again(half_yearly).await;
    for mobile in ["9876543210", "9876543211", "9876543212"] {
        permitted(&town, mobile).await;
    }
    town
}

fn set(town: &Town, day: &str, minute: i64) {
    town.app.clock.set(Moment::at(parse_day(day).unwrap(), minute, 330).ms);
}

async fn night(town: &Town) -> Opened {
    let library = town.app.library.now();
    let service = library.catalogue.service(TOWN, SERVICE).unwrap();
    turn::open(&town.app, &town.tenant(), service).await.unwrap()
}

/// The open case that came round on the first record of the register, and the number of that.
async fn first_due(town: &Town) -> (Case, String) {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let record = records::page(&mut tx, REGISTRY, "", 1).await.unwrap().remove(0);
    let about = cases::about_record(&mut tx, REGISTRY, &record.number).await.unwrap();
    drop(tx);
    let row = about.iter().find(|row| row.state == "due").unwrap();
    let case = town.case(&row.id).await;
    assert_eq!(case.applicant, record.holder);
    (case, record.number)
}

async fn not_needed(town: &Town, case: &Case) {
    let actor = Actor { person: case.applicant.clone(), kind: ActorKind::Citizen, roles: Vec::new() };
    let command = Command::Act {
        action: Name::new("not_needed"),
        comment: String::new(),
        answers: command::no_answers(),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    };
    act::act(&town.app, &town.tenant(), &case.id, &actor, &command, None).await.unwrap();
}

#[tokio::test]
async fn every_record_has_a_case_at_its_turn_and_no_second_one() {
    let town = three_permits().await;
    set(&town, "2026-09-05", 23 * 60 + 59);
    let early = night(&town).await;
    assert_eq!((early.seen, early.opened, early.not.len()), (3, 0, 0), "a month before the day, and not earlier");
    set(&town, "2026-09-06", 0);
    assert_eq!(upkeep::open_turns(&town.app).await.unwrap(), 3);
    assert_eq!(night(&town).await.opened, 0, "a night that is done once more opens nothing");

    let (case, number) = first_due(&town).await;
    assert!(case.number.is_some() && case.submitted_ms.is_none(), "it has a number, and nobody sent it yet");
    assert!(case.promised_ms.is_none(), "nothing is promised before it is sent");
    assert_eq!(case.answers.text("stall_name"), Some("Asha Snacks"), "what the register knows need not be said again");
    assert!(case.answers.get("declared").is_none(), "what is declared is declared each time");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let key = format!("turn/{SERVICE}/{REGISTRY}/{number}/2026-10-06");
    assert_eq!(events::by_key(&mut tx, &key).await.unwrap().unwrap().case, Some(case.id));
    assert!(verify::verify(&mut tx, None).await.unwrap().is_empty());
    drop(tx);
    town.work().await;
    let told = town.messages().into_iter().filter(|message| message.template == "stall-permit/received").count();
    assert_eq!(told, 6, "each was told of the application, and of the turn");
}

#[tokio::test]
async fn who_gave_up_is_asked_again_at_the_next_turn_and_who_has_a_case_open_is_not() {
    let town = three_permits().await;
    set(&town, "2026-09-06", 0);
    assert_eq!(night(&town).await.opened, 3);
    let (case, _) = first_due(&town).await;
    not_needed(&town, &case).await;
    assert_eq!(town.case(&case.id).await.state, *"no_need", "nothing has to be filled in for that");
    set(&town, "2026-12-31", 0);
    assert_eq!(night(&town).await.opened, 0, "the turn had its case");
    set(&town, "2027-03-06", 0);
    assert_eq!(night(&town).await.opened, 0);
    set(&town, "2027-03-07", 0);
    let next = night(&town).await;
    assert_eq!((next.opened, next.not.len()), (1, 0), "two cases are still open: {next:?}");
    assert_ne!(first_due(&town).await.0.id, case.id);
}

/// The same, after the state in which people end who need nothing was called otherwise.
fn called_otherwise(bundle: &mut Bundle) {
    half_yearly(bundle);
    for file in ["workflow.yaml", "locales/hi.yaml"] {
        change(bundle, &format!("{SERVICE}/{file}"), "no_need", "nothing_needed");
    }
}

#[tokio::test]
async fn a_case_that_ended_where_the_present_definition_knows_no_state_does_not_keep_others_from_coming() {
    let town = three_permits().await;
    set(&town, "2026-09-06", 0);
    night(&town).await;
    let (case, _) = first_due(&town).await;
    not_needed(&town, &case).await;
    let town = town.again(called_otherwise).await;
    set(&town, "2027-03-07", 0);
    assert_eq!(night(&town).await.opened, 1, "two cases are still open, and the third has ended as it began");
    assert_eq!(town.case(&case.id).await.state, *"no_need");
}

#[tokio::test]
async fn what_came_round_is_no_open_application_in_the_figures_before_it_is_sent() {
    let town = three_permits().await;
    set(&town, "2026-09-06", 0);
    assert_eq!(night(&town).await.opened, 3);
    employ(&town, TOWN, ("tara", "Tara Vaidya"), (THE_TOWN, "auditor", "")).await;
    let mut tara = staff(&town, "tara").await;
    // Three were decided, in one ward.
    tara.get(&format!("/{TOWN}/desk/figures.csv")).await.expect(200, ",0,0,3\r\n");
    let library = town.app.library.now();
    let service = library.catalogue.service(TOWN, SERVICE).unwrap();
    let undecided = ["due", "checking", "no_need"].map(|state| service.is_undecided(&Name::new(state)));
    assert_eq!(undecided, [false, true, false], "nor does it keep a record from what waits for other applications");
}

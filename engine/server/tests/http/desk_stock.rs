//! A stock of numbered things at the desk: received, handed over and confirmed, written off by two.

use std::path::Path;
use std::sync::Arc;

use engine::base::Name;
use engine::case::{Actor, ActorKind, Command, command};
use engine::source::Bundle;
use serde_json::json;
use server::act::{self, Opening};
use server::library;
use server::store::verify::verify;

use crate::browser::Browser;
use crate::desk_town::{employ, staff};
use crate::program_tokens::{call, kamla, token};
use crate::town::{TOWN, Town};

/// Adds the plates to what the towns offer.
pub(crate) fn with_plates(bundle: &mut Bundle) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let plates = library::read_folder(&here.join("tests/plates")).unwrap();
    for path in plates.paths() {
        bundle.add(path, Arc::clone(plates.bytes(path).unwrap()));
    }
    let state = "tenants/aland/tenant.yaml";
    let text = bundle.text(state).unwrap().replace("report, fair]", "report, fair, plate]");
    bundle.add(state, text.into_bytes());
}

fn at(path: &str) -> String {
    format!("/{TOWN}/desk/stocks/plates{path}")
}

/// Answers what waits on the page of the stock.
async fn answers(browser: &mut Browser<'_>, waits: &str, decision: &str) {
    browser.get(&at("")).await;
    browser.post(&at(""), &[("move", waits), ("decision", decision)]).await;
}

/// The number of the move that waits on the present page.
fn waits(browser: &Browser<'_>) -> String {
    let html = &browser.page.html;
    let (_, rest) = html.split_once("name=\"move\" value=\"").expect("something waits");
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn numbers_are_received_handed_over_confirmed_and_written_off_by_two() {
    let town = Town::defined(|_| (), with_plates).await;
    for (login, name, role) in
        [("kamal", "Kamal Rao", "keeper"), ("kiran", "Kiran Das", "keeper"), ("gita", "Gita Negi", "giver")]
    {
        employ(&town, TOWN, (login, name), ("plate", role, "")).await;
    }
    let (mut kamal, mut gita) = (staff(&town, "kamal").await, staff(&town, "gita").await);
    kamal.get(&at("")).await.expect(200, "You hold none of it.").expect(200, "Register");
    kamal.get(&at("/receive")).await.expect(200, "First number");
    kamal.submit(&[("first", "P-001"), ("last", "Q-010"), ("reason", "")]).await.expect(422, "They begin alike");
    kamal.submit(&[("first", "P-010"), ("last", "P-005"), ("reason", "")]).await.expect(422, "is before the first");
    kamal.submit(&[("first", "P-001"), ("last", "Q-010"), ("reason", "")]).await;
    kamal.page.expect(422, "Write it down in a few words.").expect(422, "Q-010");
    kamal.submit(&[("first", "P-001"), ("last", "P-010"), ("reason", "Order 7")]).await.expect(200, "P-001 – P-010");
    kamal.get(&at("/receive")).await;
    let again = [("first", "P-010"), ("last", "P-012"), ("reason", "Order 8")];
    kamal.submit(&again).await.expect(422, "One of these numbers was received before.");
    let later = [("first", "P-021"), ("last", "P-030"), ("reason", "Order 8")];
    kamal.submit(&later).await.expect(200, "P-011 – P-020").expect(200, "Never received");
    gita.get(&at("/receive")).await.expect(403, "This is for another post.");
    gita.get(&at("/hand-over")).await;
    let theirs = [("first", "P-001"), ("last", ""), ("to", "gita"), ("reason", "")];
    gita.submit(&theirs).await.expect(422, "You do not hold all of these numbers.");

    kamal.get(&at("/hand-over")).await.expect(200, "Gita Negi");
    kamal.submit(&[("first", "P-001"), ("last", "P-003"), ("to", "nobody"), ("reason", "")]).await;
    kamal.page.expect(422, "Choose to whom they go.");
    kamal.submit(&[("first", "P-001"), ("last", "P-003"), ("to", "gita"), ("reason", "")]).await;
    kamal.page.expect(200, "From The store to Gita Negi; sent by Kamal Rao");
    gita.get(&format!("/{TOWN}/desk")).await.expect(200, "Plates: something waits for you");
    gita.get(&at("")).await.expect(200, "It has come").expect(200, "You hold none of it.");
    let sent = waits(&gita);
    answers(&mut gita, &sent, "take").await;
    gita.page.expect(200, "P-001 – P-003");
    assert!(!gita.page.html.contains("Every number, in order"), "the register is for whoever keeps the stock");

    gita.get(&at("/write-off")).await.expect(200, "What has happened to it");
    gita.submit(&[("first", "P-003"), ("last", ""), ("reason", "Bent")])
        .await
        .expect(200, "asks that it be written off");
    let bent = waits_at(&mut kamal).await;
    answers(&mut gita, &bent, "agree").await;
    gita.page.expect(403, "This is for another post.");
    answers(&mut kamal, &bent, "agree").await;
    kamal.page.expect(200, "Written off");

    // What was typed stays where another number may do; who names none gives the next.
    let case = asked(&town).await;
    gita.get(&format!("/{TOWN}/desk/cases/{case}/act/give")).await.expect(200, "Number of the plate");
    gita.submit(&[("plate_number", "P-009")]).await.expect(422, "Somebody else holds this number");
    gita.page.expect(422, "value=\"P-009\"");
    gita.submit(&[("plate_number", "P-003")]).await.expect(422, "There is no such number in stock");
    gita.submit(&[("plate_number", "")]).await.expect(200, "PL/RVT/2026-27/000001");
    assert_eq!(town.case(&case).await.answers.text("plate_number"), Some("P-001"));

    // Whoever keeps the stock does not agree to what was asked by the same hand.
    kamal.get(&at("/write-off")).await;
    kamal.submit(&[("first", "P-010"), ("last", ""), ("reason", "Lost")]).await.expect(200, "Lost");
    let mut kiran = staff(&town, "kiran").await;
    let lost = waits_at(&mut kiran).await;
    answers(&mut kamal, &lost, "agree").await;
    kamal.page.expect(403, "You took an earlier step");
    answers(&mut kiran, &lost, "keep").await;
    kiran.page.expect(200, "P-004 – P-010");
    let page = kiran.get(&at("?from=01/04/2026&until=x")).await;
    page.expect(200, "Gita Negi").expect(200, "01/04/2026");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn az_15_a_program_moves_numbers_as_its_person_may_and_each_move_once() {
    let town = Town::defined(|_| (), with_plates).await;
    for (login, name, role) in [("mohan", "Mohan Rao", "keeper"), ("gita", "Gita Negi", "giver")] {
        employ(&town, TOWN, (login, name), ("plate", role, "")).await;
    }
    let mut kamla = kamla(&town).await;
    let keeps = token(&mut kamla, "mohan", &["read", "act"]).await;
    let gives = token(&mut kamla, "gita", &["read", "act"]).await;
    let reads = token(&mut kamla, "gita", &["read"]).await;
    let (here, moves) = ("/stocks/plates", "/stocks/plates/moves");
    let receive = json!({ "do": "receive", "first": "P-001", "last": "P-010", "reason": "Order 7" });
    assert_eq!(call(&town, &reads, moves, Some(&receive)).await.0, 403, "it is not for that");
    assert_eq!(call(&town, &gives, moves, Some(&receive)).await.0, 403, "nor is that for this post");
    let received = call(&town, &keeps, moves, Some(&receive)).await;
    assert_eq!((received.0, received.1["do"].as_str()), (201, Some("receive")), "{received:?}");
    assert_eq!(call(&town, &keeps, moves, Some(&receive)).await, received, "once");
    for (body, status) in [
        (json!({ "do": "receive", "first": "P-010", "last": "P-012", "reason": "Order 88" }), 400),
        (json!({ "do": "receive", "first": "P-011", "last": "Q-012", "reason": "Order 999" }), 400),
        (json!({ "do": "receive", "first": "P-011" }), 422),
        (json!({ "do": "hand_over", "first": "P-001", "to": "nobody" }), 400),
        (json!({ "do": "hand_over", "first": "P-099", "to": "gita" }), 409),
        (json!({ "do": "take", "move": 1 }), 409),
        (json!({ "do": "dance" }), 400),
        (json!({ "do": "receive", "first": 11 }), 400),
    ] {
        let (answered, told) = call(&town, &keeps, moves, Some(&body)).await;
        assert_eq!(answered, status, "{body}: {told}");
    }
    let hand = json!({ "do": "hand_over", "first": "P-001", "last": "P-003", "to": "gita" });
    let (status, sent) = call(&town, &keeps, moves, Some(&hand)).await;
    assert_eq!(status, 201, "{sent}");

    // Whoever does not keep the stock sees the own, and what waits.
    let (_, seen) = call(&town, &reads, here, None).await;
    assert_eq!(seen["waiting"][0]["may"], json!(["take", "return"]), "{seen}");
    assert!(seen.get("numbers").is_none() && seen.get("holders").is_none(), "{seen}");
    let take = json!({ "do": "take", "move": sent["move"] });
    assert_eq!(call(&town, &keeps, moves, Some(&take)).await.0, 403, "whom it was sent to confirms it");
    assert_eq!(call(&town, &gives, moves, Some(&take)).await.0, 201);
    let (_, seen) = call(&town, &reads, here, None).await;
    let run = |first: &str, last: &str, count: i64, holder: &str| json!({ "first": first, "last": last, "count": count, "state": "held", "holder": holder });
    assert_eq!(seen["mine"], json!([run("P-001", "P-003", 3, "gita")]));
    let (_, seen) = call(&town, &keeps, here, None).await;
    let holders = json!([
        { "holder": "store", "name": "The store", "holds": 7 },
        { "holder": "gita", "name": "Gita Negi", "holds": 3 },
    ]);
    assert_eq!(seen["holders"], holders);
    assert_eq!(seen["numbers"], json!([run("P-001", "P-003", 3, "gita"), run("P-004", "P-010", 7, "store")]));
    let (_, all) = call(&town, &keeps, "/stocks", None).await;
    let plates = json!({ "stock": "plates", "title": "Plates", "keeps": true, "writes_off": true });
    assert_eq!(all["stocks"], json!([plates]));
    assert_eq!(call(&town, &keeps, "/stocks/other", None).await.0, 404);
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(verify(&mut tx, None).await.unwrap(), []);
}

/// Somebody asks for a plate; the key of the case.
async fn asked(town: &Town) -> String {
    let (tenant, loaded) = (town.tenant(), town.app.library.now());
    let service = loaded.catalogue.service(TOWN, "plate").unwrap();
    let opening = Opening { applicant: "asha", language: "en", record: None, key: None };
    let case = act::open(&town.app, &tenant, service, opening).await.unwrap();
    let asha = Actor { person: "asha".to_owned(), kind: ActorKind::Citizen, roles: Vec::new() };
    let save = Command::Save { page: Name::new("wish"), answers: json!({ "wanted": "A cart" }) };
    let ask = Command::Act {
        action: Name::new("ask"),
        comment: String::new(),
        answers: command::no_answers(),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    };
    for command in [save, ask] {
        act::act(&town.app, &tenant, &case.id, &asha, &command, None).await.unwrap();
    }
    case.id
}

async fn waits_at(browser: &mut Browser<'_>) -> String {
    browser.get(&at("")).await;
    waits(browser)
}

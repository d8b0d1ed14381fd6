//! Whoever works for the town and applies there decides nothing about that: both are known by the mobile number.

use engine::base::Name;
use engine::case::{Actor, ActorKind, Command, Refusal, command};
use serde_json::json;
use server::act;
use server::problem::Problem;
use server::store::{By, people};

use crate::desk_town::{ASHA, applied, at, open, staff, step, to_be_paid};
use crate::program_tokens::{call, kamla, token};
use crate::town::{TOWN, Town};

const OWN: &str = "Nobody decides on their own application.";

/// Enters the mobile number of a citizen as that of somebody who works for the town.
async fn has_number(town: &Town, login: &str, mobile: &str) {
    let at_ms = town.app.clock.now_ms();
    let mut tx = town.app.store.begin(TOWN).await.unwrap();
    let mut person = people::find(&mut tx, login).await.unwrap().unwrap();
    person.mobile = Some(mobile.to_owned());
    people::save(&mut tx, By::system(at_ms), &person).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn az_08_nobody_decides_on_the_own_application() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    has_number(&town, "meera", ASHA.mobile).await;
    let forward = Command::Act {
        action: Name::new("forward"),
        comment: String::new(),
        answers: command::no_answers(),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    };
    let clerk = Actor { person: "meera".to_owned(), kind: ActorKind::Employee, roles: vec![Name::new("clerk")] };
    let refused = act::act(&town.app, &town.tenant(), &case, &clerk, &forward, None).await;
    assert!(matches!(refused, Err(Problem::Refused(Refusal::OwnCase))), "{refused:?}");

    // The pages say so before, and show her no more than others who have nothing to do with it.
    let mut meera = staff(&town, "meera").await;
    meera.get(&at(&case)).await.expect(200, OWN).expect(200, "A*** R**");
    meera.get(&format!("{}/act/forward", at(&case))).await.expect(403, OWN);
    meera.get(&format!("/{TOWN}/desk/inbox")).await;
    meera.post(&format!("/{TOWN}/desk/bulk"), &[("action", "act:forward"), ("case", &case)]).await.expect(200, OWN);
    // Nor does a program that works for her.
    let mut kamla = kamla(&town).await;
    let acts = token(&mut kamla, "meera", &["act"]).await;
    let asked = json!({ "action": "forward", "comment": "Complete." });
    let (status, told) = call(&town, &acts, &format!("/cases/{case}/act"), Some(&asked)).await;
    assert_eq!((status, &told["type"]), (403, &json!("urn:nagar:own_case")), "{told}");
    // It is not given to her either.
    let mut ravi = staff(&town, "ravi").await;
    let assign = format!("{}/assign", at(&case));
    ravi.get(&at(&case)).await;
    assert!(!ravi.page.html.contains("value=\"meera\""), "{}", ravi.page.text());
    ravi.post(&assign, &[("to", "meera")]).await.expect(422, "cannot take the next step");
    assert_eq!(town.case(&case).await.state, *"checking");
    step(&town, &case, ("ravi", "clerk"), "forward", command::no_answers()).await;
}

#[tokio::test]
async fn az_08_nobody_takes_or_gives_back_the_own_money() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    has_number(&town, "omar", ASHA.mobile).await;
    let (mut omar, mut olga) = (staff(&town, "omar").await, staff(&town, "olga").await);
    let collect = format!("{}/collect", at(&case));
    omar.get(&at(&case)).await;
    assert!(!omar.page.html.contains(&collect), "{}", omar.page.text());
    omar.get(&collect).await.expect(403, OWN);
    olga.get(&collect).await;
    olga.submit(&[("mode", "cash"), ("amount", "1150")]).await.expect(200, "KR/RVT/2026-27/");
    let receipt = olga.page.at.split('?').next().unwrap().to_owned();
    let cancel = format!("{receipt}/cancel");
    omar.get(&cancel).await.expect(403, OWN);
    olga.get(&cancel).await;
    let why = [("reason", "wrong_payer"), ("remark", "Wrong case.")];
    olga.submit(&why).await.expect(200, "Cancellation asked for");
    omar.get(&receipt).await.expect(200, "KR/RVT/2026-27/");
    omar.post(&cancel, &[("decision", "approve")]).await.expect(403, OWN);
    assert!(!town.case(&case).await.receipts[0].cancelled);
}

#[tokio::test]
async fn az_08_nobody_applies_at_the_counter_for_oneself() {
    let town = open().await;
    has_number(&town, "meera", ASHA.mobile).await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&format!("/{TOWN}/desk/services/kiosk/start")).await;
    let person = [("mobile", ASHA.mobile), ("name", ASHA.applicant), ("language", "en"), ("record", "")];
    meera.submit(&person).await.expect(403, OWN);
}

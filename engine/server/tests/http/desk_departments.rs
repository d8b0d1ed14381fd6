//! Where cases are the work of departments, they are given to those who work for them; and whoever does
//! not want to be known is known to few.

use engine::base::Name;
use engine::case::{Actor, ActorKind, Command};
use serde_json::json;

use crate::desk_town::{ASHA, Kiosk, applied, at, employ_for, open, staff};
use crate::town::{TOWN, Town};

const BRIJ: Kiosk<'static> = Kiosk { mobile: "9876500000", applicant: "Brij Lal", name: "Brij Toys", place: "L1" };

/// Inspectors of the food section and of the wares section, beside one who works for all.
async fn inspectors(town: &Town) {
    let post = ("kiosk", "inspector", "");
    employ_for(town, TOWN, ("farid", "Farid Food"), post, &["food"]).await;
    employ_for(town, TOWN, ("wanda", "Wanda Wares"), post, &["wares"]).await;
}

/// An application of somebody who sells `goods`, handed in.
async fn selling(town: &Town, kiosk: Kiosk<'static>, goods: &str) -> String {
    corrected(town, kiosk, ("goods", json!(goods))).await
}

/// An application, handed in and corrected with one more answer.
async fn corrected(town: &Town, kiosk: Kiosk<'static>, (question, answer): (&str, serde_json::Value)) -> String {
    let case = applied(town, kiosk).await;
    // It is sent back and corrected, because the first form says nothing of it.
    let clerk = Actor { person: "meera".into(), kind: ActorKind::Employee, roles: vec![Name::new("clerk")] };
    let applicant = Actor { person: town.case(&case).await.applicant, kind: ActorKind::Citizen, roles: Vec::new() };
    let answers = json!({
        "kiosk_name": kiosk.name, "owner": kiosk.applicant, "size": 4, "place": kiosk.place, question: answer,
    });
    let act = |action: &str| Command::Act {
        action: Name::new(action),
        comment: "What do you sell?".into(),
        answers: json!({}),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    };
    let save = Command::Save { page: Name::new("kiosk"), answers };
    for (actor, command) in [(&clerk, act("ask")), (&applicant, save), (&applicant, act("resubmit"))] {
        server::act::act(&town.app, &town.tenant(), &case, actor, &command, None).await.unwrap();
    }
    case
}

#[tokio::test]
async fn only_those_of_the_department_are_offered() {
    let town = open().await;
    inspectors(&town).await;
    let sweets = selling(&town, ASHA, "SWEETS").await;
    let mut meera = staff(&town, "meera").await;
    let page = meera.get(&format!("{}/act/forward", at(&sweets))).await.clone();
    page.expect(200, "Inder Rawat").expect(200, "Farid Food").expect(200, "It is the work of: Sweets section.");
    assert!(!page.html.contains("Wanda Wares"), "wares are not food");
    meera.submit(&[("assignee", "wanda")]).await.expect(422, "cannot take the next step");
    meera.submit(&[("assignee", "farid")]).await.expect(200, "With: Farid Food");
}

#[tokio::test]
async fn a_case_of_no_department_is_anybodys() {
    let town = open().await;
    inspectors(&town).await;
    let case = applied(&town, ASHA).await;
    let mut meera = staff(&town, "meera").await;
    let page = meera.get(&format!("{}/act/forward", at(&case))).await;
    page.expect(200, "Inder Rawat").expect(200, "Farid Food").expect(200, "Wanda Wares");
    assert!(!page.html.contains("It is the work of"));
}

#[tokio::test]
async fn several_are_given_to_somebody_who_works_for_all_of_them() {
    let town = open().await;
    inspectors(&town).await;
    let (tea, toys) = (selling(&town, ASHA, "TEA").await, selling(&town, BRIJ, "TOYS").await);
    let mut meera = staff(&town, "meera").await;
    for case in [&tea, &toys] {
        meera.get(&format!("{}/act/forward", at(case))).await;
        meera.submit(&[("assignee", "")]).await.expect(200, "To be visited");
    }
    let mut inder = staff(&town, "inder").await;
    inder.get(&format!("/{TOWN}/desk/inbox")).await;
    let both = format!("{tea},{toys}");
    let page = inder.post(&format!("/{TOWN}/desk/bulk"), &[("action", "assign"), ("cases", &both)]).await;
    page.expect(200, "Inder Rawat");
    assert!(!page.html.contains("Farid Food") && !page.html.contains("Wanda Wares"), "neither works for both");
    let mut farid = staff(&town, "farid").await;
    farid.get(&at(&toys)).await;
    farid.post(&format!("{}/assign", at(&toys)), &[("to", "farid")]).await.expect(422, "cannot take the next step");
    assert_eq!(town.case(&toys).await.assignee, None);
}

#[tokio::test]
async fn whoever_wants_not_to_be_known_is_known_to_the_office_alone() {
    let town = open().await;
    let case = corrected(&town, ASHA, ("unnamed", json!(true))).await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&at(&case)).await.expect(200, "Asha Rao");
    meera.get(&format!("{}/act/forward", at(&case))).await;
    meera.submit(&[("assignee", "inder")]).await.expect(200, "With: Inder Rawat");
    town.work().await;
    let mut inder = staff(&town, "inder").await;
    let tabs = ["form", "documents", "money", "inspection", "checks", "messages", "timeline", "audit"];
    let tabs = tabs.map(|tab| format!("?tab={tab}"));
    for path in tabs.iter().map(String::as_str).chain(["", "/act/visited"]) {
        let page = inder.get(&format!("{}{path}", at(&case))).await;
        assert!(page.status == 200 && !page.html.contains("Asha Rao"), "{path}: {}", page.text());
    }
    let page = inder.get(&at(&case)).await.clone();
    page.expect(200, "Name withheld");
    assert!(!page.html.contains("/unmask"), "there is nothing to be opened");
    inder.post(&format!("{}/unmask", at(&case)), &[("reason", "I want to know who it is")]).await.expect(403, "");
    // Whoever does not ask for it is known to those who have the case.
    let other = corrected(&town, BRIJ, ("unnamed", json!(false))).await;
    meera.get(&format!("{}/act/forward", at(&other))).await;
    meera.submit(&[("assignee", "inder")]).await.expect(200, "With: Inder Rawat");
    inder.get(&at(&other)).await.expect(200, "Brij Lal");
}

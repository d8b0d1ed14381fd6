//! The counter writes an application for whoever stands there: begun, left, taken up, sent; and whose
//! it is then.

use serde_json::json;
use server::store::{events, people};

use crate::browser::Browser;
use crate::desk_town::{ASHA, Kiosk, applied, at, citizen, open, staff};
use crate::town::{STATE, TOWN, Town};

pub(crate) const START: &str = "/riverton/desk/services/kiosk/start";
pub(crate) const PERSON: [(&str, &str); 4] =
    [("mobile", "98765 43210"), ("name", "Asha Rao"), ("language", "hi"), ("record", "")];
pub(crate) const ANSWERS: [(&str, &str); 4] =
    [("kiosk_name", "Asha Snacks"), ("owner", "Asha Rao"), ("size", "4"), ("place", "L1")];

/// A draft at the counter; gives its key.
async fn begun(browser: &mut Browser<'_>) -> String {
    browser.get(START).await.expect(200, "Mobile number of the applicant");
    browser.submit(&PERSON).await.expect(200, "Application of Asha Rao");
    browser.page.form_action().split('/').nth(4).unwrap().to_owned()
}

async fn history(town: &Town, case: &str) -> Vec<events::Event> {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    events::history(&mut tx, case).await.unwrap()
}

#[tokio::test]
async fn an_application_is_written_left_taken_up_and_sent() {
    let town = open().await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&format!("/{TOWN}/desk")).await.expect(200, "Apply for somebody at the counter");
    let case = begun(&mut meera).await;
    meera.page.expect(200, "Your kiosk").expect(200, "How many square metres?");
    meera.submit(&[("kiosk_name", "Asha Snacks"), ("size", "many"), ("_leave", "1")]).await.expect(200, "My desk");
    // Another clerk takes it up with every letter that was typed.
    let mut ravi = staff(&town, "ravi").await;
    ravi.get(&format!("/{TOWN}/desk")).await.expect(200, "Kiosk License, Asha Rao").expect(200, "Meera Joshi");
    let draft = ravi.page.link(&format!("{}/form", at(&case)));
    ravi.get(&draft).await.expect(200, "value=\"many\"");
    ravi.submit(&[("kiosk_name", "Asha Snacks"), ("size", "many"), ("owner", "Asha Rao"), ("place", "L1")])
        .await
        .expect(422, "write a whole number");
    ravi.submit(&ANSWERS)
        .await
        .expect(200, "What this leads to")
        .expect(200, "Being checked")
        .expect(200, "******3210");
    assert_eq!(town.case(&case).await.number, None, "nothing is sent before it is confirmed");
    ravi.submit(&[]).await.expect(422, "Confirm that the applicant agrees.");
    let form = ravi.page.clone();
    ravi.submit(&[("agreed", "yes")]).await.expect(200, "KIA/RVT/2026-27/000001").expect(200, "Being checked");
    ravi.page = form;
    ravi.submit(&[("agreed", "yes")]).await.expect(200, "KIA/RVT/2026-27/000001");

    let sent = town.case(&case).await;
    assert_eq!((sent.state.as_str(), sent.assignee.as_deref(), sent.language.as_str()), ("checking", None, "hi"));
    let all = history(&town, &case).await;
    let who: Vec<(&str, &str, &str)> = all
        .iter()
        .map(|event| (event.command["word"].as_str().unwrap(), event.actor_kind.as_str(), event.actor.as_str()))
        .collect();
    let entered = [("open", "counter", "meera"), ("fill", "counter", "ravi"), ("act", "counter", "ravi")];
    assert_eq!(who[..3], entered);
    // He was led to the case, and may act on it.
    assert_eq!(who[3..], [("look", "employee", "ravi")]);
    assert_eq!(all[2].outcome["role"], json!("clerk"), "in which post it was written");
    ravi.get(&format!("{}?tab=timeline", at(&case))).await.expect(200, "Ravi Negi, at the counter");
    ravi.get(&format!("/{TOWN}/desk")).await;
    assert!(!ravi.page.html.contains("Kiosk License, Asha Rao"), "it is no draft any more");
}

#[tokio::test]
async fn the_applicant_finds_it_under_the_mobile_number() {
    let town = open().await;
    let mut meera = staff(&town, "meera").await;
    let case = begun(&mut meera).await;
    meera.submit(&ANSWERS).await;
    meera.submit(&[("agreed", "yes")]).await;
    town.work().await;
    assert!(town.messages().iter().any(|message| message.to == "9876543210"), "the applicant is told");
    let mut tx = town.app.store.read(STATE).await.unwrap();
    let person = people::by_mobile(&mut tx, "9876543210").await.unwrap().unwrap();
    assert_eq!((person.name.as_str(), person.language.as_str()), ("Asha Rao", "hi"));
    drop(tx);
    let mut asha = Browser::new(&town);
    asha.sign_in("9876543210").await;
    asha.get(&format!("/{TOWN}/my")).await.expect(200, "KIA/RVT/2026-27/000001");
    asha.get(&format!("/{TOWN}/cases/{case}")).await.expect(200, "At the counter, for you");
}

#[tokio::test]
async fn a_name_that_is_known_is_not_changed_at_the_counter() {
    let town = open().await;
    citizen(&town, "9876543210", "Asha Devi Rao").await;
    let mut meera = staff(&town, "meera").await;
    meera.get(START).await;
    meera.submit(&PERSON).await.expect(200, "Application of Asha Devi Rao");
    meera.get(START).await;
    meera.submit(&[("mobile", "98"), ("name", ""), ("language", "xx")]).await.expect(422, "Choose a language.");
    meera
        .submit(&[("mobile", "9876500000"), ("name", ""), ("language", "en")])
        .await
        .expect(422, "Write the applicant");
}

#[tokio::test]
async fn hindi_has_every_word_of_it() {
    let town = open().await;
    let mut meera = staff(&town, "meera").await;
    let case = begun(&mut meera).await;
    meera.submit(&ANSWERS).await.expect(200, "What this leads to");
    meera.get(&format!("/{TOWN}/desk?lang=hi")).await.expect(200, "काउंटर पर किसी के लिए आवेदन करें");
    for page in [START.to_owned(), format!("{}/form", at(&case)), format!("{}/send", at(&case))] {
        let shown = meera.get(&page).await;
        assert!(shown.status == 200 && !shown.html.contains('⟦'), "{page}: {}", shown.text());
    }
}

#[tokio::test]
async fn only_those_whom_the_service_names_may_write() {
    let town = open().await;
    let mut omar = staff(&town, "omar").await;
    omar.get(START).await.expect(403, "This is for another post.");
    let mut fatima = staff(&town, "fatima").await;
    fatima.get(START).await.expect(404, "Page not found");
    let mut meera = staff(&town, "meera").await;
    let case = begun(&mut meera).await;
    for mut other in [omar, fatima] {
        other.get(&format!("{}/form", at(&case))).await.expect(404, "Page not found");
        other.get(&format!("{}/send", at(&case))).await.expect(404, "Page not found");
        other.get(&format!("/{TOWN}/desk")).await;
        assert!(!other.page.html.contains("Apply for somebody"));
    }
    // What a citizen writes alone is nobody else's, and what was sent is not written any more.
    let library = town.app.library.now();
    let service = library.catalogue.service(TOWN, "kiosk").unwrap();
    let id = citizen(&town, "9876543219", "Own Draft").await;
    let opening = server::act::Opening { applicant: &id, language: "en", record: None, key: None };
    let own = server::act::open(&town.app, &town.tenant(), service, opening).await.unwrap();
    meera.get(&format!("{}/form", at(&own.id))).await.expect(404, "Page not found");
    let other = Kiosk { mobile: "9876543218", ..ASHA };
    let sent = applied(&town, other).await;
    meera.get(&format!("{}/form", at(&sent))).await.expect(200, "KIA/RVT/2026-27/000001");
    assert_eq!(town.case(&sent).await.version, 2);
}

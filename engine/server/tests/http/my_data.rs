//! Everything that is kept about a person, for that person.

use serde_json::Value as Json;
use server::http::limits;
use server::store::carry::{self, TABLES};

use crate::browser::Browser;
use crate::desk_town::{ASHA, at, open, staff, to_be_decided};
use crate::town::{STATE, TOWN, Town};

/// Tables that say nothing of a person that another does not say, though her key or that of a case stands in them:
/// what cases are found by, the town's books, and what is yet to be done.
const MADE_OF_OTHERS: [&str; 8] =
    ["index_terms", "record_terms", "record_links", "vouchers", "lines", "jobs", "idempotency", "seal_keys"];

/// Asks for everything, and gives the code.
async fn opened(browser: &mut Browser<'_>) {
    browser.get(&format!("/{TOWN}/my/account")).await.expect(200, "See everything that is kept about me");
    browser.get(&format!("/{TOWN}/my/data")).await.expect(200, "a code to ******3210");
    browser.submit(&[]).await.expect(200, "name=\"code\"");
    let code = browser.town.code(ASHA.mobile);
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    browser.submit(&[("code", &wrong)]).await.expect(422, "This is not the code");
    browser.submit(&[("code", &code)]).await.expect(200, "What is kept about me");
}

async fn file(browser: &mut Browser<'_>) -> Json {
    let page = browser.get(&format!("/{TOWN}/my/data/file")).await;
    assert_eq!(page.headers["content-type"], "application/json");
    assert!(page.headers["content-disposition"].starts_with("attachment"));
    serde_json::from_slice(&page.bytes).unwrap()
}

/// Holds what was told of a tenant to every row of every table in which the person or the case is named.
async fn hold(town: &Town, tenant: &str, told: &Json, keys: &[&str]) {
    let mut tx = town.app.store.read_all().await.unwrap();
    carry::turn_to(&mut tx, tenant).await.unwrap();
    for table in TABLES.iter().filter(|table| !MADE_OF_OTHERS.contains(&table.name)) {
        let mut named = 0;
        let look = |line: &str| {
            named += usize::from(keys.iter().any(|key| line.contains(key)));
            Ok(())
        };
        carry::rows(&mut tx, table, look).await.unwrap();
        let rows = told[table.name].as_array().map_or(0, Vec::len);
        assert_eq!(rows, named, "{tenant}: {}", table.name);
    }
}

#[tokio::test]
async fn priv_06_a_person_is_told_all_that_is_kept_and_who_looked() {
    let town = open().await;
    let case = to_be_decided(&town, ASHA).await;
    town.work().await;
    let mut meera = staff(&town, "meera").await;
    let form = format!("{}?tab=form", at(&case));
    meera.get(&form).await;
    let action = format!("{}/unmask?tab=form", at(&case));
    meera.post(&action, &[("reason", "A neighbour complains.")]).await.expect(200, "Asha Rao");
    // It is the officer's to decide.
    staff(&town, "omar").await.get(&form).await.expect(200, "Asha Rao");
    let mut browser = Browser::new(&town);
    browser.sign_in(ASHA.mobile).await.expect(200, "My applications");
    town.wait_ms(31_000);
    opened(&mut browser).await;
    for words in [
        "Asha Rao",
        ASHA.mobile,
        "KIA/RVT/2026-27/000001",
        "Asha Snacks",
        "Messages to you",
        "Who looked at what is personal, and why",
        "Meera Joshi",
        "A neighbour complains.",
        "A reason had been given",
        "Omar Khan",
        "The next step could be taken by this person",
    ] {
        browser.page.expect(200, words);
    }
    let told = file(&mut browser).await;
    let person = told["person"].as_str().unwrap().to_owned();
    hold(&town, TOWN, &told["towns"][TOWN], &[&person, &case]).await;
    hold(&town, STATE, &told["state"]["rows"], &[&person]).await;
    let events = told["towns"][TOWN]["events"].as_array().unwrap();
    let looks = events.iter().filter(|event| event["command"]["word"] == "look");
    let purposes: Vec<&Json> = looks.map(|event| &event["command"]["facts"]["purpose"]).collect();
    assert_eq!(purposes, ["said_why", "can_act"]);
    assert_eq!(told["state"]["rows"]["people"][0]["mobile"], ASHA.mobile);
    assert!(told["state"]["rows"]["people"][0].get("password_hash").is_none());
    assert_eq!(told["towns"].as_object().unwrap().len(), 1, "other towns know nothing of her");
}

#[tokio::test]
async fn priv_06_what_officers_write_for_each_other_is_left_out() {
    let town = open().await;
    let case = to_be_decided(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}?tab=timeline", at(&case))).await;
    omar.post(&format!("{}/note", at(&case)), &[("text", "Ask the neighbour first."), ("audience", "inside")])
        .await
        .expect(200, "Done.");
    let mut browser = Browser::new(&town);
    browser.sign_in(ASHA.mobile).await;
    town.wait_ms(31_000);
    opened(&mut browser).await;
    assert!(!browser.page.html.contains("Ask the neighbour first."));
    let told = file(&mut browser).await;
    assert!(!told.to_string().contains("Ask the neighbour first."));
    // The page of the inspector is not for the applicant.
    let kept = &told["towns"][TOWN]["cases"][0]["body"]["answers"];
    assert_eq!((&kept["kiosk_name"], &kept["measured"]), (&Json::from("Asha Snacks"), &Json::from("withheld")));
}

#[tokio::test]
async fn priv_06_a_session_alone_opens_nothing_and_a_code_only_for_a_while() {
    let town = open().await;
    to_be_decided(&town, ASHA).await;
    let mut browser = Browser::new(&town);
    browser.sign_in(ASHA.mobile).await;
    town.wait_ms(31_000);
    for path in ["read", "file"] {
        browser.get(&format!("/{TOWN}/my/data/{path}")).await.expect(200, "we first send a code");
    }
    opened(&mut browser).await;
    // Somebody else who signs in with the same browser reads nothing of hers.
    town.wait_ms(limits::CODE_MS + 1);
    browser.get(&format!("/{TOWN}/my/data/read")).await.expect(200, "we first send a code");
    let mut other = Browser::new(&town);
    other.sign_in("9876543211").await;
    other.get(&format!("/{TOWN}/my/data/file")).await.expect(200, "we first send a code");
}

#[tokio::test]
async fn priv_06_the_pages_have_every_word_in_hindi() {
    let town = open().await;
    to_be_decided(&town, ASHA).await;
    let mut browser = Browser::new(&town);
    browser.sign_in(ASHA.mobile).await;
    town.wait_ms(31_000);
    opened(&mut browser).await;
    for path in ["/my/account", "/my/data/read"] {
        let page = browser.get(&format!("/{TOWN}{path}?lang=hi")).await;
        assert!(page.status == 200 && !page.html.contains('⟦'), "{path}: {}", page.text());
    }
}

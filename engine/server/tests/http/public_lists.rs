//! Public lists of records: what is shown to anybody, found by what is shown, and gone with the last day.

use axum::body::Body;
use axum::http::Request;
use engine::source::Bundle;
use serde_json::Value as Json;

use crate::browser::Browser;
use crate::raise::permitted;
use crate::town::Town;

const LIST: &str = "/riverton/registers/stall_permits";
const RECORD: &str = "/riverton/registers/stall_permits/SP%2FRVT%2F2026-27%2F000001";

fn public(bundle: &mut Bundle) {
    let mut change = |path: &str, from: &str, to: &str| {
        let text = String::from_utf8(bundle.bytes(path).unwrap().to_vec()).unwrap();
        assert!(text.contains(from), "{path} has {from}");
        bundle.add(path, text.replacen(from, to, 1).into_bytes());
    };
    let list = "    document: permit\n    public: { title: Stalls of the town, heading: stall_name, shows: [kind, place], front: 2 }\n";
    change("stall-permit/service.yaml", "    document: permit\n", list);
    let words = "grants: { permit: दुकान अनुमति }\npublic: { permit: नगर की दुकानें }\n";
    change("stall-permit/locales/hi.yaml", "grants: { permit: दुकान अनुमति }\n", words);
}

async fn with_permit() -> Town {
    let town = Town::defined(|_| (), public).await;
    permitted(&town, "9876543210").await;
    town.work().await;
    town
}

#[tokio::test]
async fn anybody_reads_what_the_service_shows_and_nothing_of_a_person() {
    let town = with_permit().await;
    let mut browser = Browser::new(&town);
    let front = browser.get("/riverton").await;
    front.expect(200, "Stalls of the town").expect(200, "Asha Snacks").expect(200, "until 31/03/2027");
    let list = front.link(LIST);
    let page = browser.get(&list).await;
    page.expect(200, "Asha Snacks").expect(200, "SP/RVT/2026-27/000001").expect(200, "Food");
    assert!(!page.html.contains("Asha Rao") && !page.html.contains("id.pdf"), "{}", page.text());
    let page = browser.get(RECORD).await;
    page.expect(200, "Asha Snacks").expect(200, "from 06/04/2026 until 31/03/2027");
    assert!(!page.html.contains("Asha Rao") && !page.html.contains("A***"), "{}", page.text());
    browser.get(&format!("{LIST}?lang=hi")).await.expect(200, "नगर की दुकानें");
    browser.get("/riverton/sitemap?lang=en").await.expect(200, LIST);
    browser.get("/riverton/registers/nothing").await.expect(404, "Page not found");
    browser.get("/hilltop/registers/stall_permits").await.expect(200, "There is nothing to show.");
}

#[tokio::test]
async fn priv_08_nobody_is_found_in_a_public_list_by_what_it_does_not_show() {
    let town = with_permit().await;
    let mut browser = Browser::new(&town);
    for found in ["asha", "snacks", "sp/rvt"] {
        browser.get(&format!("{LIST}?q={found}")).await.expect(200, "Asha Snacks");
    }
    for hidden in ["rao", "asha+rao", "9876543210"] {
        browser.get(&format!("{LIST}?q={hidden}")).await.expect(200, "There is nothing to show.");
    }
    browser.get(&format!("{LIST}?q={}", "x".repeat(101))).await.expect(400, "");
    browser.get(LIST).await;
    let page = browser.post(LIST, &[("q", "asha")]).await;
    page.expect(200, "Asha Snacks").expect(200, "value=\"asha\"");
    assert!(page.at.starts_with(&format!("{LIST}?q=s.")), "{}", page.at);
}

#[tokio::test]
async fn programs_read_the_same_list() {
    let town = with_permit().await;
    let mut program = Browser::new(&town);
    let page = program.send(Request::get("/api/riverton/registers/stall_permits/public"), Body::empty()).await;
    let told: Json = serde_json::from_str(&page.html).unwrap();
    assert_eq!((told["total"].as_i64(), told["of"].as_i64()), (Some(1), Some(1)), "{told}");
    let record = &told["records"][0];
    assert_eq!((record["heading"].as_str(), record["valid_until"].as_str()), (Some("Asha Snacks"), Some("2027-03-31")));
    assert_eq!(record["shows"]["What do you sell?"], "Food");
    let page = program.send(Request::get("/api/riverton/registers/fairs/public"), Body::empty()).await;
    assert_eq!(page.status, 404);
    for page in ["two", "0", "-1", "1.5", ""] {
        let at = format!("/api/riverton/registers/stall_permits/public?page={page}");
        assert_eq!(program.send(Request::get(at), Body::empty()).await.status, 400, "{page}");
    }
}

#[tokio::test]
async fn what_is_over_is_shown_no_more() {
    let town = with_permit().await;
    town.wait_ms(400 * 86_400_000);
    let mut browser = Browser::new(&town);
    let front = browser.get("/riverton").await;
    assert!(!front.html.contains("Asha Snacks"), "{}", front.text());
    browser.get(LIST).await.expect(200, "There is nothing to show.");
    browser.get(RECORD).await.expect(404, "Page not found");
}

#[tokio::test]
async fn a_register_without_public_is_nobodys_to_read() {
    let town = Town::open().await;
    permitted(&town, "9876543210").await;
    let mut browser = Browser::new(&town);
    browser.get(LIST).await.expect(404, "Page not found");
    browser.get(RECORD).await.expect(404, "Page not found");
}

//! Public lists of records: what is shown to anybody, found by what is shown, and gone with the last day.

use axum::body::Body;
use axum::http::{Request, header};
use engine::source::Bundle;
use serde_json::{Value as Json, json};
use server::http::limits;

use crate::browser::{Browser, Page};
use crate::raise::permitted;
use crate::town::Town;

const LIST: &str = "/riverton/registers/stall_permits";
const RECORD: &str = "/riverton/registers/stall_permits/SP%2FRVT%2F2026-27%2F000001";

const API: &str = "/api/riverton/registers/stall_permits/public";

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

fn told(page: &Page) -> (u16, Json) {
    (page.status, serde_json::from_str(&page.html).unwrap_or_else(|_| panic!("no JSON: {}", page.html)))
}

/// What a program is told at an address.
async fn listed(town: &Town, at: &str) -> (u16, Json) {
    told(&Browser::new(town).send(Request::get(at), Body::empty()).await)
}

/// What a program is told that sends a search there.
async fn searched(town: &Town, at: &str, body: &Json) -> (u16, Json) {
    let request = Request::post(at).header(header::CONTENT_TYPE, "application/json");
    told(&Browser::new(town).send(request, Body::from(body.to_string())).await)
}

#[tokio::test]
async fn priv_01_programs_send_what_they_search_for_and_put_it_into_no_address() {
    let town = with_permit().await;
    for found in ["asha", " snacks ", "sp/rvt"] {
        let (status, told) = searched(&town, API, &json!({ "q": found })).await;
        assert_eq!((status, told["total"].as_i64(), &told["next"]), (200, Some(1), &Json::Null), "{found}: {told}");
        assert_eq!(told["records"], listed(&town, API).await.1["records"], "the same answer");
    }
    for hidden in ["rao", "asha rao", "9876543210"] {
        let (status, told) = searched(&town, API, &json!({ "q": hidden })).await;
        assert_eq!((status, told["total"].as_i64()), (200, Some(0)), "{hidden}: {told}");
    }
    for body in [json!({}), json!({ "q": " " }), json!({ "q": 5 }), json!({ "q": "asha", "text": "x" })] {
        let (status, told) = searched(&town, API, &body).await;
        assert_eq!((status, told["type"].as_str()), (400, Some("urn:nagar:bad_request")), "{body}: {told}");
    }
    assert_eq!(searched(&town, API, &json!({ "q": "x".repeat(101) })).await.0, 400);
    assert_eq!(searched(&town, "/api/riverton/registers/fairs/public", &json!({ "q": "asha" })).await.0, 404);

    let refused = [
        listed(&town, &format!("{API}?q=9876543210")).await,
        listed(&town, &format!("{API}?q=")).await,
        listed(&town, &format!("{API}?search=9876543210")).await,
        searched(&town, &format!("{API}?q=9876543210"), &json!({ "q": "asha" })).await,
    ];
    for (status, told) in refused {
        assert_eq!((status, told["type"].as_str()), (400, Some("urn:nagar:search_in_address")), "{told}");
        assert!(told["detail"].as_str().unwrap().contains("with POST, as `q` in a JSON object"), "{told}");
        assert!(!told.to_string().contains("9876543210"), "{told}");
    }
    let hindi = Request::get(format!("{API}?q=asha")).header("accept-language", "hi");
    let (_, told) = told(&Browser::new(&town).send(hindi, Body::empty()).await);
    assert!(told["detail"].as_str().unwrap().contains("JSON में `q` के रूप में भेजें"), "{told}");
}

#[tokio::test]
async fn priv_01_further_pages_of_a_search_of_programs_have_its_words_sealed() {
    let town = Town::defined(|_| (), public).await;
    for n in 0..26 {
        permitted(&town, &format!("98760000{n:02}")).await;
        // Nobody is sent so many codes at once.
        town.wait_ms(600_000);
    }
    let base = town.app.config.base_url.clone();
    let next = |told: &Json| told["next"].as_str().and_then(|next| next.strip_prefix(&base)).unwrap().to_owned();
    let count = |told: &Json| told["records"].as_array().unwrap().len();
    let (_, all) = listed(&town, API).await;
    assert_eq!((count(&all), next(&all)), (25, format!("{API}?page=2")));

    let (_, first) = searched(&town, API, &json!({ "q": "asha" })).await;
    assert_eq!((count(&first), first["total"].as_i64(), first["of"].as_i64()), (25, Some(26), Some(2)), "{first}");
    let at = next(&first);
    assert!(at.starts_with(&format!("{API}?search=s.")) && !at.to_lowercase().contains("asha"), "{at}");
    let (status, last) = listed(&town, &at).await;
    assert_eq!((status, count(&last), last["page"].as_i64(), &last["next"]), (200, 1, Some(2), &Json::Null), "{last}");
    let other = &last["records"][0]["number"];
    assert!(first["records"].as_array().unwrap().iter().all(|one| one["number"] != *other), "{other} is there twice");
    assert_eq!(searched(&town, &format!("{API}?page=2"), &json!({ "q": "asha" })).await.1["records"], last["records"]);

    // The words open in their own town, as they were sealed, and are not guessed at otherwise.
    let cut = at.replace("&page=2", "");
    for lost in [at.replace("/riverton/", "/hilltop/"), cut[..cut.len() - 4].to_owned()] {
        let (status, told) = listed(&town, &lost).await;
        assert_eq!((status, told["type"].as_str()), (400, Some("urn:nagar:bad_request")), "{lost}: {told}");
    }
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

#[tokio::test]
async fn ops_03_nobody_copies_a_public_list_by_searching_without_end() {
    let town = with_permit().await;
    let mut browser = Browser::new(&town);
    let (most, window_ms) = limits::REGISTERS;
    for at in 0..most {
        // A page, a further page, and a program count alike.
        let status = match at % 3 {
            0 => browser.get(&format!("{LIST}?q=asha")).await.expect(200, "Asha Snacks").status,
            1 => browser.get(&format!("{LIST}?page=2")).await.expect(200, "Stalls of the town").status,
            _ => searched(&town, API, &json!({ "q": "asha" })).await.0,
        };
        assert_eq!(status, 200);
    }
    browser.get(&format!("{LIST}?q=asha")).await.expect(429, "Too many attempts");
    let (status, told) = searched(&town, API, &json!({ "q": "asha" })).await;
    assert_eq!((status, told["type"].as_str()), (429, Some("urn:nagar:too_many")), "{told}");
    assert_eq!(listed(&town, &format!("{API}?page=2")).await.0, 429);
    // What is open to everybody is read without a search.
    browser.get(LIST).await.expect(200, "Asha Snacks");
    assert_eq!(listed(&town, API).await.0, 200);
    town.wait_ms(window_ms + 1);
    browser.get(&format!("{LIST}?q=asha")).await.expect(200, "Asha Snacks");
}

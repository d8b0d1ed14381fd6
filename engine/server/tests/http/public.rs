//! Pages for everybody, and the headers that every answer carries.

use axum::body::Body;
use axum::http::Request;

use crate::browser::Browser;
use crate::town::Town;

#[tokio::test]
async fn towns_are_chosen_and_searched() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.get("/").await.expect(200, "Riverton").expect(200, "Hilltop");
    let found = browser.get("/?q=hill").await;
    found.expect(200, "Hilltop");
    assert!(!found.html.contains("/riverton"));
    browser.get("/?lang=hi").await.expect(200, "रिवरटन");
    browser.get("/riverton").await.expect(200, "दुकान अनुमति").expect(200, "lang=\"hi\"");
    browser.get("/").await.expect(200, "href=\"/riverton\"");
}

#[tokio::test]
async fn a_start_page_says_what_to_know() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let page = browser.get("/riverton/services/stall-permit").await;
    for words in [
        "Stall Permit",
        "₹1,100.00",
        "Resolution 7 of the market board",
        "Proof of identity",
        "15 working days",
        "Market officer",
        "Town clerk",
        "1 Quay Street",
    ] {
        page.expect(200, words);
    }
    browser.get("/riverton/services/report").await.expect(200, "There is no fee.");
    browser.get("/riverton/services/nothing").await.expect(404, "Page not found");
    browser.get("/nowhere").await.expect(404, "Page not found");
}

#[tokio::test]
async fn anybody_can_work_out_a_fee() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let link = browser.get("/riverton/services/stall-permit").await.link("/riverton/services/stall-permit/fee");
    let page = browser.get(&link).await;
    page.expect(200, "What do you sell?").expect(200, "How many square metres?");
    assert!(!page.html.contains("What is the stall called?"), "only what the fee depends on is asked");
    browser
        .get(&format!("{link}?go=1&size=many"))
        .await
        .expect(422, "write a whole number")
        .expect(422, "value=\"many\"");
    let page = browser.get(&format!("{link}?go=1&kind=food&size=4")).await;
    page.expect(200, "₹1,100.00").expect(200, "Resolution 7 of the market board").expect(200, "in force since");
    let hindi = browser.get(&format!("{link}?go=1&kind=food&size=4&lang=hi")).await;
    hindi.expect(200, "₹1,100.00").expect(200, "lang=\"hi\"");
    browser.get("/riverton/services/report/fee").await.expect(404, "");
}

#[tokio::test]
async fn the_footer_says_what_is_in_force() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let page = browser.get("/riverton/help").await.clone();
    page.expect(200, "Last updated on 01/04/2025.").expect(200, concat!("Version ", env!("CARGO_PKG_VERSION"), " ("));
}

#[tokio::test]
async fn standing_pages_are_there_in_both_languages() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    for page in ["help", "accessibility", "privacy", "terms", "contact", "verify", "sign-in"] {
        let english = browser.get(&format!("/riverton/{page}")).await.clone();
        english.expect(200, "lang=\"en\"");
        let hindi = browser.get(&format!("/riverton/{page}?lang=hi")).await.clone();
        hindi.expect(200, "lang=\"hi\"");
        assert!(!english.html.contains('⟦') && !hindi.html.contains('⟦'), "{page} lacks words");
        browser.get("/riverton?lang=en").await;
    }
}

#[tokio::test]
async fn every_answer_carries_its_headers() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    for at in [
        "/",
        "/riverton",
        "/nothing/here",
        "/assets/app.css",
        "/assets/riverton.css",
        "/api/riverton/services",
        "/live",
        "/riverton/verify/x",
    ] {
        let page = browser.send(Request::get(at), Body::empty()).await;
        for (name, part) in [
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'"),
            ("content-security-policy", "frame-ancestors 'none'"),
            ("content-security-policy", "base-uri 'none'"),
            ("referrer-policy", "same-origin"),
            ("permissions-policy", "camera=(self)"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert!(
                page.headers.get(name).is_some_and(|value| value.contains(part)),
                "{at}: {name}: {:?}",
                page.headers.get(name)
            );
        }
        assert!(!page.headers["content-security-policy"].contains("unsafe"));
        let kept = if at.starts_with("/assets") { "public, max-age=31536000, immutable" } else { "no-store" };
        assert_eq!(page.headers["cache-control"], kept, "{at}");
    }
}

#[tokio::test]
async fn transport_security_is_said_over_https_alone() {
    let plain = Town::open().await;
    assert!(!Browser::new(&plain).get("/").await.headers.contains_key("strict-transport-security"));
    let safe = Town::with(|config| config.base_url = "https://town.example".to_owned()).await;
    assert!(Browser::new(&safe).get("/").await.headers.contains_key("strict-transport-security"));
}

#[tokio::test]
async fn the_host_that_a_request_claims_alters_no_link() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let request = Request::get("/api/riverton/services")
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example");
    let page = browser.send(request, Body::empty()).await;
    assert!(page.html.contains("http://localhost:8080/api/riverton/") && !page.html.contains("evil"));
}

#[tokio::test]
async fn codes_that_are_invented_verify_nothing_and_are_counted() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.get("/riverton/verify?code=ABCD-1234").await.expect(404, "No document has this code");
    for _ in 0..19 {
        browser.get("/riverton/verify/1.00000000.AAAA.AAAA").await.expect(404, "No document has this code");
    }
    let page = browser.get("/riverton/verify/abcd").await;
    page.expect(429, "Too many attempts");
    assert_eq!(page.headers["retry-after"], "60");
    town.wait_ms(61_000);
    browser.get("/riverton/verify/abcd").await.expect(404, "No document has this code");
}

#[tokio::test]
async fn the_server_says_that_it_is_well() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.get("/live").await.expect(200, "live");
    browser.get("/ready").await.expect(200, "ready");
}

//! Pages for everybody, and the headers that every answer carries.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use engine::source::Bundle;
use futures_util::future::join_all;
use server::http::{limits, trying};

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
async fn a_service_is_found_by_words_that_people_say_for_it() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    // In whichever language: गड्ढा on the English page.
    for query in ["pothole", "Street+report", "%E0%A4%97%E0%A4%A1%E0%A5%8D%E0%A4%A2%E0%A4%BE"] {
        let found = browser.get(&format!("/riverton?q={query}")).await;
        found.expect(200, "/riverton/services/report");
        assert!(!found.html.contains("/riverton/services/stall-permit"), "{query}");
    }
    let none = browser.get("/riverton?q=wedding").await;
    assert!(!none.html.contains("/riverton/services/report"));
}

#[tokio::test]
async fn a_town_announces_on_its_front_page_and_leads_to_what_most_people_want() {
    let announce = |bundle: &mut Bundle| {
        let path = "tenants/aland/riverton/tenant.yaml";
        let mut text = String::from_utf8(bundle.bytes(path).unwrap().to_vec()).unwrap();
        text.push_str(concat!(
            "announcements:\n",
            "  - { text: { en: The bridge is closed., hi: पुल बंद है। }, from: \"2026-04-06\", until: \"2026-04-07\" }\n",
            "  - { text: { en: Not yet., hi: अभी नहीं। }, from: \"2026-04-07\" }\n",
            "  - { text: { en: No longer., hi: अब नहीं। }, until: \"2026-04-05\" }\n",
        ));
        bundle.add(path, text.into_bytes());
    };
    let town = Town::defined(|_| (), announce).await;
    let mut browser = Browser::new(&town);
    let page = browser.get("/riverton").await;
    page.expect(200, "The bridge is closed.").expect(200, "Follow an application").expect(200, "Verify a document");
    assert!(!page.html.contains("Not yet.") && !page.html.contains("No longer."), "{}", page.text());
    assert!(!browser.get("/hilltop").await.html.contains("The bridge"), "another town");
    town.wait_ms(86_400_000);
    browser.get("/riverton?lang=hi").await.expect(200, "पुल बंद है।").expect(200, "अभी नहीं।");
}

#[tokio::test]
async fn pages_above_the_towns_have_an_emblem_and_a_foot() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.get("/").await.expect(200, "role=\"img\" aria-label=\"Emblem of Aland\"");
    for page in ["help", "accessibility", "privacy", "terms", "sitemap"] {
        let link = browser.get("/").await.link(&format!("/{page}"));
        browser.get(&link).await.expect(200, "Aland").expect(200, "class=\"back\" href=\"/\"");
    }
    browser.page.expect(200, "All pages").expect(200, "href=\"/riverton\"").expect(200, "href=\"/help\"");
    let sitemap = browser.get("/riverton").await.link("/riverton/sitemap");
    let page = browser.get(&sitemap).await;
    for at in ["/riverton/services/stall-permit", "/riverton/my", "/riverton/verify", "/riverton/contact"] {
        page.expect(200, &format!("href=\"{at}\""));
    }
    browser.get("/sitemap?lang=hi").await.expect(200, "सभी पृष्ठ").expect(200, "रिवरटन");
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
        "For example, for these answers:",
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
async fn a_slash_at_the_end_leads_to_the_page_without_it() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    for (at, to) in [
        ("/riverton/", "/riverton"),
        ("/riverton/services/stall-permit/", "/riverton/services/stall-permit"),
        ("/riverton/services/stall-permit/fee/?size=4&lang=hi", "/riverton/services/stall-permit/fee?size=4&lang=hi"),
    ] {
        let page = browser.send(Request::get(at), Body::empty()).await;
        assert_eq!((page.status, page.headers.get("location").map(String::as_str)), (301, Some(to)), "{at}");
    }
    for at in ["//elsewhere.example/", "/riverton//", "/%5Celsewhere.example//", "/riverton/services//"] {
        let page = browser.send(Request::get(at), Body::empty()).await;
        assert_eq!((page.status, page.headers.get("location").map(String::as_str)), (404, None), "{at}");
    }
    let posted = browser.send(Request::post("/riverton/sign-out/"), Body::empty()).await;
    assert_eq!(
        (posted.status, posted.headers.get("location").map(String::as_str)),
        (404, None),
        "only what is read is led on"
    );
}

#[tokio::test]
async fn nothing_is_english_in_why_an_amount_is_what_it_is() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let link = "/riverton/services/stall-permit";
    let page = browser.get(&format!("{link}?lang=hi")).await;
    page.expect(200, "बाज़ार समिति का संकल्प 7").expect(200, "उदाहरण के लिए, इन उत्तरों पर");
    let page = browser.get(&format!("{link}/fee?go=1&kind=food&size=4")).await;
    page.expect(200, "₹1,100.00").expect(200, "बाज़ार समिति का संकल्प 7");
    let why = page.html.split("<ol class=\"steps\">").nth(1).and_then(|rest| rest.split("</ol>").next()).unwrap();
    let words: String = why.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect();
    assert!(!words.contains(|letter: char| letter.is_ascii_alphabetic()), "{words}");
}

#[tokio::test]
async fn def_14_rules_that_are_tried_out_take_turns_and_hold_nobody_up() {
    let town = Town::open().await;
    let at = "/riverton/services/stall-permit/fee?go=1&kind=food&size=4";
    let mut turns = Vec::new();
    for _ in 0..limits::TRIED {
        turns.push(trying::turn().await);
    }
    let (mut tries, mut others) = (Browser::new(&town), Browser::new(&town));
    {
        let waiting = tries.get(at);
        tokio::pin!(waiting);
        let soon = Duration::from_millis(500);
        assert!(tokio::time::timeout(soon, &mut waiting).await.is_err(), "everybody's turn is taken");
        others.get("/riverton").await.expect(200, "Services");
        // Who only looks at the questions runs no rule.
        others.get("/riverton/services/stall-permit/fee").await.expect(200, "name=\"size\"");
        drop(turns);
        waiting.await.expect(200, "₹1,100.00");
    }
    // Twenty at once are answered one after the other, and somebody else meanwhile.
    let mut many: Vec<Browser<'_>> = (0..20).map(|_| Browser::new(&town)).collect();
    let answers = join_all(many.iter_mut().map(|browser| browser.get(at)));
    let (pages, page) = tokio::join!(answers, others.get("/riverton"));
    page.expect(200, "Services");
    assert!(pages.iter().all(|page| page.status == 200 && page.html.contains("₹1,100.00")));
}

#[tokio::test]
async fn what_was_typed_stays_where_a_form_is_sent_in_the_address() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.get("/riverton/services/stall-permit/fee").await.expect(200, "name=\"_lang\"");
    let page = browser.get("/riverton/services/stall-permit/fee?size=many&seen=&_lang=hi").await;
    page.expect(200, "lang=\"hi\"").expect(200, "value=\"many\"");
    browser.get("/riverton/verify").await.expect(200, "name=\"_lang\"");
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
    let page = browser.get(&format!("{link}?go=1&kind=cloth&size=50")).await;
    page.expect(200, "No cloth stall is larger than 49 square metres.");
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
async fn ses_07_every_answer_carries_its_headers() {
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
async fn ses_07_transport_security_is_said_over_https_alone() {
    let plain = Town::open().await;
    assert!(!Browser::new(&plain).get("/").await.headers.contains_key("strict-transport-security"));
    let safe = Town::with(|config| config.base_url = "https://town.example".to_owned()).await;
    assert!(Browser::new(&safe).get("/").await.headers.contains_key("strict-transport-security"));
}

#[tokio::test]
async fn ses_08_the_host_that_a_request_claims_alters_no_link() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let request = Request::get("/api/riverton/services")
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example");
    let page = browser.send(request, Body::empty()).await;
    assert!(page.html.contains("http://localhost:8080/api/riverton/") && !page.html.contains("evil"));
}

#[tokio::test]
async fn a_code_that_is_none_is_said_beside_the_box() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let page = browser.get("/riverton/verify").await;
    assert!(page.status == 200 && !page.html.contains("class=\"error\""));
    browser.get("/riverton/verify?code=+").await.expect(422, "Write the code that is printed on the paper.");
    let page = browser.get(&format!("/riverton/verify?code={}", "a".repeat(2_000))).await.clone();
    page.expect(422, "This is longer than any code.").expect(422, "<title>Error:").expect(422, "value=\"aaaa");
}

#[tokio::test]
async fn a_town_s_style_has_an_address_that_changes_with_it() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let style = browser.get("/riverton").await.link("/assets/riverton.css");
    let (_, tag) = style.split_once("?v=").unwrap_or_else(|| panic!("{style} has no tag"));
    let page = browser.get(&style).await;
    assert!(page.status == 200 && page.html.contains("--accent"));
    let plain = browser.get("/").await.link("/assets/app.css");
    assert!(!plain.ends_with(tag), "{plain} and {style} change each with its own content");
    // Another colour, another address.
    let mut bundle = town.app.library.now().bundle.clone();
    let path = "tenants/aland/tenant.yaml";
    let text = bundle.text(path).unwrap().replace("#1d5f8a", "#7a1f1f");
    bundle.add(path, text.into_bytes());
    town.app.library.swap(bundle, 0);
    let fresh = browser.get("/riverton").await.link("/assets/riverton.css");
    assert_ne!(fresh, style);
}

#[tokio::test]
async fn pay_14_codes_that_are_invented_verify_nothing_and_are_counted() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.get("/riverton/verify?code=ABCD-1234").await.expect(404, "No document has this code");
    for _ in 0..19 {
        browser.get("/riverton/verify/1.00000000.AAAA.AAAA").await.expect(404, "No document has this code");
    }
    let page = browser.get("/riverton/verify/abcd").await;
    page.expect(429, "Too many attempts");
    assert_eq!(page.headers["retry-after"], "61", "a window ends with its last second");
    town.wait_ms(40_000);
    let page = browser.get("/riverton/verify/abcd").await;
    assert_eq!(page.headers["retry-after"], "21", "what is left is what is said");
    town.wait_ms(21_000);
    browser.get("/riverton/verify/abcd").await.expect(404, "No document has this code");
}

#[tokio::test]
async fn the_server_says_that_it_is_well() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.get("/live").await.expect(200, "live");
    browser.get("/ready").await.expect(200, "ready");
}

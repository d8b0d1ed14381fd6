//! The citizens' charter: made from the definitions, for people and for programs.

use engine::source::Bundle;
use serde_json::Value as Json;

use crate::browser::Browser;
use crate::town::Town;

#[tokio::test]
async fn the_charter_says_of_each_service_what_the_start_page_says() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let link = browser.get("/riverton").await.link("/riverton/charter");
    let page = browser.get(&link).await;
    for words in ["Citizens’ charter", "15 working days", "For example ₹1,100.00", "Market officer", "Town clerk"] {
        page.expect(200, words);
    }
    page.expect(200, "There is no fee.").expect(200, "As on 06/04/2026");
    let row = page.link("/riverton/charter/stall-permit");
    let page = browser.get(&row).await;
    for words in [
        "Whoever sells on the market.",
        "Proof of identity",
        "Stall permit: until the end of the financial year",
        "₹1,100.00",
        "Resolution 7 of the market board",
        "Market Act",
        "On these pages",
        "1 Quay Street",
    ] {
        page.expect(200, words);
    }
    browser.get("/riverton/charter/nothing").await.expect(404, "Page not found");
    browser.get("/riverton/charter?lang=hi").await.expect(200, "नागरिक अधिकार पत्र").expect(200, "बाज़ार अधिकारी");
    browser.get("/riverton/charter/stall-permit?lang=hi").await.expect(200, "वित्तीय वर्ष के अंत तक");
}

#[tokio::test]
async fn programs_read_the_same_rows() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let page = program.get("/api/riverton/charter?lang=en").await;
    let charter: Json = serde_json::from_str(&page.html).unwrap();
    assert_eq!(charter["day"], "2026-04-06");
    let rows = charter["services"].as_array().unwrap();
    let of = |service: &str| rows.iter().find(|row| row["service"] == service).unwrap();
    let stall = of("stall-permit");
    assert_eq!(stall["fee"]["total"], "₹1,100.00", "{stall}");
    assert_eq!(stall["within"], "15 working days");
    assert_eq!((stall["free"].as_bool(), of("report")["free"].as_bool()), (Some(false), Some(true)));
    assert_eq!(stall["definition"].as_str().map(str::len), Some(64));
}

#[tokio::test]
async fn a_service_of_the_office_itself_stands_in_no_charter() {
    let inner = |bundle: &mut Bundle| {
        let path = "report/service.yaml";
        let mut text = String::from_utf8(bundle.bytes(path).unwrap().to_vec()).unwrap();
        text.push_str("charter: false\n");
        bundle.add(path, text.into_bytes());
    };
    let town = Town::defined(|_| (), inner).await;
    let mut browser = Browser::new(&town);
    let page = browser.get("/riverton/charter").await;
    page.expect(200, "/riverton/charter/stall-permit");
    assert!(!page.html.contains("/riverton/charter/report"));
    browser.get("/riverton/charter/report").await.expect(404, "Page not found");
    browser.get("/riverton/services/report").await.expect(200, "There is no fee.");
}

//! Pages for those who write definitions.

use std::sync::Arc;

use engine::source::Bundle;

use crate::browser::Browser;
use crate::desk_town::open;
use crate::restart::change;
use crate::town::{TOWN, Town};

#[tokio::test]
async fn services_are_listed_drawn_and_previewed() {
    let town = open().await;
    let mut browser = Browser::new(&town);
    browser
        .get("/dev")
        .await
        .expect(200, "Riverton Town Council")
        .expect(200, "/dev/hilltop/kiosk")
        .expect(200, "No errors");
    let page = browser.get("/dev/riverton/kiosk").await;
    page.expect(200, "<svg")
        .expect(200, "demand: raise")
        .expect(200, "kiosk/workflow.yaml")
        .expect(200, "Shared")
        .expect(200, "3 working days");
    browser.get("/dev/riverton/kiosk/form").await.expect(200, "What is the kiosk called?");
    browser.get("/dev/riverton/kiosk/form?as=inspector").await.expect(200, "Measured square metres");
    browser.get("/dev/riverton/kiosk/form?lang=hi").await.expect(200, "कियोस्क का नाम क्या है?");
    browser.get("/dev/riverton/nothing").await.expect(404, "");
    for page in ["/dev", "/dev/problems", "/dev/reference", "/dev/riverton/kiosk"] {
        assert!(!browser.get(page).await.html.contains('⟦'), "{page}");
    }
    browser
        .get("/dev/reference")
        .await
        .expect(200, "percent(amount, rate)")
        .expect(200, "{{demand.total}}")
        .expect(200, "unknown-state");
}

#[tokio::test]
async fn what_sets_an_action_off_is_shown_as_it_is_written() {
    let in_a_day = |bundle: &mut Bundle| change(bundle, "stall-permit/workflow.yaml", "after: 30 days", "after: 1 day");
    let town = Town::defined(|_| (), in_a_day).await;
    let mut browser = Browser::new(&town);
    browser.get(&format!("/dev/{TOWN}/stall-permit")).await.expect(200, "after: 1 day →").expect(200, "once: paid →");
}

#[tokio::test]
async fn what_is_wrong_is_shown_where_it_stands() {
    let town = open().await;
    let mut browser = Browser::new(&town);
    browser.get("/dev/problems").await.expect(200, "No errors");
    assert!(!browser.page.html.contains("data-refresh"), "nothing is read again by itself here");
    let before = town.app.library.now();
    let mut bundle = Bundle::default();
    for path in before.bundle.paths() {
        let bytes = before.bundle.bytes(path).unwrap();
        if &**path == "kiosk/workflow.yaml" {
            let text =
                String::from_utf8(bytes.to_vec()).unwrap().replacen("to: checking, notify", "to: checkin, notify", 1);
            bundle.add(path, text.into_bytes());
        } else {
            bundle.add(path, Arc::clone(bytes));
        }
    }
    town.app.library.watched();
    town.app.library.swap(bundle, town.app.clock.now_ms());
    let page = browser.get("/dev/problems").await;
    page.expect(200, "unknown-state")
        .expect(200, "kiosk/workflow.yaml:8:")
        .expect(200, "checkin")
        .expect(200, "did you mean");
    page.expect(200, "data-refresh=");
    browser.get("/dev").await.expect(200, "Not served: errors").expect(200, "read again by themselves");
    // The page of what is not served tells why, and every page says that something is wrong.
    for page in ["/dev/riverton/kiosk", "/dev/riverton/kiosk/form"] {
        browser.get(page).await.expect(200, "unknown-state").expect(200, "Diagnostics: kiosk");
    }
    browser.get("/dev/riverton/report").await.expect(200, "<svg");
    let said = format!("Problems in the definitions: {}", town.app.library.now().diagnostics.0.len());
    browser.get("/riverton").await.expect(200, &said);
    assert!(!browser.get("/dev/problems").await.html.contains(&said), "it is not said above the problems themselves");
    // A folder that cannot be read is shown too, until it can be read again.
    town.app.library.swap(before.bundle.clone(), 1);
    assert!(!browser.get("/riverton").await.html.contains("Problems in the definitions"));
    town.app.library.cannot_read("reading definitions/kiosk: permission denied");
    browser.get("/dev/problems").await.expect(200, "reading definitions/kiosk: permission denied");
    browser.get("/riverton").await.expect(200, "Problems in the definitions: 1");
    town.app.library.swap(before.bundle.clone(), 2);
    browser.get("/dev/problems").await.expect(200, "No errors");
}

#[tokio::test]
async fn the_form_is_tried_as_it_will_be_asked() {
    let town = crate::town::Town::open().await;
    let mut browser = Browser::new(&town);
    let page = browser.get("/dev/riverton/stall-permit/form").await.clone();
    page.expect(200, "name=\"owners.0.name\"").expect(200, "name=\"owners.0.proof\"");
    let page = browser
        .post(
            "/dev/riverton/stall-permit/form?page=stall",
            &[("stall_name", "A"), ("kind", "cloth"), ("size", "many"), ("place", "L1")],
        )
        .await;
    page.expect(422, "value=\"many\"").expect(422, "write a whole number").expect(422, "<title>Error:");
    let typed: Vec<(&str, &str)> = crate::apply::STALL.to_vec();
    browser.post("/dev/riverton/stall-permit/form?page=stall", &typed).await.expect(200, "This would be accepted");
    browser.get("/dev/riverton/stall-permit/form?phone=yes").await.expect(200, "preview phone");
    let mut tx = town.app.store.read("riverton").await.unwrap();
    assert_eq!(server::store::events::head(&mut tx).await.unwrap().seq, 0, "nothing is kept");
}

/// With fifty services in a hundred towns a page of each town's services is one of ten thousand links.
#[tokio::test]
async fn a_service_is_listed_once_for_all_towns_that_run_it_alike() {
    let town = open().await;
    let mut browser = Browser::new(&town);
    let page = browser.get("/dev").await;
    assert_eq!(page.html.matches("<span class=\"code\">kiosk</span>").count(), 1, "{}", page.html);
    let page = browser.get("/dev?service=kiosk").await;
    page.expect(200, "/dev/hilltop/kiosk").expect(200, "All services");
    assert!(!page.html.contains("/dev/hilltop/report"), "{}", page.html);
    browser.get("/dev?service=nothing").await.expect(200, "/dev/hilltop/report");
}

//! Pages for those who write definitions.

use std::sync::Arc;

use engine::source::Bundle;

use crate::browser::Browser;
use crate::desk_town::open;

#[tokio::test]
async fn services_are_listed_drawn_and_previewed() {
    let town = open().await;
    let mut browser = Browser::new(&town);
    browser
        .get("/dev")
        .await
        .expect(200, "Riverton Town Council")
        .expect(200, "/dev/riverton/kiosk")
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
async fn what_is_wrong_is_shown_where_it_stands() {
    let town = open().await;
    let mut browser = Browser::new(&town);
    browser.get("/dev/problems").await.expect(200, "No errors");
    assert!(!browser.page.html.contains("http-equiv"), "nothing is read again by itself here");
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
    page.expect(200, "http-equiv=\"refresh\"");
    browser.get("/dev").await.expect(200, "Not served: errors").expect(200, "read again by themselves");
}

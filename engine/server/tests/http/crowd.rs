//! More comes than a node can work at.

use axum::body::Body;
use axum::http::{Request, header};
use server::http::crowd::Place;
use server::http::limits;

use crate::browser::Browser;
use crate::gateway;
use crate::town::{TOWN, Town};

/// So many requests as the node works at, all of them in hand.
fn full(town: &Town, first: bool) -> Vec<Place> {
    std::iter::from_fn(|| town.app.crowd.enter(first)).collect()
}

#[tokio::test]
async fn r_23_what_is_too_much_is_told_to_come_again_and_money_comes_first() {
    let paying = gateway::open().await;
    let (mut citizen, case) = paying.approved().await;
    let mut browser = Browser::new(&paying.town);
    let mut at_work = full(&paying.town, false);
    assert_eq!(at_work.len(), limits::AT_WORK);

    let home = format!("/{TOWN}");
    browser.get(&home).await.expect(503, "Closed for a short while");
    assert_eq!(browser.page.headers["retry-after"], "30");
    browser.get(&format!("/api{home}/services")).await.expect(503, "unavailable");
    citizen.get(&format!("{home}/cases/{case}/pay")).await.expect(200, "₹1,100.00");
    let hook = Request::post(format!("/hooks{home}/payments/demo")).header(header::CONTENT_TYPE, "application/json");
    let heard = browser.send(hook, Body::from("{}")).await;
    assert_ne!(heard.status, 503, "{}", heard.html);

    // Places that are kept are not without end either.
    let kept = full(&paying.town, true);
    assert_eq!(kept.len(), limits::AT_WORK_FIRST);
    citizen.get(&format!("{home}/cases/{case}/pay")).await.expect(503, "Closed for a short while");
    browser.get("/live").await.expect(200, "live");
    browser.get("/ready").await.expect(200, "ready");
    drop(kept);

    // Whoever was answered makes room at once.
    drop(at_work.pop());
    for _ in 0..3 {
        browser.get(&home).await.expect(200, "");
    }
    assert_eq!(full(&paying.town, false).len(), 1, "what was answered holds no place");
}

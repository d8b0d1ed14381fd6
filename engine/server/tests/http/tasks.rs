//! A long form as a list of tasks, done in any order.

use crate::api::little_room;
use crate::browser::Browser;
use crate::town::{TOWN, Town};

/// How the tasks stand, in the order of the page.
fn stand(page: &crate::browser::Page) -> Vec<String> {
    let known = ["Completed", "Incomplete", "Cannot start yet"];
    let state = |line: &str| known.into_iter().find(|state| line.ends_with(state)).map(str::to_owned);
    page.text().lines().filter_map(state).collect()
}

#[tokio::test]
async fn the_parts_of_a_long_form_are_done_in_any_order() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.sign_in("9876543210").await;
    browser.get(&format!("/{TOWN}/services/fair")).await.expect(200, "Start now");
    let page = browser.submit(&[]).await.clone();
    page.expect(200, "You have completed 0 of 3 parts.");
    assert_eq!(stand(&page), ["Incomplete", "Incomplete", "Cannot start yet"]);
    assert!(!page.html.contains("Check and send") && !page.html.contains("/form/stand\""));
    let tasks = page.at.clone();
    let case = tasks.trim_end_matches("/tasks").to_owned();
    // The check leads back here while something is missing.
    browser.get(&format!("{case}/check")).await.expect(200, "What there is to do");
    browser.get(&format!("{case}/form/goods")).await.expect(200, "What do you bring?");
    browser.submit(&[("wares", "food")]).await.expect(200, "You have completed 1 of 3 parts.");
    assert_eq!(stand(&browser.page), ["Incomplete", "Completed", "Incomplete"]);
    browser.get(&format!("{case}/form/seller")).await;
    browser.submit(&[("firm", "Asha Snacks")]).await.expect(200, "You have completed 2 of 3 parts.");
    let last = browser.page.link(&format!("{case}/form/stand"));
    browser.get(&last).await;
    browser.submit(&[("width", "3"), ("stove", "Gas")]).await.expect(200, "You have completed 3 of 3 parts.");
    let check = browser.page.link(&format!("{case}/check"));
    let page = browser.get(&check).await;
    page.expect(200, "Check your answers").expect(200, "By sending this you declare");
    assert!(!page.html.contains("known already"), "nobody else has asked");
    browser.submit(&[]).await.expect(200, "Application received").expect(200, "Tell us how you found this service");
}

#[tokio::test]
async fn everything_that_hinders_sending_is_told_before_it_is_sent() {
    let town = Town::open().await.again(little_room).await;
    let mut browser = Browser::new(&town);
    browser.sign_in("9876543210").await;
    browser.get(&format!("/{TOWN}/services/fair")).await;
    let case = browser.submit(&[]).await.at.trim_end_matches("/tasks").to_owned();
    for (page, typed) in [
        ("goods", vec![("wares", "food")]),
        ("seller", vec![("firm", "Asha")]),
        ("stand", vec![("width", "3"), ("stove", "Gas")]),
    ] {
        browser.get(&format!("{case}/form/{page}")).await;
        browser.submit(&typed).await;
    }
    let page = browser.get(&format!("{case}/check")).await;
    page.expect(200, "Only one metre is left.").expect(200, "There is only room for toys.");
}

#[tokio::test]
async fn whoever_sends_what_may_be_known_already_is_told() {
    let town = Town::open().await;
    for (mobile, wares, known) in [
        ("9876543210", "food", None),
        ("9876543211", "toys", None),
        ("9876543212", "food", Some("1 open case of the same kind")),
        ("9876543213", "food", Some("2 open cases of the same kind")),
    ] {
        let mut browser = Browser::new(&town);
        browser.sign_in(mobile).await;
        browser.get(&format!("/{TOWN}/services/fair")).await;
        let case = browser.submit(&[]).await.at.trim_end_matches("/tasks").to_owned();
        for (page, typed) in [
            ("goods", vec![("wares", wares)]),
            ("seller", vec![("firm", "Asha")]),
            ("stand", vec![("width", "3"), ("stove", "Gas")]),
        ] {
            browser.get(&format!("{case}/form/{page}")).await;
            let typed: Vec<_> = typed.into_iter().filter(|(name, _)| wares == "food" || *name != "stove").collect();
            browser.submit(&typed).await;
        }
        let page = browser.get(&format!("{case}/check")).await;
        page.expect(200, known.unwrap_or("Check your answers"));
        assert_eq!(page.html.contains("known already"), known.is_some(), "{mobile}");
        browser.submit(&[]).await.expect(200, "Application received");
    }
}

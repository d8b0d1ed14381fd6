//! After it was sent: corrected, rated, reopened, ended by the clock.

use engine::base::Value;

use crate::apply::{STALL, begun, sent};
use crate::browser::Browser;
use crate::town::{TOWN, Town};

#[tokio::test]
async fn what_was_sent_back_is_corrected_and_sent_again() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = sent(&mut browser, "9876543210").await;
    town.officer(&case, "clerk", "ask", "Which street?").await;
    town.work().await;
    assert!(town.messages().last().unwrap().body.contains("Which street?"));
    browser
        .get(&format!("/{TOWN}/cases/{case}"))
        .await
        .expect(200, "Which street?")
        .expect(200, "Check and send again");
    let change = browser.page.link(&format!("/{TOWN}/cases/{case}/form/stall"));
    browser.get(&change).await.expect(200, "Which street?");
    let mut corrected = STALL.to_vec();
    corrected[0] = ("stall_name", "Asha Snacks, Quay Street");
    browser.submit(&corrected).await.expect(200, "Check your answers").expect(200, "Send the correction");
    browser.submit(&[]).await;
    assert_eq!(town.case(&case).await.state, *"checking");
}

#[tokio::test]
async fn a_report_is_rated_and_reopened() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    browser.submit(&[("text", "The lamp is broken.")]).await;
    browser.submit(&[]).await.expect(200, "Application received");
    town.officer(&case, "foreman", "resolve", "A new lamp.").await;
    let at = format!("/{TOWN}/cases/{case}");
    browser.get(&at).await.expect(200, "A new lamp.").expect(200, "Rate the work").expect(200, "Open again");
    browser.get(&format!("{at}/act/reopen")).await.expect(200, "Open again");
    browser.submit(&[("comment", " ")]).await.expect(422, "Write a comment.");
    browser.submit(&[("comment", "It is dark again.")]).await.expect(200, "Being looked after");
    town.officer(&case, "foreman", "resolve", "Another lamp.").await;
    browser.get(&format!("{at}/act/rate")).await.expect(200, "How many stars?");
    browser.submit(&[]).await.expect(422, "How many stars: please choose");
    let form = browser.page.clone();
    browser.submit(&[("stars", "4"), ("comment", "Good.")]).await.expect(200, "Closed");
    browser.page = form;
    browser.submit(&[("stars", "4"), ("comment", "Good.")]).await.expect(200, "Closed");
    assert_eq!(town.case(&case).await.answers.get("stars"), Some(&Value::Int(4)));
    browser.get(&format!("{at}/act/reopen")).await.expect(404, "Page not found");
}

#[tokio::test]
async fn what_nobody_does_happens_by_itself() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    browser.submit(&[("text", "The lamp is broken.")]).await;
    browser.submit(&[]).await;
    town.officer(&case, "foreman", "resolve", "A new lamp.").await;
    assert_eq!(town.work().await.cases, 0);
    town.wait_ms(10 * 86_400_000);
    assert_eq!(town.work().await.cases, 1);
    assert_eq!(town.case(&case).await.state, *"closed");
}

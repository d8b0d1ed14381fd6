//! What the payer sees and does, and what strangers do not.

use std::time::Duration;

use connectors::Gateway;
use connectors::payment::OrderState;
use tempfile::tempdir;

use super::{OTHER_SECRET, Running, SECRET, browser, choose, request};
use crate::support::hook;

#[tokio::test]
async fn in_03_the_page_is_plain_strict_and_escaped() {
    let dir = tempdir().unwrap();
    let running = Running::start(dir.path()).await;
    let order = running.order("http://127.0.0.1:1/").await;
    let page = browser().get(&order.pay_url).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("form-action 'self' http://town.example;"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"));
    for (header, value) in
        [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"), ("cache-control", "no-store")]
    {
        assert_eq!(page.headers()[header], value);
    }
    let html = page.text().await.unwrap();
    assert!(html.contains("<html lang=\"en\">") && html.contains("₹1,00,000.00"));
    assert!(html.contains("Fee for &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;"));
    assert!(!html.contains("<script") && !html.contains("style=") && !html.contains("{{"));
    for ending in ["succeed", "fail", "pending", "late", "close"] {
        assert!(html.contains(&format!("value=\"{ending}\"")), "{ending}");
    }
    let hindi = browser().get(format!("{}?lang=hi", order.pay_url)).send().await.unwrap().text().await.unwrap();
    assert!(hindi.contains("<html lang=\"hi\">") && hindi.contains("बिना भुगतान किए बंद करें"));
    let style = browser().get(format!("{}/style.css", running.address)).send().await.unwrap();
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
}

#[tokio::test]
async fn each_ending_leaves_the_order_as_it_says_and_sends_the_payer_back() {
    let dir = tempdir().unwrap();
    let running = Running::start(dir.path()).await;
    let (notify_url, mut arrived) = hook(0).await;
    let gateway = running.client();
    for (ending, state, told) in [
        ("succeed", OrderState::Succeeded, true),
        ("fail", OrderState::Failed, true),
        ("pending", OrderState::Pending, false),
        ("close", OrderState::Created, false),
    ] {
        let order = gateway.create_order(&request(ending, &notify_url)).await.unwrap();
        let answer = choose(&order.pay_url, ending, 1).await;
        assert_eq!(answer.status(), 303, "{ending}");
        assert_eq!(answer.headers()["location"], "http://town.example/cases/1/pay/return");
        let status = gateway.status(&order.gateway_order_id).await.unwrap();
        assert_eq!((status.state, status.test), (state, true), "{ending}");
        // The first try comes before the payer goes back, so that there is nothing to wait for.
        assert_eq!(arrived.try_recv().is_ok(), told, "{ending}");
        let page = browser().get(&order.pay_url).send().await.unwrap().text().await.unwrap();
        assert_eq!(page.contains("<form"), !state.is_final(), "{ending}");
    }
}

#[tokio::test]
async fn a_pending_payment_may_still_end() {
    let dir = tempdir().unwrap();
    let running = Running::start(dir.path()).await;
    let (notify_url, mut arrived) = hook(0).await;
    let order = running.order(&notify_url).await;
    choose(&order.pay_url, "pending", 1).await;
    choose(&order.pay_url, "succeed", 1).await;
    arrived.recv().await.unwrap();
    let status = running.client().status(&order.gateway_order_id).await.unwrap();
    assert_eq!((status.state, status.mode.as_deref()), (OrderState::Succeeded, Some("card")));
}

#[tokio::test]
async fn an_end_is_final_whatever_is_pressed_afterwards() {
    let dir = tempdir().unwrap();
    let running = Running::start(dir.path()).await;
    let (notify_url, mut arrived) = hook(0).await;
    let gateway = running.client();
    for end in ["succeed", "fail"] {
        let order = gateway.create_order(&request(end, &notify_url)).await.unwrap();
        choose(&order.pay_url, end, 1).await;
        arrived.recv().await.unwrap();
        let before = gateway.status(&order.gateway_order_id).await.unwrap();
        for ending in ["succeed", "fail", "pending", "late", "close"] {
            assert_eq!(choose(&order.pay_url, ending, 1).await.status(), 303);
            let after = gateway.status(&order.gateway_order_id).await.unwrap();
            assert_eq!(after, before, "{end}, then {ending}");
        }
    }
    assert!(arrived.try_recv().is_err(), "one callback for each end");
}

#[tokio::test]
async fn many_payers_press_succeed_and_one_payment_comes_of_it() {
    let dir = tempdir().unwrap();
    let running = Running::start(dir.path()).await;
    let (notify_url, mut arrived) = hook(0).await;
    let order = running.order(&notify_url).await;
    let mut presses = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let pay_url = order.pay_url.clone();
        presses.spawn(async move { choose(&pay_url, "succeed", 1).await.status() });
    }
    assert!(presses.join_all().await.iter().all(|status| *status == 303));
    arrived.recv().await.unwrap();
    assert!(arrived.try_recv().is_err(), "one event");
    let text = std::fs::read_to_string(dir.path().join("gateway.jsonl")).unwrap();
    assert_eq!(text.lines().filter(|line| line.contains("\"ended\"")).count(), 1);
}

#[tokio::test]
async fn a_stranger_learns_and_makes_nothing() {
    let dir = tempdir().unwrap();
    let running = Running::start(dir.path()).await;
    let order = running.order("http://127.0.0.1:1/").await;
    let id = &order.gateway_order_id;
    let second = Duration::from_secs(10);
    let address = running.address.as_str();
    for (key_id, secret) in [("town", OTHER_SECRET), ("nobody", SECRET)] {
        let stranger = running.open(address, key_id, secret, second);
        let fault = stranger.status(id).await.unwrap_err();
        assert!(!fault.is_temporary() && fault.to_string().contains("401"), "{fault}");
        assert!(stranger.create_order(&request("R-9", "http://127.0.0.1:1/")).await.is_err());
    }
    // Another town's key is good, but the order is not its own.
    let other = running.open(address, "other", OTHER_SECRET, second);
    assert!(other.status(id).await.unwrap_err().to_string().contains("404"));
}

#[tokio::test]
async fn what_is_unsigned_oversized_unknown_or_no_form_is_refused() {
    let dir = tempdir().unwrap();
    let running = Running::start(dir.path()).await;
    let order = running.order("http://127.0.0.1:1/").await;
    let (id, address) = (&order.gateway_order_id, running.address.as_str());
    let browser = browser();
    assert_eq!(browser.get(format!("{address}/orders/{id}")).send().await.unwrap().status(), 401);
    assert_eq!(browser.post(format!("{address}/orders")).body("{}").send().await.unwrap().status(), 401);
    assert_eq!(browser.post(format!("{address}/orders")).body(vec![b' '; 100_000]).send().await.unwrap().status(), 413);
    assert_eq!(browser.get(format!("{address}/pay/order_0")).send().await.unwrap().status(), 404);
    assert_eq!(choose(&format!("{address}/pay/order_0"), "succeed", 1).await.status(), 404);
    assert_eq!(choose(&order.pay_url, "steal", 1).await.status(), 422);
    assert_eq!(browser.get(format!("{address}/live")).send().await.unwrap().status(), 200);
}

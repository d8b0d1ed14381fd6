//! What towns are told, how often, and what a restart forgets (nothing).

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use connectors::Gateway;
use connectors::payment::OrderState;
use connectors::payment::demo_gateway::{self, DemoConfig};
use connectors::secret::Secret;
use tempfile::tempdir;

use super::{Running, SECRET, choose, request};
use crate::support::{hook, listener, now};

#[tokio::test]
async fn a_late_success_is_pending_until_it_is_told() {
    let dir = tempdir().unwrap();
    // It would take an hour: this gateway never tells.
    let running = Running::start_with(dir.path(), |config| {
        config.late_after = Duration::from_hours(1);
    })
    .await;
    let (notify_url, mut arrived) = hook(0).await;
    let order = running.order(&notify_url).await;
    choose(&order.pay_url, "late", 2).await;
    assert_eq!(running.client().status(&order.gateway_order_id).await.unwrap().state, OrderState::Pending);
    assert!(arrived.try_recv().is_err());
    let dir_path = running.stop().await;
    // After the restart an hour has passed on its clock.
    let later = Running::start_with(&dir_path, |config| {
        config.clock = Arc::new(|| now() + 3_600_000);
    })
    .await;
    for _ in 0..2 {
        arrived.recv().await.unwrap();
    }
    let client = later.clone_client_at(3_600_000);
    assert_eq!(client.status(&order.gateway_order_id).await.unwrap().state, OrderState::Succeeded);
}

#[tokio::test]
async fn a_callback_is_repeated_when_asked_and_each_copy_is_the_same_event() {
    let dir = tempdir().unwrap();
    let running = Running::start(dir.path()).await;
    let (notify_url, mut arrived) = hook(0).await;
    let order = running.order(&notify_url).await;
    choose(&order.pay_url, "succeed", 3).await;
    let gateway = running.client();
    let mut events = Vec::new();
    for _ in 0..3 {
        let (headers, body) = arrived.recv().await.unwrap();
        events.push(gateway.read_callback(&headers, &body, now()).unwrap());
    }
    assert!(events.iter().all(|event| *event == events[0]));
}

#[tokio::test]
async fn a_callback_is_tried_again_until_it_is_acknowledged() {
    let dir = tempdir().unwrap();
    let running = Running::start(dir.path()).await;
    let (notify_url, mut arrived) = hook(2).await;
    let order = running.order(&notify_url).await;
    choose(&order.pay_url, "succeed", 1).await;
    for _ in 0..3 {
        arrived.recv().await.unwrap();
    }
    assert!(told(&dir.path().join("gateway.jsonl")).await, "the third try was acknowledged");
}

#[tokio::test]
async fn a_callback_that_is_never_acknowledged_is_given_up_and_the_truth_remains() {
    let dir = tempdir().unwrap();
    let running = Running::start(dir.path()).await;
    let (notify_url, mut arrived) = hook(usize::MAX).await;
    let order = running.order(&notify_url).await;
    choose(&order.pay_url, "succeed", 1).await;
    for _ in 0..4 {
        arrived.recv().await.unwrap();
    }
    assert!(!told(&dir.path().join("gateway.jsonl")).await, "four tries, then it is given up");
    assert!(arrived.try_recv().is_err());
    assert_eq!(running.client().status(&order.gateway_order_id).await.unwrap().state, OrderState::Succeeded);
}

/// Waits for the gateway to note the end of a callback; returns whether it was acknowledged.
async fn told(state: &Path) -> bool {
    loop {
        let text = std::fs::read_to_string(state).unwrap();
        if let Some(line) = text.lines().find(|line| line.contains("\"told\"")) {
            return line.contains("\"acknowledged\":true");
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_restart_forgets_no_order_and_no_callback() {
    let dir = tempdir().unwrap();
    let stuck = Running::start_with(dir.path(), |config| {
        config.retry_after = vec![Duration::from_hours(1)];
    })
    .await;
    let (notify_url, mut arrived) = hook(1).await;
    let order = stuck.order(&notify_url).await;
    choose(&order.pay_url, "succeed", 1).await;
    let (first_headers, first_body) = arrived.recv().await.unwrap();
    let before = stuck.client().status(&order.gateway_order_id).await.unwrap();
    let dir_path = stuck.stop().await;

    // A line that a crash cut off was never acknowledged to anyone.
    let state = dir_path.join("gateway.jsonl");
    let mut text = std::fs::read_to_string(&state).unwrap();
    text.push_str("{\"entry\":\"told\",\"eve");
    std::fs::write(&state, text).unwrap();

    let again = Running::start(&dir_path).await;
    let gateway = again.client();
    let (headers, body) = arrived.recv().await.unwrap();
    let callbacks = [(first_headers, first_body), (headers, body)]
        .map(|(headers, body)| gateway.read_callback(&headers, &body, now()).unwrap());
    assert_eq!(callbacks[0], callbacks[1], "the same event, told after the restart");
    assert_eq!(gateway.status(&order.gateway_order_id).await.unwrap(), before);
    assert_eq!(
        gateway.create_order(&request("R-1", &notify_url)).await.unwrap().gateway_order_id,
        order.gateway_order_id
    );
}

#[tokio::test]
async fn what_was_acknowledged_is_not_told_again_after_a_restart() {
    let dir = tempdir().unwrap();
    let running = Running::start(dir.path()).await;
    let (notify_url, mut arrived) = hook(0).await;
    let order = running.order(&notify_url).await;
    choose(&order.pay_url, "succeed", 1).await;
    arrived.recv().await.unwrap();
    assert!(told(&dir.path().join("gateway.jsonl")).await);
    let dir_path = running.stop().await;

    let again = Running::start(&dir_path).await;
    let gateway = again.client();
    let next = gateway.create_order(&request("R-2", &notify_url)).await.unwrap();
    choose(&next.pay_url, "succeed", 1).await;
    let (headers, body) = arrived.recv().await.unwrap();
    assert_eq!(gateway.read_callback(&headers, &body, now()).unwrap().reference, "R-2");
    assert!(arrived.try_recv().is_err());
}

#[tokio::test]
async fn a_state_that_cannot_be_read_stops_the_start() {
    let dir = tempdir().unwrap();
    std::fs::write(dir.path().join("gateway.jsonl"), "{\"entry\":\"nonsense\"}\n").unwrap();
    let (listener, address) = listener().await;
    let config = DemoConfig::new(dir.path().join("gateway.jsonl"), address, "town", Secret::new(SECRET).unwrap());
    assert!(demo_gateway::serve(listener, config).await.is_err());
}

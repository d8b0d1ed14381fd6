//! Callbacks: believed only if they are signed, and even then only a reason to ask.

use axum::body::Body;
use axum::http::Request;
use hmac::{Hmac, KeyInit, Mac};
use server::store::orders::Order;

use crate::browser::Browser;
use crate::gateway::{KEY, Paying, open};
use crate::town::TOWN;

/// What the gateway would post, signed by its own rules.
pub(crate) async fn callback(paying: &Paying, body: &str, key: &str, secret: &str) -> u16 {
    let time = paying.town.app.clock.now_ms().to_string();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    for line in ["callback", key, &time] {
        mac.update(line.as_bytes());
        mac.update(b"\n");
    }
    mac.update(body.as_bytes());
    let signature = server::auth::token::hex(&mac.finalize().into_bytes());
    let request = Request::post(format!("/hooks/{TOWN}/payments/demo"))
        .header("x-demo-key-id", key)
        .header("x-demo-time", time)
        .header("x-demo-signature", format!("v1={signature}"));
    Browser::new(&paying.town).send(request, Body::from(body.to_owned())).await.status
}

/// What a callback says of an order, under a name of its own.
pub(crate) fn body(order: &str, event: &str, reference: &str) -> String {
    format!("{{\"gateway_order_id\":\"{order}\",\"event\":\"{event}\",\"reference\":\"{reference}\"}}")
}

/// A case that was paid at the gateway, which has not told so yet: its key, the order, and the gateway's secret.
async fn paid(paying: &Paying) -> (String, Order, String) {
    let (mut browser, case) = paying.approved().await;
    let page = paying.begin(&mut browser, &case).await;
    paying.choose(&page, "succeed").await;
    let secret = std::fs::read_to_string(paying.town.data.path().join("gateway.key")).unwrap();
    let order = paying.order(&case).await;
    (case, order, secret)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pay_02_two_hundred_callbacks_at_once_give_one_receipt() {
    let paying = open().await;
    let (case, order, secret) = paid(&paying).await;
    let body = body(&order.gateway_order.unwrap(), "e1", &order.reference);
    let calls = (0..200).map(|_| callback(&paying, &body, KEY, &secret));
    let statuses = futures_util::future::join_all(calls).await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    let kept = paying.town.case(&case).await;
    assert_eq!((kept.receipts.len(), kept.state.as_str()), (1, "granted"));
    let before = paying.town.messages().len();
    paying.town.work().await;
    let told: Vec<String> = paying.town.messages().split_off(before).into_iter().map(|told| told.template).collect();
    // Those that waited since before, and one more.
    assert_eq!(told, ["stall-permit/received", "stall-permit/pay", "stall-permit/granted"]);
    let mut tx = paying.town.app.store.read(TOWN).await.unwrap();
    let events = server::store::events::history(&mut tx, &case).await.unwrap();
    assert_eq!(events.iter().filter(|event| event.command["word"] == "receive").count(), 1);
    let vouchers = server::store::vouchers::by_case(&mut tx, &case).await.unwrap();
    assert_eq!(vouchers.iter().filter(|voucher| voucher.kind == "receipt").count(), 1);
    assert_eq!(server::store::verify::verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn pay_08_a_callback_that_comes_again_is_answered_again_and_with_other_words_is_refused() {
    let paying = open().await;
    let (case, order, secret) = paid(&paying).await;
    let named = order.gateway_order.unwrap();
    let right = body(&named, "e1", &order.reference);
    assert_eq!(callback(&paying, &right, KEY, &secret).await, 200);
    assert_eq!(callback(&paying, &right, KEY, &secret).await, 200);
    for other in [body(&named, "e1", "another"), body("order_unknown", "e1", &order.reference)] {
        assert_eq!(callback(&paying, &other, KEY, &secret).await, 409, "{other}");
    }
    // Something else that happened to the same order is told under a name of its own.
    assert_eq!(callback(&paying, &body(&named, "e2", &order.reference), KEY, &secret).await, 200);
    assert_eq!(paying.town.case(&case).await.receipts.len(), 1);
}

#[tokio::test]
async fn pay_01_a_callback_that_is_not_the_gateways_changes_nothing() {
    let paying = open().await;
    let (case, order, secret) = paid(&paying).await;
    let named = order.gateway_order.unwrap();
    let right = body(&named, "e1", &order.reference);
    assert_eq!(callback(&paying, &right, KEY, "0123456789abcdef0123456789abcdef").await, 400);
    assert_eq!(callback(&paying, &right, "other-key", &secret).await, 400);
    assert_eq!(callback(&paying, "nonsense", KEY, &secret).await, 400);
    assert_eq!(callback(&paying, &body(&named, "e1", "another"), KEY, &secret).await, 400);
    assert_eq!(callback(&paying, &body("order_unknown", "e1", "unknown"), KEY, &secret).await, 404);
    let unsigned = Browser::new(&paying.town)
        .send(Request::post(format!("/hooks/{TOWN}/payments/demo")), Body::from(right.clone()))
        .await;
    assert_eq!(unsigned.status, 400);
    let elsewhere = Browser::new(&paying.town)
        .send(Request::post(format!("/hooks/{TOWN}/payments/other")), Body::from(right))
        .await;
    assert_eq!(elsewhere.status, 404);
    assert_eq!(paying.town.case(&case).await.state, *"payment");
}

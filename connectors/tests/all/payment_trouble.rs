//! Payments when something is wrong: a gateway that is away or talks nonsense, and configurations
//! that cannot work.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use connectors::open_gateway;
use connectors::payment::PaymentConfig;
use tempfile::tempdir;

use crate::demo_gateway::{Running, request};
use crate::support::{around, listener};

#[tokio::test]
async fn a_gateway_that_never_answers_is_a_temporary_fault() {
    let dir = tempdir().unwrap();
    let running = Running::start(dir.path()).await;
    // Takes connections and says nothing.
    let (black_hole, address) = listener().await;
    let gateway = running.client_of(&address, Duration::from_millis(60));
    let fault = gateway.status("order_1").await.unwrap_err();
    assert!(fault.is_temporary(), "{fault}");
    assert!(fault.to_string().contains("in time"), "{fault}");
    drop(black_hole);
    // Nobody is there at all.
    let fault = gateway.status("order_1").await.unwrap_err();
    assert!(fault.is_temporary(), "{fault}");
}

#[tokio::test]
async fn pay_01_a_gateway_that_talks_nonsense_is_never_believed() {
    const PAID: &str = r#"{"gateway_order_id":"ORDER","tenant":"t","reference":"r","state":"succeeded","amount_paise":1,"currency":"INR","gateway_payment_id":PAYMENT,"mode":null,"test":true}"#;
    const THEFT: &str = r#"{"gateway_order_id":"order_1","pay_url":"http://thief.example/pay/order_1"}"#;
    let dir = tempdir().unwrap();
    let running = Running::start(dir.path()).await;
    let (listener, address) = listener().await;
    let paid = |order, payment| PAID.replace("ORDER", order).replace("PAYMENT", payment);
    let (right, other, nameless) = (paid("right", "\"p\""), paid("other", "\"p\""), paid("nameless", "null"));
    let long = right.clone() + &" ".repeat(1024 * 1024);
    let router = Router::new()
        .route("/orders", post(|| async { THEFT }))
        .route("/orders/right", get(|| async { right }))
        .route("/orders/page", get(|| async { "<html>welcome</html>" }))
        .route("/orders/long", get(|| async { long }))
        .route("/orders/busy", get(|| async { StatusCode::SERVICE_UNAVAILABLE }))
        .route("/orders/away", get(|| async { (StatusCode::FOUND, [("location", "/orders/right")]) }))
        .route("/orders/mixed", get(|| async { other }))
        .route("/orders/nameless", get(|| async { nameless }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let gateway = running.client_of(&address, Duration::from_secs(5));
    assert!(gateway.status("right").await.is_ok());
    for (order, temporary, why) in [
        ("page", true, "makes no sense"),
        ("long", true, "too long"),
        ("busy", true, "503"),
        ("away", false, "302"),
        ("mixed", false, "another order"),
        ("nameless", false, "without its name"),
    ] {
        let fault = gateway.status(order).await.unwrap_err();
        assert_eq!(fault.is_temporary(), temporary, "{order}: {fault}");
        assert!(fault.to_string().contains(why), "{order}: {fault}");
    }
    let request = request("R-1", "http://127.0.0.1:1/");
    let fault = gateway.create_order(&request).await.unwrap_err();
    assert!(fault.to_string().contains("no usable name or address"), "{fault}");
}

#[test]
fn the_counter_has_no_gateway() {
    let dir = tempdir().unwrap();
    let config: PaymentConfig = serde_json::from_str(r#"{ "type": "counter" }"#).unwrap();
    assert!(open_gateway(&config, &around(dir.path())).unwrap().is_none());
}

#[test]
fn a_gateway_whose_configuration_cannot_work_is_not_opened() {
    let dir = tempdir().unwrap();
    let mut surroundings = around(dir.path());
    surroundings.variable = &|name| match name {
        "GOOD" => Some("d1b0f2a3c4958677aabbccdd".to_owned()),
        "WEAK" => Some("changeme-changeme-changeme".to_owned()),
        _ => None,
    };
    let open = |url: &str, key_id: &str, secret: &str| {
        let text = format!(r#"{{"type":"demo","url":"{url}","key_id":"{key_id}","secret":"{secret}"}}"#);
        let config: PaymentConfig = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        open_gateway(&config, &surroundings).map(drop).map_err(|error| format!("{error:#}"))
    };
    assert_eq!(open("http://127.0.0.1:1", "town", "env:GOOD"), Ok(()));
    for (url, key_id, secret, why) in [
        ("http://127.0.0.1:1/pay", "town", "env:GOOD", "no path"),
        ("127.0.0.1:1", "town", "env:GOOD", "not an address"),
        ("http://127.0.0.1:1", "a town", "env:GOOD", "the name of the key"),
        ("http://127.0.0.1:1", "town", "env:NONE", "is not set"),
        ("http://127.0.0.1:1", "town", "env:WEAK", "placeholder"),
        ("http://127.0.0.1:1", "town", "file:none", "reading"),
        ("http://127.0.0.1:1", "town", "d1b0f2a3c4958677aabbccdd", "never in place"),
    ] {
        let refused = open(url, key_id, secret).unwrap_err();
        assert!(refused.contains(why), "{refused}");
    }
}

#[cfg(unix)]
#[test]
fn ops_06_a_secret_in_a_file_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempdir().unwrap();
    let path = dir.path().join("key");
    std::fs::write(&path, "d1b0f2a3c4958677aabbccdd\n").unwrap();
    let config: PaymentConfig =
        serde_json::from_str(r#"{"type":"demo","url":"http://127.0.0.1:1","key_id":"k","secret":"file:key"}"#).unwrap();
    for (mode, opens) in [(0o644, false), (0o640, false), (0o600, true)] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(open_gateway(&config, &around(dir.path())).is_ok(), opens, "{mode:o}");
    }
}

//! Payments: what every gateway does. A new gateway is one more bench at the end.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use connectors::Gateway;
use connectors::fault::Fault;
use connectors::payment::{Callback, OrderRequest, OrderState, Rejected};
use tempfile::tempdir;
use tokio::sync::mpsc;

use crate::demo_gateway::Running;
use crate::support::{Arrived, hook, now};

/// A gateway, a town's hook, and a payer who does as told.
struct Bench<'a> {
    gateway: Arc<dyn Gateway>,
    /// The header with the signature, and the one with the key's name.
    signature: HeaderName,
    key_id: HeaderName,
    notify_url: String,
    arrived: mpsc::UnboundedReceiver<Arrived>,
    /// Makes the payer end the order of that address: paid or failed.
    payer: &'a dyn Fn(String, bool) -> Pin<Box<dyn Future<Output = ()>>>,
}

impl Bench<'_> {
    fn request(&self, reference: &str) -> OrderRequest {
        OrderRequest {
            tenant: "town".to_owned(),
            reference: reference.to_owned(),
            amount_paise: 123_450,
            currency: "INR".to_owned(),
            payee: "देहात नगर पंचायत".to_owned(),
            description: "व्यापार शुल्क <b>&</b>".to_owned(),
            language: "hi".to_owned(),
            return_url: "http://127.0.0.1:1/town/cases/1/pay/return".to_owned(),
            notify_url: self.notify_url.clone(),
        }
    }

    /// A callback that really came.
    async fn callback(&mut self, reference: &str) -> (String, Arrived) {
        let order = self.gateway.create_order(&self.request(reference)).await.unwrap();
        (self.payer)(order.pay_url, true).await;
        (order.gateway_order_id, self.arrived.recv().await.unwrap())
    }
}

/// What every gateway does.
async fn conforms(mut bench: Bench<'_>) {
    orders_and_confirms(&mut bench).await;
    asks_twice_and_gets_one_order(&bench).await;
    fails_for_good(&mut bench).await;
    refuses_what_is_no_order(&bench).await;
    believes_no_forged_callback(&mut bench).await;
}

async fn orders_and_confirms(bench: &mut Bench<'_>) {
    let order = bench.gateway.create_order(&bench.request("R-1")).await.unwrap();
    assert!(order.pay_url.starts_with(&bench.gateway.origin()));
    let before = bench.gateway.status(&order.gateway_order_id).await.unwrap();
    assert_eq!((before.state, before.gateway_payment_id), (OrderState::Created, None));

    (bench.payer)(order.pay_url.clone(), true).await;
    let (headers, body) = bench.arrived.recv().await.unwrap();
    let callback = bench.gateway.read_callback(&headers, &body, now()).unwrap();
    let Callback { gateway_order_id, reference, .. } = &callback;
    assert_eq!((gateway_order_id, reference.as_str()), (&order.gateway_order_id, "R-1"));

    let status = bench.gateway.status(&order.gateway_order_id).await.unwrap();
    assert_eq!(status.state, OrderState::Succeeded);
    assert_eq!((status.tenant.as_str(), status.reference.as_str()), ("town", "R-1"));
    assert_eq!((status.amount_paise, status.currency.as_str()), (123_450, "INR"));
    assert!(status.gateway_payment_id.is_some() && status.mode.is_some());

    // Confirmed twice: the same callback reads the same, and the truth has not moved.
    assert_eq!(bench.gateway.read_callback(&headers, &body, now()), Ok(callback));
    (bench.payer)(order.pay_url, false).await;
    assert_eq!(bench.gateway.status(&order.gateway_order_id).await.unwrap(), status);
}

async fn asks_twice_and_gets_one_order(bench: &Bench<'_>) {
    let request = bench.request("R-2");
    let first = bench.gateway.create_order(&request).await.unwrap();
    assert_eq!(bench.gateway.create_order(&request).await.unwrap(), first);
    let dearer = OrderRequest { amount_paise: request.amount_paise + 1, ..request.clone() };
    assert!(is_permanent(&bench.gateway.create_order(&dearer).await));
    let elsewhere = OrderRequest { tenant: "village".to_owned(), ..request };
    assert_ne!(bench.gateway.create_order(&elsewhere).await.unwrap(), first);
}

async fn fails_for_good(bench: &mut Bench<'_>) {
    let order = bench.gateway.create_order(&bench.request("R-3")).await.unwrap();
    (bench.payer)(order.pay_url.clone(), false).await;
    bench.arrived.recv().await.unwrap();
    (bench.payer)(order.pay_url, true).await;
    let status = bench.gateway.status(&order.gateway_order_id).await.unwrap();
    assert_eq!((status.state, status.gateway_payment_id), (OrderState::Failed, None));
}

async fn refuses_what_is_no_order(bench: &Bench<'_>) {
    let ok = || bench.request("R-4");
    for wrong in [
        OrderRequest { amount_paise: 0, ..ok() },
        OrderRequest { amount_paise: -1, ..ok() },
        OrderRequest { amount_paise: 10_000_000_000_000_000, ..ok() },
        OrderRequest { currency: "rupee".to_owned(), ..ok() },
        OrderRequest { reference: String::new(), ..ok() },
        OrderRequest { description: "x".repeat(201), ..ok() },
        OrderRequest { return_url: "javascript:alert(1)".to_owned(), ..ok() },
        OrderRequest { notify_url: "file:///etc/passwd".to_owned(), ..ok() },
    ] {
        assert!(is_permanent(&bench.gateway.create_order(&wrong).await), "{wrong:?}");
    }
    for nobody in ["order_unknown", "../live", "", "a?b", &"x".repeat(10_000)] {
        assert!(is_permanent(&bench.gateway.status(nobody).await), "{nobody}");
    }
}

async fn believes_no_forged_callback(bench: &mut Bench<'_>) {
    let (_, (headers, body)) = bench.callback("R-5").await;
    let read = |headers: &HeaderMap, body: &[u8], at: i64| bench.gateway.read_callback(headers, body, at);
    assert!(read(&headers, &body, now()).is_ok());

    let mut altered = body.to_vec();
    let at = body.windows(3).position(|window| window == b"R-5").unwrap();
    altered[at + 2] = b'4';
    assert_eq!(read(&headers, &altered, now()), Err(Rejected::WrongSignature));
    assert_eq!(read(&headers, b"", now()), Err(Rejected::WrongSignature));
    assert_eq!(read(&headers, &vec![b' '; 1024 * 1024], now()), Err(Rejected::TooLong));

    let with = |name: &HeaderName, value: &str| {
        let mut headers = headers.clone();
        headers.insert(name, HeaderValue::from_str(value).unwrap());
        headers
    };
    let signature = headers[&bench.signature].to_str().unwrap();
    let last = signature.len() - 1;
    let flipped = format!("{}{}", &signature[..last], if signature.ends_with('0') { '1' } else { '0' });
    for wrong in [flipped.as_str(), &signature[..last - 1], "", "v1=", &signature.to_uppercase()] {
        assert_eq!(read(&with(&bench.signature, wrong), &body, now()), Err(Rejected::WrongSignature), "{wrong}");
    }
    assert_eq!(read(&with(&bench.key_id, "nobody"), &body, now()), Err(Rejected::WrongKeyId));
    assert!(matches!(read(&HeaderMap::new(), &body, now()), Err(Rejected::MissingHeader(_))));

    let hour = 60 * 60 * 1000;
    assert_eq!(read(&headers, &body, now() + hour), Err(Rejected::Stale));
    assert_eq!(read(&headers, &body, now() - hour), Err(Rejected::Stale));
}

fn is_permanent<T>(result: &Result<T, Fault>) -> bool {
    matches!(result, Err(Fault::Permanent(_)))
}

#[tokio::test]
async fn the_demo_gateway_conforms() {
    let dir = tempdir().unwrap();
    let running = Running::start(dir.path()).await;
    let (notify_url, arrived) = hook(0).await;
    conforms(Bench {
        gateway: running.client(),
        signature: HeaderName::from_static("x-demo-signature"),
        key_id: HeaderName::from_static("x-demo-key-id"),
        notify_url,
        arrived,
        payer: &|pay_url, paid| {
            Box::pin(async move {
                crate::demo_gateway::choose(&pay_url, if paid { "succeed" } else { "fail" }, 1).await;
            })
        },
    })
    .await;
}

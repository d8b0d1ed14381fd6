//! Paying at the demo gateway, a real server of its own: its callback, its truth, its lies.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use connectors::payment::PaymentConfig;
use connectors::payment::demo::DemoClientConfig;
use connectors::payment::demo_gateway::{self, DemoConfig};
use connectors::secret::{Secret, SecretRef};
use tokio::net::TcpListener;

use crate::apply::sent;
use crate::browser::Browser;
use crate::town::{TOWN, Town};

const KEY: &str = "riverton-key";

/// A town whose gateway is running.
struct Paying {
    town: Town,
    gateway: tokio::task::JoinHandle<()>,
    origin: String,
    client: reqwest::Client,
}

impl Drop for Paying {
    fn drop(&mut self) {
        self.gateway.abort();
    }
}

async fn open() -> Paying {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (secret, text) = Secret::random();
    let url = origin.clone();
    let town = Town::with(move |config| {
        let path = config.data_dir.join("gateway.key");
        std::fs::write(&path, &text).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        config.payment = PaymentConfig::Demo(DemoClientConfig {
            url,
            key_id: KEY.to_owned(),
            secret: SecretRef::File(path),
            pages_url: None,
            timeout_ms: None,
        });
    })
    .await;
    let mut config = DemoConfig::new(town.data.path().join("gateway.jsonl"), origin.clone(), KEY, secret);
    config.clock = town.app.clock.for_connectors();
    config.retry_after = vec![Duration::from_millis(1)];
    let gateway = tokio::spawn(async move { demo_gateway::serve(listener, config).await.unwrap() });
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    Paying { town, gateway, origin, client }
}

impl Paying {
    /// An application that is approved, and its browser.
    async fn approved(&self) -> (Browser<'_>, String) {
        let mut browser = Browser::new(&self.town);
        let case = sent(&mut browser, "9876543210").await;
        self.town.officer(&case, "clerk", "forward", "").await;
        self.town.officer(&case, "officer", "approve", "").await;
        (browser, case)
    }

    /// Presses *pay*; gives the address of the gateway's page.
    async fn begin(&self, browser: &mut Browser<'_>, case: &str) -> String {
        browser.get(&format!("/{TOWN}/cases/{case}/pay")).await.expect(200, "₹1,100.00").expect(200, "Resolution 7");
        let page = browser.submit(&[("mode", "online")]).await.clone();
        assert_eq!(page.status, 303, "{}", page.text());
        let to = page.headers["location"].clone();
        assert!(to.starts_with(&self.origin), "{to}");
        to
    }

    /// Chooses an ending on the gateway's page; gives the address that the payer is sent back to.
    async fn choose(&self, page: &str, ending: &str) -> String {
        let answer = self.client.post(page).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(format!("ending={ending}")).send().await.unwrap();
        let to = answer.headers().get("location").unwrap_or_else(|| panic!("{ending}: {}", answer.status())).to_str().unwrap();
        to.strip_prefix("http://localhost:8080").unwrap().to_owned()
    }
}

#[tokio::test]
async fn money_that_came_grants_the_permit_and_writes_the_receipt() {
    let paying = open().await;
    let (mut browser, case) = paying.approved().await;
    let page = paying.begin(&mut browser, &case).await;
    let back = paying.choose(&page, "succeed").await;
    browser.get(&back).await.expect(200, "Payment received").expect(200, "₹1,100.00");
    let kept = paying.town.case(&case).await;
    assert_eq!((kept.state.as_str(), kept.receipts.len()), ("granted", 1));
    assert_eq!(kept.receipts[0].number, "SPR/RVT/2026-27/000001");
    paying.town.work().await;
    let granted = paying.town.messages();
    assert!(granted.last().unwrap().body.contains("SP/RVT/2026-27/000001"));
    browser.get(&back).await.expect(200, "Receipt SPR/RVT/2026-27/000001").expect(200, "Stall permit SP/RVT/2026-27/000001");
    assert_eq!(paying.town.case(&case).await.receipts.len(), 1);
    browser.get(&format!("/{TOWN}/my")).await.expect(200, "SP/RVT/2026-27/000001").expect(200, "In force");
    browser.get(&format!("/{TOWN}/cases/{case}/pay")).await.expect(200, "Permit issued");
    let mut tx = paying.town.app.store.read(TOWN).await.unwrap();
    let papers = server::store::papers::by_case(&mut tx, &case).await.unwrap();
    drop(tx);
    let permit = papers.iter().find(|paper| paper.document == "permit").unwrap();
    browser.get(&format!("/{TOWN}/verify?code={}", permit.code.to_uppercase())).await.expect(200, "This document is valid").expect(200, "31/03/2027");
    paying.town.wait_ms(400 * 86_400_000);
    browser.get(&format!("/{TOWN}/verify/{}", permit.code)).await.expect(200, "This document has expired");
}

#[tokio::test]
async fn a_return_that_claims_success_is_no_evidence() {
    let paying = open().await;
    let (mut browser, case) = paying.approved().await;
    let page = paying.begin(&mut browser, &case).await;
    let back = {
        let mut tx = paying.town.app.store.read(TOWN).await.unwrap();
        let order = server::store::orders::by_case(&mut tx, &case).await.unwrap().remove(0);
        format!("/{TOWN}/cases/{case}/pay/return?order={}", order.reference)
    };
    browser.get(&format!("{back}&status=success&paid=1")).await.expect(200, "The payment did not go through");
    assert_eq!(paying.town.case(&case).await.state, *"payment");
    let failed = paying.choose(&page, "fail").await;
    browser.get(&failed).await.expect(200, "The payment did not go through");
    assert!(paying.town.case(&case).await.receipts.is_empty());
}

#[tokio::test]
async fn a_pending_payment_says_so_and_nobody_pays_twice() {
    let paying = open().await;
    let (mut browser, case) = paying.approved().await;
    let page = paying.begin(&mut browser, &case).await;
    let back = paying.choose(&page, "pending").await;
    browser.get(&back).await.expect(200, "We are checking your payment").expect(200, "http-equiv=\"refresh\"");
    browser.get(&format!("/{TOWN}/cases/{case}/pay")).await;
    browser.submit(&[("mode", "online")]).await.expect(200, "Please do not pay again");
    assert_eq!(paying.town.case(&case).await.state, *"payment");
}

#[tokio::test]
async fn money_is_found_although_nobody_told() {
    let paying = open().await;
    let (mut browser, case) = paying.approved().await;
    let page = paying.begin(&mut browser, &case).await;
    paying.choose(&page, "succeed").await;
    assert_eq!(paying.town.case(&case).await.state, *"payment", "neither callback nor browser came");
    paying.town.wait_ms(9 * 60_000);
    paying.town.work().await;
    assert_eq!(paying.town.case(&case).await.state, *"payment");
    paying.town.wait_ms(2 * 60_000);
    paying.town.work().await;
    assert_eq!(paying.town.case(&case).await.state, *"granted");
}

#[tokio::test]
async fn pressing_pay_twice_makes_one_order() {
    let paying = open().await;
    let (mut browser, case) = paying.approved().await;
    browser.get(&format!("/{TOWN}/cases/{case}/pay")).await;
    let page = browser.page.clone();
    let one = browser.submit(&[("mode", "online")]).await.headers["location"].clone();
    browser.page = page;
    let two = browser.submit(&[("mode", "online")]).await.headers["location"].clone();
    assert_eq!(one, two);
}

/// What the gateway would post, signed by its own rules.
async fn callback(paying: &Paying, body: &str, key: &str, secret: &str) -> u16 {
    use hmac::{Hmac, KeyInit, Mac};
    let time = paying.town.app.clock.now_ms().to_string();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    for line in ["callback", key, &time] {
        mac.update(line.as_bytes());
        mac.update(b"\n");
    }
    mac.update(body.as_bytes());
    let signature: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let request = Request::post(format!("/hooks/{TOWN}/payments/demo"))
        .header("x-demo-key-id", key)
        .header("x-demo-time", time)
        .header("x-demo-signature", format!("v1={signature}"));
    Browser::new(&paying.town).send(request, Body::from(body.to_owned())).await.status
}

#[tokio::test]
async fn two_hundred_callbacks_at_once_give_one_receipt() {
    let paying = open().await;
    let (mut browser, case) = paying.approved().await;
    let page = paying.begin(&mut browser, &case).await;
    paying.choose(&page, "succeed").await;
    let secret = std::fs::read_to_string(paying.town.data.path().join("gateway.key")).unwrap();
    let mut tx = paying.town.app.store.read(TOWN).await.unwrap();
    let order = server::store::orders::by_case(&mut tx, &case).await.unwrap().remove(0);
    drop(tx);
    let body = format!("{{\"gateway_order_id\":\"{}\",\"event\":\"e1\",\"reference\":\"{}\"}}", order.gateway_order.unwrap(), order.reference);
    let calls = (0..200).map(|_| callback(&paying, &body, KEY, &secret));
    let statuses = futures_util::future::join_all(calls).await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    let kept = paying.town.case(&case).await;
    assert_eq!((kept.receipts.len(), kept.state.as_str()), (1, "granted"));
    paying.town.work().await;
    let told = paying.town.messages().into_iter().filter(|message| message.template == "stall-permit/granted").count();
    assert_eq!(told, 1);
    let mut tx = paying.town.app.store.read(TOWN).await.unwrap();
    let events = server::store::events::history(&mut tx, &case).await.unwrap();
    assert_eq!(events.iter().filter(|event| event.command["word"] == "receive").count(), 1);
}

#[tokio::test]
async fn a_callback_that_is_not_the_gateways_changes_nothing() {
    let paying = open().await;
    let (mut browser, case) = paying.approved().await;
    let page = paying.begin(&mut browser, &case).await;
    paying.choose(&page, "succeed").await;
    let secret = std::fs::read_to_string(paying.town.data.path().join("gateway.key")).unwrap();
    let mut tx = paying.town.app.store.read(TOWN).await.unwrap();
    let order = server::store::orders::by_case(&mut tx, &case).await.unwrap().remove(0);
    drop(tx);
    let named = order.gateway_order.unwrap();
    let body = |order: &str, reference: &str| format!("{{\"gateway_order_id\":\"{order}\",\"event\":\"e1\",\"reference\":\"{reference}\"}}");
    let right = body(&named, &order.reference);
    assert_eq!(callback(&paying, &right, KEY, "0123456789abcdef0123456789abcdef").await, 400);
    assert_eq!(callback(&paying, &right, "other-key", &secret).await, 400);
    assert_eq!(callback(&paying, "nonsense", KEY, &secret).await, 400);
    assert_eq!(callback(&paying, &body(&named, "another"), KEY, &secret).await, 400);
    assert_eq!(callback(&paying, &body("order_unknown", "unknown"), KEY, &secret).await, 404);
    let unsigned = Browser::new(&paying.town).send(Request::post(format!("/hooks/{TOWN}/payments/demo")), Body::from(right.clone())).await;
    assert_eq!(unsigned.status, 400);
    let elsewhere = Browser::new(&paying.town).send(Request::post(format!("/hooks/{TOWN}/payments/other")), Body::from(right)).await;
    assert_eq!(elsewhere.status, 404);
    assert_eq!(paying.town.case(&case).await.state, *"payment");
}

#[tokio::test]
async fn another_amount_than_was_asked_is_kept_apart() {
    let paying = open().await;
    let (mut browser, case) = paying.approved().await;
    let page = paying.begin(&mut browser, &case).await;
    let back = paying.choose(&page, "succeed").await;
    let mut tx = paying.town.app.store.read(TOWN).await.unwrap();
    let order = server::store::orders::by_case(&mut tx, &case).await.unwrap().remove(0);
    drop(tx);
    let altered = server::store::orders::Order { amount_paise: order.amount_paise + 1, ..order.clone() };
    let state = server::work::payments::settle(&paying.town.app, &paying.town.tenant(), &altered).await.unwrap();
    assert_eq!(state, connectors::payment::OrderState::Pending);
    let mut tx = paying.town.app.store.read(TOWN).await.unwrap();
    let kept = server::store::orders::find(&mut tx, &order.reference).await.unwrap().unwrap();
    drop(tx);
    assert_eq!(kept.state, "mismatch");
    assert!(kept.note.contains("110001"), "{}", kept.note);
    assert_eq!(paying.town.case(&case).await.state, *"payment");
    browser.get(&back).await.expect(200, "We are checking your payment");
}

#[tokio::test]
async fn money_that_comes_too_late_is_kept_and_owed_back() {
    let paying = open().await;
    let (mut browser, case) = paying.approved().await;
    let page = paying.begin(&mut browser, &case).await;
    paying.town.wait_ms(31 * 86_400_000);
    paying.town.work().await;
    assert_eq!(paying.town.case(&case).await.state, *"lapsed");
    paying.choose(&page, "succeed").await;
    paying.town.wait_ms(25 * 3_600_000);
    paying.town.work().await;
    let kept = paying.town.case(&case).await;
    assert_eq!((kept.state.as_str(), kept.receipts.len()), ("lapsed", 1));
    assert_eq!(kept.receipts[0].unapplied.paise(), 110_000);
}

#[tokio::test]
async fn forms_may_lead_to_the_gateway_and_nowhere_else() {
    let paying = open().await;
    let page = Browser::new(&paying.town).get("/riverton").await.clone();
    let policy = &page.headers["content-security-policy"];
    assert!(policy.contains(&format!("form-action 'self' {};", paying.origin)), "{policy}");
}

//! Paying at the demo gateway: its truth, its silence, and what the payer claims.

use engine::base::date::MS_PER_DAY;
use engine::case::ActorKind;
use server::store::verify::verify;
use server::store::{By, closings};

use crate::browser::Browser;
use crate::gateway::{defined, open};
use crate::restart::change;
use crate::town::TOWN;

#[tokio::test]
async fn money_that_came_grants_the_permit_and_writes_the_receipt() {
    let paying = open().await;
    let (mut browser, case) = paying.approved().await;
    let page = paying.begin(&mut browser, &case).await;
    let back = paying.choose(&page, "succeed").await;
    let page = browser.get(&back).await;
    page.expect(200, "Payment received").expect(200, "₹1,100.00").expect(200, "SPR/RVT/2026-27/000001");
    assert!(!page.html.contains("data-refresh="), "what is settled is left alone");
    let kept = paying.town.case(&case).await;
    assert_eq!((kept.state.as_str(), kept.receipts.len()), ("granted", 1));
    assert_eq!(kept.receipts[0].number, "SPR/RVT/2026-27/000001");
    paying.town.work().await;
    let granted = paying.town.messages();
    assert!(granted.last().unwrap().body.contains("SP/RVT/2026-27/000001"));
    browser
        .get(&back)
        .await
        .expect(200, "Receipt SPR/RVT/2026-27/000001")
        .expect(200, "Stall permit SP/RVT/2026-27/000001");
    assert!(!browser.page.html.contains("data-refresh"), "everything is there");
    assert_eq!(paying.town.case(&case).await.receipts.len(), 1);
    browser.get(&format!("/{TOWN}/my")).await.expect(200, "SP/RVT/2026-27/000001").expect(200, "In force");
    browser
        .get(&format!("/{TOWN}/cases/{case}"))
        .await
        .expect(200, "Stall permit SP/RVT/2026-27/000001: 06/04/2026 to 31/03/2027");
    browser.get(&format!("/{TOWN}/cases/{case}/pay")).await.expect(200, "Permit issued");
    let mut tx = paying.town.app.store.read(TOWN).await.unwrap();
    let papers = server::store::papers::by_case(&mut tx, &case).await.unwrap();
    drop(tx);
    let permit = papers.iter().find(|paper| paper.document == "permit").unwrap();
    browser
        .get(&format!("/{TOWN}/verify?code={}", permit.code.to_uppercase()))
        .await
        .expect(200, "This document is valid")
        .expect(200, "31/03/2027");
    // A day before its first day the same paper is genuine, and holds nothing yet.
    paying.town.wait_ms(-86_400_000);
    browser.get(&format!("/{TOWN}/verify/{}", permit.code)).await.expect(200, "This document is not yet valid");
    paying.town.wait_ms(401 * 86_400_000);
    browser.get(&format!("/{TOWN}/verify/{}", permit.code)).await.expect(200, "This document has expired");
}

#[tokio::test]
async fn pay_07_a_return_that_claims_success_is_no_evidence() {
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
async fn pay_09_a_part_is_no_less_than_the_bill_takes_at_once() {
    let least = "part_payment: { at_least: 500 }";
    let paying = defined(|bundle| change(bundle, "stall-permit/billing.yaml", "part_payment: false", least)).await;
    let (mut browser, case) = paying.approved().await;
    let bill = format!("/{TOWN}/cases/{case}/pay");
    browser.get(&bill).await.expect(200, "₹500.00 at least");
    for amount in ["1", "499.99", "1100.01"] {
        let wrong = "Write an amount from ₹500.00 to ₹1,100.00";
        browser.submit(&[("mode", "online"), ("amount", amount)]).await.expect(422, wrong);
    }
    let page = browser.submit(&[("mode", "online"), ("amount", "900")]).await.headers["location"].clone();
    let back = paying.choose(&page, "succeed").await;
    browser.get(&back).await.expect(200, "₹900.00");
    // Of what is left, all is the least.
    browser.get(&bill).await.expect(200, "₹200.00 at least");
    let less = [("mode", "online"), ("amount", "199")];
    browser.submit(&less).await.expect(422, "The whole amount must be paid: ₹200.00");
    browser.get(&format!("{bill}?lang=hi")).await.expect(200, "कम से कम ₹200.00");
    assert_eq!(paying.town.case(&case).await.receipts.len(), 1);
}

#[tokio::test]
async fn pay_05_a_pending_payment_says_so_and_nobody_pays_twice() {
    let paying = open().await;
    let (mut browser, case) = paying.approved().await;
    let page = paying.begin(&mut browser, &case).await;
    let back = paying.choose(&page, "pending").await;
    browser.get(&back).await.expect(200, "We are checking your payment").expect(200, "data-refresh=");
    browser.get(&format!("/{TOWN}/cases/{case}/pay")).await;
    browser.submit(&[("mode", "online")]).await.expect(200, "Please do not pay again");
    browser
        .get(&format!("/{TOWN}/cases/{case}"))
        .await
        .expect(200, "See what became of your payment")
        .expect(200, "Look here before you pay again.")
        .expect(200, "/pay/return?order=");
    assert_eq!(paying.town.case(&case).await.state, *"payment");
}

#[tokio::test]
async fn pay_06_money_is_found_although_nobody_told() {
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

/// To a node whose clock is behind, today is what is closed elsewhere.
#[tokio::test]
async fn led_02_money_that_meets_a_closed_day_is_asked_after_until_it_is_booked() {
    let paying = open().await;
    let (mut browser, case) = paying.approved().await;
    let page = paying.begin(&mut browser, &case).await;
    let back = paying.choose(&page, "succeed").await;
    let app = &paying.town.app;
    let by = By { person: "omar", kind: ActorKind::Employee, at_ms: app.clock.now_ms() };
    let today = app.clock.now(&paying.town.tenant()).day();
    let mut tx = app.store.begin(TOWN).await.unwrap();
    assert!(closings::close(&mut tx, by, today, "The accounts are checked.").await.unwrap());
    tx.commit().await.unwrap();
    browser.get(&back).await.expect(200, "We are checking your payment");
    paying.town.wait_ms(11 * 60_000);
    paying.town.work().await;
    assert_eq!(paying.order(&case).await.state, "open");
    assert!(paying.town.case(&case).await.receipts.is_empty());
    paying.town.wait_ms(MS_PER_DAY);
    paying.town.work().await;
    assert_eq!(paying.order(&case).await.state, "paid");
    assert_eq!(paying.town.case(&case).await.receipts.len(), 1);
    let mut tx = app.store.read(TOWN).await.unwrap();
    assert_eq!(verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn pay_08_pressing_pay_twice_makes_one_order() {
    let paying = open().await;
    let (mut browser, case) = paying.approved().await;
    browser.get(&format!("/{TOWN}/cases/{case}/pay")).await;
    let page = browser.page.clone();
    let one = browser.submit(&[("mode", "online")]).await.headers["location"].clone();
    browser.page = page;
    let two = browser.submit(&[("mode", "online")]).await.headers["location"].clone();
    assert_eq!(one, two);
}

#[tokio::test]
async fn pay_03_another_amount_than_was_asked_is_kept_apart() {
    let paying = open().await;
    let (mut browser, case) = paying.approved().await;
    let page = paying.begin(&mut browser, &case).await;
    let back = paying.choose(&page, "succeed").await;
    let order = paying.order(&case).await;
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
async fn pay_04_money_that_comes_too_late_is_kept_and_owed_back() {
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

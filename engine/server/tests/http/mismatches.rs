//! Money that is not what was asked: it waits for two people, and nothing of it is lost, booked twice or paid again
//! meanwhile.

use connectors::payment::OrderRequest;
use engine::base::Money;
use engine::case::ActorKind;
use engine::source::Bundle;
use server::store::mismatches::{self, ACCEPT, Answered, Seen};
use server::store::orders::{self, Order};
use server::store::people::{self, Person};
use server::store::verify::verify;
use server::store::{By, events, receipts, vouchers};

use crate::browser::Browser;
use crate::desk_town::{employ, staff};
use crate::gateway::{self, KEY, Paying};
use crate::hooks::{body, callback};
use crate::metrics::{scraped, value};
use crate::restart::change;
use crate::town::TOWN;

const REFERENCE: &str = "OTHERMONEY";
/// What the fee is.
pub(crate) const FEE: i64 = 110_000;
/// What the payer says and the office with him.
pub(crate) const WHY: (&str, &str) = ("reason", "The payer agrees.");

/// Whoever decides takes money at the counter too, and agrees that receipts are taken back.
pub(crate) fn with_finance(bundle: &mut Bundle) {
    let roles = "part_payment: false\ncollects: officer\ncancels: officer";
    change(bundle, "stall-permit/billing.yaml", "part_payment: false", roles);
}

/// An approved application, its applicant's browser, and the office at work.
pub(crate) async fn approved(paying: &Paying) -> (Browser<'_>, String) {
    let (browser, case) = paying.approved().await;
    for (login, name, role) in
        [("omar", "Omar Khan", "officer"), ("olga", "Olga Bisht", "officer"), ("meera", "Meera Joshi", "clerk")]
    {
        employ(&paying.town, TOWN, (login, name), ("stall-permit", role, "")).await;
    }
    (browser, case)
}

/// The gateway tells that it took so much for an order of the fee.
async fn told(paying: &Paying, event: &str) {
    let secret = std::fs::read_to_string(paying.town.data.path().join("gateway.key")).unwrap();
    let mut tx = paying.town.app.store.read(TOWN).await.unwrap();
    let order = orders::find(&mut tx, REFERENCE).await.unwrap().unwrap();
    drop(tx);
    let named = order.gateway_order.unwrap();
    assert_eq!(callback(paying, &body(&named, event, REFERENCE), KEY, &secret).await, 200);
}

/// So much comes for an order of the fee, and the gateway tells of it.
pub(crate) async fn came(paying: &Paying, case: &str, amount_paise: i64) {
    let (app, tenant) = (&paying.town.app, paying.town.tenant());
    let gateway = app.gateway(TOWN).unwrap();
    let order = Order {
        reference: REFERENCE.to_owned(),
        case: case.to_owned(),
        parts: Vec::new(),
        gateway: gateway.name().to_owned(),
        gateway_order: None,
        amount_paise: FEE,
        currency: tenant.currency.code.clone(),
        begun_ms: app.clock.now_ms(),
        state: "open".to_owned(),
        note: String::new(),
    };
    let request = OrderRequest {
        tenant: TOWN.to_owned(),
        reference: REFERENCE.to_owned(),
        amount_paise,
        currency: order.currency.clone(),
        payee: "Riverton".to_owned(),
        description: "Stall Permit".to_owned(),
        language: "en".to_owned(),
        return_url: app.link(&returns(case)),
        notify_url: app.link(&format!("/hooks/{TOWN}/payments/demo")),
    };
    let asked = gateway.create_order(&request).await.unwrap();
    let mut tx = app.store.begin(TOWN).await.unwrap();
    orders::insert(&mut tx, &order).await.unwrap();
    orders::set_gateway_order(&mut tx, REFERENCE, &asked.gateway_order_id).await.unwrap();
    tx.commit().await.unwrap();
    paying.choose(&asked.pay_url, "succeed").await;
    told(paying, "e1").await;
}

fn pay(case: &str) -> String {
    format!("/{TOWN}/cases/{case}/pay")
}

fn returns(case: &str) -> String {
    format!("/{TOWN}/cases/{case}/pay/return?order={REFERENCE}")
}

fn list() -> String {
    format!("/{TOWN}/desk/mismatches")
}

pub(crate) fn one() -> String {
    format!("/{TOWN}/desk/mismatches/{REFERENCE}")
}

/// Omar says what becomes of it.
async fn proposed<'a>(paying: &'a Paying, decision: &str) -> Browser<'a> {
    let mut omar = staff(&paying.town, "omar").await;
    omar.get(&one()).await;
    omar.submit(&[("decision", decision), WHY]).await.expect(200, "Waits for a second person");
    omar
}

/// The state of the order; everything else fits.
async fn state(paying: &Paying) -> String {
    let mut tx = paying.town.app.store.read(TOWN).await.unwrap();
    assert_eq!(verify(&mut tx, None).await.unwrap(), []);
    orders::find(&mut tx, REFERENCE).await.unwrap().unwrap().state
}

/// How often something was done with a case.
async fn done(paying: &Paying, case: &str, word: &str) -> usize {
    let mut tx = paying.town.app.store.read(TOWN).await.unwrap();
    let history = events::history(&mut tx, case).await.unwrap();
    history.iter().filter(|event| event.command["word"] == word).count()
}

#[tokio::test]
async fn pay_03_a_callback_with_another_amount_lands_in_the_queue_and_nobody_pays_again() {
    let paying = gateway::defined(with_finance).await;
    let (mut asha, case) = approved(&paying).await;
    asha.get(&pay(&case)).await.expect(200, "₹1,100.00");
    let form = asha.page.clone();
    let mut omar = staff(&paying.town, "omar").await;
    omar.get(&list()).await.expect(200, "No such payment has come.");
    came(&paying, &case, FEE + 1).await;
    told(&paying, "e2").await;
    assert_eq!(state(&paying).await, "mismatch");
    assert_eq!(done(&paying, &case, "mismatch").await, 1, "however often it is told");
    let kept = paying.town.case(&case).await;
    assert_eq!((kept.state.as_str(), kept.receipts.len()), ("payment", 0));

    omar.get(&list()).await.expect(200, "Asked for ₹1,100.00, ₹1,100.01 came").expect(200, "Waits for a proposal");
    omar.get(&format!("{}.csv", list())).await.expect(200, "1100.01").expect(200, REFERENCE);
    assert!(omar.page.headers["content-disposition"].contains("mismatches-"), "{:?}", omar.page.headers);
    omar.get(&format!("/{TOWN}/desk")).await.expect(200, "1 wait for a decision");
    assert_eq!(value(&scraped(&paying.town).await, "nagar_payment_mismatches"), 1);
    let counter = format!("/{TOWN}/desk/cases/{case}/collect");
    omar.get(&counter).await.expect(200, "Other money than was asked came for this online");
    let mut meera = staff(&paying.town, "meera").await;
    meera.get(&list()).await.expect(403, "");
    meera.get(&one()).await.expect(404, "");

    // She is told, and whatever she presses leads there.
    asha.get(&pay(&case)).await.expect(200, "The office is looking at it");
    assert!(!asha.page.html.contains("data-refresh="), "people take longer than a bank");
    asha.page = form;
    asha.submit(&[("mode", "online")]).await.expect(200, "The office is looking at it");
    asha.get(&format!("/{TOWN}/cases/{case}")).await.expect(200, "Look here before you pay again.");
    let mut tx = paying.town.app.store.read(TOWN).await.unwrap();
    assert_eq!(orders::by_case(&mut tx, &case).await.unwrap().len(), 1, "no other order was begun");
}

#[tokio::test]
async fn pay_03_one_person_alone_decides_on_no_money() {
    let paying = gateway::defined(with_finance).await;
    let (_, case) = approved(&paying).await;
    came(&paying, &case, FEE + 1).await;
    let mut omar = proposed(&paying, "accept").await;
    omar.page.expect(200, "A second person must confirm that.");
    let by = By { person: "omar", kind: ActorKind::Employee, at_ms: paying.town.app.clock.now_ms() };
    let mut tx = paying.town.app.store.begin(TOWN).await.unwrap();
    let asked_ms = mismatches::find(&mut tx, REFERENCE).await.unwrap().unwrap().asked_ms.unwrap();
    let seen = Seen { reference: REFERENCE, decision: ACCEPT, asked_ms };
    let answered = Answered { answer: "", sent_as: None };
    assert!(!mismatches::agree(&mut tx, by, seen, answered, None).await.unwrap(), "omar has proposed it");
    tx.rollback().await.unwrap();
    let agree = format!("{}?asked={asked_ms}", one());
    let token = omar.page.token();
    omar.post(&agree, &[("_csrf", &token), ("decision", "agree"), ("reason", "")]).await.expect(403, "");
    assert_eq!(state(&paying).await, "mismatch");
    assert!(paying.town.case(&case).await.receipts.is_empty());

    // Another does not agree, and says why; then it is open what becomes of the money.
    let mut olga = staff(&paying.town, "olga").await;
    olga.get(&one()).await;
    olga.submit(&[("decision", "refuse"), ("reason", "")]).await.expect(422, "Write the reason");
    olga.submit(&[("decision", "refuse"), ("reason", "Ask the bank.")])
        .await
        .expect(200, "Waits for a proposal")
        .expect(200, "Ask the bank.");
    assert_eq!(state(&paying).await, "mismatch");

    // Whoever proposed something takes that back alone.
    let mut omar = proposed(&paying, "return").await;
    omar.page.expect(200, "Withdraw what was asked for");
    omar.submit(&[("decision", "refuse"), ("reason", "The wrong button.")]).await.expect(200, "Waits for a proposal");
}

#[tokio::test]
async fn pay_03_nobody_decides_on_money_for_an_own_application() {
    let paying = gateway::defined(with_finance).await;
    let (_, case) = approved(&paying).await;
    came(&paying, &case, FEE + 1).await;
    proposed(&paying, "accept").await;
    // The officer is the applicant: both have one mobile number.
    let mut tx = paying.town.app.store.read(&paying.town.tenant().state).await.unwrap();
    let mobile = people::find(&mut tx, &paying.town.case(&case).await.applicant).await.unwrap().unwrap().mobile;
    drop(tx);
    let mut tx = paying.town.app.store.begin(TOWN).await.unwrap();
    let olga = people::find(&mut tx, "olga").await.unwrap().unwrap();
    people::save(&mut tx, By::system(1), &Person { mobile, ..olga }).await.unwrap();
    tx.commit().await.unwrap();
    let mut olga = staff(&paying.town, "olga").await;
    let token = olga.get(&one()).await.expect(200, "Proposed: take it as it came").token();
    assert!(!olga.page.html.contains("Confirm what was proposed"), "{}", olga.page.text());
    olga.post(&one(), &[("_csrf", &token), ("decision", "agree"), ("reason", "")]).await.expect(403, "");
    assert!(paying.town.case(&case).await.receipts.is_empty());
}

#[tokio::test]
async fn pay_03_what_two_people_accept_has_one_receipt_for_what_came() {
    let paying = gateway::defined(with_finance).await;
    let (mut asha, case) = approved(&paying).await;
    came(&paying, &case, FEE + 1).await;
    proposed(&paying, "accept").await;
    let mut olga = staff(&paying.town, "olga").await;
    olga.get(&one()).await.expect(200, "Proposed: take it as it came");
    let form = olga.page.clone();
    olga.submit(&[("decision", "agree"), ("reason", "")]).await.expect(200, "Taken as it came");
    // Pressed twice, told twice, and looked at by the clock: it is received once.
    olga.page = form;
    olga.submit(&[("decision", "agree"), ("reason", "")]).await.expect(200, "Taken as it came");
    told(&paying, "e2").await;
    paying.town.work().await;
    assert_eq!(state(&paying).await, "paid");
    assert_eq!((done(&paying, &case, "decide_mismatch").await, done(&paying, &case, "receive").await), (1, 1));
    let kept = paying.town.case(&case).await;
    assert_eq!((kept.state.as_str(), kept.receipts.len()), ("granted", 1));
    let receipt = &kept.receipts[0];
    assert_eq!((receipt.payment.amount.paise(), receipt.unapplied.paise()), (FEE + 1, 1));
    asha.get(&returns(&case)).await.expect(200, "Payment received").expect(200, "₹1,100.01");
    assert_eq!(value(&scraped(&paying.town).await, "nagar_payment_mismatches"), 0);
}

#[tokio::test]
async fn pay_03_of_less_that_is_accepted_the_rest_is_owed() {
    let paying = gateway::defined(with_finance).await;
    let (mut asha, case) = approved(&paying).await;
    came(&paying, &case, FEE - 10_000).await;
    proposed(&paying, "accept").await;
    let mut olga = staff(&paying.town, "olga").await;
    olga.get(&one()).await;
    olga.submit(&[("decision", "agree"), ("reason", "")]).await.expect(200, "Taken as it came");
    assert_eq!(state(&paying).await, "paid");
    let kept = paying.town.case(&case).await;
    assert_eq!((kept.state.as_str(), kept.receipts.len()), ("payment", 1));
    assert_eq!(kept.demands[0].owed(), Money::from_paise(10_000).unwrap());
    asha.get(&pay(&case)).await.expect(200, "₹100.00");
}

#[tokio::test]
async fn pay_03_what_goes_back_leaves_the_case_unpaid_and_the_books_balanced() {
    let paying = gateway::defined(with_finance).await;
    let (mut asha, case) = approved(&paying).await;
    came(&paying, &case, FEE + 1).await;
    let mut omar = staff(&paying.town, "omar").await;
    omar.get(&one()).await;
    omar.submit(&[("decision", ""), WHY]).await.expect(422, "Choose what is to be done.");
    proposed(&paying, "return").await;
    let mut olga = staff(&paying.town, "olga").await;
    olga.get(&one()).await.expect(200, "Proposed: send it back").expect(200, "Send the money back now");
    let form = olga.page.clone();
    olga.submit(&[("decision", "agree"), ("sent_as", "")]).await.expect(422, "Write the reference");
    olga.page = form.clone();
    let sent = [("decision", "agree"), ("sent_as", "RRN 4711"), ("reason", "")];
    olga.submit(&sent).await.expect(200, "Sent back").expect(200, "RRN 4711");
    olga.page = form;
    olga.submit(&sent).await.expect(200, "Sent back");
    assert_eq!((state(&paying).await.as_str(), done(&paying, &case, "decide_mismatch").await), ("returned", 1));

    let mut tx = paying.town.app.store.read(TOWN).await.unwrap();
    assert!(receipts::by_case(&mut tx, &case).await.unwrap().is_empty());
    let booked = vouchers::by_case(&mut tx, &case).await.unwrap();
    drop(tx);
    let kinds: Vec<&str> = booked.iter().map(|voucher| voucher.kind.as_str()).collect();
    assert_eq!(kinds, ["demand", "receipt", "refund"]);
    let moved = |voucher: &vouchers::VoucherRow| voucher.lines.iter().map(|(_, paise)| paise.abs()).max();
    assert_eq!((moved(&booked[1]), moved(&booked[2])), (Some(FEE + 1), Some(FEE + 1)));
    for (account, _) in &booked[1].lines {
        let lines = booked[1..].iter().flat_map(|voucher| &voucher.lines).filter(|(other, _)| other == account);
        assert_eq!(lines.map(|(_, paise)| paise).sum::<i64>(), 0, "{account}: it came and went");
    }

    asha.get(&returns(&case)).await.expect(200, "The payment did not go through").expect(200, "RRN 4711");
    assert_eq!(paying.town.case(&case).await.state, *"payment");
    paying.begin(&mut asha, &case).await;
}

//! Dues on a record are found, read and paid by anybody, without signing in; and tell nothing of anybody.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, header};
use engine::base::Moment;
use engine::base::date::parse_day;
use engine::source::Bundle;
use server::http::limits;
use server::raise::{Asked, raise};
use server::store::{orders, verify, vouchers};

use crate::browser::{Browser, encoded};
use crate::gateway::{self, Paying};
use crate::raise::{permitted, yearly};
use crate::restart::change;
use crate::town::{TOWN, Town};

pub(crate) const NUMBER: &str = "SP/RVT/2026-27/000001";
pub(crate) const BILL: &str = "/riverton/pay/stall_permits/SP%2FRVT%2F2026-27%2F000001";

/// Every stall pays each year, and anybody may pay for it.
pub(crate) fn public(bundle: &mut Bundle) {
    yearly(bundle);
    change(bundle, "stall-permit/billing.yaml", "part_payment: false", "part_payment: false\npay: public");
}

/// Less until the middle of April, more after the due day.
pub(crate) fn by_day(bundle: &mut Bundle) {
    public(bundle);
    let file = |name: &str| format!("stall-permit/{name}");
    let rule = "fn on_payment(demand, day, rates) {\n    #{\n        rebate: if month(day) * 100 + day_of_month(day) <= 415 { -100 } else { 0 },\n\
                \x20       late_fee: if demand.days_late > 0 { 50 } else { 0 },\n    }\n}\n\nfn fees";
    change(bundle, &file("fees.rhai"), "fn fees", rule);
    let heads = "heads: { permit_fee: Permit fee, rebate: Rebate, late_fee: Late fee }";
    change(bundle, &file("billing.yaml"), "heads: { permit_fee: Permit fee }", heads);
    let accounts = "permit_fee: \"1401102\", rebate: \"1401102\", late_fee: \"1401102\"";
    change(bundle, &file("postings.yaml"), "permit_fee: \"1401102\"", accounts);
    let hindi = "permit_fee: अनुमति शुल्क, rebate: छूट, late_fee: विलंब शुल्क";
    change(bundle, &file("locales/hi.yaml"), "permit_fee: अनुमति शुल्क", hindi);
}

/// The same stalls are charged by another service too.
fn by_two(bundle: &mut Bundle) {
    public(bundle);
    let own: Vec<Arc<str>> = bundle.paths().filter(|path| path.starts_with("stall-permit/")).cloned().collect();
    for path in own {
        let bytes = Arc::clone(bundle.bytes(&path).unwrap());
        bundle.add(&path.replace("stall-permit/", "stall-levy/"), bytes);
    }
    change(bundle, "stall-levy/service.yaml", "title: Stall Permit", "title: Stall Levy");
    change(bundle, "stall-levy/service.yaml", "number: SPA/", "number: SLA/");
    change(bundle, "tenants/aland/tenant.yaml", "stall-permit", "stall-permit, stall-levy");
}

/// The year has begun, and the register is billed by every service that bills it.
pub(crate) async fn new_year(town: &Town) {
    let day = parse_day("2027-04-01").unwrap();
    town.app.clock.set(Moment::at(day, 10 * 60, 330).ms);
    let library = town.app.library.now();
    let tenant = town.tenant();
    for service in library.catalogue.services(&tenant).filter(|service| service.opens.is_some()) {
        let raised = raise(&town.app, &tenant, service, Asked { day, dry: false }, |_| {}).await.unwrap();
        assert_eq!((raised.billed, raised.not.len()), (1, 0), "{}: {raised:?}", service.id);
    }
}

pub(crate) async fn billed(definitions: impl FnOnce(&mut Bundle)) -> Paying {
    let paying = gateway::defined(definitions).await;
    permitted(&paying.town, "9876543210").await;
    new_year(&paying.town).await;
    paying
}

/// Presses *pay* on the bill; gives the address of the gateway's page.
async fn begin(paying: &Paying, browser: &mut Browser<'_>) -> String {
    browser.get(BILL).await;
    let page = browser.submit(&[]).await.clone();
    assert_eq!(page.status, 303, "{}", page.text());
    let to = page.headers["location"].clone();
    assert!(to.starts_with(&paying.origin), "{to}");
    to
}

#[tokio::test]
async fn az_03_a_bill_is_found_by_its_number_and_names_nobody() {
    let paying = billed(public).await;
    let mut anybody = Browser::new(&paying.town);
    anybody.get("/riverton").await.expect(200, "href=\"/riverton/pay\"");
    anybody.get("/riverton/pay").await.expect(200, "Number on the bill");
    let page = anybody.get("/riverton/pay?number=+sp/rvt/2026-27/000001+").await.clone();
    for words in
        [NUMBER, "To be paid: ₹1,100.00", "Stall Permit 2027-28", "A*** R**", "Upper Bank, Ward 1", "Permit fee"]
    {
        page.expect(200, words);
    }
    for secret in ["Asha", "Rao", "9876543210", "3210", "Snacks", "cases/"] {
        assert!(!page.html.contains(secret), "{secret} is told to strangers:\n{}", page.text());
    }
    anybody.get("/riverton/pay?number=SP/9").await.expect(200, "Nothing was found");
    anybody.get("/riverton/pay?number=").await.expect(422, "Write the number.");
    anybody.get("/riverton/pay/stall_permits/SP%2F9").await.expect(404, "");
    anybody.get("/riverton/pay/people/1").await.expect(404, "");
}

#[tokio::test]
async fn a_bill_says_what_waiting_costs() {
    let paying = billed(by_day).await;
    for (day, total, told) in [
        ("2027-04-01", "₹1,000.00", "Pay by 15/04/2027 and save ₹100.00."),
        ("2027-04-15", "₹1,000.00", "Pay today and save ₹100.00."),
        ("2027-04-16", "₹1,100.00", "After 01/05/2027 a surcharge of ₹50.00 is added."),
        ("2027-05-01", "₹1,100.00", "From tomorrow a surcharge of ₹50.00 is added."),
    ] {
        paying.town.app.clock.set(Moment::at(parse_day(day).unwrap(), 10 * 60, 330).ms);
        let mut anybody = Browser::new(&paying.town);
        anybody.get(BILL).await.expect(200, &format!("To be paid: {total}")).expect(200, told);
    }
    paying.town.app.clock.set(Moment::at(parse_day("2027-05-02").unwrap(), 10 * 60, 330).ms);
    let mut anybody = Browser::new(&paying.town);
    let page = anybody.get(BILL).await.expect(200, "To be paid: ₹1,150.00");
    assert!(!page.text().contains("surcharge"), "nothing more comes: {}", page.text());
}

#[tokio::test]
async fn a_bill_is_found_by_name_and_ward_in_either_script() {
    let paying = billed(public).await;
    let mut anybody = Browser::new(&paying.town);
    for name in ["asha rao", "आशा राव", "Rao"] {
        anybody.get("/riverton/pay").await;
        let page = anybody.post("/riverton/pay", &[("name", name), ("place", "W1")]).await;
        page.expect(200, NUMBER).expect(200, "A*** R**").expect(200, BILL);
        assert!(!page.html.contains("Asha Rao"), "{}", page.text());
        // The name stands sealed in the address, and is in the box all the same.
        assert!(page.at.starts_with("/riverton/pay?name=s.") && page.at.ends_with("&place=W1"), "{}", page.at);
        page.expect(200, &format!("value=\"{name}\""));
    }
    anybody.get("/riverton/pay?name=Rao&place=W1").await.expect(200, NUMBER);
    assert!(!anybody.page.at.contains("Rao"), "{}", anybody.page.at);
    anybody.post("/riverton/pay", &[("name", ""), ("place", "W1")]).await.expect(422, "Write the name");
    for (name, place) in [("Asha", "W2"), ("Meera", "W1"), ("Upper+Bank", "W1"), ("Asha+Negi", "W1")] {
        let at = format!("/riverton/pay?name={name}&place={place}");
        anybody.get(&at).await.expect(200, "Nothing was found");
    }
    // Figure B6 of the worked cases of other installations: nobody searches by less than there must be.
    anybody.get("/riverton/pay?name=&place=W1").await.expect(422, "Write the name");
    anybody.get("/riverton/pay?name=Asha&place=").await.expect(422, "Choose the ward");
}

#[tokio::test]
async fn az_03_numbers_cannot_be_tried_out_without_end() {
    let paying = billed(public).await;
    let mut anybody = Browser::new(&paying.town);
    for at in 0..10 {
        anybody.get(&format!("/riverton/pay?number=SP/{at}")).await.expect(200, "Nothing was found");
        anybody.get(&format!("{BILL}9")).await.expect(404, "");
    }
    for at in ["/riverton/pay?number=SP/1", "/riverton/pay?name=Asha&place=W1", BILL, &format!("{BILL}/bill")] {
        anybody.get(at).await.expect(429, "");
    }
    anybody.get("/riverton/pay").await.expect(200, "Number on the bill");
    paying.town.wait_ms(61_000);
    anybody.get(BILL).await.expect(200, NUMBER);
}

#[tokio::test]
async fn nothing_is_told_where_the_definition_does_not_say_so() {
    let paying = billed(yearly).await;
    let mut anybody = Browser::new(&paying.town);
    let page = anybody.get("/riverton").await;
    assert!(!page.html.contains("/riverton/pay\""), "{}", page.text());
    for at in ["/riverton/pay", "/riverton/pay?number=SP/RVT/2026-27/000001", BILL, &format!("{BILL}/bill")] {
        anybody.get(at).await.expect(404, "");
    }
}

#[tokio::test]
async fn one_payment_settles_what_two_services_charge() {
    let paying = billed(by_two).await;
    let town = &paying.town;
    let mut anybody = Browser::new(town);
    anybody
        .get(BILL)
        .await
        .expect(200, "To be paid: ₹2,200.00")
        .expect(200, "Stall Levy 2027-28")
        .expect(200, "Stall Permit 2027-28");
    let gateway = begin(&paying, &mut anybody).await;
    let back = paying.choose(&gateway, "succeed").await;
    anybody.get(&back).await.expect(200, "Payment received").expect(200, "₹2,200.00").expect(200, "Keep the address");
    for receipt in ["SPR/RVT/2027-28/000001", "SPR/RVT/2027-28/000002"] {
        assert_eq!(anybody.page.html.matches(receipt).count(), 1, "{}", anybody.page.text());
    }
    assert!(!anybody.page.html.contains("Asha"), "{}", anybody.page.text());
    for at in 1..=2 {
        let paper = anybody.get(&format!("{back}/{at}")).await;
        assert!(paper.status == 200 && paper.bytes.starts_with(b"%PDF"), "{}", paper.text());
    }
    anybody.get(&format!("{back}/3")).await.expect(404, "");
    anybody.get(BILL).await.expect(200, "Nothing is owed");
    // Whoever asks again, the gateway's callback or the payer, the money came once.
    town.wait_ms(11 * 60_000);
    town.work().await;
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert!(verify::verify(&mut tx, None).await.unwrap().is_empty());
    let sums = vouchers::trial_balance(&mut tx, None, None, None).await.unwrap();
    let taken: i64 = sums.iter().filter(|sum| sum.account == "4502101").map(|sum| sum.debit_paise).sum();
    assert_eq!(taken, 3 * 110_000, "the permit, and both charges of the year");
}

#[tokio::test]
async fn what_was_paid_in_part_goes_to_the_oldest_and_the_rest_stays_owed() {
    let parts = |bundle: &mut Bundle| {
        by_two(bundle);
        for service in ["stall-permit", "stall-levy"] {
            change(bundle, &format!("{service}/billing.yaml"), "part_payment: false", "part_payment: true");
        }
    };
    let paying = billed(parts).await;
    let mut anybody = Browser::new(&paying.town);
    anybody.get(BILL).await.expect(200, "How much do you want to pay?");
    anybody.submit(&[("amount", "2,201")]).await.expect(422, "Write an amount up to ₹2,200.00");
    anybody.submit(&[("amount", "0")]).await.expect(422, "Write an amount up to");
    let to = anybody.submit(&[("amount", "1500")]).await.headers["location"].clone();
    let back = paying.choose(&to, "succeed").await;
    anybody.get(&back).await.expect(200, "₹1,500.00");
    anybody.get(BILL).await.expect(200, "To be paid: ₹700.00");
}

#[tokio::test]
async fn of_several_services_the_strictest_says_the_least_that_is_paid() {
    let least = |bundle: &mut Bundle| {
        by_two(bundle);
        for (service, least) in [("stall-permit", "500"), ("stall-levy", "50 %")] {
            let part = format!("part_payment: {{ at_least: {least} }}");
            change(bundle, &format!("{service}/billing.yaml"), "part_payment: false", &part);
        }
    };
    let paying = billed(least).await;
    let mut anybody = Browser::new(&paying.town);
    anybody.get(BILL).await.expect(200, "₹1,100.00 at least");
    anybody.submit(&[("amount", "1099")]).await.expect(422, "Write an amount from ₹1,100.00 to ₹2,200.00");
    let to = anybody.submit(&[("amount", "1500")]).await.headers["location"].clone();
    let back = paying.choose(&to, "succeed").await;
    anybody.get(&back).await.expect(200, "₹1,500.00");
    anybody.get(BILL).await.expect(200, "To be paid: ₹700.00");
}

#[tokio::test]
async fn az_16_a_stranger_is_told_of_a_payment_on_its_way_and_not_of_its_receipt() {
    let paying = billed(public).await;
    let (mut one, mut other) = (Browser::new(&paying.town), Browser::new(&paying.town));
    let gateway = begin(&paying, &mut one).await;
    let back = paying.choose(&gateway, "pending").await;
    one.get(&back).await.expect(200, "We are checking your payment");
    other.get(BILL).await;
    other.submit(&[]).await.expect(422, "A payment of this bill is being checked");
    let reference = back.rsplit('/').next().unwrap();
    assert!(!other.page.html.contains(reference), "the receipt is for whoever paid");
    let last = if reference.ends_with('x') { 'y' } else { 'x' };
    other.get(&format!("/riverton/paid/{}{last}", &reference[..25])).await.expect(404, "");
}

#[tokio::test]
async fn az_16_the_address_of_a_payment_opens_its_own_receipt_and_ends() {
    let paying = billed(public).await;
    let (mut payer, mut friend) = (Browser::new(&paying.town), Browser::new(&paying.town));
    let gateway = begin(&paying, &mut payer).await;
    let back = paying.choose(&gateway, "succeed").await;
    payer.get(&back).await.expect(200, "It opens the receipt again until 28/09/2027");
    let reference = back.rsplit('/').next().unwrap().split('?').next().unwrap();
    let paid = format!("/{TOWN}/paid/{reference}");
    assert!(
        friend.get(&format!("{paid}/1")).await.bytes.starts_with(b"%PDF"),
        "whoever has the address has the receipt"
    );
    for other in ["0", "2", "x"] {
        friend.get(&format!("{paid}/{other}")).await.expect(404, "");
    }
    friend.get(&format!("/{TOWN}/my")).await.expect(200, "What is your mobile number?");
    paying.town.wait_ms(limits::PAID_MS);
    for at in [paid.clone(), format!("{paid}/1")] {
        friend.get(&at).await.expect(404, "");
    }
}

#[tokio::test]
async fn ses_05_a_form_of_another_browser_pays_nothing() {
    let paying = billed(public).await;
    let mut anybody = Browser::new(&paying.town);
    let request = Request::post(BILL).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let page = anybody.send(request, Body::from(encoded(&[("_csrf".to_owned(), "AAAA".to_owned())]))).await;
    assert_eq!(page.status, 403);
    let mut tx = paying.town.app.store.read(TOWN).await.unwrap();
    let cases = server::store::cases::about_record(&mut tx, "stall_permits", NUMBER).await.unwrap();
    for case in cases {
        assert!(orders::by_case(&mut tx, &case.id).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn whoever_holds_records_sees_what_is_owed_on_all_of_them() {
    let paying = billed(by_two).await;
    let mut owner = Browser::new(&paying.town);
    owner.sign_in("9876543210").await;
    owner.get("/riverton/my").await.expect(200, "To be paid: ₹2,200.00").expect(200, BILL);
    let mut other = Browser::new(&paying.town);
    other.sign_in("9876543219").await;
    let page = other.get("/riverton/my").await;
    assert!(!page.html.contains("To be paid"), "{}", page.text());
}

#[tokio::test]
async fn the_bill_is_there_on_paper() {
    let paying = billed(public).await;
    let mut anybody = Browser::new(&paying.town);
    anybody.get(BILL).await.expect(200, &format!("{BILL}/bill"));
    let paper = anybody.get(&format!("{BILL}/bill")).await;
    assert!(paper.status == 200 && paper.bytes.starts_with(b"%PDF"), "{}", paper.text());
    assert_eq!(paper.headers["content-type"], "application/pdf");
}

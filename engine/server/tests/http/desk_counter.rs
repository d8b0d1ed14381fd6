//! The counter: money is taken, receipts are printed and taken back by two people; and the registers.

use axum::body::Body;
use axum::http::Request;
use engine::base::date::parse_day;
use server::auth::seal::Sealed;
use server::store::{definitions, events, vouchers};

use crate::browser::{Browser, Page};
use crate::desk_town::{ASHA, at, open, staff, to_be_paid};
use crate::restart::change;
use crate::town::{TOWN, Town};

async fn receipts(town: &Town, case: &str) -> Vec<engine::billing::Receipt> {
    town.case(case).await.receipts
}

async fn balance(town: &Town, account: &str) -> i64 {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let sums = server::store::vouchers::trial_balance(&mut tx, None, None, None).await.unwrap();
    sums.iter().filter(|sum| sum.account == account).map(|sum| sum.debit_paise - sum.credit_paise).sum()
}

fn receipt(page: &Page) -> String {
    page.at.clone()
}

#[tokio::test]
async fn a_bill_is_found_by_number_name_and_mobile() {
    let town = open().await;
    to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    let collect = format!("/{TOWN}/desk/collect");
    for text in ["KIA/RVT/2026-27/000001", "asha s", "98765 43210", "+91 98765-43210", "९८७६५४३२१०"]
    {
        omar.get(&collect).await.expect(200, "name=\"q\"");
        omar.post(&collect, &[("q", text)]).await.expect(200, "₹1,150.00");
    }
    omar.get(&format!("/{TOWN}/desk/collect?q=nobody")).await.expect(200, "Nothing is found");
    let mut fatima = staff(&town, "fatima").await;
    fatima.get(&format!("/{TOWN}/desk/collect?q=9876543210")).await.expect(200, "Nothing is found");
}

#[tokio::test]
async fn cash_is_taken_and_the_license_follows() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/collect", at(&case))).await.expect(200, "Take ₹1,150.00").expect(200, "value=\"1,150.00\"");
    let form = omar.page.clone();
    omar.submit(&[("mode", "cash"), ("amount", "1,150.00")]).await;
    let page = omar.page.clone();
    for words in [
        "KR/RVT/2026-27/000001",
        "₹1,150.00",
        "One thousand one hundred fifty rupees only",
        "Omar Khan",
        "4501001",
        "Valid",
        "Asha Rao",
    ] {
        page.expect(200, words);
    }
    omar.page = form;
    omar.submit(&[("mode", "cash"), ("amount", "1,150.00")]).await.expect(200, "KR/RVT/2026-27/000001");
    assert_eq!(receipts(&town, &case).await.len(), 1, "pressing twice takes the money once");
    assert_eq!(town.case(&case).await.state, *"granted");
    assert_eq!((balance(&town, "4501001").await, balance(&town, "4313001").await), (115_000, 0));
    omar.get(&format!("{}/collect", at(&case))).await.expect(409, "There is nothing to pay.");
}

#[tokio::test]
async fn led_04_every_line_leads_to_its_voucher_its_event_its_receipt_its_case_and_its_rules() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/collect", at(&case))).await;
    omar.submit(&[("mode", "cash"), ("amount", "1,150.00")]).await.expect(200, "KR/RVT/2026-27/000001");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let journal = vouchers::journal(&mut tx, None, 99).await.unwrap();
    let traces = vouchers::traces(&mut tx, &journal).await.unwrap();
    let history = events::history(&mut tx, &case).await.unwrap();
    let kept = town.case(&case).await;
    for voucher in &journal {
        assert_eq!(vouchers::find(&mut tx, &voucher.number).await.unwrap().as_ref(), Some(voucher));
        assert_eq!(voucher.lines.iter().map(|(_, paise)| paise).sum::<i64>(), 0, "{}", voucher.number);
        assert_eq!(voucher.case, case);
        assert!(history.iter().any(|event| event.seq == voucher.event), "{}", voucher.number);
        let trace = &traces[&voucher.event];
        assert_eq!(Some(&trace.case), kept.number.as_ref());
        let receipt = if voucher.kind == "receipt" { "KR/RVT/2026-27/000001" } else { "" };
        assert_eq!(trace.receipt, receipt, "{}", voucher.number);
    }
    let mut kinds: Vec<&str> = journal.iter().map(|voucher| voucher.kind.as_str()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["demand", "receipt"]);
    // The receipt is of the bill of this case, whose rules are kept as they were.
    let receipt = &kept.receipts[0];
    assert_eq!((receipt.number.as_str(), receipt.payment.amount), ("KR/RVT/2026-27/000001", kept.demands[0].total()));
    let rules = definitions::find(&mut tx, &kept.definition).await.unwrap().unwrap();
    assert!(rules.service == "kiosk" && rules.files.contains("fees.rhai"), "{}", rules.digest);
}

#[tokio::test]
async fn a_cheque_needs_its_number_its_bank_and_its_day() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/collect", at(&case))).await;
    let page = omar
        .submit(&[("mode", "cheque"), ("amount", "1150"), ("number", ""), ("bank", ""), ("dated", "31/02/2026")])
        .await;
    page.expect(422, "Write the number of the cheque")
        .expect(422, "Write the IFSC")
        .expect(422, "Write the date on the cheque");
    omar.submit(&[("mode", "card"), ("amount", "1150"), ("number", "")])
        .await
        .expect(422, "Write the reference on the slip.");
    omar.submit(&[("mode", "online"), ("amount", "1150"), ("number", "x")]).await.expect(422, "Choose how it is paid.");
    omar.submit(&[("mode", "cash"), ("amount", "1000")]).await.expect(422, "The whole amount must be paid: ₹1,150.00");
    omar.submit(&[("mode", "cash"), ("amount", "-5")]).await.expect(422, "Write an amount above zero.");
    assert!(receipts(&town, &case).await.is_empty());
    let cheque = [
        ("mode", "cheque"),
        ("amount", "1150"),
        ("number", "004211"),
        ("bank", "rvtb0000123"),
        ("dated", "05/04/2026"),
    ];
    // Another mode than the page had reckoned with: it is shown first what it leads to.
    let why = "Nothing has been taken yet: you changed the mode or the amount.";
    assert!(!omar.page.html.contains(why), "what is wrong with the amount is said, and nothing else");
    omar.submit(&cheque).await.expect(200, "Take ₹1,150.00").expect(200, "4501003").expect(200, "Cheque.");
    omar.page.expect(200, why).expect(200, "if it is right, press “Take ₹1,150.00”");
    assert!(receipts(&town, &case).await.is_empty(), "looking takes nothing");
    omar.submit(&cheque).await.expect(200, "004211, rvtb0000123, 05/04/2026").expect(200, "4501003");
}

#[tokio::test]
async fn what_a_payment_leads_to_is_shown_and_the_change_is_reckoned() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    let page = omar.get(&format!("{}/collect", at(&case))).await.clone();
    for words in [
        "A receipt is written: KR/RVT/2026-27/…, ₹1,150.00, Cash.",
        "License in force",
        "Kiosk license is made, valid from 06/04/2026",
        "4501001",
        "A receipt can only be cancelled",
        "******3210",
    ] {
        page.expect(200, words);
    }
    let short = [("mode", "cash"), ("amount", "1150"), ("tendered", "1000")];
    omar.submit(&short).await.expect(422, "Less was handed over than is to be taken.");
    omar.submit(&[("mode", "cash"), ("amount", "1150"), ("tendered", "1500")])
        .await
        .expect(200, "KR/RVT/2026-27/000001")
        .expect(200, "Give back: ₹350.00");
    assert_eq!(
        receipts(&town, &case).await[0].payment.amount.to_string(),
        "1150.00",
        "what is given back is not taken"
    );
}

#[tokio::test]
async fn a_clerk_takes_no_less_than_the_bill_takes_at_once() {
    let town = open().await;
    let mut bundle = town.app.library.now().bundle.clone();
    change(&mut bundle, "kiosk/billing.yaml", "part_payment: false", "part_payment: { at_least: 25 % }");
    town.app.library.swap(bundle, 1);
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/collect", at(&case))).await.expect(200, "₹288.00 at least");
    let less = [("mode", "cash"), ("amount", "287")];
    omar.submit(&less).await.expect(422, "At least ₹288.00 must be paid at once");
    assert!(receipts(&town, &case).await.is_empty());
    let least = [("mode", "cash"), ("amount", "288")];
    omar.submit(&least).await.expect(200, "Take ₹288.00");
    omar.submit(&least).await.expect(200, "KR/RVT/2026-27/000001");
    omar.get(&format!("{}/collect", at(&case))).await.expect(200, "₹216.00 at least").expect(200, "Take ₹862.00");
}

#[tokio::test]
async fn pay_15_the_first_print_is_the_receipt_and_the_next_a_duplicate() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/collect", at(&case))).await;
    omar.submit(&[("mode", "cash"), ("amount", "1150")]).await;
    let here = receipt(&omar.page);
    let print = format!("{here}/print");
    omar.page.expect(200, &format!("action=\"{print}\""));
    let looked = omar.send(Request::get(&print), Body::empty()).await;
    assert_eq!(looked.status, 405, "a link that is followed by itself prints nothing");
    omar.get(&here).await;
    let first = omar.post(&print, &[]).await.clone();
    assert_eq!((first.status, first.headers["content-type"].as_str()), (200, "application/pdf"));
    assert!(first.bytes.starts_with(b"%PDF-"));
    omar.get(&here).await.expect(200, "Printed 1 time.");
    let second = omar.post(&print, &[]).await.clone();
    assert_ne!(first.bytes, second.bytes, "the second bears a mark");
    omar.get(&here).await.expect(200, "Printed 2 times.");
    omar.get(&format!("{}?tab=timeline", at(&case)))
        .await
        .expect(200, "Receipt KR/RVT/2026-27/000001 was printed")
        .expect(200, "Omar Khan");
}

/// A receipt's sealed code, as the counter prints it before the paper is issued.
fn sealed(town: &Town, tenant: &str) -> String {
    let sealed = Sealed {
        kind: "receipt".to_owned(),
        tenant: tenant.to_owned(),
        number: "KR/RVT/2026-27/000001".to_owned(),
        code: String::new(),
        digest: "00".repeat(16),
        issued: parse_day("2026-04-06").unwrap(),
    };
    sealed.sign(&town.app.keys)
}

#[tokio::test]
async fn a_paper_leads_to_its_case_when_it_is_scanned() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    let application = Sealed {
        kind: "application".to_owned(),
        tenant: TOWN.to_owned(),
        number: "KIA/RVT/2026-27/000001".to_owned(),
        code: String::new(),
        digest: String::new(),
        issued: parse_day("2026-04-06").unwrap(),
    };
    let code = application.sign(&town.app.keys);
    let scanned = format!("https%3A%2F%2Ftown.example%2F{TOWN}%2Fverify%2F{code}");
    let collect = format!("/{TOWN}/desk/collect?q=");
    omar.get(&format!("{collect}{scanned}")).await.expect(200, "Take ₹1,150.00");
    omar.submit(&[("mode", "cash"), ("amount", "1150")]).await.expect(200, "KR/RVT/2026-27/000001");
    town.work().await;
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let papers = server::store::papers::by_case(&mut tx, &case).await.unwrap();
    drop(tx);
    let typed = &papers.iter().find(|paper| paper.document == "receipt").unwrap().code;
    for paper in [sealed(&town, TOWN).as_str(), typed, &typed.to_uppercase()] {
        omar.get(&format!("{collect}{paper}")).await.expect(200, "KIA/RVT/2026-27/000001").expect(200, "Fee paid");
        omar.get(&format!("/{TOWN}/desk/inbox?q={paper}")).await.expect(200, "KIA/RVT/2026-27/000001");
        assert_eq!(omar.page.at, at(&case));
    }
    omar.get(&format!("{collect}{}", sealed(&town, "elsewhere"))).await.expect(200, "Nothing is found");
    omar.get(&format!("{collect}{}", "x".repeat(101))).await.expect(400, "");
    let mut fatima = staff(&town, "fatima").await;
    fatima.get(&format!("{collect}{scanned}")).await.expect(200, "Nothing is found");
    fatima.get(&format!("/{TOWN}/desk/inbox?q={scanned}")).await.expect(200, "No case fits");
}

#[tokio::test]
async fn what_was_printed_at_the_counter_can_be_verified_by_anybody() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&at(&case)).await.expect(200, "Waits for the payment");
    omar.get(&format!("{}/collect", at(&case))).await;
    omar.submit(&[("mode", "cash"), ("amount", "1150")]).await;
    assert!(!omar.get(&at(&case)).await.html.contains("With nobody yet"), "it has ended");
    let mut anybody = Browser::new(&town);
    let page = anybody.get(&format!("/{TOWN}/verify/{}", sealed(&town, TOWN))).await.clone();
    for words in ["This document is valid", "KR/RVT/2026-27/000001", "₹1,150.00", "Asha Snacks", "A*** R**"] {
        page.expect(200, words);
    }
    assert!(!page.html.contains("Asha Rao"), "whose it is can be recognised, not read");
    assert!(!page.html.contains("Code: ."), "a sealed code is none to be typed");
    // The same seal in another town is genuine, and leads to the right one.
    let elsewhere = anybody.get(&format!("/hilltop/verify/{}", sealed(&town, TOWN))).await.clone();
    elsewhere.expect(200, "This document is from another town").expect(200, "Riverton");
    let there = elsewhere.link(&format!("/{TOWN}/verify/1."));
    anybody.get(&there).await.expect(200, "This document is valid");
    anybody.get(&format!("/{TOWN}/verify/{}", sealed(&town, "nowhere"))).await.expect(404, "No document has this code");
}

#[tokio::test]
async fn pay_12_a_receipt_is_taken_back_by_two_people() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/collect", at(&case))).await;
    omar.submit(&[("mode", "cash"), ("amount", "1150")]).await;
    town.work().await;
    let here = receipt(&omar.page);
    let cancel = format!("{here}/cancel");
    omar.get(&cancel)
        .await
        .expect(200, "The amount is owed again: ₹1,150.00")
        .expect(200, "The receipt is taken back")
        .expect(200, "It was taken today");
    omar.submit(&[("reason", "")]).await.expect(422, "Choose why the receipt should be cancelled");
    omar.submit(&[("reason", "other")]).await.expect(422, "Write why the receipt should be cancelled");
    omar.submit(&[("reason", "wrong_payer"), ("remark", "Wrong case.")])
        .await
        .expect(200, "Cancellation asked for")
        .expect(200, "A second person must decide.");
    assert!(!receipts(&town, &case).await[0].cancelled, "asking changes nothing");
    omar.get(&cancel).await.expect(403, "Another person must decide.");
    omar.get(&here).await;
    omar.post(&cancel, &[("decision", "approve")]).await.expect(403, "Another person must decide.");
    assert!(!receipts(&town, &case).await[0].cancelled, "nobody agrees with himself");
    let mut olga = staff(&town, "olga").await;
    olga.get(&format!("/{TOWN}/desk")).await.expect(200, "Decide on the cancellation of receipt KR/RVT/2026-27/000001");
    olga.get(&cancel)
        .await
        .expect(200, "It was taken for the wrong person or the wrong case: Wrong case.")
        .expect(200, "Omar Khan");
    olga.submit(&[("decision", "approve")]).await.expect(200, "Cancelled").expect(200, "Cancellation agreed by");
    assert!(receipts(&town, &case).await[0].cancelled);
    assert_eq!((balance(&town, "4501001").await, balance(&town, "4313001").await), (0, 115_000));
    olga.get(&cancel).await.expect(404, "");
    olga.get(&here).await;
    olga.post(&format!("{here}/print"), &[]).await.expect(404, "Page not found");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let papers = server::store::papers::by_case(&mut tx, &case).await.unwrap();
    let of_receipt = papers.iter().find(|paper| paper.document == "receipt").unwrap();
    assert_eq!(of_receipt.status, "cancelled", "the paper says so too");
    let mut asha = crate::browser::Browser::new(&town);
    asha.sign_in("9876543210").await;
    asha.get(&format!("/{TOWN}/cases/{case}")).await.expect(200, "Receipt cancelled").expect(200, "Wrong case.");
}

#[tokio::test]
async fn only_who_handles_money_takes_it_and_gives_it_back() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let link = format!("{}/collect\"", at(&case));
    let mut meera = staff(&town, "meera").await;
    let page = meera.get(&at(&case)).await.clone();
    assert!(page.status == 200 && !page.html.contains(&link), "no counter for a clerk:\n{}", page.text());
    meera.get(&format!("{}/collect", at(&case))).await.expect(403, "This is for another post.");
    let mut omar = staff(&town, "omar").await;
    omar.get(&at(&case)).await.expect(200, &link);
    omar.get(&format!("{}/collect", at(&case))).await;
    omar.submit(&[("mode", "cash"), ("amount", "1150")]).await;
    let here = receipt(&omar.page);
    let page = meera.get(&here).await.clone();
    assert!(
        page.status == 200 && !page.html.contains(&format!("{here}/cancel\"")),
        "nothing to ask for:\n{}",
        page.text()
    );
    meera.get(&format!("{here}/cancel")).await.expect(403, "This is for another post.");
}

#[tokio::test]
async fn a_paper_that_is_issued_late_knows_what_became_of_its_receipt() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/collect", at(&case))).await;
    omar.submit(&[("mode", "cash"), ("amount", "1150")]).await;
    let cancel = format!("{}/cancel", receipt(&omar.page));
    omar.get(&cancel).await;
    omar.submit(&[("reason", "wrong_payer"), ("remark", "Wrong case.")]).await;
    let mut olga = staff(&town, "olga").await;
    olga.get(&cancel).await;
    olga.submit(&[("decision", "approve")]).await.expect(200, "Cancelled");
    // Only now the papers are made.
    town.work().await;
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let papers = server::store::papers::by_case(&mut tx, &case).await.unwrap();
    let status = |document: &str| papers.iter().find(|paper| paper.document == document).unwrap().status.clone();
    assert_eq!((status("receipt").as_str(), status("license").as_str()), ("cancelled", "valid"));
    assert_eq!(server::store::verify::verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn the_second_person_may_keep_the_receipt() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/collect", at(&case))).await;
    omar.submit(&[("mode", "cash"), ("amount", "1150")]).await;
    let here = receipt(&omar.page);
    omar.get(&format!("{here}/cancel")).await;
    omar.submit(&[("reason", "other"), ("remark", "I would rather not.")]).await;
    let mut olga = staff(&town, "olga").await;
    olga.get(&format!("{here}/cancel")).await;
    olga.submit(&[("decision", "refuse")]).await.expect(422, "Write why the receipt is not cancelled");
    olga.submit(&[("decision", "refuse"), ("reason", "It is the right case.")])
        .await
        .expect(200, "Valid")
        .expect(200, "Cancellation refused by")
        .expect(200, "It is the right case.");
    assert!(!receipts(&town, &case).await[0].cancelled);
    let mut fatima = staff(&town, "fatima").await;
    fatima.get(&here).await.expect(404, "Page not found");
    fatima.get(&format!("{here}/cancel")).await.expect(404, "Page not found");
}

#[tokio::test]
async fn nobody_agrees_to_another_request_than_the_one_that_was_looked_at() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/collect", at(&case))).await;
    omar.submit(&[("mode", "cash"), ("amount", "1150")]).await;
    let cancel = format!("{}/cancel", receipt(&omar.page));
    omar.get(&cancel).await;
    omar.submit(&[("reason", "other"), ("remark", "I would rather not.")]).await;
    let (mut olga, mut elsewhere) = (staff(&town, "olga").await, staff(&town, "olga").await);
    olga.get(&cancel).await.expect(200, "I would rather not.");
    elsewhere.get(&cancel).await;
    elsewhere.submit(&[("decision", "refuse"), ("reason", "It is the right case.")]).await;
    town.wait_ms(1_000);
    omar.get(&cancel).await;
    omar.submit(&[("reason", "wrong_payer"), ("remark", "Of her sister.")]).await;
    olga.submit(&[("decision", "approve")]).await.expect(200, "Of her sister.");
    assert!(!receipts(&town, &case).await[0].cancelled, "it is shown first");
    olga.submit(&[("decision", "approve")]).await.expect(200, "Cancelled");
    assert!(receipts(&town, &case).await[0].cancelled);
}

#[tokio::test]
async fn a_register_shows_its_records_now_and_on_a_day() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/collect", at(&case))).await;
    omar.submit(&[("mode", "cash"), ("amount", "1150")]).await;
    town.work().await;
    let list = format!("/{TOWN}/desk/registers/kiosk_licenses");
    let page = omar.get(&list).await;
    page.expect(200, "KL/RVT/2026-27/000001")
        .expect(200, "Asha Snacks")
        .expect(200, "31/03/2027")
        .expect(200, "A*** R**");
    omar.get(&format!("{list}?state=expired")).await.expect(200, "No record fits");
    omar.get(&format!("{list}?q=asha")).await.expect(200, "KL/RVT/2026-27/000001");
    for text in ["asha rao", "Aasha Raav", "आशा राव", "आशा स्नैक्स", "kl/rvt", "9876543210"]
    {
        let query: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        omar.get(&format!("{list}?q={query}")).await.expect(200, "KL/RVT/2026-27/000001");
    }
    omar.get(&format!("{list}?q=nobody")).await.expect(200, "No record fits");
    let record = omar.get(&list).await.link(&format!("{list}/"));
    omar.get(&record)
        .await
        .expect(200, "In force")
        .expect(200, "Created")
        .expect(200, "Nothing is owed")
        .expect(200, "Omar Khan, Market officer")
        .expect(200, "KIA/RVT/2026-27/000001")
        .expect(200, "Kiosk license");
    town.wait_ms(10 * 86_400_000);
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/act/end", at(&case)))
        .await
        .expect(200, "is cancelled; it was valid from 06/04/2026 to 31/03/2027");
    omar.submit(&[("comment", "The kiosk is gone.")]).await.expect(200, "License ended");
    omar.get(&record).await.expect(200, "Cancelled");
    omar.get(&format!("{list}?state=revoked")).await.expect(200, "KL/RVT/2026-27/000001");
    omar.get(&format!("{record}?on=2026-01-01")).await.expect(404, "");
    omar.get(&format!("{record}?on=never")).await.expect(422, "“never” is not a date.").expect(422, "Cancelled");
    omar.get(&format!("{record}?on=07/04/2026")).await.expect(200, "value=\"2026-04-07\"").expect(200, "In force");
    omar.get(&format!("{record}?on=16/04/2026")).await.expect(200, "Cancelled");
    let mut fatima = staff(&town, "fatima").await;
    fatima.get(&list).await.expect(404, "Page not found");
    fatima.get(&record).await.expect(404, "Page not found");
}

#[tokio::test]
async fn my_work_is_counted_from_what_happened() {
    let town = open().await;
    let case = crate::desk_town::applied(&town, ASHA).await;
    town.wait_ms(2 * 86_400_000);
    let mut meera = staff(&town, "meera").await;
    meera.get(&format!("{}/act/forward", at(&case))).await;
    meera.submit(&[("assignee", "")]).await;
    let page = meera.get(&format!("/{TOWN}/desk/my-work?span=week")).await;
    page.expect(200, "06/04/2026 – 08/04/2026")
        .expect(200, "100 %")
        .expect(200, "2.0 days")
        .expect(200, "Being checked")
        .expect(200, "Meera Joshi");
    meera.get(&format!("/{TOWN}/desk/my-work?span=year")).await.expect(200, "01/04/2026 – 08/04/2026");
}

//! What the counter asks for, and cheques that pay for two receipts.

use engine::source::Bundle;

use crate::desk_town::{ASHA, Kiosk, at, open, open_of, staff, to_be_paid};
use crate::restart::change;
use crate::town::TOWN;

/// Fees are taken in parts, and what rounds a bill to whole rupees is a charge of the day on which it is paid.
fn rounded_when_paid(bundle: &mut Bundle) {
    let file = |name: &str| format!("kiosk/{name}");
    change(bundle, &file("billing.yaml"), "part_payment: false", "part_payment: true");
    change(bundle, &file("billing.yaml"), "round_to: 1 rupee", "round_to: 1 paisa");
    change(bundle, &file("billing.yaml"), "penalty: Penalty }", "penalty: Penalty, round_off: Rounding }");
    change(bundle, &file("postings.yaml"), "penalty: \"1401102\"", "penalty: \"1401102\", round_off: \"1401102\"");
    let hindi = "heads: { license_fee: अनुज्ञप्ति शुल्क, penalty: शास्ति, round_off: पूर्णांकन }";
    change(bundle, &file("locales/hi.yaml"), "heads: { license_fee: अनुज्ञप्ति शुल्क, penalty: शास्ति }", hindi);
    change(bundle, &file("rates.yaml"), "per_square_metre: 25", "per_square_metre: 25.07");
    let rule = "fn on_payment(demand, day, rates) {\n    let whole = demand.total + demand.paid - demand.charged.round_off;\n\
                \x20   #{ round_off: round_half_up(whole, 0) - whole - demand.charged.round_off }\n}\n\nfn fees";
    change(bundle, &file("fees.rhai"), "fn fees", rule);
}

#[tokio::test]
async fn what_is_left_to_be_paid_is_what_the_counter_asks_for() {
    let town = open_of(|_| (), rounded_when_paid).await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    let collect = format!("{}/collect", at(&case));
    omar.get(&collect).await.expect(200, "Take ₹1,150.00");
    let part = [("mode", "cash"), ("amount", "500")];
    omar.submit(&part).await.expect(200, "Take ₹500.00");
    omar.submit(&part).await.expect(200, "KR/RVT/2026-27/000001").expect(200, "Take ₹650.00");
    let here = omar.page.at.clone();
    let demands = town.case(&case).await.demands;
    assert_eq!(demands[0].owed().to_string(), "650.42", "the rounding is not the demand's but the day's");
    omar.get(&collect).await.expect(200, "Take ₹650.00");
    omar.get(&format!("/{TOWN}/desk/collect?q=9876543210")).await.expect(200, "₹650.00");
    omar.get(&format!("{here}/cancel")).await.expect(200, "The amount is owed again: ₹1,150.00");
}

#[tokio::test]
async fn lists_and_their_files_say_what_the_counter_asks_for() {
    let town = open_of(|_| (), rounded_when_paid).await;
    let case = to_be_paid(&town, ASHA).await;
    assert_eq!(town.case(&case).await.demands[0].owed().to_string(), "1150.42");
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/collect", at(&case))).await.expect(200, "Take ₹1,150.00");
    omar.get(&format!("/{TOWN}/desk/inbox?scope=all")).await.expect(200, "₹1,150.00 to be paid");
    let file = omar.get(&format!("/{TOWN}/desk/inbox.csv?scope=all")).await;
    assert!(file.html.contains(",\"₹1,150.00 to be paid\","), "{}", file.html);
}

#[tokio::test]
async fn a_cheque_that_pays_for_two_receipts_is_taken_and_each_names_the_other() {
    let town = open().await;
    let second = Kiosk { mobile: "9876543211", applicant: "Ravi Das", name: "Mill Tea", place: "L1" };
    let cases = [to_be_paid(&town, ASHA).await, to_be_paid(&town, second).await];
    let mut omar = staff(&town, "omar").await;
    let cheque = |number: &'static str, dated: &'static str| {
        [("mode", "cheque"), ("amount", "1150"), ("number", number), ("bank", "RVTB0000123"), ("dated", dated)]
    };
    let receipts = ["KR/RVT/2026-27/000001", "KR/RVT/2026-27/000002"];
    let pays = |other: &str| format!("pays for other receipts too: {other}. If the bank");
    omar.get(&format!("{}/collect", at(&cases[0]))).await;
    omar.submit(&cheque("004211", "05/04/2026")).await;
    omar.submit(&cheque("004211", "05/04/2026")).await.expect(200, receipts[0]);
    assert!(!omar.page.html.contains("pays for other receipts"), "so far there is none");
    let first = omar.page.at.clone();
    omar.get(&format!("{}/collect", at(&cases[1]))).await;
    omar.submit(&cheque("004212", "05/04/2026")).await.expect(200, "Take ₹1,150.00");
    assert!(!omar.page.html.contains("pays for other receipts"), "this is another cheque");
    // The clerk has misread the day on it: it is the same all the same.
    omar.submit(&cheque("004211", "04/04/2026")).await;
    omar.page.expect(200, receipts[1]).expect(200, &pays(receipts[0]));
    let other = omar.page.at.clone();
    omar.get(&first).await.expect(200, &pays(receipts[1]));

    omar.get(&format!("{first}/cancel")).await.expect(200, &pays(receipts[1]));
    omar.submit(&[("reason", "not_honoured"), ("remark", "")]).await.expect(200, "Cancellation asked for");
    let mut olga = staff(&town, "olga").await;
    olga.get(&format!("{first}/cancel")).await.expect(200, &pays(receipts[1]));
    let back = format!("was not honoured, and pays for other receipts too: {}. They are", receipts[1]);
    olga.submit(&[("decision", "approve")]).await.expect(200, &back);
    olga.get(&other).await.expect(200, receipts[1]);
    assert!(!olga.page.html.contains("pays for other receipts"), "the first does not hang on it any more");
}

#[tokio::test]
async fn a_cheque_that_was_taken_before_is_told_of_where_it_is_first_typed() {
    let town = open().await;
    let second = Kiosk { mobile: "9876543211", applicant: "Ravi Das", name: "Mill Tea", place: "L1" };
    let cases = [to_be_paid(&town, ASHA).await, to_be_paid(&town, second).await];
    let mut omar = staff(&town, "omar").await;
    let cheque = [
        ("mode", "cheque"),
        ("amount", "1150"),
        ("number", "004211"),
        ("bank", "rvtb0000123"),
        ("dated", "05/04/2026"),
    ];
    omar.get(&format!("{}/collect", at(&cases[0]))).await;
    omar.submit(&cheque).await;
    omar.submit(&cheque).await.expect(200, "KR/RVT/2026-27/000001");
    omar.get(&format!("{}/collect", at(&cases[1]))).await;
    omar.submit(&cheque).await.expect(200, "pays for other receipts too: KR/RVT/2026-27/000001. If the bank");
    assert!(town.case(&cases[1]).await.receipts.is_empty(), "it is told before it is taken");
    omar.submit(&cheque).await.expect(200, "KR/RVT/2026-27/000002");
    assert_eq!(town.case(&cases[1]).await.receipts.len(), 1, "and it is not refused");
}

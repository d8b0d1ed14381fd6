//! The day at the counter: a till is opened, filled, counted by its owner and confirmed by another person.

use engine::base::Name;
use engine::billing::{Part, Payment};
use engine::case::{Actor, ActorKind, Command, Refusal, command};
use serde_json::json;
use server::act;
use server::problem::Problem;
use server::store::verify::verify;

use crate::browser::Browser;
use crate::desk_town::{ASHA, Kiosk, applied_in, at, employ, open, staff, staff_of, to_be_paid};
use crate::town::{TOWN, Town};

const BINA: Kiosk<'static> = Kiosk { mobile: "9876543211", applicant: "Bina Das", name: "Bina Tea", place: "L1" };
const CHIA: Kiosk<'static> = Kiosk { mobile: "9876543212", applicant: "Chia Lal", name: "Chia Fruit", place: "L1" };
const DINA: Kiosk<'static> = Kiosk { mobile: "9876543213", applicant: "Dina Roy", name: "Dina Juice", place: "L1" };

const TILL: &str = "TILL/RVT/2026-27/000001";

/// The address of the first till.
fn till() -> String {
    format!("/{TOWN}/desk/tills/TILL%2FRVT%2F2026-27%2F000001")
}

async fn collect(browser: &mut Browser<'_>, case: &str, fields: &[(&str, &str)]) {
    browser.get(&format!("{}/collect", at(case))).await.expect(200, "Take ₹1,150.00");
    browser.submit(fields).await;
    if browser.page.at.ends_with("/collect") || browser.page.html.contains("Take ₹1,150.00") {
        // Another mode than cash is shown first.
        browser.submit(fields).await;
    }
    browser.page.expect(200, "KR/RVT/2026-27/");
}

async fn balance(town: &Town, account: &str) -> i64 {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let sums = server::store::vouchers::trial_balance(&mut tx, None, None, None).await.unwrap();
    sums.iter().filter(|sum| sum.account == account).map(|sum| sum.debit_paise - sum.credit_paise).sum()
}

async fn sound(town: &Town) {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(verify(&mut tx, None).await.unwrap(), []);
}

/// Omar opens a till with ₹500.00, and takes money by three modes; a fourth receipt is taken back by Olga.
async fn filled(town: &Town) -> Vec<String> {
    let mut cases = Vec::new();
    for kiosk in [ASHA, BINA, CHIA, DINA] {
        cases.push(to_be_paid(town, kiosk).await);
    }
    let mut omar = staff(town, "omar").await;
    omar.get(&format!("/{TOWN}/desk/tills")).await.expect(200, "There is no till yet.").expect(200, "Open a till");
    omar.get(&format!("/{TOWN}/desk/till")).await.expect(200, "06/04/2026");
    omar.submit(&[("float", "-5")]).await.expect(422, "Write an amount, as in");
    omar.submit(&[("float", "500")]).await.expect(200, TILL).expect(200, "₹500.00");
    omar.get(&format!("/{TOWN}/desk/till")).await.expect(200, TILL);
    let day = ("dated", "05/04/2026");
    collect(&mut omar, &cases[0], &[("mode", "cash"), ("amount", "1150")]).await;
    omar.page.expect(200, TILL);
    let cheque = [("mode", "cheque"), ("amount", "1150"), ("number", "004211"), ("bank", "RVTB0000123"), day];
    collect(&mut omar, &cases[1], &cheque).await;
    collect(&mut omar, &cases[2], &[("mode", "card"), ("amount", "1150"), ("number", "SLIP 7")]).await;
    collect(&mut omar, &cases[3], &[("mode", "cash"), ("amount", "1150")]).await;
    let cancel = format!("{}/cancel", omar.page.at.split('?').next().unwrap());
    omar.get(&cancel).await.expect(200, "It was taken today");
    omar.submit(&[("reason", "wrong_payer"), ("remark", "")]).await.expect(200, "Cancellation asked for");
    omar.get(&till()).await.expect(200, "Cancellation asked for").expect(200, "₹2,800.00");
    let mut olga = staff(town, "olga").await;
    olga.get(&cancel).await;
    olga.submit(&[("decision", "approve")]).await.expect(200, "Cancelled");
    omar.get(&till()).await;
    for words in ["Cancelled; agreed by Olga Bisht", "₹1,650.00", "004211", "RVTB0000123", "05/04/2026", "SLIP 7"] {
        omar.page.expect(200, words);
    }
    sound(town).await;
    cases
}

/// Three notes of ₹500.00, one of ₹100.00 and ₹49.50 in coins: ₹0.50 less than there ought to be.
const COUNTED: [(&str, &str); 6] = [
    ("note_50000", "3"),
    ("note_20000", ""),
    ("note_10000", "1"),
    ("coins", "49.50"),
    ("sum_cheque", "1,150.00"),
    ("sum_card", "1150"),
];

#[tokio::test]
async fn az_08_a_till_is_counted_by_its_owner_and_confirmed_by_another() {
    let town = open().await;
    filled(&town).await;
    let mut omar = staff(&town, "omar").await;
    let count = format!("{}/count", till());
    let blind = omar.get(&count).await.expect(200, "Notes of ₹500.00").clone();
    assert!(!blind.html.contains("₹1,650.00"), "what ought to be there is not shown before it is counted");
    let wrong = [("note_50000", "three"), ("coins", "x"), ("sum_cheque", ""), ("sum_card", "-1")];
    let page = omar.submit(&wrong).await.clone();
    page.expect(422, "Write how many there are").expect(422, "Write an amount, as in 1,250.50");
    omar.get(&count).await;
    let page = omar.submit(&COUNTED).await.clone();
    page.expect(200, "₹0.50 missing").expect(200, "₹1,649.50").expect(200, "₹1,650.00").expect(200, "Agrees");
    omar.submit(&COUNTED).await.expect(422, "Say why");
    let mut said = COUNTED.to_vec();
    said.push(("reason", "A coin fell behind the counter."));
    omar.submit(&said).await.expect(200, "To be confirmed").expect(200, "A coin fell behind the counter.");
    omar.page.expect(200, "waits for another person");
    omar.post(&till(), &[("decision", "close")]).await;
    assert_eq!(balance(&town, "4601001").await, 0, "nobody confirms an own count");
    sound(&town).await;

    let mut olga = staff(&town, "olga").await;
    olga.get(&format!("/{TOWN}/desk")).await.expect(200, &format!("Confirm the count of till {TILL}"));
    olga.get(&till()).await.expect(200, "4601001").expect(200, "Omar Khan").expect(200, "A coin fell");
    olga.submit(&[("decision", "again"), ("reason", " ")]).await.expect(422, "Say why");
    olga.submit(&[("decision", "again"), ("reason", "Look under the mat.")]).await.expect(200, "To be counted again");
    omar.get(&count).await.expect(200, "Look under the mat.");
    omar.submit(&said).await;
    omar.submit(&said).await.expect(200, "To be confirmed");
    olga.get(&till()).await;
    olga.submit(&[("decision", "close"), ("reason", "")]).await.expect(200, "This till is closed");
    olga.page.expect(200, "Difference of a till").expect(200, "One thousand six hundred forty-nine rupees");
    let booked = (balance(&town, "4601001").await, balance(&town, "4501001").await, balance(&town, "4501003").await);
    assert_eq!(booked, (50, 115_000 - 50, 115_000), "short of fifty paise, and the cheque in hand");
    olga.post(&till(), &[("decision", "close")]).await.expect(200, "This till is closed");
    assert_eq!(balance(&town, "4601001").await, 50, "pressing twice books once");
    sound(&town).await;
}

#[tokio::test]
async fn az_08_the_till_of_somebody_absent_is_counted_by_a_second_and_confirmed_by_a_third_person() {
    let town = open().await;
    employ(&town, TOWN, ("uma", "Uma Sen"), ("kiosk", "officer", "")).await;
    filled(&town).await;
    let mut olga = staff(&town, "olga").await;
    olga.get(&till()).await.expect(200, "Count it for its owner");
    let count = format!("{}/count", till());
    let blind = olga.get(&count).await.expect(200, "Why does its owner not count it?").clone();
    assert!(!blind.html.contains("₹1,650.00"), "what ought to be there is not shown before it is counted");
    let mut said = COUNTED.to_vec();
    olga.submit(&said).await.expect(422, "Say why");
    said.push(("absent", "He fell ill at noon."));
    olga.submit(&said).await.expect(200, "₹0.50 missing");
    olga.submit(&said).await.expect(422, "Say why");
    said.push(("reason", "It was found so."));
    olga.submit(&said).await.expect(200, "To be confirmed").expect(200, "He fell ill at noon.");
    olga.page.expect(200, "waits for another person");
    olga.post(&till(), &[("decision", "close")]).await;
    assert_eq!(balance(&town, "4601001").await, 0, "nobody confirms an own count");
    let desk = olga.get(&format!("/{TOWN}/desk")).await.clone();
    assert!(!desk.html.contains("Confirm the count of till"), "nor is asked to");
    let mut omar = staff(&town, "omar").await;
    omar.get(&till()).await.expect(200, "Olga Bisht").expect(200, "He fell ill at noon.");
    omar.post(&till(), &[("decision", "close")]).await;
    assert_eq!(balance(&town, "4601001").await, 0, "nor the count of an own till");
    sound(&town).await;

    let mut uma = staff(&town, "uma").await;
    uma.get(&format!("/{TOWN}/desk")).await.expect(200, &format!("Confirm the count of till {TILL}"));
    uma.get(&till()).await;
    uma.submit(&[("decision", "close"), ("reason", "")]).await.expect(200, "This till is closed");
    assert_eq!(balance(&town, "4601001").await, 50);
    let paper = uma.get(&format!("{}/sheet", till())).await;
    assert!(paper.status == 200 && paper.bytes.starts_with(b"%PDF-"), "{}", paper.text());
    sound(&town).await;
}

#[tokio::test]
async fn the_sheet_of_a_closed_till_is_there_on_paper_in_both_languages() {
    let town = open().await;
    filled(&town).await;
    let sheet = format!("{}/sheet", till());
    let mut omar = staff(&town, "omar").await;
    omar.get(&sheet).await.expect(404, "");
    omar.get(&format!("{}/count", till())).await;
    let mut said = COUNTED.to_vec();
    said.push(("reason", "A coin fell behind the counter."));
    omar.submit(&said).await;
    omar.submit(&said).await.expect(200, "To be confirmed");
    assert!(!omar.page.html.contains(&sheet), "a sheet is of what both agree to");
    let mut olga = staff(&town, "olga").await;
    olga.get(&till()).await;
    olga.submit(&[("decision", "close"), ("reason", "Counted together.")]).await.expect(200, "Sheet of the day as PDF");
    olga.page.link(&sheet);
    let english = olga.get(&sheet).await.clone();
    assert_eq!((english.status, english.headers["content-type"].as_str()), (200, "application/pdf"));
    assert!(english.bytes.starts_with(b"%PDF-"));
    town.wait_ms(24 * 60 * 60_000);
    let mut omar = staff(&town, "omar").await;
    let again = omar.get(&sheet).await.clone();
    assert!(again.bytes == english.bytes, "the same till has the same paper, whoever prints it and whenever");
    omar.get(&format!("{}?lang=hi", till())).await.expect(200, "दैनिक रोकड़ पत्रक (पीडीएफ़)");
    let hindi = omar.get(&format!("{sheet}?lang=hi")).await.clone();
    assert!(hindi.status == 200 && hindi.bytes.starts_with(b"%PDF-"));
    assert!(hindi.bytes != english.bytes, "and another one in Hindi");
}

#[tokio::test]
async fn pay_12_what_is_taken_back_after_the_count_leaves_it_as_it_was() {
    let town = open().await;
    filled(&town).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("{}/count", till())).await;
    let right =
        [("note_50000", "3"), ("note_10000", "1"), ("coins", "50"), ("sum_cheque", "1150"), ("sum_card", "1150")];
    omar.submit(&right).await;
    omar.submit(&right).await.expect(200, "To be confirmed");
    let cancel = format!("/{TOWN}/desk/receipts/KR%2FRVT%2F2026-27%2F000001/cancel");
    omar.get(&cancel).await.expect(200, "Its till has been counted");
    omar.submit(&[("reason", "wrong_payer"), ("remark", "")]).await;
    let mut olga = staff(&town, "olga").await;
    olga.get(&cancel).await;
    olga.submit(&[("decision", "approve")]).await.expect(200, "Cancelled");
    olga.get(&till()).await.expect(200, "₹1,650.00").expect(200, "Agrees");
    olga.submit(&[("decision", "close"), ("reason", "")]).await.expect(200, "This till is closed");
    sound(&town).await;
    // The day goes on with another till.
    omar.get(&format!("/{TOWN}/desk/till")).await;
    omar.submit(&[("float", "0")]).await.expect(200, "TILL/RVT/2026-27/000002");
}

#[tokio::test]
async fn what_comes_by_two_modes_has_one_receipt_and_lies_in_the_till_under_each() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("/{TOWN}/desk/till")).await;
    omar.submit(&[("float", "500")]).await.expect(200, TILL);
    omar.get(&format!("{}/collect", at(&case))).await.expect(200, "Another mode");
    let cheque = [
        ("mode", "cheque"),
        ("amount", "1,000"),
        ("number", "004211"),
        ("bank", "RVTB0000123"),
        ("dated", "05/04/2026"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&cheque[..], more].concat();
    // The other mode is for what is missing; what was typed stays.
    let page = omar.submit(&with(&[("_add", "mode")])).await.clone();
    for words in ["Mode 2", "name=\"amount_2\" value=\"150.00\"", "value=\"004211\"", "Take ₹1,150.00"] {
        page.expect(200, words);
    }
    let page = omar.submit(&with(&[("mode_2", "cash"), ("amount_2", "100.50")])).await.clone();
    page.expect(422, "The whole amount must be paid: ₹1,150.00").expect(422, "Still missing: ₹49.50");
    omar.submit(&with(&[("mode_2", "cash"), ("amount_2", "150.01")])).await.expect(422, "Too much: ₹0.01");
    let again = [
        cheque.map(|(name, value)| (name.to_owned(), value)),
        cheque.map(|(name, value)| (format!("{name}_2"), value)),
    ];
    let again: Vec<(&str, &str)> = again.iter().flatten().map(|(name, value)| (name.as_str(), *value)).collect();
    omar.submit(&again).await.expect(422, "This cheque or draft is written above already.");
    assert!(town.case(&case).await.receipts.is_empty());

    let both = with(&[("mode_2", "cash"), ("amount_2", "150"), ("tendered_2", "200")]);
    omar.submit(&both).await.expect(200, "Take ₹1,150.00").expect(200, "Give back: ₹50.00");
    omar.submit(&both).await;
    for words in [
        "KR/RVT/2026-27/000001",
        "Cheque, ₹1,000.00, 004211, RVTB0000123, 05/04/2026",
        "Cash, ₹150.00",
        "Give back: ₹50.00",
    ] {
        omar.page.expect(200, words);
    }
    let receipts = town.case(&case).await.receipts;
    let told: Vec<_> = receipts[0].by_mode().into_iter().map(|(mode, sum)| (mode, sum.paise())).collect();
    assert_eq!((receipts.len(), told), (1, vec![("cheque", 100_000), ("cash", 15_000)]));
    assert_eq!((balance(&town, "4501003").await, balance(&town, "4501001").await), (100_000, 15_000));
    omar.get(&till()).await;
    for words in ["₹650.00", "₹1,000.00", "₹150.00", "RVTB0000123"] {
        omar.page.expect(200, words);
    }
    omar.get(&format!("{}?tab=timeline", at(&case)))
        .await
        .expect(200, "Cheque: ₹1,000.00")
        .expect(200, "Cash: ₹150.00");
    sound(&town).await;
    one_falls_and_then_the_other(&town, &mut omar, &case).await;
}

/// The bank sends the cheque back, and what stands is taken back like any other receipt.
async fn one_falls_and_then_the_other(town: &Town, omar: &mut Browser<'_>, case: &str) {
    let cancel = format!("/{TOWN}/desk/receipts/KR%2FRVT%2F2026-27%2F000001/cancel");
    omar.get(&cancel).await.expect(200, "All its modes are taken back together");
    omar.submit(&[("reason", "not_honoured"), ("remark", "")]).await.expect(200, "Cancellation asked for");
    let mut olga = staff(town, "olga").await;
    olga.get(&cancel).await.expect(200, "of the receipt ₹150.00 stand");
    let page = olga.submit(&[("decision", "approve")]).await.clone();
    page.expect(200, "05/04/2026, not honoured").expect(200, "Cash, ₹150.00").expect(200, "Valid");
    assert_eq!((balance(town, "4501003").await, balance(town, "4501001").await), (0, 15_000));
    let page = omar.get(&till()).await.clone();
    page.expect(200, "₹650.00").expect(200, "not honoured");
    sound(town).await;
    town.work().await;
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let papers = server::store::papers::by_case(&mut tx, case).await.unwrap();
    drop(tx);
    let receipts = papers.iter().filter(|paper| paper.document == "receipt");
    let mut status: Vec<&str> = receipts.map(|paper| paper.status.as_str()).collect();
    status.sort_unstable();
    // The paper of all that came was not made before its cheque came back.
    assert_eq!(status, ["cancelled", "valid"], "what is issued late is of what was, and there is one of what stands");

    // No cheque is left that could come back: the reason, sent again from an old page, takes back no cash.
    omar.get(&cancel).await;
    let old = [("reason", "not_honoured"), ("remark", "")];
    omar.submit(&old).await.expect(422, "Choose why the receipt should be cancelled");
    // Requests are told apart by when they were made.
    town.wait_ms(60_000);
    omar.get(&cancel).await;
    omar.submit(&[("reason", "wrong_payer"), ("remark", "")]).await.expect(200, "Cancellation asked for");
    olga.get(&cancel).await;
    olga.submit(&[("decision", "approve")]).await.expect(200, "Cancelled");
    assert_eq!((balance(town, "4501003").await, balance(town, "4501001").await), (0, 0));
    omar.get(&till()).await.expect(200, "₹500.00");
    sound(town).await;
}

#[tokio::test]
async fn a_till_of_another_day_is_counted_before_more_is_taken() {
    let town = open().await;
    let case = to_be_paid(&town, ASHA).await;
    let mut omar = staff(&town, "omar").await;
    omar.get(&format!("/{TOWN}/desk/till")).await;
    omar.submit(&[("float", "0")]).await;
    town.wait_ms(24 * 60 * 60_000);
    let mut omar = staff(&town, "omar").await;
    let collect = format!("{}/collect", at(&case));
    omar.get(&collect).await.expect(200, "Your till is of another day").expect(200, TILL);
    omar.get(&format!("{}/count", till())).await;
    omar.submit(&[("coins", "0")]).await;
    omar.submit(&[("coins", "0")]).await.expect(200, "To be confirmed");
    omar.get(&collect).await.expect(200, "Take ₹1,150.00");
}

#[tokio::test]
async fn where_tills_are_needed_nothing_is_taken_without_one() {
    let town = open().await;
    let case = applied_in(&town, "hilltop", ASHA).await;
    let library = town.app.library.now();
    let hilltop = library.tenant("hilltop").unwrap();
    let act = async |person: &str, role: &str, command: Command| {
        let actor = Actor { person: person.to_owned(), kind: ActorKind::Employee, roles: vec![Name::new(role)] };
        act::act(&town.app, hilltop, &case, &actor, &command, None).await
    };
    let step = |action: &str, answers| Command::Act {
        action: Name::new(action),
        comment: "Seen.".to_owned(),
        answers,
        assignee: None,
        seen: None,
        flags: Vec::new(),
    };
    act("a", "clerk", step("forward", command::no_answers())).await.unwrap();
    act("b", "inspector", step("visited", json!({ "measured": 6 }))).await.unwrap();
    act("c", "officer", step("approve", command::no_answers())).await.unwrap();
    let amount = engine::base::Money::from_paise(115_000).unwrap();
    let part = Part { amount, mode: "cash".to_owned(), reference: String::new(), instrument: None };
    let payment = Payment::of_one("p".to_owned(), town.app.clock.now_ms(), part);
    let refused = act("nina", "officer", Command::Receive(payment)).await.unwrap_err();
    assert!(matches!(refused, Problem::Refused(Refusal::NoTill)), "{refused:?}");

    let mut nina = staff_of(&town, "hilltop", "nina").await;
    nina.get(&format!("/hilltop/desk/cases/{case}/collect")).await.expect(200, "Open a till").expect(200, "Town hall");
    nina.submit(&[("float", "0")]).await.expect(422, "Choose the counter.");
    nina.submit(&[("float", "0"), ("counter", "market")]).await.expect(200, "Take ₹1,150.00");
    nina.submit(&[("mode", "cash"), ("amount", "1150")]).await.expect(200, "TILL/HTP/2026-27/000001");
    nina.get("/hilltop/desk/tills/TILL%2FHTP%2F2026-27%2F000001").await.expect(200, "Market").expect(200, "₹1,150.00");
}

#[tokio::test]
async fn tills_are_for_those_who_take_money_or_confirm() {
    let town = open().await;
    filled(&town).await;
    let mut meera = staff(&town, "meera").await;
    let page = meera.get(&format!("/{TOWN}/desk")).await.clone();
    assert!(!page.html.contains("/desk/tills"), "no tills for a clerk:\n{}", page.text());
    meera.get(&format!("/{TOWN}/desk/tills")).await.expect(403, "This is for another post.");
    meera.get(&format!("/{TOWN}/desk/till")).await.expect(403, "This is for another post.");
    meera.get(&till()).await.expect(404, "");
    meera.get(&format!("{}/count", till())).await.expect(404, "");
    meera.get(&format!("{}/sheet", till())).await.expect(404, "");
    let mut olga = staff(&town, "olga").await;
    olga.get(&format!("/{TOWN}/desk/tills")).await.expect(200, TILL).expect(200, "Omar Khan");
    olga.get(&till()).await.expect(200, "Whoever opened this till counts it.");
    olga.post(&till(), &[("decision", "close")]).await.expect(200, "Whoever opened this till counts it.");
}

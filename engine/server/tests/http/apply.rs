//! Applying: page by page, kept, changed, checked, sent once, followed to its end.

use engine::base::Value;
use engine::source::Bundle;

use crate::browser::Browser;
use crate::restart::change;
use crate::town::{TOWN, Town};

pub(crate) const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// Signs in and begins a report; gives the key of the case.
pub(crate) async fn begun(browser: &mut Browser<'_>, mobile: &str) -> String {
    browser.sign_in(mobile).await;
    start(browser, "report").await
}

/// Starts an application and gives the key of the case.
async fn start(browser: &mut Browser<'_>, service: &str) -> String {
    let at = format!("/{TOWN}/services/{service}");
    browser.get(&at).await.expect(200, &format!("action=\"{at}/start\""));
    browser.submit(&[]).await;
    let at = browser.page.at.clone();
    let case = at.split('/').nth(3).unwrap_or_else(|| panic!("no case at {at}:\n{}", browser.page.text()));
    case.to_owned()
}

pub(crate) const STALL: [(&str, &str); 8] = [
    ("stall_name", "Asha Snacks"),
    ("kind", "food"),
    ("food_kind", "Momos"),
    ("since.day", "1"),
    ("since.month", "1"),
    ("since.year", "2026"),
    ("size", "4"),
    ("place", "L1"),
];

/// Begins an application, as whoever is signed in, up to the page that asks who owns the stall; gives the key of the case.
pub(crate) async fn at_owners(browser: &mut Browser<'_>) -> String {
    let case = start(browser, "stall-permit").await;
    let first: Vec<(&str, &str)> = STALL.iter().filter(|(name, _)| *name != "food_kind").copied().collect();
    browser.submit(&first).await.expect(200, "Which food?");
    browser.submit(&STALL).await.expect(200, "Who owns it");
    case
}

/// Fills in a whole application and sends it; gives the key of the case.
pub(crate) async fn sent(browser: &mut Browser<'_>, mobile: &str) -> String {
    browser.sign_in(mobile).await;
    let case = at_owners(browser).await;
    browser
        .upload(&[("owners.0.name", "Asha Rao")], ("owners.0.proof", "id.pdf", "application/pdf", PDF))
        .await
        .expect(200, "What I have said is true");
    browser.submit(&[("declared", "yes")]).await.expect(200, "Check your answers");
    browser.submit(&[]).await.expect(200, "Application received");
    case
}

#[tokio::test]
async fn an_application_is_filled_in_checked_and_sent() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = sent(&mut browser, "9876543210").await;
    let page = browser.page.clone();
    for words in ["SPA/RVT/2026-27/000001", "<svg", "We are checking your answers.", "Market officer", "23/04/2026"] {
        page.expect(200, words);
    }
    let kept = town.case(&case).await;
    assert_eq!(kept.state, *"checking");
    assert_eq!(kept.answers.text("since"), Some("2026-01-01"));
    assert_eq!(kept.answers.get("size"), Some(&Value::Int(4)));
    assert_eq!(kept.answers.at("owners.0.proof.name"), Some(&Value::Text("id.pdf".to_owned())));
    town.work().await;
    let told = town.messages();
    let told = told.iter().find(|message| message.template == "stall-permit/received").unwrap();
    assert_eq!(
        told.body,
        format!("Application SPA/RVT/2026-27/000001 is received. http://localhost:8080/riverton/cases/{case}")
    );
    browser
        .get(&format!("/{TOWN}/cases/{case}"))
        .await
        .expect(200, "Send the application")
        .expect(200, "Being checked")
        .expect(200, "Asha Snacks");
    let paper = browser.page.link(&format!("/{TOWN}/cases/{case}/papers/"));
    let pdf = browser.get(&paper).await;
    assert!(pdf.bytes.starts_with(b"%PDF-"), "{}", pdf.text());
    browser.get(&format!("/{TOWN}/my")).await.expect(200, "SPA/RVT/2026-27/000001");
}

#[tokio::test]
async fn what_comes_with_an_application_is_announced_before_it_is_there() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = sent(&mut browser, "9876543210").await;
    let done = format!("/{TOWN}/cases/{case}/done");
    let page = browser.page.clone();
    for words in ["We are sending a message to ******3210.", "PDF, being made"] {
        page.expect(200, words);
    }
    // Who follows the link too early is brought to the case, which tells the same until the paper is there.
    let paper = page.link(&format!("/{TOWN}/cases/{case}/papers/"));
    let early = browser.get(&paper).await;
    assert_eq!(early.at, format!("/{TOWN}/cases/{case}"));
    early.expect(200, "The PDF is being made").expect(200, "PDF, being made");
    assert_eq!(early.link(&format!("/{TOWN}/cases/{case}/papers/")), paper);
    town.work().await;
    let page = browser.get(&format!("/{TOWN}/cases/{case}")).await;
    page.expect(200, &format!("href=\"{paper}\""));
    assert!(!page.html.contains("being made"), "{}", page.text());
    let page = browser.get(&done).await;
    page.expect(200, "We have sent a message to ******3210.").expect(200, &format!("href=\"{paper}\""));
    assert!(!page.html.contains("being made"), "{}", page.text());
    let pdf = browser.get(&paper).await;
    assert!(pdf.bytes.starts_with(b"%PDF-"), "{}", pdf.text());
    let nothing = paper.replace(".pdf", "x.pdf");
    browser.get(&nothing).await.expect(404, "Page not found");
}

#[tokio::test]
async fn wrong_answers_are_said_beside_the_questions_and_kept() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.sign_in("9876543210").await;
    let case = start(&mut browser, "stall-permit").await;
    browser
        .submit(&[
            ("stall_name", "A<b>"),
            ("kind", "cloth"),
            ("since.day", "31"),
            ("since.month", "2"),
            ("since.year", "2026"),
            ("size", "many"),
            ("place", ""),
        ])
        .await;
    let page = browser.page.clone();
    for words in [
        "<title>Error:",
        "There is a problem",
        "href=\"#since.day\"",
        "write a day that exists",
        "write a whole number",
        "Where: please choose",
        "value=\"A&lt;b&gt;\"",
        "value=\"many\"",
    ] {
        page.expect(422, words);
    }
    // Left and taken up again, even on another phone: what was typed is still there.
    let mut other = Browser::new(&town);
    town.wait_ms(31_000);
    other.sign_in("9876543210").await;
    other.get(&format!("/{TOWN}/cases/{case}/form/stall")).await.expect(200, "value=\"many\"");
    assert!(town.case(&case).await.answers.0.is_empty(), "nothing wrong is kept as an answer");
}

#[tokio::test]
async fn a_question_that_opens_is_asked_before_it_is_reproached() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.sign_in("9876543210").await;
    start(&mut browser, "stall-permit").await;
    assert!(!browser.page.html.contains("Which food?"));
    assert!(
        !browser.page.html.contains("Which cloth?"),
        "it waits for what it depends on, though that is not food yet"
    );
    browser.page.expect(200, "data-asks=\"kind\"").expect(200, "data-field=\"kind\"");
    browser.submit(&[("kind", "cloth"), ("_search", "1")]).await.expect(200, "Which cloth?");
    assert!(!browser.page.html.contains("Which food?") && !browser.page.html.contains("There is a problem"));
    let first: Vec<(&str, &str)> = STALL.iter().filter(|(name, _)| *name != "food_kind").copied().collect();
    browser.submit(&first).await.expect(200, "Which food?");
    assert!(!browser.page.html.contains("There is a problem"));
    let mut empty = first.clone();
    empty.push(("food_kind", ""));
    browser.submit(&empty).await.expect(422, "Which food: please answer");
}

#[tokio::test]
async fn a_draft_is_known_by_its_service_and_its_name() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.sign_in("9876543210").await;
    start(&mut browser, "stall-permit").await;
    browser.submit(&STALL).await;
    let page = browser.get(&format!("/{TOWN}/my")).await;
    page.expect(200, "Stall Permit</a></h2>").expect(200, STALL[0].1);
    assert_eq!(page.html.matches("Not yet sent").count(), 1, "it is said once");
}

#[tokio::test]
async fn the_language_changes_and_what_was_typed_stays() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.sign_in("9876543210").await;
    start(&mut browser, "stall-permit").await;
    let typed = [("stall_name", "Asha"), ("size", "x"), ("_lang", "hi")];
    let page = browser.submit(&typed).await;
    page.expect(200, "lang=\"hi\"")
        .expect(200, "दुकान का नाम क्या है?")
        .expect(200, "value=\"Asha\"")
        .expect(200, "value=\"x\"");
    assert!(!page.html.contains('⟦'));
    browser.submit(&[("stall_name", "Asha"), ("size", "x"), ("_leave", "1")]).await.expect(200, "अभी नहीं भेजा");
}

#[tokio::test]
async fn groups_are_added_opened_and_removed() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.sign_in("9876543210").await;
    let case = start(&mut browser, "stall-permit").await;
    browser.get(&format!("/{TOWN}/cases/{case}/form/owners")).await.expect(200, "name=\"owners.0.name\"");
    browser.submit(&[("owners.0.name", "Asha"), ("_add", "owners")]).await.expect(200, "name=\"owners.1.name\"");
    assert!(!browser.page.html.contains("name=\"owners.0.name\""), "the first is closed");
    browser.page.expect(200, "Asha");
    browser.submit(&[("owners.1.name", "Ravi"), ("_add", "owners")]).await.expect(200, "name=\"owners.2.name\"");
    assert!(!browser.page.html.contains("name=\"_add\""), "three is the most");
    browser.submit(&[("owners.2.name", "Mira"), ("_edit", "owners.1")]).await.expect(200, "value=\"Ravi\"");
    browser
        .submit(&[("owners.1.name", "Ravi Rao"), ("_remove", "owners.0")])
        .await
        .expect(200, "Ravi Rao")
        .expect(200, "Mira");
    assert!(!browser.page.html.contains("Asha</"), "the first is gone:\n{}", browser.page.text());
    browser.submit(&[]).await.expect(422, "Proof of identity: please upload a file");
}

/// Each owner has shops, and none has no shop.
fn with_shops(bundle: &mut Bundle) {
    let shops = "shops: { label: Shop, type: list, min: 1, max: 3, \
                 fields: { street: { label: Street, type: text, max_length: 40 } } }";
    change(bundle, "stall-permit/form.yaml", "type: file }", &format!("type: file }}\n          {shops}"));
    let hindi = "proof: पहचान प्रमाण, shops: { label: दुकान, fields: { street: सड़क } }";
    change(bundle, "stall-permit/locales/hi.yaml", "proof: पहचान प्रमाण", hindi);
}

#[tokio::test]
async fn a_group_that_needs_an_entry_begins_with_one_inside_another_too() {
    let town = Town::open().await.again(with_shops).await;
    let mut browser = Browser::new(&town);
    browser.sign_in("9876543210").await;
    let case = at_owners(&mut browser).await;
    browser.page.expect(200, "name=\"owners.0.name\"").expect(200, "name=\"owners.0.shops.0.street\"");
    let asha = ("owners.0.name", "Asha Rao");
    let sent = [asha, ("owners.0.shops.0.street", "Quay Street"), ("_upload", "owners.0.proof")];
    browser
        .upload(&sent, ("owners.0.proof", "id.pdf", "application/pdf", PDF))
        .await
        .expect(200, "id.pdf")
        .expect(200, "name=\"owners.0.shops.0.street\"")
        .expect(200, "value=\"Quay Street\"");
    browser
        .submit(&[asha, sent[1], ("_add", "owners.0.shops")])
        .await
        .expect(200, "name=\"owners.0.shops.1.street\"")
        .expect(200, "value=\"Asha Rao\"");
    browser.submit(&[asha]).await.expect(200, "What I have said is true");
    let kept = town.case(&case).await.answers;
    assert_eq!(kept.at("owners.0.shops.0.street"), Some(&Value::Text("Quay Street".to_owned())));
    assert_eq!(kept.at("owners.0.shops.1.street"), None, "what was left empty is no entry");
}

#[tokio::test]
async fn an_answer_is_changed_from_the_check() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.sign_in("9876543210").await;
    let case = start(&mut browser, "stall-permit").await;
    let mut cloth = STALL.to_vec();
    cloth[1] = ("kind", "cloth");
    browser.submit(&cloth).await.expect(200, "Who owns it");
    browser.upload(&[("owners.0.name", "Asha Rao")], ("owners.0.proof", "id.pdf", "application/pdf", PDF)).await;
    browser.submit(&[("declared", "yes")]).await.expect(200, "Check your answers").expect(200, "₹700.00");
    browser.page.expect(200, "within 30 days");
    let change = browser.page.link(&format!("/{TOWN}/cases/{case}/form/stall"));
    browser.get(&change).await.expect(200, "value=\"Asha Snacks\"");
    let mut larger = cloth.clone();
    larger[6] = ("size", "10");
    browser.submit(&larger).await.expect(200, "Check your answers").expect(200, "₹850.00");
    browser.get(&change).await;
    larger[6] = ("size", "50");
    browser.submit(&larger).await.expect(200, "Check your answers").expect(200, "No cloth stall is larger");
    browser.get(&change).await;
    let food: Vec<(&str, &str)> = STALL.iter().filter(|(name, _)| *name != "food_kind").copied().collect();
    browser.submit(&food).await.expect(200, "Which food?");
    browser.submit(&STALL).await.expect(200, "Check your answers").expect(200, "Momos");
    browser.get(&change).await;
    browser.submit(&cloth).await.expect(200, "Check your answers");
    assert!(!browser.page.html.contains("Momos"), "what is no longer asked is dropped");
    assert_eq!(town.case(&case).await.answers.get("food_kind"), None);
}

#[tokio::test]
async fn a_check_of_what_is_not_complete_leads_to_what_is_missing() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.sign_in("9876543210").await;
    let case = start(&mut browser, "stall-permit").await;
    let page = browser.get(&format!("/{TOWN}/cases/{case}/check")).await;
    assert_eq!(page.at, format!("/{TOWN}/cases/{case}/form/stall"));
    let start = format!("/{TOWN}/services/stall-permit");
    browser.get(&start).await.expect(200, "Go on where you stopped").expect(200, "Begin another one");
    browser.get(&format!("/{TOWN}/cases/{case}/form/nothing")).await.expect(404, "Page not found");
}

#[tokio::test]
async fn pay_08_pressing_send_twice_sends_once() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.sign_in("9876543210").await;
    let case = start(&mut browser, "report").await;
    browser.submit(&[("text", "The lamp is broken.")]).await.expect(200, "Check your answers");
    let check = browser.page.clone();
    let mut twin = Browser::new(&town);
    twin.cookies = browser.cookies.clone();
    twin.page = check.clone();
    tokio::join!(browser.submit(&[]), twin.submit(&[]));
    browser.page.expect(200, "REP/RVT/2026-27/000001");
    twin.page.expect(200, "REP/RVT/2026-27/000001");
    browser.page = check;
    browser.submit(&[]).await.expect(200, "REP/RVT/2026-27/000001");
    assert_eq!(town.case(&case).await.version, 2, "one page saved, one act");
    browser.get(&format!("/{TOWN}/cases/{case}/check")).await.expect(200, "Being looked after");
    browser.get(&format!("/{TOWN}/cases/{case}/form/problem")).await.expect(200, "Being looked after");
}

#[tokio::test]
async fn starting_without_signing_in_leads_to_the_first_page_afterwards() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.get("/riverton/services/report").await;
    browser.submit(&[]).await.expect(200, "What is your mobile number?");
    browser.submit(&[("mobile", "9876543210")]).await;
    let code = town.code("9876543210");
    browser.submit(&[("code", &code)]).await;
    browser.introduce().await.expect(200, "What do you see?");
}

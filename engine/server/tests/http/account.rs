//! How citizens sign in and where from: sessions, known devices, another mobile number.

use axum::body::Body;
use axum::http::Request;
use server::http::limits;
use server::store::{EVERYBODY, devices};

use crate::browser::{Browser, Page};
use crate::town::{STATE, TOWN, Town};

const MOBILE: &str = "9876543210";
const NEW: &str = "9876500001";

/// Types a number on the page that asks for it.
async fn ask<'a>(browser: &'a mut Browser<'_>, mobile: &str) -> &'a Page {
    browser.get(&format!("/{TOWN}/sign-in")).await;
    browser.submit(&[("mobile", mobile)]).await
}

/// Signs in, and has this device known.
async fn known(browser: &mut Browser<'_>, mobile: &str) {
    ask(browser, mobile).await.expect(200, "Do not ask for a code on this device");
    let code = browser.town.code(mobile);
    browser.submit(&[("code", &code), ("device", "yes")]).await;
    browser.introduce().await.expect(200, "My applications");
    assert!(browser.cookies.contains_key("__Host-nagar-device"));
}

async fn sign_out(browser: &mut Browser<'_>) {
    let token = browser.page.token();
    browser.post(&format!("/{TOWN}/sign-out"), &[("_csrf", &token)]).await;
}

#[tokio::test]
async fn auth_01_a_known_device_needs_no_code_and_cannot_be_locked_out() {
    let town = Town::open().await;
    let (mut owner, mut stranger) = (Browser::new(&town), Browser::new(&town));
    known(&mut owner, MOBILE).await;
    sign_out(&mut owner).await;
    town.wait_ms(31_000);
    // A stranger uses up the owner's codes.
    ask(&mut stranger, MOBILE).await.expect(200, "Enter the code");
    ask(&mut stranger, MOBILE).await.expect(429, "Too many attempts");
    let sent = town.messages().len();
    let before = owner.cookies["__Host-nagar-device"].clone();
    ask(&mut owner, MOBILE).await.expect(200, "My applications");
    assert_eq!(town.messages().len(), sent, "no code was sent");
    assert_ne!(owner.cookies["__Host-nagar-device"], before, "the device has another secret");
    // A copy of the earlier cookie opens nothing any more.
    let mut thief = Browser::new(&town);
    thief.cookies.insert("__Host-nagar-device".to_owned(), before);
    town.wait_ms(31_000);
    ask(&mut thief, MOBILE).await.expect(200, "Enter the code");
}

#[tokio::test]
async fn a_device_is_known_for_one_person_and_for_thirty_days() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    known(&mut browser, MOBILE).await;
    sign_out(&mut browser).await;
    ask(&mut browser, "9876543211").await.expect(200, "Enter the code");
    ask(&mut browser, MOBILE).await.expect(200, "My applications");
    sign_out(&mut browser).await;
    town.wait_ms(limits::DEVICE_MS);
    ask(&mut browser, MOBILE).await.expect(200, "Enter the code");
    let mut tx = town.app.store.begin(EVERYBODY).await.unwrap();
    assert_eq!(devices::sweep(&mut tx, town.app.clock.now_ms()).await.unwrap(), 1);
}

#[tokio::test]
async fn devices_are_forgotten_and_sessions_ended_by_their_owner() {
    let town = Town::open().await;
    let (mut here, mut there) = (Browser::new(&town), Browser::new(&town));
    known(&mut here, MOBILE).await;
    town.wait_ms(31_000);
    there.sign_in(MOBILE).await.expect(200, "My applications");
    let account = format!("/{TOWN}/my/account");
    here.get(&account).await.expect(200, "This browser").expect(200, "Devices that need no code");
    here.submit(&[]).await.expect(200, "This browser");
    there.get(&account).await.expect(200, "What is your mobile number?");
    here.post(&account, &[("session", "devices")]).await.expect(200, "This browser");
    assert!(!here.page.html.contains("Devices that need no code"));
    sign_out(&mut here).await;
    town.wait_ms(31_000);
    ask(&mut here, MOBILE).await.expect(200, "Enter the code");
}

/// Begins to change the number, and gives both codes.
async fn begin(browser: &mut Browser<'_>, new: &str) -> (String, String) {
    browser.town.wait_ms(31_000);
    browser.get(&format!("/{TOWN}/my/mobile")).await.expect(200, "New mobile number");
    browser.submit(&[("mobile", new)]).await.expect(200, "Code sent to ******3210");
    (browser.town.code(MOBILE), browser.town.code(new))
}

#[tokio::test]
async fn auth_12_a_number_is_changed_with_codes_to_both() {
    let town = Town::open().await;
    let (mut browser, mut elsewhere) = (Browser::new(&town), Browser::new(&town));
    let case = crate::apply::sent(&mut browser, MOBILE).await;
    town.work().await;
    town.wait_ms(31_000);
    elsewhere.sign_in(MOBILE).await.expect(200, "My applications");
    let paper = browser.get(&format!("/{TOWN}/cases/{case}")).await.link(&format!("/{TOWN}/cases/{case}/papers/"));
    browser.get(&paper).await.expect(200, "%PDF");

    browser.get(&format!("/{TOWN}/my/mobile")).await;
    browser.submit(&[("mobile", "12345")]).await.expect(422, "Write all ten digits");
    browser.submit(&[("mobile", MOBILE)]).await.expect(422, "This is your number already");
    let (old, new) = begin(&mut browser, NEW).await;
    browser.submit(&[("old", &new), ("new", &old)]).await.expect(422, "This is not the code");
    browser.submit(&[("old", &old), ("new", "000000")]).await.expect(422, "This is not the code");
    browser.submit(&[("old", &old), ("new", &new)]).await.expect(200, "******0001");
    let told = town.messages();
    assert!(told.iter().any(|message| message.to == MOBILE && message.template == "mobile_changed"));
    elsewhere.get(&format!("/{TOWN}/my")).await.expect(200, "What is your mobile number?");

    // For a day no papers are handed out; the rest is as it was.
    browser.get(&format!("/{TOWN}/cases/{case}")).await.expect(200, "SPA/RVT/2026-27/000001");
    browser.get(&paper).await.expect(403, "less than 24 hours ago");
    town.wait_ms(limits::MOBILE_HOLD_MS);
    ask(&mut browser, NEW).await;
    let code = town.code(NEW);
    browser.submit(&[("code", &code)]).await.expect(200, "My applications");
    browser.get(&paper).await.expect(200, "%PDF");
    // Whoever gets the old number is somebody new.
    let mut stranger = Browser::new(&town);
    stranger.sign_in(MOBILE).await.expect(200, "My applications");
    assert!(!stranger.page.html.contains("SPA/RVT"));
    let mut tx = town.app.store.read(STATE).await.unwrap();
    assert_eq!(server::store::verify::verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn auth_04_a_code_for_signing_in_changes_no_number() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.sign_in(MOBILE).await;
    let (_, new) = begin(&mut browser, NEW).await;
    town.wait_ms(31_000);
    let mut other = Browser::new(&town);
    ask(&mut other, MOBILE).await;
    let sign_in = town.code(MOBILE);
    browser.submit(&[("old", &sign_in), ("new", &new)]).await.expect(422, "This is not the code");
}

#[tokio::test]
async fn auth_12_a_number_that_is_somebody_s_is_not_taken_over() {
    let town = Town::open().await;
    Browser::new(&town).sign_in(NEW).await;
    town.wait_ms(31_000);
    let mut browser = Browser::new(&town);
    browser.sign_in(MOBILE).await;
    // Nothing tells beforehand that the number is known.
    let (old, new) = begin(&mut browser, NEW).await;
    browser.submit(&[("old", &old), ("new", &new)]).await.expect(422, "known under this number already");
    browser.get(&format!("/{TOWN}/my/account")).await.expect(200, "******3210");
}

#[tokio::test]
async fn a_program_sees_and_ends_the_sessions_of_its_person_alone() {
    let town = Town::open().await;
    let (mut browser, mut other) = (Browser::new(&town), Browser::new(&town));
    browser.sign_in(MOBILE).await;
    other.sign_in(NEW).await;
    // The token of the API is the secret of a session.
    let token = format!("Bearer {}", browser.cookies["__Host-nagar"]);
    town.wait_ms(31_000);
    let mut there = Browser::new(&town);
    there.sign_in(MOBILE).await;
    let get = Request::get(format!("/api/{TOWN}/sessions")).header("authorization", &token);
    let page = Browser::new(&town).send(get, Body::empty()).await;
    let told: serde_json::Value = serde_json::from_str(&page.html).unwrap();
    let sessions = told["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2, "{told}");
    assert_eq!(sessions.iter().filter(|one| one["this"] == true).count(), 1);
    let end = Request::post(format!("/api/{TOWN}/sessions/end"))
        .header("authorization", &token)
        .header("content-type", "application/json");
    let page = Browser::new(&town).send(end, Body::from(r#"{"session": "others"}"#)).await;
    assert_eq!((page.status, page.html.as_str()), (200, r#"{"ended":1}"#));
    there.get(&format!("/{TOWN}/my")).await.expect(200, "What is your mobile number?");
    other.get(&format!("/{TOWN}/my")).await.expect(200, "My applications");
    browser.get(&format!("/{TOWN}/my")).await.expect(200, "My applications");
}

//! How citizens sign in and where from: sessions, known devices, another mobile number.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value as Json, json};
use server::auth::{closed, factor, totp};
use server::http::limits;
use server::store::{By, EVERYBODY, devices, factors, people};

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

/// The key of whoever has this number.
async fn person(town: &Town, mobile: &str) -> String {
    let mut tx = town.app.store.read(STATE).await.unwrap();
    people::by_mobile(&mut tx, mobile).await.unwrap().unwrap().id
}

/// The code that the citizen's authenticator shows now.
async fn shown(town: &Town, mobile: &str) -> String {
    let person = person(town, mobile).await;
    let mut tx = town.app.store.read(STATE).await.unwrap();
    let factor = factors::find(&mut tx, &person).await.unwrap().unwrap();
    let secret = closed::open(town.app.keys.secret(), &["second factor", STATE, &person], &factor.secret).unwrap();
    totp::code(&secret, totp::step(town.app.clock.now_ms()))
}

/// What the number was told of its authenticator, with the language of the message, in order.
fn told(town: &Town, to: &str) -> Vec<(String, String)> {
    let messages = town.messages().into_iter().filter(|sent| sent.to == to && sent.template == "second_factor");
    messages.map(|sent| (sent.language, sent.body)).collect()
}

#[tokio::test]
async fn auth_09_a_citizen_is_told_what_becomes_of_the_authenticator_in_the_own_language() {
    let town = Town::open().await;
    let mut owner = Browser::new(&town);
    owner.sign_in(MOBILE).await;
    let id = person(&town, MOBILE).await;
    set_up(&mut owner).await;
    let first = told(&town, MOBILE);
    let on = "Riverton: an authenticator was set up";
    assert!(first.len() == 1 && first[0].0 == "en" && first[0].1.starts_with(on), "{first:?}");
    // From now on Hindi is spoken, and there is an address for mail: whatever the page is read in.
    let mut tx = town.app.store.begin(STATE).await.unwrap();
    let known = people::find(&mut tx, &id).await.unwrap().unwrap();
    let mail = "asha@example.in";
    let changed = people::Person { language: "hi".to_owned(), email: Some(mail.to_owned()), ..known };
    people::save(&mut tx, By::system(town.app.clock.now_ms()), &changed).await.unwrap();
    tx.commit().await.unwrap();
    owner.get(&format!("/{TOWN}/my/second?lang=en")).await.expect(200, "Turn the authenticator off");
    town.wait_ms(30_000);
    let code = shown(&town, MOBILE).await;
    owner.submit(&[("code", &other(&code))]).await.expect(422, "This is not the code");
    assert_eq!(told(&town, MOBILE).len(), 1, "a wrong code turns nothing off");
    owner.submit(&[("code", &code)]).await.expect(200, "Not set up");
    let last = |to: &str| told(&town, to).pop().unwrap();
    let off = ("hi".to_owned(), last(MOBILE).1);
    assert!(off.1.contains("प्रमाणक ऐप हटाया गया है"), "{}", off.1);
    assert_eq!((last(MOBILE), last(mail)), (off.clone(), off));
    town.wait_ms(31_000);
    set_up(&mut owner).await;
    assert!(factor::take_away(&town.app, &town.tenant(), MOBILE).await.unwrap());
    assert!(last(mail).1.contains("कार्यालय ने आपके खाते से प्रमाणक ऐप हटा दिया है"), "{}", last(mail).1);
    let (mobile, mail) = (told(&town, MOBILE), told(&town, mail));
    assert_eq!((mobile.len(), mail.len()), (4, 3), "each time, once by each way");
    assert!(!factor::take_away(&town.app, &town.tenant(), MOBILE).await.unwrap());
    assert_eq!(told(&town, MOBILE).len(), 4, "nothing was taken away");
}

/// Six digits that are not the code.
fn other(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

/// Signs in up to where the code of the authenticator is asked for.
async fn second<'a>(browser: &'a mut Browser<'_>) -> &'a Page {
    browser.town.wait_ms(31_000);
    ask(browser, MOBILE).await.expect(200, "name=\"device\"");
    let code = browser.town.code(MOBILE);
    browser.submit(&[("code", &code), ("device", "yes")]).await
}

/// Sets an authenticator up for a citizen who has just signed in; gives the recovery codes.
async fn set_up(browser: &mut Browser<'_>) -> Vec<String> {
    browser.get(&format!("/{TOWN}/my/second")).await.expect(200, "another SIM card");
    browser.submit(&[]).await.expect(200, "<svg");
    let code = shown(browser.town, MOBILE).await;
    browser.submit(&[("code", &other(&code))]).await.expect(422, "This is not the code");
    browser.submit(&[("code", &code)]).await.expect(200, "Keep your recovery codes");
    crate::desk_account::codes(&browser.page)
}

#[tokio::test]
async fn auth_09_a_citizen_who_wants_it_signs_in_with_a_second_factor() {
    let town = Town::open().await;
    let (mut elsewhere, mut owner) = (Browser::new(&town), Browser::new(&town));
    known(&mut elsewhere, MOBILE).await;
    town.wait_ms(31_000);
    owner.sign_in(MOBILE).await;
    let recovery = set_up(&mut owner).await;
    assert_eq!(recovery.len(), limits::RECOVERY_CODES);
    owner.get(&format!("/{TOWN}/my/account")).await.expect(200, "Set up on 06/04/2026; recovery codes left: 10");
    // What was open elsewhere has ended, and a device that was known goes around nothing.
    elsewhere.get(&format!("/{TOWN}/my")).await.expect(200, "name=\"mobile\"");
    second(&mut elsewhere).await.expect(200, "Enter the code of your authenticator");
    let page = elsewhere.page.clone();
    elsewhere.get(&format!("/{TOWN}/my")).await.expect(200, "name=\"mobile\"");
    elsewhere.page = page;
    let code = shown(&town, MOBILE).await;
    elsewhere.submit(&[("code", &other(&code))]).await.expect(422, "This is not the code");
    elsewhere.submit(&[("code", &code)]).await.expect(200, "My applications");
    // It is known from then on, as was wished.
    sign_out(&mut elsewhere).await;
    ask(&mut elsewhere, MOBILE).await.expect(200, "My applications");
    // A recovery code lets in once.
    for (status, words) in [(200, "My applications"), (422, "This is not the code")] {
        let mut lost = Browser::new(&town);
        second(&mut lost).await.expect(200, "have the authenticator taken away");
        lost.submit(&[("code", &recovery[0])]).await.expect(status, words);
    }
}

#[tokio::test]
async fn auth_09_a_citizen_turns_it_off_with_its_code_and_an_old_session_sets_nothing_up() {
    let town = Town::open().await;
    let mut owner = Browser::new(&town);
    owner.sign_in(MOBILE).await;
    set_up(&mut owner).await;
    owner.get(&format!("/{TOWN}/my/second")).await.expect(200, "Turn the authenticator off");
    town.wait_ms(30_000);
    let code = shown(&town, MOBILE).await;
    owner.submit(&[("code", &other(&code))]).await.expect(422, "This is not the code");
    owner.submit(&[("code", &code)]).await.expect(200, "Not set up");
    second(&mut Browser::new(&town)).await.expect(200, "My applications");
    town.wait_ms(limits::CODE_MS);
    owner.get(&format!("/{TOWN}/my/second")).await.expect(200, "within the last 10 minutes");
    owner.post(&format!("/{TOWN}/my/second"), &[]).await.expect(422, "within the last 10 minutes");
    owner.get(&format!("/{TOWN}/my/second/code")).await.expect(200, "within the last 10 minutes");
}

#[tokio::test]
async fn auth_09_what_was_begun_and_left_is_nothing_for_whoever_comes_later() {
    let town = Town::open().await;
    let mut owner = Browser::new(&town);
    owner.sign_in(MOBILE).await;
    owner.get(&format!("/{TOWN}/my/second")).await.expect(200, "another SIM card");
    let begun = owner.submit(&[]).await.expect(200, "<svg").clone();
    town.wait_ms(limits::CODE_MS);
    owner.get(&format!("/{TOWN}/my/second/code")).await.expect(200, "within the last 10 minutes");
    owner.page = begun;
    let code = shown(&town, MOBILE).await;
    owner.submit(&[("code", &code)]).await.expect(200, "within the last 10 minutes");
    assert!(!factor::take_away(&town.app, &town.tenant(), MOBILE).await.unwrap(), "there is none yet");
    second(&mut Browser::new(&town)).await.expect(200, "My applications");
}

#[tokio::test]
async fn auth_09_on_a_device_that_is_known_nobody_sets_one_up_without_a_code() {
    let town = Town::open().await;
    let mut owner = Browser::new(&town);
    known(&mut owner, MOBILE).await;
    sign_out(&mut owner).await;
    ask(&mut owner, MOBILE).await.expect(200, "My applications");
    owner.get(&format!("/{TOWN}/my/second")).await.expect(200, "with a code that we sent you");
    owner.post(&format!("/{TOWN}/my/second"), &[]).await.expect(422, "with a code that we sent you");
    // Once the device is forgotten a code is asked for there, and with it the way is open.
    owner.get(&format!("/{TOWN}/my/account")).await.expect(200, "Ask for a code again on all devices");
    owner.post(&format!("/{TOWN}/my/account"), &[("session", "devices")]).await.expect(200, "Not set up");
    sign_out(&mut owner).await;
    town.wait_ms(31_000);
    owner.sign_in(MOBILE).await;
    assert_eq!(set_up(&mut owner).await.len(), limits::RECOVERY_CODES);
}

async fn sent_to_api(program: &mut Browser<'_>, path: &str, body: &Json) -> (u16, Json) {
    let request = Request::post(format!("/api/{TOWN}{path}")).header("content-type", "application/json");
    let page = program.send(request, Body::from(body.to_string())).await;
    (page.status, serde_json::from_str(&page.html).unwrap())
}

#[tokio::test]
async fn auth_09_guessing_the_code_of_a_citizen_is_slowed_down_and_a_program_sends_it_too() {
    let town = Town::open().await;
    let mut owner = Browser::new(&town);
    owner.sign_in(MOBILE).await;
    set_up(&mut owner).await;
    town.wait_ms(61_000);
    let mut program = Browser::new(&town);
    for right in [false, true] {
        let (_, sent) = sent_to_api(&mut program, "/sign-in", &json!({ "mobile": MOBILE })).await;
        let mut body = json!({ "mobile": MOBILE, "browser": sent["browser"], "code": town.code(MOBILE) });
        if right {
            body["second"] = shown(&town, MOBILE).await.into();
        }
        let (status, told) = sent_to_api(&mut program, "/sign-in/code", &body).await;
        assert_eq!((status, told["token"].is_string()), if right { (200, true) } else { (401, false) }, "{told}");
        town.wait_ms(31_000);
    }
    let mut guesses = Browser::new(&town);
    second(&mut guesses).await;
    let (form, wrong) = (guesses.page.clone(), other(&shown(&town, MOBILE).await));
    for _ in 0..limits::SECOND_TRIES.0 {
        guesses.page = form.clone();
        guesses.submit(&[("code", &wrong)]).await.expect(422, "This is not the code");
    }
    guesses.page = form;
    guesses.submit(&[("code", &wrong)]).await.expect(429, "Too many attempts");
    // Who has lost everything has it taken away at the counter.
    assert!(factor::take_away(&town.app, &town.tenant(), MOBILE).await.unwrap());
    assert!(!factor::take_away(&town.app, &town.tenant(), MOBILE).await.unwrap());
    owner.get(&format!("/{TOWN}/my")).await.expect(200, "name=\"mobile\"");
    second(&mut Browser::new(&town)).await.expect(200, "My applications");
}

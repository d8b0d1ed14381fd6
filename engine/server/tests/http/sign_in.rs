//! Signing in with a code, and everything that must not work instead.

use axum::body::Body;
use axum::http::Request;
use server::auth::otp::ALL_CODES;
use server::auth::session;
use server::http::limits;
use server::store::{EVERYBODY, otps, sessions, throttles};

use crate::browser::Browser;
use crate::town::{STATE, TOWN, Town};

const MOBILE: &str = "9876543210";

async fn ask_code<'a>(browser: &'a mut Browser<'_>, mobile: &str) -> &'a crate::browser::Page {
    browser.get("/riverton/sign-in").await;
    browser.submit(&[("mobile", mobile)]).await
}

/// A code of six digits that is not the right one.
fn other(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[tokio::test]
async fn a_code_signs_in_and_sign_out_ends_it() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.sign_in(MOBILE).await.expect(200, "My applications").expect(200, "Asha Rao");
    let secret = browser.cookies["__Host-nagar"].clone();
    assert!(secret.len() >= 43, "256 bits");
    let kept = std::fs::read(town.data.path().join("nagar.db")).unwrap_or_default();
    let wal = std::fs::read(town.data.path().join("nagar.db-wal")).unwrap_or_default();
    let is_in = |bytes: &[u8]| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
    assert!(!is_in(&kept) && !is_in(&wal), "only a hash of the session is stored");
    browser.post("/riverton/sign-out", &[("_csrf", &browser.page.token())]).await;
    browser.get("/riverton/my").await.expect(200, "What is your mobile number?");
    browser.cookies.insert("__Host-nagar".to_owned(), secret);
    browser.get("/riverton/my").await.expect(200, "What is your mobile number?");
}

#[tokio::test]
async fn the_number_is_read_as_people_write_it() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    ask_code(&mut browser, "+91 98765-43210").await.expect(200, "******3210");
    ask_code(&mut Browser::new(&town), "०९८७६५४३२११").await.expect(200, "******3211");
    for wrong in ["12345", "1876543210", "abc", "+1 2025550123", ""] {
        ask_code(&mut Browser::new(&town), wrong).await.expect(422, "Write all ten digits of the mobile number");
    }
}

#[tokio::test]
async fn auth_01_five_wrong_guesses_kill_a_code_and_three_dead_codes_lock_the_number() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    for _ in 0..limits::DEAD_CODES {
        ask_code(&mut browser, MOBILE).await.expect(200, "Enter the code");
        let code = town.code(MOBILE);
        for _ in 0..limits::CODE_TRIES {
            browser.submit(&[("code", &other(&code))]).await.expect(422, "This is not the code we sent");
        }
        browser.submit(&[("code", &code)]).await.expect(422, "This is not the code we sent");
        town.wait_ms(31_000);
    }
    ask_code(&mut browser, MOBILE).await.expect(200, "Enter the code");
    let code = town.code(MOBILE);
    browser.submit(&[("code", &code)]).await.expect(422, "This is not the code we sent");
    town.wait_ms(limits::LOCK_MS);
    ask_code(&mut browser, MOBILE).await.expect(200, "Enter the code");
    let code = town.code(MOBILE);
    browser.submit(&[("code", &code)]).await.expect(200, "Your details");
}

#[tokio::test]
async fn auth_03_auth_04_auth_05_a_code_is_for_one_browser_once_and_for_ten_minutes() {
    let town = Town::open().await;
    let (mut asker, mut thief) = (Browser::new(&town), Browser::new(&town));
    ask_code(&mut asker, MOBILE).await;
    let code = town.code(MOBILE);
    town.wait_ms(31_000);
    // The thief knows the number and reads the code over the shoulder, but has another browser.
    thief.get("/riverton/sign-in").await;
    let token = thief.page.token();
    thief
        .post("/riverton/sign-in/code", &[("_csrf", &token), ("code", &code)])
        .await
        .expect(200, "What is your mobile number?");
    asker.submit(&[("code", &code)]).await.expect(200, "Your details");
    let mut again = Browser::new(&town);
    again.cookies.insert("__Host-nagar-browser".to_owned(), "0".repeat(26));
    ask_code(&mut again, MOBILE).await;
    again.submit(&[("code", &code)]).await.expect(422, "This is not the code we sent");
    let fresh = town.code(MOBILE);
    town.wait_ms(limits::CODE_MS + 1);
    again.submit(&[("code", &fresh)]).await.expect(200, "What is your mobile number?");
}

#[tokio::test]
async fn auth_04_whoever_else_asks_for_a_code_takes_nobody_s_place() {
    let town = Town::open().await;
    let (mut asker, mut thief) = (Browser::new(&town), Browser::new(&town));
    ask_code(&mut asker, MOBILE).await.expect(200, "Enter the code");
    let own = town.code(MOBILE);
    town.wait_ms(31_000);
    // Both wait for a code to the same number: each browser for its own.
    ask_code(&mut thief, MOBILE).await.expect(200, "Enter the code");
    assert_ne!(town.code(MOBILE), own);
    thief.submit(&[("code", &own)]).await.expect(422, "This is not the code we sent");
    asker.submit(&[("code", &own)]).await.expect(200, "Your details");
}

#[tokio::test]
async fn auth_07_codes_are_not_sent_without_end() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    ask_code(&mut browser, MOBILE).await.expect(200, "Enter the code");
    ask_code(&mut browser, MOBILE).await.expect(429, "Too many attempts");
    for _ in 0..4 {
        town.wait_ms(31_000);
        ask_code(&mut browser, MOBILE).await.expect(200, "Enter the code");
    }
    town.wait_ms(31_000);
    ask_code(&mut browser, MOBILE).await.expect(429, "Too many attempts");
    assert_eq!(town.messages().len(), 5);
}

/// Asks for a code from an address on the internet.
async fn ask_code_from(browser: &mut Browser<'_>, address: &str) -> crate::browser::Page {
    browser.get("/riverton/sign-in").await;
    let mut pairs = browser.page.hidden();
    pairs.push(("mobile".to_owned(), MOBILE.to_owned()));
    let request = Request::post("/riverton/sign-in")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-forwarded-for", address);
    browser.send(request, Body::from(crate::browser::encoded(&pairs))).await
}

#[tokio::test]
async fn auth_01_a_stranger_cannot_lock_the_owner_of_a_number_out() {
    let town = Town::with(|config| config.proxies = 1).await;
    let (mut stranger, mut owner) = (Browser::new(&town), Browser::new(&town));
    for _ in 0..60 {
        ask_code_from(&mut stranger, "203.0.113.7").await;
        town.wait_ms(20 * 60_000 / 60);
    }
    assert_eq!(ask_code_from(&mut stranger, "203.0.113.9").await.status, 429, "the same network");
    assert_eq!(town.messages().len(), 5, "and the owner was not flooded");
    assert_eq!(ask_code_from(&mut owner, "198.51.100.1").await.status, 303, "the owner gets a code");
    let code = town.code(MOBILE);
    town.wait_ms(31_000);
    // Nor does a code for somebody else's browser spoil it.
    let mut another = Browser::new(&town);
    assert_eq!(ask_code_from(&mut another, "192.0.2.1").await.status, 303);
    owner.get("/riverton/sign-in/code").await;
    owner.submit(&[("code", &code)]).await.expect(200, "My applications");
}

#[tokio::test]
async fn auth_07_a_flood_from_everywhere_ends() {
    let town = Town::with(|config| config.proxies = 1).await;
    let mut browser = Browser::new(&town);
    for network in 0..100 {
        ask_code_from(&mut browser, &format!("203.0.{network}.7")).await;
    }
    let (most, _) = limits::CODES_SENT_IN_ALL;
    assert_eq!(i64::try_from(town.messages().len()).unwrap(), most);
}

#[tokio::test]
async fn auth_07_a_few_networks_do_not_use_up_a_numbers_day() {
    let town = Town::with(|config| config.proxies = 1).await;
    let mut stranger = Browser::new(&town);
    let sent = || i64::try_from(town.messages().len()).unwrap();
    let ((freely, _), (then, _)) = (limits::CODES_SENT_FREELY, limits::CODES_SENT_THEN);
    // As many as any number of browsers of a network could ask for, and as far apart as one would have to wait.
    for network in 0..4 {
        for _ in 0..freely {
            ask_code_from(&mut stranger, &format!("203.0.{network}.7")).await;
            town.wait_ms(13 * 60_000);
        }
        assert_eq!(sent(), freely + network * then, "what {} networks had sent", network + 1);
    }
    assert_eq!(ask_code_from(&mut Browser::new(&town), "198.51.100.1").await.status, 303, "the owner gets a code");
    assert_eq!(sent(), freely + 3 * then + 1);
}

#[tokio::test]
async fn auth_07_the_codes_of_a_whole_state_are_counted() {
    let town = Town::open().await;
    for mobile in [MOBILE, "9876543211"] {
        ask_code(&mut Browser::new(&town), mobile).await.expect(200, "Enter the code");
    }
    let mut tx = town.app.store.read(STATE).await.unwrap();
    let (_, day_ms) = limits::CODES_EXPECTED;
    assert_eq!(throttles::count(&mut tx, ALL_CODES, town.app.clock.now_ms(), day_ms).await.unwrap(), 2);
}

#[tokio::test]
async fn signing_in_leads_back_to_the_whole_address() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = crate::apply::begun(&mut browser, MOBILE).await;
    let mut stranger = Browser::new(&town);
    stranger.get(&format!("/riverton/cases/{case}/form/problem?change=1")).await.expect(200, "mobile number");
    assert!(stranger.page.at.contains("problem%3Fchange%3D1"), "{}", stranger.page.at);
}

/// Signs in where the present page leads to.
async fn sign_in_again<'a>(browser: &'a mut Browser<'_>, mobile: &str) -> &'a crate::browser::Page {
    let to = browser.page.link("/riverton/sign-in?next=");
    browser.get(&to).await;
    browser.submit(&[("mobile", mobile)]).await;
    let code = browser.town.code(mobile);
    browser.submit(&[("code", &code)]).await
}

#[tokio::test]
async fn ses_10_what_was_typed_while_the_session_ended_is_on_the_page_again() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = crate::apply::begun(&mut browser, MOBILE).await;
    let form = browser.page.clone();
    town.wait_ms(limits::CITIZEN_IDLE_MS + 1);
    let page = browser.submit(&[("text", "The lamp is broken.")]).await.clone();
    page.expect(401, "You have been signed out").expect(401, "What you typed is kept for half an hour");
    // It is shown to the person who typed it, and nothing is done with it.
    sign_in_again(&mut browser, MOBILE).await.expect(200, "The lamp is broken.</textarea>");
    assert!(town.case(&case).await.answers.0.is_empty(), "it is shown, not saved");
    // Whoever else signs in at the same browser does not see it.
    let mut other = Browser::new(&town);
    town.wait_ms(31_000);
    other.page = page.clone();
    sign_in_again(&mut other, "9876543211").await.expect(200, "My applications");
    assert!(!other.page.html.contains("The lamp"));
    // Nor is anything kept that did not come from a form of that very session.
    town.wait_ms(limits::CITIZEN_IDLE_MS + 1);
    browser.page = form;
    let forged = browser.submit(&[("text", "Planted."), ("_csrf", "AAAA")]).await;
    assert!(forged.status == 401 && !forged.html.contains("resume"), "{}", forged.text());
}

#[tokio::test]
async fn what_was_typed_beside_a_file_is_kept_without_the_file() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = crate::apply::begun(&mut browser, MOBILE).await;
    browser.page.expect(200, "enctype=\"multipart/form-data\"");
    town.wait_ms(limits::CITIZEN_IDLE_MS + 1);
    let file = ("photo", "lamp.png", "image/png", &b"\x89PNG\r\n\x1a\n of a lamp"[..]);
    let page = browser.upload(&[("text", "The lamp is broken.")], file).await;
    page.expect(401, "What you typed is kept for half an hour");
    let page = sign_in_again(&mut browser, MOBILE).await;
    page.expect(200, "The lamp is broken.</textarea>").expect(200, "type=\"file\"");
    assert!(!page.html.contains("lamp.png"), "the file is to be chosen again");
    assert!(town.case(&case).await.answers.0.is_empty(), "it is shown, not saved");
}

#[tokio::test]
async fn ses_10_what_an_officer_typed_while_the_session_ended_is_on_the_page_again() {
    let town = crate::desk_town::open().await;
    let case = crate::desk_town::applied(&town, crate::desk_town::ASHA).await;
    let mut meera = crate::desk_town::staff(&town, "meera").await;
    let at = crate::desk_town::at(&case);
    meera.get(&format!("{at}/act/reject")).await;
    town.wait_ms(limits::EMPLOYEE_IDLE_MS + 1);
    meera.submit(&[("comment", "The street is too narrow.")]).await.expect(401, "Sign in");
    let to = meera.page.link("/riverton/desk/sign-in?next=");
    meera.get(&to).await;
    let fields = [("user", "meera"), ("password", crate::desk_town::PASSWORD)];
    meera.submit(&fields).await.expect(200, "The street is too narrow.");
    assert_eq!(town.case(&case).await.state, *"checking", "nothing was decided");
    meera.submit(&[("comment", "The street is too narrow.")]).await;
    assert_eq!(town.case(&case).await.state, *"rejected");
}

#[tokio::test]
async fn a_service_about_a_record_is_still_about_it_after_signing_in() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.get("/riverton/services/report?record=KL%2FRVT%2F2026-27%2F000001").await;
    browser.submit(&[]).await.expect(200, "What is your mobile number?");
    let next = browser.page.hidden().into_iter().find(|(name, _)| name == "next").unwrap().1;
    assert_eq!(next, "/riverton/services/report/start?record=KL%2FRVT%2F2026-27%2F000001");
    browser.submit(&[("mobile", "9876543219")]).await;
    let code = town.code("9876543219");
    browser.submit(&[("code", &code)]).await.expect(200, "Your details");
    browser.introduce().await.expect(200, "What do you see?");
}

#[tokio::test]
async fn a_known_number_and_an_unknown_one_get_the_same_answer() {
    let town = Town::open().await;
    Browser::new(&town).sign_in(MOBILE).await;
    town.wait_ms(31_000);
    let (mut known, mut unknown) = (Browser::new(&town), Browser::new(&town));
    let one = ask_code(&mut known, MOBILE).await.clone();
    let two = ask_code(&mut unknown, "9876500000").await.clone();
    assert_eq!((one.status, one.text().replace("3210", "")), (two.status, two.text().replace("0000", "")));
    let wrong = |code: String| other(&code);
    let one = known.submit(&[("code", &wrong(town.code(MOBILE)))]).await.clone();
    let two = unknown.submit(&[("code", &wrong(town.code("9876500000")))]).await.clone();
    assert_eq!((one.status, one.text().replace("3210", "")), (two.status, two.text().replace("0000", "")));
}

#[tokio::test]
async fn auth_06_only_a_keyed_hash_of_the_code_is_stored() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    ask_code(&mut browser, MOBILE).await;
    let mut tx = town.app.store.begin(STATE).await.unwrap();
    let purpose = format!("sign_in:{}", session::browser_hash(&browser.cookies["__Host-nagar-browser"]));
    let otp = otps::guess(&mut tx, MOBILE, &purpose, town.app.clock.now_ms()).await.unwrap().unwrap();
    assert_eq!(otp.code_hmac.len(), 64);
    assert!(!otp.code_hmac.contains(&town.code(MOBILE)));
}

#[tokio::test]
async fn auth_03_two_uses_of_a_code_at_once_give_one_session() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    ask_code(&mut browser, MOBILE).await;
    let code = town.code(MOBILE);
    let mut twin = Browser::new(&town);
    twin.cookies = browser.cookies.clone();
    twin.page = browser.page.clone();
    let fields = [("code", code.as_str())];
    tokio::join!(browser.submit(&fields), twin.submit(&fields));
    let signed_in = [&browser, &twin].iter().filter(|browser| browser.cookies.contains_key("__Host-nagar")).count();
    assert_eq!(signed_in, 1);
}

#[tokio::test]
async fn ses_03_sessions_end_by_themselves() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.sign_in(MOBILE).await;
    let mut used = 0;
    while used < limits::SESSION_MS - 20 * 60_000 {
        town.wait_ms(20 * 60_000);
        used += 20 * 60_000;
        browser.get("/riverton/my").await.expect(200, "My applications").expect(200, "Sign out");
    }
    town.wait_ms(20 * 60_000);
    browser.get("/riverton/my").await.expect(200, "What is your mobile number?");
    let mut idle = Browser::new(&town);
    idle.sign_in("9876543211").await;
    town.wait_ms(limits::CITIZEN_IDLE_MS + 1);
    idle.get("/riverton/my").await.expect(200, "What is your mobile number?");
}

#[tokio::test]
async fn a_page_says_when_its_session_ends_and_whoever_wants_stays() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    assert!(!browser.get("/riverton").await.html.contains("id=\"stay\""), "strangers have no session");
    browser.sign_in(MOBILE).await;
    town.wait_ms(61_000);
    let page = browser.get("/riverton/my").await.clone();
    page.expect(200, "you are signed out at 06/04/2026, 10:31 am").expect(200, "id=\"stay\" data-left=\"1800\"");
    for _ in 0..3 {
        town.wait_ms(limits::CITIZEN_IDLE_MS - 60_000);
        browser.page = page.clone();
        let stayed = browser.post("/riverton/session", &[]).await;
        assert_eq!((stayed.status, stayed.html.as_str()), (200, "1800"));
    }
    browser.get("/riverton/my").await.expect(200, "Sign out");
    town.wait_ms(limits::CITIZEN_IDLE_MS + 1);
    browser.page = page;
    assert_eq!(browser.post("/riverton/session", &[]).await.status, 403, "it has ended, and its token with it");
}

#[tokio::test]
async fn ses_01_signing_in_changes_the_cookies() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.cookies.insert("__Host-nagar".to_owned(), "planted-before-signing-in-0000000000000000000".to_owned());
    browser.get("/riverton/sign-in").await;
    let before = browser.cookies["__Host-nagar-browser"].clone();
    browser.sign_in(MOBILE).await.expect(200, "My applications");
    assert!(!browser.cookies["__Host-nagar"].starts_with("planted"));
    assert_ne!(browser.cookies["__Host-nagar-browser"], before);
    let mut tx = town.app.store.read(EVERYBODY).await.unwrap();
    let old = sessions::find(&mut tx, &session::browser_hash(&before), town.app.clock.now_ms()).await.unwrap();
    assert!(old.is_none(), "what was remembered before is forgotten");
}

#[tokio::test]
async fn ses_09_nobody_is_sent_elsewhere_after_signing_in() {
    let town = Town::open().await;
    for (next, lands) in [
        ("/riverton/services/report", "/riverton/services/report"),
        ("//evil.example", "/riverton/my"),
        ("/\\evil.example", "/riverton/my"),
        ("https://evil.example", "/riverton/my"),
        ("/riverton%2f%2fevil", "/riverton/my"),
        ("/rivertonevil", "/riverton/my"),
        ("/hilltop/my", "/riverton/my"),
        ("/riverton/\r\nset-cookie: a=b", "/riverton/my"),
    ] {
        let mut browser = Browser::new(&town);
        let mobile = format!("98765{:05}", next.len() * 31 + usize::from(next.as_bytes()[1]));
        let query = crate::browser::encoded(&[("next".to_owned(), next.to_owned())]);
        browser.get(&format!("/riverton/sign-in?{query}")).await;
        browser.submit(&[("mobile", &mobile)]).await;
        let code = town.code(&mobile);
        browser.submit(&[("code", &code)]).await.expect(200, "Your details");
        assert_eq!(browser.introduce().await.at, lands, "{next}");
    }
}

#[tokio::test]
async fn a_sign_in_holds_in_every_town_of_the_state() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.sign_in(MOBILE).await;
    browser.get("/hilltop/my").await.expect(200, "My applications").expect(200, "Sign out");
}

#[tokio::test]
async fn auth_08_the_outbox_is_for_demonstrations_alone() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    ask_code(&mut browser, MOBILE).await;
    browser.get("/dev/outbox").await.expect(200, &town.code(MOBILE));
    let page = browser.send(Request::get("/dev/outbox").header("accept", "text/html,*/*;q=0.8"), Body::empty()).await;
    page.expect(200, &town.code(MOBILE)).expect(200, "<title>Messages sent");
    let earnest = Town::with(|config| config.demo = false).await;
    Browser::new(&earnest).get("/dev/outbox").await.expect(404, "Page not found");
    let closed = Town::with(|config| config.implementer = false).await;
    let page = Browser::new(&closed).send(Request::get("/dev/outbox"), Body::empty()).await;
    page.expect(404, "Page not found");
    assert_eq!(TOWN, "riverton");
}

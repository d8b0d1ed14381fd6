//! Following one application by its number and a code, without an account.

use axum::http::Request;
use server::http::limits;
use server::store::jobs::{self, Kind};
use server::store::{EVERYBODY, throttles};

use crate::apply::sent;
use crate::browser::{Browser, Page};
use crate::town::{STATE, Town};

const MOBILE: &str = "9876543210";
const NUMBER: &str = "SPA/RVT/2026-27/000001";

async fn ask_for<'a>(browser: &'a mut Browser<'_>, number: &str) -> &'a Page {
    browser.get("/riverton/track").await.expect(200, "What is the number of your application?");
    browser.submit(&[("number", number)]).await
}

#[tokio::test]
async fn an_application_is_followed_with_its_number_and_a_code() {
    let town = Town::open().await;
    let case = sent(&mut Browser::new(&town), MOBILE).await;
    town.officer(&case, "clerk", "ask", "Which street?").await;
    town.wait_ms(31_000);
    let mut browser = Browser::new(&town);
    town.work().await;
    ask_for(&mut browser, " spa/rvt/2026-27/००००01 ").await.expect(200, "If there is an application SPA/RVT");
    town.work().await;
    let told = town.messages().last().unwrap().clone();
    assert_eq!(told.to, MOBILE);
    assert!(told.body.contains(&format!("to look at application {NUMBER} at Riverton")), "{}", told.body);
    let code = town.code(MOBILE);
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    browser.submit(&[("code", &wrong)]).await.expect(422, "This is not the code we sent");
    let page = browser.submit(&[("code", &code)]).await;
    for words in [NUMBER, "With you for correction", "Which street?", "You have until 06/05/2026", "Sign in"] {
        page.expect(200, words);
    }
    // It is read, and nothing else: no answers, no papers, nothing to be done.
    for closed in ["Asha Snacks", "/papers/", "/act/", "Your answers"] {
        assert!(!page.html.contains(closed), "{closed}:\n{}", page.text());
    }
    browser.get(&format!("/riverton/cases/{case}")).await.expect(200, "What is your mobile number?");
    browser.get("/riverton/track/case").await.expect(200, NUMBER);
    town.wait_ms(limits::CODE_MS + 1);
    browser.get("/riverton/track/case").await.expect(200, "What is the number of your application?");
}

#[tokio::test]
async fn az_03_a_number_that_is_there_and_one_that_is_not_get_the_same_answer() {
    let town = Town::open().await;
    sent(&mut Browser::new(&town), MOBILE).await;
    town.wait_ms(31_000);
    town.work().await;
    let before = town.messages().len();
    let missing = "SPA/RVT/2026-27/000009";
    let (mut known, mut unknown) = (Browser::new(&town), Browser::new(&town));
    let same = |one: &Page, two: &Page| {
        assert_eq!((one.status, one.text().replace(NUMBER, missing)), (two.status, two.text()));
    };
    let one = ask_for(&mut known, NUMBER).await.clone();
    let two = ask_for(&mut unknown, missing).await.clone();
    same(&one, &two);
    assert_eq!(town.messages().len(), before, "nobody waits for the message");
    town.work().await;
    assert_eq!(town.messages().len(), before + 1, "a code is sent for what is there");
    let mut tx = town.app.store.read(EVERYBODY).await.unwrap();
    let waiting = jobs::waiting(&mut tx).await.unwrap();
    assert!(waiting.iter().all(|waiting| waiting.kind != Kind::Code), "{waiting:?}");
    drop(tx);
    let one = known.submit(&[("code", "12")]).await.clone();
    let two = unknown.submit(&[("code", "12")]).await.clone();
    same(&one, &two);
    // Asking again at once is refused in both.
    for (browser, number) in [(&mut known, NUMBER), (&mut unknown, missing)] {
        ask_for(browser, number).await.expect(429, "Too many attempts");
    }
    ask_for(&mut known, " ").await.expect(422, "Write the number of the application.");
}

#[tokio::test]
async fn a_code_to_follow_comes_at_once_or_not_at_all_and_takes_none_from_signing_in() {
    let town = Town::open().await;
    sent(&mut Browser::new(&town), MOBILE).await;
    town.wait_ms(31_000);
    town.work().await;
    let codes = || town.messages().iter().filter(|message| message.body.contains("to look at application")).count();
    let mut browser = Browser::new(&town);
    // Nobody sent it for as long as it would have held.
    ask_for(&mut browser, NUMBER).await;
    town.wait_ms(limits::CODE_MS + 1);
    town.work().await;
    assert_eq!(codes(), 0);
    ask_for(&mut browser, NUMBER).await.expect(200, "If there is an application");
    town.work().await;
    assert_eq!(codes(), 1);
    // Once a mobile has had its codes of the day, none is sent for looking, and those of signing in are left.
    let (freely, day_ms) = limits::CODES_SENT_FREELY;
    let mut tx = town.app.store.begin(STATE).await.unwrap();
    for _ in 0..freely {
        throttles::hit(&mut tx, &format!("codes-to:{MOBILE}"), town.app.clock.now_ms(), day_ms).await.unwrap();
    }
    tx.commit().await.unwrap();
    town.wait_ms(31_000);
    ask_for(&mut browser, NUMBER).await.expect(200, "If there is an application");
    town.work().await;
    assert_eq!(codes(), 1, "and the page says the same");
    browser.get("/riverton/sign-in").await;
    browser.submit(&[("mobile", MOBILE)]).await.expect(200, "Enter the code");
}

#[tokio::test]
async fn a_code_for_a_case_opens_that_case_alone() {
    let town = Town::open().await;
    sent(&mut Browser::new(&town), MOBILE).await;
    town.wait_ms(31_000);
    let mut browser = Browser::new(&town);
    ask_for(&mut browser, NUMBER).await;
    town.work().await;
    let code = town.code(MOBILE);
    // Another browser that asks for the same has a code of its own, and it signs nobody in.
    town.wait_ms(31_000);
    let mut other = Browser::new(&town);
    ask_for(&mut other, NUMBER).await;
    town.work().await;
    if town.code(MOBILE) != code {
        other.submit(&[("code", &code)]).await.expect(422, "This is not the code we sent");
    }
    town.wait_ms(31_000);
    browser.get("/riverton/sign-in").await;
    browser.submit(&[("mobile", MOBILE)]).await.expect(200, "Enter the code");
    if town.code(MOBILE) != code {
        browser.submit(&[("code", &code)]).await.expect(422, "This is not the code we sent");
    }
    assert!(!browser.cookies.contains_key("__Host-nagar"));
    let page = browser.send(Request::get("/hilltop/track/case"), axum::body::Body::empty()).await;
    assert_eq!((page.status, page.headers["location"].as_str()), (303, "/hilltop/track"));
}

#[tokio::test]
async fn a_number_that_is_verified_leads_to_where_it_is_followed() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    browser.get("/riverton/verify?code=SPA%2FRVT%2F2026-27%2F000001").await.expect(404, "see where it stands");
    let follow = browser.page.link("/riverton/track?number=");
    browser.get(&follow).await.expect(200, &format!("value=\"{NUMBER}\""));
}

#[tokio::test]
async fn a_message_with_a_code_names_the_pages_it_is_for() {
    let town = Town::with(|config| config.base_url = "https://town.example:8443".to_owned()).await;
    let mut browser = Browser::new(&town);
    browser.get("/riverton/sign-in").await;
    browser.submit(&[("mobile", MOBILE)]).await;
    let code = town.code(MOBILE);
    let body = town.messages().last().unwrap().body.clone();
    assert!(body.ends_with(&format!("\n\n@town.example #{code}")), "{body}");
}

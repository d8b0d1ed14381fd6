//! The staff signs in: with a password, in one town, and sees when that was done the last time.

use axum::body::Body;
use axum::http::Request;
use server::auth::password::counted_in_all;
use server::auth::token;
use server::http::limits;
use server::store::appointments::THE_TOWN;
use server::store::people::{self, Person};
use server::store::{By, events, throttles};

use crate::browser::{Browser, Page, encoded};
use crate::desk_town::{ASHA, PASSWORD, applied, applied_in, at, employ, open, open_with, staff, staff_of};
use crate::town::{TOWN, Town};

async fn words(town: &Town) -> Vec<String> {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let all = events::all(&mut tx, 0, 1_000).await.unwrap();
    all.iter().filter_map(|event| event.command["word"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_are_told_alike() {
    let town = open().await;
    let mut browser = Browser::new(&town);
    browser.get(&format!("/{TOWN}/desk/sign-in")).await.expect(200, "Staff sign-in");
    let form = browser.page.clone();
    browser.submit(&[("user", "meera"), ("password", "wrong")]).await.expect(422, "is not right");
    let wrong = browser.page.text();
    browser.page = form;
    browser.submit(&[("user", "nobody"), ("password", "wrong")]).await.expect(422, "is not right");
    assert_eq!(browser.page.text(), wrong);
    assert!(!browser.page.html.contains("value=\"wrong\""), "a password is never sent back");
    assert_eq!(words(&town).await.iter().filter(|word| *word == "sign_in_denied").count(), 2);
}

#[tokio::test]
async fn who_signs_in_comes_to_the_page_that_was_asked_for() {
    let town = open().await;
    let case = applied(&town, ASHA).await;
    let mut browser = Browser::new(&town);
    browser.get(&at(&case)).await.expect(200, "Staff sign-in");
    browser.submit(&[("user", " Meera "), ("password", PASSWORD)]).await.expect(200, "KIA/RVT/2026-27/000001");
    let mut other = Browser::new(&town);
    other.get(&format!("/{TOWN}/desk/sign-in?next=https://elsewhere.example/")).await;
    other.submit(&[("user", "meera"), ("password", PASSWORD)]).await.expect(200, "My desk");
}

#[tokio::test]
async fn the_sign_in_before_is_shown() {
    let town = open().await;
    let first = staff(&town, "meera").await;
    assert!(!first.page.html.contains("You last signed in"));
    town.wait_ms(26 * 3_600_000);
    let mut second = staff(&town, "meera").await;
    second.page.expect(200, "You last signed in: 06/04/2026, 10:00 am");
    second.get(&format!("/{TOWN}/desk")).await.expect(200, "You last signed in: 06/04/2026, 10:00 am");
}

#[tokio::test]
async fn who_has_left_cannot_sign_in_and_a_session_ends_with_the_sign_out() {
    let town = open().await;
    let mut browser = staff(&town, "omar").await;
    let secret = browser.cookies["__Host-nagar"].clone();
    let request = browser.page.token();
    browser.post(&format!("/{TOWN}/sign-out"), &[("_csrf", &request)]).await.expect(200, "Staff sign-in");
    let mut thief = Browser::new(&town);
    thief.cookies.insert("__Host-nagar".to_owned(), secret.clone());
    thief.get(&format!("/{TOWN}/desk")).await.expect(200, "Staff sign-in");
    assert_ne!(token::stored(&secret), secret);
    let mut tx = town.app.store.begin(TOWN).await.unwrap();
    let person = people::find(&mut tx, "omar").await.unwrap().unwrap();
    people::save(&mut tx, By::system(0), &Person { disabled: true, ..person }).await.unwrap();
    tx.commit().await.unwrap();
    let mut left = Browser::new(&town);
    left.get(&format!("/{TOWN}/desk/sign-in")).await;
    left.submit(&[("user", "omar"), ("password", PASSWORD)]).await.expect(422, "is not right");
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let town = open().await;
    let mut browser = Browser::new(&town);
    browser.get(&format!("/{TOWN}/desk/sign-in")).await;
    let form = browser.page.clone();
    for _ in 0..20 {
        browser.page = form.clone();
        browser.submit(&[("user", "meera"), ("password", "guess")]).await;
    }
    browser.page = form;
    browser.submit(&[("user", "meera"), ("password", PASSWORD)]).await.expect(429, "Too many attempts");
}

/// Signs in with a password from an address on the internet.
async fn sign_in_from(town: &Town, address: &str, user: &str, password: &str) -> Page {
    let mut browser = Browser::new(town);
    browser.get(&format!("/{TOWN}/desk/sign-in")).await;
    let mut pairs = browser.page.hidden();
    pairs.extend([("user", user), ("password", password)].map(|(name, value)| (name.to_owned(), value.to_owned())));
    let request = Request::post(format!("/{TOWN}/desk/sign-in"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-forwarded-for", address);
    browser.send(request, Body::from(encoded(&pairs))).await
}

#[tokio::test]
async fn auth_01_a_stranger_cannot_lock_an_officer_out() {
    let town = open_with(|config| config.proxies = 1).await;
    let (most, _) = limits::PASSWORD_TRIES;
    for _ in 0..most {
        assert_eq!(sign_in_from(&town, "203.0.113.7", "meera", "guess").await.status, 422);
    }
    for _ in 0..2 * most {
        // Neither the same network nor another address of it goes on, whatever it says.
        assert_eq!(sign_in_from(&town, "203.0.113.9", "meera", PASSWORD).await.status, 429);
    }
    assert_eq!(sign_in_from(&town, "203.0.113.7", "omar", PASSWORD).await.status, 303, "who sits beside the stranger");
    assert_eq!(sign_in_from(&town, "198.51.100.1", "meera", PASSWORD).await.status, 303, "the owner, elsewhere");
}

#[tokio::test]
async fn auth_01_guesses_from_everywhere_are_slowed_down_and_keep_nobody_out() {
    let town = open_with(|config| config.proxies = 1).await;
    let (most, window_ms) = limits::PASSWORD_TRIES_IN_ALL;
    let mut tx = town.app.store.begin(TOWN).await.unwrap();
    for _ in 0..most {
        throttles::hit(&mut tx, &counted_in_all("meera"), town.app.clock.now_ms(), window_ms).await.unwrap();
    }
    tx.commit().await.unwrap();
    let (then, _) = limits::PASSWORD_TRIES_THEN;
    for _ in 0..then {
        assert_eq!(sign_in_from(&town, "203.0.113.7", "meera", "guess").await.status, 422);
    }
    assert_eq!(sign_in_from(&town, "203.0.113.7", "meera", "guess").await.status, 429, "so few are enough now");
    // The owner mistypes once and is in; nor does that use up anybody else's.
    assert_eq!(sign_in_from(&town, "198.51.100.1", "meera", "quiet-river-43").await.status, 422);
    assert_eq!(sign_in_from(&town, "198.51.100.1", "meera", PASSWORD).await.status, 303);
    assert_eq!(sign_in_from(&town, "203.0.113.7", "omar", PASSWORD).await.status, 303);
}

#[tokio::test]
async fn aud_01_a_name_that_nobody_has_is_not_kept_in_the_chain() {
    let town = open().await;
    let mut browser = Browser::new(&town);
    for user in ["meera", "Quiet-River-42"] {
        browser.get(&format!("/{TOWN}/desk/sign-in")).await;
        browser.submit(&[("user", user), ("password", "wrong")]).await.expect(422, "is not right");
    }
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let all = events::all(&mut tx, 0, 1_000).await.unwrap();
    let denied = all.iter().filter(|event| event.command["word"] == "sign_in_denied");
    let users: Vec<&str> = denied.filter_map(|event| event.command["facts"]["user"].as_str()).collect();
    assert_eq!(users, ["meera", "(unknown)"]);
    assert!(all.iter().all(|event| !event.command.to_string().to_lowercase().contains("quiet-river")));
    drop(tx);
    employ(&town, TOWN, ("tara", "Tara Sen"), (THE_TOWN, "auditor", "")).await;
    let mut tara = staff(&town, "tara").await;
    tara.get(&format!("/{TOWN}/desk/events")).await.expect(200, "a name that nobody has here");
}

#[tokio::test]
async fn az_04_the_staff_of_one_town_is_nobody_in_another() {
    let town = open().await;
    let theirs = applied_in(&town, "hilltop", ASHA).await;
    let mut nina = staff_of(&town, "hilltop", "nina").await;
    nina.get(&format!("/hilltop/desk/cases/{theirs}")).await.expect(200, "KIA/HTP/2026-27/000001");
    for page in ["", "/inbox", "/inbox.csv", "/collect?q=9876543210", "/registers/kiosk_licenses", "/my-work"] {
        nina.get(&format!("/{TOWN}/desk{page}")).await.expect(200, "Staff sign-in");
    }
    let mut meera = staff(&town, "meera").await;
    meera.get(&at(&theirs)).await.expect(404, "Page not found");
    meera.get(&format!("/hilltop/desk/cases/{theirs}")).await.expect(200, "Staff sign-in");
    meera.get(&format!("/{TOWN}/desk/inbox?scope=all")).await.expect(200, "No case fits");
    meera.get(&format!("/{TOWN}/desk/collect?q=KIA/HTP/2026-27/000001")).await.expect(200, "Nothing is found");
}

#[tokio::test]
async fn the_first_page_says_which_posts_are_held_and_another_town_asks_to_sign_in() {
    let town = open().await;
    employ(&town, TOWN, ("omar", "Omar Khan"), ("kiosk", "clerk", "L3")).await;
    employ(&town, "hilltop", ("omar", "Omar Khan"), ("kiosk", "inspector", "")).await;
    let mut omar = staff(&town, "omar").await;
    let page = omar.get(&format!("/{TOWN}/desk")).await;
    page.expect(200, "Market officer").expect(200, "Market clerk, ");
    assert!(!page.html.contains("Market inspector"), "that post is one of another town: {}", page.text());
    omar.get("/hilltop/desk/inbox").await.expect(200, "Staff sign-in");
    omar.submit(&[("user", "omar"), ("password", PASSWORD)]).await;
    assert!(omar.page.at.starts_with("/hilltop/desk/inbox"), "it leads on to what was asked for: {}", omar.page.at);
    omar.get("/hilltop/desk").await.expect(200, "Market inspector");
    omar.get(&format!("/{TOWN}/desk")).await.expect(200, "Staff sign-in");
}

#[tokio::test]
async fn a_whole_office_can_come_to_work_at_ten() {
    let town = open().await;
    for time in 0..25 {
        let mut browser = Browser::new(&town);
        browser.get(&format!("/{TOWN}/desk/sign-in")).await;
        let page = browser.submit(&[("user", "meera"), ("password", PASSWORD)]).await;
        assert_eq!(page.status, 200, "sign-in number {time} from one network");
    }
}

//! How the staff signs in and where from: second factors, own passwords, sessions.

use server::auth::{closed, totp};
use server::http::limits;
use server::store::factors;

use crate::browser::{Browser, Page};
use crate::desk_town::{PASSWORD, employ, open, open_with, staff};
use crate::town::{TOWN, Town};

/// A town whose officers need a second factor.
async fn strict() -> Town {
    open_with(|config| config.second_factor = Some(vec!["officer".to_owned()])).await
}

/// Types name and password.
async fn enter<'a>(browser: &'a mut Browser<'_>, login: &str, password: &str) -> &'a Page {
    browser.get(&format!("/{TOWN}/desk/sign-in")).await.expect(200, "Staff sign-in");
    browser.submit(&[("user", login), ("password", password)]).await
}

/// The code that the person's authenticator shows now.
pub(crate) async fn shown(town: &Town, person: &str) -> String {
    shown_later(town, person, 0).await
}

/// The code that it shows so many half minutes later.
pub(crate) async fn shown_later(town: &Town, person: &str, later: i64) -> String {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let factor = factors::find(&mut tx, person).await.unwrap().unwrap();
    let secret = closed::open(town.app.keys.secret(), &["second factor", TOWN, person], &factor.secret).unwrap();
    totp::code(&secret, totp::step(town.app.clock.now_ms()) + later)
}

/// Six digits that are not the code.
fn other(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

/// What stands on a page in the type of codes.
pub(crate) fn codes(page: &Page) -> Vec<String> {
    let main = &page.html[page.html.find("<main").unwrap()..];
    let all = main.split("class=\"code\">").skip(1).map(|rest| rest[..rest.find('<').unwrap()].to_owned());
    all.collect()
}

/// Signs in and sets up an authenticator where the post needs one; gives the recovery codes.
async fn set_up(town: &Town, login: &str) -> Vec<String> {
    let mut browser = Browser::new(town);
    enter(&mut browser, login, PASSWORD).await.expect(200, "Set up an authenticator").expect(200, "<svg");
    let code = shown(town, login).await;
    browser.submit(&[("code", &code)]).await.expect(200, "Keep your recovery codes");
    codes(&browser.page)
}

#[tokio::test]
async fn auth_09_a_post_that_needs_it_is_entered_with_a_second_factor() {
    let town = strict().await;
    enter(&mut Browser::new(&town), "meera", PASSWORD).await.expect(200, "My desk");
    let mut omar = Browser::new(&town);
    enter(&mut omar, "omar", PASSWORD).await.expect(200, "Set up an authenticator").expect(200, "<svg");
    let page = omar.page.clone();
    omar.get(&format!("/{TOWN}/desk")).await.expect(200, "Staff sign-in");
    let code = shown(&town, "omar").await;
    omar.page = page;
    omar.submit(&[("code", &other(&code))]).await.expect(422, "This is not the code");
    omar.submit(&[("code", &code)]).await.expect(200, "Keep your recovery codes");
    assert_eq!(codes(&omar.page).len(), limits::RECOVERY_CODES);
    omar.page.expect(200, &format!("class=\"btn\" href=\"/{TOWN}/desk\""));
    omar.get(&format!("/{TOWN}/desk")).await.expect(200, "My desk").expect(200, "Omar Khan");
    // The code that was typed to set it up is used up.
    let mut again = Browser::new(&town);
    enter(&mut again, "omar", PASSWORD).await.expect(200, "Enter the code of your authenticator");
    again.submit(&[("code", &code)]).await.expect(422, "This is not the code");
    town.wait_ms(30_000);
    let code = shown(&town, "omar").await;
    again.submit(&[("code", &format!(" {} {}", &code[..3], &code[3..]))]).await.expect(200, "My desk");
}

#[tokio::test]
async fn auth_09_a_recovery_code_lets_in_once() {
    let town = strict().await;
    let recovery = set_up(&town, "omar").await;
    let mut first = Browser::new(&town);
    enter(&mut first, "omar", PASSWORD).await;
    let typed = recovery[0].to_uppercase();
    first.submit(&[("code", &typed)]).await.expect(200, "My desk");
    first.get(&format!("/{TOWN}/desk/account")).await.expect(200, "recovery codes left: 9");
    let mut second = Browser::new(&town);
    enter(&mut second, "omar", PASSWORD).await;
    second.submit(&[("code", &recovery[0])]).await.expect(422, "This is not the code");
    second.submit(&[("code", &recovery[1])]).await.expect(200, "My desk");
    let kept = std::fs::read(town.data.path().join("nagar.db")).unwrap_or_default();
    let wal = std::fs::read(town.data.path().join("nagar.db-wal")).unwrap_or_default();
    let plain = recovery[2].replace('-', "");
    let is_in = |bytes: &[u8]| bytes.windows(plain.len()).any(|window| window == plain.as_bytes());
    assert!(!is_in(&kept) && !is_in(&wal), "only a keyed hash of a recovery code is stored");
}

#[tokio::test]
async fn auth_09_guessing_codes_is_slowed_down() {
    let town = strict().await;
    set_up(&town, "omar").await;
    town.wait_ms(60_000);
    let mut guesser = Browser::new(&town);
    enter(&mut guesser, "omar", PASSWORD).await;
    let code = shown(&town, "omar").await;
    for _ in 0..limits::SECOND_TRIES.0 {
        guesser.submit(&[("code", &other(&code))]).await.expect(422, "This is not the code");
    }
    guesser.submit(&[("code", &code)]).await.expect(429, "Too many attempts");
    set_up(&town, "olga").await;
}

#[tokio::test]
async fn auth_09_whoever_comes_to_such_a_post_signs_in_anew() {
    let town = strict().await;
    let mut meera = staff(&town, "meera").await;
    meera.get(&format!("/{TOWN}/desk/inbox")).await.expect(200, "Meera Joshi");
    employ(&town, TOWN, ("meera", "Meera Joshi"), ("kiosk", "officer", "")).await;
    meera.get(&format!("/{TOWN}/desk/inbox")).await.expect(200, "Staff sign-in");
}

#[tokio::test]
async fn auth_09_nobody_skips_the_second_step() {
    let town = strict().await;
    set_up(&town, "omar").await;
    let mut omar = Browser::new(&town);
    enter(&mut omar, "omar", PASSWORD).await.expect(200, "Enter the code");
    for page in ["/desk", "/desk/account", "/desk/sign-in/password"] {
        omar.get(&format!("/{TOWN}{page}")).await.expect(200, "Staff sign-in");
    }
    // What was remembered of the password lasts as long as a code.
    enter(&mut omar, "omar", PASSWORD).await.expect(200, "Enter the code");
    town.wait_ms(limits::CODE_MS + 1);
    let code = shown(&town, "omar").await;
    omar.submit(&[("code", &code)]).await.expect(200, "Staff sign-in");
    let mut stranger = Browser::new(&town);
    stranger.get(&format!("/{TOWN}/desk/sign-in/second")).await.expect(200, "Staff sign-in");
}

#[tokio::test]
async fn auth_09_an_authenticator_is_changed_with_a_code_of_the_old_one() {
    let town = open().await;
    let mut meera = staff(&town, "meera").await;
    let second = format!("/{TOWN}/desk/account/second");
    meera.get(&second).await.expect(200, "Present password");
    meera.submit(&[("proof", "wrong")]).await.expect(422, "This is not your present password");
    meera.submit(&[("proof", PASSWORD)]).await.expect(200, "<svg");
    let code = shown(&town, "meera").await;
    meera.submit(&[("code", &code)]).await.expect(200, "Keep your recovery codes");
    let recovery = codes(&meera.page);
    // Nobody asked for it, but whoever has one is asked for its code.
    let mut again = Browser::new(&town);
    enter(&mut again, "meera", PASSWORD).await.expect(200, "Enter the code");
    meera.get(&second).await.expect(200, "Change the authenticator");
    meera.submit(&[("proof", PASSWORD)]).await.expect(422, "This is not the code");
    meera.submit(&[("proof", &recovery[0])]).await.expect(200, "<svg");
    let code = shown(&town, "meera").await;
    meera.submit(&[("code", &code)]).await.expect(200, "Keep your recovery codes");
    let before = codes(&meera.page);
    town.wait_ms(30_000);
    meera.get(&format!("/{TOWN}/desk/account/codes")).await.expect(200, "no longer work");
    let code = shown(&town, "meera").await;
    meera.submit(&[("proof", &code)]).await.expect(200, "Keep your recovery codes");
    assert!(codes(&meera.page).iter().all(|code| !before.contains(code)));
}

#[tokio::test]
async fn auth_10_a_password_is_chosen_by_its_length_and_not_by_its_letters() {
    let town = open().await;
    let (mut meera, mut elsewhere) = (staff(&town, "meera").await, staff(&town, "meera").await);
    let at = format!("/{TOWN}/desk/account/password");
    meera.get(&at).await.expect(200, "Present password").expect(200, "autocomplete=\"new-password\"");
    let new = "नदी किनारे सात बत्तख";
    for (typed, twice, words) in [
        ("short", "short", "too short"),
        ("iloveyou", "iloveyou", "Many people use this password"),
        ("riverton1", "riverton1", "little more than your name"),
        ("Meera-Joshi", "Meera-Joshi", "little more than your name"),
        (new, "something else", "are not the same"),
    ] {
        let fields = [("present", PASSWORD), ("new", typed), ("again", twice)];
        meera.submit(&fields).await.expect(422, words);
        assert!(!meera.page.html.contains(&format!("value=\"{typed}")), "a password is never sent back");
    }
    meera.submit(&[("present", "wrong"), ("new", new), ("again", new)]).await.expect(422, "your present password");
    let before = meera.cookies["__Host-nagar"].clone();
    meera.submit(&[("present", PASSWORD), ("new", new), ("again", new)]).await.expect(200, "My sign-in");
    assert_ne!(meera.cookies["__Host-nagar"], before, "the session has another secret");
    elsewhere.get(&format!("/{TOWN}/desk")).await.expect(200, "Staff sign-in");
    enter(&mut Browser::new(&town), "meera", PASSWORD).await.expect(422, "is not right");
    enter(&mut Browser::new(&town), "meera", new).await.expect(200, "My desk");
}

#[tokio::test]
async fn ses_04_a_session_is_ended_elsewhere() {
    let town = open().await;
    let mut here = staff(&town, "meera").await;
    here.get(&format!("/{TOWN}/desk/account")).await.expect(200, "This browser");
    assert!(!here.page.html.contains("Sign out everywhere else"), "there is only this one");
    let (mut there, mut third) = (staff(&town, "meera").await, staff(&town, "meera").await);
    let mut ravi = staff(&town, "ravi").await;
    let account = format!("/{TOWN}/desk/account");
    here.get(&account).await.expect(200, "Sign out there");
    here.submit(&[]).await.expect(200, "This browser");
    let gone = |page: &Page| page.html.contains("Staff sign-in");
    there.get(&account).await;
    third.get(&account).await;
    assert_ne!(gone(&there.page), gone(&third.page), "one of the two was ended");
    here.post(&account, &[("session", "others")]).await.expect(200, "This browser");
    there.get(&account).await.expect(200, "Staff sign-in");
    third.get(&account).await.expect(200, "Staff sign-in");
    ravi.get(&account).await.expect(200, "This browser");
    // Nobody ends what is somebody else's.
    let secret = here.cookies["__Host-nagar"].clone();
    let key = server::auth::token::stored(&secret)[..16].to_owned();
    ravi.post(&account, &[("session", &key)]).await;
    here.get(&account).await.expect(200, "This browser");
}

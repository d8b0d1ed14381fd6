//! Employees sign in at an identity provider: who is entered comes in, whatever else comes back does not.

use connectors::identity::Believed;
use serde_json::{Value, json};
use server::appoint;
use server::store::appointments::THE_TOWN;
use server::store::people::{self, Person};
use server::store::verify::verify;
use server::store::{By, events};

use crate::browser::{Browser, Page};
use crate::desk_town::{employ, open_with, staff};
use crate::identity_provider::Provider;
use crate::program_tokens::confirmed;
use crate::town::{TOWN, Town};

const AT: &str = "/riverton/desk/sign-in/with/city";

/// A town whose staff signs in at a provider, with its administrator.
pub(crate) async fn open(believed: Believed, roles: &[&str]) -> (Town, Provider) {
    let provider = Provider::open().await;
    let town = open_with(|config| {
        config.second_factor = Some(roles.iter().map(|&role| role.to_owned()).collect());
        provider.tell(config, believed);
    })
    .await;
    provider.said().clock = town.app.clock.for_connectors();
    employ(&town, TOWN, ("kamla", "Kamla Devi"), (THE_TOWN, "administrator", "")).await;
    (town, provider)
}

/// Somebody is entered as whoever has this address or this account there, at the console: what that leads to is tried
/// here. How an administrator asks for it is tried below.
async fn enter(town: &Town, person: &str, email: &str, subject: &str) {
    let known = if subject.is_empty() { email } else { subject };
    appoint::known_as(&town.app, &town.tenant(), person, ("city", known)).await.unwrap();
}

/// The administrator asks that somebody be known there so, or takes it away.
async fn asked(town: &Town, person: &str, email: &str, subject: &str) -> Page {
    let mut kamla = staff(town, "kamla").await;
    kamla
        .get(&format!("/{TOWN}/desk/staff/{person}/identity/city"))
        .await
        .expect(200, "Enter the sign-in at 127.0.0.1");
    kamla.submit(&[("email", email), ("subject", subject)]).await.clone()
}

/// Begins in a browser; gives where it is sent.
async fn sent(browser: &mut Browser<'_>) -> String {
    let page = browser.get(AT).await;
    assert_eq!(page.status, 303, "{}", page.text());
    page.headers["location"].clone()
}

/// Begins, signs in there saying what `change` makes of it, and comes back.
async fn come<'a>(browser: &'a mut Browser<'_>, provider: &Provider, change: impl FnOnce(&mut Value)) -> &'a Page {
    let to = sent(browser).await;
    let back = provider.grant(&to, change);
    browser.get(&back).await
}

/// Somebody of this name there, with this address if the provider says that it is proved.
fn is(subject: &str, email: &str, proved: bool) -> impl FnOnce(&mut Value) {
    let (subject, email) = (subject.to_owned(), email.to_owned());
    move |claims| {
        claims["sub"] = json!(subject);
        claims["email"] = json!(email);
        claims["email_verified"] = json!(proved);
    }
}

/// The facts of every event of this word.
async fn facts(town: &Town, word: &str) -> Vec<Value> {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let all = events::all(&mut tx, 0, 1_000).await.unwrap();
    all.iter().filter(|event| event.command["word"] == word).map(|event| event.command["facts"].clone()).collect()
}

async fn count(town: &Town) -> usize {
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    people::employees(&mut tx).await.unwrap().len()
}

#[tokio::test]
async fn auth_14_whoever_was_entered_by_a_proved_address_is_tied_to_the_account_by_the_first_sign_in() {
    let (town, provider) = open(Believed::default(), &[]).await;
    enter(&town, "omar", "Omar@Town.example", "").await;
    let mut kamla = staff(&town, "kamla").await;
    kamla.get(&format!("/{TOWN}/desk/staff/omar")).await.expect(200, "By omar@town.example, until the first sign-in");
    let mut omar = Browser::new(&town);
    omar.get(&format!("/{TOWN}/desk/sign-in")).await.expect(200, "Sign in with the city account");
    let link = omar.page.link(AT);
    assert_eq!(link, format!("{AT}?next=%2Friverton%2Fdesk"));
    // An address that nobody has proved to have opens nothing.
    come(&mut omar, &provider, is("account-1", "omar@town.example", false))
        .await
        .expect(403, "Known there as: account-1");
    come(&mut omar, &provider, is("account-1", "omar@town.example", true)).await.expect(200, "My desk");
    omar.page.expect(200, "Omar Khan");
    let noted = facts(&town, "sign_in").await.pop().unwrap();
    assert_eq!((&noted["with"], &noted["second_factor"]), (&json!("city"), &json!(false)));
    let words: Vec<Value> = facts(&town, "identity").await.into_iter().map(|facts| facts["what"].clone()).collect();
    assert_eq!(words, [json!("entered"), json!("bound")]);
    // From now on the account counts, whatever address it has.
    let mut again = Browser::new(&town);
    come(&mut again, &provider, is("account-1", "o.khan@elsewhere.example", false)).await.expect(200, "Omar Khan");
    let mut heir = Browser::new(&town);
    come(&mut heir, &provider, is("account-2", "omar@town.example", true)).await.expect(403, "nobody who may sign in");
    kamla.get(&format!("/{TOWN}/desk/staff/omar")).await.expect(200, "by a first sign-in on");
    kamla.page.expect(200, "First sign-in elsewhere");
}

#[tokio::test]
async fn auth_14_an_address_that_is_told_only_when_asked_for_will_do() {
    let (town, provider) = open(Believed::default(), &[]).await;
    enter(&town, "omar", "omar@town.example", "").await;
    let mut omar = Browser::new(&town);
    provider.said().userinfo = json!({ "sub": "another", "email": "omar@town.example", "email_verified": true });
    come(&mut omar, &provider, |_| ()).await.expect(403, "nobody who may sign in");
    provider.said().userinfo = json!({ "sub": "account-1", "email": "omar@town.example", "email_verified": true });
    come(&mut omar, &provider, |_| ()).await.expect(200, "Omar Khan");
}

#[tokio::test]
async fn auth_14_the_first_administrator_is_entered_by_whoever_keeps_the_installation() {
    let (town, provider) = open(Believed::default(), &[]).await;
    let tenant = town.tenant();
    for (login, known) in [("kamla", ("other", "k@town.example")), ("nobody", ("city", "n")), ("kamla", ("city", ""))] {
        assert!(appoint::known_as(&town.app, &tenant, login, known).await.is_err(), "{login} {known:?}");
    }
    // With a first password that was never used, and is not asked for now.
    appoint::administrator(&town.app, &tenant, "kamla", "").await.unwrap();
    appoint::known_as(&town.app, &tenant, "kamla", ("city", "Kamla@town.example")).await.unwrap();
    let mut kamla = Browser::new(&town);
    come(&mut kamla, &provider, is("account-1", "kamla@town.example", true)).await.expect(200, "Kamla Devi");
    kamla.page.expect(200, "My desk");
}

#[tokio::test]
async fn auth_14_auth_11_signing_in_elsewhere_makes_nobody_an_account() {
    let (town, provider) = open(Believed::default(), &[]).await;
    let before = count(&town).await;
    let mut stranger = Browser::new(&town);
    come(&mut stranger, &provider, is("account-9", "x@town.example", true)).await.expect(403, "nobody who may sign in");
    stranger.get(&format!("/{TOWN}/desk")).await.expect(200, "Staff sign-in");
    assert_eq!(count(&town).await, before);
    assert_eq!(facts(&town, "sign_in_denied").await.pop().unwrap()["with"], "city");
    // Another town has no such provider, and only who appoints enters somebody.
    stranger.get("/hilltop/desk/sign-in/with/city").await.expect(404, "");
    stranger.get(&format!("/{TOWN}/desk/sign-in/with/other")).await.expect(404, "");
    let mut meera = staff(&town, "meera").await;
    meera.get(&format!("/{TOWN}/desk/staff/omar/identity/city")).await.expect(403, "");
    let mut kamla = staff(&town, "kamla").await;
    kamla.get(&format!("/{TOWN}/desk/staff/kamla/identity/city")).await.expect(403, "");
}

#[tokio::test]
async fn auth_14_whoever_is_barred_stays_out() {
    let (town, provider) = open(Believed::default(), &[]).await;
    enter(&town, "omar", "", "account-1").await;
    asked(&town, "olga", "", "account-1").await.expect(422, "Somebody else is entered so already");
    asked(&town, "olga", "olga", "कमला").await.expect(422, "Write a mail address");
    let mut omar = Browser::new(&town);
    come(&mut omar, &provider, |_| ()).await.expect(200, "Omar Khan");
    let mut tx = town.app.store.begin(TOWN).await.unwrap();
    let person = people::find(&mut tx, "omar").await.unwrap().unwrap();
    people::save(&mut tx, By::system(town.app.clock.now_ms()), &Person { disabled: true, ..person }).await.unwrap();
    tx.commit().await.unwrap();
    let mut barred = Browser::new(&town);
    come(&mut barred, &provider, |_| ()).await.expect(403, "nobody who may sign in");
    // What was entered is taken away by entering nothing.
    asked(&town, "omar", "", "").await.expect(200, "Not entered");
}

#[tokio::test]
async fn az_14_a_way_in_elsewhere_waits_for_the_word_of_the_person() {
    let (town, provider) = open(Believed::default(), &[]).await;
    asked(&town, "omar", "", "account-1").await.expect(200, "as account-1").expect(200, "Not entered");
    let mut stranger = Browser::new(&town);
    come(&mut stranger, &provider, |_| ()).await.expect(403, "nobody who may sign in");
    assert!(facts(&town, "identity").await.is_empty(), "nothing was entered");
    let noted = facts(&town, "ask_staff_request").await.pop().unwrap();
    assert_eq!((&noted["kind"], &noted["person"]), (&json!("identity"), &json!("omar")));
    assert!(!noted.to_string().contains("account-1"), "the provider's name for somebody is in no event");
    // What somebody else was tied to meanwhile is not taken.
    enter(&town, "olga", "", "account-1").await;
    confirmed(&town, "omar").await.expect(422, "Somebody else is entered so already");
    asked(&town, "olga", "", "").await.expect(200, "Not entered");
    confirmed(&town, "omar").await.expect(200, "My sign-in");
    // The authenticator with which it was confirmed is asked for.
    let mut omar = Browser::new(&town);
    come(&mut omar, &provider, |_| ()).await.expect(200, "Enter the code of your authenticator");
    let mut kamla = staff(&town, "kamla").await;
    kamla.get(&format!("/{TOWN}/desk/staff/omar")).await.expect(200, "Known there as: account-1");
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(verify(&mut tx, None).await.unwrap(), []);
}

#[tokio::test]
async fn auth_14_an_answer_is_for_the_browser_that_asked_once_and_for_ten_minutes() {
    let (town, provider) = open(Believed::default(), &[]).await;
    enter(&town, "omar", "", "account-1").await;
    let late = "is more than ten minutes old";
    let (mut omar, mut other) = (Browser::new(&town), Browser::new(&town));
    let back = provider.grant(&sent(&mut omar).await, |_| ());
    other.get(&back).await.expect(400, late);
    sent(&mut other).await;
    other.get(&back).await.expect(400, late);
    let altered = back.replace("&state=", "&state=x");
    omar.get(&altered).await.expect(400, late);
    omar.get(&back).await.expect(400, late);
    let back = provider.grant(&sent(&mut omar).await, |_| ());
    omar.get(&back).await.expect(200, "Omar Khan");
    let mut again = Browser::new(&town);
    again.cookies.clone_from(&omar.cookies);
    again.get(&back).await.expect(400, late);
    let mut slow = Browser::new(&town);
    let to = sent(&mut slow).await;
    town.wait_ms(10 * 60_000 + 1);
    let back = provider.grant(&to, |_| ());
    slow.get(&back).await.expect(400, late);
    slow.get(&format!("{AT}/back")).await.expect(400, late);
}

#[tokio::test]
async fn auth_14_what_is_not_believed_signs_nobody_in_and_is_told_in_both_languages() {
    let (town, provider) = open(Believed::default(), &[]).await;
    enter(&town, "omar", "", "account-1").await;
    let mut omar = Browser::new(&town);
    let changes: [(&str, Value); 4] =
        [("nonce", json!("another")), ("aud", json!("other")), ("iss", json!("https://id.example")), ("exp", json!(1))];
    for (name, value) in changes {
        come(&mut omar, &provider, |claims| claims[name] = value).await.expect(403, "cannot be believed");
        omar.page.expect(403, "tell us this reference");
    }
    // A code that the provider did not give, and an answer in another provider's name.
    let to = sent(&mut omar).await;
    let back = provider.grant(&to, |_| ());
    omar.get(&back.replace("code=code", "code=other")).await.expect(403, "cannot be believed");
    let to = sent(&mut omar).await;
    let back = provider.grant(&to, |_| ());
    omar.get(&back.replace("&iss=http", "&iss=https")).await.expect(403, "cannot be believed");
    let to = sent(&mut omar).await;
    let (back, _) = provider.grant(&to, |_| ()).split_once("code=").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let state = form_urlencoded::parse(to.as_bytes()).find(|(name, _)| name == "state").unwrap().1.into_owned();
    omar.cookies.insert("lang".to_owned(), "hi".to_owned());
    omar.get(&format!("{back}error=access_denied&state={state}")).await.expect(403, "यहाँ किसी को लॉग इन नहीं किया गया");
    omar.get(&format!("/{TOWN}/desk")).await.expect(200, "कर्मचारी लॉग इन");
    omar.cookies.insert("lang".to_owned(), "en".to_owned());
    come(&mut omar, &provider, |_| ()).await.expect(200, "Omar Khan");
}

#[tokio::test]
async fn auth_14_a_provider_that_does_not_answer_keeps_nobody_from_the_password() {
    let (town, provider) = open(Believed::default(), &[]).await;
    provider.said().down = true;
    let mut meera = Browser::new(&town);
    meera.get(AT).await.expect(503, "does not answer");
    staff(&town, "meera").await.page.expect(200, "My desk");
    provider.said().down = false;
    sent(&mut meera).await;
}

#[tokio::test]
async fn auth_14_auth_09_the_second_factor_is_ours_unless_the_providers_is_believed() {
    let believed = Believed { acr: vec!["gold".to_owned()], amr: vec!["mfa".to_owned()] };
    let (town, provider) = open(believed, &["officer"]).await;
    enter(&town, "omar", "", "account-1").await;
    let mut omar = Browser::new(&town);
    let to = sent(&mut omar).await;
    assert!(to.contains("&acr_values=gold"), "{to}");
    come(&mut omar, &provider, |claims| claims["amr"] = json!(["pwd"])).await.expect(200, "Set up an authenticator");
    omar.get(&format!("/{TOWN}/desk")).await.expect(200, "Staff sign-in");
    come(&mut omar, &provider, |claims| claims["amr"] = json!(["pwd", "mfa"])).await.expect(200, "Omar Khan");
    assert_eq!(facts(&town, "sign_in").await.pop().unwrap()["second_factor"], true);
    let mut other = Browser::new(&town);
    come(&mut other, &provider, |claims| claims["acr"] = json!("gold")).await.expect(200, "Omar Khan");
    // A post that needs none is entered without.
    enter(&town, "meera", "", "account-2").await;
    let mut meera = Browser::new(&town);
    come(&mut meera, &provider, |claims| claims["sub"] = json!("account-2")).await.expect(200, "Meera Joshi");
}

#[tokio::test]
async fn auth_14_new_keys_are_fetched_when_a_token_names_one_but_not_without_end() {
    let (town, provider) = open(Believed::default(), &[]).await;
    enter(&town, "omar", "", "account-1").await;
    let mut omar = Browser::new(&town);
    come(&mut omar, &provider, |_| ()).await.expect(200, "Omar Khan");
    assert_eq!(provider.said().keys_fetched, 1);
    provider.turn_keys("second");
    for _ in 0..3 {
        let mut other = Browser::new(&town);
        come(&mut other, &provider, |_| ()).await.expect(403, "cannot be believed");
    }
    assert_eq!(provider.said().keys_fetched, 1, "they were fetched less than a minute ago");
    town.wait_ms(60_000);
    for _ in 0..3 {
        let mut other = Browser::new(&town);
        come(&mut other, &provider, |_| ()).await.expect(200, "Omar Khan");
    }
    assert_eq!(provider.said().keys_fetched, 2);
    // A key of the same name is none that is not known.
    town.wait_ms(60_000);
    provider.turn_keys("second");
    let mut other = Browser::new(&town);
    come(&mut other, &provider, |_| ()).await.expect(403, "cannot be believed");
    town.wait_ms(3_600_000);
    come(&mut other, &provider, |_| ()).await.expect(200, "Omar Khan");
}

#[tokio::test]
async fn auth_14_ses_09_after_signing_in_elsewhere_one_comes_to_the_page_that_was_asked_for_and_to_no_other_host() {
    let (town, provider) = open(Believed::default(), &[]).await;
    enter(&town, "omar", "", "account-1").await;
    for (next, title) in [("/riverton/desk/account", ""), ("https://elsewhere.example/", "My desk"), ("//x", "My desk")]
    {
        let mut omar = Browser::new(&town);
        omar.get(&format!("{AT}?next={next}")).await;
        let to = omar.page.headers["location"].clone();
        // Whatever a request claims about its host, people come back to the address that is configured.
        assert!(to.contains("redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Friverton%2Fdesk"), "{to}");
        omar.get(&provider.grant(&to, |_| ())).await.expect(200, title);
        assert!(omar.page.at.starts_with("/riverton/desk"), "{}", omar.page.at);
        // Whoever is signed in is not sent away once more.
        omar.get(AT).await.expect(200, "My desk");
    }
}

//! Every request that writes says how it is done once, however often it is sent.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::Value as Json;
use server::http::again;
use server::http::routes::table;
use server::store::events;
use server::store::idempotency::{self, Kept};
use server::work;

use crate::api::token;
use crate::apply::begun;
use crate::browser::Browser;
use crate::town::{TOWN, Town};

/// Carries a key: the form's own, the header's, or the gateway's name for what happened. The same key with the same body
/// gives the first answer, with another body 409; `again` sends each of them three times.
pub(crate) const KEY: &str = "key";
/// The pages of an application that was not sent: sent again with other words they are corrected, and nothing is done
/// with them before the application is sent, under a key.
const DRAFT: &str = "draft";
/// Shows a secret that is shown once, and so is kept nowhere: what is sent again does nothing twice, or makes another in
/// its place, and does not show it again.
const SECRET: &str = "secret";
/// Sends a code, or tries a code or a password: each time counts, and has its limit. A code is good once, and no digest
/// of a password is kept.
const CODE: &str = "code";
/// Begins, lengthens or ends the own session: its cookie is the answer, and is kept nowhere.
const SESSION: &str = "session";
/// Writes only that it was asked, and each time counts: prints, and looks at masked answers, which are kept nowhere.
const COUNTED: &str = "counted";
/// Is given once by each person, or under the form's key. Nobody may tell who answered what, so that no digest of it is
/// kept beside either, and other words cannot be told from the same.
const UNPAIRED: &str = "unpaired";
/// Writes nothing.
const NOTHING: &str = "nothing";

/// How each `POST` is done once.
pub(crate) const WRITES: &[(&str, &str)] = &[
    ("/{tenant}/feedback", KEY),
    ("/{tenant}/surveys/{survey}", UNPAIRED),
    ("/{tenant}/track", CODE),
    ("/{tenant}/track/code", CODE),
    ("/{tenant}/track/again", CODE),
    ("/{tenant}/sign-in", CODE),
    ("/{tenant}/sign-in/code", CODE),
    ("/{tenant}/sign-in/again", CODE),
    ("/{tenant}/sign-in/second", CODE),
    ("/{tenant}/session", SESSION),
    ("/{tenant}/sign-out", SESSION),
    ("/{tenant}/services/{service}/start", KEY),
    ("/{tenant}/my/profile", KEY),
    ("/{tenant}/my/account", KEY),
    // A secret that was shown and not proved gives way to the next; one that was proved asks for its code.
    ("/{tenant}/my/second", SECRET),
    ("/{tenant}/my/second/code", CODE),
    ("/{tenant}/my/mobile", CODE),
    ("/{tenant}/my/mobile/code", CODE),
    ("/{tenant}/my/data", CODE),
    ("/{tenant}/my/data/code", CODE),
    ("/{tenant}/my/data/again", CODE),
    ("/{tenant}/my/erasing", KEY),
    ("/{tenant}/cases/{case}/form/{page}", DRAFT),
    ("/{tenant}/cases/{case}/check", KEY),
    ("/{tenant}/cases/{case}/act/{action}", KEY),
    ("/{tenant}/cases/{case}/note", KEY),
    ("/{tenant}/cases/{case}/owner", KEY),
    ("/{tenant}/offered/{case}", KEY),
    ("/{tenant}/cases/{case}/pay", KEY),
    ("/{tenant}/pay", NOTHING),
    ("/{tenant}/pay/{registry}/{record}", KEY),
    ("/{tenant}/registers/{registry}", NOTHING),
    ("/api/{tenant}/sign-in", CODE),
    ("/api/{tenant}/sign-in/code", CODE),
    ("/api/{tenant}/sessions/end", KEY),
    ("/api/{tenant}/files", KEY),
    ("/api/{tenant}/cases", KEY),
    ("/api/{tenant}/cases/{case}/act", KEY),
    ("/api/{tenant}/stocks/{stock}/moves", KEY),
    ("/api/{tenant}/registers/{registry}/public", NOTHING),
    // The header's key; without one the same words of the same person are the same report.
    ("/api/{tenant}/open311/requests.json", KEY),
    ("/api/{tenant}/open311/requests.xml", KEY),
    // The gateway's own names are the keys: that of the payment for the money, that of what happened for the callback.
    ("/hooks/{tenant}/payments/{gateway}", KEY),
    ("/{tenant}/desk/sign-in", CODE),
    ("/{tenant}/desk/sign-in/password", CODE),
    ("/{tenant}/desk/sign-in/second", CODE),
    ("/{tenant}/desk/account", KEY),
    ("/{tenant}/desk/account/codes", SECRET),
    ("/{tenant}/desk/account/password", CODE),
    ("/{tenant}/desk/account/second", SECRET),
    ("/{tenant}/desk/account/second/code", CODE),
    // Asks for a code of the authenticator, and may show a token.
    ("/{tenant}/desk/account/waits/{request}", CODE),
    // May show a first password; what waited is decided by then.
    ("/{tenant}/desk/staff/{person}/waits/{request}", SECRET),
    ("/{tenant}/desk/erasing/{request}", KEY),
    // The key is kept without what was shown: the same form makes nobody again, and with other words it is refused.
    ("/{tenant}/desk/staff/new", SECRET),
    ("/{tenant}/desk/staff/{person}/appoint", KEY),
    ("/{tenant}/desk/staff/{person}/do/{deed}", KEY),
    ("/{tenant}/desk/staff/{person}/identity/{provider}", KEY),
    ("/{tenant}/desk/staff/{person}/token", KEY),
    ("/{tenant}/desk/staff/{person}/tokens/{token}/revoke", KEY),
    ("/{tenant}/desk/staff/{person}/posts/{post}/end", KEY),
    ("/{tenant}/desk/staff/{person}/posts/{post}/lend", KEY),
    ("/{tenant}/desk/calendars/{calendar}/close", KEY),
    ("/{tenant}/desk/calendars/{calendar}/open", KEY),
    ("/{tenant}/desk/stocks/{stock}", KEY),
    ("/{tenant}/desk/stocks/{stock}/{deed}", KEY),
    ("/{tenant}/desk/books", KEY),
    ("/{tenant}/desk/mismatches/{order}", KEY),
    ("/{tenant}/desk/leave", KEY),
    ("/{tenant}/desk/inbox", NOTHING),
    ("/{tenant}/desk/collect", NOTHING),
    ("/{tenant}/desk/registers/{registry}", NOTHING),
    ("/{tenant}/desk/staff", NOTHING),
    ("/{tenant}/desk/bulk", KEY),
    ("/{tenant}/desk/views", KEY),
    ("/{tenant}/desk/services/{service}/start", KEY),
    ("/{tenant}/desk/cases/{case}/form", DRAFT),
    ("/{tenant}/desk/cases/{case}/send", KEY),
    ("/{tenant}/desk/cases/{case}/edit/{page}", KEY),
    ("/{tenant}/desk/cases/{case}/assign", KEY),
    ("/{tenant}/desk/cases/{case}/note", KEY),
    ("/{tenant}/desk/cases/{case}/unmask", COUNTED),
    ("/{tenant}/desk/cases/{case}/act/{action}", KEY),
    ("/{tenant}/desk/cases/{case}/files/{file}", KEY),
    ("/{tenant}/desk/cases/{case}/collect", KEY),
    ("/{tenant}/desk/receipts/{receipt}/print", COUNTED),
    ("/{tenant}/desk/receipts/{receipt}/cancel", KEY),
    ("/{tenant}/desk/till", KEY),
    ("/{tenant}/desk/tills/{till}", KEY),
    ("/{tenant}/desk/tills/{till}/count", KEY),
    ("/dev/{tenant}/{service}/form", NOTHING),
];

#[test]
fn pay_08_every_route_that_writes_says_how_it_is_done_once() {
    let listed: BTreeSet<&str> = WRITES.iter().map(|(path, _)| *path).collect();
    assert_eq!(listed.len(), WRITES.len(), "a route is listed twice");
    let writing: BTreeSet<&str> = table().filter(|route| !route.get).map(|route| route.path).collect();
    let unlisted: Vec<_> = writing.difference(&listed).collect();
    assert!(unlisted.is_empty(), "these write and do not say how they are done once: {unlisted:?}");
    let gone: Vec<_> = listed.difference(&writing).collect();
    assert!(gone.is_empty(), "these are no routes any more: {gone:?}");
    let is = |path: &str, how: &str| WRITES.iter().any(|(known, said)| *known == path && *said == how);
    for path in again::KEPT {
        assert!(is(path, KEY) || is(path, SECRET), "{path} keeps its answers, and says otherwise");
    }
}

#[tokio::test]
async fn pay_08_a_form_that_is_sent_again_does_nothing_and_with_other_words_is_refused() {
    let town = Town::open().await;
    let mut browser = Browser::new(&town);
    let case = begun(&mut browser, "9876543210").await;
    browser.submit(&[("text", "The lamp is broken.")]).await;
    browser.submit(&[]).await;
    browser.get(&format!("/{TOWN}/cases/{case}/note")).await;
    let form = browser.page.clone();
    let events = async || {
        let mut tx = town.app.store.read(TOWN).await.unwrap();
        events::history(&mut tx, &case).await.unwrap().len()
    };
    let before = events().await;
    for (words, status) in [("It is dark here.", 200), ("It is dark here.", 200), ("Something else.", 409)] {
        browser.page = form.clone();
        let page = browser.submit(&[("comment", words)]).await;
        assert_eq!(page.status, status, "{words}: {}", page.text());
    }
    assert_eq!(events().await, before + 1);
}

#[tokio::test]
async fn a_file_with_a_key_is_kept_once() {
    let town = Town::open().await;
    let mut program = Browser::new(&town);
    let token = token(&town, "9876543210").await;
    let mut send = async |bytes: &'static [u8], key: &str| {
        let request = Request::post(format!("/api/{TOWN}/files?name=deed.pdf"))
            .header("authorization", format!("Bearer {token}"))
            .header("idempotency-key", key)
            .header(header::CONTENT_TYPE, "application/pdf");
        let page = program.send(request, Body::from(bytes)).await;
        (page.status, serde_json::from_str::<Json>(&page.html).unwrap()["id"].clone())
    };
    let first = send(crate::apply::PDF, "one").await;
    assert_eq!(first.0, 201);
    assert_eq!(send(crate::apply::PDF, "one").await, first);
    assert_eq!(send(b"%PDF-1.7\nother", "one").await.0, 409);
    assert_ne!(send(crate::apply::PDF, "two").await.1, first.1);
}

#[tokio::test]
async fn pay_08_an_answer_is_known_for_a_day_at_least() {
    let town = Town::open().await;
    let now_ms = town.app.clock.now_ms();
    let kept = Kept { body_hash: "h".to_owned(), answer: "{}".to_owned(), at_ms: now_ms };
    let mut tx = town.app.store.begin(TOWN).await.unwrap();
    idempotency::keep(&mut tx, "k", &kept).await.unwrap();
    tx.commit().await.unwrap();
    for (hours, known) in [(24, true), (49, false)] {
        work::sweep(&town.app, now_ms + hours * 3_600_000).await.unwrap();
        let mut tx = town.app.store.read(TOWN).await.unwrap();
        assert_eq!(idempotency::find(&mut tx, "k").await.unwrap().is_some(), known, "after {hours} hours");
    }
}

//! Every request that writes says how it is done once, however often it is sent.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::Value as Json;
use server::http::routes::table;
use server::store::events;
use server::store::idempotency::{self, Kept};
use server::work;

use crate::api::token;
use crate::apply::begun;
use crate::browser::Browser;
use crate::town::{TOWN, Town};

/// Carries a key: the form's own, or the header's. The same key with the same body gives the first answer, with
/// another body 409.
const KEY: &str = "key";
/// Says how something is to be, so that saying it again changes nothing.
const STATE: &str = "state";
/// Holds once: what was opened, decided or used up is not opened, decided or used again.
const GUARD: &str = "guard";
/// Writes only that it was asked, and each time counts: prints, looks at masked answers, codes that are sent and
/// tried, all of which have limits.
const COUNTED: &str = "counted";
/// Makes a secret anew each time it is asked; the last one is good.
const ANEW: &str = "anew";
/// Writes nothing.
const NOTHING: &str = "nothing";

/// How each `POST` is done once.
const WRITES: &[(&str, &str)] = &[
    ("/{tenant}/feedback", KEY),
    // The form's key, or that whoever signed in has answered.
    ("/{tenant}/surveys/{survey}", KEY),
    ("/{tenant}/track", COUNTED),
    ("/{tenant}/track/code", COUNTED),
    ("/{tenant}/track/again", COUNTED),
    ("/{tenant}/sign-in", COUNTED),
    ("/{tenant}/sign-in/code", COUNTED),
    ("/{tenant}/sign-in/again", COUNTED),
    ("/{tenant}/sign-in/second", COUNTED),
    ("/{tenant}/session", STATE),
    ("/{tenant}/sign-out", STATE),
    ("/{tenant}/services/{service}/start", KEY),
    ("/{tenant}/my/profile", STATE),
    ("/{tenant}/my/account", STATE),
    // A secret that was shown and not proved gives way to the next; one that was proved asks for its code.
    ("/{tenant}/my/second", GUARD),
    ("/{tenant}/my/second/code", COUNTED),
    ("/{tenant}/my/mobile", COUNTED),
    ("/{tenant}/my/mobile/code", COUNTED),
    ("/{tenant}/my/data", COUNTED),
    ("/{tenant}/my/data/code", COUNTED),
    ("/{tenant}/my/data/again", COUNTED),
    // Whoever has asked waits for the answer before asking again.
    ("/{tenant}/my/erasing", GUARD),
    ("/{tenant}/cases/{case}/form/{page}", STATE),
    ("/{tenant}/cases/{case}/check", KEY),
    ("/{tenant}/cases/{case}/act/{action}", KEY),
    ("/{tenant}/cases/{case}/note", KEY),
    // Says to whom it is offered, or to nobody.
    ("/{tenant}/cases/{case}/owner", STATE),
    // The offer is gone once it was answered.
    ("/{tenant}/offered/{case}", GUARD),
    ("/{tenant}/cases/{case}/pay", KEY),
    ("/{tenant}/pay", NOTHING),
    ("/{tenant}/pay/{registry}/{record}", KEY),
    ("/{tenant}/registers/{registry}", NOTHING),
    ("/api/{tenant}/sign-in", COUNTED),
    ("/api/{tenant}/sign-in/code", COUNTED),
    ("/api/{tenant}/sessions/end", STATE),
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
    ("/{tenant}/desk/sign-in", COUNTED),
    ("/{tenant}/desk/sign-in/password", GUARD),
    ("/{tenant}/desk/sign-in/second", COUNTED),
    ("/{tenant}/desk/account", STATE),
    ("/{tenant}/desk/account/codes", ANEW),
    ("/{tenant}/desk/account/password", GUARD),
    ("/{tenant}/desk/account/second", GUARD),
    ("/{tenant}/desk/account/second/code", COUNTED),
    // Of two decisions the first stands.
    ("/{tenant}/desk/erasing/{request}", GUARD),
    // The name for signing in is taken by then.
    ("/{tenant}/desk/staff/new", GUARD),
    ("/{tenant}/desk/staff/{person}/appoint", STATE),
    ("/{tenant}/desk/staff/{person}/do/{deed}", ANEW),
    ("/{tenant}/desk/staff/{person}/identity/{provider}", STATE),
    ("/{tenant}/desk/staff/{person}/token", ANEW),
    ("/{tenant}/desk/staff/{person}/tokens/{token}/revoke", GUARD),
    ("/{tenant}/desk/staff/{person}/posts/{post}/end", STATE),
    ("/{tenant}/desk/staff/{person}/posts/{post}/lend", STATE),
    ("/{tenant}/desk/calendars/{calendar}/close", STATE),
    ("/{tenant}/desk/calendars/{calendar}/open", GUARD),
    // A move is answered once, and whoever holds numbers no more cannot send them again.
    ("/{tenant}/desk/stocks/{stock}", GUARD),
    ("/{tenant}/desk/stocks/{stock}/{deed}", GUARD),
    // What is closed is not closed again, and what was opened waits for nobody any more.
    ("/{tenant}/desk/books", GUARD),
    // Of two proposals the first stands, and so it is with what is decided on it.
    ("/{tenant}/desk/mismatches/{order}", GUARD),
    ("/{tenant}/desk/leave", STATE),
    ("/{tenant}/desk/inbox", NOTHING),
    ("/{tenant}/desk/collect", NOTHING),
    ("/{tenant}/desk/registers/{registry}", NOTHING),
    ("/{tenant}/desk/staff", NOTHING),
    ("/{tenant}/desk/bulk", KEY),
    ("/{tenant}/desk/views", STATE),
    ("/{tenant}/desk/services/{service}/start", KEY),
    ("/{tenant}/desk/cases/{case}/form", STATE),
    ("/{tenant}/desk/cases/{case}/send", KEY),
    ("/{tenant}/desk/cases/{case}/edit/{page}", KEY),
    ("/{tenant}/desk/cases/{case}/assign", KEY),
    ("/{tenant}/desk/cases/{case}/note", KEY),
    ("/{tenant}/desk/cases/{case}/unmask", COUNTED),
    ("/{tenant}/desk/cases/{case}/act/{action}", KEY),
    ("/{tenant}/desk/cases/{case}/files/{file}", KEY),
    ("/{tenant}/desk/cases/{case}/collect", KEY),
    ("/{tenant}/desk/receipts/{receipt}/print", COUNTED),
    ("/{tenant}/desk/receipts/{receipt}/cancel", GUARD),
    ("/{tenant}/desk/till", GUARD),
    ("/{tenant}/desk/tills/{till}", GUARD),
    ("/{tenant}/desk/tills/{till}/count", GUARD),
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

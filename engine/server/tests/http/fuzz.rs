//! Every form is sent what chance gives: names that it has and names that it has not, of whatever was ever odd.
//! Nothing of it may break the program. `FUZZ` says how many bodies each form is sent.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, header};
use engine::scenario::walk::{Chance as _, Seeded};
use serde_json::{Value as Json, json};
use server::http::body::Reads;
use server::http::routes::{Route, table};

use crate::browser::{Browser, Page, encoded};
use crate::corpus::hostile;
use crate::desk_town::{self, ASHA, staff};
use crate::town::{TOWN, Town};

/// Bodies for each form and person, where `FUZZ` says nothing.
const BODIES: u64 = 3;
/// Bodies that are sent to one address, before another is chosen for the same route.
const HERE: u64 = 50;

/// Names that forms have somewhere, beside those of their own page.
const NAMES: [&str; 41] = [
    "_key",
    "_lang",
    "_leave",
    "_add",
    "_edit",
    "_remove",
    "_upload",
    "_reuse",
    "_search",
    "seen",
    "sure",
    "version",
    "comment",
    "to",
    "text",
    "audience",
    "reason",
    "mode",
    "amount",
    "mobile",
    "code",
    "name",
    "email",
    "language",
    "agreed",
    "number",
    "stars",
    "words",
    "next",
    "user",
    "password",
    "cases",
    "case",
    "action",
    "verdict",
    "finding",
    "from",
    "until",
    "kiosk_name",
    "size",
    "penalty",
];

fn pick<'a, T>(chance: &mut Seeded, from: &'a [T]) -> &'a T {
    let at = chance.below(from.len() as u64);
    &from[usize::try_from(at).unwrap()]
}

/// A value: something odd, something ordinary, or noise.
fn value(chance: &mut Seeded, corpus: &[&str]) -> String {
    const ORDINARY: [&str; 12] =
        ["", "yes", "1", "-1", "on", "2026-04-06", "9876543210", "L1", "en", "cash", "100.00", "Asha"];
    match chance.below(8) {
        0..=3 => (*pick(chance, corpus)).to_owned(),
        4 | 5 => (*pick(chance, &ORDINARY)).to_owned(),
        6 => "क".repeat(usize::try_from(chance.below(3_000)).unwrap()),
        _ => {
            let letters = (0..chance.below(40)).map(|_| char::from_u32(u32::try_from(chance.below(0x2_FFFF)).unwrap()));
            letters.flatten().collect()
        }
    }
}

/// A body of names and values; sometimes a name twice, sometimes one that leads into groups and lists.
fn body(chance: &mut Seeded, names: &[String], corpus: &[&str]) -> Vec<(String, String)> {
    let count = chance.below(14);
    let mut pairs = Vec::new();
    for _ in 0..count {
        let mut name = pick(chance, names).clone();
        match chance.below(10) {
            0 => name.push_str(".0"),
            1 => name.push_str(".day"),
            2 => name.push_str("._query"),
            3 => name = value(chance, corpus),
            _ => {}
        }
        pairs.push((name, value(chance, corpus)));
    }
    pairs
}

/// The address of a row, with what is there in its holes, or what is not.
fn address(chance: &mut Seeded, route: &Route, (town, case): (&str, &str), corpus: &[&str]) -> String {
    let mut path = route.path.replace("{tenant}", town);
    if chance.below(4) > 0 {
        path = path.replace("{case}", case);
    }
    for (hole, known) in [
        ("{service}", &["kiosk", "report"][..]),
        ("{page}", &["kiosk", "problem", "stock", "visit"][..]),
        ("{action}", &["submit", "forward", "approve", "reject", "ask"][..]),
        ("{gateway}", &["demo"][..]),
    ] {
        path = path.replace(hole, pick::<&str>(chance, known));
    }
    while let (Some(open), Some(close)) = (path.find('{'), path.find('}')) {
        let odd = encoded(&[(String::new(), (*pick(chance, corpus)).to_owned())]);
        path.replace_range(open..=close, odd.trim_start_matches('='));
    }
    path
}

/// Whether an answer is one of a program that stands. Where no gateway is configured, paying says so.
fn stands(page: &Page, at: &str) -> bool {
    page.status < 500 || page.status == 503 && page.headers.contains_key("retry-after") && at.contains("/pay")
}

/// The names of the fields on a page.
fn named(page: &Page) -> impl Iterator<Item = String> {
    page.inputs("").into_iter()
}

async fn sent(browser: &mut Browser<'_>, at: &str, pairs: &[(String, String)], parts: bool) -> Page {
    if !parts {
        let request = Request::post(at).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        return browser.send(request, Body::from(encoded(pairs))).await;
    }
    let mut body = String::new();
    for (name, value) in pairs {
        let name: String = name.chars().filter(|letter| !letter.is_control() && *letter != '"').collect();
        body.push_str("--xyz\r\nContent-Disposition: form-data; name=\"");
        body.push_str(&name);
        body.push_str(if value.len() % 5 == 1 { "\"; filename=\"x.png\"\r\n\r\n" } else { "\"\r\n\r\n" });
        body.push_str(value);
        body.push_str("\r\n");
    }
    body.push_str("--xyz--\r\n");
    let request = Request::post(at).header(header::CONTENT_TYPE, "multipart/form-data; boundary=xyz");
    browser.send(request, Body::from(body)).await
}

#[tokio::test]
async fn ops_09_forms_take_whatever_is_sent() {
    let bodies = std::env::var("FUZZ").ok().and_then(|text| text.parse().ok()).unwrap_or(BODIES);
    let seed = std::env::var("SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let (town, mut chance) = (desk_town::open().await, Seeded(seed));
    let all = hostile();
    let corpus: Vec<&str> = all.iter().map(String::as_str).collect();
    let handed_in = desk_town::applied(&town, ASHA).await;
    let (mut asha, draft) = drafting(&town).await;
    let mut asked = 0_u64;
    for (who, case) in [("asha", draft.as_str()), ("meera", handed_in.as_str()), ("omar", handed_in.as_str())] {
        let mut officer = if who == "asha" { None } else { Some(staff(&town, who).await) };
        let browser = officer.as_mut().unwrap_or(&mut asha);
        let token = browser.get(&format!("/{TOWN}")).await.token();
        for route in table().filter(|route| matches!(route.reads, Some(Reads::Form | Reads::Parts))) {
            // Whoever signs out is somebody else afterwards.
            if route.path.ends_with("/sign-out") {
                continue;
            }
            let (mut at, mut names) = (String::new(), Vec::new());
            for number in 0..bodies {
                if number % HERE == 0 {
                    at = address(&mut chance, route, (TOWN, case), &corpus);
                    let page = browser.send(Request::get(&at), Body::empty()).await;
                    assert!(stands(&page, &at), "seed {seed}: GET {at}: {}", page.status);
                    let own: BTreeSet<String> = named(&page).chain(NAMES.map(str::to_owned)).collect();
                    names = own.into_iter().filter(|name| !name.is_empty() && name != "_csrf").collect();
                }
                let mut pairs = vec![("_csrf".to_owned(), token.clone())];
                pairs.extend(body(&mut chance, &names, &corpus));
                let parts = route.reads == Some(Reads::Parts) && chance.below(2) == 0;
                let page = sent(browser, &at, &pairs, parts).await;
                assert!(stands(&page, &at), "seed {seed}, {who}: POST {at} {pairs:?}: {}", page.status);
                asked += 1;
            }
        }
    }
    assert!(asked >= bodies * 60, "only {asked} bodies were sent");
    // Nothing that was sent has broken what is kept.
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(server::store::verify::verify(&mut tx, None).await.unwrap(), []);
}

/// A citizen with an application that is being filled in.
async fn drafting(town: &Town) -> (Browser<'_>, String) {
    let mut asha = Browser::new(town);
    asha.sign_in("9876500001").await;
    asha.get(&format!("/{TOWN}/services/kiosk")).await;
    asha.submit(&[]).await.expect(200, "Your kiosk");
    let case = asha.page.form_action().split('/').nth(3).unwrap().to_owned();
    (asha, case)
}

/// JSON of any shape, with names that answers have.
fn anything(chance: &mut Seeded, depth: u64, corpus: &[&str]) -> Json {
    const KEYS: [&str; 12] = [
        "stall_name",
        "kind",
        "since",
        "size",
        "place",
        "owners",
        "name",
        "proof",
        "id",
        "declared",
        "text",
        "answers",
    ];
    match chance.below(if depth == 0 { 6 } else { 9 }) {
        0 => Json::Null,
        1 => Json::Bool(chance.below(2) == 0),
        2 => Json::from(chance.between(i64::MIN / 2, i64::MAX / 2)),
        3 => Json::from(chance.below(100)),
        4 | 5 => Json::from(value(chance, corpus)),
        6 => (0..chance.below(5)).map(|_| anything(chance, depth - 1, corpus)).collect(),
        _ => {
            let mut map = serde_json::Map::new();
            for _ in 0..chance.below(9) {
                let key = if chance.below(5) == 0 { value(chance, corpus) } else { (*pick(chance, &KEYS)).to_owned() };
                map.insert(key, anything(chance, depth - 1, corpus));
            }
            Json::Object(map)
        }
    }
}

#[tokio::test]
async fn ops_09_programs_are_answered_whatever_they_send() {
    let bodies: u64 = std::env::var("FUZZ").ok().and_then(|text| text.parse().ok()).unwrap_or(BODIES);
    let (town, mut chance) = (Town::open().await, Seeded(2));
    let all = hostile();
    let corpus: Vec<&str> = all.iter().map(String::as_str).collect();
    let token = crate::api::token(&town, "9876543210").await;
    let mut program = Browser::new(&town);
    for turn in 0..bodies * 20 {
        let at = *pick(&mut chance, &["cases", "cases/x/act", "sign-in", "sign-in/code", "files?name=x"]);
        let mut sent = anything(&mut chance, 4, &corpus);
        if at == "cases" && chance.below(3) > 0 {
            sent = json!({ "service": pick(&mut chance, &["stall-permit", "report"]), "answers": sent });
        }
        let request = Request::post(format!("/api/{TOWN}/{at}"))
            .header("authorization", format!("Bearer {token}"))
            .header("idempotency-key", format!("k{turn}"))
            .header(header::CONTENT_TYPE, "application/json");
        let page = program.send(request, Body::from(sent.to_string())).await;
        assert!(page.status < 500, "POST {at} {sent}: {}", page.status);
    }
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert_eq!(server::store::verify::verify(&mut tx, None).await.unwrap(), []);
}

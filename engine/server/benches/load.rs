//! A server under load, on loopback: citizens look around, look at their applications and answer
//! pages of their forms, each waiting for one answer before asking for the next.
//!
//! `NAGAR_LOAD_CLIENTS` (16) and `NAGAR_LOAD_SECONDS` (10) say how much; the store lies in
//! `NAGAR_BENCH_DIR`. The clients share the machine with the server, so that what is measured is a
//! lower bound. Run it with `cargo bench -p server --bench load`; the last line is the result as JSON.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement prints what it found, and stops if it cannot go on"
)]

#[path = "../tests/http/browser.rs"]
#[allow(dead_code, reason = "made for tests; the measurement needs a part of it")]
mod browser;
#[path = "../../core/benches/life/mod.rs"]
#[allow(dead_code, reason = "made for the engine as well")]
mod life;
#[path = "stage/town.rs"]
#[allow(dead_code, reason = "shared by several measurements")]
mod town;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::header;
use browser::{Browser, encoded};
use engine::case::Case;
use engine::form::{Field, Kind, Page};
use engine::scenario::walk::{Chance as _, Seeded};
use engine::service::Service;
use serde_json::json;
use server::http;
use server::store::people;
use town::{TOWN, Town, asked, percentile};

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure());
}

/// What a client knows.
struct Visitor {
    client: reqwest::Client,
    cookies: String,
    pages: Vec<(&'static str, u64, String)>,
    /// Where a page of the form is sent, and what is sent.
    form: (String, String),
    chance: Seeded,
}

async fn measure() {
    let folder = town::folder();
    let town = Town::open(folder.path(), "load.db", &life::bundle(), false).await;
    let service = town.service(|service| service.billing.is_some() && plain_page(service).is_some());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let app = Arc::clone(&town.app);
    let serving = tokio::spawn(async move {
        http::serve(&app, listener, async { drop(stopped.await) }).await.unwrap();
    });
    let (clients, seconds) = (asked("NAGAR_LOAD_CLIENTS", 16), asked("NAGAR_LOAD_SECONDS", 10));
    let mut visitors = Vec::new();
    for number in 0..clients {
        visitors.push(visitor(&town, &service, number, &origin).await);
    }
    let begun = Instant::now();
    let until = begun + Duration::from_secs(seconds as u64);
    let mut tasks = tokio::task::JoinSet::new();
    for visitor in visitors {
        tasks.spawn(visit(visitor, until));
    }
    let mut times: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    for (name, took) in tasks.join_all().await.into_iter().flatten() {
        times.entry(name).or_default().push(took);
    }
    tell(times, begun.elapsed(), clients);
    stop.send(()).unwrap();
    serving.await.unwrap();
}

/// Signs a citizen in, with one application begun and one sent.
async fn visitor(town: &Town, service: &Service, number: usize, origin: &str) -> Visitor {
    let mobile = format!("98766{number:05}");
    let mut browser = Browser::new(town);
    browser.sign_in(&mobile).await;
    let mut tx = town.app.store.read(&town.tenant().state).await.unwrap();
    let person = people::by_mobile(&mut tx, &mobile).await.unwrap().unwrap().id;
    drop(tx);
    let steps = town.life(service);
    let draft = town.led(service, &steps, &person, "submit").await;
    let sent = town.led(service, &steps, &person, "approve").await.id;
    let page = plain_page(service).unwrap();
    let form = format!("/{TOWN}/cases/{}/form/{}", draft.id, page.name);
    let mut pairs = browser.get(&form).await.hidden();
    pairs.extend(answers(page, &draft));
    let cookies = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let at = |path: String| format!("{origin}/{TOWN}{path}");
    Visitor {
        client: reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap(),
        cookies,
        pages: vec![
            ("catalogue", 25, at(String::new())),
            ("start", 20, at(format!("/services/{}", service.id))),
            ("form", 20, format!("{origin}{form}")),
            ("check", 10, at(format!("/cases/{}/check", draft.id))),
            ("track", 15, at(format!("/cases/{sent}"))),
        ],
        form: (format!("{origin}{form}"), encoded(&pairs)),
        chance: Seeded(number as u64),
    }
}

/// A page that every applicant is asked, of fields that are sent as they are stored.
fn plain_page(service: &Service) -> Option<&Page> {
    service.form.pages_by(None).find(|page| page.when.is_none() && page.fields.iter().all(is_plain))
}

/// Whether a field may be sent under its own name, as it is stored.
fn is_plain(field: &Field) -> bool {
    matches!(
        field.kind,
        Kind::Text { .. }
            | Kind::Number { .. }
            | Kind::Decimal { .. }
            | Kind::Money { .. }
            | Kind::Date { .. }
            | Kind::YesNo
            | Kind::Choice { .. }
            | Kind::Phone
            | Kind::Email
            | Kind::Place { .. }
    )
}

/// The answers to a page of plain fields, as a browser sends them.
fn answers(page: &Page, case: &Case) -> Vec<(String, String)> {
    let kept = case.answers.to_json();
    let answer = |field: &Field| {
        let value = kept.get(field.name.as_str())?;
        Some((field.name.to_string(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
    };
    page.fields.iter().filter_map(answer).collect()
}

/// Asks for one thing after the other: nine pages for each that is answered and kept.
async fn visit(mut visitor: Visitor, until: Instant) -> Vec<(&'static str, Duration)> {
    let mut times = Vec::new();
    while Instant::now() < until {
        let mut left = visitor.chance.below(100);
        let page = visitor.pages.iter().find(|(_, share, _)| {
            let here = left < *share;
            left = left.saturating_sub(*share);
            here
        });
        let (name, request, expected) = if let Some((name, _, at)) = page {
            (*name, visitor.client.get(at), 200)
        } else {
            let (at, body) = &visitor.form;
            let kind = "application/x-www-form-urlencoded";
            let request = visitor.client.post(at).header(header::CONTENT_TYPE.as_str(), kind);
            ("save", request.body(body.clone()), 303)
        };
        let begun = Instant::now();
        let answer = request.header(header::COOKIE.as_str(), &visitor.cookies).send().await.unwrap();
        let status = answer.status().as_u16();
        let body = answer.bytes().await.unwrap();
        times.push((name, begun.elapsed()));
        assert_eq!(status, expected, "{name}: {}", String::from_utf8_lossy(&body));
    }
    times
}

fn tell(times: BTreeMap<&str, Vec<Duration>>, took: Duration, clients: usize) {
    let all: usize = times.values().map(Vec::len).sum();
    let rate = all as u128 * 1_000 / took.as_millis();
    println!("{:<12} {:>8} {:>10} {:>10} {:>10}", "request", "count", "median µs", "95 % µs", "99 % µs");
    let mut told = Vec::new();
    for (name, mut times) in times {
        times.sort();
        let [median, most, nearly] = [50, 95, 99].map(|share| u64::try_from(percentile(&times, share)).unwrap());
        println!("{name:<12} {:>8} {median:>10} {most:>10} {nearly:>10}", times.len());
        told.push(
            json!({ "request": name, "count": times.len(), "median_us": median, "p95_us": most, "p99_us": nearly }),
        );
    }
    println!("{rate} requests a second, {clients} clients");
    let rate = u64::try_from(rate).unwrap();
    println!("{}", json!({ "bench": "load", "clients": clients, "a_second": rate, "requests": told }));
}

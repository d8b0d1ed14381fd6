//! The server's time for a citizen's page: through the router and back, with the body, without a
//! network. All shipped definitions are loaded; the store is SQLite, with a few cases in it.
//!
//! Run it with `cargo bench -p server --bench pages`; the last line is the result as JSON.

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

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use browser::Browser;
use serde_json::json;
use server::store::people;
use town::{TOWN, Town, spread};

/// Times each page is asked for.
const TIMES: usize = 500;
/// And before that, to warm up.
const BEFORE: usize = 50;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    let folder = town::folder();
    let town = Town::open(folder.path(), "pages.db", &life::bundle(), false).await;
    let service = town.service(|service| service.billing.is_some());
    let steps = town.life(&service);
    let mobile = "9876500001";
    let mut browser = Browser::new(&town);
    browser.sign_in(mobile).await;
    let mut tx = town.app.store.read(&town.tenant().state).await.unwrap();
    let person = people::by_mobile(&mut tx, mobile).await.unwrap().unwrap().id;
    drop(tx);
    let draft = town.led(&service, &steps, &person, "submit").await.id;
    let sent = town.led(&service, &steps, &person, "approve").await.id;
    let to_pay = town.led(&service, &steps, &person, "pay").await.id;
    let page = &service.form.pages.first().unwrap().name;
    let pages = [
        ("towns", "/".to_owned()),
        ("catalogue", format!("/{TOWN}")),
        ("start", format!("/{TOWN}/services/{}", service.id)),
        ("form", format!("/{TOWN}/cases/{draft}/form/{page}")),
        ("check", format!("/{TOWN}/cases/{draft}/check")),
        ("track", format!("/{TOWN}/cases/{sent}")),
        ("pay", format!("/{TOWN}/cases/{to_pay}/pay")),
        ("my", format!("/{TOWN}/my")),
    ];
    println!("{:<12} {:>10} {:>10} {:>10} {:>10}", "page", "median µs", "95 % µs", "99 % µs", "octets");
    let mut told = Vec::new();
    for (name, at) in pages {
        let (times, octets) = times(&mut browser, &at).await;
        let [median, most, nearly] = spread(times);
        println!("{name:<12} {median:>10} {most:>10} {nearly:>10} {octets:>10}");
        told.push(json!({ "page": name, "median_us": median, "p95_us": most, "p99_us": nearly, "octets": octets }));
    }
    println!("{}", json!({ "bench": "pages", "times": TIMES, "pages": told }));
}

async fn times(browser: &mut Browser<'_>, at: &str) -> (Vec<Duration>, usize) {
    let (mut times, mut octets) = (Vec::with_capacity(TIMES), 0);
    for round in 0..BEFORE + TIMES {
        let begun = Instant::now();
        let page = browser.send(Request::get(at), Body::empty()).await;
        let took = begun.elapsed();
        assert_eq!(page.status, 200, "{at}: {}", page.text());
        octets = page.bytes.len();
        if round >= BEFORE {
            times.push(took);
        }
    }
    (times, octets)
}

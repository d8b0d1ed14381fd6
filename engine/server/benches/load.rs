//! A server under load, on loopback: citizens look around, look at their applications and answer
//! pages of their forms, and apply; officers look at their inbox and at cases, and approve; money comes in. Each
//! waits for one answer before asking for the next. What is sent, approved and paid goes through the one door
//! without a page, as programs, jobs and callbacks do; as long as there are cases that wait for it.
//!
//! `NAGAR_LOAD_CLIENTS` (16) and `NAGAR_LOAD_SECONDS` (10) say how much, `NAGAR_LOAD_CASES` (1,000) how many
//! cases wait to be sent, and as many to be approved and to be paid; the store lies in `NAGAR_BENCH_DIR`, or where
//! `NAGAR_LOAD_DATABASE` says. The clients share the machine with the server, so that what is measured is a
//! lower bound. Run it with `cargo bench -p server --bench load`; the last line is the result as JSON, and
//! `NAGAR_LOAD_CHART` is where a chart of it is drawn, as SVG.

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
#[path = "stage/chart.rs"]
mod chart;
#[path = "stage/officer.rs"]
mod officer;
#[path = "stage/town.rs"]
#[allow(dead_code, reason = "shared by several measurements")]
mod town;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::http::header;
use browser::{Browser, encoded};
use engine::case::{Actor, Case, Command};
use engine::form::{Field, Kind, Page};
use engine::scenario::walk::{Chance as _, Seeded};
use engine::service::Service;
use serde_json::json;
use server::app::App;
use server::store::people;
use server::{act, http};
use town::{TOWN, Town, asked, spread};

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
    /// What an officer looks at, with the cookies of one.
    desk: (String, Vec<(&'static str, u64, String)>),
    work: Arc<Work>,
    chance: Seeded,
}

/// What waits to be done through the one door.
struct Work {
    app: Arc<App>,
    apply: Mutex<Vec<(String, Actor, Command)>>,
    approve: Mutex<Vec<(String, Actor, Command)>>,
    pay: Mutex<Vec<(String, Actor, Command)>>,
}

async fn measure() {
    let folder = town::folder();
    let database = std::env::var("NAGAR_LOAD_DATABASE").unwrap_or_else(|_| "load.db".to_owned());
    let town = Town::open(folder.path(), &database, &life::bundle(), false).await;
    let service = town.service(|service| service.billing.is_some() && plain_page(service).is_some());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let app = Arc::clone(&town.app);
    let serving = tokio::spawn(async move {
        http::serve(&app, listener, async { drop(stopped.await) }).await;
    });
    let (clients, seconds) = (asked("NAGAR_LOAD_CLIENTS", 16), asked("NAGAR_LOAD_SECONDS", 10));
    let cases = asked("NAGAR_LOAD_CASES", 1_000);
    let steps = town.life(&service);
    let approve = steps.iter().find(|step| step.what == "approve").unwrap();
    officer::appoint(&town, &service, &approve.actor).await;
    let work = Arc::new(Work {
        app: Arc::clone(&town.app),
        apply: Mutex::new(waiting(&town, &service, "submit", cases).await),
        approve: Mutex::new(waiting(&town, &service, "approve", cases).await),
        pay: Mutex::new(waiting(&town, &service, "pay", cases).await),
    });
    let mut visitors = Vec::new();
    for number in 0..clients {
        visitors.push(visitor(&town, &service, number, (&origin, &work)).await);
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

/// Cases that stand just before a step.
async fn waiting(town: &Town, service: &Service, what: &str, count: usize) -> Vec<(String, Actor, Command)> {
    let steps = town.life(service);
    let step = steps.iter().find(|step| step.what == what).unwrap();
    let mut waiting = Vec::with_capacity(count);
    for number in 0..count {
        let person = format!("{what}-{number}");
        let case = town.led(service, &steps, &person, what).await;
        let (actor, command) = town::of(step, &case.id, &person);
        waiting.push((case.id, actor, command));
    }
    waiting
}

/// Signs a citizen in, with one application begun and one sent.
async fn visitor(town: &Town, service: &Service, number: usize, (origin, work): (&str, &Arc<Work>)) -> Visitor {
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
    let desk = vec![("inbox", 60, at("/desk/inbox".to_owned())), ("case", 40, at(format!("/desk/cases/{sent}")))];
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
        desk: (officer::sign_in(town).await, desk),
        work: Arc::clone(work),
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

/// What chance chooses of things with their shares of a hundred.
fn chosen<'a>(
    things: &'a [(&'static str, u64, String)],
    chance: &mut Seeded,
) -> Option<&'a (&'static str, u64, String)> {
    let mut left = chance.below(100);
    things.iter().find(|(_, share, _)| {
        let here = left < *share;
        left = left.saturating_sub(*share);
        here
    })
}

/// Asks for one thing after the other. Of twenty, thirteen are a citizen's, of which one in ten keeps answers; four are an
/// officer's pages; one applies, one approves, and one pays.
async fn visit(mut visitor: Visitor, until: Instant) -> Vec<(&'static str, Duration)> {
    let mut times = Vec::new();
    while Instant::now() < until {
        let kind = visitor.chance.below(20);
        let (name, waits) = match kind {
            0 => ("approve", visitor.work.approve.lock().unwrap().pop()),
            1 => ("pay", visitor.work.pay.lock().unwrap().pop()),
            2 => ("apply", visitor.work.apply.lock().unwrap().pop()),
            _ => ("", None),
        };
        if let Some((case, actor, command)) = waits {
            let app = &visitor.work.app;
            let library = app.library.now();
            let begun = Instant::now();
            act::act(app, library.tenant(TOWN).unwrap(), &case, &actor, &command, None).await.unwrap();
            times.push((name, begun.elapsed()));
            continue;
        }
        let (cookies, pages) = if (3..7).contains(&kind) {
            (&visitor.desk.0, &visitor.desk.1)
        } else {
            (&visitor.cookies, &visitor.pages)
        };
        let page = chosen(pages, &mut visitor.chance);
        let (name, request, expected) = if let Some((name, _, at)) = page {
            (*name, visitor.client.get(at), 200)
        } else {
            let (at, body) = &visitor.form;
            let kind = "application/x-www-form-urlencoded";
            let request = visitor.client.post(at).header(header::CONTENT_TYPE.as_str(), kind);
            ("save", request.body(body.clone()), 303)
        };
        let begun = Instant::now();
        let answer = request.header(header::COOKIE.as_str(), cookies).send().await.unwrap();
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
    let (mut told, mut bars) = (Vec::new(), Vec::new());
    for (name, times) in times {
        let count = times.len();
        let [median, most, nearly] = spread(times);
        println!("{name:<12} {count:>8} {median:>10} {most:>10} {nearly:>10}");
        bars.push((name, count, [median, most, nearly]));
        told.push(json!({ "request": name, "count": count, "median_us": median, "p95_us": most, "p99_us": nearly }));
    }
    println!("{rate} requests a second, {clients} clients");
    let rate = u64::try_from(rate).unwrap();
    if let Some(path) = std::env::var_os("NAGAR_LOAD_CHART") {
        std::fs::write(path, chart::drawn(&format!("{rate} requests a second, {clients} clients"), &bars)).unwrap();
    }
    println!("{}", json!({ "bench": "load", "clients": clients, "a_second": rate, "requests": told }));
}

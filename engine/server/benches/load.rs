//! A node under load, over the network: citizens look around, look at their applications and answer pages of their
//! forms; officers look at their inbox and at cases. A program applies for citizens through the API, an officer
//! decides on the forms of the desk, and people pay through the demonstration's gateway, which tells the node by its
//! callback. Each client waits for one answer before asking for the next.
//!
//! Everybody signs in before the measurement begins, which is slow by design, and everything that is decided and paid
//! while it runs was applied for before, over the network as well. Afterwards each payment must be there.
//!
//! `NAGAR_LOAD_CLIENTS` (16) and `NAGAR_LOAD_SECONDS` (10) say how much, `NAGAR_LOAD_CASES` (160) how many
//! applications wait to be sent, and as many to be decided and to be paid. A person may begin thirty in an hour, and
//! sixty codes are sent to one network in that time, so that there is an end to it: 485, and less where this was run
//! against the same node within the hour. When nothing waits any more, pages are looked at instead.
//!
//! The node is one of this process, whose store lies in `NAGAR_BENCH_DIR` or where `NAGAR_LOAD_DATABASE` says; it does
//! no work that waits. Or it is a demonstration that runs elsewhere (`nagar demo`) with the same definitions:
//! `NAGAR_LOAD_URL` is its address, as in `http://localhost:8080`, and `NAGAR_LOAD_DATA` the whole path of its folder,
//! where the codes are read from `outbox.jsonl`. `NAGAR_LOAD_USER` and `NAGAR_LOAD_PASSWORD` sign the officer in, as
//! whoever has that office in a demonstration if nothing is said.
//!
//! On one machine the clients share it with the node, so that what is measured is a lower bound. Run it with
//! `cargo bench -p server --bench load`; the last line is the result as JSON, and `NAGAR_LOAD_CHART` is where a chart
//! of it is drawn, as SVG.

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
#[path = "stage/errands.rs"]
mod errands;
#[path = "stage/guest.rs"]
mod guest;
#[path = "stage/officer.rs"]
mod officer;
#[path = "stage/town.rs"]
#[allow(dead_code, reason = "shared by several measurements")]
mod town;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use connectors::payment::PaymentConfig;
use connectors::payment::demo::DemoClientConfig;
use connectors::payment::demo_gateway::{self, DemoConfig};
use connectors::secret::{Secret, SecretRef};
use engine::scenario::walk::{Chance as _, Seeded};
use engine::service;
use engine::source::Bundle;
use errands::{Errands, Times, timed};
use futures_util::{StreamExt as _, stream};
use guest::{Guest, Pairs, filled};
use serde_json::json;
use server::chance::Clock;
use server::config::Config;
use server::{demo, http};
use tokio::net::TcpListener;
use town::{TOWN, Town, asked, spread};

/// People who may sign in from one network in an hour, with some to spare.
const PEOPLE: usize = 56;
/// Applications that each of them begins for this, beside the two that are looked at: where they do not come out even,
/// some begin two more, and thirty may be begun in that time.
const APPLICATIONS: usize = 26;
/// Requests at the same time before the measurement begins.
const PREPARED_AT_ONCE: usize = 16;
/// The name of the gateway's key.
const KEY: &str = "demo";

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure());
}

/// A node, and how its officer signs in.
struct Node {
    origin: String,
    data: PathBuf,
    user: String,
    password: String,
}

/// Somebody with an application that is begun and one that is sent.
#[derive(Clone)]
struct Citizen {
    guest: Guest,
    begun: String,
    sent: String,
    /// Where a page of the form is sent, and what is sent.
    form: (String, Pairs),
}

/// What a client asks for, by name and share of a hundred, and as whom.
struct Visitor {
    citizen: Citizen,
    pages: Vec<(&'static str, u64, String)>,
    officer: Guest,
    desk: Vec<(&'static str, u64, String)>,
    work: Arc<Work>,
    chance: Seeded,
}

/// What waits to be done, and what was paid.
struct Work {
    errands: Errands,
    apply: Mutex<Vec<(Guest, String)>>,
    approve: Mutex<Vec<String>>,
    pay: Mutex<Vec<(Guest, String)>>,
    paid: Mutex<Vec<(Guest, String)>>,
}

async fn measure() {
    let folder = town::folder();
    let bundle = life::bundle();
    let (catalogue, _) = service::load(&bundle);
    let tenant = &catalogue.tenants[TOWN];
    let errands = Errands::find(&catalogue, tenant, Clock::System.now(tenant));
    let elsewhere = std::env::var("NAGAR_LOAD_URL").ok();
    let node = match &elsewhere {
        Some(url) => there(url, &errands),
        None => here(folder.path(), &bundle, &errands).await,
    };
    let (clients, seconds) = (asked("NAGAR_LOAD_CLIENTS", 16), asked("NAGAR_LOAD_SECONDS", 10));
    let (visitors, work) = prepare(&node, errands, clients, asked("NAGAR_LOAD_CASES", 160)).await;
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
    let took = begun.elapsed();
    let paid = std::mem::take(&mut *work.paid.lock().unwrap());
    for (guest, case) in &paid {
        assert!(Errands::is_paid(guest, case).await, "the money for {case} was taken, and is not there");
    }
    tell(times, took, clients, elsewhere.as_deref());
}

/// A demonstration that runs somewhere.
fn there(url: &str, errands: &Errands) -> Node {
    let said = |name: &str| std::env::var(name).ok();
    let data = said("NAGAR_LOAD_DATA").expect("NAGAR_LOAD_DATA says where the folder of the node is");
    Node {
        origin: url.trim_end_matches('/').to_owned(),
        data: data.into(),
        user: said("NAGAR_LOAD_USER").unwrap_or_else(|| demo::login(&errands.officer.roles[0])),
        password: said("NAGAR_LOAD_PASSWORD").unwrap_or_else(|| demo::PASSWORD.to_owned()),
    }
}

/// A node of this process with a gateway beside it, for as long as that runs.
async fn here(data: &Path, bundle: &Bundle, errands: &Errands) -> Node {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gateway = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let [origin, url] = [&listener, &gateway].map(|one| format!("http://{}", one.local_addr().unwrap()));
    let (secret, text) = Secret::random();
    let path = data.join("gateway.secret");
    std::fs::write(&path, &text).unwrap();
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let orders = DemoConfig::new(data.join("gateway.jsonl"), url.clone(), KEY, secret);
    tokio::spawn(async move { demo_gateway::serve(gateway, orders).await.unwrap() });
    let database = std::env::var("NAGAR_LOAD_DATABASE").unwrap_or_else(|_| "load.db".to_owned());
    let client = DemoClientConfig {
        url,
        key_id: KEY.to_owned(),
        secret: SecretRef::File(path),
        pages_url: None,
        timeout_ms: None,
    };
    let config =
        Config { base_url: origin.clone(), payment: PaymentConfig::Demo(client), ..town::config(data, &database) };
    let town = Town::run(config, Clock::System, bundle).await;
    officer::appoint(&town, &errands.service, &errands.officer).await;
    tokio::spawn(async move { http::serve(&town.app, listener, std::future::pending()).await });
    let (user, password) = (officer::LOGIN.to_owned(), officer::PASSWORD.to_owned());
    Node { origin, data: data.to_owned(), user, password }
}

/// Signs everybody in, and makes what waits: so many applications to be sent, to be decided and to be paid.
async fn prepare(node: &Node, errands: Errands, clients: usize, cases: usize) -> (Vec<Visitor>, Arc<Work>) {
    let people = (3 * cases).div_ceil(APPLICATIONS).max(clients.min(PEOPLE));
    assert!(people <= PEOPLE, "no more than {} cases can be applied for in an hour", PEOPLE * APPLICATIONS / 3);
    let stranger = Guest::new(&node.origin);
    let served = stranger.asks(&format!("/api/{TOWN}/services/{}", errands.service.id)).await;
    let same = served["definition"] == errands.service.digest.as_str();
    assert!(same, "the node serves another {} than is defined here", errands.service.id);
    let officer = stranger.employee(&node.user, &node.password).await;
    // Nobody else has these numbers, nor had them when this was run before.
    let first = u64::try_from(Clock::System.now_ms() / 1_000).unwrap() % 1_000_000 * 100;
    let mut guests = Vec::with_capacity(people);
    for number in 0..people {
        guests.push(stranger.citizen(&node.data, &format!("98{:08}", first + number as u64)).await);
    }
    let work = Arc::new(Work {
        errands,
        apply: Mutex::new((0..cases).map(|at| (guests[at % people].clone(), format!("apply-{at}"))).collect()),
        approve: Mutex::default(),
        pay: Mutex::default(),
        paid: Mutex::default(),
    });
    let (of, guests) = (&*work, &guests);
    let citizens = stream::iter(guests).map(|guest| citizen(of, guest)).buffered(PREPARED_AT_ONCE);
    let citizens: Vec<Citizen> = citizens.collect().await;
    let waiting = stream::iter(0..2 * cases).map(|at| wait(of, &officer, &guests[at % people], at));
    waiting.buffer_unordered(PREPARED_AT_ONCE).collect::<()>().await;
    let visitors = (0..clients).map(|at| visitor(&work, &officer, &citizens[at % people], at)).collect();
    (visitors, work)
}

/// Begins an application of somebody's and sends another.
async fn citizen(work: &Work, guest: &Guest) -> Citizen {
    let mut guest = guest.clone();
    let begun = work.errands.begin(&mut guest).await;
    let sent = work.errands.apply(&guest, "own", &mut Times::new()).await;
    let (page, typed) = work.errands.pages.first().unwrap();
    let at = format!("/{TOWN}/cases/{begun}/form/{page}");
    let pairs = filled(guest.get(&at).await.expect(200, ""), typed);
    Citizen { guest, begun, sent, form: (at, pairs) }
}

/// Makes a case that waits: every other one for the officer, and the others for money.
async fn wait(work: &Work, officer: &Guest, guest: &Guest, at: usize) {
    let mut times = Times::new();
    let case = work.errands.apply(guest, &format!("wait-{at}"), &mut times).await;
    if at.is_multiple_of(2) {
        work.approve.lock().unwrap().push(case);
    } else {
        work.errands.decide(&mut officer.clone(), &case, &mut times).await;
        work.pay.lock().unwrap().push((guest.clone(), case));
    }
}

fn visitor(work: &Arc<Work>, officer: &Guest, citizen: &Citizen, number: usize) -> Visitor {
    let at = |path: String| format!("/{TOWN}{path}");
    let Citizen { begun, sent, form, .. } = citizen;
    Visitor {
        pages: vec![
            ("catalogue", 25, at(String::new())),
            ("start", 20, at(format!("/services/{}", work.errands.service.id))),
            ("form", 20, form.0.clone()),
            ("check", 10, at(format!("/cases/{begun}/check"))),
            ("track", 15, at(format!("/cases/{sent}"))),
        ],
        desk: vec![("inbox", 60, at("/desk/inbox".to_owned())), ("case", 40, at(format!("/desk/cases/{sent}")))],
        citizen: citizen.clone(),
        officer: officer.clone(),
        work: Arc::clone(work),
        chance: Seeded(number as u64),
    }
}

/// The next of what waits.
fn next<T>(waiting: &Mutex<Vec<T>>) -> Option<T> {
    waiting.lock().unwrap().pop()
}

impl Work {
    /// Does what chance has chosen, if that is one of what waits, and any of it is left.
    async fn done(&self, kind: u64, officer: &mut Guest, times: &mut Times) -> bool {
        match kind {
            0 => {
                let Some(case) = next(&self.approve) else { return false };
                self.errands.decide(officer, &case, times).await;
            }
            1 => {
                let Some((mut guest, case)) = next(&self.pay) else { return false };
                self.errands.pay(&mut guest, &case, times).await;
                self.paid.lock().unwrap().push((guest, case));
            }
            2 => {
                let Some((guest, key)) = next(&self.apply) else { return false };
                self.errands.apply(&guest, &key, times).await;
            }
            _ => return false,
        }
        true
    }
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

/// Asks for one thing after the other. Of twenty, thirteen are a citizen's, of which one in ten keeps answers; four are
/// an officer's pages; one applies, one decides, and one pays. What is decided or paid is several requests.
async fn visit(mut visitor: Visitor, until: Instant) -> Times {
    let (mut times, work) = (Times::new(), Arc::clone(&visitor.work));
    while Instant::now() < until {
        let kind = visitor.chance.below(20);
        if work.done(kind, &mut visitor.officer, &mut times).await {
            continue;
        }
        let (guest, pages) = if (3..7).contains(&kind) {
            (&mut visitor.officer, &visitor.desk)
        } else {
            (&mut visitor.citizen.guest, &visitor.pages)
        };
        if let Some((name, _, at)) = chosen(pages, &mut visitor.chance) {
            timed(&mut times, name, guest.get(at)).await.expect(200, "");
        } else {
            let (at, pairs) = &visitor.citizen.form;
            timed(&mut times, "save", guest.post(at, pairs)).await.expect(303, "");
        }
    }
    times
}

fn tell(times: BTreeMap<&str, Vec<Duration>>, took: Duration, clients: usize, node: Option<&str>) {
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
    println!("{}", json!({ "bench": "load", "node": node, "clients": clients, "a_second": rate, "requests": told }));
}

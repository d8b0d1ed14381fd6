//! The first page of an inbox with a million open cases: through the router and back, as an officer of the town asks
//! for it, on SQLite and, where `DATABASE_URL` says one, on PostgreSQL.
//!
//! One case is led to where an officer has it, and its row is copied under other numbers, places, people and times.
//! `NAGAR_CASES` says how many; the store lies in `NAGAR_BENCH_DIR`. Run it with
//! `cargo bench -p server --bench inbox`; the last line is the result as JSON.

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
#[path = "stage/officer.rs"]
mod officer;
#[path = "stage/rows.rs"]
#[allow(dead_code, reason = "shared by several measurements")]
mod rows;
#[path = "stage/town.rs"]
#[allow(dead_code, reason = "shared by several measurements")]
mod town;

use std::path::Path;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use town::{TOWN, Town, asked, spread};

/// Times each page is asked for, and before that to warm up.
const TIMES: usize = 300;
const BEFORE: usize = 20;
/// Places among which the cases lie.
const PLACES: usize = 60;
/// Rows that are made by a statement.
const TOGETHER: usize = 50_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    let folder = town::folder();
    let mut told = vec![on_lite(folder.path()).await];
    if let Ok(server) = std::env::var("DATABASE_URL") {
        told.push(on_pg(folder.path(), &server).await);
    }
    println!(
        "{}",
        json!({ "bench": "inbox", "cases": asked("NAGAR_CASES", 1_000_000), "times": TIMES, "databases": told })
    );
}

async fn on_lite(folder: &Path) -> Value {
    let town = Town::open(folder, "inbox.db", &life::bundle(), false).await;
    let fill = fill(&town).await;
    let mut conn = rows::open(&folder.join("inbox.db")).await;
    for sql in fill {
        conn.execute(AssertSqlSafe(sql)).await.unwrap();
    }
    conn.execute("pragma wal_checkpoint(truncate)").await.unwrap();
    conn.close().await.unwrap();
    pages("sqlite", &town).await
}

async fn on_pg(folder: &Path, server: &str) -> Value {
    let schema = format!("nagar_bench_inbox_{}", std::process::id());
    let mut conn = PgConnection::connect(server).await.unwrap();
    conn.execute(AssertSqlSafe(format!("create schema {schema}"))).await.unwrap();
    let mark = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{mark}options=-c%20search_path={schema}");
    let town = Town::open(folder, &url, &life::bundle(), false).await;
    conn.execute(AssertSqlSafe(format!("set search_path to {schema}"))).await.unwrap();
    for sql in fill(&town).await {
        conn.execute(AssertSqlSafe(sql)).await.unwrap();
    }
    conn.execute("vacuum analyze cases").await.unwrap();
    let told = pages("postgresql", &town).await;
    town.app.store.clone().close().await;
    conn.execute(AssertSqlSafe(format!("drop schema {schema} cascade"))).await.unwrap();
    told
}

/// Makes an officer, and a case that waits for one; says how its row is copied.
async fn fill(town: &Town) -> Vec<String> {
    let service = town.service(|service| service.billing.is_some());
    let steps = town.life(&service);
    let approve = steps.iter().find(|step| step.what == "approve").unwrap();
    let case = town.led(&service, &steps, "citizen-0001", "approve").await;
    let tenant = town.tenant();
    officer::appoint(town, &service, &approve.actor).await;
    let at_ms = town.app.clock.now_ms();
    let places = tenant.places.entries.iter().rev().take(PLACES).enumerate();
    let places: Vec<String> = places.map(|(at, place)| format!("({at}, '{}')", place.code)).collect();
    let count = asked("NAGAR_CASES", 1_000_000);
    let copy = |from: usize| {
        let until = count.min(from + TOGETHER);
        format!(
            "with recursive n(at) as (select {from} union all select at + 1 from n where at + 1 < {until}), \
             p(at, code) as (values {}), \
             c as materialized (select * from cases where tenant = '{TOWN}' and id = '{}') \
             insert into cases select tenant, id || '-' || n.at, number || '/' || n.at, service, definition, state, version, applicant, \
             language, opened_ms - n.at, submitted_ms - n.at, entered_ms - n.at, \
             case when n.at % 50 = 0 then null else {at_ms} + (cast(n.at as bigint) * 7919 % 5000 - 1000) * 600000 end, \
             promised_ms, null, case when n.at % 10 = 0 then 'officer' when n.at % 10 = 1 then 'colleague' end, record_registry, \
             record_number, p.code, body from n join p on p.at = n.at % {PLACES} cross join c",
            places.join(", "),
            case.id
        )
    };
    (0..count).step_by(TOGETHER).map(copy).collect()
}

async fn pages(database: &str, town: &Town) -> Value {
    let mut browser = officer::browser(town).await;
    let pages = [
        ("first", ""),
        ("second", "?page=2"),
        ("mine", "?with=me"),
        ("overdue", "?due=late"),
        ("newest", "?sort=newest"),
        ("home", "home"),
    ];
    let mut told = Vec::new();
    for (name, query) in pages {
        let at = if query == "home" { format!("/{TOWN}/desk") } else { format!("/{TOWN}/desk/inbox{query}") };
        // What has to look at every case is asked for less often.
        let often = if name == "newest" { TIMES / 20 } else { TIMES };
        let mut times: Vec<Duration> = Vec::with_capacity(often);
        for round in 0..BEFORE + often {
            let begun = Instant::now();
            let page = browser.send(Request::get(&at), Body::empty()).await;
            let took = begun.elapsed();
            assert_eq!(page.status, 200, "{at}: {}", page.text());
            if round >= BEFORE.min(often) {
                times.push(took);
            }
        }
        let [median, most, nearly] = spread(times);
        println!("{database:<12} {name:<10} median {median:>8} µs, 95 % {most:>8} µs, 99 % {nearly:>8} µs");
        told.push(json!({ "page": name, "median_us": median, "p95_us": most, "p99_us": nearly }));
    }
    json!({ "database": database, "pages": told })
}

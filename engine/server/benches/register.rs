//! A register that was taken over, billed and looked at: how many bills a second are raised, against a bare
//! loop that writes the same rows with the same statements to the same disk, how much memory that takes,
//! and how long a look-up takes by number, by old number, and by name and ward.
//!
//! `NAGAR_REGISTER` is a folder of data in which `nagar import` took over a register of houses, and nothing
//! was billed; its database is copied twice to `NAGAR_BENCH_DIR`, which must be on a disk. The bare loop
//! reads what was written outside of its time, and writes it in the same transactions; nothing is decided,
//! made into JSON, or hashed. In the end both databases must be the same, row by row.
//!
//! Run it with `cargo bench -p server --bench register`; the last line is the result as JSON.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement prints what it found, and stops if it cannot go on"
)]

#[path = "stage/batch.rs"]
mod batch;
#[path = "../../core/benches/life/mod.rs"]
#[allow(dead_code, reason = "made for the engine as well")]
mod life;
#[path = "stage/rows.rs"]
#[allow(dead_code, reason = "shared by several measurements")]
mod rows;
#[path = "stage/town.rs"]
#[allow(dead_code, reason = "shared by several measurements")]
mod town;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::base::date::parse_day;
use engine::registry::Record;
use engine::service::Service;
use serde_json::{Value, json};
use server::raise::{self, Asked};
use server::store::{events, records};
use server::{dues, finding};
use sqlx::{Connection as _, Executor as _, SqliteConnection};
use town::{TOWN, Town, asked, morning, percentile};

/// Records that are billed in a transaction, as the server does it.
const TOGETHER: i64 = 500;
/// Batches that are read before they are written again.
const READ: i64 = 40;
/// Records that a page shows, and one more.
const SHOWN: usize = 11;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let Some(data) = std::env::var_os("NAGAR_REGISTER").map(PathBuf::from) else {
        println!("say where a register is: NAGAR_REGISTER=folder of data");
        return;
    };
    runtime.block_on(measure(&data));
}

async fn measure(data: &Path) {
    let folder = town::folder();
    let before = data.join("nagar.db");
    let mut conn = rows::open(&before).await;
    conn.execute("pragma wal_checkpoint(truncate)").await.unwrap();
    conn.close().await.unwrap();
    for name in ["billed.db", "bare.db"] {
        std::fs::copy(&before, folder.path().join(name)).unwrap();
    }
    let billed = billed(folder.path()).await;
    let bare = written_again(folder.path(), &before).await;
    let look_ups = looked_up(folder.path()).await;
    let (ours, floor) = (rate(billed.count, billed.took), rate(bare.count, bare.took));
    let told = json!({
        "bench": "register", "billed": billed.count, "a_second": ours, "bare_a_second": floor, "percent_of_bare": ours * 100 / floor,
        "a_second_of_cpu": rate(billed.count, billed.cpu), "bare_a_second_of_cpu": rate(bare.count, bare.cpu),
        "peak_kb": billed.peak_kb, "look_ups": look_ups,
    });
    println!("{told}");
}

/// How something went.
struct Went {
    count: u64,
    took: Duration,
    cpu: Duration,
    peak_kb: u64,
}

fn rate(count: u64, took: Duration) -> u64 {
    u64::try_from(u128::from(count) * 1_000_000 / took.as_micros().max(1)).unwrap()
}

fn service(town: &Town) -> Arc<Service> {
    let loaded = town.app.library.now();
    let tenant = town.tenant();
    let found =
        loaded.catalogue.services(&tenant).find(|service| service.opens.is_some() && service.is_paid_by_anybody());
    Arc::clone(found.expect("such a service ships"))
}

/// Bills the register, in a process that has done nothing else but open.
async fn billed(folder: &Path) -> Went {
    let town = Town::open(folder, "billed.db", &life::bundle(), false).await;
    town.app.clock.set(std::cmp::max(morning().ms, asked_ms()));
    let asked = Asked { day: parse_day("2026-04-02").unwrap(), dry: false };
    let (begun, cpu) = (Instant::now(), cpu());
    let raised = raise::raise(&town.app, &town.tenant(), &service(&town), asked, |_| {}).await.unwrap();
    let went =
        Went { count: raised.billed, took: begun.elapsed(), cpu: self::cpu().saturating_sub(cpu), peak_kb: peak_kb() };
    assert!(raised.not.is_empty(), "{:?}", raised.not.first());
    town.app.store.clone().close().await;
    tell("billed", &went);
    went
}

/// The instant of the billing: after the register was taken over.
fn asked_ms() -> i64 {
    i64::try_from(asked("NAGAR_REGISTER_MS", 0)).unwrap()
}

/// Writes the rows of the billing again.
async fn written_again(folder: &Path, before: &Path) -> Went {
    let mut from = rows::open(&folder.join("billed.db")).await;
    let attach = format!("attach '{}' as before", before.display());
    sqlx::query(sqlx::AssertSqlSafe(attach)).execute(&mut from).await.unwrap();
    let ends = "select (select seq from before.chains where tenant = $1), (select seq from chains where tenant = $1)";
    let (first, last): (i64, i64) = sqlx::query_as(ends).bind(TOWN).fetch_one(&mut from).await.unwrap();
    let mut to = rows::open(&folder.join("bare.db")).await;
    let mut went = Went { count: 0, took: Duration::ZERO, cpu: Duration::ZERO, peak_kb: 0 };
    let mut after = first;
    while after < last {
        let mut batches = Vec::new();
        while after < last && batches.len() < usize::try_from(READ).unwrap() {
            let until = last.min(after + TOGETHER);
            batches.push(batch::statements(&mut from, TOWN, after, until).await);
            after = until;
        }
        let (begun, cpu) = (Instant::now(), cpu());
        for statements in batches {
            write(&mut to, statements).await;
        }
        went.took += begun.elapsed();
        went.cpu += self::cpu().saturating_sub(cpu);
    }
    went.count = u64::try_from(last - first).unwrap();
    tell("bare loop", &went);
    to.close().await.unwrap();
    expect_the_same(&mut from, folder).await;
    went
}

async fn write(to: &mut SqliteConnection, statements: Vec<batch::Sent>) {
    to.execute("begin immediate").await.unwrap();
    for (sql, cells) in statements {
        rows::send(to, sql, cells).await;
    }
    to.execute("commit").await.unwrap();
}

/// What was billed and what was written again are the same.
async fn expect_the_same(billed: &mut SqliteConnection, folder: &Path) {
    let attach = format!("attach '{}' as bare", folder.join("bare.db").display());
    sqlx::query(sqlx::AssertSqlSafe(attach)).execute(&mut *billed).await.unwrap();
    for table in ["cases", "demands", "vouchers", "lines", "jobs", "events", "chains", "serials"] {
        let sql = format!("select count(*) from (select * from {table} except select * from bare.{table})");
        let missing: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *billed).await.unwrap();
        assert_eq!(missing, 0, "rows of {table} were not written again");
    }
}

/// Times of look-ups, as the page makes them.
async fn looked_up(folder: &Path) -> Value {
    let town = Town::open(folder, "billed.db", &life::bundle(), false).await;
    let (library, tenant, service) = (town.app.library.now(), town.tenant(), service(&town));
    let registry = service.charges_on().unwrap().clone();
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let numbers = records::numbers(&mut tx, &registry).await.unwrap();
    let step = (numbers.len() / asked("NAGAR_LOOK_UPS", 2_000)).max(1);
    let mut chosen: Vec<Record> = Vec::new();
    for number in numbers.iter().step_by(step) {
        chosen.extend(records::load(&mut tx, &registry, number).await.unwrap());
    }
    drop(tx);
    // In no order, as people come.
    chosen.sort_by_key(|record| record.case.chars().rev().collect::<String>());
    let text = |record: &Record, path: &str| match record.answers.at(path) {
        Some(engine::base::Value::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let mut told = Vec::new();
    for way in ["number", "old number", "name and ward"] {
        let mut times = Vec::with_capacity(chosen.len());
        for record in &chosen {
            let ward = tenant.places.ancestry(finding::place(&service.form, &record.answers)).nth(1);
            let ward = ward.map(|entry| entry.code.clone()).unwrap_or_default();
            let (name, old) = (text(record, "owners.0.name"), text(record, "old_number"));
            let begun = Instant::now();
            let mut tx = town.app.store.read(TOWN).await.unwrap();
            let found = match way {
                "number" => dues::numbered(&library, &tenant, &mut tx, &record.number, SHOWN).await,
                "old number" => dues::numbered(&library, &tenant, &mut tx, &old, SHOWN).await,
                _ => dues::named(&library, &tenant, &mut tx, (&name, &ward), SHOWN).await,
            };
            let found = found.unwrap();
            let hit = found.iter().find(|hit| hit.number == record.number).cloned();
            if way == "name and ward" {
                assert!(hit.is_some() || found.len() == SHOWN, "{name} in {ward}");
            } else {
                let known = dues::of(&town.app, &library, &tenant, &mut tx, hit.unwrap()).await.unwrap();
                known.bill(parse_day("2026-12-02").unwrap()).unwrap();
            }
            times.push(begun.elapsed());
        }
        times.sort();
        let (median, p99) = (percentile(&times, 50), percentile(&times, 99));
        println!("look-up by {way}: median {median} µs, 99 of 100 within {p99} µs");
        told.push(
            json!({ "by": way, "median_us": u64::try_from(median).unwrap(), "p99_us": u64::try_from(p99).unwrap() }),
        );
    }
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    assert!(events::head(&mut tx).await.unwrap().seq > 0);
    json!(told)
}

fn tell(what: &str, went: &Went) {
    let Went { count, took, cpu, peak_kb } = went;
    println!(
        "{what}: {count} records in {} ms and {} ms of CPU, {} a second, {} a second of CPU, peak {} MB",
        took.as_millis(),
        cpu.as_millis(),
        rate(*count, *took),
        rate(*count, *cpu),
        peak_kb / 1_000
    );
}

/// The time that this process has had of all cores.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let behind = stat.rsplit(')').next().unwrap();
    let ticks: u64 = behind.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

/// The most memory that this process ever had.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

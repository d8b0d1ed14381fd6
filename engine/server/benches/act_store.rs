//! How quick [`server::act::act`] is — everything of it: the service is looked up, the case loaded
//! with its series, the command decided, the outcome recorded, and whatever is due by itself
//! followed up — against a bare loop that writes the same rows to the same disk.
//!
//! Two acts are measured on cases of the first shipped service that charges: the approval that
//! assesses the fee, and the payment that grants the record. The bare loop writes exactly the rows
//! that the acts wrote, already made, and reads nothing: once with one call to the driver for each
//! transaction, which no program that decides anything could do, once with one call for each statement,
//! and once with twenty acts in a transaction, as callers who come at once share a commit. All run with
//! `synchronous = full`. The databases lie in `NAGAR_BENCH_DIR`, or where temporary files lie: that must
//! be a disk, or the figures mean nothing.
//!
//! Run it with `cargo bench -p server --bench act_store`; the last line is the result as JSON.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement prints what it found, and stops if it cannot go on"
)]

#[path = "../../core/benches/life/mod.rs"]
#[allow(dead_code, reason = "made for the engine as well")]
mod life;
#[path = "stage/rows.rs"]
mod rows;
#[path = "stage/town.rs"]
#[allow(dead_code, reason = "shared by several measurements")]
mod town;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::case::{Actor, Command};
use engine::source::Bundle;
use serde_json::json;
use server::act;
use sqlx::{Connection as _, SqliteConnection};
use tokio::task::JoinSet;
use town::{Town, asked};

/// Callers at the same time.
const CLIENTS: [usize; 3] = [1, 8, 32];
/// What is compared is the best of so many rounds: the machine does other things as well.
const ROUNDS: usize = 3;
/// Acts that share a commit in the bare loop, where they do.
const GROUP: usize = 20;
/// What is measured.
const ACTS: [&str; 2] = ["approve", "pay"];

/// How the bare loop writes.
#[derive(Clone, Copy, Debug)]
enum Bare {
    /// An act in a transaction, with one call to the driver.
    Together,
    /// An act in a transaction, with a call for each statement.
    Apart,
    /// [`GROUP`] acts in a transaction, with a call for each.
    Grouped,
}

const BARE: [Bare; 3] = [Bare::Together, Bare::Apart, Bare::Grouped];

/// An act that waits to be done.
#[derive(Clone)]
struct Waiting {
    case: String,
    version: i64,
    actor: Actor,
    command: Command,
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    let folder = town::folder();
    let bundle = life::bundle();
    let mut told = Vec::new();
    for what in ACTS {
        let waiting = prepare(folder.path(), &bundle, what, asked("NAGAR_BENCH_ACTS", 1_000)).await;
        let mut best = [Duration::MAX; CLIENTS.len()];
        let mut bare = [Duration::MAX; BARE.len()];
        for round in 0..ROUNDS {
            for (at, clients) in CLIENTS.into_iter().enumerate() {
                let file = format!("{what}-{round}-{clients}.db");
                copy(folder.path(), &format!("{what}.db"), &file);
                best[at] = best[at].min(acts(folder.path(), &file, &bundle, &waiting, clients).await);
                if clients == 1 {
                    for (at, how) in BARE.into_iter().enumerate() {
                        bare[at] = bare[at].min(rewrite(folder.path(), (what, &file), &waiting, how).await);
                    }
                }
            }
        }
        told.push(tell(what, waiting.len(), best, bare));
    }
    println!("{}", json!({ "bench": "act", "synchronous": "full", "acts": told }));
}

/// Makes cases that stand just before the act, and keeps the database so.
async fn prepare(folder: &Path, bundle: &Bundle, what: &str, count: usize) -> Vec<Waiting> {
    let filled = format!("{what}-filled.db");
    let town = Town::open(folder, &filled, bundle, true).await;
    let service = town.service(|service| service.billing.is_some());
    let steps = town.life(&service);
    let step = steps.iter().find(|step| step.what == what).unwrap();
    let mut waiting = Vec::with_capacity(count);
    for number in 0..count {
        let person = format!("citizen-{number:04}");
        let case = town.led(&service, &steps, &person, what).await;
        let (actor, command) = town::of(step, &case.id, &person);
        waiting.push(Waiting { case: case.id, version: case.version, actor, command });
    }
    town.app.store.clone().close().await;
    drop(town);
    let mut conn = rows::open(&folder.join(filled)).await;
    let sql = format!("vacuum into '{}'", folder.join(format!("{what}.db")).display());
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    waiting
}

fn copy(folder: &Path, from: &str, to: &str) {
    std::fs::copy(folder.join(from), folder.join(to)).unwrap();
}

/// How long the acts take, with so many callers.
async fn acts(folder: &Path, file: &str, bundle: &Bundle, waiting: &[Waiting], clients: usize) -> Duration {
    let town = Town::open(folder, file, bundle, false).await;
    let tenant = town.tenant();
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for client in 0..clients {
        let (app, tenant) = (Arc::clone(&town.app), Arc::clone(&tenant));
        let own: Vec<Waiting> = waiting.iter().skip(client).step_by(clients).cloned().collect();
        tasks.spawn(async move {
            for one in own {
                act::act(&app, &tenant, &one.case, &one.actor, &one.command, None).await.unwrap();
            }
        });
    }
    tasks.join_all().await;
    let took = begun.elapsed();
    town.app.store.clone().close().await;
    took
}

/// How long it takes to write the rows of the acts again, into the database as it was before them.
async fn rewrite(folder: &Path, (what, acted): (&str, &str), waiting: &[Waiting], how: Bare) -> Duration {
    let bare = format!("{acted}-bare-{how:?}");
    copy(folder, &format!("{what}.db"), &bare);
    let mut from = rows::open(&folder.join(acted)).await;
    let before = format!("attach '{}' as before", folder.join(format!("{what}.db")).display());
    sqlx::query(sqlx::AssertSqlSafe(before)).execute(&mut from).await.unwrap();
    let mut written = Vec::with_capacity(waiting.len());
    for one in waiting {
        written.push(rows::of_act(&mut from, town::TOWN, &one.case, one.version + 1).await);
    }
    rows::expect_nothing_else(&mut from, &written).await;
    from.close().await.unwrap();
    let mut conn: SqliteConnection = rows::open(&folder.join(bare)).await;
    let mut took = Duration::ZERO;
    let together = if matches!(how, Bare::Grouped) { GROUP } else { 1 };
    while !written.is_empty() {
        let some: Vec<_> = written.drain(..together.min(written.len())).collect();
        let begun = Instant::now();
        rows::write(&mut conn, some, matches!(how, Bare::Apart)).await;
        took += begun.elapsed();
    }
    conn.close().await.unwrap();
    took
}

fn tell(what: &str, acts: usize, best: [Duration; CLIENTS.len()], bare: [Duration; BARE.len()]) -> serde_json::Value {
    let rate = |took: Duration| acts as u128 * 1_000_000 / took.as_micros();
    let small = |number: u128| u64::try_from(number).unwrap();
    let [together, apart, grouped] = bare.map(rate);
    println!("{what}: bare loop, one call a transaction   {together:>6} a second");
    println!("{what}: bare loop, one call a statement     {apart:>6} a second");
    println!("{what}: bare loop, {GROUP} acts a transaction   {grouped:>6} a second");
    let mut clients_told = Vec::new();
    for (clients, took) in CLIENTS.into_iter().zip(best) {
        let rate = rate(took);
        let [of_together, of_apart, of_grouped] = [together, apart, grouped].map(|bare| rate * 100 / bare);
        println!(
            "{what}: act, {clients:>2} clients                    {rate:>6} a second, {of_together} %, {of_apart} % and \
             {of_grouped} % of these"
        );
        clients_told.push(json!({
            "clients": clients, "a_second": small(rate),
            "percent_of_one_call_a_transaction": small(of_together), "percent_of_one_call_a_statement": small(of_apart),
            "percent_of_several_acts_a_transaction": small(of_grouped),
        }));
    }
    json!({
        "act": what, "count": acts, "clients": clients_told,
        "bare_one_call_a_transaction": small(together), "bare_one_call_a_statement": small(apart),
        "bare_several_acts_a_transaction": small(grouped), "acts_a_transaction": GROUP,
    })
}

//! How quick [`server::act::act`] is on PostgreSQL, against `pgbench` that writes the same rows in as many statements.
//!
//! The act is the payment that grants the record, on cases of the first shipped service that charges. What the act
//! wrote for one case is read back row by row; `pgbench` writes rows of the same size under keys of its own, changes
//! rows that an act changes and holds what an act holds, in one transaction: it decides nothing, makes no JSON and
//! hashes nothing.
//!
//! Two things are held to before anything is measured. In all tables of the database the act changed those rows that
//! `pgbench` writes, and no others. And both are as many calls to the server, begin and commit among them: they are
//! counted on the line, of the act and of `pgbench`. Where an act looks up more than the case with its bills, the
//! series and the end of the chain, `pgbench` looks up the case once more for each; the result says how often.
//!
//! `DATABASE_URL` says where the server is, which keeps `synchronous_commit = on`. Run it with
//! `cargo bench -p server --bench act_pg`; the last line is the result as JSON.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement prints what it found, and stops if it cannot go on"
)]

#[path = "../../core/benches/life/mod.rs"]
#[allow(dead_code, reason = "made for the engine as well")]
mod life;
#[path = "stage/ear.rs"]
mod ear;
#[path = "stage/pgbench.rs"]
mod pgbench;
#[path = "stage/town.rs"]
#[allow(dead_code, reason = "shared by several measurements")]
mod town;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ear::Ear;
use engine::case::{Actor, Command};
use futures_util::{StreamExt as _, stream};
use pgbench::{Floor, Seen, Whole};
use serde_json::{Value, json};
use server::act;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tokio::task::JoinSet;
use town::{TOWN, Town, asked};

/// Callers at the same time.
const CLIENTS: [usize; 3] = [1, 8, 32];
/// What is compared is the best of so many rounds: the machine does other things as well.
const ROUNDS: usize = 3;
/// Cases that are made at the same time: a commit takes as long for one as for many.
const PREPARED_AT_ONCE: usize = 16;
/// What is measured.
const ACT: &str = "pay";

/// An act that waits to be done.
#[derive(Clone)]
struct Waiting {
    case: String,
    actor: Actor,
    command: Command,
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let Ok(server) = std::env::var("DATABASE_URL") else {
        println!("say where a PostgreSQL is: DATABASE_URL=postgres://…");
        return;
    };
    runtime.block_on(measure(&server));
}

async fn measure(server: &str) {
    let schema = format!("nagar_bench_act_{}", std::process::id());
    let mut conn = PgConnection::connect(server).await.unwrap();
    conn.execute(AssertSqlSafe(format!("create schema {schema}; set search_path to {schema}"))).await.unwrap();
    let options = format!("-c search_path={schema}");
    let mark = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{mark}options={}", options.replace(' ', "%20"));
    let folder = town::folder();
    let town = Town::open(folder.path(), &url, &life::bundle(), false).await;
    let each = asked("NAGAR_BENCH_ACTS", 640);
    let mut waiting = prepare(&town, 2 + each * CLIENTS.len() * ROUNDS).await;
    let samples = waiting.split_off(waiting.len() - 2);
    let floor = floor(folder.path(), &mut conn, (server, &options), &samples).await;
    let mut best = [[Duration::MAX; 2]; CLIENTS.len()];
    for round in 0..ROUNDS {
        for (at, clients) in CLIENTS.into_iter().enumerate() {
            let some = waiting.split_off(waiting.len() - each);
            best[at][0] = best[at][0].min(acts(&town, &some, clients).await);
            let base = (round * CLIENTS.len() + at + 1) * 1_000_000;
            best[at][1] =
                best[at][1].min(floor.run(&mut conn, (server, &options), base, clients, each / clients).await);
        }
    }
    town.app.store.clone().close().await;
    let told: Vec<Value> = CLIENTS.into_iter().zip(best).map(|(clients, best)| tell(clients, each, best)).collect();
    conn.execute(AssertSqlSafe(format!("drop schema {schema} cascade"))).await.unwrap();
    println!(
        "{}",
        json!({
            "bench": "act_pg", "act": ACT, "statements": floor.statements, "looked_up_again": floor.again,
            "clients": told,
        })
    );
}

/// Makes cases that stand just before the act.
async fn prepare(town: &Town, count: usize) -> Vec<Waiting> {
    let service = town.service(|service| service.billing.is_some());
    let steps = town.life(&service);
    let step = steps.iter().find(|step| step.what == ACT).unwrap();
    stream::iter(0..count)
        .map(async |number| {
            let person = format!("citizen-{number:05}");
            let case = town.led(&service, &steps, &person, ACT).await;
            let (actor, command) = town::of(step, &case.id, &person);
            Waiting { case: case.id, actor, command }
        })
        .buffer_unordered(PREPARED_AT_ONCE)
        .collect()
        .await
}

/// What the act of one case writes and in how many calls, for `pgbench` to do the same. Of two cases the first is acted
/// on so that everything is prepared when the second is.
async fn floor(folder: &Path, conn: &mut PgConnection, (server, options): (&str, &str), samples: &[Waiting]) -> Floor {
    let [first, one] = samples else { panic!("two cases are acted on, not {}", samples.len()) };
    let ear = Ear::before(server).await;
    let url = format!("{}&options={}", ear.address(), options.replace(' ', "%20"));
    let heard = Town::open(folder, &url, &life::bundle(), false).await;
    let tenant = heard.tenant();
    act::act(&heard.app, &tenant, &first.case, &first.actor, &first.command, None).await.unwrap();
    let (whole, before) = (Whole::look(conn).await, Seen::look(conn, TOWN, &one.case).await);
    let calls = ear.calls();
    act::act(&heard.app, &tenant, &one.case, &one.actor, &one.command, None).await.unwrap();
    let calls = ear.calls() - calls;
    let after = Seen::look(conn, TOWN, &one.case).await;
    heard.app.store.clone().close().await;
    let floor = Floor::of((&before, &after), TOWN, &one.case, calls);
    floor.expect_nothing_else(conn, whole).await;
    floor.expect_as_many(conn, &ear, options).await;
    println!("an act is {calls} calls, and so is pgbench, of which {} look up the case once more", floor.again);
    floor
}

/// How long the acts take, with so many callers.
async fn acts(town: &Town, waiting: &[Waiting], clients: usize) -> Duration {
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for client in 0..clients {
        let (app, tenant) = (Arc::clone(&town.app), town.tenant());
        let own: Vec<Waiting> = waiting.iter().skip(client).step_by(clients).cloned().collect();
        tasks.spawn(async move {
            for one in own {
                act::act(&app, &tenant, &one.case, &one.actor, &one.command, None).await.unwrap();
            }
        });
    }
    tasks.join_all().await;
    begun.elapsed()
}

fn tell(clients: usize, acts: usize, [ours, floor]: [Duration; 2]) -> Value {
    let rate = |took: Duration| u64::try_from(acts as u128 * 1_000_000 / took.as_micros().max(1)).unwrap();
    let (ours, floor) = (rate(ours), rate(floor));
    let percent = ours * 100 / floor;
    println!("{clients:>2} clients: act {ours:>6} a second, pgbench {floor:>6} a second: {percent} %");
    json!({ "clients": clients, "a_second": ours, "pgbench_a_second": floor, "percent": percent })
}

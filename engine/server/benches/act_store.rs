//! How quick an act is recorded, against a bare loop that writes the same rows to the same disk.
//!
//! An act here loads a case with its series, and records an approval: the case, an event and the end of
//! the chain, a demand, a voucher of three lines, two series and a job — eleven rows. The bare loop
//! writes exactly those rows, already made, in one call to the driver for each transaction, and reads
//! nothing. Both run with `synchronous = full`. The database lies in `NAGAR_BENCH_DIR`, or where
//! temporary files lie: that must be a disk, or the figures mean nothing.
//!
//! Run it with `cargo bench -p server --bench act_store`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement prints what it found, and stops if it cannot go on"
)]

#[path = "../tests/store/town.rs"]
#[expect(dead_code, reason = "made for tests; the measurement needs a part of it")]
mod town;

use std::time::{Duration, Instant};

use server::store::Store;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, Row as _, SqliteConnection, ValueRef as _};
use tokio::task::JoinSet;

/// Acts in each measurement.
const ACTS: usize = 1_500;
/// What is compared is the best of so many rounds: the machine does other things as well.
const ROUNDS: usize = 3;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    let mut best = [Duration::MAX; 5];
    for _ in 0..ROUNDS {
        for (at, clients) in [1, 8, 32].into_iter().enumerate() {
            let file = folder();
            let url = format!("sqlite:{}", file.path().join("acts.db").display());
            best[at] = best[at].min(acts(&url, clients).await);
            if clients == 1 {
                best[3] = best[3].min(bare(&url, true).await);
                best[4] = best[4].min(bare(&url, false).await);
            }
        }
    }
    let rate = |took: Duration| u128::try_from(ACTS).unwrap() * 1_000_000 / took.as_micros();
    let bare = rate(best[3]);
    println!("bare loop, one call a transaction     {bare:>6} a second");
    println!("bare loop, one call a statement       {:>6} a second", rate(best[4]));
    for (at, clients) in [1, 8, 32].into_iter().enumerate() {
        let acts = rate(best[at]);
        println!(
            "acts, {clients:>2} clients                      {acts:>6} a second, {:>4} % of the bare loop",
            acts * 100 / bare
        );
    }
}

fn folder() -> tempfile::TempDir {
    std::env::var("NAGAR_BENCH_DIR")
        .map_or_else(|_| tempfile::tempdir().unwrap(), |dir| tempfile::tempdir_in(dir).unwrap())
}

/// Opens the cases, all in one transaction: that is not what is measured.
async fn fill(store: &Store) {
    let mut tx = store.begin(town::TOWN).await.unwrap();
    for at in 0..ACTS {
        town::open_in(&mut tx, &format!("c{at:05}")).await;
    }
    tx.commit().await.unwrap();
}

/// How long so many acts take.
async fn acts(url: &str, clients: usize) -> Duration {
    let store = Store::open(url).await.unwrap();
    fill(&store).await;
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for client in 0..clients {
        let store = store.clone();
        tasks.spawn(async move {
            for at in (client..ACTS).step_by(clients) {
                town::act(&store, &format!("c{at:05}"), None, town::approved).await.unwrap();
            }
        });
    }
    tasks.join_all().await;
    let took = begun.elapsed();
    store.close().await;
    took
}

/// What an act writes: table, how the row of an act is found in what was written, and how it is written again.
const ROWS: [(&str, &str, &str); 8] = [
    ("cases", "id = $1", "replace into"),
    ("events", "case_id = $1 and case_version = 2", "insert into"),
    ("demands", "case_id = $1", "insert into"),
    ("vouchers", "case_id = $1", "insert into"),
    (
        "lines",
        "voucher = (select number from vouchers v where v.tenant = lines.tenant and v.case_id = $1)",
        "insert into",
    ),
    ("jobs", "kind = 'notice' and key = $1 || ':2:payment_due:applicant'", "insert into"),
    ("chains", "$1 <> ''", "replace into"),
    ("serials", "last > 0 and $1 <> ''", "replace into"),
];

/// How long it takes to write the rows of so many acts again, into a database like the one they are in.
async fn bare(url: &str, together: bool) -> Duration {
    let mut from = SqliteConnection::connect(url).await.unwrap();
    let file = folder();
    let to = format!("sqlite:{}", file.path().join("bare.db").display());
    let store = Store::open(&to).await.unwrap();
    fill(&store).await;
    store.close().await;
    let options = <sqlx::sqlite::SqliteConnectOptions as std::str::FromStr>::from_str(&to).unwrap();
    let options =
        options.foreign_keys(true).synchronous(sqlx::sqlite::SqliteSynchronous::Full).pragma("cache_size", "-65536");
    let mut conn =
        SqliteConnection::connect_with(&sqlx::ConnectOptions::disable_statement_logging(options)).await.unwrap();
    let mut took = Duration::ZERO;
    for at in 0..ACTS {
        let rows = rows_of(&mut from, &format!("c{at:05}")).await;
        let begun = Instant::now();
        write(&mut conn, rows, together).await;
        took += begun.elapsed();
    }
    took
}

type Cells = Vec<Result<i64, Option<String>>>;

/// The rows that one act wrote.
async fn rows_of(from: &mut SqliteConnection, case: &str) -> Vec<(String, Cells)> {
    let mut found = Vec::new();
    for (table, condition, verb) in ROWS {
        let rows = sqlx::query(AssertSqlSafe(format!("select * from {table} where tenant = 'rampur' and {condition}")))
            .bind(case)
            .fetch_all(&mut *from)
            .await
            .unwrap();
        for row in rows {
            let cell = |at: usize| {
                if row.try_get_raw(at).unwrap().is_null() {
                    Err(None)
                } else {
                    row.try_get::<i64, _>(at).map_err(|_| Some(row.get::<String, _>(at)))
                }
            };
            found.push((format!("{verb} {table} values"), (0..row.len()).map(cell).collect()));
        }
    }
    found
}

async fn write(conn: &mut SqliteConnection, rows: Vec<(String, Cells)>, together: bool) {
    if !together {
        conn.execute("begin immediate").await.unwrap();
        for row in rows {
            send(conn, "", vec![row], "").await;
        }
        conn.execute("commit").await.unwrap();
        return;
    }
    send(conn, "begin immediate;", rows, "commit").await;
}

async fn send(conn: &mut SqliteConnection, before: &str, rows: Vec<(String, Cells)>, after: &str) {
    use std::fmt::Write as _;
    let (mut sql, mut hole) = (before.to_owned(), 0);
    for (insert, cells) in &rows {
        let holes: Vec<String> = cells.iter().enumerate().map(|(at, _)| format!("${}", hole + at + 1)).collect();
        hole += cells.len();
        write!(sql, "{insert} ({});", holes.join(",")).unwrap();
    }
    sql.push_str(after);
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for cell in rows.into_iter().flat_map(|(_, cells)| cells) {
        query = match cell {
            Ok(number) => query.bind(number),
            Err(text) => query.bind(text),
        };
    }
    query.execute(&mut *conn).await.unwrap();
}

//! The rows of an act, written again by `pgbench` under keys of its own.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use crate::ear::Ear;

/// What an act writes: the table, which of its rows belong to a case (`$1` the tenant, `$2` the case), and the key of
/// rows that are changed; none where rows are only added.
const TABLES: [(&str, &str, &[&str]); 11] = [
    ("cases", "id = $2", &["tenant", "id"]),
    ("index_terms", "case_id = $2", &["tenant", "case_id", "field", "term"]),
    ("demands", "case_id = $2", &["tenant", "case_id", "seq"]),
    ("receipts", "case_id = $2", &[]),
    ("vouchers", "case_id = $2", &[]),
    ("lines", "voucher in (select number from vouchers v where v.tenant = $1 and v.case_id = $2)", &[]),
    ("records", "case_id = $2", &[]),
    (
        "record_terms",
        "(registry, number) in (select registry, number from records r where r.tenant = $1 and r.case_id = $2)",
        &[],
    ),
    ("jobs", "key like $2 || ':%'", &[]),
    ("events", "case_id = $2", &[]),
    ("serials", "$2 <> ''", &["tenant", "series"]),
];

type Row = BTreeMap<String, Value>;

/// The rows of a case, and the series of its town, at some time.
pub(crate) struct Seen(BTreeMap<&'static str, Vec<Row>>);

impl Seen {
    /// Reads them.
    pub(crate) async fn look(conn: &mut PgConnection, tenant: &str, case: &str) -> Self {
        let mut seen = BTreeMap::new();
        for (table, condition, _) in TABLES {
            // Columns that the database reckons itself are not written.
            let sql = format!(
                "select cast(to_jsonb(t) - array(select cast(attname as text) from pg_attribute \
                 where attrelid = '{table}'::regclass and attgenerated <> '') as text) from {table} t \
                 where tenant = $1 and {condition}"
            );
            let query = sqlx::query_scalar(AssertSqlSafe(sql)).bind(tenant).bind(case);
            let rows: Vec<String> = query.fetch_all(&mut *conn).await.unwrap();
            seen.insert(table, rows.iter().map(|row| serde_json::from_str(row).unwrap()).collect());
        }
        Self(seen)
    }
}

/// Rows of a table that an act wrote: those that are there since, and those that are not there any more as they were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Changed {
    come: usize,
    gone: usize,
}

/// Every row of every table at some time, by a digest of each, in a table of the connection's own.
pub(crate) struct Whole {
    tables: Vec<String>,
}

impl Whole {
    /// Looks at all of them.
    pub(crate) async fn look(conn: &mut PgConnection) -> Self {
        conn.execute("create temporary table whole_before (name text, digest text)").await.unwrap();
        let listed = "select cast(tablename as text) from pg_tables where schemaname = current_schema() \
                      and tablename <> '_sqlx_migrations' order by 1";
        let tables: Vec<String> = sqlx::query_scalar(listed).fetch_all(&mut *conn).await.unwrap();
        for table in &tables {
            let sql = format!("insert into whole_before select '{table}', {DIGEST} from {table} as whole_row");
            conn.execute(AssertSqlSafe(sql)).await.unwrap();
        }
        Self { tables }
    }

    /// What changed since in each table in which anything did.
    async fn since(self, conn: &mut PgConnection) -> BTreeMap<String, Changed> {
        let mut changed = BTreeMap::new();
        for table in self.tables {
            let now = format!("select {DIGEST} from {table} as whole_row");
            let before = format!("select digest from whole_before where name = '{table}'");
            let sql = format!(
                "select (select count(*) from ({now} except all {before}) as come), \
                 (select count(*) from ({before} except all {now}) as gone)"
            );
            let (come, gone): (i64, i64) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(&mut *conn).await.unwrap();
            let rows = |count: i64| usize::try_from(count).unwrap();
            if (come, gone) != (0, 0) {
                changed.insert(table, Changed { come: rows(come), gone: rows(gone) });
            }
        }
        conn.execute("drop table whole_before").await.unwrap();
        changed
    }
}

/// A row, whatever its columns are.
const DIGEST: &str = "md5(cast(whole_row as text))";

/// What `pgbench` runs.
pub(crate) struct Floor {
    /// Rows that must be there before, by number `n`.
    before: Vec<String>,
    script: String,
    /// Statements of a transaction: as many as an act sends.
    pub(crate) statements: usize,
    /// Those of them that look up the case once more, in the place of what an act looks up besides.
    pub(crate) again: usize,
    /// The rows that it writes, by table.
    written: BTreeMap<String, Changed>,
}

impl Floor {
    /// What the act of `case` wrote, in as many statements as its `calls`.
    pub(crate) fn of((before, after): (&Seen, &Seen), tenant: &str, case: &str, calls: usize) -> Self {
        let tokens = tokens(before, after, case);
        let (mut standing, mut writes, mut series) = (Vec::new(), Vec::new(), Vec::new());
        let mut written: BTreeMap<String, Changed> = BTreeMap::new();
        for (table, _, key) in TABLES {
            for row in after.0[table].iter().filter(|row| !before.0[table].contains(row)) {
                let same = |other: &&Row| !key.is_empty() && key.iter().all(|name| other[*name] == row[*name]);
                let old = before.0[table].iter().find(same);
                let count = written.entry(table.to_owned()).or_default();
                count.come += 1;
                count.gone += usize::from(old.is_some());
                match old {
                    Some(_) if table == "serials" => series.push(row["series"].as_str().unwrap().to_owned()),
                    Some(old) => {
                        standing.push(insert(table, old, &tokens, "i.n"));
                        writes.push(update(table, row, key, &tokens));
                    }
                    None => writes.push(insert(table, row, &tokens, N)),
                }
            }
        }
        let listed = series.iter().map(|one| text(one)).collect::<Vec<_>>().join(", ");
        writes.push(format!("update serials set last = last + 1 where tenant = '{tenant}' and series in ({listed})"));
        writes
            .push(format!("update chains set seq = seq + 1, hash = md5(hash) || md5(hash) where tenant = '{tenant}'"));
        written.insert("chains".to_owned(), Changed { come: 1, gone: 1 });
        let id = cell(&Value::from(case), &tokens, N);
        let mut script = String::from("\\set i :i + 1\n\\set n :base + :client_id * 10000 + :i\n");
        let mut selects = vec![
            format!("select * from cases where tenant = '{tenant}' and id = {id} for update"),
            format!(
                "select 'demand' as kind, seq, body from demands where tenant = '{tenant}' and case_id = {id} union all \
                 select 'receipt', seq, body from receipts where tenant = '{tenant}' and case_id = {id}"
            ),
            format!(
                "select * from serials where tenant = '{tenant}' and series in ({listed}) order by series for update"
            ),
            format!("select * from chains where tenant = '{tenant}' for update"),
        ];
        // Begin, what writes, and commit.
        let own = selects.len() + 3;
        assert!(own <= calls, "an act is {calls} calls, and {own} statements are to stand beside it");
        let again = calls - own;
        let look = format!("select * from cases where tenant = '{tenant}' and id = {id}");
        selects.extend(std::iter::repeat_n(look, again));
        let _ = writeln!(script, "begin;\n{};", selects.join(";\n"));
        let named: Vec<String> =
            writes.iter().enumerate().map(|(at, sql)| format!("w{at} as ({sql} returning 1)")).collect();
        let _ = writeln!(script, "with {} select 1;\ncommit;", named.join(",\n"));
        Self { before: standing, script, statements: calls, again, written }
    }

    /// Holds what it writes to what the act changed in all tables: nothing else was written or taken away.
    pub(crate) async fn expect_nothing_else(&self, conn: &mut PgConnection, before: Whole) {
        let changed = before.since(conn).await;
        assert_eq!(
            changed, self.written,
            "an act changed what is on the left, and what is on the right is written again"
        );
    }

    /// Holds it to the calls that `ear` hears: each transaction is as many statements as an act.
    pub(crate) async fn expect_as_many(&self, conn: &mut PgConnection, ear: &Ear, options: &str) {
        let mut heard = [0; TRIED.len()];
        for (at, each) in TRIED.into_iter().enumerate() {
            let before = ear.calls();
            self.run(conn, (ear.address(), options), at * 1_000, 1, each).await;
            heard[at] = ear.calls() - before;
        }
        // What `pgbench` asks before it begins is none of them.
        let transactions = TRIED[1] - TRIED[0];
        assert_eq!(heard[1] - heard[0], transactions * self.statements, "calls of pgbench, and of as many acts");
    }

    /// How long so many clients take to write so many transactions each; their numbers begin at `base`.
    pub(crate) async fn run(
        &self,
        conn: &mut PgConnection,
        (server, options): (&str, &str),
        base: usize,
        clients: usize,
        each: usize,
    ) -> Duration {
        for insert in &self.before {
            let numbers = format!(
                "from (select {base} + c * 10000 + i as n from generate_series(0, {}) c, generate_series(1, {each}) i) i",
                clients - 1
            );
            let (into, values) = insert.split_once(" values ").unwrap();
            let values = values.strip_prefix('(').unwrap().strip_suffix(')').unwrap();
            conn.execute(AssertSqlSafe(format!("{into} select {values} {numbers}"))).await.unwrap();
        }
        conn.execute("analyze cases; analyze demands").await.unwrap();
        let script = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(script.path(), &self.script).unwrap();
        let run = Command::new(program())
            .env("PGOPTIONS", options)
            .args(["-n", "-M", "prepared", "-D", "i=0", "-D", &format!("base={base}")])
            .args(["-c", &clients.to_string(), "-j", &clients.min(2).to_string(), "-t", &each.to_string()])
            .args(["-f", script.path().to_str().unwrap(), server])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(
            run.status.success() && said.contains(&format!("processed: {}/", clients * each)),
            "{said}\n{}",
            String::from_utf8_lossy(&run.stderr)
        );
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()).unwrap();
        // As in 1234.567890: a thousand times as many are enough of it.
        let (whole, part) = rate.split_once('.').unwrap();
        let thousandths: u64 = format!("{whole}{}", &part[..3]).parse().unwrap();
        Duration::from_micros((clients * each) as u64 * 1_000_000_000 / thousandths)
    }
}

/// Transactions that are only counted.
const TRIED: [usize; 2] = [10, 30];

/// The number of a transaction in the script.
const N: &str = "cast(:n as bigint)";

/// The newest `pgbench` that is installed.
fn program() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let found = versions.map(|entry| entry.unwrap().path().join("bin/pgbench")).filter(|path| path.exists()).max();
    found.unwrap_or_else(|| "pgbench".into())
}

/// What is of this case alone: its key, and the numbers that the act drew.
fn tokens(before: &Seen, after: &Seen, case: &str) -> Vec<String> {
    let mut tokens = vec![case.to_owned()];
    for (table, column) in [("vouchers", "number"), ("receipts", "number"), ("records", "number"), ("cases", "number")]
    {
        let rows = after.0[table].iter().chain(&before.0[table]);
        tokens.extend(rows.filter_map(|row| row[column].as_str().map(str::to_owned)));
    }
    // Events and jobs have keys of their own.
    for (table, column) in [("events", "key"), ("jobs", "id"), ("receipts", "payment_key")] {
        let rows = after.0[table].iter();
        tokens.extend(rows.filter_map(|row| row.get(column)?.as_str().map(str::to_owned)));
    }
    tokens.sort_by_key(|token| std::cmp::Reverse(token.len()));
    tokens.dedup();
    tokens
}

fn text(text: &str) -> String {
    format!("E'{}'", escaped(text))
}

/// A text between quotes. `pgbench` would take what follows a colon for a name, also there.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "''").replace(':', "\\x3a")
}

/// A value as SQL, with the number `n` behind every token, and in place of a place in the chain.
fn cell(value: &Value, tokens: &[String], n: &str) -> String {
    let Value::String(words) = value else {
        return if value.is_null() { "null".to_owned() } else { value.to_string() };
    };
    let mut sql = text(words);
    for token in tokens.iter().map(|token| escaped(token)) {
        // Turned round it is not taken for a shorter token once more.
        let own: String = token.chars().rev().filter(|letter| *letter != '\\').collect();
        sql = sql.replace(&token, &format!("{own}' || {n} || E'"));
    }
    sql
}

fn insert(table: &str, row: &Row, tokens: &[String], n: &str) -> String {
    let names = row.keys().cloned().collect::<Vec<_>>().join(", ");
    let of_chain = |name: &String| name == "event_seq" || (name == "seq" && table == "events");
    let cells = row.iter().map(|(name, value)| if of_chain(name) { n.to_owned() } else { cell(value, tokens, n) });
    format!("insert into {table} ({names}) values ({})", cells.collect::<Vec<_>>().join(", "))
}

fn update(table: &str, row: &Row, key: &[&str], tokens: &[String]) -> String {
    let is = |(name, value): (&String, &Value)| format!("{name} = {}", cell(value, tokens, N));
    let set: Vec<String> = row.iter().filter(|(name, _)| !key.contains(&name.as_str())).map(is).collect();
    let here: Vec<String> = row.iter().filter(|(name, _)| key.contains(&name.as_str())).map(is).collect();
    format!("update {table} set {} where {}", set.join(", "), here.join(" and "))
}

//! The rows that an act wrote, and how they are written again by hand.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr as _;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Executor as _, Row as _, SqliteConnection, ValueRef as _};

/// What an act writes: the table, which of its rows belong to the act (`$1` the tenant, `$2` the
/// case, `$3` its version after the act), and for rows that are changed and not added, their key.
const ROWS: [(&str, &str, &[&str]); 13] = [
    ("seal_keys", "id = $2", &["tenant", "id"]),
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
    ("serials", "$2 <> ''", &["tenant", "series"]),
    ("jobs", "key like $2 || ':' || $3 || ':%'", &[]),
    ("events", "case_id = $2 and case_version = $3", &[]),
    ("chains", "$2 <> ''", &["tenant"]),
];

/// A number, a text, or neither.
pub(crate) type Cell = Result<i64, Option<String>>;

/// A statement: its table, its text with `?` for each value, the values.
pub(crate) type Statement = (&'static str, String, Vec<Cell>);

/// A connection as the store has one.
pub(crate) async fn open(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::from_str(&format!("sqlite:{}", file.display()))
        .unwrap()
        .journal_mode(SqliteJournalMode::Wal)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full)
        .statement_cache_capacity(512)
        .pragma("cache_size", "-65536")
        .pragma("temp_store", "memory")
        .pragma("wal_autocheckpoint", "16000")
        .disable_statement_logging()
        .connect()
        .await
        .unwrap()
}

/// The statements that write what an act wrote: rows that are new or not as they were `before`.
pub(crate) async fn of_act(from: &mut SqliteConnection, tenant: &str, case: &str, version: i64) -> Vec<Statement> {
    let mut statements = Vec::new();
    for (table, condition, key) in ROWS {
        let columns = written(from, table).await;
        let sql = format!(
            "select {columns} from {table} where tenant = $1 and {condition} except select {columns} from before.{table}"
        );
        let rows =
            sqlx::query(AssertSqlSafe(sql)).bind(tenant).bind(case).bind(version).fetch_all(&mut *from).await.unwrap();
        for row in rows {
            let names: Vec<String> = row.columns().iter().map(|column| sqlx::Column::name(column).to_owned()).collect();
            let cell = |at: usize| {
                if row.try_get_raw(at).unwrap().is_null() {
                    Err(None)
                } else {
                    row.try_get::<i64, _>(at).map_err(|_| Some(row.get::<String, _>(at)))
                }
            };
            let cells: Vec<_> = (0..row.len()).map(cell).collect();
            statements.push(statement(table, &names, cells, key));
        }
    }
    statements
}

/// The columns of a table that are written: those that the database reckons itself are left out.
async fn written(from: &mut SqliteConnection, table: &str) -> String {
    let sql = "select group_concat(name, ', ') from pragma_table_info($1)";
    sqlx::query(sql).bind(table).fetch_one(&mut *from).await.unwrap().get(0)
}

fn statement(table: &'static str, names: &[String], cells: Vec<Cell>, key: &[&str]) -> Statement {
    let holes = vec!["?"; names.len()].join(", ");
    let mut sql = format!("insert into {table} ({}) values ({holes})", names.join(", "));
    if !key.is_empty() {
        let others = names.iter().filter(|name| !key.contains(&name.as_str()));
        let set: Vec<String> = others.map(|name| format!("{name} = excluded.{name}")).collect();
        let then = if set.is_empty() { "nothing".to_owned() } else { format!("update set {}", set.join(", ")) };
        sql = format!("{sql} on conflict ({}) do {then}", key.join(", "));
    }
    (table, sql, cells)
}

/// Holds the statements to the databases: no act wrote a row that is not among them.
pub(crate) async fn expect_nothing_else(from: &mut SqliteConnection, written: &[Vec<Statement>]) {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for (table, ..) in written.iter().flatten() {
        *counted.entry(table).or_default() += 1;
    }
    let tables =
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '_sqlx%'";
    for table in sqlx::query(tables).fetch_all(&mut *from).await.unwrap() {
        let table: String = table.get(0);
        let sql = format!("select count(*) from (select * from {table} except select * from before.{table})");
        let changed: i64 = sqlx::query(AssertSqlSafe(sql)).fetch_one(&mut *from).await.unwrap().get(0);
        let counted = counted.get(table.as_str()).copied().unwrap_or_default();
        // The end of the chain and the series are written by every act, and read here as they are at the end.
        let many = table == "chains" || table == "serials";
        let fits = if many { changed > 0 && counted > 0 } else { usize::try_from(changed).unwrap() == counted };
        assert!(fits, "the acts changed {changed} rows of {table}, and {counted} are written again");
    }
}

/// Writes the rows of some acts in one transaction: `apart` with a call to the driver for each statement, otherwise with
/// one for each act, in which a single act begins and commits as well.
pub(crate) async fn write(conn: &mut SqliteConnection, acts: Vec<Vec<Statement>>, apart: bool) {
    if acts.len() == 1 && !apart {
        let (sql, cells) = joined(acts.into_iter().flatten());
        send(conn, format!("begin immediate;{sql};commit"), cells).await;
        return;
    }
    conn.execute("begin immediate").await.unwrap();
    for statements in acts {
        if apart {
            for (_, sql, cells) in statements {
                send(conn, sql, cells).await;
            }
        } else {
            let (sql, cells) = joined(statements.into_iter());
            send(conn, sql, cells).await;
        }
    }
    conn.execute("commit").await.unwrap();
}

/// Statements as one text, and their values.
fn joined(statements: impl Iterator<Item = Statement>) -> (String, Vec<Cell>) {
    let (mut texts, mut values) = (Vec::new(), Vec::new());
    for (_, sql, cells) in statements {
        texts.push(sql);
        values.extend(cells);
    }
    (texts.join(";"), values)
}

/// Runs a text with these values.
pub(crate) async fn send(conn: &mut SqliteConnection, sql: String, cells: Vec<Cell>) {
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for cell in cells {
        query = match cell {
            Ok(number) => query.bind(number),
            Err(text) => query.bind(text),
        };
    }
    query.execute(&mut *conn).await.unwrap();
}

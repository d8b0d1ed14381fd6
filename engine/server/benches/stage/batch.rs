//! The rows that a billing wrote, batch by batch, and how they are written again by hand: with the statements
//! of the store, ready-made, and nothing else.

use sqlx::{AssertSqlSafe, Row as _, SqliteConnection, ValueRef as _};

use crate::rows::Cell;

/// Statements that are sent together, and rows of one, at the most; parts of a power of two, as the store has them.
const TOGETHER: usize = 128;
const ROWS: usize = 512;

/// A table, the rows of a batch in it (`$1` the tenant, `$2` and `$3` the events between which the batch
/// lies), and what stands behind the values.
const ADDED: [(&str, &str, &str); 6] = [
    (
        // Records that owed nothing before have no case yet.
        "cases",
        "select c.* from cases c where c.tenant = $1 and c.id in (select e.case_id from events e where e.tenant = $1 and e.seq > $2 \
         and e.seq <= $3) and not exists (select 1 from before.cases b where b.tenant = c.tenant and b.id = c.id) order by c.rowid",
        " on conflict (tenant, id) do nothing",
    ),
    (
        "demands",
        "select d.* from events e join demands d on d.tenant = e.tenant and d.case_id = e.case_id where e.tenant = $1 and e.seq > $2 \
         and e.seq <= $3 and not exists (select 1 from before.demands b where b.tenant = d.tenant and b.case_id = d.case_id and b.seq = d.seq) \
         order by e.seq",
        " on conflict (tenant, case_id, seq) do update set raised_on = excluded.raised_on, due_on = excluded.due_on, \
         status = excluded.status, total_paise = excluded.total_paise, paid_paise = excluded.paid_paise, body = excluded.body",
    ),
    ("vouchers", "select * from vouchers where tenant = $1 and event_seq > $2 and event_seq <= $3 order by rowid", ""),
    (
        "lines",
        "select l.* from vouchers v join lines l on l.tenant = v.tenant and l.voucher = v.number where v.tenant = $1 and v.event_seq > $2 \
         and v.event_seq <= $3 order by l.rowid",
        "",
    ),
    (
        "jobs",
        "select j.* from events e join jobs j on j.tenant = e.tenant and j.key >= e.case_id || ':' and j.key < e.case_id || ';' \
         where e.tenant = $1 and e.seq > $2 and e.seq <= $3 and j.kind in ('notice', 'paper') \
         and not exists (select 1 from before.jobs b where b.tenant = j.tenant and b.id = j.id) order by j.rowid",
        " on conflict (tenant, kind, key) do nothing",
    ),
    ("events", "select * from events where tenant = $1 and seq > $2 and seq <= $3 order by seq", ""),
];

/// The cases of a batch as they are afterwards.
const CASES: &str = "select c.definition, c.version, c.wake_ms, c.place, c.body, c.tenant, c.id, b.version from events e \
                     join cases c on c.tenant = e.tenant and c.id = e.case_id join before.cases b on b.tenant = c.tenant and b.id = c.id \
                     where e.tenant = $1 and e.seq > $2 and e.seq <= $3 order by e.seq";

/// A text, and its values.
pub(crate) type Sent = (String, Vec<Cell>);

/// What wrote the events of `tenant` behind `after`, up to `until`.
pub(crate) async fn statements(from: &mut SqliteConnection, tenant: &str, after: i64, until: i64) -> Vec<Sent> {
    let cases = fetch(from, CASES, tenant, (after, until)).await.1;
    let update = "update cases set definition = ?, version = ?, wake_ms = ?, place = ?, body = ? where tenant = ? and id = ? and version = ?";
    let mut sent = parts(cases, TOGETHER, |rows| vec![update; rows.len()].join(";\n"));
    for (table, sql, behind) in ADDED {
        let (names, rows) = fetch(from, sql, tenant, (after, until)).await;
        let tuple = format!("({})", vec!["?"; names.len()].join(", "));
        let start = format!("insert into {table} ({}) values ", names.join(", "));
        let many = |rows: &[Vec<Cell>]| format!("{start}{}{behind}", vec![tuple.as_str(); rows.len()].join(", "));
        sent.extend(parts(rows, ROWS, many));
    }
    for (table, key) in [("chains", "tenant"), ("serials", "tenant, series")] {
        let sql = format!("select * from {table} where tenant = $1 and $2 < $3 except select * from before.{table}");
        let (names, rows) = fetch(from, &sql, tenant, (after, until)).await;
        let holes = vec!["?"; names.len()].join(", ");
        let columns: Vec<String> = names.iter().map(|name| format!("{name} = excluded.{name}")).collect();
        let sql = format!(
            "insert into {table} ({}) values ({holes}) on conflict ({key}) do update set {}",
            names.join(", "),
            columns.join(", ")
        );
        sent.extend(rows.into_iter().map(|row| (sql.clone(), row)));
    }
    sent
}

async fn fetch(
    from: &mut SqliteConnection,
    sql: &str,
    tenant: &str,
    (after, until): (i64, i64),
) -> (Vec<String>, Vec<Vec<Cell>>) {
    let query = sqlx::query(AssertSqlSafe(sql.to_owned())).bind(tenant).bind(after).bind(until);
    let (mut names, mut rows) = (Vec::new(), Vec::new());
    for row in query.fetch_all(&mut *from).await.unwrap() {
        if names.is_empty() {
            names = row.columns().iter().map(|column| sqlx::Column::name(column).to_owned()).collect();
        }
        let cell = |at: usize| {
            if row.try_get_raw(at).unwrap().is_null() {
                return Err(None);
            }
            row.try_get::<i64, _>(at).map_err(|_| Some(row.get::<String, _>(at)))
        };
        rows.push((0..row.len()).map(cell).collect());
    }
    (names, rows)
}

fn parts(mut rows: Vec<Vec<Cell>>, most: usize, sql: impl Fn(&[Vec<Cell>]) -> String) -> Vec<Sent> {
    let (mut parts, mut size) = (Vec::new(), most);
    while !rows.is_empty() {
        while size > rows.len() {
            size /= 2;
        }
        let rest = rows.split_off(size);
        let part = std::mem::replace(&mut rows, rest);
        parts.push((sql(&part), part.into_iter().flatten().collect()));
    }
    parts
}

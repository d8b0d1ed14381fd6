//! Words that are left wherever they could be kept stand in no table in the clear.

use serde_json::json;
use server::auth::otp::{self, Asked, Opens};
use server::http::limits;
use server::store::carry;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

use crate::api;
use crate::apply::{begun, sent};
use crate::browser::Browser;
use crate::nodes::on_postgresql_defined;
use crate::town::{TOWN, Town};

/// Who applied.
const MOBILE: &str = "9876543210";

/// Words that people typed, and names.
const PLANTED: [&str; 7] = [
    "Asha Snacks",
    "Asha Rao",
    "Momos",
    "Which street do you mean?",
    "Told by a program",
    "Typed too late",
    "stranger.at.the.desk",
];
/// Numbers of people: who applied, whose program reported, who typed too late, who only asked for a code, and the
/// number that somebody wants from now on.
const NUMBERS: [&str; 5] = [MOBILE, "9876543212", "9876543213", "9876543214", "9876543215"];

/// Leaves words and numbers wherever they are kept: in an application, in the answer to a program, in a form whose
/// session had ended, in codes that were asked for, in counts of tries.
async fn plant(town: &Town) {
    let case = sent(&mut Browser::new(town), MOBILE).await;
    town.officer(&case, "clerk", "ask", "Which street do you mean?").await;
    town.work().await;

    let token = api::token(town, NUMBERS[1]).await;
    let body = json!({ "service": "report", "answers": { "text": "Told by a program" } });
    for _ in 0..2 {
        let (status, told) = api::call(&mut Browser::new(town), api::post(&token, "one"), &body).await;
        assert_eq!((status, told["answers"]["text"].as_str()), (201, Some("Told by a program")), "{told}");
    }

    let mut late = Browser::new(town);
    begun(&mut late, NUMBERS[2]).await;
    town.wait_ms(limits::CITIZEN_IDLE_MS + 1);
    late.submit(&[("text", "Typed too late")]).await.expect(401, "What you typed is kept for half an hour");

    let mut guessing = Browser::new(town);
    let at = format!("/{TOWN}/sign-in");
    guessing.get(&at).await;
    guessing.submit(&[("mobile", NUMBERS[3])]).await.expect(200, "Enter the code");
    let code = town.code(NUMBERS[3]);
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    for _ in 0..limits::CODE_TRIES {
        guessing.submit(&[("code", &wrong)]).await.expect(422, "This is not the code we sent");
    }
    town.wait_ms(31_000);
    guessing.get(&at).await;
    guessing.submit(&[("mobile", NUMBERS[3])]).await.expect(200, "Enter the code");
    let opens = Opens::Mobile { person: "somebody", new: NUMBERS[4] };
    let asked = Asked { mobile: MOBILE, browser: "a browser", lang: "en", remote: [10, 0, 0, 1].into(), opens };
    otp::send(&town.app, &town.tenant(), asked).await.unwrap();

    let mut desk = Browser::new(town);
    desk.get(&format!("/{TOWN}/desk/sign-in")).await;
    assert_eq!(desk.submit(&[("user", PLANTED[6]), ("password", "wrong horse")]).await.status, 422);
}

/// Every table that the database itself knows of, but the list of migrations, and its rows, as they are stored.
async fn everything(town: &Town) -> Vec<(String, String)> {
    let url = town.app.config.database_or_own();
    let mut all = Vec::new();
    if url.starts_with("postgres") {
        let mut conn = PgConnection::connect(&url).await.unwrap();
        let sql = "select cast(table_name as text) from information_schema.tables \
                   where table_schema = current_schema() and table_type = 'BASE TABLE'";
        let tables: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&mut conn).await.unwrap();
        for (table,) in tables.into_iter().filter(|(table,)| table != "_sqlx_migrations") {
            let sql = AssertSqlSafe(format!("select cast(stored as text) from \"{table}\" stored"));
            let rows: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&mut conn).await.unwrap();
            all.push((table, rows.into_iter().map(|(row,)| row + "\n").collect()));
        }
        conn.close().await.unwrap();
        return all;
    }
    let mut conn = SqliteConnection::connect(&url).await.unwrap();
    let sql = "select name from sqlite_master where type = 'table'";
    let tables: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&mut conn).await.unwrap();
    for (table,) in tables.into_iter().filter(|(table,)| table != "_sqlx_migrations") {
        let sql = AssertSqlSafe(format!("select name from pragma_table_xinfo('{table}')"));
        let columns: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&mut conn).await.unwrap();
        let cells: Vec<String> =
            columns.iter().map(|(column,)| format!("coalesce(cast(\"{column}\" as text), '')")).collect();
        let sql = AssertSqlSafe(format!("select {} from \"{table}\"", cells.join(" || ' | ' || ")));
        let rows: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&mut conn).await.unwrap();
        all.push((table, rows.into_iter().map(|(row,)| row + "\n").collect()));
    }
    conn.close().await.unwrap();
    all
}

/// Plants, and looks through all that the database has.
async fn nothing_planted_is_read(town: Town) {
    Box::pin(plant(&town)).await;
    let all = everything(&town).await;
    let tables: Vec<&str> = all.iter().map(|(table, _)| table.as_str()).collect();
    let known = carry::TABLES.iter().map(|table| table.name).chain(carry::LEFT_BEHIND);
    let missed: Vec<&str> = known.filter(|name| !tables.contains(name)).collect();
    assert!(missed.is_empty(), "{missed:?} were not looked at");
    for (table, rows) in &all {
        let filled = ["idempotency", "sessions", "otps", "throttles"].contains(&table.as_str());
        assert!(!filled || !rows.is_empty(), "nothing was planted in {table}");
        for planted in PLANTED.iter().chain(&NUMBERS) {
            // Words that are looked for by their beginnings stand among the terms.
            let terms = ["index_terms", "record_terms"].contains(&table.as_str());
            let in_the_clear = terms && PLANTED.contains(planted);
            assert!(in_the_clear || !rows.contains(*planted), "{planted} can be read in {table}: {rows}");
        }
    }
}

#[tokio::test]
async fn priv_01_what_was_planted_stands_in_no_table_in_the_clear() {
    Box::pin(nothing_planted_is_read(Town::open().await)).await;
}

#[tokio::test]
async fn priv_01_nor_in_any_of_postgresql() {
    Box::pin(on_postgresql_defined(|_| (), nothing_planted_is_read)).await;
}

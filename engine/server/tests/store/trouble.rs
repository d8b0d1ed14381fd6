//! What the databases themselves call their troubles: which of them pass when the work is begun again, and which are
//! to be told as trouble and not as a fault.

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};

use server::store::{Error, retry};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};
use tokio::sync::Barrier;

use crate::database::{Database, postgresql};

/// A schema of PostgreSQL with two rows that two may want at once; none where there is no server.
async fn pair() -> Option<Database> {
    let database = Database::pg(&postgresql()?).await;
    database.sql("create table pair (id bigint primary key, times bigint not null)").await;
    database.sql("insert into pair values (1, 0), (2, 0)").await;
    Some(database)
}

/// Adds one to a row, and so holds it.
fn add_to(row: i64) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!("update pair set times = times + 1 where id = {row}"))
}

/// What a statement fails with.
async fn fails(conn: &mut PgConnection, sql: &'static str) -> Error {
    Error::from(conn.execute(sql).await.unwrap_err())
}

/// What the database calls an error.
fn named(error: &Error) -> String {
    let Error::Database(inner) = error else { panic!("{error} is none of the database's") };
    inner.as_database_error().and_then(|inner| inner.code().map(Cow::into_owned)).unwrap_or_default()
}

/// Adds to two rows in one transaction, again if somebody was in the way; how often it was begun. Nobody goes on to
/// the second row the first time before everybody has one.
async fn add_to_both(url: &str, everybody: &Barrier, [first, then]: [i64; 2]) -> usize {
    let tries = AtomicUsize::new(0);
    let attempt = || async {
        let before = tries.fetch_add(1, Ordering::Relaxed);
        let mut conn = PgConnection::connect(url).await?;
        conn.execute("begin").await?;
        conn.execute(add_to(first)).await?;
        if before == 0 {
            everybody.wait().await;
        }
        conn.execute(add_to(then)).await?;
        conn.execute("commit").await?;
        Ok::<_, Error>(())
    };
    retry(Error::is_passing, attempt).await.unwrap();
    tries.into_inner()
}

/// Each has the row that the other one wants next: PostgreSQL ends one of them (40P01), who begins again and is done.
#[tokio::test]
async fn of_two_who_wait_for_each_other_one_begins_again() {
    let Some(database) = pair().await else { return };
    let (url, both) = (database.url(), Barrier::new(2));
    let (one, other) = tokio::join!(add_to_both(&url, &both, [1, 2]), add_to_both(&url, &both, [2, 1]));
    assert_eq!(one + other, 3, "one of them had to begin again");
    let mut conn = database.pg_conn().await;
    let times: Vec<i64> = sqlx::query_scalar("select times from pair order by id").fetch_all(&mut conn).await.unwrap();
    assert_eq!(times, [2, 2], "each was counted once in each row");
    conn.close().await.unwrap();
    database.remove().await;
}

#[tokio::test]
async fn whoever_saw_a_row_before_it_changed_begins_again() {
    let Some(database) = pair().await else { return };
    let mut conn = database.pg_conn().await;
    conn.execute("begin isolation level repeatable read").await.unwrap();
    conn.execute("select times from pair").await.unwrap();
    database.sql("update pair set times = times + 1 where id = 1").await;
    let late = fails(&mut conn, "update pair set times = times + 1 where id = 1").await;
    assert_eq!((named(&late).as_str(), late.is_passing(), late.is_trouble()), ("40001", true, true));
    conn.close().await.unwrap();
    database.remove().await;
}

#[tokio::test]
async fn a_postgresql_in_trouble_is_known_from_a_mistake() {
    let Some(database) = pair().await else { return };
    let mut holder = database.pg_conn().await;
    holder.execute("begin").await.unwrap();
    holder.execute(add_to(1)).await.unwrap();
    let mut conn = database.pg_conn().await;
    for (setting, sql, code) in [
        ("set lock_timeout = '50ms'", "update pair set times = 7 where id = 1", "55P03"),
        ("set statement_timeout = '50ms'", "select pg_sleep(60)", "57014"),
        ("set default_transaction_read_only = on", "delete from pair", "25006"),
    ] {
        conn.execute(setting).await.unwrap();
        let error = fails(&mut conn, sql).await;
        assert_eq!((named(&error).as_str(), error.is_passing(), error.is_trouble()), (code, false, true));
    }
    let mistake = fails(&mut conn, "select nobody from pair").await;
    assert_eq!((named(&mistake).as_str(), mistake.is_trouble()), ("42703", false));
    // Whoever stops the server ends its connections.
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut conn).await.unwrap();
    database.sql(&format!("select pg_terminate_backend({pid}, 10000)")).await;
    let ended = fails(&mut conn, "select 1").await;
    assert!(ended.is_trouble() && ended.is_away(), "{ended}");
    holder.close().await.unwrap();
    database.remove().await;
}

/// What a server says that ends whoever was silent or took too long: whoever runs it sets after what time.
#[tokio::test]
async fn a_connection_that_a_postgresql_ended_by_its_settings_is_trouble() {
    let Some(database) = pair().await else { return };
    let mut conn = database.pg_conn().await;
    for (sql, code) in [
        ("do $$ begin raise exception 'a silent session' using errcode = '57P05'; end $$", "57P05"),
        ("do $$ begin raise exception 'a silent transaction' using errcode = '25P03'; end $$", "25P03"),
        ("do $$ begin raise exception 'a long transaction' using errcode = '25P04'; end $$", "25P04"),
    ] {
        let error = fails(&mut conn, sql).await;
        assert_eq!((named(&error).as_str(), error.is_trouble()), (code, true));
    }
    conn.close().await.unwrap();
    database.remove().await;
}

#[tokio::test]
async fn a_sqlite_without_room_is_known_from_a_mistake() {
    let mut conn = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    conn.execute("create table sheets (text text)").await.unwrap();
    conn.execute("pragma max_page_count = 4").await.unwrap();
    let full = Error::from(conn.execute("insert into sheets values (hex(zeroblob(100000)))").await.unwrap_err());
    assert_eq!((named(&full).as_str(), full.is_passing(), full.is_trouble()), ("13", false, true));
    let mistake = Error::from(conn.execute("select nobody from sheets").await.unwrap_err());
    assert_eq!((named(&mistake).as_str(), mistake.is_trouble()), ("1", false));
    conn.close().await.unwrap();
}

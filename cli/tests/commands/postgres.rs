//! A schema of its own for a test, on the PostgreSQL that the environment names.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// Says what is missing for a test, which is skipped then. Where everything is tried for a change (`CI`), silence must not
/// be taken for a pass.
#[track_caller]
pub(crate) fn missing(what: &str) {
    assert!(std::env::var_os("CI").is_none(), "{what}, and where CI is set nothing is skipped");
    eprintln!("skipped: {what}");
}

/// A schema; it stays behind where a test fails, to be looked at.
pub(crate) struct Schema {
    server: String,
    name: String,
}

impl Schema {
    /// None where `DATABASE_URL` names no database.
    pub(crate) async fn make(about: &str) -> Option<Self> {
        let Ok(server) = std::env::var("DATABASE_URL") else {
            missing("DATABASE_URL names no PostgreSQL");
            return None;
        };
        let name = format!("nagar_test_{about}_{}", std::process::id());
        let schema = Self { server, name };
        schema.on_server(&format!("drop schema if exists {} cascade; create schema {0}", schema.name)).await;
        Some(schema)
    }

    /// The address of a database in which only this schema is seen.
    pub(crate) fn url(&self) -> String {
        let mark = if self.server.contains('?') { '&' } else { '?' };
        format!("{}{mark}options=-c%20search_path={}", self.server, self.name)
    }

    async fn on_server(&self, sql: &str) {
        let mut conn = PgConnection::connect(&self.server).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    }

    /// The first column, as text, of what the database answers.
    pub(crate) async fn ask(&self, sql: &str) -> Vec<String> {
        let mut conn = PgConnection::connect(&self.url()).await.unwrap();
        let rows: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(sql.to_owned())).fetch_all(&mut conn).await.unwrap();
        conn.close().await.unwrap();
        rows.into_iter().map(|(text,)| text).collect()
    }

    /// The one number that the database answers.
    pub(crate) async fn count(&self, sql: &str) -> usize {
        self.ask(&format!("select cast(({sql}) as text)")).await[0].parse().unwrap()
    }

    pub(crate) async fn remove(self) {
        self.on_server(&format!("drop schema {} cascade", self.name)).await;
    }
}

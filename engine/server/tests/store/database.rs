//! A database of its own for each test, on every kind of database there is.

use std::future::Future;
use std::path::PathBuf;

use server::store::Store;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

/// An empty database that goes away with the test.
pub(crate) enum Database {
    Lite { folder: tempfile::TempDir, file: PathBuf },
    Pg { server: String, name: String },
}

impl Database {
    pub(crate) fn lite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("nagar.db");
        Self::Lite { folder, file }
    }

    /// A schema of its own: much quicker to make than a database.
    pub(crate) async fn pg(server: &str) -> Self {
        let mut bytes = [0_u8; 8];
        getrandom::fill(&mut bytes).unwrap();
        let name = format!("nagar_test_{:016x}", u64::from_le_bytes(bytes));
        sql(server, &format!("create schema {name}")).await;
        Self::Pg { server: server.to_owned(), name }
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::Lite { file, .. } => format!("sqlite:{}", file.display()),
            Self::Pg { server, name } => schema_url(server, name),
        }
    }

    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.url()).await.unwrap()
    }

    pub(crate) fn is_pg(&self) -> bool {
        matches!(self, Self::Pg { .. })
    }

    /// A connection of its owner, to PostgreSQL.
    pub(crate) async fn pg_conn(&self) -> PgConnection {
        PgConnection::connect(&self.url()).await.unwrap()
    }

    /// The name of its schema.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Lite { .. } => "",
            Self::Pg { name, .. } => name,
        }
    }

    /// Its address for another login.
    pub(crate) fn url_as(&self, login: &str) -> String {
        let url = self.url();
        let (scheme, rest) = url.split_once("://").unwrap();
        format!("{scheme}://{login}@{}", rest.split_once('@').map_or(rest, |(_, place)| place))
    }

    /// Runs statements as somebody with the keys of the machine would, past the store.
    pub(crate) async fn sql(&self, text: &str) {
        sql(&self.url(), text).await;
    }

    /// Whether the database refuses a statement.
    pub(crate) async fn refuses(&self, text: &str) -> bool {
        try_sql(&self.url(), text).await.is_err()
    }

    pub(crate) async fn remove(self) {
        match self {
            Self::Lite { folder, .. } => drop(folder),
            Self::Pg { server, name } => sql(&server, &format!("drop schema {name} cascade")).await,
        }
    }
}

fn schema_url(server: &str, schema: &str) -> String {
    let mark = if server.contains('?') { '&' } else { '?' };
    format!("{server}{mark}options=-c%20search_path={schema}")
}

async fn sql(url: &str, text: &str) {
    try_sql(url, text).await.unwrap_or_else(|error| panic!("{text}: {error}"));
}

async fn try_sql(url: &str, text: &str) -> Result<(), sqlx::Error> {
    let sql = AssertSqlSafe(text.to_owned());
    if url.starts_with("sqlite") {
        let mut conn = SqliteConnection::connect(url).await?;
        let done = sqlx::raw_sql(sql).execute(&mut conn).await.map(|_| ());
        conn.close().await?;
        done
    } else {
        let mut conn = PgConnection::connect(url).await?;
        let done = sqlx::raw_sql(sql).execute(&mut conn).await.map(|_| ());
        conn.close().await?;
        done
    }
}

/// The address of the PostgreSQL of the environment, if there is one. Where everything is tried for a change, silence
/// must not be taken for a pass.
pub(crate) fn postgresql() -> Option<String> {
    let server = std::env::var("DATABASE_URL").ok();
    assert!(server.is_some() || std::env::var_os("CI").is_none(), "CI is set, and DATABASE_URL names no PostgreSQL");
    server
}

/// Runs `test` on a new database of every kind.
pub(crate) fn on_each<F, Fut>(test: F)
where
    F: Fn(std::sync::Arc<Database>) -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    runtime.block_on(async {
        let mut databases = vec![Database::lite()];
        if let Some(server) = postgresql() {
            databases.push(Database::pg(&server).await);
        }
        for database in databases {
            let database = std::sync::Arc::new(database);
            let outcome = tokio::spawn(test(database.clone())).await;
            let database = std::sync::Arc::into_inner(database).expect("the test is over");
            let kind = if database.is_pg() { "PostgreSQL" } else { "SQLite" };
            database.remove().await;
            if let Err(panic) = outcome {
                eprintln!("on {kind}");
                std::panic::resume_unwind(panic.into_panic());
            }
        }
    });
}

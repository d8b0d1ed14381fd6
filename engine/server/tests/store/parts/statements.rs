//! Every statement is SQL that both databases take.
//!
//! The texts are read from the sources. A text with a hole (`{}`) cannot be prepared as it stands; those
//! are run by the tests of the functions they belong to.

use std::path::Path;

use server::store::Store;
use sqlx::{AssertSqlSafe, Executor as _};

/// The string literals of a source file.
fn literals(source: &str) -> Vec<String> {
    let code: String =
        source.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let (mut found, mut rest) = (Vec::new(), code.as_str());
    while let Some(start) = rest.find('"') {
        rest = &rest[start + 1..];
        let mut end = 0;
        while !rest[end..].starts_with('"') {
            end += if rest[end..].starts_with('\\') { 2 } else { rest[end..].chars().next().unwrap().len_utf8() };
        }
        let mut text = String::new();
        for (at, line) in rest[..end].split("\\\n").enumerate() {
            text.push_str(if at == 0 { line } else { line.trim_start() });
        }
        found.push(text);
        rest = &rest[end + 1..];
    }
    found
}

fn statements(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(statements(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            let words = ["select ", "insert ", "update ", "delete ", "with "];
            let texts = literals(&std::fs::read_to_string(&path).unwrap()).into_iter();
            let sql = texts.filter(|text| {
                words.iter().any(|word| text.starts_with(word)) && text.contains("$1") && !text.contains('{')
            });
            found.extend(sql.map(|text| (path.display().to_string(), text)));
        }
    }
    found
}

async fn prepare_all(store: &Store) {
    let statements = statements(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store"));
    assert!(statements.len() > 70, "only {} statements were found", statements.len());
    for (file, sql) in statements {
        let mut tx = store.read("x").await.unwrap();
        tx.prepare(&sql).await.unwrap_or_else(|error| panic!("{file}: {sql}: {error}"));
    }
}

#[tokio::test]
async fn every_statement_prepares_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("x.db").display())).await.unwrap();
    prepare_all(&store).await;
}

#[tokio::test]
async fn every_statement_prepares_on_postgresql() {
    let Ok(url) = std::env::var("DATABASE_URL") else { return };
    let schema = format!("nagar_test_statements_{}", std::process::id());
    let mut admin = <sqlx::PgConnection as sqlx::Connection>::connect(&url).await.unwrap();
    admin.execute(AssertSqlSafe(format!("create schema {schema}"))).await.unwrap();
    let mark = if url.contains('?') { '&' } else { '?' };
    let store = Store::open(&format!("{url}{mark}options=-c%20search_path={schema}")).await.unwrap();
    let checked = tokio::spawn(async move {
        prepare_all(&store).await;
        store.close().await;
    });
    let checked = checked.await;
    admin.execute(AssertSqlSafe(format!("drop schema {schema} cascade"))).await.unwrap();
    checked.unwrap();
}

/// What begins with a verb of SQL must say whose rows it means.
#[test]
fn az_05_every_statement_is_bound_to_a_tenant() {
    for (file, sql) in statements(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store")) {
        let bound = sql.contains("tenant = $1")
            || sql.contains("(tenant, ") && (sql.contains("($1, ") || sql.contains("select $1, "))
            || sql.contains("tenant > $1");
        assert!(bound, "{file}: {sql}");
    }
}

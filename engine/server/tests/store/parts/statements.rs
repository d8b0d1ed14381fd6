//! Every statement is SQL that both databases take.
//!
//! The texts are read from the sources. A text with a hole (`{}`) cannot be prepared as it stands; those
//! are run by the tests of the functions they belong to.

use std::collections::BTreeSet;
use std::path::Path;

use server::store::Store;
use sqlx::{AssertSqlSafe, Executor as _};

use crate::database::postgresql;

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

/// The string literals of the sources below a folder, each with its file.
fn texts(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(texts(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            let own = literals(&std::fs::read_to_string(&path).unwrap()).into_iter();
            found.extend(own.map(|text| (path.display().to_string(), text)));
        }
    }
    found
}

fn statements(folder: &Path) -> Vec<(String, String)> {
    let words = ["select ", "insert ", "update ", "delete ", "with "];
    let mut found = texts(folder);
    found.retain(|(_, text)| {
        words.iter().any(|word| text.starts_with(word)) && text.contains("$1") && !text.contains('{')
    });
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
    let Some(url) = postgresql() else { return };
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

/// What an act is decided on, and who writes it: see [`whatever_an_act_looks_at_is_written_by_few`].
const LOOKED_AT: [(&str, &str); 20] = [
    ("appointments", "appointments.rs"),
    ("blocks", "slots.rs"),
    ("cases", "cases.rs"),
    ("cases", "erasures.rs"),
    ("cases", "record.rs"),
    ("chains", "events.rs"),
    ("definitions", "definitions.rs"),
    ("demands", "demands.rs"),
    ("erasures", "erasures.rs"),
    ("events", "events.rs"),
    ("holds", "erasures.rs"),
    ("receipts", "receipts.rs"),
    ("record_links", "found.rs"),
    ("records", "records.rs"),
    ("seal_keys", "vault.rs"),
    ("serials", "serials.rs"),
    ("slots", "slots.rs"),
    ("stock_moves", "stocks.rs"),
    ("stock_numbers", "stocks.rs"),
    ("tills", "tills.rs"),
];

/// The table that a statement writes; a text of few words is none.
fn written(text: &str) -> Option<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        ["insert", "into", table, _, ..] | ["delete", "from", table, _, ..] | ["update", table, _, _, ..] => {
            Some(*table)
        }
        _ => None,
    }
}

/// An act that looked ahead of its turn holds if the chain of its town ends where it ended (`Tx::go_on_from`): so each
/// of these writes an event of the town in the same transaction, wherever that changes a decision. Whoever is to be
/// added here has to do so as well.
#[test]
fn whatever_an_act_looks_at_is_written_by_few() {
    let tables: BTreeSet<&str> = LOOKED_AT.iter().map(|(table, _)| *table).collect();
    let texts = texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store"));
    let writes = texts.iter().filter_map(|(file, text)| {
        let name = Path::new(file).file_name()?.to_str()?;
        Some((*tables.get(written(text)?)?, name))
    });
    assert_eq!(writes.collect::<BTreeSet<_>>(), BTreeSet::from(LOOKED_AT));
}

//! Every migration is run on rows of the version before it: what was there is there afterwards, and the
//! tables are those of a new database in the end.

use std::collections::BTreeMap;
use std::path::Path;

use server::store::carry::{LEFT_BEHIND, TABLES};
use server::store::{Store, migrate};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

use crate::database::postgresql;

/// A column: its name, whether it holds numbers, whether it may be empty.
type Column = (String, bool, bool);

/// Every table in the order in which they were made, with its columns.
type Tables = Vec<(String, Vec<Column>)>;

/// An empty database.
enum Ground {
    Lite { conn: SqliteConnection, url: String, _folder: tempfile::TempDir },
    Pg { conn: PgConnection, url: String, schema: String },
}

/// One of each kind that there is. Nothing of them outlives a test, so nothing waits for the disk: a row
/// at a time is written a thousand times over.
async fn grounds(name: &str) -> Vec<Ground> {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}?mode=rwc", folder.path().join("x.db").display());
    let mut conn = SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("pragma synchronous = off").execute(&mut conn).await.unwrap();
    let mut grounds = vec![Ground::Lite { conn, url, _folder: folder }];
    if let Some(server) = postgresql() {
        let schema = format!("nagar_test_migrations_{name}_{}", std::process::id());
        let mark = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{mark}options=-c%20search_path={schema}");
        let mut conn = PgConnection::connect(&url).await.unwrap();
        let make = AssertSqlSafe(format!("create schema {schema}"));
        sqlx::raw_sql(make).execute(&mut conn).await.unwrap();
        sqlx::raw_sql("set synchronous_commit = off").execute(&mut conn).await.unwrap();
        grounds.push(Ground::Pg { conn, url, schema });
    }
    grounds
}

impl Ground {
    async fn migrate(&mut self, version: i64) {
        match self {
            Self::Lite { conn, .. } => migrate::until(false, version).run_direct(None, conn, false).await.unwrap(),
            Self::Pg { conn, .. } => migrate::until(true, version).run_direct(None, conn, false).await.unwrap(),
        }
    }

    fn url(&self) -> &str {
        let (Self::Lite { url, .. } | Self::Pg { url, .. }) = self;
        url
    }

    /// From this version on a migration breaks off with its last statement, by which it is noted as done.
    async fn refuse(&mut self, version: i64) {
        let sql = match self {
            Self::Lite { .. } => format!(
                "create trigger refuse before insert on _sqlx_migrations when new.version >= {version} \
                 begin select raise(abort, 'refused here'); end"
            ),
            Self::Pg { .. } => format!(
                "create function refuse() returns trigger language plpgsql as $$ begin \
                 if new.version >= {version} then raise exception 'refused here'; end if; return new; end $$; \
                 create trigger refuse before insert on _sqlx_migrations for each row execute function refuse()"
            ),
        };
        self.run(sql).await;
    }

    async fn refuse_no_more(&mut self) {
        let sql = match self {
            Self::Lite { .. } => "drop trigger refuse",
            Self::Pg { .. } => "drop function refuse cascade",
        };
        self.run(sql.to_owned()).await;
    }

    async fn run(&mut self, sql: String) {
        let text = AssertSqlSafe(sql.clone());
        let done = match self {
            Self::Lite { conn, .. } => sqlx::raw_sql(text).execute(conn).await.map(drop),
            Self::Pg { conn, .. } => sqlx::raw_sql(text).execute(conn).await.map(drop),
        };
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// The only column of what is found.
    async fn ask(&mut self, sql: String) -> Vec<String> {
        let text = AssertSqlSafe(sql);
        match self {
            Self::Lite { conn, .. } => sqlx::query_scalar(text).fetch_all(conn).await.unwrap(),
            Self::Pg { conn, .. } => sqlx::query_scalar(text).fetch_all(conn).await.unwrap(),
        }
    }

    async fn tables(&mut self) -> Tables {
        let lite = "select m.name || ' ' || p.name || ' ' || case p.type when 'bigint' then 'n' when 'BIGINT' then 'n' else 't' end \
                    || ' ' || case p.\"notnull\" when 1 then 'n' else 'y' end from sqlite_master m, pragma_table_xinfo(m.name) p \
                    where m.type = 'table' and m.name not like '\\_sqlx%' escape '\\' and p.hidden = 0 order by m.rowid, p.cid";
        let pg = "select c.relname::text || ' ' || a.attname || ' ' || case a.atttypid when 'bigint'::regtype then 'n' else 't' end \
                  || ' ' || case when a.attnotnull then 'n' else 'y' end from pg_class c join pg_attribute a on a.attrelid = c.oid \
                  where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> '_sqlx_migrations' \
                  and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by c.oid, a.attnum";
        let sql = if matches!(self, Self::Lite { .. }) { lite } else { pg };
        let mut tables = Tables::new();
        for line in self.ask(sql.to_owned()).await {
            let words: Vec<&str> = line.split(' ').collect();
            if tables.last().is_none_or(|(table, _)| table != words[0]) {
                tables.push((words[0].to_owned(), Vec::new()));
            }
            tables.last_mut().unwrap().1.push((words[1].to_owned(), words[2] == "n", words[3] == "y"));
        }
        tables
    }

    /// Two rows in every table: one that is filled, and one with nothing where nothing need be. Every text
    /// of a row is the same, so that what refers to another row finds it.
    async fn fill(&mut self, tables: &Tables) {
        for (table, columns) in tables {
            for row in 1..=2 {
                let cell = |(_, number, empty): &Column| match (number, *empty && row == 2) {
                    (_, true) => "null".to_owned(),
                    (true, _) => row.to_string(),
                    (false, _) => format!("'v{row}'"),
                };
                let cells: Vec<String> = columns.iter().map(cell).collect();
                let names: Vec<&str> = columns.iter().map(|(name, ..)| name.as_str()).collect();
                self.run(format!("insert into {table} ({}) values ({})", names.join(", "), cells.join(", "))).await;
            }
        }
    }

    /// Every row of these tables, by these columns.
    async fn rows(&mut self, tables: &Tables) -> BTreeMap<String, Vec<String>> {
        let mut rows = BTreeMap::new();
        for (table, columns) in tables {
            let cells: Vec<String> =
                columns.iter().map(|(name, ..)| format!("coalesce(cast({name} as text), '-')")).collect();
            let sql = format!("select {} from {table} order by 1", cells.join(" || ' ' || "));
            rows.insert(table.clone(), self.ask(sql).await);
        }
        rows
    }

    async fn remove(self) {
        if let Self::Pg { mut conn, schema, .. } = self {
            let drop = AssertSqlSafe(format!("drop schema {schema} cascade"));
            sqlx::raw_sql(drop).execute(&mut conn).await.unwrap();
        }
    }
}

/// The same names in the same order whatever was made when: a table that was made again stands elsewhere.
fn by_name(tables: Tables) -> BTreeMap<String, Vec<Column>> {
    tables.into_iter().collect()
}

/// A start whose migration to `version` breaks off in its last statement leaves everything as it was.
async fn breaks_off(ground: &mut Ground, version: i64, tables: &Tables, before: &BTreeMap<String, Vec<String>>) {
    ground.refuse(version).await;
    let Err(error) = Store::open(ground.url()).await else { panic!("migration {version} was not refused") };
    assert!(format!("{error:?}").contains("refused here"), "migration {version}: {error:?}");
    assert_eq!(ground.tables().await, *tables, "migration {version} left something behind");
    assert_eq!(ground.rows(tables).await, *before, "migration {version} left something behind");
    ground.refuse_no_more().await;
}

/// Of one that breaks off nothing is left, and it is done when it is begun again.
#[tokio::test]
async fn each_migration_keeps_the_rows_of_the_version_before_it() {
    let mut new = Vec::new();
    for mut ground in grounds("new").await {
        ground.migrate(migrate::latest()).await;
        new.push(by_name(ground.tables().await));
        ground.remove().await;
    }
    for version in 2..=migrate::latest() {
        for (mut ground, new) in grounds(&version.to_string()).await.into_iter().zip(&new) {
            ground.migrate(version - 1).await;
            let tables = ground.tables().await;
            ground.fill(&tables).await;
            let before = ground.rows(&tables).await;
            assert!(before.values().all(|rows| rows.len() == 2), "every table has its rows: {before:?}");
            breaks_off(&mut ground, version, &tables, &before).await;
            ground.migrate(version).await;
            assert_eq!(ground.rows(&tables).await, before, "migration {version}");
            ground.migrate(migrate::latest()).await;
            assert_eq!(ground.rows(&tables).await, before, "from version {}", version - 1);
            assert_eq!(by_name(ground.tables().await), *new, "from version {}", version - 1);
            let store = Store::open(ground.url()).await.unwrap();
            assert_eq!(store.tenants().await.unwrap(), ["v1", "v2"]);
            store.close().await;
            ground.remove().await;
        }
    }
}

/// While nodes are renewed one by one, one of the version before may have to be started again.
#[tokio::test]
async fn a_node_of_the_version_before_starts_on_tables_that_have_grown() {
    for mut ground in grounds("grown").await {
        ground.migrate(migrate::latest()).await;
        ground.run("alter table feedback add column later text".to_owned()).await;
        let next = format!(
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
             select version + 1, 'later', success, checksum, execution_time from _sqlx_migrations where version = {}",
            migrate::latest()
        );
        ground.run(next).await;
        let store = Store::open(ground.url()).await.unwrap();
        assert!(store.tenants().await.unwrap().is_empty());
        store.close().await;
        ground.remove().await;
    }
}

#[tokio::test]
async fn names_become_terms_together_with_their_places() {
    for mut ground in grounds("terms").await {
        ground.migrate(13).await;
        let terms = [("place", "@w1"), ("place", "mall road"), ("name", "~asa"), ("name", "asha"), ("number", "~n")];
        for (field, term) in terms {
            ground.run(format!("insert into record_terms values ('t', 'r', 'n', '{field}', '{term}')")).await;
        }
        ground.run("insert into record_terms values ('t', 'r', 'other', 'name', '~asa')".to_owned()).await;
        ground.migrate(14).await;
        let found =
            ground.ask("select number || ' ' || field || ' ' || term from record_terms order by 1".to_owned()).await;
        let expected =
            ["n name @w1~asa", "n name asha", "n name ~asa", "n number ~n", "n place mall road", "other name ~asa"];
        assert_eq!(found, expected);
        ground.remove().await;
    }
}

#[tokio::test]
async fn an_event_has_several_moves_of_a_stock_and_none_of_them_twice() {
    for mut ground in grounds("moves").await {
        ground.migrate(31).await;
        let moved = |serial: i64| {
            format!(
                "insert into stock_moves (tenant, seq, stock, kind, prefix, width, from_serial, to_serial, holder, case_id, \
                 reason, person, at_ms) values ('t', 7, 'plates', 'used', 'P-', 3, {serial}, {serial}, 'gita', 'c', '', 'gita', 0) \
                 on conflict do nothing"
            )
        };
        let kept = "select prefix || cast(from_serial as text) from stock_moves order by from_serial".to_owned();
        ground.run(moved(1)).await;
        ground.run(moved(2)).await;
        assert_eq!(ground.ask(kept.clone()).await, ["P-1"], "before, an event had one");
        ground.migrate(32).await;
        ground.run(moved(1)).await;
        ground.run(moved(2)).await;
        assert_eq!(ground.ask(kept).await, ["P-1", "P-2"]);
        ground.remove().await;
    }
}

#[tokio::test]
async fn cases_in_which_something_is_marked_are_known_from_before_and_after() {
    for mut ground in grounds("flagged").await {
        ground.migrate(32).await;
        // As the version before writes a case; it goes on doing so while it is replaced.
        let written = |id: &str, body: &str| {
            format!(
                "insert into cases (tenant, id, service, definition, state, version, applicant, language, opened_ms, entered_ms, \
                 place, body) values ('t', '{id}', 's', 'd', 'approval', 1, 'asha', 'en', 0, 0, '', '{body}')"
            )
        };
        let clear = r#"{"v":1,"answers":{"size":4},"acted":[],"fired":[],"flags":[["kiosk","size","Larger."]]}"#;
        let sealed = r#"{"v":1,"acted":[],"fired":[],"flagged":true,"sealed":"c.AAAA"}"#;
        let plain = r#"{"v":1,"answers":{"name":"\"flagged\":true and \"flags\":[["},"acted":[],"fired":[]}"#;
        ground.run(written("old clear", clear)).await;
        ground.run(written("old sealed", sealed)).await;
        ground.run(written("old plain", plain)).await;
        ground.migrate(33).await;
        ground.run(written("new clear", clear)).await;
        ground.run(written("new sealed", sealed)).await;
        ground.run(written("new plain", plain)).await;
        let marked = "select id from cases where tenant = 't' and flagged = 1 order by id".to_owned();
        assert_eq!(ground.ask(marked.clone()).await, ["new clear", "new sealed", "old clear", "old sealed"]);
        ground.run(format!("update cases set body = '{plain}' where id in ('new clear', 'old sealed')")).await;
        ground.run(format!("update cases set body = '{sealed}' where id = 'old plain'")).await;
        assert_eq!(ground.ask(marked).await, ["new sealed", "old clear", "old plain"]);
        ground.remove().await;
    }
}

/// A column that PostgreSQL reckons and keeps, or one that becomes of another kind, has it write the whole table anew, and
/// nobody else reads or writes that meanwhile.
#[test]
fn a_migration_that_writes_a_table_anew_is_told_of_to_whoever_runs_it() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = std::fs::read_to_string(here.join("../../docs/operations.md")).unwrap();
    let mut anew = Vec::new();
    for entry in std::fs::read_dir(here.join("src/store/migrations")).unwrap() {
        let path = entry.unwrap().path();
        let (name, text) = (path.file_name().unwrap().to_str().unwrap(), std::fs::read_to_string(&path).unwrap());
        let sql: String = text.lines().filter(|line| !line.starts_with("--")).collect();
        if !name.ends_with(".sqlite.sql") && [" stored", "alter column"].iter().any(|word| sql.contains(word)) {
            anew.push(name.split('_').next().unwrap().trim_start_matches('0').to_owned());
        }
    }
    anew.sort();
    assert_eq!(anew, ["15", "33"], "another one needs a better way, or a word in docs/operations.md");
    for number in anew {
        assert!(
            guide.contains(&format!("migration {number} ")),
            "docs/operations.md says nothing of migration {number}"
        );
    }
}

#[tokio::test]
async fn every_table_is_carried_or_left_behind_knowingly() {
    for mut ground in grounds("carried").await {
        ground.migrate(migrate::latest()).await;
        for (table, columns) in ground.tables().await {
            if LEFT_BEHIND.contains(&table.as_str()) || columns.iter().all(|(name, ..)| name != "tenant") {
                continue;
            }
            let carried = TABLES.iter().find(|one| one.name == table);
            let carried = carried.unwrap_or_else(|| panic!("{table} is neither carried nor left behind"));
            let expected: Vec<(&str, bool)> = columns
                .iter()
                .filter(|(name, ..)| name != "tenant")
                .map(|(name, number, _)| (name.as_str(), *number))
                .collect();
            let mut told: Vec<(&str, bool)> = carried.cells().collect();
            // Columns that came later may stand elsewhere.
            told.sort_unstable_by_key(|(name, _)| expected.iter().position(|(one, _)| one == name));
            assert_eq!(told, expected, "{table}");
        }
        ground.remove().await;
    }
}

//! The second wall: PostgreSQL shows who serves the rows of one tenant, and lets nobody of them change what
//! is only added to. SQLite serves one machine and has its triggers.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;

use server::store::verify::verify;
use server::store::{Error, Fate, Point, Seam, Store};
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use crate::database::{Database, on_each};
use crate::tamper::fill;
use crate::town::{TOWN, licensed};

/// What nobody changes who serves.
const KEPT: [&str; 4] = ["events", "vouchers", "lines", "records"];

async fn run(conn: &mut PgConnection, sql: &str) -> Result<u64, sqlx::Error> {
    Ok(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(conn).await?.rows_affected())
}

async fn count(conn: &mut PgConnection, sql: &str) -> i64 {
    let row = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(conn).await;
    row.unwrap_or_else(|error| panic!("{sql}: {error}")).get(0)
}

/// Whether the database says that this is not allowed.
async fn forbidden(conn: &mut PgConnection, sql: &str) -> bool {
    let error = run(conn, sql).await.expect_err(sql);
    error.as_database_error().and_then(|error| error.code().map(|code| code == "42501")).unwrap_or(false)
}

/// Tables that have a tenant, and whether there is a wall around them.
async fn tables(conn: &mut PgConnection) -> Vec<(String, bool)> {
    let sql = "select c.relname::text, c.relrowsecurity and exists (select 1 from pg_policy p where p.polrelid = c.oid) from pg_class c \
               join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant' \
               where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' order by 1";
    sqlx::query_as(sql).fetch_all(conn).await.unwrap()
}

#[test]
fn az_06_a_statement_that_names_no_tenant_sees_nothing_of_others() {
    on_each(|database| async move {
        if !database.is_pg() {
            return;
        }
        fill(&database).await;
        let mut owner = database.pg_conn().await;
        let tables = tables(&mut owner).await;
        assert!(tables.len() > 30, "{tables:?}");
        assert!(tables.iter().all(|(_, walled)| *walled), "{tables:?}");
        let others = "create function others() returns void language plpgsql as $$ declare t text; c text; begin \
                      for t, c in select c.relname, string_agg(quote_ident(a.attname), ', ') from pg_class c join pg_attribute a \
                      on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attname <> 'tenant' \
                      where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> '_sqlx_migrations' \
                      group by c.oid, c.relname order by c.oid loop \
                      execute format('insert into %I (tenant, %s) select ''elsewhere'', %s from %I', t, c, c, t); end loop; end $$; \
                      select others(); update people set id = 'stranger' where tenant = 'elsewhere'";
        run(&mut owner, others).await.unwrap();

        let mut serving = database.pg_conn().await;
        run(&mut serving, &format!("set role nagar_tenant; set nagar.tenant = '{TOWN}'")).await.unwrap();
        let mut nobody = database.pg_conn().await;
        run(&mut nobody, "set role nagar_tenant").await.unwrap();
        let mut filled = 0;
        for (table, _) in &tables {
            let all = count(&mut owner, &format!("select count(*) from {table}")).await;
            let own = count(&mut serving, &format!("select count(*) from {table}")).await;
            assert_eq!(own * 2, all, "{table}");
            assert_eq!(count(&mut nobody, &format!("select count(*) from {table}")).await, 0, "{table}");
            filled += usize::from(own > 0);
        }
        assert!(filled >= 15, "rows in {filled} tables");
        let moved = run(&mut serving, "update cases set state = 'x' where tenant = 'elsewhere'").await.unwrap();
        assert_eq!(moved, 0);
        assert!(forbidden(&mut serving, "insert into chains values ('elsewhere-2', 1, '')").await);
        assert!(forbidden(&mut serving, "update cases set tenant = 'elsewhere' where id = 'c3'").await);

        // Of the state, a town sees who applied there.
        let people = "insert into people (tenant, id, kind, name, language, disabled, at_ms) values \
                      ('state', 'asha', 'citizen', 'A', 'hi', 'no', 1), ('state', 'ravi', 'citizen', 'R', 'hi', 'no', 1)";
        run(&mut owner, people).await.unwrap();
        assert_eq!(count(&mut serving, "select count(*) from people where tenant = 'state'").await, 1);
        assert_eq!(run(&mut serving, "update people set name = 'B' where tenant = 'state'").await.unwrap(), 0);
    });
}

#[test]
fn aud_03_who_serves_changes_nothing_that_is_only_added_to() {
    on_each(|database| async move {
        fill(&database).await;
        for table in KEPT {
            assert!(database.refuses(&format!("update {table} set tenant = tenant")).await, "{table}");
            assert!(database.refuses(&format!("delete from {table}")).await, "{table}");
        }
        if !database.is_pg() {
            return;
        }
        for role in ["nagar_tenant", "nagar_everybody"] {
            let mut serving = database.pg_conn().await;
            run(&mut serving, &format!("set role {role}; set nagar.tenant = '{TOWN}'")).await.unwrap();
            for table in KEPT {
                for deed in [
                    format!("update {table} set tenant = tenant"),
                    format!("delete from {table}"),
                    format!("truncate {table}"),
                    format!("alter table {table} disable trigger all"),
                    format!("alter table {table} disable row level security"),
                    format!("drop table {table}"),
                ] {
                    assert!(forbidden(&mut serving, &deed).await, "{role}: {deed}");
                }
            }
        }
    });
}

#[test]
fn who_looks_at_all_tenants_sees_what_that_needs() {
    on_each(|database| async move {
        if !database.is_pg() {
            return;
        }
        fill(&database).await;
        let mut clock = database.pg_conn().await;
        run(&mut clock, "set role nagar_everybody").await.unwrap();
        assert!(count(&mut clock, "select count(id) from cases").await > 0);
        assert!(count(&mut clock, "select count(*) from jobs").await > 0);
        for seen in [
            "body from cases",
            "applicant from cases",
            "1 from events",
            "1 from people",
            "1 from receipts",
            "1 from drafts",
        ] {
            assert!(forbidden(&mut clock, &format!("select {seen}")).await, "{seen}");
        }
        for deed in [
            "update cases set wake_ms = 1",
            "delete from jobs",
            "insert into sessions values ('t', 'h', 'p', 'k', 1, 1, 1, '', '')",
        ] {
            assert!(forbidden(&mut clock, deed).await, "{deed}");
        }
    });
}

#[test]
fn a_login_that_owns_nothing_serves() {
    on_each(|database| async move {
        if !database.is_pg() {
            return;
        }
        database.open().await.close().await;
        let mut owner = database.pg_conn().await;
        let login = database.name().replace("nagar_test", "nagar_login");
        run(&mut owner, &format!("create role {login} login")).await.unwrap();
        let url = database.url_as(&login);
        assert!(Store::open(&url).await.is_err(), "a login with no role serves nothing");
        run(&mut owner, &format!("grant nagar_tenant, nagar_everybody to {login}")).await.unwrap();

        let store = Store::open(&url).await.unwrap();
        licensed(&store, "c1").await;
        assert_eq!(store.tenants().await.unwrap(), [TOWN]);
        let mut tx = store.read(TOWN).await.unwrap();
        assert_eq!(verify(&mut tx, None).await.unwrap(), []);
        drop(tx);
        store.close().await;

        run(
            &mut owner,
            "update _sqlx_migrations set success = false where version = (select max(version) from _sqlx_migrations)",
        )
        .await
        .unwrap();
        let old = Store::open(&url).await.err().expect("tables that are too old are refused");
        assert!(old.to_string().contains("is needed"), "{old}");
        run(&mut owner, "update _sqlx_migrations set success = true").await.unwrap();
        Store::open_owned(&url, Some(&database.url())).await.unwrap().close().await;
        run(&mut owner, &format!("drop role {login}")).await.unwrap();
    });
}

/// A database in which somebody forgot the wall around a table is found out by the tests above; what
/// migrations make later gets its wall by itself.
#[test]
fn az_06_a_table_that_was_made_later_gets_its_wall() {
    on_each(|database: std::sync::Arc<Database>| async move {
        if !database.is_pg() {
            return;
        }
        database.open().await.close().await;
        let mut owner = database.pg_conn().await;
        run(&mut owner, "create table later (tenant text not null, what text); create table plain (what text); insert into later values ('a', 'x'), ('b', 'y')")
            .await
            .unwrap();
        database.open().await.close().await;
        let mut serving = database.pg_conn().await;
        run(&mut serving, "set role nagar_tenant; set nagar.tenant = 'a'").await.unwrap();
        assert_eq!(count(&mut serving, "select count(*) from later").await, 1);
        assert_eq!(count(&mut serving, "select count(*) from plain").await, 0);
    });
}

/// Asks this instead of which towns there are.
struct Instead(&'static str);

impl Seam for Instead {
    fn at(&self, _: Point) -> Pin<Box<dyn Future<Output = Fate> + Send + '_>> {
        Box::pin(async { Fate::Done })
    }

    fn left(&self) {}

    fn said(&self, sql: Cow<'static, str>) -> Cow<'static, str> {
        if sql.starts_with("select tenant from chains") { Cow::Borrowed(self.0) } else { sql }
    }
}

#[test]
fn ops_04_a_statement_that_takes_too_long_is_ended() {
    on_each(|database| async move {
        if !database.is_pg() {
            return;
        }
        let store = database.open().await;
        let limit = Instead("select current_setting('statement_timeout') as tenant where $1 = ''");
        assert_eq!(store.through(Arc::new(limit)).tenants().await.unwrap(), ["30s"]);
        store.close().await;
    });
}

/// Waits half a minute, and so only where everything is tried.
#[test]
fn ops_04_postgresql_keeps_to_the_limit() {
    on_each(|database| async move {
        if !database.is_pg() || std::env::var_os("DEEP").is_none() {
            return;
        }
        let store = database.open().await;
        let long = Instead("select pg_sleep(45)::text as tenant where $1 = ''");
        let Err(Error::Database(error)) = store.through(Arc::new(long)).tenants().await else {
            panic!("a statement of 45 seconds came to its end")
        };
        let code = error.as_database_error().and_then(|error| error.code().map(Cow::into_owned));
        assert_eq!(code.as_deref(), Some("57014"), "{error}");
        store.close().await;
    });
}

#[test]
fn a_server_that_does_not_wait_for_every_disk_is_refused() {
    on_each(|database| async move {
        if !database.is_pg() {
            return;
        }
        database.open().await.close().await;
        for (setting, fits) in
            [("on", true), ("remote_apply", true), ("remote_write", false), ("local", false), ("off", false)]
        {
            let url = format!("{}%20-c%20synchronous_commit={setting}", database.url());
            match Store::open(&url).await {
                Ok(store) => {
                    store.close().await;
                    assert!(fits, "{setting} is served");
                }
                Err(error) => assert!(!fits && error.to_string().contains(setting), "{setting}: {error}"),
            }
        }
    });
}

//! The second wall, on PostgreSQL: the database itself shows a transaction the rows of its tenant only,
//! and refuses to change what is only added to.
//!
//! Every statement says whose rows it means (the first wall). Should one forget to, or mean the wrong ones,
//! row-level security leaves it the rows of the tenant that was named when the transaction began. Who
//! serves does so as [`TENANT`] or [`EVERYBODY`], roles that own nothing; migration 15 says what each may.

use connectors::control::holds;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, SqlSafeStr as _, SqlStr};

use super::error::{Error, Result};
use super::{migrate, way};

/// The role of a transaction of one tenant.
pub(super) const TENANT: &str = "nagar_tenant";
/// The role of a transaction that looks at all tenants.
const EVERYBODY: &str = "nagar_everybody";
/// What a transaction says whose it is by.
pub(super) const SETTING: &str = "nagar.tenant";

/// What begins a transaction of `tenant`: it travels with `begin`, so that the wall costs no round trip.
pub(super) fn beginning(begin: &str, tenant: &str) -> SqlStr {
    let whose = if tenant == super::EVERYBODY {
        format!("set local role {EVERYBODY}")
    } else if holds("az_06_rows") {
        format!("set local {SETTING} = '{}'", tenant.replace('\0', "").replace('\'', "''"))
    } else {
        // The login itself, which may own the tables: no wall holds it.
        "set local role none".to_owned()
    };
    AssertSqlSafe(format!("{begin}; {whose}")).into_sql_str()
}

/// Brings the tables up to date as the login of `url`. A login that may not make tables finds them as
/// their owner left them.
pub(super) async fn migrate(url: &str) -> Result<()> {
    let mut conn = way::options(url)?.disable_statement_logging().connect().await?;
    let owner = "select coalesce(has_schema_privilege(current_schema(), 'create'), false)";
    let (owner,): (bool,) = sqlx::query_as(owner).fetch_one(&mut conn).await?;
    if owner {
        // `run` would do, but for a lifetime that the compiler cannot see through.
        migrate::migrator(true).run_direct(None, &mut conn, false).await.map_err(sqlx::Error::from)?;
        conn.execute("select build_walls()").await?;
    }
    look_at(&mut conn).await?;
    conn.close().await?;
    Ok(())
}

/// Refuses tables that are older than this program: their owner has to bring them up to date.
async fn look_at(conn: &mut PgConnection) -> Result<()> {
    let (found,): (i64,) = sqlx::query_as(migrate::FOUND).fetch_one(conn).await?;
    migrate::tell_if_newer(found);
    let needed = migrate::latest();
    if found < needed {
        return Err(Error::Corrupt(format!(
            "the tables have version {found} and {needed} is needed: start once with the login that owns them"
        )));
    }
    Ok(())
}

/// Refuses to serve from in front of the wall.
pub(super) async fn check(pool: &PgPool) -> Result<()> {
    let sql = "select r.rolname::text, r.rolsuper or r.rolbypassrls or pg_has_role(current_user, c.relowner, 'usage') \
               from pg_roles r, pg_class c where r.rolname = current_user and c.oid = 'events'::regclass";
    let (role, free): (String, bool) = sqlx::query_as(sql).fetch_one(pool).await?;
    if free || role != TENANT {
        return Err(Error::Corrupt(format!("PostgreSQL serves as `{role}`, whom no wall holds")));
    }
    Ok(())
}

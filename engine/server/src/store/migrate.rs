//! The tables, and how they came to be as they are. Expand, move, contract: a migration never takes
//! away what the version before it needs.

use std::borrow::Cow;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};

/// Version, what it does, the text for SQLite, the text for PostgreSQL.
const MIGRATIONS: &[(i64, &str, &str, &str)] = &[
    (1, "tables", include_str!("migrations/0001_tables.sql"), include_str!("migrations/0001_tables.sql")),
    (
        2,
        "append only",
        include_str!("migrations/0002_append_only.sqlite.sql"),
        include_str!("migrations/0002_append_only.postgres.sql"),
    ),
    (3, "drafts and orders", include_str!("migrations/0003_drafts.sql"), include_str!("migrations/0003_drafts.sql")),
    (4, "consents", include_str!("migrations/0004_consents.sql"), include_str!("migrations/0004_consents.sql")),
    (5, "registers", include_str!("migrations/0005_registers.sql"), include_str!("migrations/0005_registers.sql")),
    (
        6,
        "records of cases",
        include_str!("migrations/0006_records_of_cases.sql"),
        include_str!("migrations/0006_records_of_cases.sql"),
    ),
    (
        7,
        "parts of orders",
        include_str!("migrations/0007_order_parts.sql"),
        include_str!("migrations/0007_order_parts.sql"),
    ),
    (
        8,
        "cheques that come back",
        include_str!("migrations/0008_dishonour.sql"),
        include_str!("migrations/0008_dishonour.sql"),
    ),
    (9, "the desk", include_str!("migrations/0009_desk.sql"), include_str!("migrations/0009_desk.sql")),
    (10, "feedback", include_str!("migrations/0010_feedback.sql"), include_str!("migrations/0010_feedback.sql")),
    (11, "tills", include_str!("migrations/0011_tills.sql"), include_str!("migrations/0011_tills.sql")),
    (12, "links", include_str!("migrations/0012_links.sql"), include_str!("migrations/0012_links.sql")),
    (
        13,
        "departments",
        include_str!("migrations/0013_departments.sql"),
        include_str!("migrations/0013_departments.sql"),
    ),
    (14, "terms", include_str!("migrations/0014_terms.sqlite.sql"), include_str!("migrations/0014_terms.postgres.sql")),
    (15, "walls", include_str!("migrations/0015_walls.sqlite.sql"), include_str!("migrations/0015_walls.postgres.sql")),
    (16, "nodes", include_str!("migrations/0016_nodes.sqlite.sql"), include_str!("migrations/0016_nodes.postgres.sql")),
    (
        17,
        "sign-in and posts",
        include_str!("migrations/0017_sign_in.sqlite.sql"),
        include_str!("migrations/0017_sign_in.postgres.sql"),
    ),
    (
        18,
        "sealing",
        include_str!("migrations/0018_seal_keys.sqlite.sql"),
        include_str!("migrations/0018_seal_keys.postgres.sql"),
    ),
    (
        19,
        "proposals",
        include_str!("migrations/0019_proposals.sqlite.sql"),
        include_str!("migrations/0019_proposals.postgres.sql"),
    ),
    (
        20,
        "tokens of programs",
        include_str!("migrations/0020_program_tokens.sqlite.sql"),
        include_str!("migrations/0020_program_tokens.postgres.sql"),
    ),
    (
        21,
        "places in calendars",
        include_str!("migrations/0021_slots.sqlite.sql"),
        include_str!("migrations/0021_slots.postgres.sql"),
    ),
    (24, "the inbox", include_str!("migrations/0024_inbox.sql"), include_str!("migrations/0024_inbox.sql")),
    (
        25,
        "identities",
        include_str!("migrations/0025_identities.sqlite.sql"),
        include_str!("migrations/0025_identities.postgres.sql"),
    ),
    (
        27,
        "surveys",
        include_str!("migrations/0027_surveys.sqlite.sql"),
        include_str!("migrations/0027_surveys.postgres.sql"),
    ),
    (
        28,
        "stocks of numbered things",
        include_str!("migrations/0028_stocks.sqlite.sql"),
        include_str!("migrations/0028_stocks.postgres.sql"),
    ),
    (
        30,
        "requests to erase",
        include_str!("migrations/0030_erasure_requests.sqlite.sql"),
        include_str!("migrations/0030_erasure_requests.postgres.sql"),
    ),
    (31, "figures", include_str!("migrations/0031_figures.sql"), include_str!("migrations/0031_figures.sql")),
    (
        32,
        "several numbers of a stock at once",
        include_str!("migrations/0032_several_of_a_stock.sqlite.sql"),
        include_str!("migrations/0032_several_of_a_stock.postgres.sql"),
    ),
    (
        33,
        "what is to be corrected",
        include_str!("migrations/0033_flagged.sqlite.sql"),
        include_str!("migrations/0033_flagged.postgres.sql"),
    ),
    (
        34,
        "what came in of demands",
        include_str!("migrations/0034_collected.sqlite.sql"),
        include_str!("migrations/0034_collected.postgres.sql"),
    ),
    (
        35,
        "books that are closed and terms of files",
        include_str!("migrations/0035_closings_and_terms.sqlite.sql"),
        include_str!("migrations/0035_closings_and_terms.postgres.sql"),
    ),
    (
        36,
        "money that is not what was asked",
        include_str!("migrations/0036_mismatches.sqlite.sql"),
        include_str!("migrations/0036_mismatches.postgres.sql"),
    ),
];

/// Asks for the version that the tables have.
pub(super) const FOUND: &str = "select coalesce(max(version), 0) from _sqlx_migrations where success";

/// Says so where the tables have a later version than this program knows: it serves beside the program of the next
/// version, which adds to tables and takes nothing away, and beside none that is further on.
pub(super) fn tell_if_newer(found: i64) {
    if found > latest() {
        tracing::warn!(found, known = latest(), "the tables are of a later version than this program");
    }
}

/// The version that the tables have once all of them were run.
pub fn latest() -> i64 {
    MIGRATIONS.last().map_or(0, |(version, ..)| *version)
}

/// The migrations for one of the two databases.
pub fn migrator(postgres: bool) -> Migrator {
    until(postgres, latest())
}

/// The migrations that lead to `version`.
pub fn until(postgres: bool, version: i64) -> Migrator {
    let steps = MIGRATIONS.iter().filter(|step| step.0 <= version).map(|&(version, title, lite, pg)| {
        let sql = if postgres { AssertSqlSafe(by_bytes(pg)).into_sql_str() } else { lite.into_sql_str() };
        Migration::new(version, Cow::Borrowed(title), MigrationType::Simple, sql, false)
    });
    let mut migrator = Migrator::with_migrations(steps.collect());
    // While nodes are renewed one by one, one of the version before may have to be started again.
    migrator.set_ignore_missing(true);
    migrator
}

/// PostgreSQL compares text by the rules of a language unless told otherwise; SQLite by its bytes. Both
/// must sort and search alike.
fn by_bytes(sql: &str) -> String {
    sql.replace(" text not null", " text collate \"C\" not null").replace(" text,", " text collate \"C\",")
}

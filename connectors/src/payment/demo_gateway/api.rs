//! The towns' side of the gateway: orders asked, and asked about, with signed requests.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::Shared;
use super::book::Refused;
use crate::fault::Fault;
use crate::payment::{Order, OrderRequest, Rejected, sign};

/// `POST /orders`.
pub(super) async fn create(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Order>, Problem> {
    let key_id = authenticate(&shared, &headers, "POST /orders", &body)?;
    let request: OrderRequest = serde_json::from_slice(&body).map_err(|wrong| Problem::bad(&wrong))?;
    request.check().map_err(|wrong| Problem::bad(&wrong))?;
    let now = (shared.clock)();
    let id = shared.desk.with(move |book| book.create(&key_id, &request, now)).await??;
    let pay_url = format!("{}/pay/{id}", shared.public_url);
    Ok(Json(Order { gateway_order_id: id, pay_url }))
}

/// `GET /orders/{id}`. An order of another key does not exist for the asker.
pub(super) async fn status(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let key_id = authenticate(&shared, &headers, &format!("GET /orders/{id}"), b"")?;
    let order = shared.desk.with(move |book| book.order(&id).cloned()).await?;
    match order {
        Some(order) if order.key_id == key_id => Ok(Json(order.status()).into_response()),
        _ => Err(Refused::Unknown.into()),
    }
}

fn authenticate(shared: &Shared, headers: &HeaderMap, purpose: &str, body: &[u8]) -> Result<String, Problem> {
    let key_id = sign::claimed_key_id(headers)?;
    let secret = shared.keys.get(key_id).ok_or(Rejected::WrongKeyId)?;
    sign::check(headers, (key_id, secret), purpose, (shared.clock)(), body)?;
    Ok(key_id.to_owned())
}

/// What a town is told when its request is not met.
pub(super) struct Problem(StatusCode, String);

impl Problem {
    fn bad(why: &dyn std::fmt::Display) -> Self {
        Self(StatusCode::UNPROCESSABLE_ENTITY, why.to_string())
    }
}

impl From<Rejected> for Problem {
    fn from(rejected: Rejected) -> Self {
        tracing::warn!(%rejected, "a request to the demo gateway was rejected");
        Self(StatusCode::UNAUTHORIZED, rejected.to_string())
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Unknown => Self(StatusCode::NOT_FOUND, "no such order".to_owned()),
            Refused::OtherAmount => Self(StatusCode::CONFLICT, "the reference was used for another amount".to_owned()),
            Refused::Full => Self(StatusCode::INSUFFICIENT_STORAGE, "there is no room for more orders".to_owned()),
            Refused::Broken(error) => {
                tracing::error!(%error, "the demo gateway cannot write its orders");
                Self(StatusCode::SERVICE_UNAVAILABLE, "the order cannot be written".to_owned())
            }
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        tracing::error!(%fault, "the demo gateway is at fault");
        Self(StatusCode::SERVICE_UNAVAILABLE, "try again".to_owned())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.0, Json(serde_json::json!({ "error": self.1 }))).into_response()
    }
}

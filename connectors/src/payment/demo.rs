//! `demo`: the client of the demo gateway. It shows what a real gateway's connector looks like.

use std::time::Duration;

use anyhow::{Context, ensure};
use axum::http::HeaderMap;
use reqwest::{Client, Method};
use serde::{Deserialize, Serialize};

use super::{Callback, Order, OrderRequest, OrderStatus, Rejected, is_id, origin, sign};
use crate::fault::Fault;
use crate::limits::CALL_TIMEOUT;
use crate::secret::{Secret, SecretRef};
use crate::surroundings::{Clock, Surroundings};
use crate::{Answer, Gateway, http};

/// Where the demo gateway is, and with which key it is spoken to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoClientConfig {
    /// The gateway's address, as in `http://127.0.0.1:8081`.
    pub url: String,
    /// The name of the key.
    pub key_id: String,
    /// Where the key is kept.
    pub secret: SecretRef,
    /// Where payers reach its pages, when that is another address than ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages_url: Option<String>,
    /// How long a call may take, in milliseconds, from 50 to 60,000; ten seconds if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
}

/// A client of the demo gateway.
pub struct Demo {
    client: Client,
    origin: String,
    pages: String,
    key_id: String,
    secret: Secret,
    clock: Clock,
}

impl Demo {
    /// Opens the client. The gateway need not be running yet.
    ///
    /// # Errors
    /// When the address, the key's name or its secret cannot be used.
    pub fn open(config: &DemoClientConfig, around: &Surroundings) -> anyhow::Result<Self> {
        let origin = bare_origin(&config.url)?;
        let pages = config.pages_url.as_deref().map_or(Ok(origin.clone()), bare_origin)?;
        ensure!(is_id(&config.key_id), "the name of the key may have letters, digits, `_` and `-`");
        let timeout = config.timeout_ms.map_or(CALL_TIMEOUT, Duration::from_millis);
        ensure!((50..=60_000).contains(&timeout.as_millis()), "timeout_ms is from 50 to 60,000");
        Ok(Self {
            client: http::client(timeout)?,
            origin,
            pages,
            key_id: config.key_id.clone(),
            secret: config.secret.read(around).context("the demo gateway's secret")?,
            clock: around.clock.clone(),
        })
    }

    /// A signed call; the answer is read as `T`.
    async fn call<T: for<'de> Deserialize<'de>>(&self, method: Method, path: &str, body: Vec<u8>) -> Result<T, Fault> {
        let purpose = format!("{method} {path}");
        let mut request = self.client.request(method, format!("{}{path}", self.origin));
        for (name, value) in sign::headers(&self.key_id, &self.secret, &purpose, (self.clock)(), &body) {
            request = request.header(name, value);
        }
        if !body.is_empty() {
            request = request.header("content-type", "application/json").body(body);
        }
        let answer = http::call(request).await?;
        // Nonsense may come from something between us and the gateway; the truth is still unknown.
        serde_json::from_slice(&answer).map_err(|error| Fault::temporary(format!("the answer makes no sense: {error}")))
    }
}

impl Gateway for Demo {
    fn name(&self) -> &'static str {
        "demo"
    }

    fn origin(&self) -> String {
        self.pages.clone()
    }

    fn create_order<'a>(&'a self, request: &'a OrderRequest) -> Answer<'a, Order, Fault> {
        Box::pin(async move {
            request.check()?;
            let body = serde_json::to_vec(request).map_err(Fault::permanent)?;
            let order: Order = self.call(Method::POST, "/orders", body).await?;
            // A payer is sent nowhere but to the gateway that the town has configured.
            if !is_id(&order.gateway_order_id) || origin(&order.pay_url).as_deref() != Some(&self.pages) {
                return Err(Fault::permanent("the gateway's order has no usable name or address"));
            }
            Ok(order)
        })
    }

    fn read_callback(&self, headers: &HeaderMap, body: &[u8], now_ms: i64) -> Result<Callback, Rejected> {
        sign::check(headers, (&self.key_id, &self.secret), sign::CALLBACK, now_ms, body)?;
        let callback: Callback = serde_json::from_slice(body).map_err(|_| Rejected::Unreadable)?;
        if is_id(&callback.gateway_order_id) { Ok(callback) } else { Err(Rejected::Unreadable) }
    }

    fn status<'a>(&'a self, gateway_order_id: &'a str) -> Answer<'a, OrderStatus, Fault> {
        Box::pin(async move {
            if !is_id(gateway_order_id) {
                return Err(Fault::permanent("this cannot be the name of an order"));
            }
            let status: OrderStatus =
                self.call(Method::GET, &format!("/orders/{gateway_order_id}"), Vec::new()).await?;
            if status.gateway_order_id != gateway_order_id {
                return Err(Fault::permanent("the gateway answered about another order"));
            }
            if status.state == super::OrderState::Succeeded && status.gateway_payment_id.is_none() {
                return Err(Fault::permanent("the gateway reports a payment without its name"));
            }
            Ok(status)
        })
    }
}

/// The origin of an address that has nothing else.
fn bare_origin(url: &str) -> anyhow::Result<String> {
    let origin = origin(url).with_context(|| format!("`{url}` is not an address of http"))?;
    ensure!(url.trim_end_matches('/') == origin, "a gateway's address has no path, as in `{origin}`");
    Ok(origin)
}

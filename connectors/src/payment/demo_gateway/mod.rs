//! The demo gateway: a payment gateway for play, as a real HTTP server of its own.
//!
//! It behaves as gateways do where it matters: orders are asked with a signed request, the payer is
//! sent to its page, callbacks are signed, repeated until they are acknowledged and sometimes sent
//! twice, and the truth can be asked at any time. It takes nobody's money.
//!
//! | Address | Who | What |
//! |---|---|---|
//! | `POST /orders` | a town, signed | an order; the same reference gives the same order |
//! | `GET /orders/{id}` | a town, signed | how the order stands |
//! | `GET /pay/{id}` | the payer | the page with the five endings |
//! | `POST /pay/{id}` | the payer | the ending chosen; then back to the town |
//! | `GET /live` | anyone | that it runs |

mod api;
mod book;
mod memory;
mod page;
mod tell;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use self::book::{Book, Desk};
use super::{is_id, origin};
use crate::limits::GATEWAY_BODY_BYTES;
use crate::secret::Secret;
use crate::surroundings::{Clock, system_clock};

/// How a demo gateway is run.
pub struct DemoConfig {
    /// Where its orders are kept: a file of JSON lines, made if absent.
    pub state: PathBuf,
    /// The address by which payers reach it, as in `http://127.0.0.1:8081`.
    pub public_url: String,
    /// The towns' keys by name. An order is seen only with the key that made it.
    pub keys: BTreeMap<String, Secret>,
    /// How long "tell late" takes.
    pub late_after: Duration,
    /// The waits before a callback is tried again. After the last it is given up:
    /// the town finds out when it asks.
    pub retry_after: Vec<Duration>,
    /// The present.
    pub clock: Clock,
}

impl DemoConfig {
    /// The ordinary demo gateway: one key, late after twenty seconds, and callbacks tried again
    /// after 1, 5, 30, 120 and 600 seconds.
    pub fn new(state: PathBuf, public_url: String, key_id: &str, secret: Secret) -> Self {
        Self {
            state,
            public_url,
            keys: BTreeMap::from([(key_id.to_owned(), secret)]),
            late_after: Duration::from_secs(20),
            retry_after: [1, 5, 30, 120, 600].map(Duration::from_secs).to_vec(),
            clock: system_clock(),
        }
    }
}

/// What every request of the gateway may use.
struct Shared {
    desk: Desk,
    keys: BTreeMap<String, Secret>,
    public_url: String,
    late_after: Duration,
    clock: Clock,
    errands: mpsc::UnboundedSender<tell::Errand>,
}

/// Serves until the future is dropped: its callbacks stop with it, and go on at the next start.
///
/// # Errors
/// When the configuration cannot work, the state cannot be read, or the listener fails.
pub async fn serve(listener: TcpListener, config: DemoConfig) -> anyhow::Result<()> {
    let public_url =
        origin(&config.public_url).with_context(|| format!("`{}` is not an address of http", config.public_url))?;
    ensure!(!config.keys.is_empty(), "a demo gateway needs a key");
    ensure!(config.keys.keys().all(|id| is_id(id)), "the name of a key may have letters, digits, `_` and `-`");
    let book = Book::open(&config.state)
        .with_context(|| format!("reading the demo gateway's orders from {}", config.state.display()))?;
    let (errands, waiting) = mpsc::unbounded_channel();
    for errand in book.unfinished() {
        errands.send(errand).expect("the receiver is right here");
    }
    let shared = Arc::new(Shared {
        desk: Desk::new(book),
        keys: config.keys,
        public_url,
        late_after: config.late_after,
        clock: config.clock,
        errands,
    });
    tracing::info!(address = %shared.public_url, "the demo gateway takes orders; no money moves here");
    let teller = tell::Teller::new(Arc::clone(&shared), config.retry_after)?;
    tokio::select! {
        ended = axum::serve(listener, routes(shared)) => Ok(ended?),
        () = teller.run(waiting) => Ok(()),
    }
}

fn routes(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/orders", axum::routing::post(api::create))
        .route("/orders/{id}", get(api::status))
        .route("/pay/{id}", get(page::show).post(page::choose))
        .route("/style.css", get(page::style))
        .route("/live", get(|| async { "live" }))
        .layer(DefaultBodyLimit::max(GATEWAY_BODY_BYTES))
        .with_state(shared)
}

//! What several tests need: surroundings in a directory of their own, a listener for callbacks.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use connectors::surroundings::{Clock, Surroundings, system_clock};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// Surroundings in `dir`, with no environment and the system's clock.
pub(crate) fn around(dir: &Path) -> Surroundings<'_> {
    Surroundings { data_dir: dir, variable: &|_| None, clock: system_clock() }
}

/// The present, as the connectors are told it.
pub(crate) fn now() -> i64 {
    let clock: Clock = system_clock();
    clock()
}

/// A listener on a free port of this machine, and its address.
pub(crate) async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    (listener, address)
}

/// A callback as it arrived.
pub(crate) type Arrived = (HeaderMap, Bytes);

/// A town's hook: refuses as many callbacks as told, then acknowledges. Every one that comes is
/// handed to the receiver, refused or not.
pub(crate) async fn hook(refuse_first: usize) -> (String, mpsc::UnboundedReceiver<Arrived>) {
    struct Hook {
        sender: mpsc::UnboundedSender<Arrived>,
        refusals: AtomicUsize,
    }
    async fn take(State(hook): State<Arc<Hook>>, headers: HeaderMap, body: Bytes) -> StatusCode {
        let refuse = hook.refusals.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        // The receiver may be gone when a test ends; then nobody cares.
        let _ = hook.sender.send((headers, body));
        if refuse.is_ok() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK }
    }
    let (listener, address) = listener().await;
    let (sender, receiver) = mpsc::unbounded_channel();
    let state = Arc::new(Hook { sender, refusals: AtomicUsize::new(refuse_first) });
    let router = Router::new().route("/hook", post(take)).with_state(state);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("{address}/hook"), receiver)
}

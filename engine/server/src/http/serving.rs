//! Connections: taken one after the other, held to limits of size and time before anything is read as a request,
//! and left to finish when the node stops. What can be set of `axum::serve` is nothing, and it waits for a header
//! for ever.

use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use connectors::control::holds;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt as _;

use super::limits;
use super::taking::Taking;

/// How long to wait where no connection can be taken: usually others have to end first.
const PAUSE: Duration = Duration::from_secs(1);

/// How long others are waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the whole header of a request, and for the next request of a connection.
    pub header: Duration,
    /// For whoever is answered and takes in nothing of it.
    pub taking: Duration,
    /// For what is in hand once the node is to stop: the request, its answer, and whoever takes that in.
    pub ending: Duration,
}

/// Takes connections until `stop` comes, and then waits until those that are being answered are, as long as `patience`
/// says. Whoever has not sent the whole header of a request in time is hung up on, as is who sends none between two, and
/// who takes no answer in.
pub async fn serve(router: Router, listener: TcpListener, stop: impl Future<Output = ()>, patience: Patience) {
    let (stopping, asked) = watch::channel(false);
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            (stream, peer) = accepted(&listener) => {
                tokio::spawn(answer(router.clone(), (stream, peer), patience, asked.clone()));
            }
        }
    }
    // Each connection has one end of the channel: it is closed when the last of them is.
    drop((listener, asked));
    stopping.send_replace(true);
    stopping.closed().await;
}

/// The next connection. One that broke while it was made is nobody's matter.
async fn accepted(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_its_own(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection could be taken");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

fn is_its_own(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}

/// Answers what comes over one connection, until it ends or, once the node is to stop, what is in hand is answered.
async fn answer(
    router: Router,
    (stream, peer): (TcpStream, SocketAddr),
    patience: Patience,
    mut asked: watch::Receiver<bool>,
) {
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(holds("in_10_header_time").then_some(patience.header));
    if holds("in_10_header_size") {
        builder.max_header_size(limits::HEADER);
    }
    let stream = TokioIo::new(Taking::new(stream, patience.taking));
    let mut connection = pin!(builder.serve_connection(stream, service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = told(&mut asked) => {
            connection.as_mut().graceful_shutdown();
            // Whoever takes nothing in would keep the node from stopping, and have it killed amid the work of others.
            let Ok(ended) = tokio::time::timeout(patience.ending, connection).await else {
                tracing::warn!("an answer that was not taken in is broken off");
                return;
            };
            ended
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}

/// Until the node is asked to stop.
async fn told(asked: &mut watch::Receiver<bool>) {
    // Whoever asks lives until every connection has ended, so this ends only because it was asked.
    let _ = asked.wait_for(|asked| *asked).await;
}

//! Calls to outside servers over HTTP, with a limit on everything.
//!
//! There is no TLS here, because the only gateway so far is on the same machine. Identity providers are asked over
//! TLS in `identity/call.rs`: see `docs/decisions/0045-signing-in-elsewhere.md`.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, StatusCode, redirect};

use crate::control::holds;
use crate::fault::Fault;
use crate::limits::{ANSWER_BYTES, CONNECT_TIMEOUT};

/// A client that follows no redirect and no proxy setting, and gives up after `timeout`.
pub(crate) fn client(timeout: Duration) -> anyhow::Result<Client> {
    let redirects = if holds("in_12_redirects") { redirect::Policy::none() } else { redirect::Policy::default() };
    let builder = Client::builder()
        .timeout(timeout)
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .redirect(redirects)
        .no_proxy()
        .user_agent(concat!("nagar/", env!("CARGO_PKG_VERSION")));
    Ok(builder.build()?)
}

/// Sends a request and reads the answer up to its limit.
/// Every answer but a success is a fault, temporary where a repetition may help.
pub(crate) async fn call(request: RequestBuilder) -> Result<Vec<u8>, Fault> {
    let mut answer = request.send().await.map_err(|error| Fault::temporary(cause(&error)))?;
    let status = answer.status();
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| Fault::temporary(cause(&error)))? {
        if body.len() + chunk.len() > ANSWER_BYTES {
            return Err(Fault::temporary("the answer is too long"));
        }
        body.extend_from_slice(&chunk);
    }
    if status.is_success() {
        return Ok(body);
    }
    let said: String = String::from_utf8_lossy(&body).chars().take(200).collect();
    let why = format!("the server answered {status}: {said}");
    Err(if may_pass(status) { Fault::Temporary(why) } else { Fault::Permanent(why) })
}

fn may_pass(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS)
}

/// The innermost reason of a failure: the outer ones only say that a request failed.
fn cause(error: &reqwest::Error) -> String {
    let kind = if error.is_timeout() { "no answer in time" } else { "no answer" };
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    format!("{kind}: {inner}")
}

//! Connectors: the code that talks to the outside.
//!
//! A connector knows a message, an order or a file, and nothing of cases: what is sent, asked or kept
//! is decided elsewhere and handed over whole.
//! There are four kinds, each a trait with one file per connector, and [`identity`], which speaks OpenID Connect with
//! every provider alike:
//!
//! | Kind | Trait | Connectors |
//! |---|---|---|
//! | [`message`] | [`Messenger`] | `console`, `file` |
//! | [`payment`] | [`Gateway`] | `demo` (and the `counter`, which has no gateway) |
//! | [`files`] | [`FileStore`] | `disk` |
//! | [`scan`] | [`Scanner`] | `clamav` (and none) |
//!
//! A new connector is one file in the folder of its kind, one arm in the `match` below,
//! and one line in the conformance test of its kind (`tests/all/`).

pub mod control;
pub mod fault;
pub mod files;
mod hex;
mod http;
pub mod identity;
pub mod limits;
mod lines;
pub mod message;
pub mod payment;
pub mod scan;
pub mod secret;
pub mod surroundings;

use std::pin::Pin;
use std::sync::Arc;

use axum::http::HeaderMap;

use fault::Fault;
use files::{Digest, FilesConfig, PutError, Source, Stored, TakeError, Upload};
use message::{Message, MessageConfig, Sent};
use payment::{Callback, Order, OrderRequest, OrderStatus, PaymentConfig, Rejected};
use scan::{Found, ScanConfig};
use surroundings::Surroundings;

/// What an outside call comes to, in time.
///
/// The futures are boxed so that a connector can be chosen by configuration (`Arc<dyn …>`);
/// one small allocation is nothing beside a call over a network.
pub type Answer<'a, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>;

/// Sends text messages and mail.
pub trait Messenger: Send + Sync {
    /// Hands `message` over for delivery, once per (`tenant`, `key`): a repetition sends nothing and
    /// says so in [`Sent::again`], as far as the connector can remember.
    fn send<'a>(&'a self, message: &'a Message) -> Answer<'a, Sent, Fault>;
}

/// Takes payments on the internet for a town.
pub trait Gateway: Send + Sync {
    /// The word for this gateway in the address that callbacks come to.
    fn name(&self) -> &'static str;

    /// Where the payer's browser is sent, as an origin (`scheme://host:port`): a content security
    /// policy must name it in `form-action`, because that also governs redirects after a form.
    fn origin(&self) -> String;

    /// Asks for an order that the payer can pay.
    /// The reference is the idempotency key: the same request again is answered with the same order,
    /// and the same reference with another amount is a permanent fault.
    fn create_order<'a>(&'a self, request: &'a OrderRequest) -> Answer<'a, Order, Fault>;

    /// Checks that a callback comes from the gateway, and reads which order it speaks of.
    /// A callback is only a hint that something happened: ask [`Gateway::status`] for what.
    /// `now_ms` is milliseconds since 1970, against which the callback's own time is held.
    fn read_callback(&self, headers: &HeaderMap, body: &[u8], now_ms: i64) -> Result<Callback, Rejected>;

    /// Asks the gateway itself how an order stands: the only evidence that money came.
    fn status<'a>(&'a self, gateway_order_id: &'a str) -> Answer<'a, OrderStatus, Fault>;
}

/// Keeps files by what they contain.
pub trait FileStore: Send + Sync {
    /// Reads `source` to its end and keeps it, or refuses it and leaves nothing behind.
    /// When this returns `Ok`, the file survives a power failure.
    fn put<'a>(&'a self, upload: Upload<'a>, source: &'a mut dyn Source) -> Answer<'a, Stored, PutError>;

    /// The bytes of a kept file, proved to be those that were put.
    fn get<'a>(&'a self, tenant: &'a str, digest: &'a Digest) -> Answer<'a, Vec<u8>, TakeError>;

    /// Whether a kept file is still there and unaltered, without holding it in memory.
    fn verify<'a>(&'a self, tenant: &'a str, digest: &'a Digest) -> Answer<'a, (), TakeError>;

    /// Takes a kept file away for good. `false` if it stays, because somebody has put it there a moment ago; that
    /// there is none is as well. A store that only keeps refuses.
    fn remove<'a>(&'a self, tenant: &'a str, digest: &'a Digest) -> Answer<'a, bool, TakeError> {
        let refused = Fault::permanent(format!("{digest} of {tenant} is only kept here"));
        Box::pin(std::future::ready(Err(refused.into())))
    }
}

/// Looks through files for what is known to do harm.
pub trait Scanner: Send + Sync {
    /// Looks through one file. A checker that does not answer is a fault: nothing is kept unseen.
    fn scan<'a>(&'a self, bytes: &'a [u8]) -> Answer<'a, Found, Fault>;
}

/// The messenger that a configuration names.
///
/// # Errors
/// When the configuration cannot work: a path that cannot be written.
pub fn open_messenger(config: &MessageConfig, around: &Surroundings) -> anyhow::Result<Arc<dyn Messenger>> {
    Ok(match config {
        MessageConfig::Console {} => Arc::new(message::console::Console),
        MessageConfig::File(file) => Arc::new(message::file::File::open(file, around)?),
    })
}

/// The gateway that a configuration names; none where a town takes money only at its counter.
///
/// # Errors
/// When the configuration cannot work: a secret that is absent or weak, an address that is none.
pub fn open_gateway(config: &PaymentConfig, around: &Surroundings) -> anyhow::Result<Option<Arc<dyn Gateway>>> {
    Ok(match config {
        PaymentConfig::Counter {} => None,
        PaymentConfig::Demo(demo) => Some(Arc::new(payment::demo::Demo::open(demo, around)?)),
    })
}

/// The file store that a configuration names.
///
/// # Errors
/// When the configuration cannot work: a directory that cannot be made.
pub fn open_files(config: &FilesConfig, around: &Surroundings) -> anyhow::Result<Arc<dyn FileStore>> {
    Ok(match config {
        FilesConfig::Disk(disk) => Arc::new(files::disk::Disk::open(disk, around)?),
    })
}

/// The checker of viruses that a configuration names; none where files are kept without one.
///
/// # Errors
/// When the configuration cannot work: a place that can be none.
pub fn open_scanner(config: &ScanConfig) -> anyhow::Result<Option<Arc<dyn Scanner>>> {
    Ok(match config {
        ScanConfig::None {} => None,
        ScanConfig::Clamav(clamav) => Some(Arc::new(scan::clamav::Clamav::open(clamav)?)),
    })
}

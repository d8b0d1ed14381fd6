//! Payments: orders asked of a gateway, and the counter, which has none.

pub mod counter;
pub mod demo;
pub mod demo_gateway;
mod sign;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::limits::{DESCRIPTION_CHARS, KEY_BYTES, ORDER_PAISE, TENANT_BYTES, URL_BYTES};

/// How a town takes money besides its counter:
/// `payment: { type: demo, url: http://127.0.0.1:8081, key_id: town, secret: env:NAME }`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum PaymentConfig {
    /// Only at the counter.
    Counter {},
    /// Through the demo gateway: nobody's money moves.
    Demo(demo::DemoClientConfig),
}

/// What is asked of a gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderRequest {
    /// The town the money is for.
    pub tenant: String,
    /// Our name for the payment, unique in the tenant, and the idempotency key of the request.
    pub reference: String,
    /// The amount in paise (hundredths of the currency), more than nothing.
    pub amount_paise: i64,
    /// The currency as three capital letters (ISO 4217), as in `INR`.
    pub currency: String,
    /// The town's name, as the payer reads it.
    pub payee: String,
    /// What the payment is for, as the payer reads it.
    pub description: String,
    /// The payer's language, as in `hi` or `en`.
    pub language: String,
    /// Where the payer's browser goes afterwards. Coming back there is no evidence of payment.
    pub return_url: String,
    /// Where callbacks are posted.
    pub notify_url: String,
}

/// An order that waits for its payer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The gateway's name for the order.
    pub gateway_order_id: String,
    /// Where to send the payer's browser.
    pub pay_url: String,
}

/// What a callback speaks of. Deliberately not whether money came: ask for that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    /// The order something happened to.
    pub gateway_order_id: String,
    /// The gateway's name for what happened; the same in every copy of one callback.
    pub event: String,
    /// Our own reference, as the order was asked with.
    pub reference: String,
}

/// How an order stands, from the gateway itself.
///
/// Before it is believed, `tenant`, `reference`, `amount_paise` and `currency` must be those of the
/// order that was asked, and `test` must be expected here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderStatus {
    /// The gateway's name for the order.
    pub gateway_order_id: String,
    /// The town the order was made for.
    pub tenant: String,
    /// Our own reference.
    pub reference: String,
    /// How far the payment is.
    pub state: OrderState,
    /// What the payer paid or is to pay, in paise.
    pub amount_paise: i64,
    /// The currency as three capital letters.
    pub currency: String,
    /// The gateway's name for the payment: a receipt's own identity. Present once money came.
    pub gateway_payment_id: Option<String>,
    /// How the payer paid, in the gateway's word, as in `upi`. Present once money came.
    pub mode: Option<String>,
    /// Whether this was play: no money moved.
    pub test: bool,
}

/// How far a payment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Nobody has tried to pay.
    Created,
    /// Somebody has, and the banks have not settled it. Do not ask the payer to pay again.
    Pending,
    /// The money came. Final.
    Succeeded,
    /// No money came, and none will. Final.
    Failed,
}

impl OrderState {
    /// Whether it will never change again.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

/// Why a callback is not believed. None of these changes anything; each deserves an alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejected {
    /// The body is longer than any callback is.
    TooLong,
    /// A header is missing, twice there, or unreadable.
    MissingHeader(&'static str),
    /// It is signed with a key that is not ours.
    WrongKeyId,
    /// The signature does not fit: a wrong key, or something was altered.
    WrongSignature,
    /// It is older, or further in the future, than the tolerance.
    Stale,
    /// It is rightly signed and cannot be read.
    Unreadable,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => f.write_str("the callback is too long"),
            Self::MissingHeader(name) => write!(f, "the callback has not one readable `{name}`"),
            Self::WrongKeyId => f.write_str("the callback is signed with a key that is not ours"),
            Self::WrongSignature => f.write_str("the signature of the callback does not fit"),
            Self::Stale => f.write_str("the callback's time is too far from the present"),
            Self::Unreadable => f.write_str("the callback is rightly signed and cannot be read"),
        }
    }
}

impl std::error::Error for Rejected {}

impl OrderRequest {
    /// Refuses what no gateway may be asked, on both ends of the line.
    ///
    /// # Errors
    /// A permanent fault that names the part at fault.
    pub fn check(&self) -> Result<(), Fault> {
        let wrong = |what: &str| Err(Fault::permanent(format!("the order {:?} has {what}", self.reference)));
        if !is_printed(&self.reference, KEY_BYTES) {
            return Err(Fault::permanent("the order has no usable reference"));
        }
        if !is_printed(&self.tenant, TENANT_BYTES) {
            return wrong("no usable tenant");
        }
        if !(1..=ORDER_PAISE).contains(&self.amount_paise) {
            return wrong("an amount that cannot be one");
        }
        if self.currency.len() != 3 || !self.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return wrong("a currency that is not three capital letters");
        }
        if !is_readable(&self.payee) || !is_readable(&self.description) {
            return wrong("a payee or description that cannot be shown");
        }
        if !is_printed(&self.language, 35) {
            return wrong("an unusable language");
        }
        if origin(&self.return_url).is_none() || origin(&self.notify_url).is_none() {
            return wrong("an address that is not http or https");
        }
        Ok(())
    }
}

fn is_readable(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= DESCRIPTION_CHARS && !text.chars().any(char::is_control)
}

/// ASCII that prints, without space, of at least one and at most `limit` octets.
fn is_printed(text: &str, limit: usize) -> bool {
    !text.is_empty() && text.len() <= limit && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether a name that came from outside can stand in an address as it is.
fn is_id(text: &str) -> bool {
    if !crate::control::holds("in_12_ids") {
        return true;
    }
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// The origin (`scheme://host:port`) of an address of http or https; `None` for anything else,
/// names and passwords in it included.
fn origin(url: &str) -> Option<String> {
    let parsed = reqwest::Url::parse(url).ok()?;
    let plain = parsed.username().is_empty() && parsed.password().is_none();
    let usable = matches!(parsed.scheme(), "http" | "https") && parsed.has_host() && plain;
    (usable && url.len() <= URL_BYTES).then(|| parsed.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::{is_id, origin};

    #[test]
    fn in_12_an_origin_is_scheme_host_and_port() {
        assert_eq!(origin("http://127.0.0.1:8081/a?b"), Some("http://127.0.0.1:8081".to_owned()));
        assert_eq!(origin("https://town.example/x"), Some("https://town.example".to_owned()));
        for wrong in ["javascript:alert(1)", "/relative", "ftp://a/b", "http://", "http://a:b@c/", "data:,x"] {
            assert_eq!(origin(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn in_12_an_id_cannot_leave_its_place_in_an_address() {
        assert!(is_id("order_0123abc-X"));
        for wrong in ["", "../pay", "a/b", "a?b", "a b", "é"] {
            assert!(!is_id(wrong), "{wrong}");
        }
    }
}

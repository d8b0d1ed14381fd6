//! Signatures between a town and the demo gateway, both ways.
//!
//! HMAC-SHA-256 over purpose, key id, time and the raw body, each on its own line. The purpose is
//! `callback`, or method and path of a request, so that what was signed for one cannot serve another.

use axum::http::{HeaderMap, HeaderName};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Rejected, is_id};
use crate::control::holds;
use crate::hex;
use crate::limits::{GATEWAY_BODY_BYTES, SIGNATURE_AGE_MS};
use crate::secret::Secret;

/// Which key signed.
pub(super) const KEY_ID: HeaderName = HeaderName::from_static("x-demo-key-id");
/// When, in milliseconds since 1970.
pub(super) const TIME: HeaderName = HeaderName::from_static("x-demo-time");
/// `v1=` and 64 hexadecimal digits.
pub(super) const SIGNATURE: HeaderName = HeaderName::from_static("x-demo-signature");

/// What a callback is signed for.
pub(super) const CALLBACK: &str = "callback";

/// The three headers that go with a signed body.
pub(super) fn headers(
    key_id: &str,
    secret: &Secret,
    purpose: &str,
    now_ms: i64,
    body: &[u8],
) -> [(HeaderName, String); 3] {
    let time = now_ms.to_string();
    let signature = format!("v1={}", hex::encode(&mac(key_id, secret, purpose, &time, body).finalize().into_bytes()));
    [(KEY_ID, key_id.to_owned()), (TIME, time), (SIGNATURE, signature)]
}

/// The key id that a signed message claims, before anything is proved.
pub(super) fn claimed_key_id(headers: &HeaderMap) -> Result<&str, Rejected> {
    let key_id = one(headers, &KEY_ID, "x-demo-key-id")?;
    if is_id(key_id) { Ok(key_id) } else { Err(Rejected::WrongKeyId) }
}

/// Proves that a message was signed with this key, for this purpose, at about this time.
pub(super) fn check(
    headers: &HeaderMap,
    (key_id, secret): (&str, &Secret),
    purpose: &str,
    now_ms: i64,
    body: &[u8],
) -> Result<(), Rejected> {
    if body.len() > GATEWAY_BODY_BYTES {
        return Err(Rejected::TooLong);
    }
    if claimed_key_id(headers)? != key_id {
        return Err(Rejected::WrongKeyId);
    }
    let time = one(headers, &TIME, "x-demo-time")?;
    let signature = one(headers, &SIGNATURE, "x-demo-signature")?;
    let claimed = signature.strip_prefix("v1=").and_then(hex::decode).ok_or(Rejected::WrongSignature)?;
    // Compares in constant time, so that a forger learns nothing from how long it takes.
    let signed = mac(key_id, secret, purpose, time, body).verify_slice(&claimed);
    if holds("pay_01_signature") {
        signed.map_err(|_| Rejected::WrongSignature)?;
    }
    let time: i64 = time.parse().map_err(|_| Rejected::MissingHeader("x-demo-time"))?;
    let old = time.abs_diff(now_ms) > SIGNATURE_AGE_MS.unsigned_abs();
    if old && holds("pay_01_age") { Err(Rejected::Stale) } else { Ok(()) }
}

/// The one value of a header. Two values would let two readers see different ones.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName, text: &'static str) -> Result<&'a str, Rejected> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().map_err(|_| Rejected::MissingHeader(text)),
        _ => Err(Rejected::MissingHeader(text)),
    }
}

fn mac(key_id: &str, secret: &Secret, purpose: &str, time: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.bytes()).expect("HMAC takes a key of any length");
    for line in [purpose, key_id, time] {
        mac.update(line.as_bytes());
        mac.update(b"\n");
    }
    mac.update(body);
    mac
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::{CALLBACK, check, headers, one};
    use crate::limits::SIGNATURE_AGE_MS;
    use crate::payment::Rejected;
    use crate::secret::Secret;

    const NOW: i64 = 1_800_000_000_000;

    fn signed(secret: &Secret, purpose: &str) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in headers("town", secret, purpose, NOW, b"body") {
            map.insert(name, HeaderValue::from_str(&value).unwrap());
        }
        map
    }

    #[test]
    fn the_signature_is_that_of_rfc_2104() {
        // Computed apart: printf 'callback\ntown\n1800000000000\nbody' | openssl dgst -sha256 -hmac 0123456789abcdef
        let secret = Secret::new("0123456789abcdef").unwrap();
        let map = signed(&secret, CALLBACK);
        assert_eq!(map["x-demo-signature"], "v1=f3acb2be4dccc4d2c4719d991aa34250a45b39117164f56fcbf2d8e99736dbd5");
    }

    #[test]
    fn pay_01_a_signature_serves_one_purpose_and_a_short_time() {
        let (secret, _) = Secret::random();
        let key = ("town", &secret);
        let map = signed(&secret, CALLBACK);
        assert_eq!(check(&map, key, CALLBACK, NOW + SIGNATURE_AGE_MS, b"body"), Ok(()));
        assert_eq!(check(&map, key, CALLBACK, NOW + SIGNATURE_AGE_MS + 1, b"body"), Err(Rejected::Stale));
        assert_eq!(check(&map, key, CALLBACK, NOW - SIGNATURE_AGE_MS - 1, b"body"), Err(Rejected::Stale));
        assert_eq!(check(&map, key, "POST /orders", NOW, b"body"), Err(Rejected::WrongSignature));
        assert_eq!(check(&map, key, CALLBACK, i64::MIN, b"body"), Err(Rejected::Stale));
    }

    #[test]
    fn a_header_given_twice_is_given_not_at_all() {
        let (secret, _) = Secret::random();
        let mut map = signed(&secret, CALLBACK);
        map.append("x-demo-time", HeaderValue::from_static("1"));
        assert_eq!(check(&map, ("town", &secret), CALLBACK, NOW, b"body"), Err(Rejected::MissingHeader("x-demo-time")));
        assert!(one(&map, &super::KEY_ID, "x-demo-key-id").is_ok());
    }
}

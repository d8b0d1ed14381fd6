//! Codes of an authenticator (RFC 6238): six digits that follow from a shared secret and the time.
//!
//! SHA-1, six digits and thirty seconds are what every authenticator knows; many pass over a request for
//! anything else. HMAC does not need what SHA-1 has lost.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::token;

/// Octets of a secret (RFC 4226 asks for 160 bits).
pub const SECRET: usize = 20;
/// Milliseconds for which a code is the present one.
const STEP_MS: i64 = 30_000;
/// How many steps the clock of a telephone may be off, either way.
const DRIFT: i64 = 1;

/// The step that `now_ms` lies in, counted from 1970.
pub fn step(now_ms: i64) -> i64 {
    now_ms.div_euclid(STEP_MS)
}

/// The code of a step.
pub fn code(secret: &[u8], step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let bytes = mac.finalize().into_bytes();
    let at = usize::from(bytes[19] & 15);
    let number = u32::from_be_bytes([bytes[at] & 0x7f, bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    format!("{:06}", number % 1_000_000)
}

/// The step whose code was typed: the present one or one beside it, and none up to `last`, whose code was
/// used before. The same work is done whichever digit is wrong.
pub fn step_of(secret: &[u8], typed: &str, now_ms: i64, last: i64) -> Option<i64> {
    let now = step(now_ms);
    let fits = |step: &i64| {
        let code = code(secret, *step);
        let differs = code.bytes().zip(typed.bytes()).fold(0, |wrong, (one, other)| wrong | (one ^ other));
        differs == 0 && code.len() == typed.len()
    };
    (now - DRIFT..=now + DRIFT).filter(|step| *step > last).find(fits)
}

/// What the square pattern says that an authenticator reads: whose code it is, and the secret.
pub fn address(secret: &[u8], issuer: &str, login: &str) -> String {
    let plain = |text: &str| {
        let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        // A space is `+` in forms alone.
        encoded.replace('+', "%20")
    };
    let (issuer, login, secret) = (plain(issuer), plain(login), token::rfc_base32(secret));
    format!("otpauth://totp/{issuer}:{login}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30")
}

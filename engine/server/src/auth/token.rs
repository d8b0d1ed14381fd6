//! Secrets in cookies and forms: what is stored of them, and how they are compared.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest as _, Sha256};

/// What is stored of a secret: its SHA-256, in hexadecimal.
pub fn stored(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// A seal over `parts` with a secret key; parts cannot run into each other.
pub fn mac(key: &[u8], purpose: &str, parts: &[&str]) -> [u8; 32] {
    sealed(key, purpose, parts).finalize().into_bytes().into()
}

/// Whether `claimed` (hexadecimal) is the seal over `parts`, compared in constant time.
pub fn is_mac(key: &[u8], purpose: &str, parts: &[&str], claimed: &str) -> bool {
    unhex(claimed).is_some_and(|claimed| sealed(key, purpose, parts).verify_slice(&claimed).is_ok())
}

fn sealed(key: &[u8], purpose: &str, parts: &[&str]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in std::iter::once(&purpose).chain(parts) {
        mac.update(&(part.len() as u64).to_le_bytes());
        mac.update(part.as_bytes());
    }
    mac
}

/// Octets as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half & 15)]);
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(*byte));
    }
    text
}

/// The octets of hexadecimal digits; `None` for anything else.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

/// Crockford's alphabet in lower case: no letter can be taken for a digit when read aloud.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The alphabet of RFC 4648, which authenticators read.
const CAPITALS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Octets in letters and digits, five bits each.
pub fn base32(bytes: &[u8]) -> String {
    in_letters(bytes, LETTERS)
}

/// The same as RFC 4648 writes it, without padding.
pub fn rfc_base32(bytes: &[u8]) -> String {
    in_letters(bytes, CAPITALS)
}

fn in_letters(bytes: &[u8], letters: &[u8; 32]) -> String {
    let (mut text, mut bits, mut held) = (String::with_capacity(bytes.len() * 8 / 5 + 1), 0_u32, 0_u32);
    for byte in bytes {
        bits = (bits << 8) | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            text.push(char::from(letters[(bits >> held & 31) as usize]));
        }
    }
    if held > 0 {
        text.push(char::from(letters[(bits << (5 - held) & 31) as usize]));
    }
    text
}

/// A code as somebody may have typed it: blanks and hyphens dropped, look-alikes put right.
pub fn typed_code(text: &str) -> String {
    let kept = text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase());
    kept.map(|letter| match letter {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    })
    .collect()
}

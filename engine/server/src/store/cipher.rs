//! XChaCha20-Poly1305, of which the long part is done by `ring`.
//!
//! It is ChaCha20-Poly1305 with a key that is made of the key and the first part of the nonce. `ring` has that in the
//! machine's own language; what is written in Rust is quick only where it is compiled to be, which all of this package
//! would have to be, and for every record that is taken over four or five texts are sealed.

use chacha20::{R20, hchacha};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};

use super::error::{Error, Result};

/// A key.
pub(super) type Key = [u8; 32];

/// Octets of a nonce.
const NONCE: usize = 24;
/// Octets of a nonce that go into the key.
const OF_KEY: usize = 16;
/// Octets by which changes are noticed.
const TAG: usize = 16;

/// Octets sealed under a nonce that is the beginning of `drawn`: the nonce, and what was sealed.
///
/// # Errors
/// When there are more of them than can be sealed at once.
pub fn seal(key: &Key, drawn: [u8; 32], place: &str, plain: &[u8]) -> Result<Vec<u8>> {
    let (nonce, _) = drawn.split_first_chunk::<NONCE>().expect("a nonce is shorter than what is drawn");
    let mut all = Vec::with_capacity(NONCE + plain.len() + TAG);
    all.extend_from_slice(nonce);
    all.extend_from_slice(plain);
    let (own, rest) = parts(key, nonce);
    let tag = own.seal_in_place_separate_tag(rest, Aad::from(place.as_bytes()), &mut all[NONCE..]);
    let tag = tag.map_err(|_| Error::Corrupt(format!("{place} cannot be sealed")))?;
    all.extend_from_slice(tag.as_ref());
    Ok(all)
}

/// What [`seal`] sealed in this place.
pub fn open(key: &Key, place: &str, all: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = all.split_first_chunk::<NONCE>()?;
    let mut plain = sealed.to_vec();
    let (own, rest) = parts(key, nonce);
    let length = own.open_in_place(rest, Aad::from(place.as_bytes()), &mut plain).ok()?.len();
    plain.truncate(length);
    Some(plain)
}

/// The key that is made of `key` and the first part of a nonce, and the nonce that is made of the rest.
fn parts(key: &Key, nonce: &[u8; NONCE]) -> (LessSafeKey, Nonce) {
    let (mut first, mut rest) = ([0; OF_KEY], [0; 12]);
    first.copy_from_slice(&nonce[..OF_KEY]);
    rest[4..].copy_from_slice(&nonce[OF_KEY..]);
    let own = hchacha::<R20>(&(*key).into(), &first.into());
    let own = UnboundKey::new(&CHACHA20_POLY1305, own.as_slice()).expect("a key has 32 octets");
    (LessSafeKey::new(own), Nonce::assume_unique_for_key(rest))
}

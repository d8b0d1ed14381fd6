//! What has to be read again and must not lie open in the database: the secrets of authenticators.
//!
//! ChaCha20-Poly1305 with a key made of the installation's own, a nonce by chance, and what it belongs to
//! authenticated with it: a row that is put in another's place does not open.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _};

use super::token;
use crate::chance::Chance;

/// Octets of a nonce.
const NONCE: usize = 12;

/// Closes `plain`; `whose` says what it belongs to.
///
/// # Errors
/// When there is too much of it.
pub fn close(key: &[u8], chance: &Chance, whose: &[&str], plain: &[u8]) -> anyhow::Result<String> {
    let nonce = chance.bytes::<NONCE>();
    let mut text = plain.to_vec();
    let closed = aead(key).encrypt_in_place(&nonce.into(), &belongs(whose), &mut text);
    closed.map_err(|_| anyhow::anyhow!("closing a secret of {} octets", plain.len()))?;
    let mut all = nonce.to_vec();
    all.append(&mut text);
    Ok(URL_SAFE_NO_PAD.encode(all))
}

/// Opens what was closed for `whose`; `None` if it was closed with another key, for another one, or changed.
pub fn open(key: &[u8], whose: &[&str], closed: &str) -> Option<Vec<u8>> {
    let all = URL_SAFE_NO_PAD.decode(closed).ok()?;
    let (nonce, text) = all.split_first_chunk::<NONCE>()?;
    let mut text = text.to_vec();
    aead(key).decrypt_in_place(&(*nonce).into(), &belongs(whose), &mut text).ok()?;
    Some(text)
}

fn aead(key: &[u8]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(&token::mac(key, "closed", &[]).into())
}

/// Parts with the length of each before it, so that they cannot run into each other.
fn belongs(whose: &[&str]) -> Vec<u8> {
    let mut all = Vec::new();
    for part in whose {
        all.extend((part.len() as u64).to_le_bytes());
        all.extend(part.as_bytes());
    }
    all
}

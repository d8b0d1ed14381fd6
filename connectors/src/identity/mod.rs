//! Who somebody is, from an identity provider by OpenID Connect: the authorization code flow with PKCE.
//!
//! A provider knows nothing of towns, people or posts: it says where a browser is sent, and, when the browser comes
//! back with a code, whom the provider has signed in. [`token`] decides what is believed and asks nobody;
//! [`address`] writes what is sent; only `call` asks over a network.

pub mod address;
mod call;
pub mod token;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, ensure};
use reqwest::Url;
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::fault::Fault;
use crate::limits::{IDENTITY_ANEW_MS, IDENTITY_KEPT_MS};
use crate::secret::{Secret, SecretRef};
use crate::surroundings::{Clock, Surroundings};
use address::Begin;
use call::{Asked, Caller};
use token::{Claims, Expected, Key, Wrong};

/// An identity provider at which employees sign in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityConfig {
    /// Its address as it calls itself, as in `https://id.example/realms/city`; over https, or on this machine.
    pub issuer: String,
    /// How we are called there.
    pub client_id: String,
    /// Where the secret is kept that proves it is us.
    pub client_secret: SecretRef,
    /// What is asked for. `openid` must be among it; `email` is needed where people are known by their address.
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
    /// The words on the button by language, where they are to be other than ours.
    #[serde(default)]
    pub button: BTreeMap<String, String>,
    /// By which words of the provider the second factor counts as proved. None, and we ask for our own.
    #[serde(default)]
    pub second_factor: Believed,
    /// A file of certificates (PEM) of those who vouch for its address, in place of those that this machine knows.
    #[serde(default)]
    pub authorities: Option<PathBuf>,
    /// The towns whose employees sign in there; every town if none is named.
    #[serde(default)]
    pub towns: Vec<String>,
}

/// What of a provider's words is believed to mean that a second factor was proved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Believed {
    /// Values of `acr`, one of which says so. They are asked for as well.
    pub acr: Vec<String>,
    /// Values of `amr`, one of which says so, as in `mfa` or `otp` (RFC 8176).
    pub amr: Vec<String>,
}

fn scopes() -> Vec<String> {
    vec!["openid".to_owned(), "email".to_owned()]
}

impl IdentityConfig {
    /// Refuses what cannot work or is not safe.
    ///
    /// # Errors
    /// Says which key, and why.
    pub fn check(&self) -> anyhow::Result<()> {
        let issuer = &self.issuer;
        let url = address::safe(issuer);
        ensure!(
            url.is_some_and(|url| url.query().is_none()),
            "issuer `{issuer}` is no address over https (or http on this machine) without `?` and `#`"
        );
        ensure!(!self.client_id.is_empty(), "client_id is empty");
        let word = |scope: &String| !scope.is_empty() && scope.bytes().all(|byte| byte.is_ascii_graphic());
        ensure!(self.scopes.iter().all(word), "each of scopes is one word");
        ensure!(self.scopes.iter().any(|scope| scope == "openid"), "scopes has no `openid`");
        let mut believed = self.second_factor.acr.iter().chain(&self.second_factor.amr);
        ensure!(believed.all(word), "each word of second_factor is one word");
        ensure!(self.button.values().all(|words| !words.trim().is_empty()), "the words of a button are empty");
        Ok(())
    }

    /// The host of its address, by which people know it.
    pub fn host(&self) -> &str {
        let rest = self.issuer.split_once("://").map_or(self.issuer.as_str(), |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default()
    }

    /// Whether employees of a town sign in there.
    pub fn serves(&self, town: &str) -> bool {
        self.towns.is_empty() || self.towns.iter().any(|named| named == town)
    }
}

/// An identity provider that can be asked.
pub struct Provider {
    config: IdentityConfig,
    secret: Secret,
    caller: Caller,
    clock: Clock,
    /// What it said of itself. Whoever comes while it is asked waits for the answer, so that it is asked once.
    known: Mutex<Option<Arc<Known>>>,
}

/// What a provider said of itself, and its keys.
struct Known {
    at_ms: i64,
    keys_at_ms: i64,
    authorization: Url,
    token: Url,
    userinfo: Option<Url>,
    key_set: Url,
    /// Whether it wants our secret in the form and not in the header.
    in_form: bool,
    keys: Vec<Key>,
}

/// What a provider publishes of itself (OpenID Connect Discovery, 3). What else stands there is passed over.
#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

/// What a code was turned in for.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    #[serde(default)]
    access_token: String,
}

/// What a browser came back with, and what was kept of its beginning.
#[derive(Debug, Clone, Copy)]
pub struct Returned<'a> {
    /// The code.
    pub code: &'a str,
    /// Where the browser came back to.
    pub redirect_uri: &'a str,
    /// See [`Begin::nonce`].
    pub nonce: &'a str,
    /// See [`Begin::verifier`].
    pub verifier: &'a str,
}

/// Whom a provider has signed in.
pub struct Identity {
    /// The provider's own name for the person.
    pub subject: String,
    /// Whether the provider says, in words that are believed, that a second factor was proved.
    pub second_factor: bool,
    email: Option<String>,
    access: String,
}

/// Why nobody is signed in. The text is for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotProved {
    /// The provider does not answer, or not as it should.
    Fault(Fault),
    /// What it answered is not believed.
    Token(Wrong),
}

impl fmt::Display for NotProved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(fault) => fault.fmt(f),
            Self::Token(wrong) => write!(f, "the token is not believed: {wrong}"),
        }
    }
}

impl std::error::Error for NotProved {}

impl From<Fault> for NotProved {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Provider {
    /// Opens a provider. It is asked only once somebody signs in: a start does not wait for it.
    ///
    /// # Errors
    /// When its configuration cannot work.
    pub fn open(config: &IdentityConfig, around: &Surroundings) -> anyhow::Result<Self> {
        config.check()?;
        let authorities = config.authorities.as_ref().map(|file| around.data_dir.join(file));
        Ok(Self {
            secret: config.client_secret.read(around).context("the client's secret at the identity provider")?,
            caller: Caller::open(config.issuer.starts_with("https:"), authorities.as_deref())?,
            clock: around.clock.clone(),
            known: Mutex::new(None),
            config: config.clone(),
        })
    }

    /// How it is configured.
    pub fn config(&self) -> &IdentityConfig {
        &self.config
    }

    /// Where the browser is sent to sign in.
    ///
    /// # Errors
    /// When the provider does not say what it must about itself.
    pub async fn begin(&self, begin: Begin<'_>) -> Result<String, Fault> {
        let known = self.known().await?;
        let IdentityConfig { client_id, scopes, second_factor, .. } = &self.config;
        let url = address::authorization(&known.authorization, client_id, scopes, &second_factor.acr, begin);
        Ok(url.into())
    }

    /// Turns a code in, and holds the token that comes for it to everything that it must say.
    ///
    /// # Errors
    /// When the provider does not answer as it must, or its token is not believed.
    pub async fn finish(&self, returned: Returned<'_>) -> Result<Identity, NotProved> {
        let known = self.known().await?;
        let Returned { code, redirect_uri, verifier, nonce } = returned;
        let client_id = &self.config.client_id;
        let (authorization, form) = if known.in_form {
            let secret = String::from_utf8_lossy(self.secret.bytes());
            let ours = (client_id.as_str(), secret.as_ref());
            (String::new(), address::turn_in(code, redirect_uri, verifier, Some(ours)))
        } else {
            let ours = address::basic(client_id, self.secret.bytes());
            (ours, address::turn_in(code, redirect_uri, verifier, None))
        };
        let asked = Asked { url: &known.token, authorization, form: Some(form) };
        let said = self.caller.call(asked).await?;
        let tokens: Tokens = serde_json::from_slice(&said)
            .map_err(|_| Fault::permanent("the identity provider gave no token for the code"))?;
        let claims = match self.check(&tokens.id_token, &known, nonce) {
            Err(Wrong::NoKey) => {
                let anew = self.anew(&known).await?;
                self.check(&tokens.id_token, &anew, nonce)
            }
            checked => checked,
        };
        let claims = claims.map_err(NotProved::Token)?;
        Ok(Identity {
            second_factor: self.proves_second(&claims),
            subject: claims.subject,
            email: claims.email,
            access: tokens.access_token,
        })
    }

    /// The mail address that the provider says is the person's; some say it only when they are asked.
    ///
    /// # Errors
    /// When the provider is asked and does not answer.
    pub async fn email(&self, identity: &Identity) -> Result<Option<String>, Fault> {
        if identity.email.is_some() || identity.access.is_empty() {
            return Ok(identity.email.clone());
        }
        let known = self.known().await?;
        let Some(url) = &known.userinfo else { return Ok(None) };
        let asked = Asked { url, authorization: format!("Bearer {}", identity.access), form: None };
        let said = self.caller.call(asked).await?;
        Ok(token::email_of(&said, &identity.subject))
    }

    fn check(&self, id_token: &str, known: &Known, nonce: &str) -> Result<Claims, Wrong> {
        let IdentityConfig { issuer, client_id, .. } = &self.config;
        token::check(id_token, &known.keys, Expected { issuer, client_id, nonce, now_ms: (self.clock)() })
    }

    fn proves_second(&self, claims: &Claims) -> bool {
        let Believed { acr, amr } = &self.config.second_factor;
        claims.acr.as_ref().is_some_and(|said| acr.contains(said)) || claims.amr.iter().any(|said| amr.contains(said))
    }

    /// What the provider says of itself, asked for once in a while.
    async fn known(&self) -> Result<Arc<Known>, Fault> {
        let mut kept = self.known.lock().await;
        let now_ms = (self.clock)();
        if let Some(known) = kept.as_ref().filter(|known| now_ms - known.at_ms < IDENTITY_KEPT_MS) {
            return Ok(Arc::clone(known));
        }
        let known = Arc::new(self.discover(now_ms).await?);
        *kept = Some(Arc::clone(&known));
        Ok(known)
    }

    /// The same with keys that were fetched anew, unless that was done a moment ago: tokens with invented names of
    /// keys must not make us ask without end.
    async fn anew(&self, seen: &Arc<Known>) -> Result<Arc<Known>, Fault> {
        let mut kept = self.known.lock().await;
        let now_ms = (self.clock)();
        let present = kept.as_ref().map_or_else(|| Arc::clone(seen), Arc::clone);
        if present.keys_at_ms > seen.keys_at_ms || now_ms - present.keys_at_ms < IDENTITY_ANEW_MS {
            return Ok(present);
        }
        let known = Arc::new(Known {
            keys: self.keys(&present.key_set).await?,
            keys_at_ms: now_ms,
            at_ms: present.at_ms,
            authorization: present.authorization.clone(),
            token: present.token.clone(),
            userinfo: present.userinfo.clone(),
            key_set: present.key_set.clone(),
            in_form: present.in_form,
        });
        *kept = Some(Arc::clone(&known));
        Ok(known)
    }

    async fn discover(&self, now_ms: i64) -> Result<Known, Fault> {
        let issuer = &self.config.issuer;
        let at = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let said = self.caller.call(Asked { url: &endpoint(&at)?, authorization: String::new(), form: None }).await?;
        let said: Discovery = serde_json::from_slice(&said)
            .map_err(|error| Fault::permanent(format!("{at} does not say what it must: {error}")))?;
        if said.issuer != *issuer {
            return Err(Fault::permanent(format!("{at} calls itself `{}`", said.issuer)));
        }
        let methods = said.token_endpoint_auth_methods_supported;
        let knows = |method: &str| methods.iter().any(|one| one == method);
        let key_set = endpoint(&said.jwks_uri)?;
        Ok(Known {
            at_ms: now_ms,
            keys_at_ms: now_ms,
            authorization: endpoint(&said.authorization_endpoint)?,
            token: endpoint(&said.token_endpoint)?,
            userinfo: said.userinfo_endpoint.as_deref().map(endpoint).transpose()?,
            in_form: knows("client_secret_post") && !knows("client_secret_basic"),
            keys: self.keys(&key_set).await?,
            key_set,
        })
    }

    async fn keys(&self, url: &Url) -> Result<Vec<Key>, Fault> {
        let said = self.caller.call(Asked { url, authorization: String::new(), form: None }).await?;
        token::keys(&said).ok_or_else(|| Fault::permanent(format!("{url} has no keys that can be read")))
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("config", &self.config).finish_non_exhaustive()
    }
}

/// An address that a provider names as its own.
fn endpoint(text: &str) -> Result<Url, Fault> {
    address::safe(text)
        .ok_or_else(|| Fault::permanent(format!("`{text}` is no address that an identity provider may name")))
}

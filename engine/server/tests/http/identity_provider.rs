//! An identity provider of the tests' own on this machine: it says what it is told to say, and signs it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use connectors::identity::address::challenge;
use connectors::identity::{Believed, IdentityConfig};
use connectors::secret::SecretRef;
use connectors::surroundings::{Clock, system_clock};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use server::config::Config;
use tokio::net::TcpListener;

/// What the town is called there, and what proves that it is the town.
const CLIENT: (&str, &str) = ("town", "a-quiet-river-runs-by");

/// The provider.
pub(crate) struct Provider {
    pub(crate) origin: String,
    said: Arc<Mutex<Said>>,
    serving: tokio::task::JoinHandle<()>,
}

/// What it says.
pub(crate) struct Said {
    /// The key with which it signs, and its name.
    pair: EcdsaKeyPair,
    pub(crate) key: String,
    /// What it says of somebody when it is asked once more.
    pub(crate) userinfo: Value,
    /// Whether it answers at all.
    pub(crate) down: bool,
    /// The time there.
    pub(crate) clock: Clock,
    /// How often its keys were fetched.
    pub(crate) keys_fetched: usize,
    granted: BTreeMap<String, Granted>,
    origin: String,
}

/// A code that was handed out.
struct Granted {
    redirect_uri: String,
    challenge: String,
    claims: Value,
}

type Shared = State<Arc<Mutex<Said>>>;

impl Drop for Provider {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn pair() -> EcdsaKeyPair {
    let (random, kind) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
    let made = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(kind, made.as_ref(), &random).unwrap()
}

fn locked(said: &Mutex<Said>) -> MutexGuard<'_, Said> {
    said.lock().unwrap()
}

impl Provider {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let said = Arc::new(Mutex::new(Said {
            pair: pair(),
            key: "first".to_owned(),
            userinfo: json!({}),
            down: false,
            clock: system_clock(),
            keys_fetched: 0,
            granted: BTreeMap::new(),
            origin: origin.clone(),
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(userinfo))
            .with_state(Arc::clone(&said));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { origin, said, serving }
    }

    /// Tells a town of the provider, under the word `city`.
    pub(crate) fn tell(&self, config: &mut Config, second_factor: Believed) {
        let path = config.data_dir.join("city.key");
        std::fs::write(&path, CLIENT.1).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let provider = IdentityConfig {
            issuer: self.origin.clone(),
            client_id: CLIENT.0.to_owned(),
            client_secret: SecretRef::File(path),
            scopes: vec!["openid".to_owned(), "email".to_owned()],
            button: BTreeMap::from([("en".to_owned(), "Sign in with the city account".to_owned())]),
            second_factor,
            authorities: None,
            towns: vec!["riverton".to_owned()],
        };
        config.identity.insert("city".to_owned(), provider);
    }

    /// What it says, to be changed.
    pub(crate) fn said(&self) -> MutexGuard<'_, Said> {
        locked(&self.said)
    }

    /// Signs with another key from now on.
    pub(crate) fn turn_keys(&self, name: &str) {
        let mut said = self.said();
        said.pair = pair();
        name.clone_into(&mut said.key);
    }

    /// Signs somebody in who was sent to `at`, saying what `change` makes of it; gives where the browser is sent back.
    pub(crate) fn grant(&self, at: &str, change: impl FnOnce(&mut Value)) -> String {
        let query = at.strip_prefix(&format!("{}/authorize?", self.origin)).unwrap_or_else(|| panic!("sent to {at}"));
        let asked: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!((asked["response_type"].as_str(), asked["code_challenge_method"].as_str()), ("code", "S256"));
        assert_eq!((asked["client_id"].as_str(), asked["scope"].as_str()), (CLIENT.0, "openid email"));
        let mut said = self.said();
        let now = (said.clock)() / 1000;
        let mut claims = json!({
            "iss": self.origin, "aud": CLIENT.0, "exp": now + 300, "iat": now, "nonce": asked["nonce"], "sub": "account-1",
        });
        change(&mut claims);
        let code = format!("code-{}-{now}", said.granted.len());
        let redirect_uri = asked["redirect_uri"].clone();
        let back = redirect_uri.strip_prefix("http://localhost:8080").expect("people come back to the town").to_owned();
        let challenge = asked["code_challenge"].clone();
        said.granted.insert(code.clone(), Granted { redirect_uri, challenge, claims });
        format!("{back}?code={code}&state={}&iss={}", asked["state"], self.origin)
    }
}

async fn discovery(State(said): Shared) -> (StatusCode, Json<Value>) {
    let said = locked(&said);
    if said.down {
        return (StatusCode::SERVICE_UNAVAILABLE, Json(json!({})));
    }
    let at = |path: &str| format!("{}{path}", said.origin);
    let told = json!({
        "issuer": said.origin, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
        "jwks_uri": at("/keys"), "userinfo_endpoint": at("/me"), "scopes_supported": ["openid"],
    });
    (StatusCode::OK, Json(told))
}

async fn keys(State(said): Shared) -> Json<Value> {
    let mut said = locked(&said);
    said.keys_fetched += 1;
    let point = said.pair.public_key().as_ref();
    let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..]));
    Json(json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": said.key, "use": "sig", "x": x, "y": y }] }))
}

async fn token(
    State(said): Shared,
    headers: HeaderMap,
    Form(form): Form<BTreeMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let mut said = locked(&said);
    let ours = format!("Basic {}", STANDARD.encode(format!("{}:{}", CLIENT.0, CLIENT.1)));
    let known = headers.get(header::AUTHORIZATION).is_some_and(|value| value == ours.as_str());
    let granted = said.granted.remove(&form["code"]);
    let right = |granted: &Granted| {
        granted.redirect_uri == form["redirect_uri"] && granted.challenge == challenge(&form["code_verifier"])
    };
    let Some(granted) = granted.filter(right).filter(|_| known) else {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" })));
    };
    let header = json!({ "alg": "ES256", "kid": said.key });
    let written = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", written(&header), written(&granted.claims));
    let signature = said.pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
    let id_token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()));
    (StatusCode::OK, Json(json!({ "access_token": "for-me", "token_type": "Bearer", "id_token": id_token })))
}

async fn userinfo(State(said): Shared, headers: HeaderMap) -> (StatusCode, Json<Value>) {
    let known = headers.get(header::AUTHORIZATION).is_some_and(|value| value == "Bearer for-me");
    if known {
        (StatusCode::OK, Json(locked(&said).userinfo.clone()))
    } else {
        (StatusCode::UNAUTHORIZED, Json(json!({})))
    }
}

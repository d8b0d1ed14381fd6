//! An identity provider is asked over TLS, and known by its certificate.

use std::sync::Arc;

use connectors::identity::address::Begin;
use connectors::identity::{Believed, IdentityConfig, Provider};
use connectors::secret::{Secret, SecretRef};
use connectors::surroundings::Surroundings;
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::support::{around, listener};

/// Whoever vouches for the provider of these tests.
const AUTHORITY: &str = "\
-----BEGIN CERTIFICATE-----
MIIBrjCCAVOgAwIBAgIUa5RyP+n/YAlbvtp4kfidPZWxdw8wCgYIKoZIzj0EAwIw
IzEhMB8GA1UEAwwYQXV0aG9yaXR5IG9mIHRoZXNlIHRlc3RzMCAXDTI2MTEzMDAx
MjQwNloYDzIxMjYxMTA2MDEyNDA2WjAjMSEwHwYDVQQDDBhBdXRob3JpdHkgb2Yg
dGhlc2UgdGVzdHMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAS1ULXzkoi+keYk
GKJqXI3xxpR7jR1TeOgJsrYaufLr20tdBerywcc27hC3i6fHgMr1BUaVb7v/cEBn
dz9xpCMHo2MwYTAdBgNVHQ4EFgQUVm+Yp6e+PeO6PxFsYryWL008JrIwHwYDVR0j
BBgwFoAUVm+Yp6e+PeO6PxFsYryWL008JrIwDwYDVR0TAQH/BAUwAwEB/zAOBgNV
HQ8BAf8EBAMCAgQwCgYIKoZIzj0EAwIDSQAwRgIhALpcSxabuaQ4TjuGVm9pp4vL
X+lUJV3pnapL0RMo5+pJAiEAkt99DmtmhSRksY0Mt2bQJTATu+cy60SesIF1ZxnX
1Mc=
-----END CERTIFICATE-----
";

/// The certificate of `localhost` by that authority, until 2120, and its key, which opens nothing else.
const CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----
MIIBoTCCAUegAwIBAgICEAAwCgYIKoZIzj0EAwIwIzEhMB8GA1UEAwwYQXV0aG9y
aXR5IG9mIHRoZXNlIHRlc3RzMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAw
MDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMB
BwNCAAR6l/+KaecYnfYg6Eg5fthlLFUHwp/wFNUg4D+ct3ssmNm+39u4ITfJi6k+
4sN8v+MDbEryLBH+eHW6Nz/KV9hjo3gwdjAUBgNVHREEDTALgglsb2NhbGhvc3Qw
EwYDVR0lBAwwCgYIKwYBBQUHAwEwCQYDVR0TBAIwADAdBgNVHQ4EFgQU9Z6A8DnU
6nNuFJHwSCOE8SDFJ7EwHwYDVR0jBBgwFoAUVm+Yp6e+PeO6PxFsYryWL008JrIw
CgYIKoZIzj0EAwIDSAAwRQIgVZT9Ig5OQyWDLYvgVcZ1+To70QIhVE/+jHLCD3ml
KB8CIQCwoLd/md2Y9LvthXf0eBWucwjdamocFX+EjY9JpYGYlA==
-----END CERTIFICATE-----
";
const KEY: &str = "\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgZ0/HROBkg1oz2uVe
KzMeVm6I8QUU3QepsUTYVrIszkqhRANCAAR6l/+KaecYnfYg6Eg5fthlLFUHwp/w
FNUg4D+ct3ssmNm+39u4ITfJi6k+4sN8v+MDbEryLBH+eHW6Nz/KV9hj
-----END PRIVATE KEY-----
";

/// A provider on this machine that says of itself what it must, and has no keys yet; gives its port.
async fn serve() -> u16 {
    let (listener, _) = listener().await;
    let port = listener.local_addr().unwrap().port();
    let chain = vec![CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((line, _)) = listener.accept().await {
            // Whoever does not know the authority goes away here.
            let Ok(mut line) = acceptor.accept(line).await else { continue };
            let mut asked = vec![0; 4096];
            let read = line.read(&mut asked).await.unwrap();
            let at = |path: &str| format!("https://localhost:{port}{path}");
            let said = if asked[..read].starts_with(b"GET /keys ") {
                json!({ "keys": [] })
            } else {
                json!({
                    "issuer": at(""), "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"), "jwks_uri": at("/keys"),
                })
            };
            let said = said.to_string();
            let answer =
                format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{said}", said.len());
            line.write_all(answer.as_bytes()).await.unwrap();
            let _ = line.shutdown().await;
        }
    });
    port
}

/// Asks the provider under this name where a browser is sent, trusting whoever is in `authorities`.
async fn begun(host: &str, port: u16, authorities: &str) -> Result<String, String> {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("authorities.pem"), authorities).unwrap();
    let secret = Secret::random().1;
    let variable = move |_: &str| Some(secret.clone());
    let around = Surroundings { variable: &variable, ..around(folder.path()) };
    let config = IdentityConfig {
        issuer: format!("https://{host}:{port}"),
        client_id: "town".to_owned(),
        client_secret: SecretRef::Env("SECRET".to_owned()),
        scopes: vec!["openid".to_owned()],
        button: std::collections::BTreeMap::new(),
        second_factor: Believed::default(),
        authorities: Some("authorities.pem".into()),
        towns: Vec::new(),
    };
    let provider = Provider::open(&config, &around).map_err(|error| format!("{error:#}"))?;
    let begin =
        Begin { redirect_uri: "https://town.example/back", state: "s", nonce: "n", verifier: "v", language: "en" };
    provider.begin(begin).await.map_err(|fault| fault.to_string())
}

#[tokio::test]
async fn auth_14_a_provider_is_known_by_its_certificate() {
    let port = serve().await;
    let to = begun("localhost", port, AUTHORITY).await.unwrap();
    assert!(to.starts_with(&format!("https://localhost:{port}/authorize?response_type=code")), "{to}");
    // The same certificate is not that of another name, and nobody vouches for it elsewhere.
    let other = begun("127.0.0.1", port, AUTHORITY).await.unwrap_err();
    assert!(other.contains("certificate"), "{other}");
    let stranger = begun("localhost", port, CERTIFICATE).await.unwrap_err();
    assert!(stranger.contains("certificate"), "{stranger}");
    let nobody = begun("localhost", port, "").await.unwrap_err();
    assert!(nobody.contains("no certificates of authorities"), "{nobody}");
}

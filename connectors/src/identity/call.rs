//! Asking an identity provider over HTTP, with TLS, and with a limit on everything.
//!
//! This is apart from [`crate::http`], whose client speaks no TLS and is asked for every payment: the certificates of
//! authorities are read once, and only where somebody is asked who needs them.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use axum::body::{Body, to_bytes};
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, USER_AGENT};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use reqwest::Url;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::fault::Fault;
use crate::limits::{CALL_TIMEOUT, CONNECT_TIMEOUT, IDENTITY_ANSWER_BYTES};

/// A connection, sealed or not.
trait Line: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Line for T {}

/// What is asked.
pub(super) struct Asked<'a> {
    /// Where.
    pub(super) url: &'a Url,
    /// Who asks, as the header says it; empty for nobody.
    pub(super) authorization: String,
    /// The form that is sent; none for a question without one.
    pub(super) form: Option<String>,
}

/// Asks identity providers.
pub(super) struct Caller {
    tls: Option<TlsConnector>,
}

impl Caller {
    /// Makes ready to ask. Where TLS is needed, the certificates of authorities are those in `file`, or those of this
    /// machine if none is named.
    pub(super) fn open(needs_tls: bool, file: Option<&Path>) -> anyhow::Result<Self> {
        if !needs_tls {
            return Ok(Self { tls: None });
        }
        let mut roots = RootCertStore::empty();
        let (taken, _) = roots.add_parsable_certificates(authorities(file)?);
        ensure!(
            taken > 0,
            "there are no certificates of authorities by which an identity provider could be known: install ca-certificates, or name a file in `authorities`"
        );
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls: Some(TlsConnector::from(Arc::new(config))) })
    }

    /// Asks, and reads the answer up to its limit. No redirect is followed; every answer but a success is a fault.
    pub(super) async fn call(&self, asked: Asked<'_>) -> Result<Vec<u8>, Fault> {
        let answered = timeout(CALL_TIMEOUT, self.exchange(asked)).await;
        let (status, body) = answered.map_err(|_| Fault::temporary("no answer in time"))??;
        if status.is_success() {
            return Ok(body);
        }
        let said: String = String::from_utf8_lossy(&body).chars().take(200).collect();
        let why = format!("the identity provider answered {status}: {said}");
        let passes = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
        Err(if passes { Fault::Temporary(why) } else { Fault::Permanent(why) })
    }

    async fn exchange(&self, asked: Asked<'_>) -> Result<(StatusCode, Vec<u8>), Fault> {
        let line = timeout(CONNECT_TIMEOUT, self.connect(asked.url)).await;
        let line = line.map_err(|_| Fault::temporary("no connection in time"))??;
        let (mut sender, connection) = http1::handshake(TokioIo::new(line)).await.map_err(Fault::temporary)?;
        // It ends when the sender is dropped; what goes wrong on it is told there as well.
        tokio::spawn(async move { drop(connection.await) });
        let answer = sender.send_request(request(asked)?).await.map_err(Fault::temporary)?;
        let status = answer.status();
        let body = to_bytes(Body::new(answer.into_body()), IDENTITY_ANSWER_BYTES).await.map_err(Fault::temporary)?;
        Ok((status, body.to_vec()))
    }

    async fn connect(&self, url: &Url) -> Result<Box<dyn Line>, Fault> {
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let port = url.port_or_known_default().unwrap_or_default();
        let plain = TcpStream::connect((host, port)).await.map_err(Fault::temporary)?;
        if url.scheme() == "http" {
            return Ok(Box::new(plain));
        }
        let tls = self.tls.as_ref().ok_or_else(|| Fault::permanent("https was not made ready"))?;
        let name = ServerName::try_from(host.to_owned()).map_err(Fault::permanent)?;
        Ok(Box::new(tls.connect(name, plain).await.map_err(Fault::temporary)?))
    }
}

/// The certificates of those who vouch for an identity provider.
fn authorities(file: Option<&Path>) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let Some(file) = file else { return Ok(rustls_native_certs::load_native_certs().certs) };
    let told = || format!("reading the certificates in {}", file.display());
    CertificateDer::pem_file_iter(file).with_context(told)?.collect::<Result<_, _>>().with_context(told)
}

fn request(asked: Asked<'_>) -> Result<Request<Body>, Fault> {
    let Asked { url, authorization, form } = asked;
    let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let host = url.host_str().unwrap_or_default();
    let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let mut request = Request::builder()
        .method(if form.is_some() { Method::POST } else { Method::GET })
        .uri(path)
        .header(HOST, host)
        .header(ACCEPT, "application/json")
        .header(USER_AGENT, concat!("nagar/", env!("CARGO_PKG_VERSION")));
    if !authorization.is_empty() {
        request = request.header(AUTHORIZATION, authorization);
    }
    if form.is_some() {
        request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    request.body(form.map_or_else(Body::empty, Body::from)).map_err(Fault::permanent)
}

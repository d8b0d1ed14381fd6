//! Hears what is asked of a PostgreSQL: stands in front of it, counts the calls, and passes on what comes by.

use std::io;
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::postgres::PgConnectOptions;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};

/// What asks for a safe line, by TLS and by GSSAPI: there is none to an ear.
const SAFE: [u32; 2] = [80_877_103, 80_877_104];

/// Stands in front of a server for as long as the program runs.
pub(crate) struct Ear {
    address: String,
    calls: Arc<AtomicUsize>,
}

impl Ear {
    /// Begins to listen in front of `server`, an address of which the user, the database and the settings are kept.
    pub(crate) async fn before(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = instead(server, listener.local_addr().unwrap().port());
        let (calls, to) = (Arc::new(AtomicUsize::new(0)), PgConnectOptions::from_str(server).unwrap());
        let heard = Arc::clone(&calls);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (to, heard) = (to.clone(), Arc::clone(&heard));
                // A line that is cut is noticed at both of its ends.
                tokio::spawn(async move { drop(lead(client, &to, &heard).await) });
            }
        });
        Self { address, calls }
    }

    /// The address under which the server is reached through it; it has a `?`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// How many calls it has heard: each is a statement that is run once it is prepared, or a text of statements that
    /// go together.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

/// The address with another place in it.
fn instead(server: &str, port: u16) -> String {
    let (scheme, rest) = server.split_once("://").unwrap();
    let (authority, rest) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let who = authority.rfind('@').map_or("", |at| &authority[..=at]);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let of_place = |pair: &&str| ["host=", "hostaddr=", "port=", "sslmode="].iter().any(|name| pair.starts_with(name));
    let mut settings = vec!["sslmode=disable"];
    settings.extend(query.split('&').filter(|pair| !pair.is_empty() && !of_place(pair)));
    let path = if path.is_empty() { "/" } else { path };
    format!("{scheme}://{who}127.0.0.1:{port}{path}?{}", settings.join("&"))
}

async fn lead(client: TcpStream, to: &PgConnectOptions, calls: &AtomicUsize) -> io::Result<()> {
    let (host, port) = (to.get_host(), to.get_port());
    let folder = to.get_socket().map(|folder| folder.display().to_string());
    match folder.or_else(|| host.starts_with('/').then(|| host.to_owned())) {
        Some(folder) => pass(client, UnixStream::connect(format!("{folder}/.s.PGSQL.{port}")).await?, calls).await,
        None => pass(client, TcpStream::connect((host.trim_matches(['[', ']']), port)).await?, calls).await,
    }
}

/// Passes on what is said in both directions until one of them ends.
async fn pass<S>(mut client: TcpStream, mut server: S, calls: &AtomicUsize) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    client.set_nodelay(true)?;
    // The first message has no kind in front of it.
    let first = loop {
        let message = message(&mut client, Vec::new()).await?;
        let asked = message.get(4..8).and_then(|code| code.try_into().ok()).map(u32::from_be_bytes);
        if !asked.is_some_and(|code| SAFE.contains(&code)) {
            break message;
        }
        client.write_all(b"N").await?;
    };
    server.write_all(&first).await?;
    server.flush().await?;
    let (mut answers, asks) = tokio::io::split(server);
    let (said, mut told) = client.split();
    tokio::select! {
        ended = count(said, asks, calls) => ended,
        ended = tokio::io::copy(&mut answers, &mut told) => ended.map(drop),
    }
}

/// Passes on what a client says, and counts what of it is to be run.
async fn count(
    mut said: impl AsyncRead + Unpin,
    mut asks: impl AsyncWrite + Unpin,
    calls: &AtomicUsize,
) -> io::Result<()> {
    loop {
        let kind = said.read_u8().await?;
        let message = message(&mut said, vec![kind]).await?;
        if matches!(kind, b'E' | b'Q') {
            calls.fetch_add(1, Ordering::SeqCst);
        }
        asks.write_all(&message).await?;
        asks.flush().await?;
    }
}

/// A message with its length, behind what of it was read before.
async fn message(from: &mut (impl AsyncRead + Unpin), mut before: Vec<u8>) -> io::Result<Vec<u8>> {
    let length = from.read_u32().await?;
    before.extend(length.to_be_bytes());
    let rest = usize::try_from(length.saturating_sub(4)).map_err(io::Error::other)?;
    let begin = before.len();
    before.resize(begin + rest, 0);
    from.read_exact(&mut before[begin..]).await?;
    Ok(before)
}

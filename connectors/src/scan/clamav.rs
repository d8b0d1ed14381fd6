//! `clamav`: the daemon of ClamAV, over a socket of this machine or of one that is trusted as much.
//!
//! The command is `INSTREAM` (clamd's manual): pieces with their length before them, a length of nothing at the
//! end, and one line as answer. Nothing of a file is written down over there.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::Found;
use crate::fault::Fault;
use crate::limits::{CONNECT_TIMEOUT, SCAN_ANSWER, SCAN_PIECE, SCAN_TIME};
use crate::{Answer, Scanner};

/// Where the daemon is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClamavConfig {
    /// The path of its socket, or its address and port.
    pub at: String,
}

/// The daemon of ClamAV.
pub struct Clamav {
    at: String,
    patience: Duration,
}

impl Clamav {
    /// Takes the place of the daemon; whether it is there is seen with the first file.
    ///
    /// # Errors
    /// When the place can be none.
    pub fn open(config: &ClamavConfig) -> anyhow::Result<Self> {
        let at = config.at.clone();
        let address = at.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
        anyhow::ensure!(
            at.starts_with('/') || address,
            "scan.at `{at}` is neither the path of a socket nor an address with its port"
        );
        Ok(Self { at, patience: SCAN_TIME })
    }

    async fn ask(&self, bytes: &[u8]) -> Result<Found, Fault> {
        let away = |error: std::io::Error| Fault::temporary(format!("the checker of viruses at {}: {error}", self.at));
        if self.at.starts_with('/') {
            #[cfg(unix)]
            return talk(tokio::net::UnixStream::connect(&self.at).await.map_err(away)?, bytes).await;
            #[cfg(not(unix))]
            return Err(Fault::permanent("there are no such sockets on this machine"));
        }
        let connecting = tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect(&self.at));
        let stream = connecting.await.map_err(|_| Fault::temporary("the checker of viruses does not answer"))?;
        talk(stream.map_err(away)?, bytes).await
    }
}

impl Scanner for Clamav {
    fn scan<'a>(&'a self, bytes: &'a [u8]) -> Answer<'a, Found, Fault> {
        Box::pin(async move {
            let asking = tokio::time::timeout(self.patience, self.ask(bytes));
            asking.await.map_err(|_| Fault::temporary("the checker of viruses does not come to an end"))?
        })
    }
}

async fn talk(mut stream: impl AsyncRead + AsyncWrite + Unpin, bytes: &[u8]) -> Result<Found, Fault> {
    let sent = send(&mut stream, bytes).await;
    // Who is given too much says so and hangs up: what it said is read first.
    let mut answer = Vec::new();
    let heard = (&mut stream).take(SCAN_ANSWER).read_to_end(&mut answer).await;
    if answer.is_empty() {
        sent.and(heard.map(drop)).map_err(Fault::temporary)?;
    }
    understood(&answer)
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> std::io::Result<()> {
    stream.write_all(b"zINSTREAM\0").await?;
    for piece in bytes.chunks(SCAN_PIECE) {
        let length = u32::try_from(piece.len()).expect("a piece is small");
        stream.write_all(&length.to_be_bytes()).await?;
        stream.write_all(piece).await?;
    }
    stream.write_all(&[0; 4]).await?;
    stream.flush().await
}

/// `stream: OK`, `stream: NAME FOUND`, or what went wrong. Only what says that nothing was found is believed to say so.
fn understood(answer: &[u8]) -> Result<Found, Fault> {
    let text = String::from_utf8_lossy(answer);
    let text = text.trim_end_matches(['\0', '\n']).trim();
    let said = text.strip_prefix("stream: ").unwrap_or(text);
    if said == "OK" {
        return Ok(Found::Nothing);
    }
    match said.strip_suffix(" FOUND") {
        Some(name) => Ok(Found::Virus(name.chars().filter(|letter| !letter.is_control()).take(100).collect())),
        None => Err(Fault::temporary(format!(
            "the checker of viruses said {:?}",
            said.chars().take(200).collect::<String>()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ok_is_taken_for_ok() {
        assert_eq!(understood(b"stream: OK\0"), Ok(Found::Nothing));
        let found = understood(b"stream: Win.Test.EICAR_HDB-1 FOUND\0");
        assert_eq!(found, Ok(Found::Virus("Win.Test.EICAR_HDB-1".to_owned())));
        for odd in [&b""[..], b"INSTREAM size limit exceeded. ERROR\0", b"stream: \0", b"stream: NOT OK\0", b"\xFF\xFE"]
        {
            assert!(understood(odd).is_err(), "{odd:?}");
        }
    }
}

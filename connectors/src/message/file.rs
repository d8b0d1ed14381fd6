//! `file`: messages are added to a file, one JSON object a line. The developer's outbox.
//!
//! Addresses are kept whole, because the developer reads the outbox in the recipient's stead.
//! A line survives the end of the process at once, and a power failure a little later: nobody
//! waits for these messages, and a disk flush for each would slow a demonstration down.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::fault::Fault;
use crate::lines::{Keep, Lines};
use crate::message::{Message, Sent};
use crate::surroundings::Surroundings;
use crate::{Answer, Messenger};

/// Where the outbox is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileConfig {
    /// The file, below the data directory unless absolute. Several towns may share one.
    pub path: PathBuf,
}

/// A messenger that writes to a file.
pub struct File(Arc<Mutex<Outbox>>);

struct Outbox {
    lines: Lines,
    sent: BTreeSet<Mark>,
}

/// Half a digest of tenant and key: enough to tell messages apart, and small for any number of them.
type Mark = [u8; 16];

impl File {
    /// Opens the outbox and reads which messages it holds already.
    ///
    /// # Errors
    /// When the file cannot be read or made.
    pub fn open(config: &FileConfig, around: &Surroundings) -> anyhow::Result<Self> {
        let path = around.data_dir.join(&config.path);
        let lines = Lines::open(&path).with_context(|| format!("opening the outbox {}", path.display()))?;
        let mut outbox = Outbox { lines, sent: BTreeSet::new() };
        outbox.exchange(|_| None).with_context(|| format!("reading the outbox {}", path.display()))?;
        Ok(Self(Arc::new(Mutex::new(outbox))))
    }
}

impl Messenger for File {
    fn send<'a>(&'a self, message: &'a Message) -> Answer<'a, Sent, Fault> {
        Box::pin(async move {
            message.check()?;
            let line = serde_json::to_string(message).map_err(Fault::permanent)?;
            let (outbox, mark) = (Arc::clone(&self.0), mark(&message.tenant, &message.key));
            let write = move || outbox.lock().expect("no holder of the outbox panics").send(mark, line);
            let again = tokio::task::spawn_blocking(write)
                .await
                .map_err(Fault::temporary)?
                .map_err(|error| Fault::temporary(format!("the outbox cannot be written: {error}")))?;
            Ok(Sent { reference: format!("file/{}/{}", message.tenant, message.key), again })
        })
    }
}

impl Outbox {
    /// Adds a line unless its message is there; returns whether it was.
    fn send(&mut self, mark: Mark, line: String) -> io::Result<bool> {
        let mut again = false;
        self.exchange(|sent| {
            again = sent.contains(&mark);
            (!again).then_some(line)
        })?;
        self.sent.insert(mark);
        Ok(again)
    }

    /// Learns what others added, then adds what `next` makes.
    fn exchange(&mut self, next: impl FnOnce(&mut BTreeSet<Mark>) -> Option<String>) -> io::Result<()> {
        self.lines.catch_up_and_add(Keep::ThroughOurEnd, &mut self.sent, BTreeSet::clear, remember, next)
    }
}

/// Notes which message a line holds. Lines that are none are left alone: people edit this file.
#[expect(clippy::unnecessary_wraps, reason = "a reader of lines may refuse one; this one never does")]
fn remember(sent: &mut BTreeSet<Mark>, line: &str) -> io::Result<()> {
    #[derive(Deserialize)]
    struct Known {
        tenant: String,
        key: String,
    }
    if let Ok(known) = serde_json::from_str::<Known>(line) {
        sent.insert(mark(&known.tenant, &known.key));
    } else {
        tracing::warn!("a line in the outbox is not a message; it is left alone");
    }
    Ok(())
}

fn mark(tenant: &str, key: &str) -> Mark {
    let digest = Sha256::new().chain_update(tenant).chain_update([0]).chain_update(key).finalize();
    digest[..16].try_into().expect("a SHA-256 digest has 32 octets")
}

//! `disk`: files in a directory, at `tenant/ab/cd/<sha-256>`.
//!
//! A file is written under a name by chance, flushed, and only then given its own name, and the
//! directory flushed after: at every moment a file with a proper name is whole.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::incoming::{Incoming, make_directories};
use super::{Digest, Kind, PutError, Source, Stored, TakeError, Unfit, Upload, name};
use crate::control::holds;
use crate::fault::Fault;
use crate::limits::{BROKEN_UPLOAD_AGE, FILE_BYTES, PUT_AGAIN, SEAL_BYTES, TENANT_BYTES};
use crate::surroundings::Surroundings;
use crate::{Answer, FileStore};

/// Where unfinished uploads are. No tenant's name begins with a point.
const INCOMING: &str = ".incoming";

/// Where files are kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiskConfig {
    /// The directory, below the data directory unless absolute.
    pub path: PathBuf,
}

/// A store in a directory.
pub struct Disk {
    root: Arc<Path>,
}

impl Disk {
    /// Opens the store, makes its directories, and clears away uploads that broke off long ago.
    ///
    /// # Errors
    /// When the directories cannot be made or read.
    pub fn open(config: &DiskConfig, around: &Surroundings) -> anyhow::Result<Self> {
        let root = around.data_dir.join(&config.path);
        let incoming = root.join(INCOMING);
        let about = || format!("opening the file store {}", root.display());
        make_directories(&incoming).with_context(about)?;
        clear_away(&incoming).with_context(about)?;
        Ok(Self { root: root.into() })
    }

    fn path(&self, tenant: &str, digest: &Digest) -> Option<PathBuf> {
        let text = digest.to_string();
        is_tenant(tenant).then(|| self.root.join(tenant).join(&text[..2]).join(&text[2..4]).join(&text))
    }
}

impl FileStore for Disk {
    fn put<'a>(&'a self, upload: Upload<'a>, source: &'a mut dyn Source) -> Answer<'a, Stored, PutError> {
        Box::pin(async move {
            if !is_tenant(upload.tenant) {
                return Err(Fault::permanent("this cannot be the name of a tenant").into());
            }
            let sealed = if upload.allowed.contains(&Kind::Sealed) { SEAL_BYTES } else { 0 };
            let most = upload.max_bytes.min(FILE_BYTES + sealed);
            let mut incoming = Incoming::begin(&self.root.join(INCOMING), most)?;
            while let Some(piece) = source.next().await.map_err(|_| Unfit::Interrupted)? {
                incoming = away(move || incoming.add(&piece)).await?;
                incoming.refuse_early(&upload)?;
            }
            let kind = incoming.kind(&upload)?;
            if !name::agrees(upload.name, upload.claimed_type, kind) {
                return Err(Unfit::Mismatch(kind).into());
            }
            let (root, tenant) = (Arc::clone(&self.root), upload.tenant.to_owned());
            let (digest, size) = away(move || incoming.keep(&root, &tenant, kind)).await?;
            Ok(Stored { digest, size, kind, name: name::shown(upload.name) })
        })
    }

    fn get<'a>(&'a self, tenant: &'a str, digest: &'a Digest) -> Answer<'a, Vec<u8>, TakeError> {
        Box::pin(async move {
            let path = self.path(tenant, digest).ok_or(TakeError::Missing)?;
            let (bytes, found) = away(move || {
                let mut bytes = Vec::new();
                open_kept(&path)?.take(FILE_BYTES + SEAL_BYTES + 1).read_to_end(&mut bytes).map_err(failed_to_read)?;
                let found = Digest::new(Sha256::digest(&bytes).into());
                Ok::<_, TakeError>((bytes, found))
            })
            .await?;
            if found == *digest || !holds("file_07_hash") { Ok(bytes) } else { Err(TakeError::Altered) }
        })
    }

    fn verify<'a>(&'a self, tenant: &'a str, digest: &'a Digest) -> Answer<'a, (), TakeError> {
        Box::pin(async move {
            let path = self.path(tenant, digest).ok_or(TakeError::Missing)?;
            let found = away(move || hash(open_kept(&path)?).map_err(failed_to_read)).await?;
            if found == *digest { Ok(()) } else { Err(TakeError::Altered) }
        })
    }

    fn remove<'a>(&'a self, tenant: &'a str, digest: &'a Digest) -> Answer<'a, bool, TakeError> {
        Box::pin(async move {
            let path = self.path(tenant, digest).ok_or(TakeError::Missing)?;
            away(move || take_away(&path).map_err(failed_to_read)).await
        })
    }
}

/// Takes a file away, unless it was put there a moment ago: then somebody is about to name it.
fn take_away(path: &Path) -> io::Result<bool> {
    let put = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        found => found?.modified()?,
    };
    if SystemTime::now().duration_since(put).unwrap_or_default() < PUT_AGAIN {
        return Ok(false);
    }
    fs::remove_file(path)?;
    Ok(true)
}

/// A tenant's name becomes a directory: small letters, digits, `-` and `_`.
fn is_tenant(tenant: &str) -> bool {
    (1..=TENANT_BYTES).contains(&tenant.len())
        && tenant.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
}

fn clear_away(incoming: &Path) -> io::Result<()> {
    for entry in fs::read_dir(incoming)? {
        let entry = entry?;
        let age = SystemTime::now().duration_since(entry.metadata()?.modified()?).unwrap_or_default();
        if age > BROKEN_UPLOAD_AGE {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn open_kept(path: &Path) -> Result<File, TakeError> {
    File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => TakeError::Missing,
        _ => failed_to_read(error),
    })
}

fn hash(mut file: File) -> io::Result<Digest> {
    let mut hash = Sha256::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(Digest::new(hash.finalize().into())),
            read => hash.update(&piece[..read]),
        }
    }
}

/// Runs what waits for the disk away from the threads that serve.
async fn away<T: Send + 'static, E: From<Fault> + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, E> {
    tokio::task::spawn_blocking(work).await.map_err(|error| E::from(Fault::temporary(error)))?
}

impl From<Fault> for TakeError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where an error is mapped")]
fn failed_to_read(error: io::Error) -> TakeError {
    Fault::temporary(format!("the disk cannot be read: {error}")).into()
}

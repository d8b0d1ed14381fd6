//! An upload on its way to the disk: written under a name by chance, looked at, then given its own.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::inspect::{self, Failure, HEAD};
use super::{Digest, Kind, PutError, Unfit, Upload};
use crate::fault::Fault;
use crate::hex;

/// An upload on its way. Dropped before it is kept, it leaves nothing.
pub(super) struct Incoming {
    path: PathBuf,
    file: File,
    hash: Sha256,
    head: Vec<u8>,
    size: u64,
    limit: u64,
}

impl Incoming {
    /// Begins an upload in a directory for those that are not whole yet.
    pub(super) fn begin(directory: &Path, limit: u64) -> Result<Self, PutError> {
        let path = directory.join(hex::random_id("upload"));
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            // People's papers: nobody else on the machine reads them.
            options.mode(0o600);
        }
        let file = options.open(&path).map_err(failed_to_write)?;
        Ok(Self { path, file, hash: Sha256::new(), head: Vec::new(), size: 0, limit })
    }

    /// Takes the next piece, or refuses the whole when it grows too large.
    pub(super) fn add(mut self, piece: &[u8]) -> Result<Self, PutError> {
        self.size += piece.len() as u64;
        if self.size > self.limit {
            return Err(Unfit::TooBig(self.limit).into());
        }
        let wanted = HEAD.saturating_sub(self.head.len()).min(piece.len());
        self.head.extend_from_slice(&piece[..wanted]);
        self.hash.update(piece);
        self.file.write_all(piece).map_err(failed_to_write)?;
        Ok(self)
    }

    /// Ends the upload as soon as its first octets show that it will not be taken.
    pub(super) fn refuse_early(&self, upload: &Upload) -> Result<(), PutError> {
        if self.head.len() < HEAD { Ok(()) } else { self.kind(upload).map(drop) }
    }

    /// What the upload is, if that is wanted.
    pub(super) fn kind(&self, upload: &Upload) -> Result<Kind, PutError> {
        if self.size == 0 {
            return Err(Unfit::Empty.into());
        }
        let kind = inspect::kind_of(&self.head);
        kind.filter(|kind| upload.allowed.contains(kind)).ok_or(Unfit::WrongKind(kind).into())
    }

    /// Gives the upload its name, once it is known to be fit and safe on the disk.
    pub(super) fn keep(mut self, root: &Path, tenant: &str, kind: Kind) -> Result<(Digest, u64), PutError> {
        inspect::inspect(&mut self.file, kind).map_err(|failure| match failure {
            Failure::Unfit(unfit) => PutError::Unfit(unfit),
            Failure::Disk(error) => failed_to_write(error),
        })?;
        let digest = Digest::new(self.hash.finalize_reset().into());
        let text = digest.to_string();
        let directory = root.join(tenant).join(&text[..2]).join(&text[2..4]);
        let settle = || -> io::Result<()> {
            self.file.sync_all()?;
            make_directories(&directory)?;
            // A file that is there already has the same content, or was damaged and is mended by this.
            fs::rename(&self.path, directory.join(&text))?;
            flush_directory(&directory)
        };
        settle().map_err(failed_to_write)?;
        Ok((digest, self.size))
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // After a successful rename there is nothing of this name any more, which is as well.
        if let Err(error) = fs::remove_file(&self.path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "the remains of an upload stay until a later start");
        }
    }
}

/// Makes a directory and those above it, and flushes each one that gained an entry.
pub(super) fn make_directories(directory: &Path) -> io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let above = directory.parent().filter(|above| !above.as_os_str().is_empty());
    if let Some(above) = above {
        make_directories(above)?;
    }
    match fs::create_dir(directory) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => above.map_or(Ok(()), flush_directory),
    }
}

/// Makes the entries of a directory outlive a power failure.
fn flush_directory(directory: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where an error is mapped")]
fn failed_to_write(error: io::Error) -> PutError {
    let what =
        if error.kind() == io::ErrorKind::StorageFull { "the disk is full" } else { "the disk cannot be written" };
    Fault::temporary(format!("{what}: {error}")).into()
}

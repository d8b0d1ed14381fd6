//! A file of lines that is only ever added to, and survives being cut off in mid-write.
//!
//! Two writers, even in two processes, may share a file: each operation holds the file's lock and
//! first reads what others have added. A line without its end was never acknowledged to anyone,
//! so it is cut away.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::limits::LINE_BYTES;

/// Whether an added line must outlive a power failure, or only the process.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Flushed to the disk before the call returns.
    ThroughPowerFailure,
    /// Handed to the operating system, which writes it soon.
    ThroughOurEnd,
}

/// The file, and how far it has been read.
pub(crate) struct Lines {
    path: PathBuf,
    read_to: u64,
}

impl Lines {
    /// The lines kept at `path`, none of them read so far. The file and its directory are made.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        open_file(path)?;
        Ok(Self { path: path.to_owned(), read_to: 0 })
    }

    /// Gives `each` every whole line that was not seen before, then adds the line that `next` makes,
    /// if it makes one; all under the file's lock. `reset` is called first when the file was
    /// replaced by a shorter one, so that what was read is forgotten.
    pub(crate) fn catch_up_and_add<T>(
        &mut self,
        keep: Keep,
        memory: &mut T,
        reset: impl FnOnce(&mut T),
        mut each: impl FnMut(&mut T, &str) -> io::Result<()>,
        next: impl FnOnce(&mut T) -> Option<String>,
    ) -> io::Result<()> {
        // Opened anew each time, so that a file which someone moved away is noticed.
        let mut file = open_file(&self.path)?;
        file.lock()?;
        if file.metadata()?.len() < self.read_to {
            reset(memory);
            self.read_to = 0;
        }
        self.read_to = read_from(&mut file, self.read_to, |line| each(memory, line))?;
        if let Some(mut line) = next(memory) {
            debug_assert!(!line.contains('\n'), "JSON escapes line ends");
            if line.len() > LINE_BYTES {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "the line is too long"));
            }
            line.push('\n');
            file.write_all(line.as_bytes())?;
            if keep == Keep::ThroughPowerFailure {
                file.sync_data()?;
            }
            self.read_to += line.len() as u64;
        }
        Ok(())
    }
}

fn open_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // The lines hold people's addresses: nobody else on the machine reads them.
        options.mode(0o600);
    }
    options.open(path)
}

/// Reads whole lines from `start` and cuts off a last one without end. Returns where reading ended.
fn read_from(file: &mut File, start: u64, mut each: impl FnMut(&str) -> io::Result<()>) -> io::Result<u64> {
    let end = file.metadata()?.len();
    if end == start {
        return Ok(start);
    }
    file.seek(SeekFrom::Start(start))?;
    let mut at = start;
    let mut reader = BufReader::new(&mut *file);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut reader).take(LINE_BYTES as u64 + 1).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(at);
        }
        if line.pop() != Some(b'\n') {
            if read > LINE_BYTES {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a line in the file is too long"));
            }
            drop(reader);
            file.set_len(at)?;
            return Ok(at);
        }
        let text = std::str::from_utf8(&line).map_err(|wrong| io::Error::new(io::ErrorKind::InvalidData, wrong))?;
        each(text)?;
        at += read as u64;
    }
}

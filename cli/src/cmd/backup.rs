//! `nagar backup`: an archive of a store, sealed, made while the store is served.

use std::fs::{self, File, OpenOptions};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use server::archive::{self, Manifest, Sealing};
use server::chance::{Chance, Clock};

use super::place::{self, Key, Place};
use super::serve;
use crate::output;

/// What `nagar backup` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    key: Key,
    /// Only this town or state; may be given again.
    #[arg(long)]
    tenant: Vec<String>,
    /// The archive to write; it must not be there yet.
    #[arg(long, short)]
    output: PathBuf,
}

/// Writes the archive; 1 if a file was missing that ought to be in it.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    serve::runtime()?.block_on(all(args, json))
}

async fn all(args: &Args, json: bool) -> Result<ExitCode> {
    let secret = args.key.secret()?;
    let path = &args.output;
    ensure!(!path.exists(), "{} is there already", path.display());
    let (store, files) = (args.place.store().await?, args.place.files()?);
    let tenants = place::tenants(&store, &args.tenant).await?;
    let bar = output::progress(json, archive::size(&store, &tenants).await?, "Backing up")?;
    let part = Part::begin(path)?;
    let mut sealing = Sealing::begin(BufWriter::new(&part.file), &secret, Chance::System.bytes())?;
    let from = (&store, Some(&*files));
    let manifest = archive::write(from, &tenants, Clock::System.now_ms(), &mut sealing, || bar.inc(1)).await?;
    drop(sealing.finish()?);
    bar.finish_and_clear();
    let octets = part.keep(path)?;
    tell(path, &tenants, &manifest, octets, json);
    Ok(if manifest.missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn tell(path: &Path, tenants: &[String], manifest: &Manifest, octets: u64, json: bool) {
    let (rows, files, missing) = (manifest.rows(), manifest.files, &manifest.missing);
    if json {
        let told = json!({ "file": path.display().to_string(), "bytes": octets, "tenants": tenants, "rows": rows,
            "files": files, "missing": missing });
        output::say(&told.to_string());
        return;
    }
    output::say(&format!("{rows} rows of {} towns and {files} files in {}", tenants.len(), path.display()));
    for (tenant, digest) in missing {
        output::say(&format!("  {tenant}: the file {digest} is not there, or is not what it was"));
    }
    output::say("The folder `keys` is not in it: keep a copy of it elsewhere, apart from the archives.");
}

/// A file that is being written: under another name until it is whole, and readable by nobody else.
pub(crate) struct Part {
    pub(crate) file: File,
    path: PathBuf,
    kept: bool,
}

impl Part {
    pub(crate) fn begin(path: &Path) -> Result<Self> {
        let mut name = path.as_os_str().to_owned();
        name.push(".part");
        let path = PathBuf::from(name);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let file = options.open(&path).with_context(|| format!("writing {}", path.display()))?;
        Ok(Self { file, path, kept: false })
    }

    /// Gives the file its name, once it is on the disk; how many octets it has.
    pub(crate) fn keep(mut self, path: &Path) -> Result<u64> {
        self.file.sync_all()?;
        let octets = self.file.metadata()?.len();
        fs::rename(&self.path, path).with_context(|| format!("writing {}", path.display()))?;
        self.kept = true;
        Ok(octets)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_file(&self.path);
        }
    }
}

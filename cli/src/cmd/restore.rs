//! `nagar restore`: what an archive holds, put into an empty place and proved.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use connectors::FileStore;
use serde_json::json;
use server::archive::{self, Manifest, Opening, Put};
use server::store::Store;

use super::place::{self, Key, Place, Proof};
use super::serve;
use crate::output;

/// What `nagar restore` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The archive.
    archive: PathBuf,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    key: Key,
    /// Only this town or state; may be given again. The database may then have others.
    #[arg(long)]
    tenant: Vec<String>,
}

/// Puts everything there and proves it; 1 if something of it does not fit.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    serve::runtime()?.block_on(all(args, json))
}

async fn all(args: &Args, json: bool) -> Result<ExitCode> {
    let secret = args.key.secret()?;
    let file = File::open(&args.archive).with_context(|| format!("opening {}", args.archive.display()))?;
    let length = file.metadata()?.len();
    let bar = output::progress(json, length, "Restoring")?;
    let opening = Opening::begin(bar.wrap_read(file), &secret)?;
    std::fs::create_dir_all(&args.place.data)?;
    let (store, files) = (Store::open(&args.place.url()).await?, args.place.files()?);
    let restored = put((&store, Some(&*files)), opening, &args.tenant).await?;
    bar.finish_and_clear();
    let proved = prove(&store, Some(&*files), &restored, json).await?;
    let wrong = proved.tell(&restored, json);
    Ok(if wrong { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Puts an archive into a store.
pub(crate) async fn put(to: (&Store, Option<&dyn FileStore>), from: impl Read + Send, only: &[String]) -> Result<Put> {
    archive::restore(to, &mut BufReader::with_capacity(1 << 16, from), only, |_| ()).await
}

/// Whether a store holds what was put there, and whether that is whole.
pub(crate) struct Proved {
    /// Tables that are not as they were: tenant and table.
    differing: Vec<(String, String)>,
    proofs: Vec<Proof>,
}

/// Compares what a store holds with what was put there, and verifies it.
pub(crate) async fn prove(store: &Store, files: Option<&dyn FileStore>, put: &Put, json: bool) -> Result<Proved> {
    let bar = output::progress(json, put.manifest.rows(), "Comparing")?;
    let found = archive::sums(store, &put.tenants, || bar.inc(1)).await?;
    bar.finish_and_clear();
    let differing = put.manifest.differing(&found);
    Ok(Proved { differing, proofs: place::prove(store, files, &put.tenants, json).await? })
}

impl Proved {
    /// Adds what differs from what another store holds by now.
    pub(crate) fn compare(&mut self, put: &Put, other: &Manifest) {
        self.differing.extend(put.manifest.differing(other));
    }

    /// Says what was proved; whether something does not fit.
    pub(crate) fn tell(&self, put: &Put, json: bool) -> bool {
        let (rows, missing) = (put.manifest.rows(), &put.manifest.missing);
        let findings = place::tell(&self.proofs, json);
        if json {
            let told = json!({ "tenants": place::proofs_json(&self.proofs), "rows": rows, "files": put.files,
                "missing": missing, "differing": self.differing, "findings": findings });
            output::say(&told.to_string());
        } else {
            output::say(&format!("{rows} rows of {} towns and {} files are there", put.tenants.len(), put.files));
            for (tenant, table) in &self.differing {
                output::say(&format!("  {tenant}: {table} is not the same on both sides"));
            }
            for (tenant, digest) in missing {
                output::say(&format!("  {tenant}: the file {digest} was missing already"));
            }
            if self.differing.is_empty() {
                output::say("Every table is the same on both sides, row for row.");
            }
        }
        findings > 0 || !self.differing.is_empty()
    }
}

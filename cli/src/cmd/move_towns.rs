//! `nagar move`: towns with their history from one database to another, and the proof that both sides are
//! equal.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Seek as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use server::archive::{self, Opening, Sealing, Secret};
use server::chance::{Chance, Clock};
use server::store::Store;

use super::{place, restore, serve};
use crate::output;

/// What `nagar move` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The database to move from: `sqlite:…` or `postgres://…`. Nobody may be writing to it.
    #[arg(long)]
    from: String,
    /// The database to move to, which has nothing of these towns.
    #[arg(long)]
    to: String,
    /// Only this town or state; may be given again.
    #[arg(long)]
    tenant: Vec<String>,
    /// The folder of uploads and papers to move from; silent where the same folder serves both.
    #[arg(long, value_name = "FOLDER", requires = "to_files")]
    from_files: Option<PathBuf>,
    /// The folder of uploads and papers to move to.
    #[arg(long, value_name = "FOLDER", requires = "from_files")]
    to_files: Option<PathBuf>,
    /// Where there is room for as much as is moved, for the time of moving; sealed with a key that nobody
    /// learns.
    #[arg(long, value_name = "FOLDER", default_value_os_t = std::env::temp_dir())]
    scratch: PathBuf,
}

/// Moves and proves; 1 if the sides are not equal in the end, or something moved does not fit.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    serve::runtime()?.block_on(all(args, json))
}

async fn all(args: &Args, json: bool) -> Result<ExitCode> {
    ensure!(args.from != args.to, "both are the same database");
    let folder = |path: &Option<PathBuf>| path.as_deref().map(place::files).transpose();
    let (from_files, to_files) = (folder(&args.from_files)?, folder(&args.to_files)?);
    let from = Store::open(&args.from).await.context("opening the database to move from")?;
    let to = Store::open(&args.to).await.context("opening the database to move to")?;
    let tenants = place::tenants(&from, &args.tenant).await?;

    let secret = Secret::by_chance(Chance::System.bytes());
    let mut file = scratch(&args.scratch)?;
    let bar = output::progress(json, archive::size(&from, &tenants).await?, "Reading")?;
    let mut sealing = Sealing::begin(BufWriter::new(&file), &secret, Chance::System.bytes())?;
    let at_ms = Clock::System.now_ms();
    archive::write((&from, from_files.as_deref()), &tenants, at_ms, &mut sealing, || bar.inc(1)).await?;
    drop(sealing.finish()?);
    bar.finish_and_clear();

    file.rewind()?;
    let bar = output::progress(json, file.metadata()?.len(), "Writing")?;
    let opening = Opening::begin(bar.wrap_read(&file), &secret)?;
    let moved = restore::put((&to, to_files.as_deref()), opening, &args.tenant).await?;
    bar.finish_and_clear();

    let mut proved = restore::prove(&to, to_files.as_deref(), &moved, json).await?;
    // Read once more: whatever was written there meanwhile was not moved.
    proved.compare(&moved, &archive::sums(&from, &tenants, || ()).await?);
    let wrong = proved.tell(&moved, json);
    Ok(if wrong { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// A file that goes away with the program, however that ends.
fn scratch(folder: &std::path::Path) -> Result<File> {
    let path = folder.join(format!("nagar-move-{}", Chance::System.id()));
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(&path).with_context(|| format!("making {}", path.display()))?;
    // Where an open file cannot be removed it stays behind, unreadable for want of the key.
    let _ = fs::remove_file(&path);
    Ok(file)
}

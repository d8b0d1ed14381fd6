//! Where each chain ended on each day: in the chain, on a page of the town that everybody can read, and in a file of
//! the data directory. Whoever kept one of them elsewhere sees whether a tail was cut off or written anew since.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use connectors::control::holds;
use engine::base::Moment;
use tokio::io::AsyncWriteExt as _;

use crate::app::App;
use crate::problem::Problem;
use crate::store;
use crate::store::events::{self, Head};

/// The file, below the data directory: as `nagar verify` prints ends, and as it takes them back.
pub const FILE: &str = "ends.txt";

/// Writes down the end of every chain for today, and adds the day to the file.
///
/// # Errors
/// When the store fails, or the file cannot be written.
pub async fn write_down(app: &App) -> Result<(), Problem> {
    if !holds("aud_02_ends") {
        return Ok(());
    }
    let (library, now_ms) = (app.library.now(), app.clock.now_ms());
    let mut lines = String::new();
    for id in app.store.tenants().await? {
        // A state has no clock of its own.
        let offset = library.tenant(&id).map_or(0, |tenant| tenant.calendar.offset_minutes);
        // One that fails leaves no other without its end.
        match ended(app, &id, Moment::new(now_ms, offset)).await {
            Ok((day, end)) => lines.push_str(&line(&id, &day, &end)),
            Err(error) => tracing::error!(tenant = id, %error, "the end of a chain could not be written down"),
        }
    }
    add(&app.config.data_dir.join(FILE), &lines).await.map_err(anyhow::Error::from)?;
    Ok(())
}

async fn ended(app: &App, tenant: &str, now: Moment) -> store::Result<(String, Head)> {
    let mut tx = app.store.begin(tenant).await?;
    let ended = events::end_day(&mut tx, now.ms, &now.day().to_string()).await?;
    tx.commit().await?;
    Ok((ended.day, ended.end))
}

/// A line of the file: the town, the day, and the end of its chain.
pub fn line(tenant: &str, day: &str, end: &Head) -> String {
    format!("{tenant} {day} {}:{}\n", end.seq, end.hash)
}

async fn add(path: &Path, lines: &str) -> io::Result<()> {
    let mut file = tokio::fs::OpenOptions::new().create(true).append(true).open(path).await?;
    file.write_all(lines.as_bytes()).await?;
    file.sync_all().await
}

/// The latest end of each chain that the file has; none if there is no file yet.
///
/// # Errors
/// When the file is there and cannot be read.
pub async fn written(app: &App) -> Result<BTreeMap<String, Head>, Problem> {
    match tokio::fs::read_to_string(app.config.data_dir.join(FILE)).await {
        Ok(text) => Ok(text.lines().filter_map(read).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(anyhow::Error::from(error).into()),
    }
}

/// What a line says. One that was cut off in the middle says nothing: the day before still stands.
fn read(line: &str) -> Option<(String, Head)> {
    let (tenant, rest) = line.split_once(' ')?;
    let (_, end) = rest.rsplit_once(' ')?;
    let (seq, hash) = end.split_once(':')?;
    let whole = hash.len() == 64 || seq == "0";
    whole.then_some((tenant.to_owned(), Head { seq: seq.parse().ok()?, hash: hash.to_owned() }))
}

//! What an archive holds, put into an empty place.

use std::io::BufRead;

use anyhow::{Context as _, Result, bail, ensure};
use connectors::FileStore;
use connectors::files::{Kind, Upload};
use serde::Deserialize;
use serde_json::Value as Json;

use super::{Head, Manifest};
use crate::store::carry::{self, TABLES, Table};
use crate::store::{Store, Tx};

/// Octets of a line of an archive: the files of a definition stand in one.
const LINE: usize = 256 * 1024 * 1024;

/// What was put into a store.
#[derive(Clone, Debug)]
pub struct Put {
    /// What the archive says of itself.
    pub head: Head,
    /// Whose rows were put there.
    pub tenants: Vec<String>,
    /// What the archive holds of them.
    pub manifest: Manifest,
    /// How many files were put beside it.
    pub files: u64,
}

/// A line that is no row.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Table { tenant: String, table: String, columns: Vec<String> },
    File { tenant: String, file: String, size: usize },
    End { end: Manifest },
}

/// Puts what an archive holds into a store that holds nothing of it, of all its tenants or of those in
/// `only`: all of it, or nothing. `seen` is told of rows.
///
/// # Errors
/// When the archive cannot be read to its end, when the store has rows already, or when either fails.
pub async fn restore(
    (store, files): (&Store, Option<&dyn FileStore>),
    from: &mut (impl BufRead + Send),
    only: &[String],
    mut seen: impl FnMut(u64) + Send,
) -> Result<Put> {
    let head: Head = serde_json::from_str(&line(from)?).context("the archive does not begin as one")?;
    ensure!(head.archive == 1, "the archive has form {}, which is newer than this program", head.archive);
    if let Some(unknown) = only.iter().find(|tenant| !head.tenants.contains(tenant)) {
        bail!("the archive has no town `{unknown}`; it has: {}", head.tenants.join(", "));
    }
    let wanted = |tenant: &String| only.is_empty() || only.contains(tenant);
    let tenants: Vec<String> = head.tenants.iter().filter(|tenant| wanted(tenant)).cloned().collect();
    ensure!(
        !only.is_empty() || store.tenants().await?.is_empty(),
        "the database is not empty: restore into an empty one, or name the towns with --tenant"
    );
    let mut tx = store.write_all().await?;
    refuse_rows(&mut tx, &tenants).await?;
    let mut rows = Rows::default();
    let mut put = 0;
    let manifest = loop {
        let text = line(from)?;
        if text.starts_with('[') {
            rows.add(&mut tx, &text, &mut seen).await?;
            continue;
        }
        rows.end(&mut tx, &mut seen).await?;
        match serde_json::from_str(&text).context("a line of the archive is none")? {
            Line::Table { tenant, table, columns } => {
                let table = Table::named(&table)
                    .with_context(|| format!("the archive has a table `{table}`, which is unknown"))?;
                rows = Rows { table: wanted(&tenant).then_some(table), columns, waiting: Vec::new() };
                if rows.table.is_some() {
                    carry::turn_to(&mut tx, &tenant).await?;
                }
            }
            Line::File { tenant, file, size } => {
                put += u64::from(file_from(from, files.filter(|_| wanted(&tenant)), (&tenant, &file, size)).await?);
            }
            Line::End { end } => break end,
        }
    };
    tx.commit().await?;
    let sums = manifest.sums.into_iter().filter(|sum| tenants.contains(&sum.tenant)).collect();
    let missing = manifest.missing.into_iter().filter(|(tenant, _)| tenants.contains(tenant)).collect();
    let manifest = Manifest { sums, missing, files: manifest.files };
    Ok(Put { head, tenants, manifest, files: put })
}

/// The next line, without its end.
fn line(from: &mut impl BufRead) -> Result<String> {
    let mut text = String::new();
    std::io::Read::take(&mut *from, LINE as u64).read_line(&mut text)?;
    ensure!(text.ends_with('\n'), "the archive ends too early");
    text.pop();
    Ok(text)
}

async fn refuse_rows(tx: &mut Tx, tenants: &[String]) -> Result<()> {
    for tenant in tenants {
        carry::turn_to(tx, tenant).await?;
        for table in &TABLES {
            ensure!(!carry::any(tx, table).await?, "`{tenant}` is there already: it has rows in `{}`", table.name);
        }
    }
    Ok(())
}

/// Rows of one table on their way.
#[derive(Default)]
struct Rows {
    /// None if they are not wanted.
    table: Option<&'static Table>,
    columns: Vec<String>,
    waiting: Vec<Json>,
}

impl Rows {
    async fn add(&mut self, tx: &mut Tx, text: &str, seen: &mut (impl FnMut(u64) + Send)) -> Result<()> {
        let Some(table) = self.table else { return Ok(()) };
        self.waiting.push(serde_json::from_str(text).context("a row of the archive is none")?);
        if self.waiting.len() >= carry::batch(table) { self.end(tx, seen).await } else { Ok(()) }
    }

    async fn end(&mut self, tx: &mut Tx, seen: &mut (impl FnMut(u64) + Send)) -> Result<()> {
        let Some(table) = self.table else { return Ok(()) };
        let columns: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        carry::put(tx, table, &columns, &self.waiting).await?;
        seen(u64::try_from(self.waiting.len())?);
        self.waiting.clear();
        Ok(())
    }
}

/// Takes a file out of the archive and puts it where files are kept; whether it did.
async fn file_from(
    from: &mut (impl BufRead + Send),
    files: Option<&dyn FileStore>,
    (tenant, digest, size): (&str, &str, usize),
) -> Result<bool> {
    ensure!(size < LINE, "a file of the archive is larger than any can be");
    let mut bytes = vec![0; size + 1];
    from.read_exact(&mut bytes).context("the archive ends within a file")?;
    ensure!(bytes.pop() == Some(b'\n'), "a file of the archive does not end where it should");
    let Some(files) = files else { return Ok(false) };
    let upload = Upload { tenant, name: "", claimed_type: "", allowed: &Kind::ALL, max_bytes: u64::MAX };
    let stored = files.put(upload, &mut bytes.as_slice()).await;
    let stored = stored.map_err(|error| anyhow::anyhow!("the file {digest} cannot be put back: {error:?}"))?;
    ensure!(stored.digest.to_string() == digest, "the file {digest} is not what it is called");
    Ok(true)
}

//! Archives: all that a store holds of some tenants, with the files they name, in one sealed file. They are
//! made while the store is served, and put into an empty place, whichever the database.
//!
//! Inside the seal are lines of JSON: what the archive is; for each tenant and table a line that names them
//! and its columns, and a line for each row; for each file a line with its digest and size, and its octets;
//! and at the end how many rows each table had, with the SHA-256 over their lines. Two stores hold the same
//! if these are the same.
//!
//! The keys of an installation are not in it: whoever has archive and secret reads everything, and still
//! signs no paper. Nor is what ends by itself or can be made again ([`carry::LEFT_BEHIND`]).

mod put;
mod seal;

use std::collections::BTreeSet;
use std::io::Write;

use anyhow::{Context as _, Result};
use connectors::FileStore;
use connectors::files::Digest;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::auth::token::hex;
use crate::store::carry::{self, TABLES, Table};
use crate::store::{self, Store, Tx};

pub use put::{Put, restore};
pub use seal::{Broken, Opening, Sealing, Secret};
#[doc(hidden)]
pub use seal::{HEADER, PIECE, TAG};

/// What the first line says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The form of the archive: 1.
    pub archive: u32,
    /// The database that it was made of: `sqlite` or `postgresql`.
    pub database: String,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Whose rows are in it.
    pub tenants: Vec<String>,
}

/// What there is of one table of one tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// Whose.
    pub tenant: String,
    /// The table.
    pub table: String,
    /// How many rows.
    pub rows: u64,
    /// The SHA-256 over them, each as a line, in hexadecimal.
    pub sha256: String,
}

/// What an archive holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// By tenant and table.
    pub sums: Vec<Sum>,
    /// How many files.
    pub files: u64,
    /// Files that rows name and that were not there, or were not what they ought to be: tenant and digest.
    pub missing: Vec<(String, String)>,
}

impl Manifest {
    /// How many rows it has.
    pub fn rows(&self) -> u64 {
        self.sums.iter().map(|sum| sum.rows).sum()
    }

    /// Tables of tenants that are not the same in both.
    pub fn differing(&self, other: &Self) -> Vec<(String, String)> {
        let ours: BTreeSet<_> = self.sums.iter().map(sum_of).collect();
        let theirs: BTreeSet<_> = other.sums.iter().map(sum_of).collect();
        let mut differing: Vec<_> = ours
            .symmetric_difference(&theirs)
            .map(|(tenant, table, ..)| (tenant.to_string(), table.to_string()))
            .collect();
        differing.dedup();
        differing
    }
}

fn sum_of(sum: &Sum) -> (&str, &str, u64, &str) {
    (&sum.tenant, &sum.table, sum.rows, &sum.sha256)
}

/// How many rows these tenants have: what [`write`] will have to do.
///
/// # Errors
/// When the store fails.
pub async fn size(store: &Store, tenants: &[String]) -> store::Result<u64> {
    let mut tx = store.read_all().await?;
    let mut rows = 0;
    for tenant in tenants {
        carry::turn_to(&mut tx, tenant).await?;
        for table in &TABLES {
            rows += carry::count(&mut tx, table).await?;
        }
    }
    Ok(rows)
}

/// What the store holds of these tenants at this moment, without its files.
///
/// # Errors
/// When the store fails.
pub async fn sums(store: &Store, tenants: &[String], mut seen: impl FnMut() + Send) -> Result<Manifest> {
    let mut tx = store.read_all().await?;
    let mut manifest = Manifest::default();
    for tenant in tenants {
        carry::turn_to(&mut tx, tenant).await?;
        for table in &TABLES {
            manifest.sums.push(table_into(&mut tx, tenant, table, &mut std::io::sink(), &mut seen).await?);
        }
    }
    Ok(manifest)
}

/// Writes all that the store holds of these tenants at this moment, while others go on writing; `seen` is
/// called for each row. Without `files`, theirs are left out.
///
/// # Errors
/// When the store fails, or `to` cannot be written.
pub async fn write(
    (store, files): (&Store, Option<&dyn FileStore>),
    tenants: &[String],
    at_ms: i64,
    to: &mut (impl Write + Send),
    mut seen: impl FnMut() + Send,
) -> Result<Manifest> {
    let head = Head { archive: 1, database: store.database().to_owned(), at_ms, tenants: tenants.to_vec() };
    writeln!(to, "{}", serde_json::to_string(&head)?)?;
    let mut tx = store.read_all().await?;
    let mut manifest = Manifest::default();
    for tenant in tenants {
        carry::turn_to(&mut tx, tenant).await?;
        for table in &TABLES {
            let columns: Vec<_> = table.columns().collect();
            writeln!(to, "{}", json!({ "tenant": tenant, "table": table.name, "columns": columns }))?;
            manifest.sums.push(table_into(&mut tx, tenant, table, to, &mut seen).await?);
        }
        if let Some(files) = files {
            for digest in carry::files(&mut tx).await? {
                file_into(files, tenant, &digest, to, &mut manifest).await?;
            }
        }
    }
    writeln!(to, "{}", json!({ "end": manifest }))?;
    Ok(manifest)
}

async fn table_into(
    tx: &mut Tx,
    tenant: &str,
    table: &Table,
    to: &mut (impl Write + Send),
    seen: &mut (impl FnMut() + Send),
) -> Result<Sum> {
    let (mut sha, mut rows, mut failed) = (Sha256::new(), 0, None);
    let read = carry::rows(tx, table, |line| {
        sha.update(line.as_bytes());
        sha.update(b"\n");
        rows += 1;
        seen();
        to.write_all(line.as_bytes()).and_then(|()| to.write_all(b"\n")).map_err(|error| {
            failed = Some(error);
            store::Error::Busy
        })
    })
    .await;
    if let Some(error) = failed {
        return Err(error).context("the archive cannot be written");
    }
    read?;
    Ok(Sum { tenant: tenant.to_owned(), table: table.name.to_owned(), rows, sha256: hex(&sha.finalize()) })
}

async fn file_into(
    files: &dyn FileStore,
    tenant: &str,
    digest: &str,
    to: &mut (impl Write + Send),
    manifest: &mut Manifest,
) -> Result<()> {
    let bytes = match Digest::parse(digest) {
        Some(parsed) => files.get(tenant, &parsed).await.ok(),
        None => None,
    };
    let Some(bytes) = bytes else {
        manifest.missing.push((tenant.to_owned(), digest.to_owned()));
        return Ok(());
    };
    writeln!(to, "{}", json!({ "tenant": tenant, "file": digest, "size": bytes.len() }))?;
    to.write_all(&bytes)?;
    to.write_all(b"\n")?;
    manifest.files += 1;
    Ok(())
}

/// Files that rows of the tenant name and that are not there, or are not what they ought to be.
///
/// # Errors
/// When the store fails.
pub async fn files_missing(tx: &mut Tx, files: &dyn FileStore) -> store::Result<Vec<String>> {
    let mut missing = Vec::new();
    let tenant = tx.tenant().to_owned();
    for digest in carry::files(tx).await? {
        let whole = match Digest::parse(&digest) {
            Some(parsed) => files.verify(&tenant, &parsed).await.is_ok(),
            None => false,
        };
        if !whole {
            missing.push(digest);
        }
    }
    Ok(missing)
}

//! Where a store and its files lie, and what archives are sealed with: what several commands ask.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use connectors::FileStore;
use connectors::files::FilesConfig;
use connectors::files::disk::DiskConfig;
use connectors::surroundings::{Surroundings, system_clock};
use engine::base::Money;
use server::archive::{self, Secret};
use server::store::verify::{Finding, verify};
use server::store::{Store, events};

use crate::output;

/// The variable that may hold the key of archives.
const KEY: &str = "NAGAR_BACKUP_KEY";

/// Where a store lies.
#[derive(clap::Args)]
pub(crate) struct Place {
    /// The folder of the data.
    #[arg(long, default_value = "data/demo")]
    pub(crate) data: PathBuf,
    /// The database, in place of the one in the folder: `postgres://…` or `sqlite:…`.
    #[arg(long, env = "NAGAR_DATABASE")]
    pub(crate) database: Option<String>,
    /// The folder of uploads and papers, in place of `files` in the folder of the data.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) files: Option<PathBuf>,
}

impl Place {
    /// The database's address.
    pub(crate) fn url(&self) -> String {
        self.database.clone().unwrap_or_else(|| format!("sqlite:{}", self.data.join("nagar.db").display()))
    }

    /// Opens the database, which must be there.
    pub(crate) async fn store(&self) -> Result<Store> {
        let file = self.data.join("nagar.db");
        if self.database.is_none() && !file.exists() {
            anyhow::bail!("there is no database at {}: give one with --data or --database", file.display());
        }
        Ok(Store::open(&self.url()).await?)
    }

    /// Opens the files, whose folder is made if it is not there.
    pub(crate) fn files(&self) -> Result<Arc<dyn FileStore>> {
        files(&self.files.clone().unwrap_or_else(|| self.data.join("files")))
    }

    /// The files, if it is known where they are: a database elsewhere says nothing of them.
    pub(crate) fn known_files(&self) -> Result<Option<Arc<dyn FileStore>>> {
        let own = self.database.is_none() && self.data.join("files").is_dir();
        (own || self.files.is_some()).then(|| self.files()).transpose()
    }
}

/// Opens a folder of files.
pub(crate) fn files(folder: &Path) -> Result<Arc<dyn FileStore>> {
    let path = std::path::absolute(folder)?;
    let around = Surroundings { data_dir: &path, variable: &|_| None, clock: system_clock() };
    connectors::open_files(&FilesConfig::Disk(DiskConfig { path: path.clone() }), &around)
}

/// What archives are sealed with. It never stands on the command line, where others could read it.
#[derive(clap::Args)]
pub(crate) struct Key {
    /// The file with the key of the archive; when silent, the variable `NAGAR_BACKUP_KEY` holds it.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

impl Key {
    /// Reads the key.
    pub(crate) fn secret(&self) -> Result<Secret> {
        let text = if let Some(file) = &self.key_file {
            std::fs::read(file).with_context(|| format!("reading the key in {}", file.display()))?
        } else {
            let text = std::env::var(KEY);
            text.with_context(|| format!("give the key of the archive with --key-file, or in {KEY}"))?.into_bytes()
        };
        Secret::new(&text)
    }
}

/// The towns and states of a store, or those of them that were named.
pub(crate) async fn tenants(store: &Store, named: &[String]) -> Result<Vec<String>> {
    let mut tenants = store.tenants().await?;
    if let Some(unknown) = named.iter().find(|tenant| !tenants.contains(tenant)) {
        anyhow::bail!("the database knows no town `{unknown}`");
    }
    tenants.retain(|tenant| named.is_empty() || named.contains(tenant));
    anyhow::ensure!(!tenants.is_empty(), "the database has no town");
    Ok(tenants)
}

/// What `verify` says of one tenant.
pub(crate) struct Proof {
    pub(crate) tenant: String,
    pub(crate) findings: Vec<Finding>,
    /// `number:hash` of the last event.
    pub(crate) head: String,
}

/// Verifies tenants, with the files that their rows name if those are at hand.
pub(crate) async fn prove(
    store: &Store,
    files: Option<&dyn FileStore>,
    tenants: &[String],
    json: bool,
) -> Result<Vec<Proof>> {
    let bar = output::progress(json, tenants.len() as u64, "Verifying")?;
    let mut proofs = Vec::new();
    for tenant in tenants {
        let mut tx = store.read(tenant).await?;
        let mut findings = verify(&mut tx, None).await?;
        findings.extend(file_findings(&mut tx, files).await?);
        let head = events::head(&mut tx).await?;
        proofs.push(Proof { tenant: tenant.clone(), findings, head: format!("{}:{}", head.seq, head.hash) });
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(proofs)
}

/// Files that rows name and that are not there, or are not what they were.
pub(crate) async fn file_findings(
    tx: &mut server::store::Tx,
    files: Option<&dyn FileStore>,
) -> Result<Option<Finding>> {
    let Some(files) = files else { return Ok(None) };
    let missing = archive::files_missing(tx, files).await?;
    let more = missing.len().saturating_sub(1);
    Ok(missing.into_iter().next().map(|row| {
        let what = "the file is not there, or is not what it was";
        let what = if more > 0 { format!("{what}; and {more} more") } else { what.to_owned() };
        Finding { check: "files", table: "files", row, what }
    }))
}

/// Says for people what was proved; how many findings there are.
pub(crate) fn tell(proofs: &[Proof], json: bool) -> usize {
    for Proof { tenant, findings, head } in proofs.iter().filter(|_| !json) {
        let found = if findings.is_empty() { "whole".to_owned() } else { format!("{} findings", findings.len()) };
        output::say(&format!("{tenant:<24} {found:<12} {head}"));
        tell_findings(findings);
    }
    proofs.iter().map(|proof| proof.findings.len()).sum()
}

/// One line for each finding.
pub(crate) fn tell_findings(findings: &[Finding]) {
    for finding in findings {
        output::say(&format!("  {}: {} {}: {}", finding.check, finding.table, finding.row, finding.what));
    }
}

/// Findings as programs read them.
pub(crate) fn findings_json(findings: &[Finding]) -> Vec<serde_json::Value> {
    let json = |f: &Finding| serde_json::json!({ "check": f.check, "table": f.table, "row": f.row, "what": f.what });
    findings.iter().map(json).collect()
}

/// Proofs as programs read them.
pub(crate) fn proofs_json(proofs: &[Proof]) -> Vec<serde_json::Value> {
    let json = |proof: &Proof| {
        let findings = findings_json(&proof.findings);
        serde_json::json!({ "tenant": proof.tenant, "head": proof.head, "findings": findings })
    };
    proofs.iter().map(json).collect()
}

/// An amount as people read it.
pub(crate) fn rupees(paise: i64) -> String {
    Money::from_paise(paise).unwrap_or_default().to_string()
}

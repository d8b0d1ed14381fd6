//! Octets of files and papers on their way to whoever keeps them, and back: sealed before they leave, opened when they
//! come. Whoever keeps them sees neither what they are nor whose.

use axum::body::Bytes;
use connectors::control::holds;
use connectors::files::{Digest, Kind, PutError, SEAL, TakeError, Upload, put_bytes};
use engine::form::Field;

use crate::app::App;
use crate::problem::Problem;
use crate::store::files::File;
use crate::store::octets::{self, Of};
use crate::store::papers::Paper;

/// Keeps octets, sealed; what they are called from now on.
pub async fn keep(app: &App, tenant: &str, of: Of<'_>, plain: Bytes) -> Result<Digest, Problem> {
    // A paper has its key of the tenant's, which is there.
    let key = if matches!(of, Of::Paper(_)) {
        octets::key_for(&mut app.store.read(tenant).await?, of).await?
    } else {
        let mut tx = app.store.begin(tenant).await?;
        let key = octets::key_for(&mut tx, of).await?;
        tx.commit().await?;
        key
    };
    let sealed = match key.filter(|_| holds("priv_03_octets")) {
        Some(key) => Bytes::from(away(move || key.seal(&plain)).await?),
        None => plain,
    };
    let upload = Upload { tenant, name: "", claimed_type: "", allowed: &Kind::ALL, max_bytes: u64::MAX };
    match put_bytes(&app.files, upload, &sealed).await {
        Ok(stored) => Ok(stored.digest),
        Err(PutError::Fault(fault)) => Err(fault.into()),
        Err(PutError::Unfit(unfit)) => Err(anyhow::anyhow!("octets could not be kept: {unfit}").into()),
    }
}

/// Keeps the octets of a file that answers `field`, if it is known yet what it answers: apart where files that answer
/// it have a time of their own.
pub async fn keep_answer(
    app: &App,
    tenant: &str,
    of: Of<'_>,
    field: Option<&Field>,
    plain: Bytes,
) -> Result<Digest, Problem> {
    if field.is_some_and(|field| field.keep_for.is_some()) {
        keep_apart(app, tenant, of, plain).await
    } else {
        keep(app, tenant, of, plain).await
    }
}

/// Keeps the octets of a file that has a time of its own, sealed with a key that is destroyed with it.
pub async fn keep_apart(app: &App, tenant: &str, of: Of<'_>, plain: Bytes) -> Result<Digest, Problem> {
    let mut tx = app.store.begin(tenant).await?;
    octets::own_key(&mut tx, of).await?;
    tx.commit().await?;
    keep(app, tenant, of, plain).await
}

/// The octets of a file that was sent, or that a program made.
pub async fn of_file(app: &App, tenant: &str, file: &File) -> Result<Vec<u8>, Problem> {
    take(app, tenant, Of::File { id: &file.id, case: file.case.as_deref() }, &file.sha256).await
}

/// The octets of a paper that was issued.
pub async fn of_paper(app: &App, tenant: &str, paper: &Paper) -> Result<Vec<u8>, Problem> {
    take(app, tenant, Of::Paper(&paper.id), &paper.sha256).await
}

/// Octets, proved to be those that were kept, and opened.
async fn take(app: &App, tenant: &str, of: Of<'_>, sha256: &str) -> Result<Vec<u8>, Problem> {
    let digest = Digest::parse(sha256).ok_or_else(|| anyhow::anyhow!("`{sha256}` is no digest"))?;
    let stored = match app.files.get(tenant, &digest).await {
        Ok(stored) => stored,
        Err(TakeError::Fault(fault)) => return Err(fault.into()),
        Err(error) => return Err(anyhow::anyhow!("the file {sha256}: {error}").into()),
    };
    // What was kept before anything was sealed lies there as it came.
    if !stored.starts_with(SEAL) {
        return Ok(stored);
    }
    let key = octets::key_of(&mut app.store.read(tenant).await?, of).await?;
    // Its key was destroyed with what was said in its case.
    let key = key.ok_or(Problem::NotFound)?;
    away(move || key.open(stored)).await
}

/// Reckons beside the threads that answer requests: a file may be large.
async fn away(work: impl FnOnce() -> crate::store::Result<Vec<u8>> + Send + 'static) -> Result<Vec<u8>, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|error| anyhow::anyhow!("sealing broke off: {error}"))??)
}

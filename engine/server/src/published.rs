//! Definitions that are published: checked once, written to the database, and served by every node on it.
//!
//! A node that serves what is published has no definitions of its own. Four times a second it asks which publication
//! is the present one, one row by its key, and reads a new one beside the requests that go on, and compiles what has
//! changed in it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use engine::source::Bundle;
use sha2::{Digest as _, Sha256};

use crate::app::{self, App};
use crate::auth::token;
use crate::publishers::{Deed, Publishing, Signer};
use crate::store::publications::{self, Proposal, Publication};
use crate::store::{self, EVERYBODY, Store, retry};

/// How often a node asks whether something else is published.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// The fewest digits by which a proposal is named.
const SHORTEST: usize = 12;

/// Definitions as the store keeps them.
#[derive(Debug)]
pub struct Packed {
    /// SHA-256 over all paths and files.
    pub digest: String,
    /// Path to text, as JSON.
    pub files: String,
}

/// Packs definitions for the store.
///
/// # Errors
/// When a file is no text: it could not be part of any service.
pub fn pack(bundle: &Bundle) -> anyhow::Result<Packed> {
    let (mut files, mut digest) = (BTreeMap::new(), Sha256::new());
    for path in bundle.paths() {
        let bytes = bundle.bytes(path).map(AsRef::as_ref).unwrap_or_default();
        let text = std::str::from_utf8(bytes).with_context(|| format!("{} is no text", bundle.shown(path)))?;
        digest.update((path.len() as u64).to_be_bytes());
        digest.update(path.as_bytes());
        digest.update((bytes.len() as u64).to_be_bytes());
        digest.update(bytes);
        files.insert(path.to_string(), text);
    }
    Ok(Packed { digest: token::hex(&digest.finalize()), files: serde_json::to_string(&files)? })
}

/// The definitions that were packed into `files`, if they have this digest still.
pub fn unpack(digest: &str, files: &str) -> anyhow::Result<Bundle> {
    let files: BTreeMap<String, String> = serde_json::from_str(files).context("the published files")?;
    let mut bundle = Bundle::default();
    for (path, text) in files {
        bundle.add(&path, text.into_bytes());
    }
    let found = pack(&bundle)?.digest;
    anyhow::ensure!(
        found == digest || !connectors::control::holds("def_12_digest"),
        "the published files have the digest {found}, and are named {digest}"
    );
    Ok(bundle)
}

/// Makes `packed` what all nodes serve; the publication, and whether it is a new one. What is the present one
/// already is not published again.
pub async fn publish(store: &Store, packed: &Packed, person: &str, at_ms: i64) -> store::Result<(Publication, bool)> {
    let attempt = || async {
        let mut tx = store.begin(EVERYBODY).await?;
        if let Some(present) = publications::current(&mut tx).await?.filter(|present| present.digest == packed.digest) {
            return Ok((present, false));
        }
        let made = publications::publish(&mut tx, &packed.digest, &packed.files, person, at_ms).await?;
        tx.commit().await?;
        Ok((made, true))
    };
    retry(store::Error::is_passing, attempt).await
}

/// What became of a proposal.
#[derive(Debug)]
pub enum Proposed {
    /// It is what is served already.
    Served(Publication),
    /// It waits for somebody else.
    Waits(Proposal),
}

/// Proposes `packed` as what is served next, and signs that. Nothing else is served for it.
pub async fn propose(
    store: &Store,
    rules: &Publishing,
    packed: &Packed,
    signer: &Signer,
    at_ms: i64,
) -> store::Result<Proposed> {
    let attempt = || async {
        let mut tx = store.begin(EVERYBODY).await?;
        let present = publications::current(&mut tx).await?;
        let seq = present.as_ref().map_or(0, |present| present.seq) + 1;
        // What one person published before two had to is published anew, with signatures.
        let served = |present: &Publication| present.digest == packed.digest && rules.prove(present).is_ok();
        if let Some(present) = present.filter(served) {
            return Ok(Proposed::Served(present));
        }
        let proposal = Proposal {
            seq,
            digest: packed.digest.clone(),
            person: signer.name().to_owned(),
            at_ms,
            signature: signer.sign(Deed::Propose, seq, &packed.digest),
        };
        publications::propose(&mut tx, &proposal, &packed.files).await?;
        tx.commit().await?;
        Ok(Proposed::Waits(proposal))
    };
    retry(store::Error::is_passing, attempt).await
}

/// What another person than `signer` proposed under a digest, or under the first digits of one, with its files.
///
/// # Errors
/// When nobody did, only the same person did, or the proposal or its files are not what they were.
pub async fn proposed(
    store: &Store,
    rules: &Publishing,
    digest: &str,
    signer: &Signer,
) -> anyhow::Result<(Proposal, Bundle)> {
    let mut tx = store.read(EVERYBODY).await?;
    let all = publications::proposals(&mut tx).await?;
    let mut wanted = all.into_iter().filter(|one| one.digest.starts_with(digest)).peekable();
    anyhow::ensure!(
        digest.len() >= SHORTEST && wanted.peek().is_some(),
        "nothing with the digest {digest} waits to be confirmed: `nagar publish --list` says what does"
    );
    let own = |one: &Proposal| one.person == signer.name();
    let mut others = wanted.filter(|one| !own(one)).peekable();
    anyhow::ensure!(others.peek().is_some(), "{} proposed it: another person confirms", signer.name());
    let proposal = others.find(|one| rules.is_proposed(one));
    let proposal = proposal.context("the proposal does not carry the signature of whoever is said to have made it")?;
    let files = publications::files(&mut tx, &proposal.digest).await?;
    let files = files.with_context(|| format!("the files {} are not in the database", proposal.digest))?;
    let bundle = unpack(&proposal.digest, &files)?;
    Ok((proposal, bundle))
}

/// Makes what was proposed what all nodes serve, with the signatures of both.
///
/// # Errors
/// When something else was published meanwhile, or `signer` is not a second person.
pub async fn confirm(
    store: &Store,
    rules: &Publishing,
    proposal: &Proposal,
    signer: &Signer,
    at_ms: i64,
) -> anyhow::Result<Publication> {
    let signature = signer.sign(Deed::Confirm, proposal.seq, &proposal.digest);
    let made = publications::confirmed(proposal, signer.name(), &signature, at_ms);
    rules.prove(&made)?;
    let attempt = || async {
        let mut tx = store.begin(EVERYBODY).await?;
        let present = publications::current(&mut tx).await?.map_or(0, |present| present.seq);
        if present + 1 != proposal.seq {
            return Ok(false);
        }
        publications::add(&mut tx, &made).await?;
        tx.commit().await?;
        Ok(true)
    };
    let done = retry(store::Error::is_passing, attempt).await?;
    anyhow::ensure!(done, "something else was published meanwhile: it has to be proposed again");
    Ok(made)
}

/// What is published now, if it carries the signatures that `rules` ask for.
///
/// # Errors
/// When nothing is published, it cannot be read, or a signature is missing.
pub async fn read_proved(store: &Store, rules: &Publishing) -> anyhow::Result<(Publication, Bundle)> {
    let (present, bundle) = read(store).await?;
    rules.prove(&present)?;
    Ok((present, bundle))
}

/// What is published now.
///
/// # Errors
/// When nothing is, or it cannot be read.
pub async fn read(store: &Store) -> anyhow::Result<(Publication, Bundle)> {
    let mut tx = store.read(EVERYBODY).await?;
    let present = publications::current(&mut tx).await?;
    let present = present.context("no definitions are published in this database yet: `nagar publish` does that")?;
    let files = publications::files(&mut tx, &present.digest).await?;
    let files = files.with_context(|| format!("the files {} are not in the database", present.digest))?;
    let bundle = unpack(&present.digest, &files)?;
    Ok((present, bundle))
}

/// Serves what is published, whenever something else is, until the node is asked to stop.
pub async fn follow(app: Arc<App>) {
    let mut tick = tokio::time::interval(LOOK_EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            () = app.stopping.wait() => return,
        }
        match take_over(&app).await {
            Ok(None) => {}
            Ok(Some(present)) => {
                tracing::info!(publication = present.seq, digest = present.digest, "other definitions are served");
            }
            // What was served before goes on being served.
            Err(error) => tracing::error!(error = format!("{error:#}"), "what is published cannot be served"),
        }
    }
}

/// Serves what is published, if that is something else than before.
///
/// # Errors
/// When it cannot be read; then what was served before is served on.
pub async fn take_over(app: &Arc<App>) -> anyhow::Result<Option<Publication>> {
    let mut tx = app.store.read(EVERYBODY).await?;
    let present = publications::current(&mut tx).await?.map_or(0, |present| present.seq);
    drop(tx);
    if present == app.library.publication() {
        return Ok(None);
    }
    let (present, bundle) = read_proved(&app.store, &app.config.publication).await?;
    let (with, seq) = (Arc::clone(app), present.seq);
    // Compiling takes all cores for a moment; requests go on beside it.
    tokio::task::spawn_blocking(move || {
        with.library.swap(bundle, with.clock.now_ms());
        with.library.serves(seq);
    })
    .await?;
    app::open_keys(&app.store, &app.library).await?;
    Ok(Some(present))
}

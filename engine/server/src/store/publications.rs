//! What is published for all nodes: whole readings of the definitions, and which of them is the present one.
//!
//! A publication is a row that is only ever added to; the present one has the greatest number. It is no town's
//! own, so it is written in a transaction of [`super::EVERYBODY`]. What a town's cases begin with is kept beside
//! them, with an event in its chain: see [`super::definitions`].

use super::db::{Row, vals};
use super::error::{Error, Result};
use super::tx::Tx;

/// A reading of the definitions that was made the present one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Counts up from 1.
    pub seq: i64,
    /// Names the files.
    pub digest: String,
    /// Who published it, as the machine calls that person.
    pub person: String,
    /// When.
    pub at_ms: i64,
    /// Who proposed it, and what both signed, where that takes two people.
    pub signed: Option<Signed>,
}

/// The two signatures of a publication, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Who proposed it.
    pub proposed_by: String,
    /// That person's signature.
    pub proposal: String,
    /// The signature of whoever confirmed and so published it.
    pub signature: String,
}

/// Files that somebody would have served next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The number that the publication would have.
    pub seq: i64,
    /// Names the files.
    pub digest: String,
    /// Who proposes it.
    pub person: String,
    /// When.
    pub at_ms: i64,
    /// The signature, in hexadecimal.
    pub signature: String,
}

/// What is read of a publication.
const COLUMNS: &str = "seq, digest, person, at_ms, proposed_by, proposal, signature";

fn read(row: &Row) -> Result<Publication> {
    let signed = match (row.maybe_text(4)?, row.maybe_text(5)?, row.maybe_text(6)?) {
        (Some(proposed_by), Some(proposal), Some(signature)) => Some(Signed { proposed_by, proposal, signature }),
        _ => None,
    };
    Ok(Publication { seq: row.int(0)?, digest: row.text(1)?, person: row.text(2)?, at_ms: row.int(3)?, signed })
}

/// The present one; nothing before anything was published.
pub async fn current(tx: &mut Tx) -> Result<Option<Publication>> {
    let sql = format!("select {COLUMNS} from publications where tenant = $1 order by seq desc limit 1");
    tx.first(sql, Vec::new()).await?.as_ref().map(read).transpose()
}

/// The latest `limit` publications, the present one first.
pub async fn latest(tx: &mut Tx, limit: i64) -> Result<Vec<Publication>> {
    let sql = format!("select {COLUMNS} from publications where tenant = $1 order by seq desc limit $2");
    tx.fetch(sql, vals![limit]).await?.iter().map(read).collect()
}

/// The files of a digest, as they were published.
pub async fn files(tx: &mut Tx, digest: &str) -> Result<Option<String>> {
    let sql = "select files from bundles where tenant = $1 and digest = $2";
    tx.first(sql, vals![digest]).await?.map(|row| row.text(0)).transpose()
}

/// Keeps `files` under `digest`, if they are not kept yet, and makes them the present ones.
///
/// # Errors
/// [`Error::Taken`] if somebody else published meanwhile.
pub async fn publish(tx: &mut Tx, digest: &str, files: &str, person: &str, at_ms: i64) -> Result<Publication> {
    keep(tx, digest, files, at_ms).await?;
    let seq = current(tx).await?.map_or(0, |publication| publication.seq) + 1;
    let made = Publication { seq, digest: digest.to_owned(), person: person.to_owned(), at_ms, signed: None };
    add(tx, &made).await?;
    Ok(made)
}

async fn keep(tx: &mut Tx, digest: &str, files: &str, at_ms: i64) -> Result<()> {
    let sql = "insert into bundles (tenant, digest, files, at_ms) values ($1, $2, $3, $4) on conflict (tenant, digest) do nothing";
    tx.execute(sql, vals![digest, files, at_ms]).await?;
    Ok(())
}

/// Adds a publication, whose files are kept.
///
/// # Errors
/// [`Error::Taken`] if another has its number.
pub async fn add(tx: &mut Tx, made: &Publication) -> Result<()> {
    let Publication { seq, digest, person, at_ms, signed } = made;
    let signed = signed.as_ref();
    let (proposed_by, proposal) = (signed.map(|signed| &signed.proposed_by), signed.map(|signed| &signed.proposal));
    let signature = signed.map(|signed| &signed.signature);
    let sql = "insert into publications (tenant, seq, digest, person, at_ms, proposed_by, proposal, signature) \
               values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (tenant, seq) do nothing";
    let row = vals![*seq, digest, person, *at_ms, proposed_by.cloned(), proposal.cloned(), signature.cloned()];
    match tx.execute(sql, row).await? {
        1 => Ok(()),
        _ => Err(tx.spoil(Error::Taken(format!("publication {seq}")))),
    }
}

/// What a proposal becomes when somebody else confirms it.
pub fn confirmed(proposal: &Proposal, person: &str, signature: &str, at_ms: i64) -> Publication {
    let signed = Signed {
        proposed_by: proposal.person.clone(),
        proposal: proposal.signature.clone(),
        signature: signature.to_owned(),
    };
    let (seq, digest) = (proposal.seq, proposal.digest.clone());
    Publication { seq, digest, person: person.to_owned(), at_ms, signed: Some(signed) }
}

/// Keeps a proposal and its files. Whoever proposes the same again has proposed it once.
pub async fn propose(tx: &mut Tx, proposal: &Proposal, files: &str) -> Result<()> {
    let Proposal { seq, digest, person, at_ms, signature } = proposal;
    keep(tx, digest, files, *at_ms).await?;
    let sql = "insert into proposals (tenant, seq, digest, person, at_ms, signature) values ($1, $2, $3, $4, $5, $6) \
               on conflict (tenant, seq, digest, person) do nothing";
    tx.execute(sql, vals![*seq, digest, person, *at_ms, signature]).await?;
    Ok(())
}

/// What waits to be confirmed: whatever was proposed since the last publication, in its order.
pub async fn proposals(tx: &mut Tx) -> Result<Vec<Proposal>> {
    let next = current(tx).await?.map_or(0, |present| present.seq) + 1;
    let sql = "select seq, digest, person, at_ms, signature from proposals where tenant = $1 and seq = $2 order by at_ms, person";
    let read = |row: &Row| {
        Ok(Proposal {
            seq: row.int(0)?,
            digest: row.text(1)?,
            person: row.text(2)?,
            at_ms: row.int(3)?,
            signature: row.text(4)?,
        })
    };
    tx.fetch(sql, vals![next]).await?.iter().map(read).collect()
}

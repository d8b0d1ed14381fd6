//! Who publishes definitions where that takes two people, and the signatures by which it is known.
//!
//! Each of them has a key in a file of the own; `nagar.yaml` lists the public halves. One signs a proposal, another
//! signs that it is published. Both signatures are over the number that the publication has and over the digest of
//! its files, so that neither holds for other files or at another time; every node proves them before it serves.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, ensure};
use connectors::control::holds;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::Deserialize;

use crate::auth::keys;
use crate::auth::token::{hex, unhex};
use crate::chance::Chance;
use crate::store::publications::{Proposal, Publication};

/// Every signature is for this purpose and no other.
const PURPOSE: &str = "nagar publication 1";

/// How definitions are published.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Publishing {
    /// Whether what one person proposes is published only once another has confirmed it.
    pub two_people: bool,
    /// Whether definitions are served that two people have not signed, outside a demonstration too.
    pub unsigned: bool,
    /// The public key of each person who may propose or confirm, by name: 64 digits, as `nagar publish --make-key`
    /// prints them.
    pub publishers: BTreeMap<String, String>,
}

/// What is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// These files should be served.
    Propose,
    /// What another person proposed is served.
    Confirm,
}

impl Deed {
    fn text(self, seq: i64, digest: &str) -> String {
        let word = match self {
            Self::Propose => "propose",
            Self::Confirm => "confirm",
        };
        format!("{PURPOSE}\n{word}\n{seq}\n{digest}\n")
    }
}

impl Publishing {
    /// Refuses what would not be two people.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.two_people || self.publishers.is_empty(),
            "publication.publishers are for `two_people: true`, which is not said"
        );
        ensure!(
            !self.two_people || self.publishers.len() >= 2,
            "publication.two_people needs two publishers at least, each with a key of the own"
        );
        ensure!(
            !(self.two_people && self.unsigned),
            "publication.unsigned takes back what publication.two_people says: remove one of them"
        );
        let mut keys = BTreeSet::new();
        for (name, key) in &self.publishers {
            ensure!(!name.trim().is_empty(), "publication.publishers has somebody without a name");
            let public =
                public(key).with_context(|| format!("the public key of `{name}` in publication.publishers"))?;
            ensure!(keys.insert(public.to_bytes()), "`{name}` has the key of somebody else in publication.publishers");
        }
        Ok(())
    }

    /// Refuses a publication that two people did not sign, where that is asked for.
    ///
    /// # Errors
    /// Says what is missing.
    pub fn prove(&self, publication: &Publication) -> anyhow::Result<()> {
        if !self.two_people {
            return Ok(());
        }
        let (seq, digest) = (publication.seq, publication.digest.as_str());
        let signed = publication.signed.as_ref();
        let signed = signed.with_context(|| format!("publication {seq} is not signed, and two people have to"))?;
        ensure!(
            signed.proposed_by != publication.person || !holds("def_12_second_person"),
            "publication {seq} was proposed and confirmed by the same person"
        );
        let said = [
            (Deed::Propose, &signed.proposed_by, &signed.proposal),
            (Deed::Confirm, &publication.person, &signed.signature),
        ];
        for (deed, person, signature) in said {
            ensure!(
                self.is_signed_by(person, deed, (seq, digest), signature),
                "publication {seq} does not carry the signature of `{person}`"
            );
        }
        Ok(())
    }

    /// Whether a proposal carries the signature of whoever is said to have made it.
    pub fn is_proposed(&self, proposal: &Proposal) -> bool {
        let what = (proposal.seq, proposal.digest.as_str());
        self.is_signed_by(&proposal.person, Deed::Propose, what, &proposal.signature)
    }

    fn is_signed_by(&self, person: &str, deed: Deed, (seq, digest): (i64, &str), signature: &str) -> bool {
        let Some(key) = self.publishers.get(person).and_then(|key| public(key).ok()) else { return false };
        let Some(signature) = unhex(signature).and_then(|bytes| <[u8; 64]>::try_from(bytes).ok()) else {
            return false;
        };
        key.verify_strict(deed.text(seq, digest).as_bytes(), &Signature::from_bytes(&signature)).is_ok()
    }
}

fn public(text: &str) -> anyhow::Result<VerifyingKey> {
    let bytes: [u8; 32] = unhex(text.trim())
        .and_then(|bytes| bytes.try_into().ok())
        .context("a public key has 64 digits, as `nagar publish --make-key` prints them")?;
    VerifyingKey::from_bytes(&bytes).context("no public key")
}

/// Somebody who signs, with the own key. It prints as the name alone.
pub struct Signer {
    name: String,
    key: SigningKey,
}

impl Signer {
    /// Somebody whom `rules` lists, with the key in a file that only its owner can read.
    ///
    /// # Errors
    /// When nobody is listed under the name, or with another key; or when the file holds none.
    pub fn open(rules: &Publishing, name: &str, path: &Path) -> anyhow::Result<Self> {
        let listed = rules.publishers.get(name);
        let listed =
            listed.with_context(|| format!("publication.publishers in nagar.yaml lists nobody as `{name}`"))?;
        let key = keys::of_person(path)?;
        ensure!(key.verifying_key() == public(listed)?, "{} is not the key of `{name}`", path.display());
        Ok(Self { name: name.to_owned(), key })
    }

    /// The name under which the person is listed.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The signature, in hexadecimal.
    pub fn sign(&self, deed: Deed, seq: i64, digest: &str) -> String {
        hex(&self.key.sign(deed.text(seq, digest).as_bytes()).to_bytes())
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({})", self.name)
    }
}

/// Makes the key of somebody who is to publish, and gives its public half for `publication.publishers`.
///
/// # Errors
/// When the file is there already, or cannot be written.
pub fn make_key(path: &Path, chance: &Chance) -> anyhow::Result<String> {
    ensure!(!path.exists(), "{} is there already", path.display());
    Ok(hex(keys::made_for_person(path, chance)?.verifying_key().as_bytes()))
}

//! The installation's own keys: made at the first start, kept in the data directory, readable by
//! nobody else.
//!
//! `keys/signing.key` signs papers, `keys/<id>.pub` checks them, `keys/secret.key` seals codes and
//! forms. The signing key is changed by [`renew_signing`]; the public keys that stay behind go on proving the
//! papers of their time.
//!
//! `keys/master.key` seals the keys of tenants, and with them what people said (`store/vault.rs`). It is changed
//! by [`rotate`], which leaves the one before it as `keys/master-….old`: archives of its time need it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, ensure};
use ed25519_dalek::{SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use super::token::{hex, unhex};
use crate::chance::Chance;

/// The keys of one installation. They print as nothing.
pub struct Keys {
    signing: SigningKey,
    /// Every public key that papers of this installation were ever signed with, by id.
    verifying: BTreeMap<String, VerifyingKey>,
    secret: [u8; 32],
    /// The present master key, and then the one that is to come and those that were.
    masters: Vec<[u8; 32]>,
}

/// The present master key.
const MASTER: &str = "master.key";
/// The one that is to come, while keys are brought under it.
const NEXT: &str = "master.next";
/// How the names of those that were end.
const OLD: &str = "old";

impl Keys {
    /// Reads the keys of a data directory, and makes those that are not there.
    ///
    /// # Errors
    /// When a key cannot be read or written, is none, or can be read by others.
    pub fn open(data_dir: &Path, chance: &Chance) -> anyhow::Result<Self> {
        let folder = data_dir.join("keys");
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let by_chance = || chance.bytes::<32>();
        let signing = SigningKey::from_bytes(&secret(&folder.join("signing.key"), by_chance)?);
        let public = signing.verifying_key();
        let path = folder.join(format!("{}.pub", id(&public)));
        if !path.exists() {
            fs::write(&path, hex(public.as_bytes())).with_context(|| format!("writing {}", path.display()))?;
        }
        let secret = secret(&folder.join("secret.key"), by_chance)?;
        Ok(Self { signing, verifying: public_keys(&folder)?, secret, masters: masters(&folder, chance)? })
    }

    /// The keys that seal the keys of tenants: the present one first.
    pub fn masters(&self) -> &[[u8; 32]] {
        &self.masters
    }

    /// The key that signs papers now.
    pub fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// The keys that prove papers, by id.
    pub fn verifying(&self) -> &BTreeMap<String, VerifyingKey> {
        &self.verifying
    }

    /// The key that seals codes and forms.
    pub fn secret(&self) -> &[u8] {
        &self.secret
    }
}

/// The key with which a person signs, in a file that only its owner can read.
///
/// # Errors
/// When there is none, or others can read it.
pub fn of_person(path: &Path) -> anyhow::Result<SigningKey> {
    ensure!(path.exists(), "there is no key in {}", path.display());
    Ok(SigningKey::from_bytes(&read(path)?))
}

/// The same, made by chance.
///
/// # Errors
/// When it cannot be written.
pub fn made_for_person(path: &Path, chance: &Chance) -> anyhow::Result<SigningKey> {
    Ok(SigningKey::from_bytes(&secret(path, || chance.bytes())?))
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

/// Every master key of the folder, the present one first; made by chance if there is none.
fn masters(folder: &Path, chance: &Chance) -> anyhow::Result<Vec<[u8; 32]>> {
    let mut others = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let is_old = path.extension().is_some_and(|extension| extension == OLD);
        if is_old || path.file_name().is_some_and(|name| name == NEXT) {
            others.push(path);
        }
    }
    others.sort();
    let mut all = vec![secret(&folder.join(MASTER), || chance.bytes_for(&[MASTER]))?];
    for path in others {
        all.push(read(&path)?);
    }
    Ok(all)
}

/// Makes another key that signs papers, and gives its id. Nodes sign with it once they are started again. Its public
/// half is there before it is, so that nobody meets a paper that cannot be proved.
///
/// # Errors
/// When there is no key to be changed, or the new one cannot be written.
pub fn renew_signing(data_dir: &Path, chance: &Chance) -> anyhow::Result<String> {
    let folder = data_dir.join("keys");
    let present = folder.join("signing.key");
    ensure!(present.exists(), "{} has no signing.key that could be changed", folder.display());
    let next = folder.join("signing.next");
    let public = SigningKey::from_bytes(&secret(&next, || chance.bytes())?).verifying_key();
    let path = folder.join(format!("{}.pub", id(&public)));
    fs::write(&path, hex(public.as_bytes())).with_context(|| format!("writing {}", path.display()))?;
    fs::rename(&next, &present).context("putting the new signing key in its place")?;
    Ok(id(&public))
}

/// The master keys of a data directory in which the first is to become the present one: made, and kept as the one
/// to come, unless an earlier attempt has done so. Whoever is served meanwhile opens what is sealed with either.
///
/// # Errors
/// When a key cannot be read or written.
pub fn rotate(data_dir: &Path, chance: &Chance) -> anyhow::Result<Vec<[u8; 32]>> {
    let folder = data_dir.join("keys");
    ensure!(folder.join(MASTER).exists(), "{} has no {MASTER} that could be changed", folder.display());
    let next = secret(&folder.join(NEXT), || chance.bytes())?;
    let mut all = vec![next];
    all.extend(masters(&folder, chance)?.into_iter().filter(|key| *key != next));
    Ok(all)
}

/// Makes the master key that was to come the present one, once every key is sealed with it. Where the one before
/// it is kept; archives of its time need it, and nothing else does.
///
/// # Errors
/// When the files cannot be renamed.
pub fn rotated(data_dir: &Path, now_ms: i64) -> anyhow::Result<std::path::PathBuf> {
    let folder = data_dir.join("keys");
    let old = folder.join(format!("master-{now_ms}.{OLD}"));
    fs::copy(folder.join(MASTER), &old).with_context(|| format!("keeping {}", old.display()))?;
    fs::rename(folder.join(NEXT), folder.join(MASTER)).context("putting the new master key in its place")?;
    Ok(old)
}

/// The public keys in `folder`, by id.
///
/// # Errors
/// When one cannot be read.
pub fn public_keys(folder: &Path) -> anyhow::Result<BTreeMap<String, VerifyingKey>> {
    let mut keys = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "pub") {
            let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
            let bytes: [u8; 32] = unhex(text.trim())
                .and_then(|bytes| bytes.try_into().ok())
                .with_context(|| format!("{} holds no key", path.display()))?;
            let key = VerifyingKey::from_bytes(&bytes).with_context(|| format!("{} holds no key", path.display()))?;
            keys.insert(id(&key), key);
        }
    }
    Ok(keys)
}

/// The name of a public key: the first eight digits of its SHA-256.
pub fn id(key: &VerifyingKey) -> String {
    hex(&Sha256::digest(key.as_bytes())[..4])
}

/// The 32 octets in a file that only its owner can read; made if the file is not there.
fn secret(path: &Path, make: impl FnOnce() -> [u8; 32]) -> anyhow::Result<[u8; 32]> {
    if !path.exists() {
        let bytes = make();
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).with_context(|| format!("making {}", path.display()))?;
        file.write_all(hex(&bytes).as_bytes())
            .and_then(|()| file.sync_all())
            .with_context(|| format!("writing {}", path.display()))?;
        return Ok(bytes);
    }
    read(path)
}

/// The 32 octets in a file that only its owner can read.
fn read(path: &Path) -> anyhow::Result<[u8; 32]> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path)?.permissions().mode();
        ensure!(
            mode.trailing_zeros() >= 6 || !connectors::control::holds("ops_06_key_file"),
            "{} can be read by others; run `chmod 600` on it",
            path.display()
        );
    }
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let key: [u8; 32] = unhex(text.trim())
        .and_then(|bytes| bytes.try_into().ok())
        .with_context(|| format!("{} holds no key of 256 bits", path.display()))?;
    let different: BTreeSet<u8> = key.into_iter().collect();
    ensure!(
        different.len() >= DIFFERENT || !connectors::control::holds("ops_06_placeholder_key"),
        "{} holds a placeholder and not a key: remove it, and a key is made at the next start",
        path.display()
    );
    Ok(key)
}

/// Different octets that a key has at least. Chance gives fewer once in many lives of the universe; whoever types
/// a key gives zeros, or a pattern.
const DIFFERENT: usize = 10;

//! The installation's own keys: made at the first start, kept in the data directory, readable by
//! nobody else.
//!
//! `keys/signing.key` signs papers, `keys/<id>.pub` checks them, `keys/secret.key` seals codes and
//! forms. To change the signing key, remove `signing.key`: a new one is made at the next start, and
//! the public keys that stay behind go on proving the papers of their time.

use std::collections::BTreeMap;
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
}

impl Keys {
    /// Reads the keys of a data directory, and makes those that are not there.
    ///
    /// # Errors
    /// When a key cannot be read or written, is none, or can be read by others.
    pub fn open(data_dir: &Path, chance: &Chance) -> anyhow::Result<Self> {
        let folder = data_dir.join("keys");
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let signing = SigningKey::from_bytes(&secret(&folder.join("signing.key"), chance)?);
        let public = signing.verifying_key();
        let path = folder.join(format!("{}.pub", id(&public)));
        if !path.exists() {
            fs::write(&path, hex(public.as_bytes())).with_context(|| format!("writing {}", path.display()))?;
        }
        Ok(Self { signing, verifying: public_keys(&folder)?, secret: secret(&folder.join("secret.key"), chance)? })
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
    Ok(SigningKey::from_bytes(&secret(path, &Chance::System)?))
}

/// The same, made by chance.
///
/// # Errors
/// When it cannot be written.
pub fn made_for_person(path: &Path, chance: &Chance) -> anyhow::Result<SigningKey> {
    Ok(SigningKey::from_bytes(&secret(path, chance)?))
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
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

/// The 32 octets in a file that only its owner can read; made by chance if the file is not there.
fn secret(path: &Path, chance: &Chance) -> anyhow::Result<[u8; 32]> {
    if !path.exists() {
        let bytes = chance.bytes::<32>();
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
    unhex(text.trim())
        .and_then(|bytes| bytes.try_into().ok())
        .with_context(|| format!("{} holds no key of 256 bits", path.display()))
}

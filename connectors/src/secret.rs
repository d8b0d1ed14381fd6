//! Secrets: named in the configuration, kept outside it.

use std::fmt;
use std::path::PathBuf;

use anyhow::{Context, bail, ensure};
use serde::{Deserialize, Serialize};

use crate::control::holds;
use crate::limits::{SECRET_MAX_BYTES, SECRET_MIN_BYTES};
use crate::surroundings::Surroundings;

/// Where a secret is kept: `env:NAME` or `file:PATH`. The secret itself is never in a definition.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum SecretRef {
    /// An environment variable.
    Env(String),
    /// A file that only its owner can read, below the data directory unless absolute.
    File(PathBuf),
}

impl SecretRef {
    /// Fetches the secret.
    ///
    /// # Errors
    /// When it is absent, weak, a placeholder, or in a file that others can read.
    pub fn read(&self, around: &Surroundings) -> anyhow::Result<Secret> {
        match self {
            Self::Env(name) => {
                let text =
                    (around.variable)(name).with_context(|| format!("the environment variable `{name}` is not set"))?;
                Secret::new(&text).with_context(|| format!("in the environment variable `{name}`"))
            }
            Self::File(path) => {
                let path = around.data_dir.join(path);
                refuse_if_shared(&path)?;
                let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
                Secret::new(&text).with_context(|| format!("in {}", path.display()))
            }
        }
    }
}

#[cfg(unix)]
fn refuse_if_shared(path: &std::path::Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let about = std::fs::metadata(path).with_context(|| format!("reading {}", path.display()))?;
    ensure!(
        about.permissions().mode().trailing_zeros() >= 6 || !holds("ops_06_secret_file"),
        "{} can be read by others; run `chmod 600` on it",
        path.display()
    );
    Ok(())
}

#[cfg(not(unix))]
fn refuse_if_shared(_: &std::path::Path) -> anyhow::Result<()> {
    Ok(())
}

impl TryFrom<String> for SecretRef {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("env", name)) if is_variable(name) => Ok(Self::Env(name.to_owned())),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            _ => Err("a secret is written `env:NAME` or `file:PATH`, never in place".to_owned()),
        }
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}

impl From<SecretRef> for String {
    fn from(secret: SecretRef) -> Self {
        match secret {
            SecretRef::Env(name) => format!("env:{name}"),
            SecretRef::File(path) => format!("file:{}", path.display()),
        }
    }
}

/// A secret in memory. It prints as dots.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// A secret of 16 to 1,024 octets; space around it is not part of it.
    ///
    /// # Errors
    /// When it is too short, too long, or one of the words that mean "fill this in".
    pub fn new(text: &str) -> anyhow::Result<Self> {
        const PLACEHOLDERS: [&str; 6] = ["change", "placeholder", "secret", "password", "example", "xxxx"];
        let text = text.trim();
        ensure!(
            (SECRET_MIN_BYTES..=SECRET_MAX_BYTES).contains(&text.len()),
            "a secret has {SECRET_MIN_BYTES} to {SECRET_MAX_BYTES} octets, and this one has {}",
            text.len()
        );
        let lower = text.to_ascii_lowercase();
        if holds("ops_06_placeholder") && PLACEHOLDERS.iter().any(|word| lower.starts_with(word)) {
            bail!("this secret is a placeholder: put a random one in its place");
        }
        let first = text.as_bytes()[0];
        ensure!(text.bytes().any(|byte| byte != first), "this secret is one character repeated");
        Ok(Self(text.as_bytes().to_vec()))
    }

    /// A secret of 256 random bits, as hexadecimal: for a gateway that lives and dies with its process.
    pub fn random() -> (Self, String) {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the system's random source does not fail once it has started");
        let text = crate::hex::encode(&bytes);
        (Self(text.clone().into_bytes()), text)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::{Secret, SecretRef};

    #[test]
    fn ops_06_weak_secrets_are_refused() {
        for weak in ["", "short", "aaaaaaaaaaaaaaaaaaaaaaaa", "changeme-changeme-changeme", "secret:0123456789abcdef"] {
            assert!(Secret::new(weak).is_err(), "{weak}");
        }
        assert!(Secret::new(&Secret::random().1).is_ok());
    }

    #[test]
    fn a_secret_is_named_and_never_written_in_place() {
        for wrong in ["hunter2hunter2hunter2", "env:", "env:A B", "file:", "http://x"] {
            assert!(SecretRef::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
        assert_eq!(SecretRef::try_from("env:A_1".to_owned()), Ok(SecretRef::Env("A_1".to_owned())));
    }

    #[test]
    fn ops_06_a_secret_does_not_print_itself() {
        let (secret, text) = Secret::random();
        assert!(!format!("{secret:?}").contains(&text));
    }
}

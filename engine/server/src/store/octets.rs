//! Keys for the octets of files and papers, which lie outside the database.
//!
//! Each has a key of its own, made of its name and of the key of its case: where that is destroyed, nobody reads the
//! file any more, wherever a copy of its octets lies. What waits for no case yet, and papers, which outlive what was
//! said in their cases, have theirs of the tenant's. A file that a register shows when its case is erased keeps its key,
//! wrapped by that of the tenant; and one that is kept for a time of its own has such a key from the beginning, made of
//! none.
//!
//! The nonce follows from the content and the key: a job that keeps the same octets once more keeps the same, and
//! since no two files have the same key, nobody sees where the same was sent twice.

use connectors::files::SEAL;
use sha2::{Digest as _, Sha256};

use super::cipher::{self, Key};
use super::db::vals;
use super::error::{Error, Result};
use super::tx::Tx;
use super::vault;
use crate::auth::token;

/// Whose octets they are.
#[derive(Clone, Copy, Debug)]
pub enum Of<'a> {
    /// A file that somebody sent or a program made: its key, and its case if it is for one.
    File {
        /// The key of the file.
        id: &'a str,
        /// The case.
        case: Option<&'a str>,
    },
    /// A paper that was issued: its key.
    Paper(&'a str),
}

impl<'a> Of<'a> {
    fn table_and_id(self) -> (&'static str, &'a str) {
        match self {
            Self::File { id, .. } => ("files", id),
            Self::Paper(id) => ("papers", id),
        }
    }
}

/// What seals the octets of one file or paper, and opens them.
pub struct OctetKey {
    key: Key,
    place: String,
}

impl std::fmt::Debug for OctetKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OctetKey(…)")
    }
}

impl OctetKey {
    fn new(tx: &Tx, of: Of<'_>, key: Key) -> Self {
        let (table, id) = of.table_and_id();
        Self { key, place: format!("{}|{table}|octets|{id}", tx.tenant()) }
    }

    /// The octets as they are kept.
    ///
    /// # Errors
    /// When there are more of them than can be sealed at once.
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>> {
        let content = token::hex(&Sha256::digest(plain));
        let nonce = token::mac(&self.key, "nonce", &[&content]);
        let key = token::mac(&self.key, "octets", &[]);
        let sealed = cipher::seal(&key, nonce, &self.place, plain)?;
        Ok([SEAL, &sealed].concat())
    }

    /// What was sealed; octets that are not sealed as they are.
    ///
    /// # Errors
    /// When they are not what was sealed here.
    pub fn open(&self, stored: Vec<u8>) -> Result<Vec<u8>> {
        let Some(sealed) = stored.strip_prefix(SEAL) else { return Ok(stored) };
        let key = token::mac(&self.key, "octets", &[]);
        let plain = cipher::open(&key, &self.place, sealed);
        plain.ok_or_else(|| Error::Corrupt(format!("{} does not open: it is not what was sealed there", self.place)))
    }
}

/// The key of something, made of that of its case or of its tenant.
fn made_of(base: &Key, of: Of<'_>) -> Key {
    let (table, id) = of.table_and_id();
    token::mac(base, "key of octets", &[table, id])
}

/// The key for octets that are about to be kept; none in a store without keys.
pub async fn key_for(tx: &mut Tx, of: Of<'_>) -> Result<Option<OctetKey>> {
    if let Of::File { case: Some(case), .. } = of {
        vault::hold_key(tx, case, false).await?;
    }
    key_of(tx, of).await
}

/// The key of octets that are kept; none in a store without keys, or where it was destroyed with that of the case.
pub async fn key_of(tx: &mut Tx, of: Of<'_>) -> Result<Option<OctetKey>> {
    let tenant = tx.tenant().to_owned();
    let Some(own) = tx.vault.as_ref().and_then(|vault| vault.tenant(&tenant)) else { return Ok(None) };
    let Of::File { id, case: Some(case) } = of else { return Ok(Some(OctetKey::new(tx, of, made_of(&own, of)))) };
    if let Some(text) = vault::kept(tx, id).await? {
        let key = vault::unwrap(&own, (&tenant, id), &text);
        let key = key.ok_or_else(|| Error::Corrupt(format!("the key of the file {id} does not open")))?;
        return Ok(Some(OctetKey::new(tx, of, key)));
    }
    let mut base = tx.case_keys.get(case).copied();
    if base.is_none()
        && let Some(text) = vault::kept(tx, case).await?
    {
        base = Some(vault::unwrap_case(&own, (&tenant, case), &text)?);
    }
    Ok(base.map(|base| OctetKey::new(tx, of, made_of(&base, of))))
}

/// Gives a file of a case a key that is made of no other: it is destroyed with the file where that is erased before what
/// else was said in the case, and a copy of its octets is read nowhere any more.
pub async fn own_key(tx: &mut Tx, of: Of<'_>) -> Result<()> {
    let Of::File { id, case: Some(_) } = of else { return Ok(()) };
    let tenant = tx.tenant().to_owned();
    let Some(vault) = tx.vault.clone() else { return Ok(()) };
    let Some(own) = vault.tenant(&tenant) else { return Ok(()) };
    let wrapped = vault.wrap(&own, (&tenant, id), vault.file_key(&tenant, id))?;
    vault::keep(tx, id, wrapped).await
}

/// Lets a file of a case be read after the key of the case was destroyed, if it is one of that case.
pub(super) async fn outlive(tx: &mut Tx, case: &str, id: &str) -> Result<()> {
    let sql = "select 1 from files where tenant = $1 and id = $2 and case_id = $3";
    if tx.first(sql, vals![id, case]).await?.is_none() {
        return Ok(());
    }
    let tenant = tx.tenant().to_owned();
    let Some(vault) = tx.vault.clone() else { return Ok(()) };
    let Some((own, base)) = vault.tenant(&tenant).zip(tx.case_keys.get(case).copied()) else { return Ok(()) };
    let wrapped = vault.wrap(&own, (&tenant, id), made_of(&base, Of::File { id, case: Some(case) }))?;
    vault::keep(tx, id, wrapped).await
}

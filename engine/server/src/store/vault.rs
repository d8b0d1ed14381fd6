//! What people said is sealed: answers, comments, what was typed. Whoever has the database, or a copy of it, and
//! not the installation's master key, reads none of it.
//!
//! - The master key is a file of the installation. It seals one key for each tenant, which seals one key for
//!   each case, and both lie in `seal_keys`. What is said in a case is sealed with the key of the case: where that
//!   is destroyed, it can be read nowhere any more, neither in the row of the case nor in the events, which stay.
//!   What a register keeps is sealed with the key of the tenant.
//! - A document that is sealed says in the clear what the books need, and ends in a member `sealed`: `c.` or `t.`
//!   for whose key it is, and XChaCha20-Poly1305 with a random nonce over the other members. Tenant, table, column
//!   and row are authenticated with it, so that it opens in its own place alone.
//! - Names, numbers and addresses of people are sealed with the key of the state, or of the town whose employees they
//!   are. A number is found by a keyed hash beside it.
//! - A message is sealed as a value of its own, with the key of the case that it is about.
//! - What ends by itself and names people is sealed with the key of the tenant: answers that were given to programs,
//!   what is remembered of a browser, forms whose session had ended. What codes were sent to and what tries are counted
//!   of is a keyed hash.
//! - Files and papers are sealed as octets, each with a key made of that of its case, or of the tenant (`octets.rs`).
//! - Rows and events are vouched for as they are stored. Nothing need be opened to verify them, and they verify
//!   after a key was destroyed.
//! - A store that was given no keys writes in the clear, and refuses to read what is sealed.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::cipher::{self, Key};
use super::db::{Row, Statement, Val, vals};
use super::error::{Error, Result};
use super::tx::Tx;
use crate::auth::token;

/// Gives octets that nobody can guess, for a purpose.
pub type Draw = Arc<dyn Fn(&[&str]) -> [u8; 32] + Send + Sync>;

/// Keys of cases that are remembered for those who write ahead of their turn, and cannot ask: far more than are
/// written between reading a batch and deciding on it.
const RECENT: usize = 1 << 18;
/// Keys that are asked for in one statement.
const ASKED: usize = 500;
/// What a sealed value begins with: one of the tenant's, and one of a case.
const VALUE: &str = "sealed:t.";
const CASE_VALUE: &str = "sealed:c.";
/// What the sealed member of a document begins with: within a text the marks would be written `\"`.
const MEMBER: &str = ",\"sealed\":\"";

/// The keys of an installation, and those of its tenants once they were opened.
pub struct Vault {
    /// The present master key, and earlier ones that tenants' keys may still be sealed with.
    masters: Vec<Key>,
    draw: Draw,
    tenants: RwLock<HashMap<String, Key>>,
    recent: Mutex<Recent>,
}

#[derive(Default)]
struct Recent {
    keys: HashMap<(String, String), Key>,
    order: VecDeque<(String, String)>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

/// Where something is sealed; it opens nowhere else.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) table: &'static str,
    pub(super) column: &'static str,
    /// What tells the row from others of the tenant.
    pub(super) row: &'a str,
}

impl Place<'_> {
    fn of(self, tenant: &str) -> String {
        format!("{tenant}|{}|{}|{}", self.table, self.column, self.row)
    }
}

/// The place of a wrapped key.
fn wrapped(id: &str) -> Place<'_> {
    Place { table: "seal_keys", column: "wrapped", row: id }
}

/// Where sealed documents stand in the rows that a statement finds.
pub(super) struct Cells {
    pub(super) table: &'static str,
    /// Where they stand in the row, and how the column is called.
    pub(super) columns: &'static [(usize, &'static str)],
    /// What tells the row from others of the tenant.
    pub(super) row: fn(&Row) -> Result<String>,
    /// The case whose key seals it.
    pub(super) case: fn(&Row) -> Result<Option<String>>,
}

impl Vault {
    /// A vault that opens what was sealed under any of `masters`, and seals under the first.
    pub fn new(masters: Vec<[u8; 32]>, draw: Draw) -> Self {
        Self { masters, draw, tenants: RwLock::default(), recent: Mutex::default() }
    }

    /// Whether the key of a tenant is yet to be opened.
    pub(super) fn wants(&self, tenant: &str) -> bool {
        // What reads or writes all tenants in turn reads rows as they are stored.
        !matches!(tenant, super::EVERYBODY | "-") && self.tenant(tenant).is_none()
    }

    pub(super) fn tenant(&self, tenant: &str) -> Option<Key> {
        self.tenants.read().unwrap_or_else(PoisonError::into_inner).get(tenant).copied()
    }

    /// Knows the key of a tenant from now on: it lies in the database.
    pub(super) fn know(&self, tenant: &str, key: Key) {
        self.tenants.write().unwrap_or_else(PoisonError::into_inner).insert(tenant.to_owned(), key);
    }

    fn remember(&self, tenant: &str, case: &str, key: Key) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let name = (tenant.to_owned(), case.to_owned());
        if recent.keys.insert(name.clone(), key).is_none() {
            recent.order.push_back(name);
        }
        if recent.order.len() > RECENT
            && let Some(oldest) = recent.order.pop_front()
        {
            recent.keys.remove(&oldest);
        }
    }

    fn remembered(&self, tenant: &str, case: &str) -> Option<Key> {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.keys.get(&(tenant.to_owned(), case.to_owned())).copied()
    }

    fn seal(&self, key: &Key, place: &str, plain: &[u8], says: &str) -> Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(cipher::seal(key, (self.draw)(&[place, says]), place, plain)?))
    }

    /// A key for one file.
    pub(super) fn file_key(&self, tenant: &str, id: &str) -> Key {
        (self.draw)(&["file", tenant, id])
    }

    /// A key, sealed with another one, to be kept under `id`.
    pub(super) fn wrap(&self, by: &Key, (tenant, id): (&str, &str), key: Key) -> Result<String> {
        // What is sealed here is chance itself: the nonce needs no more than the place.
        self.seal(by, &wrapped(id).of(tenant), &key, "")
    }

    /// The key of a tenant, of whichever master key it was sealed with.
    fn unwrap_tenant(&self, tenant: &str, text: &str) -> Result<Key> {
        let opened = self.masters.iter().find_map(|master| unwrap(master, (tenant, ""), text));
        opened.ok_or_else(|| Error::Corrupt(format!("the key of `{tenant}` was sealed with another master key")))
    }
}

fn open(key: &Key, place: &str, sealed: &str) -> Option<Vec<u8>> {
    cipher::open(key, place, &URL_SAFE_NO_PAD.decode(sealed).ok()?)
}

pub(super) fn unwrap(by: &Key, (tenant, id): (&str, &str), text: &str) -> Option<Key> {
    open(by, &wrapped(id).of(tenant), text)?.try_into().ok()
}

/// The key of the transaction's tenant; made if there is none yet.
pub(super) async fn tenant_key(tx: &mut Tx, vault: &Vault) -> Result<Key> {
    let tenant = tx.tenant().to_owned();
    if let Some(text) = kept(tx, "").await? {
        return vault.unwrap_tenant(&tenant, &text);
    }
    let master = vault.masters.first().ok_or_else(|| Error::Corrupt("there is no master key".to_owned()))?;
    let key = (vault.draw)(&["tenant", &tenant]);
    keep(tx, "", vault.wrap(master, (&tenant, ""), key)?).await?;
    // Another node may have been quicker.
    let text = kept(tx, "").await?.ok_or(Error::Stale)?;
    vault.unwrap_tenant(&tenant, &text)
}

pub(super) async fn kept(tx: &mut Tx, id: &str) -> Result<Option<String>> {
    let found = tx.first("select wrapped from seal_keys where tenant = $1 and id = $2", vals![id]).await?;
    found.map(|row| row.text(0)).transpose()
}

/// Whether there is a key of this case.
pub(super) async fn has_key(tx: &mut Tx, case: &str) -> Result<bool> {
    Ok(kept(tx, case).await?.is_some())
}

pub(super) async fn keep(tx: &mut Tx, id: &str, text: String) -> Result<()> {
    let sql = "insert into seal_keys (tenant, id, wrapped) values ($1, $2, $3) on conflict (tenant, id) do nothing";
    tx.execute(sql, vals![id, text]).await?;
    Ok(())
}

/// Makes sure that what is said in a case can be sealed by this transaction; `new` if the case is opened by it.
///
/// Whoever writes ahead of his turn cannot ask for a key: he has read the case before, and with it its key, if it
/// has one. A case from before anything was sealed is then written in the clear, as it was.
pub(super) async fn hold_key(tx: &mut Tx, case: &str, new: bool) -> Result<()> {
    let Some(vault) = tx.vault.clone() else { return Ok(()) };
    let tenant = tx.tenant().to_owned();
    if tx.case_keys.contains_key(case) {
        return Ok(());
    }
    let by = vault.tenant(&tenant).ok_or_else(|| Error::Corrupt(format!("the key of `{tenant}` is not open")))?;
    let key = if new {
        make_key(tx, &vault, &by, case).await?
    } else if tx.is_ahead() {
        let Some(key) = vault.remembered(&tenant, case) else { return Ok(()) };
        key
    } else {
        let mut text = kept(tx, case).await?;
        if text.is_none() {
            make_key(tx, &vault, &by, case).await?;
            // Somebody else may have been quicker.
            text = kept(tx, case).await?;
        }
        unwrap_case(&by, (&tenant, case), &text.ok_or(Error::Stale)?)?
    };
    vault.remember(&tenant, case, key);
    tx.case_keys.insert(case.to_owned(), key);
    Ok(())
}

async fn make_key(tx: &mut Tx, vault: &Vault, by: &Key, case: &str) -> Result<Key> {
    let tenant = tx.tenant().to_owned();
    let key = (vault.draw)(&["case", &tenant, case]);
    keep(tx, case, vault.wrap(by, (&tenant, case), key)?).await?;
    Ok(key)
}

pub(super) fn unwrap_case(by: &Key, (tenant, case): (&str, &str), text: &str) -> Result<Key> {
    unwrap(by, (tenant, case), text).ok_or_else(|| Error::Corrupt(format!("the key of the case {case} does not open")))
}

/// Destroys the key of a case: what was said in it can be read nowhere any more. Whether there was one.
pub(super) async fn destroy(tx: &mut Tx, case: &str) -> Result<bool> {
    tx.case_keys.remove(case);
    if let Some(vault) = &tx.vault {
        let mut recent = vault.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.keys.remove(&(tx.tenant().to_owned(), case.to_owned()));
    }
    Ok(tx.execute("delete from seal_keys where tenant = $1 and id = $2", vals![case]).await? == 1)
}

/// Brings the key of the transaction's tenant under the present master key. Whether it was under another one.
///
/// # Errors
/// When it is under none that is known.
pub async fn rewrap(tx: &mut Tx, vault: &Vault) -> Result<bool> {
    let tenant = tx.tenant().to_owned();
    let Some(text) = kept(tx, "").await? else { return Ok(false) };
    let Some(present) = vault.masters.first() else { return Ok(false) };
    if unwrap(present, (&tenant, ""), &text).is_some() {
        return Ok(false);
    }
    let key = vault.unwrap_tenant(&tenant, &text)?;
    let text = vault.wrap(present, (&tenant, ""), key)?;
    tx.execute("update seal_keys set wrapped = $3 where tenant = $1 and id = $2", vals!["", text]).await?;
    Ok(true)
}

/// A document that says `clear` to everybody and `said` (another document) to those who have the key: of the case,
/// or of the tenant if none is named. Where there is no key it says both.
pub(super) fn document(
    tx: &Tx,
    case: Option<&str>,
    place: Place<'_>,
    mut clear: String,
    said: Option<String>,
) -> Result<String> {
    let Some(said) = said else { return Ok(clear) };
    let key = match (&tx.vault, case) {
        (None, _) => None,
        (Some(vault), None) => vault.tenant(tx.tenant()).map(|key| (vault, "t", key)),
        (Some(vault), Some(case)) => tx.case_keys.get(case).map(|key| (vault, "c", *key)),
    };
    let Some(open) = clear.strip_suffix('}') else { return Err(Error::Corrupt("a document has no end".to_owned())) };
    let Some((vault, whose, key)) = key else { return Ok(joined(open, &said)) };
    let length = open.len();
    let sealed = vault.seal(&key, &place.of(tx.tenant()), said.as_bytes(), &said)?;
    clear.truncate(length);
    clear.reserve_exact(MEMBER.len() + whose.len() + sealed.len() + 3);
    for part in [MEMBER, whose, ".", &sealed, "\"}"] {
        clear.push_str(part);
    }
    Ok(clear)
}

/// A value of a column of its own, as it is kept for the transaction's tenant: sealed where there are keys.
pub(super) fn value(tx: &Tx, place: Place<'_>, plain: &str) -> Result<String> {
    let key = tx.vault.as_ref().and_then(|vault| Some((vault, vault.tenant(tx.tenant())?)));
    match key {
        // Nothing is said by an empty value, and it stays one.
        Some((vault, key)) if !plain.is_empty() => {
            Ok(format!("{VALUE}{}", vault.seal(&key, &place.of(tx.tenant()), plain.as_bytes(), plain)?))
        }
        _ => Ok(plain.to_owned()),
    }
}

/// A value of a column of its own that was said in a case, as it is kept: sealed where the case has a key, which is
/// held by then.
pub(super) fn case_value(tx: &Tx, case: &str, place: Place<'_>, plain: &str) -> Result<String> {
    match tx.vault.as_ref().zip(tx.case_keys.get(case)) {
        Some((vault, key)) if !plain.is_empty() => {
            Ok(format!("{CASE_VALUE}{}", vault.seal(key, &place.of(tx.tenant()), plain.as_bytes(), plain)?))
        }
        _ => Ok(plain.to_owned()),
    }
}

/// What [`value`] kept for `tenant`: a town sees those people of its state who applied there.
pub(super) fn open_value(tx: &Tx, tenant: &str, place: Place<'_>, stored: String) -> Result<String> {
    let Some(sealed) = stored.strip_prefix(VALUE) else { return Ok(stored) };
    let key = tx.vault.as_ref().and_then(|vault| vault.tenant(tenant));
    let place = place.of(tenant);
    let plain = key.and_then(|key| open(&key, &place, sealed)).and_then(|plain| String::from_utf8(plain).ok());
    plain.ok_or_else(|| Error::Corrupt(format!("{place} does not open: it is not what was sealed there")))
}

/// What a sealed value of the transaction's tenant is found by: a keyed hash, under a key of its own. Nothing where
/// values are not sealed.
pub(super) fn index(tx: &Tx, column: &str, value: &str) -> Option<String> {
    index_of(tx, tx.tenant(), column, value)
}

/// The same of another tenant: of the state of a town.
pub(super) fn index_of(tx: &Tx, tenant: &str, column: &str, value: &str) -> Option<String> {
    let key = tx.vault.as_ref()?.tenant(tenant)?;
    let own = token::mac(&key, "blind index", &[column]);
    Some(token::hex(&token::mac(&own, column, &[value])))
}

/// Whether what is kept for the tenant is sealed in this transaction.
pub(super) fn seals(tx: &Tx) -> bool {
    tx.vault.as_ref().is_some_and(|vault| vault.tenant(tx.tenant()).is_some())
}

/// Whether what is said in a case is sealed in this transaction.
pub(super) fn seals_case(tx: &Tx, case: Option<&str>) -> bool {
    tx.vault.is_some() && case.is_some_and(|case| tx.case_keys.contains_key(case))
}

/// A document without its end, and the members of another one.
fn joined(open: &str, said: &str) -> String {
    let members = said.strip_prefix('{').unwrap_or("}");
    let comma = if open.ends_with('{') || members == "}" { "" } else { "," };
    format!("{open}{comma}{members}")
}

/// The clear part of a sealed document without its end, whose key it is, and what is sealed.
fn parted(text: &str) -> Option<(&str, &str, &str)> {
    let (open, sealed) = text.rsplit_once(MEMBER)?;
    let (whose, sealed) = sealed.strip_suffix("\"}")?.split_once('.')?;
    Some((open, whose, sealed))
}

/// Opens the documents in rows: what is sealed is then read as if it were not. Of a case whose key was destroyed
/// the clear part is left. Whoever reads a case has its key from then on, whether anything was said in it yet or not.
pub(super) async fn opened(tx: &mut Tx, cells: &Cells, rows: Vec<Row>) -> Result<Vec<Row>> {
    let (mut any, mut wanted) = (false, BTreeSet::new());
    for row in &rows {
        let mut of_case = cells.table == "cases" && tx.vault.is_some();
        for (at, _) in cells.columns {
            let text = row.text(*at)?;
            if let Some((_, whose, _)) = parted(&text) {
                any = true;
                of_case |= whose == "c";
            }
        }
        if of_case {
            wanted.extend((cells.case)(row)?.filter(|case| !tx.case_keys.contains_key(case)));
        }
    }
    if !any && wanted.is_empty() {
        return Ok(rows);
    }
    let own = keys_of(tx, cells.table, wanted).await?;
    rows.into_iter().map(|row| open_row(tx, cells, &own, row)).collect()
}

/// Finds the keys of cases that something in a table is sealed with; the key of the tenant.
async fn keys_of(tx: &mut Tx, table: &str, cases: BTreeSet<String>) -> Result<Key> {
    let Some(vault) = tx.vault.clone() else {
        return Err(Error::Corrupt(format!("`{table}` is sealed, and the keys are not here")));
    };
    let tenant = tx.tenant().to_owned();
    let own = vault.tenant(&tenant).ok_or_else(|| Error::Corrupt(format!("the key of `{tenant}` is not open")))?;
    let cases: Vec<String> = cases.into_iter().collect();
    find_keys(tx, &vault, &own, &cases).await?;
    Ok(own)
}

/// Opens the values in rows that [`case_value`] sealed: of a case whose key was destroyed nothing is left.
pub(super) async fn opened_values(tx: &mut Tx, cells: &Cells, mut rows: Vec<Row>) -> Result<Vec<Row>> {
    let (mut any, mut wanted) = (false, BTreeSet::new());
    for row in &rows {
        for (at, _) in cells.columns {
            if row.text(*at)?.starts_with(CASE_VALUE) {
                any = true;
                wanted.extend((cells.case)(row)?.filter(|case| !tx.case_keys.contains_key(case)));
            }
        }
    }
    if !any {
        return Ok(rows);
    }
    keys_of(tx, cells.table, wanted).await?;
    for row in &mut rows {
        for &(at, column) in cells.columns {
            let stored = row.text(at)?;
            let Some(sealed) = stored.strip_prefix(CASE_VALUE) else { continue };
            let name = (cells.row)(row)?;
            let place = Place { table: cells.table, column, row: &name }.of(tx.tenant());
            let key = (cells.case)(row)?.and_then(|case| tx.case_keys.get(&case).copied());
            let said = key.map_or(Ok(String::new()), |key| opened_text(&key, &place, sealed))?;
            row.show(at, said);
        }
    }
    Ok(rows)
}

/// What is sealed in a place, which must be what was sealed there.
fn opened_text(key: &Key, place: &str, sealed: &str) -> Result<String> {
    let plain = open(key, place, sealed).and_then(|plain| String::from_utf8(plain).ok());
    plain.ok_or_else(|| Error::Corrupt(format!("{place} does not open: it is not what was sealed there")))
}

/// Reads the keys of cases that are not destroyed.
async fn find_keys(tx: &mut Tx, vault: &Vault, own: &Key, cases: &[String]) -> Result<()> {
    for some in cases.chunks(ASKED) {
        let holes: Vec<String> = (0..some.len()).map(|at| format!("${}", at + 2)).collect();
        let sql = format!("select id, wrapped from seal_keys where tenant = $1 and id in ({})", holes.join(", "));
        let found = tx.fetch(sql, some.iter().map(Val::from).collect()).await?;
        know_keys(tx, vault, own, &found)?;
    }
    Ok(())
}

/// Holds the keys in rows of `id, wrapped`.
fn know_keys(tx: &mut Tx, vault: &Vault, own: &Key, rows: &[Row]) -> Result<()> {
    let tenant = tx.tenant().to_owned();
    for row in rows {
        let case = row.text(0)?;
        let key = unwrap_case(own, (&tenant, &case), &row.text(1)?)?;
        vault.remember(&tenant, &case, key);
        tx.case_keys.insert(case, key);
    }
    Ok(())
}

/// The statement that finds the key of a case, for whoever reads the case in the same call; nothing where the key
/// is held or nothing is sealed. What it finds goes to [`take_key`].
pub(super) fn key_asked<'a>(tx: &Tx, case: &'a str) -> Option<Statement<'a>> {
    let vault = tx.vault.as_ref()?;
    vault.tenant(tx.tenant())?;
    let sql = "select id, wrapped from seal_keys where tenant = $1 and id = $2";
    (!tx.case_keys.contains_key(case)).then(|| (sql.into(), vals![case]))
}

/// Holds the key that the statement of [`key_asked`] found, if it found one.
pub(super) fn take_key(tx: &mut Tx, rows: &[Row]) -> Result<()> {
    let Some(vault) = tx.vault.clone() else { return Ok(()) };
    let Some(own) = vault.tenant(tx.tenant()) else { return Ok(()) };
    know_keys(tx, &vault, &own, rows)
}

fn open_row(tx: &Tx, cells: &Cells, own: &Key, mut row: Row) -> Result<Row> {
    for &(at, column) in cells.columns {
        let text = row.text(at)?;
        let Some((clear, whose, sealed)) = parted(&text) else { continue };
        let key = if whose == "t" {
            Some(*own)
        } else {
            (cells.case)(&row)?.and_then(|case| tx.case_keys.get(&case).copied())
        };
        let opened = match key {
            None => format!("{clear}}}"),
            Some(key) => {
                let name = (cells.row)(&row)?;
                let place = Place { table: cells.table, column, row: &name }.of(tx.tenant());
                joined(clear, &opened_text(&key, &place, sealed)?)
            }
        };
        row.show(at, opened);
    }
    Ok(row)
}

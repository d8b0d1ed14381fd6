//! Digests: of a row, so that an event can vouch for it, and of an event, so that the next can.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use super::db::Val;
use crate::auth::token::hex;

/// Octets that most rows have room in.
const WHOLE: usize = 512;
/// The same of events.
const EVENT: usize = 4096;

/// A table whose rows are vouched for by events.
pub(super) struct Sheet {
    /// Its name.
    pub(super) table: &'static str,
    /// What tells a row from the others, with commas: the first columns. Rows that have the same key
    /// are vouched for together.
    pub(super) key: &'static str,
    /// Every column that is vouched for, key first, with commas, in the order in which it is digested.
    pub(super) columns: &'static str,
    /// How many of the last columns were added when there were rows already: they are digested where
    /// they are filled, so that what vouches for older rows still does.
    pub(super) added: usize,
}

impl Sheet {
    /// How many columns make the key.
    pub(super) fn keys(&self) -> usize {
        self.key.split(',').count()
    }

    /// The cells of a row that are digested.
    pub(super) fn told<'a, S>(&self, cells: &'a [Option<S>]) -> &'a [Option<S>] {
        let least = cells.len().saturating_sub(self.added);
        let filled = cells.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        &cells[..filled.max(least)]
    }

    /// The key of a row.
    pub(super) fn key_of<S: AsRef<str>>(&self, cells: &[Option<S>]) -> String {
        let parts: Vec<&str> =
            cells[..self.keys()].iter().map(|cell| cell.as_ref().map_or("", AsRef::as_ref)).collect();
        parts.join(" ")
    }
}

/// Digests of rows, gathered while they are written.
#[derive(Default)]
pub(super) struct Marks(BTreeMap<(&'static str, String), Ink>);

impl Marks {
    /// Notes a row of `sheet`; further rows of the same key must follow in the order of their columns.
    pub(super) fn add(&mut self, sheet: &Sheet, row: &[Val<'_>]) {
        let cells: Vec<_> = row.iter().map(Val::cell).collect();
        self.0.entry((sheet.table, sheet.key_of(&cells))).or_default().row(sheet.told(&cells));
    }

    /// Notes a row as the database gave it back.
    pub(super) fn add_cells(&mut self, sheet: &Sheet, cells: &[Option<String>]) {
        self.0.entry((sheet.table, sheet.key_of(cells))).or_default().row(sheet.told(cells));
    }

    /// Notes that nothing is left under this key.
    pub(super) fn gone(&mut self, sheet: &Sheet, key: String) {
        self.0.entry((sheet.table, key)).or_default();
    }
}

/// As an event carries them: table, key, digest.
impl Serialize for Marks {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(|((table, key), ink)| (table, key, ink.dry())))
    }
}

/// The digest of the rows of one key.
#[derive(Clone, Default)]
pub(super) struct Ink(Option<Sha256>);

impl Ink {
    /// Adds a row.
    pub(super) fn row<S: AsRef<str>>(&mut self, cells: &[Option<S>]) {
        let mut told = Vec::with_capacity(WHOLE);
        for cell in cells {
            tell(&mut told, cell.as_ref().map(AsRef::as_ref));
        }
        told.push(b'.');
        self.0.get_or_insert_default().update(&told);
    }

    /// Thirty-two hexadecimal digits; empty if there was no row.
    pub(super) fn dry(&self) -> String {
        self.0.as_ref().map_or_else(String::new, |sha| hex(&sha.clone().finalize()[..16]))
    }
}

/// The hash of an event: SHA-256 over the previous hash and every column, each with its length before it.
pub(super) fn chain<S: AsRef<str>>(parts: impl Iterator<Item = Option<S>>) -> String {
    let mut told = Vec::with_capacity(EVENT);
    for part in parts {
        tell(&mut told, part.as_ref().map(AsRef::as_ref));
    }
    hex(&Sha256::digest(&told))
}

/// Adds a cell to what is digested: with its length before it, or as nothing. What is digested is put together
/// first, since a row has many short cells, and a digest is quick with one long text.
fn tell(told: &mut Vec<u8>, cell: Option<&str>) {
    match cell {
        Some(text) => {
            number(told, text.len());
            told.push(b':');
            told.extend_from_slice(text.as_bytes());
        }
        None => told.push(b'-'),
    }
}

/// Adds a number in decimal digits. A record has a hundred of them or so, and a formatter is slow for so little.
fn number(told: &mut Vec<u8>, value: usize) {
    if value > 9 {
        number(told, value / 10);
    }
    told.push(b"0123456789"[value % 10]);
}

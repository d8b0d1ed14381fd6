//! Terms that cases and records are found by, as they are kept.
//!
//! A number as long as a telephone's is blind: a keyed hash stands in its place, so that whoever types all of it finds
//! what it stands for, and whoever reads the database finds no number. What is looked for by its beginning, names and
//! words, must stand in the clear: no hash has a beginning.

use connectors::control::holds;

use super::tx::Tx;
use super::{inbox, vault};

/// Digits from which on a number is found by all of them alone.
const LONG: usize = 8;
/// How a blind term is told from others.
const BLIND: char = '=';
/// Digits of the hash that are kept, hexadecimal: 128 bits.
const KEPT: usize = 32;

/// The digits of a long number, however they are grouped by spaces.
fn long_number(term: &str) -> Option<String> {
    let digits: String = term.strip_prefix('+').unwrap_or(term).chars().filter(|c| *c != ' ').collect();
    (digits.len() >= LONG && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// What stands in the place of a term that is found only whole; nothing in a store without keys.
pub(super) fn hidden(tx: &Tx, term: &str) -> Option<String> {
    let mac = vault::index(tx, "terms", term)?;
    Some(format!("{BLIND}{}", &mac[..KEPT]))
}

/// What is looked for besides the words that were typed: what stands in their place, if they are a long number.
pub(super) fn looked_for(tx: &Tx, text: &str) -> Option<String> {
    // Most texts are told from numbers by their first letter.
    if !text.chars().all(|c| c.is_ascii_digit() || c == '+' || c.is_whitespace()) {
        return None;
    }
    long_number(&inbox::term(text)).and_then(|digits| hidden(tx, &digits))
}

/// What is kept in the place of a long number; nothing for any other text.
pub(super) fn blind(tx: &Tx, text: &str) -> Option<String> {
    looked_for(tx, text).filter(|_| holds("priv_03_terms"))
}

/// A term as it is kept. What is kept already stays as it is.
pub(super) fn kept(tx: &Tx, text: &str) -> String {
    blind(tx, text).unwrap_or_else(|| inbox::term(text))
}

/// Terms (field, text) as they are kept.
pub(super) fn all_kept(tx: &Tx, terms: &[(String, String)]) -> Vec<(String, String)> {
    terms.iter().map(|(field, text)| (field.clone(), kept(tx, text))).collect()
}

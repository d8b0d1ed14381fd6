//! Which passwords will do (ASVS 5.0, 6.2): long enough, not among those that everybody tries first, not
//! made of a name that everybody knows. What letters it is made of is left to whoever remembers it.

use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

/// Fewest characters of a password.
pub const SHORTEST: usize = 8;
/// Most characters of a password.
pub const LONGEST: usize = 128;
/// Characters of a name from which on a password may not lean on it.
const NAMED: usize = 4;

/// The passwords of eight characters and more among the 100,000 that were found most often in what was
/// stolen elsewhere: of each, in small letters, the first four octets of its SHA-256, in order. Decision 32
/// says where they come from.
pub static COMMON: &[u8] = include_bytes!("common_passwords.bin");

/// Why a password will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weak {
    /// Fewer than [`SHORTEST`] characters.
    TooShort,
    /// More than [`LONGEST`] characters.
    TooLong,
    /// Everybody tries it first.
    Common,
    /// It is little more than a name that everybody knows.
    Named,
}

/// A password as it is hashed: what looks the same is the same, whichever keyboard wrote it.
pub fn normal(password: &str) -> String {
    password.nfkc().collect()
}

/// Why `password` will not do, if so. `names` are those of the person and the town.
pub fn weakness(password: &str, names: &[&str]) -> Option<Weak> {
    let password = normal(password);
    let length = password.chars().count();
    if length < SHORTEST {
        return Some(Weak::TooShort);
    }
    if length > LONGEST {
        return Some(Weak::TooLong);
    }
    let small = password.to_lowercase();
    if (is_common(&small) && connectors::control::holds("auth_10_common")) || is_one_letter(&small) {
        return Some(Weak::Common);
    }
    let words = names.iter().flat_map(|name| name.split(|c: char| c.is_whitespace() || ".,_-@".contains(c)));
    let words = words.map(|word| normal(word).to_lowercase()).filter(|word| word.chars().count() >= NAMED);
    let rest = words.fold(small.clone(), |rest, word| rest.replace(&word, ""));
    let mostly_names = rest.len() < small.len() && rest.chars().count() < SHORTEST;
    (mostly_names && connectors::control::holds("auth_10_named")).then_some(Weak::Named)
}

/// Whether a password in small letters is among those that everybody tries.
fn is_common(small: &str) -> bool {
    let digest = Sha256::digest(small.as_bytes());
    let (known, _) = COMMON.as_chunks::<4>();
    known.binary_search_by(|one| one.as_slice().cmp(&digest[..4])).is_ok()
}

fn is_one_letter(small: &str) -> bool {
    let mut letters = small.chars();
    letters.next().is_some_and(|first| letters.all(|letter| letter == first))
}

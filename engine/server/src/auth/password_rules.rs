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
static COMMON: &[u8] = include_bytes!("common_passwords.bin");

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
    if is_common(&small) || is_one_letter(&small) {
        return Some(Weak::Common);
    }
    let words = names.iter().flat_map(|name| name.split(|c: char| c.is_whitespace() || ".,_-@".contains(c)));
    let words = words.map(|word| normal(word).to_lowercase()).filter(|word| word.chars().count() >= NAMED);
    let rest = words.fold(small.clone(), |rest, word| rest.replace(&word, ""));
    (rest.len() < small.len() && rest.chars().count() < SHORTEST).then_some(Weak::Named)
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

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["meera", "Meera Joshi", "Municipal Council Riverton", "देहरादून"];

    #[test]
    fn auth_10_length_and_names_count_and_nothing_else() {
        let cases = [
            ("kj3-x9q", Some(Weak::TooShort)),
            ("        ", Some(Weak::Common)),
            ("password", Some(Weak::Common)),
            ("PassWord", Some(Weak::Common)),
            ("12345678", Some(Weak::Common)),
            ("qwertyuiop", Some(Weak::Common)),
            ("iloveyou", Some(Weak::Common)),
            ("aaaaaaaaaaaa", Some(Weak::Common)),
            ("riverton2026", Some(Weak::Named)),
            ("Riverton-Municipal", Some(Weak::Named)),
            ("meera.joshi.99", Some(Weak::Named)),
            ("देहरादून123", Some(Weak::Named)),
            ("quiet-river-42", None),
            ("riverton boats at dawn", None),
            ("नदी किनारे बत्तख", None),
            ("only small letters", None),
            ("8204917355", None),
        ];
        for (password, expected) in cases {
            assert_eq!(weakness(password, &NAMES), expected, "{password}");
        }
        assert_eq!(weakness(&"तमसा".repeat(32), &NAMES), None, "128 characters");
        assert_eq!(weakness(&"x".repeat(LONGEST + 1), &[]), Some(Weak::TooLong));
    }

    #[test]
    fn what_looks_the_same_is_the_same() {
        // The letter QA, and KA with a dot beneath it.
        assert_eq!(normal("\u{958}\u{932}\u{92e}"), normal("\u{915}\u{93c}\u{932}\u{92e}"));
        assert_eq!(normal("ｐａｓｓ"), "pass");
    }

    #[test]
    fn the_list_is_in_order_and_whole() {
        let (known, rest) = COMMON.as_chunks::<4>();
        assert!(rest.is_empty() && known.len() > 38_000 && known.is_sorted());
    }
}

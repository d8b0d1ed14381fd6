//! Names folded to one key, so that they are found however they are written: in Devanagari or in
//! Latin letters, and with small differences of spelling.
//!
//! A key is the skeleton of the consonants. Vowels are left out, save at the beginning of a word,
//! since nobody agrees how to write them: *Chauhan*, *Chouhan*, *चौहान*. Breath and place of a
//! consonant are left out too (*ट* and *त*, *th* and *t*), sibilants are one, and doubled letters are
//! one. What the two scripts write differently is brought together: a nasal dot sounds as the letter
//! after it, *सिंह* is *Singh*, *क्ष* is *x*, and *य* at the end is a vowel in Latin letters.
//!
//! Two different names may have the same key; the list of what was found shows which are meant.

/// Letters that a key has at most.
const LONGEST: usize = 24;

/// The keys of the words of `text` that are words: of two letters at least, without digits.
pub fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '/' | '-' | '(' | ')'));
    words.map(word).filter(|key| !key.is_empty()).collect()
}

/// The key of one word; empty if it has a digit, a letter of another script, or hardly a letter.
pub fn word(word: &str) -> String {
    let letters: Vec<char> = word.chars().filter(|c| !matches!(c, '\u{200c}' | '\u{200d}' | '\'' | '’')).collect();
    if letters.len() < 2 {
        return String::new();
    }
    let sounds = if letters.iter().all(char::is_ascii_alphabetic) {
        latin(&letters.iter().map(char::to_ascii_lowercase).collect::<Vec<_>>())
    } else if letters.iter().all(|c| ('\u{0900}'..='\u{0963}').contains(c)) {
        devanagari(&letters)
    } else {
        return String::new();
    };
    skeleton(&sounds)
}

/// Joins doubled sounds, and takes a last *y* for the vowel that it is.
fn skeleton(sounds: &str) -> String {
    let mut key = String::with_capacity(sounds.len());
    for sound in sounds.chars() {
        // A nasal before a lip sound is *m*, however it was written.
        if matches!(sound, 'p' | 'b') && key.ends_with('n') {
            key.pop();
            key.push('m');
        }
        if !key.ends_with(sound) && key.len() < LONGEST {
            key.push(sound);
        }
    }
    if key.len() > 2 && key.ends_with('y') {
        key.pop();
    }
    key
}

/// What a word in small Latin letters sounds like.
#[expect(clippy::match_same_arms, reason = "a table of sounds, a line for each")]
fn latin(letters: &[char]) -> String {
    let mut sounds = String::new();
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        let next = letters.get(at + 1).copied().unwrap_or(' ');
        let (sound, length) = match (letter, next) {
            // *Rao* is written with a last *v* in Devanagari, and so is *Deo*.
            ('o', ' ') if at > 0 && matches!(letters[at - 1], 'a' | 'e') => ("v", 1),
            ('a' | 'e' | 'i' | 'o' | 'u', _) => (initial(at, *letter, next), 1),
            ('c', 'h') => ("c", if letters.get(at + 2) == Some(&'h') { 3 } else { 2 }),
            ('c', 'k') => ("k", 2),
            ('k', 's') if letters.get(at + 2) == Some(&'h') => ("ks", 3),
            ('k', 'h') => ("k", 2),
            ('c' | 'k' | 'q', _) => ("k", 1),
            ('g', 'h') => ("g", 2),
            ('g', _) => ("g", 1),
            ('j' | 'z', 'h') => ("j", 2),
            ('j' | 'z', _) => ("j", 1),
            ('t', 'h') => ("t", if letters.get(at + 2) == Some(&'h') { 3 } else { 2 }),
            ('t', _) => ("t", 1),
            ('d', 'h') => ("d", 2),
            ('d', _) => ("d", 1),
            ('p' | 'f', 'h') => ("p", 2),
            ('p' | 'f', _) => ("p", 1),
            ('b', 'h') => ("b", 2),
            ('b', _) => ("b", 1),
            ('s', 'h') => ("s", 2),
            ('s', _) => ("s", 1),
            ('r', 'h') => ("r", 2),
            ('r', _) => ("r", 1),
            ('v' | 'w', 'h') => ("v", 2),
            ('v' | 'w', _) => ("v", 1),
            ('x', _) => ("ks", 1),
            ('h', _) => ("h", 1),
            ('l', _) => ("l", 1),
            ('m', _) => ("m", 1),
            ('n', _) => ("n", 1),
            ('y', _) => ("y", 1),
            _ => ("", 1),
        };
        sounds.push_str(sound);
        at += length;
    }
    sounds
}

/// The sound of a vowel, which counts only where a word begins.
#[expect(clippy::match_same_arms, reason = "a table of sounds, a line for each")]
fn initial(at: usize, letter: char, next: char) -> &'static str {
    match (at, letter, next) {
        (0, 'e', 'e') => "i",
        (0, 'o', 'o') => "u",
        (0, 'a', _) => "a",
        (0, 'e', _) => "e",
        (0, 'i', _) => "i",
        (0, 'o', _) => "o",
        (0, 'u', _) => "u",
        _ => "",
    }
}

/// What a word in Devanagari sounds like.
fn devanagari(letters: &[char]) -> String {
    let mut sounds = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let next = letters.get(at + 1).copied().unwrap_or(' ');
        let sound = match letter {
            'अ' | 'आ' if at == 0 => "a",
            'इ' | 'ई' if at == 0 => "i",
            'उ' | 'ऊ' if at == 0 => "u",
            'ए' | 'ऐ' if at == 0 => "e",
            'ओ' | 'औ' if at == 0 => "o",
            'क' | 'ख' | '\u{0958}' | '\u{0959}' => "k",
            'ग' | 'घ' | '\u{095a}' => "g",
            'च' | 'छ' => "c",
            'ज' if next == '\u{094d}' && letters.get(at + 2) == Some(&'ञ') => "gy",
            'ज' | 'झ' | '\u{095b}' => "j",
            'ञ' if at >= 2 && letters[at - 2] == 'ज' => "",
            'ड' | 'ढ' if next == '\u{093c}' => "r",
            'ट' | 'ठ' | 'त' | 'थ' => "t",
            'ड' | 'ढ' | 'द' | 'ध' => "d",
            'प' | 'फ' | '\u{095e}' => "p",
            'ब' | 'भ' => "b",
            // The nasal dot before *ह* is said as in *Singh*.
            '\u{0902}' if next == 'ह' => "ng",
            'ह' if at > 0 && letters[at - 1] == '\u{0902}' => "",
            'ङ' | 'ञ' | 'ण' | 'न' | '\u{0929}' | '\u{0901}' | '\u{0902}' => "n",
            'म' => "m",
            'य' | '\u{095f}' => "y",
            'र' | '\u{0931}' | 'ऋ' | '\u{0943}' | '\u{095c}' | '\u{095d}' => "r",
            'ल' | 'ळ' => "l",
            'व' => "v",
            'श' | 'ष' | 'स' => "s",
            'ह' => "h",
            _ => "",
        };
        sounds.push_str(sound);
    }
    sounds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_scripts_and_small_differences_meet() {
        let same: [&[&str]; 23] = [
            &["Sharma", "Sarma", "Sharmaa", "शर्मा", "शरमा"],
            &["Singh", "Sing", "सिंह"],
            &["Chauhan", "Chouhan", "Chohan", "चौहान"],
            &["Lakshmi", "Laxmi", "Lakshmee", "लक्ष्मी"],
            &["Negi", "Neggi", "नेगी"],
            &["Rawat", "Ravat", "रावत"],
            &["Rao", "Rav", "राव"],
            &["Bisht", "Bist", "बिष्ट"],
            &["Pandey", "Pande", "पाण्डेय", "पांडे"],
            &["Tripathi", "Tripathy", "त्रिपाठी"],
            &["Chandigarh", "चंडीगढ़", "चण्डीगढ़"],
            &["Krishna", "Krisna", "कृष्ण"],
            &["Mohammad", "Mohamad", "मोहम्मद"],
            &["Aziz", "Ajij", "अज़ीज़", "अजीज"],
            &["Gyanendra", "ज्ञानेन्द्र"],
            &["Champa", "Chanpa", "चंपा", "चम्पा"],
            &["Joshi", "Josi", "जोशी"],
            &["Uniyal", "उनियाल"],
            &["Shree", "Shri", "Sri", "श्री"],
            &["Fatima", "Phatima", "फ़ातिमा", "फातिमा"],
            &["Mehta", "मेहता"],
            &["Dutt", "Dutta", "दत्त"],
            &["Wahid", "Vahid", "वाहिद"],
        ];
        for names in same {
            let keys: Vec<String> = names.iter().map(|name| word(name)).collect();
            assert!(keys.iter().all(|key| *key == keys[0] && !key.is_empty()), "{names:?} {keys:?}");
        }
    }

    #[test]
    fn other_names_stay_apart() {
        let keys: Vec<String> = ["Sharma", "Verma", "Singh", "Negi", "Rawat", "Asha", "Usha", "Meera"].map(word).into();
        let distinct: std::collections::BTreeSet<&String> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len(), "{keys:?}");
    }

    #[test]
    fn what_is_no_name_has_no_key() {
        assert_eq!(words("12-B, Asha R. शर्मा 4"), ["as", "srm"]);
        assert_eq!(word("W2"), "");
        assert_eq!(word(""), "");
        assert_eq!(word("ரவி"), "");
    }
}

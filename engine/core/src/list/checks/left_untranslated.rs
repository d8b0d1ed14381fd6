//! # left-untranslated
//!
//! The words in another language are letter for letter those that were to be translated.
//!
//! **Why it matters.** `nagar words` writes a file of `locales/` in which every word stands as it was
//! written. What is forgotten in it is there, so that nothing is missing, and whoever chose Hindi reads
//! English in the middle of a page.
//!
//! **Remedy.** Translate them. What looks the same in every language is not meant: numbers, codes
//! (`GSTIN`, `form_7`), addresses, words of three letters or fewer, variables, and names with a capital
//! inside (`DigiLocker`). Another name is spelt as people of that language write it: `आधार`. Languages
//! that are written in Latin letters are not looked at, for they have words in common; nor are lists,
//! papers and their titles.

use crate::source::manual::manual;
use crate::source::words::shortened;
use crate::source::{At, Diagnostic, Diagnostics};

manual!("left-untranslated", "left_untranslated.rs");

/// The languages of India with a code of two letters, Nepali with them, that Latin letters do not write.
const OTHER_LETTERS: [&str; 16] =
    ["as", "bn", "gu", "hi", "kn", "ks", "ml", "mr", "ne", "or", "pa", "sa", "sd", "ta", "te", "ur"];

/// The letters that a word has at least: what is shorter is often an abbreviation.
const LETTERS: usize = 4;

/// Says of the words in `language` that they are still as they were `written`.
pub fn check(written: &str, words: &At<String>, language: &str, out: &mut Diagnostics) {
    let same = words.value.trim() == written.trim();
    if !same || !OTHER_LETTERS.contains(&language) || !says_something(written) {
        return;
    }
    let first = written.trim().lines().next().unwrap_or_default();
    let title = format!("`{}` is not translated into `{language}`", shortened(first));
    out.push(
        Diagnostic::warning(MANUAL, &words.at, title, "people would read this in another language")
            .help(format!("write in `{language}` what it says")),
    );
}

/// Whether there is a word in it that can be translated, outside of the variables.
fn says_something(text: &str) -> bool {
    text.split("{{").enumerate().any(|(index, part)| {
        let said = if index == 0 { part } else { part.split_once("}}").map_or("", |(_, said)| said) };
        let mut chunks = said.split_whitespace().filter(|chunk| !is_address(chunk));
        chunks.any(|chunk| chunk.split(|c: char| !c.is_alphanumeric() && c != '_').any(is_word))
    })
}

fn is_address(chunk: &str) -> bool {
    chunk.contains("://") || chunk.contains('@') || chunk.starts_with("www.")
}

/// Latin letters, of which only the first may be a capital: codes and many names have another inside.
fn is_word(letters: &str) -> bool {
    letters.len() >= LETTERS
        && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
        && letters.bytes().skip(1).all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::Where;

    fn said(written: &str, words: &str, language: &str) -> usize {
        let mut out = Diagnostics::default();
        let words = At::new(words.to_owned(), Where::file(&Arc::from("hi.yaml")));
        check(written, &words, language, &mut out);
        out.0.len()
    }

    #[test]
    fn words_that_were_left_as_they_were_are_found() {
        for left in ["Markets", "House/Shop", "GST number", "Paid by {{payer}}", "{{number}} is paid", "What is it?"] {
            assert_eq!(said(left, left, "hi"), 1, "{left}");
        }
        assert_eq!(said("Markets\n", "Markets", "hi"), 1, "a line break at the end is no translation");
    }

    #[test]
    fn what_looks_the_same_everywhere_may_be_left() {
        for same in [
            "",
            "42",
            "PAN",
            "GSTIN",
            "kWh",
            "form_7",
            "A4/2026",
            "DigiLocker",
            "{{answers.locality}}, {{link}}",
            "https://example.in/papers",
            "www.example.in",
            "office@example.in",
            "बाज़ार",
        ] {
            assert_eq!(said(same, same, "hi"), 0, "{same}");
        }
    }

    #[test]
    fn a_translation_and_a_language_with_words_in_common_are_content() {
        assert_eq!(said("Markets", "बाज़ार", "hi"), 0);
        assert_eq!(said("Total", "Total", "es"), 0);
    }
}

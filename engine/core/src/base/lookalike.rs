//! Words that read as others: written with letters of another script that look the same. *Asha* with a Cyrillic *а* is
//! another word to every search, and the same to every eye.
//!
//! Scripts that nobody takes for each other may stand in one word, as *A* and *ब*; so may marks and digits.

/// Letters of other scripts that nobody tells from Latin ones: Greek and Cyrillic, as far as they are usual.
const AS_LATIN: &str = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοντυАВЕЅІЈКМНОРСТУХҮԚԜаеіјорсухѕһԛԝӏ";

/// The first word of `text` that may be taken for another one.
pub fn first(text: &str) -> Option<&str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && !is_mark(c));
    words.filter(|word| !word.is_empty()).find(|word| deceives(word))
}

fn deceives(word: &str) -> bool {
    let (mut latin, mut like, mut letters) = (false, 0_usize, 0_usize);
    let mut other = false;
    for c in word.chars().filter(|c| c.is_alphabetic()) {
        letters += 1;
        match c {
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => latin = true,
            // Greek, Cyrillic, Armenian and Cherokee stand beside Latin letters in no word.
            '\u{370}'..='\u{58f}' | '\u{13a0}'..='\u{13fd}' | '\u{1c80}'..='\u{1c8f}' | '\u{1f00}'..='\u{1fff}' => {
                other = true;
                like += usize::from(AS_LATIN.contains(c));
            }
            // Letters in another dress: wide ones, and those of mathematics.
            '\u{ff21}'..='\u{ff5a}' | '\u{1d400}'..='\u{1d7ff}' | '\u{2100}'..='\u{214f}' => return true,
            _ => {}
        }
    }
    (latin && other) || (letters > 1 && like == letters)
}

/// What belongs to the letter before it: signs above and below, and what joins letters of Indian scripts.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{200c}' | '\u{200d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_06_what_reads_as_another_word_is_noticed() {
        for (text, word) in [
            ("\u{410}sha Rao", "\u{410}sha"),
            ("Asha R\u{430}o", "R\u{430}o"),
            ("Asha \u{421}\u{43e}\u{440}\u{430}", "\u{421}\u{43e}\u{440}\u{430}"),
            ("\u{39f}mega Stores", "\u{39f}mega"),
            ("Ａsha", "Ａsha"),
            ("shop \u{1d400}\u{1d401}", "\u{1d400}\u{1d401}"),
        ] {
            assert_eq!(first(text), Some(word), "{text}");
        }
    }

    #[test]
    fn in_06_what_people_write_is_let_through() {
        for text in [
            "",
            "Asha Rao",
            "आशा राव",
            "क्\u{200d}षA",
            "T-शर्ट wale",
            "Núñez Müller Łódź",
            "Ωμέγα",
            "Москва",
            "12-B, W2",
            "é e\u{301}",
            "ரவி",
            "Я",
        ] {
            assert_eq!(first(text), None, "{text}");
        }
    }
}

//! Splits text into pieces of one script, each in a face that has it.

use crate::font::{FaceId, face};
use std::ops::Range;

/// Which side of a word a character takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Devanagari,
    Other,
    /// Digits, spaces, punctuation and joiners go with their neighbours.
    Either,
}

fn side(c: char) -> Side {
    match c {
        '\u{900}'..='\u{97f}' | '\u{1cd0}'..='\u{1cff}' | '\u{a8e0}'..='\u{a8ff}' => Side::Devanagari,
        '\u{200c}' | '\u{200d}' | '\u{25cc}' | '\u{a0}' => Side::Either,
        c if c.is_ascii() && !c.is_ascii_alphabetic() => Side::Either,
        '\u{2010}'..='\u{2026}' | '₹' | '×' | '·' => Side::Either,
        _ => Side::Other,
    }
}

/// Splits text into pieces that one face can print. A character that may go either way stays in
/// the piece it follows, or joins the one it begins, if that face has it.
pub(super) fn itemise(text: &str, bold: bool) -> Vec<(FaceId, Range<usize>)> {
    let first = text.chars().map(side).find(|side| *side != Side::Either);
    let mut devanagari = first == Some(Side::Devanagari);
    let mut pieces: Vec<(FaceId, Range<usize>)> = Vec::new();
    for (at, c) in text.char_indices() {
        match side(c) {
            Side::Devanagari => devanagari = true,
            Side::Other => devanagari = false,
            Side::Either => {}
        }
        let wanted = FaceId::of(devanagari, bold);
        let spare = FaceId::of(!devanagari, bold);
        let id = match (face(wanted).has(c), face(spare).has(c)) {
            (true, _) => wanted,
            (false, true) => spare,
            // The sign for what cannot be printed is in the Latin face.
            (false, false) => FaceId::of(false, bold),
        };
        let end = at + c.len_utf8();
        match pieces.last_mut() {
            Some((last, range)) if *last == id => range.end = end,
            _ => pieces.push((id, at..end)),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faces(text: &str) -> Vec<(bool, &str)> {
        itemise(text, false).into_iter().map(|(id, at)| (id.is_devanagari(), &text[at])).collect()
    }

    #[test]
    fn digits_and_punctuation_go_with_their_neighbours() {
        assert_eq!(faces("(कार्यालय)"), [(true, "(कार्यालय)")]);
        assert_eq!(faces("31/03/2027"), [(false, "31/03/2027")]);
        assert_eq!(faces("धारा-12(3)"), [(true, "धारा-12(3)")]);
        assert_eq!(faces("GSTINसंख्या"), [(false, "GSTIN"), (true, "संख्या")]);
        assert_eq!(faces("₹1,00,000.00"), [(false, "₹1,00,000.00")]);
        assert_eq!(faces("क\u{200d}ष"), [(true, "क\u{200d}ष")]);
    }
}

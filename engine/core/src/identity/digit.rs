//! Check digits: the last character of a number follows from the others, so that a slip of the pen is noticed.

use crate::source::scalar::words;

words! {
    /// How the last character follows from those before it.
    pub enum CheckDigit {
        /// The algorithm of Luhn over digits.
        Luhn = "luhn",
        /// The same over digits and capital letters, of which `A` counts ten.
        Luhn36 = "luhn_36",
        /// The algorithm of Verhoeff over digits.
        Verhoeff = "verhoeff",
    }
}

/// The multiplication of the dihedral group of order ten: J. Verhoeff, *Error Detecting Decimal Codes*, Mathematical
/// Centre Tract 29, Amsterdam 1969.
const PRODUCT: [[u8; 10]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];

/// What becomes of a digit by its place from the end; after eight places it begins anew.
const PERMUTED: [[u8; 10]; 8] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
    [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
    [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
    [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
    [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
    [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
    [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
];

impl CheckDigit {
    /// Whether the last character of `text` is the one that follows from the others.
    pub fn holds(self, text: &str) -> bool {
        let base = match self {
            Self::Luhn => 10,
            Self::Luhn36 => 36,
            Self::Verhoeff => return verhoeff(text),
        };
        let mut sum = 0;
        for (place, character) in text.chars().rev().enumerate() {
            let Some(digit) = character.to_digit(base) else { return false };
            let counted = if place % 2 == 0 { digit } else { digit * 2 };
            sum += counted / base + counted % base;
        }
        sum % base == 0
    }
}

fn verhoeff(text: &str) -> bool {
    let mut sum = 0_u8;
    for (place, byte) in text.bytes().rev().enumerate() {
        if !byte.is_ascii_digit() {
            return false;
        }
        let counted = PERMUTED[place % 8][usize::from(byte - b'0')];
        sum = PRODUCT[usize::from(sum)][usize::from(counted)];
    }
    sum == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_character_follows_from_the_others() {
        assert!(CheckDigit::Luhn.holds("79927398713"));
        assert!(!CheckDigit::Luhn.holds("79927398710"));
        assert!(!CheckDigit::Luhn.holds("7992739871A"));
        assert!(CheckDigit::Luhn36.holds("05ABCDE1234F1Z6"));
        assert!(!CheckDigit::Luhn36.holds("05ABCDE1234F1Z5"));
        assert!(!CheckDigit::Luhn36.holds("05ABCDE-1234F1Z6"));
    }

    #[test]
    fn verhoeff_is_that_of_the_published_examples() {
        for (number, check) in [("236", 3), ("12345", 1), ("142857", 0), ("123456789012", 0)] {
            for digit in 0..10 {
                let whole = format!("{number}{digit}");
                assert_eq!(CheckDigit::Verhoeff.holds(&whole), digit == check, "{whole}");
            }
        }
        assert!(!CheckDigit::Verhoeff.holds("236A"));
    }

    #[test]
    fn verhoeff_notices_every_slip_and_every_swap_of_neighbours() {
        let right: Vec<char> = "234123412346".chars().collect();
        let holds = |digits: &[char]| CheckDigit::Verhoeff.holds(&digits.iter().collect::<String>());
        assert!(holds(&right));
        for place in 0..right.len() {
            for other in ('0'..='9').filter(|other| *other != right[place]) {
                let mut wrong = right.clone();
                wrong[place] = other;
                assert!(!holds(&wrong), "{wrong:?}");
            }
            if place > 0 && right[place] != right[place - 1] {
                let mut wrong = right.clone();
                wrong.swap(place, place - 1);
                assert!(!holds(&wrong), "{wrong:?}");
            }
        }
    }

    #[test]
    fn a_single_slip_is_always_noticed() {
        let right: Vec<char> = "05ABCDE1234F1Z6".chars().collect();
        for (place, own) in right.iter().enumerate() {
            for other in ('0'..='9').chain('A'..='Z').filter(|other| other != own) {
                let mut wrong = right.clone();
                wrong[place] = other;
                let wrong: String = wrong.into_iter().collect();
                assert!(!CheckDigit::Luhn36.holds(&wrong), "{wrong}");
            }
        }
    }
}

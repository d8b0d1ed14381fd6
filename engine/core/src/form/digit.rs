//! Check digits: the last character of a number follows from the others, so that a slip of the pen is noticed.

use crate::source::scalar::words;

words! {
    /// How the last character follows from those before it.
    pub enum CheckDigit {
        /// The algorithm of Luhn over digits.
        Luhn = "luhn",
        /// The same over digits and capital letters, of which `A` counts ten.
        Luhn36 = "luhn_36",
    }
}

impl CheckDigit {
    /// Whether the last character of `text` is the one that follows from the others.
    pub fn holds(self, text: &str) -> bool {
        let base = match self {
            Self::Luhn => 10,
            Self::Luhn36 => 36,
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

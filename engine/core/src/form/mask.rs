//! Personal answers where they are not needed: enough to recognise, too little to use.

use super::{Field, Kind};

impl Field {
    /// Whether it, or a question within it, tells something about a person.
    pub fn is_personal(&self) -> bool {
        let within = match &self.kind {
            Kind::Group { fields } | Kind::List { fields, .. } => fields.iter().any(Self::is_personal),
            _ => false,
        };
        self.personal || within
    }
}

/// What stands in the place of a sensitive answer: not even its length is told.
pub(super) const WHOLE: &str = "******";

/// An answer as shown, masked by its kind. What has no pattern of its own is hidden whole.
pub fn mask(kind: &Kind, shown: &str) -> String {
    match kind {
        Kind::Phone => phone(shown),
        Kind::Email => email(shown),
        Kind::Text { .. } => words(shown),
        _ => hidden(shown),
    }
}

/// Keeps the last four characters: `******3210`.
pub fn phone(text: &str) -> String {
    let count = text.chars().count();
    text.chars().enumerate().map(|(index, c)| if index + 4 < count { '*' } else { c }).collect()
}

/// Keeps the first character of each side and the very last: `a*****@g****n`.
pub fn email(text: &str) -> String {
    let Some((local, domain)) = text.split_once('@') else { return hidden(text) };
    let last = domain.chars().count().saturating_sub(1);
    let local = local.chars().enumerate().map(|(index, c)| if index == 0 { c } else { '*' });
    let domain = domain.chars().enumerate().map(|(index, c)| if index == 0 || index == last { c } else { '*' });
    local.chain(std::iter::once('@')).chain(domain).collect()
}

/// Keeps the first letter of each word, with the signs that belong to it; digits are letters too.
/// Marks of Indian scripts inside a word are hidden with their letter.
pub fn words(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let (mut inside, mut first) = (false, false);
    for c in text.chars() {
        if is_mark(c) {
            // A vowel sign or a virama stays only with a letter that stays.
            if first || !inside {
                masked.push(c);
            }
        } else if c.is_alphanumeric() || c == '_' {
            first = !inside;
            masked.push(if first || c == '_' { c } else { '*' });
            inside = true;
        } else {
            masked.push(c);
            (inside, first) = (false, false);
        }
    }
    masked
}

/// Hides everything but the length, which is at least three.
pub fn hidden(text: &str) -> String {
    "*".repeat(text.chars().count().clamp(3, 12))
}

/// Vowel signs, nasal signs and the virama of the Indic blocks (U+0900 to U+0DFF), and joiners.
fn is_mark(c: char) -> bool {
    let position = u32::from(c);
    let indic = (0x0900..=0x0dff).contains(&position);
    let offset = position & 0x7f;
    (indic && (offset <= 0x03 || matches!(offset, 0x3a..=0x3c | 0x3e..=0x4f | 0x51..=0x57 | 0x62 | 0x63)))
        || matches!(c, '\u{200c}' | '\u{200d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_patterns_of_the_state_do() {
        // Figures X3 and X5 of the worked cases of other installations.
        assert_eq!(phone("9000003280"), "******3280");
        assert_eq!(phone("123"), "123");
        assert_eq!(email("ab.cde@gov.in"), "a*****@g****n");
        assert_eq!(words("Asha Rao"), "A*** R**");
        assert_eq!(words("12-4 M.G. Road"), "1*-4 M.G. R***");
        assert_eq!(words("O'Neil"), "O'N***");
    }

    #[test]
    fn hindi_names_keep_their_first_letter_with_its_signs() {
        assert_eq!(words("आशा राव"), "आ* रा*");
        assert_eq!(words("कृष्ण"), "कृ**");
    }

    #[test]
    fn priv_02_nothing_else_can_be_guessed_at() {
        assert_eq!(mask(&Kind::YesNo, "No"), "***");
        assert_eq!(email("nobody"), "******");
    }
}

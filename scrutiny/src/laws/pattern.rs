//! Names of layers with numbers in them: `BLOCK_{block}_FLOOR_{floor}`.

use std::collections::BTreeMap;

/// The names of layers that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
    written: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Letters(String),
    Number(String),
}

impl Pattern {
    /// Reads a pattern; `None` if braces do not close, stand empty or next to each other, or a name stands twice.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find('{') {
            let (letters, braced) = rest.split_at_checked(start)?;
            let (name, after) = braced.get(1..)?.split_once('}')?;
            let valid = !name.is_empty() && name.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_');
            let again = parts.iter().any(|part| *part == Part::Number(name.to_owned()));
            if !valid || again || (letters.is_empty() && matches!(parts.last(), Some(Part::Number(_)))) {
                return None;
            }
            if !letters.is_empty() {
                parts.push(Part::Letters(letters.to_uppercase()));
            }
            parts.push(Part::Number(name.to_owned()));
            rest = after;
        }
        if rest.contains('}') || text.trim().is_empty() {
            return None;
        }
        if !rest.is_empty() {
            parts.push(Part::Letters(rest.to_uppercase()));
        }
        Some(Self { parts, written: text.to_owned() })
    }

    /// As it is written.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The names in braces.
    pub fn names(&self) -> Vec<&str> {
        let names = self.parts.iter().filter_map(|part| match part {
            Part::Number(name) => Some(name.as_str()),
            Part::Letters(_) => None,
        });
        names.collect()
    }

    /// The numbers that a layer (in capitals) has where the pattern has names; `None` if it does not fit.
    pub fn numbers(&self, layer: &str) -> Option<Vec<u32>> {
        let mut numbers = Vec::new();
        let mut rest = layer;
        for part in &self.parts {
            match part {
                Part::Letters(letters) => rest = rest.strip_prefix(letters.as_str())?,
                Part::Number(_) => {
                    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
                    let (digits, after) = rest.split_at_checked(end)?;
                    numbers.push(digits.parse().ok()?);
                    rest = after;
                }
            }
        }
        rest.is_empty().then_some(numbers)
    }
}

impl Pattern {
    /// The same numbers by their names.
    pub fn named(&self, layer: &str) -> Option<BTreeMap<&str, u32>> {
        Some(self.names().into_iter().zip(self.numbers(layer)?).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_where_names_are() {
        let pattern = Pattern::read("BLK_{block}_FLR_{floor}_Built").unwrap();
        assert_eq!(pattern.names(), ["block", "floor"]);
        assert_eq!(pattern.numbers("BLK_2_FLR_10_BUILT"), Some(vec![2, 10]));
        assert_eq!(pattern.named("BLK_2_FLR_10_BUILT").unwrap()["floor"], 10);
        for other in ["BLK_2_FLR_B1_BUILT", "BLK_2_FLR_1_BUILTUP", "BLK__FLR_1_BUILT", "BLK_99999999999_FLR_1_BUILT"] {
            assert_eq!(pattern.numbers(other), None, "{other}");
        }
        for wrong in ["", "A_{", "A_}", "A_{}", "{a}{b}", "{a}_{a}", "{A}"] {
            assert_eq!(Pattern::read(wrong), None, "{wrong}");
        }
    }
}

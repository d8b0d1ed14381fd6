//! "Did you mean …?"

use std::collections::BTreeSet;

/// The candidate that `word` was probably meant to be, if one is near enough.
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let length = lower.chars().count();
    let allowed = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        // Words cannot be nearer than their lengths are, and counting is quick: a file may have many that are wrong.
        .filter(|candidate| candidate.chars().flat_map(char::to_lowercase).count().abs_diff(length) <= allowed)
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && !candidate.is_empty())
        .min()
        .map(|(_, candidate)| candidate)
}

/// The help line for a word that is not among the candidates: the likely one, or all of a few.
pub fn help<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    if let Some(found) = suggest(word, candidates.clone()) {
        return Some(format!("did you mean `{found}`?"));
    }
    let all: Vec<String> = candidates.into_iter().map(|candidate| format!("`{candidate}`")).collect();
    match all.len() {
        0 => None,
        1..=12 => Some(format!("known here: {}", all.join(", "))),
        more => Some(format!("known here: {} and {} more", all[..10].join(", "), more - 10)),
    }
}

/// What other languages call a truth value, in quotes or not, and what it is called here.
pub fn truth(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" | "true" => Some("true"),
        "no" | "n" | "off" | "false" => Some("false"),
        _ => None,
    }
}

/// All of them, each once, in their order.
pub fn all<'a>(candidates: impl IntoIterator<Item = &'a str>) -> String {
    let mut seen = BTreeSet::new();
    let once = candidates.into_iter().filter(|candidate| seen.insert(*candidate));
    once.map(|candidate| format!("`{candidate}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_near_word_only() {
        let states = ["verification", "approval", "licensed"];
        assert_eq!(suggest("verifcation", states), Some("verification"));
        assert_eq!(suggest("aproval", states), Some("approval"));
        assert_eq!(suggest("payment", states), None);
        assert_eq!(help("payment", ["a", "b"]).unwrap(), "known here: `a`, `b`");
    }
}

//! Names of others as names of definitions.

use std::collections::BTreeSet;

use engine::base::Name;

/// `PENDING_FOR-Approval` as `pending_for_approval`: what the definitions take as a name; `before` is put in
/// front where it would begin with something else than a letter, or where readers of YAML would take it for
/// something else.
pub fn snake(text: &str, before: &str) -> String {
    let mut name = split(text).join("_");
    if !name.starts_with(|c: char| c.is_ascii_lowercase())
        || ["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(&name.as_str())
    {
        name = format!("{before}_{name}");
    }
    name.truncate(60);
    let name = name.trim_end_matches('_').to_owned();
    if Name::is_valid(&name) { name } else { before.to_owned() }
}

/// `NewTL.v2` as `new-tl-v2`: the name of a folder.
pub fn kebab(text: &str, before: &str) -> String {
    snake(text, before).replace('_', "-")
}

/// `PENDING_FOR_APPROVAL` as `Pending for approval`; short words in capitals stay so.
pub fn readable(text: &str) -> String {
    let words = split(text);
    let capitals = |word: &String| {
        let upper = word.to_uppercase();
        let short = word.len() <= 3 && text.contains(&upper) && text.chars().any(|c| c.is_ascii_lowercase());
        if short { upper } else { word.clone() }
    };
    let words = words.iter().map(capitals).collect::<Vec<_>>().join(" ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A code as code lists take it: letters, digits and underscores, at most 64.
pub fn code(text: &str) -> String {
    let code: String = text.trim().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(64).collect();
    if code.is_empty() { "_".to_owned() } else { code }
}

/// `name`, or `name_2` and so on if it is taken; taken from now on.
pub fn unused(name: &str, between: char, taken: &mut BTreeSet<String>) -> String {
    let mut free = name.to_owned();
    let mut count = 2;
    while !taken.insert(free.clone()) {
        free = format!("{name}{between}{count}");
        count += 1;
    }
    free
}

/// The words of a name, in lower case: split where a sign stands and where capitals begin.
fn split(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut words = vec![String::new()];
    for (at, letter) in letters.iter().enumerate() {
        if !letter.is_ascii_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let before = at.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(at + 1);
        let begins = letter.is_ascii_uppercase()
            && (before.is_some_and(|before| before.is_ascii_lowercase())
                || before.is_some_and(|before| before.is_ascii_uppercase())
                    && after.is_some_and(char::is_ascii_lowercase));
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(letter.to_ascii_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_others_become_names_of_ours() {
        for (theirs, ours) in [
            ("PENDING_FOR-Approval", "pending_for_approval"),
            ("NewTL.v2", "new_tl_v2"),
            ("DisconnectWSConnection", "disconnect_ws_connection"),
            ("RE-SUBMIT", "re_submit"),
            ("12A", "state_12a"),
            ("NO", "state_no"),
            ("…", "state"),
        ] {
            assert_eq!(snake(theirs, "state"), ours, "{theirs}");
        }
        assert_eq!(kebab("PT.CREATE", "service"), "pt-create");
        assert_eq!(readable("PENDING_FOR_APPROVAL"), "Pending for approval");
        assert_eq!(readable("NewWS1"), "New WS1");
        assert_eq!(code("A.B-C d"), "A_B_C_d");
        let mut taken = BTreeSet::new();
        let names: Vec<String> = (0..3).map(|_| unused("a", '_', &mut taken)).collect();
        assert_eq!(names, ["a", "a_2", "a_3"]);
    }
}

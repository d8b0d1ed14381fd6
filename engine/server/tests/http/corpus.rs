//! Strings that programs have stumbled over, or were tricked with, by what they are aimed at: one a line. What cannot
//! be seen is written as `\u{…}`.

use std::collections::BTreeSet;

/// What is in a file of the corpus.
macro_rules! class {
    ($name:literal) => {
        ($name, include_str!(concat!("corpus/", $name, ".txt")))
    };
}

/// The files: statements of databases, markup and templates, numbers and days, ways to files, headers and logs, signs
/// that are written in several ways or not seen at all, formulas, rules, YAML and JSON, addresses, octets that are no
/// text, short messages, and letters of Devanagari in orders that nobody types.
const CLASSES: [(&str, &str); 16] = [
    class!("sql"),
    class!("statements"),
    class!("markup"),
    class!("pages"),
    class!("odd"),
    class!("numbers"),
    class!("paths"),
    class!("headers"),
    class!("unicode"),
    class!("formulas"),
    class!("rules"),
    class!("documents"),
    class!("addresses"),
    class!("octets"),
    class!("messages"),
    class!("devanagari"),
];

/// Octets that are no text, as an address says them.
pub(crate) const OCTETS: &str = include_str!("corpus/octets.txt");

/// All of them, as they are sent.
pub(crate) fn hostile() -> Vec<String> {
    CLASSES.iter().flat_map(|(_, lines)| lines.lines()).map(meant).collect()
}

/// A line as it is sent: `\u{…}` stands for the sign with that number.
fn meant(line: &str) -> String {
    let mut parts = line.split("\\u{");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once('}').unwrap();
        text.push(char::from_u32(u32::from_str_radix(number, 16).unwrap()).unwrap());
        text.push_str(rest);
    }
    text
}

#[test]
fn in_01_the_corpus_has_more_than_five_hundred_strings_and_none_twice() {
    let all = hostile();
    let each: BTreeSet<&String> = all.iter().collect();
    assert!(all.len() > 500 && each.len() == all.len(), "{} of {} differ", each.len(), all.len());
    for (class, lines) in CLASSES {
        assert!(lines.lines().count() >= 25, "{class}");
    }
    for wanted in ["'", "\";--", "%", "_", "\0", "😀"] {
        assert!(all.iter().any(|text| text.contains(wanted)), "{wanted:?}");
    }
}

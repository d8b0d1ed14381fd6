//! Writing YAML: the plain kind that definitions are written in, and nothing else.

use std::fmt::Write as _;

use serde_json::Value as Json;

/// A file of a definition: a line that names its schema, a comment, then `value` in block style.
///
/// `depth` is how many folders lead up to the folder of schemas.
pub(crate) fn file(schema: &str, depth: usize, comment: &str, value: &Json) -> String {
    let mut text = format!("# yaml-language-server: $schema={}schemas/{schema}.json\n", "../".repeat(depth));
    for line in comment.lines() {
        let _ = writeln!(text, "# {line}");
    }
    write(&mut text, value, 0);
    text
}

fn write(text: &mut String, value: &Json, indent: usize) {
    match value {
        Json::Object(map) => {
            for (key, value) in map {
                let _ = write!(text, "{:indent$}{}:", "", scalar(key));
                below(text, value, indent + 2);
            }
        }
        Json::Array(items) => {
            for item in items {
                let _ = write!(text, "{:indent$}-", "");
                below(text, item, indent + 2);
            }
        }
        _ => {
            let _ = writeln!(text, "{:indent$}{}", "", plain(value));
        }
    }
}

/// What follows a key or a dash: on the same line if it is short, else below it.
fn below(text: &mut String, value: &Json, indent: usize) {
    match value {
        Json::Object(map) if map.is_empty() => text.push_str(" {}\n"),
        Json::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            let _ = writeln!(text, " [{}]", items.join(", "));
        }
        Json::Object(_) | Json::Array(_) => {
            text.push('\n');
            write(text, value, indent);
        }
        _ => {
            let _ = writeln!(text, " {}", plain(value));
        }
    }
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(words) => scalar(words),
        other => other.to_string(),
    }
}

/// Words that some reader of YAML takes for something else.
const AMBIGUOUS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "inf"];

/// A text: a plain name as it is, everything else in quotes, so that no reader has to guess.
fn scalar(text: &str) -> String {
    let name = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
    if name && !AMBIGUOUS.contains(&text) {
        return text.to_owned();
    }
    // What JSON writes in quotes, YAML reads the same.
    Json::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_reads_back_as_it_was() {
        let value = json!({
            "title": "No: \"yes\" # not a comment", "no": "no", "by": ["applicant", "clerk"], "empty": {},
            "steps": [{ "by": "clerk", "amount": 12 }, { "days": "2026-04-01" }],
        });
        let text = file("service", 2, "One line.\nAnother.", &value);
        let expected = "# yaml-language-server: $schema=../../schemas/service.json\n# One line.\n# Another.\n\
                        title: \"No: \\\"yes\\\" # not a comment\"\n\"no\": \"no\"\nby: [applicant, clerk]\nempty: {}\n\
                        steps:\n  -\n    by: clerk\n    amount: 12\n  -\n    days: \"2026-04-01\"\n";
        assert_eq!(text, expected);
    }
}

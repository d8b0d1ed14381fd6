//! The words of the product: all there, in both languages, used, and in one language each.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{ENGLISH, HINDI};
use ui_gen::Words;

/// Words that Hindi takes over as they are.
const TAKEN_OVER: [&str; 15] =
    ["SBIN", "OTP", "SMS", "PDF", "QR", "CSV", "JSON", "POST", "WCAG", "AA", "UPI", "name", "example", "in", "q"];

/// Words under these are looked up by the name of what they speak of: a refusal, a mode, a filter…
const BY_NAME: [&str; 19] = [
    "money.note.",
    "cancel_why.",
    "mismatch.kind.",
    "answer.",
    "refusal.",
    "due.",
    "time.",
    "wait.",
    "span.",
    "mode",
    "event.",
    "fee.",
    "language.",
    "nav.",
    "inbox.",
    "bulk.",
    "yes",
    "no",
    "unapplied",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file under `folder` whose name ends in `ending`, with its text.
fn files(folder: &Path, ending: &str, into: &mut Vec<(PathBuf, String)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            files(&path, ending, into);
        } else if path.to_string_lossy().ends_with(ending) {
            let text = fs::read_to_string(&path).unwrap();
            into.push((path, text));
        }
    }
}

fn templates() -> Vec<(PathBuf, String)> {
    let mut all = Vec::new();
    files(&root().join("templates"), ".hbs", &mut all);
    assert!(all.len() > 70);
    all
}

/// The Rust that asks for words: this package, the server and the command line.
fn sources() -> String {
    let mut all = Vec::new();
    for folder in ["src", "../engine/server/src", "../cli/src"] {
        files(&root().join(folder), ".rs", &mut all);
    }
    all.into_iter().map(|(_, text)| text).collect()
}

/// What a template asks for: the key, or its beginning and end, and the placeholders it fills.
struct Asked {
    start: String,
    end: String,
    exact: bool,
    fills: BTreeSet<String>,
}

/// Reads every `t "key" name=value` and `t (join "start" x "end")` of a template.
fn asked(template: &str) -> Vec<Asked> {
    let mut all = Vec::new();
    for (at, _) in template.match_indices("t \"").chain(template.match_indices("t (join \"")) {
        if !template[..at].ends_with(['{', '(']) {
            continue;
        }
        let call = &template[at..];
        let call = &call[..call.find("}}").unwrap()];
        let quoted: Vec<&str> = call.split('"').skip(1).step_by(2).collect();
        let joined = call.starts_with("t (join");
        let after = call[3..].split_once('"').map_or("", |(_, rest)| rest);
        let names = after.split_whitespace().filter_map(|word| word.split_once('=')).map(|(name, _)| name.to_owned());
        all.push(Asked {
            start: quoted[0].to_owned(),
            end: if joined { quoted.get(1).copied().unwrap_or_default().to_owned() } else { String::new() },
            exact: !joined,
            fills: if joined { BTreeSet::new() } else { names.collect() },
        });
    }
    all
}

fn fits(key: &str, asked: &Asked) -> bool {
    if asked.exact { key == asked.start } else { key.starts_with(&asked.start) && key.ends_with(&asked.end) }
}

fn placeholders(sentence: &str) -> BTreeSet<String> {
    let inside = sentence.split('{').skip(1).filter_map(|part| part.split_once('}'));
    inside.map(|(name, _)| name.split(':').next().unwrap_or(name).to_owned()).collect()
}

#[test]
fn both_languages_have_the_same_keys_and_placeholders() {
    let keys = |words: &Words| words.keys().map(str::to_owned).collect::<BTreeSet<String>>();
    assert_eq!(keys(&ENGLISH), keys(&HINDI));
    for key in ENGLISH.keys() {
        let (en, hi) = (ENGLISH.find(key).unwrap(), HINDI.find(key).unwrap());
        assert_eq!(placeholders(en), placeholders(hi), "{key}");
        assert!(!en.trim().is_empty() && !hi.trim().is_empty(), "{key}");
    }
}

#[test]
fn every_word_a_template_asks_for_is_there_with_the_same_placeholders() {
    for (path, template) in templates() {
        for asked in asked(&template) {
            let found: Vec<&str> = ENGLISH.keys().filter(|key| fits(key, &asked)).collect();
            assert!(!found.is_empty(), "{}: no word for {}", path.display(), asked.start);
            for key in found.into_iter().filter(|_| asked.exact) {
                assert_eq!(placeholders(ENGLISH.find(key).unwrap()), asked.fills, "{}: {key}", path.display());
            }
        }
    }
}

#[test]
fn every_word_is_asked_for() {
    let sources = sources();
    let templates: Vec<Asked> = templates().iter().flat_map(|(_, template)| asked(template)).collect();
    let idle: Vec<&str> = ENGLISH
        .keys()
        .filter(|key| !key.split_once('.').is_some_and(|(area, _)| sources.contains(&format!("\"{area}.{{"))))
        .filter(|key| !BY_NAME.iter().any(|start| key.starts_with(start)))
        .filter(|key| !templates.iter().any(|asked| fits(key, asked)) && !sources.contains(&format!("\"{key}\"")))
        .collect();
    assert!(idle.is_empty(), "nobody asks for {idle:?}");
}

#[test]
fn every_word_the_rust_asks_for_is_there() {
    let sources = sources();
    let areas: BTreeSet<&str> = ENGLISH.keys().filter_map(|key| key.split_once('.')).map(|(area, _)| area).collect();
    let asked = [".get(\"", ".say(\""].into_iter().flat_map(|call| sources.split(call).skip(1));
    let keys = asked.filter_map(|rest| rest.split('"').next());
    let ours = keys.filter(|key| key.split_once('.').is_some_and(|(area, _)| areas.contains(area)));
    let missing: BTreeSet<&str> = ours.filter(|key| ENGLISH.find(key).is_none()).collect();
    assert!(missing.is_empty(), "no word for {missing:?}");
}

#[test]
fn hindi_is_hindi_and_english_is_english() {
    for key in HINDI.keys().filter(|key| *key != "language.dir") {
        let sentence = HINDI.find(key).unwrap();
        let bare: String =
            sentence.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)).collect();
        let latin = bare.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
        let foreign: Vec<&str> = latin.filter(|word| !TAKEN_OVER.contains(word)).collect();
        assert!(foreign.is_empty(), "{key} has {foreign:?}");
        let english = ENGLISH.find(key).unwrap();
        assert!(!english.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c)), "{key}: {english}");
    }
}

#[test]
fn templates_hold_no_words_of_their_own() {
    // A part that is written inside a tag has names of attributes.
    let markup = |(path, _): &(PathBuf, String)| !path.ends_with("parts/described.hbs");
    for (path, template) in templates().into_iter().filter(markup) {
        let mut text = String::new();
        let (mut tag, mut call) = (0, 0);
        let mut previous = ' ';
        for c in template.chars() {
            match c {
                '{' => call += 1,
                '}' => call -= 1,
                '<' if call == 0 => tag += 1,
                '>' if call == 0 && previous != '=' => tag -= 1,
                _ if call == 0 && tag == 0 => text.push(c),
                _ => {}
            }
            previous = c;
        }
        // A key of the definition's format is shown as it is written there.
        let text = text.replace("when:", "");
        let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
        assert!(words.is_empty(), "{}: {words:?}", path.display());
    }
}

//! What says little by itself, as the number of a house, is found together with another word of its address: each
//! number makes a term with each of the words beside it. A number alone finds nothing so: every street has it.

use std::collections::BTreeSet;
use std::ops::Range;

use engine::base::fold;

/// How a number with a word beside it is told from words as they were written.
const MARK: char = '#';
/// How the key of a name is told from what is taken as it was written.
const KEY: char = '~';
/// Words beside a number for which terms are made.
const BESIDE: usize = 12;
/// Numbers of a text that are looked for, and words beside each.
const NUMBERS: usize = 2;
const WORDS: usize = 6;

/// A word of an address.
#[derive(Debug, PartialEq, Eq)]
enum Word {
    /// A name, by its key, however it was written.
    Name(String),
    /// Digits, and letters that make no name.
    Plain(String),
    /// The comma between two parts: no number goes on behind it.
    Stop,
}

impl Word {
    fn term(&self) -> Option<String> {
        match self {
            Self::Name(key) => Some(format!("{KEY}{key}")),
            Self::Plain(plain) => Some(plain.clone()),
            Self::Stop => None,
        }
    }
}

/// Whether a term is one of these.
pub(super) fn is_pair(term: &str) -> bool {
    term.starts_with(MARK)
}

/// The terms of `text`, beside which `others` stand.
pub fn terms<'a>(text: &str, others: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let own = words(text);
    let others: Vec<Word> = others.into_iter().flat_map(words).collect();
    let mut found = BTreeSet::new();
    for (at, number) in numbers(&own) {
        let beside = own[..at.start].iter().chain(&own[at.end..]).chain(&others);
        let beside: BTreeSet<String> = beside.filter_map(Word::term).collect();
        found.extend(beside.into_iter().take(BESIDE).map(|word| pair(&number, &word)));
    }
    found.into_iter().collect()
}

/// What is looked for by a text: for each number in it the terms of which all must be there.
pub fn asked(text: &str) -> Vec<Vec<String>> {
    let words = words(text);
    let beside = |(at, number): (Range<usize>, String)| {
        let beside = words[..at.start].iter().chain(&words[at.end..]).filter_map(Word::term).take(WORDS);
        beside.map(|word| pair(&number, &word)).collect::<Vec<_>>()
    };
    numbers(&words).into_iter().take(NUMBERS).map(beside).filter(|terms| !terms.is_empty()).collect()
}

fn pair(number: &str, word: &str) -> String {
    format!("{MARK}{number} {word}")
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for part in text.split([',', ';', '(', ')']) {
        words.extend(part.split_whitespace().flat_map(word));
        words.push(Word::Stop);
    }
    words
}

fn word(written: &str) -> Vec<Word> {
    let plain = plain(written);
    let names = if has_digit(&plain) { Vec::new() } else { fold::words(written) };
    if names.is_empty() && !plain.is_empty() {
        return vec![Word::Plain(plain)];
    }
    names.into_iter().map(Word::Name).collect()
}

/// The numbers among words, which end with a stop, and where they stand: `12 A` is one as `12-A` is.
fn numbers(words: &[Word]) -> Vec<(Range<usize>, String)> {
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    let (mut start, mut number) = (0, String::new());
    for (at, word) in words.iter().enumerate() {
        match word {
            Word::Plain(next) => {
                if number.is_empty() {
                    start = at;
                }
                number = plain(&format!("{number} {next}"));
            }
            Word::Name(_) | Word::Stop => found.push((start..at, std::mem::take(&mut number))),
        }
    }
    found.retain(|(_, number)| has_digit(number));
    found
}

fn has_digit(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

/// Letters and digits alone, small and in ASCII's digits; what stands between two digits is a hyphen.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut parted = false;
    for c in text.chars().flat_map(char::to_lowercase) {
        let c = u32::from(c).checked_sub(0x0966).and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c);
        if !c.is_alphanumeric() {
            parted = true;
            continue;
        }
        if parted && c.is_ascii_digit() && plain.ends_with(|before: char| before.is_ascii_digit()) {
            plain.push('-');
        }
        plain.push(c);
        parted = false;
    }
    plain
}

//! Rates and texts as a lowered rule meets them: every text has a number, every rate a place,
//! every table its index over numbers.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use rhai::ImmutableString;
use rust_decimal::Decimal;

use super::hashed::Hashed;
use super::program::Constant;
use super::value::Value;
use crate::fees::interval::Ends;
use crate::fees::table::{Given, KeyKind, NOTHING, Table};
use crate::fees::{RateValue, Schedule};
use crate::list::List;

/// Everything that a lowered rule looks into.
#[derive(Debug)]
pub(super) struct Bound {
    pub(super) words: Words,
    pub(super) rates: Vec<Rate>,
    pub(super) tables: Vec<Rows>,
    /// `false` and `true` as codes.
    pub(super) flags: [Option<u32>; 2],
}

/// The texts that rules and rates name, in order: a text is its place.
#[derive(Debug)]
pub(super) struct Words {
    texts: Vec<ImmutableString>,
    places: Hashed,
    /// Whether the rules name it.
    named: Vec<bool>,
}

/// A place among the rates.
#[derive(Debug)]
pub(super) struct Rate {
    /// `license_fee[shop]`
    pub(super) name: String,
    pub(super) kind: RateKind,
}

/// What is there.
#[derive(Debug)]
pub(super) enum RateKind {
    Number(Decimal),
    Word(u32),
    /// Word and place, by word.
    Map(Vec<(u32, u32)>),
    Table(usize),
}

/// A table.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) table: Arc<Table>,
    pub(super) keys: Vec<Key>,
    /// Names of the columns.
    pub(super) columns: Vec<u32>,
    /// Cells, row by row.
    pub(super) cells: Vec<Constant>,
    /// A row in words and what it gives, for the steps.
    shown: Vec<OnceLock<(String, String)>>,
}

/// A key of a table.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: u32,
    pub(super) kind: Place,
}

/// How a value finds its place among what is decided on.
#[derive(Debug)]
pub(super) enum Place {
    /// By word.
    Codes(Vec<u32>),
    List(Codes),
    Number(Ends),
}

/// The codes of a list.
#[derive(Clone, Debug)]
pub(super) struct Codes {
    list: Arc<List>,
    places: Arc<Hashed>,
}

impl Codes {
    fn of(list: &Arc<List>) -> Self {
        let places = Arc::new(Hashed::new(list.entries.iter().map(|entry| entry.code.as_str())));
        Self { list: Arc::clone(list), places }
    }

    /// The place of a code among the entries.
    #[inline]
    pub(super) fn place(&self, code: &str) -> Option<u32> {
        self.places.find(code, |place| self.list.entries[place as usize].code == code)
    }

    /// Whether these are the codes of the same key of the same table.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.places, &other.places)
    }
}

impl Key {
    /// Whether it has intervals.
    pub(super) fn takes_numbers(&self) -> bool {
        matches!(self.kind, Place::Number(_))
    }
}

impl Words {
    fn new(named: &BTreeSet<String>, others: &BTreeSet<String>) -> Self {
        let all: BTreeSet<&String> = named.iter().chain(others).collect();
        let texts: Vec<ImmutableString> = all.iter().map(|text| ImmutableString::from(text.as_str())).collect();
        let places = Hashed::new(all.iter().map(|text| text.as_str()).collect::<Vec<_>>().into_iter());
        Self { named: all.iter().map(|text| named.contains(*text)).collect(), texts, places }
    }

    /// The number of a text.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        self.places.find(text, |place| self.texts[place as usize].as_str() == text)
    }

    /// The text of a number.
    pub(super) fn text(&self, word: u32) -> &ImmutableString {
        &self.texts[word as usize]
    }

    /// Whether the rules name it.
    pub(super) fn is_named(&self, word: u32) -> bool {
        self.named[word as usize]
    }
}

impl Bound {
    /// The rates of `schedule` for rules that name `words`.
    pub(super) fn new(schedule: &Schedule, words: &BTreeSet<String>) -> Self {
        let mut others = BTreeSet::new();
        for (name, value) in &schedule.values {
            others.insert(name.to_string());
            texts(value, &mut others);
        }
        let words = Words::new(words, &others);
        let flags = [words.find("false"), words.find("true")];
        let mut bound = Self { words, rates: Vec::new(), tables: Vec::new(), flags };
        bound.rates.push(Rate { name: "rates".to_owned(), kind: RateKind::Map(Vec::new()) });
        let entries = schedule.values.iter().map(|(name, value)| {
            let place = bound.rate(name.to_string(), value);
            (bound.words.find(name).unwrap_or(NOTHING), place)
        });
        let entries = entries.collect();
        bound.rates[0].kind = RateKind::Map(entries);
        bound
    }

    fn rate(&mut self, name: String, value: &RateValue) -> u32 {
        let kind = match value {
            RateValue::Number(number) => RateKind::Number(*number),
            RateValue::Word(word) => RateKind::Word(self.words.find(word).unwrap_or(NOTHING)),
            RateValue::Map(map) => {
                let entries = map.iter().map(|(code, value)| {
                    let place = self.rate(format!("{name}[{code}]"), value);
                    (self.words.find(code).unwrap_or(NOTHING), place)
                });
                RateKind::Map(entries.collect())
            }
            RateValue::Table(table) => {
                let rows = Rows::new(table, &self.words);
                self.tables.push(rows);
                RateKind::Table(self.tables.len() - 1)
            }
        };
        self.rates.push(Rate { name, kind });
        u32::try_from(self.rates.len() - 1).unwrap_or(NOTHING)
    }

    /// What is at a place: a number or a word, or the place itself.
    pub(super) fn constant(&self, place: u32) -> Constant {
        match &self.rates[place as usize].kind {
            RateKind::Number(number) => Constant::Number(*number),
            RateKind::Word(word) => Constant::Word(*word),
            RateKind::Map(_) | RateKind::Table(_) => Constant::Rate(place),
        }
    }

    /// The table at a place.
    pub(super) fn table(&self, place: u32) -> Option<usize> {
        if let RateKind::Table(table) = &self.rates[place as usize].kind { Some(*table) } else { None }
    }

    /// The place of `word` below the place `of`.
    pub(super) fn below(&self, of: u32, word: u32) -> Option<u32> {
        let RateKind::Map(entries) = &self.rates[of as usize].kind else { return None };
        let at = entries.binary_search_by_key(&word, |(word, _)| *word).ok()?;
        Some(entries[at].1)
    }
}

/// Every text of a rate.
fn texts(value: &RateValue, out: &mut BTreeSet<String>) {
    match value {
        RateValue::Number(_) => {}
        RateValue::Word(word) => drop(out.insert(word.clone())),
        RateValue::Map(map) => {
            for (code, value) in &**map {
                out.insert(code.clone());
                texts(value, out);
            }
        }
        RateValue::Table(table) => {
            out.extend(table.keys.iter().map(|key| key.name.to_string()));
            out.extend(table.columns.iter().map(|column| column.name.to_string()));
            for key in &table.keys {
                if let KeyKind::Codes(codes) = &key.kind {
                    out.extend(codes.iter().cloned());
                }
            }
            let given = table.rows.iter().flat_map(|row| &row.gives);
            out.extend(given.filter_map(|given| match given {
                Given::Word(word) => Some(word.clone()),
                Given::Number(_) => None,
            }));
        }
    }
}

impl Rows {
    fn new(table: &Arc<Table>, words: &Words) -> Self {
        let word = |text: &str| words.find(text).unwrap_or(NOTHING);
        let place = |kind: &KeyKind| match kind {
            KeyKind::Codes(codes) => {
                let mut places = vec![NOTHING; words.texts.len()];
                for (place, code) in codes.iter().enumerate().rev() {
                    if let Some(known) = places.get_mut(word(code) as usize) {
                        *known = u32::try_from(place).unwrap_or(NOTHING);
                    }
                }
                Place::Codes(places)
            }
            KeyKind::List(list) => Place::List(Codes::of(list)),
            KeyKind::Number { ends, .. } => Place::Number(*ends),
        };
        let cell = |given: &Given| match given {
            Given::Word(text) => Constant::Word(word(text)),
            Given::Number(number) => Constant::Number(*number),
        };
        Self {
            keys: table.keys.iter().map(|key| Key { name: word(&key.name), kind: place(&key.kind) }).collect(),
            columns: table.columns.iter().map(|column| word(&column.name)).collect(),
            cells: table.rows.iter().flat_map(|row| &row.gives).map(cell).collect(),
            shown: table.rows.iter().map(|_| OnceLock::new()).collect(),
            table: Arc::clone(table),
        }
    }

    /// The cell of a row.
    pub(super) fn cell(&self, row: usize, column: usize) -> Constant {
        self.cells[row * self.columns.len() + column]
    }

    /// The row for these values, one for each key.
    pub(super) fn find(&self, words: &Words, values: &[Value]) -> Option<usize> {
        let mut at = self.table.index.root;
        for (key, value) in self.keys.iter().zip(values) {
            at = self.next(words, at, key, value)?;
        }
        (at != NOTHING).then_some(at as usize)
    }

    /// Where a value of a key leads from a node.
    #[inline]
    pub(super) fn next(&self, words: &Words, at: u32, key: &Key, value: &Value) -> Option<u32> {
        let node = self.table.index.nodes.get(at as usize)?;
        let place = match &key.kind {
            Place::Codes(places) => *places.get(value.word()? as usize)? as usize,
            Place::List(list) => match value {
                Value::Word(word) => list.place(words.text(*word))? as usize,
                Value::Text(text) => list.place(text)? as usize,
                _ => return None,
            },
            Place::Number(ends) => {
                let x = value.number()?;
                if *ends == Ends::BothIn && !x.fract().is_zero() {
                    return None;
                }
                ends.stretch(&node.cuts, x)
            }
        };
        node.next.get(place).copied()
    }

    /// `trade_fee[FOOD, 0 to 20]`, and what the row gives.
    pub(super) fn shown(&self, row: usize) -> &(String, String) {
        self.shown[row].get_or_init(|| {
            let gives: Vec<String> = self.table.rows[row].gives.iter().map(Given::written).collect();
            (format!("{}[{}]", self.table.name, self.table.row_words(row)), gives.join(", "))
        })
    }
}

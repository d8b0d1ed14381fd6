//! Tables of figures, and the proof that exactly one row fits every input.

use std::collections::BTreeSet;

use engine::base::Text;
use engine::base::money::parse_decimal;
use engine::source::Where;
use rust_decimal::Decimal;

use super::yaml::KeyIs;
use crate::expression::Value;
use crate::limits;

/// A stretch of numbers: `100 to 300`, `300 to open`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Where it begins.
    pub from: Decimal,
    /// Where it ends; `None` if it is open.
    pub to: Option<Decimal>,
}

impl Interval {
    /// Reads it; `None` if it is none, or empty.
    pub fn read(text: &str) -> Option<Self> {
        let (from, to) = text.split_once(" to ")?;
        let from = parse_decimal(from.trim())?;
        let to = if to.trim() == "open" { None } else { Some(parse_decimal(to.trim())?) };
        to.is_none_or(|to| to > from).then_some(Self { from, to })
    }

    fn holds(self, number: Decimal, upper: bool) -> bool {
        if upper {
            number > self.from && self.to.is_none_or(|to| number <= to)
        } else {
            number >= self.from && self.to.is_none_or(|to| number < to)
        }
    }
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// The law it is in.
    pub law: Text,
    /// What rows are found by.
    pub keys: Vec<Key>,
    /// What a row gives.
    pub gives: Vec<String>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Where it is named.
    pub at: Where,
}

/// A key of a table.
#[derive(Clone, Debug)]
pub struct Key {
    /// The answer or measure.
    pub name: String,
    /// How its values are written.
    pub is: KeyIs,
    /// The codes it may have.
    pub codes: Vec<String>,
    /// The stretch that must be covered.
    pub over: Interval,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// By key; `None` fits everything.
    pub asks: Vec<Option<Asked>>,
    /// By figure.
    pub gives: Vec<Decimal>,
    /// Its own law.
    pub law: Option<Text>,
    /// Where it is written.
    pub at: Where,
}

/// What a row asks of a key.
#[derive(Clone, Debug)]
pub enum Asked {
    /// One of these.
    Codes(Vec<String>),
    /// A number in this stretch.
    In(Interval),
}

/// What the proof found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cover {
    /// Exactly one row fits every input.
    Whole,
    /// No row fits this input.
    Gap(String),
    /// Two rows fit this input.
    Twice(String, usize, usize),
    /// There are too many inputs to try.
    TooLarge,
}

impl Table {
    /// The row that fits.
    pub fn find(&self, inputs: &[Value]) -> Option<&Row> {
        self.rows.iter().find(|row| self.fits(row, inputs))
    }

    fn fits(&self, row: &Row, inputs: &[Value]) -> bool {
        let asked = self.keys.iter().zip(&row.asks).zip(inputs);
        asked.into_iter().all(|((key, asked), input)| match (asked, input) {
            (None, Value::Number(number)) => key.over.holds(*number, key.is == KeyIs::ToIn),
            (None, _) => true,
            (Some(Asked::Codes(codes)), Value::Word(word)) => codes.contains(word),
            (Some(Asked::In(stretch)), Value::Number(number)) => stretch.holds(*number, key.is == KeyIs::ToIn),
            _ => false,
        })
    }

    /// Tries one input of each kind that no row tells apart.
    pub(super) fn cover(&self) -> Cover {
        let choices: Vec<Vec<Value>> =
            self.keys.iter().enumerate().map(|(place, key)| self.inputs(place, key)).collect();
        let count = choices.iter().try_fold(1_usize, |count, values| count.checked_mul(values.len()));
        let Some(count) = count.filter(|count| count.saturating_mul(self.rows.len().max(1)) <= limits::INPUTS * 10)
        else {
            return Cover::TooLarge;
        };
        for number in 0..count {
            let mut left = number;
            let mut inputs = Vec::with_capacity(choices.len());
            for values in choices.iter().rev() {
                inputs.extend(values.get(left % values.len().max(1)).cloned());
                left /= values.len().max(1);
            }
            inputs.reverse();
            let mut fitting = self.rows.iter().enumerate().filter(|(_, row)| self.fits(row, &inputs));
            match (fitting.next(), fitting.next()) {
                (None, _) => return Cover::Gap(self.said(&inputs)),
                (Some((one, _)), Some((other, _))) => return Cover::Twice(self.said(&inputs), one, other),
                _ => {}
            }
        }
        Cover::Whole
    }

    fn inputs(&self, place: usize, key: &Key) -> Vec<Value> {
        if key.is == KeyIs::Codes {
            return key.codes.iter().cloned().map(Value::Word).collect();
        }
        let asked = self.rows.iter().filter_map(|row| row.asks.get(place)?.as_ref());
        let mut cuts = BTreeSet::from([key.over.from]);
        cuts.extend(key.over.to);
        for stretch in asked {
            if let Asked::In(stretch) = stretch {
                cuts.insert(stretch.from);
                cuts.extend(stretch.to);
            }
        }
        let cuts: Vec<Decimal> = cuts.into_iter().collect();
        let between = cuts
            .iter()
            .zip(cuts.iter().skip(1))
            .filter_map(|(one, other)| one.checked_add(*other)?.checked_div(Decimal::TWO));
        let beyond = cuts.last().and_then(|last| last.checked_add(Decimal::ONE));
        let tried: BTreeSet<Decimal> = cuts.iter().copied().chain(between).chain(beyond).collect();
        let upper = key.is == KeyIs::ToIn;
        tried.into_iter().filter(|number| key.over.holds(*number, upper)).map(Value::Number).collect()
    }

    fn said(&self, inputs: &[Value]) -> String {
        let pairs = self.keys.iter().zip(inputs).map(|(key, input)| match input {
            Value::Number(number) => format!("{} {}", key.name, number.normalize()),
            Value::Word(word) => format!("{} {word}", key.name),
            Value::Truth(truth) => format!("{} {truth}", key.name),
        });
        pairs.collect::<Vec<_>>().join(", ")
    }
}

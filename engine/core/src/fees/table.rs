//! Tables of rates: rows found by keys, exactly one for every possible input.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::interval::{Ends, Interval};
use crate::base::Name;
use crate::list::List;
use crate::source::Where;

/// A table of rates.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name among the rates.
    pub name: Name,
    /// What rows are found by, in the order of the table.
    pub keys: Vec<TableKey>,
    /// What a row gives.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Where the table is named.
    pub at: Where,
    pub(super) index: Index,
    /// The smallest input that no row fits, of a table that does not say which numbers occur: whether
    /// it occurs, is for the rules to show.
    pub(super) gap: Option<Vec<Input>>,
}

/// One key of a table.
#[derive(Clone, Debug)]
pub struct TableKey {
    /// Its name in `lookup(table, #{ name: … })`.
    pub name: Name,
    /// What its values are.
    pub kind: KeyKind,
}

/// What the values of a key are.
#[derive(Clone, Debug)]
pub enum KeyKind {
    /// The options of a choice.
    Codes(Arc<Vec<String>>),
    /// The codes of a list. A row for a code of an upper level covers everything below it.
    List(Arc<List>),
    /// Numbers, in intervals of this kind, over this part of the line.
    Number {
        /// Which ends belong to an interval.
        ends: Ends,
        /// The part of the line that must be covered. It is from 0 on unless `over` says otherwise.
        over: Interval,
        /// Whether `over` is written; if it is not, 0 belongs to the line whatever the kind.
        stated: bool,
    },
}

/// What a row gives under one name.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: Name,
    /// What it holds.
    pub kind: ColumnKind,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// One of these words.
    Words(Vec<String>),
    /// An amount in rupees.
    Rupees,
    /// A number.
    Number,
    /// A number of per cents.
    Percent,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// By key; `None` covers every value.
    pub matches: Vec<Option<Match>>,
    /// By column.
    pub gives: Vec<Given>,
    /// Where the row is written.
    pub at: Where,
}

/// What a row asks of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// This code, or one below it.
    Code(String),
    /// A number in this interval.
    In(Interval),
}

/// What a row gives in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// A word.
    Word(String),
    /// A number, exactly as written.
    Number(Decimal),
}

/// A value that a row is looked up by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A code.
    Code(String),
    /// A number.
    Number(Decimal),
}

/// A decision for each key in turn; built while coverage is proved.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    pub(super) nodes: Vec<Node>,
    /// The first node, or the row of a table without keys.
    pub(super) root: u32,
}

/// One decision: where to go for each value of a key.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// By place among the options, the entries of the list, or the stretches of the number line:
    /// the next node; at the last key, the row. [`NOTHING`] if no row matches.
    pub(super) next: Vec<u32>,
    /// Where one stretch ends and the next begins.
    pub(super) cuts: Vec<Decimal>,
}

/// No node and no row.
pub(super) const NOTHING: u32 = u32::MAX;

impl Table {
    /// The row for these inputs, one for each key in the order of the table. `None` if an input is
    /// outside of what the table is for.
    pub fn find(&self, inputs: &[Input]) -> Option<usize> {
        let mut at = self.index.root;
        for (key, input) in self.keys.iter().zip(inputs) {
            if at == NOTHING {
                return None;
            }
            let node = self.index.nodes.get(at as usize)?;
            at = *node.next.get(key.place(node, input)?)?;
        }
        (at != NOTHING).then_some(at as usize)
    }

    /// A row in words: `FOOD, 0 to 20`.
    pub fn row_words(&self, row: usize) -> String {
        let words = self.rows[row].matches.iter().flatten().map(|one| match one {
            Match::Code(code) => code.clone(),
            Match::In(interval) => interval.written(),
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

impl TableKey {
    /// The place of `input` among what `node` decides on.
    fn place(&self, node: &Node, input: &Input) -> Option<usize> {
        match (&self.kind, input) {
            (KeyKind::Codes(codes), Input::Code(code)) => codes.iter().position(|one| one == code),
            (KeyKind::List(list), Input::Code(code)) => list.index(code),
            (KeyKind::Number { ends, .. }, Input::Number(x)) => {
                let between = *ends == Ends::BothIn && !x.fract().is_zero();
                if between { None } else { Some(ends.stretch(&node.cuts, *x)) }
            }
            _ => None,
        }
    }
}

impl Given {
    /// As a step shows it.
    pub fn written(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Number(number) => number.normalize().to_string(),
        }
    }
}

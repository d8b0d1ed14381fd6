//! Operations over columns: each does one thing for every case of a batch.

use super::super::bound::Codes;
use super::super::program::{Rounding, Sign};

/// A column of intermediate values; whole numbers of 64 bits, or of 128 where they need more.
/// Flags are 0 and 1, codes their words, rows their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Register {
    Narrow(usize),
    Wide(usize),
}

/// What an operation takes: a column, or the same number for every case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    Column(Register),
    Same(i128),
}

/// Sums, products and what else takes two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pair {
    Add,
    Subtract,
    Multiply,
    Larger,
    Smaller,
}

/// An operation.
#[derive(Debug)]
pub(super) enum Operation {
    /// What was read of the cases.
    Load {
        load: usize,
        to: usize,
    },
    /// The year of the day that the rule knows as today.
    Year {
        to: usize,
    },
    /// Whether it could be read.
    Valid {
        load: usize,
        to: usize,
    },
    Pair {
        pair: Pair,
        left: Operand,
        right: Operand,
        to: Register,
    },
    Compare {
        sign: Sign,
        left: Operand,
        right: Operand,
        to: usize,
    },
    And {
        left: usize,
        right: usize,
        to: usize,
    },
    Or {
        left: usize,
        right: usize,
        to: usize,
    },
    Not {
        of: usize,
        to: usize,
    },
    Select {
        flag: usize,
        then: Operand,
        otherwise: Operand,
        to: Register,
    },
    /// Takes digits off the end.
    Round {
        rounding: Rounding,
        of: Operand,
        digits: u32,
        to: Register,
    },
    /// The row of a table; a case without one is left.
    Find {
        table: usize,
        keys: Vec<Sought>,
        mask: Option<usize>,
        to: usize,
    },
    /// What a row gives: the numbers of a column of the table.
    Cell {
        cells: usize,
        row: usize,
        to: usize,
    },
    /// Leaves a case for which the flag is not set.
    Require {
        flag: usize,
        mask: Option<usize>,
    },
    Loop(Box<Loop>),
}

/// A value that a row is looked up by.
#[derive(Clone, Debug)]
pub(super) enum Sought {
    /// A word; its place is taken from the key.
    Word(Operand),
    /// A place among the entries of the list.
    Place(usize),
    /// A number; the cuts of each node, as numbers of the same scale.
    Number(Operand, std::sync::Arc<Vec<Vec<i128>>>),
}

/// A loop over the items of each case. The first items of all cases are done together, then the
/// second: columns of a round hold only cases that have so many.
#[derive(Debug)]
pub(super) struct Loop {
    /// The list.
    pub(super) list: usize,
    pub(super) mask: Option<usize>,
    /// Columns from outside, and where the body has them.
    pub(super) taken: Vec<(Register, Register)>,
    /// What goes from round to round: outside, at the beginning of a round, at its end.
    pub(super) carried: Vec<(Register, Register, Register)>,
    pub(super) body: Vec<Operation>,
    pub(super) narrow: usize,
    pub(super) wide: usize,
}

/// Something that is read of every case, or of every item of a list of it.
#[derive(Clone, Debug)]
pub(super) struct Load {
    /// The list that the item is of.
    pub(super) list: Option<usize>,
    /// The word of the name.
    pub(super) name: u32,
    pub(super) kind: LoadKind,
}

/// As what it is read.
#[derive(Clone, Debug)]
pub(super) enum LoadKind {
    /// A number with two decimals.
    Number,
    /// A word.
    Word,
    Flag,
    /// Whether there is an answer.
    Present,
    /// The place among the entries of a list.
    Place(Codes),
}

impl PartialEq for Load {
    fn eq(&self, other: &Self) -> bool {
        let kinds = match (&self.kind, &other.kind) {
            (LoadKind::Place(one), LoadKind::Place(other)) => one.is(other),
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        };
        kinds && self.list == other.list && self.name == other.name
    }
}

//! The proof that exactly one row of a table fits every possible input.
//!
//! The keys are taken in turn. The rows that are still possible split the values of a key into
//! groups that no row tells apart, so the work is in proportion to the rows and not to the number
//! of inputs. The first input that none or two rows fit is the smallest in the order of the keys.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::interval::{Ends, Interval};
use super::table::{Index, Input, KeyKind, Match, NOTHING, Node, Row, Table, TableKey};
use crate::list::List;

/// What the proof found.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    pub(super) index: Index,
    /// The smallest input that no row fits.
    pub(super) gap: Option<Vec<Input>>,
    /// The smallest input that two rows fit, and the rows.
    pub(super) overlap: Option<(Vec<Input>, usize, usize)>,
    /// Rows that fit no input.
    pub(super) idle: Vec<usize>,
}

/// The smallest input that no row of a table fits, where `over` says for some of its keys which
/// numbers occur.
pub(super) fn gap(table: &Table, over: &[Option<Interval>]) -> Option<Vec<Input>> {
    let limited = |(key, over): (&TableKey, &Option<Interval>)| match (&key.kind, over) {
        (KeyKind::Number { ends, .. }, Some(over)) => {
            TableKey { name: key.name.clone(), kind: KeyKind::Number { ends: *ends, over: *over, stated: true } }
        }
        _ => key.clone(),
    };
    let keys: Vec<TableKey> = table.keys.iter().zip(over).map(limited).collect();
    prove(&keys, &table.rows).gap
}

/// Decides coverage and builds the index.
pub(super) fn prove(keys: &[TableKey], rows: &[Row]) -> Coverage {
    let mut prover = Prover {
        keys,
        rows,
        found: Coverage::default(),
        path: Vec::new(),
        known: BTreeMap::new(),
        used: vec![false; rows.len()],
    };
    let all: Vec<u32> = (0..u32::try_from(rows.len()).unwrap_or(NOTHING)).collect();
    prover.found.index.root = prover.decide(0, all);
    let idle = prover.used.iter().enumerate().filter(|(_, used)| !**used).map(|(row, _)| row);
    prover.found.idle = idle.collect();
    prover.found
}

struct Prover<'a> {
    keys: &'a [TableKey],
    rows: &'a [Row],
    found: Coverage,
    path: Vec<Input>,
    known: BTreeMap<(usize, Vec<u32>), u32>,
    used: Vec<bool>,
}

impl Prover<'_> {
    /// Where to go from key `depth` on, if only `rows` are still possible.
    fn decide(&mut self, depth: usize, rows: Vec<u32>) -> u32 {
        if depth == self.keys.len() {
            return self.arrive(&rows);
        }
        if let Some(known) = self.known.get(&(depth, rows.clone())) {
            return *known;
        }
        let keys = self.keys;
        let node = match &keys[depth].kind {
            KeyKind::Codes(codes) => self.by_code(depth, codes, &rows),
            KeyKind::List(list) => self.by_list(depth, list, &rows),
            KeyKind::Number { ends, over, stated } => self.by_number(depth, *ends, *over, *stated, &rows),
        };
        let place = u32::try_from(self.found.index.nodes.len()).unwrap_or(NOTHING);
        self.found.index.nodes.push(node);
        self.known.insert((depth, rows), place);
        place
    }

    fn arrive(&mut self, rows: &[u32]) -> u32 {
        for row in rows {
            self.used[*row as usize] = true;
        }
        match rows {
            [] => {
                self.found.gap.get_or_insert_with(|| self.path.clone());
                NOTHING
            }
            [row] => *row,
            [first, second, ..] => {
                self.found.overlap.get_or_insert_with(|| (self.path.clone(), *first as usize, *second as usize));
                *first
            }
        }
    }

    fn go(&mut self, depth: usize, input: Input, rows: Vec<u32>) -> u32 {
        self.path.push(input);
        let next = self.decide(depth + 1, rows);
        self.path.pop();
        next
    }

    fn asks(&self, row: u32, depth: usize) -> Option<&Match> {
        self.rows[row as usize].matches[depth].as_ref()
    }

    fn by_code(&mut self, depth: usize, codes: &[String], rows: &[u32]) -> Node {
        let mut next = Vec::with_capacity(codes.len());
        for code in codes {
            let fits = |row: &u32| match self.asks(*row, depth) {
                Some(Match::Code(wanted)) => wanted == code,
                _ => true,
            };
            let rows = rows.iter().copied().filter(fits).collect();
            next.push(self.go(depth, Input::Code(code.clone()), rows));
        }
        Node { next, cuts: Vec::new() }
    }

    /// A code's rows are those of the nearest code at or above it that any row names, and theirs
    /// are settled once.
    fn by_list(&mut self, depth: usize, list: &List, rows: &[u32]) -> Node {
        let mut named: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        let mut any = Vec::new();
        for row in rows {
            match self.asks(*row, depth) {
                Some(Match::Code(code)) => named.entry(list.index(code).unwrap_or(usize::MAX)).or_default().push(*row),
                _ => any.push(*row),
            }
        }
        let mut nearest: Vec<Option<usize>> = Vec::with_capacity(list.entries.len());
        let mut fitting: BTreeMap<Option<usize>, Vec<u32>> = BTreeMap::from([(None, any)]);
        let mut decided: BTreeMap<Option<usize>, u32> = BTreeMap::new();
        let mut next = vec![NOTHING; list.entries.len()];
        for (place, entry) in list.entries.iter().enumerate() {
            let above = entry.parent.and_then(|parent| nearest[parent]);
            let group = if let Some(own) = named.get(&place) {
                let mut all: Vec<u32> = fitting.get(&above).into_iter().flatten().chain(own).copied().collect();
                all.sort_unstable();
                fitting.insert(Some(place), all);
                Some(place)
            } else {
                above
            };
            nearest.push(group);
            if entry.has_children {
                continue;
            }
            next[place] = if let Some(known) = decided.get(&group) {
                *known
            } else {
                let rows = fitting.get(&group).cloned().unwrap_or_default();
                let known = self.go(depth, Input::Code(entry.code.clone()), rows);
                decided.insert(group, known);
                known
            };
        }
        Node { next, cuts: Vec::new() }
    }

    /// Sweeps along the line with the rows that are open at each stretch.
    fn by_number(&mut self, depth: usize, ends: Ends, over: Interval, stated: bool, rows: &[u32]) -> Node {
        let (mut start, end) = over.cuts(ends);
        if ends == Ends::ToIn && !stated {
            start -= Decimal::ONE;
        }
        let mut opens: BTreeMap<Decimal, Vec<u32>> = BTreeMap::from([(start, Vec::new())]);
        let mut closes: BTreeMap<Decimal, Vec<u32>> = BTreeMap::new();
        let within = |cut: Decimal| cut > start && end.is_none_or(|end| cut < end);
        for row in rows {
            let (from, to) = match self.asks(*row, depth) {
                Some(Match::In(interval)) if interval.is_empty(ends) => continue,
                Some(Match::In(interval)) => interval.cuts(ends),
                _ => (start, None),
            };
            if end.is_some_and(|end| from >= end) || to.is_some_and(|to| to <= start) {
                continue;
            }
            opens.entry(from.max(start)).or_default().push(*row);
            if let Some(to) = to.filter(|to| within(*to)) {
                closes.entry(to).or_default().push(*row);
            }
        }
        let cuts: BTreeSet<Decimal> = opens.keys().chain(closes.keys()).copied().collect();
        let cuts: Vec<Decimal> = cuts.into_iter().collect();
        let mut open: BTreeSet<u32> = BTreeSet::new();
        let mut next = vec![NOTHING];
        for (place, cut) in cuts.iter().enumerate() {
            for row in closes.get(cut).into_iter().flatten() {
                open.remove(row);
            }
            open.extend(opens.get(cut).into_iter().flatten());
            let until = cuts.get(place + 1).copied().or(end);
            let input = Input::Number(ends.smallest(*cut, until));
            next.push(self.go(depth, input, open.iter().copied().collect()));
        }
        let mut cuts = cuts;
        if let Some(end) = end {
            cuts.push(end);
            next.push(NOTHING);
        }
        Node { next, cuts }
    }
}

//! A table of rates: as written, and from there to the model.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::checks::{
    table_gap, table_interval, table_overlap, table_row_idle, table_unknown_code, table_unknown_source,
};
use super::coverage::prove;
use super::interval::{Ends, Interval};
use super::table::{Column, ColumnKind, Given, KeyKind, Match, Row, Table, TableKey};
use crate::base::{Name, limits};
use crate::rule::{Domain, FieldDomain};
use crate::source::checks::{missing_key, too_large, wrong_shape};
use crate::source::scalar::Scalar;
use crate::source::shape::{Definitions, Map, refuse_unknown_keys};
use crate::source::{At, Diagnostics, Node, NodeKind, Shape};

crate::source::shape::shape! {
    /// Rows of rates, found by keys: exactly one row fits every possible input.
    pub(super) struct TableYaml {
        /// What rows are found by: a name, and the choice field or list whose codes it takes, or the kind of its intervals.
        keys: Map<At<String>>,
        /// What a row gives: a name, and `rupees`, `number`, `percent` or a list of words.
        gives: Map<ColumnYaml>,
        /// For keys with intervals, the part of the number line that occurs; without it what the question looked up by allows, or else `0 to open`.
        over: Option<Map<At<Interval>>>,
        /// The rows. A key that a row leaves out matches any value.
        rows: Vec<Node>,
    }
}

/// What a column holds, as written.
#[derive(Clone, Debug)]
pub(super) struct ColumnYaml(ColumnKind);

crate::source::scalar::words! {
    enum Measure {
        /// An amount in rupees.
        Rupees = "rupees",
        /// A number.
        Number = "number",
        /// A number of per cents.
        Percent = "percent",
    }
}

impl Shape for ColumnYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        if let NodeKind::List(_) = node.kind {
            let words = Vec::<At<String>>::read(node, out)?;
            return Some(Self(ColumnKind::Words(words.into_iter().map(|word| word.value).collect())));
        }
        Some(Self(match At::<Measure>::read(node, out)?.value {
            Measure::Rupees => ColumnKind::Rupees,
            Measure::Number => ColumnKind::Number,
            Measure::Percent => ColumnKind::Percent,
        }))
    }

    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        let words = Vec::<At<String>>::schema(definitions);
        serde_json::json!({ "anyOf": [At::<Measure>::schema(definitions), words] })
    }
}

impl Scalar for Interval {
    const WHAT: &'static str = "a part of the number line";
    const EXAMPLE: &'static str = "0 to 500";
    fn parse(text: &str, _quoted: bool) -> Option<Self> {
        Self::parse(text)
    }
    fn schema() -> serde_json::Value {
        serde_json::json!({ "type": "string", "pattern": "^-?[0-9.]+ to (-?[0-9.]+|open)$" })
    }
}

impl TableYaml {
    /// The table, if everything in it has a meaning and exactly one row fits every input.
    pub(super) fn table(&self, name: &At<Name>, domain: &Domain, out: &mut Diagnostics) -> Option<Table> {
        if self.rows.len() > limits::TABLE_ROWS {
            out.push(too_large::nodes(&name.at));
            return None;
        }
        let keys: Vec<Option<TableKey>> =
            self.keys.0.iter().map(|(key, source)| self.key(key, source, domain, out)).collect();
        let keys: Vec<TableKey> = keys.into_iter().collect::<Option<_>>()?;
        let columns: Vec<Column> = self
            .gives
            .0
            .iter()
            .map(|(name, column)| Column { name: name.value.clone(), kind: column.0.clone() })
            .collect();
        let rows: Vec<Option<Row>> = self
            .rows
            .iter()
            .filter(|row| !is_elsewhere(row, &keys))
            .map(|row| read_row(row, &keys, &columns, out))
            .collect();
        let rows: Vec<Row> = rows.into_iter().collect::<Option<_>>()?;
        let proof = prove(&keys, &rows);
        let assumed = keys.iter().any(|key| matches!(key.kind, KeyKind::Number { stated: false, .. }));
        let (gap, proven_gap) = if assumed { (proof.gap, None) } else { (None, proof.gap) };
        let (name, at) = (name.value.clone(), name.at.clone());
        let table = Table { name, keys, columns, rows, at, index: proof.index, gap };
        let before = out.0.len();
        if let Some(input) = &proven_gap {
            out.push(table_gap::diagnostic(&table, input));
        }
        if let Some((input, first, second)) = &proof.overlap {
            out.push(table_overlap::diagnostic(&table, input, *first, *second));
        }
        if out.0.len() == before {
            proof.idle.iter().for_each(|row| out.push(table_row_idle::diagnostic(&table, *row)));
        }
        (out.0.len() == before).then_some(table)
    }

    fn key(&self, name: &At<Name>, source: &At<String>, domain: &Domain, out: &mut Diagnostics) -> Option<TableKey> {
        let kind = if let Some(ends) = Ends::parse(source, false) {
            let stated = self.over.iter().flat_map(|over| &over.0).find(|(key, _)| key.value == name.value);
            let line = Interval { from: Decimal::ZERO, to: None };
            KeyKind::Number { ends, over: stated.map_or(line, |(_, over)| over.value), stated: stated.is_some() }
        } else if let Some(kind) = codes(source, domain) {
            kind
        } else {
            out.push(table_unknown_source::diagnostic(source, domain));
            return None;
        };
        Some(TableKey { name: name.value.clone(), kind })
    }
}

/// The codes of a choice field, or of a list.
fn codes(source: &str, domain: &Domain) -> Option<KeyKind> {
    let list = |name: &str| domain.list(name).map(|list| KeyKind::List(Arc::clone(list)));
    match domain.field(source) {
        Some(FieldDomain::Choice(codes) | FieldDomain::Choices(codes)) => Some(KeyKind::Codes(Arc::new(codes.clone()))),
        Some(FieldDomain::ListCode(name) | FieldDomain::ListCodes(name)) => list(name),
        Some(FieldDomain::Flag) => Some(KeyKind::Codes(Arc::new(vec!["false".to_owned(), "true".to_owned()]))),
        _ => list(source),
    }
}

/// Whether the row is about a code that only a wider list has: the table serves many towns, and
/// this one does not know the code.
fn is_elsewhere(row: &Node, keys: &[TableKey]) -> bool {
    keys.iter().any(|key| match &key.kind {
        KeyKind::List(list) => row.get(&key.name).and_then(Node::scalar).is_some_and(|code| list.is_elsewhere(code)),
        _ => false,
    })
}

fn read_row(node: &Node, keys: &[TableKey], columns: &[Column], out: &mut Diagnostics) -> Option<Row> {
    let NodeKind::Map(entries) = &node.kind else {
        out.push(wrong_shape::diagnostic(node, "a row", "{ workers: 0 to 20, amount: 2500 }"));
        return None;
    };
    let known: Vec<&str> =
        keys.iter().map(|key| key.name.as_str()).chain(columns.iter().map(|column| column.name.as_str())).collect();
    let clean = refuse_unknown_keys(entries, &known, out);
    let matches: Vec<Result<Option<Match>, Refused>> =
        keys.iter().map(|key| node.get(&key.name).map(|value| read_match(key, value, out)).transpose()).collect();
    let gives: Vec<Option<Given>> = columns
        .iter()
        .map(|column| {
            let value = node.get(&column.name);
            if value.is_none() {
                out.push(missing_key::diagnostic(&column.name, "what this row gives", &node.at));
            }
            read_given(column, value?, out)
        })
        .collect();
    clean.then_some(())?;
    let gives: Vec<Given> = gives.into_iter().collect::<Option<_>>()?;
    Some(Row { matches: matches.into_iter().collect::<Result<_, _>>().ok()?, gives, at: node.at.clone() })
}

/// A cell that is not understood; why, was said.
struct Refused;

fn read_match(key: &TableKey, node: &Node, out: &mut Diagnostics) -> Result<Match, Refused> {
    let Some(text) = node.scalar() else {
        out.push(wrong_shape::diagnostic(node, "a single value", "SHOP, or 0 to 20"));
        return Err(Refused);
    };
    let diagnostic = match &key.kind {
        KeyKind::Codes(codes) if codes.iter().any(|code| code == text) => return Ok(Match::Code(text.to_owned())),
        KeyKind::List(list) if list.get(text).is_some() => return Ok(Match::Code(text.to_owned())),
        KeyKind::Codes(codes) => table_unknown_code::diagnostic(text, &node.at, codes.iter().map(String::as_str)),
        KeyKind::List(list) => {
            table_unknown_code::diagnostic(text, &node.at, list.entries.iter().map(|entry| entry.code.as_str()))
        }
        KeyKind::Number { ends, .. } => match Interval::parse(text) {
            Some(interval) if !interval.is_empty(*ends) && (*ends != Ends::BothIn || interval.is_whole()) => {
                return Ok(Match::In(interval));
            }
            interval => table_interval::diagnostic(text, interval, *ends, &node.at),
        },
    };
    out.push(diagnostic);
    Err(Refused)
}

fn read_given(column: &Column, node: &Node, out: &mut Diagnostics) -> Option<Given> {
    match &column.kind {
        ColumnKind::Words(words) => {
            let text = node.scalar().unwrap_or_default();
            if words.iter().any(|word| word == text) {
                return Some(Given::Word(text.to_owned()));
            }
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            out.push(crate::source::scalar::refuse_word(node, &words));
            None
        }
        ColumnKind::Rupees => {
            At::<crate::base::Money>::read(node, out).map(|amount| Given::Number(amount.value.rupees()))
        }
        ColumnKind::Number | ColumnKind::Percent => {
            At::<Decimal>::read(node, out).map(|number| Given::Number(number.value))
        }
    }
}

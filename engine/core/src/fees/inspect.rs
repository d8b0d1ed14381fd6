//! What rules may do with rates: every name is in every schedule, every option has its rate,
//! every table is looked up by its own keys.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::checks::{
    rate_kind_differs, rate_map_incomplete, rate_missing_in_schedule, table_gap, unknown_rate, wrong_table_key,
};
use super::looked_up;
use super::table::{ColumnKind, Table};
use super::{RateValue, Schedule};
use crate::base::Name;
use crate::rule::Standard;
use crate::rule::domain::Domain;
use crate::rule::inspect::{Called, Kind, Outside};
use crate::rule::standard::{Gives, Takes};
use crate::source::{Diagnostics, Where};

/// Functions on tables of rates, which only rules of fees may call.
pub const TABLE_FUNCTIONS: &[Standard] = &[
    Standard {
        name: "lookup",
        takes: &[("table", Takes::Table), ("keys", Takes::Keys)],
        gives: Gives::Row,
        sentence: "The row of a table for these keys: `lookup(rates.trade_fee, #{ trade: unit.trade }).amount`.",
    },
    Standard {
        name: "telescopic",
        takes: &[("table", Takes::Table), ("x", Takes::Number)],
        gives: Gives::Number,
        sentence: "Over all intervals up to `x`, the part of `x` in each times its rate.",
    },
    Standard {
        name: "telescopic",
        takes: &[("table", Takes::Table), ("keys", Takes::Keys), ("x", Takes::Number)],
        gives: Gives::Number,
        sentence: "The same in a table with further keys, which `keys` gives.",
    },
];

/// One way into the rates: the values that every schedule has there.
#[derive(Clone, Debug)]
struct Path {
    name: String,
    /// By schedule.
    values: Vec<RateValue>,
}

/// The rates as an inspection of the rules sees them.
pub(super) struct RatesSeen<'a> {
    schedules: &'a [Arc<Schedule>],
    domain: &'a Domain,
    paths: RefCell<Vec<Path>>,
    used: RefCell<BTreeSet<String>>,
    /// Whether some rate was reached by a computed name.
    any: RefCell<bool>,
    /// Tables that a rule looks something up in.
    looked_up: RefCell<BTreeSet<Where>>,
}

impl<'a> RatesSeen<'a> {
    pub(super) fn new(schedules: &'a [Arc<Schedule>], domain: &'a Domain) -> Self {
        let root = Path { name: "rates".to_owned(), values: Vec::new() };
        Self {
            schedules,
            domain,
            paths: RefCell::new(vec![root]),
            used: RefCell::default(),
            any: RefCell::new(false),
            looked_up: RefCell::default(),
        }
    }

    /// The kind of `rates`.
    #[expect(clippy::unused_self, reason = "the handle means something to this value only")]
    pub(super) fn kind(&self) -> Kind {
        Kind::Outside(0)
    }

    /// Rates that no rule names, each where the latest schedule that has it says so.
    pub(super) fn unused(&self) -> Vec<(Name, Where)> {
        if *self.any.borrow() {
            return Vec::new();
        }
        let used = self.used.borrow();
        let mut unused: BTreeMap<&Name, &Where> = BTreeMap::new();
        for schedule in self.schedules {
            for (name, at) in schedule.places.iter().filter(|(name, _)| !used.contains(name.as_str())) {
                unused.entry(name).or_insert(at);
            }
        }
        unused.into_iter().map(|(name, at)| (name.clone(), at.clone())).collect()
    }

    /// Says which tables have no row for some input, of those that no rule was seen to look anything
    /// up in: the others were held against what they are looked up by.
    pub(super) fn gaps(&self, out: &mut Diagnostics) {
        let mut left: Vec<&RateValue> = self.schedules.iter().flat_map(|schedule| schedule.values.values()).collect();
        while let Some(value) = left.pop() {
            match value {
                RateValue::Map(map) => left.extend(map.values()),
                RateValue::Table(table) if !self.looked_up.borrow().contains(&table.at) => {
                    out.0.extend(table.gap.iter().map(|input| table_gap::diagnostic(table, input)));
                }
                RateValue::Table(_) | RateValue::Number(_) | RateValue::Word(_) => {}
            }
        }
    }

    /// The kind of what every schedule has at a path.
    fn met(&self, name: String, values: Vec<RateValue>, at: &Where, out: &mut Diagnostics) -> Kind {
        let shapes: BTreeSet<&str> = values.iter().map(shape).collect();
        if shapes.len() > 1 {
            out.push(rate_kind_differs::diagnostic(&name, &shapes.into_iter().collect::<Vec<_>>(), at));
            return Kind::Any;
        }
        match values.first() {
            Some(RateValue::Number(_)) => Kind::Number,
            // Any word: a rule serves towns whose schedules choose another one.
            Some(RateValue::Word(_)) => Kind::Text,
            Some(_) => {
                let mut paths = self.paths.borrow_mut();
                paths.push(Path { name, values });
                Kind::Outside(paths.len() - 1)
            }
            None => Kind::Any,
        }
    }

    fn tables(&self, of: &Kind) -> Option<Vec<Arc<Table>>> {
        let Kind::Outside(of) = of else { return None };
        let tables = self.paths.borrow()[*of]
            .values
            .iter()
            .map(|value| match value {
                RateValue::Table(table) => Some(Arc::clone(table)),
                _ => None,
            })
            .collect::<Option<Vec<_>>>()?;
        (!tables.is_empty()).then_some(tables)
    }
}

/// The codes that maps have, if all are maps and none has `code`.
fn codes_without(values: &[RateValue], code: &str) -> Option<BTreeSet<String>> {
    let mut known = BTreeSet::new();
    for value in values {
        let RateValue::Map(map) = value else { return None };
        known.extend(map.keys().cloned());
    }
    (!known.contains(code)).then_some(known)
}

fn shape(value: &RateValue) -> &'static str {
    match value {
        RateValue::Number(_) => "a number",
        RateValue::Word(_) => "a word",
        RateValue::Map(_) => "a map",
        RateValue::Table(_) => "a table",
    }
}

impl Outside for RatesSeen<'_> {
    fn property(&self, of: usize, name: &str, at: &Where, out: &mut Diagnostics) -> Kind {
        if of != 0 {
            return self.index(of, &Kind::Text, Some(name), at, out);
        }
        self.used.borrow_mut().insert(name.to_owned());
        let having = self.schedules.iter().filter(|schedule| schedule.values.contains_key(name)).count();
        if having == 0 {
            let known: BTreeSet<&str> =
                self.schedules.iter().flat_map(|schedule| schedule.values.keys().map(Name::as_str)).collect();
            out.push(unknown_rate::diagnostic(name, at, known));
            return Kind::Any;
        }
        for schedule in self.schedules.iter().filter(|schedule| !schedule.values.contains_key(name)) {
            out.push(rate_missing_in_schedule::diagnostic(name, schedule, at));
        }
        let values = self.schedules.iter().filter_map(|schedule| schedule.values.get(name).cloned()).collect();
        self.met(name.to_owned(), values, at, out)
    }

    fn index(&self, of: usize, key: &Kind, written: Option<&str>, at: &Where, out: &mut Diagnostics) -> Kind {
        if of == 0 {
            if let Some(name) = written {
                return self.property(of, name, at, out);
            }
            *self.any.borrow_mut() = true;
            return Kind::Any;
        }
        let Path { name, values } = self.paths.borrow()[of].clone();
        let codes: Option<Vec<String>> = match (written, key) {
            (Some(code), _) => Some(vec![code.to_owned()]),
            (None, Kind::Code(codes)) => Some(codes.to_vec()),
            (None, Kind::Listed(list)) => {
                self.domain.list(list).map(|list| list.choices().map(|entry| entry.code.clone()).collect())
            }
            (None, Kind::Flag) => Some(vec!["false".to_owned(), "true".to_owned()]),
            _ => None,
        };
        if let Some(code) = written
            && let Some(known) = codes_without(&values, code)
        {
            out.push(unknown_rate::code(&name, code, at, known.iter().map(String::as_str)));
            return Kind::Any;
        }
        let mut below = Vec::new();
        for (value, schedule) in values.iter().zip(self.schedules) {
            let RateValue::Map(map) = value else {
                out.push(unknown_rate::not_a_map(&name, shape(value), at));
                return Kind::Any;
            };
            if let Some(codes) = &codes {
                let missing: Vec<&str> =
                    codes.iter().map(String::as_str).filter(|code| !map.contains_key(*code)).collect();
                if !missing.is_empty() {
                    out.push(rate_map_incomplete::diagnostic(&name, &missing, schedule, at));
                }
                below.extend(codes.iter().filter_map(|code| map.get(code).cloned()));
            } else {
                below.extend(map.values().cloned());
            }
        }
        if below.iter().any(|value| matches!(value, RateValue::Map(_) | RateValue::Table(_)))
            && codes.as_ref().is_none_or(|codes| codes.len() > 1)
        {
            return self.nested(name, below, at, out);
        }
        self.met(name, below, at, out)
    }

    fn call(&self, call: &Called<'_>, out: &mut Diagnostics) -> Kind {
        let Called { name, arguments, .. } = call;
        let Some(tables) = arguments.first().and_then(|(kind, _)| self.tables(kind)) else {
            if let Some((kind @ Kind::Outside(_), at)) = arguments.first() {
                out.push(wrong_table_key::not_a_table(name, kind, at));
            }
            return if *name == "lookup" { Kind::Any } else { Kind::Number };
        };
        for table in &tables {
            self.looked_up.borrow_mut().insert(table.at.clone());
            looked_up::check(table, call, out);
        }
        if *name == "lookup" { row(&tables[0]) } else { Kind::Number }
    }

    fn functions(&self) -> &'static [Standard] {
        TABLE_FUNCTIONS
    }
}

impl RatesSeen<'_> {
    /// Maps and tables below the options of a choice: what is common to all of them.
    fn nested(&self, name: String, below: Vec<RateValue>, at: &Where, out: &mut Diagnostics) -> Kind {
        let kind = self.met(name, below, at, out);
        if let Kind::Outside(_) = kind { kind } else { Kind::Any }
    }
}

/// The kind of a row of a table.
fn row(table: &Table) -> Kind {
    Kind::Map(
        table
            .columns
            .iter()
            .map(|column| {
                let kind = match &column.kind {
                    ColumnKind::Words(words) => Kind::Code(Arc::new(words.clone())),
                    _ => Kind::Number,
                };
                (column.name.to_string(), kind)
            })
            .collect(),
    )
}

/// The kind of `demand` in `on_payment`.
pub(super) fn demand_kind(domain: &Domain) -> Kind {
    let heads = Arc::new(domain.heads.iter().map(|head| (head.to_string(), Kind::Number)).collect());
    let fields = [
        ("heads", Kind::Fields(Arc::from("the demand"), Arc::clone(&heads))),
        ("charged", Kind::Fields(Arc::from("the demand"), heads)),
        ("total", Kind::Number),
        ("paid", Kind::Number),
        ("raised_on", Kind::Day),
        ("due_on", Kind::Day),
        ("days_late", Kind::Number),
        ("reckoned_from", Kind::Day),
        ("period_from", Kind::Day),
        ("period_until", Kind::Day),
    ];
    Kind::Fields(
        Arc::from("`demand`"),
        Arc::new(fields.into_iter().map(|(name, kind)| (name.to_owned(), kind)).collect()),
    )
}

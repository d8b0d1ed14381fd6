//! Formulas of by-laws: read, and held against the names that there are.

use std::collections::{BTreeMap, BTreeSet};

use engine::source::{At, Diagnostics};

use super::checks::{scrutiny_expression, scrutiny_unknown_name};
use super::yaml::Formula;
use super::{Answer, Figure, Group, Measure, Table};
use crate::expression::{self, Expression, Kind};

/// What formulas may name, and what they have named.
pub(super) struct Known<'a> {
    pub(super) answers: &'a BTreeMap<String, Answer>,
    pub(super) groups: &'a BTreeMap<String, Group>,
    pub(super) measures: &'a [Measure],
    pub(super) tables: &'a BTreeMap<String, Table>,
    pub(super) figures: &'a BTreeMap<String, Figure>,
    /// The measures, tables, figures and answers that were named.
    pub(super) used: &'a mut BTreeSet<String>,
}

impl Known<'_> {
    /// Reads a formula that gives `kind`, for each member of a group or once.
    pub(super) fn read(
        &mut self,
        written: &At<Formula>,
        kind: Kind,
        each: Option<&str>,
        out: &mut Diagnostics,
    ) -> Option<Expression> {
        let read = match expression::parse(&written.value.0) {
            Ok(read) => read,
            Err(slip) => {
                out.push(scrutiny_expression::slip(&written.at, &written.value.0, &slip));
                return None;
            }
        };
        let mut clean = true;
        for name in self.all_names(&read, written, &mut clean, out) {
            clean &= self.name(&name, each, written, out);
        }
        if !clean {
            return None;
        }
        let of = |name: &str| match self.answers.get(name) {
            Some(answer) if !answer.options.is_empty() => Kind::Word,
            _ => Kind::Number,
        };
        match read.kind(&of) {
            Ok(found) if found == kind => {}
            Ok(found) => {
                out.push(scrutiny_expression::kind(
                    &written.at,
                    format!("{} is expected here, not {}", kind.words(), found.words()),
                ));
                return None;
            }
            Err(what) => {
                out.push(scrutiny_expression::kind(&written.at, what));
                return None;
            }
        }
        Some(read)
    }

    /// The names of a formula and of the keys of its tables; figures and tables must be there.
    fn all_names(
        &mut self,
        read: &Expression,
        written: &At<Formula>,
        clean: &mut bool,
        out: &mut Diagnostics,
    ) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let mut unknown = Vec::new();
        read.each(&mut |one| match one {
            Expression::Name(name) => drop(names.insert(name.clone())),
            Expression::Figure(name) => {
                self.used.insert(format!("figure {name}"));
                if !self.figures.contains_key(name) {
                    unknown.push(("figure", name.clone(), self.figures.keys().cloned().collect()));
                }
            }
            Expression::Column(table, column) => {
                self.used.insert(format!("table {table}"));
                match self.tables.get(table) {
                    None => unknown.push(("table", table.clone(), self.tables.keys().cloned().collect::<Vec<_>>())),
                    Some(found) => {
                        names.extend(found.keys.iter().map(|key| key.name.clone()));
                        if !found.gives.contains(column) {
                            unknown.push(("figure of this table", column.clone(), found.gives.clone()));
                        }
                    }
                }
            }
            _ => {}
        });
        for (what, name, known) in unknown {
            out.push(scrutiny_unknown_name::diagnostic(&written.at, what, &name, &known));
            *clean = false;
        }
        names
    }

    /// Whether a measure or answer is there, and can be seen from here.
    fn name(&mut self, name: &str, each: Option<&str>, written: &At<Formula>, out: &mut Diagnostics) -> bool {
        self.used.insert(name.to_owned());
        if self.answers.contains_key(name) {
            return true;
        }
        let Some(measure) = self.measures.iter().find(|measure| measure.name == name) else {
            let known = self.measures.iter().map(|measure| measure.name.clone()).chain(self.answers.keys().cloned());
            out.push(scrutiny_unknown_name::diagnostic(
                &written.at,
                "measure or answer",
                name,
                &known.collect::<Vec<_>>(),
            ));
            return false;
        };
        let Some(per) = &measure.per else { return true };
        let seen = each.is_some_and(|each| each == per || self.is_above(per, each));
        if !seen {
            out.push(scrutiny_expression::of_each(&written.at, name, per));
        }
        seen
    }

    /// Whether members of `group` belong to members of `above`.
    fn is_above(&self, above: &str, group: &str) -> bool {
        let names = |name: &str| self.groups.get(name).map(|group| (group.layer.names(), group.shapes));
        match (names(above), names(group)) {
            (Some((above, false)), Some((names, _))) => above.iter().all(|name| names.contains(name)),
            _ => false,
        }
    }
}

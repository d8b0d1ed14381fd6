//! In what a number is counted: words, or what the row of a list says that was chosen beside it.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::Field;
use super::check::Checker;
use super::checks::unknown_list;
use crate::base::{Name, Text};
use crate::list::List;
use crate::source::shape::{Definitions, shape};
use crate::source::{At, Diagnostics, Node, NodeKind, Shape};

/// In what a number is counted.
#[derive(Clone, Debug)]
pub enum Unit {
    /// Always in the same.
    Words(Text),
    /// As the row says that another question chose.
    Listed(ListedUnit),
}

/// A unit that stands in a column of the list from which a question beside this one is answered.
#[derive(Clone, Debug)]
pub struct ListedUnit {
    /// The column; its cells are codes of `words`.
    pub column: Name,
    /// The question.
    pub of: At<Name>,
    /// The list that has words for the codes.
    pub words: Arc<List>,
}

impl ListedUnit {
    /// The list, if the question stands among `siblings` and is a choice from one.
    pub fn list<'a>(&self, siblings: &'a [Field]) -> Option<&'a List> {
        siblings.iter().find(|field| field.name == self.of.value)?.chosen_from()
    }

    /// The cell for `code`: its row's own, or that of the nearest row above that has one.
    pub fn cell<'a>(&self, list: &'a List, code: &str) -> Option<&'a str> {
        list.inherited(code, &self.column)
    }

    /// The words for what `code` is counted in; none where the list says nothing.
    pub fn of_code(&self, siblings: &[Field], code: &str) -> Option<&Text> {
        let unit = self.cell(self.list(siblings)?, code)?;
        self.words.get(unit).map(|entry| &entry.label)
    }
}

/// What a question among `siblings` is counted in, given the codes that were chosen beside it.
pub fn counted_in<'a>(
    field: &'a Field,
    siblings: &[Field],
    chosen: impl Fn(&str) -> Option<String>,
) -> Option<&'a Text> {
    match field.unit.as_ref()? {
        Unit::Words(words) => Some(words),
        Unit::Listed(listed) => listed.of_code(siblings, &chosen(&listed.of.value)?),
    }
}

/// A unit as it is written.
#[derive(Clone, Debug)]
pub(super) enum UnitYaml {
    /// Words.
    Words(At<String>),
    /// What a list says.
    Listed(ListedUnitYaml),
}

shape! {
    /// A unit that a list gives for each kind.
    pub(super) struct ListedUnitYaml {
        /// The column of the list; its cells are codes of the list of units.
        listed: At<Name>,
        /// The choice field beside this one that takes its options from the list.
        of: At<Name>,
        /// The list of units, which has words for the codes.
        words: At<Name>,
    }
}

impl Shape for UnitYaml {
    fn read(node: &Node, out: &mut Diagnostics) -> Option<Self> {
        match &node.kind {
            NodeKind::Map(_) => ListedUnitYaml::read(node, out).map(Self::Listed),
            _ => At::read(node, out).map(Self::Words),
        }
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [At::<String>::schema(definitions), ListedUnitYaml::schema(definitions)] })
    }
}

impl Checker<'_, '_> {
    /// The unit, with its list. The outer `None` means that something is wrong with it.
    #[expect(clippy::option_option, reason = "no unit and a broken unit are different things")]
    pub(super) fn unit(&mut self, written: Option<&UnitYaml>) -> Option<Option<Unit>> {
        let listed = match written {
            None => return Some(None),
            Some(UnitYaml::Words(words)) => return Some(Some(Unit::Words(Text::new(&words.value)))),
            Some(UnitYaml::Listed(listed)) => listed,
        };
        let Some(words) = self.known.lists.iter().find(|list| *list.name == *listed.words.as_str()) else {
            let known = self.known.lists.iter().map(|list| list.name.as_str());
            self.out.push(unknown_list::diagnostic(&listed.words, known));
            return None;
        };
        let (column, of) = (listed.listed.value.clone(), listed.of.clone());
        Some(Some(Unit::Listed(ListedUnit { column, of, words: Arc::clone(words) })))
    }
}

//! What can be found wrong with a rule before it runs: every name, every call, every kind that is
//! known. It walks the interpreter's own syntax tree, which is outside that crate's promise of
//! stability; so only this folder and `place` touch it, and the version is pinned.

use std::collections::BTreeSet;
use std::sync::Arc;

use rhai::{AST, ImmutableString};

use super::Standard;
use super::domain::{Domain, RESERVED};
use super::place::RuleText;
use super::standard::STANDARD;
use crate::source::{Diagnostic, Diagnostics, Where};

mod call;
mod expression;
mod function;
mod kind;
mod operator;
mod statement;
mod switch;

pub(crate) use function::{Function, functions};
pub(crate) use kind::{Kind, takes_word};

/// What the part of a rule knows besides answers: rates and tables.
pub(crate) trait Outside {
    /// The kind of `of.name`.
    fn property(&self, of: usize, name: &str, at: &Where, out: &mut Diagnostics) -> Kind;
    /// The kind of `of[key]`; `written` if the key is written in place.
    fn index(&self, of: usize, key: &Kind, written: Option<&str>, at: &Where, out: &mut Diagnostics) -> Kind;
    /// The kind that a function of the part gives.
    fn call(&self, name: &str, arguments: &[(Kind, Where)], at: &Where, out: &mut Diagnostics) -> Kind;
    /// The functions of the part.
    fn functions(&self) -> &'static [Standard];
    /// What diagnostics call it.
    fn word(&self, of: usize) -> &'static str;
}

/// Nothing besides answers.
pub(crate) struct Nowhere;

impl Outside for Nowhere {
    fn property(&self, _: usize, _: &str, _: &Where, _: &mut Diagnostics) -> Kind {
        Kind::Any
    }
    fn index(&self, _: usize, _: &Kind, _: Option<&str>, _: &Where, _: &mut Diagnostics) -> Kind {
        Kind::Any
    }
    fn call(&self, _: &str, _: &[(Kind, Where)], _: &Where, _: &mut Diagnostics) -> Kind {
        Kind::Any
    }
    fn functions(&self) -> &'static [Standard] {
        &[]
    }
    fn word(&self, _: usize) -> &'static str {
        "something"
    }
}

/// What an inspection found.
pub(crate) struct Seen {
    /// What is wrong.
    pub(crate) found: Diagnostics,
    /// What the rule gives.
    pub(crate) gives: Kind,
    /// The answers it reads.
    pub(crate) reads: BTreeSet<String>,
}

/// Walks one rule.
pub(crate) struct Inspector<'a> {
    text: &'a RuleText,
    domain: &'a Domain,
    outside: &'a dyn Outside,
    functions: Vec<Arc<Function>>,
    found: Diagnostics,
    reads: BTreeSet<String>,
    /// Whether answers are variables (`when:`) or members of `answers`.
    bare: bool,
    scope: Vec<(ImmutableString, Kind)>,
    /// Functions being walked, innermost last: what keeps recursion finite.
    inside: Vec<ImmutableString>,
    returns: Vec<Kind>,
}

/// Inspects a `when:` expression, in which answers are variables.
pub(crate) fn expression(ast: &AST, text: &RuleText, domain: &Domain) -> Seen {
    let mut inspector = Inspector::new(ast, text, domain, &Nowhere);
    inspector.bare = true;
    let gives = inspector.statements(ast.statements());
    inspector.seen(gives)
}

impl<'a> Inspector<'a> {
    /// An inspector of the functions of `ast`.
    pub(crate) fn new(ast: &AST, text: &'a RuleText, domain: &'a Domain, outside: &'a dyn Outside) -> Self {
        Self {
            text,
            domain,
            outside,
            functions: functions(ast),
            found: Diagnostics::default(),
            reads: BTreeSet::new(),
            bare: false,
            scope: Vec::new(),
            inside: Vec::new(),
            returns: Vec::new(),
        }
    }

    /// Walks the function called `name` with arguments of these kinds; gives the kind of its result.
    pub(crate) fn function(&mut self, name: &str, arguments: &[Kind]) -> Kind {
        let Some(function) = self.functions.iter().find(|one| one.name == name && one.params.len() == arguments.len()).cloned() else {
            return Kind::Any;
        };
        if self.inside.contains(&function.name) {
            return Kind::Any;
        }
        let outer = std::mem::take(&mut self.scope);
        let outer_returns = std::mem::take(&mut self.returns);
        self.inside.push(function.name.clone());
        self.scope = function.params.iter().cloned().zip(arguments.iter().cloned()).collect();
        let mut gives = self.statements(&function.body);
        for returned in std::mem::replace(&mut self.returns, outer_returns) {
            gives = gives.or(returned);
        }
        self.inside.pop();
        self.scope = outer;
        gives
    }

    /// Everything that was found, each once.
    pub(crate) fn seen(self, gives: Kind) -> Seen {
        Seen { found: self.found.sorted(), gives, reads: self.reads }
    }

    /// The functions of the file.
    pub(crate) fn defined(&self) -> Vec<Arc<Function>> {
        self.functions.clone()
    }

    fn say(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Every function that can be called.
    fn standard(&self) -> impl Iterator<Item = &'static Standard> + Clone + use<> {
        STANDARD.iter().chain(self.outside.functions())
    }

    /// The kind of the variable `name`, if there is one.
    fn variable(&mut self, name: &str) -> Option<Kind> {
        if let Some((_, kind)) = self.scope.iter().rev().find(|(known, _)| known.as_str() == name) {
            return Some(kind.clone());
        }
        match name {
            "today" => return Some(Kind::Day),
            "record" => return Kind::record(self.domain),
            _ if !self.bare => return None,
            _ => {}
        }
        let field = self.domain.fields.get(name)?;
        self.reads.insert(name.to_owned());
        Some(Kind::of_field(name, field))
    }

    /// Names of variables, for suggestions.
    fn variables(&self) -> Vec<String> {
        let bare = self.domain.fields.keys().filter(|_| self.bare);
        let reserved = RESERVED.iter().filter(|name| **name == "today" || self.domain.record.is_some());
        let scope = self.scope.iter().map(|(name, _)| name.to_string());
        scope.chain(bare.cloned()).chain(reserved.map(|name| (*name).to_owned())).collect()
    }
}

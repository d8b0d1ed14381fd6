//! What can be found wrong with a rule before it runs: every name, every call, every kind that is
//! known. It walks the interpreter's own syntax tree, which is outside that crate's promise of
//! stability; so only this folder, `place` and `fees::lower` touch it, and the version is pinned.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rhai::{AST, ImmutableString};

use super::Standard;
use super::checks::{rule_forbidden, rule_syntax};
use super::domain::{Domain, PERIOD, RESERVED};
use super::place::RuleText;
use super::standard::STANDARD;
use crate::base::limits::RULE_NESTING;
use crate::source::{Diagnostic, Diagnostics, Where};

mod answered;
mod call;
mod deep;
mod expression;
mod function;
mod kind;
mod operator;
mod statement;
mod switch;

pub(crate) use answered::Answered;
pub(crate) use expression::{Link, flatten};
pub(crate) use function::{Function, functions};
pub(crate) use kind::{Kind, takes_word};

/// What the part of a rule knows besides answers: rates and tables.
pub(crate) trait Outside {
    /// The kind of `of.name`.
    fn property(&self, of: usize, name: &str, at: &Where, out: &mut Diagnostics) -> Kind;
    /// The kind of `of[key]`; `written` if the key is written in place.
    fn index(&self, of: usize, key: &Kind, written: Option<&str>, at: &Where, out: &mut Diagnostics) -> Kind;
    /// The kind that a function of the part gives.
    fn call(&self, call: &Called<'_>, out: &mut Diagnostics) -> Kind;
    /// The functions of the part.
    fn functions(&self) -> &'static [Standard];
}

/// A call of a function of the part.
pub(crate) struct Called<'a> {
    /// The function.
    pub(crate) name: &'a str,
    /// What it is given.
    pub(crate) arguments: &'a [(Kind, Where)],
    /// The values of a map that is written in place, by name.
    pub(crate) parts: &'a BTreeMap<String, Where>,
    /// Where it is called.
    pub(crate) at: &'a Where,
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
    fn call(&self, _: &Called<'_>, _: &mut Diagnostics) -> Kind {
        Kind::Any
    }
    fn functions(&self) -> &'static [Standard] {
        &[]
    }
}

/// How many levels of nesting a call counts for.
const LEVELS_OF_A_CALL: usize = 4;

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
    scope: Vec<Variable>,
    /// Answers that were looked at by the condition on whose branch we are.
    looked_at: BTreeSet<String>,
    /// Answers that are read by what is being walked.
    read: BTreeSet<String>,
    /// Functions being walked, innermost last.
    inside: Vec<ImmutableString>,
    /// Functions that have been walked with arguments of these kinds: what they give, and how
    /// many levels of nesting they add.
    known: Vec<Walked>,
    /// Levels of nesting here, those of the callers included, and the deepest so far.
    depth: usize,
    deepest: usize,
    returns: Vec<Kind>,
    /// Whether what is walked was walked before, and what is wrong in it said.
    quiet: bool,
    /// The kinds of `answers` and `record`, made once: everybody who speaks of them shares them.
    answers: OnceCell<Kind>,
    record: OnceCell<Option<Kind>>,
}

/// A variable: its kind, and the answers that decide its value.
struct Variable {
    name: ImmutableString,
    kind: Kind,
    about: BTreeSet<String>,
}

/// A function that has been walked.
struct Walked {
    name: ImmutableString,
    arguments: Vec<Kind>,
    looked_at: BTreeSet<String>,
    read: BTreeSet<String>,
    gives: Kind,
    levels: usize,
}

/// Inspects a `when:` expression, in which answers are variables.
pub(crate) fn expression(ast: &AST, text: &RuleText, domain: &Domain) -> Seen {
    let mut inspector = Inspector::new(functions(ast), text, domain, &Nowhere);
    inspector.bare = true;
    let gives = inspector.statements(ast.statements());
    inspector.seen(gives)
}

impl<'a> Inspector<'a> {
    /// An inspector of the functions of a file.
    pub(crate) fn new(
        functions: Vec<Arc<Function>>,
        text: &'a RuleText,
        domain: &'a Domain,
        outside: &'a dyn Outside,
    ) -> Self {
        Self {
            text,
            domain,
            outside,
            functions,
            found: Diagnostics::default(),
            reads: BTreeSet::new(),
            bare: false,
            scope: Vec::new(),
            looked_at: BTreeSet::new(),
            read: BTreeSet::new(),
            inside: Vec::new(),
            known: Vec::new(),
            depth: 0,
            deepest: 0,
            returns: Vec::new(),
            quiet: false,
            answers: OnceCell::new(),
            record: OnceCell::new(),
        }
    }

    /// The kind of `answers`.
    pub(crate) fn answers(&self) -> &Kind {
        self.answers.get_or_init(|| Kind::answers(self.domain))
    }

    /// Walks the function called `name` with arguments of these kinds; gives the kind of its
    /// result. A call of a function from within itself is refused: rules do not recurse.
    pub(crate) fn function(&mut self, name: &str, arguments: &[Kind], at: &Where) -> Kind {
        let fits = |one: &&Arc<Function>| one.name == name && one.params.len() == arguments.len();
        let Some(function) = self.functions.iter().find(fits).cloned() else {
            return Kind::Any;
        };
        if self.inside.contains(&function.name) {
            self.say(rule_forbidden::recursion(&function.signature(), at));
            return Kind::Any;
        }
        let same = |walked: &&Walked| {
            walked.name == name && walked.arguments == arguments && walked.looked_at == self.looked_at
        };
        if let Some(walked) = self.known.iter().find(same) {
            let (gives, levels) = (walked.gives.clone(), walked.levels);
            self.read.extend(walked.read.iter().cloned());
            self.reach(self.depth + levels, at);
            return gives;
        }
        let parameters = function.params.iter().cloned().zip(arguments.iter().cloned());
        let parameters = parameters.map(|(name, kind)| Variable { name, kind, about: BTreeSet::new() });
        let outer = std::mem::replace(&mut self.scope, parameters.collect());
        let (outer_looked_at, outer_read) = (self.looked_at.clone(), std::mem::take(&mut self.read));
        let outer_returns = std::mem::take(&mut self.returns);
        let outer_deepest = std::mem::replace(&mut self.deepest, self.depth);
        self.inside.push(function.name.clone());
        // A call takes as much of the stack as a few levels of an expression.
        self.depth += LEVELS_OF_A_CALL;
        let mut gives = self.statements(&function.body);
        self.depth -= LEVELS_OF_A_CALL;
        for returned in std::mem::replace(&mut self.returns, outer_returns) {
            gives = gives.or(returned);
        }
        self.inside.pop();
        self.scope = outer;
        let before = outer_looked_at.clone();
        self.looked_at = outer_looked_at;
        let read = std::mem::replace(&mut self.read, outer_read);
        self.read.extend(read.iter().cloned());
        let levels = self.deepest.saturating_sub(self.depth);
        self.deepest = self.deepest.max(outer_deepest);
        self.known.push(Walked {
            name: function.name.clone(),
            arguments: arguments.to_vec(),
            looked_at: before,
            read,
            gives: gives.clone(),
            levels,
        });
        gives
    }

    /// Whether a function of the file was come to.
    pub(crate) fn has_walked(&self, function: &Function) -> bool {
        let same = |walked: &Walked| walked.name == function.name && walked.arguments.len() == function.params.len();
        self.known.iter().any(same)
    }

    /// Notes a level of nesting; says so if it is too deep.
    fn reach(&mut self, depth: usize, at: &Where) -> bool {
        if depth > RULE_NESTING && self.deepest <= RULE_NESTING {
            self.say(rule_syntax::too_deep(at));
        }
        self.deepest = self.deepest.max(depth);
        depth <= RULE_NESTING
    }

    /// Everything that was found, each once.
    pub(crate) fn seen(self, gives: Kind) -> Seen {
        Seen { found: self.found.sorted(), gives: gives.into_bare(), reads: self.reads }
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
        if let Some(variable) = self.scope.iter().rev().find(|known| known.name.as_str() == name) {
            self.read.extend(variable.about.iter().cloned());
            let kind = variable.kind.clone();
            return Some(self.met(kind));
        }
        match name {
            "today" => return Some(Kind::Day),
            "record" => return self.record.get_or_init(|| Kind::record(self.domain)).clone(),
            PERIOD if !self.bare && self.domain.period => return Some(Kind::period()),
            _ if !self.bare => return None,
            _ => {}
        }
        let field = self.domain.fields.get(name)?;
        self.reads.insert(name.to_owned());
        Some(Kind::of_field(name, field))
    }

    /// What is known of a value here, under the conditions that led to it.
    fn met(&mut self, kind: Kind) -> Kind {
        let Kind::Answer(answered) = &kind else { return kind };
        self.read.insert(answered.name.clone());
        answered.once_looked_at(&self.looked_at)
    }

    /// Walks something; gives the answers that it reads, and those that decide what it reads.
    fn reading<T>(&mut self, walk: impl FnOnce(&mut Self) -> T) -> (T, BTreeSet<String>) {
        let outer = std::mem::take(&mut self.read);
        let walked = walk(self);
        let read = std::mem::replace(&mut self.read, outer);
        self.read.extend(read.iter().cloned());
        (walked, read)
    }

    /// Names of variables, for suggestions.
    fn variables(&self) -> Vec<String> {
        let bare = self.domain.fields.keys().filter(|_| self.bare);
        let reserved = RESERVED.iter().filter(|name| **name == "today" || self.domain.record.is_some());
        let scope = self.scope.iter().map(|variable| variable.name.to_string());
        scope.chain(bare.cloned()).chain(reserved.map(|name| (*name).to_owned())).collect()
    }
}

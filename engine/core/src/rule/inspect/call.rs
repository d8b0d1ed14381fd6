//! Calls: of standard functions, of functions of the part, of functions of the file.

use std::collections::BTreeMap;

use rhai::{Expr, FnCallExpr, Position};

use super::{Called, Inspector, Kind, Variable, takes_word};
use crate::base::date::parse_day;
use crate::rule::Standard;
use crate::rule::checks::{
    rule_unknown_list, unknown_answer, unknown_function, unknown_option, wrong_arity, wrong_day, wrong_kind,
};
use crate::source::Where;

impl Inspector<'_> {
    /// A call; `on` is the kind before the point in `x.push(y)`.
    pub(super) fn call(&mut self, call: &FnCallExpr, position: Position, on: Option<Kind>) -> Kind {
        let name = call.name.as_str();
        if call.is_operator_call() && name != "contains" {
            return self.operator(name, &call.args, position);
        }
        let at = self.text.word(position);
        let mut arguments: Vec<(Kind, Where)> = on.map(|kind| (kind, at.clone())).into_iter().collect();
        for argument in &call.args {
            arguments.push((self.expression(argument), self.text.word(argument.start_position())));
        }
        if let Some(defined) = self.functions.iter().find(|one| one.name == name).cloned() {
            if defined.params.len() != arguments.len() {
                self.say(wrong_arity::diagnostic(name, arguments.len(), &[defined.signature()], &at));
                return Kind::Any;
            }
            let kinds: Vec<Kind> = arguments.into_iter().map(|(kind, _)| kind).collect();
            return self.function(name, &kinds, &at);
        }
        self.standard_call(name, &call.args, &arguments, &at)
    }

    fn standard_call(&mut self, name: &str, written: &[Expr], arguments: &[(Kind, Where)], at: &Where) -> Kind {
        let named: Vec<&Standard> = self.standard().filter(|one| one.name == name).collect();
        if named.is_empty() {
            let known: Vec<String> = self.functions.iter().map(|one| one.name.to_string()).collect();
            let all = self.standard().map(|one| one.name).chain(known.iter().map(String::as_str));
            let diagnostic = unknown_function::diagnostic(name, at, all);
            self.say(diagnostic);
            return Kind::Any;
        }
        let Some(function) = named.iter().find(|one| one.takes.len() == arguments.len()) else {
            let signatures: Vec<String> = named.iter().map(|one| one.signature()).collect();
            self.say(wrong_arity::diagnostic(name, arguments.len(), &signatures, at));
            return Kind::Any;
        };
        for ((kind, at), (_, takes)) in arguments.iter().zip(function.takes) {
            if !kind.fits(*takes) {
                self.say(wrong_kind::argument(&function.signature(), takes_word(*takes), kind, at));
            }
        }
        if self.outside.functions().iter().any(|one| one.name == name) {
            let mut found = std::mem::take(&mut self.found);
            let parts = self.parts(written);
            let kind = self.outside.call(&Called { name, arguments, parts: &parts, at }, &mut found);
            self.found = found;
            return kind;
        }
        let texts: Vec<Option<&str>> = written.iter().map(literal).collect();
        let named = texts.last().copied().flatten().filter(|_| name == "pluck");
        self.literals(name, written, arguments);
        Kind::given(function.gives, arguments.first().map(|(kind, _)| kind), named)
    }

    /// Where the values stand of the map that is written as an argument.
    fn parts(&self, written: &[Expr]) -> BTreeMap<String, Where> {
        let maps =
            written.iter().filter_map(|argument| if let Expr::Map(parts, _) = argument { Some(parts) } else { None });
        let values = maps.flat_map(|parts| &parts.0);
        values.map(|(name, value)| (name.name.to_string(), self.text.path(value.start_position()))).collect()
    }

    /// A list that a rule makes piece by piece holds what is pushed into it.
    pub(super) fn pushed(&mut self, variable: &str, item: Kind) {
        let known = self.scope.iter_mut().rev().find(|known| known.name.as_str() == variable);
        if let Some(Variable { kind: Kind::Array(items), .. }) = known {
            let items_before = std::mem::replace(&mut **items, Kind::Any);
            **items = items_before.or(item);
        }
    }

    /// What is wrong with texts that are written in place.
    fn literals(&mut self, name: &str, written: &[Expr], arguments: &[(Kind, Where)]) {
        match (name, written) {
            ("day", [Expr::StringConstant(text, position)]) if parse_day(text).is_none() => {
                let at = self.text.word(*position);
                self.say(wrong_day::diagnostic(text, &at));
            }
            ("pluck", [.., Expr::StringConstant(field, position)]) => {
                if let Some(Kind::Array(item)) = arguments.first().map(|(kind, _)| kind.bare())
                    && let Kind::Fields(owner, fields) = item.bare()
                    && !fields.contains_key(field.as_str())
                {
                    let at = self.text.word(*position);
                    self.say(unknown_answer::diagnostic(owner, field, &at, fields.keys().map(String::as_str)));
                }
            }
            ("pluck", [.., name]) => {
                self.forbidden("a computed name of an answer", name.start_position());
            }
            ("gather", [.., Expr::StringConstant(name, position)]) => {
                let of = arguments.first().map(|(kind, _)| kind);
                self.gathered(written.first(), of, name, *position);
            }
            ("covers", [all, some, Expr::Array(names, _)]) => {
                for (groups, (kind, _)) in [all, some].into_iter().zip(arguments) {
                    self.told_apart(groups, kind, names);
                }
            }
            ("contains", [_, Expr::StringConstant(code, position)]) => {
                if let Some(Kind::Array(item)) = arguments.first().map(|(kind, _)| kind.bare()) {
                    let item = (**item).clone();
                    self.is_option(&item, code, *position);
                }
                self.is_listed(&written[0], code, *position);
            }
            ("contains", [Expr::Array(items, _), _]) => {
                let Some((kind, _)) = arguments.get(1).cloned() else { return };
                for item in items {
                    if let Expr::StringConstant(code, position) = item {
                        self.is_option(&kind, code, *position);
                    }
                }
            }
            ("listed", [Expr::StringConstant(list, position), _, column]) => self.listed(list, *position, column),
            _ => {}
        }
    }

    /// `"LEASE_DEED" in listed("trades", trade, "documents")`: some row must say so, or the list after which
    /// the column is called must know it: a town's own rows may.
    fn is_listed(&mut self, within: &Expr, code: &str, position: Position) {
        let Expr::FnCall(call, _) = within else { return };
        let [Expr::StringConstant(list, _), _, Expr::StringConstant(column, _)] = &call.args[..] else { return };
        let Some(list) = self.domain.list(list).filter(|_| call.name == "listed").cloned() else { return };
        let ends = column.match_indices('_').map(|(at, _)| &column[at + 1..]);
        let named = std::iter::once(column.as_str()).chain(ends).find_map(|name| self.domain.list(name));
        if list.says(column, code) || named.is_some_and(|words| words.get(code).is_some() || words.is_elsewhere(code)) {
            return;
        }
        let mut known: Vec<&str> = list.words_of(column).collect();
        known.sort_unstable();
        known.dedup();
        if !known.is_empty() {
            let at = self.text.word(position);
            self.say(unknown_option::diagnostic(code, &at, known));
        }
    }

    fn listed(&mut self, name: &str, position: Position, column: &Expr) {
        if self.domain.lists.is_empty() {
            return;
        }
        let Some(list) = self.domain.list(name).cloned() else {
            let at = self.text.word(position);
            let known: Vec<&str> = self.domain.lists.iter().map(|list| list.name.as_str()).collect();
            self.say(rule_unknown_list::list(name, &at, known));
            return;
        };
        if let Expr::StringConstant(column, position) = column
            && !list.entries.iter().any(|entry| entry.attributes.contains_key(column.as_str()))
        {
            let at = self.text.word(*position);
            self.say(rule_unknown_list::column(column, &at, &list));
        }
    }
}

/// A text that is written in place.
fn literal(expression: &Expr) -> Option<&str> {
    if let Expr::StringConstant(text, _) = expression { Some(text) } else { None }
}

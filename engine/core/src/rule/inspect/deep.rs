//! Names of answers that are written as texts, for functions that look into groups and lists however deep.

use std::collections::BTreeSet;

use rhai::{Expr, Position};

use super::{Inspector, Kind};
use crate::rule::checks::unknown_answer;

impl Inspector<'_> {
    /// `gather(of, "owners")`: the name stands somewhere in what is looked through, if all of that is known.
    pub(super) fn gathered(&mut self, of: Option<&Expr>, kind: Option<&Kind>, name: &str, position: Position) {
        let mut names = BTreeSet::new();
        let mut meet = |name: &str, _: &Kind| {
            names.insert(name.to_owned());
        };
        let known = self.looked_through(of, kind).iter().all(|kind| walk(kind, &mut meet));
        if known && !names.is_empty() && !names.contains(name) {
            self.has_no("what `gather` looks through", name, position, &names);
        }
    }

    /// `covers(all, some, ["name", "age"])`: the groups of one side are asked all of these, if they are known.
    pub(super) fn told_apart(&mut self, groups: &Expr, kind: &Kind, names: &[Expr]) {
        let found = match gather(groups) {
            Some((of, under)) => self.found_by_gather(of, under),
            None => vec![kind.clone()],
        };
        let mut asked = BTreeSet::new();
        if found.is_empty() || !found.iter().all(|kind| members(kind, &mut asked)) {
            return;
        }
        for name in names {
            if let Expr::StringConstant(name, position) = name
                && !asked.contains(name.as_str())
            {
                self.has_no("what `covers` compares", name, *position, &asked);
            }
        }
    }

    /// The kinds of all that stands under a name; nothing where not all names are known.
    fn found_by_gather(&mut self, of: &Expr, under: &str) -> Vec<Kind> {
        let kind = self.quietly(of);
        let mut found = Vec::new();
        let mut meet = |name: &str, kind: &Kind| {
            if name == under {
                found.push(kind.clone());
            }
        };
        let known = self.looked_through(Some(of), Some(&kind)).iter().all(|kind| walk(kind, &mut meet));
        if known { found } else { Vec::new() }
    }

    /// The kinds of what is looked through: of each item of a list that is written in place, which together may be of
    /// no kind.
    fn looked_through(&mut self, of: Option<&Expr>, kind: Option<&Kind>) -> Vec<Kind> {
        match of {
            Some(Expr::Array(items, _)) => items.iter().map(|item| self.quietly(item)).collect(),
            _ => vec![kind.cloned().unwrap_or(Kind::Any)],
        }
    }

    /// The kind of an expression of which it was said what is wrong in it. Within one nothing is walked once more, so
    /// that calls in calls do not take twice as long for each.
    fn quietly(&mut self, expression: &Expr) -> Kind {
        if self.quiet {
            return Kind::Any;
        }
        self.quiet = true;
        let found = std::mem::take(&mut self.found);
        let kind = self.expression(expression);
        self.found = found;
        self.quiet = false;
        kind
    }

    fn has_no(&mut self, owner: &str, name: &str, position: Position, known: &BTreeSet<String>) {
        let at = self.text.word(position);
        self.say(unknown_answer::diagnostic(owner, name, &at, known.iter().map(String::as_str)));
    }
}

/// What `gather` looks through and for, if the expression is one.
fn gather(expression: &Expr) -> Option<(&Expr, &str)> {
    let Expr::FnCall(call, _) = expression else { return None };
    match &call.args[..] {
        [of, Expr::StringConstant(name, _)] if call.name == "gather" => Some((of, name.as_str())),
        _ => None,
    }
}

/// Goes through groups and lists however deep, and meets each name with what stands there; whether all of it is known.
/// What a rule made itself may have any names.
fn walk(kind: &Kind, meet: &mut dyn FnMut(&str, &Kind)) -> bool {
    match kind.bare() {
        Kind::Array(item) => walk(item, meet),
        Kind::Fields(_, fields) => fields.iter().all(|(name, kind)| {
            meet(name, kind);
            is_single(name, kind) || walk(kind, meet)
        }),
        Kind::Any | Kind::Nothing | Kind::Never | Kind::Map(_) | Kind::Outside(_) => false,
        _ => true,
    }
}

/// Whether a member of a group is one answer, of which nothing need be known. All that a record knows stands under
/// `answers`, as no question is called.
fn is_single(name: &str, kind: &Kind) -> bool {
    *kind.bare() == Kind::Any && name != "answers"
}

/// Adds the names of the groups in lists of lists; whether they are known.
fn members(kind: &Kind, names: &mut BTreeSet<String>) -> bool {
    match kind.bare() {
        Kind::Array(item) => members(item, names),
        Kind::Fields(_, fields) => {
            names.extend(fields.keys().cloned());
            true
        }
        _ => false,
    }
}

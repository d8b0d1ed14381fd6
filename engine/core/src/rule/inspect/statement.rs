//! Statements: what they define, and what the last one gives.

use std::collections::BTreeSet;

use rhai::{ASTFlags, Position, Stmt, StmtBlock};

use super::{Inspector, Kind, Variable};
use crate::rule::checks::{rule_forbidden, unknown_name, wrong_kind};
use crate::rule::domain::{PERIOD, RESERVED};

impl Inspector<'_> {
    /// A block: names defined in it are gone after it.
    pub(super) fn block(&mut self, block: &StmtBlock) -> Kind {
        let at = self.text.word(block.position());
        if !self.reach(self.depth + 1, &at) {
            return Kind::Any;
        }
        let outer = self.scope.len();
        self.depth += 1;
        let gives = self.statements(block.statements());
        self.depth -= 1;
        self.scope.truncate(outer);
        gives
    }

    /// Statements in a row; the last gives the value.
    pub(super) fn statements(&mut self, statements: &[Stmt]) -> Kind {
        let mut gives = Kind::Nothing;
        for statement in statements {
            let ended = gives == Kind::Never;
            gives = self.statement(statement);
            if ended {
                gives = Kind::Never;
            }
        }
        gives
    }

    fn statement(&mut self, statement: &Stmt) -> Kind {
        match statement {
            Stmt::Noop(_) => Kind::Nothing,
            Stmt::Expr(expression) => self.expression(expression),
            Stmt::FnCall(call, position) => self.call(call, *position, None),
            Stmt::Block(block) => self.block(block),
            Stmt::Var(variable, ..) => {
                let (name, value, _) = &**variable;
                let (kind, read) = self.reading(|walk| walk.expression(value));
                self.define(&name.name, name.pos, kind);
                if let Some(variable) = self.scope.last_mut() {
                    variable.about = read;
                }
                Kind::Nothing
            }
            Stmt::Assignment(assignment) => {
                self.assignment(&assignment.0, &assignment.1);
                Kind::Nothing
            }
            Stmt::If(parts, _) => {
                let ((), read) = self.reading(|walk| walk.condition(&parts.expr, "`if`"));
                let outer = self.looked_at.clone();
                self.looked_at.extend(read);
                let then = self.block(&parts.body);
                let otherwise = if parts.branch.is_empty() { Kind::Nothing } else { self.block(&parts.branch) };
                // Whoever goes on after a branch that ends the function has passed the condition.
                if then != Kind::Never {
                    self.looked_at = outer;
                }
                if then == Kind::Nothing && parts.branch.is_empty() { Kind::Nothing } else { then.or(otherwise) }
            }
            Stmt::Switch(switch, position) => self.switch(&switch.0, &switch.1, *position),
            Stmt::For(parts, _) => {
                let (item, counter, flow) = &**parts;
                let of = self.expression(&flow.expr);
                let kind = self.items(of, &flow.expr);
                let outer = self.scope.len();
                if let Some(counter) = counter {
                    self.define(&counter.name, counter.pos, Kind::Number);
                }
                self.define(&item.name, item.pos, kind);
                self.block(&flow.body);
                self.scope.truncate(outer);
                Kind::Nothing
            }
            Stmt::Return(_, flags, position) if flags.intersects(ASTFlags::BREAK) => {
                self.forbidden("`throw`", *position)
            }
            Stmt::Return(value, ..) => {
                let kind = value.as_ref().map_or(Kind::Nothing, |value| self.expression(value));
                self.returns.push(kind);
                Kind::Never
            }
            Stmt::BreakLoop(value, ..) => {
                if let Some(value) = value {
                    self.expression(value);
                }
                Kind::Nothing
            }
            other => self.forbidden("this statement", other.position()),
        }
    }

    /// Gives a variable its kind.
    fn define(&mut self, name: &rhai::ImmutableString, position: Position, kind: Kind) {
        if RESERVED.contains(&name.as_str()) || name.as_str() == PERIOD {
            let at = self.text.word(position);
            self.say(unknown_name::reserved(name, &at));
        }
        if name.starts_with("__") {
            self.forbidden("a name that begins with `__`", position);
        }
        self.scope.push(Variable { name: name.clone(), kind, about: BTreeSet::new() });
    }

    /// The condition of an `if`.
    pub(super) fn condition(&mut self, expression: &rhai::Expr, what: &str) {
        let kind = self.expression(expression);
        if !matches!(kind.bare(), Kind::Flag | Kind::Any | Kind::Never) {
            let at = self.text.word(expression.start_position());
            self.say(wrong_kind::needed(what, "a yes or no", &kind, &at));
        }
    }

    fn items(&mut self, of: Kind, expression: &rhai::Expr) -> Kind {
        match of.into_bare() {
            Kind::Array(item) => *item,
            Kind::Any | Kind::Never => Kind::Any,
            other => {
                let at = self.text.word(expression.start_position());
                self.say(wrong_kind::needed("`for`", "a list", &other, &at));
                Kind::Any
            }
        }
    }

    pub(super) fn forbidden(&mut self, what: &str, position: Position) -> Kind {
        let at = self.text.word(position);
        self.say(rule_forbidden::diagnostic(what, &at));
        Kind::Any
    }
}

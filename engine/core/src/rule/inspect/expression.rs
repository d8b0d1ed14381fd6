//! Expressions: names, literals, and chains such as `rates.license_fee[answers.trade_kind]`.

use rhai::{ASTFlags, BinaryExpr, Expr, OpAssignment, Position};

use super::{Inspector, Kind};
use crate::rule::checks::{unknown_answer, unknown_name, wrong_kind};
use crate::source::Where;

/// One link of a chain.
pub(crate) enum Link<'a> {
    /// `.name` or `.name(…)`
    Member(&'a Expr),
    /// `[key]`
    Index(&'a Expr),
}

impl Inspector<'_> {
    /// The kind of an expression; says what is wrong in it.
    pub(super) fn expression(&mut self, expression: &Expr) -> Kind {
        let at = self.text.word(expression.start_position());
        if !self.reach(self.depth + 1, &at) {
            return Kind::Any;
        }
        self.depth += 1;
        let kind = self.kind_of(expression);
        self.depth -= 1;
        kind
    }

    fn kind_of(&mut self, expression: &Expr) -> Kind {
        match expression {
            Expr::IntegerConstant(..) => Kind::Number,
            Expr::BoolConstant(..) => Kind::Flag,
            Expr::StringConstant(..) => Kind::Text,
            Expr::Unit(_) => Kind::Nothing,
            Expr::DynamicConstant(value, _) => dynamic(value),
            Expr::CharConstant(_, position) => self.forbidden("a letter in single quotes", *position),
            Expr::InterpolatedString(_, position) => self.forbidden("a text with `${…}`", *position),
            Expr::ThisPtr(position) => self.forbidden("`this`", *position),
            Expr::Array(items, _) => {
                let kinds: Vec<Kind> = items.iter().map(|item| self.expression(item)).collect();
                Kind::Array(Box::new(kinds.into_iter().fold(Kind::Never, Kind::or)))
            }
            Expr::Map(parts, _) => {
                Kind::Map(parts.0.iter().map(|(name, value)| (name.name.to_string(), self.expression(value))).collect())
            }
            Expr::Variable(parts, _, position) => self.named(&parts.1, *position),
            Expr::Stmt(block) => self.block(block),
            Expr::FnCall(call, position) => self.call(call, *position, None),
            Expr::Dot(..) | Expr::Index(..) => self.chain(expression),
            Expr::And(parts, _) => self.truth(parts, "`&&`"),
            Expr::Or(parts, _) => self.truth(parts, "`||`"),
            Expr::Coalesce(parts, _) => self.first_there(parts),
            other => self.forbidden("this expression", other.start_position()),
        }
    }

    /// `a && b`: what comes later is reached under the conditions before.
    fn truth(&mut self, parts: &[Expr], sign: &str) -> Kind {
        let outer = self.looked_at.clone();
        for part in parts {
            let ((), read) = self.reading(|walk| walk.condition(part, sign));
            self.looked_at.extend(read);
        }
        self.looked_at = outer;
        Kind::Flag
    }

    /// `a ?? b`: all but the last are passed over where they are absent.
    fn first_there(&mut self, parts: &[Expr]) -> Kind {
        let Some((last, before)) = parts.split_last() else { return Kind::Nothing };
        let there = before.iter().map(|part| self.expression(part).into_bare()).fold(Kind::Never, Kind::or);
        there.or(self.expression(last))
    }

    fn named(&mut self, name: &str, position: Position) -> Kind {
        if let Some(kind) = self.variable(name) {
            return kind;
        }
        let (at, known) = (self.text.word(position), self.variables());
        let known = known.iter().map(String::as_str);
        let diagnostic = if self.bare {
            unknown_answer::diagnostic("the form", name, &at, known)
        } else {
            unknown_name::diagnostic(name, &at, known)
        };
        self.say(diagnostic);
        Kind::Any
    }

    /// `a.b[c].d(e)`, link by link.
    fn chain(&mut self, expression: &Expr) -> Kind {
        let (root, links) = flatten(expression);
        let mut kind = self.expression(root);
        let is_answers = !self.bare && matches!(root, Expr::Variable(..)) && kind == *self.answers();
        for (index, link) in links.into_iter().enumerate() {
            kind = match link {
                Link::Member(Expr::Property(parts, position)) => {
                    if is_answers && index == 0 {
                        self.reads.insert(parts.2.to_string());
                    }
                    let at = self.text.word(*position);
                    self.member(&kind, &parts.2, &at)
                }
                Link::Member(Expr::MethodCall(call, position)) => {
                    if let (0, Expr::Variable(parts, ..), "push", [item]) =
                        (index, root, call.name.as_str(), call.args.as_slice())
                    {
                        let item = self.expression(item);
                        self.pushed(&parts.1, item);
                    }
                    self.call(call, *position, Some(kind))
                }
                Link::Member(other) => self.forbidden("this expression", other.start_position()),
                Link::Index(key) => {
                    if let (true, 0, Expr::StringConstant(name, _)) = (is_answers, index, key) {
                        self.reads.insert(name.to_string());
                    }
                    self.indexed(&kind, key)
                }
            };
        }
        kind
    }

    fn member(&mut self, of: &Kind, name: &str, at: &Where) -> Kind {
        match of.bare() {
            Kind::Fields(_, fields) if fields.contains_key(name) => {
                self.read.insert(name.to_owned());
                self.met(fields[name].clone())
            }
            Kind::Map(fields) if fields.contains_key(name) => self.met(fields[name].clone()),
            Kind::Fields(owner, fields) => {
                self.say(unknown_answer::diagnostic(owner, name, at, fields.keys().map(String::as_str)));
                Kind::Any
            }
            Kind::Map(fields) => {
                self.say(unknown_name::member(name, at, fields.keys().map(String::as_str)));
                Kind::Any
            }
            Kind::Outside(of) => {
                let mut found = std::mem::take(&mut self.found);
                let kind = self.outside.property(*of, name, at, &mut found);
                self.found = found;
                kind
            }
            Kind::Any | Kind::Never => Kind::Any,
            other => {
                self.say(wrong_kind::needed(&format!("`.{name}`"), "a group", other, at));
                Kind::Any
            }
        }
    }

    fn indexed(&mut self, of: &Kind, key: &Expr) -> Kind {
        let at = self.text.word(key.start_position());
        let written = if let Expr::StringConstant(text, _) = key { Some(text.as_str()) } else { None };
        match of.bare() {
            Kind::Fields(..) | Kind::Map(_) if written.is_some() => self.member(of, written.unwrap_or_default(), &at),
            Kind::Outside(of) => {
                let key = self.expression(key);
                let mut found = std::mem::take(&mut self.found);
                let kind = self.outside.index(*of, key.bare(), written, &at, &mut found);
                self.found = found;
                kind
            }
            Kind::Array(item) => {
                let key = self.expression(key);
                if !matches!(key.bare(), Kind::Number | Kind::Any | Kind::Never) {
                    self.say(wrong_kind::needed("a place in a list", "a number", &key, &at));
                }
                (**item).clone()
            }
            Kind::Fields(..) => {
                self.expression(key);
                self.forbidden("a computed name of an answer", key.start_position())
            }
            Kind::Any | Kind::Never | Kind::Map(_) => {
                self.expression(key);
                Kind::Any
            }
            other => {
                self.say(wrong_kind::needed("`[…]`", "a list or a group", other, &at));
                Kind::Any
            }
        }
    }

    /// `x = …`, `x += …`, `x.head = …`.
    pub(super) fn assignment(&mut self, operator: &OpAssignment, parts: &BinaryExpr) {
        let value = self.expression(&parts.rhs);
        self.computed_name(&parts.lhs);
        let target = if let Some(head) = self.new_member(&parts.lhs) { head } else { self.expression(&parts.lhs) };
        let value = match operator.get_op_assignment_info() {
            Some((.., sign)) => self.operated(sign, &target, &value, operator.position()),
            None => value,
        };
        self.assigned(&parts.lhs, value);
    }

    /// A map grows only by names that are written, so that what a rule can build is bounded by its text.
    fn computed_name(&mut self, target: &Expr) {
        let (Expr::Dot(..) | Expr::Index(..)) = target else { return };
        for link in flatten(target).1 {
            if let Link::Index(key) = link
                && !matches!(key, Expr::StringConstant(..))
                && *self.expression(key).bare() != Kind::Number
            {
                self.forbidden("a computed name on the left of `=`", key.start_position());
            }
        }
    }

    /// The kind of a member of a map that the rule makes piece by piece: an assignment may add it.
    fn new_member(&mut self, target: &Expr) -> Option<Kind> {
        let (variable, name) = member_of_variable(target)?;
        match self.variable(variable)?.into_bare() {
            Kind::Map(fields) => Some(fields.get(name).cloned().unwrap_or(Kind::Any)),
            _ => None,
        }
    }

    fn assigned(&mut self, target: &Expr, value: Kind) {
        let (variable, member) = match (target, member_of_variable(target)) {
            (Expr::Variable(parts, ..), _) => (parts.1.as_str(), None),
            (_, Some((variable, name))) => (variable, Some(name)),
            _ => return,
        };
        let Some(known) = self.scope.iter_mut().rev().find(|known| known.name.as_str() == variable) else { return };
        match (member, &mut known.kind) {
            (None, kind) => *kind = std::mem::replace(kind, Kind::Any).or(value),
            (Some(name), Kind::Map(fields)) => {
                fields.insert(name.to_owned(), value);
            }
            _ => {}
        }
    }
}

/// `x.name` and `x["name"]`, if that is all of it.
fn member_of_variable(target: &Expr) -> Option<(&str, &str)> {
    let (root, links) = match target {
        Expr::Dot(..) | Expr::Index(..) => flatten(target),
        _ => return None,
    };
    match (root, links.as_slice()) {
        (Expr::Variable(parts, ..), [Link::Member(Expr::Property(name, _))]) => Some((&parts.1, &name.2)),
        (Expr::Variable(parts, ..), [Link::Index(Expr::StringConstant(name, _))]) => Some((&parts.1, name)),
        _ => None,
    }
}

/// The interpreter nests chains to the right; this lays them flat.
pub(crate) fn flatten(expression: &Expr) -> (&Expr, Vec<Link<'_>>) {
    let mut links = Vec::new();
    let (Expr::Dot(parts, flags, _) | Expr::Index(parts, flags, _)) = expression else { return (expression, links) };
    let mut is_index = matches!(expression, Expr::Index(..));
    let (mut rest, mut ends) = (&parts.rhs, flags.intersects(ASTFlags::BREAK));
    loop {
        let next = match rest {
            Expr::Dot(next, flags, _) if !ends => Some((next, flags, false)),
            Expr::Index(next, flags, _) if !ends => Some((next, flags, true)),
            _ => None,
        };
        let here = next.map_or(rest, |(next, ..)| &next.lhs);
        links.push(if is_index { Link::Index(here) } else { Link::Member(here) });
        let Some((next, flags, index)) = next else { return (&parts.lhs, links) };
        (rest, ends, is_index) = (&next.rhs, flags.intersects(ASTFlags::BREAK), index);
    }
}

/// The kind of a constant that the interpreter keeps whole.
fn dynamic(value: &rhai::Dynamic) -> Kind {
    if value.is_decimal() || value.is_int() {
        Kind::Number
    } else if value.is_string() {
        Kind::Text
    } else {
        Kind::Any
    }
}

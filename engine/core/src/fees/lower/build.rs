//! From the interpreter's tree to the lowered form: functions and statements.

use std::sync::Arc;

use rhai::{ASTFlags, Expr as Tree, ImmutableString, Position, Stmt, StmtBlock};

use super::bound::Bound;
use super::labels::Labels;
use super::program::{Block, Defined, Expr, For, Left, Lowering, Over, Sign, Statement};
use crate::base::limits::{RULE_CALLS, RULE_VARIABLES};
use crate::rule::inspect::{Function, Link, flatten};

/// Operations that the interpreter counts for one expression or statement, at the most.
const COST: u64 = 4;
/// Functions that are built at the most, each counted for all its rates.
const INSTANCES: usize = 256;
/// Calls and variables that are kept free for what the interpreter counts otherwise.
const SPARE: usize = 4;

/// A function that is called.
#[derive(Debug)]
pub(super) enum Known {
    /// It is being built: a call would never end.
    Building,
    Built(Defined),
}

/// What a name stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Binding {
    Slot(usize),
    /// A place among the rates, which never changes.
    Rate(u32),
}

/// A function, and which of its arguments are places among the rates: for each such call it is
/// built anew, with its rates looked up.
type Instance = (usize, Vec<Option<u32>>);

/// Builds the lowered form of a file of rules.
pub(super) struct Builder<'a> {
    pub(super) bound: &'a Bound,
    pub(super) labels: &'a Labels,
    pub(super) functions: &'a [Arc<Function>],
    pub(super) known: Vec<Known>,
    instances: Vec<Instance>,
    scope: Vec<(ImmutableString, Binding)>,
    /// The next slot that is free, and the most that were taken at once.
    pub(super) next: usize,
    pub(super) most: usize,
    pub(super) deepest: usize,
    pub(super) cost: u64,
    /// Whether a loop is around what is built.
    looped: bool,
}

impl<'a> Builder<'a> {
    pub(super) fn new(bound: &'a Bound, labels: &'a Labels, functions: &'a [Arc<Function>]) -> Self {
        Self {
            bound,
            labels,
            functions,
            known: Vec::new(),
            instances: Vec::new(),
            scope: Vec::new(),
            next: 0,
            most: 0,
            deepest: 0,
            cost: 0,
            looped: false,
        }
    }

    /// Builds a function for arguments of which some are places among the rates, if that was not
    /// done; its place among what is known.
    pub(super) fn function(&mut self, place: usize, rates: Vec<Option<u32>>) -> Lowering<usize> {
        let function = Arc::clone(&self.functions[place]);
        let instance = (place, rates);
        if let Some(at) = self.instances.iter().position(|known| *known == instance) {
            let building = matches!(self.known[at], Known::Building);
            return if building { left("a function that calls itself", function.position) } else { Ok(at) };
        }
        if self.instances.len() >= INSTANCES {
            return left("so many functions", function.position);
        }
        let params = function.params.iter().cloned().zip(&instance.1).enumerate();
        let binding = |(slot, (name, rate)): (usize, (ImmutableString, &Option<u32>))| {
            (name, rate.map_or(Binding::Slot(slot), Binding::Rate))
        };
        let scope = std::mem::replace(&mut self.scope, params.map(binding).collect());
        let at = self.known.len();
        self.known.push(Known::Building);
        self.instances.push(instance);
        let outer = (self.next, self.most, self.deepest, self.cost, self.looped);
        let arity = function.params.len();
        (self.next, self.most, self.deepest, self.cost, self.looped) = (arity, arity, 0, COST, false);
        let body = self.statements(&function.body)?;
        let defined = Defined { body, slots: self.most, depth: self.deepest + 1, cost: self.cost };
        (self.next, self.most, self.deepest, self.cost, self.looped) = outer;
        self.scope = scope;
        if defined.depth + SPARE > RULE_CALLS || defined.slots + SPARE > RULE_VARIABLES {
            return left("so many calls or variables", function.position);
        }
        self.known[at] = Known::Built(defined);
        Ok(at)
    }

    /// Counts an expression or statement.
    pub(super) fn count(&mut self) {
        self.cost += COST;
    }

    /// Takes a slot.
    pub(super) fn slot(&mut self) -> usize {
        let slot = self.next;
        self.next += 1;
        self.most = self.most.max(self.next);
        slot
    }

    fn define(&mut self, name: &ImmutableString) -> usize {
        let slot = self.slot();
        self.scope.push((name.clone(), Binding::Slot(slot)));
        slot
    }

    /// What a name stands for.
    pub(super) fn binding(&self, name: &str) -> Option<Binding> {
        self.scope.iter().rev().find(|(known, _)| known.as_str() == name).map(|(_, binding)| *binding)
    }

    /// The slot of a variable.
    fn variable(&self, name: &str) -> Option<usize> {
        if let Some(Binding::Slot(slot)) = self.binding(name) { Some(slot) } else { None }
    }

    /// A block: what it defines is gone after it.
    pub(super) fn block(&mut self, block: &StmtBlock) -> Lowering<Block> {
        self.count();
        let (names, next) = (self.scope.len(), self.next);
        let built = self.statements(block.statements())?;
        self.scope.truncate(names);
        self.next = next;
        Ok(built)
    }

    fn statements(&mut self, statements: &[Stmt]) -> Lowering<Block> {
        let mut built = Vec::with_capacity(statements.len());
        for statement in statements {
            if let Some(statement) = self.statement(statement)? {
                built.push(statement);
            }
        }
        Ok(built)
    }

    fn statement(&mut self, statement: &Stmt) -> Lowering<Option<Statement>> {
        self.count();
        Ok(Some(match statement {
            Stmt::Noop(_) => Statement::Expr(NOTHING),
            Stmt::Expr(expression) => self.expression_statement(expression)?,
            Stmt::FnCall(call, position) => match self.again(call) {
                Some(again) => again,
                None => Statement::Expr(self.call(call, *position)?),
            },
            Stmt::Block(block) => Statement::Expr(Expr::Block(self.block(block)?)),
            Stmt::Var(variable, ..) => {
                let value = self.expression(&variable.1)?;
                Statement::Set(self.define(&variable.0.name), value)
            }
            Stmt::Assignment(assignment) => self.assignment(&assignment.0, &assignment.1)?,
            Stmt::If(parts, _) => {
                let condition = self.expression(&parts.expr)?;
                let (then, otherwise) = (self.block(&parts.body)?, self.block(&parts.branch)?);
                Statement::Expr(Expr::If(Box::new((condition, then, otherwise))))
            }
            Stmt::Switch(switch, position) => Statement::Expr(self.switch(&switch.0, &switch.1, *position)?),
            Stmt::For(parts, _) => {
                self.for_loop(&parts.0.name, parts.1.as_ref().map(|counter| &counter.name), &parts.2)?
            }
            Stmt::Return(_, flags, position) if flags.intersects(ASTFlags::BREAK) => {
                return left("`throw`", *position);
            }
            Stmt::Return(value, ..) => {
                Statement::Return(value.as_ref().map(|value| self.expression(value)).transpose()?)
            }
            Stmt::BreakLoop(_, _, position) if !self.looped => return left("`break` without a loop", *position),
            Stmt::BreakLoop(value, flags, _) if flags.intersects(ASTFlags::BREAK) => {
                Statement::Break(value.as_ref().map(|value| self.expression(value)).transpose()?)
            }
            Stmt::BreakLoop(..) => Statement::Continue,
            other => return left("this statement", other.position()),
        }))
    }

    fn for_loop(
        &mut self,
        item: &ImmutableString,
        counter: Option<&ImmutableString>,
        flow: &rhai::FlowControl,
    ) -> Lowering<Statement> {
        let over = self.over(&flow.expr)?;
        let (names, next, before, outer) = (self.scope.len(), self.next, self.cost, self.looped);
        let counter = counter.map(|counter| self.define(counter));
        let item = self.define(item);
        self.looped = true;
        let body = self.block(&flow.body)?;
        let cost = self.cost - before + COST;
        (self.next, self.cost, self.looped) = (next, before, outer);
        self.scope.truncate(names);
        Ok(Statement::For(Box::new(For { over, item, counter, body, cost })))
    }

    fn over(&mut self, expression: &Tree) -> Lowering<Over> {
        if let Tree::FnCall(call, _) = expression
            && let (".." | "..=", [from, to]) = (call.name.as_str(), &*call.args)
        {
            self.count();
            return Ok(Over::Range(self.expression(from)?, self.expression(to)?, call.name == "..="));
        }
        Ok(Over::Items(self.expression(expression)?))
    }

    /// `x.push(y);` changes `x`; everything else only gives a value.
    fn expression_statement(&mut self, expression: &Tree) -> Lowering<Statement> {
        if let Tree::Dot(..) = expression
            && let (Tree::Variable(parts, ..), links) = flatten(expression)
            && let [Link::Member(Tree::MethodCall(call, _))] = &links[..]
            && let ("push", [item]) = (call.name.as_str(), &*call.args)
            && let Some(slot) = self.variable(&parts.1)
            && !self.functions.iter().any(|one| one.name == "push")
        {
            self.count();
            return Ok(Statement::Push(slot, self.expression(item)?));
        }
        if let Tree::FnCall(call, _) = expression
            && let Some(again) = self.again(call)
        {
            return Ok(again);
        }
        Ok(Statement::Expr(self.expression(expression)?))
    }

    /// `__again("fee", fee);`, and `push(array, item);`.
    fn again(&mut self, call: &rhai::FnCallExpr) -> Option<Statement> {
        let ("__again", [Tree::StringConstant(name, _), Tree::Variable(parts, ..)]) = (call.name.as_str(), &*call.args)
        else {
            return None;
        };
        self.count();
        Some(Statement::Again(self.bound.words.find(name)?, self.variable(&parts.1)?))
    }

    fn assignment(&mut self, operator: &rhai::OpAssignment, parts: &rhai::BinaryExpr) -> Lowering<Statement> {
        let sign = match operator.get_op_assignment_info() {
            Some((.., sign)) => {
                Some(sign_of(sign).ok_or(Left { what: "this operator", position: operator.position() })?)
            }
            None => None,
        };
        self.count();
        let value = self.expression(&parts.rhs)?;
        let position = parts.lhs.start_position();
        if let Tree::Variable(variable, ..) = &parts.lhs {
            let Some(slot) = self.variable(&variable.1) else { return left("an assignment to this name", position) };
            return Ok(match sign {
                Some(sign) => Statement::Change(slot, sign, value),
                None => Statement::Set(slot, value),
            });
        }
        let (Tree::Variable(variable, ..), links) = flatten(&parts.lhs) else {
            return left("an assignment to this", position);
        };
        let name = match &links[..] {
            [Link::Member(Tree::Property(name, _))] => &name.2,
            [Link::Index(Tree::StringConstant(name, _))] => name,
            _ => return left("an assignment to this", position),
        };
        self.count();
        match (self.variable(&variable.1), self.bound.words.find(name)) {
            (Some(slot), Some(name)) => Ok(Statement::Member(slot, name, sign, value)),
            _ => left("this name", position),
        }
    }
}

/// The interpreter's sign.
pub(super) fn sign_of(sign: &str) -> Option<Sign> {
    Some(match sign {
        "+" => Sign::Add,
        "-" => Sign::Subtract,
        "*" => Sign::Multiply,
        "/" => Sign::Divide,
        "%" => Sign::Remainder,
        "==" => Sign::Equal,
        "!=" => Sign::Differ,
        "<" => Sign::Less,
        "<=" => Sign::AtMost,
        ">" => Sign::More,
        ">=" => Sign::AtLeast,
        _ => return None,
    })
}

/// Leaves the rule to the interpreter.
pub(super) fn left<T>(what: &'static str, position: Position) -> Lowering<T> {
    Err(Left { what, position })
}

/// Nothing.
pub(super) const NOTHING: Expr = Expr::Constant(super::program::Constant::Nothing);

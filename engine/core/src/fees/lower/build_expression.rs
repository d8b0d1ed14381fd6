//! From the interpreter's tree to the lowered form: expressions.

use rhai::{Expr as Tree, FnCallExpr, Position, SwitchCasesCollection};

use super::build::{Binding, Builder, Known, NOTHING, left, sign_of};
use super::program::{Block, Constant, Expr, Function, Keys, Lowering, Rounding, Statement, Switch};
use crate::fees::{AMEND, ON_DISHONOUR, ON_PAYMENT};
use crate::rule::domain::PERIOD;
use crate::rule::inspect::{Link, flatten};

impl Builder<'_> {
    /// An expression.
    pub(super) fn expression(&mut self, tree: &Tree) -> Lowering<Expr> {
        self.count();
        Ok(match tree {
            Tree::Unit(_) => NOTHING,
            Tree::BoolConstant(flag, _) => Expr::Constant(Constant::Flag(*flag)),
            Tree::IntegerConstant(whole, _) => Expr::Constant(Constant::Whole(*whole)),
            Tree::StringConstant(text, position) => Expr::Constant(Constant::Word(self.word(text, *position)?)),
            Tree::DynamicConstant(value, position) => match value.as_decimal() {
                Ok(number) => Expr::Constant(Constant::Number(number)),
                Err(_) => return left("this constant", *position),
            },
            Tree::Variable(parts, _, position) => self.named(&parts.1, *position)?,
            Tree::Stmt(block) => Expr::Block(self.block(block)?),
            Tree::FnCall(call, position) => self.call(call, *position)?,
            Tree::Dot(..) | Tree::Index(..) => self.chain(tree)?,
            Tree::And(parts, _) => Expr::All(self.all(parts)?),
            Tree::Or(parts, _) => Expr::Any(self.all(parts)?),
            Tree::Coalesce(parts, _) => Expr::First(self.all(parts)?),
            Tree::Array(items, _) => Expr::Items(self.all(items)?),
            Tree::Map(parts, position) => Expr::Group(self.parts(&parts.0, *position)?),
            other => return left("this expression", other.start_position()),
        })
    }

    /// The number of a text.
    pub(super) fn word(&self, text: &str, position: Position) -> Lowering<u32> {
        self.bound.words.find(text).map_or_else(|| left("this text", position), Ok)
    }

    fn all(&mut self, trees: &[Tree]) -> Lowering<Vec<Expr>> {
        trees.iter().map(|tree| self.expression(tree)).collect()
    }

    fn parts(&mut self, parts: &[(rhai::Ident, Tree)], position: Position) -> Lowering<Vec<(u32, Expr)>> {
        parts.iter().map(|(name, value)| Ok((self.word(&name.name, position)?, self.expression(value)?))).collect()
    }

    fn named(&self, name: &str, position: Position) -> Lowering<Expr> {
        match name {
            "today" => Ok(Expr::Today),
            "record" => Ok(Expr::Record),
            PERIOD => Ok(Expr::Period),
            _ => match self.binding(name) {
                Some(Binding::Slot(slot)) => Ok(Expr::Slot(slot)),
                Some(Binding::Rate(place)) => Ok(Expr::Constant(Constant::Rate(place))),
                None => left("this name", position),
            },
        }
    }

    /// `a.b[c].d(e)`, link by link.
    fn chain(&mut self, tree: &Tree) -> Lowering<Expr> {
        let (root, links) = flatten(tree);
        let mut built = self.expression(root)?;
        for link in links {
            self.count();
            built = match link {
                Link::Member(Tree::Property(name, position)) => self.member(built, &name.2, *position)?,
                Link::Index(Tree::StringConstant(name, position)) => self.member(built, name, *position)?,
                Link::Index(key) => Expr::Item(Box::new((built, self.pure(key)?))),
                Link::Member(Tree::MethodCall(call, position)) => self.method(built, call, *position)?,
                Link::Member(other) => return left("this expression", other.start_position()),
            };
        }
        Ok(built)
    }

    fn member(&self, of: Expr, name: &str, position: Position) -> Lowering<Expr> {
        let name = self.word(name, position)?;
        let Expr::Constant(Constant::Rate(place)) = of else { return Ok(Expr::Member(Box::new(of), name)) };
        Ok(match self.bound.below(place, name) {
            Some(below) => match self.bound.constant(below) {
                rate @ Constant::Rate(_) => Expr::Constant(rate),
                _ => Expr::Rate(below),
            },
            None => Expr::Member(Box::new(of), name),
        })
    }

    fn method(&mut self, of: Expr, call: &FnCallExpr, position: Position) -> Lowering<Expr> {
        if self.functions.iter().any(|one| one.name == call.name) {
            return left("a function of the file behind a point", position);
        }
        let mut arguments = vec![of];
        for argument in &call.args {
            arguments.push(self.pure(argument)?);
        }
        let written: Vec<&Tree> = call.args.iter().collect();
        standard(&call.name, arguments, &written, position)
    }

    /// An expression that changes nothing: the interpreter looks at what stands before it later.
    fn pure(&mut self, tree: &Tree) -> Lowering<Expr> {
        let built = self.expression(tree)?;
        if changes(&built) { left("a change inside of an expression", tree.start_position()) } else { Ok(built) }
    }

    /// A call in its usual form.
    pub(super) fn call(&mut self, call: &FnCallExpr, position: Position) -> Lowering<Expr> {
        let name = call.name.as_str();
        if call.is_operator_call() && name != "contains" {
            return self.operator(name, &call.args, position);
        }
        if let Some(place) = self.functions.iter().position(|one| one.name == call.name) {
            return self.own(place, call, position);
        }
        match (name, &*call.args) {
            ("__step", [Tree::StringConstant(name, _), value]) => {
                return Ok(Expr::Step(self.word(name, position)?, Box::new(self.expression(value)?)));
            }
            ("__head", [Tree::StringConstant(name, _), value]) => {
                return Ok(Expr::Head(self.word(name, position)?, Box::new(self.expression(value)?)));
            }
            ("lookup", [table, keys]) => {
                let table = Box::new(self.expression(table)?);
                return Ok(Expr::Lookup(table, self.keys(keys)?));
            }
            ("telescopic", [table, x]) => {
                let parts = Box::new((self.expression(table)?, self.pure(x)?));
                return Ok(Expr::Telescopic(parts, Keys::Written(Vec::new())));
            }
            ("telescopic", [table, keys, x]) => {
                let table = self.expression(table)?;
                let keys = self.keys(keys)?;
                return Ok(Expr::Telescopic(Box::new((table, self.pure(x)?)), keys));
            }
            _ => {}
        }
        let mut arguments = Vec::with_capacity(call.args.len());
        for argument in &call.args {
            arguments.push(self.pure(argument)?);
        }
        let written: Vec<&Tree> = call.args.iter().skip(1).collect();
        standard(name, arguments, &written, position)
    }

    /// A call of a function of the file.
    fn own(&mut self, place: usize, call: &FnCallExpr, position: Position) -> Lowering<Expr> {
        if self.functions[place].params.len() != call.args.len() {
            return left("this number of arguments", position);
        }
        if matches!(self.functions[place].name.as_str(), "fees" | ON_PAYMENT | AMEND | ON_DISHONOUR) {
            return left("a call of an entry", position);
        }
        let outer = self.next;
        self.next += call.args.len();
        self.most = self.most.max(self.next);
        let mut arguments = Vec::with_capacity(call.args.len());
        for argument in &call.args {
            arguments.push(self.pure(argument)?);
        }
        self.next = outer;
        let rates = arguments.iter().map(|argument| match argument {
            Expr::Constant(Constant::Rate(place)) => Some(*place),
            _ => None,
        });
        let function = self.function(place, rates.collect())?;
        let Known::Built(defined) = &self.known[function] else { return left("this call", position) };
        self.most = self.most.max(outer + defined.slots);
        self.deepest = self.deepest.max(defined.depth);
        Ok(Expr::Call { function, first: outer, arguments })
    }

    fn keys(&mut self, tree: &Tree) -> Lowering<Keys> {
        self.count();
        match tree {
            Tree::Map(parts, position) => {
                let parts = self.parts(&parts.0, *position)?;
                let pure = !parts.iter().any(|(_, value)| changes(value));
                if pure { Ok(Keys::Written(parts)) } else { left("a change inside of an expression", *position) }
            }
            other => Ok(Keys::Given(Box::new(self.pure(other)?))),
        }
    }

    fn operator(&mut self, sign: &str, operands: &[Tree], position: Position) -> Lowering<Expr> {
        match (sign, operands) {
            ("!", [x]) => Ok(Expr::Not(Box::new(self.expression(x)?))),
            ("-", [x]) => Ok(match self.expression(x)? {
                Expr::Constant(Constant::Whole(whole)) if whole != i64::MIN => Expr::Constant(Constant::Whole(-whole)),
                Expr::Constant(Constant::Number(number)) => Expr::Constant(Constant::Number(-number)),
                x => Expr::Minus(Box::new(x)),
            }),
            ("+", [x]) => Ok(Expr::Plus(Box::new(self.expression(x)?))),
            (_, [x, y]) => match sign_of(sign) {
                Some(sign) => Ok(Expr::Binary(sign, Box::new((self.expression(x)?, self.pure(y)?)))),
                None => left("this operator", position),
            },
            _ => left("this operator", position),
        }
    }

    /// A `switch`: the interpreter keeps only hashes of its labels, which [`Labels`] knows.
    ///
    /// [`Labels`]: super::labels::Labels
    pub(super) fn switch(&mut self, on: &Tree, cases: &SwitchCasesCollection, at: Position) -> Lowering<Expr> {
        let value = self.expression(on)?;
        if !cases.ranges.is_empty() {
            return left("a range in a `switch`", at);
        }
        let mut labels = Vec::with_capacity(cases.cases.len());
        for label in self.labels.iter() {
            let Some(case) = cases.cases.get(&label.hash) else { continue };
            let Some(constant) = label.constant(&self.bound.words) else { return left("this label", at) };
            labels.push((constant, case.blocks.to_vec()));
        }
        if labels.len() != cases.cases.len() {
            return left("a label of a `switch`", at);
        }
        let mut ways = Vec::with_capacity(cases.expressions.len());
        for case in &cases.expressions {
            let condition = match &case.lhs {
                Tree::BoolConstant(true, _) | Tree::Unit(_) => None,
                condition => Some(self.expression(condition)?),
            };
            ways.push((condition, self.expression(&case.rhs)?));
        }
        Ok(Expr::Switch(Box::new(Switch { value, ways, labels, otherwise: cases.def_case })))
    }
}

/// A call of a standard function.
fn standard(name: &str, arguments: Vec<Expr>, written: &[&Tree], position: Position) -> Lowering<Expr> {
    let function = match (name, arguments.len()) {
        ("percent", 2) => Function::Percent,
        ("at_least" | "max", 2) => Function::Larger,
        ("at_most" | "min", 2) => Function::Smaller,
        ("abs", 1) => Function::Abs,
        ("round_half_up", 2) => Function::Round(Rounding::HalfUp),
        ("round_up", 2) => Function::Round(Rounding::Up),
        ("round_down", 2) => Function::Round(Rounding::Down),
        ("sum", 1) => Function::Sum,
        ("average", 1) => Function::Average,
        ("max", 1) => Function::Largest,
        ("min", 1) => Function::Smallest,
        ("count", 1) => Function::Count,
        ("len", 1) => Function::Length,
        ("is_empty", 1) => Function::IsEmpty,
        ("contains", 2) => Function::Contains,
        ("pluck", 2) if matches!(written, [Tree::StringConstant(..)]) => Function::Pluck,
        ("day", 1) => Function::DayOfText,
        ("day", 3) => Function::DayOfDate,
        ("year", 1) => Function::Year,
        ("month", 1) => Function::Month,
        ("day_of_month", 1) => Function::DayOfMonth,
        ("add_days", 2) => Function::AddDays,
        ("days_between", 2) => Function::DaysBetween,
        ("years_between", 2) => Function::YearsBetween,
        ("financial_year", 1) => Function::FinancialYear,
        ("financial_year_start", 1) => Function::FinancialYearStart,
        ("financial_year_end", 1) => Function::FinancialYearEnd,
        ("same", 2) => Function::Same,
        ("text", 1) => Function::Text,
        ("refuse", 1) => Function::Refuse,
        ("listed", 3) => Function::Listed,
        _ => return left("this function", position),
    };
    Ok(Expr::Standard(function, arguments))
}

/// Whether an expression changes a variable.
fn changes(expression: &Expr) -> bool {
    let parts = |parts: &[(u32, Expr)]| parts.iter().any(|(_, value)| changes(value));
    let keys = |keys: &Keys| match keys {
        Keys::Written(written) => parts(written),
        Keys::Given(given) => changes(given),
    };
    match expression {
        Expr::Constant(_) | Expr::Rate(_) | Expr::Slot(_) | Expr::Today | Expr::Record | Expr::Period => false,
        Expr::Member(of, _)
        | Expr::Not(of)
        | Expr::Minus(of)
        | Expr::Plus(of)
        | Expr::Step(_, of)
        | Expr::Head(_, of) => changes(of),
        Expr::Item(both) | Expr::Binary(_, both) => changes(&both.0) || changes(&both.1),
        Expr::All(all) | Expr::Any(all) | Expr::First(all) | Expr::Items(all) | Expr::Standard(_, all) => {
            all.iter().any(changes)
        }
        Expr::Call { arguments, .. } => arguments.iter().any(changes),
        Expr::If(parts) => changes(&parts.0) || block_changes(&parts.1) || block_changes(&parts.2),
        Expr::Switch(switch) => {
            let way = |(condition, value): &(Option<Expr>, Expr)| condition.iter().any(changes) || changes(value);
            changes(&switch.value) || switch.ways.iter().any(way)
        }
        Expr::Block(block) => block_changes(block),
        Expr::Lookup(table, written) => changes(table) || keys(written),
        Expr::Telescopic(both, written) => changes(&both.0) || changes(&both.1) || keys(written),
        Expr::Group(written) => parts(written),
    }
}

fn block_changes(block: &Block) -> bool {
    block.iter().any(|statement| !matches!(statement, Statement::Expr(value) if !changes(value)))
}

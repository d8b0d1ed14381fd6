//! Conditions lowered for speed: what conditions usually say, looked at without the interpreter.
//!
//! The interpreter stays the reference. What is lowered says what the interpreter says, or nothing
//! (`None`): then the interpreter is asked, whose words and places are the ones that people read.
//! There are no loops and no variables, so the interpreter's limit on operations cannot be met by
//! a condition of at most [`MOST`] parts; its limit on sizes is held against everything that is
//! looked at.

use std::cmp::Ordering;
use std::sync::Arc;

use rhai::{Expr as Tree, FnCallExpr, ImmutableString, Stmt};
use rust_decimal::Decimal;

use super::inspect::{Link, flatten};
use super::seen::Seen;
use crate::base::Day;
use crate::base::date::{add_days, days_between, parse_day, years_between};
use crate::list::List;

/// Parts of a condition that is lowered, at the most.
const MOST: usize = 500;

/// A lowered condition, or a part of one.
#[derive(Debug)]
pub(super) enum Quick {
    Plain(Seen<'static>),
    Text(ImmutableString),
    Today,
    /// An answer; or what the record knows: `record`, `answers`, `units`.
    Path(Vec<ImmutableString>),
    Part(Box<Self>, ImmutableString),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
    Equal(Box<(Self, Self)>, bool),
    Order(Box<(Self, Self)>, fn(Ordering) -> bool),
    Items(Vec<Self>),
    Call(Function, Vec<Self>),
}

/// A standard function that conditions like to call.
#[derive(Clone, Copy, Debug)]
pub(super) enum Function {
    Contains,
    Count,
    IsEmpty,
    Pluck,
    Same,
    Listed,
    Day,
    AddDays,
    DaysBetween,
    YearsBetween,
}

/// What an evaluation is told.
#[derive(Clone, Copy)]
pub(super) struct Told<'a, 'b> {
    pub(super) today: Day,
    pub(super) lists: &'a [Arc<List>],
    pub(super) look: &'b dyn Fn(&[ImmutableString]) -> Option<Seen<'a>>,
}

impl Quick {
    /// Lowers what an expression consists of; `None` if it is left to the interpreter.
    pub(super) fn of(statements: &[Stmt]) -> Option<Self> {
        let mut parts = 0;
        match statements {
            [Stmt::Expr(tree)] => Self::tree(tree, &mut parts),
            [Stmt::FnCall(call, _)] => Self::call(call, &mut parts),
            _ => None,
        }
    }

    fn tree(tree: &Tree, parts: &mut usize) -> Option<Self> {
        *parts += 1;
        if *parts > MOST {
            return None;
        }
        Some(match tree {
            Tree::Unit(_) => Self::Plain(Seen::Nothing),
            Tree::BoolConstant(flag, _) => Self::Plain(Seen::Flag(*flag)),
            Tree::IntegerConstant(whole, _) => Self::Plain(Seen::Whole(*whole)),
            Tree::StringConstant(text, _) => Self::Text(text.clone()),
            Tree::DynamicConstant(value, _) => Self::Plain(Seen::Number(value.as_decimal().ok()?)),
            Tree::Variable(name, ..) if name.1.as_str() == "today" => Self::Today,
            Tree::Variable(name, ..) if name.1.as_str() == "record" => return None,
            Tree::Variable(name, ..) => Self::Path(vec![name.1.clone()]),
            Tree::Dot(..) | Tree::Index(..) => Self::chain(tree)?,
            Tree::And(all, _) => Self::All(Self::trees(all, parts)?),
            Tree::Or(any, _) => Self::Any(Self::trees(any, parts)?),
            Tree::Array(items, _) => Self::Items(Self::trees(items, parts)?),
            Tree::FnCall(call, _) => Self::call(call, parts)?,
            _ => return None,
        })
    }

    fn trees(trees: &[Tree], parts: &mut usize) -> Option<Vec<Self>> {
        trees.iter().map(|tree| Self::tree(tree, parts)).collect()
    }

    /// `record.answers.units`, `address.town`
    fn chain(tree: &Tree) -> Option<Self> {
        let (Tree::Variable(root, ..), links) = flatten(tree) else { return None };
        let names = links.into_iter().map(|link| match link {
            Link::Member(Tree::Property(name, _)) => Some(name.2.clone()),
            _ => None,
        });
        let names: Vec<ImmutableString> = names.collect::<Option<_>>()?;
        Some(match root.1.as_str() {
            "today" => return None,
            "record" => Self::Path(std::iter::once(root.1.clone()).chain(names).collect()),
            _ => {
                let answer = Self::Path(vec![root.1.clone()]);
                names.into_iter().fold(answer, |of, name| Self::Part(Box::new(of), name))
            }
        })
    }

    fn call(call: &FnCallExpr, parts: &mut usize) -> Option<Self> {
        let mut given = Self::trees(&call.args, parts)?;
        let name = call.name.as_str();
        if let ("!", 1) = (name, given.len()) {
            return Some(Self::Not(Box::new(given.pop()?)));
        }
        let holds: Option<fn(Ordering) -> bool> = match name {
            "<" => Some(Ordering::is_lt),
            "<=" => Some(Ordering::is_le),
            ">" => Some(Ordering::is_gt),
            ">=" => Some(Ordering::is_ge),
            _ => None,
        };
        if let (Some(holds), 2) = (holds, given.len()) {
            let (y, x) = (given.pop()?, given.pop()?);
            return Some(Self::Order(Box::new((x, y)), holds));
        }
        if let ("==" | "!=", 2) = (name, given.len()) {
            let (y, x) = (given.pop()?, given.pop()?);
            return Some(Self::Equal(Box::new((x, y)), name == "=="));
        }
        let function = match (name, given.len()) {
            ("contains", 2) => Function::Contains,
            ("count", 1) => Function::Count,
            ("is_empty", 1) => Function::IsEmpty,
            ("pluck", 2) => Function::Pluck,
            ("same", 2) => Function::Same,
            ("listed", 3) => Function::Listed,
            ("day", 1) => Function::Day,
            ("add_days", 2) => Function::AddDays,
            ("days_between", 2) => Function::DaysBetween,
            ("years_between", 2) => Function::YearsBetween,
            _ => return None,
        };
        Some(Self::Call(function, given))
    }

    /// Whether it holds; `None` if the interpreter is to be asked.
    pub(super) fn holds<'a>(&'a self, told: Told<'a, '_>) -> Option<bool> {
        match self {
            Self::Not(of) => of.holds(told).map(|holds| !holds),
            Self::All(all) => {
                for one in all {
                    if !one.holds(told)? {
                        return Some(false);
                    }
                }
                Some(true)
            }
            Self::Any(any) => {
                for one in any {
                    if one.holds(told)? {
                        return Some(true);
                    }
                }
                Some(false)
            }
            Self::Equal(both, expected) => {
                let (x, y) = (both.0.seen(told)?, both.1.seen(told)?);
                equal(&x, &y).map(|equal| equal == *expected)
            }
            Self::Order(both, holds) => order(&both.0.seen(told)?, &both.1.seen(told)?, *holds),
            _ => match self.seen(told)? {
                Seen::Flag(flag) => Some(flag),
                _ => None,
            },
        }
    }

    fn seen<'a>(&'a self, told: Told<'a, '_>) -> Option<Seen<'a>> {
        let seen = match self {
            Self::Plain(plain) => return Some(plain.clone()),
            Self::Text(text) => Seen::Text(text),
            Self::Today => Seen::Day(told.today),
            Self::Path(path) => (told.look)(path)?,
            Self::Part(of, name) => of.seen(told)?.part(name)?.clone(),
            Self::Items(items) => Seen::Items(items.iter().map(|item| item.seen(told)).collect::<Option<_>>()?),
            Self::Call(function, given) => call(*function, given, told)?,
            Self::Not(_) | Self::All(_) | Self::Any(_) | Self::Equal(..) | Self::Order(..) => {
                return self.holds(told).map(Seen::Flag);
            }
        };
        seen.is_small().then_some(seen)
    }
}

fn call<'a>(function: Function, given: &'a [Quick], told: Told<'a, '_>) -> Option<Seen<'a>> {
    let first = given.first()?.seen(told)?;
    let second = || given.get(1)?.seen(told);
    Some(match function {
        Function::Contains => {
            let item = second()?;
            Seen::Flag(match &first {
                Seen::Nothing => false,
                _ => first.items()?.iter().any(|one| same(one, &item)),
            })
        }
        Function::Count => Seen::Whole(i64::try_from(first.items()?.len()).ok()?),
        Function::IsEmpty => Seen::Flag(match &first {
            Seen::Nothing => true,
            Seen::Text(text) => text.is_empty(),
            _ => first.items()?.is_empty(),
        }),
        Function::Pluck => {
            let name = second()?.text()?;
            Seen::Items(first.items()?.iter().map(|item| item.part(name).cloned()).collect::<Option<_>>()?)
        }
        Function::Same => Seen::Flag(alike(&first, &second()?)),
        Function::Listed => {
            let (code, column) = (second()?, given.get(2)?.seen(told)?);
            let name = first.text()?;
            listed(told.lists.iter().find(|list| list.name == name)?, &code, column.text()?)?
        }
        Function::Day => Seen::Day(parse_day(first.text()?)?),
        Function::AddDays => match second()? {
            Seen::Whole(days) => Seen::Day(add_days(first.day()?, days)),
            _ => return None,
        },
        Function::DaysBetween => Seen::Whole(days_between(first.day()?, second()?.day()?)),
        Function::YearsBetween => Seen::Whole(years_between(first.day()?, second()?.day()?)),
    })
}

/// The words that a list has in a column for a code, or for any of several codes; each once.
fn listed<'a>(list: &'a List, code: &Seen<'a>, column: &str) -> Option<Seen<'a>> {
    let mut words: Vec<&'a str> = Vec::new();
    let mut add = |code: &Seen<'a>| {
        for word in list.get(code.text()?)?.attributes.get(column).into_iter().flatten() {
            if !words.contains(&word.as_str()) {
                words.push(word);
            }
        }
        Some(())
    };
    match code {
        Seen::Nothing => {}
        Seen::Items(codes) => codes.iter().try_for_each(add)?,
        code => add(code)?,
    }
    Some(Seen::Items(words.into_iter().map(Seen::Text).collect()))
}

fn equal(x: &Seen<'_>, y: &Seen<'_>) -> Option<bool> {
    Some(match (x, y) {
        (Seen::Whole(x), Seen::Whole(y)) => x == y,
        (Seen::Number(x), Seen::Number(y)) => x == y,
        (Seen::Whole(x), Seen::Number(y)) | (Seen::Number(y), Seen::Whole(x)) => Decimal::from(*x) == *y,
        (Seen::Text(x), Seen::Text(y)) => x == y,
        (Seen::Flag(x), Seen::Flag(y)) => x == y,
        (Seen::Day(x), Seen::Day(y)) => x == y,
        (Seen::Nothing, Seen::Nothing) => true,
        // Lists and groups are not compared.
        (Seen::Items(_), Seen::Items(_)) | (Seen::Group(_), Seen::Group(_)) => return None,
        _ => false,
    })
}

/// An answer that is not there is neither less nor more than anything.
fn order(x: &Seen<'_>, y: &Seen<'_>, holds: fn(Ordering) -> bool) -> Option<bool> {
    let order = match (x, y) {
        (Seen::Nothing, _) | (_, Seen::Nothing) => return Some(false),
        (Seen::Day(x), Seen::Day(y)) => x.cmp(y),
        (Seen::Text(x), Seen::Text(y)) => x.cmp(y),
        _ => x.number()?.cmp(&y.number()?),
    };
    Some(holds(order))
}

/// Whether two plain values are the same; `2` and `2.0` are.
fn same(x: &Seen<'_>, y: &Seen<'_>) -> bool {
    match (x, y) {
        (Seen::Text(x), Seen::Text(y)) => x == y,
        (Seen::Flag(x), Seen::Flag(y)) => x == y,
        (Seen::Day(x), Seen::Day(y)) => x == y,
        _ => matches!((x.number(), y.number()), (Some(x), Some(y)) if x == y),
    }
}

/// Whether two answers are the same, part by part. No items are no answer.
fn alike(x: &Seen<'_>, y: &Seen<'_>) -> bool {
    match (x, y) {
        (Seen::Items(x), Seen::Items(y)) => x.len() == y.len() && x.iter().zip(y).all(|(x, y)| alike(x, y)),
        (Seen::Group(one), Seen::Group(other)) => [(one, y), (other, x)].into_iter().all(|(parts, other)| {
            parts.iter().all(|(name, part)| alike(part, other.part(name).unwrap_or(&Seen::Nothing)))
        }),
        _ => is_nothing(x) && is_nothing(y) || same(x, y),
    }
}

fn is_nothing(seen: &Seen<'_>) -> bool {
    matches!(seen, Seen::Nothing) || seen.items().is_some_and(<[_]>::is_empty)
}

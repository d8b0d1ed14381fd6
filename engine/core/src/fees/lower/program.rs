//! The form that rules are lowered to: variables are slots, names and texts are numbered words,
//! calls are resolved. It says the same as the interpreter's tree, with everything looked up.

use rhai::Position;
use rust_decimal::Decimal;

/// A value that is written in the rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Constant {
    Nothing,
    Flag(bool),
    Whole(i64),
    Number(Decimal),
    Word(u32),
    /// A place among the rates; 0 is `rates` itself.
    Rate(u32),
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    Differ,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// How a number is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rounding {
    HalfUp,
    Up,
    Down,
}

/// A standard function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Percent,
    Larger,
    Smaller,
    Abs,
    Round(Rounding),
    Sum,
    Average,
    Largest,
    Smallest,
    Count,
    Length,
    IsEmpty,
    Contains,
    Pluck,
    DayOfText,
    DayOfDate,
    Year,
    Month,
    DayOfMonth,
    AddDays,
    DaysBetween,
    YearsBetween,
    FinancialYear,
    FinancialYearStart,
    FinancialYearEnd,
    Same,
    Text,
    Refuse,
    Listed,
}

/// The keys of a table as a call gives them.
#[derive(Debug)]
pub(super) enum Keys {
    /// Written in place: `#{ trade: unit.trade }`.
    Written(Vec<(u32, Expr)>),
    /// A map from elsewhere.
    Given(Box<Expr>),
}

/// An expression.
#[derive(Debug)]
pub(super) enum Expr {
    Constant(Constant),
    /// The number or word at this place among the rates.
    Rate(u32),
    Slot(usize),
    Today,
    Record,
    /// The period that is billed.
    Period,
    /// `x.name`
    Member(Box<Expr>, u32),
    /// `x[y]`
    Item(Box<(Expr, Expr)>),
    Binary(Sign, Box<(Expr, Expr)>),
    Not(Box<Expr>),
    Minus(Box<Expr>),
    /// `+x`, which only numbers have.
    Plus(Box<Expr>),
    All(Vec<Expr>),
    Any(Vec<Expr>),
    /// The first that is something: `x ?? y`.
    First(Vec<Expr>),
    If(Box<(Expr, Block, Block)>),
    Switch(Box<Switch>),
    Block(Block),
    /// A call of a function of the file. Its arguments go to the slots from `first` on, where the
    /// function begins.
    Call {
        function: usize,
        first: usize,
        arguments: Vec<Expr>,
    },
    Standard(Function, Vec<Expr>),
    Lookup(Box<Expr>, Keys),
    Telescopic(Box<(Expr, Expr)>, Keys),
    Items(Vec<Expr>),
    Group(Vec<(u32, Expr)>),
    /// The value is a step of this name.
    Step(u32, Box<Expr>),
    /// The value is charged under this head.
    Head(u32, Box<Expr>),
}

/// Statements in a row; the last gives the value.
pub(super) type Block = Vec<Statement>;

/// A statement.
#[derive(Debug)]
pub(super) enum Statement {
    Expr(Expr),
    Set(usize, Expr),
    /// `x += y`
    Change(usize, Sign, Expr),
    /// `x.name = y`, `x.name += y`
    Member(usize, u32, Option<Sign>, Expr),
    /// `x.push(y)`
    Push(usize, Expr),
    /// A step has changed.
    Again(u32, usize),
    For(Box<For>),
    Return(Option<Expr>),
    Break(Option<Expr>),
    Continue,
}

/// A loop.
#[derive(Debug)]
pub(super) struct For {
    pub(super) over: Over,
    pub(super) item: usize,
    pub(super) counter: Option<usize>,
    pub(super) body: Block,
    /// What one round costs.
    pub(super) cost: u64,
}

/// What a loop runs over.
#[derive(Debug)]
pub(super) enum Over {
    Items(Expr),
    /// `from..to`, or with `to` in it.
    Range(Expr, Expr, bool),
}

/// A `switch`.
#[derive(Debug)]
pub(super) struct Switch {
    pub(super) value: Expr,
    /// Everything that may be done, each with the condition that it may have.
    pub(super) ways: Vec<(Option<Expr>, Expr)>,
    /// For each label the ways to try in order: the first whose condition holds.
    pub(super) labels: Vec<(Constant, Vec<usize>)>,
    pub(super) otherwise: Option<usize>,
}

/// A function of the file.
#[derive(Debug)]
pub(super) struct Defined {
    pub(super) body: Block,
    /// Slots that it and everything it calls take.
    pub(super) slots: usize,
    /// How deep the calls inside of it go.
    pub(super) depth: usize,
    /// At least as many operations as the interpreter counts for it, without loops and calls.
    pub(super) cost: u64,
}

/// Why a rule is left to the interpreter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) what: &'static str,
    pub(super) position: Position,
}

/// What can be lowered, or why not.
pub(super) type Lowering<T> = Result<T, Left>;

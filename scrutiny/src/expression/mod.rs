//! What rules compare: numbers, words and truths over measures, answers, figures and tables.
//!
//! It is the part of the language of rules that needs no statements: `a + b`, `a * 100 / b`,
//! `a >= 2 && use in ["A", "B"]`, `max(a, b)`, `round_up(a / b, 0)`, `figure(name)`, `table(name).column`.

use std::collections::BTreeSet;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::limits;

mod parse;

pub use parse::{Slip, parse};

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A number, exactly as written.
    Number(Decimal),
    /// A word in quotes.
    Word(String),
    /// A measure or an answer.
    Name(String),
    /// `figure(name)`.
    Figure(String),
    /// `table(name).column`.
    Column(String, String),
    /// `!a`.
    Not(Box<Self>),
    /// `a + b` and its like.
    Two(Sign, Box<Self>, Box<Self>),
    /// `a in ["A", "B"]`.
    In(Box<Self>, Vec<String>),
    /// `max(a, b)` and its like.
    Call(Function, Vec<Self>),
}

/// A sign between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the sign it is named after")]
pub enum Sign {
    Plus,
    Minus,
    Times,
    Over,
    Less,
    AtMost,
    More,
    AtLeast,
    Same,
    Other,
    And,
    Or,
}

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// The least of its values.
    Min,
    /// The most of its values.
    Max,
    /// The first value, to as many places as the second says; halves upwards.
    Round,
    /// The same, always upwards.
    RoundUp,
    /// The same, always downwards.
    RoundDown,
}

/// What an expression gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number.
    Number(Decimal),
    /// A word.
    Word(String),
    /// Whether something holds.
    Truth(bool),
}

/// What an expression gives, without its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as the values are")]
pub enum Kind {
    Number,
    Word,
    Truth,
}

impl Kind {
    /// With its article.
    pub fn words(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Word => "a word",
            Self::Truth => "true or false",
        }
    }
}

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// It divides by nothing.
    Nothing,
    /// It is larger than any number that is computed with.
    Large,
    /// Kinds do not fit each other; the check of the by-laws finds it before.
    Kinds,
    /// A name has no value.
    Name(String),
    /// No row of a table fits.
    Row(String),
}

/// Where names have their values.
pub trait Names {
    /// A measure or an answer.
    fn name(&mut self, name: &str) -> Result<Value, Lack>;
    /// A figure.
    fn figure(&mut self, name: &str) -> Result<Decimal, Lack>;
    /// A column of the row of a table that fits.
    fn column(&mut self, table: &str, column: &str) -> Result<Decimal, Lack>;
}

impl Expression {
    /// Its value.
    ///
    /// # Errors
    /// Why it has none.
    pub fn value(&self, names: &mut dyn Names) -> Result<Value, Lack> {
        Ok(match self {
            Self::Number(number) => Value::Number(*number),
            Self::Word(word) => Value::Word(word.clone()),
            Self::Name(name) => names.name(name)?,
            Self::Figure(name) => Value::Number(names.figure(name)?),
            Self::Column(table, column) => Value::Number(names.column(table, column)?),
            Self::Not(inner) => match inner.value(names)? {
                Value::Truth(truth) => Value::Truth(!truth),
                _ => return Err(Lack::Kinds),
            },
            Self::In(inner, words) => match inner.value(names)? {
                Value::Word(word) => Value::Truth(words.contains(&word)),
                _ => return Err(Lack::Kinds),
            },
            Self::Two(sign @ (Sign::And | Sign::Or), one, other) => {
                let stops = *sign == Sign::Or;
                match one.value(names)? {
                    Value::Truth(truth) if truth == stops => Value::Truth(truth),
                    Value::Truth(_) => other.value(names)?,
                    _ => return Err(Lack::Kinds),
                }
            }
            Self::Two(sign, one, other) => two(*sign, one.value(names)?, other.value(names)?)?,
            Self::Call(function, values) => {
                let values = values.iter().map(|value| value.number(names)).collect::<Result<Vec<_>, _>>()?;
                Value::Number(call(*function, &values)?)
            }
        })
    }

    /// Its value where only a number will do.
    ///
    /// # Errors
    /// Why it has none.
    pub fn number(&self, names: &mut dyn Names) -> Result<Decimal, Lack> {
        match self.value(names)? {
            Value::Number(number) => Ok(number),
            _ => Err(Lack::Kinds),
        }
    }

    /// Everything below it and itself.
    pub fn each(&self, look: &mut dyn FnMut(&Self)) {
        look(self);
        match self {
            Self::Not(inner) | Self::In(inner, _) => inner.each(look),
            Self::Two(_, one, other) => {
                one.each(look);
                other.each(look);
            }
            Self::Call(_, values) => values.iter().for_each(|value| value.each(look)),
            Self::Number(_) | Self::Word(_) | Self::Name(_) | Self::Figure(_) | Self::Column(..) => {}
        }
    }

    /// The measures and answers that it names.
    pub fn names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        self.each(&mut |one| {
            if let Self::Name(name) = one {
                names.insert(name.clone());
            }
        });
        names
    }

    /// What it gives, where `of` says what names give; the sign or function whose values do not fit it, if one's do not.
    ///
    /// # Errors
    /// What does not fit.
    pub fn kind(&self, of: &dyn Fn(&str) -> Kind) -> Result<Kind, String> {
        let need = |one: &Self, kind: Kind, by: &str| match one.kind(of)? {
            found if found == kind => Ok(()),
            found => Err(format!("{by} needs {}, not {}", kind.words(), found.words())),
        };
        match self {
            Self::Number(_) | Self::Figure(_) | Self::Column(..) => Ok(Kind::Number),
            Self::Word(_) => Ok(Kind::Word),
            Self::Name(name) => Ok(of(name)),
            Self::Not(inner) => need(inner, Kind::Truth, "`!`").map(|()| Kind::Truth),
            Self::In(inner, _) => need(inner, Kind::Word, "`in`").map(|()| Kind::Truth),
            Self::Call(function, values) => {
                for value in values {
                    need(value, Kind::Number, &format!("`{}`", function.word()))?;
                }
                Ok(Kind::Number)
            }
            Self::Two(sign, one, other) => {
                let by = format!("`{}`", sign.written());
                let (each, gives) = match sign {
                    Sign::Plus | Sign::Minus | Sign::Times | Sign::Over => (Kind::Number, Kind::Number),
                    Sign::And | Sign::Or => (Kind::Truth, Kind::Truth),
                    Sign::Same | Sign::Other => (one.kind(of)?, Kind::Truth),
                    Sign::Less | Sign::AtMost | Sign::More | Sign::AtLeast => (Kind::Number, Kind::Truth),
                };
                need(one, each, &by)?;
                need(other, each, &by)?;
                Ok(gives)
            }
        }
    }
}

impl Sign {
    /// As it is written.
    pub fn written(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Over => "/",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
            Self::Same => "==",
            Self::Other => "!=",
            Self::And => "&&",
            Self::Or => "||",
        }
    }
}

impl Function {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Max => "max",
            Self::Round => "round",
            Self::RoundUp => "round_up",
            Self::RoundDown => "round_down",
        }
    }
}

fn two(sign: Sign, one: Value, other: Value) -> Result<Value, Lack> {
    let (one, other) = match (one, other) {
        (Value::Number(one), Value::Number(other)) => (one, other),
        (one, other) if sign == Sign::Same => return Ok(Value::Truth(one == other)),
        (one, other) if sign == Sign::Other => return Ok(Value::Truth(one != other)),
        _ => return Err(Lack::Kinds),
    };
    Ok(match sign {
        Sign::Plus => Value::Number(one.checked_add(other).ok_or(Lack::Large)?),
        Sign::Minus => Value::Number(one.checked_sub(other).ok_or(Lack::Large)?),
        Sign::Times => Value::Number(one.checked_mul(other).ok_or(Lack::Large)?),
        Sign::Over if other.is_zero() => return Err(Lack::Nothing),
        Sign::Over => Value::Number(one.checked_div(other).ok_or(Lack::Large)?),
        Sign::Less => Value::Truth(one < other),
        Sign::AtMost => Value::Truth(one <= other),
        Sign::More => Value::Truth(one > other),
        Sign::AtLeast => Value::Truth(one >= other),
        Sign::Same => Value::Truth(one == other),
        Sign::Other => Value::Truth(one != other),
        Sign::And | Sign::Or => return Err(Lack::Kinds),
    })
}

fn call(function: Function, values: &[Decimal]) -> Result<Decimal, Lack> {
    let rounded = |strategy| match values {
        [value, places] => {
            let places = u32::try_from(*places).map_err(|_| Lack::Kinds)?;
            Ok(value.round_dp_with_strategy(places.min(9), strategy))
        }
        _ => Err(Lack::Kinds),
    };
    match function {
        Function::Min => values.iter().min().copied().ok_or(Lack::Kinds),
        Function::Max => values.iter().max().copied().ok_or(Lack::Kinds),
        Function::Round => rounded(RoundingStrategy::MidpointAwayFromZero),
        Function::RoundUp => rounded(RoundingStrategy::ToPositiveInfinity),
        Function::RoundDown => rounded(RoundingStrategy::ToNegativeInfinity),
    }
}

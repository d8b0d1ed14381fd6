//! Text to expressions.

use engine::base::money::parse_decimal;

use super::{Expression, Function, Sign, limits};

/// What is wrong with the text of an expression, and at which of its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The first byte of what is wrong.
    pub at: usize,
    /// What is wrong.
    pub what: String,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(rust_decimal::Decimal),
    Word(String),
    Name(String),
    Mark(&'static str),
}

/// The marks, the longer before those they begin with.
const MARKS: [&str; 19] =
    ["<=", ">=", "==", "!=", "&&", "||", "+", "-", "*", "/", "<", ">", "!", "(", ")", "[", "]", ",", "."];

/// How strongly signs bind: the weakest first.
const SIGNS: [&[Sign]; 5] = [
    &[Sign::Or],
    &[Sign::And],
    &[Sign::Less, Sign::AtMost, Sign::More, Sign::AtLeast, Sign::Same, Sign::Other],
    &[Sign::Plus, Sign::Minus],
    &[Sign::Times, Sign::Over],
];

/// Reads an expression.
///
/// # Errors
/// What cannot be read.
pub fn parse(text: &str) -> Result<Expression, Slip> {
    let mut parser = Parser { tokens: tokens(text)?, next: 0, end: text.len() };
    let read = parser.level(0, 0)?;
    match parser.tokens.get(parser.next) {
        None => Ok(read),
        Some((at, _)) => Err(Slip { at: *at, what: "nothing is expected here any more".to_owned() }),
    }
}

fn tokens(text: &str) -> Result<Vec<(usize, Token)>, Slip> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length = |fits: fn(char) -> bool| rest.find(|letter| !fits(letter)).unwrap_or(rest.len());
        let first = rest.chars().next().unwrap_or(' ');
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (found, taken) = if first.is_ascii_digit() {
            let taken = length(|letter| letter.is_ascii_digit() || letter == '.');
            let number = rest.get(..taken).and_then(parse_decimal);
            (Token::Number(number.ok_or(Slip { at, what: "this is no number".to_owned() })?), taken)
        } else if first.is_ascii_lowercase() {
            let taken = length(|letter| letter.is_ascii_alphanumeric() || letter == '_');
            (Token::Name(rest.get(..taken).unwrap_or_default().to_owned()), taken)
        } else if first == '"' {
            let inside = rest.get(1..).unwrap_or_default();
            let ends = inside.find('"').ok_or(Slip { at, what: "a word begins here and does not end".to_owned() })?;
            (Token::Word(inside.get(..ends).unwrap_or_default().to_owned()), ends + 2)
        } else if let Some(mark) = MARKS.iter().find(|mark| rest.starts_with(**mark)) {
            (Token::Mark(mark), mark.len())
        } else {
            return Err(Slip { at, what: format!("`{first}` means nothing here") });
        };
        tokens.push((at, found));
        at += taken;
    }
    Ok(tokens)
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    end: usize,
}

impl Parser {
    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |(at, _)| *at)
    }

    fn slip<T>(&self, what: &str) -> Result<T, Slip> {
        Err(Slip { at: self.at(), what: what.to_owned() })
    }

    /// Takes the mark if it is next.
    fn mark(&mut self, wanted: &str) -> bool {
        let found = matches!(self.tokens.get(self.next), Some((_, Token::Mark(mark))) if *mark == wanted);
        self.next += usize::from(found);
        found
    }

    fn need(&mut self, wanted: &str) -> Result<(), Slip> {
        if self.mark(wanted) { Ok(()) } else { self.slip(&format!("`{wanted}` is expected here")) }
    }

    fn name(&mut self) -> Result<String, Slip> {
        let Some((_, Token::Name(name))) = self.tokens.get(self.next).cloned() else {
            return self.slip("a name is expected here");
        };
        self.next += 1;
        Ok(name)
    }

    /// Signs of this level between what binds more strongly.
    fn level(&mut self, level: usize, depth: usize) -> Result<Expression, Slip> {
        if depth > limits::DEPTH {
            return self.slip("this is nested too deeply");
        }
        let Some(signs) = SIGNS.get(level) else { return self.one(depth) };
        let mut left = self.level(level + 1, depth)?;
        let mut count = 0;
        loop {
            let found = signs.iter().find(|sign| self.mark(sign.written()));
            let Some(sign) = found.copied() else { break };
            count += 1;
            if count > limits::DEPTH {
                return self.slip("this is too long: make measures of its parts");
            }
            let right = self.level(level + 1, depth)?;
            left = Expression::Two(sign, Box::new(left), Box::new(right));
        }
        if level == 2 && matches!(self.tokens.get(self.next), Some((_, Token::Name(name))) if name == "in") {
            self.next += 1;
            left = Expression::In(Box::new(left), self.words()?);
        }
        Ok(left)
    }

    /// `["A", "B"]`
    fn words(&mut self) -> Result<Vec<String>, Slip> {
        self.need("[")?;
        let mut words = Vec::new();
        loop {
            let Some((_, Token::Word(word))) = self.tokens.get(self.next).cloned() else {
                return self.slip("a word in quotes is expected here");
            };
            self.next += 1;
            words.push(word);
            if self.mark("]") {
                return Ok(words);
            }
            self.need(",")?;
        }
    }

    fn one(&mut self, depth: usize) -> Result<Expression, Slip> {
        if self.mark("!") {
            return Ok(Expression::Not(Box::new(self.deeper(depth)?)));
        }
        if self.mark("-") {
            let nothing = Box::new(Expression::Number(rust_decimal::Decimal::ZERO));
            return Ok(Expression::Two(Sign::Minus, nothing, Box::new(self.deeper(depth)?)));
        }
        if self.mark("(") {
            let inner = self.level(0, depth + 1)?;
            self.need(")")?;
            return Ok(inner);
        }
        let at = self.at();
        let token = self.tokens.get(self.next).map(|(_, token)| token.clone());
        self.next += 1;
        match token {
            Some(Token::Number(number)) => Ok(Expression::Number(number)),
            Some(Token::Word(word)) => Ok(Expression::Word(word)),
            Some(Token::Name(name)) if self.mark("(") => self.call(&name, at, depth),
            Some(Token::Name(name)) => Ok(Expression::Name(name)),
            _ => Err(Slip { at, what: "a value is expected here".to_owned() }),
        }
    }

    fn deeper(&mut self, depth: usize) -> Result<Expression, Slip> {
        if depth >= limits::DEPTH { self.slip("this is nested too deeply") } else { self.one(depth + 1) }
    }

    fn call(&mut self, name: &str, at: usize, depth: usize) -> Result<Expression, Slip> {
        match name {
            "figure" => {
                let figure = self.name()?;
                self.need(")")?;
                return Ok(Expression::Figure(figure));
            }
            "table" => {
                let table = self.name()?;
                self.need(")")?;
                self.need(".")?;
                return Ok(Expression::Column(table, self.name()?));
            }
            _ => {}
        }
        let all = [Function::Min, Function::Max, Function::Round, Function::RoundUp, Function::RoundDown];
        let Some(function) = all.into_iter().find(|function| function.word() == name) else {
            let what = format!(
                "no function is called `{name}`: there are figure, table, min, max, round, round_up, round_down"
            );
            return Err(Slip { at, what });
        };
        let mut values = vec![self.level(0, depth + 1)?];
        while self.mark(",") {
            values.push(self.level(0, depth + 1)?);
        }
        self.need(")")?;
        let rounds = !matches!(function, Function::Min | Function::Max);
        if rounds && values.len() != 2 {
            return Err(Slip { at, what: format!("`{name}` takes a value and the number of places") });
        }
        Ok(Expression::Call(function, values))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rust_decimal::Decimal;

    use super::super::{Lack, Names, Value};
    use super::*;

    struct Some3(BTreeMap<&'static str, Value>);

    impl Names for Some3 {
        fn name(&mut self, name: &str) -> Result<Value, Lack> {
            self.0.get(name).cloned().ok_or_else(|| Lack::Name(name.to_owned()))
        }
        fn figure(&mut self, _: &str) -> Result<Decimal, Lack> {
            Ok(Decimal::TWO)
        }
        fn column(&mut self, _: &str, _: &str) -> Result<Decimal, Lack> {
            Ok(Decimal::TEN)
        }
    }

    #[test]
    fn signs_bind_as_everywhere() {
        let number = |value: i64| Value::Number(value.into());
        let names = BTreeMap::from([("a", number(7)), ("b", number(2)), ("use", Value::Word("A_1".to_owned()))]);
        let value = |text: &str| parse(text).unwrap().value(&mut Some3(names.clone()));
        for (text, expected) in [
            ("a + b * 3 - 1", number(12)),
            ("(a + b) * 3", number(27)),
            ("round_up(a / b, 0)", number(4)),
            ("round_down(a / b, 0)", number(3)),
            ("max(a, b, figure(x))", number(7)),
            ("-a + table(t).c", number(3)),
            ("a >= 7 && use in [\"B\", \"A_1\"]", Value::Truth(true)),
            ("!(use == \"A_1\") || a != 7", Value::Truth(false)),
            ("b > 1 || missing > 1", Value::Truth(true)),
        ] {
            assert_eq!(value(text), Ok(expected), "{text}");
        }
        assert_eq!(value("a / (b - 2)"), Err(Lack::Nothing));
        assert_eq!(value("missing + 1"), Err(Lack::Name("missing".to_owned())));
    }

    #[test]
    fn slips_are_found_where_they_are() {
        for (text, at) in
            [("a +", 3), ("a b", 2), ("foo(1)", 0), ("a & b", 2), ("use in [A]", 8), ("round(a)", 0), ("\"a", 0)]
        {
            assert_eq!(parse(text).unwrap_err().at, at, "{text}");
        }
        let deep = "(".repeat(1000) + "a";
        assert!(parse(&deep).is_err());
        assert!(parse(&("-".repeat(1000) + "a")).is_err());
        assert!(parse(&vec!["a"; 1000].join("+")).is_err());
    }
}

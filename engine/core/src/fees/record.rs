//! Marks that record the steps of a rule.
//!
//! Before a file of rules is compiled to be run, marks are put into its text: `let fee = …;`
//! becomes `let fee = __step("fee", …);`, an assignment is followed by `__again("fee", fee);`,
//! and the value of each head is wrapped in `__head("license_fee", …)`. Every check looks at the
//! text as it was written, and places in failures are moved back to it.

use rhai::Token;

use super::runtime::engine;
use crate::base::Name;
use crate::rule::place::RuleText;

/// A text with marks, and where they are.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    /// The text that is run.
    pub(super) text: RuleText,
    written: RuleText,
    /// In the text that is run: first byte and length of each mark.
    marks: Vec<(usize, usize)>,
}

impl Recorded {
    /// The text as it was written.
    pub(super) fn written(&self) -> &RuleText {
        &self.written
    }

    /// Line and column in the text as it was written.
    pub(super) fn written_at(&self, position: rhai::Position) -> (usize, usize) {
        let Some(offset) = self.text.offset(position) else { return (0, 0) };
        let before = self.marks.iter().take_while(|(start, _)| *start < offset);
        let shift: usize = before.map(|(start, length)| (*length).min(offset - start)).sum();
        self.written.line_column(offset - shift)
    }
}

/// The words and signs of a text, each with its first byte.
pub(super) fn tokens(written: &RuleText) -> Vec<(Token, usize)> {
    let inputs = [&*written.text];
    let (stream, _) = engine().lex(&inputs);
    stream
        .take_while(|(token, _)| *token != Token::EOF)
        .map(|(token, position)| (token, written.offset(position).unwrap_or(written.text.len())))
        .collect()
}

/// Puts the marks into `written`.
pub(super) fn record(written: &RuleText, heads: &[Name]) -> Recorded {
    record_with(written, heads, Vec::new())
}

/// Puts the marks into `written`, and others that stand before them at the same byte.
pub(super) fn record_with(written: &RuleText, heads: &[Name], others: Vec<(usize, String)>) -> Recorded {
    let tokens = tokens(written);
    let mut marker =
        Marker { tokens: &tokens, heads, marks: others, open: Vec::new(), depth: 0, function: Function::default() };
    for place in 0..tokens.len() {
        marker.token(place);
    }
    marker.marks.sort_by_key(|(offset, _)| *offset);
    let mut text = String::with_capacity(written.text.len() * 2);
    let mut marks = Vec::new();
    let mut copied = 0;
    for (offset, mark) in marker.marks {
        text.push_str(&written.text[copied..offset]);
        copied = offset;
        marks.push((text.len(), mark.len()));
        text.push_str(&mark);
    }
    text.push_str(&written.text[copied..]);
    Recorded { text: RuleText::file(&written.whole().file, &text), written: written.clone(), marks }
}

/// The text of a name, with quotes or without.
#[expect(clippy::match_same_arms, reason = "the two hold texts of different types")]
pub(super) fn token_text(token: &Token) -> Option<&str> {
    match token {
        Token::Identifier(name) => Some(name),
        Token::StringConstant(name) => Some(name),
        _ => None,
    }
}

/// A mark that waits for the end of what it wraps.
struct Open {
    depth: usize,
    /// Put where the value or the statement ends.
    close: String,
    /// Whether a comma ends it, as in a map, or a semicolon, as in a statement.
    in_map: bool,
}

#[derive(Default)]
struct Function {
    /// The depth of its body.
    depth: usize,
    /// Whether every `let` in it is a step, or only those at its top level.
    whole: bool,
    /// Its steps so far: assignments to them change the step.
    steps: Vec<String>,
}

struct Marker<'a> {
    tokens: &'a [(Token, usize)],
    heads: &'a [Name],
    marks: Vec<(usize, String)>,
    open: Vec<Open>,
    depth: usize,
    function: Function,
}

impl Marker<'_> {
    fn at(&self, place: usize) -> Option<&Token> {
        self.tokens.get(place).map(|(token, _)| token)
    }

    fn word(&self, place: usize) -> Option<&str> {
        match self.at(place)? {
            Token::Identifier(name) => Some(name),
            _ => None,
        }
    }

    fn is_head(&self, name: &str) -> bool {
        self.heads.iter().any(|head| **head == *name)
    }

    fn token(&mut self, place: usize) {
        let (token, offset) = &self.tokens[place];
        match token {
            Token::Fn => {
                self.function = Function {
                    depth: self.depth + 1,
                    whole: matches!(
                        self.word(place + 1),
                        Some("fees" | super::ON_PAYMENT | super::AMEND | super::ON_DISHONOUR)
                    ),
                    steps: Vec::new(),
                }
            }
            Token::LeftBrace | Token::LeftParen | Token::LeftBracket | Token::MapStart => self.depth += 1,
            Token::RightBrace | Token::RightParen | Token::RightBracket => {
                self.close_all(*offset, self.depth);
                self.depth = self.depth.saturating_sub(1);
            }
            Token::SemiColon => self.statement_ends(*offset),
            Token::Comma => self.close_in_map(*offset),
            Token::Let | Token::Const => self.definition(place),
            Token::Identifier(_) | Token::StringConstant(_) if self.at(place + 1) == Some(&Token::Colon) => {
                self.member(place);
            }
            Token::Identifier(_) if self.begins_statement(place) => self.assignment(place),
            _ => {}
        }
    }

    fn begins_statement(&self, place: usize) -> bool {
        place > 0 && matches!(self.tokens[place - 1].0, Token::LeftBrace | Token::RightBrace | Token::SemiColon)
    }

    /// `let name = value;`
    fn definition(&mut self, place: usize) {
        let Some(name) = self.word(place + 1).map(str::to_owned) else { return };
        let (Some(Token::Equals), true) =
            (self.at(place + 2), self.function.whole || self.depth == self.function.depth)
        else {
            return;
        };
        self.wrap(place + 2, format!(" __step(\"{name}\","), ")".to_owned(), false);
        self.function.steps.push(name);
    }

    /// `name = value;`, `name += value;`, `name.push(value);`, `map.head = value;`
    fn assignment(&mut self, place: usize) {
        let assigns = |token: Option<&Token>| {
            matches!(
                token,
                Some(
                    Token::Equals
                        | Token::PlusAssign
                        | Token::MinusAssign
                        | Token::MultiplyAssign
                        | Token::DivideAssign
                )
            )
        };
        let Some(name) = self.word(place).map(str::to_owned) else { return };
        let pushes = self.at(place + 1) == Some(&Token::Period) && self.word(place + 2) == Some("push");
        if (pushes || assigns(self.at(place + 1))) && self.function.steps.contains(&name) {
            self.open.push(Open { depth: self.depth, close: format!("; __again(\"{name}\", {name})"), in_map: false });
        } else if self.at(place + 1) == Some(&Token::Period) && assigns(self.at(place + 3)) {
            let Some(member) = self.word(place + 2).map(str::to_owned).filter(|member| self.is_head(member)) else {
                return;
            };
            self.wrap(place + 3, format!(" __head(\"{member}\","), ")".to_owned(), false);
        }
    }

    /// `head: value` in a map.
    fn member(&mut self, place: usize) {
        let Some(name) = self.at(place).and_then(token_text).map(str::to_owned) else { return };
        if self.is_head(&name) {
            self.wrap(place + 1, format!(" __head(\"{name}\","), ")".to_owned(), true);
        }
    }

    /// Puts `mark` after the sign at `place`, and `close` where the value ends.
    fn wrap(&mut self, place: usize, mark: String, close: String, in_map: bool) {
        let (sign, offset) = &self.tokens[place];
        self.marks.push((offset + sign.literal_syntax().len(), mark));
        self.open.push(Open { depth: self.depth, close, in_map });
    }

    fn statement_ends(&mut self, offset: usize) {
        while let Some(open) = self.open.pop_if(|open| open.depth == self.depth && !open.in_map) {
            self.marks.push((offset, open.close));
        }
    }

    fn close_in_map(&mut self, offset: usize) {
        while let Some(open) = self.open.pop_if(|open| open.depth == self.depth && open.in_map) {
            self.marks.push((offset, open.close));
        }
    }

    /// A bracket closes whatever is still open inside of it.
    fn close_all(&mut self, offset: usize, depth: usize) {
        while let Some(open) = self.open.pop_if(|open| open.depth >= depth) {
            self.marks.push((offset, open.close));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn marks_steps_and_heads() {
        let written = "fn fees(answers, rates) {\n    let total = 0;\n    for u in answers.units { let f = u.x; total += f; }\n    #{ fee: total * 2, other: 1 }\n}\nfn help(x) { let a = if x { let b = 1; b } else { 2 }; a }";
        let text = RuleText::file(&Arc::from("fees.rhai"), written);
        let recorded = record(&text, &[Name::new("fee")]);
        let expected = "fn fees(answers, rates) {\n    let total = __step(\"total\", 0);\n    for u in answers.units { let f = __step(\"f\", u.x); total += f; __again(\"total\", total); }\n    #{ fee: __head(\"fee\", total * 2), other: 1 }\n}\nfn help(x) { let a = __step(\"a\", if x { let b = 1; b } else { 2 }); a }";
        assert_eq!(&*recorded.text.text, expected);
        let offset = expected.find("total * 2").unwrap();
        let (line, column) = recorded.text.line_column(offset);
        let position = rhai::Position::new(u16::try_from(line).unwrap(), u16::try_from(column).unwrap());
        assert_eq!(recorded.written_at(position), (4, 13));
    }
}

//! `switch`: does it say something for every option?
//!
//! The interpreter keeps only hashes of the cases, so their texts are read from the rule itself.

use rhai::{Expr, Position, SwitchCasesCollection, Token};

use super::{Inspector, Kind};
use crate::rule::checks::switch_not_total;
use crate::rule::sandbox;

/// A case that is a text written in place.
struct Label {
    code: String,
    /// The byte of the text at which it stands.
    start: usize,
    /// Whether it has no `if`.
    always: bool,
}

impl Inspector<'_> {
    /// A `switch`; gives what is common to its cases.
    pub(super) fn switch(&mut self, value: &Expr, cases: &SwitchCasesCollection, position: Position) -> Kind {
        let (kind, mut read) = self.reading(|walk| walk.expression(value));
        let kind = kind.into_bare();
        let outer = self.looked_at.clone();
        let mut gives = Kind::Never;
        for case in &cases.expressions {
            if !matches!(case.lhs, Expr::BoolConstant(true, _) | Expr::Unit(_)) {
                let ((), of_case) = self.reading(|walk| walk.condition(&case.lhs, "`if`"));
                read.extend(of_case);
            }
            self.looked_at.extend(read.iter().cloned());
            gives = gives.or(self.expression(&case.rhs));
        }
        self.looked_at = outer;
        let labels = self.labels(position);
        for label in &labels {
            let (line, column) = self.text.line_column(label.start);
            let at = Position::new(u16::try_from(line).unwrap_or(0), u16::try_from(column).unwrap_or(0));
            self.is_option(&kind, &label.code, at);
        }
        if cases.def_case.is_none() {
            self.not_total(&kind, &labels, position);
        }
        gives
    }

    fn not_total(&mut self, kind: &Kind, labels: &[Label], position: Position) {
        let at = self.text.word(position);
        let covered = |code: &str| labels.iter().any(|label| label.always && label.code == code);
        match kind {
            Kind::Code(codes) => {
                let missing: Vec<&str> = codes.iter().map(String::as_str).filter(|code| !covered(code)).collect();
                if !missing.is_empty() {
                    self.say(switch_not_total::diagnostic(&missing, &at));
                }
            }
            Kind::Listed(name) => {
                let Some(list) = self.domain.list(name).cloned() else { return };
                let missing: Vec<&str> =
                    list.choices().map(|entry| entry.code.as_str()).filter(|code| !covered(code)).collect();
                if !missing.is_empty() {
                    self.say(switch_not_total::diagnostic(&missing, &at));
                }
            }
            Kind::Any | Kind::Never | Kind::Flag => {}
            other => self.say(switch_not_total::open(other.word(), &at)),
        }
    }

    /// The texts before `=>` of the `switch` at `position`.
    fn labels(&self, position: Position) -> Vec<Label> {
        let Some(start) = self.text.offset(position) else { return Vec::new() };
        let rest = &self.text.text[start..];
        let inner = super::RuleText::file(&std::sync::Arc::from(""), rest);
        let inputs = [rest];
        let (tokens, _) = sandbox::engine().lex(&inputs);
        let mut labels: Vec<Label> = Vec::new();
        let (mut depth, mut in_case, mut of_case) = (0_usize, true, 0);
        for (token, at) in tokens {
            match token {
                Token::EOF => break,
                Token::LeftBrace | Token::MapStart | Token::LeftParen | Token::LeftBracket => depth += 1,
                Token::RightBrace | Token::RightParen | Token::RightBracket => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 && token == Token::RightBrace {
                        break;
                    }
                    if depth == 1 && token == Token::RightBrace {
                        (in_case, of_case) = (true, labels.len());
                    }
                }
                Token::Comma if depth == 1 => (in_case, of_case) = (true, labels.len()),
                Token::DoubleArrow if depth == 1 => in_case = false,
                Token::If if depth == 1 && in_case => {
                    labels[of_case..].iter_mut().for_each(|label| label.always = false);
                }
                Token::StringConstant(code) if depth == 1 && in_case => {
                    let offset = inner.offset(at).unwrap_or(0);
                    labels.push(Label { code: code.to_string(), start: start + offset, always: true });
                }
                _ => {}
            }
        }
        labels
    }
}

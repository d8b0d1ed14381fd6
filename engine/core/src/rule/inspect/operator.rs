//! Operators between kinds.

use rhai::{Expr, Position};

use super::{Inspector, Kind};
use crate::rule::checks::{rule_divides_by_zero, rule_forbidden, unknown_option, wrong_kind};

impl Inspector<'_> {
    /// An operator with its operands as expressions.
    pub(super) fn operator(&mut self, sign: &str, operands: &[Expr], position: Position) -> Kind {
        match operands {
            [operand] => {
                let kind = self.expression(operand);
                self.sign(sign, &kind, position)
            }
            [left, right] => {
                let kinds = (self.expression(left), self.expression(right));
                self.compared_with_code(sign, (left, &kinds.0), (right, &kinds.1));
                if matches!(sign, "/" | "%") && is_zero(right) {
                    let at = self.text.word(right.start_position());
                    self.say(rule_divides_by_zero::diagnostic(&at));
                }
                self.operated(sign, &kinds.0, &kinds.1, position)
            }
            _ => Kind::Any,
        }
    }

    fn sign(&mut self, sign: &str, kind: &Kind, position: Position) -> Kind {
        let (wanted, gives) = if sign == "!" { ("a yes or no", Kind::Flag) } else { ("a number", Kind::Number) };
        if !matches!(kind.bare(), Kind::Any | Kind::Never) && *kind.bare() != gives {
            let at = self.text.word(position);
            self.say(wrong_kind::needed(&format!("`{sign}`"), wanted, kind, &at));
        }
        gives
    }

    /// The kind that `sign` gives between two kinds.
    pub(super) fn operated(&mut self, sign: &str, left: &Kind, right: &Kind, position: Position) -> Kind {
        let (left, right) = (left.bare(), right.bare());
        let gives = match sign {
            "==" | "!=" => left.may_equal(right).then_some(Kind::Flag),
            "<" | "<=" | ">" | ">=" => {
                let ordered =
                    |kind: &Kind| kind.is_open() || kind.is_text() || matches!(kind, Kind::Number | Kind::Day);
                (ordered(left) && ordered(right) && left.may_equal(right)).then_some(Kind::Flag)
            }
            "+" | "-" | "*" | "/" | "%" => arithmetic(sign, left, right),
            ".." | "..=" => Some(Kind::Array(Box::new(Kind::Number))),
            other => {
                let at = self.text.word(position);
                self.say(rule_forbidden::diagnostic(&format!("`{other}`"), &at));
                Some(Kind::Any)
            }
        };
        gives.unwrap_or_else(|| {
            let at = self.text.word(position);
            self.say(wrong_kind::between(sign, left, right, &at));
            if matches!(sign, "+" | "-" | "*" | "/" | "%") { Kind::Any } else { Kind::Flag }
        })
    }

    /// `answers.trade_kind == "shopp"`: one side is a code, the other a text written in place.
    fn compared_with_code(&mut self, sign: &str, left: (&Expr, &Kind), right: (&Expr, &Kind)) {
        if !matches!(sign, "==" | "!=") {
            return;
        }
        for ((_, kind), (literal, _)) in [(left, right), (right, left)] {
            if let Expr::StringConstant(code, position) = literal {
                self.is_option(kind, code, *position);
            }
        }
    }

    /// Says if `code` cannot be a value of `kind`.
    pub(super) fn is_option(&mut self, kind: &Kind, code: &str, position: Position) {
        let at = self.text.word(position);
        match kind.bare() {
            Kind::Code(codes) if !codes.iter().any(|known| known == code) => {
                self.say(unknown_option::diagnostic(code, &at, codes.iter().map(String::as_str)));
            }
            Kind::Listed(name) => {
                let Some(list) = self.domain.list(name) else { return };
                if !list.is_choice(code) {
                    let known: Vec<&str> = list.choices().map(|entry| entry.code.as_str()).collect();
                    self.say(unknown_option::diagnostic(code, &at, known));
                }
            }
            _ => {}
        }
    }
}

fn arithmetic(sign: &str, left: &Kind, right: &Kind) -> Option<Kind> {
    use Kind as K;
    let open = |kind: &Kind| matches!(kind, K::Any | K::Never);
    let list = |kind: &Kind| matches!(kind, K::Array(_) | K::Map(_) | K::Fields(..));
    Some(match (sign, left, right) {
        (_, K::Number, K::Number) | ("-", K::Day, K::Day) => K::Number,
        ("+" | "-", K::Day, K::Number) => K::Day,
        ("+", one, other) if one.is_text() && other.is_text() => K::Text,
        ("*" | "/" | "%", one, other) if open(one) && *other == K::Number || open(other) && *one == K::Number => {
            K::Number
        }
        (_, one, other) if open(one) && open(other) => K::Any,
        ("+" | "-", one, other) if (open(one) || open(other)) && !list(one) && !list(other) => K::Any,
        _ => return None,
    })
}

fn is_zero(expression: &Expr) -> bool {
    match expression {
        Expr::IntegerConstant(number, _) => *number == 0,
        Expr::DynamicConstant(value, _) => value.as_decimal().is_ok_and(|number| number.is_zero()),
        _ => false,
    }
}

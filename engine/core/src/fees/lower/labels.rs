//! The labels of `switch`, found by the hashes that the interpreter keeps of them.

use std::collections::BTreeMap;

use rhai::{Stmt, Token};

use super::bound::Words;
use super::program::Constant;
use crate::fees::record::tokens;
use crate::fees::runtime::engine;
use crate::rule::place::RuleText;

/// Everything in a text of rules that may be a label.
pub(super) struct Labels(Vec<Label>);

/// Something that may be a label.
pub(super) struct Label {
    pub(super) hash: u64,
    written: Written,
}

enum Written {
    Text(String),
    Other(Constant),
}

impl Labels {
    /// The texts, numbers and flags in a text of rules that stand where labels do.
    pub(super) fn of(text: &RuleText) -> Self {
        let mut found: BTreeMap<String, Written> = BTreeMap::new();
        for pair in tokens(text).windows(2) {
            let [(token, _), (Token::DoubleArrow | Token::Pipe | Token::If, _)] = pair else { continue };
            let (literal, written) = match token {
                Token::StringConstant(text) => (format!("{:?}", text.as_str()), Written::Text(text.to_string())),
                Token::IntegerConstant(whole) => {
                    let minus = Written::Other(Constant::Whole(whole.saturating_neg()));
                    found.insert(format!("-{whole}"), minus);
                    (whole.to_string(), Written::Other(Constant::Whole(*whole)))
                }
                Token::True => ("true".to_owned(), Written::Other(Constant::Flag(true))),
                Token::False => ("false".to_owned(), Written::Other(Constant::Flag(false))),
                Token::RightParen | Token::Unit => ("()".to_owned(), Written::Other(Constant::Nothing)),
                _ => continue,
            };
            found.insert(literal, written);
        }
        Self(
            found.into_iter().filter_map(|(literal, written)| Some(Label { hash: hash(&literal)?, written })).collect(),
        )
    }

    /// One after the other.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Label> {
        self.0.iter()
    }
}

impl Label {
    /// The label as a value.
    pub(super) fn constant(&self, words: &Words) -> Option<Constant> {
        match &self.written {
            Written::Text(text) => words.find(text).map(Constant::Word),
            Written::Other(constant) => Some(*constant),
        }
    }
}

/// What the interpreter makes of a label.
fn hash(literal: &str) -> Option<u64> {
    let ast = engine().compile(format!("switch 0 {{ {literal} => 0 }}")).ok()?;
    let [Stmt::Switch(switch, _)] = ast.statements() else { return None };
    let mut hashes = switch.1.cases.keys();
    match (hashes.next(), hashes.next()) {
        (Some(hash), None) => Some(*hash),
        _ => None,
    }
}

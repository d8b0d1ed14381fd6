//! Which branches of a rule were taken, and which rates were looked up: what scenarios try of it.
//!
//! A rule that is followed runs from a text with further marks: `__branch(3);` at the beginning of
//! a branch, and a branch where an `if` has no `else`. Nobody but scenarios runs such a text.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use rhai::Token;

use super::record::{record_with, tokens};
use super::runtime::engine;
use super::{Fees, Script};
use crate::base::{Day, Name};
use crate::rule::Facts;
use crate::rule::place::RuleText;
use crate::rule::run::Trace;
use crate::source::Where;

/// One way that a rule can go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Branch {
    /// What leads there: `if years > 1`, `else`, `"flat"`.
    pub(crate) words: String,
    /// Where that is written.
    pub(crate) at: Where,
}

/// The branches of a rule, and what was met of it so far.
#[derive(Debug, Default)]
pub(crate) struct Followed {
    pub(crate) branches: Vec<Branch>,
    met: Mutex<Met>,
    charged: Mutex<Vec<ChargedCase>>,
}

/// A case that was charged while the rules were followed: what laws are tried around.
#[derive(Clone, Debug)]
pub(crate) struct ChargedCase {
    /// The answers that the rules read, and the record.
    pub(crate) facts: Facts,
    /// What the rules knew as `today`.
    pub(crate) today: Day,
    /// The day whose rates held.
    pub(crate) day: Day,
}

/// Cases that are kept of all that were charged.
const KEPT: usize = 400;

/// What was met.
#[derive(Clone, Debug, Default)]
pub(crate) struct Met {
    /// Branches, by their place in the list.
    pub(crate) branches: BTreeSet<usize>,
    /// Rates, by the first day of their schedule and their name.
    pub(crate) rates: BTreeSet<(Day, String)>,
}

impl Followed {
    /// What was met so far.
    pub(crate) fn met(&self) -> Met {
        self.met.lock().expect("nobody panics while writing what was met").clone()
    }

    /// The cases that were charged so far.
    pub(crate) fn charged(&self) -> Vec<ChargedCase> {
        self.charged.lock().expect("nobody panics while writing what was charged").clone()
    }

    /// Keeps a case that is being charged.
    pub(super) fn keep(&self, facts: &Facts, today: Day, day: Day) {
        let charged = &mut *self.charged.lock().expect("nobody panics while writing what was charged");
        if charged.len() < KEPT {
            charged.push(ChargedCase { facts: facts.clone(), today, day });
        }
    }

    /// Notes what an evaluation with the schedule from `from` met, whatever came of it.
    pub(super) fn note(&self, from: Day, trace: &Trace) {
        let met = &mut *self.met.lock().expect("nobody panics while writing what was met");
        met.branches.extend(&trace.branches);
        let traced = trace.steps.iter().chain(&trace.heads).chain(std::iter::once(&trace.pending));
        met.rates.extend(traced.flat_map(|traced| &traced.rates).map(|(name, _)| (from, name.clone())));
    }
}

impl Fees {
    /// The same fees, followed from now on.
    pub(crate) fn followed(&self, heads: &[Name]) -> Self {
        let written = self.script.recorded.written();
        let (marks, branches) = branches(written);
        let recorded = record_with(written, heads, marks);
        let Ok(ast) = engine().compile(&recorded.text.text) else {
            // A way of writing branches that the marks do not understand: rates are followed all the same.
            let script = Script { followed: Some(Arc::default()), ..self.script.clone() };
            return Self { script, quick: None, ..self.clone() };
        };
        let followed = Some(Arc::new(Followed { branches, ..Followed::default() }));
        let script = Script { ast: Arc::new(ast), recorded: Arc::new(recorded), followed, ..self.script.clone() };
        Self { script, quick: None, ..self.clone() }
    }
}

/// Something whose braces are yet to come.
enum Waits {
    If(Where, String),
    Else(Where),
    Switch,
}

/// The arm of a `switch` that waits for its end.
struct Arm {
    depth: usize,
}

#[derive(Default)]
struct Finder {
    marks: Vec<(usize, String)>,
    branches: Vec<Branch>,
    depth: usize,
    waits: Vec<(usize, Waits)>,
    /// Blocks of `if` that are open, each with the depth inside and what it asks.
    blocks: Vec<(usize, Where, String)>,
    arms: Vec<Arm>,
}

/// The branches of a text of rules, and the marks that record them.
fn branches(written: &RuleText) -> (Vec<(usize, String)>, Vec<Branch>) {
    let tokens = tokens(written);
    let mut finder = Finder::default();
    for place in 0..tokens.len() {
        finder.token(&tokens, place, written);
    }
    (finder.marks, finder.branches)
}

impl Finder {
    fn token(&mut self, tokens: &[(Token, usize)], place: usize, written: &RuleText) {
        let (token, offset) = &tokens[place];
        let next = tokens.get(place + 1);
        match token {
            Token::If => {
                // The `if` that guards the arm of a `switch` has no block.
                let Some(end) = block_after(tokens, place) else { return };
                let words = words(&written.text[*offset..end]);
                self.waits.push((self.depth, Waits::If(written.bytes(*offset, *offset + 2), words)));
            }
            Token::Else if next.is_some_and(|(next, _)| *next == Token::LeftBrace) => {
                self.waits.push((self.depth, Waits::Else(written.bytes(*offset, *offset + 4))));
            }
            Token::Switch => self.waits.push((self.depth, Waits::Switch)),
            Token::LeftBrace => self.block_opens(*offset + 1),
            Token::LeftParen | Token::LeftBracket | Token::MapStart => self.depth += 1,
            Token::RightBrace => {
                self.arms_end(*offset, self.depth);
                self.block_closes(*offset + 1, next);
            }
            Token::RightParen | Token::RightBracket => {
                self.arms_end(*offset, self.depth);
                self.depth = self.depth.saturating_sub(1);
            }
            Token::Comma => self.arm_ends(*offset),
            Token::DoubleArrow => self.arm(tokens, place, written),
            _ => {}
        }
    }

    fn branch(&mut self, words: String, at: Where) -> String {
        self.branches.push(Branch { words, at });
        format!(" __branch({});", self.branches.len() - 1)
    }

    fn block_opens(&mut self, inside: usize) {
        let waits = self.waits.pop_if(|(depth, _)| *depth == self.depth);
        self.depth += 1;
        match waits {
            Some((_, Waits::If(at, words))) => {
                self.blocks.push((self.depth, at.clone(), words.clone()));
                let mark = self.branch(words, at);
                self.marks.push((inside, mark));
            }
            Some((_, Waits::Else(at))) => {
                let mark = self.branch("else".to_owned(), at);
                self.marks.push((inside, mark));
            }
            Some((_, Waits::Switch)) | None => {}
        }
    }

    /// An `if` without `else` can be passed by: that is a branch as well.
    fn block_closes(&mut self, after: usize, next: Option<&(Token, usize)>) {
        let block = self.blocks.pop_if(|(depth, ..)| *depth == self.depth);
        self.depth = self.depth.saturating_sub(1);
        if let Some((_, at, words)) = block
            && next.is_none_or(|(next, _)| *next != Token::Else)
        {
            let mark = self.branch(format!("not {words}"), at);
            self.marks.push((after, format!(" else {{{mark} }}")));
        }
    }

    /// `pattern => value`
    fn arm(&mut self, tokens: &[(Token, usize)], place: usize, written: &RuleText) {
        let before = |token: &Token| matches!(token, Token::Comma | Token::LeftBrace | Token::RightBrace);
        let first = (0..place).rev().find(|at| before(&tokens[*at].0)).map_or(0, |at| at + 1);
        let (start, end) = (tokens[first].1, tokens[place].1);
        let words = words(&written.text[start..end]);
        let mark = self.branch(words.clone(), written.bytes(start, start + words.len().min(end - start)));
        if let Some((Token::LeftBrace, brace)) = tokens.get(place + 1) {
            self.marks.push((brace + 1, mark));
        } else {
            self.marks.push((end + 2, format!(" {{{mark}")));
            self.arms.push(Arm { depth: self.depth });
        }
    }

    fn arm_ends(&mut self, offset: usize) {
        while self.arms.pop_if(|arm| arm.depth == self.depth).is_some() {
            self.marks.push((offset, " }".to_owned()));
        }
    }

    fn arms_end(&mut self, offset: usize, depth: usize) {
        while self.arms.pop_if(|arm| arm.depth >= depth).is_some() {
            self.marks.push((offset, " }".to_owned()));
        }
    }
}

/// Where the block of the `if` at `place` begins.
fn block_after(tokens: &[(Token, usize)], place: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (token, offset) in &tokens[place + 1..] {
        match token {
            Token::LeftBrace if depth == 0 => return Some(*offset),
            Token::DoubleArrow if depth == 0 => return None,
            Token::LeftBrace | Token::LeftParen | Token::LeftBracket | Token::MapStart => depth += 1,
            Token::RightBrace | Token::RightParen | Token::RightBracket => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_is_a_branch() {
        let written = "fn fees(a, r) {\n    let x = if a.y == 1 { 2 } else if a.y == 2 { 3 } else { 4 };\n    if x > 3 { x += 1; }\n    let z = switch x { 1 | 2 => f(x, 1), 3 => { x } _ => #{ k: 1 }.k };\n    #{ fee: z }\n}";
        let text = RuleText::file(&Arc::from("fees.rhai"), written);
        let (marks, branches) = branches(&text);
        let found: Vec<&str> = branches.iter().map(|branch| branch.words.as_str()).collect();
        let expected = ["if a.y == 1", "if a.y == 2", "else", "if x > 3", "not if x > 3", "1 | 2", "3", "_"];
        assert_eq!(found, expected);
        assert_eq!(&written[branches[5].at.start..branches[5].at.end], "1 | 2");
        let recorded = record_with(&text, &[Name::new("fee")], marks);
        let expected = "fn fees(a, r) {\n    let x = __step(\"x\", if a.y == 1 { __branch(0); 2 } else if a.y == 2 { __branch(1); 3 } else { __branch(2); 4 });\n    if x > 3 { __branch(3); x += 1; __again(\"x\", x); } else { __branch(4); }\n    let z = __step(\"z\", switch x { 1 | 2 => { __branch(5); f(x, 1) }, 3 => { __branch(6); x } _ => { __branch(7); #{ k: 1 }.k  }});\n    #{ fee: __head(\"fee\", z ) }\n}";
        assert_eq!(without_doubled_spaces(&recorded.text.text), without_doubled_spaces(expected));
        assert!(engine().compile(&recorded.text.text).is_ok(), "{}", recorded.text.text);
    }

    fn without_doubled_spaces(text: &str) -> String {
        text.replace("  ", " ").replace(" }", "}").replace(" )", ")")
    }
}

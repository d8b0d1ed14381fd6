//! Words and spaces: what lines are made of.

use super::row::Span;
use crate::parse::{Inline, Mark};
use crate::shape::{Shaper, Word};
use crate::style::{Rgb, SMALL};
use std::rc::Rc;

/// How the words of a paragraph look before marks change them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Voice {
    pub(crate) size: f32,
    pub(crate) colour: Rgb,
    pub(crate) bold: bool,
    /// The colour of `small`.
    pub(crate) pale: Rgb,
}

/// Something a line is made of.
#[derive(Debug)]
pub(crate) enum Token {
    /// Pieces that follow each other without space.
    Word(Vec<Piece>),
    /// A place where a line may end.
    Space(Piece),
    /// A place where a line must end.
    Break,
}

/// A shaped word in a size and colour.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    word: Rc<Word>,
    pub(super) size: f32,
    colour: Rgb,
    slanted: bool,
}

impl Piece {
    pub(super) fn width(&self) -> f32 {
        self.word.width * self.size
    }

    pub(super) fn spans(&self) -> impl Iterator<Item = Span> + '_ {
        self.word.runs.iter().map(|run| Span {
            run: Rc::clone(run),
            glyphs: 0..run.glyphs.len(),
            size: self.size,
            colour: self.colour,
            slanted: self.slanted,
        })
    }
}

/// Words and spaces, with white space folded as HTML does.
pub(crate) fn tokens(inlines: &[Inline], voice: Voice, shaper: &mut Shaper) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut word: Vec<Piece> = Vec::new();
    for inline in inlines {
        match inline {
            Inline::Break => {
                flush(&mut word, &mut tokens);
                tokens.push(Token::Break);
            }
            Inline::Words(text, mark) => {
                for part in split(text) {
                    let blank = part.starts_with(folds);
                    let piece = piece(if blank { space(part) } else { part }, *mark, voice, shaper);
                    if !blank {
                        word.push(piece);
                        continue;
                    }
                    flush(&mut word, &mut tokens);
                    // A space after a space, or at the start of a line, is no space.
                    if matches!(tokens.last(), Some(Token::Word(_))) {
                        tokens.push(Token::Space(piece));
                    }
                }
            }
        }
    }
    flush(&mut word, &mut tokens);
    while matches!(tokens.last(), Some(Token::Space(_))) {
        tokens.pop();
    }
    tokens
}

fn flush(word: &mut Vec<Piece>, tokens: &mut Vec<Token>) {
    if !word.is_empty() {
        tokens.push(Token::Word(std::mem::take(word)));
    }
}

/// White space that is folded, and the space without width that only allows a break.
fn folds(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\t' | '\r' | '\u{200b}')
}

/// Characters without a meaning others could know: those for private use, and those that are
/// no characters. The standards for accessible and lasting PDFs forbid them.
fn unspeakable(c: char) -> bool {
    matches!(
        c,
        '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{f0000}'..='\u{10ffff}' | '\u{fdd0}'..='\u{fdef}'
    ) || c as u32 & 0xfffe == 0xfffe
        || c.is_control()
}

/// What is drawn for white space.
fn space(part: &str) -> &'static str {
    if part.chars().all(|c| c == '\u{200b}') { "" } else { " " }
}

/// The text cut wherever white space begins or ends.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let blank = rest.starts_with(folds);
        let end = rest.find(|c| folds(c) != blank).unwrap_or(rest.len());
        let part = &rest[..end];
        rest = &rest[end..];
        (!part.is_empty()).then_some(part)
    })
}

fn piece(text: &str, mark: Mark, voice: Voice, shaper: &mut Shaper) -> Piece {
    let bold = voice.bold || mark.strong;
    let word = if text.contains(unspeakable) {
        shaper.word(&text.replace(unspeakable, "\u{fffd}"), bold)
    } else {
        shaper.word(text, bold)
    };
    Piece {
        word,
        size: if mark.small { voice.size * SMALL } else { voice.size },
        colour: if mark.small { voice.pale } else { voice.colour },
        slanted: mark.slanted,
    }
}

/// The narrowest and the widest these words can stand: the longest word, and the longest line
/// when lines end only where they must.
pub(crate) fn extent(tokens: &[Token]) -> (f32, f32) {
    let (mut narrow, mut wide, mut line) = (0.0_f32, 0.0_f32, 0.0_f32);
    for token in tokens {
        match token {
            Token::Word(pieces) => {
                let width = pieces.iter().map(Piece::width).sum();
                narrow = narrow.max(width);
                line += width;
                wide = wide.max(line);
            }
            Token::Space(piece) => line += piece.width(),
            Token::Break => line = 0.0,
        }
    }
    (narrow, wide)
}

//! Breaks words into lines.

use super::row::Span;
use crate::parse::{Inline, Mark};
use crate::shape::{Shaper, Word, may_cut};
use crate::style::{Rgb, SMALL};
use std::ops::Range;
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
    size: f32,
    colour: Rgb,
    slanted: bool,
}

impl Piece {
    fn width(&self) -> f32 {
        self.word.width * self.size
    }

    fn spans(&self) -> impl Iterator<Item = Span> + '_ {
        self.word.runs.iter().map(|run| Span {
            run: Rc::clone(run),
            glyphs: 0..run.glyphs.len(),
            size: self.size,
            colour: self.colour,
            slanted: self.slanted,
        })
    }
}

/// One line.
#[derive(Debug, Default)]
pub(crate) struct Line {
    pub(crate) spans: Vec<Span>,
    /// Its width without the space at its end.
    pub(crate) width: f32,
    /// The greatest size in it.
    pub(crate) size: f32,
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
    if part.chars().all(|c| c == '\u{200b}') {
        ""
    } else {
        " "
    }
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
        size: if mark.small {
            voice.size * SMALL
        } else {
            voice.size
        },
        colour: if mark.small { voice.pale } else { voice.colour },
        slanted: mark.slanted,
    }
}

/// Words on one line of their own, such as the marker of a list.
pub(crate) fn plain(text: &str, voice: Voice, shaper: &mut Shaper) -> Vec<Span> {
    let inlines = [Inline::Words(text.to_owned(), Mark::default())];
    let tokens = tokens(&inlines, voice, shaper);
    lines(&tokens, f32::MAX)
        .into_iter()
        .flat_map(|line| line.spans)
        .collect()
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

/// A line may be this much longer than its measure before it is broken: widths are sums of floats.
const SLACK: f32 = 0.01;

/// The words in lines no wider than `measure`. A line ends at a space; a word that is wider than
/// a whole line is cut, after punctuation if it has some.
pub(crate) fn lines(tokens: &[Token], measure: f32) -> Vec<Line> {
    let mut setter = Setter {
        measure: measure + SLACK,
        done: Vec::new(),
        line: Line::default(),
    };
    let mut space: Option<&Piece> = None;
    for token in tokens {
        match token {
            Token::Break => {
                setter.end();
                space = None;
            }
            Token::Space(piece) => space = Some(piece),
            Token::Word(pieces) => {
                setter.word(pieces, space.take());
            }
        }
    }
    // Text that ends with a break has no empty line after it.
    if !setter.line.spans.is_empty() {
        setter.end();
    }
    setter.done
}

struct Setter {
    measure: f32,
    done: Vec<Line>,
    line: Line,
}

impl Setter {
    fn end(&mut self) {
        self.done.push(std::mem::take(&mut self.line));
    }

    fn add(&mut self, piece: &Piece) {
        self.line.spans.extend(piece.spans());
        self.line.width += piece.width();
        self.line.size = self.line.size.max(piece.size);
    }

    fn word(&mut self, pieces: &[Piece], space: Option<&Piece>) {
        let width: f32 = pieces.iter().map(Piece::width).sum();
        let blank = space.map_or(0.0, Piece::width);
        if !self.line.spans.is_empty() && self.line.width + blank + width > self.measure {
            // The space stays at the end of the line, so that copied words are not glued.
            if let Some(piece) = space {
                self.line.spans.extend(piece.spans());
            }
            self.end();
        } else if let Some(piece) = space {
            self.add(piece);
        }
        if width > self.measure {
            self.cut(pieces);
        } else {
            for piece in pieces {
                self.add(piece);
            }
        }
    }

    /// Cuts a word into as many lines as it needs, between clusters.
    fn cut(&mut self, pieces: &[Piece]) {
        let clusters: Vec<Cluster> = pieces.iter().flat_map(clusters).collect();
        let mut start = 0;
        while start < clusters.len() {
            let mut width = self.line.width;
            let mut end = start;
            while end < clusters.len() && width + clusters[end].width <= self.measure {
                width += clusters[end].width;
                end += 1;
            }
            if end < clusters.len() {
                let soft = (start + 1..=end).rev().find(|at| clusters[at - 1].soft);
                end = soft.unwrap_or(end).max(start + 1);
            }
            for cluster in &clusters[start..end] {
                self.cluster(cluster);
            }
            start = end;
            if start < clusters.len() {
                self.end();
            }
        }
    }

    fn cluster(&mut self, cluster: &Cluster) {
        let (line, span) = (&mut self.line, &cluster.span);
        line.width += cluster.width;
        line.size = line.size.max(span.size);
        match line.spans.last_mut() {
            Some(last)
                if Rc::ptr_eq(&last.run, &span.run) && last.glyphs.end == span.glyphs.start =>
            {
                last.glyphs.end = span.glyphs.end;
            }
            _ => line.spans.push(span.clone()),
        }
    }
}

/// Glyphs that may not be parted.
struct Cluster {
    span: Span,
    width: f32,
    /// Whether a word may well be cut after it.
    soft: bool,
}

fn clusters(piece: &Piece) -> Vec<Cluster> {
    let mut out = Vec::new();
    for span in piece.spans() {
        let glyphs = &span.run.glyphs;
        let text = span.run.text.as_str();
        let mut start = 0;
        while start < glyphs.len() {
            let from = glyphs[start].bytes.start;
            let same = |at: usize| at == from || !may_cut(text, at);
            let more = glyphs[start..]
                .iter()
                .take_while(|g| same(g.bytes.start))
                .count()
                .max(1);
            let range: Range<usize> = start..start + more;
            let soft = text[..glyphs[range.end - 1].bytes.end]
                .ends_with(['-', '/', '_', '.', ',', '@', ':', '–']);
            let part = Span {
                glyphs: range,
                ..span.clone()
            };
            out.push(Cluster {
                width: part.width(),
                span: part,
                soft,
            });
            start += more;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::{INK, PALE};

    const VOICE: Voice = Voice {
        size: 10.0,
        colour: INK,
        bold: false,
        pale: PALE,
    };

    fn set(text: &str, measure: f32) -> Vec<String> {
        let inlines = [Inline::Words(text.to_owned(), Mark::default())];
        let tokens = tokens(&inlines, VOICE, &mut Shaper::new("en"));
        let say = |line: Line| {
            assert!(
                line.width <= measure + 0.1 || line.spans.len() == 1,
                "{text}"
            );
            line.spans
                .iter()
                .map(|s| {
                    let glyphs = &s.run.glyphs[s.glyphs.clone()];
                    let from = glyphs.first().map_or(0, |g| g.bytes.start);
                    let to = glyphs.last().map_or(0, |g| g.bytes.end);
                    s.run.text[from..to].to_owned()
                })
                .collect()
        };
        lines(&tokens, measure).into_iter().map(say).collect()
    }

    #[test]
    fn lines_end_at_spaces() {
        assert_eq!(set("one two three", 1000.0), ["one two three"]);
        assert_eq!(set("one two three", 42.0), ["one two ", "three"]);
        assert_eq!(set("  one \n\t two  ", 1000.0), ["one two"]);
        assert_eq!(set("", 100.0), [""; 0]);
    }

    #[test]
    fn a_no_break_space_holds_words_together() {
        assert_eq!(set("ward no\u{a0}12", 50.0), ["ward ", "no\u{a0}12"]);
    }

    #[test]
    fn a_space_without_width_lets_a_line_end() {
        assert_eq!(set("trade\u{200b}license", 40.0), ["trade", "license"]);
        assert_eq!(set("trade\u{200b}license", 400.0), ["tradelicense"]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_cut_after_punctuation_or_between_clusters() {
        assert_eq!(
            set("TLA-DEMO-2025-26-000001", 62.0),
            ["TLA-DEMO-", "2025-26-", "000001"]
        );
        let cut = set("कार्यालयाध्यक्ष", 30.0);
        assert!(cut.len() > 1);
        assert_eq!(cut.concat(), "कार्यालयाध्यक्ष");
        assert_eq!(set("abc", 0.0), ["a", "b", "c"]);
    }

    #[test]
    fn the_extent_of_words_is_their_longest_word_and_their_longest_line() {
        let words = |text: &str| Inline::Words(text.to_owned(), Mark::default());
        let inlines = [words("a bcd"), Inline::Break, words("ef")];
        let (narrow, wide) = extent(&tokens(&inlines, VOICE, &mut Shaper::new("en")));
        assert!(narrow < wide && narrow > 0.0);
        assert_eq!(set("a bcd", wide), ["a bcd"]);
        assert_eq!(set("a bcd", wide - 1.0).len(), 2);
    }
}

//! Breaks words into lines.

use super::row::Span;
use super::token::{Piece, Token, Voice, tokens};
use crate::parse::{Inline, Mark};
use crate::shape::{Shaper, may_cut};
use std::ops::Range;
use std::rc::Rc;

/// One line.
#[derive(Debug, Default)]
pub(crate) struct Line {
    pub(crate) spans: Vec<Span>,
    /// Its width without the space at its end.
    pub(crate) width: f32,
    /// The greatest size in it.
    pub(crate) size: f32,
}

/// Words on one line of their own, such as the marker of a list.
pub(crate) fn plain(text: &str, voice: Voice, shaper: &mut Shaper) -> Vec<Span> {
    let inlines = [Inline::Words(text.to_owned(), Mark::default())];
    let tokens = tokens(&inlines, voice, shaper);
    lines(&tokens, f32::MAX).into_iter().flat_map(|line| line.spans).collect()
}

/// A line may be this much longer than its measure before it is broken: widths are sums of floats.
const SLACK: f32 = 0.01;

/// The words in lines no wider than `measure`. A line ends at a space; a word that is wider than
/// a whole line is cut, after punctuation if it has some.
pub(crate) fn lines(tokens: &[Token], measure: f32) -> Vec<Line> {
    let mut setter = Setter { measure: measure + SLACK, done: Vec::new(), line: Line::default() };
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
            Some(last) if Rc::ptr_eq(&last.run, &span.run) && last.glyphs.end == span.glyphs.start => {
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
            let more = glyphs[start..].iter().take_while(|g| same(g.bytes.start)).count().max(1);
            let range: Range<usize> = start..start + more;
            let soft = text[..glyphs[range.end - 1].bytes.end].ends_with(['-', '/', '_', '.', ',', '@', ':', '–']);
            let part = Span { glyphs: range, ..span.clone() };
            out.push(Cluster { width: part.width(), span: part, soft });
            start += more;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::token::extent;
    use super::*;
    use crate::style::{INK, PALE};

    const VOICE: Voice = Voice { size: 10.0, colour: INK, bold: false, pale: PALE };

    fn set(text: &str, measure: f32) -> Vec<String> {
        let inlines = [Inline::Words(text.to_owned(), Mark::default())];
        let tokens = tokens(&inlines, VOICE, &mut Shaper::new("en"));
        let say = |line: Line| {
            assert!(line.width <= measure + 0.1 || line.spans.len() == 1, "{text}");
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
        assert_eq!(set("TLA-DEMO-2025-26-000001", 62.0), ["TLA-DEMO-", "2025-26-", "000001"]);
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

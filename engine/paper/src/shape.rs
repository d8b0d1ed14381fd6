//! Turns words into glyphs: splits them by script, shapes each piece, remembers what it has done.

use crate::font::{FACES, FaceId, face};
use harfrust::{
    Buffer, BufferFlags, ClusterLevel, Direction, Language, Script, ShapeOptions, ShapePlan,
    ShaperFont,
};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// A glyph and where it stands; lengths are shares of the size of the text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Glyph {
    pub(crate) id: u32,
    pub(crate) advance: f32,
    pub(crate) dx: f32,
    pub(crate) dy: f32,
    /// The bytes of the text it stands for, shared by all glyphs of a cluster.
    pub(crate) bytes: Range<usize>,
}

/// Text of one script in one weight.
#[derive(Debug, PartialEq)]
pub(crate) struct Run {
    pub(crate) face: FaceId,
    pub(crate) text: String,
    pub(crate) glyphs: Vec<Glyph>,
}

impl Run {
    /// The width of some of its glyphs.
    pub(crate) fn width(&self, glyphs: Range<usize>) -> f32 {
        self.glyphs[glyphs].iter().map(|glyph| glyph.advance).sum()
    }
}

/// Shaped text that is not broken unless it must be.
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) runs: Vec<Rc<Run>>,
    /// Its width as a share of the size of the text.
    pub(crate) width: f32,
}

/// Shapes the words of one paper.
pub(crate) struct Shaper {
    language: Option<Language>,
    plans: [Option<ShapePlan>; FACES],
    buffer: Buffer,
    /// What was shaped before, ordinary and bold. Only looked up, never walked through.
    known: [HashMap<String, Rc<Word>>; 2],
}

impl Shaper {
    /// A shaper for text mainly in this language.
    pub(crate) fn new(language: &str) -> Self {
        Self {
            language: Language::new(language),
            plans: [const { None }; FACES],
            buffer: Buffer::new(),
            known: [HashMap::new(), HashMap::new()],
        }
    }

    /// A word or a space in glyphs.
    pub(crate) fn word(&mut self, text: &str, bold: bool) -> Rc<Word> {
        if let Some(word) = self.known[usize::from(bold)].get(text) {
            return Rc::clone(word);
        }
        let pieces = itemise(text, bold);
        let runs: Vec<_> = pieces
            .into_iter()
            .map(|(id, piece)| Rc::new(self.run(id, &text[piece])))
            .collect();
        let width = runs.iter().map(|run| run.width(0..run.glyphs.len())).sum();
        let word = Rc::new(Word { runs, width });
        self.known[usize::from(bold)].insert(text.to_owned(), Rc::clone(&word));
        word
    }

    fn run(&mut self, id: FaceId, text: &str) -> Run {
        let face = face(id);
        let script = if id.is_devanagari() {
            Script::DEVANAGARI
        } else {
            Script::LATIN
        };
        let plan = self.plans[id as usize].get_or_insert_with(|| {
            let language = self.language.as_ref();
            ShapePlan::new(
                &face.shaping,
                Direction::LeftToRight,
                Some(script),
                language,
                &[],
            )
        });
        let buffer = &mut self.buffer;
        buffer.reset();
        buffer.push_str(text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(Some(script));
        buffer.set_language(self.language.clone());
        buffer.set_cluster_level(ClusterLevel::MonotoneCharacters);
        buffer.set_flags(BufferFlags::BEGINNING_OF_TEXT | BufferFlags::END_OF_TEXT);
        let options = ShapeOptions::new().plan(Some(plan));
        harfrust::shape(&ShaperFont::new(&face.shaping), buffer, options)
            .expect("the buffer is fresh and has the plan's direction and script");
        let mut glyphs = glyphs(buffer, text.len(), face.units_per_em);
        replace_missing(id, &mut glyphs);
        Run {
            face: id,
            text: text.to_owned(),
            glyphs: closed(id, glyphs),
        }
    }
}

/// The shaped glyphs with the bytes each stands for. A letter and its sign are kept apart where
/// they follow each other as they are written: then every reader copies them rightly.
fn glyphs(buffer: &Buffer, length: usize, units_per_em: f32) -> Vec<Glyph> {
    let infos = buffer.glyph_infos();
    let scale = |units: i32| units as f32 / units_per_em;
    let mut out: Vec<Glyph> = Vec::with_capacity(infos.len());
    for (info, position) in infos.iter().zip(buffer.glyph_positions()) {
        out.push(Glyph {
            id: info.glyph_id,
            advance: scale(position.x_advance),
            dx: scale(position.x_offset),
            dy: scale(position.y_offset),
            bytes: info.cluster as usize..length,
        });
    }
    // A mark set back over its letter shares the letter's cluster: taken alone, readers would see
    // a letter that runs backwards.
    for at in 1..out.len() {
        if set_back(&out[at]) {
            let (start, own) = (out[at - 1].bytes.start, out[at].bytes.start);
            let same = out[at..]
                .iter()
                .take_while(|glyph| glyph.bytes.start == own)
                .count();
            out[at..at + same]
                .iter_mut()
                .for_each(|glyph| glyph.bytes.start = start);
        }
    }
    // A cluster ends where the next one begins; the last ends with the text.
    let mut end = length;
    for at in (0..out.len()).rev() {
        out[at].bytes.end = end;
        if at > 0 && out[at - 1].bytes.start != out[at].bytes.start {
            end = out[at].bytes.start;
        }
    }
    out
}

/// Draws what no face has as U+FFFD, so that nobody takes it for something else. Its text stays.
fn replace_missing(id: FaceId, glyphs: &mut [Glyph]) {
    let face = face(id);
    for glyph in glyphs.iter_mut().filter(|glyph| glyph.id == 0) {
        if let Some(sign) = face.shaping.charmap().map_unicode('\u{fffd}') {
            let units = ShaperFont::new(&face.shaping).glyph_h_advance(sign);
            glyph.id = sign.to_u32();
            glyph.advance = units as f32 / face.units_per_em;
        }
    }
}

/// Whether a glyph is a mark that stands back over the letter before it.
fn set_back(glyph: &Glyph) -> bool {
    glyph.advance == 0.0 && glyph.dx < 0.0
}

/// Ends every cluster whose last glyph is set back with an empty glyph that ends at the cluster's
/// right edge. Readers take the right edge of the last glyph for the end of the cluster and would
/// see a space where there is none.
fn closed(id: FaceId, glyphs: Vec<Glyph>) -> Vec<Glyph> {
    let face = face(id);
    let Some(space) = face.shaping.charmap().map_unicode(' ') else {
        return glyphs;
    };
    let width = ShaperFont::new(&face.shaping).glyph_h_advance(space);
    let dx = -(width as f32) / face.units_per_em;
    let mut out: Vec<Glyph> = Vec::with_capacity(glyphs.len() + 4);
    let mut rest = glyphs.into_iter().peekable();
    while let Some(glyph) = rest.next() {
        let ends = rest
            .peek()
            .is_none_or(|next| next.bytes.start != glyph.bytes.start);
        let (bytes, back) = (glyph.bytes.clone(), set_back(&glyph));
        out.push(glyph);
        if ends && back {
            out.push(Glyph {
                id: space.to_u32(),
                advance: 0.0,
                dx,
                dy: 0.0,
                bytes,
            });
        }
    }
    out
}

/// Whether a word may be cut before this byte: never before a sign that belongs to the letter
/// before it, and never inside a conjunct.
pub(crate) fn may_cut(text: &str, at: usize) -> bool {
    let belongs = |c: char| {
        matches!(
            c,
            '\u{900}'..='\u{903}'
                | '\u{93a}'..='\u{93c}'
                | '\u{93e}'..='\u{94f}'
                | '\u{951}'..='\u{957}'
                | '\u{962}'..='\u{963}'
                | '\u{1cd0}'..='\u{1cff}'
                | '\u{a8e0}'..='\u{a8f1}'
                | '\u{300}'..='\u{36f}'
                | '\u{1ab0}'..='\u{1aff}'
                | '\u{1dc0}'..='\u{1dff}'
                | '\u{20d0}'..='\u{20ff}'
                | '\u{fe00}'..='\u{fe2f}'
                | '\u{200c}'
                | '\u{200d}'
        )
    };
    let joins = |c: char| matches!(c, '\u{94d}' | '\u{200d}');
    let (before, after) = text.split_at(at);
    !after.starts_with(belongs) && !before.ends_with(joins)
}

/// Which side of a word a character takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Devanagari,
    Other,
    /// Digits, spaces, punctuation and joiners go with their neighbours.
    Either,
}

fn side(c: char) -> Side {
    match c {
        '\u{900}'..='\u{97f}' | '\u{1cd0}'..='\u{1cff}' | '\u{a8e0}'..='\u{a8ff}' => {
            Side::Devanagari
        }
        '\u{200c}' | '\u{200d}' | '\u{25cc}' | '\u{a0}' => Side::Either,
        c if c.is_ascii() && !c.is_ascii_alphabetic() => Side::Either,
        '\u{2010}'..='\u{2026}' | '₹' | '×' | '·' => Side::Either,
        _ => Side::Other,
    }
}

/// Splits text into pieces that one face can print. A character that may go either way stays in
/// the piece it follows, or joins the one it begins, if that face has it.
fn itemise(text: &str, bold: bool) -> Vec<(FaceId, Range<usize>)> {
    let first = text.chars().map(side).find(|side| *side != Side::Either);
    let mut devanagari = first == Some(Side::Devanagari);
    let mut pieces: Vec<(FaceId, Range<usize>)> = Vec::new();
    for (at, c) in text.char_indices() {
        match side(c) {
            Side::Devanagari => devanagari = true,
            Side::Other => devanagari = false,
            Side::Either => {}
        }
        let wanted = FaceId::of(devanagari, bold);
        let spare = FaceId::of(!devanagari, bold);
        let id = match (face(wanted).has(c), face(spare).has(c)) {
            (true, _) => wanted,
            (false, true) => spare,
            // The sign for what cannot be printed is in the Latin face.
            (false, false) => FaceId::of(false, bold),
        };
        let end = at + c.len_utf8();
        match pieces.last_mut() {
            Some((last, range)) if *last == id => range.end = end,
            _ => pieces.push((id, at..end)),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faces(text: &str) -> Vec<(bool, &str)> {
        itemise(text, false)
            .into_iter()
            .map(|(id, at)| (id.is_devanagari(), &text[at]))
            .collect()
    }

    #[test]
    fn digits_and_punctuation_go_with_their_neighbours() {
        assert_eq!(faces("(कार्यालय)"), [(true, "(कार्यालय)")]);
        assert_eq!(faces("31/03/2027"), [(false, "31/03/2027")]);
        assert_eq!(faces("धारा-12(3)"), [(true, "धारा-12(3)")]);
        assert_eq!(faces("GSTINसंख्या"), [(false, "GSTIN"), (true, "संख्या")]);
        assert_eq!(faces("₹1,00,000.00"), [(false, "₹1,00,000.00")]);
        assert_eq!(faces("क\u{200d}ष"), [(true, "क\u{200d}ष")]);
    }

    #[test]
    fn conjuncts_are_drawn_as_one_and_never_cut() {
        let mut shaper = Shaper::new("hi");
        for (text, glyphs) in [
            ("क्ष", 1),
            ("त्र", 1),
            ("श्री", 2),
            ("ज्ञ", 1),
            ("द्व", 1),
            ("हृ", 1),
        ] {
            let run = Rc::clone(&shaper.word(text, false).runs[0]);
            assert_eq!(run.glyphs.len(), glyphs, "{text}");
            assert!(run.glyphs.iter().all(|glyph| glyph.id != 0), "{text}");
        }
        let cuts = |text: &str| {
            text.char_indices()
                .filter(|(at, _)| may_cut(text, *at))
                .count()
        };
        assert_eq!(
            (
                cuts("क्ष"),
                cuts("श्री"),
                cuts("र्ट"),
                cuts("ऋषि"),
                cuts("द्वितीय")
            ),
            (1, 1, 1, 2, 3)
        );
    }

    #[test]
    fn a_mark_that_is_set_back_shares_the_cluster_of_its_letter() {
        let mut shaper = Shaper::new("hi");
        let run = Rc::clone(&shaper.word("केश", false).runs[0]);
        let bytes: Vec<_> = run.glyphs.iter().map(|glyph| glyph.bytes.clone()).collect();
        assert_eq!(bytes, [0..6, 0..6, 0..6, 6..9]);
        // The empty glyph that closes the cluster ends where the letter does.
        let closing = &run.glyphs[2];
        assert!(closing.advance == 0.0 && closing.dx < 0.0);
    }

    #[test]
    fn every_byte_belongs_to_a_glyph() {
        let mut shaper = Shaper::new("hi");
        for text in ["द्वितीय", "कार्यालय", "Office", "हृदय", "₹२,१५०"]
        {
            for run in &shaper.word(text, true).runs {
                let mut at = 0;
                for glyph in &run.glyphs {
                    assert!(glyph.bytes.start == at || glyph.bytes.end == at, "{text}");
                    at = glyph.bytes.end;
                }
                assert_eq!(at, run.text.len(), "{text}");
            }
        }
    }
}

//! Turns words into glyphs: splits them by script, shapes each piece, remembers what it has done.

mod cluster;
mod script;

pub(crate) use cluster::may_cut;

use crate::font::{FACES, FaceId, face};
use cluster::{closed, glyphs, replace_missing};
use harfrust::{Buffer, BufferFlags, ClusterLevel, Direction, Language, Script, ShapeOptions, ShapePlan, ShaperFont};
use script::itemise;
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
        let runs: Vec<_> = pieces.into_iter().map(|(id, piece)| Rc::new(self.run(id, &text[piece]))).collect();
        let width = runs.iter().map(|run| run.width(0..run.glyphs.len())).sum();
        let word = Rc::new(Word { runs, width });
        self.known[usize::from(bold)].insert(text.to_owned(), Rc::clone(&word));
        word
    }

    fn run(&mut self, id: FaceId, text: &str) -> Run {
        let face = face(id);
        let script = if id.is_devanagari() { Script::DEVANAGARI } else { Script::LATIN };
        let plan = self.plans[id as usize].get_or_insert_with(|| {
            let language = self.language.as_ref();
            ShapePlan::new(&face.shaping, Direction::LeftToRight, Some(script), language, &[])
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
        Run { face: id, text: text.to_owned(), glyphs: closed(id, glyphs) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conjuncts_are_drawn_as_one_and_never_cut() {
        let mut shaper = Shaper::new("hi");
        for (text, glyphs) in [("क्ष", 1), ("त्र", 1), ("श्री", 2), ("ज्ञ", 1), ("द्व", 1), ("हृ", 1)]
        {
            let run = Rc::clone(&shaper.word(text, false).runs[0]);
            assert_eq!(run.glyphs.len(), glyphs, "{text}");
            assert!(run.glyphs.iter().all(|glyph| glyph.id != 0), "{text}");
        }
        let cuts = |text: &str| text.char_indices().filter(|(at, _)| may_cut(text, *at)).count();
        assert_eq!((cuts("क्ष"), cuts("श्री"), cuts("र्ट"), cuts("ऋषि"), cuts("द्वितीय")), (1, 1, 1, 2, 3));
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

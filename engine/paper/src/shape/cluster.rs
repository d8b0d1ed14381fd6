//! Which glyphs stand for which letters, and what may be parted.

use super::Glyph;
use crate::font::{FaceId, face};
use harfrust::{Buffer, ShaperFont};

/// The shaped glyphs with the bytes each stands for. A letter and its sign are kept apart where
/// they follow each other as they are written: then every reader copies them rightly.
pub(super) fn glyphs(buffer: &Buffer, length: usize, units_per_em: f32) -> Vec<Glyph> {
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
            let same = out[at..].iter().take_while(|glyph| glyph.bytes.start == own).count();
            out[at..at + same].iter_mut().for_each(|glyph| glyph.bytes.start = start);
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
pub(super) fn replace_missing(id: FaceId, glyphs: &mut [Glyph]) {
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
pub(super) fn closed(id: FaceId, glyphs: Vec<Glyph>) -> Vec<Glyph> {
    let face = face(id);
    let Some(space) = face.shaping.charmap().map_unicode(' ') else {
        return glyphs;
    };
    let width = ShaperFont::new(&face.shaping).glyph_h_advance(space);
    let dx = -(width as f32) / face.units_per_em;
    let mut out: Vec<Glyph> = Vec::with_capacity(glyphs.len() + 4);
    let mut rest = glyphs.into_iter().peekable();
    while let Some(glyph) = rest.next() {
        let ends = rest.peek().is_none_or(|next| next.bytes.start != glyph.bytes.start);
        let (bytes, back) = (glyph.bytes.clone(), set_back(&glyph));
        out.push(glyph);
        if ends && back {
            out.push(Glyph { id: space.to_u32(), advance: 0.0, dx, dy: 0.0, bytes });
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

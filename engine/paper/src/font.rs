//! The four faces papers are set in, read once for the life of the process.

use std::sync::OnceLock;

/// One face: a script in a weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaceId {
    Latin,
    LatinBold,
    Devanagari,
    DevanagariBold,
}

/// How many faces there are.
pub(crate) const FACES: usize = 4;

impl FaceId {
    /// The face for a script in a weight.
    pub(crate) fn of(devanagari: bool, bold: bool) -> Self {
        match (devanagari, bold) {
            (false, false) => Self::Latin,
            (false, true) => Self::LatinBold,
            (true, false) => Self::Devanagari,
            (true, true) => Self::DevanagariBold,
        }
    }

    /// Whether it is a face for Devanagari.
    pub(crate) fn is_devanagari(self) -> bool {
        matches!(self, Self::Devanagari | Self::DevanagariBold)
    }

    fn bytes(self) -> &'static [u8] {
        match self {
            Self::Latin => include_bytes!("../fonts/NotoSans-Regular.ttf"),
            Self::LatinBold => include_bytes!("../fonts/NotoSans-Bold.ttf"),
            Self::Devanagari => include_bytes!("../fonts/NotoSansDevanagari-Regular.ttf"),
            Self::DevanagariBold => include_bytes!("../fonts/NotoSansDevanagari-Bold.ttf"),
        }
    }
}

/// A face as the shaper and as the PDF writer see it.
pub(crate) struct Face {
    pub(crate) shaping: harfrust::Font,
    pub(crate) writing: krilla::text::Font,
    pub(crate) units_per_em: f32,
}

impl Face {
    /// Whether the face can print a character.
    pub(crate) fn has(&self, c: char) -> bool {
        self.shaping.charmap().map_unicode(c).is_some()
    }
}

/// The face, read at its first use.
pub(crate) fn face(id: FaceId) -> &'static Face {
    static LOADED: [OnceLock<Face>; FACES] = [const { OnceLock::new() }; FACES];
    LOADED[id as usize].get_or_init(|| {
        let shaping = harfrust::Font::new(id.bytes(), 0).expect("the embedded font is a font");
        let writing =
            krilla::text::Font::new(id.bytes().into(), 0).expect("the embedded font is a font for the writer too");
        let units_per_em = writing.units_per_em();
        Face { shaping, writing, units_per_em }
    })
}

//! How papers look: sizes, margins and colours, all in one place.
//!
//! Lengths are in points, of which 72 make an inch.

use crate::{Error, Options, Page};

/// Points in a millimetre.
const MM: f32 = 72.0 / 25.4;

/// A colour on screen and in print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rgb(pub(crate) u8, pub(crate) u8, pub(crate) u8);

/// The colour of text.
pub(crate) const INK: Rgb = Rgb(0x1c, 0x1c, 0x1e);
/// The colour of labels and small print: 7:1 against white.
pub(crate) const PALE: Rgb = Rgb(0x55, 0x58, 0x5c);
/// The colour of rules between rows.
pub(crate) const HAIR: Rgb = Rgb(0xd3, 0xd6, 0xda);
/// The colour of titles where a town has none of its own.
const ACCENT: Rgb = Rgb(0x1d, 0x3a, 0x5f);

impl Rgb {
    /// Reads `#rrggbb` or `#rgb`.
    pub(crate) fn hex(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(digits, 16).ok()?;
        let nibble = |shift: u32| ((value >> shift) & 0xf) as u8 * 0x11;
        let byte = |shift: u32| ((value >> shift) & 0xff) as u8;
        match digits.len() {
            3 => Some(Self(nibble(8), nibble(4), nibble(0))),
            6 => Some(Self(byte(16), byte(8), byte(0))),
            _ => None,
        }
    }

    /// The colour thinned with white; `share` of 1 is the colour itself.
    pub(crate) fn tint(self, share: f32) -> Self {
        let mix = |c: u8| (255.0 - (255.0 - f32::from(c)) * share).round() as u8;
        Self(mix(self.0), mix(self.1), mix(self.2))
    }
}

/// What one paper looks like.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// Space left and right of the text.
    pub(crate) side: f32,
    /// Space above the text.
    pub(crate) top: f32,
    /// Space below the text; the footer stands in it.
    pub(crate) bottom: f32,
    /// The size of ordinary text.
    pub(crate) base: f32,
    pub(crate) accent: Rgb,
    /// Whether a double border surrounds every page.
    pub(crate) certificate: bool,
}

impl Sheet {
    /// The look of a paper with these options.
    pub(crate) fn new(options: &Options, certificate: bool) -> Result<Self, Error> {
        let accent = match options.accent {
            None => ACCENT,
            Some(text) => Rgb::hex(text).ok_or_else(|| Error::BadOption {
                name: "accent",
                value: text.to_owned(),
                expected: "a colour such as #1d3a5f",
            })?,
        };
        let (width, height, base, scale) = match options.page {
            Page::A4 => (210.0 * MM, 297.0 * MM, 10.0, 1.0),
            Page::A5 => (148.0 * MM, 210.0 * MM, 8.6, 0.68),
        };
        let base = if certificate { base * 1.06 } else { base };
        let (side, top, bottom) = if certificate { (27.0, 25.0, 30.0) } else { (21.0, 18.0, 23.0) };
        Ok(Self {
            width,
            height,
            side: side * MM * scale,
            top: top * MM * scale,
            bottom: bottom * MM * scale,
            base,
            accent,
            certificate,
        })
    }

    /// How wide the text is.
    pub(crate) fn text_width(&self) -> f32 {
        self.width - 2.0 * self.side
    }

    /// How high the text on one page is.
    pub(crate) fn text_height(&self) -> f32 {
        self.height - self.top - self.bottom
    }

    /// How far the outer line of a certificate's border is from the edge of the page.
    pub(crate) fn border(&self) -> f32 {
        self.side * 0.44
    }

    /// The baseline of the footer, from the top of the page.
    pub(crate) fn foot(&self) -> f32 {
        if self.certificate { self.height - self.border() - self.base * 2.0 } else { self.height - self.bottom * 0.48 }
    }

    /// The height of the emblem.
    pub(crate) fn emblem(&self) -> f32 {
        self.base * if self.certificate { 7.2 } else { 5.0 }
    }
}

/// The distance between two baselines, as a share of the size of the text. Devanagari needs more
/// room above and below than Latin does.
pub(crate) const LEADING: f32 = 1.5;
/// The same in tables, where lines stand closer.
pub(crate) const TABLE_LEADING: f32 = 1.4;
/// How far the baseline lies below the top of the letters, as a share of the size.
pub(crate) const ASCENT: f32 = 1.0;
/// How far letters reach below the baseline, as a share of the size.
pub(crate) const DESCENT: f32 = 0.35;
/// The size of `small`, as a share of the text around it.
pub(crate) const SMALL: f32 = 0.84;
/// How far `em` leans: an eighth of its height.
pub(crate) const SLANT: f32 = 0.16;

/// The smallest module of a QR code that common phones read from print: 0.42 mm.
pub(crate) const QR_MODULE: f32 = 0.42 * MM;
/// The smallest QR code, with its quiet zone.
pub(crate) const QR_SIDE: f32 = 26.0 * MM;
/// The quiet zone around a QR code in modules (ISO/IEC 18004).
pub(crate) const QR_QUIET: usize = 4;

/// Size, spacing and weight of one kind of text, sizes as shares of ordinary text.
pub(crate) struct Look {
    pub(crate) size: f32,
    pub(crate) before: f32,
    pub(crate) after: f32,
    pub(crate) leading: f32,
}

/// The look of a title of this level; level 0 is ordinary text.
pub(crate) fn look(level: u8) -> Look {
    match level {
        1 => Look { size: 2.0, before: 1.0, after: 0.7, leading: 1.35 },
        2 => Look { size: 1.3, before: 1.5, after: 0.5, leading: 1.4 },
        3 => Look { size: 1.08, before: 1.1, after: 0.3, leading: 1.45 },
        _ => Look { size: 1.0, before: 0.0, after: 0.6, leading: LEADING },
    }
}

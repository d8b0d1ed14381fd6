//! Papers: licenses, receipts, bills and statements as PDF.
//!
//! A paper is written in a small, well-formed HTML, so that authors of templates need not learn
//! a second language. [`pdf`] turns it into the bytes of a PDF that can be read aloud, searched
//! and copied from, in English and in Hindi.
//!
//! # The elements
//!
//! | Element | Meaning |
//! |---|---|
//! | `h1` `h2` `h3` `p` `hr` `br` | as everywhere |
//! | `strong` `em` `small` `span` | words within a line; `small` is also paler |
//! | `ul` `ol` `li` | lists |
//! | `table` `thead` `tbody` `tfoot` `tr` `th` `td` | tables; columns find their own width, the head comes again on every page; `colspan` is understood |
//! | `img src="emblem"` | the emblem given in [`Options`]; `alt` says what it shows |
//! | `qr` | its text as a QR code |
//! | `div` | a group; does something only with a class |
//!
//! # The classes
//!
//! | Class | On | Meaning |
//! |---|---|---|
//! | `certificate` | the one `div` around the whole paper | a thin double border, wider margins, centred title |
//! | `a5` | the one `div` around the whole paper | half a sheet, whatever [`Options`] say; elsewhere it does nothing |
//! | `page` | `div` | begins on a new page |
//! | `box` | `div` | a quiet frame, kept on one page if it is short |
//! | `columns` | `div` | its children stand side by side |
//! | `right` `center` `num` | anything with text | alignment; `num` also keeps a table cell on one line |
//! | `plain` | `table` | facts with labels: `th` names, `td` says |
//! | `total` | `tr` | a row of sums |
//!
//! `lang` may stand on any element. Other attributes are ignored; unknown elements, classes and
//! entities are errors.

// Positions on a page are measured in points and computed as floats; nothing here is money.
#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "geometry of a page, not money"
)]

mod error;

mod style;

mod parse;

mod emblem;

mod font;

mod shape;

mod layout;

mod tags;

mod draw;

pub use error::Error;

/// The longest text that is accepted, in bytes (1 MiB).
pub const MAX_BYTES: usize = 1 << 20;

/// The most pages a paper may have.
pub const MAX_PAGES: usize = 200;

/// How deep elements may stand inside each other.
pub const MAX_DEPTH: usize = 32;

/// The most columns a table may have.
pub const MAX_COLUMNS: usize = 64;

/// The most different QR codes a paper may have.
pub const MAX_CODES: usize = 100;

/// The size of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Page {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 148 × 210 mm.
    A5,
}

/// What a paper needs besides its text.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// The title shown by readers and read aloud first.
    pub title: &'a str,
    /// The language of the text as a BCP 47 tag: `hi`, `en-IN`.
    pub language: &'a str,
    /// The size of the paper.
    pub page: Page,
    /// Words at the foot of every page.
    pub footer: Option<&'a str>,
    /// The emblem drawn by `<img src="emblem"/>`: an SVG of simple shapes (paths, rectangles,
    /// circles, ellipses, lines and polygons in plain colours).
    pub emblem: Option<&'a str>,
    /// The colour of titles and rules, as `#rrggbb`.
    pub accent: Option<&'a str>,
    /// The day or moment the paper was made, ISO 8601: `2027-03-31` or
    /// `2027-03-31T10:00:00+05:30`. It is given, never read from a clock, so that the same paper
    /// has the same bytes for ever.
    pub created: &'a str,
}

/// Lays out a paper written in a small, well-formed HTML and returns the bytes of a PDF.
///
/// The same text and options always give the same bytes.
///
/// # Errors
///
/// Says what is wrong and on which line; see [`Error`].
pub fn pdf(html: &str, options: &Options) -> Result<Vec<u8>, Error> {
    let paper = parse::parse(html)?;
    let options = &Options { page: if paper.small { Page::A5 } else { options.page }, ..*options };
    let sheet = style::Sheet::new(options, paper.certificate)?;
    let emblem = options.emblem.map(|svg| emblem::parse(svg, sheet.accent)).transpose()?;
    let laid = layout::lay_out(&paper, &sheet, emblem.as_ref(), options)?;
    draw::write(laid, &sheet, emblem.as_ref(), options)
}

//! Why a paper could not be made, in words its author can act on.

use std::fmt;

/// Why a paper could not be made.
///
/// Lines count from one in the text that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The text is longer than [`crate::MAX_BYTES`].
    TooLarge {
        /// How long it is.
        bytes: usize,
    },
    /// Elements stand inside each other deeper than [`crate::MAX_DEPTH`].
    TooDeep {
        /// The line of the element that is one too deep.
        line: u32,
    },
    /// The paper would have more than [`crate::MAX_PAGES`] pages.
    TooManyPages,
    /// A table has more than [`crate::MAX_COLUMNS`] columns.
    TooManyColumns {
        /// The line of the table.
        line: u32,
    },
    /// The text is not well-formed.
    NotWellFormed {
        /// The line where reading stopped.
        line: u32,
        /// What the reader says.
        message: String,
    },
    /// A named character such as `&foo;` that is not known.
    UnknownEntity {
        /// Its name.
        name: String,
        /// Its line.
        line: u32,
    },
    /// An element that papers do not have.
    UnknownElement {
        /// Its name.
        name: String,
        /// Its line.
        line: u32,
    },
    /// A class that papers do not have.
    UnknownClass {
        /// Its name.
        name: String,
        /// Its line.
        line: u32,
    },
    /// An element where it cannot stand, such as a row outside a table.
    Misplaced {
        /// Its name.
        name: String,
        /// Its line.
        line: u32,
        /// Where it belongs.
        belongs: &'static str,
    },
    /// An option that cannot be used.
    BadOption {
        /// Which one.
        name: &'static str,
        /// What was given.
        value: String,
        /// What it should look like.
        expected: &'static str,
    },
    /// The emblem is asked for and not given, or is not a simple drawing.
    BadEmblem(String),
    /// The text of a QR code is longer than any QR code can hold.
    BadQr {
        /// The length of the text in bytes.
        bytes: usize,
    },
    /// The paper has more than [`crate::MAX_CODES`] different QR codes.
    TooManyCodes,
    /// The PDF could not be written.
    NotWritten(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { bytes } => {
                write!(f, "the paper has {bytes} bytes; the limit is {}", crate::MAX_BYTES)
            }
            Self::TooDeep { line } => {
                let limit = crate::MAX_DEPTH;
                write!(f, "line {line}: elements are nested more than {limit} deep")
            }
            Self::TooManyPages => {
                write!(f, "the paper would have more than {} pages", crate::MAX_PAGES)
            }
            Self::TooManyColumns { line } => {
                write!(f, "line {line}: the table has more than {} columns", crate::MAX_COLUMNS)
            }
            Self::NotWellFormed { line, message } => {
                write!(f, "line {line}: the paper is not well-formed: {message}")
            }
            Self::UnknownEntity { name, line } => {
                write!(f, "line {line}: `&{name};` is not a known character; write the character itself")
            }
            Self::UnknownElement { name, line } => {
                write!(f, "line {line}: papers have no element <{name}>; they have {ELEMENTS}")
            }
            Self::UnknownClass { name, line } => {
                write!(f, "line {line}: papers have no class `{name}`; they have {CLASSES}")
            }
            Self::Misplaced { name, line, belongs } => {
                write!(f, "line {line}: <{name}> cannot stand here; it belongs {belongs}")
            }
            Self::BadOption { name, value, expected } => {
                write!(f, "the option `{name}` is `{value}`; expected {expected}")
            }
            Self::BadEmblem(why) => write!(f, "the emblem cannot be drawn: {why}"),
            Self::BadQr { bytes } => {
                write!(f, "a QR code cannot hold {bytes} bytes; it holds at most 2331")
            }
            Self::TooManyCodes => {
                let limit = crate::MAX_CODES;
                write!(f, "the paper has more than {limit} different QR codes")
            }
            Self::NotWritten(why) => write!(f, "the PDF could not be written: {why}"),
        }
    }
}

impl std::error::Error for Error {}

/// The elements papers have, for the message about one they do not have.
const ELEMENTS: &str = "h1 h2 h3 p strong em small span br hr ul ol li table thead tbody tfoot \
                        tr th td div img qr";

/// The classes papers have, for the message about one they do not have.
const CLASSES: &str = "certificate a5 page box columns right center num plain total";

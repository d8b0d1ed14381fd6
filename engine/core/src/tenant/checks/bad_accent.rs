//! # bad-accent
//!
//! The accent colour is not written as `#rrggbb`, or white text on it (and it on white) cannot be
//! read: the contrast is below 4.5 : 1.
//!
//! **Why it matters.** Headings, links and buttons of every page use this colour; the Web Content
//! Accessibility Guidelines (1.4.3) ask for 4.5 : 1, and a phone in the sun asks for more.
//!
//! **Remedy.** Choose a darker colour of the same hue.

use crate::source::manual::manual;
use crate::source::{At, Diagnostic};

manual!("bad-accent", "bad_accent.rs");

/// The colour is not `#rrggbb`.
pub fn not_a_colour(colour: &At<String>) -> Diagnostic {
    Diagnostic::error(
        MANUAL,
        &colour.at,
        format!("`{}` is not a colour", colour.value),
        "pages could not be drawn with it",
    )
    .help("write it as six hexadecimal digits, for example \"#1d5f8a\"")
}

/// Its contrast against white, in hundredths, is too low.
pub fn too_light(colour: &At<String>, hundredths: u64) -> Diagnostic {
    let title =
        format!("`{}` has a contrast of {}.{:02} : 1 against white", colour.value, hundredths / 100, hundredths % 100);
    Diagnostic::error(MANUAL, &colour.at, title, "text in this colour could not be read")
        .help("choose a darker colour: at least 4.5 : 1 is needed")
}

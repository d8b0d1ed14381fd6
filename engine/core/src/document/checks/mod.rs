//! What can be wrong with a paper, besides its tags. One check, one file.

pub mod broken_markup;
pub mod untranslated_document;
pub mod unused_document;

use crate::source::Manual;

/// Every check of this folder.
pub const ALL: &[Manual] = &[broken_markup::MANUAL, untranslated_document::MANUAL, unused_document::MANUAL];

//! What can be wrong with a template, of a message or of a paper. One check, one file.

pub mod maybe_empty_variable;
pub mod raw_template;
pub mod template_include;
pub mod template_syntax;
pub mod template_too_deep;
pub mod unformatted_variable;
pub mod unknown_helper;
pub mod unknown_variable;

use crate::source::Manual;

/// Every check of this folder.
pub const ALL: &[Manual] = &[
    maybe_empty_variable::MANUAL,
    raw_template::MANUAL,
    template_include::MANUAL,
    template_syntax::MANUAL,
    template_too_deep::MANUAL,
    unformatted_variable::MANUAL,
    unknown_helper::MANUAL,
    unknown_variable::MANUAL,
];

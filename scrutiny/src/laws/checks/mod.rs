//! What can be wrong with by-laws. One check, one file; the comment at its head is its manual.

pub mod scrutiny_expression;
pub mod scrutiny_measure;
pub mod scrutiny_measured_twice;
pub mod scrutiny_missing_words;
pub mod scrutiny_table;
pub mod scrutiny_table_cover;
pub mod scrutiny_unknown_name;
pub mod scrutiny_unused;

use engine::source::Manual;

/// Every check of this folder.
pub const ALL: &[Manual] = &[
    scrutiny_expression::MANUAL,
    scrutiny_measure::MANUAL,
    scrutiny_measured_twice::MANUAL,
    scrutiny_missing_words::MANUAL,
    scrutiny_table::MANUAL,
    scrutiny_table_cover::MANUAL,
    scrutiny_unknown_name::MANUAL,
    scrutiny_unused::MANUAL,
];

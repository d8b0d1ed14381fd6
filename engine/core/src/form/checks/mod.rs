//! What can be wrong with a form. One check, one file.

pub mod bad_limit;
pub mod bad_pattern;
pub mod condition_looks_ahead;
pub mod duplicate_field;
pub mod empty_page;
pub mod key_not_for_type;
pub mod list_too_deep;
pub mod min_above_max;
pub mod misplaced_check;
pub mod nested_fieldset;
pub mod personal_floor;
pub mod reserved_name;
pub mod sensitive_told;
pub mod too_few_options;
pub mod unknown_fieldset;
pub mod unknown_list;
pub mod unknown_locale_name;
pub mod unknown_type;
pub mod unlike_question;
pub mod with_place_alone;

use crate::source::Manual;

/// Every check of this folder.
pub const ALL: &[Manual] = &[
    bad_limit::MANUAL,
    bad_pattern::MANUAL,
    condition_looks_ahead::MANUAL,
    duplicate_field::MANUAL,
    empty_page::MANUAL,
    key_not_for_type::MANUAL,
    list_too_deep::MANUAL,
    min_above_max::MANUAL,
    misplaced_check::MANUAL,
    nested_fieldset::MANUAL,
    personal_floor::MANUAL,
    reserved_name::MANUAL,
    sensitive_told::MANUAL,
    too_few_options::MANUAL,
    unknown_fieldset::MANUAL,
    unknown_list::MANUAL,
    unknown_locale_name::MANUAL,
    unknown_type::MANUAL,
    unlike_question::MANUAL,
    with_place_alone::MANUAL,
];

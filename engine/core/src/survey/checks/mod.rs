//! What can be wrong with a survey. One check, one file.

pub mod survey_by_place;
pub mod survey_days;
pub mod survey_fine_place;
pub mod survey_kind;
pub mod survey_least;
pub mod survey_long;
pub mod survey_personal;
pub mod survey_post;

use crate::source::Manual;

/// Every check of this folder.
pub const ALL: &[Manual] = &[
    survey_by_place::MANUAL,
    survey_days::MANUAL,
    survey_fine_place::MANUAL,
    survey_kind::MANUAL,
    survey_least::MANUAL,
    survey_long::MANUAL,
    survey_personal::MANUAL,
    survey_post::MANUAL,
];

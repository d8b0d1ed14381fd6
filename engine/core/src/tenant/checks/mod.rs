//! What can be wrong with a tenant. One check, one file.

pub mod bad_accent;
pub mod bad_announcement;
pub mod bad_calendar;
pub mod bad_denomination;
pub mod bad_holiday;
pub mod bad_identity_number;
pub mod bad_language;
pub mod bad_tenant_code;
pub mod bad_time_zone;
pub mod missing_emblem;
pub mod unknown_format;
pub mod unknown_service;
pub mod unsafe_emblem;
pub mod wrong_tenant_level;

use crate::source::Manual;

/// Every check of this folder.
pub const ALL: &[Manual] = &[
    bad_accent::MANUAL,
    bad_announcement::MANUAL,
    bad_calendar::MANUAL,
    bad_denomination::MANUAL,
    bad_holiday::MANUAL,
    bad_identity_number::MANUAL,
    bad_language::MANUAL,
    bad_tenant_code::MANUAL,
    bad_time_zone::MANUAL,
    missing_emblem::MANUAL,
    unknown_format::MANUAL,
    unknown_service::MANUAL,
    unsafe_emblem::MANUAL,
    wrong_tenant_level::MANUAL,
];

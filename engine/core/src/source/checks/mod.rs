//! What can be wrong with a file by itself, before anybody asks what it means. One check, one file.

pub mod ambiguous_scalar;
pub mod broken_yaml;
pub mod duplicate_key;
pub mod missing_key;
pub mod not_utf8;
pub mod too_large;
pub mod unknown_key;
pub mod unsupported_yaml;
pub mod wrong_name;
pub mod wrong_shape;

use super::Manual;

/// Every check of this folder.
pub const ALL: &[Manual] = &[
    ambiguous_scalar::MANUAL,
    broken_yaml::MANUAL,
    duplicate_key::MANUAL,
    missing_key::MANUAL,
    not_utf8::MANUAL,
    too_large::MANUAL,
    unknown_key::MANUAL,
    unsupported_yaml::MANUAL,
    wrong_name::MANUAL,
    wrong_shape::MANUAL,
];

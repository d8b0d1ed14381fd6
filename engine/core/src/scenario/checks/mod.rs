//! What can be wrong with a scenario. One check, one file.

pub mod law_broken;
pub mod scenario_differs;
pub mod scenario_idle_key;
pub mod scenario_step;
pub mod scenario_unknown_name;

use crate::source::Manual;

/// Every check of this folder.
pub const ALL: &[Manual] = &[
    law_broken::MANUAL,
    scenario_differs::MANUAL,
    scenario_idle_key::MANUAL,
    scenario_step::MANUAL,
    scenario_unknown_name::MANUAL,
];

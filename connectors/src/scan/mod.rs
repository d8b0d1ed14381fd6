//! Checkers of viruses: what they know is refused before it is kept.

pub mod clamav;

use serde::{Deserialize, Serialize};

/// What looks through files: `scan: { type: clamav, at: /run/clamav/clamd.ctl }`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ScanConfig {
    /// Nothing does.
    None {},
    /// A ClamAV beside us.
    Clamav(clamav::ClamavConfig),
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Nothing that is known.
    Nothing,
    /// A virus, by the checker's name for it.
    Virus(String),
}

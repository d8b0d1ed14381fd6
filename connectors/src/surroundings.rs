//! What a connector is told about where it runs, so that it need not look.

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Gives the present, in milliseconds since 1970. A town run on invented time hands its own.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// What a connector may use of the machine it runs on.
pub struct Surroundings<'a> {
    /// Where relative paths of the configuration begin.
    pub data_dir: &'a Path,
    /// Looks up an environment variable: normally `std::env::var(name).ok()`.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// The present.
    pub clock: Clock,
}

/// The machine's own clock.
pub fn system_clock() -> Clock {
    Arc::new(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).expect("the year is below 292 million")
    })
}

//! The watchdog: the one place of the engine that looks at a clock, and only to stop a rule.
//!
//! Operations are counted, but an operation may be slow; the wall clock is the limit that holds
//! whatever the reason. Its reading never reaches a rule and never changes a result: a rule that
//! is stopped has none.

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::base::limits::RULE_MILLIS;

thread_local! {
    static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Runs `work` with at most [`RULE_MILLIS`] to go; [`is_over`] tells when they are used up.
pub(crate) fn watched<T>(work: impl FnOnce() -> T) -> T {
    DEADLINE.set(Some(now() + Duration::from_millis(RULE_MILLIS)));
    let done = work();
    DEADLINE.set(None);
    done
}

/// Whether the rule that runs on this thread has used up its time.
pub(crate) fn is_over() -> bool {
    DEADLINE.get().is_some_and(|deadline| now() > deadline)
}

fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_runs_only_while_watched() {
        assert!(!is_over());
        let over = watched(|| {
            let start = now();
            while start.elapsed() <= Duration::from_millis(RULE_MILLIS) {}
            is_over()
        });
        assert!(over);
        assert!(!is_over());
    }
}

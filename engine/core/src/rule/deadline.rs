//! The watchdog: the one place of the engine that looks at a clock, and only to stop a rule.
//!
//! Operations are counted, but an operation may be slow; the time spent is the limit that holds
//! whatever the reason. Its reading never reaches a rule and never changes a result: a rule that
//! is stopped has none.
//!
//! What counts is time in which the rule made progress. A machine under load may put a thread
//! aside for longer than any rule may take, and that must not refuse anybody's application; so of
//! the time between two looks no more than [`AT_ONCE`] counts. A few operations cannot honestly
//! take that long.

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::base::limits::RULE_MILLIS;

/// The most that counts of the time between two looks.
const AT_ONCE: Duration = Duration::from_millis(5);

thread_local! {
    /// The last look, and the time spent until then.
    static SPENT: Cell<Option<(Instant, Duration)>> = const { Cell::new(None) };
}

/// Runs `work` with at most [`RULE_MILLIS`] to go; [`is_over`] tells when they are used up.
pub(crate) fn watched<T>(work: impl FnOnce() -> T) -> T {
    SPENT.set(Some((now(), Duration::ZERO)));
    let done = work();
    SPENT.set(None);
    done
}

/// Looks at the clock: whether the rule that runs on this thread has used up its time.
pub(crate) fn is_over() -> bool {
    let Some((last, spent)) = SPENT.get() else { return false };
    let now = now();
    let spent = spent + now.duration_since(last).min(AT_ONCE);
    SPENT.set(Some((now, spent)));
    spent > Duration::from_millis(RULE_MILLIS)
}

#[expect(clippy::disallowed_methods, reason = "the one watchdog: what it reads stops a rule and never reaches one")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(time: Duration) {
        let start = now();
        while start.elapsed() < time {}
    }

    #[test]
    fn time_runs_only_while_watched() {
        assert!(!is_over());
        let over = watched(|| {
            let start = now();
            while !is_over() {
                wait(Duration::from_micros(200));
                assert!(start.elapsed() < Duration::from_secs(30));
            }
            start.elapsed()
        });
        assert!(over >= Duration::from_millis(RULE_MILLIS));
        assert!(!is_over());
    }

    #[test]
    fn a_thread_that_was_put_aside_is_not_stopped() {
        assert!(!watched(|| {
            wait(Duration::from_millis(2 * RULE_MILLIS));
            is_over()
        }));
    }
}

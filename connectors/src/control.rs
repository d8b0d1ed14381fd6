//! Controls that tests take away one by one, to see that somebody misses them.
//!
//! A program that was built for use has them all: whether one holds is decided when it is compiled, and there is
//! nothing that could be set. Only with the feature `mutants`, which tests build with and nothing else, the
//! environment names one control that does not hold.

/// Whether a control holds.
#[cfg(not(feature = "mutants"))]
#[inline]
pub const fn holds(_control: &str) -> bool {
    true
}

/// Whether a control holds: all but the one that `NAGAR_WITHOUT` names.
#[cfg(feature = "mutants")]
pub fn holds(control: &str) -> bool {
    static TAKEN: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    TAKEN.get_or_init(|| std::env::var("NAGAR_WITHOUT").ok()).as_deref() != Some(control)
}

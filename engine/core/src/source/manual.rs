//! The manual of a check: the comment at the head of its own file.

/// What `nagar explain CODE` prints.
#[derive(Clone, Copy, Debug)]
pub struct Manual {
    /// The name of the check, as diagnostics print it: `unknown-state`.
    pub code: &'static str,
    /// The source of the file that holds the check; its `//!` lines are the manual.
    pub source: &'static str,
}

impl Manual {
    /// The comment at the head of the file, without its markers.
    pub fn text(&self) -> String {
        let lines = self.source.lines().take_while(|line| line.starts_with("//!"));
        lines.map(|line| line.trim_start_matches("//!").strip_prefix(' ').unwrap_or("")).collect::<Vec<_>>().join("\n")
    }
}

/// Names a check after the file it stands in: `manual!("unknown-state", "unknown_state.rs")`.
macro_rules! manual {
    ($code:literal, $file:literal) => {
        /// The check's code and manual.
        pub const MANUAL: $crate::source::Manual = $crate::source::Manual { code: $code, source: include_str!($file) };
    };
}
pub(crate) use manual;

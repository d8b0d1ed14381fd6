//! What goes wrong outside, told apart by whether trying again can help.

use std::fmt;

/// A failure of the outside. The text is for the log, not for the public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The same call may succeed later: a time-out, a busy server, a full disk.
    Temporary(String),
    /// The same call will fail again: a wrong key, an order nobody knows, a malformed address.
    Permanent(String),
}

impl Fault {
    /// A fault that a later try may get past.
    pub fn temporary(why: impl fmt::Display) -> Self {
        Self::Temporary(why.to_string())
    }

    /// A fault that no later try gets past.
    pub fn permanent(why: impl fmt::Display) -> Self {
        Self::Permanent(why.to_string())
    }

    /// Whether the call is worth repeating.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Temporary(_))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Temporary(why) => write!(f, "{why} (may pass)"),
            Self::Permanent(why) => write!(f, "{why} (will not pass)"),
        }
    }
}

impl std::error::Error for Fault {}

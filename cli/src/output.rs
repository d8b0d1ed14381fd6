//! The only place that prints: everything else returns what it has to say.

use std::io::Write as _;

/// Prints a line for whoever asked. A reader who has gone away is no error.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Prints a line beside the output.
pub(crate) fn say_error(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

//! The only place that prints: everything else returns what it has to say.

use std::io::Write as _;

use indicatif::{ProgressBar, ProgressStyle};

/// Prints a line for whoever asked. A reader who has gone away is no error.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Prints a line beside the output.
pub(crate) fn say_error(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// A bar for what takes a while; hidden from programs.
pub(crate) fn progress(json: bool, length: u64, what: &str) -> anyhow::Result<ProgressBar> {
    let bar = if json { ProgressBar::hidden() } else { ProgressBar::new(length) };
    bar.set_style(ProgressStyle::with_template(&format!("{what} {{wide_bar}} {{pos}}/{{len}} {{elapsed}}"))?);
    Ok(bar)
}

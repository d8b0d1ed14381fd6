//! The only place that prints: everything else returns what it has to say.

use std::io::Write as _;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Prints a line for whoever asked. A reader who has gone away is no error.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Prints a line beside the output.
pub(crate) fn say_error(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// `1 error`, `2 errors`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    let many = if count == 1 { "" } else { "s" };
    format!("{count} {what}{many}")
}

/// A bar for what takes a while; hidden from programs.
pub(crate) fn progress(json: bool, length: u64, what: &str) -> anyhow::Result<ProgressBar> {
    let bar = if json { ProgressBar::hidden() } else { ProgressBar::new(length) };
    bar.set_style(ProgressStyle::with_template(&format!(
        "{what} {{wide_bar}} {{pos}}/{{len}} {{elapsed}}, {{eta}} left"
    ))?);
    Ok(bar)
}

/// How long people look at nothing before they are shown that something is done.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shows that something is going on, if it takes long, until it is dropped; nothing is shown to programs.
pub(crate) struct Working {
    /// What the thread beside waits for: that it is dropped.
    done: Option<Sender<()>>,
    beside: Option<JoinHandle<()>>,
}

impl Working {
    /// Begins to look at the clock.
    pub(crate) fn begin(json: bool, what: &'static str) -> Self {
        if json {
            return Self { done: None, beside: None };
        }
        let (done, wait) = mpsc::channel::<()>();
        let beside = thread::spawn(move || {
            if wait.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let bar = ProgressBar::new_spinner().with_message(what);
                bar.enable_steady_tick(Duration::from_millis(100));
                let _ = wait.recv();
                bar.finish_and_clear();
            }
        });
        Self { done: Some(done), beside: Some(beside) }
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        drop(self.done.take());
        // Until it has cleared its line, nothing else is printed.
        if let Some(beside) = self.beside.take() {
            let _ = beside.join();
        }
    }
}

/// Does `work`, and shows that it is going on if it takes long; nothing is shown to programs.
pub(crate) fn while_working<T>(json: bool, what: &'static str, work: impl FnOnce() -> T) -> T {
    let _working = Working::begin(json, what);
    work()
}

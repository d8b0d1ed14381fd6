//! Running the program.

use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs `nagar` with these words.
pub(crate) fn nagar(words: &[&str]) -> Run {
    run(Path::new(env!("CARGO_BIN_EXE_nagar")), words)
}

/// Runs another version of the program with these words.
pub(crate) fn run(program: &Path, words: &[&str]) -> Run {
    let run = Command::new(program)
        .args(words)
        .env_remove("NAGAR_DEFINITIONS")
        .env_remove("NAGAR_DATABASE")
        .env_remove("RUST_LOG")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: run.status.code().unwrap(), out: text(run.stdout), err: text(run.stderr) }
}

impl Run {
    /// Holds the run to an exit code, and to words in what it printed.
    #[track_caller]
    pub(crate) fn expect(&self, code: i32, words: &str) -> &Self {
        let found = self.out.contains(words) || self.err.contains(words);
        assert!(
            self.code == code && found,
            "expected {code} with “{words}”, got {}:\n{}\n{}",
            self.code,
            self.out,
            self.err
        );
        self
    }

    /// What was printed, as the one JSON document that it must be.
    #[track_caller]
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}:\n{}\n{}", self.out, self.err))
    }
}

/// A path as a word of a command.
pub(crate) fn word(path: &Path) -> &str {
    path.to_str().unwrap()
}

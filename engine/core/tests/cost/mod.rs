//! What a process has cost so far, and how a test measures in a process of its own.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test reads its own time and memory")]

use std::process::Command;
use std::time::Duration;

/// The most memory this process ever had, in kB.
pub(crate) fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// The processor time that this process has used: fields 14 and 15, in hundredths of a second.
pub(crate) fn used() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

/// Runs the test `test` once for each of `names`, each time in a process of its own that finds its name in
/// the environment under `key`; in such a process, `one` is called instead.
pub(crate) fn each_alone<'a>(test: &str, key: &str, names: impl Iterator<Item = &'a str>, one: impl Fn(&str)) {
    if let Ok(name) = std::env::var(key) {
        return one(&name);
    }
    let mut wrong = Vec::new();
    for name in names {
        let child = Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture"])
            .env(key, name)
            .env("RUST_BACKTRACE", "0")
            .output()
            .unwrap();
        if !child.status.success() {
            let said = String::from_utf8_lossy(&child.stderr);
            wrong.push(format!("{name}: {}", said.chars().take(600).collect::<String>()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

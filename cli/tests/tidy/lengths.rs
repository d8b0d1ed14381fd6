//! A file fits a sitting; a function fits a screen, which clippy counts.

use crate::tree;

/// Lines of a file of ours, at the very most.
const LINES: usize = 500;

#[test]
fn files_fit_a_sitting() {
    let files = tree::files("", &[".rs", ".mjs", ".js", ".css", ".hbs", ".sql", ".sh"]);
    let long: Vec<String> = files
        .iter()
        .map(|path| (path, tree::text(path).lines().count()))
        .filter(|(_, lines)| *lines > LINES)
        .map(|(path, lines)| format!("{path}: {lines} lines"))
        .collect();
    tree::none(&long, &format!("a file has at most {LINES} lines, and better 300"));
}

#[test]
fn functions_fit_a_screen() {
    for path in ["clippy.toml", "engine/core/clippy.toml"] {
        assert!(tree::text(path).contains("too-many-lines-threshold = 70"), "{path} states how long a function may be");
    }
    let excused: Vec<String> = tree::files("", &[".rs"])
        .into_iter()
        .filter(|path| !path.ends_with("tidy/lengths.rs") && tree::text(path).contains("too_many_lines"))
        .collect();
    tree::none(&excused, "no function is excused from being short");
}

#[test]
fn lints_are_the_workspaces() {
    for path in tree::files("", &["Cargo.toml"]).iter().filter(|path| path.contains('/')) {
        let text = tree::text(path);
        assert!(text.contains("[lints]\nworkspace = true"), "{path} takes the lints of the workspace");
    }
}

#[test]
fn tests_stand_where_they_are_run() {
    let (mut packages, mut lost) = (0, Vec::new());
    for path in tree::files("", &["Cargo.toml"]) {
        if tree::text(&path).lines().any(|line| line == "test = false") {
            packages += 1;
            let sources = tree::files(&path.replace("Cargo.toml", "src"), &[".rs"]);
            lost.extend(sources.into_iter().filter(|path| tree::text(path).contains("#[cfg(test)]")));
        }
    }
    assert!(packages > 0, "some package has no tests beside its code");
    tree::none(&lost, "a package whose code is built without tests has them in tests/");
}

//! The tree speaks of the project alone: no paths of a machine, no hosts of a registry.

use crate::tree;

/// Text that ties a file to one machine or one mirror. Each is written in two pieces, so that
/// this list does not find itself.
fn foreign() -> Vec<String> {
    let pieces = [
        ("/ro", "ot/"),
        ("/ho", "me/"),
        ("/wo", "rk/"),
        ("/Use", "rs/"),
        ("registry.np", "mjs.org"),
        ("registry.ya", "rnpkg.com"),
        ("files.python", "hosted.org"),
        ("static.crates", ".io"),
        ("index.crates", ".io"),
        ("proxy.go", "lang.org"),
        ("local", "host:4873"),
    ];
    pieces.iter().map(|(a, b)| format!("{a}{b}")).collect()
}

#[test]
fn no_file_names_a_machine_or_a_registry() {
    let foreign = foreign();
    let mut found = Vec::new();
    let kinds = [
        ".rs", ".toml", ".md", ".yaml", ".json", ".mjs", ".js", ".css", ".hbs", ".rhai", ".csv", ".sh", ".sql",
        ".lock", ".txt", ".svg", "/test", ".ci/run", ".npmrc",
    ];
    for path in
        tree::files("", &[]).into_iter().filter(|path| path == "test" || kinds.iter().any(|kind| path.ends_with(kind)))
    {
        for (number, line) in tree::text(&path).lines().enumerate() {
            let named = foreign.iter().filter(|word| line.contains(*word));
            found.extend(named.map(|word| format!("{path}:{}: {word}", number + 1)));
        }
    }
    tree::none(&found, "no path of a machine and no host of a registry");
}

#[test]
fn locks_name_no_registry_but_the_usual_one() {
    let usual = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    let lock = tree::text("Cargo.lock");
    let others: Vec<String> =
        lock.lines().filter(|line| line.starts_with("source = ") && *line != usual).map(str::to_owned).collect();
    tree::none(&others, "Cargo.lock takes everything from the usual registry");
    for path in tree::files("", &["package-lock.json"]) {
        assert!(!tree::text(&path).contains("\"resolved\""), "{path} records no host");
    }
}

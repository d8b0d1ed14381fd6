//! Registers: what each kind of grant makes of a record, told by scenarios of two small services.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test reads its own files")]

use std::fs;
use std::path::Path;

use engine::scenario::run_all;
use engine::source::Bundle;

fn lay(bundle: &mut Bundle, root: &Path, folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            lay(bundle, root, &path);
        } else {
            let relative = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            bundle.add(&relative, fs::read(&path).unwrap());
        }
    }
}

#[test]
fn records_go_through_every_mode() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/registers");
    let mut bundle = Bundle::default();
    lay(&mut bundle, &root, &root);
    let (reports, broken) = run_all(&bundle, "");
    let mut said = broken.render(&bundle, "");
    assert_eq!(reports.len(), 2, "{said}");
    for report in reports {
        said.push_str(&report.failures.render(&bundle, ""));
    }
    assert_eq!(said, "");
}

//! Folders of definitions, as tests read them.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test reads its own files")]

use std::path::{Path, PathBuf};

use engine::source::Bundle;

/// The project's own folder.
#[allow(dead_code, reason = "shared by several tests")]
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Lays every file of `folder` over what `bundle` has.
pub(crate) fn lay(bundle: &mut Bundle, folder: &Path) {
    inside(bundle, folder, folder);
}

fn inside(bundle: &mut Bundle, root: &Path, folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            inside(bundle, root, &path);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            bundle.add(&name, std::fs::read(&path).unwrap());
        }
    }
}

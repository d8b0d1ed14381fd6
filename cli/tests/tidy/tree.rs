//! The files of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that are not ours, or not kept.
const PASSED_BY: [&str; 5] = ["target", "node_modules", ".git", "data", "screens"];

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the workspace").to_owned()
}

/// Every file below `folder` (relative to the workspace, `""` for all) with one of `endings`
/// (none: any), as paths relative to the workspace with `/`, in the alphabet's order.
pub(crate) fn files(folder: &str, endings: &[&str]) -> Vec<String> {
    let root = root();
    let mut found = Vec::new();
    let mut open = vec![root.join(folder)];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !PASSED_BY.contains(&name.as_str()) {
                open.push(path);
            } else if path.is_file()
                && (endings.is_empty() || endings.iter().any(|ending| format!("/{name}").ends_with(ending)))
            {
                found.push(path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

/// The names of the folders directly inside `folder`.
pub(crate) fn folders(folder: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root().join(folder)) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The text of a file; bytes that are not UTF-8 become replacement characters.
pub(crate) fn text(path: &str) -> String {
    let bytes = fs::read(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Fails with every line of `found`, if there is one.
#[track_caller]
pub(crate) fn none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}\n  {}\n", found.join("\n  "));
}

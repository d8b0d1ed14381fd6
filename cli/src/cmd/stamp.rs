//! By what a change of files is seen.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::SystemTime;

/// Every file below the folders, with its last change and its size.
pub(crate) fn stamp(folders: &[PathBuf]) -> BTreeMap<PathBuf, (Option<SystemTime>, u64)> {
    let (mut files, mut folders) = (BTreeMap::new(), folders.to_vec());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(meta) = entry.metadata() else { continue };
            if meta.is_dir() {
                folders.push(entry.path());
            } else {
                files.insert(entry.path(), (meta.modified().ok(), meta.len()));
            }
        }
    }
    files
}

//! Reading a folder of definitions into a bundle.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use engine::source::Bundle;

/// Endings of the files that belong to definitions.
const ENDINGS: [&str; 6] = ["yaml", "yml", "rhai", "hbs", "csv", "svg"];
/// How deep folders may lie in each other.
const DEPTH: usize = 8;

/// Every definition file below `root`, by its path relative to it.
pub(crate) fn read(root: &Path) -> Result<Bundle> {
    if !root.is_dir() {
        bail!("there is no folder `{}`: give one with --definitions", root.display());
    }
    let mut bundle = Bundle::default();
    walk(root, root, 0, &mut bundle)?;
    Ok(bundle)
}

fn walk(root: &Path, folder: &Path, depth: usize, bundle: &mut Bundle) -> Result<()> {
    if depth > DEPTH {
        bail!("`{}` lies too deep", folder.display());
    }
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if path.is_dir() {
            walk(root, &path, depth + 1, bundle)?;
        } else if path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known)) {
            let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let relative = path.strip_prefix(root).expect("walked from the root");
            bundle.add(&relative.to_string_lossy().replace('\\', "/"), bytes);
        }
    }
    Ok(())
}

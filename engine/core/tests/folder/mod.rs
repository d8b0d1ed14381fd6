//! Folders of definitions, as tests read them.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test reads its own files")]

use std::path::{Path, PathBuf};

use engine::scenario::neutral_tenant;
use engine::service::{self, Folders, Service};
use engine::source::{Bundle, Diagnostics};
use engine::tenant::Tenant;

/// The project's own folder.
#[allow(dead_code, reason = "shared by several tests")]
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Lays every file of `folder` over what `bundle` has.
pub(crate) fn lay(bundle: &mut Bundle, folder: &Path) {
    inside(bundle, folder, folder);
}

/// The definitions that ship.
#[allow(dead_code, reason = "shared by several tests")]
pub(crate) fn shipped() -> Bundle {
    let mut bundle = Bundle::default();
    lay(&mut bundle, &root().join("definitions"));
    bundle
}

/// The service `id` as a town of no particular place has it.
#[allow(dead_code, reason = "shared by several tests")]
pub(crate) fn compiled(bundle: &Bundle, id: &str) -> (Service, Tenant) {
    let tenant = neutral_tenant(bundle);
    let mut found = Diagnostics::default();
    let service = service::compile(&Folders::shared(bundle), &tenant, id, &mut found);
    (service.unwrap_or_else(|| panic!("{}", found.render(bundle, "definitions/"))), tenant)
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

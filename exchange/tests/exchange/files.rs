//! Files that tests read, and definitions that they are laid over.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use engine::scenario;
use engine::service::{self, Folders, Service};
use engine::source::{Bundle, Diagnostics, Severity};

/// The project's own folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file below `folder`, by its path from there.
pub(crate) fn below(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(inside) = open.pop() {
        for entry in std::fs::read_dir(&inside).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
                files.insert(name, text);
            }
        }
    }
    files
}

/// The fixtures of a folder of these tests.
pub(crate) fn fixtures(folder: &str) -> BTreeMap<String, String> {
    below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder))
}

/// What services share that ship: words, papers, accounts, lists; without the services and the towns.
pub(crate) fn shared() -> Bundle {
    let shipped = below(&root().join("definitions"));
    let services: Vec<String> =
        shipped.keys().filter_map(|path| path.strip_suffix("/service.yaml").map(str::to_owned)).collect();
    let mut bundle = Bundle::default();
    for (path, text) in shipped {
        let of_service = services.iter().any(|folder| path.starts_with(&format!("{folder}/")));
        if !of_service && !path.starts_with("tenants/") {
            bundle.add(&path, text.into_bytes());
        }
    }
    bundle
}

/// A service that ships, as a town of no particular place has it.
pub(crate) fn shipped(id: &str) -> Service {
    let mut bundle = Bundle::default();
    for (path, text) in below(&root().join("definitions")) {
        bundle.add(&path, text.into_bytes());
    }
    let mut found = Diagnostics::default();
    let tenant = scenario::neutral_tenant(&bundle);
    let service = service::compile(&Folders::shared(&bundle), &tenant, id, &mut found);
    service.unwrap_or_else(|| panic!("{}", found.render(&bundle, "definitions/")))
}

/// The ids of all services that ship.
pub(crate) fn all_shipped() -> Vec<String> {
    let folders = std::fs::read_dir(root().join("definitions")).unwrap().map(|entry| entry.unwrap().path());
    let services = folders.filter(|folder| folder.join("service.yaml").is_file());
    let mut ids: Vec<String> =
        services.map(|folder| folder.file_name().unwrap().to_string_lossy().into_owned()).collect();
    ids.sort();
    ids
}

/// Lays imported files over what services share, and says what is wrong: errors of the definitions, then of
/// their scenarios.
pub(crate) fn errors(files: &BTreeMap<String, String>) -> String {
    let mut bundle = shared();
    for (path, text) in files {
        bundle.add(path, text.clone().into_bytes());
    }
    let (_, found) = service::load(&bundle);
    let mut wrong = Diagnostics::default();
    wrong.extend(Diagnostics(found.0.into_iter().filter(|found| found.severity == Severity::Error).collect()));
    let (reports, broken) = scenario::run_all(&bundle, "tenants/");
    wrong.extend(broken);
    for report in reports {
        wrong.extend(report.failures);
    }
    wrong.render(&bundle, "")
}

//! Every shipped service, led by chance through thousands of lives, with the books held to the
//! case after every step. `WALKS=100000` walks further; a failing seed can be walked again.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test reads the shipped definitions")]

use std::collections::BTreeSet;
use std::path::Path;

use engine::scenario::{neutral_tenant, walk};
use engine::service::{self, Folders};
use engine::source::{Bundle, Diagnostics};

/// Walks of each service where nobody asks for more.
const WALKS: u64 = 10_000;

fn bundle() -> Bundle {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../definitions");
    let mut bundle = Bundle::default();
    read(&root, &root, &mut bundle);
    bundle
}

fn read(root: &Path, folder: &Path, bundle: &mut Bundle) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, bundle);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            bundle.add(&name, std::fs::read(&path).unwrap());
        }
    }
}

#[test]
fn every_service_keeps_its_books_in_every_walk() {
    let walks = std::env::var("WALKS").ok().and_then(|text| text.parse().ok()).unwrap_or(WALKS);
    let bundle = bundle();
    let tenant = neutral_tenant(&bundle);
    let services: BTreeSet<String> = bundle
        .paths()
        .filter_map(|path| path.strip_suffix("/service.yaml"))
        .filter(|id| !id.contains('/'))
        .map(str::to_owned)
        .collect();
    assert!(services.len() >= 2, "the shipped services are there");
    for id in services {
        let mut found = Diagnostics::default();
        let service = service::compile(&Folders::shared(&bundle), &tenant, &id, &mut found);
        let service = service.unwrap_or_else(|| panic!("{}", found.render(&bundle, "definitions/")));
        let mut states = BTreeSet::new();
        for seed in 0..walks {
            let walked = walk::walk(&service, &tenant, seed).unwrap_or_else(|wrong| panic!("{id}: {wrong}"));
            states.extend(walked.states);
        }
        let never: Vec<_> = service
            .workflow
            .states
            .iter()
            .filter(|state| !states.contains(&state.name))
            .map(|state| &state.name)
            .collect();
        assert!(never.is_empty(), "{id}: {walks} walks never came to {never:?}");
    }
}

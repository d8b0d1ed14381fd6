//! Which registers a town keeps, and which of them a form waits for, read once for all towns that use the same files.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::folders::Folders;
use crate::source::{Bundle, Diagnostics, Node, NodeKind, read};
use crate::tenant::Tenant;

/// The key of a question that is asked only where its register is kept.
const WHERE_KEPT: &str = "where_kept";

/// By path: of a form the registers that it waits for, of a service those that it keeps.
#[derive(Default)]
pub(super) struct RegistersRead(Mutex<BTreeMap<Arc<str>, Arc<[String]>>>);

impl RegistersRead {
    /// The registers that the form of a service waits for and that services of the town keep, in the order of the
    /// alphabet.
    pub(super) fn kept(&self, folders: &Folders<'_>, tenant: &Tenant, form: Option<&Arc<str>>) -> Vec<String> {
        let Some(form) = form else { return Vec::new() };
        let waited = self.read(folders.bundle, form, |bundle, path| {
            // Hardly a form has such a question: what is not written need not be read.
            let text = bundle.text(path).filter(|text| text.contains(WHERE_KEPT));
            let mut found = Vec::new();
            text.and_then(|_| node(bundle, path)).iter().for_each(|node| collect(node, &mut found));
            found
        });
        if waited.is_empty() {
            return Vec::new();
        }
        let services = tenant.services.iter().filter_map(|id| folders.find(&format!("{id}/service.yaml")));
        let kept: Vec<Arc<[String]>> = services.map(|path| self.read(folders.bundle, &path, grants)).collect();
        let mut registers: Vec<String> =
            waited.iter().filter(|waited| kept.iter().any(|kept| kept.contains(waited))).cloned().collect();
        registers.sort();
        registers.dedup();
        registers
    }

    fn read(&self, bundle: &Bundle, path: &Arc<str>, read: impl FnOnce(&Bundle, &str) -> Vec<String>) -> Arc<[String]> {
        let mut known = self.0.lock().expect("reading registers does not panic");
        Arc::clone(known.entry(Arc::clone(path)).or_insert_with(|| read(bundle, path).into()))
    }
}

/// What stands in a file; nothing if it cannot be read, which whoever compiles it says.
fn node(bundle: &Bundle, path: &str) -> Option<Node> {
    read::yaml(bundle, path, &mut Diagnostics::default())
}

/// The registries in which a service makes records.
fn grants(bundle: &Bundle, path: &str) -> Vec<String> {
    let service = node(bundle, path);
    let grants = service.as_ref().and_then(|service| service.get("grants"));
    let Some(NodeKind::Map(grants)) = grants.map(|grants| &grants.kind) else { return Vec::new() };
    grants.iter().filter_map(|(_, grant)| Some(grant.get("registry")?.scalar()?.to_owned())).collect()
}

/// The registries of all questions that wait for them.
fn collect(node: &Node, found: &mut Vec<String>) {
    let NodeKind::Map(entries) = &node.kind else { return };
    if node.get(WHERE_KEPT).and_then(Node::scalar) == Some("true") {
        found.extend(node.get("registry").and_then(Node::scalar).map(str::to_owned));
    }
    for (_, inner) in entries {
        collect(inner, found);
    }
}

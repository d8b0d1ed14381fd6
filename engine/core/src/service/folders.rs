//! Where a file of a service comes from: the town's folder, the state's, or the shared one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::source::Bundle;

/// The folders of a tenant, nearest first. A file in a nearer folder takes the whole place of the
/// same file further away; nothing is merged.
#[derive(Clone, Debug)]
pub struct Folders<'a> {
    /// All files.
    pub bundle: &'a Bundle,
    /// Folders without a slash at the end; `""` is the shared one.
    pub chain: Vec<String>,
}

impl<'a> Folders<'a> {
    /// The shared folder alone.
    pub fn shared(bundle: &'a Bundle) -> Self {
        Self { bundle, chain: vec![String::new()] }
    }

    /// The folders of a town of a state.
    pub fn of_tenant(bundle: &'a Bundle, state: &str, tenant: &str) -> Self {
        Self { bundle, chain: vec![format!("tenants/{state}/{tenant}"), format!("tenants/{state}"), String::new()] }
    }

    /// The nearest file of this relative path.
    pub fn find(&self, relative: &str) -> Option<Arc<str>> {
        self.chain.iter().find_map(|folder| self.bundle.path(&join(folder, relative)).cloned())
    }

    /// The names of what stands in the nearest folder: most towns have little of their own.
    pub(super) fn own(&self) -> BTreeSet<String> {
        let Some(nearest) = self.chain.first().filter(|folder| !folder.is_empty()) else { return BTreeSet::new() };
        let inside = self.bundle.under(nearest).map(|path| &path[nearest.len() + 1..]);
        inside.map(|path| path.split('/').next().unwrap_or(path).to_owned()).collect()
    }

    /// Every file of this relative path, nearest first.
    pub fn all(&self, relative: &str) -> Vec<Arc<str>> {
        self.chain.iter().filter_map(|folder| self.bundle.path(&join(folder, relative)).cloned()).collect()
    }

    /// The nearest file of every name directly inside a relative folder: name to path.
    pub fn list(&self, relative: &str) -> BTreeMap<String, Arc<str>> {
        let mut found = BTreeMap::new();
        for folder in self.chain.iter().rev() {
            let folder = join(folder, relative);
            for path in self.bundle.under(&folder) {
                let name = &path[folder.len() + 1..];
                if !name.contains('/') {
                    found.insert(name.to_owned(), Arc::clone(path));
                }
            }
        }
        found
    }
}

fn join(folder: &str, relative: &str) -> String {
    if folder.is_empty() { relative.to_owned() } else { format!("{folder}/{relative}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_town_is_told_from_what_stands_beside_it() {
        let mut bundle = Bundle::default();
        for path in ["papers/bill.hbs", "tenants/s/t/papers/bill.hbs", "tenants/s/t/tenant.yaml", "tenants/s/t2/a.yaml"]
        {
            bundle.add(path, *b"");
        }
        let own: Vec<String> = Folders::of_tenant(&bundle, "s", "t").own().into_iter().collect();
        assert_eq!(own, ["papers", "tenant.yaml"]);
        assert!(Folders::shared(&bundle).own().is_empty());
    }
}

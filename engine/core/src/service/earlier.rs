//! What was made of definitions before stands where they are the same: most publications change one service, and the
//! others need not be compiled again.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Service;
use super::already_read::AlreadyRead;
use super::catalogue::{Catalogue, Town};
use crate::source::Bundle;
use crate::tenant::Tenant;

/// Definitions that were read before, and what was made of them. Nothing was found in them: of what is not looked at
/// again, nothing is said again.
#[derive(Clone, Copy, Debug)]
pub struct Earlier<'a> {
    /// The files.
    pub bundle: &'a Bundle,
    /// What was made of them.
    pub catalogue: &'a Catalogue,
}

impl Earlier<'_> {
    /// Those of the services `ids` whose files are what they were; none if a file is not that several may be made of.
    pub(super) fn unchanged<'i>(
        &self,
        bundle: &Bundle,
        tenants: &[Arc<Tenant>],
        ids: &BTreeSet<&'i str>,
    ) -> BTreeSet<&'i str> {
        let mut same = ids.clone();
        for path in bundle.differing(self.bundle) {
            match folder_of(path, tenants) {
                Some(id) if ids.contains(id) => {
                    same.remove(id);
                }
                _ => return BTreeSet::new(),
            }
        }
        same
    }

    /// What was made of a service whose files are what they were, for each town that offers it; nothing if a town keeps
    /// other registers now, for which its questions wait.
    pub(super) fn made(&self, read: &AlreadyRead, towns: &[Town<'_>], id: &str) -> Option<Vec<(String, Arc<Service>)>> {
        let of_town = |Town { tenant, folders, .. }: &Town<'_>| {
            let service = self.catalogue.service(&tenant.id, id)?;
            let form = folders.find(&format!("{id}/form.yaml"));
            let registers = read.registers.kept(folders, tenant, form.as_ref());
            (service.setting.registers == registers).then(|| (tenant.id.clone(), Arc::clone(service)))
        };
        towns.iter().filter(|town| town.offers(id)).map(of_town).collect()
    }
}

/// The folder in which a file lies, of those that stand directly in the shared one, in a state's or in a town's.
fn folder_of<'p>(path: &'p str, tenants: &[Arc<Tenant>]) -> Option<&'p str> {
    let Some(inside) = path.strip_prefix("tenants/") else { return Some(path.split_once('/')?.0) };
    let (state, inside) = inside.split_once('/')?;
    let (folder, further) = inside.split_once('/')?;
    let is_town = tenants.iter().any(|tenant| tenant.state == state && tenant.id == folder);
    if is_town { Some(further.split_once('/')?.0) } else { Some(folder) }
}

//! Lists of a bundle, each read once for all services and towns that use it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use super::folders::Folders;
use crate::list::{self, List};
use crate::source::{Bundle, Diagnostics};

/// The languages in which something must have words.
type Languages = Vec<String>;

/// The lists of a bundle that were read: services share them, and may be compiled at the same time.
#[derive(Default)]
pub(super) struct ListsRead(Mutex<KnownLists>);

#[derive(Default)]
struct KnownLists {
    lists: BTreeMap<(Arc<str>, Languages), Option<Arc<List>>>,
    codes: BTreeMap<Arc<str>, Arc<BTreeSet<String>>>,
}

impl ListsRead {
    /// The list at `path`; it knows the codes of the wider lists that it stands in the place of. What is
    /// wrong with it is said to whoever comes first.
    pub(super) fn list(
        &self,
        folders: &Folders<'_>,
        name: &str,
        path: &Arc<str>,
        languages: &[String],
        out: &mut Diagnostics,
    ) -> Option<Arc<List>> {
        let mut known = self.0.lock().expect("reading lists does not panic");
        let key = (Arc::clone(path), languages.to_vec());
        if let Some(known) = known.lists.get(&key) {
            return known.clone();
        }
        let wider: BTreeSet<String> = folders
            .all(&format!("lists/{name}.csv"))
            .into_iter()
            .skip(1)
            .flat_map(|further| known.codes(folders.bundle, &further).iter().cloned().collect::<Vec<_>>())
            .collect();
        let read = list::read::list(folders.bundle, path, languages, out);
        let read = read.map(|list| Arc::new(if wider.is_empty() { list } else { list.narrowing(wider) }));
        known.lists.insert(key, read.clone());
        read
    }
}

impl KnownLists {
    /// The codes of a list; whether it is right, and in which languages, is for those to say who use it.
    fn codes(&mut self, bundle: &Bundle, path: &Arc<str>) -> Arc<BTreeSet<String>> {
        let read = || {
            let list = list::read::list(bundle, path, &[], &mut Diagnostics::default());
            Arc::new(list.iter().flat_map(|list| &list.entries).map(|entry| entry.code.clone()).collect())
        };
        Arc::clone(self.codes.entry(Arc::clone(path)).or_insert_with(read))
    }
}

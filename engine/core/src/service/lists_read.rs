//! Lists of a bundle, each read once for all services and towns that use it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::files;
use super::folders::Folders;
use crate::list::{self, List, Vocabulary, Wider};
use crate::source::{Bundle, Diagnostics};

/// The languages in which something must have words.
type Languages = Vec<String>;

/// What a list depends on: its file, the languages, and the lists after which its columns are called.
type ListKey = (Arc<str>, Languages, Vec<(String, Vec<Arc<str>>)>);

/// The lists of a bundle that were read: services share them, and may be compiled at the same time.
#[derive(Default)]
pub(super) struct ListsRead(Mutex<KnownLists>);

#[derive(Default)]
struct KnownLists {
    lists: BTreeMap<ListKey, Option<Arc<List>>>,
    plain: BTreeMap<Arc<str>, Option<Arc<List>>>,
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
        let bundle = folders.bundle;
        let called_after = files::called_after(folders, list::read::columns(bundle, path));
        let key = (Arc::clone(path), languages.to_vec(), called_after);
        let mut known = self.0.lock().expect("reading lists does not panic");
        if let Some(known) = known.lists.get(&key) {
            return known.clone();
        }
        let listed = key.2.iter().map(|(column, paths)| (column.clone(), known.vocabulary(bundle, paths))).collect();
        let mut wider = Wider::default();
        for further in folders.all(&format!("lists/{name}.csv")).iter().skip(1) {
            if let Some(list) = known.plain(bundle, further) {
                wider.add(&list);
            }
        }
        let read = list::read::list(bundle, path, languages, &listed, out);
        let read = read.map(|list| Arc::new(if wider.codes.is_empty() { list } else { list.narrowing(wider) }));
        known.lists.insert(key, read.clone());
        read
    }
}

impl KnownLists {
    /// The codes of the list that stands at these paths, nearest first.
    fn vocabulary(&mut self, bundle: &Bundle, paths: &[Arc<str>]) -> Vocabulary {
        let name = paths.first().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
        let mut known = Wider::default();
        for path in paths {
            if let Some(list) = self.plain(bundle, path) {
                known.add(&list);
            }
        }
        Vocabulary { list: name.trim_end_matches(".csv").to_owned(), codes: known.codes }
    }

    /// A list as it stands; whether it is right, and in which languages, is for those to say who use it.
    fn plain(&mut self, bundle: &Bundle, path: &Arc<str>) -> Option<Arc<List>> {
        let read = || list::read::list(bundle, path, &[], &BTreeMap::new(), &mut Diagnostics::default()).map(Arc::new);
        self.plain.entry(Arc::clone(path)).or_insert_with(read).clone()
    }
}

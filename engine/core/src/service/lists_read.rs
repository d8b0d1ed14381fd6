//! Lists of a bundle, each read once for all services and towns that use it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::files;
use super::folders::Folders;
use crate::list::{self, List, Vocabulary, Wider};
use crate::source::{Bundle, Diagnostics};

/// The languages in which something must have words.
type Languages = Vec<String>;

/// The columns that are called after a list, each with the paths of that list.
type CalledAfter = Vec<(String, Vec<Arc<str>>)>;

/// What a list depends on: its file, the languages, and the lists after which its columns are called.
type ListKey = (Arc<str>, Languages, CalledAfter);

/// What columns may say that are called after a list.
type Vocabularies = BTreeMap<String, Vocabulary>;

/// The lists of a bundle that were read: services share them, and may be compiled at the same time.
#[derive(Default)]
pub(super) struct ListsRead(Mutex<KnownLists>);

#[derive(Default)]
struct KnownLists {
    lists: BTreeMap<ListKey, Option<Arc<List>>>,
    plain: BTreeMap<Arc<str>, Option<Arc<List>>>,
    /// What towns that have a list of their own stand in the place of is the same for most of them.
    wider: BTreeMap<Vec<Arc<str>>, Arc<Wider>>,
    listed: BTreeMap<CalledAfter, Arc<Vocabularies>>,
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
        let listed = known.listed(bundle, &key.2);
        let further = folders.all(&format!("lists/{name}.csv")).into_iter().skip(1).collect();
        let wider = known.wider(bundle, further);
        let read = list::read::list(bundle, path, languages, &listed, out);
        let read = read.map(|list| Arc::new(if wider.codes.is_empty() { list } else { list.narrowing(wider) }));
        known.lists.insert(key, read.clone());
        read
    }
}

impl KnownLists {
    /// What the lists at these paths say together.
    fn wider(&mut self, bundle: &Bundle, paths: Vec<Arc<str>>) -> Arc<Wider> {
        if let Some(known) = self.wider.get(&paths) {
            return Arc::clone(known);
        }
        let mut wider = Wider::default();
        for path in &paths {
            if let Some(list) = self.plain(bundle, path) {
                wider.add(&list);
            }
        }
        let wider = Arc::new(wider);
        self.wider.insert(paths, Arc::clone(&wider));
        wider
    }

    /// What the columns may say that are called after lists.
    fn listed(&mut self, bundle: &Bundle, columns: &CalledAfter) -> Arc<Vocabularies> {
        if let Some(known) = self.listed.get(columns) {
            return Arc::clone(known);
        }
        let of_column = |(column, paths): &(String, Vec<Arc<str>>)| (column.clone(), self.vocabulary(bundle, paths));
        let listed: Arc<Vocabularies> = Arc::new(columns.iter().map(of_column).collect());
        self.listed.insert(columns.clone(), Arc::clone(&listed));
        listed
    }

    /// The codes of the list that stands at these paths, nearest first.
    fn vocabulary(&mut self, bundle: &Bundle, paths: &[Arc<str>]) -> Vocabulary {
        let name = paths.first().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
        let known = self.wider(bundle, paths.to_vec());
        Vocabulary { list: name.trim_end_matches(".csv").to_owned(), codes: known.codes.clone() }
    }

    /// A list as it stands; whether it is right, and in which languages, is for those to say who use it.
    fn plain(&mut self, bundle: &Bundle, path: &Arc<str>) -> Option<Arc<List>> {
        let read = || list::read::list(bundle, path, &[], &BTreeMap::new(), &mut Diagnostics::default()).map(Arc::new);
        self.plain.entry(Arc::clone(path)).or_insert_with(read).clone()
    }
}

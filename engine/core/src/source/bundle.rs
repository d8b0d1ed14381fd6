//! A set of definition files as they were read: path to text.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use crate::base::limits;

/// Files by path, as handed to the engine. Paths use `/` and are relative to the definitions.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    files: BTreeMap<Arc<str>, Arc<[u8]>>,
    folders: BTreeMap<Arc<str>, Arc<str>>,
}

impl Bundle {
    /// Adds a file; a second file of the same path takes the place of the first.
    pub fn add(&mut self, path: &str, bytes: impl Into<Arc<[u8]>>) {
        self.files.insert(Arc::from(path), bytes.into());
    }

    /// Adds a file and remembers the folder it was read from, for those who are told of its mistakes.
    pub fn add_from(&mut self, folder: &Arc<str>, path: &str, bytes: impl Into<Arc<[u8]>>) {
        self.add(path, bytes);
        self.folders.insert(Arc::from(path), Arc::clone(folder));
    }

    /// The same without the files that are not `wanted`.
    #[must_use]
    pub fn only(&self, wanted: impl Fn(&str) -> bool) -> Self {
        let mut bundle = self.clone();
        bundle.files.retain(|path, _| wanted(path));
        bundle.folders.retain(|path, _| wanted(path));
        bundle
    }

    /// The same files; those that `earlier` has as well are in memory once.
    #[must_use]
    pub fn sharing(self, earlier: &Self) -> Self {
        let shared = |(path, bytes): (Arc<str>, Arc<[u8]>)| match earlier.files.get_key_value(&path) {
            Some((known, same)) if *same == bytes => (Arc::clone(known), Arc::clone(same)),
            _ => (path, bytes),
        };
        Self { files: self.files.into_iter().map(shared).collect(), folders: self.folders }
    }

    /// The paths of files that are not the same in `other`, and of those that are in one of both alone.
    pub fn differing<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a Arc<str>> {
        let changed = self.files.iter().filter(move |(path, bytes)| other.files.get(*path) != Some(*bytes));
        let gone = other.files.keys().filter(move |path| !self.files.contains_key(*path));
        changed.map(|(path, _)| path).chain(gone)
    }

    /// Where people find a file: its path behind the folder it was read from, if that is known.
    pub fn shown(&self, path: &str) -> String {
        self.folders.get(path).map_or_else(|| path.to_owned(), |folder| format!("{folder}/{path}"))
    }

    /// The bytes of a file.
    pub fn bytes(&self, path: &str) -> Option<&Arc<[u8]>> {
        self.files.get(path)
    }

    /// The text of a file, if it is there, is UTF-8 and is no larger than files may be.
    pub fn text(&self, path: &str) -> Option<&str> {
        let bytes = self.files.get(path).filter(|bytes| bytes.len() <= limits::FILE_BYTES)?;
        std::str::from_utf8(bytes).ok()
    }

    /// The path as this bundle holds it, to be shared by everything that points into the file.
    pub fn path(&self, path: &str) -> Option<&Arc<str>> {
        self.files.get_key_value(path).map(|(path, _)| path)
    }

    /// All paths, in the alphabet's order.
    pub fn paths(&self) -> impl Iterator<Item = &Arc<str>> {
        self.files.keys()
    }

    /// The paths of the files directly or deeper inside `folder` (which ends without a slash).
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Arc<str>> {
        let start = format!("{folder}/");
        self.files
            .range::<str, _>((Bound::Included(start.as_str()), Bound::Unbounded))
            .map(|(path, _)| path)
            .take_while(move |path| path.starts_with(&start))
    }
}

//! The files of one service of one tenant, each from the nearest folder that has it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use sha2::{Digest as _, Sha256};

use super::Service;
use super::compile::files_agree;
use super::folders::Folders;
use super::setting::Setting;
use crate::base::{Name, Text};
use crate::document::Paper;
use crate::source::words::is_language;
use crate::source::{Bundle, Diagnostics, Where};

/// The files that stand directly in a service's folder.
pub(super) const PARTS: [&str; 8] = [
    "service.yaml",
    "form.yaml",
    "workflow.yaml",
    "rates.yaml",
    "fees.rhai",
    "billing.yaml",
    "postings.yaml",
    // Read by the program that goes by it, and no part of the model.
    "by-laws.yaml",
];
/// The rates of a service.
const RATES: &str = "rates.yaml";
/// An invented history beside the service: read by demonstrations only, and no part of its digest.
pub(super) const DEMO: &str = "demo.yaml";
/// Papers that every service has, taken from `papers/` where the service has none of its own.
const COMMON_PAPERS: [&str; 4] = ["acknowledgement", "bill", "day_sheet", "receipt"];
/// The chart of accounts.
pub(super) const ACCOUNTS: &str = "accounts.yaml";

/// Relative name to path; the scenarios are left out, for they change nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Files {
    by_name: BTreeMap<String, Arc<str>>,
    /// What it has in common with other services of its tenant: the chart of accounts, fieldsets.
    shared: BTreeMap<String, Arc<str>>,
    pub(super) has_tests: bool,
}

/// The same files: paths of one bundle are one allocation, so most comparisons look at no text.
impl PartialEq for Files {
    fn eq(&self, other: &Self) -> bool {
        self.has_tests == other.has_tests && same(&self.by_name, &other.by_name) && same(&self.shared, &other.shared)
    }
}

impl Eq for Files {}

fn same(own: &BTreeMap<String, Arc<str>>, other: &BTreeMap<String, Arc<str>>) -> bool {
    own.len() == other.len() && own.iter().zip(other).all(|(own, other)| same_path(own.1, other.1) && own.0 == other.0)
}

pub(super) fn same_path(own: &Arc<str>, other: &Arc<str>) -> bool {
    Arc::ptr_eq(own, other) || own == other
}

impl Files {
    /// Whether something that stands under one of these names in a folder would be part of the service `id`.
    pub(super) fn may_be_among(id: &str, names: &BTreeSet<String>) -> bool {
        [id, "papers", "fieldsets", ACCOUNTS].into_iter().any(|name| names.contains(name))
    }

    pub(super) fn of(folders: &Folders<'_>, id: &str) -> Self {
        let mut by_name = BTreeMap::new();
        for (name, path) in folders.list(id).into_iter().filter(|(name, _)| name != DEMO) {
            by_name.insert(name, path);
        }
        for (folder, ending) in [("notifications", ".yaml"), ("documents", ".hbs"), ("locales", ".yaml")] {
            for (name, path) in folders.list(&format!("{id}/{folder}")) {
                if name.ends_with(ending) {
                    by_name.insert(format!("{folder}/{name}"), path);
                }
            }
        }
        for (name, path) in folders.list("papers") {
            let paper = name.split('.').next().unwrap_or("").to_owned();
            let needed = COMMON_PAPERS.contains(&paper.as_str())
                && (paper == "acknowledgement" || by_name.contains_key("billing.yaml"));
            let own = by_name.contains_key(&format!("documents/{paper}.hbs"))
                && !by_name[&format!("documents/{paper}.hbs")].starts_with("papers/");
            if needed
                && !own
                && name
                    .split_once('.')
                    .is_some_and(|(_, ending)| ending == "hbs" || ending.rsplit('.').next() == Some("hbs"))
            {
                by_name.insert(format!("documents/{name}"), path);
            }
        }
        Self { by_name, shared: shared(folders), has_tests: !folders.list(&format!("{id}/tests")).is_empty() }
    }

    /// Whether both are the same, whichever rates they have.
    pub(super) fn same_but_rates(&self, other: &Self) -> bool {
        let mut pairs = self.by_name.iter().zip(&other.by_name);
        self.has_tests == other.has_tests
            && self.by_name.len() == other.by_name.len()
            && pairs.all(|(own, other)| (same_path(own.1, other.1) || own.0 == RATES) && own.0 == other.0)
            && same(&self.shared, &other.shared)
    }

    /// Whether `service` was made of these files, whatever lists it shows.
    pub(super) fn are_those_of(&self, service: &Service) -> bool {
        let own = self.by_name.iter().chain(&self.shared).map(|(name, path)| (&**name, &**path));
        let made_of = service.files.iter().map(|(name, path)| (&**name, &**path));
        own.eq(made_of.filter(|(name, _)| !name.starts_with("lists/")))
    }

    pub(super) fn find(&self, name: &str) -> Option<&Arc<str>> {
        self.by_name.get(name)
    }

    pub(super) fn service_yaml(&self) -> Arc<str> {
        self.find("service.yaml").cloned().unwrap_or_else(|| Arc::from("service.yaml"))
    }

    pub(super) fn notices(&self) -> impl Iterator<Item = (&str, &Arc<str>)> {
        self.inside("notifications/", ".yaml")
    }

    pub(super) fn locales(&self) -> impl Iterator<Item = (&str, &Arc<str>)> {
        self.inside("locales/", ".yaml")
    }

    pub(super) fn locale(&self, language: &str) -> Option<&Arc<str>> {
        self.find(&format!("locales/{language}.yaml"))
    }

    fn inside<'a>(&'a self, folder: &'a str, ending: &'a str) -> impl Iterator<Item = (&'a str, &'a Arc<str>)> {
        self.by_name
            .iter()
            .filter_map(move |(name, path)| Some((name.strip_prefix(folder)?.strip_suffix(ending)?, path)))
    }

    /// The papers, with their files by language: `license.hbs` is in the service's own,
    /// `license.hi.hbs` in Hindi.
    pub(super) fn papers(&self, service: &Service, titles: &BTreeMap<String, Vec<(String, String)>>) -> Vec<Paper> {
        let mut files: BTreeMap<String, BTreeMap<String, Arc<str>>> = BTreeMap::new();
        for (name, path) in self.inside("documents/", ".hbs") {
            let (paper, language) = name.split_once('.').unwrap_or((name, ""));
            files.entry(paper.to_owned()).or_default().insert(language.to_owned(), Arc::clone(path));
        }
        let title = |name: &str| {
            let granted = service
                .grants
                .iter()
                .find(|grant| grant.document.as_ref().is_some_and(|document| document.value == *name));
            let mut text =
                granted.map_or_else(|| Text::new(crate::workflow::check::humanised(name)), |grant| grant.title.clone());
            for (language, title) in titles.get(name).into_iter().flatten() {
                text.translations.insert(language.clone(), title.clone());
            }
            text
        };
        files.into_iter().map(|(name, files)| Paper { title: title(&name), name: Name::new(&name), files }).collect()
    }

    /// Says which files are missing and which nobody reads.
    pub(super) fn check(&self, folders: &Folders<'_>, id: &str, out: &mut Diagnostics) {
        let stray: Vec<(String, Arc<str>)> = folders
            .list(id)
            .into_iter()
            .filter(|(name, _)| {
                !PARTS.contains(&name.as_str()) && name.rsplit('.').next() != Some("md") && name != DEMO
            })
            .collect();
        let anchor = self.by_name.values().find(|path| path.contains(id));
        let at = self
            .find("service.yaml")
            .or(anchor)
            .map_or_else(|| Where::file(&Arc::from(format!("{id}/service.yaml"))), Where::file);
        files_agree(self, &stray, &PARTS, &at, out);
    }

    /// The name of this version: SHA-256 over names and contents of everything it was made of, and
    /// over its setting.
    pub(super) fn digest(&self, digests: &Digests<'_>, lists: &[FoundList], setting: &Setting) -> String {
        let mut hasher = Sha256::new();
        for (name, path) in self.origins(lists) {
            hasher.update(name.as_bytes());
            hasher.update([0]);
            hasher.update(digests.of(&path));
        }
        hasher.update(setting.text());
        hasher.finalize().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    /// Where each file came from: its own, then what is shared.
    pub(super) fn origins(&self, lists: &[FoundList]) -> Vec<(String, Arc<str>)> {
        let files = self.by_name.iter().chain(&self.shared).map(|(name, path)| (name.clone(), Arc::clone(path)));
        files.chain(lists.iter().map(|(name, path)| (format!("lists/{name}.csv"), Arc::clone(path)))).collect()
    }

    /// Everything that it takes to compile the service once more, path to text: the files it was made
    /// of, and the wider lists that its own stand in the place of.
    pub(super) fn sources(&self, folders: &Folders<'_>, lists: &[FoundList]) -> BTreeMap<Arc<str>, Arc<[u8]>> {
        let made_of = self.origins(lists).into_iter().map(|(_, path)| path);
        let wider = lists.iter().flat_map(|(name, _)| folders.all(&format!("lists/{name}.csv")));
        let text = |path: Arc<str>| Some((Arc::clone(&path), Arc::clone(folders.bundle.bytes(&path)?)));
        made_of.chain(wider).filter_map(text).collect()
    }
}

/// Digests of files, each reckoned once: most files are part of the services of many towns.
pub(super) struct Digests<'a> {
    bundle: &'a Bundle,
    known: RefCell<BTreeMap<Arc<str>, [u8; 32]>>,
}

impl<'a> Digests<'a> {
    pub(super) fn new(bundle: &'a Bundle) -> Self {
        Self { bundle, known: RefCell::default() }
    }

    fn of(&self, path: &Arc<str>) -> [u8; 32] {
        let reckon = || Sha256::digest(self.bundle.bytes(path).map_or(&[][..], |bytes| &bytes[..])).into();
        *self.known.borrow_mut().entry(Arc::clone(path)).or_insert_with(reckon)
    }
}

/// A list and where it was found.
pub(super) type FoundList = (String, Arc<str>);

/// The files that every service of a tenant is made of.
fn shared(folders: &Folders<'_>) -> BTreeMap<String, Arc<str>> {
    let chart = folders.find(ACCOUNTS).map(|path| (ACCOUNTS.to_owned(), path));
    let fieldsets = ["fieldsets", "fieldsets/locales"].into_iter().flat_map(|folder| {
        let files = folders.list(folder).into_iter().filter(|(name, _)| name.strip_suffix(".yaml").is_some());
        files.map(move |(name, path)| (format!("{folder}/{name}"), path))
    });
    chart.into_iter().chain(fieldsets).collect()
}

/// The lists that the files of a service mention, nearest first: name and path. A list counts as
/// mentioned if its name stands as a word in the form, the rates, the rules or the conditions.
pub(super) fn used_lists(folders: &Folders<'_>, files: &Files, mentions: &Mentions) -> Vec<FoundList> {
    let fieldsets = folders.list("fieldsets");
    let paths = ["form.yaml", "rates.yaml", "fees.rhai", "workflow.yaml", "service.yaml"]
        .iter()
        .filter_map(|name| files.find(name))
        .chain(fieldsets.values());
    let lists = folders
        .list("lists")
        .into_iter()
        .filter_map(|(name, path)| Some((name.strip_suffix(".csv")?.to_owned(), path)));
    let lists: Vec<FoundList> = lists.collect();
    let used = mentions.used(folders.bundle, paths, &lists.iter().map(|(name, _)| name.as_str()).collect());
    lists.into_iter().filter(|(name, _)| used.contains(name)).collect()
}

/// Which lists each file mentions: rates differ from town to town, the other files of a service hardly do.
#[derive(Default)]
pub(super) struct Mentions(Mutex<MentionsOf>);

/// The lists that were looked for, and by path those that were found.
#[derive(Default)]
struct MentionsOf {
    names: BTreeSet<String>,
    found: BTreeMap<Arc<str>, BTreeSet<String>>,
}

impl Mentions {
    /// Those of `names` that stand as words in the files at `paths`.
    fn used<'a>(
        &self,
        bundle: &Bundle,
        paths: impl Iterator<Item = &'a Arc<str>>,
        names: &BTreeSet<&str>,
    ) -> BTreeSet<String> {
        let mut known = self.0.lock().expect("looking for words does not panic");
        if !known.names.iter().map(String::as_str).eq(names.iter().copied()) {
            *known =
                MentionsOf { names: names.iter().map(|name| (*name).to_owned()).collect(), ..MentionsOf::default() };
        }
        let mut used = BTreeSet::new();
        for path in paths {
            let found = known.found.entry(Arc::clone(path)).or_insert_with(|| {
                named(bundle.text(path).into_iter(), names).into_iter().map(str::to_owned).collect()
            });
            used.extend(found.iter().cloned());
        }
        used
    }
}

/// Those of `names` that stand as words in `texts`.
fn named<'a>(texts: impl Iterator<Item = &'a str>, names: &BTreeSet<&str>) -> BTreeSet<&'a str> {
    let words = texts.flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
    words.filter(|word| names.contains(word)).collect()
}

/// Where lists of these names are found, nearest first.
pub(super) fn found_lists<'a>(folders: &Folders<'_>, names: impl Iterator<Item = &'a str>) -> Vec<FoundList> {
    names.filter_map(|name| Some((name.to_owned(), folders.find(&format!("lists/{name}.csv"))?))).collect()
}

/// The columns that are called after a list, `documents` or `renewal_documents`, each with the paths of
/// that list, nearest first.
pub(super) fn called_after<'a>(
    folders: &Folders<'_>,
    columns: impl Iterator<Item = &'a str>,
) -> Vec<(String, Vec<Arc<str>>)> {
    let of_column = |column: &str| {
        let ends = column.match_indices('_').map(|(at, _)| &column[at + 1..]);
        let named = std::iter::once(column).chain(ends).filter(|name| !name.is_empty());
        named.map(|name| folders.all(&format!("lists/{name}.csv"))).find(|paths| !paths.is_empty())
    };
    let further = columns.filter(|column| !matches!(*column, "code" | "parent" | "label") && !is_language(column));
    further.filter_map(|column| Some((column.to_owned(), of_column(column)?))).collect()
}

/// The answers that rules, conditions, templates and grants read: every word of those files that
/// is the name of a field.
pub(super) fn uses(bundle: &Bundle, files: &Files, service: &Service) -> BTreeSet<String> {
    let texts = files
        .by_name
        .iter()
        .filter(|(name, _)| *name != "form.yaml" && !name.starts_with("locales/"))
        .filter_map(|(_, path)| bundle.text(path));
    let asked = service.form.fields().map(|field| field.name.as_str()).collect();
    let mut words: BTreeSet<String> = named(texts, &asked).into_iter().map(str::to_owned).collect();
    for page in &service.form.pages {
        let conditions = page.when.iter().chain(page.fields.iter().filter_map(|field| field.when.as_ref()));
        let conditions = conditions.chain(page.checks.iter().map(|check| &check.that));
        words.extend(conditions.flat_map(|condition| condition.fields.iter().cloned()));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_mentions_is_looked_for_again_when_there_are_other_lists() {
        let mut bundle = Bundle::default();
        bundle.add("a/form.yaml", *b"list: trades");
        bundle.add("b/form.yaml", *b"list: ponds, trades");
        let paths: Vec<Arc<str>> = bundle.paths().cloned().collect();
        let mentions = Mentions::default();
        let used = |names: &[&str], paths: &[Arc<str>]| -> Vec<String> {
            mentions.used(&bundle, paths.iter(), &names.iter().copied().collect()).into_iter().collect()
        };
        assert_eq!(used(&["trades"], &paths), ["trades"]);
        assert_eq!(used(&["ponds", "trades"], &paths), ["ponds", "trades"]);
        assert_eq!(used(&["ponds", "trades"], &paths[..1]), ["trades"]);
        assert!(used(&["trade"], &paths).is_empty());
    }

    #[test]
    fn a_town_with_papers_accounts_or_fieldsets_of_its_own_has_files_of_its_own() {
        let names = |name: &str| BTreeSet::from([name.to_owned(), "tenant.yaml".to_owned()]);
        for own in ["permit", "papers", "accounts.yaml", "fieldsets"] {
            assert!(Files::may_be_among("permit", &names(own)), "{own}");
        }
        for other in ["places.csv", "lists", "permit-renewal"] {
            assert!(!Files::may_be_among("permit", &names(other)), "{other}");
        }
    }
}

//! Files that nothing reads: a misspelt folder, a service without its `service.yaml`, a wrong ending.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::checks::unknown_file;
use super::files::{ACCOUNTS, DEMO, PARTS};
use crate::source::{Bundle, Diagnostics};

/// Folders of a service, and how the names of their files end.
const OF_SERVICE: [(&str, &str); 5] =
    [("notifications", ".yaml"), ("documents", ".hbs"), ("locales", ".yaml"), ("imports", ".yaml"), ("tests", ".yaml")];
/// Folders that services share.
const SHARED: [(&str, &str); 5] = [
    ("lists", ".csv"),
    ("fieldsets", ".yaml"),
    ("fieldsets/locales", ".yaml"),
    ("papers", ".hbs"),
    (super::surveys::FOLDER, ".yaml"),
];
const WORDS: (&str, &str) = ("words", ".yaml");

/// Names every file of `bundle` that nothing reads, of a folder the first. `offered` are the services
/// that towns offer, whether they are there or not.
pub(super) fn check(bundle: &Bundle, offered: &BTreeSet<&str>, out: &mut Diagnostics) {
    let layout = Layout::of(bundle, offered);
    let mut said = BTreeSet::new();
    for path in bundle.paths().filter(|path| !path.ends_with(".md")) {
        let Some(stray) = layout.stray(path) else { continue };
        if said.insert(path[..stray.until].to_owned()) {
            let name = &path[stray.from..stray.until];
            let known: Vec<&str> = stray.known.iter().copied().filter(|known| *known != name).collect();
            out.push(match stray.kind {
                StrayKind::Folder(what) => unknown_file::folder(path, name, what, &known),
                StrayKind::File => unknown_file::diagnostic(path, name, &known),
                StrayKind::Ending(ending) => unknown_file::ending(path, name, ending),
            });
        }
    }
}

/// Which folders there are.
struct Layout<'a> {
    services: BTreeSet<&'a str>,
    /// Folders of states and towns.
    tenants: BTreeSet<&'a str>,
}

/// The part of a path that leads nowhere: from one byte to another.
struct Stray<'a> {
    from: usize,
    until: usize,
    kind: StrayKind,
    known: Vec<&'a str>,
}

enum StrayKind {
    /// A folder; what folders there are.
    Folder(&'static str),
    File,
    /// A file in a folder whose files end so.
    Ending(&'static str),
}

impl<'a> Layout<'a> {
    fn of(bundle: &'a Bundle, offered: &BTreeSet<&'a str>) -> Self {
        let folder_of = |file: &str, path: &'a Arc<str>| path.strip_suffix(file)?.strip_suffix('/');
        let services = bundle.paths().filter_map(|path| folder_of("service.yaml", path));
        let services = services.map(|folder| folder.rsplit('/').next().unwrap_or(folder));
        let mut tenants: BTreeSet<&str> =
            bundle.under("tenants").filter_map(|path| folder_of("tenant.yaml", path)).collect();
        // A state is there if one of its towns is; what it lacks itself is said elsewhere.
        let above: Vec<&str> =
            tenants.iter().filter_map(|folder| folder.rsplit_once('/')).map(|(above, _)| above).collect();
        tenants.extend(above);
        Self { services: services.chain(offered.iter().copied()).collect(), tenants }
    }

    fn stray(&self, path: &'a str) -> Option<Stray<'a>> {
        if !path.starts_with("tenants/") {
            return self.in_scope(path, 0, &["tenants", WORDS.0], &[ACCOUNTS]);
        }
        let mut scope = "tenants".len();
        while let Some(next) = path[scope + 1..].find('/').map(|end| scope + 1 + end)
            && self.tenants.contains(&path[..next])
        {
            scope = next;
        }
        let (from, depth) = (scope + 1, path[..scope].split('/').count());
        match depth {
            1 => {
                let until = path[from..].find('/').map_or(path.len(), |end| from + end);
                let kind = StrayKind::Folder("a state has a `tenant.yaml`, and so has each of its towns");
                Some(Stray { from, until, kind, known: self.below("tenants") })
            }
            _ if path.strip_suffix(".svg").is_some() && !path[from..].contains('/') => None,
            2 => self.in_scope(path, from, &self.below(&path[..scope]), &["tenant.yaml", "places.csv", ACCOUNTS, DEMO]),
            _ => self.in_scope(path, from, &[], &["tenant.yaml", "places.csv", ACCOUNTS]),
        }
    }

    /// The names of the tenants directly below a folder.
    fn below(&self, folder: &str) -> Vec<&'a str> {
        let inside = self.tenants.iter().filter_map(|tenant| tenant.strip_prefix(folder)?.strip_prefix('/'));
        inside.filter(|name| !name.contains('/')).collect()
    }

    /// A file of the shared folder, of a state or of a town, which begins at the byte `from`.
    fn in_scope(&self, path: &'a str, from: usize, folders: &[&'a str], files: &[&'a str]) -> Option<Stray<'a>> {
        let rest = &path[from..];
        let Some((first, inside)) = rest.split_once('/') else {
            let known = files.to_vec();
            return (!files.contains(&rest)).then_some(Stray { from, until: path.len(), kind: StrayKind::File, known });
        };
        let in_first = from + first.len() + 1;
        if self.services.contains(first) {
            return of_service(path, in_first);
        }
        let shared = SHARED.iter().chain((from == 0).then_some(&WORDS));
        if let Some((folder, ending)) =
            shared.clone().rfind(|(folder, _)| rest.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
        {
            let fits = rest[folder.len() + 1..].strip_suffix(ending).is_some_and(|name| !name.contains('/'));
            return (!fits).then(|| Stray {
                from: from + folder.len() + 1,
                until: path.len(),
                kind: StrayKind::Ending(ending),
                known: Vec::new(),
            });
        }
        let known = shared.map(|(folder, _)| *folder).filter(|folder| !folder.contains('/'));
        let known = known.chain(folders.iter().copied()).chain(self.services.iter().copied()).collect();
        let what = if PARTS.contains(&inside) {
            "a service has a `service.yaml`, and a town's own files lie below the service's name"
        } else {
            "folders are called `lists`, `fieldsets`, `papers`, `surveys`, `tenants`, `words`, or after a service"
        };
        Some(Stray { from, until: from + first.len(), kind: StrayKind::Folder(what), known })
    }
}

/// A file of a service, whose path inside of it begins at the byte `from`.
fn of_service(path: &str, from: usize) -> Option<Stray<'_>> {
    let rest = &path[from..];
    let Some((folder, name)) = rest.split_once('/') else {
        let known = PARTS.contains(&rest) || rest == DEMO;
        return (!known).then(|| Stray { from, until: path.len(), kind: StrayKind::File, known: PARTS.to_vec() });
    };
    let Some((_, ending)) = OF_SERVICE.iter().find(|(known, _)| *known == folder) else {
        let known = OF_SERVICE.map(|(folder, _)| folder).to_vec();
        let what = "a service has the folders `notifications`, `documents`, `locales` and `tests`";
        return Some(Stray { from, until: from + folder.len(), kind: StrayKind::Folder(what), known });
    };
    let fits = name.strip_suffix(ending).is_some_and(|name| !name.contains('/'));
    (!fits).then(|| Stray {
        from: from + folder.len() + 1,
        until: path.len(),
        kind: StrayKind::Ending(ending),
        known: Vec::new(),
    })
}

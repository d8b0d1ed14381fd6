//! The published definitions: read from their folder, checked, and kept at hand by tenant, service
//! and digest. A new reading takes the place of the old one whole, while requests go on with the
//! one they began with.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};

use anyhow::{Context, ensure};
use engine::base::limits::FILE_BYTES;
use engine::scenario::{Example, examples};
use engine::service::{self, Catalogue, Earlier, Folders, Service, Setting};
use engine::source::{Bundle, Diagnostics};
use engine::tenant::Tenant;
use serde::{Deserialize, Serialize};
use ui_gen::Words;

use crate::programs;
use crate::store::definitions::Definition;

/// The language of the product's words that stand in where another has none.
const FALLBACK: &str = "en";
/// Folders below the definitions.
const DEPTH: usize = 8;

/// All definitions, exchangeable while in use.
#[derive(Debug)]
pub struct Library {
    loaded: RwLock<Arc<Loaded>>,
    watched: AtomicBool,
    /// The number of the publication it was read from; 0 for a reading of folders.
    publication: AtomicI64,
    /// Why the folders could not be read the last time.
    unread: RwLock<Option<String>>,
}

/// Why definitions could not be made again, by tenant and digest.
type Unmade = BTreeMap<(String, String), String>;

/// Examples by tenant and service.
type Examples = BTreeMap<(String, String), Arc<[Example]>>;

/// One reading of the definitions.
#[derive(Debug)]
pub struct Loaded {
    /// Tenants and their services.
    pub catalogue: Catalogue,
    /// What is wrong with what was left out.
    pub diagnostics: Diagnostics,
    /// The files.
    pub bundle: Bundle,
    /// When they were read, in milliseconds since 1970.
    pub read_ms: i64,
    words: BTreeMap<String, Words>,
    /// Style sheets by tenant, with their tags.
    styles: BTreeMap<String, (String, String)>,
    /// Examples by tenant and service, once somebody asked for them.
    examples: RwLock<Examples>,
    /// Why definitions could not be made again while this reading is served, with whatever else was made meanwhile.
    unmade: Arc<RwLock<Unmade>>,
}

impl Library {
    /// Checks `bundle` and opens it for use.
    pub fn new(bundle: Bundle, read_ms: i64) -> Self {
        Self {
            loaded: RwLock::new(Arc::new(Loaded::new(bundle, read_ms, None))),
            watched: AtomicBool::new(false),
            publication: AtomicI64::new(0),
            unread: RwLock::new(None),
        }
    }

    /// The present reading.
    pub fn now(&self) -> Arc<Loaded> {
        Arc::clone(&self.loaded.read().expect("no holder of the library panics"))
    }

    /// Says that changed files are read again by themselves from now on.
    pub fn watched(&self) {
        self.watched.store(true, Ordering::Relaxed);
    }

    /// Whether changed files are read again by themselves.
    pub fn is_watched(&self) -> bool {
        self.watched.load(Ordering::Relaxed)
    }

    /// The number of the publication that is served; 0 where folders are.
    pub fn publication(&self) -> i64 {
        self.publication.load(Ordering::Relaxed)
    }

    /// Says that the publication of this number is served.
    pub fn serves(&self, publication: i64) {
        self.publication.store(publication, Ordering::Relaxed);
    }

    /// Says that the folders cannot be read now; what was read before stays in use.
    pub fn cannot_read(&self, why: impl Into<String>) {
        *self.unread.write().expect("no holder of the library panics") = Some(why.into());
    }

    /// Why the folders could not be read the last time; none if they could.
    pub fn unread(&self) -> Option<String> {
        self.unread.read().expect("no holder of the library panics").clone()
    }

    /// Puts a new reading in place of the present one. Definitions that cases may have begun with
    /// stay at hand, and services that have not changed are what they were.
    pub fn swap(&self, bundle: Bundle, read_ms: i64) {
        let before = self.now();
        let mut loaded = Loaded::new(bundle.sharing(&before.bundle), read_ms, Some(&before));
        for service in self.now().catalogue.definitions() {
            loaded.catalogue.keep(Arc::clone(service));
        }
        *self.loaded.write().expect("no holder of the library panics") = Arc::new(loaded);
        *self.unread.write().expect("no holder of the library panics") = None;
    }

    /// Makes an older definition of a tenant again from what was kept of it. It was judged when it was published: what
    /// the checks of today find as well is told in the log, and cases go on by it.
    ///
    /// # Errors
    /// When it cannot be read any more, or something in it leads nowhere.
    pub fn revive(&self, tenant: &Tenant, definition: &Definition) -> anyhow::Result<Arc<Service>> {
        let Definition { digest, service: id, files, .. } = definition;
        let kept: Kept = serde_json::from_str(files).context("the files of a definition")?;
        let Kept { languages, levels, year_starts, registers, files } = kept;
        let mut bundle = Bundle::default();
        for (path, text) in files {
            bundle.add(&path, text.into_bytes());
        }
        let setting = Setting { languages, levels, year_starts, registers };
        let mut found = Diagnostics::default();
        let mut service = service::remake(&bundle, tenant, &setting, id, &mut found)
            .with_context(|| format!("the definition {digest}, made again: {}", found.render(&bundle, "")))?;
        if !found.is_clean() {
            let found = found.render(&bundle, "");
            tracing::warn!(
                digest,
                service = id,
                found,
                "a definition that was published has what is found wrong today"
            );
        }
        if service.digest != *digest {
            // An earlier version of the engine counted otherwise; what was kept under the name is what counts.
            tracing::warn!(digest, made = service.digest, "a definition has another digest than when it was published");
            service.digest.clone_from(digest);
        }
        let service = Arc::new(service);
        let mut loaded = self.loaded.write().expect("no holder of the library panics");
        let mut next = loaded.with_catalogue(loaded.catalogue.clone());
        next.catalogue.keep(Arc::clone(&service));
        *loaded = Arc::new(next);
        Ok(service)
    }
}

/// Everything that it takes to make a definition again, as the store keeps it.
#[derive(Debug, Deserialize, Serialize)]
struct Kept {
    languages: Vec<String>,
    levels: Vec<String>,
    year_starts: (u32, u32),
    // Most services wait for no register.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    registers: Vec<String>,
    /// Path to text.
    files: BTreeMap<String, String>,
}

/// What is kept of a definition, for cases that outlive its files: JSON.
pub fn kept(service: &Service) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let Setting { languages, levels, year_starts, registers } = service.setting.clone();
    let files = service.sources.iter().map(|(path, bytes)| (path.to_string(), text(bytes))).collect();
    serde_json::to_string(&Kept { languages, levels, year_starts, registers, files }).expect("texts by text are JSON")
}

/// Checks all definitions, the services at the same time on as many cores as there are.
pub fn check(bundle: &Bundle) -> (Catalogue, Diagnostics) {
    check_after(bundle, None)
}

fn check_after(bundle: &Bundle, earlier: Option<Earlier<'_>>) -> (Catalogue, Diagnostics) {
    let (catalogue, mut found) = service::load_after(bundle, earlier, &on_all_cores);
    engine::import::check_all(bundle, &catalogue, &mut found);
    programs::check(&catalogue, &mut found);
    (catalogue, found)
}

/// Checks the services alone.
pub fn check_services(bundle: &Bundle) -> (Catalogue, Diagnostics) {
    service::load_spread(bundle, &on_all_cores)
}

/// Runs the parts numbered from 0 at the same time, on as many cores as there are.
pub fn on_all_cores(parts: usize, run: &(dyn Fn(usize) + Sync)) {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(part) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|part| *part < parts) {
            run(part);
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 1..cores.min(parts) {
            scope.spawn(work);
        }
        work();
    });
}

impl Loaded {
    fn new(bundle: Bundle, read_ms: i64, before: Option<&Self>) -> Self {
        // Where something was found, all of it is looked for again.
        let clean = before.filter(|before| before.diagnostics.0.is_empty());
        let earlier = clean.map(|before| Earlier { bundle: &before.bundle, catalogue: &before.catalogue });
        let (mut catalogue, diagnostics) = check_after(&bundle, earlier);
        if !connectors::control::holds("priv_01_identity") {
            catalogue.tenants.values_mut().for_each(|tenant| Arc::make_mut(tenant).identity_numbers.clear());
        }
        let read: BTreeMap<String, Words> =
            catalogue.words.iter().map(|(lang, map)| (lang.clone(), Words::new(lang.as_str(), map.clone()))).collect();
        let fallback = read.get(FALLBACK).cloned().unwrap_or_else(|| Words::new(FALLBACK, BTreeMap::new()));
        let mut words: BTreeMap<String, Words> =
            read.into_iter().map(|(lang, words)| (lang, words.with_fallback(&fallback))).collect();
        words.entry(FALLBACK.to_owned()).or_insert(fallback);
        let style = |tenant: &Arc<Tenant>| {
            let style = ui_gen::css(&tenant.accent);
            let tag = ui_gen::tag(style.as_bytes());
            (tenant.id.clone(), (style, tag))
        };
        let styles = catalogue.tenants.values().map(style).collect();
        let (examples, unmade) = (RwLock::default(), Arc::default());
        Self { catalogue, diagnostics, bundle, read_ms, words, styles, examples, unmade }
    }

    fn with_catalogue(&self, catalogue: Catalogue) -> Self {
        Self {
            catalogue,
            diagnostics: self.diagnostics.clone(),
            bundle: self.bundle.clone(),
            read_ms: self.read_ms,
            words: self.words.clone(),
            styles: self.styles.clone(),
            examples: RwLock::default(),
            unmade: Arc::clone(&self.unmade),
        }
    }

    /// Remembers that a definition cannot be made again, for as long as this reading is served, and says so in the log
    /// the first time: whoever shows many cases meets it on every page.
    pub fn cannot_make(&self, tenant: &str, digest: &str, error: &anyhow::Error) {
        let (of, why) = ((tenant.to_owned(), digest.to_owned()), format!("{error:#}"));
        let before = self.unmade.write().expect("no holder of the library panics").insert(of, why.clone());
        if before.is_none() {
            tracing::error!(tenant, digest, error = why, "the definition of a case cannot be made again");
        }
    }

    /// Why a definition cannot be made again, if that was tried.
    pub fn unmade(&self, tenant: &str, digest: &str) -> Option<String> {
        let of = (tenant.to_owned(), digest.to_owned());
        self.unmade.read().expect("no holder of the library panics").get(&of).cloned()
    }

    /// The tenant of this name.
    pub fn tenant(&self, id: &str) -> Option<&Arc<Tenant>> {
        self.catalogue.tenants.get(id)
    }

    /// The product's words in `language`, or in the one that stands in.
    pub fn words(&self, language: &str) -> &Words {
        self.words.get(language).unwrap_or_else(|| &self.words[FALLBACK])
    }

    /// The languages there are words in.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }

    /// The style sheet in a tenant's colour.
    pub fn style(&self, tenant: &str) -> Option<&str> {
        self.styles.get(tenant).map(|(style, _)| style.as_str())
    }

    /// Its address, which changes with it: browsers keep what is there for ever.
    pub fn style_address(&self, tenant: &str) -> Option<String> {
        self.styles.get(tenant).map(|(_, tag)| format!("/assets/{tenant}.css?v={tag}"))
    }

    /// The examples of which a service shows the first that has a fee in the town; read once.
    pub fn examples(&self, tenant: &Tenant, service: &Service) -> Arc<[Example]> {
        let key = (tenant.id.clone(), service.id.clone());
        let known = || self.examples.read().expect("no holder of the examples panics").get(&key).cloned();
        known().unwrap_or_else(|| {
            let found = examples(&Folders::of_tenant(&self.bundle, &tenant.state, &tenant.id), service);
            let found: Arc<[Example]> = found.into();
            self.examples.write().expect("no holder of the examples panics").insert(key.clone(), Arc::clone(&found));
            found
        })
    }
}

/// Reads a folder of definitions. Hidden files and folders are passed over.
///
/// # Errors
/// When it cannot be read, or goes deeper than definitions do.
pub fn read_folder(folder: &Path) -> anyhow::Result<Bundle> {
    read_folders([folder])
}

/// Reads folders of definitions, each laid over those before it: a file takes the place of an
/// earlier one of the same path.
///
/// # Errors
/// When one cannot be read, or goes deeper than definitions do.
pub fn read_folders(folders: impl IntoIterator<Item = impl AsRef<Path>>) -> anyhow::Result<Bundle> {
    let mut bundle = Bundle::default();
    for folder in folders {
        let folder = folder.as_ref();
        ensure!(folder.is_dir(), "there is no folder `{}`: definitions are given with --definitions", folder.display());
        let shown = folder.to_string_lossy();
        read_into(&mut bundle, &Arc::from(shown.trim_end_matches('/')), folder, "", 0)?;
    }
    Ok(bundle)
}

/// Definitions without any town but `town`: whoever works in one town need not wait until a hundred others are
/// read. What its services are does not depend on the others.
pub fn of_town(bundle: &Bundle, town: &str) -> Bundle {
    bundle.only(|path| {
        let mut parts = path.splitn(4, '/');
        let (Some("tenants"), Some(state), Some(folder), Some(_)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return true;
        };
        folder == town || bundle.path(&format!("tenants/{state}/{folder}/tenant.yaml")).is_none()
    })
}

/// The bytes of a file; of one that is larger than files may be, only enough to see that.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn read_into(bundle: &mut Bundle, root: &Arc<str>, folder: &Path, prefix: &str, depth: usize) -> anyhow::Result<()> {
    ensure!(depth <= DEPTH, "{} lies deeper than definitions do", folder.display());
    let entries = std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("reading {}", folder.display()))?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
        let (path, inside) = (entry.path(), format!("{prefix}{name}"));
        if path.is_dir() {
            read_into(bundle, root, &path, &format!("{inside}/"), depth + 1)?;
        } else {
            bundle.add_from(root, &inside, read(&path).with_context(|| format!("reading {}", path.display()))?);
        }
    }
    Ok(())
}

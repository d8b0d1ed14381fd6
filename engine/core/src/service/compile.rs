//! From a folder of files to a checked service, in ranks: what cannot be read, what leads
//! nowhere, what makes no sense. A rank runs only if the one before it is clean, so that one
//! misspelt word is one diagnostic.
//!
//! What is found before everything leads somewhere keeps a service from being made. What is found afterwards, and in
//! rules that can be run, judges what is made, and keeps only a new one from being served.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::already_read::AlreadyRead;
use super::assemble::{Sources, Words, Written, assemble, relist};
use super::checks::{self, missing_file, unknown_file, wrong_format};
use super::files::{self, ACCOUNTS, Digests, Files, FoundList};
use super::folders::Folders;
use super::setting::Setting;
use super::yaml::{LocaleYaml, ServiceYaml};
use super::{Service, locale};
use crate::base::Name;
use crate::billing::yaml::BillingYaml;
use crate::document;
use crate::fees;
use crate::form::{self, Form};
use crate::ledger::{self, Chart, yaml::PostingsYaml};
use crate::list::List;
use crate::notice;
use crate::source::{Bundle, Diagnostics, Severity, Shape, Where, read};
use crate::template::{Around, Look};
use crate::tenant::Tenant;
use crate::workflow::{self, yaml::WorkflowYaml};

/// Compiles the service `id` as `folders` show it, for a tenant. What is wrong goes to `out`; the
/// service is there only if nothing is.
pub fn compile(folders: &Folders<'_>, tenant: &Tenant, id: &str, out: &mut Diagnostics) -> Option<Service> {
    match Compiler::new(folders.bundle, &AlreadyRead::default()).service(folders, tenant, id, out) {
        Made::Service(service) => Some(Arc::unwrap_or_clone(service)),
        Made::Broken => None,
    }
}

/// Compiles a service once more from `sources`, which it was made of when `setting` was its tenant's.
/// It was tried out and judged then: scenarios are not asked for, and what only judges is in `out` and the service
/// there all the same. It is not there only if it cannot be made: something cannot be read, or leads nowhere.
pub fn remake(
    sources: &Bundle,
    tenant: &Tenant,
    setting: &Setting,
    id: &str,
    out: &mut Diagnostics,
) -> Option<Service> {
    let tenant = setting.put_back(tenant);
    let folders = Folders::of_tenant(sources, &tenant.state, &tenant.id);
    let read = AlreadyRead::default();
    let registers = Some(setting.registers.clone());
    let mut compiler = Compiler { again: true, registers, ..Compiler::new(sources, &read) };
    match compiler.service(&folders, &tenant, id, out) {
        Made::Service(service) => Some(Arc::unwrap_or_clone(service)),
        Made::Broken => None,
    }
}

/// What compiling gave.
pub(super) enum Made {
    /// A service without errors.
    Service(Arc<Service>),
    /// Something is wrong; it was said once.
    Broken,
}

/// Compiles services and remembers what it has read, so that tenants share what is the same.
pub(super) struct Compiler<'a> {
    bundle: &'a Bundle,
    /// Whether it makes again what was tried out and judged when it was published.
    again: bool,
    /// The registers that were kept when a service was made first; where it is made now, they are looked for.
    registers: Option<Vec<String>>,
    digests: Digests<'a>,
    read: &'a AlreadyRead,
    charts: BTreeMap<Arc<str>, Option<Arc<Chart>>>,
    rules: BTreeMap<Arc<str>, Option<Arc<fees::Rules>>>,
    fees: BTreeMap<RatesAndRules, Option<Arc<fees::Written>>>,
    words: BTreeMap<String, String>,
    /// What the towns of a state see of a service that have nothing of it themselves.
    of_states: BTreeMap<StateAndService, Arc<Files>>,
    made: BTreeMap<String, Vec<Entry>>,
}

/// The folders of a state and everything behind them, and a service.
type StateAndService = (Vec<String>, String);

/// Where rates and rules are written.
type RatesAndRules = (Arc<str>, Arc<str>);

/// For whom a service is made: a tenant, and the registers there for which its questions wait.
type For<'t> = (&'t Tenant, &'t [String]);

/// What a service was made of, and what came of it: nothing, if something was wrong.
type Entry = (Key, Option<Arc<Service>>);

/// What a compiled service depends on.
#[derive(PartialEq, Eq)]
struct Key {
    state: String,
    setting: Setting,
    files: Arc<Files>,
    lists: Vec<FoundList>,
}

impl Key {
    /// Whether what it was made of is the same, but for the lists.
    fn fits(&self, files: &Arc<Files>, made_for: For<'_>) -> bool {
        self.files == *files && self.is_for(made_for)
    }

    /// Whether what it was made of is the same, but for the lists and the rates.
    fn nearly_fits(&self, files: &Files, made_for: For<'_>) -> bool {
        self.files.same_but_rates(files) && self.is_for(made_for)
    }

    fn is_for(&self, (tenant, registers): For<'_>) -> bool {
        self.state == tenant.state && self.setting.is_of(tenant, registers)
    }
}

impl<'a> Compiler<'a> {
    pub(super) fn new(bundle: &'a Bundle, read: &'a AlreadyRead) -> Self {
        Self {
            bundle,
            again: false,
            registers: None,
            digests: Digests::new(bundle),
            read,
            charts: BTreeMap::new(),
            rules: BTreeMap::new(),
            fees: BTreeMap::new(),
            words: BTreeMap::new(),
            of_states: BTreeMap::new(),
            made: BTreeMap::new(),
        }
    }

    /// The service `id` of a tenant, compiled now or earlier from the same files.
    pub(super) fn service(&mut self, folders: &Folders<'_>, tenant: &Tenant, id: &str, out: &mut Diagnostics) -> Made {
        let mut files = Files::of(folders, id);
        files.has_tests |= self.again;
        self.service_of(folders, tenant, id, Arc::new(files), out)
    }

    /// The same for a town in whose own folder `own` stands: where nothing of that can be part of the service, its
    /// files are looked for once for all towns of the state.
    pub(super) fn service_in_town(
        &mut self,
        folders: &Folders<'_>,
        own: &BTreeSet<String>,
        tenant: &Tenant,
        id: &str,
        out: &mut Diagnostics,
    ) -> Made {
        if Files::may_be_among(id, own) {
            return self.service(folders, tenant, id, out);
        }
        let behind = (folders.chain.iter().skip(1).cloned().collect(), id.to_owned());
        let files = self.of_states.entry(behind).or_insert_with(|| Arc::new(Files::of(folders, id)));
        let files = Arc::clone(files);
        self.service_of(folders, tenant, id, files, out)
    }

    fn service_of(
        &mut self,
        folders: &Folders<'_>,
        tenant: &Tenant,
        id: &str,
        files: Arc<Files>,
        out: &mut Diagnostics,
    ) -> Made {
        let registers = match &self.registers {
            Some(known) => known.clone(),
            None => self.read.registers.kept(folders, tenant, files.find("form.yaml")),
        };
        let service = match self.known(folders, (tenant, &registers), id, &files) {
            Some((_, service)) => service.clone(),
            None => self.fresh(folders, (tenant, &registers), id, files, out),
        };
        service.map_or(Made::Broken, Made::Service)
    }

    /// What was made of these files and the lists that `folders` show.
    fn known(&self, folders: &Folders<'_>, made_for: For<'_>, id: &str, files: &Arc<Files>) -> Option<&Entry> {
        // Each list is looked for once, however many towns there are to compare with.
        let mut shown: BTreeMap<&str, Option<Arc<str>>> = BTreeMap::new();
        self.made.get(id)?.iter().find(|(key, _)| {
            key.fits(files, made_for)
                && key.lists.iter().all(|(name, path)| {
                    let found =
                        shown.entry(name.as_str()).or_insert_with(|| folders.find(&format!("lists/{name}.csv")));
                    found.as_ref().is_some_and(|found| files::same_path(found, path))
                })
        })
    }

    fn fresh(
        &mut self,
        folders: &Folders<'_>,
        (tenant, registers): For<'_>,
        id: &str,
        files: Arc<Files>,
        out: &mut Diagnostics,
    ) -> Option<Arc<Service>> {
        let (mut own, mut judged) = (Diagnostics::default(), Diagnostics::default());
        let sibling = self.sibling(&files, (tenant, registers), id);
        let paths = match &sibling {
            // The same files mention the same lists.
            Some((sibling, true)) => files::found_lists(folders, sibling.lists.iter().map(|list| list.name.as_str())),
            Some((_, false)) | None => files::used_lists(folders, &files, &self.read.mentions),
        };
        let lists: Vec<Arc<List>> = paths
            .iter()
            .filter_map(|(name, path)| self.read.lists.list(folders, name, path, &tenant.languages, &mut own))
            .collect();
        let chart = self.chart(folders, &mut own);
        let fees = self.fees(&files, &mut own);
        // Without a list that was broken, whatever names it would be called wrong too.
        let sources = Sources {
            digests: &self.digests,
            folders,
            tenant,
            files: &files,
            found: &paths,
            lists: &lists,
            registers,
            fees: fees.as_deref(),
        };
        let service = match sibling {
            _ if lists.len() != paths.len() => None,
            Some((sibling, _)) => relist(&sibling, sources, &mut own),
            None => self.build(sources, id, chart, (&mut own, &mut judged)),
        };
        let service = service.filter(|_| own.is_clean() && self.stands(&judged)).map(Arc::new);
        out.extend(own);
        out.extend(judged);
        let key = Key { state: tenant.state.clone(), setting: Setting::of(tenant, registers), files, lists: paths };
        self.made.entry(id.to_owned()).or_default().push((key, service.clone()));
        service
    }

    /// A service without errors that was made of the same files with other lists, and whether its rates
    /// are the same too: most towns set nothing of their own but those.
    fn sibling(&self, files: &Arc<Files>, made_for: For<'_>, id: &str) -> Option<(Arc<Service>, bool)> {
        let made = self.made.get(id)?;
        let of = |fits: &dyn Fn(&Key) -> bool| {
            made.iter().filter(|(key, _)| fits(key)).find_map(|(_, service)| service.clone())
        };
        let same = of(&|key| key.fits(files, made_for)).map(|service| (service, true));
        same.or_else(|| of(&|key| key.nearly_fits(files, made_for)).map(|service| (service, false)))
    }

    fn chart(&mut self, folders: &Folders<'_>, out: &mut Diagnostics) -> Option<Arc<Chart>> {
        let path = folders.find(ACCOUNTS)?;
        let bundle = self.bundle;
        let read = |out: &mut Diagnostics| {
            let node = read::yaml(bundle, &path, out)?;
            Some(Arc::new(ledger::check::chart(Shape::read(&node, out)?, out)))
        };
        self.charts.entry(Arc::clone(&path)).or_insert_with(|| read(out)).clone()
    }

    /// The rates and rules of a service, each read once for all tenants that use the same.
    fn fees(&mut self, files: &Files, out: &mut Diagnostics) -> Option<Arc<fees::Written>> {
        let (rates, rules) = (files.find("rates.yaml")?, files.find("fees.rhai")?);
        let bundle = self.bundle;
        let read = || fees::read_rules(bundle, rules, out).map(Arc::new);
        let script = self.rules.entry(Arc::clone(rules)).or_insert_with(read).clone();
        let read = || fees::read_rates(bundle, rates, script, out).map(Arc::new);
        self.fees.entry((Arc::clone(rates), Arc::clone(rules))).or_insert_with(read).clone()
    }

    /// Whether a service may be served of which this was found: one that was published is.
    fn stands(&self, judged: &Diagnostics) -> bool {
        self.again || judged.is_clean()
    }

    /// The service. What keeps it from being made goes to `out`, what only judges it to `judged`.
    fn build(
        &self,
        sources: Sources<'_>,
        id: &str,
        chart: Option<Arc<Chart>>,
        (out, judged): (&mut Diagnostics, &mut Diagnostics),
    ) -> Option<Service> {
        let Sources { tenant, files, .. } = sources;
        files.check(sources.folders, id, out);
        let written = self.written(sources, out)?;
        if !out.is_clean() {
            return None;
        }
        let published = self.again.then_some(&mut *judged);
        let mut service = assemble(sources, id, chart.unwrap_or_default(), written.0, out, published)?;
        if !out.is_clean() {
            return None;
        }
        let notices: Vec<Name> = files.notices().map(|(name, _)| Name::new(name)).collect();
        let papers: Vec<Name> = files.papers(&service, &BTreeMap::new()).into_iter().map(|paper| paper.name).collect();
        checks::names(&service, &notices, &papers, out);
        if let (Some(postings), Some(billing)) = (&service.postings, &service.billing) {
            ledger::check::agree(postings, billing, &service.chart, out);
        }
        checks::fit(&service, judged);
        if out.is_clean() && judged.is_clean() {
            checks::demands(&service, judged);
        }
        if !(out.is_clean() && self.stands(judged)) {
            return None;
        }
        self.words_of(&mut service, tenant, files, &written.1, judged);
        workflow::checks::graph(&service.workflow, service.opens_in(), judged);
        checks::sense(&service, &files::uses(self.bundle, files, &service), judged);
        if self.again {
            // A notice of which nobody knows to whom it goes is not made: then no action may send it.
            let made: Vec<Name> = service.notices.iter().map(|notice| notice.name.clone()).collect();
            checks::unknown_notice::check(&service, &made, out);
        }
        Some(service)
    }

    /// Notices, papers and translations: they are proved against everything else.
    fn words_of(&self, service: &mut Service, tenant: &Tenant, files: &Files, words: &Words, out: &mut Diagnostics) {
        let others = tenant.languages.iter().filter(|language| **language != service.language).cloned();
        // A language of which nothing is there at all is one thing that is wrong, not a hundred.
        let (others, absent): (Vec<String>, Vec<String>) =
            others.partition(|language| files.locale(language).is_some());
        for language in &absent {
            out.push(missing_file::words(&Where::file(&files.service_yaml()), &service.id, language));
        }
        let roles: Vec<Name> = service.roles.iter().map(|role| role.name.clone()).collect();
        let around = Around {
            form: &service.form,
            workflow: &service.workflow,
            grants: &service.grants,
            on_record: service.on_record.is_some(),
            opens: service.opens_in(),
            statute: service.statute.is_some(),
            payable: service.is_paid_by_anybody(),
            roles: &roles,
            language: &service.language,
            languages: &others,
        };
        let translations =
            words.locales.iter().filter_map(|(language, yaml)| Some((language.clone(), yaml.clone()?))).collect();
        let notices = notice::check(self.bundle, &words.notices, &translations, &around, out);
        let look = Look::new(tenant, &service.language, &self.words);
        let papers = files.papers(service, &words.paper_titles);
        let documents = document::check(self.bundle, &papers, &around, &look, &self.read.papers, out);
        service.notices = notices.into();
        for name in words.paper_names.iter().filter(|name| !documents.iter().any(|paper| paper.name == name.value)) {
            out.push(checks::unknown_words::diagnostic(
                name,
                "paper",
                documents.iter().map(|paper| paper.name.as_str()),
            ));
        }
        service.documents = documents.into();
        locale::missing_authorities(service, &tenant.languages, out);
        for language in &others {
            let Some(at) = files.locale(language).map(Where::file) else { continue };
            locale::missing(service, language, &at, out);
            form::missing_translations(&service.form, language, &at, out);
        }
    }

    fn written(&self, sources: Sources<'_>, out: &mut Diagnostics) -> Option<(Written, Words)> {
        let files = sources.files;
        let service: Option<ServiceYaml> = self.file(files, "service.yaml", out);
        let workflow: Option<WorkflowYaml> = self.file(files, "workflow.yaml", out);
        let form = self.form(sources, service.as_ref(), out);
        let billing: Option<Option<BillingYaml>> = self.optional(files, "billing.yaml", out);
        let postings: Option<Option<PostingsYaml>> = self.optional(files, "postings.yaml", out);
        let notices: Vec<_> = files
            .notices()
            .filter_map(|(name, path)| Some((Name::new(name), notice::read(self.bundle, path, out)?)))
            .collect();
        let locales: Vec<_> = files
            .locales()
            .filter_map(|(language, path)| {
                let node = read::yaml(self.bundle, path, out)?;
                let yaml = LocaleYaml::read(&node, out)?;
                Some((language.to_owned(), node, yaml))
            })
            .collect();
        let mut words = Words { notices, ..Words::default() };
        for (language, _, yaml) in &locales {
            let notifications = yaml.notifications.as_ref().and_then(|node| Shape::read(node, out));
            words.locales.push((language.clone(), notifications));
            for (name, title) in yaml.documents.iter().flat_map(|titles| &titles.0) {
                words
                    .paper_titles
                    .entry(name.value.to_string())
                    .or_default()
                    .push((language.clone(), title.value.clone()));
                words.paper_names.push(name.clone());
            }
        }
        let service = service?;
        if service.format.value != 1 {
            out.push(wrong_format::diagnostic(&service.format.at, service.format.value));
        }
        Some((
            Written { service, workflow: workflow?, form: form?, billing: billing?, postings: postings?, locales },
            words,
        ))
    }

    fn form(&self, sources: Sources<'_>, service: Option<&ServiceYaml>, out: &mut Diagnostics) -> Option<Form> {
        let Sources { folders, tenant, files, lists, registers, .. } = sources;
        let Some(path) = files.find("form.yaml") else { return Some(Form::default()) };
        let bare = form::Known { lists, levels: &tenant.levels, registers, fieldsets: None };
        let dirs: Vec<&str> = folders.chain.iter().map(String::as_str).collect();
        let language = service.and_then(|service| service.language.as_ref()).map_or("en", |language| language.as_str());
        let before = out.0.len();
        let fieldsets = form::Fieldsets::read(self.bundle, &dirs, &bare, language, &tenant.languages, out);
        if out.0[before..].iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            return None;
        }
        form::compile(self.bundle, path, &form::Known { fieldsets: Some(&fieldsets), ..bare }, out)
    }

    fn file<T: Shape>(&self, files: &Files, name: &str, out: &mut Diagnostics) -> Option<T> {
        let node = read::yaml(self.bundle, files.find(name)?, out)?;
        T::read(&node, out)
    }

    /// A file that may be absent. The outer `None` means that it is there and broken.
    #[expect(clippy::option_option, reason = "absent and broken are different things")]
    fn optional<T: Shape>(&self, files: &Files, name: &str, out: &mut Diagnostics) -> Option<Option<T>> {
        if files.find(name).is_none() { Some(None) } else { self.file(files, name, out).map(Some) }
    }
}

/// Says which files are missing and which nobody reads.
pub(super) fn files_agree(
    files: &Files,
    stray: &[(String, Arc<str>)],
    known: &[&str],
    at: &Where,
    out: &mut Diagnostics,
) {
    for (name, path) in stray {
        out.push(unknown_file::diagnostic(path, name, known));
    }
    let mut need = |file: &str, because: &str| {
        if files.find(file).is_none() {
            out.push(missing_file::diagnostic(at, file, because));
        }
    };
    need("service.yaml", "every service has it");
    need("workflow.yaml", "every service has it");
    let money = ["rates.yaml", "fees.rhai", "billing.yaml", "postings.yaml"];
    if money.iter().any(|file| files.find(file).is_some()) {
        for file in money {
            need(file, "who charges needs all four");
        }
    }
    if !files.has_tests {
        out.push(missing_file::diagnostic(at, "tests/….yaml", "nobody has tried this service out"));
    }
    debug_assert!(out.0.iter().all(|d| d.severity <= Severity::Warning));
}

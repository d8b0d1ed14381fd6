//! Bills for a whole register on paper, in files by ward.
//!
//! Records are read page by page and printed as soon as there are enough for a file, so that what is held
//! does not grow with the register: at most one file's worth for each ward.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::base::Day;
use engine::document::BILL;
use engine::registry::Record;
use engine::service::Service;
use engine::tenant::Tenant;
use tokio::task::JoinSet;

use crate::app::App;
use crate::bills::{self, Saying};
use crate::dues;
use crate::finding;
use crate::problem::Problem;
use crate::store::{Tx, people, records};
use crate::work::papers::{NO_EMBLEM, Sheet, pdf};
use crate::work::story::Gathered;

/// How many records are read at once.
const TOGETHER: i64 = 250;
/// Bills in one file: each has a square pattern of its own, and a paper may have no more.
const IN_A_FILE: usize = paper::MAX_CODES;
/// Octets of markup in one file, below what a paper may have.
const OCTETS: usize = paper::MAX_BYTES - (64 << 10);
/// Files that are laid out at the same time.
const AT_ONCE: usize = 4;

/// What is to be printed.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The day of the bills.
    pub day: Day,
    /// The instant as at which things are known; now if nothing is said.
    pub known_ms: Option<i64>,
    /// The number of the only record whose bill is wanted; all of the register if nothing is said.
    pub record: Option<&'a str>,
    /// The language.
    pub language: &'a str,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Printed {
    /// How many bills.
    pub bills: u64,
    /// How many files.
    pub files: u64,
    /// Records whose bill could not be reckoned or printed, and why.
    pub not: Vec<(String, String)>,
}

/// The bills of a ward that wait to be printed.
#[derive(Default)]
struct Waiting {
    html: String,
    count: usize,
    files: usize,
}

/// Prints the bill of every record of the register of `service` on which something is owed. `seen` is told
/// how many records were looked at, `keep` is given each file: its name and what is in it.
///
/// # Errors
/// When the store fails, or a file cannot be kept.
pub async fn print(
    app: &App,
    tenant: &Arc<Tenant>,
    service: &Service,
    asked: Asked<'_>,
    mut seen: impl FnMut(u64),
    mut keep: impl FnMut(&str, &[u8]) -> anyhow::Result<()>,
) -> Result<Printed, Problem> {
    let registry = service.charges_on().ok_or(Problem::NotFound)?;
    let mut run = Run::new(app, tenant, service, asked);
    let mut after = String::new();
    loop {
        let mut tx = app.store.read(&tenant.id).await?;
        let page = run.page(&mut tx, registry, &after).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.number);
        let count = page.len() as u64;
        let mut all = Vec::with_capacity(page.len());
        for record in page {
            all.extend(run.owed_on(&mut tx, record).await?);
        }
        drop(tx);
        run.take(&all, &mut keep).await?;
        seen(count);
    }
    run.finish(&mut keep).await
}

struct Run<'a> {
    app: &'a App,
    tenant: &'a Arc<Tenant>,
    library: Arc<crate::library::Loaded>,
    words: BTreeMap<String, String>,
    title: String,
    asked: Asked<'a>,
    wards: BTreeMap<String, Waiting>,
    printing: JoinSet<anyhow::Result<(String, Vec<u8>)>>,
    printed: Printed,
}

impl<'a> Run<'a> {
    fn new(app: &'a App, tenant: &'a Arc<Tenant>, service: &Service, asked: Asked<'a>) -> Self {
        let library = app.library.now();
        let words = Gathered::words(&library, asked.language);
        let title = service.document(BILL).map_or(&service.title, |document| &document.title);
        Self {
            app,
            tenant,
            words,
            title: title.in_language(asked.language).to_owned(),
            library,
            asked,
            wards: BTreeMap::new(),
            printing: JoinSet::new(),
            printed: Printed::default(),
        }
    }

    /// The next records of the register.
    async fn page(&self, tx: &mut Tx, registry: &str, after: &str) -> Result<Vec<Record>, Problem> {
        let Some(number) = self.asked.record else { return Ok(records::page(tx, registry, after, TOGETHER).await?) };
        let found = if after.is_empty() { records::load_typed(tx, registry, number).await? } else { None };
        Ok(found.into_iter().collect())
    }

    /// What is owed on a record, as it is or was known.
    async fn owed_on(&self, tx: &mut Tx, record: Record) -> Result<Option<dues::Dues>, Problem> {
        let (app, library, tenant) = (self.app, &self.library, self.tenant);
        match self.asked.known_ms {
            Some(at_ms) => dues::as_known(app, library, tenant, tx, (&record.registry, &record.number, at_ms)).await,
            None => dues::of(app, library, tenant, tx, record).await.map(Some),
        }
    }

    /// Composes the bills of these records, and prints the files that are full.
    async fn take(
        &mut self,
        all: &[dues::Dues],
        keep: &mut impl FnMut(&str, &[u8]) -> anyhow::Result<()>,
    ) -> Result<(), Problem> {
        let mut holders: Vec<String> = all.iter().map(|dues| dues.record.holder.clone()).collect();
        holders.sort();
        holders.dedup();
        let mut tx = self.app.store.read(&self.tenant.state).await?;
        let people = people::among(&mut tx, &holders).await?;
        drop(tx);
        for dues in all.iter().filter(|dues| !dues.accounts.is_empty()) {
            let holder = people.iter().find(|person| person.id == dues.record.holder);
            let own = holder.map(|person| person.name.as_str()).unwrap_or_default();
            let saying = Saying {
                language: self.asked.language,
                words: &self.words,
                what: &dues::called(&self.library, self.tenant, &dues.record, self.asked.language),
                holder: dues::holder(&self.library, self.tenant, &dues.record, own),
                place: &dues::place(&self.library, self.tenant, &dues.record, self.asked.language),
                pay_link: &self.app.link(&format!("/{}{}", self.tenant.id, bills::path(&dues.record))),
            };
            match bills::compose(self.app, self.tenant, dues, self.asked.day, &saying) {
                Ok(Some(html)) => self.add(&ward(self.tenant, &self.library, dues), &html, keep).await?,
                Ok(None) => {}
                Err(refusal) => self.printed.not.push((dues.record.number.clone(), refusal.word().to_owned())),
            }
        }
        Ok(())
    }

    async fn add(
        &mut self,
        ward: &str,
        html: &str,
        keep: &mut impl FnMut(&str, &[u8]) -> anyhow::Result<()>,
    ) -> Result<(), Problem> {
        let waiting = self.wards.entry(ward.to_owned()).or_default();
        let full = waiting.count == IN_A_FILE || waiting.html.len() + html.len() > OCTETS;
        if full {
            self.send(ward);
        }
        let waiting = self.wards.entry(ward.to_owned()).or_default();
        waiting.html.push_str("<div class=\"page\">");
        waiting.html.push_str(html);
        waiting.html.push_str("</div>");
        waiting.count += 1;
        self.printed.bills += 1;
        while self.printing.len() >= AT_ONCE {
            self.kept(keep).await?;
        }
        Ok(())
    }

    /// Begins to lay out what waits for a ward.
    fn send(&mut self, ward: &str) {
        let Some(waiting) = self.wards.get_mut(ward).filter(|waiting| waiting.count > 0) else { return };
        waiting.files += 1;
        waiting.count = 0;
        let html = std::mem::take(&mut waiting.html);
        let name = format!("{ward}-{:03}.pdf", waiting.files);
        let sheet = Sheet {
            title: format!("{} {name}", self.title),
            language: self.asked.language.to_owned(),
            page: paper::Page::A4,
            footer: None,
            emblem: self.tenant.emblem.as_deref().unwrap_or(NO_EMBLEM).to_owned(),
            accent: self.tenant.accent.clone(),
            created: self.asked.day.to_string(),
        };
        self.printing.spawn(async move {
            let bytes = pdf(html, sheet).await.map_err(|error| error.context(format!("printing {name}")))?;
            Ok((name, bytes))
        });
    }

    /// Waits for a file and keeps it.
    async fn kept(&mut self, keep: &mut impl FnMut(&str, &[u8]) -> anyhow::Result<()>) -> Result<(), Problem> {
        let Some(done) = self.printing.join_next().await else { return Ok(()) };
        let (name, bytes) = done.map_err(anyhow::Error::from)??;
        keep(&name, &bytes)?;
        self.printed.files += 1;
        Ok(())
    }

    async fn finish(mut self, keep: &mut impl FnMut(&str, &[u8]) -> anyhow::Result<()>) -> Result<Printed, Problem> {
        let wards: Vec<String> = self.wards.keys().cloned().collect();
        for ward in wards {
            self.send(&ward);
            while self.printing.len() >= AT_ONCE {
                self.kept(keep).await?;
            }
        }
        while !self.printing.is_empty() {
            self.kept(keep).await?;
        }
        Ok(self.printed)
    }
}

/// The ward of a record, as the name of a file.
fn ward(tenant: &Tenant, library: &crate::library::Loaded, dues: &dues::Dues) -> String {
    let ward = finding::ward(tenant, dues::place_code(library, tenant, &dues.record));
    let code = if ward.is_empty() { "elsewhere" } else { ward };
    code.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect()
}

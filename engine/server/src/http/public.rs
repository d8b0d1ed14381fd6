//! Public lists of records: what anybody may read of a register, as long as its records are in force. What is shown
//! of a record is what the service says under `public` that made it; of its holder nothing is.

use std::sync::Arc;

use connectors::control::holds;
use engine::base::{Answers, Day, Name, Value};
use engine::form::Field;
use engine::registry::{Public, Record, RecordStatus};
use engine::service::Service;
use engine::template::Look;
use engine::tenant::Tenant;
use ui_gen::from_engine::rows::{self, Reading};
use ui_gen::view::common::Row;

use super::ask::Ask;
use super::desk::segment;
use super::{dispatch, limits};
use crate::auth::otp;
use crate::library::Loaded;
use crate::problem::Problem;
use crate::store::{Tx, records};

/// A register of which anybody may read something.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// The registry.
    pub registry: &'a Name,
    /// The services whose records stand in it, each with what may be read of them.
    kept: Vec<(&'a Arc<Service>, &'a Public)>,
}

/// A record as anybody reads it.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// Its number.
    pub number: String,
    /// Its own page, within the town.
    pub path: String,
    /// What heads it: an answer, or else its number.
    pub heading: String,
    /// What stands below; empty for nothing.
    pub text: String,
    /// The questions that are shown, with their answers.
    pub rows: Vec<Row>,
    /// Its first day.
    pub from: Day,
    /// Its last day.
    pub until: Option<Day>,
}

/// Counts a search in a public list, or a further page of one: of the network it comes from, and of the town. The
/// first page of a list is an ordinary page.
pub(crate) async fn count(ask: &Ask, text: &str, page: i64) -> Result<(), Problem> {
    if text.is_empty() && page == 0 {
        return Ok(());
    }
    let now_ms = ask.app.clock.now_ms();
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    if holds("ops_03_registers") {
        let key = format!("registers-from:{}", otp::network(ask.remote));
        otp::throttle(&mut tx, &key, now_ms, limits::REGISTERS).await?;
    }
    otp::throttle(&mut tx, "registers", now_ms, limits::REGISTERS_IN_ALL).await?;
    Ok(tx.commit().await?)
}

/// The public lists of a town, in the order of its services.
pub fn all<'a>(library: &'a Loaded, tenant: &'a Tenant) -> Vec<List<'a>> {
    let mut lists: Vec<List<'a>> = Vec::new();
    for service in library.catalogue.services(tenant) {
        for grant in &service.grants {
            let Some(public) = &grant.public else { continue };
            let registry = &grant.registry.value;
            match lists.iter_mut().find(|list| list.registry == registry) {
                Some(list) => list.kept.push((service, public)),
                None => lists.push(List { registry, kept: vec![(service, public)] }),
            }
        }
    }
    lists
}

/// The list in the address.
pub fn wanted(ask: &Ask) -> Result<List<'_>, Problem> {
    let name = dispatch::name(ask.param("registry"))?;
    all(&ask.library, ask.tenant()).into_iter().find(|list| *list.registry == name).ok_or(Problem::NotFound)
}

impl<'a> List<'a> {
    /// What it is called.
    pub fn title(&self, lang: &str) -> String {
        self.kept.first().map(|(_, public)| public.title.in_language(lang).to_owned()).unwrap_or_default()
    }

    /// Its own page, within the town.
    pub fn path(&self) -> String {
        format!("/registers/{}", self.registry)
    }

    /// How many of the newest stand on the front page of the town.
    pub fn front(&self) -> usize {
        let most = self.kept.iter().filter_map(|(_, public)| public.front.as_ref()).map(|front| front.value).max();
        most.and_then(|most| usize::try_from(most).ok()).unwrap_or_default()
    }

    /// What may be read of the records that `service` made.
    fn of(&self, service: &str) -> Option<(&'a Arc<Service>, &'a Public)> {
        self.kept.iter().find(|(kept, _)| kept.id == service).copied()
    }

    /// A page of 25 records in force, found by `text` if that is not empty, and how many there are in all.
    pub async fn page(&self, ask: &Ask, tx: &mut Tx, text: &str, page: i64) -> Result<(Vec<Shown>, i64), Problem> {
        let services: Vec<&str> = self.kept.iter().map(|(service, _)| service.id.as_str()).collect();
        let named = self.kept.iter().flat_map(|(_, public)| public.names());
        let fields: Vec<&str> = named.map(|name| name.value.as_str()).collect();
        let asked = records::Open {
            registry: self.registry,
            services: &services,
            fields: &fields,
            text,
            day: ask.now().day(),
            newest_first: self.kept.iter().any(|(_, public)| public.newest_first || public.front.is_some()),
            page,
        };
        let (found, total) = records::open(tx, &asked).await?;
        Ok((found.iter().filter_map(|record| self.shown(ask, record)).collect(), total))
    }

    /// A record that anybody may read today.
    pub async fn record(&self, ask: &Ask, tx: &mut Tx, number: &str) -> Result<Record, Problem> {
        let record = records::load(tx, self.registry, number).await?;
        let open = record.filter(|record| {
            record.status(ask.now().day()) == RecordStatus::Active && self.of(&record.service).is_some()
        });
        open.ok_or(Problem::NotFound)
    }

    /// What anybody reads of a record; nothing of one that none of the services here made.
    pub fn shown(&self, ask: &Ask, record: &Record) -> Option<Shown> {
        let (service, public) = self.of(&record.service)?;
        let (tenant, lang) = (ask.tenant(), ask.lang.as_str());
        let words = rows::yes_and_no(ask.words());
        let look = Look::new(tenant, lang, &words);
        let answer = |name: &Name| {
            let (field, value) = (service.form.field(name)?, record.answers.get(name)?);
            Some(look.answer(field, value)).filter(|answer| !answer.is_empty())
        };
        let path = format!("{}/{}", self.path(), segment(&record.number));
        let files = ask.at(&format!("{path}/files/"));
        let file_href = |id: &str| if id.is_empty() { String::new() } else { format!("{files}{id}") };
        let reading = Reading { look, file_href: &file_href, change_href: &|_: &str| String::new() };
        let heading = public.heading(&record.answers, lang).and_then(answer);
        Some(Shown {
            number: record.number.clone(),
            heading: heading.unwrap_or_else(|| record.number.clone()),
            text: public.text(&record.answers, lang).and_then(answer).unwrap_or_default(),
            rows: rows::of_answers(&questions(service, public), &record.answers, false, &reading),
            from: record.valid_from,
            until: record.valid_until,
            path,
        })
    }

    /// Whether anybody may open the file: an answer that is shown names it.
    pub fn shows_file(&self, record: &Record, file: &str) -> bool {
        self.of(&record.service).is_some_and(|(_, public)| {
            public.shows.iter().filter_map(|name| record.answers.get(&name.value)).any(|value| names(value, file))
        })
    }
}

/// The questions that are shown, in the order in which they are.
fn questions(service: &Service, public: &Public) -> Vec<Field> {
    public.shows.iter().filter_map(|name| service.form.field(&name.value).cloned()).collect()
}

/// Whether an answer names the file.
fn names(value: &Value, file: &str) -> bool {
    let within = |answers: &Answers| answers.0.values().any(|value| names(value, file));
    match value {
        Value::Map(map) => map.text("id") == Some(file) || within(map),
        Value::List(items) => items.iter().any(|item| names(item, file)),
        _ => false,
    }
}

//! The citizens' charter: what a town promises of a service, read from its definition. The start page, the pages of
//! the charter and the API read the same row, so that they cannot differ.

use engine::base::{Day, Text};
use engine::case;
use engine::document::{ACKNOWLEDGEMENT, BILL, DAY_SHEET, RECEIPT};
use engine::fees;
use engine::form::{Field, Kind};
use engine::registry::{Grant, Mode, Validity};
use engine::scenario::Example;
use engine::service::{Service, Statute};
use engine::template::{Look, format};
use engine::tenant::Tenant;
use ui_gen::Words;
use ui_gen::from_engine::rows::{self, Reading};
use ui_gen::from_engine::say;
use ui_gen::view::common::Row as Line;
use ui_gen::view::home::{DocumentNeeded, FeeExample};
use ui_gen::view::money::BillLine;

use super::ask::Ask;
use super::citizen::tell;
use super::{on_record, reckoned, when};
use crate::library::Loaded;

/// For whom the charter is read: in which town, in which language and on which day.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// The definitions.
    pub library: &'a Loaded,
    /// The town.
    pub tenant: &'a Tenant,
    /// The reader's language.
    pub lang: &'a str,
    /// The day on whose rates fees are shown.
    pub day: Day,
}

impl<'a> Reader<'a> {
    /// Whoever asks, today.
    pub fn of(ask: &'a Ask) -> Self {
        Self { library: &ask.library, tenant: ask.tenant(), lang: &ask.lang, day: ask.now().day() }
    }

    fn words(&self) -> &'a Words {
        self.library.words(self.lang)
    }

    fn text(&self, text: &Text) -> String {
        text.in_language(self.lang).to_owned()
    }
}

/// What a town promises of one service, in the reader's words.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The name of the service's folder.
    pub service: String,
    /// The digest of the definition that it was read from.
    pub definition: String,
    /// What people call the service.
    pub title: String,
    /// What it is, a paragraph each.
    pub about: Vec<String>,
    /// The word that groups services.
    pub group: String,
    /// The department that answers for it.
    pub department: String,
    /// Who can ask, a line each.
    pub who: Vec<String>,
    /// What to have at hand.
    pub documents: Vec<DocumentNeeded>,
    /// Whether it costs anything.
    pub charged: bool,
    /// What a bill is made of.
    pub heads: Vec<String>,
    /// What it costs in an example; none where none can be reckoned.
    pub fee: Option<FeeExample>,
    /// Whose rates are in force on the day; empty for none.
    pub rates: String,
    /// Whether these rates are a model that the town has yet to replace.
    pub model: bool,
    /// The time in which it is decided; empty where none is promised.
    pub within: String,
    /// Kinds for which a list promises it sooner, each with its time.
    pub sooner: Vec<(String, String)>,
    /// What is granted, with how long it is valid.
    pub gives: Vec<String>,
    /// The papers that are issued.
    pub papers: Vec<String>,
    /// The post that answers for it; empty where the law names none.
    pub officer: String,
    /// The post that hears the first appeal.
    pub first_appeal: String,
    /// The post that hears the second appeal.
    pub second_appeal: String,
    /// The law that promises it.
    pub law: String,
    /// Other ways to apply than on these pages, a line each.
    pub otherwise: Vec<String>,
}

/// What the town promises of `service`.
pub fn row(service: &Service, reader: &Reader<'_>) -> Row {
    let words = reader.words();
    let text = |text: &Text| reader.text(text);
    let optional = |text: Option<&Text>| text.map(|text| reader.text(text)).unwrap_or_default();
    let statute = service.statute.as_ref();
    let schedule = service.fees.as_ref().and_then(|fees| fees.in_force(reader.day));
    let heads = service.billing.iter().flat_map(|billing| &billing.heads);
    Row {
        service: service.id.clone(),
        definition: service.digest.clone(),
        title: text(&service.title),
        about: service.about.iter().map(text).collect(),
        group: text(&service.group),
        department: text(&service.department),
        who: who(service, reader),
        documents: documents(service, reader),
        charged: service.fees.is_some(),
        heads: heads.map(|head| text(&head.label)).collect(),
        fee: example(service, reader),
        rates: optional(schedule.map(|schedule| &schedule.authority)),
        model: schedule.is_some_and(|schedule| schedule.model),
        within: statute.map(|statute| within(statute, words)).unwrap_or_default(),
        sooner: sooner(service, reader),
        gives: gives(service, reader),
        papers: papers(service, reader),
        officer: optional(statute.map(|statute| &statute.officer)),
        first_appeal: optional(statute.map(|statute| &statute.first_appeal)),
        second_appeal: optional(statute.and_then(|statute| statute.second_appeal.as_ref())),
        law: optional(statute.map(|statute| &statute.law)),
        otherwise: otherwise(service, reader),
    }
}

/// The rows of all services of the town that stand in its charter, in the order in which the town lists them.
pub fn rows(reader: &Reader<'_>) -> Vec<Row> {
    let services = reader.library.catalogue.services(reader.tenant).filter(|service| service.charter);
    services.map(|service| row(service, reader)).collect()
}

/// Who answers for the service and who hears appeals, by post.
pub fn officers(service: &Service, words: &Words) -> Vec<Line> {
    let lang = words.lang();
    let Some(statute) = &service.statute else {
        return vec![Line::new(words.get("start.department"), service.department.in_language(lang))];
    };
    let mut lines = vec![
        Line::new(words.get("start.officer"), statute.officer.in_language(lang)),
        Line::new(words.get("start.first_appeal"), statute.first_appeal.in_language(lang)),
    ];
    let second = statute.second_appeal.as_ref();
    lines.extend(second.map(|second| Line::new(words.get("start.second_appeal"), second.in_language(lang))));
    lines
}

/// By when it is decided; where a list promises it sooner for some cases, that too.
fn within(statute: &Statute, words: &Words) -> String {
    let span = when::span(words, statute.within);
    if statute.sooner.is_some() { words.say("start.at_most", &[("span", &span)]) } else { span }
}

/// The kinds for which it is promised sooner.
fn sooner(service: &Service, reader: &Reader<'_>) -> Vec<(String, String)> {
    let listed = service.statute.as_ref().and_then(|statute| statute.sooner.as_ref());
    let Some((listed, list)) = listed.and_then(|listed| Some((listed, listed.list(&service.form)?))) else {
        return Vec::new();
    };
    let kinds = list.choices().filter_map(|entry| {
        let span = listed.of_code(list, &entry.code)?;
        Some((reader.text(&entry.label), when::span(reader.words(), span)))
    });
    kinds.collect()
}

/// Who can ask: as the author says; of a service on a record that only its holder may ask for, that.
fn who(service: &Service, reader: &Reader<'_>) -> Vec<String> {
    let said = service.start.who.as_ref().map(|who| reader.text(who));
    let holder = || {
        let on_record = service.on_record.as_ref().filter(|on_record| on_record.holder_only)?;
        let what = on_record::called_in(reader.library, reader.tenant, service, &on_record.registry);
        Some(reader.words().say("charter.holder", &[("what", what.in_language(reader.lang))]))
    };
    said.or_else(holder).into_iter().collect()
}

/// How to apply elsewhere: as the author says, or that the staff write it down.
fn otherwise(service: &Service, reader: &Reader<'_>) -> Vec<String> {
    let said = service.start.otherwise.as_ref().map(|otherwise| reader.text(otherwise));
    let assisted = || (!service.assisted_by.is_empty()).then(|| reader.words().get("charter.assisted"));
    said.or_else(assisted).into_iter().collect()
}

/// What is granted. That a record ends or rests is said only where nothing else is granted.
fn gives(service: &Service, reader: &Reader<'_>) -> Vec<String> {
    let lasting = |grant: &&Grant| !matches!(grant.mode, Mode::Suspend | Mode::Resume | Mode::Revoke);
    let mut grants: Vec<&Grant> = service.grants.iter().filter(lasting).collect();
    if grants.is_empty() {
        grants.extend(&service.grants);
    }
    let line = |grant: &Grant| {
        let (title, valid) = (reader.text(&grant.title), valid(grant, reader.words()));
        if valid.is_empty() { title } else { format!("{title}: {valid}") }
    };
    distinct(grants.into_iter().map(line))
}

/// How long what is granted is valid; empty where the grant has no say in it.
fn valid(grant: &Grant, words: &Words) -> String {
    if !matches!(grant.mode, Mode::Create | Mode::Renew | Mode::Split) {
        return String::new();
    }
    match grant.valid_until.as_ref().map(Validity::bare) {
        None => words.get("charter.no_end"),
        Some(Validity::For(span)) => words.say("charter.valid_for", &[("span", &when::span(words, *span))]),
        Some(Validity::FinancialYearEnd(0)) => words.get("charter.this_year"),
        Some(Validity::FinancialYearEnd(more)) => words.say("charter.more_years", &[("n", &more.to_string())]),
        Some(_) => words.get("charter.as_asked"),
    }
}

/// The papers that are issued, save those that every application or payment has.
fn papers(service: &Service, reader: &Reader<'_>) -> Vec<String> {
    const OF_ALL: [&str; 4] = [ACKNOWLEDGEMENT, RECEIPT, BILL, DAY_SHEET];
    let own = service.documents.iter().filter(|paper| !OF_ALL.contains(&paper.name.as_str()));
    distinct(own.map(|paper| reader.text(&paper.title)))
}

/// Each line once, in the order in which they come first.
fn distinct(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for line in lines {
        if !all.contains(&line) {
            all.push(line);
        }
    }
    all
}

/// What the author says to have at hand; if nothing is said, the files and photos that the form asks
/// for, with what they may be.
fn documents(service: &Service, reader: &Reader<'_>) -> Vec<DocumentNeeded> {
    let said = service.start.bring.iter().map(|text| reader.text(text));
    let mut found: Vec<DocumentNeeded> = said.map(|title| DocumentNeeded { title, note: String::new() }).collect();
    if found.is_empty() {
        service.form.pages_by(None).for_each(|page| collect_files(&page.fields, reader, &mut found));
    }
    found
}

fn collect_files(fields: &[Field], reader: &Reader<'_>, found: &mut Vec<DocumentNeeded>) {
    let words = reader.words();
    for field in fields {
        let limits = match &field.kind {
            Kind::File { kinds, max_bytes } => Some(say::file_limits(words, kinds, *max_bytes)),
            Kind::Photo { max_bytes, .. } => {
                Some(say::file_limits(words, &["jpeg", "png"].map(str::to_owned), *max_bytes))
            }
            _ => None,
        };
        if let Some(limits) = limits {
            let optional = field.optional.then(|| words.get("field.optional"));
            let note: Vec<String> = std::iter::once(limits).chain(optional).collect();
            found.push(DocumentNeeded { title: reader.text(&field.label), note: note.join(" ") });
        }
        collect_files(ui_gen::from_engine::inner(field), reader, found);
    }
}

/// What an example of the definition costs here on the day; nothing is shown if none can be reckoned.
fn example(service: &Service, reader: &Reader<'_>) -> Option<FeeExample> {
    let &Reader { library, tenant, lang, day } = reader;
    let (fees, billing) = (service.fees.as_ref()?, service.billing.as_ref()?);
    let heads: Vec<_> = billing.heads.iter().map(|head| head.name.clone()).collect();
    let reckoned = |example: &Example| {
        let answers = example.answers_on(&service.form, day);
        let mut facts = service.facts(&answers);
        if let Some(record) = &example.record {
            facts.insert("record".into(), engine::registry::facts(record, engine::base::Money::ZERO).into());
        }
        let assessed = fees::assess(fees, &facts, day, day, &service.lists, &heads).ok()?;
        let charges = billing.charges(&assessed.heads, assessed.steps).ok()?;
        let charges = case::paid_at_once(service, charges, &facts, day);
        Some((answers, charges, assessed.authority))
    };
    let (answers, charges, authority) = library.examples(tenant, service).iter().find_map(reckoned)?;
    let total = charges.heads.iter().map(|(_, amount)| *amount).sum();
    let asked = fees::asks(fees, &service.form, &service.workflow.start.at);
    let yes_and_no = rows::yes_and_no(reader.words());
    let reading = Reading {
        look: Look::new(tenant, lang, &yes_and_no),
        file_href: &|_: &str| String::new(),
        change_href: &|_: &str| String::new(),
    };
    Some(FeeExample {
        answers: rows::of_answers(&asked.fields, &answers, false, &reading),
        lines: charges
            .heads
            .iter()
            .map(|(name, amount)| {
                BillLine::new(tell::head(billing, name, lang), format::money(*amount, &tenant.currency))
            })
            .collect(),
        total: format::money(total, &tenant.currency),
        authority: reckoned::authority(service, &authority, lang),
    })
}

//! What to know about a service before starting, and starting.

use engine::case::Case;
use engine::fees;
use engine::form::{Field, Kind};
use engine::scenario::Example;
use engine::service::{Service, Statute};
use engine::template::{Look, format};
use ui_gen::from_engine::rows::{self, Reading};
use ui_gen::from_engine::say;
use ui_gen::view::common::{Link, Row};
use ui_gen::view::field::Text;
use ui_gen::view::home::{DocumentNeeded, Draft, FeeExample, ServiceStart};
use ui_gen::view::money::BillLine;
use ui_gen::{FieldView, Input, Page};

use super::{asked, fee, profile, statement, tell};
use crate::act::{self, Opening};
use crate::auth::otp;
use crate::http::ask::{Answer, Ask};
use crate::http::on_record::{self, Picked};
use crate::http::{limits, reckoned, when};
use crate::problem::Problem;
use crate::store::{cases, events, throttles};

/// `GET /{tenant}/services/{service}`
pub async fn page(ask: &Ask) -> Answer {
    draw(ask, ask.service()?, (ask.query("record")?.trim(), ""), 200).await
}

/// The start page, with the number that was typed and what is wrong with it.
async fn draw(ask: &Ask, service: &Service, record: (&str, &str), status: u16) -> Answer {
    let lang = ask.lang.as_str();
    let text = |text: &engine::base::Text| text.in_language(lang).to_owned();
    let statute = service.statute.as_ref();
    let page = ServiceStart {
        title: text(&service.title),
        about: service.about.iter().map(text).collect(),
        who: service.start.who.iter().map(text).collect(),
        charged: service.fees.is_some(),
        fee: example(ask, service),
        calculator: if fee::is_open(service) {
            ask.at(&format!("/services/{}/fee", service.id))
        } else {
            String::new()
        },
        calendars: service.reserves.iter().map(|reserve| calendar_of(ask, &reserve.calendar.value)).collect(),
        documents: documents(ask, service),
        time_limit: statute.map(|statute| time_limit(ask, statute)).unwrap_or_default(),
        statute: statute.map(|statute| text(&statute.law)).unwrap_or_default(),
        officers: officers(ask, service),
        counter: service.start.otherwise.iter().map(text).chain(statement::counter(ask)).collect(),
        drafts: drafts(ask, service).await?,
        record: record_field(ask, service, record),
        action: ask.at(&format!("/services/{}/start{}", service.id, record_query(record.0))),
    };
    ask.page(Page::ServiceStart(page)).back(ask.at("")).status(status).answer()
}

/// The calendar in which one sees what is free.
fn calendar_of(ask: &Ask, name: &str) -> Link {
    Link::new(ask.at(&format!("/calendar/{name}")), ask.words().get("calendar.title"))
}

/// By when it is decided; where a list promises it sooner for some cases, that too.
fn time_limit(ask: &Ask, statute: &Statute) -> String {
    let span = when::span(ask.words(), statute.within);
    if statute.sooner.is_some() { ask.words().say("start.at_most", &[("span", &span)]) } else { span }
}

/// The record that a link named or somebody typed, to be handed on.
fn record_query(record: &str) -> String {
    let encoded: String = form_urlencoded::byte_serialize(record.as_bytes()).collect();
    if record.is_empty() { String::new() } else { format!("?record={encoded}") }
}

/// Where the record may be somebody else's, its number is asked for.
fn record_field(ask: &Ask, service: &Service, (typed, wrong): (&str, &str)) -> Vec<FieldView> {
    let Some(on_record) = service.on_record.as_ref().filter(|on_record| !on_record.holder_only) else {
        return Vec::new();
    };
    let what = on_record::called(ask, service, &on_record.registry);
    let words = ask.words();
    let shown: String = typed.chars().take(limits::SEARCH).collect();
    let input = Text { width: 30, autocomplete: "off".to_owned(), max_length: 60, ..Text::new(shown) };
    let field = FieldView::new("record", words.say("start.record", &[("what", &what)]), Input::Text(input));
    let error = if wrong.is_empty() { String::new() } else { words.get(wrong) };
    vec![field.hint(words.get("start.record_hint")).error(error)]
}

/// `POST /{tenant}/services/{service}/start`: opens a case, or asks to sign in first.
pub async fn open(ask: &Ask) -> Answer {
    let service = ask.service()?;
    let typed = match ask.field("record")?.trim() {
        "" => ask.query("record")?.trim(),
        typed => typed,
    };
    let typed: String = typed.chars().take(limits::SEARCH + 1).collect();
    if ask.only_shows() {
        return draw(ask, service, (&typed, ""), 200).await;
    }
    let here = ask.at(&format!("/services/{}/start{}", service.id, record_query(&typed)));
    if ask.who.citizen().is_none() {
        let next: String = form_urlencoded::byte_serialize(here.as_bytes()).collect();
        return ask.redirect(&ask.at(&format!("/sign-in?next={next}")));
    }
    let citizen = ask.citizen()?;
    let mut tx = ask.app.store.read(&ask.tenant().state).await?;
    if profile::is_wanting(&mut tx, &citizen.id, &citizen.name).await? {
        return ask.redirect(&profile::before(ask, &here));
    }
    drop(tx);
    let (citizen, key) = (citizen.id.clone(), ask.key()?);
    match begin(ask, service, &citizen, (&typed, key.as_deref())).await? {
        Ok(to) => ask.redirect(&to),
        Err(wrong) => draw(ask, service, (&typed, wrong), 422).await,
    }
}

/// `GET` of the same address, which a browser may ask after signing in or by going back.
pub async fn opened(ask: &Ask) -> Answer {
    let service = ask.service()?;
    ask.redirect(&ask.at(&format!("/services/{}{}", service.id, record_query(ask.query("record")?))))
}

/// Opens a case for a citizen and tells its first page. A service that is about a record takes the
/// record that was named, or the only one that the citizen holds; where none can be found, the words
/// that say so.
pub(super) async fn begin(
    ask: &Ask,
    service: &Service,
    citizen: &str,
    (number, key): (&str, Option<&str>),
) -> Result<Result<String, &'static str>, Problem> {
    let tenant = ask.tenant();
    let mut about = None;
    if let Some(on_record) = &service.on_record {
        about = match on_record::pick(ask, on_record, Some(citizen), (number, citizen)).await? {
            Picked::One(registry, number) => Some((registry, number)),
            Picked::Several => return Ok(Ok(ask.at("/my#records"))),
            Picked::Unnamed if !on_record.holder_only => return Ok(Err("start.record_missing")),
            Picked::Wrong if !on_record.holder_only => return Ok(Err("start.record_wrong")),
            Picked::Unnamed | Picked::Wrong => return Err(engine::case::Refusal::RecordNotFit.into()),
        };
    }
    let record = about.as_ref().map(|(registry, number)| (registry.as_str(), number.as_str()));
    let case = open_case(ask, service, Opening { applicant: citizen, language: &ask.lang, record, key }).await?;
    if service.form.tasks {
        return Ok(Ok(ask.at(&format!("/cases/{}/tasks", case.id))));
    }
    let first = asked::pages(service, tenant, &case, ask.now().day()).first().map(|page| page.name.to_string());
    Ok(Ok(match first {
        Some(page) => ask.at(&format!("/cases/{}/form/{page}", case.id)),
        None => ask.at(&format!("/cases/{}/check", case.id)),
    }))
}

/// Opens a case and counts it, whether a page or a program asks. One that was opened under the same key before is not
/// counted again, nor is one that could not be opened for a trouble of ours: nobody is shut out for having asked
/// once more when the answer was lost.
pub async fn open_case(ask: &Ask, service: &Service, opening: Opening<'_>) -> Result<Case, Problem> {
    let (app, tenant) = (&ask.app, ask.tenant());
    if let Some(key) = opening.key
        && events::by_key(&mut app.store.read(&tenant.id).await?, key).await?.is_some()
    {
        return act::open(app, tenant, service, opening).await;
    }
    let counted = format!("opened:{}", opening.applicant);
    let mut tx = app.store.begin(&tenant.state).await?;
    otp::throttle(&mut tx, &counted, app.clock.now_ms(), limits::OPENED).await?;
    tx.commit().await?;
    let opened = act::open(app, tenant, service, opening).await;
    if opened.as_ref().is_err_and(|problem| problem.status() >= 500)
        && let Ok(mut tx) = app.store.begin(&tenant.state).await
        && throttles::take_back(&mut tx, &counted).await.is_ok()
    {
        // The store is in trouble as it is: what cannot be taken back stays counted.
        let _ = tx.commit().await;
    }
    opened
}

/// Who answers for the service and who hears appeals, by post.
pub(super) fn officers(ask: &Ask, service: &Service) -> Vec<Row> {
    let (lang, words) = (ask.lang.as_str(), ask.words());
    let Some(statute) = &service.statute else {
        return vec![Row::new(words.get("start.department"), service.department.in_language(lang))];
    };
    let mut rows = vec![
        Row::new(words.get("start.officer"), statute.officer.in_language(lang)),
        Row::new(words.get("start.first_appeal"), statute.first_appeal.in_language(lang)),
    ];
    rows.extend(
        statute
            .second_appeal
            .as_ref()
            .map(|second| Row::new(words.get("start.second_appeal"), second.in_language(lang))),
    );
    rows
}

/// What the author says to have at hand; if nothing is said, the files and photos that the form asks
/// for, with what they may be.
fn documents(ask: &Ask, service: &Service) -> Vec<DocumentNeeded> {
    let said = service.start.bring.iter().map(|text| text.in_language(&ask.lang).to_owned());
    let mut found: Vec<DocumentNeeded> = said.map(|title| DocumentNeeded { title, note: String::new() }).collect();
    if found.is_empty() {
        service.form.pages_by(None).for_each(|page| collect_files(ask, &page.fields, &mut found));
    }
    found
}

fn collect_files(ask: &Ask, fields: &[Field], found: &mut Vec<DocumentNeeded>) {
    for field in fields {
        let limits = match &field.kind {
            Kind::File { kinds, max_bytes } => Some(say::file_limits(ask.words(), kinds, *max_bytes)),
            Kind::Photo { max_bytes, .. } => {
                Some(say::file_limits(ask.words(), &["jpeg", "png"].map(str::to_owned), *max_bytes))
            }
            _ => None,
        };
        if let Some(limits) = limits {
            let optional = field.optional.then(|| ask.words().get("field.optional"));
            let note: Vec<String> = std::iter::once(limits).chain(optional).collect();
            let title = field.label.in_language(&ask.lang).to_owned();
            found.push(DocumentNeeded { title, note: note.join(" ") });
        }
        collect_files(ask, ui_gen::from_engine::inner(field), found);
    }
}

/// Applications of this service that the citizen began and has not sent.
async fn drafts(ask: &Ask, service: &Service) -> Result<Vec<Draft>, Problem> {
    let Some(citizen) = ask.who.citizen() else { return Ok(Vec::new()) };
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let rows = cases::by_applicant(&mut tx, &citizen.id).await?;
    let mine = rows.into_iter().filter(|row| {
        row.service == service.id && row.number.is_none() && row.state == service.workflow.start.as_str()
    });
    let draft = |row: crate::store::inbox::CaseRow| Draft {
        href: ask.at(&format!("/cases/{}/check", row.id)),
        title: service.title.in_language(&ask.lang).to_owned(),
        saved: when::moment(ask.words(), ask.now().with_ms(row.entered_ms)),
    };
    Ok(mine.map(draft).collect())
}

/// What an example of the definition costs here today; nothing is shown if none can be reckoned.
fn example(ask: &Ask, service: &Service) -> Option<FeeExample> {
    let (tenant, lang) = (ask.tenant(), ask.lang.as_str());
    let (fees, billing) = (service.fees.as_ref()?, service.billing.as_ref()?);
    let today = ask.now().day();
    let heads: Vec<_> = billing.heads.iter().map(|head| head.name.clone()).collect();
    let reckoned = |example: &Example| {
        let mut facts = service.facts(&example.answers);
        if let Some(record) = &example.record {
            facts.insert("record".into(), engine::registry::facts(record, engine::base::Money::ZERO).into());
        }
        let assessed = fees::assess(fees, &facts, today, today, &service.lists, &heads).ok()?;
        let charges = billing.charges(&assessed.heads, assessed.steps).ok()?;
        Some((example.answers.clone(), charges, assessed.authority))
    };
    let (answers, charges, authority) = ask.library.examples(tenant, service).iter().find_map(reckoned)?;
    let total = charges.heads.iter().map(|(_, amount)| *amount).sum();
    let asked = fees::asks(fees, &service.form, &service.workflow.start.at);
    let yes_and_no = rows::yes_and_no(ask.words());
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

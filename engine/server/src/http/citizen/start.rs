//! What to know about a service before starting, and starting.

use engine::case::Case;
use engine::service::Service;
use ui_gen::view::common::Link;
use ui_gen::view::field::Text;
use ui_gen::view::home::{Draft, ServiceStart};
use ui_gen::{FieldView, Input, Page};

use super::{asked, fee, profile, statement};
use crate::act::{self, Opening};
use crate::auth::otp;
use crate::http::again::{self, Came};
use crate::http::ask::{Answer, Ask};
use crate::http::on_record::{self, Picked};
use crate::http::{charter, limits, when};
use crate::problem::Problem;
use crate::store::{cases, erasures, events, throttles};

/// `GET /{tenant}/services/{service}`
pub async fn page(ask: &Ask) -> Answer {
    draw(ask, ask.service()?, (ask.query("record")?.trim(), ""), 200).await
}

/// The start page, with the number that was typed and what is wrong with it.
async fn draw(ask: &Ask, service: &Service, record: (&str, &str), status: u16) -> Answer {
    let row = charter::row(service, &charter::Reader::of(ask));
    let page = ServiceStart {
        title: row.title,
        about: row.about,
        who: row.who,
        charged: row.charged,
        fee: row.fee,
        calculator: if fee::is_open(service) {
            ask.at(&format!("/services/{}/fee", service.id))
        } else {
            String::new()
        },
        calendars: service.reserves.iter().map(|reserve| calendar_of(ask, &reserve.calendar.value)).collect(),
        documents: row.documents,
        time_limit: row.within,
        statute: row.law,
        officers: charter::officers(service, ask.words()),
        counter: row.otherwise.into_iter().chain(statement::counter(ask)).collect(),
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
        return Ok(again::came(ask.redirect(&ask.at(&format!("/sign-in?next={next}")))?, Came::Nothing));
    }
    let citizen = ask.citizen()?;
    let mut tx = ask.app.store.read(&ask.tenant().state).await?;
    if profile::is_wanting(&mut tx, &citizen.id, &citizen.name).await? {
        return Ok(again::came(ask.redirect(&profile::before(ask, &here))?, Came::Nothing));
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
    let counted = format!("opened:{}", opening.applicant);
    let mut tx = app.store.begin(&tenant.state).await?;
    if let Err(many) = otp::throttle(&mut tx, &counted, app.clock.now_ms(), limits::OPENED).await {
        drop(tx);
        return open_again(ask, service, opening, many).await;
    }
    tx.commit().await?;
    let opened = act::open_or_find(app, tenant, service, opening).await;
    let counts = match &opened {
        Ok(opened) => !opened.again,
        Err(problem) => problem.status() < 500,
    };
    if !counts
        && let Ok(mut tx) = app.store.begin(&tenant.state).await
        && throttles::take_back(&mut tx, &counted).await.is_ok()
    {
        // The store may be in trouble: what cannot be taken back stays counted.
        let _ = tx.commit().await;
    }
    Ok(opened?.case)
}

/// Gives whoever began too many applications the one that was opened under the same key; else says that they are `many`.
async fn open_again(ask: &Ask, service: &Service, opening: Opening<'_>, many: Problem) -> Result<Case, Problem> {
    let tenant = ask.tenant();
    let Some(key) = opening.key else { return Err(many) };
    if events::by_key(&mut ask.app.store.read(&tenant.id).await?, key).await?.is_none() {
        return Err(many);
    }
    act::open(&ask.app, tenant, service, opening).await
}

/// Applications of this service that the citizen began and has not sent.
async fn drafts(ask: &Ask, service: &Service) -> Result<Vec<Draft>, Problem> {
    let Some(citizen) = ask.who.citizen() else { return Ok(Vec::new()) };
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let rows = cases::by_applicant(&mut tx, &citizen.id).await?;
    let erased = erasures::of_applicant(&mut tx, &citizen.id).await?;
    let mine = rows.into_iter().filter(|row| {
        let draft = row.number.is_none() && row.state == service.workflow.start.as_str();
        row.service == service.id && draft && !erased.contains(&row.id)
    });
    let draft = |row: crate::store::inbox::CaseRow| Draft {
        href: ask.at(&format!("/cases/{}/check", row.id)),
        title: service.title.in_language(&ask.lang).to_owned(),
        saved: when::moment(ask.words(), ask.now().with_ms(row.entered_ms)),
    };
    Ok(mine.map(draft).collect())
}

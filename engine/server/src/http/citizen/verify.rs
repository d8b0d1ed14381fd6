//! Verifying a paper: by the code printed on it, or by the square pattern.

use engine::base::{Answers, Value};
use engine::document::RECEIPT;
use engine::form::{self, Field, Kind};
use engine::registry::RecordStatus;
use engine::service::Service;
use engine::template::format;
use ui_gen::Page;
use ui_gen::view::common::{Link, Row};
use ui_gen::view::follow::{Verdict, Verify, VerifyResult};

use super::tell;
use crate::act;
use crate::auth::seal::Sealed;
use crate::auth::{otp, token};
use crate::http::ask::{Answer, Ask};
use crate::http::{limits, when};
use crate::problem::Problem;
use crate::store::{cases, papers, receipts};

/// The kind of a code for an application that was handed in.
const APPLICATION: &str = "application";

/// `GET /{tenant}/verify`, also with `?code=`
pub async fn ask_code(ask: &Ask) -> Answer {
    let code = ask.query("code")?.trim();
    let error = match code.chars().count() {
        // The form sends the parameter even when nothing was typed.
        0 if !ask.query.contains_key("code") => "",
        0 => "verify.empty",
        1..=limits::VERIFY_CODE => {
            let code: String = form_urlencoded::byte_serialize(code.as_bytes()).collect();
            return ask.redirect(&ask.at(&format!("/verify/{}", code.replace('+', "%20"))));
        }
        _ => "verify.too_long",
    };
    let view = Verify {
        action: ask.at("/verify"),
        code: code.chars().take(limits::VERIFY_CODE).collect(),
        error: if error.is_empty() { String::new() } else { ask.words().get(error) },
    };
    let status = if error.is_empty() { 200 } else { 422 };
    ask.page(Page::Verify(view)).back(ask.at("")).status(status).answer()
}

/// `GET /{tenant}/verify/{code}`
pub async fn result(ask: &Ask) -> Answer {
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    if connectors::control::holds("ops_03_verified") {
        let key = format!("verified:{}", otp::network(ask.remote));
        otp::throttle(&mut tx, &key, ask.app.clock.now_ms(), limits::VERIFIED).await?;
    }
    tx.commit().await?;
    let code = ask.param("code").trim().to_owned();
    let Found { verdict, rows, elsewhere } = look_up(ask, &code).await?;
    let shown = if Sealed::looks_like(&code) { String::new() } else { token::typed_code(&code).to_uppercase() };
    let may_be_number = verdict == Verdict::NotFound && !shown.is_empty();
    let view = VerifyResult {
        verdict,
        follow: if may_be_number { follow(ask, &code) } else { String::new() },
        code: shown,
        elsewhere,
        rows,
        as_of: when::moment(ask.words(), ask.now()),
        another: ask.at("/verify"),
    };
    let status = if verdict == Verdict::NotFound { 404 } else { 200 };
    ask.page(Page::VerifyResult(view)).back(ask.at("/verify")).status(status).answer()
}

/// Where an application is followed by its number, which people take for a code.
fn follow(ask: &Ask, code: &str) -> String {
    let number: String = form_urlencoded::byte_serialize(code.as_bytes()).collect();
    ask.at(&format!("/track?number={number}"))
}

/// What stands behind a code.
#[derive(Default)]
struct Found {
    verdict: Verdict,
    rows: Vec<Row>,
    elsewhere: Option<Link>,
}

impl Found {
    fn nothing() -> Self {
        Self { verdict: Verdict::NotFound, ..Self::default() }
    }

    fn here(verdict: Verdict, rows: Vec<Row>) -> Self {
        Self { verdict, rows, elsewhere: None }
    }
}

async fn look_up(ask: &Ask, code: &str) -> Result<Found, Problem> {
    if !Sealed::looks_like(code) {
        return paper(ask, &token::typed_code(code)).await;
    }
    match Sealed::open(code, ask.app.keys.verifying()) {
        Ok(sealed) if sealed.tenant != ask.tenant().id => Ok(elsewhere(ask, &sealed, code)),
        Ok(sealed) if sealed.kind == APPLICATION => application(ask, &sealed.number).await,
        // A receipt from the counter may be printed before its paper is issued and has a code.
        Ok(sealed) if sealed.code.is_empty() && sealed.kind == RECEIPT => receipt(ask, &sealed.number).await,
        Ok(sealed) => paper(ask, &sealed.code).await,
        Err(_) => Ok(Found::nothing()),
    }
}

/// A genuine code of another town leads there.
fn elsewhere(ask: &Ask, sealed: &Sealed, code: &str) -> Found {
    let Some(town) = ask.library.tenant(&sealed.tenant) else { return Found::nothing() };
    let there = Link::new(format!("/{}/verify/{code}", town.id), town.title.in_language(&ask.lang));
    Found { verdict: Verdict::Elsewhere, rows: Vec::new(), elsewhere: Some(there) }
}

/// The signed code of an application that was handed in.
pub fn application_code(ask: &Ask, number: &str) -> String {
    let sealed = Sealed {
        kind: APPLICATION.to_owned(),
        tenant: ask.tenant().id.clone(),
        number: number.to_owned(),
        code: String::new(),
        digest: String::new(),
        issued: ask.case().submitted_ms.map_or_else(|| ask.now().day(), |ms| ask.now().with_ms(ms).day()),
    };
    sealed.sign(&ask.app.keys)
}

/// What anyone may know of an application: that it is there, and where it stands.
async fn application(ask: &Ask, number: &str) -> Result<Found, Problem> {
    let (words, tenant) = (ask.words(), ask.tenant());
    let mut tx = ask.app.store.read(&tenant.id).await?;
    let Some(id) = cases::id_of(&mut tx, number).await? else { return Ok(Found::nothing()) };
    let Some(case) = cases::load(&mut tx, &id).await? else { return Ok(Found::nothing()) };
    let service = ask.app.service_of(tenant, &case.definition).await?;
    let state = tell::state_of(&service, &case);
    let mut rows = vec![
        Row::new(words.get("verify.what"), service.title.in_language(&ask.lang)),
        Row::new(words.get("verify.number"), number),
        Row::new(words.get("verify.state"), state.label.in_language(&ask.lang)),
    ];
    rows.extend(
        case.submitted_ms.map(|ms| Row::new(words.get("verify.received_on"), format::day(ask.now().with_ms(ms).day()))),
    );
    Ok(Found::here(Verdict::Received, rows))
}

/// What anyone who holds a paper may know of it.
async fn paper(ask: &Ask, code: &str) -> Result<Found, Problem> {
    let (words, tenant, today) = (ask.words(), ask.tenant(), ask.now().day());
    if code.is_empty() {
        return Ok(Found::nothing());
    }
    let mut tx = ask.app.store.read(&tenant.id).await?;
    let Some(paper) = papers::by_code(&mut tx, code).await? else { return Ok(Found::nothing()) };
    let Some(case) = cases::load(&mut tx, &paper.case).await? else { return Ok(Found::nothing()) };
    let record = act::subject(&mut tx, &case).await?;
    let service = ask.app.service_of(tenant, &case.definition).await?;
    let granted = service
        .grants
        .iter()
        .any(|grant| grant.document.as_ref().is_some_and(|document| document.value == *paper.document));
    let record = record.filter(|_| granted);
    let mut rows = vec![
        Row::new(words.get("verify.what"), tell::document_title(&service, &paper.document, &ask.lang)),
        Row::new(words.get("verify.number"), paper.body["number"].as_str().unwrap_or_default()),
        Row::new(words.get("verify.issued_on"), format::day(ask.now().with_ms(paper.at_ms).day())),
        Row::new(words.get("verify.issued_by"), tenant.title.in_language(&ask.lang)),
    ];
    rows.extend(about(ask, &service, record.as_ref().map_or(&case.answers, |record| &record.answers)));
    if let Some(receipt) = case.receipts.iter().find(|receipt| paper.body["number"].as_str() == Some(&receipt.number)) {
        rows.push(Row::new(words.get("verify.amount"), tell::money(ask, receipt.stands())));
    }
    if let Some(record) = &record {
        rows.push(Row::new(words.get("verify.from"), format::day(record.valid_from)));
        rows.extend(record.valid_until.map(|until| Row::new(words.get("verify.until"), format::day(until))));
    }
    let verdict = match (paper.status.as_str(), record.map(|record| record.status(today))) {
        ("valid", None | Some(RecordStatus::Active)) => Verdict::Valid,
        ("valid", Some(RecordStatus::NotYet)) => Verdict::NotYet,
        ("valid", Some(RecordStatus::Expired)) => Verdict::Expired,
        _ => Verdict::Cancelled,
    };
    Ok(Found::here(verdict, rows))
}

/// What anyone who holds a receipt may know of it.
async fn receipt(ask: &Ask, number: &str) -> Result<Found, Problem> {
    let (words, tenant) = (ask.words(), ask.tenant());
    let mut tx = ask.app.store.read(&tenant.id).await?;
    let Some(kept) = receipts::find(&mut tx, number).await? else { return Ok(Found::nothing()) };
    let Some(case) = cases::load(&mut tx, &kept.case).await? else { return Ok(Found::nothing()) };
    let service = ask.app.service_of(tenant, &case.definition).await?;
    let mut rows = vec![
        Row::new(words.get("verify.what"), tell::document_title(&service, RECEIPT, &ask.lang)),
        Row::new(words.get("verify.number"), number),
        Row::new(words.get("verify.issued_on"), format::day(kept.receipt.on)),
        Row::new(words.get("verify.issued_by"), tenant.title.in_language(&ask.lang)),
        Row::new(words.get("verify.amount"), tell::money(ask, kept.receipt.stands())),
    ];
    rows.extend(about(ask, &service, &case.answers));
    Ok(Found::here(if kept.receipt.cancelled { Verdict::Cancelled } else { Verdict::Valid }, rows))
}

/// What a paper is about and whose it is, masked: enough to notice one that was altered. These are the
/// first answers that can be searched: one that tells nothing about a person, and one that does.
fn about(ask: &Ask, service: &Service, answers: &Answers) -> Vec<Row> {
    let words = ask.words();
    let word = |key: &str| words.find(key).unwrap_or_default();
    let style = form::Style {
        language: &ask.lang,
        currency: &ask.tenant().currency,
        places: &ask.tenant().places,
        yes_no: (word("field.yes"), word("field.no")),
        masked: true,
    };
    let first = |personal: bool| {
        let mut pages = service.form.all_pages().filter(|page| page.by.is_none());
        pages.find_map(|page| first(&page.fields, answers, personal))
    };
    let shown = |(field, value): (&Field, &Value)| form::show(field, value, &style);
    let thing = first(false).map(|found| Row::new(found.0.label.in_language(&ask.lang), shown(found)));
    let holder = first(true).map(|found| Row::new(words.get("verify.holder"), shown(found)));
    thing.into_iter().chain(holder).filter(|row| !row.lines.is_empty()).collect()
}

/// The first answer that can be searched, in the order of the form, also inside groups and lists.
fn first<'a>(fields: &'a [Field], answers: &'a Answers, personal: bool) -> Option<(&'a Field, &'a Value)> {
    fields.iter().find_map(|field| match (&field.kind, answers.get(&field.name)?) {
        (Kind::Group { fields }, Value::Map(group)) => first(fields, group, personal),
        (Kind::List { fields, .. }, Value::List(items)) => match items.first() {
            Some(Value::Map(item)) => first(fields, item, personal),
            _ => None,
        },
        (_, value) if field.searchable.alone() && field.personal == personal => Some((field, value)),
        _ => None,
    })
}

//! Verifying a paper: by the code printed on it, or by the square pattern.

use engine::registry::RecordStatus;
use engine::template::format;
use ui_gen::Page;
use ui_gen::view::common::Row;
use ui_gen::view::follow::{Verdict, Verify, VerifyResult};

use super::tell;
use crate::act;
use crate::auth::seal::Sealed;
use crate::auth::{otp, token};
use crate::http::ask::{Answer, Ask};
use crate::http::{limits, when};
use crate::problem::Problem;
use crate::store::{cases, papers};

/// The kind of a code for an application that was handed in.
const APPLICATION: &str = "application";

/// `GET /{tenant}/verify`, also with `?code=`
pub async fn ask_code(ask: &Ask) -> Answer {
    let code = ask.query("code")?.trim().to_owned();
    if !code.is_empty() && code.len() <= 1_000 {
        let code: String = form_urlencoded::byte_serialize(code.as_bytes()).collect();
        return ask.redirect(&ask.at(&format!("/verify/{code}")));
    }
    let view = Verify { action: ask.at("/verify"), code: String::new(), error: String::new() };
    ask.page(Page::Verify(view)).back(ask.at("")).answer()
}

/// `GET /{tenant}/verify/{code}`
pub async fn result(ask: &Ask) -> Answer {
    let mut tx = ask.app.store.begin(&ask.tenant().state).await?;
    otp::throttle(&mut tx, &format!("verified:{}", otp::network(ask.remote)), ask.app.clock.now_ms(), limits::VERIFIED)
        .await?;
    tx.commit().await?;
    let code = ask.param("code").trim().to_owned();
    let (verdict, rows) = look_up(ask, &code).await?;
    let shown = if Sealed::looks_like(&code) { String::new() } else { token::typed_code(&code).to_uppercase() };
    let view = VerifyResult {
        verdict,
        code: shown,
        rows,
        as_of: when::moment(ask.words(), ask.now()),
        another: ask.at("/verify"),
    };
    let status = if verdict == Verdict::NotFound { 404 } else { 200 };
    ask.page(Page::VerifyResult(view)).back(ask.at("/verify")).status(status).answer()
}

type Found = (Verdict, Vec<Row>);
const NOTHING: Found = (Verdict::NotFound, Vec::new());

async fn look_up(ask: &Ask, code: &str) -> Result<Found, Problem> {
    if !Sealed::looks_like(code) {
        return paper(ask, &token::typed_code(code)).await;
    }
    match Sealed::open(code, ask.app.keys.verifying()) {
        Ok(sealed) if sealed.tenant != ask.tenant().id => Ok(NOTHING),
        Ok(sealed) if sealed.kind == APPLICATION => application(ask, &sealed.number).await,
        Ok(sealed) => paper(ask, &sealed.code).await,
        Err(_) => Ok(NOTHING),
    }
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
    let Some(id) = cases::id_of(&mut tx, number).await? else { return Ok(NOTHING) };
    let Some(case) = cases::load(&mut tx, &id).await? else { return Ok(NOTHING) };
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
    Ok((Verdict::Received, rows))
}

/// What anyone who holds a paper may know of it.
async fn paper(ask: &Ask, code: &str) -> Result<Found, Problem> {
    let (words, tenant, today) = (ask.words(), ask.tenant(), ask.now().day());
    if code.is_empty() {
        return Ok(NOTHING);
    }
    let mut tx = ask.app.store.read(&tenant.id).await?;
    let Some(paper) = papers::by_code(&mut tx, code).await? else { return Ok(NOTHING) };
    let Some(case) = cases::load(&mut tx, &paper.case).await? else { return Ok(NOTHING) };
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
    if let Some(record) = &record {
        rows.push(Row::new(words.get("verify.from"), format::day(record.valid_from)));
        rows.extend(record.valid_until.map(|until| Row::new(words.get("verify.until"), format::day(until))));
    }
    let verdict = match (paper.status.as_str(), record.map(|record| record.status(today))) {
        ("valid", None | Some(RecordStatus::Active | RecordStatus::NotYet)) => Verdict::Valid,
        ("valid", Some(RecordStatus::Expired)) => Verdict::Expired,
        _ => Verdict::Cancelled,
    };
    Ok((verdict, rows))
}

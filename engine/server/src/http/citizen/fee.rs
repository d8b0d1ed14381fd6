//! What it would cost: asked of anybody, with the questions on which the fee depends and no others.

use std::sync::Arc;

use engine::base::{Answers, Day, Name};
use engine::case;
use engine::fees::{self, Assessment};
use engine::form::{self, Ctx, Form, Kind, Page as Asked};
use engine::service::Service;
use engine::template::format;
use serde_json::{Value as Json, json};
use ui_gen::Page;
use ui_gen::from_engine::typed::{self, Typed};
use ui_gen::view::home::FeeCalculator;
use ui_gen::view::money::{Bill, BillLine};

use super::tell;
use super::unkept::Sheet;
use crate::http::ask::{Answer, Ask};
use crate::http::{reckoned, trying};
use crate::problem::Problem;

/// Whether the fee can be reckoned before anything is known: it has a rule that looks at no record.
pub(super) fn is_open(service: &Service) -> bool {
    service.fees.is_some() && service.billing.is_some() && service.on_record.is_none()
}

/// `GET /{tenant}/services/{service}/fee`
pub async fn page(ask: &Ask) -> Answer {
    let service = ask.service()?;
    let Some(fees) = service.fees.as_ref().filter(|_| is_open(service)) else { return Err(Problem::NotFound) };
    let page = fees::asks(fees, &service.form, &service.workflow.start.at);
    let typed = taken(ask, &page)?;
    let sent = !ask.query("go")?.is_empty();
    let small = Form { pages: vec![Arc::new(page.clone())], tasks: false };
    let nothing = Answers::default();
    let (today, places) = (ask.now().day(), &ask.tenant().places);
    let ctx = Ctx { today, lists: &service.lists, places, known: &nothing, named: None, identity: &[] };
    let answers = typed::answers(&page.fields, &typed);
    let sheet = Sheet {
        ask,
        form: &service.form,
        lists: &service.lists,
        fields: &page.fields,
        sent: &ask.query,
        otherwise: true,
    };
    let (errors, accepted) = match form::accept_page(&small, &page, &answers, &ctx) {
        Ok(answers) if sent => (Vec::new(), Some(answers)),
        Err(errors) if sent => (sheet.fair(errors)?, None),
        _ => (Vec::new(), None),
    };
    let (found, failed) = match accepted {
        Some(answers) => tried(ask, service, answers).await?,
        None => (None, String::new()),
    };
    let (bill, authority) = found.map_or((None, String::new()), |(bill, said)| (Some(bill), said));
    let status = if errors.is_empty() { 200 } else { 422 };
    let view = FeeCalculator {
        service: service.title.in_language(&ask.lang).to_owned(),
        action: ask.at(&format!("/services/{}/fee", service.id)),
        seen: sheet.seen(&typed),
        fields: sheet.views(&typed, &errors)?,
        bill,
        authority,
        failed,
        start: ask.at(&format!("/services/{}", service.id)),
    };
    ask.page(Page::FeeCalculator(view)).back(ask.at(&format!("/services/{}", service.id))).status(status).answer()
}

/// What stands in the address: every item of a list is open, since nothing is kept between pages.
fn taken(ask: &Ask, page: &Asked) -> Result<Typed, Problem> {
    let mut sent = ask.query.clone();
    let mut typed = Typed::new();
    let mut open = sent.remove("_open").unwrap_or_default();
    for field in &page.fields {
        let Kind::List { min, max, .. } = &field.kind else { continue };
        let prefix = format!("{}.", field.name);
        let highest = sent.keys().filter_map(|name| name.strip_prefix(&prefix)?.split('.').next()?.parse().ok()).max();
        let more = usize::from(ask.query("_add")? == field.name.as_str());
        let count = (highest.map_or((*min).min(1), |highest: usize| highest.saturating_add(1)) + more).min(*max);
        typed.insert(field.name.to_string(), Json::Array(vec![json!({}); count]));
        open.extend((0..count).map(|at| format!("{}.{at}", field.name)));
    }
    sent.insert("_open".to_owned(), open);
    typed::take(&page.fields, &mut typed, &sent)?;
    let remove = ask.query("_remove")?;
    if ui_gen::from_engine::field_at(&page.fields, remove).is_some() {
        typed::remove(&mut typed, remove);
    }
    Ok(typed)
}

/// What the rule says to these answers today: the bill with whose rates they are, or else why there is none. It runs
/// apart, where what strangers try out has its turns.
async fn tried(
    ask: &Ask,
    service: &Arc<Service>,
    answers: Answers,
) -> Result<(Option<(Bill, String)>, String), Problem> {
    let (today, of) = (ask.now().day(), Arc::clone(service));
    let rule = move || {
        let assessed = assess(&of, &answers, today);
        let declined = if assessed.is_some() { None } else { reckoned::declined(&of, &answers, today).cloned() };
        (answers, assessed, declined)
    };
    let (answers, assessed, declined) = trying::reckon(rule).await?;
    let found = assessed.and_then(|assessed| bill(ask, service, &answers, assessed));
    let failed = match (&found, declined) {
        (Some(_), _) => String::new(),
        (None, Some(text)) => text.in_language(&ask.lang).to_owned(),
        (None, None) => ask.words().get("fee_page.failed"),
    };
    Ok((found, failed))
}

/// What is due by the rates of a day; nothing if the rule gives nothing.
fn assess(service: &Service, answers: &Answers, day: Day) -> Option<Assessment> {
    let (fees, billing) = (service.fees.as_ref()?, service.billing.as_ref()?);
    let heads: Vec<Name> = billing.heads.iter().map(|head| head.name.clone()).collect();
    fees::assess(fees, &service.facts(answers), day, day, &service.lists, &heads).ok()
}

/// The bill of what is due by today's rates, and whose rates they are.
fn bill(ask: &Ask, service: &Service, answers: &Answers, assessed: Assessment) -> Option<(Bill, String)> {
    let billing = service.billing.as_ref()?;
    let (today, facts) = (ask.now().day(), service.facts(answers));
    let since = format::day(assessed.rates_from);
    let authority = reckoned::authority(service, &assessed.authority, &ask.lang);
    let authority = ask.words().say("fee_page.rates", &[("authority", &authority), ("day", &since)]);
    let charges = billing.charges(&assessed.heads, assessed.steps).ok()?;
    let charges = case::paid_at_once(service, charges, &facts, today);
    let line = |(name, amount): &(Name, engine::base::Money)| {
        BillLine::new(tell::head(billing, name, &ask.lang), tell::money(ask, *amount))
    };
    let bill = Bill {
        number: String::new(),
        lines: charges.heads.iter().map(line).collect(),
        total: tell::money(ask, charges.heads.iter().map(|(_, amount)| *amount).sum()),
        steps: tell::steps(ask, service, &charges.steps),
    };
    Some((bill, authority))
}

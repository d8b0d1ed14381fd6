//! `/{tenant}/paid/{order}`: what became of a payment, and its receipts. The address cannot be guessed, and
//! is all that whoever paid has in hand; so it tells no more of the holder than the bill did, and ends after a while.

use std::sync::Arc;

use connectors::control::holds;
use engine::base::{Answers, Money};
use engine::document::RECEIPT;
use engine::template::format;
use ui_gen::Page;
use ui_gen::view::common::Paper;
use ui_gen::view::money::{PayOutcome, PayResult};

use super::known;
use crate::act;
use crate::dues;
use crate::http::ask::{Answer, Ask};
use crate::http::citizen::tell;
use crate::http::desk::print;
use crate::http::{limits, order, pay, when};
use crate::problem::Problem;
use crate::store::orders::{self, Order};
use crate::store::receipts::{self, Kept};
use crate::store::{cases, papers};
use crate::work::payments;
use crate::work::story::Gathered;

/// The address of what became of an order.
pub(crate) fn path(ask: &Ask, reference: &str) -> String {
    ask.at(&format!("/paid/{reference}"))
}

async fn find(ask: &Ask) -> Result<Order, Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let order = orders::find(&mut tx, ask.param("order")).await?.ok_or(Problem::NotFound)?;
    let over = ask.app.clock.now_ms() >= ends_ms(&order);
    if over && holds("az_16_ends") { Err(Problem::NotFound) } else { Ok(order) }
}

/// From when on the address opens nothing any more; the receipt is had at the office, or by whoever signs in.
fn ends_ms(order: &Order) -> i64 {
    order.begun_ms + limits::PAID_MS
}

/// The receipts of an order that was paid, one for each case, in the order of its parts.
async fn receipts(ask: &Ask, order: &Order) -> Result<Vec<Kept>, Problem> {
    let key = format!("{}:{}", order.gateway, order.note);
    let amount = Money::from_paise(order.amount_paise).unwrap_or_default();
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let mut kept = Vec::new();
    for (key, ..) in payments::parts(order, &key, amount)? {
        kept.extend(receipts::by_payment(&mut tx, &key).await?);
    }
    Ok(kept)
}

/// `GET /{tenant}/paid/{order}`: the payer is back. That is no evidence; the gateway is asked.
pub async fn page(ask: &Ask) -> Answer {
    let state = order::state(ask, &find(ask).await?).await?;
    // Asking may have brought the money.
    let order = find(ask).await?;
    let outcome = pay::outcome(state);
    let words = ask.words();
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let case = cases::load(&mut tx, &order.case).await?.ok_or(Problem::NotFound)?;
    let record = act::subject(&mut tx, &case).await?;
    drop(tx);
    let registries = dues::registries(&ask.library, ask.tenant());
    let record = record.filter(|record| registries.iter().any(|registry| *record.registry == **registry));
    let record = record.ok_or(Problem::NotFound)?;
    let bill = known::href(ask, &record);
    let paid = outcome == PayOutcome::Success;
    let kept = if paid { receipts(ask, &order).await? } else { Vec::new() };
    // Other money may have been accepted than was asked.
    let amount = match kept.as_slice() {
        [] => Money::from_paise(order.amount_paise).unwrap_or_default(),
        kept => kept.iter().map(|kept| kept.receipt.payment.amount).sum(),
    };
    let until = format::day(ask.now().with_ms(ends_ms(&order)).day());
    let view = PayResult {
        outcome,
        service: dues::called(&ask.library, ask.tenant(), &record, &ask.lang),
        number: record.number.clone(),
        amount: tell::money(ask, amount),
        reference: order.reference.clone(),
        when: when::moment(words, ask.now().with_ms(order.begun_ms)),
        receipt: None,
        soon: false,
        papers: links(ask, &order, &kept).await?,
        reason: pay::reason(ask, &order, state),
        retry: bill.clone(),
        here: path(ask, &order.reference),
        refresh: pay::refresh(&order, outcome),
        note: if paid { words.say("dues.keep", &[("day", &until)]) } else { pay::note(ask, &order) },
        case: bill,
        case_text: words.get("dues.look"),
    };
    ask.page(Page::PayResult(view)).answer()
}

/// The receipts as papers.
async fn links(ask: &Ask, order: &Order, kept: &[Kept]) -> Result<Vec<Paper>, Problem> {
    let mut papers = Vec::new();
    for (at, kept) in kept.iter().enumerate().filter(|(_, kept)| !kept.receipt.cancelled) {
        let (service, _) = of(ask, kept).await?;
        papers.push(Paper {
            title: format!("{} {}", tell::document_title(&service, RECEIPT, &ask.lang), kept.receipt.number),
            href: format!("{}/{}", path(ask, &order.reference), at + 1),
            detail: "PDF".to_owned(),
            ..Paper::default()
        });
    }
    Ok(papers)
}

async fn of(ask: &Ask, kept: &Kept) -> Result<(Arc<engine::service::Service>, engine::case::Case), Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let case = cases::load(&mut tx, &kept.case).await?.ok_or(Problem::NotFound)?;
    drop(tx);
    Ok((ask.app.service_of(ask.tenant(), &case.definition).await?, case))
}

/// `GET /{tenant}/paid/{order}/{receipt}`: the receipt of this place among those of the order, with a mask
/// for the name of the holder.
pub async fn receipt(ask: &Ask) -> Answer {
    let order = find(ask).await?;
    let at = ask.param("receipt").parse::<usize>().ok().and_then(|at| at.checked_sub(1)).ok_or(Problem::NotFound)?;
    let kept = receipts(ask, &order).await?.into_iter().nth(at).ok_or(Problem::NotFound)?;
    let (service, mut case) = of(ask, &kept).await?;
    let document = service.document(RECEIPT).filter(|_| !kept.receipt.cancelled).ok_or(Problem::NotFound)?.clone();
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let code = print::code(&papers::by_case(&mut tx, &case.id).await?, &kept.receipt.number);
    let record = act::subject(&mut tx, &case).await?;
    drop(tx);
    let applicant = match &record {
        Some(record) => known::holder(ask, record).await?,
        None => String::new(),
    };
    // A receipt that prints answers prints none of them here.
    case.answers = Answers::default();
    let told = Gathered {
        tenant: Arc::clone(ask.tenant()),
        service,
        case,
        record,
        applicant,
        mobile: None,
        email: None,
        assignee: None,
        comment: None,
        receipt: Some(kept.receipt),
    };
    print::printed(ask, &told, &document, None, code).await
}

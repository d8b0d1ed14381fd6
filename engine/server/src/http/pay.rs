//! Paying online: the bill, the order, and what became of it.

use connectors::payment::{OrderRequest, OrderState};
use engine::base::Money;
use engine::billing::{Bill, ONLINE, Receipt};
use engine::case::{Refusal, bill};
use engine::document::RECEIPT;
use engine::service::Service;
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::common::ErrorLink;
use ui_gen::view::field::Text;
use ui_gen::view::money::{Pay, PayOutcome, PayResult};
use ui_gen::{FieldView, Input, Page};

use super::ask::{Answer, Ask};
use super::citizen::{statement, tell};
use super::when;
use crate::auth::token;
use crate::problem::Problem;
use crate::store::orders::{self, Order};
use crate::store::{cases, papers, retry};
use crate::work::payments;

/// Seconds after which a pending page asks again by itself.
const REFRESH: u32 = 5;

/// How long after it was begun a payment's receipt is waited for, in milliseconds: then it stands with the
/// case.
const WRITING_MS: i64 = 30 * 60_000;

/// `GET /{tenant}/cases/{case}/pay`
pub async fn show(ask: &Ask) -> Answer {
    let service = ask.service_of_case().await?;
    let Some(bill) = due(ask, &service)? else { return ask.redirect(&ask.at_case("")) };
    draw(ask, &service, &bill, "", 200)
}

/// The bill of today; nothing if nothing is owed.
fn due(ask: &Ask, service: &Service) -> Result<Option<Bill>, Problem> {
    match bill(service, ask.case(), ask.now().day()) {
        Ok(bill) => Ok(Some(bill).filter(|bill| bill.total.paise() > 0)),
        Err(Refusal::NothingToPay) => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}

fn draw(ask: &Ask, service: &Service, bill: &Bill, error: &str, status: u16) -> Answer {
    let words = ask.words();
    let mut fields = Vec::new();
    if ask.app.gateway(&ask.tenant().id).is_some() {
        let online = Choice::one(vec![Opt::new(ONLINE, words.get("pay.online"))], ONLINE, "");
        fields.push(FieldView::new("mode", words.get("pay.how"), Input::Choice(online)));
    }
    if service.billing.as_ref().is_some_and(|billing| billing.part_payment) {
        let typed = ask.field("amount")?;
        let value = if typed.is_empty() { bill.total.to_string() } else { typed.to_owned() };
        let text = Text { width: 10, unit: ask.tenant().currency.symbol.clone(), ..Text::new(value) };
        fields.push(FieldView::new("amount", words.get("pay.amount"), Input::Money(text)).error(error));
    }
    let mut errors = Vec::new();
    if !error.is_empty() && !fields.iter().any(|field| field.name == "amount") {
        errors.push(ErrorLink { target: String::new(), text: error.to_owned() });
    }
    let view = Pay {
        service: service.title.in_language(&ask.lang).to_owned(),
        number: ask.case().number.clone().unwrap_or_default(),
        bill: tell::bill(ask, service, bill),
        due: bill.due_on.map(|day| when::due_day(words, day, ask.now())),
        action: ask.at_case("/pay"),
        fields,
        errors,
        counter: statement::counter(ask),
        case: ask.at_case(""),
    };
    ask.page(Page::Pay(view)).back(ask.at_case("")).status(status).answer()
}

/// `POST /{tenant}/cases/{case}/pay`: asks the gateway for an order and sends the payer there.
pub async fn begin(ask: &Ask) -> Answer {
    let service = ask.service_of_case().await?;
    let Some(bill) = due(ask, &service)? else { return ask.redirect(&ask.at_case("")) };
    if ask.only_shows() {
        return draw(ask, &service, &bill, "", 200);
    }
    let tenant = ask.tenant();
    let Some(gateway) = ask.app.gateway(&tenant.id) else {
        return draw(ask, &service, &bill, &ask.words().get("pay.only_counter"), 422);
    };
    let Some(amount) = amount(ask, &service, &bill)? else {
        return draw(
            ask,
            &service,
            &bill,
            &ask.words().say("pay.wrong_amount", &[("amount", &tell::money(ask, bill.total))]),
            422,
        );
    };
    if let Some(earlier) = unsettled(ask).await? {
        return ask.redirect(&return_path(ask, &earlier));
    }
    let key = ask.key()?.unwrap_or_else(|| ask.app.chance.id());
    let reference = token::base32(&token::mac(ask.app.keys.secret(), "order", &[&tenant.id, &ask.case().id, &key]))
        [..26]
        .to_owned();
    let order = kept(ask, &reference, gateway.name(), amount).await?;
    let request = OrderRequest {
        tenant: tenant.id.clone(),
        reference: reference.clone(),
        amount_paise: order.amount_paise,
        currency: order.currency.clone(),
        payee: tenant.title.in_language(&ask.lang).to_owned(),
        description: format!(
            "{} {}",
            service.title.in_language(&ask.lang),
            ask.case().number.as_deref().unwrap_or_default()
        ),
        language: ask.lang.clone(),
        return_url: ask.app.link(&return_path(ask, &reference)),
        notify_url: ask.app.link(&format!("/hooks/{}/payments/{}", tenant.id, gateway.name())),
    };
    let asked = gateway.create_order(&request).await?;
    let mut tx = ask.app.store.begin(&tenant.id).await?;
    orders::set_gateway_order(&mut tx, &reference, &asked.gateway_order_id).await?;
    tx.commit().await?;
    ask.redirect(&asked.pay_url)
}

fn return_path(ask: &Ask, reference: &str) -> String {
    ask.at_case(&format!("/pay/return?order={reference}"))
}

/// How much is to be paid: all of it, or the part that was typed where parts are taken.
fn amount(ask: &Ask, service: &Service, bill: &Bill) -> Result<Option<Money>, Problem> {
    let typed = ask.field("amount")?;
    let parts = service.billing.as_ref().is_some_and(|billing| billing.part_payment);
    if !parts || typed.is_empty() {
        return Ok(Some(bill.total));
    }
    let amount = Money::parse(&engine::form::html::ascii(typed.trim()));
    Ok(amount.filter(|amount| amount.paise() > 0 && *amount <= bill.total))
}

/// An order of this case whose money is on its way, so that nobody pays twice: the gateway is asked.
async fn unsettled(ask: &Ask) -> Result<Option<String>, Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let open: Vec<Order> =
        orders::by_case(&mut tx, &ask.case().id).await?.into_iter().filter(|order| order.state == "open").collect();
    drop(tx);
    for order in open.into_iter().rev().take(3) {
        let state = payments::settle(&ask.app, ask.tenant(), &order).await?;
        if matches!(state, OrderState::Pending | OrderState::Succeeded) {
            return Ok(Some(order.reference));
        }
    }
    Ok(None)
}

/// Keeps the order before the gateway hears of it, and a job that asks after it later: whatever
/// happens to the payer's browser, the money will be found.
async fn kept(ask: &Ask, reference: &str, gateway: &str, amount: Money) -> Result<Order, Problem> {
    let order = Order {
        reference: reference.to_owned(),
        case: ask.case().id.clone(),
        gateway: gateway.to_owned(),
        gateway_order: None,
        amount_paise: amount.paise(),
        currency: ask.tenant().currency.code.clone(),
        begun_ms: ask.app.clock.now_ms(),
        state: "open".to_owned(),
        note: String::new(),
    };
    let keep = || async {
        let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
        if let Some(known) = orders::find(&mut tx, reference).await? {
            return Ok(known);
        }
        orders::insert(&mut tx, &order).await?;
        payments::ask_at(&mut tx, reference, order.begun_ms + payments::ASK_AFTER_MS).await?;
        tx.commit().await?;
        Ok(order.clone())
    };
    Ok(retry(crate::store::Error::is_passing, keep).await?)
}

/// `GET /{tenant}/cases/{case}/pay/return`: the payer is back. That is no evidence; the gateway is
/// asked what became of the money.
pub async fn returned(ask: &Ask) -> Answer {
    let reference = ask.query("order")?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let order =
        orders::find(&mut tx, reference).await?.filter(|order| order.case == ask.case().id).ok_or(Problem::NotFound)?;
    drop(tx);
    let state = match order.state.as_str() {
        "paid" => OrderState::Succeeded,
        "failed" => OrderState::Failed,
        "open" => match payments::settle(&ask.app, ask.tenant(), &order).await {
            Ok(state) => state,
            // The gateway does not answer: the money may be on its way.
            Err(Problem::Unavailable(_)) => OrderState::Pending,
            Err(other) => return Err(other),
        },
        _ => OrderState::Pending,
    };
    result(ask, &order, state).await
}

async fn result(ask: &Ask, order: &Order, state: OrderState) -> Answer {
    let service = ask.service_of_case().await?;
    let words = ask.words();
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let issued = papers::by_case(&mut tx, &ask.case().id).await?;
    let outcome = match state {
        OrderState::Succeeded => PayOutcome::Success,
        // Where nobody has tried to pay, the payer came back without.
        OrderState::Failed | OrderState::Created => PayOutcome::Failed,
        OrderState::Pending => PayOutcome::Pending,
    };
    let amount = Money::from_paise(order.amount_paise).unwrap_or_default();
    let now = cases::load(&mut tx, &ask.case().id).await?;
    let receipts = now.as_ref().map(|case| case.receipts.as_slice()).unwrap_or_default();
    let of_order = |receipt: &&Receipt| {
        let paid = &receipt.payment;
        paid.mode == ONLINE && paid.begun_ms == order.begun_ms && paid.amount == amount && !receipt.cancelled
    };
    let receipt = receipts.iter().find(of_order).filter(|_| outcome == PayOutcome::Success);
    let is_made = |receipt: &Receipt| {
        issued.iter().any(|paper| paper.document == RECEIPT && paper.body["number"] == receipt.number.as_str())
    };
    let waited = ask.now().ms - order.begun_ms;
    let soon = receipt.is_some_and(|receipt| !is_made(receipt)) && waited < WRITING_MS;
    let waits = soon || outcome == PayOutcome::Pending;
    let view = PayResult {
        outcome,
        service: service.title.in_language(&ask.lang).to_owned(),
        number: ask.case().number.clone().unwrap_or_default(),
        amount: tell::money(ask, amount),
        reference: order.reference.clone(),
        when: when::moment(words, ask.now().with_ms(order.begun_ms)),
        receipt: receipt.map(|receipt| tell::receipt(ask, &service, receipt)),
        soon,
        papers: if outcome == PayOutcome::Success {
            tell::papers(ask, &service, &ask.at_case("/papers"), &issued)
        } else {
            Vec::new()
        },
        reason: if state == OrderState::Created { words.get("pay.not_tried") } else { String::new() },
        retry: ask.at_case("/pay"),
        here: return_path(ask, &order.reference),
        refresh: if waits { REFRESH } else { 0 },
        case: ask.at_case(""),
    };
    ask.page(Page::PayResult(view)).answer()
}

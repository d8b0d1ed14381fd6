//! Paying online: the bill, the order, and what became of it.

use connectors::payment::OrderState;
use engine::base::Money;
use engine::billing::{Bill, ONLINE, Receipt};
use engine::case::{Refusal, bill};
use engine::document::RECEIPT;
use engine::service::Service;
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::common::ErrorLink;
use ui_gen::view::money::{Pay, PayOutcome, PayResult};
use ui_gen::{FieldView, Input, Page};

use super::again::{self, Came};
use super::ask::{Answer, Ask};
use super::citizen::{statement, tell};
use super::order::{self, Wanted};
use super::when;
use crate::problem::Problem;
use crate::store::orders::{self, Order};
use crate::store::{cases, papers};

/// Seconds after which a pending page asks again by itself.
const REFRESH: u32 = 5;

/// How long after it was begun a payment's receipt is waited for, in milliseconds: then it stands with the
/// case.
const WRITING_MS: i64 = 30 * 60_000;

/// `GET /{tenant}/cases/{case}/pay`
pub async fn show(ask: &Ask) -> Answer {
    let service = ask.service_of_case().await?;
    if let Some(order) = order::looked_at(ask, &ask.case().id).await? {
        return ask.redirect(&return_path(ask, &order.reference));
    }
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

/// The least that may be paid of a bill at once; nothing where only the whole is taken.
fn least(service: &Service, bill: &Bill) -> Option<Money> {
    service.billing.as_ref().and_then(|billing| billing.least(bill.total))
}

fn draw(ask: &Ask, service: &Service, bill: &Bill, error: &str, status: u16) -> Answer {
    let words = ask.words();
    let mut fields = Vec::new();
    if ask.app.gateway(&ask.tenant().id).is_some() {
        let online = Choice::one(vec![Opt::new(ONLINE, words.get("pay.online"))], ONLINE, "");
        fields.push(FieldView::new("mode", words.get("pay.how"), Input::Choice(online)));
    }
    if let Some(least) = least(service, bill) {
        fields.push(order::question(ask, (least, bill.total), error)?);
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
    let least = least(&service, &bill);
    let Some(amount) = order::amount(ask, least, bill.total)? else {
        return draw(ask, &service, &bill, &order::wrong_amount(ask, least, bill.total), 422);
    };
    if let Some(earlier) = order::unsettled(ask, &[&ask.case().id]).await? {
        return Ok(again::came(ask.redirect(&return_path(ask, &earlier.reference))?, Came::Nothing));
    }
    let number = ask.case().number.as_deref().unwrap_or_default();
    let wanted = Wanted {
        parts: vec![(ask.case().id.clone(), amount)],
        description: format!("{} {number}", service.title.in_language(&ask.lang)),
    };
    let reference = wanted.reference(ask)?;
    order::begin(ask, gateway, &wanted, &reference, &return_path(ask, &reference)).await
}

fn return_path(ask: &Ask, reference: &str) -> String {
    ask.at_case(&format!("/pay/return?order={reference}"))
}

/// `GET /{tenant}/cases/{case}/pay/return`: the payer is back. That is no evidence; the gateway is
/// asked what became of the money.
pub async fn returned(ask: &Ask) -> Answer {
    let reference = ask.query("order")?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let order =
        orders::find(&mut tx, reference).await?.filter(|order| pays(order, &ask.case().id)).ok_or(Problem::NotFound)?;
    drop(tx);
    let asked = order::state(ask, &order).await?;
    let state = if connectors::control::holds("pay_07_asked") { asked } else { OrderState::Succeeded };
    result(ask, &order, state).await
}

/// Whether an order is for a case, alone or with others.
fn pays(order: &Order, case: &str) -> bool {
    order.case == case || order.parts.iter().any(|(other, _)| other == case)
}

/// What the payer is told of a state of an order.
pub(super) fn outcome(state: OrderState) -> PayOutcome {
    match state {
        OrderState::Succeeded => PayOutcome::Success,
        // Where nobody has tried to pay, the payer came back without.
        OrderState::Failed | OrderState::Created => PayOutcome::Failed,
        OrderState::Pending => PayOutcome::Pending,
    }
}

/// Seconds after which the page asks again by itself. What people decide on takes longer.
pub(super) fn refresh(order: &Order, outcome: PayOutcome) -> u32 {
    if outcome == PayOutcome::Pending && !order.is_looked_at() { REFRESH } else { 0 }
}

/// What the payer is told besides of an order that was not paid; nothing where there is nothing to tell.
pub(super) fn reason(ask: &Ask, order: &Order, state: OrderState) -> String {
    let words = ask.words();
    match state {
        OrderState::Failed if order.state == orders::RETURNED => match order.note.as_str() {
            "" => words.get("pay.not_taken"),
            note => words.say("pay.returned", &[("reference", note)]),
        },
        OrderState::Created => words.get("pay.not_tried"),
        _ => String::new(),
    }
}

/// What the payer is told of an order while people look at what came for it.
pub(super) fn note(ask: &Ask, order: &Order) -> String {
    if order.is_looked_at() { ask.words().get("pay.looked_at") } else { String::new() }
}

/// Whether a payment of this key is that of an order that was paid, or a part of it.
fn is_of(key: &str, order: &Order) -> bool {
    let whole = format!("{}:{}", order.gateway, order.note);
    let rest = key.strip_prefix(&whole).filter(|_| !order.note.is_empty());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

async fn result(ask: &Ask, order: &Order, state: OrderState) -> Answer {
    let service = ask.service_of_case().await?;
    let words = ask.words();
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let issued = papers::by_case(&mut tx, &ask.case().id).await?;
    let outcome = outcome(state);
    let asked = Money::from_paise(order.amount_paise).unwrap_or_default();
    let now = cases::load(&mut tx, &ask.case().id).await?;
    let receipts = now.as_ref().map(|case| case.receipts.as_slice()).unwrap_or_default();
    let part = order.parts.iter().find(|(case, _)| *case == ask.case().id);
    let paise = part.map_or(order.amount_paise, |(_, paise)| *paise);
    let of_order = |receipt: &&Receipt| {
        let paid = &receipt.payment;
        let same = paid.begun_ms == order.begun_ms && (paid.amount.paise() == paise || is_of(&paid.key, order));
        paid.modes() == [ONLINE] && same && !receipt.cancelled
    };
    let receipt = receipts.iter().find(of_order).filter(|_| outcome == PayOutcome::Success);
    let is_made = |receipt: &Receipt| {
        issued.iter().any(|paper| paper.document == RECEIPT && paper.body["number"] == receipt.number.as_str())
    };
    let waited = ask.now().ms - order.begun_ms;
    let soon = receipt.is_some_and(|receipt| !is_made(receipt)) && waited < WRITING_MS;
    let view = PayResult {
        outcome,
        service: service.title.in_language(&ask.lang).to_owned(),
        number: ask.case().number.clone().unwrap_or_default(),
        // Other money may have been accepted than was asked.
        amount: tell::money(ask, receipt.filter(|_| part.is_none()).map_or(asked, |receipt| receipt.payment.amount)),
        reference: order.reference.clone(),
        when: when::moment(words, ask.now().with_ms(order.begun_ms)),
        receipt: receipt.map(|receipt| tell::receipt(ask, &service, receipt)),
        soon,
        papers: if outcome == PayOutcome::Success {
            tell::papers(ask, &service, &ask.at_case("/papers"), &issued)
        } else {
            Vec::new()
        },
        reason: reason(ask, order, state),
        retry: ask.at_case("/pay"),
        here: return_path(ask, &order.reference),
        refresh: refresh(order, outcome),
        note: note(ask, order),
        case: ask.at_case(""),
        case_text: words.get("pay.case"),
    };
    ask.page(Page::PayResult(view)).answer()
}

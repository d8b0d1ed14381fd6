//! Asking the gateway for an order: once for each form that was sent.

use std::sync::Arc;

use connectors::Gateway;
use connectors::payment::OrderState;
use engine::base::Money;
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input};

use super::ask::{Answer, Ask};
use super::citizen::tell;
use super::limits;
use crate::auth::token;
use crate::problem::Problem;
use crate::store::orders::{self, Order};
use crate::work::payments;

/// What is to be paid.
pub(super) struct Wanted {
    /// Each case with how much of it goes there; at least one.
    pub(super) parts: Vec<(String, Money)>,
    /// What it is for, in words.
    pub(super) description: String,
}

impl Wanted {
    /// The name of the order: it cannot be guessed, and follows from the key of the form, so that pressing
    /// the button twice asks for one order.
    pub(super) fn reference(&self, ask: &Ask) -> Result<String, Problem> {
        let key = ask.key()?.unwrap_or_else(|| ask.app.chance.id());
        let first = self.parts.first().map(|(case, _)| case.as_str()).unwrap_or_default();
        let secret = token::mac(ask.app.keys.secret(), "order", &[&ask.tenant().id, first, &key]);
        Ok(token::base32(&secret)[..26].to_owned())
    }
}

/// Asks the gateway for an order and sends the payer there; the gateway sends him back to `return_path`.
pub(super) async fn begin(
    ask: &Ask,
    gateway: &Arc<dyn Gateway>,
    wanted: &Wanted,
    reference: &str,
    return_path: &str,
) -> Answer {
    let wanted = payments::Wanted {
        reference,
        parts: &wanted.parts,
        description: &wanted.description,
        language: &ask.lang,
        back: return_path,
    };
    let pay_url = payments::begin(&ask.app, ask.tenant(), gateway, wanted).await?;
    ask.redirect(&pay_url)
}

/// The latest order of a case for which other money came than was asked, and on which nobody has decided.
pub(super) async fn looked_at(ask: &Ask, case: &str) -> Result<Option<Order>, Problem> {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    Ok(orders::by_case(&mut tx, case).await?.into_iter().rfind(Order::is_looked_at))
}

/// An order of these cases whose money is on its way, came just now or is being looked at, so that nobody pays twice:
/// the gateway is asked.
pub(super) async fn unsettled(ask: &Ask, cases: &[&str]) -> Result<Option<Order>, Problem> {
    for case in cases {
        let mut tx = ask.app.store.read(&ask.tenant().id).await?;
        let all = orders::by_case(&mut tx, case).await?;
        drop(tx);
        if let Some(order) = all.iter().rfind(|order| order.is_looked_at()) {
            return Ok(Some(order.clone()));
        }
        let open = all.into_iter().filter(|order| order.state == "open");
        for order in open.rev().take(limits::ORDERS_ASKED) {
            let state = payments::settle(&ask.app, ask.tenant(), &order).await?;
            if matches!(state, OrderState::Pending | OrderState::Succeeded) {
                return Ok(Some(order));
            }
        }
    }
    Ok(None)
}

/// What became of an order: what was kept, or what the gateway says now.
pub(super) async fn state(ask: &Ask, order: &Order) -> Result<OrderState, Problem> {
    Ok(match order.state.as_str() {
        "paid" => OrderState::Succeeded,
        "failed" | orders::RETURNED => OrderState::Failed,
        "open" => match payments::settle(&ask.app, ask.tenant(), order).await {
            Ok(state) => state,
            // The gateway does not answer, or the database: the money may be on its way.
            Err(Problem::Unavailable(_)) => OrderState::Pending,
            Err(other) => return Err(other),
        },
        _ => OrderState::Pending,
    })
}

/// How much is to be paid: all of `total`, or the part that was typed where parts are taken, `least` or more.
pub(super) fn amount(ask: &Ask, least: Option<Money>, total: Money) -> Result<Option<Money>, Problem> {
    let typed = ask.field("amount")?;
    let Some(least) = least.filter(|_| !typed.is_empty()) else { return Ok(Some(total)) };
    let amount = Money::parse(&engine::form::html::ascii(typed.trim()));
    Ok(amount.filter(|amount| amount.paise() > 0 && *amount >= least && *amount <= total))
}

/// The question how much of `total` is to be paid, where parts are taken.
pub(super) fn question(ask: &Ask, (least, total): (Money, Money), error: &str) -> Result<FieldView, Problem> {
    let words = ask.words();
    let typed = ask.field("amount")?;
    let value = if typed.is_empty() { total.to_string() } else { typed.to_owned() };
    let text = Text { width: 10, unit: ask.tenant().currency.symbol.clone(), ..Text::new(value) };
    let field = FieldView::new("amount", words.get("pay.amount"), Input::Money(text)).error(error);
    if least.is_zero() {
        return Ok(field);
    }
    Ok(field.hint(words.say("pay.least", &[("amount", &tell::money(ask, least))])))
}

/// What is said where an amount was typed that may not be paid.
pub(super) fn wrong_amount(ask: &Ask, least: Option<Money>, total: Money) -> String {
    let (words, all) = (ask.words(), tell::money(ask, total));
    match least.filter(|least| !least.is_zero()) {
        None => words.say("pay.wrong_amount", &[("amount", &all)]),
        Some(least) if least == total => words.say("refusal.not_the_whole_amount", &[("n", &all)]),
        Some(least) => words.say("pay.between", &[("least", &tell::money(ask, least)), ("amount", &all)]),
    }
}

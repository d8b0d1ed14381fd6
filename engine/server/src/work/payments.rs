//! Payments: what became of an order. Only the gateway's own answer counts, and it is asked by
//! whoever first has a reason to: its callback, the payer coming back, or the clock.

use std::sync::Arc;

use connectors::Gateway;
use connectors::payment::{OrderRequest, OrderState, OrderStatus};
use engine::base::Money;
use engine::base::date::MS_PER_DAY;
use engine::billing::{ONLINE, Part, Payment};
use engine::case::{Actor, Command, Refusal};
use engine::tenant::Tenant;
use serde_json::json;

use crate::act;
use crate::app::App;
use crate::problem::Problem;
use crate::store::jobs::{self, Job, Kind, NewJob};
use crate::store::mismatches::{self, Told};
use crate::store::orders::{self, ACCEPTED, MISMATCH, Order};
use crate::store::{self, By, Tx, retry};

/// How long after it was begun an order is asked after, in milliseconds.
pub const ASK_AFTER_MS: i64 = 10 * 60_000;
/// After this long, in milliseconds, an order that nobody tried to pay is no longer asked after.
const GIVE_UP_MS: i64 = 40 * MS_PER_DAY;

/// A payment that somebody is about to begin.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Its name, unique in the town: the same one again asks for the same order.
    pub reference: &'a str,
    /// Each case with how much of it goes there; at least one.
    pub parts: &'a [(String, Money)],
    /// What it is for, as the payer reads it.
    pub description: &'a str,
    /// The payer's language.
    pub language: &'a str,
    /// The path to which the payer comes back.
    pub back: &'a str,
}

/// Asks the gateway for an order; gives the address where it is paid.
pub async fn begin(
    app: &App,
    tenant: &Tenant,
    gateway: &Arc<dyn Gateway>,
    wanted: Wanted<'_>,
) -> Result<String, Problem> {
    let order = kept(app, tenant, gateway.name(), wanted).await?;
    let request = OrderRequest {
        tenant: tenant.id.clone(),
        reference: wanted.reference.to_owned(),
        amount_paise: order.amount_paise,
        currency: order.currency.clone(),
        payee: tenant.title.in_language(wanted.language).to_owned(),
        description: wanted.description.to_owned(),
        language: wanted.language.to_owned(),
        return_url: app.link(wanted.back),
        notify_url: app.link(&format!("/hooks/{}/payments/{}", tenant.id, gateway.name())),
    };
    let asked = gateway.create_order(&request).await?;
    if order.gateway_order.is_none() {
        // From here on somebody may pay: whatever happens to the payer's browser, it is asked after. Asked
        // for any earlier, nobody could be asked about an order that the gateway had not named.
        let mut tx = app.store.begin(&tenant.id).await?;
        orders::set_gateway_order(&mut tx, wanted.reference, &asked.gateway_order_id).await?;
        ask_at(&mut tx, wanted.reference, app.clock.now_ms() + ASK_AFTER_MS).await?;
        tx.commit().await?;
    }
    Ok(asked.pay_url)
}

/// Keeps the order before the gateway hears of it.
async fn kept(app: &App, tenant: &Tenant, gateway: &str, wanted: Wanted<'_>) -> Result<Order, Problem> {
    let parts = match wanted.parts {
        [_] => Vec::new(),
        several => several.iter().map(|(case, part)| (case.clone(), part.paise())).collect(),
    };
    let order = Order {
        reference: wanted.reference.to_owned(),
        case: wanted.parts.first().map(|(case, _)| case.clone()).unwrap_or_default(),
        parts,
        gateway: gateway.to_owned(),
        gateway_order: None,
        amount_paise: wanted.parts.iter().map(|(_, part)| *part).sum::<Money>().paise(),
        currency: tenant.currency.code.clone(),
        begun_ms: app.clock.now_ms(),
        state: "open".to_owned(),
        note: String::new(),
    };
    let keep = || async {
        let mut tx = app.store.begin(&tenant.id).await?;
        let known = orders::find(&mut tx, wanted.reference).await?;
        if known.is_none() {
            orders::insert(&mut tx, &order).await?;
        }
        // What was found may not be on the disk yet: it is, once this commits.
        tx.commit().await?;
        Ok(known.unwrap_or_else(|| order.clone()))
    };
    Ok(retry(store::Error::is_passing, keep).await?)
}

/// Asks the gateway how `order` stands; if the money came, the case receives it, once.
pub async fn settle(app: &App, tenant: &Tenant, order: &Order) -> Result<OrderState, Problem> {
    settle_for(app, tenant, order, None).await
}

/// The same, for a job: what becomes of the order is noted only by whoever has the job. Money is received all the
/// same: the payment's own key makes that happen once, whoever brings it.
async fn settle_for(app: &App, tenant: &Tenant, order: &Order, job: Option<&Job>) -> Result<OrderState, Problem> {
    let gateway = app.gateway(&tenant.id).filter(|gateway| gateway.name() == order.gateway);
    let gateway = gateway.ok_or_else(|| {
        Problem::Unavailable(format!("the gateway {} of {} is not configured", order.gateway, tenant.id))
    })?;
    // The gateway never heard of an order that it did not name.
    let Some(named) = &order.gateway_order else { return Ok(OrderState::Created) };
    // What people decide on is not asked after any more.
    if order.is_looked_at() || order.state == orders::RETURNED {
        return Ok(OrderState::Pending);
    }
    let status = gateway.status(named).await?;
    if let Some(kind) = difference(app, tenant, order, &status) {
        return put_aside(app, tenant, order, (&status, kind), job).await;
    }
    match status.state {
        OrderState::Succeeded => {
            let received = receive(app, tenant, order, &status).await;
            if let Err(Problem::Refused(Refusal::BooksClosed)) = received {
                tracing::error!(
                    tenant = tenant.id,
                    order = order.reference,
                    alarm = true,
                    "money came on a day that is closed: the clock of this node is behind, and it is asked after again"
                );
                return Ok(OrderState::Pending);
            }
            received?;
            note(app, tenant, job, order, ("paid", status.gateway_payment_id.as_deref().unwrap_or_default())).await?;
        }
        OrderState::Failed => note(app, tenant, job, order, ("failed", "")).await?,
        OrderState::Created | OrderState::Pending => {}
    }
    Ok(status.state)
}

/// What of the gateway's order is another than of ours. Nothing that differs is ever taken for a payment.
fn difference(app: &App, tenant: &Tenant, order: &Order, status: &OrderStatus) -> Option<&'static str> {
    let differs = |is: bool| is && connectors::control::holds("pay_03_order");
    match () {
        () if status.test && !app.config.demo => Some(mismatches::TEST),
        () if differs((&status.tenant, &status.reference) != (&tenant.id, &order.reference)) => Some(mismatches::ORDER),
        () if differs(status.currency != order.currency) => Some(mismatches::CURRENCY),
        () if differs(status.amount_paise != order.amount_paise) => Some(mismatches::AMOUNT),
        () => None,
    }
}

/// What came is not what was asked: it is put aside for people to decide on. Where nothing came yet it is asked after
/// again, and where nothing will, whoever was to pay may pay.
async fn put_aside(
    app: &App,
    tenant: &Tenant,
    order: &Order,
    (status, kind): (&OrderStatus, &'static str),
    job: Option<&Job>,
) -> Result<OrderState, Problem> {
    let asked = (&tenant.id, &order.reference, order.amount_paise, &order.currency);
    let told = (&status.tenant, &status.reference, status.amount_paise, &status.currency);
    let difference = format!("asked {asked:?}, told {told:?}");
    tracing::error!(
        tenant = tenant.id,
        order = order.reference,
        kind,
        difference,
        alarm = true,
        "the gateway tells of another order than was asked"
    );
    match status.state {
        OrderState::Succeeded => {}
        OrderState::Failed => {
            note(app, tenant, job, order, ("failed", &difference)).await?;
            return Ok(OrderState::Failed);
        }
        state @ (OrderState::Created | OrderState::Pending) => return Ok(state),
    }
    let told = Told {
        kind,
        came_paise: status.amount_paise,
        currency: &status.currency,
        payment: status.gateway_payment_id.as_deref(),
        about: &format!("{} {}", status.tenant, status.reference),
    };
    let mut tx = app.store.begin(&tenant.id).await?;
    if let Some(job) = job {
        jobs::hold(&mut tx, job).await?;
    }
    // An order that was given up has its money all the same.
    let mut aside = false;
    for from in ["open", "failed"] {
        aside = aside || orders::step(&mut tx, &order.reference, (from, MISMATCH), &difference).await?;
    }
    if aside {
        mismatches::keep(&mut tx, By::system(app.clock.now_ms()), order, told).await?;
    }
    tx.commit().await?;
    Ok(OrderState::Pending)
}

async fn receive(app: &App, tenant: &Tenant, order: &Order, status: &OrderStatus) -> Result<(), Problem> {
    let id = status.gateway_payment_id.as_deref().ok_or_else(|| anyhow::anyhow!("a payment without its name"))?;
    let amount = Money::from_paise(status.amount_paise).ok_or_else(|| anyhow::anyhow!("an amount past all limits"))?;
    bring(app, tenant, order, id, parts(order, &format!("{}:{id}", order.gateway), amount)?).await
}

/// Brings each case its part of a payment, under the part's own key.
async fn bring(
    app: &App,
    tenant: &Tenant,
    order: &Order,
    id: &str,
    parts: Vec<(String, String, Money)>,
) -> Result<(), Problem> {
    for (key, case, amount) in parts {
        let key = if connectors::control::holds("pay_02_once") { key } else { app.chance.id() };
        let part = Part { amount, mode: ONLINE.to_owned(), reference: id.to_owned(), instrument: None };
        let payment = Payment::of_one(key.clone(), order.begun_ms, part);
        let command = Command::Receive(payment);
        act::act(app, tenant, &case, &Actor::system(), &command, Some(&format!("payment:{key}"))).await?;
    }
    Ok(())
}

/// Receives as it came what two people have accepted; once, whoever comes first, they or the clock.
pub async fn receive_accepted(app: &App, tenant: &Tenant, reference: &str) -> Result<(), Problem> {
    let mut tx = app.store.read(&tenant.id).await?;
    let order = orders::find(&mut tx, reference).await?.filter(|order| order.state == ACCEPTED);
    let aside = mismatches::find(&mut tx, reference).await?;
    drop(tx);
    let Some((order, aside)) = order.zip(aside) else { return Ok(()) };
    let id = aside.payment.as_deref().ok_or_else(|| anyhow::anyhow!("a payment without its name"))?;
    let came = aside.came().ok_or_else(|| anyhow::anyhow!("money was accepted that cannot be booked"))?;
    bring(app, tenant, &order, id, shares(&order, &format!("{}:{id}", order.gateway), came)).await?;
    let mut tx = app.store.begin(&tenant.id).await?;
    orders::step(&mut tx, reference, (ACCEPTED, "paid"), id).await?;
    Ok(tx.commit().await?)
}

/// What each case has of money that is not what was asked: as much as was asked for it as long as there is any, and the
/// last one what is left over.
pub fn shares(order: &Order, key: &str, came: Money) -> Vec<(String, String, Money)> {
    if order.parts.is_empty() {
        return vec![(key.to_owned(), order.case.clone(), came)];
    }
    let mut left = came;
    let mut shares = Vec::with_capacity(order.parts.len());
    for (at, (case, paise)) in (1..).zip(&order.parts) {
        let asked = Money::from_paise(*paise).unwrap_or_default();
        let share = if at == order.parts.len() { left } else { left.min(asked) };
        left = left - share;
        if share.paise() > 0 {
            shares.push((format!("{key}:{at}"), case.clone(), share));
        }
    }
    shares
}

/// The payments that an order brings: the key of each, its case, its amount. Each is received by itself and
/// once; an order is paid when all of them were, and is asked after until then.
pub fn parts(order: &Order, key: &str, amount: Money) -> Result<Vec<(String, String, Money)>, Problem> {
    if order.parts.is_empty() {
        return Ok(vec![(key.to_owned(), order.case.clone(), amount)]);
    }
    let part = |(at, (case, paise)): (usize, &(String, i64))| {
        Some((format!("{key}:{}", at + 1), case.clone(), Money::from_paise(*paise)?))
    };
    let parts: Option<Vec<_>> = order.parts.iter().enumerate().map(part).collect();
    let parts = parts.filter(|parts| parts.iter().map(|(.., part)| *part).sum::<Money>() == amount);
    Ok(parts.ok_or_else(|| anyhow::anyhow!("the parts of an order are not its amount"))?)
}

async fn note(
    app: &App,
    tenant: &Tenant,
    job: Option<&Job>,
    order: &Order,
    (state, note): (&str, &str),
) -> Result<(), Problem> {
    let mut tx = app.store.begin(&tenant.id).await?;
    if let Some(job) = job {
        jobs::hold(&mut tx, job).await?;
    }
    orders::set_state(&mut tx, &order.reference, state, note).await?;
    Ok(tx.commit().await?)
}

/// Asks after an order that nobody told us about. One that is still open is asked after again later.
pub async fn ask_again(app: &Arc<App>, job: &Job) -> Result<(), Problem> {
    let library = app.library.now();
    let tenant = library.tenant(&job.tenant).ok_or(Problem::NotFound)?;
    let reference = job.body["order"].as_str().unwrap_or_default();
    let mut tx = app.store.read(&tenant.id).await?;
    let Some(order) = orders::find(&mut tx, reference).await? else { return Ok(()) };
    drop(tx);
    if order.state == ACCEPTED {
        return receive_accepted(app, tenant, reference).await;
    }
    if order.state != "open" {
        return Ok(());
    }
    let state = settle_for(app, tenant, &order, Some(job)).await?;
    let age_ms = app.clock.now_ms() - order.begun_ms;
    if state.is_final() || order.gateway_order.is_none() {
        return Ok(());
    }
    if age_ms > GIVE_UP_MS && state == OrderState::Created {
        return note(app, tenant, Some(job), &order, ("failed", "nobody tried to pay")).await;
    }
    // Twice as long each time, but every day at least.
    let again_ms = app.clock.now_ms() + age_ms.clamp(ASK_AFTER_MS, MS_PER_DAY);
    let mut tx = app.store.begin(&tenant.id).await?;
    jobs::hold(&mut tx, job).await?;
    ask_at(&mut tx, reference, again_ms).await?;
    Ok(tx.commit().await?)
}

/// Queues the question what became of an order.
pub async fn ask_at(tx: &mut Tx, reference: &str, due_ms: i64) -> store::Result<()> {
    queue(tx, reference, &due_ms.to_string(), due_ms).await
}

/// Queues that what was accepted is received.
pub async fn receive_at(tx: &mut Tx, reference: &str, due_ms: i64) -> store::Result<()> {
    queue(tx, reference, ACCEPTED, due_ms).await
}

async fn queue(tx: &mut Tx, reference: &str, what: &str, due_ms: i64) -> store::Result<()> {
    let (key, body) = (format!("{reference}:{what}"), json!({ "v": 1, "order": reference }));
    jobs::enqueue(tx, &NewJob { id: &format!("payment:{key}"), kind: Kind::Payment, key: &key, body: &body, due_ms })
        .await?;
    Ok(())
}

//! Orders: what was asked of a gateway, and what it said became of it.

use super::db::{Row, vals};
use super::error::Result;
use super::tx::Tx;

/// An order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Our own name for the payment.
    pub reference: String,
    /// The case it pays for; the first of several.
    pub case: String,
    /// How it is divided, where it pays for several cases: case, paise. Empty for all to the one.
    pub parts: Vec<(String, i64)>,
    /// The gateway.
    pub gateway: String,
    /// What the gateway calls it; nothing until it answered.
    pub gateway_order: Option<String>,
    /// How much, in paise.
    pub amount_paise: i64,
    /// The currency, ISO 4217.
    pub currency: String,
    /// When the payer pressed the button: charges of the day look at this.
    pub begun_ms: i64,
    /// `open`, `paid` or `failed`; `mismatch` where the gateway tells of other money than was asked, and then `accepted`
    /// until it is received, or `returned`.
    pub state: String,
    /// What a person should know of it; empty for nothing.
    pub note: String,
}

impl Order {
    /// Whether money came for it that is not what was asked, and is not yet received or sent back: people look at it.
    pub fn is_looked_at(&self) -> bool {
        matches!(self.state.as_str(), MISMATCH | ACCEPTED)
    }
}

/// Other money came than was asked.
pub const MISMATCH: &str = "mismatch";
/// It is to be received as it came.
pub const ACCEPTED: &str = "accepted";
/// It was sent back.
pub const RETURNED: &str = "returned";

const COLUMNS: &str = "reference, case_id, gateway, gateway_order, amount_paise, currency, begun_ms, state, note";

/// Keeps a new order.
pub async fn insert(tx: &mut Tx, order: &Order) -> Result<()> {
    let sql = "insert into orders (tenant, reference, case_id, gateway, gateway_order, amount_paise, currency, begun_ms, state, note) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let Order { reference, case, parts, gateway, gateway_order, amount_paise, currency, begun_ms, state, note } = order;
    tx.execute(sql, vals![reference, case, gateway, gateway_order, *amount_paise, currency, *begun_ms, state, note])
        .await?;
    for (at, (case, paise)) in (0i64..).zip(parts) {
        let sql = "insert into order_parts (tenant, reference, at, case_id, amount_paise) values ($1, $2, $3, $4, $5)";
        tx.execute(sql, vals![reference, at, case, *paise]).await?;
    }
    Ok(())
}

/// Notes what the gateway calls an order.
pub async fn set_gateway_order(tx: &mut Tx, reference: &str, gateway_order: &str) -> Result<()> {
    tx.execute(
        "update orders set gateway_order = $3 where tenant = $1 and reference = $2",
        vals![reference, gateway_order],
    )
    .await?;
    Ok(())
}

/// Notes what became of an order. What is final stays.
pub async fn set_state(tx: &mut Tx, reference: &str, state: &str, note: &str) -> Result<bool> {
    step(tx, reference, ("open", state), note).await
}

/// Takes an order from one state to another. `false` if it does not stand there.
pub(crate) async fn step(tx: &mut Tx, reference: &str, (from, to): (&str, &str), note: &str) -> Result<bool> {
    let sql = "update orders set state = $4, note = $5 where tenant = $1 and reference = $2 and state = $3";
    Ok(tx.execute(sql, vals![reference, from, to, note]).await? == 1)
}

async fn select(tx: &mut Tx, condition: &str, values: Vec<super::db::Val<'_>>) -> Result<Vec<Order>> {
    let sql = format!("select {COLUMNS} from orders where tenant = $1 and {condition} order by begun_ms, reference");
    let mut orders = tx.fetch(sql, values).await?.iter().map(read).collect::<Result<Vec<Order>>>()?;
    for order in &mut orders {
        let sql = "select case_id, amount_paise from order_parts where tenant = $1 and reference = $2 order by at";
        let rows = tx.fetch(sql, vals![&order.reference]).await?;
        order.parts = rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect::<Result<_>>()?;
    }
    Ok(orders)
}

/// The order of this reference.
pub async fn find(tx: &mut Tx, reference: &str) -> Result<Option<Order>> {
    Ok(select(tx, "reference = $2", vals![reference]).await?.pop())
}

/// The order that a gateway calls by this name.
pub async fn by_gateway(tx: &mut Tx, gateway: &str, gateway_order: &str) -> Result<Option<Order>> {
    Ok(select(tx, "gateway = $2 and gateway_order = $3", vals![gateway, gateway_order]).await?.pop())
}

/// The orders of a case, the latest last; those that pay for others too among them.
pub async fn by_case(tx: &mut Tx, case: &str) -> Result<Vec<Order>> {
    let own =
        "case_id = $2 or reference in (select p.reference from order_parts p where p.tenant = $1 and p.case_id = $2)";
    select(tx, &format!("({own})"), vals![case]).await
}

fn read(row: &Row) -> Result<Order> {
    Ok(Order {
        reference: row.text(0)?,
        case: row.text(1)?,
        parts: Vec::new(),
        gateway: row.text(2)?,
        gateway_order: row.maybe_text(3)?,
        amount_paise: row.int(4)?,
        currency: row.text(5)?,
        begun_ms: row.int(6)?,
        state: row.text(7)?,
        note: row.text(8)?,
    })
}

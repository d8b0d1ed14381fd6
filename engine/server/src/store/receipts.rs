//! Receipts: money that came, one row for each payment, ever.

use engine::base::date::add_days;
use engine::base::{Day, Money, limits};
use engine::billing::{Instrument, Receipt};

use super::db::{Row, Writes, vals};
use super::digest::{Marks, Sheet};
use super::error::Result;
use super::json;
use super::tx::Tx;

/// How often a receipt was printed is not vouched for: it changes without an event.
pub(super) const SHEET: Sheet = Sheet {
    table: "receipts",
    key: "number",
    added: 1,
    columns: "number, case_id, seq, payment_key, amount_paise, mode, reference, on_day, status, body, till",
};

/// A receipt and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The case.
    pub case: String,
    /// The receipt.
    pub receipt: Receipt,
    /// How often it was printed.
    pub printed: i64,
}

/// Adds the statement that writes a receipt as it now is; `place` is its place among the case's.
pub(super) fn write<'a>(writes: &mut Writes<'a>, marks: &mut Marks, case: &'a str, place: usize, receipt: &'a Receipt) {
    let row = vals![
        &receipt.number,
        case,
        i64::try_from(place).expect("a case has few receipts") + 1,
        &receipt.payment.key,
        receipt.payment.amount.paise(),
        receipt.payment.modes().join(", "),
        receipt.payment.reference(),
        receipt.on,
        if receipt.cancelled { "cancelled" } else { "valid" },
        json::receipt(receipt).to_string(),
        &receipt.till,
    ];
    marks.add(&SHEET, &row);
    // A number or a payment that another case has must not be taken over: only one's own row changes.
    writes.add(
        "insert into receipts (tenant, number, case_id, seq, payment_key, amount_paise, mode, reference, on_day, status, body, till, printed) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0) on conflict (tenant, number) do update set \
         status = excluded.status, body = excluded.body where receipts.case_id = excluded.case_id",
        row,
    );
}

const KEPT: &str = "select case_id, body, printed from receipts where tenant = $1";

fn read(row: &Row) -> Result<Kept> {
    let receipt = json::read_receipt(&json::parse(&row.text(1)?, "a receipt")?)?;
    Ok(Kept { case: row.text(0)?, receipt, printed: row.int(2)? })
}

/// The receipt of this number.
pub async fn find(tx: &mut Tx, number: &str) -> Result<Option<Kept>> {
    tx.first(format!("{KEPT} and number = $2"), vals![number]).await?.as_ref().map(read).transpose()
}

/// The receipt that acknowledges this payment, whichever case it settled.
pub async fn by_payment(tx: &mut Tx, payment_key: &str) -> Result<Option<Kept>> {
    tx.first(format!("{KEPT} and payment_key = $2"), vals![payment_key]).await?.as_ref().map(read).transpose()
}

/// The receipts of a case, in the order they were written.
pub async fn by_case(tx: &mut Tx, case: &str) -> Result<Vec<Kept>> {
    tx.fetch(format!("{KEPT} and case_id = $2 order by seq"), vals![case]).await?.iter().map(read).collect()
}

/// The receipts of the days from `from` to `until`, both included, in order: the cash book.
pub async fn of_days(tx: &mut Tx, from: Day, until: Day) -> Result<Vec<Kept>> {
    let sql = format!("{KEPT} and on_day >= $2 and on_day <= $3 order by on_day, number");
    tx.fetch(sql, vals![from, until]).await?.iter().map(read).collect()
}

/// What of a receipt is looked for in the statement of a bank: what came by one mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banked {
    /// Its number.
    pub number: String,
    /// The day on it.
    pub on: Day,
    /// How the money came.
    pub mode: String,
    /// Cheque number, card slip, gateway reference.
    pub reference: String,
    /// How much.
    pub amount: Money,
}

/// The receipts of the days from `from` to `until`, both included, that were not cancelled, in order; each as often
/// as its money has parts that stand, since a bank has a line for each.
pub async fn banked(tx: &mut Tx, from: Day, until: Day) -> Result<Vec<Banked>> {
    let sql = format!("{KEPT} and on_day >= $2 and on_day <= $3 and status = 'valid' order by on_day, number");
    let mut banked = Vec::new();
    for row in tx.fetch(sql, vals![from, until]).await? {
        let receipt = read(&row)?.receipt;
        banked.extend(receipt.standing().map(|(_, part)| Banked {
            number: receipt.number.clone(),
            on: receipt.on,
            mode: part.mode.clone(),
            reference: part.reference.clone(),
            amount: part.amount,
        }));
    }
    Ok(banked)
}

/// The receipts whose money was put in a till, in the order of their numbers.
pub async fn of_till(tx: &mut Tx, till: &str) -> Result<Vec<Kept>> {
    tx.fetch(format!("{KEPT} and till = $2 order by number"), vals![till]).await?.iter().map(read).collect()
}

/// The numbers of receipts other than `but` that a cheque or draft pays for as well and that the bank did not send back,
/// given so near to the day `on` that it could be taken for both. They are looked for among those of these days: there
/// are few by such modes, and nobody takes one that is older than a bank allows.
pub async fn by_same_instrument(tx: &mut Tx, instrument: &Instrument, on: Day, but: &str) -> Result<Vec<String>> {
    let days = limits::INSTRUMENT_DAYS;
    // As it is written in a receipt, up to the day on it.
    let written = serde_json::json!([instrument.number, instrument.bank]).to_string();
    let written = format!("%\"instrument\":{},%", written.trim_end_matches(']'));
    let sql = format!(
        "{KEPT} and on_day >= $2 and on_day <= $3 and status = 'valid' and number <> $4 \
         and (mode like '%cheque%' or mode like '%dd%') and body like $5 order by number"
    );
    let rows = tx.fetch(sql, vals![add_days(on, -days), add_days(on, days), but, written]).await?;
    let kept: Vec<Kept> = rows.iter().map(read).collect::<Result<_>>()?;
    let pays = |receipt: &Receipt| {
        let mut written = receipt.standing().filter_map(|(_, part)| part.instrument.as_ref());
        written.any(|other| other.is_same(instrument))
    };
    Ok(kept.into_iter().filter(|kept| pays(&kept.receipt)).map(|kept| kept.receipt.number).collect())
}

/// Counts a printing; how often it has been printed now. The second and later ones are duplicates.
pub async fn printed(tx: &mut Tx, number: &str) -> Result<Option<i64>> {
    let sql = "update receipts set printed = printed + 1 where tenant = $1 and number = $2 returning printed";
    tx.first(sql, vals![number]).await?.map(|row| row.int(0)).transpose()
}

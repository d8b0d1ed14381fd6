//! What ought to be in a till is what came, and what was counted in it adds up.

use std::collections::BTreeMap;

use engine::billing::{Receipt, by_mode};
use engine::till;

use super::super::error::Result;
use super::super::json;
use super::super::tills::{self, Counted, Till, TillState};
use super::super::tx::Tx;
use super::chain::Told;
use super::{Finding, Gather};

/// By till, the receipts that were put in it.
type Put = BTreeMap<String, Vec<Receipt>>;

pub(super) async fn check(tx: &mut Tx, told: &Told, findings: &mut Vec<Finding>) -> Result<()> {
    let mut bad = Gather::new("tills", "tills");
    let mut put = put(tx, &mut bad).await?;
    let booked = booked(tx).await?;
    let mut of_tills = 0;
    tx.each(tills::select_all(), Vec::new(), |row| {
        match tills::read(row) {
            Ok(till) => {
                of_tills += usize::from(till.voucher.is_some());
                let receipts = put.remove(&till.number).unwrap_or_default();
                if let Some(what) = wrong(&till, &receipts, told, &booked) {
                    bad.add(&till.number, what);
                }
            }
            Err(error) => bad.add(row.text(0)?, error.to_string()),
        }
        Ok(())
    })
    .await?;
    for (till, receipts) in put {
        bad.add(till, format!("is not there, and {} receipts are in it", receipts.len()));
    }
    if of_tills != booked.len() {
        bad.add("", format!("{} vouchers are of tills, and {of_tills} tills have one", booked.len()));
    }
    bad.end(findings);
    Ok(())
}

/// The receipts of all tills. That what came by each mode makes what came in all was seen as each was read, and the
/// books hold that to its column.
async fn put(tx: &mut Tx, bad: &mut Gather) -> Result<Put> {
    let mut put = Put::new();
    let sql = "select till, number, body from receipts where tenant = $1 and till is not null order by till, number";
    tx.each(sql.to_owned(), Vec::new(), |row| {
        let (till, number) = (row.text(0)?, row.text(1)?);
        match json::parse(&row.text(2)?, "a receipt").and_then(|body| json::read_receipt(&body)) {
            Ok(receipt) => put.entry(till).or_default().push(receipt),
            Err(error) => bad.add(till, format!("the receipt {number}: {error}")),
        }
        Ok(())
    })
    .await?;
    Ok(put)
}

/// What was booked of tills: by voucher, the paise that moved.
async fn booked(tx: &mut Tx) -> Result<BTreeMap<String, i64>> {
    let mut booked = BTreeMap::new();
    let sql = "select v.number, cast(sum(case when l.amount_paise > 0 then l.amount_paise else 0 end) as bigint) from vouchers v \
               join lines l on l.tenant = v.tenant and l.voucher = v.number where v.tenant = $1 and v.kind = 'cash_difference' group by v.number";
    tx.each(sql.to_owned(), Vec::new(), |row| {
        booked.insert(row.text(0)?, row.int(1)?);
        Ok(())
    })
    .await?;
    Ok(booked)
}

fn wrong(till: &Till, receipts: &[Receipt], told: &Told, booked: &BTreeMap<String, i64>) -> Option<String> {
    for receipt in receipts.iter().map(|receipt| &receipt.number) {
        match told.tilled.get(receipt) {
            Some((number, person)) if *number == till.number && *person == till.person => {}
            _ => return Some(format!("no event put the receipt {receipt} into it by whose till it is")),
        }
    }
    let Some(counted) = &till.counted else { return None };
    wrong_count(till, counted, receipts, told).or_else(|| {
        let difference = counted.cash_difference().paise().abs();
        let voucher = till.voucher.as_ref()?;
        let moved = booked.get(voucher).copied().unwrap_or(0);
        (moved != difference).then(|| format!("{difference} paise differ, and {voucher} books {moved}"))
    })
}

/// Whether what ought to be there is the sum of the receipts that stood when it was counted, and whether
/// what was counted adds up.
fn wrong_count(till: &Till, counted: &Counted, receipts: &[Receipt], told: &Told) -> Option<String> {
    let Some((event, actor)) = told.counted.get(&till.number) else { return Some("no event counted it".to_owned()) };
    let whoever = counted.instead.as_ref().map_or(&till.person, |instead| &instead.person);
    if actor != whoever {
        return Some(format!("{whoever} is said to have counted it, and {actor} did"));
    }
    if till.decided.as_ref().is_some_and(|(person, _)| till.state == TillState::Closed && person == whoever) {
        return Some(format!("{whoever} counted it, and confirmed the own count"));
    }
    let stood = |receipt: &String| told.taken_back.get(receipt).is_none_or(|taken_back| taken_back > event);
    let taken = receipts.iter().filter(|receipt| stood(&receipt.number));
    let parts = taken.flat_map(|receipt| {
        let returned = |at: usize| told.returned.get(&(receipt.number.clone(), at));
        let parts = receipt.payment.parts.iter().enumerate();
        by_mode(parts.filter(|(at, _)| returned(*at).is_none_or(|seq| seq > event)).map(|(_, part)| part))
    });
    let expected = till::expected(till.float, parts);
    let reckoned = expected.and_then(|sums| till::counted(sums, &counted.count));
    match reckoned {
        Some(sums) if sums == counted.sums => None,
        Some(sums) => Some(format!("its receipts and its count say {sums:?}, it says {:?}", counted.sums)),
        None => Some("its sums are more than money can be".to_owned()),
    }
}

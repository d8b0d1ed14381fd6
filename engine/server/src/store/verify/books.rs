//! The books balance, and agree with demands and receipts.

use std::collections::{BTreeMap, BTreeSet};

use engine::base::Day;
use engine::billing::DemandStatus;

use super::super::db::{Row, vals};
use super::super::error::Result;
use super::super::tx::Tx;
use super::super::{collected, dcb, json};
use super::{Finding, Gather};

/// What was paid, by case, demand and head.
type Paid = BTreeMap<(String, u32, String), i64>;

pub(super) async fn check(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    check_vouchers(tx, findings).await?;
    let (mut paid, mut owed) = (Paid::new(), BTreeMap::new());
    check_demands(tx, &mut paid, &mut owed, findings).await?;
    check_receipts(tx, paid, findings).await?;
    let receivable = receivable(tx).await?;
    check_ledger(tx, owed, &receivable, findings).await?;
    check_register(tx, &receivable, findings).await?;
    check_collected(tx, findings).await
}

async fn check_vouchers(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let mut bad = Gather::new("books", "vouchers");
    let unbalanced = "select voucher, cast(sum(amount_paise) as bigint) from lines where tenant = $1 group by voucher \
                      having sum(amount_paise) <> 0 order by voucher";
    tx.each(unbalanced.to_owned(), Vec::new(), |row| {
        bad.add(row.text(0)?, format!("does not balance: {} paise are left over", row.int(1)?));
        Ok(())
    })
    .await?;
    let odd = "select number, 'has no lines' from vouchers v where tenant = $1 and not exists \
               (select 1 from lines l where l.tenant = v.tenant and l.voucher = v.number) \
               union all select voucher, 'has lines, but is not there' from lines l where tenant = $1 and not exists \
               (select 1 from vouchers v where v.tenant = l.tenant and v.number = l.voucher) \
               union all select number, 'was made by no event of its case' from vouchers v where tenant = $1 and not exists \
               (select 1 from events e where e.tenant = v.tenant and e.seq = v.event_seq and coalesce(e.case_id, '') = v.case_id) order by 1";
    tx.each(odd.to_owned(), Vec::new(), |row| {
        bad.add(row.text(0)?, row.text(1)?);
        Ok(())
    })
    .await?;
    check_closed(tx, &mut bad).await?;
    bad.end(findings);
    Ok(())
}

/// No voucher was recorded of a day that was closed when it was: what holds for it is what was last done about the
/// books before its event. Little is done about them, so that each voucher is looked at once.
async fn check_closed(tx: &mut Tx, bad: &mut Gather) -> Result<()> {
    let done = tx.fetch("select seq, closed_until from closings where tenant = $1 order by seq", Vec::new()).await?;
    let late = "select number from vouchers where tenant = $1 and event_seq > $2 and event_seq < $3 and on_day <= $4 \
                order by number";
    for (at, row) in done.iter().enumerate() {
        let (seq, until) = (row.int(0)?, row.text(1)?);
        let next = done.get(at + 1).map_or(Ok(i64::MAX), |next| next.int(0))?;
        tx.each(late.to_owned(), vals![seq, next, &until], |row| {
            bad.add(row.text(0)?, format!("was recorded after the books were closed up to {until}"));
            Ok(())
        })
        .await?;
    }
    Ok(())
}

async fn check_demands(
    tx: &mut Tx,
    paid: &mut Paid,
    owed: &mut BTreeMap<String, i64>,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let mut bad = Gather::new("books", "demands");
    let sql = "select case_id, seq, status, total_paise, paid_paise, body from demands where tenant = $1 order by case_id, seq";
    tx.each(sql.to_owned(), Vec::new(), |row| {
        let (case, seq) = (row.text(0)?, row.int(1)?);
        let key = format!("{case} {seq}");
        let demand = match json::parse(&row.text(5)?, "a demand").and_then(|body| json::read_demand(&body)) {
            Ok(demand) => demand,
            Err(error) => {
                bad.add(key, error.to_string());
                return Ok(());
            }
        };
        let columns = (seq, row.text(2)?, row.int(3)?, row.int(4)?);
        let body = (
            i64::from(demand.seq),
            json::status_word(demand.status).to_owned(),
            demand.total().paise(),
            demand.paid().paise(),
        );
        if columns != body {
            bad.add(&key, format!("its columns say {columns:?}, its lines {body:?}"));
        }
        *owed.entry(case.clone()).or_insert(0) += demand.owed().paise();
        if demand.status != DemandStatus::Cancelled {
            for line in &demand.lines {
                *paid.entry((case.clone(), demand.seq, line.head.to_string())).or_insert(0) += line.paid.paise();
            }
        }
        Ok(())
    })
    .await?;
    bad.end(findings);
    Ok(())
}

async fn check_receipts(tx: &mut Tx, mut paid: Paid, findings: &mut Vec<Finding>) -> Result<()> {
    let mut bad = Gather::new("books", "receipts");
    let sql = "select number, case_id, amount_paise, status, body from receipts where tenant = $1 order by number";
    tx.each(sql.to_owned(), Vec::new(), |row| {
        let (number, case) = (row.text(0)?, row.text(1)?);
        let receipt = match json::parse(&row.text(4)?, "a receipt").and_then(|body| json::read_receipt(&body)) {
            Ok(receipt) => receipt,
            Err(error) => {
                bad.add(number, error.to_string());
                return Ok(());
            }
        };
        let used: i64 = receipt.applied.iter().map(|(_, _, amount)| amount.paise()).sum::<i64>()
            + receipt.unapplied.paise()
            + receipt.refunded.paise();
        let in_all = row.int(2)?;
        if receipt.payment.amount.paise() != in_all || receipt.stands().paise() != used {
            bad.add(&number, format!("{in_all} paise came, {used} are accounted for"));
        }
        if receipt.cancelled != (row.text(3)? == "cancelled") {
            bad.add(&number, "its column and its body do not agree whether it is cancelled");
        }
        if !receipt.cancelled {
            for (demand, head, amount) in &receipt.applied {
                // A demand that was cancelled later is not in the list.
                if let Some(left) = paid.get_mut(&(case.clone(), *demand, head.to_string())) {
                    *left -= amount.paise();
                }
            }
        }
        Ok(())
    })
    .await?;
    bad.end(findings);
    let mut bad = Gather::new("books", "demands");
    for ((case, demand, head), left) in paid.into_iter().filter(|(_, left)| *left != 0) {
        bad.add(
            format!("{case} {demand}"),
            format!("{left} paise of `{head}` count as paid, but no receipt paid them"),
        );
    }
    bad.end(findings);
    Ok(())
}

/// The accounts of what is owed: those that demands debit and receipts credit.
async fn receivable(tx: &mut Tx) -> Result<BTreeSet<String>> {
    let accounts = "select distinct l.account from vouchers v join lines l on l.tenant = v.tenant and l.voucher = v.number \
                    where v.tenant = $1 and v.kind = 'demand' and l.amount_paise > 0 and exists (select 1 from vouchers r join lines m \
                    on m.tenant = r.tenant and m.voucher = r.number where r.tenant = v.tenant and r.kind = 'receipt' \
                    and r.case_id = v.case_id and m.account = l.account and m.amount_paise < 0)";
    let mut receivable = BTreeSet::new();
    tx.each(accounts.to_owned(), Vec::new(), |row| {
        receivable.insert(row.text(0)?);
        Ok(())
    })
    .await?;
    Ok(receivable)
}

/// The register of demand, collection and balance, which is reckoned from events, leaves of each service
/// what the ledger has on its accounts of what is owed.
async fn check_register(tx: &mut Tx, receivable: &BTreeSet<String>, findings: &mut Vec<Finding>) -> Result<()> {
    let span = dcb::Span { from: Day::MIN, until: Day::MAX, offset_minutes: 0 };
    let mut left: BTreeMap<String, i64> = BTreeMap::new();
    for ((service, ..), sums) in dcb::register(tx, None, span).await? {
        *left.entry(service).or_insert(0) += sums.balance().paise();
    }
    let sums = "select c.service, l.account, cast(sum(l.amount_paise) as bigint) from vouchers v \
                join lines l on l.tenant = v.tenant and l.voucher = v.number join cases c on c.tenant = v.tenant \
                and c.id = v.case_id where v.tenant = $1 group by c.service, l.account";
    let mut booked: BTreeMap<String, i64> = BTreeMap::new();
    tx.each(sums.to_owned(), Vec::new(), |row: &Row| {
        if receivable.contains(&row.text(1)?) {
            *booked.entry(row.text(0)?).or_insert(0) += row.int(2)?;
        }
        Ok(())
    })
    .await?;
    let mut bad = Gather::new("books", "lines");
    // A service none of whose accounts is known to hold what is owed has nothing to compare with.
    for (service, booked) in booked {
        let left = left.get(&service).copied().unwrap_or(0);
        if left != booked {
            let what = format!("{left} paise are left by demand, collection and balance, {booked} by the ledger");
            bad.add(service, what);
        }
    }
    bad.end(findings);
    Ok(())
}

/// What is kept of the money that came in is what the events say. The events are read once more for it than for the
/// register: that ends with the chain and has a line for each head of the cases that are there, this ends where the
/// figures do, event by event. One reading would have to know the inside of both, and hold neither to anything new.
async fn check_collected(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<()> {
    let mut bad = Gather::new("books", "collected");
    collected::wrong(tx, |event, what| bad.add(event.to_string(), what)).await?;
    bad.end(findings);
    Ok(())
}

/// What people owe by their demands is what they owe by the ledger, case by case.
async fn check_ledger(
    tx: &mut Tx,
    owed: BTreeMap<String, i64>,
    receivable: &BTreeSet<String>,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let mut booked: BTreeMap<String, i64> = BTreeMap::new();
    let sums = "select v.case_id, l.account, cast(sum(l.amount_paise) as bigint) from vouchers v join lines l \
                on l.tenant = v.tenant and l.voucher = v.number where v.tenant = $1 group by v.case_id, l.account";
    tx.each(sums.to_owned(), Vec::new(), |row: &Row| {
        if receivable.contains(&row.text(1)?) {
            *booked.entry(row.text(0)?).or_insert(0) += row.int(2)?;
        }
        Ok(())
    })
    .await?;
    let mut bad = Gather::new("books", "cases");
    // A case none of whose accounts is known to hold what is owed has nothing to compare with.
    for (case, booked) in booked {
        let owed = owed.get(&case).copied().unwrap_or(0);
        if owed != booked {
            bad.add(case, format!("{owed} paise are owed by its demands, {booked} by the ledger"));
        }
    }
    bad.end(findings);
    Ok(())
}

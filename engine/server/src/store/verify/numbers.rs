//! Every series runs from one to its last number, without gaps.

use std::collections::{BTreeMap, BTreeSet};

use super::super::error::Result;
use super::super::tx::Tx;
use super::chain::Told;
use super::{Finding, Gather};

/// Numbers in use, whatever they number.
const NUMBERS: &str = "select 'cases' as place, number from cases where tenant = $1 and number is not null \
                       union all select 'receipts', number from receipts where tenant = $1 \
                       union all select 'vouchers', number from vouchers where tenant = $1 \
                       union all select 'tills', number from tills where tenant = $1 \
                       union all select distinct 'records', number from records where tenant = $1";

pub(super) async fn check(tx: &mut Tx, told: &Told, findings: &mut Vec<Finding>) -> Result<()> {
    let mut series: BTreeMap<String, (u64, BTreeSet<u64>)> = BTreeMap::new();
    tx.each("select series, last from serials where tenant = $1".to_owned(), Vec::new(), |row| {
        series.insert(row.text(0)?, (row.int(1)?.unsigned_abs(), BTreeSet::new()));
        Ok(())
    })
    .await?;
    let mut bad = Gather::new("numbers", "serials");
    tx.each(NUMBERS.to_owned(), Vec::new(), |row| {
        let number = row.text(1)?;
        if told.taken.contains(&number) && row.text(0)? == "records" {
            return Ok(());
        }
        match splits(&number).find(|(name, _)| series.contains_key(name)) {
            None => bad.add(&number, format!("this number of `{}` belongs to no series", row.text(0)?)),
            Some((name, serial)) => {
                let (_, used) = series.get_mut(&name).expect("just found");
                if !used.insert(serial) {
                    bad.add(&number, "this number was given twice");
                }
            }
        }
        Ok(())
    })
    .await?;
    for (name, (last, used)) in &series {
        let count = u64::try_from(used.len()).unwrap_or(u64::MAX);
        if count == *last && used.last().copied().unwrap_or(0) == *last {
            continue;
        }
        let gap = (1..=*last).find(|serial| !used.contains(serial));
        match gap {
            Some(serial) => bad.add(name, format!("number {serial} of {last} is missing")),
            None => {
                bad.add(
                    name,
                    format!("the last number is {last}, but {} is in use", used.last().copied().unwrap_or(0)),
                );
            }
        }
    }
    bad.end(findings);
    Ok(())
}

/// Every way to take digits of a number for its serial: the series it would belong to, and the serial.
/// Serials are nearly always the last digits, so those come first.
pub fn splits(number: &str) -> impl Iterator<Item = (String, u64)> + '_ {
    let digit = |at: usize| number.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    (1..=number.len()).rev().filter(move |end| digit(end - 1)).flat_map(move |end| {
        let start = (0..end).rev().find(|at| !digit(*at)).map_or(0, |at| at + 1);
        (start..end).filter_map(move |start| {
            let serial = number.get(start..end)?.parse().ok()?;
            Some((format!("{}#{}", number.get(..start)?, number.get(end..)?), serial))
        })
    })
}

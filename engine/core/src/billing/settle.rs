//! Dividing money over what is owed.

use super::{Demand, DemandStatus, Receipt, Settle};
use crate::base::{Money, Name};

/// What a payment settled: demand, head, amount with the sign of the head.
pub(super) type Applied = Vec<(u32, Name, Money)>;

/// Divides `amount` over the open demands, the oldest first; returns what it settled and what no
/// demand was waiting for. Within a demand, heads that lower the bill are settled first, in full,
/// and add to the money at hand; then the others, in the order that `how` says. A demand that no
/// money reaches is not touched, its rebates neither.
pub fn settle(demands: &mut [Demand], amount: Money, how: Settle) -> (Applied, Money) {
    let (mut applied, mut left) = (Vec::new(), amount);
    let mut order: Vec<usize> = (0..demands.len()).filter(|i| demands[*i].status == DemandStatus::Open).collect();
    order.sort_by_key(|i| demands[*i].age());
    for index in order {
        if left.is_zero() {
            break;
        }
        let demand = &mut demands[index];
        for line in line_order(demand, how) {
            let open = demand.lines[line].amount - demand.lines[line].paid;
            let part = if open.is_negative() { open } else { open.min(left) };
            if part.is_zero() {
                continue;
            }
            demand.lines[line].paid = demand.lines[line].paid + part;
            left = left - part;
            applied.push((demand.seq, demand.lines[line].head.clone(), part));
        }
        close_if_settled(demand);
    }
    (applied, left)
}

/// Takes back what a receipt settled; the demands are open again.
pub fn unsettle(demands: &mut [Demand], applied: &[(u32, Name, Money)]) {
    for (seq, head, amount) in applied {
        let Some(demand) = demands.iter_mut().find(|demand| demand.seq == *seq) else { continue };
        if let Some(line) = demand.lines.iter_mut().find(|line| line.head == *head) {
            line.paid = line.paid - *amount;
        }
        if demand.status == DemandStatus::Settled {
            demand.status = DemandStatus::Open;
        }
    }
}

/// Divides what receipts gave for a demand over its lines anew, in the order in which they came; returns
/// what is too much now. It waits with the receipts that brought it.
pub fn settle_anew(demand: &mut Demand, receipts: &mut [Receipt], how: Settle) -> Money {
    let mut freed = Money::ZERO;
    demand.lines.iter_mut().for_each(|line| line.paid = Money::ZERO);
    if demand.status == DemandStatus::Settled {
        demand.status = DemandStatus::Open;
    }
    for receipt in receipts.iter_mut().filter(|receipt| !receipt.cancelled) {
        let of_demand = |(seq, ..): &&(u32, Name, Money)| *seq == demand.seq;
        let gave: Money = receipt.applied.iter().filter(of_demand).map(|(.., amount)| *amount).sum();
        receipt.applied.retain(|(seq, ..)| *seq != demand.seq);
        let (applied, left) = settle(std::slice::from_mut(demand), gave, how);
        receipt.applied.extend(applied);
        receipt.unapplied = receipt.unapplied + left;
        freed = freed + left;
    }
    close_if_settled(demand);
    freed
}

/// Closes a demand on which nothing is owed. A demand of nothing is closed at once.
pub fn close_if_settled(demand: &mut Demand) {
    if demand.status == DemandStatus::Open && demand.total() == demand.paid() {
        demand.status = DemandStatus::Settled;
    }
}

fn line_order(demand: &Demand, how: Settle) -> Vec<usize> {
    let mut order: Vec<usize> = (0..demand.lines.len()).collect();
    let negative_first = |i: &usize| !demand.lines[*i].amount.is_negative();
    match how {
        Settle::PrintedOrder => order.sort_by_key(|i| (negative_first(i), *i)),
        Settle::SmallestFirst => order.sort_by_key(|i| (demand.lines[*i].amount, *i)),
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::date::parse_day;
    use crate::billing::DemandLine;
    use crate::fees::Steps;
    use proptest::prelude::*;

    fn demand(seq: u32, day: &str, heads: &[(&str, i64)]) -> Demand {
        let lines = heads.iter().map(|(head, rupees)| DemandLine {
            head: Name::new(head),
            amount: Money::from_paise(rupees * 100).unwrap(),
            paid: Money::ZERO,
        });
        Demand {
            seq,
            raised_on: parse_day(day).unwrap(),
            due_on: parse_day(day).unwrap(),
            period: None,
            opening: false,
            lines: lines.collect(),
            status: DemandStatus::Open,
            steps: Steps::default(),
            rates_from: parse_day(day).unwrap(),
            authority: String::new(),
            notes: Vec::new(),
            answers: None,
        }
    }

    fn check(demands: &mut [Demand], rupees: i64, how: Settle, expected: &[(u32, &str, i64)], left: i64) {
        let (applied, rest) = settle(demands, Money::from_paise(rupees * 100).unwrap(), how);
        let applied: Vec<_> =
            applied.iter().map(|(seq, head, amount)| (*seq, head.as_str(), amount.paise() / 100)).collect();
        assert_eq!(applied, expected);
        assert_eq!(rest.paise() / 100, left);
    }

    #[test]
    fn smallest_first_is_what_the_older_platform_does() {
        let mut one = [demand(1, "2022-04-01", &[("tax", 1440), ("cleanliness", 144), ("rebate", -288)])];
        check(
            &mut one,
            1296,
            Settle::SmallestFirst,
            &[(1, "rebate", -288), (1, "cleanliness", 144), (1, "tax", 1440)],
            0,
        );
        assert_eq!(one[0].status, DemandStatus::Settled);
        let mut two =
            [demand(1, "2021-04-01", &[("tax", 1000), ("interest", 120)]), demand(2, "2022-04-01", &[("tax", 1000)])];
        check(&mut two, 1500, Settle::SmallestFirst, &[(1, "interest", 120), (1, "tax", 1000), (2, "tax", 380)], 0);
    }

    #[test]
    fn a_year_that_no_money_reaches_keeps_its_rebate() {
        let mut years =
            [demand(1, "2021-04-01", &[("tax", 1000)]), demand(2, "2022-04-01", &[("tax", 1000), ("rebate", -100)])];
        check(&mut years, 1000, Settle::SmallestFirst, &[(1, "tax", 1000)], 0);
        assert_eq!(years[1].owed().paise(), 90_000);
    }

    #[test]
    fn pay_05_what_is_left_over_is_returned() {
        let mut one = [demand(1, "2022-04-01", &[("tax", 1000), ("interest", 120)])];
        check(&mut one, 1500, Settle::PrintedOrder, &[(1, "tax", 1000), (1, "interest", 120)], 380);
    }

    #[test]
    fn what_lowers_a_bill_is_settled_first_wherever_it_is_printed() {
        let mut one = [demand(1, "2022-04-01", &[("tax", 1440), ("cleanliness", 144), ("rebate", -288)])];
        let expected = [(1, "rebate", -288), (1, "tax", 1440), (1, "cleanliness", 144)];
        check(&mut one, 1296, Settle::PrintedOrder, &expected, 0);
    }

    #[test]
    fn pay_09_a_demand_of_nothing_is_closed_without_money() {
        let mut one = [demand(1, "2022-04-01", &[("tax", 500), ("exemption", -500)])];
        close_if_settled(&mut one[0]);
        assert_eq!(one[0].status, DemandStatus::Settled);
        check(&mut one, 80, Settle::SmallestFirst, &[], 80);
    }

    /// Demands with a few heads each, none of them below nothing in all.
    fn demands() -> impl Strategy<Value = Vec<Demand>> {
        let heads = || (0..3_000_i64, 0..3_000_i64, 0..3_000_i64, 0..100_i64);
        prop::collection::vec(heads(), 1..5).prop_map(|all| {
            let one = |(seq, (tax, charge, interest, lowered)): (u32, (i64, i64, i64, i64))| {
                let rebate = -(tax + charge + interest) * lowered / 100;
                let heads = [("tax", tax), ("charge", charge), ("rebate", rebate), ("interest", interest)];
                let mut demand = demand(seq, &format!("{}-04-01", 2015 + seq), &heads);
                close_if_settled(&mut demand);
                demand
            };
            (1..).zip(all).map(one).collect()
        })
    }

    proptest! {
        #[test]
        fn pay_10_no_head_takes_more_than_it_is_and_nothing_is_lost(
            demands in demands(), amount in 0..20_000_i64, printed in any::<bool>(),
        ) {
            let how = if printed { Settle::PrintedOrder } else { Settle::SmallestFirst };
            let amount = Money::from_paise(amount * 100).unwrap();
            let owed: Money = demands.iter().map(Demand::owed).sum();
            let mut after = demands.clone();
            let (applied, left) = settle(&mut after, amount, how);
            prop_assert_eq!(applied.iter().map(|(.., part)| *part).sum::<Money>() + left, amount);
            for line in after.iter().flat_map(|demand| &demand.lines) {
                let whole = line.paid == Money::ZERO || line.paid == line.amount;
                let within = !line.paid.is_negative() && line.paid <= line.amount;
                prop_assert!(if line.amount.is_negative() { whole } else { within }, "{:?}", line);
            }
            if amount >= owed {
                prop_assert_eq!(left, amount - owed);
                prop_assert!(after.iter().all(|demand| demand.status == DemandStatus::Settled));
                let open = after.iter().zip(&demands).filter(|(_, before)| before.status == DemandStatus::Open);
                prop_assert!(open.flat_map(|(now, _)| &now.lines).all(|line| line.paid == line.amount));
            }
            unsettle(&mut after, &applied);
            let paid: Money = after.iter().map(Demand::paid).sum();
            prop_assert_eq!(paid, Money::ZERO, "what is taken back is owed again");
        }
    }
}

//! Charges of the day of payment: shown on every bill, fixed when money comes, and taken back with
//! the receipt that fixed them, so that they are found anew when money comes again.

use super::Case;
use super::effect::{Draft, failed, not_computed};
use super::money::{owed, parts};
use super::refusal::Refusal;
use crate::base::{Answers, Day, Money, Name};
use crate::billing::{
    Bill, BillPart, Billing, Charged, Demand, DemandLine, DemandNote, DemandStatus, NoteKind, Receipt, settle_anew,
};
use crate::fees::{self, Charges, Fees, Step, Steps};
use crate::form;
use crate::ledger::{Line, VoucherKind, reversed};
use crate::rule::Facts;
use crate::service::Service;

/// Adds the charges of the day to the open demands that the money reaches, the oldest first, and
/// posts them. A rebate is given only if the money settles the whole of its demand, and what rounded the sum with it
/// goes with it. If a rule fails, nothing is added.
pub(super) fn fix(draft: &mut Draft<'_>, billing: &Billing, on: Day, paid: Money) -> Result<Vec<Charged>, Refusal> {
    let found = reached(draft.service, &draft.case, on, paid)?;
    let mut fixed = Vec::with_capacity(found.len());
    for (at, Charges { heads, steps }) in found {
        let demand = &mut draft.case.demands[at];
        for (head, amount) in &heads {
            add(demand, billing, head, *amount);
        }
        demand.steps.add(&steps);
        fixed.push(Charged { demand: demand.seq, on, heads, steps: steps.into() });
    }
    let postings = draft.service.postings.as_ref().expect("checked: billing comes with postings");
    let lines: Vec<Line> = fixed.iter().flat_map(|charged| postings.demand_lines(&charged.heads)).collect();
    draft.post(VoucherKind::Charge, &lines);
    Ok(fixed)
}

/// The charges of the day of the open demands that the money reaches, each with the place of its demand. Which head
/// rounds, where the rules do it themselves, only `billing.yaml` can say: to the engine it is one like any other.
fn reached(service: &Service, case: &Case, on: Day, paid: Money) -> Result<Vec<(usize, Charges)>, Refusal> {
    let (mut left, mut found) = (paid, Vec::new());
    for at in open_demands(case) {
        if left.paise() <= 0 {
            break;
        }
        let Charges { mut heads, mut steps } = of_day(service, case, &case.demands[at], on)?;
        let sum = |heads: &[(Name, Money)]| heads.iter().map(|(_, amount)| *amount).sum::<Money>();
        let owed = case.demands[at].owed();
        if left < owed + sum(&heads) {
            let only_whole = only_whole(service, &heads);
            heads.retain(|(head, _)| !only_whole.contains(head));
            steps.retain(|step| !only_whole.iter().any(|head| step.name == head.as_str()));
        }
        left = left - (owed + sum(&heads));
        if !heads.is_empty() {
            found.push((at, Charges { heads, steps }));
        }
    }
    Ok(found)
}

/// The heads among charges of the day that are only for whoever settles the whole: what lowers the bill, and with a
/// rebate what rounded the sum.
fn only_whole(service: &Service, heads: &[(Name, Money)]) -> Vec<Name> {
    let rounds = service.billing.as_ref().and_then(|billing| billing.round_off.as_ref());
    let rebate = heads.iter().any(|(head, amount)| amount.is_negative() && Some(head) != rounds);
    let goes = |(head, amount): &&(Name, Money)| amount.is_negative() || (rebate && Some(head) == rounds);
    heads.iter().filter(goes).map(|(head, _)| head.clone()).collect()
}

/// Which of the charges that a receipt fixed stand and which go, if only `stands` of its money is left and nothing is
/// settled with that yet. Where it still reaches a demand they stand, since the demand counts as reckoned until that
/// day; but what is only for whoever settles the whole goes where it does not any more. Of a demand that it does not
/// reach all go: they are found anew. Those of a demand that is not open any more stay with it.
pub(super) fn that_stand(
    service: &Service,
    case: &Case,
    charged: &[Charged],
    stands: Money,
) -> (Vec<Charged>, Vec<Charged>) {
    let open = open_demands(case);
    let is_open = |seq: u32| open.iter().any(|at| case.demands[*at].seq == seq);
    let mut stay: Vec<Charged> = charged.iter().filter(|one| !is_open(one.demand)).cloned().collect();
    let (mut left, mut gone) = (stands, Vec::new());
    for demand in open.iter().map(|at| &case.demands[*at]) {
        let own = charged.iter().find(|one| one.demand == demand.seq);
        let heads = own.map_or(&[][..], |own| own.heads.as_slice());
        let sum = |heads: &[(Name, Money)]| heads.iter().map(|(_, amount)| *amount).sum::<Money>();
        let goes: Vec<Name> = if left.paise() <= 0 {
            heads.iter().map(|(head, _)| head.clone()).collect()
        } else if left < demand.owed() {
            only_whole(service, heads)
        } else {
            Vec::new()
        };
        let Some(own) = own else {
            left = left - demand.owed();
            continue;
        };
        let (lost, kept) = parted(own, &goes);
        left = left - (demand.owed() - sum(&lost.heads));
        gone.extend(Some(lost).filter(|lost| !lost.heads.is_empty()));
        stay.extend(Some(kept).filter(|kept| !kept.heads.is_empty()));
    }
    (stay, gone)
}

/// Charges parted into those under these heads and the others, each with its steps.
fn parted(charged: &Charged, heads: &[Name]) -> (Charged, Charged) {
    let all = charged.heads.iter().all(|(head, _)| heads.contains(head));
    let is_among = |step: &Step| all || heads.iter().any(|head| step.name == head.as_str());
    let of = |among: bool| {
        let steps: Vec<Step> = charged.steps.iter().filter(|step| is_among(step) == among).cloned().collect();
        let heads = charged.heads.iter().filter(|(head, _)| heads.contains(head) == among).cloned().collect();
        Charged { demand: charged.demand, on: charged.on, heads, steps: steps.into() }
    };
    (of(true), of(false))
}

/// The places of the open demands, the oldest first.
fn open_demands(case: &Case) -> Vec<usize> {
    let mut open: Vec<usize> =
        (0..case.demands.len()).filter(|at| case.demands[*at].status == DemandStatus::Open).collect();
    open.sort_by_key(|at| case.demands[*at].age());
    open
}

/// Takes back what a receipt fixed, and lets go of money that other receipts gave for it. What
/// moves in the books for it. A demand that was taken back took its charges with it.
pub(super) fn take_back(draft: &mut Draft<'_>, billing: &Billing, charged: &[Charged]) -> Vec<Line> {
    let postings = draft.service.postings.as_ref().expect("checked: billing comes with postings");
    let mut lines = Vec::new();
    let live = |demand: &&mut Demand| demand.status != DemandStatus::Cancelled;
    for charged in charged {
        let Some(demand) = draft.case.demands.iter_mut().filter(live).find(|demand| demand.seq == charged.demand)
        else {
            continue;
        };
        for (head, amount) in &charged.heads {
            add(demand, billing, head, -*amount);
        }
        for step in &charged.steps {
            demand.steps.take_back(step);
        }
        lines.extend(reversed(&postings.demand_lines(&charged.heads)));
    }
    let mut freed = free(&mut draft.case);
    for charged in charged {
        let (heads, more) = leave_nothing(draft, billing, charged.demand);
        freed = freed + more;
        lines.extend(postings.demand_lines(&heads));
    }
    lines.extend(postings.waiting_lines(freed));
    drop_empty(&mut draft.case);
    lines
}

/// No bill is less than nothing: what was given back of charges that are gone now is given back no more. It is noted as
/// an amendment, since the rules have assessed nothing else. What that adds, by head, and how much of what other
/// receipts gave waits for it.
fn leave_nothing(draft: &mut Draft<'_>, billing: &Billing, seq: u32) -> (Vec<(Name, Money)>, Money) {
    let of_it = |demand: &&mut Demand| demand.seq == seq && demand.status != DemandStatus::Cancelled;
    let found = draft.case.demands.iter_mut().find(of_it);
    let Some(demand) = found.filter(|demand| demand.total().is_negative()) else { return (Vec::new(), Money::ZERO) };
    let (mut missing, mut heads) = (-demand.total(), Vec::new());
    for line in demand.lines.iter_mut().rev().filter(|line| line.amount.is_negative()) {
        let part = missing.min(-line.amount);
        if !part.is_zero() {
            line.amount = line.amount + part;
            missing = missing - part;
            heads.push((line.head.clone(), part));
        }
    }
    let on = draft.context.now.day();
    demand.notes.push(DemandNote { kind: NoteKind::Amendment, on, heads: heads.clone(), steps: Steps::default() });
    let freed = settle_anew(demand, &mut draft.case.receipts, billing.settle);
    (heads, freed)
}

/// Drops lines of nothing that no receipt speaks of.
pub(super) fn drop_empty(case: &mut Case) {
    let receipts = case.receipts.iter().filter(|receipt| !receipt.cancelled);
    let settled: Vec<_> = receipts.flat_map(|receipt| &receipt.applied).map(|(seq, head, _)| (*seq, head)).collect();
    for demand in &mut case.demands {
        let seq = demand.seq;
        let empty = |line: &DemandLine| line.amount.is_zero() && line.paid.is_zero();
        demand.lines.retain(|line| !empty(line) || settled.contains(&(seq, &line.head)));
    }
}

/// Adds an amount to a head of a demand, which keeps the order of the bill.
pub(super) fn add(demand: &mut Demand, billing: &Billing, head: &Name, amount: Money) {
    match demand.lines.iter_mut().find(|line| line.head == *head) {
        Some(line) => line.amount = line.amount + amount,
        None => demand.lines.push(DemandLine { head: head.clone(), amount, paid: Money::ZERO }),
    }
    let order = |name: &Name| billing.heads.iter().position(|head| head.name == *name);
    demand.lines.sort_by_key(|line| order(&line.head));
}

/// Lets go of what was paid of a head beyond what is charged: it waits with the receipts that
/// brought it, the latest first. How much.
fn free(case: &mut Case) -> Money {
    let mut freed = Money::ZERO;
    for demand in case.demands.iter_mut().filter(|demand| demand.status != DemandStatus::Cancelled) {
        for line in &mut demand.lines {
            for receipt in case.receipts.iter_mut().rev().filter(|receipt| !receipt.cancelled) {
                let over = line.paid - line.amount;
                if over.paise() <= 0 || line.amount.is_negative() {
                    break;
                }
                for (_, _, amount) in receipt
                    .applied
                    .iter_mut()
                    .filter(|(seq, head, amount)| *seq == demand.seq && *head == line.head && !amount.is_negative())
                {
                    let part = Money::min(*amount, line.paid - line.amount);
                    *amount = *amount - part;
                    line.paid = line.paid - part;
                    receipt.unapplied = receipt.unapplied + part;
                    freed = freed + part;
                }
                receipt.applied.retain(|(.., amount)| !amount.is_zero());
            }
        }
    }
    freed
}

/// A demand as rules see it on a day. What the day charges was reckoned until the day of the last receipt
/// that gave something for it, on what was unpaid then.
pub(super) fn facts(case: &Case, demand: &Demand, day: Day) -> Facts {
    let lines: Vec<_> = demand
        .lines
        .iter()
        .map(|line| (line.head.clone(), line.amount.rupees(), (line.amount - line.paid).rupees()))
        .collect();
    let period = demand.period.map(|period| (period.from, period.until));
    let live = case.receipts.iter().filter(|receipt| !receipt.cancelled);
    let gave = live.filter(|receipt| receipt.gave_for(demand.seq));
    let on = |receipt: &Receipt| {
        receipt.charged.iter().find(|charged| charged.demand == demand.seq).map_or(receipt.on, |charged| charged.on)
    };
    let reckoned_from = gave.map(on).max().unwrap_or_else(|| demand.age().0);
    fees::demand_facts(&lines, (demand.raised_on, demand.due_on), period, (reckoned_from, day))
}

/// The answers that charges of the day look at, to be kept with a demand that is assessed now: what is
/// answered otherwise later changes no bill until it is assessed anew.
pub(super) fn looked_at(draft: &Draft<'_>) -> Result<Option<Answers>, Refusal> {
    let (fees, _) = parts(draft.service)?;
    let Some(reads) = &fees.script.payment_reads else { return Ok(None) };
    let read = draft.case.answers.0.iter().filter(|(name, _)| reads.contains(name.as_str()));
    Ok(Some(Answers(read.map(|(name, value)| (name.clone(), value.clone())).collect())))
}

/// The answers that charges of the day look at, as the rules see them. What was taken over kept none: of it
/// those of the case hold.
fn answers(service: &Service, case: &Case, demand: &Demand, fees: &Fees) -> Facts {
    let Some(reads) = &fees.script.payment_reads else { return Facts::default() };
    let kept = demand.answers.as_ref().unwrap_or(&case.answers);
    form::facts_among(&service.form, kept, |name| reads.contains(name))
}

/// What `charges` become if they are paid on the day on which they are raised, where the rules look at `answers`
/// on the day of payment: whoever asks what it costs is told what they say of today. The same elsewhere, and
/// where the rule gives nothing.
pub fn paid_at_once(service: &Service, charges: Charges, answers: &Facts, day: Day) -> Charges {
    let Some(added) = added_at_once(service, &charges, answers, day) else { return charges };
    let Charges { heads, mut steps } = charges;
    let mut heads = summed(heads.into_iter().chain(added.heads));
    let order = |name: &Name| {
        service.billing.as_ref().and_then(|billing| billing.heads.iter().position(|head| head.name == *name))
    };
    heads.sort_by_key(|(name, _)| order(name));
    steps.extend(added.steps);
    Charges { heads, steps }
}

fn added_at_once(service: &Service, charges: &Charges, answers: &Facts, day: Day) -> Option<Charges> {
    let (fees, billing) = parts(service).ok()?;
    fees.script.payment_reads.as_ref()?;
    let heads: Vec<Name> = billing.heads.iter().map(|head| head.name.clone()).collect();
    let owed: Vec<_> =
        charges.heads.iter().map(|(head, amount)| (head.clone(), amount.rupees(), amount.rupees())).collect();
    let demand = fees::demand_facts(&owed, (day, day), None, (day, day));
    let assessed = fees::assess_on_payment(fees, answers, &demand, day, day, &service.lists, &heads).ok()?;
    billing.charges_unrounded_total(&assessed.heads, assessed.steps).ok()
}

/// The charges that apply on `day` to an open demand, without those that a receipt of that day has
/// fixed.
fn of_day(service: &Service, case: &Case, demand: &Demand, day: Day) -> Result<Charges, Refusal> {
    let (fees, billing) = parts(service)?;
    if !fees.script.has_on_payment {
        return Ok(Charges::default());
    }
    let heads: Vec<Name> = billing.heads.iter().map(|head| head.name.clone()).collect();
    let (answers, facts) = (answers(service, case, demand, fees), facts(case, demand, day));
    let assessed = fees::assess_on_payment(fees, &answers, &facts, day, day, &service.lists, &heads)
        .map_err(|failed| not_computed(service, failed))?;
    let mut charges = billing.charges_unrounded_total(&assessed.heads, assessed.steps).map_err(failed)?;
    let live = case.receipts.iter().filter(|receipt| !receipt.cancelled);
    let fixed = live.flat_map(|receipt| &receipt.charged);
    for (head, _) in fixed.filter(|fixed| fixed.demand == demand.seq && fixed.on == day).flat_map(|fixed| &fixed.heads)
    {
        charges.heads.retain(|(known, _)| known != head);
        charges.steps.retain(|step| step.name != head.as_str());
    }
    Ok(charges)
}

/// What is due on a day: open demands, each with the charges of that day. A view.
pub fn bill(service: &Service, case: &Case, day: Day) -> Result<Bill, Refusal> {
    let (mut bill_parts, mut steps) = (Vec::new(), Steps::default());
    for at in open_demands(case) {
        let demand = &case.demands[at];
        let charges = of_day(service, case, demand, day)?;
        let owed = demand.lines.iter().map(|line| (line.head.clone(), line.amount - line.paid));
        let lines = summed(owed.chain(charges.heads.iter().cloned()));
        let mut part_steps = demand.steps.clone();
        part_steps.add(&charges.steps);
        if bill_parts.is_empty() {
            steps.clone_from(&part_steps);
        } else {
            steps.add(&part_steps);
        }
        bill_parts.push(BillPart {
            demand: demand.seq,
            period: demand.period,
            since: demand.age().0,
            due_on: demand.due_on,
            total: lines.iter().map(|(_, amount)| *amount).sum(),
            of_day: charges.heads,
            steps: part_steps,
            lines,
        });
    }
    let lines = summed(bill_parts.iter().flat_map(|part| part.lines.iter().cloned()));
    Ok(Bill {
        day,
        total: lines.iter().map(|(_, amount)| *amount).sum(),
        due_on: bill_parts.iter().map(|part| part.due_on).min(),
        parts: bill_parts,
        lines,
        steps,
    })
}

/// What is taken for a case on a day: all that is owed, with the charges of that day. What was demanded, where the
/// rules do not know the day.
pub fn owed_on(service: &Service, case: &Case, day: Day) -> Money {
    bill(service, case, day).map_or_else(|_| owed(case), |bill| bill.total)
}

/// The amounts by head, those of nothing left out.
pub(super) fn summed(amounts: impl Iterator<Item = (Name, Money)>) -> Vec<(Name, Money)> {
    let mut lines: Vec<(Name, Money)> = Vec::new();
    for (head, amount) in amounts {
        match lines.iter_mut().find(|(known, _)| *known == head) {
            Some((_, sum)) => *sum = *sum + amount,
            None => lines.push((head, amount)),
        }
    }
    lines.retain(|(_, amount)| !amount.is_zero());
    lines
}

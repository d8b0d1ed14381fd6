//! What changes a demand after it was raised: a new assessment, an amendment, a cheque that was not
//! honoured. The first assessment stays as it was; every difference is noted beside it.

use super::effect::{Draft, failed, not_computed};
use super::money::{self, Asked, draw_on_waiting_money, parts, remember_demands};
use super::refusal::Refusal;
use super::{Case, charge};
use crate::base::date::days_between;
use crate::base::{Money, Name, limits};
use crate::billing::{self, Billing, Demand, DemandNote, DemandStatus, Lowered, NoteKind, Receipt};
use crate::fees::{self, Charges};
use crate::ledger::VoucherKind;
use crate::workflow::ExcessEffect;

/// Assesses anew what was demanded last, of what comes round the present period: the difference is added
/// to the demand. Where nothing was demanded yet, the demand is raised. A case that follows its record
/// assesses every period that the change of the record reaches.
pub(super) fn revise(draft: &mut Draft<'_>, follows: bool) -> Result<(), Refusal> {
    parts(draft.service)?;
    let period = money::present_period(draft);
    let stands = |demand: &Demand| demand.status != DemandStatus::Cancelled && !demand.opening;
    let of_period = |demand: &Demand| demand.period == period;
    let since = draft.context.record.filter(|_| follows && period.is_some()).map(|record| record.from);
    let reached: Vec<usize> = if let Some(since) = since {
        let reaches = |demand: &Demand| demand.period.is_some_and(|period| period.until >= since) && stands(demand);
        (0..draft.case.demands.len()).filter(|at| reaches(&draft.case.demands[*at])).collect()
    } else {
        let last = draft.case.demands.iter().rposition(|demand| of_period(demand) && stands(demand));
        last.into_iter().collect()
    };
    if reached.is_empty() && !follows {
        return money::add(draft);
    }
    for at in reached {
        revise_one(draft, at)?;
    }
    remember_demands(draft);
    Ok(())
}

fn revise_one(draft: &mut Draft<'_>, at: usize) -> Result<(), Refusal> {
    let (_, billing) = parts(draft.service)?;
    let today = draft.context.now.day();
    let (charges, _) = money::assess(draft, Asked::again(&draft.case.demands[at], today))?;
    draft.case.demands[at].answers = charge::looked_at(draft)?;
    let demand = &draft.case.demands[at];
    let heads = difference(billing, &charges.heads, &assessed(&draft.case, demand));
    if heads.is_empty() {
        return Ok(());
    }
    let lower = sum(&heads).is_negative();
    let paid = draft.case.receipts.iter().any(|receipt| !receipt.cancelled && receipt.gave_for(demand.seq));
    match billing.lowered {
        Lowered::Never if lower => return Err(Refusal::MayNotBeLowered),
        Lowered::Unpaid if lower && paid => return Err(Refusal::MayNotBeLowered),
        _ => {}
    }
    join(draft, at, DemandNote { kind: NoteKind::Revision, on: today, heads, steps: charges.steps.into() })
}

/// Adds what `amend(answers, demand, rates)` gives to the newest demand on which something is owed. It
/// waits for the next demand if there is none.
pub(super) fn amend(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let (fees, billing) = parts(draft.service)?;
    let at = newest_open(&draft.case);
    let day = draft.context.now.day();
    let heads: Vec<Name> = billing.heads.iter().map(|head| head.name.clone()).collect();
    let demand = at.map_or_else(
        || fees::demand_facts(&[], (day, day), None, (day, day)),
        |at| charge::facts(&draft.case, &draft.case.demands[at], day),
    );
    let facts = draft.known().facts();
    let assessed = fees::assess_amendment(fees, &facts, &demand, day, &draft.service.lists, &heads)
        .map_err(|failed| not_computed(draft.service, failed))?;
    let Charges { heads, steps } = billing.charges_unrounded_total(&assessed.heads, assessed.steps).map_err(failed)?;
    let down = heads.iter().filter(|(_, amount)| amount.is_negative()).count();
    if heads.is_empty() || (down > 0 && down < heads.len()) {
        return Err(Refusal::NotAnAmount);
    }
    let note = DemandNote { kind: NoteKind::Amendment, on: day, heads, steps: steps.into() };
    match at {
        Some(at) => join(draft, at, note)?,
        None => draft.case.waiting.push(note),
    }
    remember_demands(draft);
    Ok(())
}

/// The bank did not honour what settled a demand: what `on_dishonour(demand, day, rates)` charges for it
/// is added to the oldest demand that is open again; or, where what stands of the money settles all, to the oldest that
/// it was given for: the bank charges for it all the same.
pub(super) fn dishonoured(draft: &mut Draft<'_>, receipt: &Receipt) -> Result<(), Refusal> {
    let (fees, billing) = parts(draft.service)?;
    let of_it = |status: DemandStatus| {
        let given = |demand: &Demand| demand.status == status && receipt.gave_for(demand.seq);
        draft.case.demands.iter().position(given)
    };
    let Some(at) = of_it(DemandStatus::Open).or_else(|| of_it(DemandStatus::Settled)) else { return Ok(()) };
    let day = draft.context.now.day();
    let heads: Vec<Name> = billing.heads.iter().map(|head| head.name.clone()).collect();
    let demand = charge::facts(&draft.case, &draft.case.demands[at], day);
    let assessed = fees::assess_on_dishonour(fees, &demand, day, &draft.service.lists, &heads)
        .map_err(|failed| not_computed(draft.service, failed))?;
    let Charges { heads, steps } = billing.charges_unrounded_total(&assessed.heads, assessed.steps).map_err(failed)?;
    if heads.is_empty() {
        return Ok(());
    }
    join(draft, at, DemandNote { kind: NoteKind::Dishonour, on: day, heads, steps: steps.into() })
}

/// Adds to a new demand what was decided while none was open.
pub(super) fn join_waiting(draft: &mut Draft<'_>, at: usize) -> Result<(), Refusal> {
    for note in std::mem::take(&mut draft.case.waiting) {
        // What would take off more than is charged waits on.
        if (draft.case.demands[at].total() + sum(&note.heads)).is_negative() {
            draft.case.waiting.push(note);
        } else {
            join(draft, at, note)?;
        }
    }
    Ok(())
}

/// Pays back what no demand was waiting for, or takes it to where another account finds it; but for cheques
/// that the bank may still send back.
pub(super) fn take_out(draft: &mut Draft<'_>, effect: ExcessEffect) -> Result<(), Refusal> {
    let (mut back, today) = (Money::ZERO, draft.context.now.day());
    let may_come_back =
        |receipt: &Receipt| !receipt.may_return().is_empty() && days_between(receipt.on, today) < limits::CLEARING_DAYS;
    let cleared = |receipt: &&mut Receipt| !receipt.cancelled && !may_come_back(receipt);
    for receipt in draft.case.receipts.iter_mut().filter(cleared) {
        back = back + receipt.unapplied;
        receipt.refunded = receipt.refunded + receipt.unapplied;
        receipt.unapplied = Money::ZERO;
    }
    let postings = draft.service.postings.as_ref().ok_or(Refusal::NothingToPay)?;
    if back.is_zero() {
        return Err(Refusal::NothingToRefund);
    }
    let (kind, lines) = match effect {
        ExcessEffect::Refund => (VoucherKind::Refund, postings.refund_lines(back)),
        ExcessEffect::SetOff => (VoucherKind::SetOff, postings.set_off_lines(back)),
    };
    draft.post(kind, &lines);
    Ok(())
}

/// Adds a note to a demand, and posts it. What was paid beyond what is charged now waits for another
/// demand; what waits is drawn on.
fn join(draft: &mut Draft<'_>, at: usize, note: DemandNote) -> Result<(), Refusal> {
    let (_, billing) = parts(draft.service)?;
    let due_on = billing.due_in.after_day(draft.context.now.day(), &draft.context.tenant.calendar);
    let demand = &mut draft.case.demands[at];
    for (head, amount) in &note.heads {
        charge::add(demand, billing, head, *amount);
    }
    if demand.total().is_negative() {
        return Err(failed("the bill would be less than nothing"));
    }
    if demand.status == DemandStatus::Settled && !sum(&note.heads).is_negative() {
        demand.due_on = due_on;
    }
    demand.steps.add(&note.steps);
    let kind = match note.kind {
        NoteKind::Revision => VoucherKind::Revision,
        NoteKind::Amendment | NoteKind::Dishonour => VoucherKind::Amendment,
    };
    let postings = draft.service.postings.as_ref().expect("checked: billing comes with postings");
    let mut lines = postings.demand_lines(&note.heads);
    demand.notes.push(note);
    let freed = billing::settle_anew(demand, &mut draft.case.receipts, billing.settle);
    charge::drop_empty(&mut draft.case);
    lines.extend(postings.waiting_lines(freed));
    draft.post(kind, &lines);
    draw_on_waiting_money(draft, billing);
    Ok(())
}

/// What was added to a demand since it was raised, by head: the charges of days of payment, and notes.
pub(super) fn added(case: &Case, demand: &Demand) -> Vec<(Name, Money)> {
    let live = case.receipts.iter().filter(|receipt| !receipt.cancelled);
    let charged = live.flat_map(|receipt| &receipt.charged).filter(|charged| charged.demand == demand.seq);
    let notes = demand.notes.iter().flat_map(|note| &note.heads);
    charge::summed(charged.flat_map(|charged| &charged.heads).chain(notes).cloned())
}

/// What was assessed of a demand until now, by head: neither charges of the day nor amendments.
fn assessed(case: &Case, demand: &Demand) -> Vec<(Name, Money)> {
    let revised = demand.notes.iter().filter(|note| note.kind == NoteKind::Revision).flat_map(|note| &note.heads);
    let lines = demand.lines.iter().map(|line| (line.head.clone(), line.amount));
    let added = added(case, demand).into_iter().map(|(head, amount)| (head, -amount));
    charge::summed(lines.chain(added).chain(revised.cloned()))
}

/// By head what is more, or less, in the order of the bill; never zero.
fn difference(billing: &Billing, new: &[(Name, Money)], old: &[(Name, Money)]) -> Vec<(Name, Money)> {
    let of = |heads: &[(Name, Money)], name: &Name| {
        heads.iter().filter(|(head, _)| head == name).map(|(_, amount)| *amount).sum::<Money>()
    };
    let changed = billing.heads.iter().map(|head| (head.name.clone(), of(new, &head.name) - of(old, &head.name)));
    changed.filter(|(_, amount)| !amount.is_zero()).collect()
}

/// The demand of the latest period on which something is owed.
fn newest_open(case: &Case) -> Option<usize> {
    let open = (0..case.demands.len()).filter(|at| case.demands[*at].status == DemandStatus::Open);
    open.max_by_key(|at| case.demands[*at].age())
}

fn sum(heads: &[(Name, Money)]) -> Money {
    heads.iter().map(|(_, amount)| *amount).sum()
}

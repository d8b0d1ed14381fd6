//! Money: demands raised and cancelled, payments received and taken back.

use super::command::ActorKind;
use super::effect::{Draft, failed, not_computed};
use super::outcome::Outcome;
use super::refusal::Refusal;
use super::{Case, charge, guard, note};
use crate::base::{Day, Money, Name, limits};
use crate::billing::{
    self, Billing, Demand, DemandLine, DemandStatus, InstrumentWrong, NoteKind, Part, PartPayment, Payment, Period,
    RatesOn, Receipt,
};
use crate::fees::{self, Charges};
use crate::ledger::{Line, VoucherKind, reversed};
use crate::service::Service;
use crate::workflow::{Once, State, Trigger};

/// Whether everything that was demanded is paid. What was taken back was not paid.
pub(super) fn is_paid(case: &Case) -> bool {
    let any = |status: DemandStatus| case.demands.iter().any(|demand| demand.status == status);
    any(DemandStatus::Settled) && !any(DemandStatus::Open)
}

/// What is owed in all.
pub(super) fn owed(case: &Case) -> Money {
    case.demands.iter().map(Demand::owed).sum()
}

/// Raises the demand in the place of what is open, which is cancelled first: of what comes round, only
/// what is open of the present period.
pub(super) fn raise(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    parts(draft.service)?;
    match present_period(draft) {
        Some(period) => cancel(draft, |demand| demand.period == Some(period)),
        None => cancel(draft, |_| true),
    }
    add(draft)
}

/// The period of today, where demands come round.
pub(super) fn present_period(draft: &Draft<'_>) -> Option<Period> {
    let opens = draft.service.opens.as_ref()?;
    Some(opens.every.period(draft.context.now.day(), &draft.context.tenant.calendar))
}

/// Raises a demand beside those that are there, and draws on money that waits. A demand that comes
/// round is for the period that began, and assessed as on a day of it however late that is.
pub(super) fn add(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let (_, billing) = parts(draft.service)?;
    let today = draft.context.now.day();
    let period = draft.period.or_else(|| present_period(draft));
    let (charges, (rates_from, authority)) = assess_now(draft, billing)?;
    let due_on = billing.due_in.after_day(today, &draft.context.tenant.calendar);
    let mut demand = Demand {
        seq: u32::try_from(draft.case.demands.len()).unwrap_or(u32::MAX - 1) + 1,
        raised_on: today,
        due_on,
        period,
        opening: false,
        lines: charges
            .heads
            .iter()
            .map(|(head, amount)| DemandLine { head: head.clone(), amount: *amount, paid: Money::ZERO })
            .collect(),
        status: DemandStatus::Open,
        steps: charges.steps.into(),
        rates_from,
        authority,
        notes: Vec::new(),
        answers: charge::looked_at(draft)?,
    };
    billing::close_if_settled(&mut demand);
    draft.case.demands.push(demand);
    let postings = draft.service.postings.as_ref().expect("checked: billing comes with postings");
    draft.post(VoucherKind::Demand, &postings.demand_lines(&charges.heads));
    note::join_waiting(draft, draft.case.demands.len() - 1)?;
    draw_on_waiting_money(draft, billing);
    remember_demands(draft);
    Ok(())
}

/// On which day is assessed, and with the rates of which.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) assessed_on: Day,
    pub(super) rates_of: Day,
    /// The period that the demand is for, where demands come round.
    pub(super) period: Option<Period>,
}

impl Asked {
    /// For a demand that is raised now.
    fn now(draft: &Draft<'_>, billing: &Billing) -> Self {
        let today = draft.context.now.day();
        let (assessed_on, rates_of) = match (billing.rates_on, draft.period) {
            (_, Some(period)) => (today.clamp(period.from, period.until), period.from),
            (RatesOn::Application, None) => {
                (today, draft.case.submitted_ms.map_or(today, |ms| draft.context.now.with_ms(ms).day()))
            }
            (RatesOn::Demand, None) => (today, today),
        };
        Self { assessed_on, rates_of, period: draft.period.or_else(|| present_period(draft)) }
    }

    /// For a demand that was raised before: with the schedule that was used then.
    pub(super) fn again(demand: &Demand, today: Day) -> Self {
        let assessed_on = demand.period.map_or(today, |period| today.clamp(period.from, period.until));
        Self { assessed_on, rates_of: demand.rates_from, period: demand.period }
    }
}

/// What the rules say is due, with the schedule it is from: its first day and who set it.
pub(super) fn assess(draft: &Draft<'_>, asked: Asked) -> Result<(Charges, (Day, String)), Refusal> {
    let (fees, billing) = parts(draft.service)?;
    let Asked { assessed_on, rates_of: day, period } = asked;
    let heads: Vec<Name> = billing.heads.iter().map(|head| head.name.clone()).collect();
    let facts = draft.known().facts_in(fees, period);
    let assessment = fees::assess(fees, &facts, assessed_on, day, &draft.service.lists, &heads)
        .map_err(|failed| not_computed(draft.service, failed))?;
    let charges = billing.charges(&assessment.heads, assessment.steps).map_err(failed)?;
    Ok((charges, (assessment.rates_from, assessment.authority)))
}

/// The same for a demand that is raised now. What is assessed anew is judged with what the day of payment has added
/// to the bill, or taken off: see [`note::revise`].
fn assess_now(draft: &Draft<'_>, billing: &Billing) -> Result<(Charges, (Day, String)), Refusal> {
    let (charges, schedule) = assess(draft, Asked::now(draft, billing))?;
    if charges.heads.iter().map(|(_, amount)| *amount).sum::<Money>().is_negative() {
        return Err(failed("the fee would be less than nothing"));
    }
    Ok((charges, schedule))
}

/// What would be charged in all if a demand were raised now.
pub(super) fn total_today(draft: &Draft<'_>) -> Result<Money, Refusal> {
    let (_, billing) = parts(draft.service)?;
    let (charges, _) = assess_now(draft, billing)?;
    Ok(charges.heads.iter().map(|(_, amount)| *amount).sum())
}

/// Cancels what is open, with a voucher the other way round. What was paid of it waits for the
/// next demand.
pub(super) fn cancel_demands(draft: &mut Draft<'_>) {
    cancel(draft, |_| true);
}

fn cancel(draft: &mut Draft<'_>, which: impl Fn(&Demand) -> bool) {
    let Some(postings) = &draft.service.postings else { return };
    let open: Vec<usize> = (0..draft.case.demands.len())
        .filter(|i| draft.case.demands[*i].status == DemandStatus::Open && which(&draft.case.demands[*i]))
        .collect();
    for index in open {
        let added = note::added(&draft.case, &draft.case.demands[index]);
        let demand = &mut draft.case.demands[index];
        demand.status = DemandStatus::Cancelled;
        let (seq, paid) = (demand.seq, demand.paid());
        let mut lines = reversed(&postings.demand_lines_of(demand, &added));
        // What was decided about the bill holds for the one that comes in its place.
        let decided = demand.notes.iter().filter(|note| note.kind != NoteKind::Revision);
        draft.case.waiting.extend(decided.cloned());
        demand.lines.iter_mut().for_each(|line| line.paid = Money::ZERO);
        lines.extend(postings.waiting_lines(paid));
        draft.post(VoucherKind::DemandCancelled, &lines);
        for receipt in draft.case.receipts.iter_mut().filter(|receipt| !receipt.cancelled) {
            let freed: Money =
                receipt.applied.iter().filter(|(demand, ..)| *demand == seq).map(|(.., amount)| *amount).sum();
            receipt.applied.retain(|(demand, ..)| *demand != seq);
            receipt.unapplied = receipt.unapplied + freed;
        }
    }
    remember_demands(draft);
}

/// Settles a new demand with money that came before and waits.
pub(super) fn draw_on_waiting_money(draft: &mut Draft<'_>, billing: &Billing) {
    let postings = draft.service.postings.as_ref().expect("checked: billing comes with postings");
    let mut moved = Money::ZERO;
    for receipt in draft.case.receipts.iter_mut().filter(|receipt| !receipt.cancelled && !receipt.unapplied.is_zero()) {
        let (applied, left) = billing::settle(&mut draft.case.demands, receipt.unapplied, billing.settle);
        moved = moved + (receipt.unapplied - left);
        receipt.unapplied = left;
        receipt.applied.extend(applied);
    }
    let lines = reversed(&postings.waiting_lines(moved));
    draft.post(VoucherKind::Receipt, &lines);
}

/// Money came. It is never refused from a gateway; over a counter the clerk must take the whole,
/// unless the definition allows a part, and then the least of it.
pub(super) fn receive(mut draft: Draft<'_>, state: &State, payment: &Payment) -> Result<Outcome, Refusal> {
    let (_, billing) = parts(draft.service)?;
    if matches!(draft.actor.kind, ActorKind::Citizen | ActorKind::Counter) {
        return Err(Refusal::NotYourRole);
    }
    if draft.actor.kind == ActorKind::Employee {
        draft.event.role = Some(guard::holds(&draft, &billing.collects)?);
    }
    if !payment.adds_up() {
        return Err(Refusal::NotAnAmount);
    }
    if draft.actor.kind == ActorKind::Employee {
        let today = draft.context.now.day();
        payment.parts.iter().try_for_each(|part| written_down(part, today))?;
        if !payment.parts.iter().all(|part| billing.takes(&part.mode)) {
            return Err(Refusal::UnknownMode);
        }
    }
    let came = accounts(&draft, &payment.parts)?;
    let begun = draft.context.now.with_ms(payment.begun_ms).day();
    let over_counter = draft.actor.kind == ActorKind::Employee;
    let till = if over_counter { till(&draft)? } else { None };
    let charged = match charge::fix(&mut draft, billing, begun, payment.amount) {
        Ok(charged) => charged,
        // A rule that fails holds up a clerk, who can ask; money that is here is kept without it.
        Err(refusal) if over_counter => return Err(refusal),
        Err(_) => Vec::new(),
    };
    if over_counter {
        is_taken(&draft, billing, begun, payment.amount)?;
    }
    let (applied, unapplied) = billing::settle(&mut draft.case.demands, payment.amount, billing.settle);
    let postings = draft.service.postings.as_ref().expect("checked: billing comes with postings");
    draft.post(VoucherKind::Receipt, &postings.receipt_lines(&came, unapplied));
    let number = draft.draw(&billing.receipt_number);
    let on = draft.context.now.day();
    let receipt = Receipt {
        number,
        payment: payment.clone(),
        on,
        till,
        charged,
        applied,
        unapplied,
        refunded: Money::ZERO,
        returned: Vec::new(),
        cancelled: false,
    };
    draft.event.receipt = Some(receipt.clone());
    draft.event.public = true;
    draft.case.receipts.push(receipt);
    remember_demands(&mut draft);
    take_once_paid(&mut draft, state);
    Ok(draft.finish())
}

/// Over a counter neither more than is owed is taken nor less than is asked for, by what the bill of the day asks:
/// a part has lost its rebate.
fn is_taken(draft: &Draft<'_>, billing: &Billing, begun: Day, amount: Money) -> Result<(), Refusal> {
    let due = owed(&draft.case);
    if amount == due || (amount < due && billing.part_payment == PartPayment::Any) {
        return Ok(());
    }
    let asked = charge::bill(draft.service, draft.before, begun)?.total;
    match billing.least(asked).filter(|_| amount < due) {
        Some(least) if amount < least => Err(Refusal::LessThanTheLeast(least)),
        Some(_) => Ok(()),
        None => Err(Refusal::NotTheWholeAmount(asked)),
    }
}

/// The account on which each part comes in, with what comes there.
fn accounts<'p>(draft: &Draft<'_>, parts: impl IntoIterator<Item = &'p Part>) -> Result<Vec<(String, Money)>, Refusal> {
    let of_part = |part: &Part| -> Result<(String, Money), Refusal> {
        let account = draft.service.chart.collection(&part.mode).ok_or(Refusal::UnknownMode)?;
        Ok((account.to_owned(), part.amount))
    };
    parts.into_iter().map(of_part).collect()
}

/// The till that a clerk's money is put in. One of another day is counted before anything more is taken.
fn till(draft: &Draft<'_>) -> Result<Option<String>, Refusal> {
    match draft.context.till {
        Some((number, on)) if on == draft.context.now.day() => Ok(Some(number.to_owned())),
        Some(_) => Err(Refusal::TillOfAnotherDay),
        None if draft.context.tenant.tills.needed => Err(Refusal::NoTill),
        None => Ok(None),
    }
}

/// Over a counter, whoever takes money that is not cash writes down by what it is found again.
fn written_down(part: &Part, today: Day) -> Result<(), Refusal> {
    if billing::is_instrument(&part.mode) {
        let instrument = part.instrument.as_ref().ok_or(Refusal::InstrumentNotFit(InstrumentWrong::Number))?;
        if let Some(wrong) = instrument.wrong_on(today).first() {
            return Err(Refusal::InstrumentNotFit(*wrong));
        }
    }
    if billing::needs_reference(&part.mode) && part.reference.trim().is_empty() {
        return Err(Refusal::ReferenceMissing);
    }
    Ok(())
}

/// Takes the first action that waited for the money, if nothing is owed any more. If none can be
/// taken — a condition that fails, a record that was revoked meanwhile — the money is kept all the
/// same, and the case stays where it is.
fn take_once_paid(draft: &mut Draft<'_>, state: &State) {
    if !is_paid(&draft.case) {
        return;
    }
    for action in state.actions.iter().filter(|action| matches!(action.trigger, Trigger::Once(Once::Paid, _))) {
        if draft.holds(action).is_err() {
            continue;
        }
        let mut tried = draft.clone();
        if tried.take(action, None).is_ok() {
            *draft = tried;
            return;
        }
    }
}

/// Takes a receipt back. Its number stays, its demands are open again, and the charges of the day on
/// which it came are no longer fixed. What the bank did not honour is named by its place among the parts of the
/// payment, and where others stand it is taken back alone.
pub(super) fn cancel_receipt(
    mut draft: Draft<'_>,
    number: &str,
    (reason, asked_by, dishonoured): (&str, &str, Option<usize>),
) -> Result<Outcome, Refusal> {
    if draft.actor.kind != ActorKind::Employee {
        return Err(Refusal::NotYourRole);
    }
    let (_, billing) = parts(draft.service)?;
    draft.event.role = Some(guard::holds(&draft, &billing.cancels)?);
    if draft.actor.person == asked_by {
        return Err(Refusal::SamePersonAsked);
    }
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > limits::COMMENT_CHARS {
        return Err(Refusal::CommentMissing);
    }
    let at = draft.case.receipts.iter().position(|receipt| receipt.number == number && !receipt.cancelled);
    let at = at.ok_or(Refusal::NoSuchReceipt)?;
    let (before, later) = draft.case.receipts.split_at(at + 1);
    let receipt = before.last().ok_or(Refusal::NoSuchReceipt)?.clone();
    if !receipt.refunded.is_zero() {
        return Err(Refusal::RefundedBefore);
    }
    // A mistake is found before the next payment; a bank may be later than that.
    let same = |other: &Receipt| receipt.applied.iter().any(|(seq, ..)| other.gave_for(*seq));
    if dishonoured.is_none() && later.iter().any(|other| !other.cancelled && same(other)) {
        return Err(Refusal::LaterReceipt);
    }
    if dishonoured.is_some_and(|part| !receipt.may_return().contains(&part)) {
        return Err(Refusal::NoInstrument);
    }
    match dishonoured.filter(|_| receipt.standing().count() > 1) {
        Some(part) => take_part_back(&mut draft, billing, at, part)?,
        None => take_back(&mut draft, billing, at, dishonoured.is_some())?,
    }
    if dishonoured.is_some() {
        // The cheque came back, whatever the rule says to it.
        let mut tried = draft.clone();
        if note::dishonoured(&mut tried, &receipt).is_ok() {
            draft = tried;
        }
    }
    draw_on_waiting_money(&mut draft, billing);
    draft.case.demands.iter_mut().for_each(billing::close_if_settled);
    reason.clone_into(&mut draft.event.comment);
    draft.event.public = true;
    draft.event.receipt = draft.case.receipts.get(at).cloned();
    remember_demands(&mut draft);
    Ok(draft.finish())
}

/// Takes back all that stands of the receipt at this place.
fn take_back(draft: &mut Draft<'_>, billing: &Billing, at: usize, dishonoured: bool) -> Result<(), Refusal> {
    draft.case.receipts[at].cancelled = true;
    let receipt = draft.case.receipts[at].clone();
    billing::unsettle(&mut draft.case.demands, &receipt.applied);
    let came = accounts(draft, receipt.standing().map(|(_, part)| part))?;
    let postings = draft.service.postings.as_ref().expect("checked: billing comes with postings");
    let mut lines: Vec<Line> = if dishonoured {
        postings.dishonour_lines(&came, receipt.unapplied)
    } else {
        reversed(&postings.receipt_lines(&came, receipt.unapplied))
    };
    lines.extend(charge::take_back(draft, billing, &receipt.charged));
    draft.post(if dishonoured { VoucherKind::Dishonour } else { VoucherKind::ReceiptCancelled }, &lines);
    Ok(())
}

/// Takes back one part of the receipt at this place: what the whole of it had settled is owed again, and the parts
/// that stand settle anew, all in one voucher.
fn take_part_back(draft: &mut Draft<'_>, billing: &Billing, at: usize, part: usize) -> Result<(), Refusal> {
    let before = draft.case.receipts[at].clone();
    billing::unsettle(&mut draft.case.demands, &before.applied);
    let receipt = &mut draft.case.receipts[at];
    receipt.returned.push(part);
    receipt.applied.clear();
    receipt.unapplied = Money::ZERO;
    let after = receipt.clone();
    let (stay, gone) = charge::that_stand(draft.service, &draft.case, &before.charged, after.stands());
    draft.case.receipts[at].charged = stay;
    let came = accounts(draft, before.standing().map(|(_, part)| part))?;
    let stands = accounts(draft, after.standing().map(|(_, part)| part))?;
    let postings = draft.service.postings.as_ref().expect("checked: billing comes with postings");
    let mut lines = postings.dishonour_lines(&came, before.unapplied);
    lines.extend(charge::take_back(draft, billing, &gone));
    let (applied, unapplied) = billing::settle(&mut draft.case.demands, after.stands(), billing.settle);
    lines.extend(postings.receipt_lines(&stands, unapplied));
    draft.case.receipts[at].applied = applied;
    draft.case.receipts[at].unapplied = unapplied;
    draft.post(VoucherKind::Dishonour, &lines);
    Ok(())
}

pub(super) fn remember_demands(draft: &mut Draft<'_>) {
    let before = &draft.before.demands;
    draft.event.demands = draft.case.demands.iter().filter(|demand| !before.contains(demand)).cloned().collect();
}

pub(super) fn parts(service: &Service) -> Result<(&fees::Fees, &Billing), Refusal> {
    service.fees.as_ref().zip(service.billing.as_ref()).ok_or(Refusal::NothingToPay)
}

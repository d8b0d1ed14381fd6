//! Taking over a register that was kept elsewhere: a record with the number it has, and what is owed on
//! it from the years before. A table brings a hundred thousand of them; a case of another service, one.

use super::command::ActorKind;
use super::decide::Context;
use super::effect::{Draft, failed};
use super::outcome::Outcome;
use super::refusal::Refusal;
use super::{clock, money};
use crate::base::date::parse_day;
use crate::base::{Answers, Calendar, Day, Money, Name, Value, limits};
use crate::billing::{self, Demand, DemandLine, DemandStatus, Period};
use crate::fees::Steps;
use crate::form;
use crate::ledger::VoucherKind;
use crate::service::{Service, TakesOver};

/// A record of another register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeOver {
    /// The grant by which this service makes such records.
    pub grant: Name,
    /// The number it has; drawn when silent.
    pub number: Option<String>,
    /// From when it holds; the day on which it is taken over when silent.
    pub since: Option<Day>,
    /// What is known of it: judged before, though not complete.
    pub answers: Answers,
    /// What is owed on it.
    pub owed: Vec<Owed>,
    /// Where the case stands as long as something is owed.
    pub owing: Name,
    /// Where it stands otherwise.
    pub settled: Name,
    /// Which row of which file it was, or which case asked for it: the same row is never taken over twice.
    pub source: String,
}

/// What is owed from a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// A day of the period.
    pub day: Day,
    /// What is owed, by head; more than nothing in all.
    pub heads: Vec<(Name, Money)>,
}

/// An empty case becomes that of a record that was kept elsewhere.
pub(super) fn take(mut draft: Draft<'_>, taken: &TakeOver) -> Result<Outcome, Refusal> {
    if draft.actor.kind != ActorKind::System {
        return Err(Refusal::NotYourRole);
    }
    if draft.case.number.is_some() || draft.case.state != draft.service.workflow.start.value {
        return Err(Refusal::NotInThisCase);
    }
    draft.number();
    draft.case.answers = taken.answers.clone();
    draft.make_records(&taken.grant, (taken.number.as_deref(), taken.since))?;
    for owed in &taken.owed {
        open_with(&mut draft, owed)?;
    }
    money::remember_demands(&mut draft);
    let open = draft.case.demands.iter().any(|demand| demand.status == DemandStatus::Open);
    clock::enter(&mut draft, if open { &taken.owing } else { &taken.settled });
    Ok(draft.finish())
}

/// Opens the account of the record with what is owed from a period, under the heads of the bill.
/// Of a period that is over, the income was booked where the register was kept before.
fn open_with(draft: &mut Draft<'_>, owed: &Owed) -> Result<(), Refusal> {
    let (_, billing) = money::parts(draft.service)?;
    let total: Money = owed.heads.iter().map(|(_, amount)| *amount).sum();
    if total.paise() <= 0 {
        return Err(Refusal::NotAnAmount);
    }
    let (today, calendar) = (draft.context.now.day(), &draft.context.tenant.calendar);
    let opens = draft.service.opens.as_ref();
    let period = opens.map(|opens| opens.every.period(owed.day, calendar));
    if period.is_some_and(|period| period.from > today) {
        return Err(Refusal::NotYet);
    }
    if period.is_some() && draft.case.demands.iter().any(|demand| demand.period == period) {
        return Err(failed("a period is owed twice: write what is owed of it once"));
    }
    let billed_on = opens.zip(period).map_or(owed.day.min(today), |(opens, period)| opens.billed_on(period));
    let mut demand = Demand {
        seq: u32::try_from(draft.case.demands.len()).unwrap_or(u32::MAX - 1) + 1,
        raised_on: today,
        due_on: billing.due_in.after_day(billed_on, calendar),
        period,
        opening: is_over(period, today),
        lines: owed
            .heads
            .iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(head, amount)| DemandLine { head: head.clone(), amount: *amount, paid: Money::ZERO })
            .collect(),
        status: DemandStatus::Open,
        steps: Steps::default(),
        rates_from: billed_on,
        authority: String::new(),
        notes: Vec::new(),
        answers: None,
    };
    billing::close_if_settled(&mut demand);
    let postings = draft.service.postings.as_ref().expect("checked: billing comes with postings");
    let lines = postings.demand_lines_of(&demand, &[]);
    let kind = if demand.opening { VoucherKind::Opening } else { VoucherKind::Demand };
    draft.case.demands.push(demand);
    draft.post(kind, &lines);
    Ok(())
}

/// What a case asks another service to take over, by its own answers; `answers` are those for the other service.
pub(super) fn ordered(draft: &Draft<'_>, takes_over: &TakesOver, answers: &Answers) -> Result<TakeOver, Refusal> {
    let own = &draft.case.answers;
    let number = own.text(&takes_over.number.value).unwrap_or_default().trim().to_owned();
    if !may_be_number(&number) {
        return Err(Refusal::NumberNotFree(number));
    }
    let since = takes_over.since.as_ref().and_then(|since| own.text(&since.value)).and_then(parse_day);
    Ok(TakeOver {
        grant: takes_over.grant.value.clone(),
        number: Some(number),
        since,
        answers: answers.clone(),
        owed: arrears(draft, takes_over)?,
        owing: takes_over.owing.value.clone(),
        settled: takes_over.settled.value.clone(),
        source: draft.case.number.clone().unwrap_or_default(),
    })
}

/// What is owed, period by period; a period of which nothing is owed is none.
fn arrears(draft: &Draft<'_>, takes_over: &TakesOver) -> Result<Vec<Owed>, Refusal> {
    let asked = takes_over.arrears.as_ref().and_then(|asked| Some((asked, draft.case.answers.get(&asked.each.value)?)));
    let Some((asked, Value::List(items))) = asked else { return Ok(Vec::new()) };
    let mut owed = Vec::new();
    for item in items {
        let Value::Map(item) = item else { continue };
        let period = item.get(&asked.period.value);
        let day = period.and_then(|period| day_of(period, &draft.context.tenant.calendar));
        let day = day.ok_or_else(|| failed(format!("`{}` says no period", asked.period.value)))?;
        let amount = |question: &Name| item.text(question).and_then(Money::parse).unwrap_or_default();
        let heads: Vec<(Name, Money)> =
            asked.heads.iter().map(|(head, question)| (head.value.clone(), amount(&question.value))).collect();
        if heads.iter().any(|(_, amount)| !amount.is_zero()) {
            owed.push(Owed { day, heads });
        }
    }
    Ok(owed)
}

/// A day of the period that an answer names.
fn day_of(answer: &Value, calendar: &Calendar) -> Option<Day> {
    match answer {
        Value::Int(year) => calendar.financial_year_from(*year),
        Value::Text(text) => parse_day(text).or_else(|| calendar.parse_financial_year(text)),
        Value::Flag(_) | Value::List(_) | Value::Map(_) => None,
    }
}

/// What another case ordered, judged as the row of a table is: answers need not be complete, and must do.
pub fn fitting(service: &Service, ordered: &TakeOver, context: &Context<'_>) -> Result<TakeOver, Refusal> {
    if let Some(number) = ordered.number.as_deref().filter(|number| service.draws_such(&ordered.grant, number)) {
        return Err(Refusal::NumberNotFree(number.to_owned()));
    }
    let ctx = form::Ctx {
        today: context.now.day(),
        lists: &service.lists,
        places: &context.tenant.places,
        known: &Answers::default(),
        named: None,
        identity: &[],
    };
    let answers = form::accept_known(&service.form, &ordered.answers.to_json(), &ctx).map_err(Refusal::Answers)?;
    Ok(TakeOver { answers, ..ordered.clone() })
}

/// Whether a record may have this number at all.
pub(crate) fn may_be_number(number: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || "/-_. ()".contains(c);
    !number.is_empty() && number.chars().count() <= limits::RECORD_NUMBER && number.chars().all(fits)
}

/// Whether the income of the period belongs to the time before.
fn is_over(period: Option<Period>, today: Day) -> bool {
    period.is_none_or(|period| period.until < today)
}

impl Service {
    /// Whether a number would be taken for one that this grant draws.
    pub fn draws_such(&self, grant: &Name, number: &str) -> bool {
        self.grant(grant).and_then(|grant| grant.number.as_ref()).is_some_and(|format| format.may_write(number))
    }
}

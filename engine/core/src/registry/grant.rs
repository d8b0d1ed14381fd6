//! Making records and changing them: each grant adds a version, and some end others.

use super::number::NumberFacts;
use super::validity::{day, end};
use super::{Grant, Holder, Mode, Record, RecordStatus, Serials, Standing, Validity};
use crate::base::{Answers, Day, Name, Value};

/// The record is missing, or not in a state that allows the change; or a day cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotFit;

/// What the grant needs to know about the case.
#[derive(Clone, Copy, Debug)]
pub struct GrantFacts<'a> {
    /// The service.
    pub service: &'a str,
    /// The case.
    pub case: &'a str,
    /// Whose act it is.
    pub actor: &'a str,
    /// The role of that act, if it is done in one.
    pub role: Option<&'a Name>,
    /// Who applied.
    pub applicant: &'a str,
    /// What was answered.
    pub answers: &'a Answers,
    /// The records that answers name.
    pub named: &'a [Record],
    /// The number that a new record has already; drawn when silent.
    pub known: Option<&'a str>,
    /// The day since which a new record holds that was kept elsewhere; what the grant says when silent.
    pub since: Option<Day>,
    /// Tenant, day and calendar.
    pub number: NumberFacts<'a>,
}

/// The versions of records that `grant` leaves behind: first that of the record the case is about
/// from then on, then those of records that come of it or end in it.
pub fn make(
    grant: &Grant,
    present: Option<&Record>,
    facts: GrantFacts<'_>,
    serials: &mut Serials,
) -> Result<Vec<Record>, NotFit> {
    if grant.mode == Mode::Create {
        return Ok(vec![create(grant, present, facts, serials)?]);
    }
    let present = present.filter(|record| record.registry == grant.registry.value).ok_or(NotFit)?;
    if !may_become(present, grant.mode, facts.number.day) {
        return Err(NotFit);
    }
    let from = effective(grant, present, facts)?;
    let mut next = following(present, from, facts);
    if !grant.mode.only_standing() {
        next.answers = changed(grant, &present.answers, &[facts.answers]);
    }
    if grant.holder == Holder::Applicant && !grant.mode.only_standing() {
        facts.applicant.clone_into(&mut next.holder);
    }
    let mut others = Vec::new();
    match grant.mode {
        Mode::Create | Mode::Amend | Mode::Transfer => {}
        Mode::Suspend => next.standing = Standing::Suspended,
        Mode::Resume => next.standing = Standing::Active,
        Mode::Revoke => next.standing = Standing::Revoked,
        Mode::Renew => {
            let first = day(&grant.valid_from, facts.number.day, facts.number.day, Some(present), facts)?;
            next.valid_until = end(grant, first, Some(present), facts)?;
            facts.case.clone_into(&mut next.validity_by);
            if next.valid_until <= present.valid_until {
                return Err(NotFit);
            }
        }
        Mode::Split => {
            others = parts(grant, present, (from, facts), serials)?;
            next = following(present, from, facts);
            next.standing = Standing::Split;
            next.became = others.iter().map(|part| part.number.clone()).collect();
        }
        Mode::Merge => {
            others = merged(grant, present, from, facts)?;
            next.came_of.extend(others.iter().map(|other| other.number.clone()));
        }
    }
    others.insert(0, next);
    Ok(others)
}

/// Whether a record may be changed so: what has ended stays as it is, and what is suspended waits to
/// be resumed. A version that holds from a later day is not built upon before that day, since the
/// new one would bring its changes forward.
fn may_become(present: &Record, mode: Mode, today: Day) -> bool {
    match present.standing {
        Standing::Active if mode.only_standing() => mode != Mode::Resume,
        Standing::Active => present.from <= today,
        Standing::Suspended => matches!(mode, Mode::Amend | Mode::Resume | Mode::Revoke),
        Standing::Revoked | Standing::Split | Standing::Merged => false,
    }
}

fn create(
    grant: &Grant,
    present: Option<&Record>,
    facts: GrantFacts<'_>,
    serials: &mut Serials,
) -> Result<Record, NotFit> {
    let today = facts.number.day;
    let valid_from = facts.since.map_or_else(|| day(&grant.valid_from, today, today, present, facts), Ok)?;
    let from = match (&grant.effective, facts.since) {
        (_, Some(since)) => since,
        (Some(effective), None) => day(effective, today, today, present, facts)?,
        // What was valid before it was written down held then too.
        (None, None) => today.min(valid_from),
    };
    Ok(Record {
        registry: grant.registry.value.clone(),
        number: match facts.known {
            Some(known) => known.to_owned(),
            None => grant.number.as_ref().ok_or(NotFit)?.draw(facts.number, serials),
        },
        version: 1,
        service: facts.service.to_owned(),
        case: facts.case.to_owned(),
        validity_by: facts.case.to_owned(),
        actor: facts.actor.to_owned(),
        role: facts.role.cloned(),
        from,
        holder: facts.applicant.to_owned(),
        answers: match &grant.set {
            // What is set stands beside the answers of the case.
            Some(_) => changed(grant, facts.answers, &[facts.answers]),
            None => facts.answers.clone(),
        },
        valid_from,
        valid_until: end(grant, valid_from, present, facts)?,
        standing: Standing::Active,
        came_of: Vec::new(),
        became: Vec::new(),
    })
}

/// From when the new version holds: never from before the record itself.
fn effective(grant: &Grant, present: &Record, facts: GrantFacts<'_>) -> Result<Day, NotFit> {
    let today = facts.number.day;
    let from = grant.effective.as_ref().map_or(Ok(today), |from| day(from, today, today, Some(present), facts))?;
    Ok(from.max(present.valid_from.min(today)))
}

/// The next version, in which nothing has changed yet.
fn following(present: &Record, from: Day, facts: GrantFacts<'_>) -> Record {
    Record {
        version: present.version + 1,
        case: facts.case.to_owned(),
        actor: facts.actor.to_owned(),
        role: facts.role.cloned(),
        from,
        ..present.clone()
    }
}

/// What is known of the record once `given` has replaced what it replaces; the first of `given` that
/// has an answer counts. What was not answered leaves what the record says.
fn changed(grant: &Grant, present: &Answers, given: &[&Answers]) -> Answers {
    let mut answers = present.clone();
    let Some(set) = &grant.set else {
        for given in given.iter().rev() {
            answers.0.extend(given.0.clone());
        }
        return answers;
    };
    for (name, question) in set {
        if let Some(value) = given.iter().find_map(|given| given.get(&question.value)) {
            answers.set(&name.value, value.clone());
        }
    }
    answers
}

/// The records that come of a split: one of each item of the group, which begins as the record was.
fn parts(
    grant: &Grant,
    present: &Record,
    (from, facts): (Day, GrantFacts<'_>),
    serials: &mut Serials,
) -> Result<Vec<Record>, NotFit> {
    let group = grant.parts.as_ref().ok_or(NotFit)?;
    let Some(Value::List(items)) = facts.answers.get(&group.value) else { return Err(NotFit) };
    let mut parts = Vec::new();
    for item in items {
        let Value::Map(item) = item else { return Err(NotFit) };
        let mut answers = present.answers.clone();
        answers.0.extend(item.0.clone());
        if grant.set.is_some() {
            answers = changed(grant, &answers, &[item, facts.answers]);
        }
        let part = create(grant, Some(present), GrantFacts { known: None, ..facts }, serials)?;
        let applicant = grant.holder == Holder::Applicant;
        parts.push(Record {
            service: present.service.clone(),
            from,
            holder: if applicant { part.holder } else { present.holder.clone() },
            answers,
            valid_until: if grant.valid_until.is_some() { part.valid_until } else { present.valid_until },
            came_of: vec![present.number.clone()],
            valid_from: if grant.valid_from == Validity::Today { from } else { part.valid_from },
            ..part
        });
    }
    if parts.is_empty() { Err(NotFit) } else { Ok(parts) }
}

/// The last versions of the records that become part of `present`.
fn merged(grant: &Grant, present: &Record, from: Day, facts: GrantFacts<'_>) -> Result<Vec<Record>, NotFit> {
    let question = grant.merges.as_ref().ok_or(NotFit)?;
    let mut numbers = Vec::new();
    collect(facts.answers.get(&question.value).ok_or(NotFit)?, &mut numbers);
    let mut ending: Vec<Record> = Vec::new();
    let known = facts.named.iter().filter(|record| record.registry == present.registry);
    for other in known.filter(|record| numbers.contains(&record.number.as_str())) {
        let fits = other.number != present.number && other.status(facts.number.day) == RecordStatus::Active;
        if !fits || !may_become(other, Mode::Merge, facts.number.day) {
            return Err(NotFit);
        }
        let from = from.max(other.valid_from.min(facts.number.day));
        let last = following(other, from, facts);
        ending.push(Record { standing: Standing::Merged, became: vec![present.number.clone()], ..last });
    }
    if ending.is_empty() { Err(NotFit) } else { Ok(ending) }
}

/// Every text of an answer, those of groups and lists included.
fn collect<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::Text(text) => texts.push(text),
        Value::List(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Map(map) => map.0.values().for_each(|value| collect(value, texts)),
        Value::Int(_) | Value::Flag(_) => {}
    }
}

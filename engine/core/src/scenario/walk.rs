//! Random walks: a case is led by chance through its whole life, with the books held to it after
//! every step. The chance is given, so every walk can be walked again.

use std::collections::BTreeSet;

use super::given::{self, Lead};
use super::program;
use super::register;
use super::world::{Done, World};
use crate::base::date::{MS_PER_DAY, parse_day};
use crate::base::{Moment, Money, Name};
use crate::billing::{Instrument, ONLINE, Part, Payment};
use crate::case::{Actor, ActorKind, Assignee, Command, Context, Refusal, choices, open};
use crate::ledger::Voucher;
use crate::registry::{Record, Standing};
use crate::service::Service;
use crate::tenant::Tenant;
use crate::workflow::{APPLICANT, Assign, End};

/// Steps of one walk.
pub(super) const STEPS: usize = 24;

/// A source of chance that is given, so that it can be given again.
pub trait Chance {
    /// A number from 0 to `limit - 1`; 0 if the limit is 0.
    fn below(&mut self, limit: u64) -> u64;

    /// A number from `least` to `most`, both included.
    fn between(&mut self, least: i64, most: i64) -> i64 {
        let span = u64::try_from(most.saturating_sub(least)).unwrap_or(0);
        least + i64::try_from(self.below(span + 1)).unwrap_or(0)
    }
}

/// Chance from a seed: the `SplitMix64` sequence.
#[derive(Clone, Debug)]
pub struct Seeded(pub u64);

impl Chance for Seeded {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit.max(1)
    }
}

/// What a walk met.
#[derive(Clone, Debug, Default)]
pub struct Walked {
    /// States in which the case stood.
    pub states: BTreeSet<Name>,
    /// Steps that led somewhere.
    pub steps: usize,
}

/// Walks one case of `service` by the chance of `seed`. The error says what was wrong and after
/// which step.
pub fn walk(service: &Service, tenant: &Tenant, seed: u64) -> Result<Walked, String> {
    let mut chance = Seeded(seed);
    let mut walked = Walked::default();
    let Some(mut world) = beginning(service, tenant, given::OWN, &mut chance)? else { return Ok(walked) };
    turned(&mut world, &mut chance);
    for step in 0..STEPS {
        let outcomes = one_step(&mut world, &mut chance);
        // Where nothing followed, the case and its books are those that were held to each other before.
        if step > 0 && outcomes.is_empty() {
            continue;
        }
        walked.steps += outcomes.len();
        walked.states.insert(world.case.state.clone());
        if world.is_cut {
            return Err(format!(
                "seed {seed}, step {step}, state {}: the clock does not come to rest",
                world.case.state
            ));
        }
        if let Some(wrong) = world.unbalanced() {
            return Err(format!("seed {seed}, step {step}, state {}: {wrong}", world.case.state));
        }
        if let Some(wrong) = repeated(&outcomes) {
            return Err(format!("seed {seed}, step {step}: the number {wrong} was given twice"));
        }
    }
    if cannot_end(&world) {
        return Err(format!("seed {seed}: stands in {} and nothing can happen any more", world.case.state));
    }
    Ok(walked)
}

/// A world on some day, with a case that has just been opened, on a record of this number if the service asks for one;
/// `None` if it takes none of some.
pub(super) fn beginning<'a>(
    service: &'a Service,
    tenant: &'a Tenant,
    number: &str,
    chance: &mut dyn Chance,
) -> Result<Option<World<'a>>, String> {
    let start = parse_day("2025-04-01").expect("a day");
    let day = crate::base::date::add_days(start, chance.between(0, 700));
    let now = Moment::at(day, chance.between(540, 1_080), tenant.calendar.offset_minutes);
    let Some((case, record)) = begun(service, tenant, (now, number), chance)? else { return Ok(None) };
    let mut named: Vec<Record> =
        service.form.named_registries().map(|registry| given_other(service, registry, day)).collect();
    named.extend(record.clone());
    let mut world = World::new((service, tenant), case, record, now);
    world.named = named;
    Ok(Some(world))
}

/// A case that has just been opened, on the first of some records that the service takes; `None` if it takes
/// none of them. Of every second record the register knows what the service looks up in it.
fn begun(
    service: &Service,
    tenant: &Tenant,
    (now, number): (Moment, &str),
    chance: &mut dyn Chance,
) -> Result<Option<(crate::case::Case, Option<Record>)>, String> {
    let known = if service.on_record.is_some() && chance.below(2) == 0 {
        given::known(service, now.day(), &tenant.places, chance)
    } else {
        crate::base::Answers::default()
    };
    for tried in 0..given::TRIES {
        let record = service.on_record.as_ref().map(|on| {
            let record = given::record(service, &on.registry, now.day(), tried, chance);
            Record { number: number.to_owned(), answers: known.clone(), ..record }
        });
        let context = Context::new(now, tenant).about(record.as_ref(), Money::ZERO);
        match open(service, "walk", APPLICANT, &service.language, &context) {
            Ok(case) => return Ok(Some((case, record))),
            Err(Refusal::RecordNotFit | Refusal::NotOnThisRecord(_)) => {}
            Err(refusal) => return Err(format!("cannot be opened: {}", refusal.word())),
        }
    }
    Ok(None)
}

/// Where cases come round, as often as not, one that the calendar opens for a record takes the place of the draft.
fn turned(world: &mut World<'_>, chance: &mut dyn Chance) {
    let (service, today) = (world.service, world.now.day());
    let Some(turns) = service.turns.as_ref().filter(|_| chance.below(2) == 0) else { return };
    let record = given::turning(service, turns, today, &world.tenant.places, chance);
    if let Some(day) = turns.due(&record, today, &world.tenant.calendar) {
        world.record = Some(record);
        world.open_turn(day);
    }
}

/// A record that made-up answers name.
fn given_other(service: &Service, registry: &Name, day: crate::base::Day) -> Record {
    register::earlier(registry.clone(), "R/2", service, day)
}

/// Something happens to the case, or nothing does.
pub(super) fn one_step(world: &mut World<'_>, chance: &mut dyn Chance) -> Vec<Done> {
    // Cases without children meet the same chance as ever.
    if world.case.children.iter().any(|child| child.end.is_none()) && chance.below(4) == 0 {
        return child_ends(world, chance);
    }
    if let Some(page) = program::waiting(world)
        && chance.below(3) == 0
    {
        return program::by_chance(world, &page, chance);
    }
    // Where a case has ended, mostly time passes.
    let ended = world.service.workflow.state(&world.case.state).is_some_and(|state| state.end.is_some());
    if ended {
        match chance.below(6) {
            0 => return elsewhere(world, chance),
            1 | 2 => {}
            _ => return wait(world, chance),
        }
    }
    if !world.service.reserves.is_empty() && chance.below(8) == 0 {
        return meanwhile(world, chance);
    }
    match chance.below(13) {
        0 => wait(world, chance),
        1 => some(receive(world, chance)),
        2 => some(cancel(world, chance)),
        3 => some(strange(world, chance)),
        4 => some(receive_exactly(world, chance)),
        12 => match chance.below(8) {
            0 => elsewhere(world, chance),
            1 => some(note(world, chance)),
            2 => some(assign(world, chance)),
            _ => act_and_follow(world, chance),
        },
        5 | 6 => fill(world, chance),
        _ => act_and_follow(world, chance),
    }
}

/// Another case takes what this one asks for; before that, as often as not, the time is over for which this one
/// had it, and the clock has not looked. Now and then money comes just then.
fn meanwhile(world: &mut World<'_>, chance: &mut dyn Chance) -> Vec<Done> {
    let service = world.service;
    let over = world.case.reserved.iter().filter_map(|has| has.until_ms).max().filter(|_| chance.below(2) == 0);
    world.now = world.now.with_ms(over.unwrap_or(world.now.ms).max(world.now.ms));
    for reserve in &service.reserves {
        let Ok(asked) = reserve.asked(&service.form, &world.case.answers) else { continue };
        let slots = reserve.all_on(&service.form, &asked.resource, asked.from, None);
        let until_ms = (chance.below(2) == 0).then_some(world.now.ms + MS_PER_DAY);
        if chance.below(3) > 0 {
            world.take_slots(slots, until_ms);
        }
    }
    if chance.below(2) == 0 { some(receive_exactly(world, chance)) } else { Vec::new() }
}

fn act_and_follow(world: &mut World<'_>, chance: &mut dyn Chance) -> Vec<Done> {
    let mut outcomes = some(act(world, chance));
    outcomes.extend(world.settle_clock());
    outcomes
}

/// Somebody says something about the case: nothing else follows from it.
fn note(world: &mut World<'_>, chance: &mut dyn Chance) -> Option<Done> {
    let roles: Vec<Name> =
        world.service.roles.iter().map(|role| role.name.clone()).chain([Name::new(APPLICANT)]).collect();
    let role = &roles[usize::try_from(chance.below(u64::try_from(roles.len()).unwrap_or(1))).unwrap_or(0)];
    let actor = world.actor(role, None);
    let command = Command::Note { text: "said".to_owned(), to_applicant: chance.below(2) == 0 };
    said_only(world, &actor, &command)
}

/// The case is given to somebody who can act on it, or back to all of them.
fn assign(world: &mut World<'_>, chance: &mut dyn Chance) -> Option<Done> {
    let officers: Vec<Name> = world.service.workflow.state(&world.case.state)?.officers().cloned().collect();
    let role =
        officers.get(usize::try_from(chance.below(u64::try_from(officers.len()).unwrap_or(1))).unwrap_or(0))?.clone();
    let actor = world.actor(&role, None);
    let to = (chance.below(3) > 0).then(|| Assignee { person: format!("employee_{role}"), roles: vec![role] });
    said_only(world, &actor, &Command::Assign { to })
}

/// Carries out a command that moves neither the case nor money.
fn said_only(world: &mut World<'_>, actor: &Actor, command: &Command) -> Option<Done> {
    let (state, owed) = (world.case.state.clone(), world.owed());
    let outcome = world.apply(actor, command).ok()?;
    let moved = state != world.case.state || owed != world.owed() || !outcome.vouchers.is_empty();
    assert!(!moved, "`{}` moved the case or its money", command.word());
    Some(outcome)
}

/// Some days pass; or, so that years pass too, all the time until the clock has something to do.
fn wait(world: &mut World<'_>, chance: &mut dyn Chance) -> Vec<Done> {
    let some_days = world.now.ms + chance.between(1, 40) * MS_PER_DAY;
    let due = world.case.wake_ms.filter(|_| chance.below(2) == 0);
    world.wait_until(due.unwrap_or(some_days).max(world.now.ms))
}

/// One of the open cases that the case opened ends, mostly granted.
fn child_ends(world: &mut World<'_>, chance: &mut dyn Chance) -> Vec<Done> {
    let open: Vec<Name> =
        world.case.children.iter().filter(|child| child.end.is_none()).map(|child| child.name.clone()).collect();
    let at = usize::try_from(chance.below(u64::try_from(open.len()).unwrap_or(1))).unwrap_or(0);
    let end = match chance.below(6) {
        0 => End::Refused,
        1 => End::Closed,
        _ => End::Granted,
    };
    let mut outcomes = world.children_end(open.get(at), end).unwrap_or_default();
    outcomes.extend(world.settle_clock());
    outcomes
}

/// Another case prolongs the record, or ends it.
fn elsewhere(world: &mut World<'_>, chance: &mut dyn Chance) -> Vec<Done> {
    let ends = chance.below(2) == 0;
    world.elsewhere(|record| {
        if ends {
            record.standing = Standing::Revoked;
        } else {
            record.valid_until = record.valid_until.map(|until| crate::base::date::add_days(until, 365));
        }
    })
}

fn some(outcome: Option<Done>) -> Vec<Done> {
    outcome.into_iter().collect()
}

/// Answers every page that the actor of the moment may answer.
fn fill(world: &mut World<'_>, chance: &mut dyn Chance) -> Vec<Done> {
    let service = world.service;
    let Some(editor) = service.workflow.state(&world.case.state).and_then(|state| state.edit.clone()) else {
        return Vec::new();
    };
    let actor = world.actor(&editor.value, None);
    let lead = Lead::by_chance(service, world.now.day(), chance);
    let mut outcomes = Vec::new();
    for page in service.form.all_pages().filter(|page| service.edits(page, &editor.value)) {
        let answers = lead.answers(world, page, chance);
        outcomes.extend(world.apply(&actor, &Command::Save { page: page.name.clone(), answers }));
    }
    outcomes
}

/// Takes one of the actions of the state, as somebody who may.
fn act(world: &mut World<'_>, chance: &mut dyn Chance) -> Option<Done> {
    let service = world.service;
    let state = service.workflow.state(&world.case.state)?;
    let by_people: Vec<_> = state.actions.iter().filter(|action| !action.roles().is_empty()).collect();
    let index = usize::try_from(chance.below(u64::try_from(by_people.len()).unwrap_or(0))).unwrap_or(0);
    let action = by_people.get(index)?;
    let role =
        &action.roles()[usize::try_from(chance.below(u64::try_from(action.roles().len()).unwrap_or(1))).unwrap_or(0)];
    let actor = world.actor(&role.value, None);
    let mut answers = action
        .asks
        .as_ref()
        .and_then(|page| service.form.page(page))
        .map_or_else(crate::case::command::no_answers, |page| {
            Lead::by_chance(service, world.now.day(), chance).answers(world, page, chance)
        });
    // What was made up is no number of a stock, more often than not: most take the next.
    for uses in &action.uses {
        if chance.below(4) > 0
            && let Some(map) = answers.as_object_mut()
        {
            map.remove(uses.question.value.as_str());
        }
    }
    let next = service.workflow.state(&action.to)?;
    let assignee =
        matches!(action.assign, Assign::Required | Assign::Optional).then(|| next.officers().next().cloned()).flatten();
    let assignee = assignee.map(|role| Assignee { person: format!("employee_{role}"), roles: vec![role] });
    let command = Command::Act {
        action: action.name.clone(),
        comment: "said".to_owned(),
        answers,
        assignee,
        seen: None,
        flags: Vec::new(),
    };
    world.apply(&actor, &command).ok()
}

/// A mode of money that may come back from the bank.
const CHEQUE: &str = "cheque";

/// Money comes: by a cheque as often as not, where the town takes cheques; now and then only some of it does.
fn payment(world: &World<'_>, paise: i64, chance: &mut dyn Chance) -> Option<Command> {
    let by_cheque = world.service.chart.collection(CHEQUE).is_some() && chance.below(2) == 0;
    let cheque = || Instrument { number: "100001".into(), bank: "SBIN0000001".into(), dated: world.now.day() };
    let part = |paise: i64, by_cheque: bool| {
        Some(Part {
            amount: Money::from_paise(paise)?,
            mode: if by_cheque { CHEQUE } else { ONLINE }.to_owned(),
            reference: String::new(),
            instrument: by_cheque.then(cheque),
        })
    };
    let rest = if by_cheque && paise > 1 && chance.below(4) == 0 { chance.between(1, paise - 1) } else { 0 };
    let mut parts = vec![part(paise - rest, by_cheque)?];
    if rest > 0 {
        parts.push(part(rest, false)?);
    }
    let key = format!("payment_{}_{}", world.case.version, world.case.receipts.len());
    Some(Command::Receive(Payment::of(key, world.now.ms, parts)?))
}

fn receive(world: &mut World<'_>, chance: &mut dyn Chance) -> Option<Done> {
    let paise = chance.between(1, 1_000_000);
    let command = payment(world, paise, chance)?;
    world.apply(&Actor::system(), &command).ok()
}

fn receive_exactly(world: &mut World<'_>, chance: &mut dyn Chance) -> Option<Done> {
    let day = world.now.day();
    let due = crate::case::bill(world.service, &world.case, day).ok()?.total;
    let command = payment(world, due.paise(), chance)?;
    world.apply(&Actor::system(), &command).ok()
}

fn cancel(world: &mut World<'_>, chance: &mut dyn Chance) -> Option<Done> {
    let index = usize::try_from(chance.below(u64::try_from(world.case.receipts.len()).unwrap_or(0))).unwrap_or(0);
    let receipt = world.case.receipts.get(index)?;
    let dishonoured = receipt.may_return().first().copied().filter(|_| chance.below(2) == 0);
    let receipt = receipt.number.clone();
    let roles = world.service.billing.iter().flat_map(|billing| &billing.cancels).map(|role| role.value.clone());
    let actor = Actor { person: "who_agreed".to_owned(), kind: ActorKind::Employee, roles: roles.collect() };
    let (reason, asked_by) = ("a mistake".to_owned(), "who_asked".to_owned());
    let command = Command::CancelReceipt { receipt, reason, asked_by, dishonoured };
    world.apply(&actor, &command).ok()
}

/// Something that nobody should be able to do.
fn strange(world: &mut World<'_>, chance: &mut dyn Chance) -> Option<Done> {
    let stranger = Actor { person: "stranger".to_owned(), kind: ActorKind::Citizen, roles: Vec::new() };
    let state = world.service.workflow.states.get(usize::try_from(chance.below(8)).unwrap_or(0))?;
    let action = state.actions.first()?.name.clone();
    let command = Command::Act {
        action,
        comment: String::new(),
        answers: crate::case::command::no_answers(),
        assignee: None,
        seen: None,
        flags: Vec::new(),
    };
    let done = world.apply(&stranger, &command);
    assert!(done.is_err(), "a stranger acted on somebody's case");
    None
}

fn repeated(outcomes: &[Done]) -> Option<String> {
    let mut seen = BTreeSet::new();
    let mut numbers = outcomes.iter().flat_map(|done| &done.vouchers).map(Voucher::number);
    numbers.find(|number| !seen.insert(*number)).map(str::to_owned)
}

/// Whether the case is stuck: no end, nobody who could act, nothing that time would do.
fn cannot_end(world: &World<'_>) -> bool {
    let Some(state) = world.service.workflow.state(&world.case.state) else { return true };
    let by_clock = state.actions.iter().any(|action| action.roles().is_empty());
    let by_people = || {
        let roles = state.actions.iter().flat_map(super::super::workflow::Action::roles);
        roles.into_iter().any(|role| {
            let actor = world.actor(
                &role.value,
                Some(&format!("another_{}", role.value))
                    .filter(|_| role.value != *APPLICANT && !world.service.is_held(&role.value))
                    .map(String::as_str),
            );
            // Where answers can still be changed, so can what depends on them, and what cannot be told yet.
            let changes = |refused: &Refusal| {
                matches!(
                    refused,
                    Refusal::NotInThisCase | Refusal::NotOffered(_) | Refusal::FeeNotComputed(_) | Refusal::Declined(_)
                )
            };
            let possible =
                |refused: &Option<Refusal>| refused.as_ref().is_none_or(|why| state.edit.is_some() && changes(why));
            choices(world.service, &world.case, &actor, world.context()).iter().any(|choice| possible(&choice.refused))
        })
    };
    state.end.is_none() && !by_clock && !by_people()
}

//! Who does what next: citizens, officers, payers and the gateway, each by chance and by what the case
//! looks like from where they stand.

use std::sync::Arc;

use connectors::payment::OrderState;
use engine::base::{Moment, Money, Name};
use engine::case::{Actor, ActorKind, Case, Command, bill, command};
use engine::scenario::answers::made_up;
use engine::scenario::walk::Chance as _;
use engine::service::Service;
use engine::workflow::{APPLICANT, Assign};
use serde_json::{Map, Value as Json};
use server::store::{EVERYBODY, cases, jobs};

use super::deeds::Deed;
use super::model::{Wrong, service_of};
use super::play::Play;
use super::stage::{CITIZENS, SERVICES, TOWNS, officer};

/// Cases of a seed.
const CASES: usize = 5;
/// Steps after which a case is left as it is, whether something is owed or not.
const TRIES: usize = 40;

impl Play {
    fn key(&mut self) -> String {
        self.keys += 1;
        format!("key-{}", self.keys)
    }

    /// When something is due next: a case, or work that was ordered, of which there is some nearly always.
    pub(super) async fn next_due(&mut self) -> Option<i64> {
        let mut tx = self.stage.store.read(EVERYBODY).await.ok()?;
        let wake = cases::next_wake(&mut tx).await.ok()?;
        let job = jobs::next_due(&mut tx).await.ok()?;
        if self.in_hundred(50) { wake.or(job) } else { job.or(wake) }
    }

    /// What somebody does next; nothing if nobody has anything to do.
    pub(super) fn next_deed(&mut self) -> Option<Deed> {
        let there: Vec<(String, String)> = self
            .model
            .towns
            .iter()
            .flat_map(|(town, known)| known.cases.keys().map(|case| (town.clone(), case.clone())))
            .collect();
        match self.chance.below(100) {
            0..12 if there.len() < CASES => Some(self.opens()),
            0..20 => Some(Deed::Work),
            20..22 => Some(Deed::Sweep),
            22..30 => self.calls(),
            30..36 => self.decides_at_the_gateway(),
            36..48 => self.again(),
            _ if there.is_empty() => Some(self.opens()),
            _ => {
                let (town, case) = there[self.pick(there.len())].clone();
                self.moves(&town, &case)
            }
        }
    }

    /// Some seeds begin with somebody who owes something: money is where most can go wrong, and few
    /// applications get as far as their fee in the short days of one seed.
    pub(super) async fn somebody_owes(&mut self) -> Result<(), Wrong> {
        let faults = std::mem::take(&mut self.faults);
        let (town, citizen) = (TOWNS[0].to_owned(), CITIZENS[self.pick(CITIZENS.len())].to_owned());
        let open = Deed::Open { town: town.clone(), service: SERVICES[0].to_owned(), citizen, key: self.key() };
        self.alone(open).await?;
        for _ in 0..TRIES {
            let Some((id, case)) = self.model.towns[&town].cases.first_key_value() else { break };
            let (id, case) = (id.clone(), case.clone());
            let Some(service) = service_of(&case) else { break };
            if self.owed(&service, &case).paise() > 0 {
                break;
            }
            let Some((actor, command)) = self.acts(&town, &service, &case) else { break };
            if let Command::Act { action, .. } = &command
                && ends(&service, &case, action)
            {
                continue;
            }
            let key = self.key();
            self.alone(Deed::Bring { town: town.clone(), case: id, actor, command: Box::new(command), key }).await?;
        }
        self.faults = faults;
        Ok(())
    }

    fn owed(&self, service: &Service, case: &Case) -> Money {
        let day = Moment::new(self.stage.now_ms, 330).day();
        bill(service, case, day).map(|bill| bill.total).unwrap_or_default()
    }

    fn opens(&mut self) -> Deed {
        let town = TOWNS[usize::from(self.in_hundred(20))].to_owned();
        // Money is where most can go wrong.
        let service = if self.in_hundred(60) { SERVICES[0] } else { SERVICES[self.pick(SERVICES.len())] };
        let citizen = CITIZENS[self.pick(CITIZENS.len())].to_owned();
        Deed::Open { town, service: service.to_owned(), citizen, key: self.key() }
    }

    /// A callback arrives: in any order, and not all of them do.
    fn calls(&mut self) -> Option<Deed> {
        let outside = Arc::clone(&self.outside);
        let mut outside = outside.lock().unwrap();
        if outside.callbacks.is_empty() {
            return None;
        }
        let index = self.pick(outside.callbacks.len());
        let callback = outside.callbacks.remove(index);
        let town = outside.orders[&callback.gateway_order_id].request.tenant.clone();
        Some(Deed::Call { town, callback })
    }

    /// A payer pays, waits for the bank, or goes away; perhaps the payer comes back to the town.
    fn decides_at_the_gateway(&mut self) -> Option<Deed> {
        let outside = Arc::clone(&self.outside);
        let mut outside = outside.lock().unwrap();
        let waits = outside.orders.iter().filter(|(_, order)| order.shown && !order.state.is_final());
        let open: Vec<String> = waits.map(|(name, _)| name.clone()).collect();
        if open.is_empty() {
            return None;
        }
        let name = open[self.pick(open.len())].clone();
        let state = match self.chance.below(10) {
            0..7 => OrderState::Succeeded,
            7 => OrderState::Failed,
            _ => OrderState::Pending,
        };
        let calls = self.pick(4);
        outside.settle(&name, state, calls);
        self.note(format_args!("the order {name} is {state:?}, and {calls} callbacks are sent"));
        let request = &outside.orders[&name].request;
        let deed = Deed::Return { town: request.tenant.clone(), reference: request.reference.clone() };
        self.in_hundred(50).then_some(deed)
    }

    /// Whoever does not know what came of it asks again; and some ask again though they know.
    fn again(&mut self) -> Option<Deed> {
        let unknown: Vec<Deed> = self.model.unknown();
        if !unknown.is_empty() && self.in_hundred(80) {
            return Some(unknown[self.pick(unknown.len())].clone());
        }
        if !self.orders.is_empty() && self.in_hundred(50) {
            let index = self.pick(self.orders.len());
            return Some(self.orders[index].clone());
        }
        let all: Vec<Deed> = self.model.promises.values().map(|promise| promise.deed.clone()).collect();
        (!all.is_empty()).then(|| all[self.pick(all.len())].clone())
    }

    /// Somebody does something with a case.
    fn moves(&mut self, town: &str, id: &str) -> Option<Deed> {
        let case = self.model.towns[town].cases[id].clone();
        let service = service_of(&case)?;
        let owed = self.owed(&service, &case);
        if owed.paise() > 0 && self.in_hundred(70) {
            let reference = format!("order-{}", self.key());
            let deed = Deed::Order { town: town.to_owned(), case: id.to_owned(), amount: owed, reference };
            self.orders.push(deed.clone());
            return Some(deed);
        }
        let (actor, command) = match self.chance.below(20) {
            0 => self.says(&service, &case),
            1 => self.strange(town, &service, &case)?,
            _ => self.acts(town, &service, &case)?,
        };
        Some(Deed::Bring {
            town: town.to_owned(),
            case: id.to_owned(),
            actor,
            command: Box::new(command),
            key: self.key(),
        })
    }

    fn says(&mut self, service: &Service, case: &Case) -> (Actor, Command) {
        let role = &service.roles[self.pick(service.roles.len())].name;
        let actor = if self.in_hundred(50) { who(role, case) } else { who(&Name::new(APPLICANT), case) };
        (actor, Command::Note { text: "said".to_owned(), to_applicant: self.in_hundred(50) })
    }

    /// Somebody whose case it is not.
    fn strange(&mut self, town: &str, service: &Service, case: &Case) -> Option<(Actor, Command)> {
        let (_, command) = self.acts(town, service, case)?;
        let actor = Actor { person: "stranger".to_owned(), kind: ActorKind::Citizen, roles: Vec::new() };
        Some((actor, command))
    }

    /// Answers where answers are wanted, or takes one of the actions of the state.
    fn acts(&mut self, town: &str, service: &Service, case: &Case) -> Option<(Actor, Command)> {
        let state = service.workflow.state(&case.state)?;
        let tenant = Arc::clone(&self.stage.tenants[town]);
        let places = &tenant.places;
        let today = Moment::new(self.stage.now_ms, 330).day();
        let empty = case.answers.to_json().as_object().is_none_or(Map::is_empty);
        if state.edit.is_some() && (empty || self.in_hundred(30)) {
            let mut all = Map::new();
            for page in service.form.pages_by(None) {
                if let Json::Object(answers) = made_up(page, today, places, &mut self.chance) {
                    all.extend(answers);
                }
            }
            return Some((who(&Name::new(APPLICANT), case), Command::Fill { answers: Json::Object(all) }));
        }
        let open: Vec<_> = state.actions.iter().filter(|action| !action.roles().is_empty()).collect();
        if open.is_empty() {
            return None;
        }
        let action = open[self.pick(open.len())];
        let role = action.roles()[self.pick(action.roles().len())].value.clone();
        let page = action.asks.as_ref().and_then(|page| service.form.page(page));
        let answers = page.map_or_else(command::no_answers, |page| made_up(page, today, places, &mut self.chance));
        assert!(!matches!(action.assign, Assign::Required), "nobody is named in these towns");
        let seen = self.in_hundred(30).then_some(case.version);
        let (action, comment) = (action.name.clone(), "said".to_owned());
        Some((who(&role, case), Command::Act { action, comment, answers, assignee: None, seen, flags: Vec::new() }))
    }
}

/// Whether a case could go no further after an action.
fn ends(service: &Service, case: &Case, action: &str) -> bool {
    let workflow = &service.workflow;
    let state = workflow.state(&case.state);
    let to = state.and_then(|state| state.action(action)).and_then(|action| workflow.state(&action.to));
    to.is_none_or(|state| state.end.is_some())
}

fn who(role: &Name, case: &Case) -> Actor {
    if **role == *APPLICANT {
        return Actor { person: case.applicant.clone(), kind: ActorKind::Citizen, roles: Vec::new() };
    }
    Actor { person: officer(role), kind: ActorKind::Employee, roles: vec![role.clone()] }
}

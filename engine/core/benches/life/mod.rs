//! A case led from its opening to its grant, for measurements: each step with everything that the
//! decision is told, so that it can be decided again and again.

use std::collections::BTreeMap;
use std::path::Path;

use engine::base::{Moment, Money, Name};
use engine::billing::{ONLINE, Part, Payment};
use engine::case::{Actor, ActorKind, Assignee, Case, Command, Context, Outcome, Refusal, bill, decide, open};
use engine::form::FieldError;
use engine::registry::{Record, Serials};
use engine::scenario::answers::made_up;
use engine::scenario::walk::Seeded;
use engine::service::Service;
use engine::source::Bundle;
use engine::tenant::Tenant;
use engine::workflow::{APPLICANT, Action, Assign, End, Workflow};
use serde_json::{Map, Value as Json};

/// Seeds that are tried before a service is given up.
const TRIES: u64 = 200;
/// Steps after which a life leads nowhere.
const MOST: usize = 40;

/// The shipped definitions.
pub(crate) fn bundle() -> Bundle {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().find(|folder| folder.join("definitions").is_dir());
    let root = root.expect("the package lies in the workspace").join("definitions");
    let mut bundle = Bundle::default();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the definitions are there") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).expect("below the root").to_string_lossy().into_owned();
                bundle.add(&name, std::fs::read(&path).expect("readable"));
            }
        }
    }
    bundle
}

/// One step.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// `save`, `submit`, `forward`, `approve` (a fee is assessed), `pay`.
    pub(crate) what: &'static str,
    pub(crate) before: Case,
    pub(crate) actor: Actor,
    pub(crate) command: Command,
    pub(crate) now: Moment,
    record: Option<Record>,
    serials: Serials,
}

impl Step {
    /// Decides the step.
    pub(crate) fn decide(&self, service: &Service, tenant: &Tenant) -> Result<Outcome, Refusal> {
        decide(service, &self.before, &self.actor, &self.command, self.context(tenant))
    }

    /// What the decision is told.
    pub(crate) fn context<'a>(&'a self, tenant: &'a Tenant) -> Context<'a> {
        Context::new(self.now, tenant).about(self.record.as_ref(), Money::ZERO).drawing(self.serials.clone())
    }
}

/// A life of a case that ends with what was asked for, unless chance finds none: of a case that waits for a record of
/// another service, or for others.
pub(crate) fn life(service: &Service, tenant: &Tenant, now: Moment) -> Option<Vec<Step>> {
    (0..TRIES).find_map(|seed| Life::begin(service, tenant, now, seed)?.led())
}

struct Life<'a> {
    service: &'a Service,
    tenant: &'a Tenant,
    now: Moment,
    chance: Seeded,
    case: Case,
    record: Option<Record>,
    serials: Serials,
    steps: Vec<Step>,
}

impl<'a> Life<'a> {
    fn begin(service: &'a Service, tenant: &'a Tenant, now: Moment, seed: u64) -> Option<Self> {
        let context = Context::new(now, tenant);
        let case = open(service, "case", APPLICANT, &service.language, &context).ok()?;
        let chance = Seeded(seed);
        let serials = Serials::default();
        Some(Self { service, tenant, now, chance, case, record: None, serials, steps: Vec::new() })
    }

    fn led(mut self) -> Option<Vec<Step>> {
        self.fill()?;
        let far = distances(&self.service.workflow);
        while self.steps.len() < MOST {
            let state = self.service.workflow.state(&self.case.state)?;
            if state.end.is_some() {
                return (state.end == Some(End::Granted)).then_some(self.steps);
            }
            let owed = bill(self.service, &self.case, self.now.day()).map(|bill| bill.total).unwrap_or_default();
            if owed > Money::ZERO {
                self.take("pay", Actor::system(), payment(owed, self.now))?;
                continue;
            }
            let mut actions: Vec<&Action> = state.actions.iter().filter(|action| !action.roles().is_empty()).collect();
            actions.sort_by_key(|action| far.get(&action.to.value).copied().unwrap_or(usize::MAX));
            actions.into_iter().find_map(|action| self.act(action))?;
        }
        None
    }

    /// Answers the applicant's pages one by one, as a citizen does, with what the form accepts as a whole.
    fn fill(&mut self) -> Option<()> {
        let pages: Vec<_> = self.service.form.all_pages().filter(|page| page.by.is_none()).collect();
        let mut answers = Json::Object(Map::new());
        for page in &pages {
            let made = made_up(page, self.now.day(), &self.tenant.places, &mut self.chance);
            if let (Json::Object(all), Json::Object(own)) = (&mut answers, made) {
                all.extend(own);
            }
        }
        let filled = self.accepted(answers)?;
        for page in pages {
            let own: Map<String, Json> = page
                .fields
                .iter()
                .filter_map(|field| Some((field.name.to_string(), filled.get(field.name.as_str())?.clone())))
                .collect();
            if !own.is_empty() {
                let command = Command::Save { page: page.name.clone(), answers: Json::Object(own) };
                self.take("save", citizen(), command)?;
            }
        }
        Some(())
    }

    /// The answers without what the conditions turn out not to ask.
    fn accepted(&self, mut answers: Json) -> Option<Json> {
        for _ in 0..4 {
            let context = Context::new(self.now, self.tenant);
            let command = Command::Fill { answers: answers.clone() };
            match decide(self.service, &self.case, &citizen(), &command, context) {
                Ok(outcome) => return Some(outcome.case.answers.to_json()),
                Err(Refusal::Answers(errors)) => without(&mut answers, &errors),
                Err(_) => return None,
            }
        }
        None
    }

    fn act(&mut self, action: &Action) -> Option<()> {
        let role = &action.roles().first()?.value;
        let actor = if *role == *APPLICANT { citizen() } else { employee(role) };
        let next = self.service.workflow.state(&action.to)?;
        let named = matches!(action.assign, Assign::Required | Assign::Optional);
        let assignee = named.then(|| next.officers().next().cloned()).flatten();
        let assignee = assignee.map(|role| Assignee { person: format!("employee_{role}"), roles: vec![role] });
        let page = action.asks.as_ref().and_then(|page| self.service.form.page(page));
        let what = match action.demand {
            Some(_) => "approve",
            None if *role == *APPLICANT => "submit",
            None => "forward",
        };
        (0..20).find_map(|_| {
            let answers = page.map_or_else(engine::case::command::no_answers, |page| {
                made_up(page, self.now.day(), &self.tenant.places, &mut self.chance)
            });
            let command = Command::Act {
                action: action.name.clone(),
                comment: "In order".to_owned(),
                answers,
                assignee: assignee.clone(),
                seen: None,
                flags: Vec::new(),
            };
            self.take(what, actor.clone(), command)
        })
    }

    fn take(&mut self, what: &'static str, actor: Actor, command: Command) -> Option<()> {
        let (before, record, serials) = (self.case.clone(), self.record.clone(), self.serials.clone());
        let step = Step { what, before, actor, command, now: self.now, record, serials };
        let outcome = step.decide(self.service, self.tenant).ok()?;
        self.steps.push(step);
        self.case = outcome.case;
        self.serials = outcome.serials;
        self.record = outcome.records.into_iter().next().map(|change| change.record).or(self.record.take());
        Some(())
    }
}

/// How many actions each state is from the grant.
fn distances(workflow: &Workflow) -> BTreeMap<Name, usize> {
    let granted = workflow.states.iter().filter(|state| state.end == Some(End::Granted));
    let mut far: BTreeMap<Name, usize> = granted.map(|state| (state.name.clone(), 0)).collect();
    for _ in &workflow.states {
        for state in &workflow.states {
            let next = state.actions.iter().filter_map(|action| far.get(&action.to.value)).min().map(|next| next + 1);
            if let Some(next) = next
                && far.get(&state.name).is_none_or(|known| next < *known)
            {
                far.insert(state.name.clone(), next);
            }
        }
    }
    far
}

fn citizen() -> Actor {
    Actor { person: APPLICANT.to_owned(), kind: ActorKind::Citizen, roles: Vec::new() }
}

fn employee(role: &Name) -> Actor {
    Actor { person: format!("employee_{role}"), kind: ActorKind::Employee, roles: vec![role.clone()] }
}

fn payment(amount: Money, now: Moment) -> Command {
    let part = Part { amount, mode: ONLINE.to_owned(), reference: "REF".to_owned(), instrument: None };
    Command::Receive(Payment::of_one("payment".to_owned(), now.ms, part))
}

/// Takes away answers that the form does not accept.
fn without(answers: &mut Json, errors: &[FieldError]) {
    for error in errors {
        let pointer: String = error.path.split('.').fold(String::new(), |all, part| all + "/" + part);
        let (above, last) = pointer.rsplit_once('/').unwrap_or(("", &pointer));
        if let Some(Json::Object(map)) = answers.pointer_mut(above) {
            map.remove(last);
        }
    }
}

//! One case of an invented history: what its people do next, and when.

#![allow(clippy::format_collect, reason = "a short path")]

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use engine::base::date::MS_PER_DAY;
use engine::base::{Day, Money, Name};
use engine::billing::{ONLINE, Payment};
use engine::case::{Actor, ActorKind, Assignee, Case, Command, Context, Refusal, bill, choices};
use engine::form::Page;
use engine::registry::Record;
use engine::scenario::history::History;
use engine::scenario::walk::{Chance as _, Seeded};
use engine::service::Service;
use engine::tenant::Tenant;
use engine::workflow::{APPLICANT, Action, Assign, State};
use serde_json::{Map, Value as Json};

use super::cast::staff;
use super::specimens::Specimens;
use crate::act::{self, Opening};
use crate::app::App;
use crate::problem::Problem;
use crate::store::{cases, records};

/// Steps after which a case is left alone.
const MOST: usize = 60;

/// A case, and whoever moves it.
pub(super) struct Player {
    pub(super) tenant: Arc<Tenant>,
    pub(super) service: Arc<Service>,
    props: Props,
    person: String,
    chance: Seeded,
    /// When something happens next; `i64::MAX` for never.
    pub(super) next_ms: i64,
    /// The case, once it is open.
    pub(super) case: Option<Case>,
    steps: usize,
    /// Commands that were carried out.
    pub(super) acts: usize,
    /// Commands that were refused, by service and reason.
    pub(super) refused: BTreeMap<String, usize>,
}

/// What a player says and shows.
#[derive(Clone)]
pub(super) struct Props {
    pub(super) history: Arc<History>,
    pub(super) specimens: Arc<Specimens>,
}

impl Props {
    fn answers(&self, page: &Page, today: Day, tenant: &Tenant, chance: &mut Seeded) -> Json {
        let mut answers = self.history.answers(page, today, &tenant.places, chance);
        self.specimens.put_in(&mut answers);
        answers
    }
}

impl Player {
    pub(super) fn new(
        tenant: Arc<Tenant>,
        service: Arc<Service>,
        props: Props,
        person: String,
        next_ms: i64,
        seed: u64,
    ) -> Self {
        Self {
            tenant,
            service,
            props,
            person,
            chance: Seeded(seed),
            next_ms,
            case: None,
            steps: 0,
            acts: 0,
            refused: BTreeMap::new(),
        }
    }

    /// Does the next thing.
    pub(super) async fn play(&mut self, app: &App) -> Result<()> {
        self.steps += 1;
        match self.case.take() {
            None => self.open(app).await?,
            Some(case) => self.go_on(app, case).await?,
        }
        if self.steps > MOST {
            self.next_ms = i64::MAX;
        }
        Ok(())
    }

    /// Counts what was refused; everything else that goes wrong ends the history.
    fn went_wrong(&mut self, what: &str, problem: Problem) -> Result<()> {
        let Problem::Refused(refusal) = problem else {
            return Err(anyhow!("{what} in {}: {problem:?}", self.tenant.id));
        };
        tracing::debug!(town = self.tenant.id, what, ?refusal, "an invented command was refused");
        *self.refused.entry(format!("{}: {what}: {}", self.service.id, refusal.word())).or_default() += 1;
        Ok(())
    }

    /// Opens the case, fills in the form and submits it.
    async fn open(&mut self, app: &App) -> Result<()> {
        let record = self.record(app).await?;
        if self.service.on_record.is_some() && record.is_none() {
            self.next_ms = i64::MAX;
            return Ok(());
        }
        let applicant = record.as_ref().map_or(self.person.clone(), |(_, _, holder)| holder.clone());
        let language = self.tenant.languages.first().cloned().unwrap_or_default();
        let about = record.as_ref().map(|(registry, number, _)| (registry.as_str(), number.as_str()));
        let opening = Opening { applicant: &applicant, language: &language, record: about, key: None };
        let case = match act::open(app, &self.tenant, &self.service, opening).await {
            Ok(case) => case,
            Err(problem) => {
                self.next_ms = i64::MAX;
                return self.went_wrong("open", problem);
            }
        };
        self.acts += 1;
        self.person = applicant;
        let today = app.clock.now(&self.tenant).day();
        let mut answers = case.answers.to_json();
        for page in self.service.form.pages.iter().filter(|page| page.by.is_none()) {
            let made = self.props.answers(page, today, &self.tenant, &mut self.chance);
            if let (Json::Object(all), Json::Object(own)) = (&mut answers, made) {
                for (name, value) in own {
                    all.entry(name).or_insert(value);
                }
            }
        }
        let filled = self.fill(app, &case, answers).await?;
        self.case = Some(filled.unwrap_or(case));
        self.later(1, 30);
        Ok(())
    }

    /// Fills in the form, without what the conditions turn out not to ask.
    async fn fill(&mut self, app: &App, case: &Case, mut answers: Json) -> Result<Option<Case>> {
        let mut last = None;
        for _ in 0..3 {
            let command = Command::Fill { answers: answers.clone() };
            match act::act(app, &self.tenant, &case.id, &self.citizen(), &command, None).await {
                Ok(acted) => {
                    self.acts += 1;
                    return Ok(Some(acted.case));
                }
                Err(Problem::Refused(Refusal::Answers(errors))) => {
                    drop_asked_in_vain(&mut answers, &errors);
                    last = Some(Refusal::Answers(errors));
                }
                Err(problem) => {
                    self.went_wrong("fill", problem)?;
                    return Ok(None);
                }
            }
        }
        if let Some(refusal) = last {
            self.went_wrong("fill", refusal.into())?;
        }
        Ok(None)
    }

    /// A record of the registry that can be found, for services that are about one.
    async fn record(&mut self, app: &App) -> Result<Option<(String, String, String)>> {
        let Some(on_record) = &self.service.on_record else { return Ok(None) };
        let mut tx = app.store.read(&self.tenant.id).await?;
        let search = records::Search { registry: &on_record.registry, ..records::Search::default() };
        let (found, _) = records::search(&mut tx, &search).await?;
        let fitting: Vec<_> = found.into_iter().filter(|record| !record.has_ended()).collect();
        let index = usize::try_from(self.chance.below(u64::try_from(fitting.len()).unwrap_or(0))).unwrap_or(0);
        Ok(fitting.get(index).map(|record| (record.registry.to_string(), record.number.clone(), record.holder.clone())))
    }

    /// Takes one of the actions that are open to people, pays what is due, or waits for the clock.
    async fn go_on(&mut self, app: &App, case: Case) -> Result<()> {
        let (mut case, record) = self.as_it_is(app, case).await?;
        let state_before = case.state.clone();
        match act::follow_up(app, &self.tenant, &mut case).await {
            Ok(done) => self.acts += done,
            Err(problem) => self.went_wrong("clock", problem)?,
        }
        let service = Arc::clone(&self.service);
        let Some(state) = service.workflow.state(&case.state) else { return Ok(()) };
        let owed = bill(&service, &case, app.clock.now(&self.tenant).day()).map(|bill| bill.total).unwrap_or_default();
        let command = if owed.paise() > 0 && self.chance.below(10) < 8 {
            Some(self.payment(&service, owed, &case, app.clock.now_ms()))
        } else {
            self.action(app, &service, state, &case, record.as_ref())
        };
        if let Some((actor, command)) = command {
            match act::act(app, &self.tenant, &case.id, &actor, &command, None).await {
                Ok(acted) => {
                    case = acted.case;
                    self.acts += 1;
                }
                Err(problem) => self.went_wrong(command.word(), problem)?,
            }
        }
        let moved = state_before != case.state;
        self.schedule(&case, app.clock.now_ms(), moved);
        self.case = Some(case);
        Ok(())
    }

    /// The case with the record it is about. Nobody but its player changes a case, except where
    /// another case changes the record of both: then the clock may have to look at it sooner.
    async fn as_it_is(&self, app: &App, case: Case) -> Result<(Case, Option<Record>)> {
        if case.record.is_none() {
            return Ok((case, None));
        }
        let mut tx = app.store.read(&self.tenant.id).await?;
        let case = cases::load(&mut tx, &case.id).await?.ok_or_else(|| anyhow!("the case {} is gone", case.id))?;
        let record = act::subject(&mut tx, &case).await?;
        Ok((case, record))
    }

    /// Money, through the gateway or at the counter.
    fn payment(&mut self, service: &Service, amount: Money, case: &Case, now_ms: i64) -> (Actor, Command) {
        let modes: Vec<&String> = service.chart.collection.keys().collect();
        let mode = modes.get(usize::try_from(self.chance.below(u64::try_from(modes.len()).unwrap_or(1))).unwrap_or(0));
        let mode = mode.map_or_else(|| ONLINE.to_owned(), |mode| (*mode).clone());
        let reference = format!("{:06}", self.chance.between(1, 999_999));
        let counter = service.billing.iter().flat_map(|billing| &billing.collects).next();
        let (mode, actor) = match counter {
            Some(role) if mode != ONLINE => (mode, self.actor(&role.value)),
            _ => (ONLINE.to_owned(), Actor::system()),
        };
        let key = format!("history-{}-{}", case.id, case.version);
        (actor, Command::Receive(Payment { key, amount, mode, reference, begun_ms: now_ms }))
    }

    /// An action that somebody may take now, and that the history gives a weight.
    fn action(
        &mut self,
        app: &App,
        service: &Service,
        state: &State,
        case: &Case,
        record: Option<&Record>,
    ) -> Option<(Actor, Command)> {
        let context = Context::new(app.clock.now(&self.tenant), &self.tenant).about(record, Money::ZERO);
        let mut roles: Vec<&Name> = state.actions.iter().flat_map(Action::roles).map(|role| &role.value).collect();
        roles.sort();
        roles.dedup();
        let mut open: Vec<(&Action, Actor)> = Vec::new();
        for role in roles {
            let actor = self.actor(role);
            for choice in choices(service, case, &actor, context.clone()) {
                if choice.refused.is_none() && !open.iter().any(|(known, _)| known.name == choice.action.name) {
                    open.push((choice.action, actor.clone()));
                }
            }
        }
        let names: Vec<&Name> = open.iter().map(|(action, _)| &action.name).collect();
        let chosen = self.props.history.choose(&names, state.end.is_some(), &mut self.chance)?.clone();
        let (action, actor) = open.into_iter().find(|(action, _)| action.name == chosen)?;
        let today = context.now.day();
        let page = action.asks.as_ref().and_then(|page| service.form.page(page));
        let answers = page.map_or_else(
            || Json::Object(Map::new()),
            |page| self.props.answers(page, today, &self.tenant, &mut self.chance),
        );
        let next = service.workflow.state(&action.to)?;
        let assignee =
            matches!(action.assign, Assign::Required | Assign::Optional).then(|| next.officers().next()).flatten();
        let assignee = assignee.map(|role| Assignee { person: staff(role), roles: vec![role.clone()] });
        let comment = self.props.history.comment(&action.name, &mut self.chance).to_owned();
        let comment = if comment.is_empty() && action.comment == engine::workflow::Comment::Required {
            "—".to_owned()
        } else {
            comment
        };
        Some((
            actor,
            Command::Act { action: action.name.clone(), comment, answers, assignee, seen: None, flags: Vec::new() },
        ))
    }

    fn actor(&self, role: &Name) -> Actor {
        if *role == *APPLICANT {
            return self.citizen();
        }
        Actor { person: staff(role), kind: ActorKind::Employee, roles: vec![role.clone()] }
    }

    fn citizen(&self) -> Actor {
        Actor { person: self.person.clone(), kind: ActorKind::Citizen, roles: Vec::new() }
    }

    /// When the case goes on: people take their time, and the clock is on time. What has just ended
    /// is looked at once more, within some days; after that it is left to the clock.
    fn schedule(&mut self, case: &Case, now_ms: i64, moved: bool) {
        self.next_ms = now_ms;
        let Some(state) = self.service.workflow.state(&case.state) else { return };
        let for_people = state.actions.iter().any(|action| !action.roles().is_empty());
        let wake_ms = case.wake_ms.map_or(i64::MAX, |wake_ms| wake_ms.max(now_ms + 1));
        let over = state.end.is_some();
        if (over && !(moved && for_people)) || (!for_people && wake_ms < i64::MAX) {
            self.next_ms = wake_ms;
            return;
        }
        let most = if over { 9 * 24 * 60 } else { 4 * 24 * 60 };
        self.later(60, most);
        self.next_ms = self.next_ms.min(wake_ms);
    }

    /// Puts the next step so many minutes off, at a time of day at which people are awake.
    fn later(&mut self, least: i64, most: i64) {
        let minutes = self.chance.between(least, most);
        let at_ms = self.next_ms + minutes * 60_000;
        let now = engine::base::Moment::new(at_ms, self.tenant.calendar.offset_minutes);
        let night = if now.minute() < 8 * 60 { 8 * 60 - now.minute() + self.chance.between(60, 300) } else { 0 };
        let late = if now.minute() > 20 * 60 { MS_PER_DAY / 2 } else { 0 };
        self.next_ms = at_ms + night * 60_000 + late;
    }
}

/// Takes away answers to what is not asked; keeps the rest, to try once more.
fn drop_asked_in_vain(answers: &mut Json, errors: &[engine::form::FieldError]) {
    for error in errors {
        let mut parts: Vec<&str> = error.path.split('.').collect();
        let Some(last) = parts.pop() else { continue };
        let pointer: String = parts.iter().map(|part| format!("/{part}")).collect();
        if let Some(Json::Object(map)) = answers.pointer_mut(&pointer) {
            map.remove(last);
        }
    }
}

//! One case of an invented history: what its people do next, and when.

#![allow(clippy::format_collect, reason = "a short path")]

use std::sync::Arc;

use anyhow::Result;
use engine::base::date::MS_PER_DAY;
use engine::base::{Day, Money, Name};
use engine::billing::{ONLINE, Payment};
use engine::case::{Actor, ActorKind, Assignee, Case, Command, Context, bill, choices};
use engine::form::Page;
use engine::registry::Serials;
use engine::scenario::history::History;
use engine::scenario::walk::{Chance as _, Seeded};
use engine::service::Service;
use engine::tenant::Tenant;
use engine::workflow::{APPLICANT, Action, Assign, State};
use serde_json::{Map, Value as Json};

use super::cashier;
use super::cast::staff;
use super::specimens::Specimens;
use crate::act::{self, Opening};
use crate::app::App;
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
    case: Option<Case>,
    steps: usize,
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
        Self { tenant, service, props, person, chance: Seeded(seed), next_ms, case: None, steps: 0 }
    }

    /// Does the next thing; returns how many commands were carried out.
    pub(super) async fn play(&mut self, app: &App) -> Result<usize> {
        self.steps += 1;
        let done = match self.case.take() {
            None => self.open(app).await?,
            Some(case) => self.go_on(app, case).await?,
        };
        if self.steps > MOST {
            self.next_ms = i64::MAX;
        }
        Ok(done)
    }

    /// Opens the case, fills in the form and submits it.
    async fn open(&mut self, app: &App) -> Result<usize> {
        let record = self.record(app).await?;
        if self.service.on_record.is_some() && record.is_none() {
            self.next_ms = i64::MAX;
            return Ok(0);
        }
        let applicant = record.as_ref().map_or(self.person.clone(), |(_, _, holder)| holder.clone());
        let language = self.tenant.languages.first().cloned().unwrap_or_default();
        let about = record.as_ref().map(|(registry, number, _)| (registry.as_str(), number.as_str()));
        let opening = Opening { applicant: &applicant, language: &language, record: about, key: None };
        let Ok(case) = act::open(app, &self.tenant, &self.service, opening).await else {
            self.next_ms = i64::MAX;
            return Ok(0);
        };
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
        let acted = self.fill(app, &case, answers).await;
        self.case = Some(acted.unwrap_or(case));
        self.later(1, 30);
        Ok(2)
    }

    /// Fills in the form, without what the conditions turn out not to ask.
    async fn fill(&mut self, app: &App, case: &Case, mut answers: Json) -> Option<Case> {
        for _ in 0..3 {
            let command = Command::Fill { answers: answers.clone() };
            match act::act(app, &self.tenant, &case.id, &self.citizen(), &command, None).await {
                Ok(acted) => return Some(acted.case),
                Err(crate::problem::Problem::Refused(engine::case::Refusal::Answers(errors))) => {
                    drop_asked_in_vain(&mut answers, &errors);
                }
                Err(_) => return None,
            }
        }
        None
    }

    /// A record of the registry that can be found, for services that are about one.
    async fn record(&mut self, app: &App) -> Result<Option<(String, String, String)>> {
        let Some(on_record) = &self.service.on_record else { return Ok(None) };
        let mut tx = app.store.read(&self.tenant.id).await?;
        let search = records::Search { registry: &on_record.registry, ..records::Search::default() };
        let (found, _) = records::search(&mut tx, &search).await?;
        let fitting: Vec<_> = found.into_iter().filter(|record| !record.revoked).collect();
        let index = usize::try_from(self.chance.below(u64::try_from(fitting.len()).unwrap_or(0))).unwrap_or(0);
        Ok(fitting.get(index).map(|record| (record.registry.to_string(), record.number.clone(), record.holder.clone())))
    }

    /// Takes one of the actions that are open to people, pays what is due, or waits for the clock.
    async fn go_on(&mut self, app: &App, case: Case) -> Result<usize> {
        let mut tx = app.store.read(&self.tenant.id).await?;
        let Some(mut case) = cases::load(&mut tx, &case.id).await? else { return Ok(0) };
        let record = act::subject(&mut tx, &case).await?;
        drop(tx);
        let mut done = act::follow_up(app, &self.tenant, &mut case).await.unwrap_or(0);
        let service = Arc::clone(&self.service);
        let Some(state) = service.workflow.state(&case.state) else { return Ok(done) };
        let owed = bill(&service, &case, app.clock.now(&self.tenant).day()).map(|bill| bill.total).unwrap_or_default();
        let command = if owed.paise() > 0 && self.chance.below(10) < 8 {
            Some(self.payment(&service, owed, &case, app.clock.now_ms()))
        } else {
            self.action(app, &service, state, &case, record.as_ref())
        };
        if let Some((actor, command)) = command
            && let Ok(acted) = act::act(app, &self.tenant, &case.id, &actor, &command, None).await
        {
            case = acted.case;
            done += 1;
        }
        self.schedule(&case, app.clock.now_ms());
        self.case = Some(case);
        Ok(done)
    }

    /// Money, through the gateway or at the counter.
    fn payment(&mut self, service: &Service, amount: Money, case: &Case, now_ms: i64) -> (Actor, Command) {
        let modes: Vec<&String> = service.chart.collection.keys().collect();
        let mode = modes.get(usize::try_from(self.chance.below(u64::try_from(modes.len()).unwrap_or(1))).unwrap_or(0));
        let mode = mode.map_or_else(|| ONLINE.to_owned(), |mode| (*mode).clone());
        let reference = format!("{:06}", self.chance.between(1, 999_999));
        let actor = if mode == ONLINE { Actor::system() } else { self.actor(&cashier()) };
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
        record: Option<&engine::registry::Record>,
    ) -> Option<(Actor, Command)> {
        let context =
            Context { now: app.clock.now(&self.tenant), tenant: &self.tenant, record, serials: Serials::default() };
        let mut open: Vec<(&Action, Actor)> = Vec::new();
        for action in &state.actions {
            let actors = action.roles().iter().map(|role| self.actor(&role.value));
            let able = actors.into_iter().find(|actor| {
                choices(service, case, actor, context.clone())
                    .iter()
                    .any(|choice| choice.action.name == action.name && choice.refused.is_none())
            });
            open.extend(able.map(|actor| (action, actor)));
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

    /// When the case goes on: people take their time, the clock is on time, and what has ended
    /// is left alone, mostly.
    fn schedule(&mut self, case: &Case, now_ms: i64) {
        let ended = self
            .service
            .workflow
            .state(&case.state)
            .is_some_and(|state| state.end.is_some() && state.actions.is_empty());
        if ended {
            self.next_ms = i64::MAX;
            return;
        }
        self.next_ms = now_ms;
        let waits = self
            .service
            .workflow
            .state(&case.state)
            .is_some_and(|state| state.actions.iter().all(|action| action.roles().is_empty()));
        let over = self.service.workflow.state(&case.state).is_some_and(|state| state.end.is_some());
        match case.wake_ms {
            Some(wake_ms) if waits => self.next_ms = wake_ms.max(now_ms + 1),
            Some(wake_ms) if over => self.next_ms = wake_ms.max(now_ms + 1).min(now_ms + 15 * MS_PER_DAY),
            None if over => self.next_ms = now_ms + 15 * MS_PER_DAY,
            _ => self.later(60, 4 * 24 * 60),
        }
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

//! One case of an invented history: what its people do next, and when.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use engine::base::date::MS_PER_DAY;
use engine::base::{Moment, Money, Name};
use engine::billing::{Instrument, ONLINE, Part, Payment, is_instrument};
use engine::case::{Actor, ActorKind, Assignee, Case, Command, bill, choices};
use engine::form;
use engine::registry::Record;
use engine::scenario::history::History;
use engine::scenario::walk::{Chance as _, Seeded};
use engine::service::Service;
use engine::tenant::Tenant;
use engine::workflow::{APPLICANT, Action, Assign, State};
use serde_json::{Map, Value as Json};

use super::cast::{Citizen, staff};
use super::fill;
use super::specimens::Specimens;
use super::subject;
use super::tills;
use super::way::Way;
use crate::act::{self, Around, Opening};
use crate::app::App;
use crate::problem::Problem;
use crate::store::{cases, people};

/// Steps after which a case is left alone.
const MOST: usize = 60;
/// How often a record that fits is looked for, and how many days apart at most.
const LOOKS: (usize, i64) = (4, 25);

/// The bank of all cheques of the history.
const INVENTED_BANK: &str = "DEMO0000001";

/// A case, and whoever moves it.
pub(super) struct Player {
    pub(super) tenant: Arc<Tenant>,
    pub(super) service: Arc<Service>,
    pub(super) props: Props,
    pub(super) person: Citizen,
    pub(super) chance: Seeded,
    /// The state in which the case is to wait at the end, if it is one of those that wait.
    way: Option<Way>,
    /// Whether it stands there, and was given to somebody if it was to be.
    pub(super) arrived: bool,
    /// When what is owed is paid, once that was decided.
    pub(super) pays_ms: Option<i64>,
    /// When something happens next; `i64::MAX` for never.
    pub(super) next_ms: i64,
    /// The case, once it is open.
    pub(super) case: Option<Case>,
    pub(super) steps: usize,
    /// Records that answers may name, by registry.
    pub(super) nameable: BTreeMap<Name, Vec<String>>,
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

/// Whether an action of a state asks for the number of a record.
fn names_records(service: &Service, state: &State) -> bool {
    let pages = state.actions.iter().filter_map(|action| service.form.page(action.asks.as_ref()?));
    pages.flat_map(|page| &page.fields).any(form::names_record)
}

/// A case to come: when, in which town, by whom, and where it is to wait.
pub(super) struct Entry {
    pub(super) tenant: Arc<Tenant>,
    pub(super) service: Arc<Service>,
    pub(super) person: Citizen,
    pub(super) opened_ms: i64,
    pub(super) way: Option<Way>,
    pub(super) seed: u64,
}

impl Player {
    pub(super) fn new(entry: Entry, props: Props) -> Self {
        Self {
            tenant: entry.tenant,
            service: entry.service,
            props,
            person: entry.person,
            chance: Seeded(entry.seed),
            way: entry.way,
            arrived: false,
            pays_ms: None,
            next_ms: entry.opened_ms,
            case: None,
            steps: 0,
            nameable: BTreeMap::new(),
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
    pub(super) fn went_wrong(&mut self, what: &str, problem: Problem) -> Result<()> {
        let Problem::Refused(refusal) = problem else {
            return Err(anyhow!("{what} in {}: {problem:?}", self.tenant.id));
        };
        tracing::debug!(town = self.tenant.id, what, ?refusal, "an invented command was refused");
        *self.refused.entry(format!("{}: {what}: {}", self.service.id, refusal.word())).or_default() += 1;
        Ok(())
    }

    /// Opens the case, fills in the form and submits it.
    async fn open(&mut self, app: &App) -> Result<()> {
        let service = Arc::clone(&self.service);
        let mut about = None;
        if let Some(on_record) = &service.on_record {
            let Some(record) = self.record(app).await? else {
                self.look_again();
                return Ok(());
            };
            if on_record.holder_only {
                self.person = self.holder(app, &record.holder).await?;
            }
            about = Some(record);
        }
        if !self.finds_records(app, about.as_ref()).await? {
            self.look_again();
            return Ok(());
        }
        let language = self.tenant.languages.first().cloned().unwrap_or_default();
        let record = about.as_ref().map(|record| (record.registry.as_str(), record.number.as_str()));
        let opening = Opening { applicant: &self.person.id, language: &language, record, key: None };
        let case = match act::open(app, &self.tenant, &service, opening).await {
            Ok(case) => case,
            Err(problem) => {
                self.next_ms = i64::MAX;
                return self.went_wrong("open", problem);
            }
        };
        self.acts += 1;
        let answers = self.application(app, &case);
        let filled = self.fill(app, &case, answers).await?;
        self.case = Some(filled.unwrap_or(case));
        self.later(1, 30);
        Ok(())
    }

    /// A record that fits, for services that are about one.
    async fn record(&mut self, app: &App) -> Result<Option<Record>> {
        let (tenant, service) = (Arc::clone(&self.tenant), Arc::clone(&self.service));
        let nothing_owed = self.props.history.nothing_owed;
        subject::fitting(app, (&tenant, &service), &self.person.id, nothing_owed, &mut self.chance).await
    }

    /// Finds records that answers may name. Whether there are some wherever one has to be named.
    async fn finds_records(&mut self, app: &App, about: Option<&Record>) -> Result<bool> {
        let (tenant, service) = (Arc::clone(&self.tenant), Arc::clone(&self.service));
        let (own, person) = (self.props.history.own_records, (self.person.id.as_str(), about));
        self.nameable = subject::nameable(app, (&tenant, &service), person, own, &mut self.chance).await?;
        let is_there = |registry: &Name| self.nameable.get(registry).is_some_and(|numbers| !numbers.is_empty());
        Ok(service.form.all_pages().all(|page| fill::needed(&page.fields).into_iter().all(is_there)))
    }

    /// There was no record that fits: there may be one later.
    fn look_again(&mut self) {
        let (most, days) = LOOKS;
        if self.steps > most {
            self.next_ms = i64::MAX;
        } else {
            self.later(24 * 60, days * 24 * 60);
        }
    }

    async fn holder(&self, app: &App, id: &str) -> Result<Citizen> {
        let mut tx = app.store.read(&self.tenant.id).await?;
        let (name, mobile) = people::holder(&mut tx, &self.tenant.state, id).await?.unwrap_or_default();
        Ok(Citizen { id: id.to_owned(), name, mobile: mobile.unwrap_or_default() })
    }

    /// Takes one of the actions that are open to people, pays what is due, or waits for the clock.
    async fn go_on(&mut self, app: &App, case: Case) -> Result<()> {
        let (mut case, around) = self.as_it_is(app, case).await?;
        let state_before = case.state.clone();
        match act::follow_up(app, &self.tenant, &mut case).await {
            Ok(done) => self.acts += done,
            Err(problem) => self.went_wrong("clock", problem)?,
        }
        let service = Arc::clone(&self.service);
        let Some(state) = service.workflow.state(&case.state) else { return Ok(()) };
        let owed = bill(&service, &case, app.clock.now(&self.tenant).day()).map(|bill| bill.total).unwrap_or_default();
        let now_ms = app.clock.now_ms();
        let waits = self.waits(&case);
        if names_records(&service, state) {
            // Of those that were found when the case was opened some may have ended.
            self.finds_records(app, around.record.as_ref()).await?;
        }
        let command = if self.pays(owed, &case, now_ms) {
            Some(self.payment(&service, owed, &case, now_ms))
        } else if waits {
            self.given_out(state, &case)
        } else if self.pays_ms.is_some() {
            None
        } else {
            self.action(app, &service, state, &case, &around)
        };
        let command = match command {
            Some((actor, _)) if actor.kind == ActorKind::Employee && self.office_is_closed(app) => {
                self.case = Some(case);
                return Ok(());
            }
            command => command,
        };
        self.arrived = waits;
        if let Some((actor, command)) = command {
            if actor.kind == ActorKind::Employee && matches!(command, Command::Receive(_)) {
                tills::ready(app, &self.tenant, &actor.person).await?;
            }
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

    /// Whether the case stands where it is to wait.
    pub(super) fn waits(&self, case: &Case) -> bool {
        self.way.as_ref().is_some_and(|way| way.to == case.state)
    }

    /// Whether what is owed is paid now. People make up their mind once; a case on its way to where it is
    /// to wait is paid at once, and one that is there is not.
    fn pays(&mut self, owed: Money, case: &Case, now_ms: i64) -> bool {
        if owed.paise() <= 0 {
            self.pays_ms = None;
            return false;
        }
        if let Some(way) = &self.way {
            return way.to != case.state;
        }
        let days = &self.props.history.pays_after;
        let index = usize::try_from(self.chance.below(u64::try_from(days.len()).unwrap_or(0))).unwrap_or(0);
        let Some(days) = days.get(index) else { return self.chance.below(10) < 8 };
        let minutes = self.chance.between(0, 8 * 60);
        let pays_ms = *self.pays_ms.get_or_insert(now_ms + days * MS_PER_DAY + minutes * 60_000);
        self.pays_ms = Some(pays_ms).filter(|pays_ms| *pays_ms > now_ms);
        self.pays_ms.is_none()
    }

    /// Where a case waits, every second is somebody's already.
    fn given_out(&mut self, state: &State, case: &Case) -> Option<(Actor, Command)> {
        if self.arrived || case.assignee.is_some() || self.chance.below(2) == 0 {
            return None;
        }
        let role = office(&self.service, state)?;
        let to = Some(Assignee { person: staff(role), roles: vec![role.clone()] });
        Some((self.actor(role), Command::Assign { to }))
    }

    /// Takes a case of this player as it is now: a bill of a new period changed it.
    pub(super) async fn look(&mut self, app: &App) -> Result<()> {
        let Some(case) = self.case.take() else { return Ok(()) };
        let (now_ms, before) = (app.clock.now_ms(), case.version);
        let (case, _) = self.as_it_is(app, case).await?;
        if case.version != before {
            self.steps = 0;
            self.pays_ms = None;
            self.schedule(&case, now_ms, true);
        }
        self.case = Some(case);
        Ok(())
    }

    /// The case with the record it is about, those that its answers name, and what is owed on them. Nobody
    /// but its player changes a case, except where another case changes the record of both: then the clock
    /// may have to look at it sooner.
    async fn as_it_is(&self, app: &App, case: Case) -> Result<(Case, Around)> {
        if case.record.is_none() && !self.service.names_records() {
            return Ok((case, Around::default()));
        }
        let mut tx = app.store.read(&self.tenant.id).await?;
        let case = cases::load(&mut tx, &case.id).await?.ok_or_else(|| anyhow!("the case {} is gone", case.id))?;
        let around = Around::load(app, &self.tenant, &mut tx, (&self.service, &case), None)
            .await
            .map_err(|stop| anyhow!("what lies around a case: {:?}", Problem::from(stop)))?;
        Ok((case, around))
    }

    /// Money, through the gateway or at the counter.
    fn payment(&mut self, service: &Service, amount: Money, case: &Case, now_ms: i64) -> (Actor, Command) {
        let takes = |mode: &str| mode == ONLINE || service.billing.as_ref().is_none_or(|billing| billing.takes(mode));
        let modes: Vec<&String> = service.chart.collection.keys().filter(|mode| takes(mode)).collect();
        let mode = modes.get(usize::try_from(self.chance.below(u64::try_from(modes.len()).unwrap_or(1))).unwrap_or(0));
        let mode = mode.map_or_else(|| ONLINE.to_owned(), |mode| (*mode).clone());
        let reference = format!("{:06}", self.chance.between(1, 999_999));
        let counter = service.billing.iter().flat_map(|billing| &billing.collects).next();
        let (mode, actor) = match counter {
            Some(role) if mode != ONLINE => (mode, self.actor(&role.value)),
            _ => (ONLINE.to_owned(), Actor::system()),
        };
        let key = format!("history-{}-{}", case.id, case.version);
        let dated = Moment::new(now_ms, self.tenant.calendar.offset_minutes).day();
        let instrument = is_instrument(&mode).then(|| Instrument {
            number: reference.clone(),
            bank: INVENTED_BANK.to_owned(),
            dated,
        });
        let part = Part { amount, mode, reference, instrument };
        (actor, Command::Receive(Payment::of_one(key, now_ms, part)))
    }

    /// An action that somebody may take now, and that the history gives a weight.
    fn action(
        &mut self,
        app: &App,
        service: &Service,
        state: &State,
        case: &Case,
        around: &Around,
    ) -> Option<(Actor, Command)> {
        let tenant = Arc::clone(&self.tenant);
        let context = around.context(app.clock.now(&tenant), &tenant);
        let mut roles: Vec<&Name> = state.actions.iter().flat_map(Action::roles).map(|role| &role.value).collect();
        roles.sort();
        roles.dedup();
        // Nobody plays those who hold a record: their cases go on without them.
        roles.retain(|role| !service.is_held(role));
        let mut open: Vec<(&Action, Actor)> = Vec::new();
        for role in roles {
            let actor = self.actor(role);
            for choice in choices(service, case, &actor, context.clone()) {
                if choice.refused.is_none() && !open.iter().any(|(known, _)| known.name == choice.action.name) {
                    open.push((choice.action, actor.clone()));
                }
            }
        }
        if let Some(way) = &self.way
            && open.iter().any(|(action, _)| way.is_nearer(&case.state, &action.to))
        {
            open.retain(|(action, _)| way.is_nearer(&case.state, &action.to));
        }
        let names: Vec<&Name> = open.iter().map(|(action, _)| &action.name).collect();
        let chosen = self.props.history.choose(&names, state.end.is_some(), &mut self.chance)?.clone();
        let (action, actor) = open.into_iter().find(|(action, _)| action.name == chosen)?;
        let page = action.asks.as_ref().and_then(|page| service.form.page(page));
        let mut answers =
            page.map_or_else(|| Json::Object(Map::new()), |page| self.answers(app, page, &case.answers.to_json()));
        // What was made up is no number of a stock: whoever acts gives out the next.
        if let Json::Object(map) = &mut answers {
            for uses in &action.uses {
                map.remove(uses.question.value.as_str());
            }
        }
        if let Some(page) = page.filter(|page| self.props.history.keeps.iter().any(|kept| page.name == **kept)) {
            fill::keep_what_stands(page, &mut answers, case, around.record.as_ref());
        }
        let next = service.workflow.state(&action.to)?;
        let assignee =
            matches!(action.assign, Assign::Required | Assign::Optional).then(|| office(service, next)).flatten();
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

    pub(super) fn citizen(&self) -> Actor {
        Actor { person: self.person.id.clone(), kind: ActorKind::Citizen, roles: Vec::new() }
    }
}

/// The first role in a state to which somebody is appointed.
fn office<'a>(service: &Service, state: &'a State) -> Option<&'a Name> {
    state.officers().find(|role| !service.is_held(role))
}

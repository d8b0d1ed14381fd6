//! Running one scenario.

use serde_json::Value as Json;

use super::answers;
use super::checks::scenario_differs;
use super::coverage::Coverage;
use super::refused;
use super::register;
use super::step;
use super::world::World;
use super::yaml::{RecordYaml, RefusedYaml, ScenarioYaml, StockHeldYaml, TakenYaml};
use crate::base::Moment;
use crate::case::{Actor, ActorKind, Command, Context, Pending, Refusal, open};
use crate::registry::Record;
use crate::service::Service;
use crate::source::Diagnostics;
use crate::tenant::Tenant;
use crate::workflow::APPLICANT;

/// Scenarios begin at ten in the morning.
const TEN_O_CLOCK: i64 = 600;

/// A scenario with everything it begins from.
pub(super) struct Prepared {
    pub(super) yaml: ScenarioYaml,
    pub(super) answers: Json,
    pub(super) record: Option<Record>,
    /// What is under way on it in other cases.
    pub(super) pending: Pending,
    /// Other records, which answers may name, and what is under way on each.
    pub(super) others: Vec<(Record, Pending)>,
    /// Places in calendars that other cases have.
    pub(super) taken: Vec<TakenYaml>,
    /// What officers hold of stocks.
    pub(super) stock: StockHeldYaml,
}

/// Merges a scenario with the one it begins like.
pub(super) fn prepare(yaml: ScenarioYaml, service: &Service, like: Option<&Prepared>) -> Prepared {
    let mut all = like.map_or_else(|| Json::Object(serde_json::Map::new()), |like| like.answers.clone());
    if let (Some(node), Json::Object(map)) = (&yaml.answers, &mut all)
        && let Json::Object(own) = answers::of_form(node, service)
    {
        map.extend(own);
    }
    let record = yaml
        .on_record
        .as_ref()
        .map(|record| register::written(record, service))
        .or_else(|| like.and_then(|like| like.record.clone()));
    let before = like.map(|like| like.pending).unwrap_or_default();
    let pending = yaml.on_record.as_ref().map_or(before, |record| said(record, before));
    let others = match &yaml.records {
        Some(records) => {
            let pending = |record: &RecordYaml| said(record, Pending::default());
            records.iter().map(|record| (register::written(record, service), pending(record))).collect()
        }
        None => like.map(|like| like.others.clone()).unwrap_or_default(),
    };
    let taken = yaml.taken.clone().or_else(|| like.map(|like| like.taken.clone())).unwrap_or_default();
    let stock = yaml.stock.as_ref().map(|stock| stock.value).or_else(|| like.map(|like| like.stock));
    let stock = stock.unwrap_or(StockHeldYaml::Plenty);
    Prepared { yaml, answers: all, record, pending, others, taken, stock }
}

/// What a scenario says to be under way on a record; where it is silent, what was `before`.
fn said(record: &RecordYaml, before: Pending) -> Pending {
    Pending {
        dues: record.dues.as_ref().map_or(before.dues, |dues| dues.value),
        open_cases: record.open_cases.as_ref().map_or(before.open_cases, |count| count.value),
    }
}

/// Runs the steps; what differs from what was expected goes to `out`.
pub(super) fn run(
    scenario: &Prepared,
    service: &Service,
    tenant: &Tenant,
    coverage: &mut Coverage,
    out: &mut Diagnostics,
) {
    let now = Moment::at(scenario.yaml.today.value, TEN_O_CLOCK, tenant.calendar.offset_minutes);
    let context = Context::new(now, tenant).about(scenario.record.as_ref(), scenario.pending.dues);
    let writer = scenario.yaml.begun_by.as_ref();
    let begun_by = writer.map_or(APPLICANT, |name| name.value.as_str());
    let opened = open(service, "scenario", begun_by, &service.language, &context);
    let mut steps = scenario.yaml.steps.iter();
    let case = match opened {
        Ok(case) => case,
        Err(refusal) => {
            let first = steps.next();
            let expected = first.and_then(|step| step.refused.as_ref());
            if !matches!(expected, Some(RefusedYaml::Reason(reason)) if reason.value == *refusal.word()) {
                let at = first.map_or(&scenario.yaml.at, |step| &step.at);
                out.push(scenario_differs::plain(
                    at,
                    format!("the case cannot be opened: {}", refusal.word()),
                    "nothing can happen",
                ));
            }
            return;
        }
    };
    let mut world = World::new((service, tenant), case, scenario.record.clone(), now);
    world.dues = scenario.pending.dues;
    world.stock = scenario.stock;
    world.named = scenario.record.iter().chain(scenario.others.iter().map(|(record, _)| record)).cloned().collect();
    let own = scenario.record.iter().map(|_| scenario.pending);
    world.pending = own.chain(scenario.others.iter().map(|(_, pending)| *pending)).collect();
    world.versions.extend(scenario.others.iter().map(|(record, _)| record.clone()));
    scenario.taken.iter().for_each(|taken| world.take(taken));
    // Where the calendar opens the case nobody writes an application.
    let waits_for_turn = service.turns.is_some() && scenario.answers.as_object().is_some_and(serde_json::Map::is_empty);
    let mut filled = if waits_for_turn { Ok(()) } else { fill(&mut world, begun_by, &scenario.answers) };
    if let Some(name) = writer {
        if let Err(refusal) = filled.and_then(|()| hand_over(&mut world, name)) {
            let title = format!("the application is not taken over: {}", refused::in_words(&refusal));
            out.push(scenario_differs::plain(&name.at, title, "the applicant could not send it"));
            return;
        }
        filled = fill(&mut world, APPLICANT, &scenario.answers);
    }
    if let Err(refusal) = filled {
        let at = scenario.yaml.answers.as_ref().map_or(&scenario.yaml.at, |node| &node.head);
        out.push(scenario_differs::plain(
            at,
            format!("the answers are refused: {}", refused::in_words(&refusal)),
            "the form does not accept them",
        ));
        return;
    }
    for step in steps {
        if !step::run(step, &mut world, coverage, out) {
            break;
        }
    }
}

fn citizen(person: &str) -> Actor {
    Actor { person: person.to_owned(), kind: ActorKind::Citizen, roles: Vec::new() }
}

/// Offers what was written to the applicant, who takes it over.
fn hand_over(world: &mut World<'_>, writer: &str) -> Result<(), Refusal> {
    world.apply(&citizen(writer), &Command::Offer { to: Some(APPLICANT.to_owned()) })?;
    let language = world.service.language.clone();
    world.apply(&citizen(APPLICANT), &Command::TakeUp { mine: true, language }).map(drop)
}

/// Saves the applicant's pages one by one, as a person would.
fn fill(world: &mut World<'_>, person: &str, answers: &Json) -> Result<(), Refusal> {
    let applicant = citizen(person);
    let editable = world
        .service
        .workflow
        .state(&world.case.state)
        .is_some_and(|state| state.edit.as_ref().is_some_and(|edit| edit.value == *APPLICANT));
    if !editable {
        return Ok(());
    }
    for page in world.service.form.all_pages().filter(|page| page.by.is_none()) {
        let own: serde_json::Map<String, Json> = page
            .fields
            .iter()
            .filter_map(|field| Some((field.name.to_string(), answers.get(field.name.as_str())?.clone())))
            .collect();
        if own.is_empty() && page.when.is_some() {
            continue;
        }
        let save = Command::Save { page: page.name.clone(), answers: Json::Object(own) };
        world.apply(&applicant, &save)?;
    }
    Ok(())
}

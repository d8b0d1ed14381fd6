//! What can be found wrong with a scenario before it runs: every name it uses.

use super::checks::{scenario_step, scenario_unknown_name as unknown};
use super::idle;
use super::yaml::{ChildrenYaml, RecordExpectedYaml, RecordYaml, RefusedYaml, ScenarioYaml, StepYaml, TakenYaml};
use crate::base::Name;
use crate::case::Refusal;
use crate::form::{Field, Kind, Page};
use crate::registry::Grant;
use crate::service::Service;
use crate::source::suggest::suggest;
use crate::source::{At, Diagnostics, Node, NodeKind};
use crate::workflow::{APPLICANT, Action};

/// Says what is wrong with the names in a scenario.
pub(super) fn scenario(yaml: &ScenarioYaml, service: &Service, out: &mut Diagnostics) {
    if let Some(answers) = &yaml.answers {
        of_applicant(answers, service, out);
    }
    for record in yaml.on_record.iter().chain(yaml.records.iter().flatten()) {
        of_record(record, service, out);
    }
    yaml.taken.iter().flatten().for_each(|taken| of_calendar(taken, service, out));
    idle::stock(yaml, service, out);
    for step in &yaml.steps {
        let elsewhere = step.elsewhere.as_ref().and_then(|elsewhere| elsewhere.takes.as_ref());
        elsewhere.iter().flat_map(|takes| &takes.0).for_each(|taken| of_calendar(taken, service, out));
        if one_thing(step, out) {
            names(step, service, out);
            idle::keys(step, service, out);
        }
        if let Some(node) = &step.answers {
            answers(node, &all_fields(service), out);
        }
        for record in step.record.iter().flat_map(|records| &records.0) {
            record.answers.iter().for_each(|node| near_misses(node, service, out));
            unanswered(record, service, out);
        }
    }
}

/// Whether a step does exactly one thing, and says who does it.
fn one_thing(step: &StepYaml, out: &mut Diagnostics) -> bool {
    let things = [
        step.r#do.is_some(),
        step.pay.is_some(),
        step.wait.is_some(),
        step.save.is_some(),
        step.cancel_receipt.is_some(),
        step.dishonour.is_some(),
        step.elsewhere.is_some(),
        step.children.is_some(),
        step.program.is_some(),
        step.program_fails.is_some(),
    ];
    if things.iter().filter(|thing| **thing).count() != 1 {
        out.push(scenario_step::diagnostic(
            &step.at,
            "a step does exactly one thing",
            "write one of `do`, `pay`, `wait`, `save`, `cancel_receipt`, `dishonour`, `elsewhere`, `children`, `program`, `program_fails`",
        ));
        return false;
    }
    if step.by.is_none() && (step.r#do.is_some() || step.save.is_some()) {
        let title = "nobody is named to do this";
        out.push(scenario_step::diagnostic(&step.at, title, "add `by: applicant` or another role"));
        return false;
    }
    true
}

/// Something that a step names, and what the service has of its kind.
struct Named<'a> {
    what: &'static str,
    label: &'static str,
    known: Vec<&'a str>,
}

impl Named<'_> {
    /// The same where the step is to be refused, perhaps for this very name: only a slip of the pen is wrong.
    fn slip(&self, name: &At<Name>, out: &mut Diagnostics) {
        if suggest(&name.value, self.known.iter().copied()).is_some() {
            self.check(name, out);
        }
    }

    fn check(&self, name: &At<Name>, out: &mut Diagnostics) {
        self.text(name.value.as_str(), &name.at, out);
    }

    fn text(&self, name: &str, at: &crate::source::Where, out: &mut Diagnostics) {
        if !self.known.contains(&name) {
            out.push(unknown::diagnostic(self.what, name, at, self.label, self.known.iter().copied()));
        }
    }
}

const NOTHING_DONE: &str = "nothing can be done so";
const NEVER_SO: &str = "this can never follow";

fn names(step: &StepYaml, service: &Service, out: &mut Diagnostics) {
    let states = &service.workflow.states;
    let role = Named {
        what: "role",
        label: "nobody can act in it",
        known: service.roles.iter().map(|role| role.name.as_str()).chain([APPLICANT]).collect(),
    };
    let for_a_reason = matches!(step.refused, Some(RefusedYaml::Reason(_)));
    let of_step = if for_a_reason { Named::slip } else { Named::check };
    step.by.iter().chain(&step.assign).for_each(|name| of_step(&role, name, out));
    let mut actions: Vec<&str> =
        states.iter().flat_map(|state| &state.actions).map(|action| action.name.as_str()).collect();
    actions.dedup();
    let action = Named { what: "action", label: NOTHING_DONE, known: actions };
    step.r#do.iter().for_each(|name| of_step(&action, name, out));
    let pages = service.form.all_pages().map(|page| page.name.as_str()).collect();
    let page = Named { what: "page", label: NOTHING_DONE, known: pages };
    step.save.iter().for_each(|name| of_step(&page, name, out));
    let asked = service.form.all_pages().filter(|page| page.program.is_some()).map(|page| page.name.as_str()).collect();
    let asked = Named { what: "page of a program", label: NOTHING_DONE, known: asked };
    step.program.iter().chain(&step.program_fails).for_each(|name| asked.check(name, out));
    let state =
        Named { what: "state", label: NEVER_SO, known: states.iter().map(|state| state.name.as_str()).collect() };
    step.state.iter().for_each(|name| state.check(name, out));
    step.refused.iter().for_each(|refused| refusal(refused, step, service, out));
    let notices = service.notices.iter().map(|notice| notice.name.as_str()).collect();
    let notice = Named { what: "notice", label: NEVER_SO, known: notices };
    step.notified.iter().flat_map(|names| &names.0).for_each(|name| notice.check(name, out));
    let papers = service.documents.iter().map(|paper| paper.name.as_str()).collect();
    let paper = Named { what: "paper", label: NEVER_SO, known: papers };
    step.issued.iter().flat_map(|names| &names.0).for_each(|name| paper.check(name, out));
    let children = service.children.iter().map(|child| child.name.as_str()).collect();
    let child = Named { what: "child", label: NEVER_SO, known: children };
    step.opened.iter().chain(&step.given_up).flat_map(|names| &names.0).for_each(|name| child.check(name, out));
    if let Some(ChildrenYaml::Each(each)) = &step.children {
        each.0.iter().for_each(|(name, _)| child.check(name, out));
    }
    money(step, service, out);
}

/// The reason there is, or the conditions that the action has, wherever it stands.
fn refusal(refused: &RefusedYaml, step: &StepYaml, service: &Service, out: &mut Diagnostics) {
    let all = service.workflow.states.iter().flat_map(|state| &state.actions);
    let taken: Vec<&Action> =
        all.filter(|action| step.r#do.as_ref().is_some_and(|named| action.name == named.value)).collect();
    let requirements = taken.iter().flat_map(|action| &action.when);
    let conditions: Vec<&str> =
        requirements.filter_map(|requirement| requirement.name.as_ref()).map(|name| name.value.as_str()).collect();
    let known: Vec<&str> = Refusal::words().map(|(word, _)| word).collect();
    let is_condition = |name: &str| conditions.contains(&name) && !known.contains(&name);
    match refused {
        RefusedYaml::Reason(reason) if is_condition(reason.value.as_str()) => {
            out.push(unknown::condition_as_reason(&reason.value, &reason.at, NEVER_SO));
        }
        RefusedYaml::Reason(reason) => Named { what: "refusal", label: NEVER_SO, known }.check(reason, out),
        RefusedYaml::Conditions(refusal) if refusal.when.0.is_empty() => {
            let help = "name those that do not hold, or write `refused: not_in_this_case`";
            out.push(scenario_step::diagnostic(&refusal.at, "no condition is named", help));
        }
        // What is wrong where there is no such action was said.
        RefusedYaml::Conditions(refusal) => {
            let Some(action) = taken.first() else { return };
            for name in refusal.when.0.iter().filter(|name| !conditions.contains(&name.value.as_str())) {
                out.push(unknown::condition(&action.name, &name.value, &name.at, &conditions));
            }
        }
    }
}

fn money(step: &StepYaml, service: &Service, out: &mut Diagnostics) {
    let heads = service.billing.iter().flat_map(|billing| &billing.heads).map(|head| head.name.as_str()).collect();
    let head = Named { what: "head of the bill", label: NEVER_SO, known: heads };
    let amounts = step.demand.iter().chain(&step.settled).flat_map(|amounts| &amounts.0);
    amounts.for_each(|(name, _)| head.text(&name.value, &name.at, out));
    let accounts = service.chart.accounts.keys().map(String::as_str).collect();
    let account = Named { what: "account", label: NEVER_SO, known: accounts };
    step.posted.iter().flat_map(|posted| &posted.0).for_each(|(code, _)| account.text(&code.value.0, &code.at, out));
    let modes = service.chart.collection.keys().map(String::as_str).collect();
    let mode = Named { what: "mode of payment", label: NOTHING_DONE, known: modes };
    let modes = step.mode.iter().chain(step.parts.iter().flatten().map(|part| &part.mode));
    modes.filter(|_| step.refused.is_none()).for_each(|name| mode.check(name, out));
}

fn all_fields(service: &Service) -> Vec<&Field> {
    service.form.all_pages().flat_map(|page| &page.fields).collect()
}

/// Answers with which the applicant begins.
fn of_applicant(node: &Node, service: &Service, out: &mut Diagnostics) {
    answers(node, &all_fields(service), out);
    let NodeKind::Map(entries) = &node.kind else { return };
    let of_officers = |page: &&Page| page.by.is_some();
    for (name, _) in entries {
        let asks = |page: &&Page| page.fields.iter().any(|field| *field.name == *name.value);
        if let Some(page) = service.form.all_pages().filter(of_officers).find(asks) {
            out.push(unknown::of_officers(&name.value, &page.name, &name.at));
        }
    }
}

/// Says which answers are to no question of `fields`.
fn answers(node: &Node, fields: &[&Field], out: &mut Diagnostics) {
    let NodeKind::Map(entries) = &node.kind else { return };
    for (name, value) in entries {
        let Some(field) = fields.iter().find(|field| *field.name == *name.value) else {
            let known = fields.iter().map(|field| field.name.as_str());
            let label = "this answer would be passed over";
            out.push(unknown::diagnostic("question", &name.value, &name.at, label, known));
            continue;
        };
        let (Kind::List { fields, .. } | Kind::Group { fields }) = &field.kind else { continue };
        let inner: Vec<&Field> = fields.iter().collect();
        match &value.kind {
            NodeKind::List(items) => items.iter().for_each(|item| answers(item, &inner, out)),
            _ => answers(value, &inner, out),
        }
    }
}

/// What is taken stands in a calendar of the service, and in the list of that.
fn of_calendar(taken: &TakenYaml, service: &Service, out: &mut Diagnostics) {
    let label = "nothing would be taken";
    let known = service.reserves.iter().map(|reserve| reserve.calendar.value.as_str()).collect();
    Named { what: "calendar", label, known }.check(&taken.calendar, out);
    let reserve = service.reserves.iter().find(|reserve| reserve.calendar.value == taken.calendar.value);
    let Some((reserve, list)) = reserve.and_then(|reserve| Some((reserve, reserve.list(&service.form)?))) else {
        return;
    };
    let code = &taken.resource.value.0;
    let known = list.choices().map(|entry| entry.code.as_str()).collect();
    Named { what: "code of the list", label, known }.text(code, &taken.resource.at, out);
    if let Some(part) = &taken.part {
        let parts = reserve.parts_of(Some(list), code);
        let known = parts.iter().map(String::as_str).collect();
        Named { what: "part of the day", label, known }.text(&part.value.0, &part.at, out);
    }
}

fn of_record(record: &RecordYaml, service: &Service, out: &mut Diagnostics) {
    record.answers.iter().for_each(|node| near_misses(node, service, out));
}

/// What is said to be unanswered is a question of the form, or what a grant writes.
fn unanswered(record: &RecordExpectedYaml, service: &Service, out: &mut Diagnostics) {
    let set = service.grants.iter().flat_map(|grant| grant.set.iter().flatten()).map(|(set, _)| set.value.as_str());
    let known = all_fields(service).into_iter().map(|field| field.name.as_str()).chain(set).collect();
    let question = Named { what: "question", label: NEVER_SO, known };
    record.unanswered.iter().flat_map(|names| &names.0).for_each(|name| question.check(name, out));
}

/// A record may know answers to questions of other services; a name that is almost one of this form
/// is misspelt, unless a grant writes it or a condition of an action reads it.
fn near_misses(node: &Node, service: &Service, out: &mut Diagnostics) {
    let NodeKind::Map(entries) = &node.kind else { return };
    let fields = all_fields(service);
    let known = || fields.iter().map(|field| field.name.as_str());
    for (name, _) in entries {
        let is_set = |grant: &Grant| grant.set.iter().flatten().any(|(set, _)| *set.value == *name.value);
        let read = service.conditions_say(&format!("\"{}\"", name.value));
        let odd = known().all(|field| field != name.value) && !service.grants.iter().any(is_set) && !read;
        if odd && suggest(&name.value, known()).is_some() {
            let label = "the service would not see this";
            out.push(unknown::diagnostic("question", &name.value, &name.at, label, known()));
        }
    }
}

//! From `workflow.yaml` to the model: what can be said without looking at other parts.

use std::collections::BTreeSet;

use super::checks::{edge_without_trigger, unknown_state};
use super::yaml::{ActionYaml, ConditionYaml, OnceYaml, StateYaml, WhenYaml, WorkflowYaml};
use super::{APPLICANT, Action, Assign, Comment, Once, Requirement, State, Trigger, Workflow};
use crate::base::{Name, Text, limits};
use crate::rule::Condition;
use crate::rule::checks::unknown_answer;
use crate::source::checks::too_large;
use crate::source::{At, Diagnostic, Diagnostics, Where};
use crate::stock;

/// The workflow that `yaml` describes. `known` are the names that `when:` may read.
pub(crate) fn workflow(yaml: WorkflowYaml, known: &BTreeSet<String>, out: &mut Diagnostics) -> Option<Workflow> {
    if yaml.states.0.len() > limits::STATES {
        out.push(too_large::count(&yaml.at, "states", limits::STATES));
        return None;
    }
    let names: Vec<Name> = yaml.states.0.iter().map(|(name, _)| name.value.clone()).collect();
    let states: Vec<Option<State>> =
        yaml.states.0.into_iter().map(|(name, state)| self::state(&name, state, &names, known, out)).collect();
    if !names.contains(&yaml.start.value) {
        out.push(unknown_state::diagnostic(&yaml.start, &names, "no case could begin"));
        return None;
    }
    Some(Workflow { start: yaml.start, states: states.into_iter().collect::<Option<_>>()? })
}

fn state(
    name: &At<Name>,
    yaml: StateYaml,
    names: &[Name],
    known: &BTreeSet<String>,
    out: &mut Diagnostics,
) -> Option<State> {
    if let Some(who) = &yaml.waits_for
        && who.value != *APPLICANT
    {
        out.push(crate::source::checks::wrong_shape::at_place(
            &who.at,
            format!("the clock cannot wait for `{}`", who.value),
            "`applicant`",
            "waits_for: applicant",
        ));
    }
    let timeless = yaml.sla.is_none();
    let actions: Vec<Option<Action>> = yaml
        .actions
        .unwrap_or_default()
        .0
        .into_iter()
        .map(|(action, yaml)| self::action(&action, yaml, &name.value, names, known, out))
        .collect();
    for action in actions.iter().flatten() {
        if let (Trigger::Once(Once::Overdue, at), true) = (&action.trigger, timeless) {
            out.push(crate::source::checks::wrong_shape::at_place(
                at,
                format!("`{}` waits for the end of a time that `{}` does not have", action.name, name.value),
                "a state with an `sla`",
                "sla: 3 days",
            ));
        }
    }
    Some(State {
        name: name.value.clone(),
        label: Text::new(yaml.label.value),
        public: yaml.public.map(|public| Text::new(public.value)),
        edit: yaml.edit,
        sla: yaml.sla.map(|sla| sla.0),
        waits_for_applicant: yaml.waits_for.is_some(),
        end: yaml.end.map(|end| end.value),
        actions: actions.into_iter().collect::<Option<_>>()?,
        at: name.at.clone(),
    })
}

fn action(
    name: &At<Name>,
    yaml: ActionYaml,
    state: &Name,
    states: &[Name],
    known: &BTreeSet<String>,
    out: &mut Diagnostics,
) -> Option<Action> {
    if !states.contains(&yaml.to.value) {
        out.push(unknown_state::diagnostic(&yaml.to, states, "the action leads here"));
    }
    let when = requirements(name, (yaml.when, yaml.otherwise), yaml.by.is_some(), known, out)?;
    if let Some(again) = &yaml.again
        && (yaml.to.value != *state || yaml.by.is_some())
    {
        out.push(crate::source::checks::wrong_shape::at_place(
            &again.at,
            format!("`{}` cannot happen again by itself", name.value),
            "an action of the clock that leads back to its own state",
            "escalate: { once: overdue, again: 2 days, to: its_own_state }",
        ));
    }
    let comment = yaml.comment.map_or(Comment::None, |comment| comment.value);
    let (over, answered, amended) = named(yaml.once.as_ref());
    let children = yaml.once.as_ref().map_or_else(Vec::new, |once| once.2.clone());
    for answer in amended.iter().filter(|answer| !known.contains(answer.value.as_str())) {
        let known = known.iter().map(String::as_str);
        out.push(unknown_answer::diagnostic("the form", &answer.value, &answer.at, known));
    }
    Some(Action {
        amended,
        over,
        answered,
        children,
        templates: templates(yaml.templates, comment, out),
        again: yaml.again.map(|span| span.value),
        name: name.value.clone(),
        label: Text::new(yaml.label.map_or_else(|| humanised(name), |label| label.value)),
        done: yaml.done.map(|done| Text::new(done.value)),
        trigger: trigger(name, yaml.by, yaml.once, yaml.after, out)?,
        to: yaml.to,
        when,
        within: yaml.within.map(|span| span.value),
        comment,
        asks: yaml.asks,
        uses: yaml.uses.map_or_else(Vec::new, |uses| uses.0.into_iter().map(stock::check::uses).collect()),
        flags: yaml.flags.is_some_and(|flags| flags.value),
        counts_on: yaml.counts_on.is_some_and(|counts_on| counts_on.value),
        assign: yaml.assign.map_or(Assign::Pool, |assign| assign.value),
        demand: yaml.demand.map(|demand| demand.value),
        excess: yaml.excess.map(|excess| excess.value),
        grant: yaml.grant,
        notify: yaml.notify.map_or_else(Vec::new, |names| names.0),
        issue: yaml.issue.map_or_else(Vec::new, |names| names.0),
        ask: yaml.ask,
        opens: yaml.opens.map_or_else(Vec::new, |names| names.0),
        at: name.at.clone(),
    })
}

/// What must hold for an action to be offered: one condition, with the words of the action; or several by name, each
/// with its own. Nobody reads the words of what no person takes.
fn requirements(
    name: &At<Name>,
    (when, otherwise): (Option<WhenYaml>, Option<At<String>>),
    by_people: bool,
    known: &BTreeSet<String>,
    out: &mut Diagnostics,
) -> Option<Vec<Requirement>> {
    let found = match when {
        None => Vec::new(),
        Some(WhenYaml::One(source)) => {
            let that = Condition::compile(&source, known, out)?;
            let otherwise = otherwise.as_ref().map(|words| Text::new(&words.value));
            vec![Requirement { name: None, that, otherwise }]
        }
        Some(WhenYaml::Several(several)) => {
            if let Some(words) = &otherwise {
                out.push(crate::source::checks::wrong_shape::at_place(
                    &words.at,
                    format!("each condition of `{}` says by itself why it does not hold", name.value),
                    "no `otherwise` beside several conditions",
                    "when: { nothing_owed: { that: record.dues == 0, otherwise: Pay first. } }",
                ));
                return None;
            }
            if let Some((_, first)) = several.0.first().filter(|_| !by_people) {
                out.push(unread(name, &first.otherwise.at));
                return None;
            }
            let all: Vec<Option<Requirement>> =
                several.0.into_iter().map(|(name, yaml)| requirement(name, yaml, known, out)).collect();
            all.into_iter().collect::<Option<Vec<_>>>()?
        }
    };
    if let Some(words) = otherwise.filter(|_| found.is_empty() || !by_people) {
        out.push(unread(name, &words.at));
    }
    Some(found)
}

fn requirement(
    name: At<Name>,
    yaml: ConditionYaml,
    known: &BTreeSet<String>,
    out: &mut Diagnostics,
) -> Option<Requirement> {
    let that = Condition::compile(&yaml.that, known, out)?;
    Some(Requirement { name: Some(name), that, otherwise: Some(Text::new(yaml.otherwise.value)) })
}

/// Words at `at` that would stand in the place of a button that nobody looks for.
fn unread(name: &At<Name>, at: &Where) -> Diagnostic {
    crate::source::checks::wrong_shape::at_place(
        at,
        format!("nobody would read why `{}` is not offered", name.value),
        "an action that people take, and `when` beside it",
        "{ by: clerk, when: paid, otherwise: Pay first., to: done }",
    )
}

/// What an action waits for: a hold, a page, answers.
type Waited = (Option<At<Name>>, Option<At<Name>>, Vec<At<Name>>);

/// What is named with that for which an action waits: the hold that is over, the page that a program answers, the
/// answers of the record that must have changed.
fn named(once: Option<&OnceYaml>) -> Waited {
    let Some(OnceYaml(once, named, _)) = once else { return (None, None, Vec::new()) };
    match once.value {
        Once::Over => (named.first().cloned(), None, Vec::new()),
        Once::Answered | Once::Failed => (None, named.first().cloned(), Vec::new()),
        _ => (None, None, named.clone()),
    }
}

/// Sentences that are ready for the comment: each says something, and there is a comment to put it in.
fn templates(
    yaml: Option<crate::source::Map<At<String>>>,
    comment: Comment,
    out: &mut Diagnostics,
) -> Vec<(Name, Text)> {
    let mut ready = Vec::new();
    for (name, text) in yaml.unwrap_or_default().0 {
        if comment == Comment::None || text.value.trim().is_empty() {
            let (title, expected) = if comment == Comment::None {
                (
                    format!("`{}` is ready for a comment that is not asked", name.value),
                    "`comment: optional` or `required` beside it",
                )
            } else {
                (format!("`{}` says nothing", name.value), "a sentence")
            };
            let example = "papers_missing: Some papers are missing.";
            out.push(crate::source::checks::wrong_shape::at_place(&text.at, title, expected, example));
        }
        ready.push((name.value, Text::new(text.value)));
    }
    ready
}

fn trigger(
    name: &At<Name>,
    by: Option<crate::source::OneOrMany<At<Name>>>,
    once: Option<OnceYaml>,
    after: Option<At<crate::base::Span>>,
    out: &mut Diagnostics,
) -> Option<Trigger> {
    match (by, once, after) {
        (Some(roles), None, None) if !roles.0.is_empty() => Some(Trigger::By(roles.0)),
        (None, Some(once), None) => Some(Trigger::Once(once.0.value, once.0.at)),
        (None, None, Some(span)) => Some(Trigger::After(span.value, span.at)),
        (None | Some(_), None, None) => {
            out.push(edge_without_trigger::none(name));
            None
        }
        _ => {
            out.push(edge_without_trigger::several(name));
            None
        }
    }
}

/// `send_back` as people read it: "Send back".
pub(crate) fn humanised(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

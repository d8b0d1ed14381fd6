//! Records in scenarios: those that are there before the case, and what they must say after a step.

use super::answers;
use super::checks::scenario_differs;
use super::world::World;
use super::yaml::{RecordExpectedYaml, RecordYaml, StepYaml};
use crate::base::{Answers, Day, Name};
use crate::registry::{Record, Standing};
use crate::service::Service;
use crate::source::{At, Diagnostics};
use crate::workflow::APPLICANT;

/// A record that an earlier case made for the applicant, valid for ever from its first day.
pub(super) fn earlier(registry: Name, number: &str, service: &Service, first: Day) -> Record {
    Record {
        registry,
        number: number.to_owned(),
        version: 1,
        service: service.id.clone(),
        case: "an_earlier_case".to_owned(),
        validity_by: "an_earlier_case".to_owned(),
        actor: "an_earlier_officer".to_owned(),
        role: None,
        from: first,
        holder: APPLICANT.to_owned(),
        answers: Answers::default(),
        valid_from: first,
        valid_until: None,
        standing: Standing::Active,
        came_of: Vec::new(),
        became: Vec::new(),
    }
}

/// The record that `yaml` describes.
pub(super) fn written(yaml: &RecordYaml, service: &Service) -> Record {
    let about = || service.on_record.as_ref().map(|on| on.registry.clone());
    let turns = || service.turns.as_ref().map(|turns| turns.for_each.value.clone());
    let of_service = || about().or_else(turns).unwrap_or_else(|| Name::new("records"));
    let registry = yaml.registry.as_ref().map_or_else(of_service, |registry| registry.value.clone());
    let revoked = yaml.revoked.as_ref().is_some_and(|revoked| revoked.value);
    let standing = if revoked { Standing::Revoked } else { Standing::Active };
    let earlier = earlier(registry, &yaml.number.value, service, yaml.valid_from.value);
    Record {
        holder: yaml.holder.as_ref().map_or(earlier.holder, |holder| holder.value.to_string()),
        answers: yaml
            .answers
            .as_ref()
            .map_or(earlier.answers, |node| Answers::from_json(&answers::of_form(node, service))),
        valid_until: yaml.valid_until.as_ref().map(|day| day.value),
        standing: yaml.standing.as_ref().map_or(standing, |standing| standing.value),
        ..earlier
    }
}

/// Compares what the step expects of records with what they say.
pub(super) fn compare(step: &StepYaml, world: &World<'_>, out: &mut Diagnostics) {
    for expected in step.record.iter().flat_map(|records| &records.0) {
        one(expected, world, out);
    }
}

fn one(expected: &RecordExpectedYaml, world: &World<'_>, out: &mut Diagnostics) {
    let of_case = world.record.as_ref().map(|record| record.number.clone());
    let number = expected.number.as_ref().map(|number| number.value.clone()).or(of_case).unwrap_or_default();
    let on = expected.on.as_ref().map_or_else(|| world.now.day(), |on| on.value);
    let versions: Vec<Record> = world.versions.iter().filter(|version| version.number == number).cloned().collect();
    let found = Record::as_on(&versions, on);
    let mut same = |what: &str, wanted: Option<At<String>>, found: Option<String>| {
        if let Some(wanted) = wanted
            && found.as_ref() != Some(&wanted.value)
        {
            let what = format!("{what} of `{number}` on {on}");
            let found = found.map_or_else(|| "nothing".to_owned(), |found| format!("`{found}`"));
            out.push(scenario_differs::diagnostic(&what, &wanted.at, &format!("`{}`", wanted.value), &found));
        }
    };
    let name = |at: &At<Name>| At::new(at.value.to_string(), at.at.clone());
    let status = found.map_or("nothing", |record| record.status(on).word());
    same("the standing", expected.standing.as_ref().map(name), Some(status.to_owned()));
    same("the holder", expected.holder.as_ref().map(name), found.map(|record| record.holder.clone()));
    let until = expected.valid_until.as_ref().map(|day| At::new(day.value.to_string(), day.at.clone()));
    let end = found.and_then(|record| record.valid_until).map(|day| day.to_string());
    same("the end of validity", until, end);
    let joined = |numbers: &crate::source::OneOrMany<At<String>>| {
        let all: Vec<&str> = numbers.0.iter().map(|number| number.value.as_str()).collect();
        numbers.0.first().map(|first| At::new(all.join(", "), first.at.clone()))
    };
    let came_of = expected.came_of.as_ref().and_then(joined);
    same("what came before", came_of, found.map(|record| record.came_of.join(", ")));
    let became = expected.became.as_ref().and_then(joined);
    same("what came after", became, found.map(|record| record.became.join(", ")));
    if let Some(node) = &expected.answers {
        let known = found.map(|record| record.answers.to_json()).unwrap_or_default();
        let wanted = answers::of_form(node, world.service);
        for (name, wanted) in wanted.as_object().into_iter().flatten() {
            let shown = At::new(wanted.to_string(), node.head.clone());
            same(&format!("the answer `{name}`"), Some(shown), known.get(name).map(ToString::to_string));
        }
    }
    for name in expected.unanswered.iter().flat_map(|names| &names.0) {
        if let Some(known) = found.and_then(|record| record.answers.get(&name.value)) {
            let title = format!("`{}` of `{number}` is known on {on}: {}", name.value, known.to_json());
            out.push(scenario_differs::plain(&name.at, title, "nothing was expected to be known of it"));
        }
    }
}

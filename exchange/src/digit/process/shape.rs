//! What is left of a workflow once everything is taken out that cannot happen here.

use std::collections::BTreeSet;

use super::Process;
use crate::digit::machine::Machine;
use crate::report::Report;

/// Takes out what nothing leads to. What nothing led to in the source was said there; what nothing leads to
/// any more is said here.
pub(super) fn prune(process: &mut Process, machine: &Machine, report: &mut Report) {
    let before = machine.reached();
    let reached = reached(process);
    for step in process.steps.iter().filter(|step| !reached.contains(&step.name)) {
        if step.theirs.as_deref().is_some_and(|theirs| before.contains(&Some(theirs))) {
            let what = format!("nothing leads to `{}` of `{}` here", step.name, machine.id);
            report.dropped("state-left-out", &machine.place, what);
        }
    }
    process.steps.retain(|step| reached.contains(&step.name));
    // A state from which everything was taken out ends the case.
    for step in &mut process.steps {
        if step.ways.is_empty() {
            (step.ends, step.edit, step.waits, step.sla) = (true, false, false, None);
        }
    }
    if process.steps.iter().all(|step| !step.ends) {
        report.supply(
            "end-to-be-named",
            &machine.place,
            format!("`{}` has no end: say which state is one", machine.id),
        );
    }
    let used: BTreeSet<&String> = process.steps.iter().flat_map(|step| &step.ways).flat_map(super::Way::by).collect();
    let held = |role: &String| used.contains(role) || process.assisted_by.contains(role);
    let takes = process.charges();
    let collects = process.collects.clone();
    let kept: BTreeSet<String> =
        process.roles.keys().filter(|role| held(role) || takes && collects.contains(*role)).cloned().collect();
    process.roles.retain(|role, _| kept.contains(role));
}

fn reached(process: &Process) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open = vec![process.start.clone()];
    while let Some(name) = open.pop() {
        if reached.insert(name.clone())
            && let Some(step) = process.step(&name)
        {
            open.extend(step.ways.iter().map(|way| way.to.clone()));
        }
    }
    reached
}

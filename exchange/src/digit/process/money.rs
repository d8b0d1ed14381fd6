//! What is demanded, and when: a state in which money is waited for has a demand when a case comes to it,
//! and none any more when a case leaves it unpaid.

use std::collections::BTreeSet;

use super::{Process, Trigger};

pub(super) fn charge(process: &mut Process) {
    let paying: BTreeSet<String> = process
        .steps
        .iter()
        .filter(|step| step.ways.iter().any(|way| way.trigger == Trigger::Paid))
        .map(|step| step.name.clone())
        .collect();
    for step in &mut process.steps {
        let owing = paying.contains(&step.name);
        for way in &mut step.ways {
            let stays = way.to == step.name;
            let by_people = !way.by().is_empty();
            way.demand = match (owing, paying.contains(&way.to), &way.trigger) {
                // Staying there: a person changes what is charged; what was paid, or the clock, changes nothing.
                (true, true, _) if stays && !(by_people && changes(&way.theirs)) => None,
                (_, true, _) => Some("raise"),
                (true, false, Trigger::Paid) | (false, false, _) => None,
                (true, false, _) => Some("cancel"),
            };
        }
    }
}

/// Whether an action that stays where money is waited for changes the charge.
fn changes(action: &str) -> bool {
    !["COMMENT", "RATE", "ASSIGN", "REASSIGN", "REASSING"].contains(&action)
}

//! State diagrams of every service that ships.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::rule::Condition;
use engine::source::{At, Diagnostics};
use engine::workflow::Requirement;
use exchange::mermaid::diagram;

use crate::files::{all_shipped, shipped};

#[test]
fn every_state_and_every_action_is_drawn_once() {
    for id in all_shipped() {
        let service = shipped(&id);
        let text = diagram(&service, "en");
        let states = &service.workflow.states;
        let lines = |start: &str| text.lines().filter(|line| line.trim_start().starts_with(start)).count();
        assert_eq!(lines("state \""), states.len(), "{id}");
        let ends = states.iter().filter(|state| state.end.is_some()).count();
        let actions: usize = states.iter().map(|state| state.actions.len()).sum();
        assert_eq!(text.matches(" --> ").count(), 1 + ends + actions, "{id}:\n{text}");
        assert!(text.contains("stateDiagram-v2\n"), "{id}");
    }
}

#[test]
fn signs_that_are_structure_are_not_in_labels() {
    let mut service = shipped(&all_shipped()[0]);
    service.title.written = "A: \"b\"; {c}\nd".to_owned();
    let text = diagram(&service, "xx");
    assert!(text.starts_with("---\ntitle: A b c d\n---\n"), "{text}");
}

#[test]
fn several_conditions_are_drawn_as_one() {
    let mut service = shipped(&all_shipped()[0]);
    let at = service.workflow.start.at.clone();
    let requirement = |source: &str| {
        let source = At::new(source.to_owned(), at.clone());
        let that = Condition::compile(&source, &BTreeSet::new(), &mut Diagnostics::default()).unwrap();
        Requirement { name: None, that, otherwise: None }
    };
    let action = &mut Arc::make_mut(&mut service.workflow).states[0].actions[0];
    action.when = vec![requirement("1 == 1"), requirement("2 == 2 || 3 == 3")];
    let text = diagram(&service, "en");
    assert!(text.contains(" where (1 == 1) && (2 == 2 || 3 == 3))\n"), "{text}");
    Arc::make_mut(&mut service.workflow).states[0].actions[0].when.truncate(1);
    let text = diagram(&service, "en");
    assert!(text.contains(" where 1 == 1)\n"), "{text}");
}

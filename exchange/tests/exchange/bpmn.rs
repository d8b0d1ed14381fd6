//! BPMN of every service that ships, held to the structure of the standard.

use std::collections::{BTreeMap, BTreeSet};

use exchange::bpmn::document;
use roxmltree::{Document, Node};

use crate::files::{all_shipped, shipped};

const MODEL: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";
const DRAWING: &str = "http://www.omg.org/spec/BPMN/20100524/DI";

/// Elements of a process that flows lead to or from.
const NODES: [&str; 6] = ["startEvent", "userTask", "receiveTask", "exclusiveGateway", "boundaryEvent", "endEvent"];

fn of<'a>(document: &'a Document<'a>, space: &'a str, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    document.descendants().filter(move |node| node.has_tag_name((space, name)))
}

/// What the standard asks of a process, and modellers of its drawing.
fn check(id: &str, text: &str) {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{id}: {error}"));
    let mut ids = BTreeSet::new();
    for node in document.descendants() {
        if let Some(own) = node.attribute("id") {
            assert!(ids.insert(own), "{id}: `{own}` is there twice");
            let fits = own.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && own.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
            assert!(fits, "{id}: `{own}` is no name of XML");
        }
    }
    let process = of(&document, MODEL, "process").next().expect("there is a process");
    let nodes: BTreeMap<&str, Node<'_, '_>> = process
        .children()
        .filter(|node| NODES.contains(&node.tag_name().name()))
        .map(|node| (node.attribute("id").unwrap(), node))
        .collect();
    let kinds = |name: &str| nodes.values().filter(|node| node.tag_name().name() == name).count();
    assert_eq!(kinds("startEvent"), 1, "{id}");
    assert!(kinds("endEvent") >= 1, "{id}");
    let (mut into, mut out) = (BTreeMap::<&str, usize>::new(), BTreeMap::<&str, usize>::new());
    for flow in of(&document, MODEL, "sequenceFlow") {
        let (from, to) = (flow.attribute("sourceRef").unwrap(), flow.attribute("targetRef").unwrap());
        assert!(nodes.contains_key(from) && nodes.contains_key(to), "{id}: {from} to {to}");
        *out.entry(from).or_default() += 1;
        *into.entry(to).or_default() += 1;
    }
    for (name, node) in &nodes {
        let listed = |tag: &str| node.children().filter(|child| child.has_tag_name((MODEL, tag))).count();
        assert_eq!(listed("incoming"), into.get(name).copied().unwrap_or(0), "{id}: into {name}");
        assert_eq!(listed("outgoing"), out.get(name).copied().unwrap_or(0), "{id}: out of {name}");
        match node.tag_name().name() {
            "startEvent" => assert!(listed("incoming") == 0 && listed("outgoing") == 1, "{id}: {name}"),
            "endEvent" => assert!(listed("incoming") >= 1 && listed("outgoing") == 0, "{id}: {name}"),
            "exclusiveGateway" => assert!(listed("outgoing") >= 2, "{id}: {name} chooses nothing"),
            "boundaryEvent" => {
                let task = nodes[node.attribute("attachedToRef").unwrap()].tag_name().name();
                assert!(task.ends_with("Task") && listed("incoming") == 0 && listed("outgoing") == 1, "{id}: {name}");
                let definitions = node.children().filter(|child| child.tag_name().name().ends_with("EventDefinition"));
                assert_eq!(definitions.count(), 1, "{id}: {name} waits for one thing");
            }
            _ => {}
        }
        // In the order that the schema of the standard asks.
        let order = ["documentation", "incoming", "outgoing", "timerEventDefinition", "messageEventDefinition"];
        let ranks: Vec<usize> = node
            .children()
            .filter(Node::is_element)
            .map(|child| order.iter().position(|name| *name == child.tag_name().name()).unwrap())
            .collect();
        assert!(ranks.is_sorted(), "{id}: {name}");
    }
    drawn(id, &document, &nodes);
}

/// Everything has a shape or an edge, nothing lies upon another, and ways begin and end at their elements.
fn drawn(id: &str, document: &Document<'_>, nodes: &BTreeMap<&str, Node<'_, '_>>) {
    let number = |node: Node<'_, '_>, name: &str| node.attribute(name).unwrap().parse::<i32>().unwrap();
    let mut frames = BTreeMap::new();
    for shape in of(document, DRAWING, "BPMNShape") {
        let bounds = shape.children().find(Node::is_element).unwrap();
        let frame = ["x", "y", "width", "height"].map(|name| number(bounds, name));
        frames.insert(shape.attribute("bpmnElement").unwrap(), frame);
    }
    assert_eq!(frames.keys().copied().collect::<Vec<_>>(), nodes.keys().copied().collect::<Vec<_>>(), "{id}");
    let fixed: Vec<(&&str, &[i32; 4])> =
        frames.iter().filter(|(name, _)| nodes[**name].tag_name().name() != "boundaryEvent").collect();
    for (at, (one, a)) in fixed.iter().enumerate() {
        for (other, b) in &fixed[at + 1..] {
            let apart = a[0] + a[2] <= b[0] || b[0] + b[2] <= a[0] || a[1] + a[3] <= b[1] || b[1] + b[3] <= a[1];
            assert!(apart, "{id}: {one} lies upon {other}");
        }
    }
    let flows: Vec<&str> = of(document, MODEL, "sequenceFlow").map(|flow| flow.attribute("id").unwrap()).collect();
    let edges: Vec<Node<'_, '_>> = of(document, DRAWING, "BPMNEdge").collect();
    assert_eq!(edges.len(), flows.len(), "{id}");
    for edge in edges {
        assert!(flows.contains(&edge.attribute("bpmnElement").unwrap()), "{id}");
        assert!(edge.children().filter(Node::is_element).count() >= 2, "{id}: a way has two ends");
    }
}

#[test]
fn every_service_that_ships_is_a_process() {
    for id in all_shipped() {
        let service = shipped(&id);
        check(&id, &document(&service, "en"));
        check(&id, &document(&service, "hi"));
    }
}

#[test]
fn every_action_is_a_way() {
    for id in all_shipped() {
        let service = shipped(&id);
        let text = document(&service, "en");
        let parsed = Document::parse(&text).unwrap();
        let named = of(&parsed, MODEL, "sequenceFlow").filter(|flow| flow.attribute("name").is_some()).count();
        let actions: usize = service.workflow.states.iter().map(|state| state.actions.len()).sum();
        assert_eq!(named, actions, "{id}");
        let timers = of(&parsed, MODEL, "timeDuration").filter_map(|node| node.text()).collect::<Vec<_>>();
        assert!(timers.iter().all(|time| time.starts_with('P') && time.len() > 2), "{id}: {timers:?}");
    }
}

#[test]
fn what_has_no_place_in_the_drawing_stands_in_the_documentation() {
    let mut kinds = BTreeSet::new();
    for id in all_shipped() {
        let service = shipped(&id);
        let text = document(&service, "en");
        let parsed = Document::parse(&text).unwrap();
        let told: Vec<&str> = of(&parsed, MODEL, "documentation").filter_map(|node| node.text()).collect();
        let lines: Vec<&str> = told.iter().flat_map(|text| text.lines()).collect();
        for action in service.workflow.states.iter().flat_map(|state| &state.actions) {
            let named = format!("{}: ", action.name);
            assert!(lines.iter().any(|line| line.starts_with(&named)), "{id}: {named}");
            if let Some(demand) = action.demand {
                let demand = format!("demand: {}", demand.word());
                assert!(lines.iter().any(|line| line.contains(&demand)), "{id}: {} {demand}", action.name);
            }
            let mut effects: Vec<String> = action.opens.iter().map(|child| format!("opens: {}", child.value)).collect();
            let used = action.uses.iter().map(|uses| format!("uses: {} as {}", uses.stock.value, uses.question.value));
            effects.extend(used);
            effects.extend(action.excess.map(|excess| format!("excess: {}", excess.word())));
            for effect in effects {
                let said = lines.iter().any(|line| line.starts_with(&named) && line.contains(&effect));
                assert!(said, "{id}: {named}{effect}");
                kinds.extend(effect.split(':').next().map(str::to_owned));
            }
        }
    }
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["excess", "opens", "uses"], "each of them is somewhere");
}

#[test]
fn signs_of_xml_are_written_as_text() {
    let mut service = shipped(&all_shipped()[0]);
    service.title.written = "A & \"b\" <c>\u{1}".to_owned();
    let text = document(&service, "xx");
    let parsed = Document::parse(&text).unwrap();
    let process = of(&parsed, MODEL, "process").next().unwrap();
    assert_eq!(process.attribute("name"), Some("A & \"b\" <c>"));
}

//! A first scenario: the shortest way that people can go, as far as no money is asked for.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Map, Value as Json, json};

use super::{APPLICANT, Process, Way};

/// The steps of the scenario: to an end if people alone lead there, else one step.
pub(in crate::digit) fn scenario(process: &Process) -> Vec<Json> {
    let way = shortest(process);
    if way.is_empty() {
        let first = process.step(&process.start).and_then(|step| step.ways.iter().find(|way| !way.by().is_empty()));
        return first.map(|way| step(process, way, way.demand.is_none())).into_iter().collect();
    }
    way.into_iter().map(|way| step(process, way, true)).collect()
}

/// The ways by which people lead a case from the start to the nearest end, without money; none if there are none.
fn shortest(process: &Process) -> Vec<&Way> {
    let mut came: BTreeMap<&str, (&str, &Way)> = BTreeMap::new();
    let mut open = VecDeque::from([process.start.as_str()]);
    while let Some(name) = open.pop_front() {
        let Some(step) = process.step(name) else { continue };
        if step.ends {
            let mut ways = Vec::new();
            let mut at = name;
            while let Some((from, way)) = came.get(at) {
                ways.push(*way);
                at = from;
            }
            ways.reverse();
            return ways;
        }
        for way in step.ways.iter().filter(|way| !way.by().is_empty() && way.demand.is_none()) {
            if way.to != process.start && !came.contains_key(way.to.as_str()) {
                came.insert(&way.to, (name, way));
                open.push_back(&way.to);
            }
        }
    }
    Vec::new()
}

fn step(process: &Process, way: &Way, arrives: bool) -> Json {
    let mut step = Map::new();
    step.insert("by".to_owned(), way.by().first().map_or(APPLICANT, String::as_str).into());
    step.insert("do".to_owned(), way.name.clone().into());
    if way.assign
        && let Some(next) = next_in_office(process, &way.to)
    {
        step.insert("assign".to_owned(), next.into());
    }
    if arrives {
        step.insert("state".to_owned(), json!(way.to));
    }
    Json::Object(step)
}

/// A role of the office that can act in a state.
fn next_in_office<'a>(process: &'a Process, state: &str) -> Option<&'a str> {
    let ways = &process.step(state)?.ways;
    ways.iter().flat_map(Way::by).map(String::as_str).find(|role| *role != APPLICANT)
}

//! Examples of a service: the answers of its scenarios, one of which is shown with its fee before
//! anybody starts.

use super::run::{Prepared, prepare};
use super::yaml::ScenarioYaml;
use crate::base::Answers;
use crate::registry::Record;
use crate::service::{Folders, Service};
use crate::source::{Diagnostics, Shape, read};

/// Scenarios that are tried as examples.
const MOST: usize = 24;
/// Scenarios that begin like one another: more than anybody writes.
const CHAIN: usize = 4;

/// What a scenario begins with.
#[derive(Clone, Debug)]
pub struct Example {
    /// The applicant's answers.
    pub answers: Answers,
    /// The record that the case is about.
    pub record: Option<Record>,
}

/// The scenario that `service` names as its example, and after it the others: a town whose list of
/// trades is its own may have no use for the first. None for a service that names no example.
pub fn examples(folders: &Folders<'_>, service: &Service) -> Vec<Example> {
    let Some(named) = service.start.example.as_ref().map(|name| format!("{}.yaml", name.value)) else {
        return Vec::new();
    };
    let all = folders.list(&format!("{}/tests", service.id));
    let others = all.into_keys().filter(|name| *name != named);
    std::iter::once(named.clone())
        .chain(others)
        .take(MOST)
        .filter_map(|name| {
            let prepared = find(folders, service, &name, CHAIN)?;
            Some(Example { answers: Answers::from_json(&prepared.answers), record: prepared.record })
        })
        .collect()
}

fn find(folders: &Folders<'_>, service: &Service, file: &str, chain: usize) -> Option<Prepared> {
    let mut ignored = Diagnostics::default();
    let path = folders.find(&format!("{}/tests/{file}", service.id))?;
    let node = read::yaml(folders.bundle, &path, &mut ignored)?;
    let yaml = ScenarioYaml::read(&node, &mut ignored)?;
    let like = match &yaml.like {
        Some(like) if chain > 0 => Some(find(folders, service, &like.value, chain - 1)?),
        Some(_) => return None,
        None => None,
    };
    Some(prepare(yaml, service, like.as_ref()))
}

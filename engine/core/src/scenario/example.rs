//! The example of a service: the answers of one of its scenarios, shown with their fee before
//! anybody starts.

use super::run::{Prepared, prepare};
use super::yaml::ScenarioYaml;
use crate::base::Answers;
use crate::registry::Record;
use crate::service::{Folders, Service};
use crate::source::{Diagnostics, Shape, read};

/// Scenarios that begin like one another: more than anybody writes.
const CHAIN: usize = 4;

/// What a scenario begins with.
#[derive(Clone, Debug)]
pub struct Example {
    /// What it shows, in the language of the service.
    pub name: String,
    /// The applicant's answers.
    pub answers: Answers,
    /// The record that the case is about.
    pub record: Option<Record>,
}

/// The scenario that `service` names as its example, if it can be read.
pub fn example(folders: &Folders<'_>, service: &Service) -> Option<Example> {
    let prepared = find(folders, service, &format!("{}.yaml", service.start.example.as_ref()?), CHAIN)?;
    Some(Example {
        name: prepared.yaml.name.value.clone(),
        answers: Answers::from_json(&prepared.answers),
        record: prepared.record,
    })
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

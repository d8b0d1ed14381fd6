//! The configuration of a service made with DIGIT Studio, as definitions.
//!
//! One file has everything: questions, papers, a workflow in the shape of the older platform, a bill, amounts by
//! key, numbers. The workflow and the bill go the way of [`crate::digit`]; what a configuration says about states,
//! heads and statuses by their names is held against what is there.

mod fields;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use crate::digit::source::{Found, Master, Written};
use crate::digit::{self, Imported, Known, Options};
use crate::report::{Place, Report};

/// Keys of a configuration that are read; of others it is said that they were not.
const READ: [&str; 10] =
    ["module", "service", "fields", "workflow", "documents", "idgen", "bill", "calculator", "pdf", "notification"];

/// Reads `files`, path to text, and makes definitions of the configurations in them. Masters that lie beside
/// them (lists, tenants, roles, words) are read as of an installation.
pub fn import(files: &BTreeMap<String, String>, options: &Options) -> Imported {
    let mut report = Report::default();
    let mut found = crate::digit::source::read(files, &mut report);
    let configurations = found.masters.iter().filter(|master| master.name == "ServiceConfiguration").cloned();
    let configurations: Vec<Master> = configurations.collect();
    found.masters.retain(|master| master.name != "ServiceConfiguration");
    let lists = digit::list_names(&found);
    let mut known = BTreeMap::new();
    if configurations.is_empty() {
        report.defect("no-configuration", &Place::file("ServiceConfiguration"), "no file has a `ServiceConfiguration`");
    }
    for (place, row) in configurations.iter().flat_map(|master| &master.rows) {
        let Some(service) = row["service"].as_str() else {
            report.defect("workflow-without-name", place, "a configuration names no `service`");
            continue;
        };
        let mut one = One { service, row, place, report: &mut report };
        one.workflow(&mut found);
        one.bill(&mut found);
        known.insert(service.to_owned(), one.known(&lists));
        one.names();
        one.rest();
    }
    digit::make(&found, files.len(), known, options, report)
}

/// One configuration.
struct One<'a> {
    service: &'a str,
    row: &'a Json,
    place: &'a Place,
    report: &'a mut Report,
}

impl One<'_> {
    /// Hands on the workflow, under the name of the service.
    fn workflow(&mut self, found: &mut Found) {
        let details = &self.row["workflow"]["details"];
        let place = self.place.at("workflow").at("details");
        let Some((at, first)) = details.as_array().and_then(|list| list.iter().enumerate().next()) else {
            let of = self.row["workflow"]["businessService"].as_str().unwrap_or_default();
            let what = format!("`{}` has the workflow `{of}`, which is not in this file", self.service);
            self.report.supply("workflow", &self.place.at("workflow"), what);
            return;
        };
        let mut value = first.clone();
        if value["businessService"].as_str() != Some(self.service) {
            let what = format!("the workflow of `{}` calls itself {}", self.service, value["businessService"]);
            self.report.defect("workflow-of-another", &place.at(at).at("businessService"), what);
        }
        value["businessService"] = json!(self.service);
        let starts = value["states"].as_array().into_iter().flatten();
        let starts = starts.filter(|state| state["isStartState"].as_bool() == Some(true)).count();
        if starts > 1 {
            let what = format!("`{}` has {starts} states in which it starts", self.service);
            self.report.defect("start-twice", &place.at(at).at("states"), what);
        }
        found.workflows.push(Written { id: None, value, place: place.at(at) });
    }

    /// Hands on the bill, as masters of billing. It is the bill of this service, whatever it calls itself.
    fn bill(&mut self, found: &mut Found) {
        let bill = &self.row["bill"];
        for (key, name) in
            [("BusinessService", "BusinessService"), ("taxPeriod", "TaxPeriod"), ("taxHead", "TaxHeadMaster")]
        {
            let place = self.place.at("bill").at(key);
            let mut rows: Vec<(Place, Json)> = match &bill[key] {
                Json::Array(rows) => rows.iter().enumerate().map(|(at, row)| (place.at(at), row.clone())).collect(),
                Json::Object(_) => vec![(place, bill[key].clone())],
                _ => continue,
            };
            let of = if key == "BusinessService" { "code" } else { "service" };
            for (place, row) in rows.iter_mut().filter(|(_, row)| row.is_object()) {
                if row[of].as_str().is_some_and(|code| code.trim() != self.service) {
                    let what = format!("the bill of `{}` says that it is of {}", self.service, row[of]);
                    self.report.defect("bill-of-another", &place.at(of), what);
                }
                row[of] = json!(self.service);
            }
            let (module, tenant) = ("BillingService".to_owned(), String::new());
            found.masters.push(Master { module, name: name.to_owned(), tenant, rows });
        }
    }

    /// Questions, amounts and numbers.
    fn known(&mut self, lists: &BTreeMap<String, Option<String>>) -> Known {
        let asked = fields::pages(self.row, self.place, lists, self.report);
        let (pages, answers) = asked.map_or((None, Json::Null), |(pages, answers)| (Some(pages), answers));
        Known { pages, answers, rates: self.rates(), number: self.number() }
    }

    /// Amounts by key, where the key is that of a head.
    fn rates(&mut self) -> BTreeMap<String, Json> {
        let heads: Vec<&str> = self.row["bill"]["taxHead"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|head| head["code"].as_str())
            .collect();
        let mut rates = BTreeMap::new();
        let slabs = self.row["calculator"]["billingSlabs"].as_array().into_iter().flatten();
        for (at, slab) in slabs.enumerate() {
            let place = self.place.at("calculator").at("billingSlabs").at(at);
            let (key, value) = (slab["key"].as_str().unwrap_or_default(), slab["value"].clone());
            if heads.contains(&key) && value.is_number() {
                rates.insert(key.to_owned(), value);
            } else {
                let what = format!(
                    "the amount `{key}` ({value}) of `{}` belongs to no tax head: it would never be charged",
                    self.service
                );
                self.report.defect("amount-of-nothing", &place, what);
            }
        }
        rates
    }

    /// The format of the numbers of applications.
    fn number(&self) -> Option<(Place, String)> {
        let idgen = &self.row["idgen"];
        let one = match idgen {
            Json::Array(list) => list.iter().find(|one| one["type"].as_str() == Some("application")).or(list.first())?,
            other => other,
        };
        let format =
            ["sequence", "format"].iter().filter_map(|key| one[*key].as_str()).find(|text| text.contains('['))?;
        Some((self.place.at("idgen"), format.to_owned()))
    }

    /// States, statuses and papers that are named and not there.
    fn names(&mut self) {
        let workflow = &self.row["workflow"];
        let states: Vec<&Json> = workflow["details"][0]["states"].as_array().into_iter().flatten().collect();
        let named = |key: &str| states.iter().filter_map(|state| state[key].as_str()).collect::<BTreeSet<&str>>();
        let (known, statuses) = (named("state"), named("applicationStatus"));
        if states.is_empty() {
            return;
        }
        for key in ["ACTIVE", "INACTIVE"] {
            for (at, status) in texts(&workflow[key]) {
                if !known.contains(status) && !statuses.contains(status) {
                    let what = format!("`{status}` of `{}` is called {key}, and nothing leads there", self.service);
                    self.report.defect("unknown-state", &self.place.at("workflow").at(key).at(at), what);
                }
            }
        }
        let row = self.row;
        for part in ["documents", "pdf"] {
            for (at, one) in row[part].as_array().into_iter().flatten().enumerate() {
                let place = self.place.at(part).at(at).at("states");
                self.states(&one["states"], &place, &known, part);
            }
        }
        for (channel, one) in row["notification"].as_object().into_iter().flatten() {
            let place = self.place.at("notification").at(channel);
            for (at, message) in one.as_array().into_iter().flatten().enumerate() {
                self.states(&message["states"], &place.at(at).at("states"), &known, "notification");
            }
            self.states(&one["states"], &place.at("states"), &known, "notification");
        }
    }

    fn states(&mut self, named: &Json, place: &Place, known: &BTreeSet<&str>, part: &str) {
        for (at, state) in texts(named).filter(|(_, state)| !known.contains(state)) {
            let what = format!(
                "`{part}` of `{}` waits for the state `{state}`, which is not there: it would never happen",
                self.service
            );
            self.report.defect("unknown-state", &place.at(at), what);
        }
    }

    /// What is left over.
    fn rest(&mut self) {
        for key in self.row.as_object().into_iter().flatten().map(|(key, _)| key) {
            if !READ.contains(&key.as_str()) && !self.row[key.as_str()].is_null() {
                let what = format!("`{key}` of `{}`", self.service);
                self.report.dropped("part-of-configuration", &self.place.at(key), what);
            }
        }
    }
}

fn texts(list: &Json) -> impl Iterator<Item = (usize, &str)> {
    list.as_array().into_iter().flatten().enumerate().filter_map(|(at, value)| Some((at, value.as_str()?)))
}

//! An installation of DIGIT as definitions: its workflows, its master data, its words.
//!
//! What stands in data becomes definitions; what stands in code (questions, fees, messages, registers) cannot, and
//! is told as what must be supplied. What is wrong in the data is told with its place, and is not carried over.
//!
//! Services are written below the state, not among the shared ones: so they need the languages of that state
//! alone, and an import lies beside the services that ship without touching them.

mod access;
mod billing;
mod days;
mod ids;
mod lists;
mod machine;
mod places;
mod process;
mod service;
mod slabs;
pub(crate) mod source;
mod tenants;
mod tidy;
mod vocabulary;
mod windows;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use machine::Machine;
use process::Escalations;
use serde_json::Value as Json;
use words::Words;

use crate::names;
use crate::report::{Place, Report};

/// What the import is told.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The name of the state; that of the source when nothing is said.
    pub state: Option<String>,
    /// Names of services that are there already.
    pub taken: BTreeSet<String>,
    /// Letters that stand in the numbers of towns that are there already.
    pub codes: BTreeSet<String>,
    /// Where money is booked.
    pub accounts: Accounts,
}

/// Accounts that the source does not say.
#[derive(Clone, Debug)]
pub struct Accounts {
    /// The fund.
    pub fund: String,
    /// The account of what is charged.
    pub income: String,
    /// The account of what is owed.
    pub receivable: String,
    /// The account of money that nothing waited for.
    pub unapplied: String,
    /// The codes of the chart of accounts; empty if it is not known.
    pub known: BTreeSet<String>,
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            fund: "general".to_owned(),
            income: "1404009".to_owned(),
            receivable: "4313001".to_owned(),
            unapplied: "3501101".to_owned(),
            known: BTreeSet::new(),
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// Definitions: path and text.
    pub files: BTreeMap<String, String>,
    /// What was found on the way.
    pub report: Report,
}

/// What services are made with.
struct Around<'a> {
    words: Words,
    /// Names of roles by code.
    roles: BTreeMap<String, String>,
    formats: ids::Formats,
    billing: billing::Billing,
    accounts: &'a Accounts,
    /// Code lists of the state.
    lists: BTreeMap<String, lists::List>,
    /// What else is known of services.
    known: BTreeMap<String, Known>,
    /// Letters of towns that are taken.
    codes: BTreeSet<String>,
    /// Formats of numbers that are taken.
    numbers: BTreeSet<String>,
}

impl Around<'_> {
    /// A code that can be chosen of a list.
    fn leaf(&self, list: &str) -> Option<String> {
        self.lists.get(list)?.leaf()
    }
}

/// What is known of a service besides its workflow and its bill.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// Its pages, in the shape of form.yaml; a stub is written where there are none.
    pub(crate) pages: Option<Json>,
    /// Answers for its first scenario.
    pub(crate) answers: Json,
    /// Amounts in rupees, by the code of the head.
    pub(crate) rates: BTreeMap<String, Json>,
    /// How its applications are numbered.
    pub(crate) number: Option<(Place, String)>,
}

/// Reads `files`, path to text, and makes definitions of them.
pub fn import(files: &BTreeMap<String, String>, options: &Options) -> Imported {
    let mut report = Report::default();
    let found = source::read(files, &mut report);
    for (place, row) in found.rows("ServiceConfiguration") {
        let what = format!("{} is a service of DIGIT Studio: `import digit-studio` reads it", row["service"]);
        report.dropped("configuration-of-studio", place, what);
    }
    make(&found, files.len(), BTreeMap::new(), options, report)
}

/// Makes definitions of what was found; `known` is what else is known of services, by their codes.
pub(crate) fn make(
    found: &source::Found,
    read: usize,
    known: BTreeMap<String, Known>,
    options: &Options,
    mut report: Report,
) -> Imported {
    let machines: Vec<Machine> =
        found.workflows.iter().filter_map(|written| machine::read(written, &mut report)).collect();
    let mut around = Around {
        words: Words::of(&found.messages),
        roles: access::roles(found, &mut report),
        formats: ids::formats(found, &mut report),
        billing: billing::read(found, &mut report),
        accounts: &options.accounts,
        lists: BTreeMap::new(),
        known,
        codes: options.codes.clone(),
        numbers: BTreeSet::new(),
    };
    access::role_actions(found, &mut report);
    access::of_workflows(&machines, &around.roles, &mut report);
    windows::check(found, &mut report);
    slabs::check(found, &mut report);
    tidy::check(found, &mut report);
    around.lists = lists::of_state(found, &mut around.words, &mut report);
    let state = tenants::state_of(found, options);
    let mut made = BTreeMap::new();
    let escalations = escalations(found, &mut report);
    let into = (state.as_str(), &mut made);
    let services = services(&machines, options, &escalations, &mut around, into, &mut report);
    charged(&machines, &around, &mut report);
    let towns = tenants::write(found, &state, &services, &mut around, &mut made, &mut report);
    for (language, lacking) in around.words.lacking().into_iter().filter(|(_, lacking)| *lacking > 0) {
        let place = Place::file("localization");
        report.supply("words", &place, format!("{lacking} words are missing in `{language}`: no town speaks it yet"));
    }
    report.counts = vec![
        ("files read", read),
        ("workflows", machines.len()),
        ("services", services.len()),
        ("towns", towns),
        ("lists", around.lists.len()),
        ("files written", made.len()),
    ];
    Imported { files: made, report }
}

/// Writes a service for each workflow; their names.
fn services(
    machines: &[Machine],
    options: &Options,
    escalations: &Escalations,
    around: &mut Around<'_>,
    (state, made): (&str, &mut BTreeMap<String, String>),
    report: &mut Report,
) -> Vec<String> {
    let mut taken = options.taken.clone();
    let mut services = Vec::new();
    for machine in machines {
        let Some(process) = process::convert(machine, escalations, report) else { continue };
        let folder = names::unused(&names::kebab(&machine.id, "service"), '-', &mut taken);
        let service = service::Made { machine, process: &process, folder: &folder };
        for (path, text) in service::files(&service, around, report) {
            made.insert(format!("tenants/{state}/{folder}/{path}"), text);
        }
        services.push(folder);
    }
    services
}

/// Bills that no workflow uses.
fn charged(machines: &[Machine], around: &Around<'_>, report: &mut Report) {
    let used = machines.iter().flat_map(|machine| {
        let known = vocabulary::service(&machine.service).billing;
        [machine.service.clone(), machine.business.clone(), known.to_owned()]
    });
    billing::without_workflow(&around.billing, &used.collect(), report);
}

/// What the clock does for people who do nothing, and intervals that nobody can read.
fn escalations(found: &source::Found, report: &mut Report) -> Escalations {
    let mut escalations = Escalations::new();
    for (place, row) in found.rows("AutoEscalation") {
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let days = row["stateSLA"].as_i64().or_else(|| whole(&row["stateSLA"]));
        match days.filter(|days| (1..=3_650).contains(days)) {
            Some(days) if row["active"].as_bool() != Some(false) && row["active"].as_str() != Some("false") => {
                escalations.insert((text("businessService"), text("state"), text("action")), days);
            }
            Some(_) => {}
            None => {
                let what = format!("`{}` is no count of days until `{}`", row["stateSLA"], text("action"));
                report.defect("time-without-unit", &place.at("stateSLA"), what);
            }
        }
    }
    escalations
}

/// A number such as `2.0` or `"2.0"`, if it is whole.
fn whole(value: &Json) -> Option<i64> {
    let text = match value {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        _ => return None,
    };
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    rest.bytes().all(|b| b == b'0').then(|| whole.parse().ok()).flatten()
}

/// The code lists that masters become, by name, each with a code that can be chosen.
pub(crate) fn list_names(found: &source::Found) -> BTreeMap<String, Option<String>> {
    let of_state = found.masters.iter().filter(|master| !master.tenant.contains('.') && lists::is_list(master));
    of_state.map(|master| (list_name(&master.name), lists::list(master, &mut Words::default()).leaf())).collect()
}

/// What the code list of a master is called.
pub(crate) fn list_name(master: &str) -> String {
    lists::name_of(master)
}

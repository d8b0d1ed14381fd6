//! From a description as it is written to one that fits its service.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::checks::import_wrong;
use super::yaml::{CellsYaml, ImportYaml, OwedYaml};
use super::{Answer, From, Import, OwedFrom, RowCheck};
use crate::base::date::parse_day;
use crate::base::{Day, Name};
use crate::form::{Field, Kind};
use crate::registry::Mode;
use crate::rule::Condition;
use crate::service::{Catalogue, Folders, Service};
use crate::source::{At, Bundle, Diagnostics, Map, Shape, read};
use crate::tenant::Tenant;

/// The folder of descriptions beside a service.
const FOLDER: &str = "imports";

/// The description called `name` of a service of a tenant; what is wrong with it goes to `out`.
pub fn find(folders: &Folders<'_>, service: &Service, name: &str, out: &mut Diagnostics) -> Option<Import> {
    let path = folders.find(&format!("{}/{FOLDER}/{name}.yaml", service.id))?;
    read_one(folders.bundle, &path, service, out)
}

/// Checks every description of every service, each once.
pub fn check_all(bundle: &Bundle, catalogue: &Catalogue, out: &mut Diagnostics) {
    if !bundle.paths().any(|path| path.contains("/imports/")) {
        return;
    }
    let mut seen = BTreeSet::new();
    for tenant in catalogue.tenants.values() {
        for (path, service) in descriptions(bundle, catalogue, tenant) {
            if seen.insert(Arc::clone(&path)) {
                read_one(bundle, &path, service, out);
            }
        }
    }
}

fn descriptions<'a>(
    bundle: &Bundle,
    catalogue: &'a Catalogue,
    tenant: &'a Tenant,
) -> Vec<(Arc<str>, &'a Arc<Service>)> {
    let folders = Folders::of_tenant(bundle, &tenant.state, &tenant.id);
    let of_service = |service: &'a Arc<Service>| {
        let files = folders.list(&format!("{}/{FOLDER}", service.id));
        files.into_iter().filter(|(name, _)| name.strip_suffix(".yaml").is_some()).map(move |(_, path)| (path, service))
    };
    catalogue.services(tenant).flat_map(of_service).collect()
}

fn read_one(bundle: &Bundle, path: &Arc<str>, service: &Service, out: &mut Diagnostics) -> Option<Import> {
    let node = read::yaml(bundle, path, out)?;
    let yaml = ImportYaml::read(&node, out)?;
    let before = out.0.len();
    let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".yaml");
    let import = fitting(Name::new(name), yaml, service, out);
    (out.0.len() == before).then_some(import)
}

fn fitting(name: Name, yaml: ImportYaml, service: &Service, out: &mut Diagnostics) -> Import {
    grant(&yaml.grant, service, out);
    let states = || service.workflow.states.iter().map(|state| state.name.as_str());
    for state in [Some(&yaml.owing), yaml.settled.as_ref()].into_iter().flatten() {
        if service.workflow.state(state).is_none() {
            out.push(import_wrong::unknown("state", state, &state.at, states()));
        }
    }
    let fields: Vec<&Field> = service.form.fields().collect();
    let answers = yaml.answers.0.into_iter().filter_map(|(path, cells)| answer(&path, cells.0, &fields, out)).collect();
    let amounts: Vec<(Name, String)> = columns(yaml.amounts.unwrap_or_default());
    let known: BTreeSet<String> = amounts.iter().map(|(name, _)| name.to_string()).collect();
    let mut checks = Vec::new();
    for check in yaml.checks.unwrap_or_default() {
        let that = Condition::compile(&check.that, &known, out);
        checks.extend(that.map(|that| RowCheck { that, otherwise: check.otherwise.value }));
    }
    let mut owed: Vec<OwedFrom> = Vec::new();
    for written in yaml.owed.unwrap_or_default() {
        let at = written.period.at.clone();
        let Some(one) = self::owed(written, service, out) else { continue };
        if let Some(other) = owed.iter().find(|other| in_one_period(other.day, one.day, service)) {
            out.push(import_wrong::period_twice(one.day, other.day, &at));
        }
        owed.push(one);
    }
    Import {
        name,
        title: yaml.title.value,
        grant: yaml.grant.value,
        settled: yaml.settled.map_or_else(|| yaml.owing.value.clone(), |state| state.value),
        owing: yaml.owing.value,
        number: yaml.number.map(|column| column.value),
        holder: yaml.holder.map(|column| column.value),
        since: yaml.since.map(|column| column.value),
        answers,
        amounts,
        owed,
        checks,
    }
}

/// Whether two days lie in one period of the service, of which there can be one demand.
fn in_one_period(one: Day, other: Day, service: &Service) -> bool {
    let (Some(opens), Some(fees)) = (&service.opens, &service.fees) else { return false };
    opens.every.period(one, &fees.calendar).contains(other)
}

fn columns(written: Map<At<String>>) -> Vec<(Name, String)> {
    written.0.into_iter().map(|(name, column)| (name.value, column.value)).collect()
}

fn grant(name: &At<Name>, service: &Service, out: &mut Diagnostics) {
    match service.grant(name) {
        None => {
            let grants = service.grants.iter().map(|grant| grant.name.as_str());
            out.push(import_wrong::unknown("grant", name, &name.at, grants));
        }
        Some(grant) if grant.mode != Mode::Create => out.push(import_wrong::makes_none(name, &name.at)),
        Some(_) => {}
    }
}

fn answer(path: &At<String>, cells: CellsYaml, fields: &[&Field], out: &mut Diagnostics) -> Option<Answer> {
    let from = match (cells.column, cells.always) {
        (Some(column), None) => From::Column(column.value),
        (None, Some(always)) => From::Always(always.value),
        _ => {
            out.push(import_wrong::two_sources(&path.value, &path.at));
            return None;
        }
    };
    let repeated = question(path, fields, out)?;
    let means = cells.means.unwrap_or_default().0.into_iter();
    Some(Answer {
        path: path.value.split('.').map(Name::new).collect(),
        repeated,
        from,
        means: means.map(|(word, meant)| (word.value, meant.value)).collect(),
    })
}

/// Whether the question at `path` lies in a repeated group; it must be one that a cell can answer.
fn question(path: &At<String>, fields: &[&Field], out: &mut Diagnostics) -> Option<bool> {
    let (mut level, mut repeated) = (fields.to_vec(), false);
    let mut parts = path.value.split('.').enumerate().peekable();
    while let Some((depth, part)) = parts.next() {
        let Some(field) = level.iter().find(|field| field.name == *part) else {
            let known = level.iter().map(|field| field.name.as_str());
            out.push(import_wrong::unknown("question", part, &path.at, known));
            return None;
        };
        let inner = match &field.kind {
            Kind::Group { fields } => fields,
            Kind::List { fields, .. } if depth == 0 => {
                repeated = true;
                fields
            }
            Kind::List { .. } => {
                return refused(path, "a repeated group inside of another has no rows of its own", out);
            }
            Kind::File { .. } | Kind::Photo { .. } => return refused(path, "a table holds no files", out),
            Kind::Point if parts.peek().is_some() => return Some(repeated),
            _ if parts.peek().is_some() => return refused(path, "the question before the dot is no group", out),
            _ => return Some(repeated),
        };
        level = inner.iter().collect();
    }
    refused(path, "it is a group: name a question inside of it", out)
}

fn refused(path: &At<String>, why: &str, out: &mut Diagnostics) -> Option<bool> {
    out.push(import_wrong::not_one_cell(&path.value, &path.at, why));
    None
}

fn owed(written: OwedYaml, service: &Service, out: &mut Diagnostics) -> Option<OwedFrom> {
    let known: Vec<&str> =
        service.billing.iter().flat_map(|billing| &billing.heads).map(|head| head.name.as_str()).collect();
    for (head, _) in written.heads.0.iter().filter(|(head, _)| !known.contains(&head.value.as_str())) {
        out.push(import_wrong::unknown("head", &head.value, &head.at, known.iter().copied()));
    }
    if service.postings.as_ref().is_some_and(|postings| postings.opening.is_none()) {
        out.push(import_wrong::nowhere_to_book(&written.at));
    }
    let Some(day) = parse_day(&written.period.value) else {
        out.push(import_wrong::no_day(&written.period));
        return None;
    };
    let collected = written.collected.map(|column| column.value);
    Some(OwedFrom { day, heads: columns(written.heads), collected })
}

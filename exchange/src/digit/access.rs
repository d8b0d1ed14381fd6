//! Roles, and what they may do: who is named and not there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::machine::Machine;
use super::source::Found;
use crate::report::{Place, Report};

/// The names of roles by code.
pub(super) fn roles(found: &Found, report: &mut Report) -> BTreeMap<String, String> {
    let mut roles = BTreeMap::new();
    for (place, row) in found.rows("roles") {
        let code = row["code"].as_str().unwrap_or_default().trim();
        let name = row["name"].as_str().unwrap_or(code).trim();
        if roles.insert(code.to_owned(), name.to_owned()).is_some() {
            report.defect("role-twice", place, format!("the role `{code}` stands twice"));
        }
    }
    roles
}

fn code(value: &Json) -> String {
    match value {
        Json::String(text) => text.trim().to_owned(),
        Json::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// Says which permissions name a role or an action that is not there, stand twice, or lack their tenant; and
/// which roles may do nothing at all.
pub(super) fn role_actions(found: &Found, report: &mut Report) {
    let known: BTreeSet<String> = found.rows("roles").map(|(_, row)| code(&row["code"])).collect();
    let actions: BTreeSet<String> =
        found.rows("actions-test").chain(found.rows("actions")).map(|(_, row)| code(&row["id"])).collect();
    let (mut seen, mut used) = (BTreeSet::new(), BTreeSet::new());
    for (place, row) in found.rows("roleactions") {
        let (role, action, tenant) = (code(&row["rolecode"]), code(&row["actionid"]), code(&row["tenantId"]));
        if !known.is_empty() && !known.contains(&role) {
            report.defect(
                "unknown-role",
                &place.at("rolecode"),
                format!("a permission is for `{role}`, which is no role"),
            );
        }
        if !actions.is_empty() && !actions.contains(&action) {
            let what = format!("a permission of `{role}` is for the action {action}, which is not there");
            report.defect("unknown-action", &place.at("actionid"), what);
        }
        if tenant.is_empty() {
            let what = format!("the permission of `{role}` for {action} says no tenant");
            report.defect("permission-without-tenant", place, what);
        }
        if !seen.insert((role.clone(), action.clone(), tenant)) {
            report.defect("permission-twice", place, format!("the permission of `{role}` for {action} stands twice"));
        }
        used.insert(role);
    }
    let total = seen.len();
    for (place, row) in found.rows("roles").filter(|_| total > 0) {
        let role = code(&row["code"]);
        if !used.contains(&role) {
            report.defect("role-without-permission", place, format!("the role `{role}` may do nothing"));
        }
    }
    if total > 0
        && let Some((place, _)) = found.rows("roleactions").next()
    {
        let what = format!("{total} permissions: who may do what follows here from the workflows");
        report.dropped("permissions", &Place::file(&place.file), what);
    }
}

/// Says which roles of workflows are not among the roles of the installation.
pub(super) fn of_workflows(machines: &[Machine], roles: &BTreeMap<String, String>, report: &mut Report) {
    if roles.is_empty() {
        return;
    }
    let mut said = BTreeSet::new();
    for action in machines.iter().flat_map(|machine| &machine.states).flat_map(|state| &state.actions) {
        for role in action.people().filter(|role| *role != "*" && !roles.contains_key(*role)) {
            if said.insert(role.clone()) {
                let what = format!("`{}` is for the role `{role}`, which is not there", action.name);
                report.defect("unknown-role", &action.place.at("roles"), what);
            }
        }
    }
}

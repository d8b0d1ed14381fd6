//! What is wrong with master data whatever they are about: folders of no tenant, files that name another
//! tenant than their folder, codes that stand twice, signs that do not belong.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::source::{Found, Master};
use crate::report::Report;

/// Masters in which a code is no name of the row.
const NOT_BY_CODE: [&str; 4] = ["TaxHeadMaster", "TaxPeriod", "BusinessService", "roles"];

pub(super) fn check(found: &Found, report: &mut Report) {
    folders(found, report);
    tenants(found, report);
    workflows(found, report);
    for master in &found.masters {
        if !NOT_BY_CODE.contains(&master.name.as_str()) {
            codes(master, report);
        }
        // What a trade asks for stands beside it.
        listed(found, master, report);
    }
}

/// The codes of tenants that there are.
fn known(found: &Found) -> BTreeSet<String> {
    found.rows("tenants").filter_map(|(_, row)| row["code"].as_str()).map(|code| code.trim().to_lowercase()).collect()
}

/// Folders that belong to no tenant, and files that name another tenant than the folder they lie in.
fn folders(found: &Found, report: &mut Report) {
    let known = known(found);
    let mut orphans = BTreeSet::new();
    for folder in &found.folders {
        let (state, town) = &folder.path;
        let expected = if town.is_empty() { state.clone() } else { format!("{state}.{town}") };
        let named = &folder.tenant;
        if !known.is_empty() && !town.is_empty() && !known.contains(&expected.to_lowercase()) {
            if orphans.insert(expected.clone()) {
                report.defect("folder-of-nobody", &folder.place, format!("the folder `{town}` belongs to no tenant"));
            }
        } else if *named != expected {
            let what = format!("the file lies in the folder of `{expected}` and says that it is of `{named}`");
            report.defect("tenant-differs", &folder.place, what);
        }
    }
}

/// Tenants that are none, and names of tenants that there are not.
fn tenants(found: &Found, report: &mut Report) {
    let known = known(found);
    if known.is_empty() {
        return;
    }
    let root = known.iter().filter_map(|code| code.split('.').next()).min().unwrap_or_default().to_owned();
    let name = |row: &Json| row["city"]["name"].as_str().or(row["name"].as_str()).unwrap_or_default().to_owned();
    let is_root = |row: &Json| row["code"].as_str().is_some_and(|code| code.trim().eq_ignore_ascii_case(&root));
    let state =
        found.rows("tenants").find(|(_, row)| is_root(row)).map(|(_, row)| name(row)).filter(|name| !name.is_empty());
    for (place, row) in found.rows("tenants") {
        let code = row["code"].as_str().unwrap_or_default().trim();
        let town = code.split('.').nth(1).unwrap_or_default();
        if town.to_lowercase().contains("test")
            || row["city"]["name"].as_str().is_some_and(|name| name.to_lowercase().contains("testing"))
        {
            report.defect("tenant-for-tests", place, format!("`{code}` is a tenant for tests"));
        }
        // A town of that name may be one; mostly it is a row that somebody made to try something out.
        if !town.is_empty() && state.as_ref().is_some_and(|state| near(state, &name(row))) {
            report.defect("tenant-of-state", place, format!("`{code}` has the name of the state: is it a town?"));
        }
        if code.split('.').count() > 2 {
            report.defect("tenant-code", &place.at("code"), format!("`{code}` is no code of a state and a town"));
        }
    }
    alike(found, "districtName", report);
    alike(found, "ulbGrade", report);
    for name in ["citymodule", "citywiseconfig"] {
        for (place, row) in found.rows(name) {
            for (at, tenant) in mentioned(row) {
                let unknown = !known.contains(&tenant.to_lowercase()) && tenant != root;
                if unknown {
                    report.defect(
                        "unknown-tenant",
                        &place.at(at),
                        format!("`{name}` names `{tenant}`, which is no tenant"),
                    );
                }
            }
        }
    }
    modules_without_masters(found, report);
}

/// Workflows that were written for another state and still name it.
fn workflows(found: &Found, report: &mut Report) {
    let known = known(found);
    let states: BTreeSet<&str> = known.iter().filter_map(|code| code.split('.').next()).collect();
    if states.is_empty() {
        return;
    }
    for written in &found.workflows {
        let Some(tenant) = written.value["tenantId"].as_str() else { continue };
        let state = tenant.trim().to_lowercase();
        if !states.contains(state.split('.').next().unwrap_or_default()) {
            let what = format!("{} is a workflow of `{tenant}`, which is no tenant", written.value["businessService"]);
            report.defect("workflow-of-another-state", &written.place.at("tenantId"), what);
        }
    }
}

/// The codes of tenants inside of a row, wherever it has them.
fn mentioned(row: &Json) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for key in ["tenants", "enabledCities", "cities"] {
        for value in row[key].as_array().into_iter().flatten() {
            let code = value.as_str().or_else(|| value["code"].as_str());
            found.extend(code.map(|code| (key, code.trim().to_owned())));
        }
    }
    found
}

/// Whether two words are one, but for blanks, capitals and a slip of the pen.
fn near(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim().to_lowercase(), other.trim().to_lowercase());
    one == other || one.len() > 4 && strsim::osa_distance(&one, &other) <= 2
}

/// Words of a column that are one word written in two ways: of a district, of a grade.
fn alike(found: &Found, key: &str, report: &mut Report) {
    let mut ways: BTreeMap<String, (crate::report::Place, usize)> = BTreeMap::new();
    for (place, row) in found.rows("tenants") {
        if let Some(word) = row["city"][key].as_str() {
            ways.entry(word.to_owned()).or_insert_with(|| (place.at("city").at(key), 0)).1 += 1;
        }
    }
    let words: Vec<&String> = ways.keys().collect();
    for (at, one) in words.iter().enumerate() {
        for other in &words[at + 1..] {
            if near(one, other) {
                let rarer = if ways[*one].1 < ways[*other].1 { one } else { other };
                let what = format!("`{key}` is written `{one}` and `{other}`: one word in two ways");
                report.defect("word-in-two-ways", &ways[*rarer].0, what);
            }
        }
    }
}

/// Towns in which a module is switched on that has no masters there nor in the state.
fn modules_without_masters(found: &Found, report: &mut Report) {
    // The code of a module, and the module of its masters.
    for (code, module) in [("PT", "PropertyTax"), ("TL", "TradeLicense")] {
        let with: BTreeSet<String> = found
            .masters
            .iter()
            .filter(|master| master.module == module)
            .map(|master| master.tenant.to_lowercase())
            .collect();
        if !with.iter().any(|tenant| tenant.contains('.')) {
            continue;
        }
        for (place, row) in found.rows("citymodule").filter(|(_, row)| row["code"].as_str() == Some(code)) {
            for (at, tenant) in mentioned(row).into_iter().filter(|(_, tenant)| tenant.contains('.')) {
                if !with.contains(&tenant.to_lowercase()) {
                    let what =
                        format!("`{code}` is switched on in `{tenant}`, which has no masters of {module} of its own");
                    report.defect("module-without-masters", &place.at(at), what);
                }
            }
        }
    }
}

/// Codes that stand twice in one master, and codes with blanks around them.
fn codes(master: &Master, report: &mut Report) {
    let mut seen: BTreeMap<String, &Json> = BTreeMap::new();
    for (place, row) in &master.rows {
        let Some(code) = row["code"].as_str() else { continue };
        if code != code.trim() || code.contains("  ") {
            let what = format!("`{code}` of `{}` of {} has blanks that do not belong", master.name, master.tenant);
            report.defect("blank-in-code", &place.at("code"), what);
        }
        if let Some(first) = seen.insert(code.trim().to_owned(), row) {
            let differs = if first == row { "" } else { ", and the rows differ" };
            let what = format!("`{code}` of `{}` of {} stands twice{differs}", master.name, master.tenant);
            report.defect("duplicate-code", place, what);
        }
    }
}

/// Papers that a row asks for and that are not in the list of papers.
fn listed(found: &Found, master: &Master, report: &mut Report) {
    if master.name != "TradeType" {
        return;
    }
    let papers: BTreeSet<&str> = found.rows("DocumentType").filter_map(|(_, row)| row["code"].as_str()).collect();
    let units: BTreeSet<&str> = found.rows("UOM").filter_map(|(_, row)| row["code"].as_str()).collect();
    let mut said = BTreeSet::new();
    for (place, row) in &master.rows {
        for application in row["applicationDocument"].as_array().into_iter().flatten() {
            for paper in application["documentList"].as_array().into_iter().flatten().filter_map(Json::as_str) {
                if !papers.is_empty() && !papers.contains(paper.trim()) && said.insert(paper.to_owned()) {
                    report.defect(
                        "unknown-document",
                        place,
                        format!("`{paper}` is asked for and is not in `DocumentType`"),
                    );
                }
            }
        }
        if let Some(unit) = row["uom"].as_str().filter(|unit| !units.is_empty() && !units.contains(unit.trim()))
            && said.insert(format!("unit {unit}"))
        {
            report.defect("unknown-unit", &place.at("uom"), format!("`{unit}` is counted in and is not in `UOM`"));
        }
    }
}

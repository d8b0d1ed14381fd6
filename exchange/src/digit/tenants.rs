//! The state and its towns.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use super::places::{self, Places};
use super::source::Found;
use super::words::{Said, WRITTEN, key};
use super::{Around, Options};
use crate::report::{Place, Report};
use crate::{names, yaml};

/// Folders from the file of a state up to the folder of schemas.
const UP: usize = 3;
/// The name of a state of which the source says nothing.
const NAMELESS: &str = "imported";

/// The folder of the state.
pub(super) fn state_of(found: &Found, options: &Options) -> String {
    let of_masters = || {
        let mut named = found.masters.iter().filter_map(|master| master.tenant.split('.').next());
        named.find(|tenant| !tenant.is_empty())
    };
    let of_tenants = found.rows("tenants").find_map(|(_, row)| row["code"].as_str()?.split('.').next());
    let name = options.state.as_deref().or(of_tenants).or_else(of_masters).unwrap_or(NAMELESS);
    names::kebab(name, "state")
}

struct Town<'a> {
    code: String,
    folder: String,
    row: Option<&'a Json>,
    place: Place,
}

/// Writes the state, its lists and its towns; how many towns there are.
pub(super) fn write(
    found: &Found,
    state: &str,
    services: &[String],
    around: &mut Around<'_>,
    made: &mut BTreeMap<String, String>,
    report: &mut Report,
) -> usize {
    let folder = format!("tenants/{state}");
    for (name, list) in &around.lists {
        made.insert(format!("{folder}/lists/{name}.csv"), list.csv());
    }
    let places = places::places(found, &mut around.words, report);
    let levels = levels(&places);
    let towns = towns(found, report);
    let mut taken = std::mem::take(&mut around.codes);
    for town in &towns {
        let own = places.get(&town.code);
        write_town(town, own, &levels, &mut taken, &folder, around, made, report);
    }
    made.insert(format!("{folder}/tenant.yaml"), state_yaml(found, state, services, &levels, around, report));
    towns.len()
}

/// The levels that most towns have.
fn levels(places: &BTreeMap<String, Places>) -> Vec<String> {
    let mut counts: BTreeMap<&Vec<String>, usize> = BTreeMap::new();
    for places in places.values().filter(|places| !places.levels.is_empty()) {
        *counts.entry(&places.levels).or_default() += 1;
    }
    let usual = counts.into_iter().max_by_key(|(_, count)| *count).map(|(levels, _)| levels.clone());
    usual.unwrap_or_else(|| ["zone", "ward", "locality"].map(str::to_owned).to_vec())
}

fn towns<'a>(found: &'a Found, report: &mut Report) -> Vec<Town<'a>> {
    let mut towns = Vec::new();
    let mut taken = BTreeSet::new();
    for (place, row) in found.rows("tenants") {
        let code = row["code"].as_str().unwrap_or_default().trim();
        let Some((_, town)) = code.split_once('.') else { continue };
        let folder = names::kebab(town, "town");
        if !taken.insert(folder.clone()) {
            report.defect("tenant-twice", place, format!("the tenant `{code}` stands twice"));
            continue;
        }
        towns.push(Town { code: code.to_owned(), folder, row: Some(row), place: place.clone() });
    }
    if towns.is_empty() {
        let place = Place::file("tenants");
        report.supply("towns", &place, "the source names no town: `trial-town` stands in, to try the services in");
        towns.push(Town { code: String::new(), folder: "trial-town".to_owned(), row: None, place });
    }
    towns
}

fn state_yaml(
    found: &Found,
    state: &str,
    services: &[String],
    levels: &[String],
    around: &mut Around<'_>,
    report: &mut Report,
) -> String {
    let row = found.rows("tenants").find(|(_, row)| row["code"].as_str().is_some_and(|code| !code.contains('.')));
    let name = row.and_then(|(_, row)| row["name"].as_str().or_else(|| row["city"]["name"].as_str()));
    let title = around.words.say(&[key(&["TENANT_TENANTS", state])], name.unwrap_or(&names::readable(state)));
    let mut named = Map::new();
    for level in levels {
        let said = around.words.say(&[key(&[level])], &names::readable(level));
        named.insert(level.clone(), said.by_language());
    }
    let place = Place::file("tenants");
    for what in [
        "the holidays of the state, without which working days are counted over them",
        "the days on which offices are closed: `sunday` is taken",
        "the emblem and the colours of the state",
        "the law that promises decisions in time",
    ] {
        report.supply("state", &place, what);
    }
    // A language is spoken once nothing is missing in it.
    let complete =
        around.words.lacking().into_iter().filter(|(_, lacking)| *lacking == 0).map(|(language, _)| language);
    let languages: Vec<String> = std::iter::once(WRITTEN.to_owned()).chain(complete).collect();
    let yaml = json!({
        "format": 1,
        "level": "state",
        "title": title.by_language(),
        "languages": languages,
        "time_zone": "+05:30",
        "currency": { "code": "INR", "symbol": "₹", "grouping": "indian", "denominations": [500, 200, 100, 50, 20, 10] },
        "financial_year": { "starts": "04-01" },
        "weekly_off": ["sunday"],
        "working_hours": { "from": "10:00", "to": "17:00" },
        "colours": { "accent": "#1d5f8a" },
        "levels": named,
        "services": services,
    });
    yaml::file("tenant", UP, "The state, as the source has it.", &yaml)
}

#[expect(clippy::too_many_arguments, reason = "a town, and everything that it is written with")]
fn write_town(
    town: &Town<'_>,
    own: Option<&Places>,
    levels: &[String],
    taken: &mut BTreeSet<String>,
    folder: &str,
    around: &mut Around<'_>,
    made: &mut BTreeMap<String, String>,
    report: &mut Report,
) {
    let nothing = Json::Null;
    let row = town.row.unwrap_or(&nothing);
    let plain = |value: &Json| {
        value.as_str().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
    };
    let short =
        plain(&row["city"]["name"]).or_else(|| plain(&row["name"])).unwrap_or_else(|| names::readable(&town.folder));
    let short = around.words.say(&[key(&["TENANT_TENANTS", &town.code])], &short);
    let district = plain(&row["city"]["districtName"]).unwrap_or_else(|| short.written.clone());
    let district = around.words.say(&[key(&["TENANT_DISTRICTS", &district])], &district);
    let grade = plain(&row["city"]["ulbGrade"]);
    let title = around.words.say(&[key(&["TENANT_TENANTS_TITLE", &town.code])], &full(&short, grade.as_deref()));
    let code = letters(&town.folder, taken);
    let places = own.filter(|places| !places.levels.is_empty()).cloned().unwrap_or_else(|| {
        report.supply(
            "places",
            &town.place,
            format!("`{}` has no boundaries: one place on each level stands in", town.folder),
        );
        Places::one_of_each(levels, &short.written)
    });
    let mut yaml = json!({
        "format": 1, "level": "town", "title": title.by_language(), "short": short.by_language(), "code": code,
        "district": district.by_language(),
    });
    if let Some(grade) = grade {
        yaml["grade"] = names::snake(&grade, "grade").into();
    }
    if places.levels != levels {
        let named = places
            .levels
            .iter()
            .map(|level| (level.clone(), around.words.say(&[key(&[level])], &names::readable(level)).by_language()));
        yaml["levels"] = Json::Object(named.collect());
    }
    let phone = plain(&row["contactNumber"]);
    if let Some(address) = plain(&row["address"]) {
        yaml["contact"] = json!({ "office": around.words.ours(&address).by_language() });
        if let Some(phone) = phone {
            yaml["contact"]["phone"] = phone.into();
        }
    }
    if town.row.is_some() {
        report.changed("town-code", &town.place, format!("`{}` has the letters {code} in its numbers", town.folder));
    }
    let path = format!("{folder}/{}", town.folder);
    made.insert(format!("{path}/places.csv"), places.csv(&around.words));
    made.insert(format!("{path}/tenant.yaml"), yaml::file("tenant", UP + 1, "A town, as the source has it.", &yaml));
}

fn full(short: &Said, grade: Option<&str>) -> String {
    grade.map_or_else(|| short.written.clone(), |grade| format!("{} {}", short.written, names::readable(grade)))
}

/// Capital letters for the numbers of a town: the first of its name that no other town has.
fn letters(folder: &str, taken: &mut BTreeSet<String>) -> String {
    let all: String = folder.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    for length in 3..=all.len().min(12) {
        if taken.insert(all[..length].to_owned()) {
            return all[..length].to_owned();
        }
    }
    let stem: String = all.chars().take(9).collect();
    let free = (2..1_000).map(|count| format!("{stem}{count}")).find(|code| !taken.contains(code));
    let code = free.unwrap_or(stem);
    taken.insert(code.clone());
    code
}

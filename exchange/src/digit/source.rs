//! Reading what an installation has: workflows however they are wrapped, master data, and words.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::limits::NESTING;
use crate::report::{Place, Report};

/// Rows of one master of one tenant.
#[derive(Clone, Debug)]
pub(crate) struct Master {
    /// The module: `BillingService`.
    pub(crate) module: String,
    /// The master: `TaxHeadMaster`.
    pub(crate) name: String,
    /// The tenant that the file names.
    pub(crate) tenant: String,
    /// The rows, each with its place.
    pub(crate) rows: Vec<(Place, Json)>,
}

/// A workflow as it was found, not yet looked at.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    /// What it is called where it was found, if something is said: `NewTL.v2`.
    pub(crate) id: Option<String>,
    /// The object that `BusinessServices` has.
    pub(crate) value: Json,
    /// Where it stands.
    pub(crate) place: Place,
}

/// A text in a language.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) locale: String,
    pub(crate) code: String,
    pub(crate) text: String,
}

/// Everything that was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) masters: Vec<Master>,
    pub(crate) workflows: Vec<Written>,
    pub(crate) messages: Vec<Message>,
    /// The folders that files of master data lie in, by the tenant's part of the path.
    pub(crate) folders: Vec<Folder>,
}

/// A file of master data by its folder: which tenant the folder is for, and which one the file names.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    /// State and town in the path; the town is empty for files of the state.
    pub(crate) path: (String, String),
    /// The tenant that the file names.
    pub(crate) tenant: String,
    pub(crate) place: Place,
}

impl Found {
    /// How much was found.
    fn size(&self) -> usize {
        self.masters.len() + self.workflows.len() + self.messages.len()
    }

    /// The masters of this name, of every tenant.
    pub(crate) fn masters<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Master> {
        self.masters.iter().filter(move |master| master.name == name)
    }

    /// Their rows, all together.
    pub(crate) fn rows<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a (Place, Json)> {
        self.masters(name).flat_map(|master| &master.rows)
    }
}

/// Reads `files`, path to text. What cannot be read is a defect, and the others are read all the same.
pub(crate) fn read(files: &BTreeMap<String, String>, report: &mut Report) -> Found {
    let mut found = Found::default();
    for (path, text) in files {
        let place = Place::file(path);
        match serde_json::from_str::<Json>(text.trim_start_matches('\u{feff}')) {
            Ok(value) => {
                let before = found.size();
                one(&mut found, &value, &place);
                if found.size() == before {
                    let what = "nothing in it is a workflow, a master or a word: it was not used";
                    report.dropped("file-of-nothing", &place, what);
                }
            }
            Err(error) => report.defect("not-json", &place, format!("the file is no JSON: {error}")),
        }
    }
    found
}

fn one(found: &mut Found, value: &Json, place: &Place) {
    if let Json::Object(map) = value
        && let (Some(module), Some(tenant)) = (text(map, "moduleName"), text(map, "tenantId"))
    {
        if let Some(path) = tenant_of_path(&place.file) {
            found.folders.push(Folder { path, tenant: tenant.to_owned(), place: place.at("tenantId") });
        }
        masters(found, map, module, tenant, place);
        return;
    }
    if let Some(Json::Array(rows)) = value.get("ServiceConfiguration") {
        let (name, place) = ("ServiceConfiguration".to_owned(), place.at("ServiceConfiguration"));
        let rows = rows.iter().enumerate().map(|(at, row)| (place.at(at), row.clone())).collect();
        found.masters.push(Master { module: String::new(), name, tenant: String::new(), rows });
    }
    workflows(found, value, None, place, 0);
    messages(found, value);
}

fn text<'a>(map: &'a Map<String, Json>, key: &str) -> Option<&'a str> {
    map.get(key)?.as_str()
}

fn masters(found: &mut Found, map: &Map<String, Json>, module: &str, tenant: &str, place: &Place) {
    for (name, value) in map.iter().filter(|(name, _)| *name != "moduleName" && *name != "tenantId") {
        let place = place.at(name);
        let rows = match value {
            Json::Array(rows) => rows.iter().enumerate().map(|(at, row)| (place.at(at), row.clone())).collect(),
            Json::Object(_) => vec![(place, value.clone())],
            _ => continue,
        };
        found.masters.push(Master { module: module.to_owned(), name: name.clone(), tenant: tenant.to_owned(), rows });
    }
}

/// State and town in a path such as `data/aa/townhall/PropertyTax/Rebate.json`: what stands behind the folder
/// `data`. A folder that begins with a capital, or has more than a word, is that of a module.
fn tenant_of_path(path: &str) -> Option<(String, String)> {
    let parts: Vec<&str> = path.split('/').collect();
    let data = parts.iter().rposition(|part| *part == "data")?;
    let state = parts.get(data + 1).filter(|_| parts.len() > data + 3)?;
    // …/data/state/module/file and …/data/state/town/module/file.
    let town = if parts.len() > data + 4 { parts[data + 2] } else { "" };
    Some(((*state).to_owned(), town.to_owned()))
}

/// Looks for `BusinessServices` wherever it is wrapped: a bare body, a list of definitions, a collection of
/// requests whose bodies are text.
fn workflows(found: &mut Found, value: &Json, id: Option<&str>, place: &Place, depth: usize) {
    if depth > NESTING {
        return;
    }
    match value {
        Json::Object(map) => {
            let id = text(map, "id").or(id);
            for (key, inner) in map {
                match inner {
                    Json::Array(list) if key == "BusinessServices" => {
                        for (at, value) in list.iter().enumerate() {
                            let id = id.map(str::to_owned).filter(|_| list.len() == 1);
                            found.workflows.push(Written { id, value: value.clone(), place: place.at(key).at(at) });
                        }
                    }
                    Json::String(body) if key == "raw" && body.contains("BusinessServices") => {
                        if let Ok(inner) = serde_json::from_str::<Json>(body) {
                            workflows(found, &inner, None, &place.at(key), depth + 1);
                        }
                    }
                    _ => workflows(found, inner, id, &place.at(key), depth + 1),
                }
            }
        }
        Json::Array(list) => {
            for (at, inner) in list.iter().enumerate() {
                workflows(found, inner, None, &place.at(at), depth + 1);
            }
        }
        _ => {}
    }
}

/// Words: a list, or an object with a list, of objects with `code`, `message` and `locale`.
fn messages(found: &mut Found, value: &Json) {
    let list = match value {
        Json::Array(list) => Some(list),
        Json::Object(map) => map.values().find_map(Json::as_array),
        _ => None,
    };
    for row in list.into_iter().flatten() {
        if let (Some(code), Some(message), Some(locale)) =
            (row["code"].as_str(), row["message"].as_str(), row["locale"].as_str())
        {
            found.messages.push(Message {
                locale: locale.split(['_', '-']).next().unwrap_or(locale).to_owned(),
                code: code.to_owned(),
                text: message.trim().to_owned(),
            });
        }
    }
}

//! The questions of a configuration: its fields, and the papers it asks for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use crate::names;
use crate::report::{Place, Report};

/// Names that rules use themselves.
const RESERVED: [&str; 8] = ["today", "record", "answers", "rates", "demand", "day", "type", "in"];
/// The largest file that is taken, in megabytes.
const MAX_MB: i64 = 5;

/// The pages of a configuration, and answers that fit them; nothing if it asks nothing.
pub(super) fn pages(
    row: &Json,
    place: &Place,
    lists: &BTreeMap<String, Option<String>>,
    report: &mut Report,
) -> Option<(Json, Json)> {
    let mut reader = Reader { taken: RESERVED.map(str::to_owned).into(), lists, report };
    let (mut asked, mut answers) = (Map::new(), Map::new());
    let mut seen = BTreeSet::new();
    for (at, field) in row["fields"].as_array().into_iter().flatten().enumerate() {
        if let Some(name) = field["name"].as_str().filter(|name| !name.is_empty() && !seen.insert(*name)) {
            let what = format!("two fields are called `{name}`: one answer would take the place of the other");
            reader.report.defect("field-twice", &place.at("fields").at(at), what);
        }
        if let Some((name, field, answer)) = reader.field(field, &place.at("fields").at(at), 0) {
            asked.insert(name.clone(), field);
            if !answer.is_null() {
                answers.insert(name, answer);
            }
        }
    }
    let mut papers = Map::new();
    for (at, paper) in row["documents"].as_array().into_iter().flatten().enumerate() {
        if let Some((name, field, answer)) = reader.paper(paper, &place.at("documents").at(at)) {
            papers.insert(name.clone(), field);
            if !answer.is_null() {
                answers.insert(name, answer);
            }
        }
    }
    let mut pages = Map::new();
    for (name, title, fields) in [("application", "Your application", asked), ("papers", "Papers", papers)] {
        if !fields.is_empty() {
            pages.insert(name.to_owned(), json!({ "title": title, "fields": fields }));
        }
    }
    (!pages.is_empty()).then(|| (pages.into(), answers.into()))
}

struct Reader<'a> {
    taken: BTreeSet<String>,
    lists: &'a BTreeMap<String, Option<String>>,
    report: &'a mut Report,
}

impl Reader<'_> {
    /// A question: its name, what form.yaml says of it, and an answer; `null` where none can be made up.
    fn field(&mut self, field: &Json, place: &Place, depth: usize) -> Option<(String, Json, Json)> {
        let theirs = field["name"].as_str().filter(|name| !name.is_empty());
        let Some(theirs) = theirs else {
            self.report.defect("field-without-name", place, "a field has no name");
            return None;
        };
        let (kind, answer) = self.kind(field, theirs, place, depth)?;
        let label = field["label"].as_str().map(str::trim).filter(|label| !label.is_empty());
        let mut asked = Map::new();
        asked.insert("label".to_owned(), label.map_or_else(|| names::readable(theirs), str::to_owned).into());
        if let Json::Object(kind) = kind {
            asked.extend(kind);
        }
        if field["required"].as_bool() != Some(true) {
            asked.insert("optional".to_owned(), true.into());
        }
        if let Some(regex) = field["validation"]["regex"].as_str() {
            let what = format!("`{theirs}` must fit `{regex}`: a `pattern` needs an example that fits");
            self.report.supply("pattern", &place.at("validation"), what);
        }
        for on in field["dependencies"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            let what = format!("`{theirs}` depends on `{on}`: a list with both as levels, or a `when`, says how");
            self.report.supply("dependency", &place.at("dependencies"), what);
        }
        Some((self.name(theirs), asked.into(), answer))
    }

    /// A name that no other question of the form has: names are unique in all of it.
    fn name(&mut self, theirs: &str) -> String {
        names::unused(&names::snake(theirs, "field"), '_', &mut self.taken)
    }

    fn kind(&mut self, field: &Json, theirs: &str, place: &Place, depth: usize) -> Option<(Json, Json)> {
        let word = field["type"].as_str().unwrap_or("string");
        if let Some(options) = field["enum"].as_array().filter(|options| options.len() > 1) {
            let codes: Vec<&str> = options.iter().filter_map(Json::as_str).collect();
            let options: Map<String, Json> =
                codes.iter().map(|code| (names::code(code), names::readable(code).into())).collect();
            return Some((json!({ "type": "choice", "options": options }), names::code(codes.first()?).into()));
        }
        let in_master = field["reference"].as_str().is_none_or(|reference| reference == "mdms");
        if let Some(schema) = field["schema"].as_str().filter(|_| in_master) {
            return Some(self.listed(schema, theirs, place));
        }
        Some(match word {
            "array" => return self.several(field, theirs, place, depth),
            "number" | "integer" => (json!({ "type": "number", "min": 0, "max": 1_000_000 }), json!(1)),
            "boolean" => (json!({ "type": "yes_no" }), json!(true)),
            "date" => (json!({ "type": "date" }), json!("2026-06-01")),
            "mobileNumber" | "mobile" | "phone" => (json!({ "type": "phone" }), json!("9876543210")),
            "email" => (json!({ "type": "email" }), json!("asha@example.org")),
            "string" | "text" | "textarea" => {
                let (least, most) = (field["minLength"].as_i64(), field["maxLength"].as_i64().unwrap_or(256));
                if let Some(least) = least.filter(|least| *least > most) {
                    let what = format!("`{theirs}` is to have {least} letters or more, and {most} at most");
                    self.report.defect("length-backwards", &place.at("minLength"), what);
                }
                let mut text = json!({ "type": "text", "max_length": most.clamp(1, 4_000) });
                if let Some(least) = least.filter(|least| *least > 0 && *least <= most) {
                    text["min_length"] = least.into();
                }
                (
                    text,
                    json!(
                        "Asha and sons, of the market"
                            .chars()
                            .take(usize::try_from(most).unwrap_or(28))
                            .collect::<String>()
                    ),
                )
            }
            other => {
                let what = format!("`{theirs}` is of the type `{other}`: it is asked as text");
                self.report.changed("type-of-field", &place.at("type"), what);
                (json!({ "type": "text", "max_length": 256 }), json!("As told"))
            }
        })
    }

    /// A question whose answers are in a master: a choice if that master is there.
    fn listed(&mut self, schema: &str, theirs: &str, place: &Place) -> (Json, Json) {
        let master = schema.rsplit('.').next().unwrap_or(schema);
        let list = crate::digit::list_name(master);
        if let Some(leaf) = self.lists.get(&list) {
            return (json!({ "type": "choice", "options": list }), json!(leaf));
        }
        let what = format!("the list `{schema}` for `{theirs}`: until it is there, the answer is text");
        self.report.supply("list", &place.at("schema"), what);
        (json!({ "type": "text", "max_length": 128 }), json!("As listed"))
    }

    /// A repeated group.
    fn several(&mut self, field: &Json, theirs: &str, place: &Place, depth: usize) -> Option<(Json, Json)> {
        if depth > 2 {
            self.report.dropped("field-too-deep", place, format!("`{theirs}` lies too deep"));
            return None;
        }
        let (mut inside, mut item) = (Map::new(), Map::new());
        let properties = &field["items"]["properties"];
        let place = place.at("items").at("properties");
        for (at, property) in properties.as_array().into_iter().flatten().enumerate() {
            if let Some((name, field, answer)) = self.field(property, &place.at(at), depth + 1) {
                inside.insert(name.clone(), field);
                if !answer.is_null() {
                    item.insert(name, answer);
                }
            }
        }
        if inside.is_empty() {
            self.report.dropped("list-of-nothing", &place, format!("`{theirs}` repeats nothing"));
            return None;
        }
        let least = i32::from(field["required"].as_bool() == Some(true));
        Some((json!({ "type": "list", "min": least, "max": 20, "fields": inside }), json!([item])))
    }

    /// A paper that is to be sent.
    fn paper(&mut self, paper: &Json, place: &Place) -> Option<(String, Json, Json)> {
        if paper["active"].as_bool() == Some(false) {
            return None;
        }
        let category = paper["category"].as_str()?;
        let allowed: Vec<&str> =
            paper["allowedFileTypes"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        let mut kinds: Vec<&str> = Vec::new();
        for kind in &allowed {
            match *kind {
                "pdf" => kinds.push("pdf"),
                "jpg" | "jpeg" => kinds.push("jpeg"),
                "png" => kinds.push("png"),
                other => {
                    let what = format!("`{other}` for `{category}`: pictures and PDF are taken");
                    self.report.dropped("kind-of-file", &place.at("allowedFileTypes"), what);
                }
            }
        }
        kinds.sort_unstable();
        kinds.dedup();
        let mut field = json!({ "label": names::readable(category), "type": "file" });
        let types: Vec<String> = paper["documentTypes"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .map(names::readable)
            .collect();
        if types.len() > 1 {
            field["hint"] = types.join(", ").into();
        }
        if !kinds.is_empty() {
            field["kinds"] = json!(kinds);
        }
        if let Some(most) = paper["maxSizeInMB"].as_i64() {
            field["max_mb"] = most.clamp(1, MAX_MB).into();
        }
        let asked = paper["isMandatory"].as_bool() == Some(true);
        if !asked {
            field["optional"] = true.into();
        }
        let answer = if asked {
            json!(if kinds.contains(&"pdf") || kinds.is_empty() { "paper.pdf" } else { "paper.jpg" })
        } else {
            Json::Null
        };
        Some((self.name(category), field, answer))
    }
}

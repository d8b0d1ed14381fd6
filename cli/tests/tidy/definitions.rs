//! Every YAML file that is shipped tells an editor its schema.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::tree;

/// Every YAML file that ships with the product or its examples, and those of the invented state of the tests.
fn shipped() -> Vec<String> {
    let folders = ["definitions", "examples", "scrutiny/examples", "engine/server/tests/http/definitions"];
    folders.iter().flat_map(|folder| tree::files(folder, &[".yaml"])).collect()
}

/// The schema that a file names in its first line.
fn named(path: &str) -> Result<PathBuf, String> {
    let text = tree::text(path);
    let first = text.lines().next().unwrap_or("");
    let Some(schema) = first.strip_prefix("# yaml-language-server: $schema=") else {
        return Err(format!("{path}: the first line names no schema"));
    };
    let file = tree::root().join(Path::new(path).parent().expect("files lie in folders")).join(schema);
    if file.is_file() { Ok(file) } else { Err(format!("{path}: there is no {schema}")) }
}

#[test]
fn every_definition_names_its_schema() {
    let files = shipped().into_iter().filter(|path| !path.contains("/tests/http/"));
    let wrong: Vec<String> = files.filter_map(|path| named(&path).err()).collect();
    tree::none(&wrong, "the first line of a YAML file tells an editor its schema");
}

#[test]
fn every_schema_is_a_schema_of_2020_12() {
    let files = tree::files("schemas", &[".json"]);
    assert!(files.len() >= 15, "the schemas are there");
    let mut wrong = Vec::new();
    for path in files {
        let schema: Json = serde_json::from_str(&tree::text(&path)).unwrap();
        if schema["$schema"] != "https://json-schema.org/draft/2020-12/schema" {
            wrong.push(format!("{path} does not say which JSON Schema it is"));
        }
        wrong.extend(jsonschema::draft202012::meta::validate(&schema).err().map(|error| format!("{path}: {error}")));
    }
    tree::none(&wrong, "schemas are valid");
}

#[test]
fn every_definition_fits_the_schema_that_it_names() {
    let mut schemas: BTreeMap<PathBuf, jsonschema::Validator> = BTreeMap::new();
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for path in shipped() {
        let Ok(file) = named(&path) else { continue };
        let validator = schemas.entry(file.canonicalize().unwrap()).or_insert_with_key(|file| {
            let schema: Json = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
            jsonschema::validator_for(&schema).unwrap()
        });
        let document: Json = match serde_yaml::from_str(&tree::text(&path)) {
            Ok(document) => document,
            Err(error) => {
                wrong.push(format!("{path}: {error}"));
                continue;
            }
        };
        tried += 1;
        let errors = validator.iter_errors(&document).take(3);
        wrong.extend(errors.map(|error| format!("{path}{}: {error}", error.instance_path())));
    }
    assert!(tried > 200, "only {tried} files were tried");
    tree::none(&wrong, "an editor must find nothing wrong with what ships");
}

#[test]
fn definitions_are_yaml_and_not_yml() {
    let mut files = tree::files("definitions", &[".yml"]);
    files.extend(tree::files("examples", &[".yml"]));
    tree::none(&files, "the ending is .yaml");
}

/// The keys of words, as `desk.inbox.title`.
fn keys(at: &str, words: &Json, into: &mut BTreeSet<String>) {
    let Some(children) = words.as_object() else {
        into.insert(at.to_owned());
        return;
    };
    for (name, child) in children {
        let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        keys(&path, child, into);
    }
}

#[test]
fn words_have_the_same_keys_in_every_language() {
    let keys_of = |path: &str| {
        let words: Json = serde_yaml::from_str(&tree::text(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut found = BTreeSet::new();
        keys("", &words, &mut found);
        found
    };
    let product = keys_of("definitions/words/en.yaml");
    let paths = ["definitions", "examples"].into_iter().flat_map(|folder| tree::files(folder, &[".yaml"]));
    let (mut wrong, mut read) = (Vec::new(), 0);
    for path in paths.filter(|path| path.contains("/words/")) {
        wrong.extend(keys_of(&path).symmetric_difference(&product).map(|key| format!("{path}: {key}")));
        read += 1;
    }
    assert!(read >= 3, "only {read} files of words were read");
    tree::none(&wrong, "nobody's language has words that the product does not say, or lacks what it says");
}

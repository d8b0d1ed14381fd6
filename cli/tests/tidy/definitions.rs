//! Every YAML file that is shipped tells an editor its schema.

use std::path::Path;

use crate::tree;

/// Files without a schema: words under names of the authors' own.
fn is_free(path: &str) -> bool {
    path.contains("/words/") || path.contains("/fieldsets/locales/")
}

#[test]
fn every_definition_names_its_schema() {
    let mut wrong = Vec::new();
    let mut files = tree::files("definitions", &[".yaml"]);
    files.extend(tree::files("examples", &[".yaml"]));
    for path in files.iter().filter(|path| !is_free(path)) {
        let text = tree::text(path);
        let first = text.lines().next().unwrap_or("");
        let Some(schema) = first.strip_prefix("# yaml-language-server: $schema=") else {
            wrong.push(format!("{path}: the first line names no schema"));
            continue;
        };
        let folder = Path::new(path).parent().expect("files lie in folders");
        if !tree::root().join(folder).join(schema).is_file() {
            wrong.push(format!("{path}: there is no {schema}"));
        }
    }
    tree::none(&wrong, "the first line of a YAML file tells an editor its schema");
}

#[test]
fn definitions_are_yaml_and_not_yml() {
    let mut files = tree::files("definitions", &[".yml"]);
    files.extend(tree::files("examples", &[".yml"]));
    tree::none(&files, "the ending is .yaml");
}

//! Exchange with other platforms: definitions made of what they were run with, workflows for their tools.

use std::fs;

use serde_json::Value as Json;

use crate::program::{nagar, word};
use crate::town;

const INSTALLATION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../exchange/tests/installation");
const CONFIGURATION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../exchange/tests/studio");

#[test]
fn an_installation_becomes_definitions_that_pass() {
    let definitions = town::definitions();
    let at = word(definitions.path());
    let folder = tempfile::tempdir().unwrap();
    let (out, report) = (folder.path().join("aland"), folder.path().join("report.json"));
    let import = ["import", "digit", INSTALLATION, "-o", word(&out), "--definitions", at];
    let run = nagar(&[&import[..], &["--report", word(&report)]].concat());
    run.expect(1, "defects of the source").expect(1, "GAPS.md");
    let told: Json = serde_json::from_str(&fs::read_to_string(&report).unwrap()).unwrap();
    assert!(told["kinds"]["defect"].as_u64().unwrap() > 20, "{told}");
    assert!(fs::read_to_string(out.join("GAPS.md")).unwrap().contains("### unreachable-state (1)"));
    let both = format!("{at},{}", word(&out));
    nagar(&["check", "--definitions", &both]).expect(0, "0 errors");
    nagar(&["test", "tenants/aa", "--definitions", &both]).expect(0, "2 passed, 0 failed");
    nagar(&import).expect(2, "is there already");
}

#[test]
fn a_configuration_becomes_a_service_that_passes() {
    let definitions = town::definitions();
    let at = word(definitions.path());
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("dogs");
    let run = nagar(&["import", "digit-studio", CONFIGURATION, "-o", word(&out), "--definitions", at, "--json"]);
    let told = run.json();
    assert_eq!(run.code, 1);
    assert!(told["files"].as_array().unwrap().contains(&"tenants/aa/dog-tag/form.yaml".into()), "{told}");
    nagar(&["check", "--definitions", &format!("{at},{}", word(&out))]).expect(0, "0 errors");
}

#[test]
fn what_is_no_source_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    nagar(&["import", "digit", "nowhere", "-o", word(&out)]).expect(2, "there is no `nowhere`");
    nagar(&["import", "digit", word(folder.path()), "-o", word(&out)]).expect(2, "no file ends in .json");
    nagar(&["import"]).expect(2, "");
    // What the import is to be laid over must be there.
    let lost = word(folder.path()).to_owned() + "/lost";
    nagar(&["import", "digit", INSTALLATION, "-o", word(&out), "--definitions", &lost]).expect(2, "--definitions");
    assert!(!out.exists(), "nothing was written");
}

#[test]
fn a_workflow_is_drawn_for_others() {
    let definitions = town::definitions();
    let at = word(definitions.path());
    nagar(&["new", "kite-festival", "--definitions", at]).expect(0, "");
    let draw = |form: &str| nagar(&["draw", "kite-festival", "--as", form, "--definitions", at]);
    draw("bpmn").expect(0, "<bpmndi:BPMNDiagram").expect(0, "<bpmn:userTask id=\"state_draft\"");
    draw("mermaid").expect(0, "stateDiagram-v2").expect(0, "s_received --> s_done: Approve (officer)");
    draw("svg").expect(0, "<svg");
    draw("napkin").expect(2, "napkin");
}

//! Definitions of the platform's public repositories, where they lie beside the project: they are not part of it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use exchange::digit::{Options, import};
use exchange::report::Kind;

use crate::files::{errors, root};

/// How the diagnostic of a question begins whose answer nobody reads.
const ASKED_FOR_NOTHING: &str = "warning[unused-field]";

/// The file that `DIGIT_WORKFLOWS` names, or the one in a folder beside the project; none if neither is there.
fn workflows() -> Option<BTreeMap<String, String>> {
    let beside = || root().join("../shared/workflows.json");
    let path = std::env::var_os("DIGIT_WORKFLOWS").map_or_else(beside, PathBuf::from);
    let text = std::fs::read_to_string(path).ok()?;
    Some(BTreeMap::from([("workflows.json".to_owned(), text)]))
}

#[test]
fn every_published_workflow_becomes_a_service_that_passes() {
    let Some(files) = workflows() else { return };
    let imported = import(&files, &Options::default());
    let count = files["workflows.json"].matches("\"BusinessServices\"").count();
    let made = imported.files.keys().filter(|path| path.ends_with("/workflow.yaml")).count();
    assert!(made >= 60 && made <= count, "{made} of {count}");
    // In one of them no officer acts: nobody would read its form, which is said of no other.
    let told = errors(&imported.files);
    let others: Vec<&str> =
        told.split("\n\n").filter(|told| !told.is_empty() && !told.starts_with(ASKED_FOR_NOTHING)).collect();
    assert!(others.is_empty(), "{others:#?}");
}

#[test]
fn what_is_wrong_in_them_is_found() {
    let Some(files) = workflows() else { return };
    let report = import(&files, &Options::default()).report;
    let of = |code: &str, words: &[&str]| {
        let found: Vec<&str> = report
            .of(code)
            .into_iter()
            .filter(|finding| finding.kind == Kind::Defect)
            .map(|finding| finding.what.as_str())
            .collect();
        for word in words {
            assert!(found.iter().any(|what| what.contains(word)), "{code}: {word} is missing among {found:#?}");
        }
        found.len()
    };
    assert_eq!(of("unreachable-state", &["`APPROVED_OLD`", "`REJECTED`"]), 2);
    // Three of them are meant so: complaints are opened again.
    of("end-goes-on", &["`BTR`", "`ptr`", "`ewst`", "`street-vending`", "`PGR.v1`"]);
    of("gateway-acts", &["`CANCEL`"]);
    of("applicant-decides", &["`SKIP_PAYMENT`"]);
    of("time-of-nothing", &["`watertanker`"]);
}

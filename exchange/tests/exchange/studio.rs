//! A configuration with the mistakes that the platform's own sample has.

use std::collections::BTreeMap;

use exchange::digit::{Imported, Options};
use exchange::studio::import;

use crate::files::{errors, fixtures};

fn imported() -> Imported {
    import(&fixtures("studio"), &Options::default())
}

#[test]
fn what_is_made_passes_every_check_and_its_own_scenario() {
    assert_eq!(errors(&imported().files), "");
}

#[test]
fn questions_papers_amounts_and_numbers_are_taken_over() {
    let files = imported().files;
    let form = &files["tenants/aa/dog-tag/form.yaml"];
    for line in
        ["dog_name:", "options: breeds\n", "type: date\n", "type: list\n", "kinds: [jpeg, pdf]\n", "max_mb: 5\n"]
    {
        assert!(form.contains(line), "{line} is missing:\n{form}");
    }
    assert!(files["tenants/aa/dog-tag/rates.yaml"].contains("dog_fee: 150\n"));
    assert!(files["tenants/aa/dog-tag/service.yaml"].contains("number: \"DOG/{tenant}/{fy}/{serial:6}\"\n"));
    assert!(files["tenants/aa/dog-tag/billing.yaml"].contains("part_payment: true\n"));
}

#[test]
fn what_is_wrong_in_it_is_found() {
    let report = imported().report;
    for (code, word) in [
        ("workflow-of-another", "\"CONTRACT\""),
        ("start-twice", "2 states"),
        ("unknown-state", "`WITHDRAWN`"),
        ("unknown-state", "`applied`"),
        ("unknown-state", "`approved`"),
        ("amount-of-nothing", "`applicationFee`"),
        ("applicant-decides", "`APPROVE`"),
        ("kind-of-file", "`docx`"),
        ("type-of-field", "`hologram`"),
        ("pattern", "`dogName`"),
        ("part-of-configuration", "`apiconfig`"),
    ] {
        let found = report.of(code);
        assert!(found.iter().any(|finding| finding.what.contains(word)), "{code} {word}:\n{}", report.to_text());
    }
}

#[test]
fn a_file_that_does_not_parse_is_a_defect_with_its_place() {
    let broken = BTreeMap::from([("config.json".to_owned(), "{ \"ServiceConfiguration\": [ { } } ]".to_owned())]);
    let report = import(&broken, &Options::default()).report;
    assert!(report.of("not-json")[0].what.contains("line 1"), "{}", report.to_text());
}

#[test]
fn what_disagrees_inside_of_a_configuration_is_found() {
    let mut files = fixtures("studio");
    let (name, text) = files.iter().find(|(_, text)| text.contains("ServiceConfiguration")).unwrap();
    let (name, mut value): (String, serde_json::Value) = (name.clone(), serde_json::from_str(text).unwrap());
    let row = &mut value["ServiceConfiguration"][0];
    row["bill"]["BusinessService"]["code"] = "Kennel".into();
    row["bill"]["taxHead"][0]["service"] = "Kennel".into();
    row["fields"][0]["minLength"] = 50.into();
    row["fields"][1]["reference"] = serde_json::Value::Null;
    let again = row["fields"][0].clone();
    row["fields"].as_array_mut().unwrap().push(again);
    files.insert(name, value.to_string());
    let imported = import(&files, &Options::default());
    let report = &imported.report;
    assert_eq!(report.of("bill-of-another").len(), 2, "{}", report.to_text());
    assert_eq!(report.of("field-twice").len(), 1, "{}", report.to_text());
    assert_eq!(report.of("length-backwards").len(), 2, "{}", report.to_text());
    // The bill is still that of the service, and a list is a list without being called a reference.
    assert!(imported.files["tenants/aa/dog-tag/rates.yaml"].contains("dog_fee: 150\n"));
    assert!(imported.files["tenants/aa/dog-tag/form.yaml"].contains("options: breeds\n"));
}

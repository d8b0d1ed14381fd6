//! Drawings are held to by-laws.

use std::path::PathBuf;

use crate::program::{nagar, word};

/// The by-laws and drawings that lie beside the package.
fn examples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../scrutiny/examples")
}

/// What the by-laws ask besides the drawing.
const ANSWERS: [&str; 6] = ["--answer", "use=A_1", "--answer", "terrain=HILL", "--answer", "stated_plot=200"];

#[test]
fn a_drawing_is_held_to_by_laws() {
    let laws = examples().join("by-laws.yaml");
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("plan.svg");
    let held = |drawing: &str, more: &[&str]| {
        let drawing = examples().join("drawings").join(drawing);
        let plain = ["scrutinise", word(&drawing), "--by-laws", word(&laws), "--picture", word(&picture)];
        nagar(&[&plain[..], more].concat())
    };
    held("house.dxf", &ANSWERS).expect(0, "The drawing fits the by-laws").expect(0, "Built-up area: 221.57 m²");
    let broken = held("front-too-small.dxf", &ANSWERS);
    broken.expect(1, "Does not fit [1] Open space in front").expect(1, "found 2.90 m; asked for at least 3.00 m");
    assert!(std::fs::read_to_string(&picture).unwrap().starts_with("<svg"));
    held("front-too-small.dxf", &[&ANSWERS[..], &["--language", "hi"]].concat()).expect(1, "अग्र खुला स्थान");
    let told = held("two-wheelers-missing.dxf", &[&ANSWERS[..], &["--json"]].concat());
    assert_eq!((told.code, told.json()["result"].as_str()), (0, Some("refer")), "{told:?}");
    // What was not stated is not guessed.
    held("house.dxf", &[]).expect(1, "this was not stated: Use of the building");
    held("house.dxf", &["--answer", "use=Z"]).expect(2, "`use` cannot be `Z`");
    held("house.dxf", &["--answer", "colour=red"]).expect(2, "the by-laws ask nothing called `colour`");
    held("house.dxf", &["--on", "2001-01-01"]).expect(2, "no by-laws were in force");
    held("no-such.dxf", &[]).expect(2, "cannot read");
}

#[test]
fn by_laws_are_checked_by_themselves() {
    let laws = examples().join("by-laws.yaml");
    nagar(&["scrutinise", "--by-laws", word(&laws)]).expect(0, "The by-laws have no errors");
    nagar(&["scrutinise", word(&laws), "--by-laws", word(&laws)]).expect(1, "this is no DXF");
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("by-laws.yaml");
    let text = std::fs::read_to_string(&laws).unwrap();
    std::fs::write(&broken, text.replace("found: front, is", "found: fornt, is")).unwrap();
    let told = nagar(&["scrutinise", "--by-laws", word(&broken)]);
    told.expect(1, "scrutiny-unknown-name").expect(1, "did you mean `front`?");
    nagar(&["explain", "scrutiny-unknown-name"]).expect(0, "Why it matters");
}

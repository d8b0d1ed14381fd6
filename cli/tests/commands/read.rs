//! What people type, and what was printed or lies there, as it is read: parts of the program by themselves.

use std::path::PathBuf;
use std::time::SystemTime;

use serde_json::json;

use crate::anchor::anchors;
use crate::sign_ins;
use crate::stamp::stamp;
use crate::when::{MINUTES, until};

#[test]
fn a_minute_is_read_and_what_is_none_is_refused() {
    assert_eq!(until("2027-04-01").unwrap().minute, None);
    assert_eq!(until("2027-04-01T00:00").unwrap().minute, Some(0));
    assert_eq!(until("2027-04-01T23:59").unwrap().minute, Some(MINUTES - 1));
    for wrong in ["2027-02-29", "2027-04-01T24:00", "2027-04-01T10:60", "2027-04-01T1:30", "2027-04-01T+1:30", "T10:30"]
    {
        assert!(until(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn what_was_printed_is_read_back() {
    let hash = "0123456789abcdef".repeat(4);
    let read = anchors(&format!("hilltop                  whole        12:{hash}\n  chain: events 3: x\n\ntown 0:\n"));
    let read = read.expect("these are lines of this command");
    assert_eq!((read["hilltop"].seq, read["hilltop"].hash.as_str()), (12, hash.as_str()));
    assert_eq!((read.len(), read["town"].seq), (2, 0));
    for wrong in ["hilltop 12", "hilltop 12:abc", "hilltop", "hilltop x:00"] {
        assert!(anchors(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_file_that_is_older_renamed_or_longer_is_a_change() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one.yaml"), folder.path().join("two.yaml"));
    let now = SystemTime::now();
    let write = |path: &PathBuf, text: &str, at: SystemTime| {
        std::fs::write(path, text).unwrap();
        std::fs::File::options().write(true).open(path).unwrap().set_modified(at).unwrap();
    };
    write(&one, "a", now);
    write(&two, "b", now);
    let folders = [folder.path().to_owned()];
    let mut known = stamp(&folders);
    let mut expect_change = |what: &str| {
        let found = stamp(&folders);
        assert_ne!(found, known, "{what} was not seen");
        known = found;
    };
    write(&one, "c", now - std::time::Duration::from_mins(1));
    expect_change("an older file in the place of a younger");
    write(&two, "longer", now);
    expect_change("more text in the same instant");
    std::fs::rename(&two, folder.path().join("three.yaml")).unwrap();
    expect_change("another name");
    assert_eq!(stamp(&folders), known);
}

#[test]
fn a_second_town_says_only_how_it_differs_from_the_first() {
    let one = |(town, login): (&str, &str)| json!({ "town": town, "login": login, "role": login.to_uppercase() });
    let all = [("a", "clerk"), ("a", "vet"), ("b", "clerk"), ("b", "fire"), ("c", "clerk"), ("c", "vet")].map(one);
    assert_eq!(
        sign_ins::lines(&all, "http://x"),
        [
            "  http://x/a/desk/sign-in",
            "    clerk                    CLERK",
            "    vet                      VET",
            "  http://x/b/desk/sign-in   the same as in a, without vet",
            "    fire                     FIRE",
            "  http://x/c/desk/sign-in   the same as in a",
        ]
    );
}

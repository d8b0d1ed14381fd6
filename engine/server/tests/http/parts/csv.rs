//! Lists as files for spreadsheets.

use server::http::desk::csv::{Csv, cut};

fn one(cell: &str) -> String {
    let mut csv = Csv::new();
    csv.row([cell]);
    csv.finish().trim_start_matches('\u{feff}').trim_end_matches("\r\n").to_owned()
}

#[test]
fn in_05_nothing_becomes_a_formula() {
    for cell in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＝1", "＋1", "－1", "＠x", " =1", "|x", "%x"] {
        assert!(one(cell).trim_start_matches('"').starts_with('\''), "{cell}");
    }
    assert_eq!(one("\t=1"), "\"'\t=1\"");
    assert_eq!(one("\r=1"), "\"'\r=1\"");
}

#[test]
fn a_file_that_is_cut_is_known_to_be() {
    let mut rows = vec![1, 2, 3];
    assert!(!cut(&mut rows, 3));
    assert!(cut(&mut rows, 2));
    assert_eq!(rows, [1, 2]);
}

#[test]
fn in_05_numbers_and_words_stay_as_they_are() {
    for cell in ["-12.50", "1200", "आशा राव", "TL/X/2026-27/000001", ""] {
        assert_eq!(one(cell), cell);
    }
    assert_eq!(one("a,\"b\""), "\"a,\"\"b\"\"\"");
    assert_eq!(one("two\nlines"), "\"two\nlines\"");
}

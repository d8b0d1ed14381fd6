//! Lists as files for spreadsheets.

use server::http::desk::csv::{Csv, cut};

use crate::hardening::{MARKUP, ODD, SQL};

fn one(cell: &str) -> String {
    let mut csv = Csv::new();
    csv.row([cell]);
    csv.finish().trim_start_matches('\u{feff}').trim_end_matches("\r\n").to_owned()
}

#[test]
fn in_05_nothing_becomes_a_formula() {
    for cell in [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "﹦1",
        "﹢1",
        "﹣1",
        "﹫x",
        " =1",
        "|x",
        "%x",
    ] {
        assert!(one(cell).trim_start_matches('"').starts_with('\''), "{cell}");
    }
    assert_eq!(one("\t=1"), "\"'\t=1\"");
    assert_eq!(one("\r=1"), "\"'\r=1\"");
}

#[test]
fn in_05_whatever_is_written_is_read_back_as_it_was_or_behind_a_mark() {
    let signs = ["=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠", "'", "\"", ",", ";", " ", ""];
    let ends = ["1+1", "12.50", "SUM(A1)", "cmd|' /C calc'!A0", "आशा राव", "a,\"b\"\r\nc", "", " "];
    let corpora = [SQL, MARKUP, ODD].into_iter().flat_map(str::lines).map(str::to_owned);
    let mixed = signs.iter().flat_map(|sign| ends.iter().map(move |end| format!("{sign}{end}")));
    let cells: Vec<String> = corpora.chain(mixed).collect();
    let mut file = Csv::new();
    for cell in &cells {
        file.row([cell.as_str(), "end"]);
    }
    let text = file.finish();
    let mut read =
        csv::ReaderBuilder::new().has_headers(false).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = read.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), cells.len(), "no cell begins a row of its own");
    for (row, cell) in rows.iter().zip(&cells) {
        assert_eq!((row.len(), &row[1]), (2, "end"), "{cell:?}");
        let (found, begins) =
            (&row[0], |text: &str| text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']));
        assert!(found == cell || found.strip_prefix('\'') == Some(cell.as_str()), "{cell:?} came back as {found:?}");
        let number = !found.is_empty() && found.bytes().all(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte));
        assert!(number || !begins(found), "{cell:?} came back as {found:?}");
    }
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

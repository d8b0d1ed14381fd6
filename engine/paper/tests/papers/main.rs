//! Whole papers, from text to the bytes of a PDF.
//!
//! `KEEP=folder cargo test -p paper` leaves the papers there to be looked at.

mod refusals;
mod samples;

use paper::{Options, Page, pdf};
use std::path::PathBuf;
use std::process::Command;

/// A paper's bytes, kept for looking at if somebody asked.
fn made(name: &str, html: &str, options: &Options) -> Vec<u8> {
    let bytes = pdf(html, options).unwrap_or_else(|e| panic!("{name}: {e}"));
    if let Some(folder) = std::env::var_os("KEEP") {
        let path = PathBuf::from(folder).join(format!("{name}.pdf"));
        std::fs::write(path, &bytes).expect("the folder is there");
    }
    bytes
}

/// How many pages a PDF has.
fn pages(bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes);
    text.matches("/Type /Page\n").count() + text.matches("/Type/Page/").count()
}

/// The text of a paper as a reader copies it, or nothing where `pdftotext` is not installed.
fn text(bytes: &[u8]) -> Option<String> {
    let there = Command::new("pdftotext").arg("-v").output().ok();
    // Where everything is tried for a change, silence must not be taken for a pass.
    assert!(
        there.is_some() || std::env::var_os("CI").is_none(),
        "CI is set, and there is no pdftotext (poppler-utils)"
    );
    there?;
    let folder = std::env::temp_dir();
    let nth = std::thread::current().id();
    let path = folder.join(format!("paper-{}-{nth:?}.pdf", std::process::id()));
    std::fs::write(&path, bytes).expect("the folder for temporary files takes files");
    let mut command = Command::new("pdftotext");
    command.args(["-layout", "-enc", "UTF-8"]).arg(&path).arg("-");
    let out = command.output().expect("it was there a moment ago");
    std::fs::remove_file(&path).expect("it was written above");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Some(String::from_utf8(out.stdout).expect("asked for UTF-8"))
}

#[test]
fn a_license_in_hindi_is_one_page_and_its_words_can_be_copied() {
    let bytes = made("license", samples::LICENSE, &samples::options("व्यापार अनुज्ञप्ति", Page::A4));
    assert_eq!(pages(&bytes), 1);
    let Some(text) = text(&bytes) else { return };
    let said = [
        "नगर निगम ऋषिकेश",
        "व्यापार अनुज्ञप्ति",
        "श्री राजेन्द्र सिंह बिष्ट",
        "क्षेत्रपाल मिष्ठान्न भण्डार",
        "(द्वितीय श्रेणी)",
        "त्रिवेणी घाट मार्ग",
        "'आदर्श ग्राम'",
        "कार्यालय",
        "वर्ग मीटर",
        "₹2,150.00",
        "TL-RSK-2026-27-000142",
        "विलम्ब पर अर्थदण्ड",
    ];
    for words in said {
        assert!(text.contains(words), "`{words}` is not in:\n{text}");
    }
}

#[test]
fn a_certificate_may_go_on_over_pages() {
    let options = samples::options("License", Page::A5);
    let bytes = made("license-a5", samples::LICENSE, &options);
    assert_eq!(pages(&bytes), 2);
    let Some(text) = text(&bytes) else { return };
    let last = text.split('\u{c}').nth(1).unwrap_or_default();
    assert!(last.contains("सहायक नगर आयुक्त"), "{text}");
}

#[test]
fn a_receipt_fits_a_small_sheet() {
    let bytes = made("receipt", samples::RECEIPT, &samples::options("Receipt", Page::A5));
    assert_eq!(pages(&bytes), 1);
    let Some(text) = text(&bytes) else { return };
    assert!(text.contains("राजेन्द्र सिंह बिष्ट (Rajendra Singh Bisht)"), "{text}");
    assert!(text.contains("₹2,150.00"), "{text}");
}

#[test]
fn a_paper_may_say_itself_that_it_is_half_a_sheet() {
    let (a4, a5) = (samples::options("Receipt", Page::A4), samples::options("Receipt", Page::A5));
    let small = pdf("<div class=\"a5\"><h1>Receipt</h1><p>₹2,150.00</p></div>", &a4).expect("a paper");
    assert!(small == pdf("<h1>Receipt</h1><p>₹2,150.00</p>", &a5).expect("a paper"), "it is laid out as one");
    let framed = pdf("<div class=\"certificate a5\"><h1>License</h1></div>", &a4).expect("a paper");
    assert!(framed == pdf("<div class=\"certificate\"><h1>License</h1></div>", &a5).expect("a paper"));
    // Of many papers in one file, each keeps the sheet of the file.
    let many = "<div class=\"page\"><div class=\"a5\"><p>x</p></div></div>".repeat(2);
    assert_eq!(pages(&pdf(&many, &a4).expect("papers")), 2);
}

#[test]
fn a_long_bill_has_two_pages_with_its_head_and_numbers_on_both() {
    let bytes = made("bill", &samples::bill(), &samples::options("Bill", Page::A4));
    assert_eq!(pages(&bytes), 2);
    let Some(text) = text(&bytes) else { return };
    assert_eq!(text.matches("विलम्ब शुल्क").count(), 2, "{text}");
    let close: String = text.split(' ').collect();
    assert!(close.contains("1/2\n") && close.contains("2/2\n"), "{text}");
}

#[test]
fn a_trial_balance_has_twenty_pages() {
    let bytes = made("trial", &samples::trial_balance(), &samples::options("Trial", Page::A4));
    assert_eq!(pages(&bytes), 20);
}

#[test]
fn the_same_paper_has_the_same_bytes() {
    let bill = samples::bill();
    let options = samples::options("Bill", Page::A4);
    let first = pdf(&bill, &options).expect("a paper");
    for _ in 0..3 {
        assert!(pdf(&bill, &options).expect("a paper") == first, "the bytes differ");
    }
    let other = Options { created: "2026-04-13", ..options };
    assert!(pdf(&bill, &other).expect("a paper") != first, "the day is part of the paper");
}

#[test]
fn everything_a_paper_may_hold_can_be_drawn() {
    let html = r#"<h1>Title</h1><h2>Part</h2><h3>Section</h3>
        <p class="right">to the <em>right</em>, <strong>strong <em>both</em></strong></p>
        <p>a<br/>b</p><hr/>loose words <span>here</span>
        <ul><li>one</li><li>two<ol><li>inner</li></ol></li></ul>
        <div class="box"><p>short</p></div>
        <div class="columns"><p>left</p><p class="num">₹1,00,000.00</p></div>
        <table><thead><tr><th>a</th><th class="num">b</th></tr></thead>
        <tr><td>x</td><td class="num">1</td></tr><tr><td colspan="2"></td></tr>
        <tfoot><tr class="total"><td>sum</td><td>1</td></tr></tfoot></table>
        <table></table><ul></ul><p></p><div class="box"></div><div class="columns"></div>
        <p>&nbsp;</p><p>हिन्दी &amp; English &mdash; क्&zwj;ष &#x20B9;</p>"#;
    let bytes = made("everything", html, &samples::options("All", Page::A5));
    let Some(text) = text(&bytes) else { return };
    assert!(text.contains("हिन्दी & English —"), "{text}");
}

#[test]
fn a_certificate_and_an_empty_paper_are_papers_too() {
    let options = samples::options("Empty", Page::A4);
    for html in ["", "<div class=\"certificate\"></div>", "<!-- nothing -->", "<p> </p>"] {
        assert_eq!(pages(&pdf(html, &options).expect(html)), 1);
    }
}

#[test]
fn what_is_too_high_for_a_page_is_parted() {
    let words = "विवरण words ".repeat(900);
    let options = samples::options("High", Page::A5);
    let whole = pages(&pdf(&format!("<p>{words}</p>"), &options).expect("a paper"));
    let cell = format!("<table><tr><td>{words}</td><td>b</td></tr></table>");
    let framed = format!("<div class=\"box\"><p>{words}</p></div>");
    let beside = format!("<div class=\"columns\"><p>{words}</p><p>b</p></div>");
    for (html, most) in [(cell, 2), (framed, 2), (beside, 5)] {
        let pages = pages(&made("high", &html, &options));
        assert!((whole..=whole * most).contains(&pages), "{whole} pages became {pages}");
    }
}

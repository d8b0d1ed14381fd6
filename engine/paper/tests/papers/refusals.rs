//! What papers refuse, and in which words; and that nothing makes them panic.

use super::samples;
use paper::{Error, MAX_BYTES, MAX_DEPTH, Options, Page, pdf};

fn refused(html: &str) -> Error {
    pdf(html, &samples::options("Refused", Page::A4)).expect_err(html)
}

#[test]
fn mistakes_are_named_with_their_line() {
    let cases = [
        ("<p>\n<a>x</a></p>", "line 2: papers have no element <a>"),
        ("<p class=\"large\">x</p>", "line 1: papers have no class `large`"),
        ("<p>\n\nx &foo; y</p>", "line 3: `&foo;` is not a known character"),
        ("<p>\nx</div>", "line 2: the paper is not well-formed"),
        ("<p>x", "line 1: the paper is not well-formed"),
        ("<!DOCTYPE html><p>x</p>", "the paper is not well-formed"),
        ("</paper><paper>", "line 1: the paper is not well-formed"),
        ("<p>a & b</p>", "the paper is not well-formed"),
        ("<tr><td>x</td></tr>", "line 1: <tr> cannot stand here; it belongs in <table>"),
        ("<table>\n<tr>x</tr></table>", "line 2: <text> cannot stand here"),
        ("<ul>x</ul>", "it belongs in <li>"),
        ("<strong>\n<p>x</p></strong>", "line 2: <p> cannot stand here"),
        ("<p>x</p><div class=\"certificate\">y</div>", "it belongs around the whole paper"),
        ("<img src=\"http://example.org/x.png\"/>", "the one picture a paper has is src=\"emblem\""),
        ("<table><tr><td colspan=\"99\">x</td></tr></table>", "more than 64 columns"),
    ];
    for (html, words) in cases {
        let said = refused(html).to_string();
        assert!(said.contains(words), "`{html}` gives `{said}`");
    }
}

#[test]
fn there_are_limits() {
    let long = "x".repeat(MAX_BYTES + 1);
    assert_eq!(refused(&long), Error::TooLarge { bytes: MAX_BYTES + 1 });
    let nested = |n: usize| format!("{}x{}", "<div>".repeat(n), "</div>".repeat(n));
    assert!(pdf(&nested(MAX_DEPTH), &samples::options("Deep", Page::A4)).is_ok());
    assert_eq!(refused(&nested(MAX_DEPTH + 1)), Error::TooDeep { line: 1 });
    assert_eq!(refused(&nested(50_000)), Error::TooDeep { line: 1 });
    assert_eq!(refused(&"<p>x</p>".repeat(30_000)), Error::TooManyPages);
    let codes: Vec<String> = (0..101).map(|nth| format!("<qr>{nth}</qr>")).collect();
    assert_eq!(refused(&codes.concat()), Error::TooManyCodes);
    let qr = format!("<qr>{}</qr>", "x".repeat(2_332));
    assert_eq!(refused(&qr), Error::BadQr { bytes: 2_332 });
    assert!(refused(&"<br/>".repeat(200_000)).to_string().contains("pages"));
}

#[test]
fn options_are_checked() {
    let good = samples::options("Options", Page::A4);
    let long = "footer ".repeat(200);
    let refused = |what: &str, options: &Options| {
        let made = pdf("<p>x</p>", options);
        assert!(matches!(made, Err(Error::BadOption { name, .. }) if name == what), "{options:?}");
    };
    for accent in ["blue", "#12345g", "#ééé", "#12345"].map(Some) {
        refused("accent", &Options { accent, ..good });
    }
    for created in ["31/03/2027", "2027-13-01", "2027-03-31T25:00", "2027-03-31T10:00+", ""] {
        refused("created", &Options { created, ..good });
    }
    for language in ["", "hi_IN!", "hi--IN"] {
        refused("language", &Options { language, ..good });
    }
    refused("title", &Options { title: " ", ..good });
    let footer = Some(long.as_str());
    refused("footer", &Options { footer, ..good });
    let bad = Options { emblem: Some("<svg"), ..good };
    assert!(matches!(pdf("<p>x</p>", &bad), Err(Error::BadEmblem(_))));
    let none = Options { emblem: None, ..good };
    assert!(matches!(pdf("<img src=\"emblem\"/>", &none), Err(Error::BadEmblem(_))));
    for created in ["2027-03-31", "2027-03-31T10:00Z", "2027-03-31T10:00:05.25-03:30"] {
        let options = Options { created, accent: None, ..good };
        assert!(pdf("<p>x</p>", &options).is_ok(), "{created}");
    }
}

#[test]
fn in_06_odd_texts_are_drawn_and_do_not_panic() {
    let odd = [
        "\u{200d}",
        "\u{94d}",
        "क्",
        "\u{94d}\u{94d}क",
        "ि",
        "\u{300}\u{300}",
        "漢字 العربية 🙂",
        "\u{feff}",
        "\u{200b}\u{200b}",
        "\u{a0}",
        "a\u{200d}क\u{200c}b",
        "\u{25cc}ा",
        "ﷺ",
        "र्\u{200d}",
        "क़ख़ग़",
        "ॐ",
        "१२३",
        "ɑ\u{301}",
        "\u{e000}",
        "\u{10ffff}",
    ];
    for page in [Page::A4, Page::A5] {
        for text in odd {
            for html in [
                format!("<h1>{text}</h1><p>{text}{text}</p>"),
                format!("<table><tr><th>{text}</th><td><em>{text}</em></td></tr></table>"),
                format!("<p>{}</p>", text.repeat(500)),
                format!("<qr>{text}</qr>"),
            ] {
                let title = format!("Odd {text}");
                let made = pdf(&html, &samples::options(&title, page));
                assert!(made.is_ok(), "{text:?}: {made:?}");
            }
        }
    }
}

#[test]
fn hostile_papers_end_soon() {
    let deep_tables = format!("{}x{}", "<table><tr><td>".repeat(10), "</td><td>y</td></tr></table>".repeat(10));
    let narrow = format!("<table><tr>{}</tr></table>", "<td>कार्यालय</td>".repeat(64));
    let long_word = format!("<p>{}</p>", "aक".repeat(20_000));
    let lists = format!("{}x{}", "<ul><li>".repeat(15), "</li></ul>".repeat(15));
    for html in [deep_tables, narrow, long_word, lists] {
        // Either answer will do, as long as it comes.
        drop(pdf(&html, &samples::options("Hostile", Page::A5)));
    }
}

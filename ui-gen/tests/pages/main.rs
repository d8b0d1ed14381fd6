//! Every page and every type of question, held to how they must look and to what every reader needs.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod markup;
mod readers;
mod samples;
mod snapshots;
mod wording;

use std::sync::LazyLock;

use samples::Lang;
use ui_gen::{Chrome, Page, Pages, Words};

/// The templates, read once for all tests; asking for what a page does not have is an error.
static PAGES: LazyLock<Pages> = LazyLock::new(|| Pages::new().strict());
static ENGLISH: LazyLock<Words> = LazyLock::new(|| samples::words("en"));
static HINDI: LazyLock<Words> = LazyLock::new(|| samples::words("hi"));

/// A page as HTML, in a language.
fn html(lang: Lang, chrome: &Chrome, page: &Page) -> String {
    let words = if lang.0 == "hi" { &HINDI } else { &ENGLISH };
    PAGES.render(words, chrome, page)
}

/// Every sample in both languages: its name with the language, and its HTML.
fn every() -> Vec<(String, String)> {
    let of = |lang: Lang| {
        samples::all(lang)
            .into_iter()
            .map(move |sample| (format!("{}/{}", lang.0, sample.name), html(lang, &sample.chrome, &sample.page)))
    };
    of(Lang("en")).chain(of(Lang("hi"))).collect()
}

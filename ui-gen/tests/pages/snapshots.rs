//! What is written for every page and every type of question, kept as files.
//!
//! `UPDATE=1` rewrites them; the difference is reviewed like code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::html;
use crate::samples::fields::{Stage, every as every_field};
use crate::samples::{self, Lang, chrome, signed_in};
use ui_gen::Page;
use ui_gen::view::apply::Question;

const EN: Lang = Lang("en");

/// Compares `files` (name to contents) with the folder, or rewrites the folder.
fn check(folder: &str, files: &BTreeMap<String, String>) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(folder);
    let kept = names(&folder);
    if env::var_os("UPDATE").is_some() {
        for name in &kept {
            fs::remove_file(folder.join(name)).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        for (name, contents) in files {
            fs::write(folder.join(name), contents).unwrap();
        }
        return;
    }
    let wanted: BTreeSet<String> = files.keys().cloned().collect();
    assert_eq!(kept, wanted, "UPDATE=1 rewrites the snapshots of {}", folder.display());
    let differs = |(name, contents): &(&String, &String)| fs::read_to_string(folder.join(name)).unwrap() != **contents;
    let changed: Vec<&String> = files.iter().filter(differs).map(|(name, _)| name).collect();
    assert!(changed.is_empty(), "changed: {changed:?}; UPDATE=1 rewrites them");
}

fn names(folder: &Path) -> BTreeSet<String> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeSet::new() };
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// The part of a page that is its own.
fn main_of(html: &str) -> String {
    let from = html.find("<main").unwrap();
    let to = html.find("</main>").unwrap();
    format!("{}</main>\n", &html[from..to])
}

#[test]
fn pages_are_as_they_were() {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for sample in samples::all(EN) {
        let html = html(EN, &sample.chrome, &sample.page);
        files.insert(format!("{}.html", sample.name), main_of(&html));
    }
    check("pages", &files);
}

#[test]
fn what_surrounds_pages_is_as_it_was() {
    let mut files = BTreeMap::new();
    for (name, chrome) in [("open", chrome(EN)), ("signed_in", signed_in(EN)), ("staff", samples::staff(EN))] {
        let whole = html(EN, &chrome, &Page::Question(Question::default()));
        let (before, after) = (whole.find("<main").unwrap(), whole.find("</main>").unwrap());
        let tagged = format!("{}{}", &whole[..before], &whole[after..]);
        files.insert(format!("{name}.html"), without_digest(&tagged));
    }
    check("frame", &files);
}

/// Digests of assets change with every change of style, which is no change of the frame.
fn without_digest(html: &str) -> String {
    let mut parts = html.split("?v=");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |text, part| format!("{text}?v={}", &part[part.find('"').unwrap()..]))
}

#[test]
fn every_type_of_question_is_as_it_was() {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for (stage, title) in [(Stage::Empty, "empty"), (Stage::Filled, "filled"), (Stage::Wrong, "wrong")] {
        for field in every_field(EN, stage) {
            let name = format!("{}.html", field.name);
            // A second question keeps the first from becoming the heading of the page.
            let page = Question { fields: vec![field, every_field(EN, Stage::Empty).remove(0)], ..Question::default() };
            let html = main_of(&html(EN, &chrome(EN), &Page::Question(page)));
            let first = html.find("<div class=\"field").unwrap();
            let last = html.rfind("<div class=\"field").unwrap();
            let text = format!("<!-- {title} -->\n{}", &html[first..last]);
            files.entry(name).or_default().push_str(&text);
        }
    }
    check("fields", &files);
}

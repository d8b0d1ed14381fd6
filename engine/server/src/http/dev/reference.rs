//! `/dev/reference`: what rules may call, what templates may print, and every check.

use engine::fees::TABLE_FUNCTIONS;
use engine::rule::STANDARD;
use engine::template::{HELPERS, VARIABLES};
use ui_gen::Page;
use ui_gen::view::common::{Row, Section};
use ui_gen::view::dev::DevReference;

use crate::http::ask::{Answer, Ask};

/// `GET /dev/reference`. The sentences are those of the manual, in the language in which definitions
/// are written.
pub(super) async fn page(ask: &Ask) -> Answer {
    let words = ask.words();
    let section = |key: &str, rows: Vec<Row>| Section { title: words.get(key), rows };
    let functions =
        STANDARD.iter().chain(TABLE_FUNCTIONS).map(|function| Row::new(function.signature(), function.sentence));
    let variables = VARIABLES.iter().map(|variable| {
        let mut row = Row::new(format!("{{{{{}}}}}", variable.name), variable.meaning);
        row.lines.extend(variable.needs.map(|need| need.present().to_owned()));
        if variable.papers_only {
            row.lines.push(words.get("dev.papers_only"));
        }
        row
    });
    let helpers = HELPERS.iter().map(|(name, given, prints)| Row::new(format!("{{{{{name} {given}}}}}"), *prints));
    let checks =
        engine::reference::manuals().into_iter().map(|manual| Row::new(manual.code, first_sentence(&manual.text())));
    let view = DevReference {
        sections: vec![
            section("dev.functions", functions.collect()),
            section("dev.variables", variables.collect()),
            section("dev.helpers", helpers.collect()),
            section("dev.checks", checks.collect()),
        ],
    };
    ask.page(Page::DevReference(view)).back("/dev").answer()
}

/// The first sentence of a manual.
fn first_sentence(text: &str) -> String {
    let whole = text.split_whitespace().collect::<Vec<_>>().join(" ");
    whole.split_once(". ").map_or(whole.clone(), |(first, _)| format!("{first}."))
}

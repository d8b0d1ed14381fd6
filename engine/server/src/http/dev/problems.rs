//! `/dev/problems`: what is wrong with the definitions, as they were last read.

use engine::source::{Diagnostic, Diagnostics, Severity};
use ui_gen::Page;
use ui_gen::view::common::{Tag, Tone};
use ui_gen::view::dev::{DevProblem, DevProblems};

use crate::http::ask::{Answer, Ask};

/// Seconds after which the page asks again, while saved files are read again by themselves.
const REFRESH: u32 = 2;
/// Diagnostics on the page.
const SHOWN: usize = 200;

/// `GET /dev/problems`
pub(super) async fn page(ask: &Ask) -> Answer {
    let mut all: Vec<&Diagnostic> = ask.library.diagnostics.0.iter().collect();
    all.sort_by_key(|diagnostic| diagnostic.severity);
    let view = DevProblems {
        problems: all.into_iter().take(SHOWN).map(|diagnostic| problem(ask, diagnostic)).collect(),
        loaded: super::loaded(ask),
        refresh: if ask.app.library.is_watched() { REFRESH } else { 0 },
    };
    ask.page(Page::DevProblems(view)).back("/dev").answer()
}

fn problem(ask: &Ask, diagnostic: &Diagnostic) -> DevProblem {
    let bundle = &ask.library.bundle;
    let (line, column) = diagnostic.line_column(bundle);
    let severity = match diagnostic.severity {
        Severity::Error => Tag::new(ask.words().get("dev.error"), Tone::Bad),
        Severity::Warning => Tag::new(ask.words().get("dev.warning"), Tone::Warn),
    };
    // The title and the remedy stand beside it; what is left is the place with its marks.
    let bare = Diagnostic { help: None, ..diagnostic.clone() };
    let rendered = Diagnostics(vec![bare]).render(bundle, "");
    let snippet = rendered.split_once('\n').map_or(String::new(), |(_, rest)| rest.to_owned());
    DevProblem {
        code: diagnostic.code.to_owned(),
        severity,
        title: diagnostic.title.clone(),
        place: format!("{}:{line}:{column}", diagnostic.at.file),
        snippet,
        help: diagnostic.help.clone().unwrap_or_default(),
    }
}

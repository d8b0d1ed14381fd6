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
    shown(ask, "", |_| true)
}

/// Whether the service in the address is one that the town lists and that is not served.
pub(super) fn is_broken(ask: &Ask) -> bool {
    let (tenant, id) = (ask.tenant(), ask.param("service"));
    tenant.services.iter().any(|listed| listed == id) && ask.library.catalogue.service(&tenant.id, id).is_none()
}

/// Instead of a service that is not served: what is wrong in its folders.
pub(super) fn of_service(ask: &Ask) -> Answer {
    let id = ask.param("service");
    shown(ask, id, |file| file.split('/').any(|folder| folder == id))
}

fn shown(ask: &Ask, service: &str, wanted: impl Fn(&str) -> bool) -> Answer {
    let mut all: Vec<&Diagnostic> =
        ask.library.diagnostics.0.iter().filter(|diagnostic| wanted(&diagnostic.at.file)).collect();
    all.sort_by_key(|diagnostic| diagnostic.severity);
    let unread = ask.app.library.unread().map(|why| DevProblem {
        severity: Tag::new(ask.words().get("dev.error"), Tone::Bad),
        title: why,
        ..DevProblem::default()
    });
    let diagnostics = all.into_iter().take(SHOWN).map(|diagnostic| problem(ask, diagnostic));
    let view = DevProblems {
        service: service.to_owned(),
        problems: unread.into_iter().chain(diagnostics).collect(),
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

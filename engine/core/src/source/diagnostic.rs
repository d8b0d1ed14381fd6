//! Diagnostics: what is wrong with a definition, where, what follows from it, and the remedy.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::json;

use super::at::Where;
use super::bundle::Bundle;
use super::manual::Manual;

/// Whether a definition with this diagnostic may be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It may not.
    Error,
    /// It may, but somebody should look.
    Warning,
}

/// One thing that is wrong. The title states the fact, the label the consequence, the help the
/// remedy; none ends in a full stop, and the author's own words stand in backticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The check that found it.
    pub code: &'static str,
    /// Whether it stops the definition from being served.
    pub severity: Severity,
    /// The fact.
    pub title: String,
    /// Where.
    pub at: Where,
    /// The consequence, printed under the place.
    pub label: String,
    /// Other places that matter, each with a word about it.
    pub others: Vec<(Where, String)>,
    /// Facts that help to understand.
    pub notes: Vec<String>,
    /// The remedy.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error found by the check of `manual`.
    pub fn error(manual: Manual, at: &Where, title: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            code: manual.code,
            severity: Severity::Error,
            title: title.into(),
            at: at.clone(),
            label: label.into(),
            others: Vec::new(),
            notes: Vec::new(),
            help: None,
        }
    }

    /// A warning found by the check of `manual`.
    pub fn warning(manual: Manual, at: &Where, title: impl Into<String>, label: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(manual, at, title, label) }
    }

    /// Adds the remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the remedy, if there is one.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// Adds a fact that helps to understand.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Points to another place that matters.
    #[must_use]
    pub fn other(mut self, at: &Where, label: impl Into<String>) -> Self {
        self.others.push((at.clone(), label.into()));
        self
    }

    /// The line and column, both counted from one; the column counts characters.
    pub fn line_column(&self, bundle: &Bundle) -> (usize, usize) {
        let text = readable(bundle, &self.at);
        let before = text.get(..self.at.start.min(text.len())).unwrap_or("");
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }

    /// As people read it in a terminal, without a final line break. `prefix` stands before each path.
    pub fn render(&self, bundle: &Bundle, prefix: &str, renderer: &Renderer) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let texts: Vec<_> = std::iter::once(&self.at).chain(self.others.iter().map(|(at, _)| at)).map(|at| readable(bundle, at)).collect();
        let path = |at: &Where| format!("{prefix}{}", bundle.shown(&at.file));
        let mut primary = Snippet::source(&*texts[0]).path(path(&self.at)).annotation(
            AnnotationKind::Primary.span(range(&self.at, &texts[0])).label(&self.label),
        );
        let mut elsewhere = Vec::new();
        for ((at, label), text) in self.others.iter().zip(&texts[1..]) {
            let annotation = AnnotationKind::Context.span(range(at, text)).label(label);
            if at.file == self.at.file {
                primary = primary.annotation(annotation);
            } else {
                elsewhere.push(Snippet::source(&**text).path(path(at)).annotation(annotation));
            }
        }
        let mut group: Group<'_> = level.primary_title(&self.title).id(self.code).element(primary);
        for snippet in elsewhere {
            group = group.element(snippet);
        }
        for note in &self.notes {
            group = group.element(Level::NOTE.message(note));
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help));
        }
        renderer.render(&[group])
    }

    /// As programs read it.
    pub fn to_json(&self, bundle: &Bundle) -> serde_json::Value {
        let (line, column) = self.line_column(bundle);
        json!({
            "code": self.code,
            "severity": if self.severity == Severity::Error { "error" } else { "warning" },
            "file": &*self.at.file, "line": line, "column": column, "start": self.at.start, "end": self.at.end,
            "title": self.title, "label": self.label, "notes": self.notes, "help": self.help,
        })
    }
}

/// The text that can be shown for a file: what is not UTF-8 is shown as replacement characters.
fn readable<'a>(bundle: &'a Bundle, at: &Where) -> std::borrow::Cow<'a, str> {
    bundle.bytes(&at.file).map_or(std::borrow::Cow::Borrowed(""), |bytes| String::from_utf8_lossy(bytes))
}

/// The bytes to underline: inside the text, on character boundaries, at most to the end of a line.
fn range(at: &Where, text: &str) -> std::ops::Range<usize> {
    let floor = |mut i: usize| {
        i = i.min(text.len());
        while !text.is_char_boundary(i) {
            i -= 1;
        }
        i
    };
    let (start, end) = (floor(at.start), floor(at.end));
    let line_end = text[start..].find('\n').map_or(text.len(), |n| start + n);
    start..end.clamp(start, line_end.max(start))
}

/// Diagnostics as they are gathered: never thrown, never stopping at the first.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all of another collection.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether nothing stops the definition from being served.
    pub fn is_clean(&self) -> bool {
        self.0.iter().all(|d| d.severity != Severity::Error)
    }

    /// In the order of the files and of the text, each once.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.0.sort_by(|a, b| (&a.at, a.severity, a.code, &a.title).cmp(&(&b.at, b.severity, b.code, &b.title)));
        self.0.dedup();
        self
    }

    /// As people read them, without colour.
    pub fn render(&self, bundle: &Bundle, prefix: &str) -> String {
        let renderer = Renderer::plain();
        let shown: Vec<String> = self.0.iter().map(|d| d.render(bundle, prefix, &renderer)).collect();
        shown.join("\n\n")
    }
}

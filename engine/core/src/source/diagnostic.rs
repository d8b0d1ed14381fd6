//! Diagnostics: what is wrong with a definition, where, what follows from it, and the remedy.

use std::borrow::Cow;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::json;

use super::at::Where;
use super::bundle::Bundle;
use super::manual::Manual;
use crate::base::limits;

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
        let excerpt = Excerpt::new(bundle, &[&self.at]);
        let column = excerpt.text[..excerpt.range(&self.at).start].chars().count() + 1;
        (excerpt.first_line, column)
    }

    /// As people read it in a terminal, without a final line break. `prefix` stands before each path.
    pub fn render(&self, bundle: &Bundle, prefix: &str, renderer: &Renderer) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let path = |at: &Where| format!("{prefix}{}", bundle.shown(&at.file));
        let (near, far): (Vec<_>, Vec<_>) = self.others.iter().partition(|(at, _)| at.file == self.at.file);
        let here: Vec<&Where> = std::iter::once(&self.at).chain(near.iter().map(|(at, _)| at)).collect();
        let here = Excerpt::new(bundle, &here);
        let mut primary = Snippet::source(&*here.text)
            .line_start(here.first_line)
            .path(path(&self.at))
            .annotation(AnnotationKind::Primary.span(here.range(&self.at)).label(&self.label));
        for (at, label) in near {
            primary = primary.annotation(AnnotationKind::Context.span(here.range(at)).label(label));
        }
        let excerpts: Vec<Excerpt<'_>> = far.iter().map(|(at, _)| Excerpt::new(bundle, &[at])).collect();
        let elsewhere = far.iter().zip(&excerpts).map(|((at, label), excerpt)| {
            let annotation = AnnotationKind::Context.span(excerpt.range(at)).label(label);
            Snippet::source(&*excerpt.text).line_start(excerpt.first_line).path(path(at)).annotation(annotation)
        });
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

/// The lines of a file that some places stand in, and those between: a diagnostic costs what it
/// shows, not what the file holds. What is not UTF-8 is shown as replacement characters.
struct Excerpt<'a> {
    text: Cow<'a, str>,
    first_line: usize,
    offset: usize,
}

/// Bytes that are shown behind the last place, where a line is longer than any screen.
const AFTER: usize = 240;

impl<'a> Excerpt<'a> {
    /// The lines of `places`, which are all in the same file.
    fn new(bundle: &'a Bundle, places: &[&Where]) -> Self {
        let bytes = places.first().and_then(|at| bundle.bytes(&at.file)).map_or(&[][..], |bytes| &bytes[..]);
        let first = places.iter().map(|at| at.start).min().unwrap_or(0).min(bytes.len());
        let last = places.iter().map(|at| at.end.max(at.start)).max().unwrap_or(0).min(bytes.len());
        let start = bytes[..first].iter().rposition(|byte| *byte == b'\n').map_or(0, |line| line + 1);
        let cut = (last + AFTER).min(bytes.len());
        let mut end = bytes[last..cut].iter().position(|byte| *byte == b'\n').map_or(cut, |line| last + line);
        while end > last && bytes.get(end).is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000) {
            end -= 1;
        }
        let first_line = bytes[..start].split(|byte| *byte == b'\n').count();
        Self { text: String::from_utf8_lossy(&bytes[start..end]), first_line, offset: start }
    }

    /// The bytes to underline: inside the text, on character boundaries, at most to the end of a line.
    fn range(&self, at: &Where) -> std::ops::Range<usize> {
        let text = &*self.text;
        let floor = |i: usize| {
            let mut i = i.saturating_sub(self.offset).min(text.len());
            while !text.is_char_boundary(i) {
                i -= 1;
            }
            i
        };
        let (start, end) = (floor(at.start), floor(at.end));
        let line_end = text[start..].find('\n').map_or(text.len(), |n| start + n);
        start..end.clamp(start, line_end.max(start))
    }
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

    /// In the order of the files and of the text, each once; of a file that has very many, the first
    /// errors and how many more there are.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.0.sort_by(|a, b| {
            (&a.at.file, a.severity, &a.at, a.code, &a.title).cmp(&(&b.at.file, b.severity, &b.at, b.code, &b.title))
        });
        self.0.dedup();
        let mut kept: Vec<Diagnostic> = Vec::new();
        for file in self.0.chunk_by(|a, b| a.at.file == b.at.file) {
            let shown = file.len().min(limits::DIAGNOSTICS_PER_FILE);
            kept.extend_from_slice(&file[..shown]);
            if let (true, Some(last)) = (file.len() > shown, kept.last_mut()) {
                last.notes.push(format!("and {} more in this file", file.len() - shown));
            }
        }
        kept.sort_by(|a, b| (&a.at, a.severity, a.code, &a.title).cmp(&(&b.at, b.severity, b.code, &b.title)));
        Self(kept)
    }

    /// As people read them, without colour.
    pub fn render(&self, bundle: &Bundle, prefix: &str) -> String {
        let renderer = Renderer::plain();
        let shown: Vec<String> = self.0.iter().map(|d| d.render(bundle, prefix, &renderer)).collect();
        shown.join("\n\n")
    }
}

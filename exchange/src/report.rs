//! What an import found: defects of the source, what was left out, what must still be supplied.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::limits::SHOWN;

/// What kind of thing is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Something is wrong in the source itself.
    Defect,
    /// Something stands in the source and not in the definitions.
    Dropped,
    /// Something was made otherwise than it stands in the source.
    Changed,
    /// Something that the source does not have, and the definitions need.
    Supply,
}

impl Kind {
    /// All kinds, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::Defect, Self::Dropped, Self::Changed, Self::Supply];

    /// The word that programs read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Defect => "defect",
            Self::Dropped => "dropped",
            Self::Changed => "changed",
            Self::Supply => "supply",
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::Defect => "Defects of the source",
            Self::Dropped => "Left out",
            Self::Changed => "Made otherwise",
            Self::Supply => "To be supplied",
        }
    }
}

/// A place in the source: a file, and what leads to it inside (RFC 6901).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as it was given.
    pub file: Arc<str>,
    /// The JSON pointer; empty for the whole file.
    pub pointer: String,
}

impl Place {
    /// The whole of a file.
    pub fn file(file: &str) -> Self {
        Self { file: Arc::from(file), pointer: String::new() }
    }

    /// One step further inside.
    #[must_use]
    pub fn at(&self, step: impl fmt::Display) -> Self {
        let step = step.to_string().replace('~', "~0").replace('/', "~1");
        Self { file: Arc::clone(&self.file), pointer: format!("{}/{step}", self.pointer) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.pointer.is_empty() { Ok(()) } else { write!(f, "#{}", self.pointer) }
    }
}

/// One thing that is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What kind of thing.
    pub kind: Kind,
    /// A word that does not change, for programs: `unreachable-state`.
    pub code: &'static str,
    /// Where in the source.
    pub place: Place,
    /// What it is, in a sentence without its full stop.
    pub what: String,
}

/// Everything that is told.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// In the order in which it was found.
    pub findings: Vec<Finding>,
    /// How much was read and written: what, and how many.
    pub counts: Vec<(&'static str, usize)>,
}

impl Report {
    /// Something is wrong in the source.
    pub fn defect(&mut self, code: &'static str, place: &Place, what: impl Into<String>) {
        self.push(Kind::Defect, code, place, what);
    }

    /// Something was left out.
    pub fn dropped(&mut self, code: &'static str, place: &Place, what: impl Into<String>) {
        self.push(Kind::Dropped, code, place, what);
    }

    /// Something was made otherwise.
    pub fn changed(&mut self, code: &'static str, place: &Place, what: impl Into<String>) {
        self.push(Kind::Changed, code, place, what);
    }

    /// Something must still be supplied.
    pub fn supply(&mut self, code: &'static str, place: &Place, what: impl Into<String>) {
        self.push(Kind::Supply, code, place, what);
    }

    fn push(&mut self, kind: Kind, code: &'static str, place: &Place, what: impl Into<String>) {
        self.findings.push(Finding { kind, code, place: place.clone(), what: what.into() });
    }

    /// How many there are of a kind.
    pub fn count(&self, kind: Kind) -> usize {
        self.findings.iter().filter(|finding| finding.kind == kind).count()
    }

    /// The findings of one code.
    pub fn of(&self, code: &str) -> Vec<&Finding> {
        self.findings.iter().filter(|finding| finding.code == code).collect()
    }

    /// The report for people, as Markdown: of each kind of finding how many, and the first of them.
    pub fn to_text(&self) -> String {
        let mut text = String::from("# What the import found\n");
        if !self.counts.is_empty() {
            let counts: Vec<String> = self.counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
            let _ = write!(text, "\n{}.\n", counts.join(", "));
        }
        for kind in Kind::ALL {
            let of_kind: Vec<&Finding> = self.findings.iter().filter(|finding| finding.kind == kind).collect();
            if of_kind.is_empty() {
                continue;
            }
            let _ = write!(text, "\n## {} ({})\n", kind.heading(), of_kind.len());
            let mut by_code: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
            for finding in of_kind {
                by_code.entry(finding.code).or_default().push(finding);
            }
            for (code, findings) in by_code {
                let _ = write!(text, "\n### {code} ({})\n\n", findings.len());
                for finding in findings.iter().take(SHOWN) {
                    let _ = writeln!(text, "- {}: {}", finding.place, finding.what);
                }
                if findings.len() > SHOWN {
                    let _ = writeln!(text, "- and {} more", findings.len() - SHOWN);
                }
            }
        }
        text
    }

    /// The report for programs, whole.
    pub fn to_json(&self) -> Json {
        let counts: serde_json::Map<String, Json> =
            self.counts.iter().map(|(what, count)| ((*what).replace(' ', "_"), json!(count))).collect();
        let kinds: serde_json::Map<String, Json> =
            Kind::ALL.into_iter().map(|kind| (kind.word().to_owned(), json!(self.count(kind)))).collect();
        let findings: Vec<Json> = self
            .findings
            .iter()
            .map(|finding| {
                json!({
                    "kind": finding.kind.word(), "code": finding.code, "file": &*finding.place.file,
                    "pointer": finding.place.pointer, "what": finding.what,
                })
            })
            .collect();
        json!({ "counts": counts, "kinds": kinds, "findings": findings })
    }
}

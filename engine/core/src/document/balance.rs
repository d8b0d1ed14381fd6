//! Whether elements are closed in the order in which they are opened, and where they are not: in the
//! whole paper, and in each way through a block.

use std::ops::Range;

use super::checks::broken_markup;
use crate::source::Diagnostic;
use crate::template::{Source, TagKind, scan};

/// Elements that hold nothing.
const EMPTY: [&str; 3] = ["br", "hr", "img"];

/// An element that is not closed where it should be.
pub(super) enum Unbalanced<'a> {
    /// It is open, and something else is closed, or the text ends.
    Open { name: &'a str, at: Range<usize>, first: Option<Range<usize>> },
    /// It is closed and was not opened; what is open instead.
    Closed { name: &'a str, at: Range<usize>, open: Option<Range<usize>> },
}

impl Unbalanced<'_> {
    /// What is to be said; `block` is the tag of the block in which it stands, if it is whole elsewhere.
    pub(super) fn diagnostic(&self, source: &Source<'_>, block: Option<Range<usize>>) -> Diagnostic {
        let (name, at) = match self {
            Self::Open { name, at, .. } | Self::Closed { name, at, .. } => (name, source.outside(at)),
        };
        let title = match (self, &block) {
            (Self::Open { .. }, None) => format!("`<{name}>` is never closed"),
            (Self::Open { .. }, Some(_)) => format!("`<{name}>` is opened in this block and not closed in it"),
            (Self::Closed { .. }, None) => format!("`</{name}>` closes what is not open"),
            (Self::Closed { .. }, Some(_)) => format!("`</{name}>` closes in this block what was opened before it"),
        };
        let help = match self {
            _ if block.is_some() => "let every block hold whole elements: `{{#if x}}<p>…</p>{{/if}}`".to_owned(),
            Self::Open { .. } if EMPTY.contains(name) => format!("write `<{name}/>`"),
            Self::Open { .. } => format!("write `</{name}>` where it ends"),
            Self::Closed { .. } => format!("open it with `<{name}>`, or leave this out"),
        };
        let mut diagnostic = broken_markup::diagnostic(&at, &title, &help);
        match self {
            Self::Open { first: Some(first), .. } => {
                diagnostic = diagnostic.other(&source.outside(first), "this is closed first");
            }
            Self::Closed { open: Some(open), .. } => {
                diagnostic = diagnostic.other(&source.outside(open), "this is open");
            }
            _ => {}
        }
        match block {
            Some(block) => diagnostic.other(&source.outside(&block), "the block"),
            None => diagnostic,
        }
    }
}

/// The first element of `text[range]` that is not closed as it should be.
pub(super) fn unbalanced(text: &str, range: Range<usize>) -> Option<Unbalanced<'_>> {
    let mut open: Vec<(&str, Range<usize>)> = Vec::new();
    let mut from = range.start;
    while let Some(start) = text[from..range.end].find('<').map(|found| from + found) {
        let end = text[start..range.end].find('>').map_or(range.end, |found| start + found + 1);
        let inner = text[start + 1..end].trim_end_matches('>');
        let closes = inner.starts_with('/');
        let name = inner.trim_start_matches('/');
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        from = end.max(start + 1);
        // What is no element at all is for the parser to refuse.
        if name.is_empty() || inner.ends_with('/') {
            continue;
        }
        if !closes {
            open.push((name, start..end));
            continue;
        }
        match open.pop() {
            Some((opened, _)) if opened == name => {}
            Some((opened, at)) if open.iter().any(|(other, _)| *other == name) || EMPTY.contains(&opened) => {
                return Some(Unbalanced::Open { name: opened, at, first: Some(start..end) });
            }
            opened => return Some(Unbalanced::Closed { name, at: start..end, open: opened.map(|(_, at)| at) }),
        }
    }
    open.pop().map(|(name, at)| Unbalanced::Open { name, at, first: None })
}

/// Every way through a block: the tag that opens the block, and the bytes from there or from
/// `{{else}}` to `{{else}}` or to its end.
pub(super) fn blocks(text: &str) -> Vec<(Range<usize>, Range<usize>)> {
    let (mut open, mut found): (Vec<(Range<usize>, usize)>, _) = (Vec::new(), Vec::new());
    for tag in scan(text).unwrap_or_default() {
        match tag.kind {
            TagKind::Open => open.push((tag.start..tag.end, tag.end)),
            TagKind::Else | TagKind::Close => {
                let Some((block, from)) = open.pop() else { continue };
                found.push((block.clone(), from..tag.start));
                if tag.kind == TagKind::Else {
                    open.push((block, tag.end));
                }
            }
            _ => {}
        }
    }
    found
}

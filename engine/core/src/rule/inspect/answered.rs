//! Answers of which more is known than their kind: the numbers the form accepts, and whether an
//! answer need be there at all.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Kind;
use crate::rule::domain::{Asked, Range};

/// An answer on its way through a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answered {
    /// The question.
    pub(crate) name: String,
    /// Its kind.
    pub(crate) kind: Kind,
    /// What else is known.
    pub(crate) asked: Asked,
}

impl Answered {
    /// The kind of the answer to `name`; the bare kind if no more is known.
    pub(super) fn kind(name: &str, kind: Kind, asked: Asked) -> Kind {
        if asked == Asked::default() {
            return kind;
        }
        Kind::Answer(Arc::new(Self { name: name.to_owned(), kind, asked }))
    }

    /// Whether it may be absent.
    pub(crate) fn may_be_absent(&self) -> bool {
        self.asked.optional || !self.asked.depends_on.is_empty()
    }

    /// What is known once the rule has looked at the answers of these names: an answer that was looked
    /// at is there, and so is one that is asked because of an answer that was looked at.
    pub(super) fn once_looked_at(&self, names: &BTreeSet<String>) -> Kind {
        let mut asked = self.asked.clone();
        let itself = names.contains(&self.name);
        asked.optional &= !itself;
        if itself || asked.depends_on.iter().any(|name| names.contains(name)) {
            asked.depends_on.clear();
        }
        Self::kind(&self.name, self.kind.clone(), asked)
    }

    /// What is known of a value that is one or the other answer.
    pub(super) fn either(one: &Self, other: &Self) -> Kind {
        let (lacking, second) = if other.may_be_absent() && !one.may_be_absent() { (other, one) } else { (one, other) };
        let ranges = one.asked.range.as_ref().zip(other.asked.range.as_ref());
        let asked = Asked { range: ranges.map(|(one, other)| one.hull(other)), ..lacking.asked.clone() };
        Self::kind(&lacking.name, lacking.kind.clone().or(second.kind.clone()), asked)
    }

    /// What is known of a value that is this answer or something else.
    pub(super) fn or(&self, other: Kind) -> Kind {
        let kind = self.kind.clone().or(other);
        if kind == Kind::Any { kind } else { Self::kind(&self.name, kind, Asked { range: None, ..self.asked.clone() }) }
    }
}

impl Range {
    /// Everything that is in one of them or between.
    fn hull(&self, other: &Self) -> Self {
        Self {
            min: self.min.zip(other.min).map(|(one, other)| one.min(other)),
            max: self.max.zip(other.max).map(|(one, other)| one.max(other)),
            step: self.step.min(other.step),
        }
    }

    /// In words: `1 to 5000`, `1 or more`.
    pub(crate) fn words(&self) -> String {
        match (self.min.map(|min| min.normalize()), self.max.map(|max| max.normalize())) {
            (Some(min), Some(max)) => format!("{min} to {max}"),
            (Some(min), None) => format!("{min} or more"),
            (None, Some(max)) => format!("up to {max}"),
            (None, None) => "any number".to_owned(),
        }
    }
}

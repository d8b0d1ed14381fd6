//! Kinds of values, as far as they are known before a rule runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::answered::Answered;
use crate::rule::domain::{Domain, FieldDomain};
use crate::rule::standard::{Gives, Takes};

/// What a value will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Not known.
    Any,
    Nothing,
    Number,
    Flag,
    Text,
    Day,
    /// A file that was sent.
    File,
    /// One of these codes.
    Code(Arc<Vec<String>>),
    /// A code of this list.
    Listed(Arc<str>),
    Array(Box<Kind>),
    /// Named values: a group of answers, with words for its owner.
    Fields(Arc<str>, Arc<BTreeMap<String, Kind>>),
    /// A map that the rule made.
    Map(BTreeMap<String, Kind>),
    /// Something that the part knows about: rates.
    Outside(usize),
    /// What follows is never reached.
    Never,
    /// An answer of which more is known than its kind.
    Answer(Arc<Answered>),
}

impl Kind {
    /// The kind of the answer to a field called `name`.
    pub(crate) fn of_field(name: &str, field: &FieldDomain) -> Self {
        match field {
            FieldDomain::Any => Self::Any,
            FieldDomain::Number | FieldDomain::Decimal | FieldDomain::Money => Self::Number,
            FieldDomain::Date => Self::Day,
            FieldDomain::Flag => Self::Flag,
            FieldDomain::Text => Self::Text,
            FieldDomain::File => Self::File,
            FieldDomain::Choice(codes) => Self::Code(Arc::new(codes.clone())),
            FieldDomain::Choices(codes) => Self::Array(Box::new(Self::Code(Arc::new(codes.clone())))),
            FieldDomain::ListCode(list) => Self::Listed(Arc::from(list.as_str())),
            FieldDomain::ListCodes(list) => Self::Array(Box::new(Self::Listed(Arc::from(list.as_str())))),
            FieldDomain::Items(fields) => {
                Self::Array(Box::new(Self::of_fields(&format!("an item of `{name}`"), fields)))
            }
            FieldDomain::Group(fields) => Self::of_fields(&format!("`{name}`"), fields),
            FieldDomain::Asked(kind, asked) => Answered::kind(name, Self::of_field(name, kind), asked.clone()),
        }
    }

    /// Its kind alone, whatever else is known of it.
    pub(crate) fn bare(&self) -> &Self {
        if let Self::Answer(answered) = self { &answered.kind } else { self }
    }

    /// The same, of a value that nobody needs any more.
    pub(crate) fn into_bare(self) -> Self {
        if let Self::Answer(answered) = &self { answered.kind.clone() } else { self }
    }

    /// The kind of a group; `owner` is what diagnostics call it.
    pub(crate) fn of_fields(owner: &str, fields: &BTreeMap<String, FieldDomain>) -> Self {
        let kinds = fields.iter().map(|(name, field)| (name.clone(), Self::of_field(name, field)));
        Self::Fields(Arc::from(owner), Arc::new(kinds.collect()))
    }

    /// The kind of `answers`.
    pub(crate) fn answers(domain: &Domain) -> Self {
        Self::of_fields("the form", &domain.fields)
    }

    /// The kind of `record`.
    pub(crate) fn record(domain: &Domain) -> Option<Self> {
        domain.record.as_ref().map(|record| Self::of_field("record", record))
    }

    /// The kind of `period`.
    pub(crate) fn period() -> Self {
        let parts = [("from", Self::Day), ("last", Self::Day), ("days", Self::Number)];
        let parts = parts.into_iter().map(|(name, kind)| (name.to_owned(), kind));
        Self::Fields(Arc::from("`period`"), Arc::new(parts.collect()))
    }

    /// With its article, for diagnostics.
    pub(crate) fn word(&self) -> &'static str {
        match self.bare() {
            Self::Any | Self::Outside(_) | Self::Never | Self::Answer(_) => "something",
            Self::Nothing => "nothing",
            Self::Number => "a number",
            Self::Flag => "a yes or no",
            Self::Text => "a text",
            Self::Day => "a day",
            Self::File => "a file",
            Self::Code(_) | Self::Listed(_) => "a code",
            Self::Array(_) => "a list",
            Self::Fields(..) | Self::Map(_) => "a group",
        }
    }

    /// Whether it is a text or a code.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self.bare(), Self::Text | Self::Code(_) | Self::Listed(_))
    }

    /// Whether nothing can be said about it.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.bare(), Self::Any | Self::Nothing | Self::Never)
    }

    /// Whether a value of this kind can ever equal one of the other.
    pub(crate) fn may_equal(&self, other: &Self) -> bool {
        self.is_open()
            || other.is_open()
            || self.is_text() && other.is_text()
            || std::mem::discriminant(self.bare()) == std::mem::discriminant(other.bare())
    }

    /// What is known of a value that is one or the other.
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Never, kind) | (kind, Self::Never) => kind,
            (Self::Map(mut one), Self::Map(other)) => {
                for (name, kind) in other {
                    let known = one.remove(&name);
                    one.insert(name, known.map_or(kind.clone(), |known| known.or(kind)));
                }
                Self::Map(one)
            }
            (one, other) if one == other => one,
            (Self::Array(one), Self::Array(other)) => Self::Array(Box::new(one.or(*other))),
            (Self::Answer(one), Self::Answer(other)) => Answered::either(&one, &other),
            (Self::Answer(answered), other) | (other, Self::Answer(answered)) => Answered::or(&answered, other),
            (one, other) if one.is_text() && other.is_text() => Self::Text,
            _ => Self::Any,
        }
    }

    /// Whether it will do where a function takes `takes`.
    pub(crate) fn fits(&self, takes: Takes) -> bool {
        let bare = self.bare();
        if matches!(bare, Self::Any | Self::Never) {
            return true;
        }
        match takes {
            Takes::Any => true,
            Takes::Number => *bare == Self::Number,
            Takes::Day => *bare == Self::Day,
            Takes::Text => bare.is_text(),
            Takes::Array => matches!(bare, Self::Array(_)),
            Takes::Countable => !matches!(bare, Self::Number | Self::Day | Self::Flag | Self::Outside(_)),
            Takes::Numbers => {
                matches!(bare, Self::Array(item) if matches!(item.bare(), Self::Number | Self::Any | Self::Never))
            }
            Takes::Keys => matches!(bare, Self::Map(_) | Self::Fields(..)),
            Takes::Table => matches!(bare, Self::Outside(_)),
        }
    }

    /// The kind that a standard function gives; `first` is the kind of its first argument, `named`
    /// the text of its second, if that is written in place.
    pub(crate) fn given(gives: Gives, first: Option<&Self>, named: Option<&str>) -> Self {
        match gives {
            Gives::Number => Self::Number,
            Gives::Day => Self::Day,
            Gives::Text => Self::Text,
            Gives::Flag => Self::Flag,
            Gives::Texts => Self::Array(Box::new(Self::Text)),
            Gives::Nothing => Self::Nothing,
            Gives::Never => Self::Never,
            Gives::Row => Self::Any,
            Gives::Items => Self::Array(Box::new(Self::Any)),
            Gives::Plucked => {
                let item = match (first.map(Self::bare), named) {
                    (Some(Self::Array(item)), Some(name)) => match item.bare() {
                        Self::Fields(_, fields) => fields.get(name).cloned(),
                        Self::Map(fields) => fields.get(name).cloned(),
                        _ => None,
                    },
                    _ => None,
                };
                Self::Array(Box::new(item.unwrap_or(Self::Any)))
            }
        }
    }
}

/// The kind of argument, with its article.
pub(crate) fn takes_word(takes: Takes) -> &'static str {
    match takes {
        Takes::Number => "a number",
        Takes::Day => "a day",
        Takes::Text => "a text",
        Takes::Numbers => "a list of numbers",
        Takes::Array => "a list",
        Takes::Countable => "a text or a list",
        Takes::Keys => "a map of keys",
        Takes::Table => "a table of rates",
        Takes::Any => "anything",
    }
}

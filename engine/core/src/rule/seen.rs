//! Answers as conditions look at them: where they lie, without a copy.

use rhai::{Dynamic, ImmutableString};
use rust_decimal::Decimal;

use crate::base::Day;
use crate::base::limits::{RULE_ITEMS, RULE_TEXT};

/// An answer, or something that was made of answers.
#[derive(Clone, Debug)]
pub enum Seen<'a> {
    /// Not answered, or not asked.
    Nothing,
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A decimal or an amount.
    Number(Decimal),
    /// A day.
    Day(Day),
    /// A text or a code.
    Text(&'a str),
    /// Several answers.
    Items(Vec<Self>),
    /// A group of answers.
    Group(Vec<(&'a str, Self)>),
}

impl<'a> Seen<'a> {
    /// The part of a group.
    pub(crate) fn part(&self, name: &str) -> Option<&Self> {
        let Self::Group(parts) = self else { return None };
        parts.iter().find(|(known, _)| *known == name).map(|(_, part)| part)
    }

    pub(super) fn number(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Whole(whole) => Some(Decimal::from(*whole)),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&'a str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn day(&self) -> Option<Day> {
        if let Self::Day(day) = self { Some(*day) } else { None }
    }

    pub(super) fn items(&self) -> Option<&[Self]> {
        if let Self::Items(items) = self { Some(items) } else { None }
    }

    /// Whether it is within the limits of the interpreter, which counts items, parts and letters
    /// of everything inside.
    pub(super) fn is_small(&self) -> bool {
        let (mut items, mut letters) = (0, 0);
        self.count(&mut items, &mut letters);
        items <= RULE_ITEMS && letters <= RULE_TEXT
    }

    fn count(&self, items: &mut usize, letters: &mut usize) {
        match self {
            Self::Text(text) => *letters += text.len(),
            Self::Items(all) => {
                *items += all.len();
                for item in all {
                    item.count(items, letters);
                }
            }
            Self::Group(parts) => {
                *items += parts.len();
                for (_, part) in parts {
                    part.count(items, letters);
                }
            }
            _ => {}
        }
    }
}

impl From<Seen<'_>> for Dynamic {
    /// The same as the interpreter has it.
    fn from(seen: Seen<'_>) -> Self {
        match seen {
            Seen::Nothing => Self::UNIT,
            Seen::Flag(flag) => Self::from_bool(flag),
            Seen::Whole(whole) => Self::from_int(whole),
            Seen::Number(number) => Self::from_decimal(number),
            Seen::Day(day) => Self::from(day),
            Seen::Text(text) => Self::from(ImmutableString::from(text)),
            Seen::Items(items) => Self::from_array(items.into_iter().map(Into::into).collect()),
            Seen::Group(parts) => {
                Self::from_map(parts.into_iter().map(|(name, part)| (name.into(), part.into())).collect())
            }
        }
    }
}

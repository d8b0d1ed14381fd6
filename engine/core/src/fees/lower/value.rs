//! Values of a lowered rule, and how answers become values.

use std::rc::Rc;

use rhai::{Array, Dynamic, ImmutableString, Map};
use rust_decimal::Decimal;

use super::bound::{Bound, Words};
use super::program::Constant;
use crate::base::Day;
use crate::base::limits::{RULE_ITEMS, RULE_TEXT};

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Nothing,
    Flag(bool),
    Whole(i64),
    Number(Decimal),
    Day(Day),
    /// A text that the rules or the rates name.
    Word(u32),
    /// A text that they do not name.
    Text(ImmutableString),
    Items(Rc<Vec<Value>>),
    Group(Rc<Group>),
    /// A place among the rates.
    Rate(u32),
    /// A row of a table.
    Row(u32, u32),
}

/// Named values.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) parts: Vec<(u32, Value)>,
    /// Whether nothing was left out.
    pub(super) whole: bool,
}

impl From<Constant> for Value {
    fn from(constant: Constant) -> Self {
        match constant {
            Constant::Nothing => Self::Nothing,
            Constant::Flag(flag) => Self::Flag(flag),
            Constant::Whole(whole) => Self::Whole(whole),
            Constant::Number(number) => Self::Number(number),
            Constant::Word(word) => Self::Word(word),
            Constant::Rate(place) => Self::Rate(place),
        }
    }
}

impl Value {
    /// The number in it.
    pub(super) fn number(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Whole(whole) => Some(Decimal::from(*whole)),
            _ => None,
        }
    }

    pub(super) fn word(&self) -> Option<u32> {
        if let Self::Word(word) = self { Some(*word) } else { None }
    }

    pub(super) fn day(&self) -> Option<Day> {
        if let Self::Day(day) = self { Some(*day) } else { None }
    }

    pub(super) fn flag(&self) -> Option<bool> {
        if let Self::Flag(flag) = self { Some(*flag) } else { None }
    }

    pub(super) fn items(&self) -> Option<&Rc<Vec<Self>>> {
        if let Self::Items(items) = self { Some(items) } else { None }
    }

    /// Its text, if it is one.
    pub(super) fn text<'a>(&'a self, words: &'a Words) -> Option<&'a str> {
        match self {
            Self::Word(word) => Some(words.text(*word)),
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A step shows it as the interpreter would show this.
    pub(super) fn shown(&self, words: &Words) -> Option<Dynamic> {
        Some(match self {
            Self::Flag(flag) => Dynamic::from_bool(*flag),
            Self::Whole(whole) => Dynamic::from_int(*whole),
            Self::Number(number) => Dynamic::from_decimal(*number),
            Self::Day(day) => Dynamic::from(*day),
            Self::Word(word) => Dynamic::from(words.text(*word).clone()),
            Self::Text(text) => Dynamic::from(text.clone()),
            Self::Items(items) => {
                Dynamic::from_array(items.iter().map(|item| item.shown(words)).collect::<Option<Array>>()?)
            }
            Self::Nothing | Self::Group(_) | Self::Rate(_) | Self::Row(..) => return None,
        })
    }
}

impl Group {
    /// The part of this name.
    pub(super) fn part(&self, name: u32) -> Option<&Value> {
        self.parts.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

/// How much data there is. It only grows: whatever the interpreter's limit is held against cannot
/// be larger. Where it leaves the limits, the interpreter is asked.
#[derive(Debug, Default)]
pub(super) struct Size {
    items: usize,
    parts: usize,
    letters: usize,
}

impl Size {
    /// Counts what an array or a map takes in; `None` if it is too much.
    pub(super) fn take_in(&mut self, value: &Value, bound: &Bound) -> Option<()> {
        match value {
            Value::Items(items) => {
                for item in &**items {
                    self.item()?;
                    self.take_in(item, bound)?;
                }
            }
            Value::Group(group) => {
                for (_, part) in &group.parts {
                    self.part()?;
                    self.take_in(part, bound)?;
                }
            }
            Value::Row(table, row) => {
                let rows = &bound.tables[*table as usize];
                for column in 0..rows.columns.len() {
                    self.part()?;
                    self.take_in(&rows.cell(*row as usize, column).into(), bound)?;
                }
            }
            Value::Word(word) => self.text(bound.words.text(*word).len())?,
            Value::Text(text) => self.text(text.len())?,
            _ => {}
        }
        Some(())
    }

    /// Counts an item of an array.
    pub(super) fn item(&mut self) -> Option<()> {
        self.items += 1;
        (self.items <= RULE_ITEMS).then_some(())
    }

    /// Counts a part of a map.
    pub(super) fn part(&mut self) -> Option<()> {
        self.parts += 1;
        (self.parts <= RULE_ITEMS).then_some(())
    }

    /// Counts letters.
    pub(super) fn text(&mut self, letters: usize) -> Option<()> {
        self.letters += letters;
        (self.letters <= RULE_TEXT).then_some(())
    }
}

/// Reads a fact. Parts of groups that the rules never name are left out: if `forget`, as if they
/// had never been there.
pub(super) fn read(fact: &Dynamic, bound: &Bound, size: &mut Size, forget: bool) -> Option<Value> {
    Some(match () {
        () if fact.is_unit() => Value::Nothing,
        () if fact.is_int() => Value::Whole(fact.as_int().ok()?),
        () if fact.is_decimal() => Value::Number(fact.as_decimal().ok()?),
        () if fact.is_bool() => Value::Flag(fact.as_bool().ok()?),
        () if fact.is_string() => {
            let text = fact.as_immutable_string_ref().ok()?;
            size.text(text.len())?;
            bound.words.find(&text).map_or_else(|| Value::Text(text.clone()), Value::Word)
        }
        () if fact.is_array() => {
            let array = fact.read_lock::<Array>()?;
            let mut items = Vec::with_capacity(array.len());
            for item in &*array {
                size.item()?;
                items.push(read(item, bound, size, forget)?);
            }
            Value::Items(Rc::new(items))
        }
        () if fact.is_map() => Value::Group(Rc::new(group(&*fact.read_lock::<Map>()?, bound, size, forget)?)),
        () => Value::Day(*fact.read_lock::<Day>()?),
    })
}

fn group(map: &Map, bound: &Bound, size: &mut Size, forget: bool) -> Option<Group> {
    let mut group = Group { parts: Vec::with_capacity(map.len()), whole: true };
    for (name, part) in map {
        match bound.words.find(name).filter(|word| bound.words.is_named(*word)) {
            Some(name) => {
                size.part()?;
                group.parts.push((name, read(part, bound, size, forget)?));
            }
            None if forget => {}
            None => {
                size.part()?;
                read(part, bound, size, forget)?;
                group.whole = false;
            }
        }
    }
    Some(group)
}

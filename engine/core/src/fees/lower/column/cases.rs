//! Cases as columns: what a plan reads of many of them, one after the other.

use rhai::{Array, Dynamic, Map};

use super::super::bound::Words;
use super::expression::{ANSWER_MOST, ANSWER_SCALE};
use super::number::power;
use super::operation::{Load, LoadKind};
use crate::base::limits::LIST_ITEMS;
use crate::rule::Facts;

/// What is read of many cases.
#[derive(Debug)]
pub(crate) struct Cases {
    /// How many there are.
    pub(super) many: usize,
    /// By load.
    pub(super) read: Vec<Read>,
    /// By list.
    pub(super) lists: Vec<Items>,
    /// The list of each load.
    of: Vec<Option<usize>>,
}

/// What is read under one name.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) values: Vec<i64>,
    /// Whether the value is what it is read as.
    pub(super) valid: Vec<bool>,
}

/// The items of one list of all cases: they lie one after the other.
#[derive(Debug, Default)]
pub(super) struct Items {
    /// Where those of each case begin.
    pub(super) start: Vec<u32>,
    /// How many each case has; more than there may be if it is no list.
    pub(super) count: Vec<u32>,
}

/// The count of what is no list.
pub(super) const NO_LIST: u32 = u32::MAX;

impl Cases {
    /// Reads what `loads` and `lists` ask for.
    pub(super) fn read(cases: &[Facts], loads: &[Load], lists: &[u32], words: &Words) -> Self {
        let mut read: Vec<Read> = loads.iter().map(|_| Read::default()).collect();
        let mut items: Vec<Items> = lists.iter().map(|_| Items::default()).collect();
        let by_list = |list: Option<usize>| {
            let of_list = loads.iter().enumerate().filter(move |(_, load)| load.list == list);
            of_list.map(|(place, load)| (place, words.text(load.name).as_str(), &load.kind)).collect::<Vec<_>>()
        };
        let own = by_list(None);
        let inner: Vec<_> = (0..lists.len()).map(|list| by_list(Some(list))).collect();
        for facts in cases {
            for (place, name, kind) in &own {
                read[*place].push(facts.get(*name), kind, words);
            }
            for (list, name) in lists.iter().enumerate() {
                let found = facts.get(words.text(*name).as_str());
                let array = found.and_then(Dynamic::read_lock::<Array>);
                items[list].add(array.as_deref(), &inner[list], &mut read, words);
            }
        }
        Self { many: cases.len(), read, lists: items, of: loads.iter().map(|load| load.list).collect() }
    }

    /// Whether something is read of the items of a list.
    pub(super) fn is_of(&self, load: usize, list: usize) -> bool {
        self.of[load] == Some(list)
    }
}

impl Items {
    fn add(&mut self, array: Option<&Array>, loads: &[(usize, &str, &LoadKind)], read: &mut [Read], words: &Words) {
        let before = self.start.last().copied().unwrap_or(0) + self.count.last().map_or(0, |count| count % NO_LIST);
        self.start.push(before);
        let Some(array) = array.filter(|array| array.len() <= LIST_ITEMS) else {
            self.count.push(NO_LIST);
            return;
        };
        self.count.push(u32::try_from(array.len()).unwrap_or(NO_LIST));
        for item in array {
            let map = item.read_lock::<Map>();
            for (place, name, kind) in loads {
                read[*place].push(map.as_ref().and_then(|map| map.get(*name)), kind, words);
            }
        }
    }
}

impl Read {
    fn push(&mut self, fact: Option<&Dynamic>, kind: &LoadKind, words: &Words) {
        let value = match (kind, fact) {
            (LoadKind::Present, fact) => Some(i64::from(fact.is_some_and(|fact| !fact.is_unit()))),
            (_, None) => None,
            (LoadKind::Number, Some(fact)) => number(fact),
            (LoadKind::Flag, Some(fact)) => fact.as_bool().ok().map(i64::from),
            (LoadKind::Word, Some(fact)) => {
                let text = fact.as_immutable_string_ref().ok();
                text.and_then(|text| words.find(&text)).map(i64::from)
            }
            (LoadKind::Place(list), Some(fact)) => {
                let text = fact.as_immutable_string_ref().ok();
                text.and_then(|text| list.place(&text)).map(i64::from)
            }
        };
        self.values.push(value.unwrap_or(0));
        self.valid.push(value.is_some());
    }
}

/// A number in units of its last digit, if it has no more digits than are read.
fn number(fact: &Dynamic) -> Option<i64> {
    let unit = i64::try_from(power(ANSWER_SCALE)?).ok()?;
    let most = i64::try_from(ANSWER_MOST).ok()?;
    let value = if let Ok(whole) = fact.as_int() {
        if !(-most..=most).contains(&whole) {
            return None;
        }
        whole * unit
    } else {
        let number = fact.as_decimal().ok()?;
        let mantissa = i64::try_from(number.mantissa()).ok()?;
        match number.scale() {
            scale @ 0..=ANSWER_SCALE => mantissa.checked_mul(i64::try_from(power(ANSWER_SCALE - scale)?).ok()?)?,
            scale => {
                let by = i64::try_from(power(scale - ANSWER_SCALE)?).ok()?;
                if mantissa % by != 0 {
                    return None;
                }
                mantissa / by
            }
        }
    };
    (-most * unit..=most * unit).contains(&value).then_some(value)
}

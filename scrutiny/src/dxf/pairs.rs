//! The text of a DXF: two lines for each pair, a code and a value.

use super::Unreadable;
use crate::limits;
use crate::number::{ONE, scaled};

/// A group code and its value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'a> {
    pub(super) code: i32,
    pub(super) value: &'a str,
    /// The line of the code, counted from one.
    pub(super) line: usize,
}

/// Cuts the text into pairs.
pub(super) fn pairs(text: &str) -> Result<Vec<Pair<'_>>, Unreadable> {
    let mut pairs = Vec::new();
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    while let Some((at, code)) = lines.next() {
        let line = at + 1;
        if pairs.len() >= limits::PAIRS {
            return Err(Unreadable::TooMany);
        }
        if code.trim().is_empty() && lines.clone().all(|(_, rest)| rest.trim().is_empty()) {
            break;
        }
        let code: i32 = code.trim().parse().map_err(|_| Unreadable::NotDxf { line })?;
        let (_, value) = lines.next().ok_or(Unreadable::NotDxf { line })?;
        let value = value.trim();
        pairs.push(Pair { code, value, line });
        if code == 0 && value == "EOF" {
            break;
        }
    }
    let begins = pairs.iter().find(|pair| pair.code != 999);
    match begins {
        Some(pair) if pair.code == 0 && pair.value == "SECTION" => Ok(pairs),
        _ => Err(Unreadable::NotDxf { line: 1 }),
    }
}

/// An entity: its kind and the pairs that follow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'p> {
    pub(super) kind: &'p str,
    pub(super) pairs: &'p [Pair<'p>],
}

/// The records of a section.
pub(super) fn records<'p>(pairs: &'p [Pair<'p>]) -> impl Iterator<Item = Record<'p>> {
    let mut rest = pairs;
    std::iter::from_fn(move || {
        let start = rest.iter().position(|pair| pair.code == 0)?;
        let body = rest.get(start..)?;
        let end = body.iter().skip(1).position(|pair| pair.code == 0).map_or(body.len(), |at| at + 1);
        rest = body.get(end..).unwrap_or_default();
        Some(Record { kind: body.first()?.value, pairs: body.get(..end)? })
    })
}

impl<'p> Record<'p> {
    /// The first line of the record.
    pub(super) fn line(&self) -> usize {
        self.pairs.first().map_or(1, |pair| pair.line)
    }

    fn first(&self, code: i32) -> Option<&'p Pair<'p>> {
        self.pairs.iter().skip(1).find(|pair| pair.code == code)
    }

    /// The first value of a code.
    pub(super) fn text(&self, code: i32) -> Option<&'p str> {
        self.first(code).map(|pair| pair.value)
    }

    /// A small whole number.
    pub(super) fn number(&self, code: i32) -> Option<i32> {
        self.text(code)?.parse().ok()
    }

    /// A coordinate or length in nanometres.
    pub(super) fn length(&self, code: i32, unit: i128) -> Result<Option<i128>, Unreadable> {
        self.first(code).map(|pair| length(pair, unit)).transpose()
    }

    /// A factor or an angle, times [`ONE`].
    pub(super) fn factor(&self, code: i32) -> Result<Option<i128>, Unreadable> {
        self.first(code).map(factor).transpose()
    }
}

/// A coordinate or length in nanometres.
pub(super) fn length(pair: &Pair<'_>, unit: i128) -> Result<i128, Unreadable> {
    let value = scaled(pair.value, unit).filter(|value| value.abs() <= limits::COORDINATE);
    value.ok_or(Unreadable::Bounds { line: pair.line })
}

/// A factor or an angle, times [`ONE`]: at most a million.
pub(super) fn factor(pair: &Pair<'_>) -> Result<i128, Unreadable> {
    let value = scaled(pair.value, ONE).filter(|value| value.abs() <= 1_000_000 * ONE);
    value.ok_or(Unreadable::Bounds { line: pair.line })
}

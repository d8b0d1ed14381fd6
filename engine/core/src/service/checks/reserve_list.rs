//! # reserve-list
//!
//! The list that something is reserved from says of a row what cannot be: a number of places that is none,
//! a part of the day that is no code, or a word under `closed` that is no day of the week, `second_saturday`
//! or `holidays`.
//!
//! **Why it matters.** People would be told that something is free on days on which it is closed, or could
//! have it as often as nobody wanted.
//!
//! **Remedy.** Write a number from 1, codes of parts of the day, or days of the week, with `;` between them.

use crate::list::{Entry, List};
use crate::reserve::{CLOSED, PARTS, Places, Reserve, is_word_of_closed};
use crate::service::Service;
use crate::source::manual::manual;
use crate::source::scalar::Code;
use crate::source::{Diagnostic, Diagnostics};

manual!("reserve-list", "reserve_list.rs");

pub(crate) fn check(service: &Service, out: &mut Diagnostics) {
    for reserve in &service.reserves {
        // That it is a choice from a list, another check says.
        let Some(list) = reserve.list(&service.form) else { continue };
        for entry in list.choices() {
            if let Some(title) = wrong(reserve, list, entry) {
                out.push(
                    Diagnostic::error(MANUAL, &reserve.resource.at, title, "nobody could say what is free")
                        .help("correct the cell in the list, or in the row above it"),
                );
                break;
            }
        }
    }
}

/// What is wrong with a row, if anything is.
fn wrong(reserve: &Reserve, list: &List, entry: &Entry) -> Option<String> {
    let said = |column: &str, word: &str, what: &str| {
        format!("the list `{}` says `{word}` in `{column}` for `{}`, which is no {what}", list.name, entry.code)
    };
    if let Places::Listed(column) = &reserve.places {
        let cell = list.inherited(&entry.code, column).unwrap_or_default();
        if !cell.parse::<i64>().is_ok_and(|count| (1..=crate::base::limits::SLOTS).contains(&count)) {
            return Some(said(column, cell, "number of places"));
        }
    }
    let closed = reserve.closed_of(Some(list), &entry.code);
    if let Some(word) = closed.iter().find(|word| !is_word_of_closed(word)) {
        return Some(said(CLOSED, word, "day on which something can be closed"));
    }
    let parts = reserve.parts_of(Some(list), &entry.code);
    parts.iter().find(|part| !Code::is_valid(part)).map(|part| said(PARTS, part, "code of a part of the day"))
}

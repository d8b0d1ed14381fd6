//! Stocks of numbered things as values of their page.

use std::collections::BTreeMap;

use engine::stock::Range;
use ui_gen::view::common::{Tag, Tone};
use ui_gen::view::field::Text;
use ui_gen::view::stock::{StockAccount, StockAnswer, StockRegister, StockRun, StockWaiting};
use ui_gen::{FieldView, Input};

use super::names::Names;
use super::reader::Reader;
use crate::http::limits;
use crate::store::stocks::{Account, Kind, Move, Run, STORE, State};

/// A holder: an officer by name, or the store.
pub(super) fn holder(reader: &Reader<'_>, names: &Names, id: &str) -> String {
    if id == STORE { reader.get("stock.store") } else { names.officer(id) }
}

/// A day that is typed.
pub(super) fn day(reader: &Reader<'_>, name: &str, value: String) -> FieldView {
    let input = Input::Text(Text { width: 10, max_length: 10, ..Text::new(value) });
    FieldView::new(name, reader.get(&format!("calendar.{name}")), input).hint(reader.get("leave.day_hint"))
}

/// Numbers that wait for an answer, and what the reader may answer, the ordinary first.
pub(super) fn waiting(reader: &Reader<'_>, names: &Names, waits: &Move, words: &[&str]) -> StockWaiting {
    let (from, who) = (holder(reader, names, &waits.holder), names.officer(&waits.person));
    let text = if waits.kind == Kind::Asked {
        reader.say("stock.asked_text", &[("who", &who), ("from", &from)])
    } else {
        let to = holder(reader, names, waits.taker.as_deref().unwrap_or(STORE));
        reader.say("stock.sent_text", &[("who", &who), ("from", &from), ("to", &to)])
    };
    let answer = |(at, word): (usize, &&str)| StockAnswer {
        value: (*word).to_owned(),
        text: reader.get(&format!("stock.answer_{word}")),
        primary: at == 0 && *word != "return",
    };
    StockWaiting {
        id: waits.seq.to_string(),
        title: format!("{} ({})", waits.range, reader.count(waits.range.count())),
        text,
        reason: waits.reason.clone(),
        when: reader.moment(waits.at_ms),
        answers: words.iter().enumerate().map(answer).collect(),
    }
}

/// Numbers that follow each other and stand alike.
pub(super) fn run(reader: &Reader<'_>, names: &Names, run: &Run) -> StockRun {
    let tone = match run.state {
        State::Held => Tone::Info,
        State::Sent | State::Asked => Tone::Warn,
        State::Used => Tone::Good,
        State::WrittenOff => Tone::Bad,
    };
    StockRun {
        range: run.range.to_string(),
        count: reader.count(run.range.count()),
        state: Tag::new(reader.get(&format!("stock.state_{}", run.state.word())), tone),
        holder: holder(reader, names, &run.holder),
    }
}

/// Numbers that lie between others of the stock and were never received.
fn gap(reader: &Reader<'_>, before: &Range, after: &Range) -> Option<StockRun> {
    let between = Range { first: before.last + 1, last: after.first - 1, ..before.clone() };
    let lies = before.prefix == after.prefix && between.count() > 0;
    lies.then(|| StockRun {
        range: between.to_string(),
        count: reader.count(between.count()),
        state: Tag::new(reader.get("stock.state_gap"), Tone::Warn),
        holder: String::new(),
    })
}

/// What each holder had over some time, and every number in order.
pub(super) fn register(
    reader: &Reader<'_>,
    names: &Names,
    accounts: &BTreeMap<String, Account>,
    runs: &[Run],
) -> StockRegister {
    let row = |who: String, account: &Account| StockAccount {
        holder: who,
        opening: reader.count(account.opening),
        came: reader.count(account.came),
        went: reader.count(account.went),
        used: reader.count(account.used),
        written_off: reader.count(account.written_off),
        closing: reader.count(account.closing()),
    };
    let mut all = Account::default();
    for account in accounts.values() {
        all.opening += account.opening;
        // What one hands on another receives: all together have only what came from outside.
        all.came += account.came - account.went;
        all.used += account.used;
        all.written_off += account.written_off;
    }
    let of_holders = accounts.iter().map(|(id, account)| row(holder(reader, names, id), account));
    let mut lines: Vec<StockRun> = Vec::new();
    for (at, one) in runs.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &runs[before]);
        lines.extend(before.and_then(|before| gap(reader, &before.range, &one.range)));
        lines.push(run(reader, names, one));
    }
    let cut = i64::try_from(runs.len()).unwrap_or(i64::MAX) >= limits::STOCK_RUNS;
    StockRegister {
        rows: of_holders.chain([row(reader.get("stock.total"), &all)]).collect(),
        runs: lines,
        more: if cut { reader.say("stock.more", &[("n", &limits::STOCK_RUNS.to_string())]) } else { String::new() },
        ..StockRegister::default()
    }
}

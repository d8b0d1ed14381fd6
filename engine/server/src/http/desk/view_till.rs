//! A till as pages show it: the sheet of the day.

use engine::base::Money;
use engine::billing::Part;
use engine::service::Service;
use engine::till::{self, ModeSum};
use ui_gen::view::common::{ActionLink, Row, Tag, Tone};
use ui_gen::view::field::Text;
use ui_gen::view::money::Voucher;
use ui_gen::view::till::{Till as TillView, TillCheque, TillPieces, TillReceipt, TillRow, TillSum};
use ui_gen::{FieldView, Input};

use super::names::Names;
use super::reader::Reader;
use super::till::{Found, SAID, href};
use super::{day_sheet, till_count, view_money};
use crate::problem::Problem;
use crate::store::receipts::Kept;
use crate::store::tills::{Counted, Till, TillState};

/// A till in a list.
pub(super) fn row(reader: &Reader<'_>, names: &Names, till: &Till) -> TillRow {
    TillRow {
        href: href(reader, &till.number),
        number: till.number.clone(),
        day: reader.day(till.on),
        who: names.officer(&till.person),
        counter: counter(reader, till),
        difference: till.counted.as_ref().map(|counted| reader.money(counted.cash_difference())).unwrap_or_default(),
        state: state(reader, till),
    }
}

fn state(reader: &Reader<'_>, till: &Till) -> Tag {
    let (key, tone) = match till.state {
        TillState::Open => ("till.state_open", Tone::Info),
        TillState::Counted => ("till.state_counted", Tone::Warn),
        TillState::Again => ("till.state_again", Tone::Warn),
        TillState::Closed => ("till.state_closed", Tone::Good),
    };
    Tag::new(reader.get(key), tone)
}

/// The counter in words; its name where the town no longer has it.
pub(super) fn counter(reader: &Reader<'_>, till: &Till) -> String {
    let known = reader.tenant.tills.counters.iter().find(|(name, _)| *name == till.counter);
    known.map_or_else(|| till.counter.clone(), |(_, words)| reader.text(words).to_owned())
}

/// One mode, with how what is there differs from what ought to be.
pub(super) fn sum(reader: &Reader<'_>, sum: &ModeSum, counted: bool) -> TillSum {
    let difference = sum.difference();
    let size = || reader.money(if difference.is_negative() { -difference } else { difference });
    let told = if !counted {
        Tag::default()
    } else if difference.is_zero() {
        Tag::new(reader.get("till.right"), Tone::Good)
    } else if difference.is_negative() {
        Tag::new(reader.say("till.short", &[("amount", &size())]), Tone::Bad)
    } else {
        Tag::new(reader.say("till.over", &[("amount", &size())]), Tone::Warn)
    };
    TillSum {
        mode: reader.mode(&sum.mode),
        receipts: sum.receipts.to_string(),
        expected: reader.money(sum.expected),
        counted: if counted { reader.money(sum.counted) } else { String::new() },
        difference: told,
    }
}

/// The sheet of the day. `typed` is what was typed to a decision, and what is wrong with it.
pub(super) fn sheet(
    reader: &Reader<'_>,
    service: Option<&Service>,
    found: &Found,
    typed: (&str, &str),
) -> Result<TillView, Problem> {
    let till = &found.till;
    // While money goes in, what ought to be there follows from the receipts; once counted, from the count.
    let sums = match &till.counted {
        Some(counted) => counted.sums.clone(),
        None => till_count::expected(till, &found.receipts)?,
    };
    let counted = till.counted.is_some();
    let pieces = till.counted.as_ref().map(|counted| pieces(reader, counted)).unwrap_or_default();
    let cash = till.counted.as_ref().and_then(|counted| counted.count.cash()).unwrap_or_default();
    let decides = found.decides();
    Ok(TillView {
        number: till.number.clone(),
        state: state(reader, till),
        rows: rows(reader, found, cash),
        sums: sums.iter().map(|one| sum(reader, one, counted)).collect(),
        counted,
        pieces,
        cash: reader.money(cash),
        cheques: found.receipts.iter().flat_map(|kept| cheques(reader, found, kept)).collect(),
        receipts: found.receipts.iter().flat_map(|kept| receipts(reader, found, kept)).collect(),
        vouchers: service.map(|service| vouchers(reader, service, found)).unwrap_or_default(),
        actions: actions(reader, service, found),
        why: why(reader, found),
        action: if decides { href(reader, &till.number) } else { String::new() },
        fields: if decides { vec![answer(reader, typed)] } else { Vec::new() },
    })
}

fn rows(reader: &Reader<'_>, found: &Found, cash: Money) -> Vec<Row> {
    let till = &found.till;
    let mut rows = vec![
        Row::new(reader.get("till.whose"), found.names.officer(&till.person)),
        Row::new(reader.get("till.counter"), counter(reader, till)),
        Row::new(reader.get("till.day"), reader.day(till.on)),
        Row::new(reader.get("till.opened"), reader.moment(till.opened_ms)),
        Row::new(reader.get("till.float"), reader.money(till.float)),
    ];
    if let Some(counted) = &till.counted {
        rows.push(Row::new(reader.get("till.counted_at"), reader.moment(counted.at_ms)));
        if let Some(instead) = &counted.instead {
            rows.push(Row::new(reader.get("till.counted_by"), found.names.officer(&instead.person)));
            rows.push(Row::new(reader.get("till.absent"), instead.why.clone()));
        }
        rows.push(Row::new(reader.get("till.reason"), counted.reason.clone()));
    }
    if let Some((person, at_ms)) = &till.decided {
        let closed = till.state == TillState::Closed;
        let key = if closed { "till.closed_by" } else { "till.sent_back_by" };
        rows.push(Row::new(reader.get(key), format!("{}, {}", found.names.officer(person), reader.moment(*at_ms))));
        rows.push(Row::new(reader.get("till.answer"), till.answer.clone()));
        if closed {
            let mut handed = Row::new(reader.get("till.handed_over"), reader.money(cash));
            handed.lines.push(reader.in_words(cash));
            rows.push(handed);
        }
    }
    rows.retain(|row| !row.lines.is_empty());
    rows
}

fn pieces(reader: &Reader<'_>, counted: &Counted) -> Vec<TillPieces> {
    let notes = counted.count.pieces.iter().map(|pieces| TillPieces {
        worth: reader.money(pieces.worth),
        number: reader.count(i64::from(pieces.number)),
        amount: reader.money(pieces.amount().unwrap_or_default()),
    });
    let label = if counted.count.pieces.is_empty() { "till.all_cash" } else { "till.coins" };
    let coins =
        TillPieces { worth: reader.get(label), number: String::new(), amount: reader.money(counted.count.coins) };
    notes.chain([coins]).collect()
}

fn receipt_href(reader: &Reader<'_>, found: &Found, kept: &Kept) -> String {
    if found.seen.contains(&kept.case) { view_money::receipt_href(reader, &kept.receipt.number) } else { String::new() }
}

/// The cheques and drafts of a receipt that ought to be in the drawer.
fn cheques(reader: &Reader<'_>, found: &Found, kept: &Kept) -> Vec<TillCheque> {
    let parts = kept.receipt.standing().filter(|_| !kept.receipt.cancelled);
    let cheque = |(_, part): (usize, &Part)| {
        let instrument = part.instrument.as_ref()?;
        Some(TillCheque {
            number: instrument.number.clone(),
            bank: instrument.bank.clone(),
            dated: reader.day(instrument.dated),
            amount: reader.money(part.amount),
            receipt: kept.receipt.number.clone(),
            href: receipt_href(reader, found, kept),
        })
    };
    parts.filter_map(cheque).collect()
}

/// Whether the part at this place of a receipt of a till counts, and who agreed if the receipt does not.
pub(super) fn part_state(reader: &Reader<'_>, found: &Found, kept: &Kept, at: usize) -> Tag {
    let receipt = &kept.receipt;
    let asked = found.taken_back.iter().find(|asked| asked.receipt == receipt.number);
    match asked {
        _ if receipt.returned.contains(&at) => Tag::new(reader.get("receipt.returned"), Tone::Bad),
        Some(asked) if receipt.cancelled => {
            let who = asked.decided_by.as_deref().map(|person| found.names.officer(person)).unwrap_or_default();
            Tag::new(reader.say("till.taken_back", &[("who", &who)]), Tone::Bad)
        }
        Some(_) => Tag::new(reader.get("receipt.waiting"), Tone::Warn),
        None => view_money::receipt_state(reader, receipt),
    }
}

/// A receipt of a till: a line for each part of its money.
fn receipts(reader: &Reader<'_>, found: &Found, kept: &Kept) -> Vec<TillReceipt> {
    let line = |(at, part): (usize, &Part)| TillReceipt {
        href: receipt_href(reader, found, kept),
        number: kept.receipt.number.clone(),
        mode: reader.mode(&part.mode),
        reference: part.reference.clone(),
        amount: reader.money(part.amount),
        state: part_state(reader, found, kept, at),
    };
    kept.receipt.payment.parts.iter().enumerate().map(line).collect()
}

/// What was posted of it; or what will be, for whoever decides on the count.
fn vouchers(reader: &Reader<'_>, service: &Service, found: &Found) -> Vec<Voucher> {
    if let Some(voucher) = &found.voucher {
        return vec![view_money::posted(reader, service, voucher)];
    }
    let counted = found.till.counted.as_ref().filter(|_| found.decides());
    let planned = counted
        .and_then(|counted| till::voucher(&service.chart, counted.cash_difference(), String::new(), reader.now.day()));
    planned.iter().map(|voucher| view_money::planned(reader, service, voucher)).collect()
}

fn actions(reader: &Reader<'_>, service: Option<&Service>, found: &Found) -> Vec<ActionLink> {
    let link = |href: String, key: &str, primary: bool| ActionLink {
        href,
        text: reader.get(key),
        primary,
        ..ActionLink::default()
    };
    let count = |primary: bool| link(format!("{}/count", href(reader, &found.till.number)), "till.count", primary);
    match found.till.state {
        TillState::Open if found.mine => {
            let today = found.till.on == reader.now.day();
            let collect = link(format!("/{}/desk/collect", reader.tenant.id), "collect.find", true);
            today.then_some(collect).into_iter().chain([count(!today)]).collect()
        }
        TillState::Again if found.mine => vec![count(true)],
        TillState::Open | TillState::Again if found.confirms => {
            let (text, hint) = (reader.get("till.count_instead"), reader.get("till.count_instead_hint"));
            vec![ActionLink { text, hint, ..count(false) }]
        }
        TillState::Closed if service.and_then(day_sheet::template).is_some() => {
            vec![link(day_sheet::href(reader, &found.till.number), "till.print", false)]
        }
        _ => Vec::new(),
    }
}

/// Why the reader can do nothing about it now.
fn why(reader: &Reader<'_>, found: &Found) -> String {
    let key = match found.till.state {
        TillState::Counted if !found.decides() => "till.second_person",
        TillState::Open | TillState::Again if !found.mine => "till.of_another",
        TillState::Closed => "till.is_closed",
        _ => return String::new(),
    };
    reader.get(key)
}

fn answer(reader: &Reader<'_>, (typed, wrong): (&str, &str)) -> FieldView {
    let text = Text { rows: 3, max_length: u32::try_from(SAID).unwrap_or(0), ..Text::new(typed) };
    FieldView::new("reason", reader.get("receipt.answer"), Input::Textarea(text))
        .hint(reader.get("till.answer_hint"))
        .error(wrong)
        .optional()
}

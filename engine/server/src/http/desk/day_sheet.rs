//! `/{tenant}/desk/tills/{till}/sheet`: the sheet of a till that is closed, on paper, to be signed by whoever
//! handed over and whoever took over.

use engine::base::Money;
use engine::billing::Part;
use engine::document::{self, DAY_SHEET, Document};
use engine::service::Service;
use engine::template::{Look, Story};
use serde_json::{Value as Json, json};

use super::reader::Reader;
use super::till::{self, Found, that_charges};
use super::view_till;
use crate::http::ask::{Answer, Ask};
use crate::http::citizen::{files, tell};
use crate::problem::Problem;
use crate::store::receipts::Kept;
use crate::store::tills::{Counted, TillState};
use crate::work::story::Gathered;

/// The paper: that of a service which charges, as every such service has it.
pub(super) fn template(service: &Service) -> Option<&Document> {
    service.document(DAY_SHEET)
}

/// The address of the sheet of a till.
pub(super) fn href(reader: &Reader<'_>, number: &str) -> String {
    format!("{}/sheet", till::href(reader, number))
}

/// `GET /{tenant}/desk/tills/{till}/sheet`
pub(crate) async fn page(ask: &Ask) -> Answer {
    let found = Found::load(ask).await?;
    let service = that_charges(ask).filter(|_| found.till.state == TillState::Closed).ok_or(Problem::NotFound)?;
    let document = template(service).ok_or(Problem::NotFound)?;
    let (Some(counted), Some((closer, closed_ms))) = (&found.till.counted, &found.till.decided) else {
        return Err(Problem::NotFound);
    };
    let words = Gathered::words(&ask.library, &ask.lang);
    let look = Look::new(ask.tenant(), &ask.lang, &words);
    // It is of the day on which the till was closed, whenever it is printed: the same till has the same paper.
    let closed_on = ask.now().with_ms(*closed_ms).day();
    let told = Story::of_no_case(look, ask.tenant(), (&service.title, &service.department), &service.form, closed_on);
    let mut data = told.for_paper();
    data["till"] = figures(&Reader::of(ask), &found, counted, (closer.as_str(), *closed_ms));
    let html = document::compose(document, &service.form, &look, &data);
    let title = tell::document_title(service, DAY_SHEET, &ask.lang);
    files::printed(ask, html, (&title, &found.till.number), paper::Page::A4, closed_on).await
}

/// What the paper tells of the till.
fn figures(reader: &Reader<'_>, found: &Found, counted: &Counted, (closer, closed_ms): (&str, i64)) -> Json {
    let till = &found.till;
    let told = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let by = counted.instead.as_ref().map_or(&till.person, |instead| &instead.person);
    let expected: Money = counted.sums.iter().map(|sum| sum.expected).sum();
    json!({
        "number": till.number,
        "owner": found.names.officer(&till.person),
        "counter": told(&view_till::counter(reader, till)),
        "day": till.on.to_string(),
        "opened": reader.moment(till.opened_ms),
        "float": till.float.to_string(),
        "counted": reader.moment(counted.at_ms),
        "counted_by": found.names.officer(by),
        "absent": counted.instead.as_ref().map(|instead| instead.why.clone()),
        "reason": told(&counted.reason),
        "sums": sums(reader, counted),
        "pieces": pieces(reader, counted),
        "cash": counted.count.cash().unwrap_or_default().to_string(),
        "taken": (expected - till.float).to_string(),
        "cheques": cheques(found),
        "receipts": receipts(reader, found),
        "confirmed": reader.moment(closed_ms),
        "confirmed_by": found.names.officer(closer),
        "answer": told(&till.answer),
        "voucher": till.voucher,
    })
}

fn sums(reader: &Reader<'_>, counted: &Counted) -> Vec<Json> {
    let sums = counted.sums.iter().map(|sum| {
        json!({
            "mode": reader.mode(&sum.mode),
            "receipts": sum.receipts.to_string(),
            "expected": sum.expected.to_string(),
            "counted": sum.counted.to_string(),
            "difference": sum.difference().to_string(),
        })
    });
    sums.collect()
}

/// The notes of which there are any, and the coins.
fn pieces(reader: &Reader<'_>, counted: &Counted) -> Vec<Json> {
    let count = &counted.count;
    let notes = count.pieces.iter().filter(|pieces| pieces.number > 0).map(|pieces| {
        json!({
            "worth": reader.money(pieces.worth),
            "number": reader.count(i64::from(pieces.number)),
            "amount": pieces.amount().unwrap_or_default().to_string(),
        })
    });
    let label = if count.pieces.is_empty() { "till.all_cash" } else { "till.coins" };
    let coins = json!({ "worth": reader.get(label), "number": "", "amount": count.coins.to_string() });
    notes.chain([coins]).collect()
}

fn cheques(found: &Found) -> Vec<Json> {
    let stand = found.receipts.iter().map(|kept| &kept.receipt).filter(|receipt| !receipt.cancelled);
    let parts = stand.flat_map(|receipt| receipt.standing().map(move |(_, part)| (receipt, part)));
    let cheques = parts.filter_map(|(receipt, part)| {
        let instrument = part.instrument.as_ref()?;
        Some(json!({
            "number": instrument.number,
            "bank": instrument.bank,
            "dated": instrument.dated.to_string(),
            "receipt": receipt.number,
            "amount": part.amount.to_string(),
        }))
    });
    cheques.collect()
}

/// The receipts, each with a line for each part of its money.
fn receipts(reader: &Reader<'_>, found: &Found) -> Vec<Json> {
    let of_receipt = |kept: &Kept| -> Vec<Json> {
        let line = |(at, part): (usize, &Part)| {
            json!({
                "number": kept.receipt.number,
                "mode": reader.mode(&part.mode),
                "reference": part.reference,
                "state": view_till::part_state(reader, found, kept, at).text,
                "amount": part.amount.to_string(),
            })
        };
        kept.receipt.payment.parts.iter().enumerate().map(line).collect()
    };
    found.receipts.iter().flat_map(of_receipt).collect()
}

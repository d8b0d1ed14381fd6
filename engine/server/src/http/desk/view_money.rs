//! Bills, receipts and vouchers as pages show them.

use engine::base::{Day, Money, Name};
use engine::billing::{Bill, Demand, DemandStatus, Receipt};
use engine::case::Case;
use engine::fees::Step;
use engine::ledger::Voucher;
use engine::service::Service;
use ui_gen::view::common::{Tag, Tone};
use ui_gen::view::money::{
    Bill as BillView, BillLine, Demand as DemandView, ReceiptLine, Step as StepView, Voucher as VoucherView,
    VoucherLine,
};

use super::reader::Reader;
use crate::http::{reckoned, when};
use crate::store::json;
use crate::store::vouchers::VoucherRow;

/// The words for a head of a bill.
fn head<'a>(reader: &Reader<'_>, service: &'a Service, name: &'a Name) -> &'a str {
    let heads = service.billing.iter().flat_map(|billing| &billing.heads);
    heads.into_iter().find(|head| head.name == *name).map_or(name.as_str(), |head| reader.text(&head.label))
}

fn lines(reader: &Reader<'_>, service: &Service, lines: impl Iterator<Item = (Name, Money)>) -> Vec<BillLine> {
    lines.map(|(name, amount)| BillLine::new(head(reader, service, &name), reader.money(amount))).collect()
}

/// The steps of a reckoning in words.
fn steps(reader: &Reader<'_>, service: &Service, steps: &[Step]) -> Vec<StepView> {
    reckoned::steps(service, reader.tenant, reader.words, steps)
}

/// What is due on a day.
pub(crate) fn bill(reader: &Reader<'_>, service: &Service, bill: &Bill) -> BillView {
    BillView {
        number: String::new(),
        lines: lines(reader, service, bill.lines.iter().cloned()),
        total: reader.money(bill.total),
        steps: steps(reader, service, &bill.steps),
    }
}

/// A demand as a bill.
pub(crate) fn demanded(reader: &Reader<'_>, service: &Service, demand: &Demand) -> BillView {
    let mut all = lines(reader, service, demand.before_notes().into_iter());
    for note in &demand.notes {
        let key = format!("money.note.{}", json::note_word(note.kind));
        let day = reader.day(note.on);
        all.extend(note.heads.iter().map(|(name, amount)| {
            let words = [("head", head(reader, service, name)), ("day", &day)];
            BillLine::new(reader.say(&key, &words), reader.money(*amount))
        }));
    }
    BillView {
        number: String::new(),
        lines: all,
        total: reader.money(demand.total()),
        steps: steps(reader, service, &demand.steps),
    }
}

/// A demand with where it stands.
pub(crate) fn demand(reader: &Reader<'_>, service: &Service, demand: &Demand) -> DemandView {
    let state = match demand.status {
        DemandStatus::Open => Tag::new(reader.get("money.open"), Tone::Warn),
        DemandStatus::Settled => Tag::new(reader.get("money.settled"), Tone::Good),
        DemandStatus::Cancelled => Tag::new(reader.get("money.cancelled"), Tone::Neutral),
    };
    let due = (demand.status == DemandStatus::Open).then(|| when::due_day(reader.words, demand.due_on, reader.now));
    DemandView { bill: demanded(reader, service, demand), state, due }
}

/// The address of a receipt at the desk.
pub(crate) fn receipt_href(reader: &Reader<'_>, number: &str) -> String {
    format!("/{}/desk/receipts/{}", reader.tenant.id, segment(number))
}

/// A text as one part of an address.
pub(crate) fn segment(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::with_capacity(text.len() + 8), |mut segment, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            segment.push(char::from(byte));
        } else {
            let _ = write!(segment, "%{byte:02X}");
        }
        segment
    })
}

/// Whether a receipt counts.
pub(crate) fn receipt_state(reader: &Reader<'_>, receipt: &Receipt) -> Tag {
    if receipt.cancelled {
        Tag::new(reader.get("money.cancelled"), Tone::Bad)
    } else {
        Tag::new(reader.get("money.valid"), Tone::Good)
    }
}

/// A receipt in a list.
pub(crate) fn receipt_line(reader: &Reader<'_>, receipt: &Receipt) -> ReceiptLine {
    ReceiptLine {
        href: receipt_href(reader, &receipt.number),
        number: receipt.number.clone(),
        when: reader.day(receipt.on),
        mode: reader.modes(receipt),
        amount: reader.money(receipt.stands()),
        state: receipt_state(reader, receipt),
    }
}

/// What a receipt settled, and what nothing was waiting for.
pub(crate) fn settled(reader: &Reader<'_>, service: &Service, receipt: &Receipt) -> Vec<BillLine> {
    let mut settled = lines(reader, service, receipt.applied.iter().map(|(_, head, amount)| (head.clone(), *amount)));
    if !receipt.unapplied.is_zero() {
        settled.push(BillLine::new(reader.get("money.unapplied"), reader.money(receipt.unapplied)));
    }
    if !receipt.refunded.is_zero() {
        settled.push(BillLine::new(reader.get("money.refunded"), reader.money(receipt.refunded)));
    }
    settled
}

/// A voucher that would be posted: it has no number yet.
pub(crate) fn planned(reader: &Reader<'_>, service: &Service, voucher: &Voucher) -> VoucherView {
    let moved: Vec<(String, i64)> =
        voucher.lines().iter().map(|line| (line.account.clone(), line.amount.paise())).collect();
    voucher_view(reader, service, ("", voucher.kind().word(), voucher.on()), &moved)
}

/// A voucher that was posted.
pub(crate) fn posted(reader: &Reader<'_>, service: &Service, voucher: &VoucherRow) -> VoucherView {
    voucher_view(reader, service, (&voucher.number, &voucher.kind, voucher.on), &voucher.lines)
}

fn voucher_view(
    reader: &Reader<'_>,
    service: &Service,
    (number, kind, on): (&str, &str, Day),
    moved: &[(String, i64)],
) -> VoucherView {
    let line = |(account, paise): &(String, i64)| {
        let amount = Money::from_paise(paise.abs()).map(|amount| reader.money(amount)).unwrap_or_default();
        let (debit, credit) = if *paise > 0 { (amount, String::new()) } else { (String::new(), amount) };
        VoucherLine {
            account: account.clone(),
            name: reader.account(&service.chart, account).to_owned(),
            debit,
            credit,
        }
    };
    // Debits stand above credits, as in every journal.
    let (debits, credits): (Vec<_>, Vec<_>) = moved.iter().partition(|(_, paise)| *paise > 0);
    VoucherView {
        number: number.to_owned(),
        title: format!("{}, {}", reader.get(&format!("voucher.{kind}")), reader.day(on)),
        lines: debits.into_iter().chain(credits).map(line).collect(),
    }
}

/// The bill of today, if something is owed.
pub(crate) fn bill_today(reader: &Reader<'_>, service: &Service, case: &Case) -> Option<BillView> {
    let owed = engine::case::bill(service, case, reader.now.day()).ok().filter(|bill| bill.total.paise() > 0)?;
    Some(bill(reader, service, &owed))
}

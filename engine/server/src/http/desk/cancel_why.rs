//! Why a receipt is to be taken back: one of the reasons that the words of the product list, and more
//! words where that is needed.

use engine::billing::Receipt;
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input};

use super::reader::Reader;
use crate::http::ask::Ask;
use crate::http::taken_back::{self, OTHER, REASONS};
use crate::problem::Problem;

/// The reason that only a cheque or a draft can have.
const NOT_HONOURED: &str = "not_honoured";
/// Characters of what is said besides.
const LONGEST: usize = 400;

/// What is asked of whoever wants a receipt cancelled.
pub(super) fn fields(
    ask: &Ask,
    reader: &Reader<'_>,
    receipt: &Receipt,
    wrong: &str,
) -> Result<Vec<FieldView>, Problem> {
    let (why, said) = (ask.field("reason")?, ask.field("remark")?);
    let names = reader.words.keys().filter_map(|key| key.strip_prefix(REASONS));
    let mut names: Vec<String> = names.flat_map(|name| reasons(name, receipt)).collect();
    // What fits none of the others stands last.
    names.sort_by_key(|name| *name == OTHER);
    let option = |name: String| {
        let label = label(reader, &name, receipt).unwrap_or_default();
        Opt::new(name, label)
    };
    let options = names.into_iter().map(option).collect();
    let (of_why, of_said) = if label(reader, why, receipt).is_none() { (wrong, "") } else { ("", wrong) };
    let text = Text { rows: 3, max_length: u32::try_from(LONGEST).unwrap_or(0), ..Text::new(said) };
    Ok(vec![
        FieldView::new("reason", reader.get("receipt.why"), Input::Choice(Choice::one(options, why, ""))).error(of_why),
        FieldView::new("remark", reader.get("receipt.reason_more"), Input::Textarea(text)).error(of_said).optional(),
    ])
}

/// The reason as it is kept: the one that was chosen, and what was said besides. Otherwise what is missing.
pub(super) fn chosen(ask: &Ask, reader: &Reader<'_>, receipt: &Receipt) -> Result<Result<String, String>, Problem> {
    let (why, said) = (ask.field("reason")?, ask.said("remark")?.trim());
    if label(reader, why, receipt).is_none() {
        return Ok(Err(reader.get("receipt.why_missing")));
    }
    if said.chars().count() > LONGEST || (why == OTHER && said.is_empty()) {
        return Ok(Err(reader.get("receipt.reason_missing")));
    }
    let which = named(why, receipt).unwrap_or_default();
    Ok(Ok(taken_back::kept(name_of(why), &[which, said])))
}

/// The name of a reason as it is chosen, without which of several cheques it is about.
fn name_of(why: &str) -> &str {
    why.split('.').next().unwrap_or_default()
}

/// The reference of the cheque or draft that a reason is about, where it has to be told from others.
fn named<'a>(why: &str, receipt: &'a Receipt) -> Option<&'a str> {
    let place = place(why, receipt).filter(|_| name_of(why) != why)?;
    receipt.payment.parts.get(place).map(|part| part.reference.as_str())
}

/// The place of the cheque or draft that the bank did not honour, if that is the reason.
pub(super) fn dishonoured(ask: &Ask, receipt: &Receipt) -> Result<Option<usize>, Problem> {
    Ok(place(ask.field("reason")?, receipt))
}

/// A reason as it can be chosen: where a receipt has several cheques or drafts, it names which one came back.
fn reasons(name: &str, receipt: &Receipt) -> Vec<String> {
    match receipt.may_return().as_slice() {
        [] if name == NOT_HONOURED => Vec::new(),
        several if name == NOT_HONOURED && several.len() > 1 => {
            several.iter().map(|place| format!("{NOT_HONOURED}.{place}")).collect()
        }
        _ => vec![name.to_owned()],
    }
}

/// The place of the part that a reason is about: the only one that may come back, or the one it names.
fn place(why: &str, receipt: &Receipt) -> Option<usize> {
    let places = receipt.may_return();
    let named = why.strip_prefix(NOT_HONOURED)?;
    let place = match places.as_slice() {
        [only] if named.is_empty() => *only,
        _ => named.strip_prefix('.')?.parse().ok()?,
    };
    places.contains(&place).then_some(place)
}

/// A reason in words; nothing for what cannot be chosen of this receipt, as it is by now.
fn label(reader: &Reader<'_>, why: &str, receipt: &Receipt) -> Option<String> {
    let name = name_of(why);
    if !reasons(name, receipt).iter().any(|reason| reason == why) {
        return None;
    }
    let label = reader.words.find(&format!("{REASONS}{name}"))?.to_owned();
    if name == why {
        return Some(label);
    }
    Some(format!("{label}: {}", named(why, receipt)?))
}

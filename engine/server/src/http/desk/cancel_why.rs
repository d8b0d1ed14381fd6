//! Why a receipt is to be taken back: one of the reasons that the words of the product list, and more
//! words where that is needed.

use engine::billing::Payment;
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input};

use super::reader::Reader;
use crate::http::ask::Ask;
use crate::problem::Problem;

/// The words of the reasons.
const REASONS: &str = "cancel_why.";
/// The reason that says nothing by itself.
const OTHER: &str = "other";
/// The reason that only a cheque or a draft can have.
const NOT_HONOURED: &str = "not_honoured";
/// Characters of what is said besides.
const LONGEST: usize = 400;

/// What is asked of whoever wants the receipt of this payment cancelled.
pub(super) fn fields(
    ask: &Ask,
    reader: &Reader<'_>,
    payment: &Payment,
    wrong: &str,
) -> Result<Vec<FieldView>, Problem> {
    let (why, said) = (ask.field("reason")?, ask.field("remark")?);
    let mut names: Vec<&str> = reader.words.keys().filter_map(|key| key.strip_prefix(REASONS)).collect();
    names.retain(|name| *name != NOT_HONOURED || payment.may_come_back());
    // What fits none of the others stands last.
    names.sort_by_key(|name| *name == OTHER);
    let options = names.into_iter().map(|name| Opt::new(name, reader.get(&format!("{REASONS}{name}")))).collect();
    let (of_why, of_said) = if label(reader, why).is_none() { (wrong, "") } else { ("", wrong) };
    let text = Text { rows: 3, max_length: u32::try_from(LONGEST).unwrap_or(0), ..Text::new(said) };
    Ok(vec![
        FieldView::new("reason", reader.get("receipt.why"), Input::Choice(Choice::one(options, why, ""))).error(of_why),
        FieldView::new("remark", reader.get("receipt.reason_more"), Input::Textarea(text)).error(of_said).optional(),
    ])
}

/// The reason as it is kept: the one that was chosen, and what was said besides. Otherwise what is missing.
pub(super) fn chosen(ask: &Ask, reader: &Reader<'_>) -> Result<Result<String, String>, Problem> {
    let (why, said) = (ask.field("reason")?, ask.field("remark")?.trim());
    let Some(label) = label(reader, why) else { return Ok(Err(reader.get("receipt.why_missing"))) };
    if said.chars().count() > LONGEST || (why == OTHER && said.is_empty()) {
        return Ok(Err(reader.get("receipt.reason_missing")));
    }
    Ok(Ok(match (why, said) {
        (_, "") => label,
        (OTHER, said) => said.to_owned(),
        (_, said) => format!("{label}: {said}"),
    }))
}

/// Whether the bank did not honour what came with this payment.
pub(super) fn dishonoured(ask: &Ask, payment: &Payment) -> Result<bool, Problem> {
    Ok(ask.field("reason")? == NOT_HONOURED && payment.may_come_back())
}

fn label(reader: &Reader<'_>, why: &str) -> Option<String> {
    reader.words.find(&format!("{REASONS}{why}")).map(str::to_owned)
}

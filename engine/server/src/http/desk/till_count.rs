//! `/{tenant}/desk/tills/{till}/count`: whoever has a till counts it, piece by piece, before it is shown
//! what ought to be there. Of an absent owner, somebody counts who may confirm counts, and says why.

use std::collections::BTreeMap;

use engine::base::{Money, limits};
use engine::billing::{CASH, Receipt};
use engine::case::Refusal;
use engine::till::{self, Count, ModeSum, Pieces};
use ui_gen::view::field::Text;
use ui_gen::view::till::CountTill;
use ui_gen::{FieldView, Input, Page};

use super::reader::Reader;
use super::till::{SAID, by, confirms, href, typed_sum};
use super::{collect, view_till};
use crate::http::ask::{Answer, Ask};
use crate::problem::Problem;
use crate::store::Tx;
use crate::store::receipts::{self, Kept};
use crate::store::tills::{self, Counted, Instead, Till, TillState};

/// The field for why something differs.
const REASON: &str = "reason";
/// The field for why another person than the owner counts.
const ABSENT: &str = "absent";

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    /// By the name of the field.
    values: BTreeMap<String, String>,
    wrong: BTreeMap<String, String>,
}

impl Typed {
    fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }
}

fn note(worth: Money) -> String {
    format!("note_{}", worth.paise())
}

fn sum_of(mode: &str) -> String {
    format!("sum_{mode}")
}

/// A till that is to be counted: one's own, or another's whose owner is absent.
struct Drawer {
    till: Till,
    /// What ought to be in it.
    sums: Vec<ModeSum>,
    /// Whether it is the reader's.
    mine: bool,
}

impl Drawer {
    /// The till in the address: for its owner and for those who confirm counts; for everybody else there is
    /// none.
    async fn load(ask: &Ask, tx: &mut Tx) -> Result<Self, Problem> {
        let till = tills::find(tx, ask.param("till")).await?.ok_or(Problem::NotFound)?;
        let mine = till.person == ask.employee()?.id;
        if !mine && !confirms(&ask.library, ask.tenant(), ask.employee()?) {
            return Err(Problem::NotFound);
        }
        let sums = expected(&till, &receipts::of_till(tx, &till.number).await?)?;
        Ok(Self { till, sums, mine })
    }
}

/// What ought to be in a till by the receipts that stand.
pub(super) fn expected(till: &Till, receipts: &[Kept]) -> Result<Vec<ModeSum>, Problem> {
    let stand = receipts.iter().map(|kept| &kept.receipt).filter(|receipt| !receipt.cancelled);
    let taken = stand.flat_map(Receipt::by_mode);
    Ok(till::expected(till.float, taken).ok_or_else(|| anyhow::anyhow!("a till holds more than money can be"))?)
}

fn waits(till: &Till) -> bool {
    matches!(till.state, TillState::Open | TillState::Again)
}

/// `GET /{tenant}/desk/tills/{till}/count`
pub(crate) async fn show(ask: &Ask) -> Answer {
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let drawer = Drawer::load(ask, &mut tx).await?;
    drop(tx);
    if !waits(&drawer.till) {
        return ask.redirect(&href(&Reader::of(ask), &drawer.till.number));
    }
    draw(ask, &drawer, None, &Typed::default(), 200)
}

/// Some words that go with a count.
fn said(reader: &Reader<'_>, name: &str, (label, hint): (&str, &str), typed: &Typed) -> FieldView {
    let text = Text { rows: 3, max_length: u32::try_from(SAID).unwrap_or(0), ..Text::new(typed.value(name)) };
    let wrong = typed.wrong.get(name).cloned().unwrap_or_default();
    FieldView::new(name, reader.get(label), Input::Textarea(text)).hint(reader.get(hint)).error(wrong)
}

fn draw(ask: &Ask, drawer: &Drawer, counted: Option<&[ModeSum]>, typed: &Typed, status: u16) -> Answer {
    let reader = Reader::of(ask);
    let till = &drawer.till;
    let differs = counted.is_some_and(|sums| sums.iter().any(|sum| !sum.difference().is_zero()));
    let mut fields = fields(&reader, &drawer.sums, typed);
    if !drawer.mine {
        fields.insert(0, said(&reader, ABSENT, ("till.absent", "till.absent_hint"), typed));
    }
    if differs {
        fields.push(said(&reader, REASON, ("till.reason", "till.reason_hint"), typed));
    }
    let here = href(&reader, &till.number);
    let sure = counted.map(|sums| format!("?sure={}", mark(sums))).unwrap_or_default();
    let view = CountTill {
        number: till.number.clone(),
        again: if till.state == TillState::Again { till.answer.clone() } else { String::new() },
        fields,
        sums: counted.iter().flat_map(|sums| sums.iter()).map(|sum| view_till::sum(&reader, sum, true)).collect(),
        counted: true,
        action: format!("{here}/count{sure}"),
        submit: reader.get(if counted.is_some() { "till.hand_in" } else { "till.add_up" }),
        till: here.clone(),
    };
    ask.page(Page::CountTill(view)).back(here).status(status).answer()
}

fn fields(reader: &Reader<'_>, expected: &[ModeSum], typed: &Typed) -> Vec<FieldView> {
    let currency = &reader.tenant.currency;
    let money = |name: &str, label: String| {
        let text = Text { width: 10, unit: currency.symbol.clone(), ..Text::new(typed.value(name)) };
        let wrong = typed.wrong.get(name).cloned().unwrap_or_default();
        FieldView::new(name, label, Input::Money(text)).error(wrong)
    };
    let mut fields: Vec<FieldView> = Vec::new();
    for worth in &currency.denominations {
        let name = note(*worth);
        let text = Text { width: 6, ..Text::new(typed.value(&name)) };
        let label = reader.say("till.notes_of", &[("worth", &reader.money(*worth))]);
        let wrong = typed.wrong.get(&name).cloned().unwrap_or_default();
        fields.push(FieldView::new(name, label, Input::Number(text)).error(wrong).optional());
    }
    let all = if currency.denominations.is_empty() { "till.all_cash" } else { "till.coins" };
    fields.push(money("coins", reader.get(all)).optional());
    for sum in expected.iter().filter(|sum| sum.mode != CASH) {
        let label = reader.say("till.sum_of", &[("mode", &reader.mode(&sum.mode))]);
        fields.push(money(&sum_of(&sum.mode), label).hint(reader.get("till.sum_hint")));
    }
    fields
}

/// What was looked at before it is handed in.
fn mark(sums: &[ModeSum]) -> String {
    let each = sums.iter().map(|sum| format!("{}.{}", sum.expected.paise(), sum.counted.paise()));
    each.collect::<Vec<_>>().join("-")
}

/// Reads what was counted; nothing if something cannot be read.
fn read(ask: &Ask, expected: &[ModeSum], typed: &mut Typed) -> Result<Option<Count>, Problem> {
    let reader = Reader::of(ask);
    let mut count = Count::default();
    for worth in &reader.tenant.currency.denominations {
        let text = keep(ask, typed, &note(*worth))?;
        let number: Option<u32> = if text.is_empty() { Some(0) } else { collect::digits(&text).parse().ok() };
        match number.filter(|number| *number <= limits::TILL_PIECES) {
            Some(number) => count.pieces.push(Pieces { worth: *worth, number }),
            None => wrong(typed, note(*worth), reader.get("till.no_number")),
        }
    }
    let text = keep(ask, typed, "coins")?;
    match if text.is_empty() { Some(Money::ZERO) } else { typed_sum(&text) } {
        Some(coins) => count.coins = coins,
        None => wrong(typed, "coins".to_owned(), reader.get("till.no_sum")),
    }
    for sum in expected.iter().filter(|sum| sum.mode != CASH) {
        let name = sum_of(&sum.mode);
        match typed_sum(&keep(ask, typed, &name)?) {
            Some(counted) => drop(count.others.insert(sum.mode.clone(), counted)),
            None => wrong(typed, name, reader.get("till.no_sum")),
        }
    }
    Ok(typed.wrong.is_empty().then_some(count))
}

fn keep(ask: &Ask, typed: &mut Typed, name: &str) -> Result<String, Problem> {
    let text = ask.said(name)?.trim().to_owned();
    typed.values.insert(name.to_owned(), text.clone());
    Ok(text)
}

fn wrong(typed: &mut Typed, name: String, what: String) {
    typed.wrong.insert(name, what);
}

/// `POST /{tenant}/desk/tills/{till}/count`
pub(crate) async fn take(ask: &Ask) -> Answer {
    let reader = Reader::of(ask);
    let mut tx = ask.app.store.begin(&ask.tenant().id).await?;
    let drawer = Drawer::load(ask, &mut tx).await?;
    let (till, sums) = (&drawer.till, &drawer.sums);
    if !waits(till) {
        // The same button, pressed twice.
        return ask.redirect(&href(&reader, &till.number));
    }
    let mut typed = Typed::default();
    let reason = keep(ask, &mut typed, REASON)?;
    let instead = instead(ask, &drawer, &mut typed)?;
    let count = read(ask, sums, &mut typed)?;
    let (Some(count), false) = (count, ask.only_shows()) else {
        let status = if ask.only_shows() { 200 } else { 422 };
        return draw(ask, &drawer, None, &typed, status);
    };
    let Some(counted) = till::counted(sums.clone(), &count) else { return Err(Refusal::NotAnAmount.into()) };
    if ask.query("sure")? != mark(&counted) {
        // What was counted is shown beside what ought to be there before it is handed in.
        return draw(ask, &drawer, Some(&counted), &typed, 200);
    }
    let differs = counted.iter().any(|sum| !sum.difference().is_zero());
    if (differs && reason.is_empty()) || reason.chars().count() > SAID {
        wrong(&mut typed, REASON.to_owned(), reader.get("till.say_why"));
        return draw(ask, &drawer, Some(&counted), &typed, 422);
    }
    let counted = Counted { at_ms: ask.now().ms, count, sums: counted, reason, instead };
    if !tills::count(&mut tx, by(ask)?, &till.number, &counted).await? {
        return Err(Problem::Conflict);
    }
    tx.commit().await?;
    ask.redirect(&href(&reader, &till.number))
}

/// Who counts in the owner's place, with why; nobody where it is one's own till.
fn instead(ask: &Ask, drawer: &Drawer, typed: &mut Typed) -> Result<Option<Instead>, Problem> {
    if drawer.mine {
        return Ok(None);
    }
    let why = keep(ask, typed, ABSENT)?;
    if why.is_empty() || why.chars().count() > SAID {
        wrong(typed, ABSENT.to_owned(), Reader::of(ask).get("till.say_why"));
    }
    Ok(Some(Instead { person: ask.employee()?.id.clone(), why }))
}

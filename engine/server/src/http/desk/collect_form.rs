//! The form of the counter: what was typed of a payment, mode by mode, and what is wrong with it.

use engine::base::{Day, Money, limits};
use engine::billing::{CASH, Instrument, InstrumentWrong, Part, Payment, is_instrument as on_paper, needs_reference};
use engine::service::Service;
use engine::template::format::plain_money;
use ui_gen::view::choice::{Choice, Opt};
use ui_gen::view::field::{FieldView, Input, Text};

use super::collect::{digits, modes, read_day};
use super::reader::Reader;
use crate::http::ask::Ask;
use crate::problem::Problem;

/// What was typed at the counter, and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct Typed {
    /// What comes by each mode: one at least.
    pub(super) parts: Vec<TypedPart>,
    /// The field, and the words about it.
    wrong: Vec<(String, String)>,
}

/// What was typed of one mode.
#[derive(Debug, Default)]
pub(super) struct TypedPart {
    mode: String,
    amount: String,
    number: String,
    bank: String,
    dated: String,
    /// What was handed over in cash.
    tendered: String,
}

/// The name of a field of the mode at this place: the first has the plain one.
fn named(name: &str, at: usize) -> String {
    if at == 0 { name.to_owned() } else { format!("{name}_{}", at + 1) }
}

/// What is said beside the amount of the mode at this place: how much of what is owed may be taken.
fn amount_hint(reader: &Reader<'_>, service: &Service, at: usize, owed: Money) -> String {
    if at > 0 {
        return reader.get("collect.more_hint");
    }
    match service.billing.as_ref().and_then(|billing| billing.least(owed)) {
        Some(Money::ZERO) => reader.get("collect.part_hint"),
        Some(least) if least < owed => reader.say("collect.least_hint", &[("amount", &reader.money(least))]),
        _ => reader.get("collect.whole_hint"),
    }
}

/// What was typed, read as an amount.
fn read_amount(text: &str) -> Option<Money> {
    Money::parse(&digits(text)).filter(|amount| amount.paise() > 0)
}

/// What was looked at before it is confirmed: every mode, with what comes by it.
pub(super) fn mark(payment: &Payment) -> String {
    let parts = payment.parts.iter().map(|part| format!("{}.{}", part.mode, part.amount.paise()));
    parts.collect::<Vec<_>>().join("-")
}

impl Typed {
    /// As the page begins: all that is owed, in cash.
    pub(super) fn in_cash(reader: &Reader<'_>, owed: Money) -> Self {
        let amount = plain_money(owed, &reader.tenant.currency);
        let part = TypedPart { mode: CASH.to_owned(), amount, ..TypedPart::default() };
        Self { parts: vec![part], wrong: Vec::new() }
    }

    /// What was sent. A further mode of which nothing was typed is none.
    pub(super) fn read(ask: &Ask) -> Result<Self, Problem> {
        let mut parts = Vec::new();
        for at in 0..limits::PAYMENT_PARTS {
            let part = TypedPart::read(ask, at)?;
            if at == 0 || !part.is_empty() {
                parts.push(part);
            }
        }
        Ok(Self { parts, wrong: Vec::new() })
    }

    /// Whether another mode may be added.
    pub(super) fn takes_another(&self, service: &Service) -> bool {
        self.parts.len() < limits::PAYMENT_PARTS && modes(service).len() > 1
    }

    /// Adds another mode, for what the others leave of what is owed.
    pub(super) fn add(&mut self, reader: &Reader<'_>, service: &Service, owed: Money) {
        if !self.takes_another(service) {
            return;
        }
        let given = self.parts.iter().filter_map(|part| read_amount(&part.amount));
        let left = given.fold(owed, |left, amount| left - amount);
        let amount = if left.paise() > 0 { plain_money(left, &reader.tenant.currency) } else { String::new() };
        let other = |mode: &&str| self.parts.iter().all(|part| part.mode != **mode);
        let mode = modes(service).into_iter().find(other).unwrap_or(CASH).to_owned();
        self.parts.push(TypedPart { mode, amount, ..TypedPart::default() });
    }

    /// The payment as it would be taken; `None` while an amount cannot be read.
    pub(super) fn payment(&self, ask: &Ask, key: String) -> Option<Payment> {
        let parts: Option<Vec<Part>> =
            self.parts.iter().map(|part| Some(part.part(read_amount(&part.amount)?))).collect();
        Payment::of(key, ask.now().ms, parts?)
    }

    /// The same for the page that shows it first: all that is owed, where the amount of one mode cannot be read.
    pub(super) fn shown(&self, ask: &Ask, key: &str, owed: Money) -> Option<Payment> {
        self.payment(ask, key.to_owned()).or_else(|| match self.parts.as_slice() {
            [one] => Some(Payment::of_one(key.to_owned(), ask.now().ms, one.part(owed))),
            _ => None,
        })
    }

    /// What of the cash is given back.
    pub(super) fn change(&self) -> Option<Money> {
        let change = self.parts.iter().filter_map(TypedPart::change).try_fold(Money::ZERO, Money::checked_add)?;
        Some(change).filter(|change| change.paise() > 0)
    }

    /// Whether nothing wrong was found.
    pub(super) fn is_right(&self) -> bool {
        self.wrong.is_empty()
    }

    /// Says that the amount will not do: at the mode that was written last.
    pub(super) fn wrong_amount(&mut self, words: String) {
        self.wrong.push((named("amount", self.parts.len().saturating_sub(1)), words));
    }

    /// Judges what was typed: of every mode the amount, and what belongs to it.
    pub(super) fn check(&mut self, reader: &Reader<'_>, service: &Service) {
        let mut wrong = Vec::new();
        for (at, part) in self.parts.iter().enumerate() {
            part.check(reader, service, &mut |name, key| wrong.push((named(name, at), reader.get(key))));
            let written = part.names_instrument();
            let again = |other: &TypedPart| written.is_some() && other.names_instrument() == written;
            if self.parts.iter().take(at).any(again) {
                wrong.push((named("number", at), reader.get("collect.same_instrument")));
            }
        }
        self.wrong = wrong;
    }

    /// The questions, those of every mode below each other.
    pub(super) fn fields(&self, reader: &Reader<'_>, service: &Service, owed: Money) -> Vec<FieldView> {
        let error = |name: &str| {
            self.wrong.iter().find(|(wrong, _)| *wrong == name).map(|(_, text)| text.clone()).unwrap_or_default()
        };
        let of_part = |(at, part): (usize, &TypedPart)| {
            let mut fields = part.fields(reader, service, at, owed);
            for field in &mut fields {
                field.error = error(&field.name);
            }
            fields
        };
        self.parts.iter().enumerate().flat_map(of_part).collect()
    }

    /// How much several modes are short of what is owed, or beyond it, in words; nothing where they make it.
    pub(super) fn missing(reader: &Reader<'_>, payment: Option<&Payment>, owed: Money) -> String {
        let Some(payment) = payment.filter(|payment| payment.parts.len() > 1) else { return String::new() };
        let left = owed - payment.amount;
        match left.paise() {
            0 => String::new(),
            1.. => reader.say("collect.missing", &[("amount", &reader.money(left))]),
            _ => reader.say("collect.beyond", &[("amount", &reader.money(-left))]),
        }
    }
}

impl TypedPart {
    fn read(ask: &Ask, at: usize) -> Result<Self, Problem> {
        let field = |name: &str| ask.field(&named(name, at)).map(|value| value.trim().to_owned());
        Ok(Self {
            mode: field("mode")?,
            amount: field("amount")?,
            number: field("number")?,
            bank: field("bank")?,
            dated: field("dated")?,
            tendered: field("tendered")?,
        })
    }

    /// Whether nothing was typed: a mode is chosen by itself.
    fn is_empty(&self) -> bool {
        [&self.amount, &self.number, &self.bank, &self.dated, &self.tendered].iter().all(|text| text.is_empty())
    }

    /// This part of the payment.
    fn part(&self, amount: Money) -> Part {
        let reference = [&self.number, &self.bank, &self.dated]
            .map(String::as_str)
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ");
        Part { amount, mode: self.mode.clone(), reference, instrument: self.instrument() }
    }

    /// The cheque or draft, if money comes by one and its day is one.
    fn instrument(&self) -> Option<Instrument> {
        read_day(&self.dated).filter(|_| on_paper(&self.mode)).map(|dated| self.dated(dated))
    }

    /// The cheque or draft, as of this day.
    fn dated(&self, dated: Day) -> Instrument {
        Instrument { number: digits(&self.number), bank: self.bank.trim().to_uppercase(), dated }
    }

    /// By what the cheque or draft is told from others: its number and its bank.
    fn names_instrument(&self) -> Option<(String, String)> {
        self.instrument().map(|written| (written.number, written.bank)).filter(|(number, _)| !number.is_empty())
    }

    /// What of the cash is given back.
    fn change(&self) -> Option<Money> {
        let tendered = read_amount(&self.tendered).filter(|_| self.mode == CASH)?;
        let change = tendered.paise() - read_amount(&self.amount)?.paise();
        Money::from_paise(change).filter(|change| change.paise() > 0)
    }

    /// Judges the amount, and what belongs to the mode; `wrong` is told the field and the words.
    fn check(&self, reader: &Reader<'_>, service: &Service, wrong: &mut dyn FnMut(&str, &str)) {
        let (today, on_paper) = (reader.now.day(), on_paper(&self.mode));
        // Without its day, the rest of it is looked at all the same.
        let instrument = self.dated(read_day(&self.dated).unwrap_or(today)).wrong_on(today);
        if !modes(service).contains(&self.mode.as_str()) {
            wrong("mode", "collect.choose_mode");
        }
        let amount = read_amount(&self.amount);
        if amount.is_none() {
            wrong("amount", "refusal.not_an_amount");
        }
        let in_cash = self.mode == CASH && !self.tendered.is_empty();
        if in_cash && amount.is_some_and(|amount| read_amount(&self.tendered).is_none_or(|given| given < amount)) {
            wrong("tendered", "collect.tendered_less");
        }
        if needs_reference(&self.mode) && self.number.is_empty() {
            wrong("number", "collect.slip_missing");
        }
        for what in instrument.into_iter().filter(|_| on_paper) {
            match what {
                InstrumentWrong::Number => wrong("number", "collect.number_missing"),
                InstrumentWrong::Bank => wrong("bank", "collect.bank_missing"),
                InstrumentWrong::Future => wrong("dated", "collect.dated_future"),
                InstrumentWrong::Stale => wrong("dated", "collect.dated_stale"),
            }
        }
        if on_paper && read_day(&self.dated).is_none() {
            wrong("dated", "collect.dated_missing");
        }
    }

    fn fields(&self, reader: &Reader<'_>, service: &Service, at: usize, owed: Money) -> Vec<FieldView> {
        let options = modes(service).into_iter().map(|mode| Opt::new(mode, reader.mode(mode))).collect();
        let label = |name: &str| reader.get(&format!("collect.{name}"));
        let text = |name: &str, value: &str, width: u8| {
            let input = Input::Text(Text { width, max_length: 60, ..Text::new(value) });
            FieldView::new(named(name, at), label(name), input).hint(label(&format!("{name}_hint"))).optional()
        };
        let money = |name: &str, value: &str, hint: String| {
            let unit = reader.tenant.currency.symbol.clone();
            let input = Input::Money(Text { width: 10, unit, ..Text::new(value) });
            FieldView::new(named(name, at), label(name), input).hint(hint)
        };
        let mut mode =
            FieldView::new(named("mode", at), label("mode"), Input::Choice(Choice::one(options, &self.mode, "")));
        if at > 0 {
            mode.part = reader.say("collect.mode_of", &[("n", &(at + 1).to_string())]);
        }
        vec![
            mode,
            money("amount", &self.amount, amount_hint(reader, service, at, owed)),
            money("tendered", &self.tendered, label("tendered_hint")).optional(),
            text("number", &self.number, 20),
            text("bank", &self.bank, 30),
            text("dated", &self.dated, 10),
        ]
    }
}

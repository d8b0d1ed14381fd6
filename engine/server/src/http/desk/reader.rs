//! For whom a page of the desk is written: the words, the town, the time.

#![allow(clippy::unused_self, reason = "the reader decides how a day is written, even if all write it alike today")]

use engine::base::{Day, Moment, Money, Text};
use engine::billing::{Part, Receipt};
use engine::form::Style;
use engine::ledger::Chart;
use engine::template::format;
use engine::tenant::Tenant;
use engine::workflow::{End, State};
use ui_gen::Words;
use ui_gen::view::common::{Due, Tag, Tone};

use crate::http::ask::Ask;
use crate::http::when;

/// The reader of a page: everything that turns values into words.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    /// The product's words in the reader's language.
    pub(crate) words: &'a Words,
    /// The town.
    pub(crate) tenant: &'a Tenant,
    /// The present.
    pub(crate) now: Moment,
}

impl<'a> Reader<'a> {
    /// The reader of the page that was asked for.
    pub(crate) fn of(ask: &'a Ask) -> Self {
        Self { words: ask.words(), tenant: ask.tenant(), now: ask.now() }
    }

    /// A word of the product.
    pub(crate) fn get(&self, key: &str) -> String {
        self.words.get(key)
    }

    /// A sentence of the product.
    pub(crate) fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.words.say(key, values)
    }

    /// A word of a definition.
    pub(crate) fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.in_language(self.words.lang())
    }

    /// An amount with its sign.
    pub(crate) fn money(&self, amount: Money) -> String {
        format::money(amount, &self.tenant.currency)
    }

    /// An amount in words.
    pub(crate) fn in_words(&self, amount: Money) -> String {
        format::in_words(amount, self.words.lang(), &self.tenant.currency)
    }

    /// A count with its groups.
    pub(crate) fn count(&self, count: i64) -> String {
        format::number(count.into(), self.tenant.currency.indian_grouping)
    }

    /// A day.
    pub(crate) fn day(&self, day: Day) -> String {
        format::day(day)
    }

    /// The day of an instant.
    pub(crate) fn day_of(&self, ms: i64) -> String {
        format::day(self.now.with_ms(ms).day())
    }

    /// An instant with its time of day.
    pub(crate) fn moment(&self, ms: i64) -> String {
        when::moment(self.words, self.now.with_ms(ms))
    }

    /// An instant for machines.
    pub(crate) fn iso(&self, ms: i64) -> String {
        when::iso(self.now.with_ms(ms))
    }

    /// A day by which something is due, with how near it is.
    pub(crate) fn due(&self, ms: i64) -> Due {
        when::due(self.words, ms, self.now)
    }

    /// A place with the one it lies in; empty for none.
    pub(crate) fn place(&self, code: &str) -> String {
        let mut names = self.tenant.places.ancestry(code).filter(|entry| entry.depth > 0 || entry.code == code).take(2);
        let Some(first) = names.next() else { return code.to_owned() };
        let first = self.text(&first.label).to_owned();
        names.next().map_or(first.clone(), |above| format!("{first}, {}", self.text(&above.label)))
    }

    /// Where a case stands, with its colour.
    pub(crate) fn state(&self, state: &State) -> Tag {
        let tone = match state.end {
            Some(End::Granted) => Tone::Good,
            Some(End::Refused) => Tone::Bad,
            Some(End::Closed) => Tone::Neutral,
            None if state.waits_for_applicant => Tone::Warn,
            None => Tone::Info,
        };
        Tag::new(self.text(&state.label), tone)
    }

    /// How answers are shown; with `masked`, personal ones only enough to be recognised.
    pub(crate) fn style(&self, masked: bool) -> Style<'a> {
        let word = |key: &str| self.words.find(key).unwrap_or_default();
        Style {
            language: self.words.lang(),
            currency: &self.tenant.currency,
            places: &self.tenant.places,
            yes_no: (word("field.yes"), word("field.no")),
            masked,
        }
    }

    /// The name of an account; its code where it has none.
    pub(crate) fn account<'c>(&self, chart: &'c Chart, code: &'c str) -> &'c str {
        chart.accounts.get(code).map_or(code, |name| self.text(name))
    }

    /// The modes of what stands of a receipt in words, each once.
    pub(crate) fn modes(&self, receipt: &Receipt) -> String {
        receipt.modes().into_iter().map(|mode| self.mode(mode)).collect::<Vec<_>>().join(", ")
    }

    /// What came by each mode, where money came by more than one: a line for each part, with whether it came back.
    pub(crate) fn parts(&self, receipt: &Receipt) -> Vec<String> {
        let line = |(at, part): (usize, &Part)| {
            let returned = if receipt.returned.contains(&at) { self.get("receipt.returned") } else { String::new() };
            let told = [self.mode(&part.mode), self.money(part.amount), part.reference.clone(), returned];
            told.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
        };
        let parts = &receipt.payment.parts;
        parts.iter().enumerate().filter(|_| parts.len() > 1).map(line).collect()
    }

    /// A mode of payment in words.
    pub(crate) fn mode(&self, mode: &str) -> String {
        let key = format!("mode.{mode}");
        self.words.find(&key).map_or_else(|| mode.replace('_', " "), str::to_owned)
    }
}
